"""Streamlit pieces shared by pages: link, filter bar, cached queries, cards, tables, downloads."""
