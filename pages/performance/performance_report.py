"""Performance report: did the vendors meet the contract in this period?"""

import streamlit as st

from analytics.charts.grid import page_count
from analytics.charts.status_grid import status_grid
from analytics.performance.report import ReportRequest, download_frame, monthly_signals, report_frame
from analytics.performance.verdict import report_verdict
from pages.components import data
from pages.components.parts import cards, download_csv, empty_state, heading, plot, section
from pages.components.report_view import ALL, grid_legend, kpi_cards, page_of_grid, report_rows, scope_rows, scopes
from pages.components.state import go_to, one, open_view

TITLE = "Performance report"
view = open_view(one("scope", ALL), one("grid_page", "1"))
settings = data.settings()
request = ReportRequest(view.period, settings.shown_kpis, view.comparison, view.filters)
report = data.ask(report_frame, request)
months = data.ask(monthly_signals, request)
newest = data.newest_day()

if report["value"].notna().any():
    compared = f"compared with {view.compared_with.label}"
    verdict = report_verdict(report, view.period, settings.contract_kpis)
    heading(TITLE, view.period.label, compared, view.filters.words, data.incomplete_words(view.period), sentence=verdict)
    cards(kpi_cards(report, months, settings.contract_kpis))
    section("Vendors against target", grid_legend())
    page = page_of_grid(view.one("grid_page"), page_count(report))
    plot(
        status_grid(report, data.mode(), page=page),
        "grid",
        "Vendors and KPIs against target; every cell is in the report below",
        lambda cell: go_to("trends", kpi=cell[1], **({"vendor": cell[0]} if cell[0] else {})),
    )
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        section("Report")
        download_csv(download_frame(report), f"performance-report-{view.period.id}.csv")
    chosen = scopes(report, view.one("scope"))
    report_rows(scope_rows(report, chosen), scope_rows(months, chosen))
else:
    heading(TITLE, view.period.label, view.filters.words, sentence=f"No data for {view.period.label} with these filters.")
    empty_state(
        f"No data for {view.period.label}", f"{view.filters.words}; the newest data is of {newest}.", "Upload a file", go_to, page="upload"
    )
