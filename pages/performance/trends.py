"""Trends: one KPI over time, against its dated target and its own normal variation."""

import streamlit as st

from analytics.catalogue import KPIS, find_kpi
from analytics.periods import Grain
from pages.components import data
from pages.components.notes_view import entries_section
from pages.components.origin_view import ICON, TITLE, WHY, why_choices
from pages.components.parts import download_csv, empty_state, heading, no_data, section
from pages.components.state import choose, go_to, one, open_view
from pages.components.trend_options import OPTION_KEYS, request_of
from pages.components.trend_view import (
    ask_about,
    chart,
    controls,
    draw_trend,
    event_asked,
    lines_control,
    multiples,
    notes_asked,
    numbers_table,
    shown_range,
)

view = open_view(
    one("kpi", data.settings().shown_kpis[0], KPIS),
    one("grain", Grain.MONTH, Grain),
    one("from"),
    one("to"),
    one("show", "total", ("total", "vendors")),
    one("notes"),
    *OPTION_KEYS,
)
kpi, grain = find_kpi(view.one("kpi")), Grain(view.one("grain"))
request = request_of(view, *shown_range(view, grain))
drawn = data.ask(draw_trend, request, data.mode())

with heading("Trends", drawn.title, drawn.range_words, drawn.departure, sentence=drawn.sentence):
    controls()
if drawn.measured:
    by_vendor = lines_control(drawn, view, request)
    chart(drawn, by_vendor, request)
    entries_section(drawn.entries, view.one("notes"), notes_asked(drawn, request), event_asked(drawn, request))
    multiples(drawn, bool(view.filters.vendor))
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        section("The numbers behind it", ":gray[:small[Click a number for where it comes from.]]")
        st.button(TITLE, type="tertiary", icon=ICON, on_click=ask_about, args=(drawn, request))
        download_csv(drawn.download, f"trend-{kpi.id}-{grain}.csv")
    numbers_table(drawn, request)
    with st.container(horizontal=True, gap="small"):
        st.button(WHY, type="tertiary", on_click=go_to, args=("variance",), kwargs=why_choices(kpi.id, view.filters))
        st.button("Definition of this KPI", type="tertiary", on_click=go_to, args=("definitions",), kwargs={"kpi": kpi.id})
elif drawn.remark:
    empty_state(
        f"No {kpi.label.lower()} to show by {grain}", f"{view.filters.words}: {drawn.remark}.", "Show months", choose, grain="month"
    )
else:
    no_data(view, kpi.label.lower(), zeros=drawn.zeros)
