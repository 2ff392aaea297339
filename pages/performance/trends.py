"""Trends: one KPI over time, against its dated target and its own normal variation."""

import streamlit as st

from analytics.catalogue import KPIS, find_kpi
from analytics.performance.trends import TrendRequest, trend_events, trend_frame, trend_verdict, vendor_trends
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
request = TrendRequest(kpi.id, grain, start, end, view.filters, view.fiscal_start)
series = data.ask(trend_frame, request)
vendors = data.ask(vendor_trends, request)
events = data.ask(trend_events, request)

sentence = trend_verdict(series, events, grain, view.fiscal_start) if len(series) else f"No data for {kpi.label} with these filters."
with heading("Trends", series_title(kpi, view.filters), f"{grain.adverb}, {range_words(series, start, end)}", sentence=sentence):
    controls()
if series["value"].notna().any():
    by_vendor = signal_line(series, vendors, view)
    chart(series, vendors if by_vendor else None, kpi, events)
    method_line(kpi, series)
    multiples(vendors, kpi, grain, view)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        section("The numbers behind it")
        download_csv(numbers_frame(series, vendors), f"trend-{kpi.id}-{grain}.csv")
    numbers_table(series)
    st.button("Definition of this KPI", type="tertiary", on_click=go_to, args=("definitions",), kwargs={"kpi": kpi.id})
else:
    remark = next((remark for remark in series["remark"] if remark), "")
    reason = f"{view.filters.words}: {remark}." if remark else f"{view.filters.words}; the newest data is of {data.newest_day()}."
    empty_state(f"No {kpi.label.lower()} to show by {grain}", reason, "Show months", go_to, page="trends", grain="month")
