"""Risk heatmap: where the KPIs themselves show risk, and why."""

import streamlit as st

from analytics.charts.grid import page_count
from analytics.charts.risk_heatmap import risk_heatmap
from analytics.performance.report import ReportRequest, report_frame
from analytics.risk.heatmap import RULE_TEXT, heatmap_verdict, of_measured_kpis, risk_heatmap_frame
from pages.components import data
from pages.components.heatmap_view import heatmap_legend, reasons
from pages.components.parts import heading, no_data, plot, section
from pages.components.report_view import pager
from pages.components.state import choose, one, open_view
from pages.components.text import text

view = open_view(one("cell_vendor"), one("cell_kpi"), one("grid_page", "1"))
settings = data.settings()
request = ReportRequest(view.period, settings.heatmap_kpis, view.comparison, view.filters, reporting_currency=settings.reporting_currency)
frame = of_measured_kpis(risk_heatmap_frame(data.ask(report_frame, request)))

if frame["level"].notna().any():
    against = f"trend against {view.compared_with.label}"
    verdict = heatmap_verdict(frame, view.period)
    heading("Risk heatmap", view.period.label, against, view.filters.words, data.incomplete_words(view.period), sentence=verdict)
    section("Risk shown by the KPIs", heatmap_legend())
    page = pager(view.one("grid_page"), page_count(frame))
    plot(
        risk_heatmap(frame, data.mode(), page=page), "heatmap", "Vendors and KPIs by risk level; the reasons of a cell are listed beneath",
        lambda cell: choose(cell_vendor=cell[0], cell_kpi=cell[1]),
    )  # fmt: skip
    reasons(frame, view.one("cell_vendor"), view.one("cell_kpi"), view)
    st.markdown(f":gray[:small[{text(RULE_TEXT)}]]")
else:
    heading("Risk heatmap", view.period.label, view.filters.words, sentence=f"No data for {view.period.label} with these filters.")
    no_data(view)
