"""Risk heatmap: where the KPIs themselves show risk, and why."""

import streamlit as st

from analytics.performance.change import period_pair
from analytics.performance.report_request import ReportRequest
from analytics.risk.heatmap import RULE_TEXT
from pages.components import data
from pages.components.heatmap_view import draw_heatmap, heatmap_legend, reasons
from pages.components.parts import heading, no_data, plot, section
from pages.components.report_view import compared_words
from pages.components.state import choose, one, open_view
from pages.components.tables import VENDORS, pager
from pages.components.text import text

view = open_view(one("cell_vendor"), one("cell_kpi"), one("grid_page", "1"))
settings = data.settings()
request = ReportRequest(view.period, settings.heatmap_kpis, view.comparison, view.filters, reporting_currency=settings.reporting_currency)
drawn = data.ask(draw_heatmap, request, settings.contract_kpis, data.mode())

if drawn.rated:
    against = compared_words(data.ask(period_pair, request), "trend against")
    heading("Risk heatmap", view.period.label, against, view.filters.words, data.incomplete_words(view.period), sentence=drawn.sentence)
    section("Risk shown by the KPIs", heatmap_legend(drawn.blanks))
    page = pager("grid_page", view.one("grid_page"), len(drawn.figures), VENDORS, "worst first")
    plot(
        drawn.figures[page], "heatmap", "Vendors and KPIs by risk level; the reasons of a cell are listed beneath",
        lambda cell: choose(cell_vendor=cell[0], cell_kpi=cell[1]),
    )  # fmt: skip
    reasons(drawn.frame, view.one("cell_vendor"), view.one("cell_kpi"), view)
    st.markdown(f":gray[:small[{text(RULE_TEXT)}]]")
else:
    heading("Risk heatmap", view.period.label, view.filters.words, sentence=drawn.sentence)
    no_data(view, zeros=drawn.zeros)
