"""Vendor comparison: who is really better or worse, on the same work, by how much, and who cannot be told apart."""

import streamlit as st

from analytics.catalogue import KPIS, find_kpi
from pages.components import data
from pages.components.choices import kpi_control
from pages.components.comparison_more import overview, pair, rankable, sites
from pages.components.comparison_view import (
    MIXES,
    chart,
    controls,
    draw_comparison,
    nothing,
    numbers_table,
    page_number,
    request_of,
    ways_on,
    window_shown,
)
from pages.components.parts import heading
from pages.components.state import one, open_view

view = open_view(
    one("kpi", data.settings().shown_kpis[0], KPIS),
    one("mix", "common", MIXES),
    one("over", "year", ("year", "period")),
    one("first", "cost_per_resolution", rankable()),
    one("second", "first_contact_resolution", rankable()),
    one("table_page", "1"),
    one("grid_page", "1"),
    one("site_page", "1"),
)
kpi = find_kpi(view.one("kpi"))
drawn = data.ask(draw_comparison, request_of(view, kpi.id), data.mode(), page_number(view.one("table_page")))

with heading("Vendor comparison", kpi.label, window_shown(view).label, view.filters.words, sentence=drawn.sentence):
    kpi_control()
controls(view)
side, beside = st.columns(2, gap="large")
with side:
    if drawn.figure is None:
        nothing(drawn, view)
    else:
        chart(drawn, view)
        st.markdown(drawn.notes)
        ways_on(drawn, view)
with beside:
    overview(view)
if drawn.figure is not None:
    numbers_table(drawn, view)
    by_two, by_size = st.columns(2, gap="large")
    with by_two:
        pair(view)
    with by_size:
        sites(view)
