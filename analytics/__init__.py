"""Everything that computes. Nothing in here imports streamlit, so it runs in a notebook or a cron job."""
