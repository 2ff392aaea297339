"""Batches and quality: is the data all there, where did it come from, what did it change, and how to take it out again."""

import streamlit as st

from analytics.filters import Filters
from analytics.wording import counted
from pages.components import data
from pages.components.batches_view import batch_section, batches_section, changes_section, restated_section, stored
from pages.components.parts import empty_state, heading
from pages.components.quality_view import cell_section, coverage_section, draw_quality, freshness_section
from pages.components.state import go_to, one, open_view

TITLE = "Batches and quality"
view = open_view(one("cell_vendor"), one("cell_month"), one("months", "1"), one("vendors", "1"), one("batch"), one("batches", "1"))

if not data.has_store():
    heading(TITLE, "no warehouse yet", sentence="Nothing has been loaded yet.")
    empty_state("There is no data yet", "Load a file, or build the sample: python -m analytics demo", "Upload a file", go_to, page="upload")
    st.stop()
batches = stored()
loaded = counted(len(batches), "batch", "batches")
drawn = data.ask(draw_quality, view.filters.vendor)
if drawn is None:
    heading(TITLE, loaded, sentence="Nothing that was loaded counts for these vendors.")
    empty_state("No numbers", f"{view.filters.words}: no row of a vendor counts.", "Upload a file", go_to, page="upload")
else:
    heading(TITLE, loaded, f"data to {data.newest_day()}", Filters(vendor=view.filters.vendor).words, sentence=drawn.sentence)
    coverage_section(view, drawn)
    cell_section(view, drawn)
    freshness_section(drawn)
batches_section(view, batches)
batch_section(view, batches)
restated_section()
changes_section()
