"""Trends: one KPI over time, against its dated target and its own normal variation."""

import streamlit as st

from analytics.catalogue import KPIS, find_kpi
from analytics.performance.trends import TrendRequest, of_vendor, trend_events, trend_frame, trend_verdict
from analytics.periods import Grain
from pages.components import data
from pages.components.parts import download_csv, empty_state, heading, section
from pages.components.state import go_to, one, open_view
from pages.components.trend_view import (
    chart,
    controls,
    method_line,
    multiples,
    numbers_frame,
    numbers_table,
    range_words,
    series_title,
    shown_range,
    signal_line,
)

view = open_view(
    one("kpi", data.settings().shown_kpis[0], KPIS),
    one("grain", Grain.MONTH, Grain),
    one("from"),
    one("to"),
    one("show", "total", ("total", "vendors")),
)
kpi, grain = find_kpi(view.one("kpi")), Grain(view.one("grain"))
start, end = shown_range(view, grain)
request = TrendRequest(kpi.id, grain, start, end, view.filters, True, view.fiscal_start)
frame = data.ask(trend_frame, request)
events = data.ask(trend_events, request)
series = of_vendor(frame, None)

sentence = trend_verdict(series, events, grain, view.fiscal_start) if len(series) else f"No data for {kpi.label} with these filters."
with heading("Trends", series_title(kpi, view.filters), f"{grain.adverb}, {range_words(frame, start, end)}", sentence=sentence):
    controls()
if frame["value"].notna().any():
    signal_line(series)
    chart(frame, series, kpi, events, view)
    method_line(kpi, series)
    multiples(frame, kpi, grain, view)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        section("The numbers behind it")
        download_csv(numbers_frame(frame), f"trend-{kpi.id}-{grain}.csv")
    numbers_table(series)
    st.button("Definition of this KPI", type="tertiary", on_click=go_to, args=("definitions",), kwargs={"kpi": kpi.id})
else:
    remark = next((remark for remark in frame["remark"] if remark), "")
    reason = f"{view.filters.words}: {remark}." if remark else f"{view.filters.words}; the newest data is of {data.newest_day()}."
    empty_state(f"No {kpi.label.lower()} to show by {grain}", reason, "Show months", go_to, page="trends", grain="month")
