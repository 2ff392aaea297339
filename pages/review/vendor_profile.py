"""Vendor profile: one vendor on one page, from its verdict to the state of its data."""

from dataclasses import replace

import streamlit as st

from analytics.options import filter_options
from analytics.performance.change import period_pair
from analytics.performance.report_request import ReportRequest
from pages.components import data
from pages.components.parts import heading, no_data
from pages.components.profile_records import actions, data_state, events, notes, risks
from pages.components.profile_view import (
    draw_profile,
    findings,
    kpi_table,
    multiples,
    nothing,
    offered,
    shown_vendor,
    status_cards,
    vendor_control,
)
from pages.components.report_view import compared_words
from pages.components.state import one, open_view
from pages.components.watermelon_view import finding

TITLE = "Vendor profile"
view = open_view(one("profile"))
vendors, settings, period = offered(data.ask(filter_options)["vendor"], view), data.settings(), view.period

if vendors:
    vendor = shown_vendor(vendors, view.one("profile"))
    filters = replace(view.filters, vendor=(vendor,))
    request = ReportRequest(period, settings.heatmap_kpis, view.comparison, filters, reporting_currency=settings.reporting_currency)
    drawn = data.ask(draw_profile, request, vendor, settings, data.mode())
    compared, rest = compared_words(data.ask(period_pair, request)), filters.words.removeprefix(f"{vendor} · ")
    with heading(TITLE, vendor, period.label, compared, rest, data.incomplete_words(period), sentence=drawn.sentence):
        vendor_control(vendors, vendor)
    if drawn.measured:
        finding(drawn.watermelon)
        status_cards(drawn, view)
        findings(drawn, view)
        multiples(drawn)
    else:
        nothing(drawn, view)
    left, right = st.columns(2, gap="large")
    with left:
        actions(drawn.profile)
        risks(drawn.profile, view)
        data_state(drawn.profile, view)
    with right:
        events(drawn.profile)
        notes(drawn.profile)
    if drawn.measured:
        kpi_table(drawn, view)
else:
    heading(TITLE, period.label, view.filters.words, sentence=f"No data for {period.label} with these filters.")
    no_data(view)
