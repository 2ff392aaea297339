"""Performance report: did the vendors meet the contract in this period?"""

import streamlit as st

from analytics.performance.report import ReportRequest
from pages.components import data
from pages.components.origin_view import origin_button
from pages.components.parts import cards, download_csv, heading, no_data, plot, section
from pages.components.report_view import ALL, draw_report, report_kpis, scope_of, scope_table
from pages.components.state import go_to, one, open_view
from pages.components.tables import VENDORS, pager
from pages.components.watermelon_view import attention

TITLE = "Performance report"
view = open_view(one("scope", ALL), one("grid_page", "1"))
settings = data.settings()
request = ReportRequest(view.period, report_kpis(settings), view.comparison, view.filters, reporting_currency=settings.reporting_currency)
drawn = data.ask(draw_report, request, settings.contract_kpis, data.mode())

if drawn.measured:
    heading(TITLE, view.period.label, drawn.compared, view.filters.words, data.incomplete_words(view.period), sentence=drawn.verdict)
    attention(view, settings)
    cards(drawn.cards, lambda kpi: origin_button("card", kpi, view.period, view.filters))
    section("Vendors against target", drawn.grid_legend)
    page = pager("grid_page", view.one("grid_page"), len(drawn.grids), VENDORS, "worst first")
    plot(
        drawn.grids[page],
        "grid",
        "Vendors and KPIs against target; every cell is in the report below",
        lambda cell: go_to("trends", kpi=cell[1], **({"vendor": cell[0]} if cell[0] else {})),
    )
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        section("Report")
        download_csv(drawn.download, f"performance-report-{view.period.id}.csv")
    scope_table(drawn, scope_of(drawn, view.one("scope")), view)
else:
    heading(TITLE, view.period.label, view.filters.words, sentence=drawn.verdict)
    no_data(view, zeros=drawn.zeros)
