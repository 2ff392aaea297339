"""The risk heatmap as it is drawn, made once per warehouse version, filters and mode; and the reasons behind its cells."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import streamlit as st

from analytics.asking import Reader
from analytics.catalogue import find_kpi
from analytics.charts.grid import page_count
from analytics.charts.images import band_image, mark_image
from analytics.charts.risk_heatmap import risk_heatmap
from analytics.charts.theme import Mode
from analytics.performance.report import measured_report
from analytics.performance.report_request import ReportRequest
from analytics.performance.verdict import nothing_sentence
from analytics.performance.words import nothing_to_divide
from analytics.risk.heatmap import heatmap_verdict, kpis_to_rate, left_out_words, not_rated_words, of_rated_kpis, risk_heatmap_frame
from analytics.settings import RISK_BAND_NAMES
from analytics.warehouse import Scope
from pages.components import data
from pages.components.origin_view import origin_button
from pages.components.parts import section
from pages.components.report_view import DrawnOnce
from pages.components.state import View, choose, go_to
from pages.components.text import text

REASONS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class HeatmapDrawing:
    """All the page shows: the cells, the sentence, what is left blank, the figure of each page of vendors from 1."""

    frame: pd.DataFrame
    rated: bool
    zeros: bool
    sentence: str
    blanks: str
    figures: Mapping[Any, Any]


def draw_heatmap(store: Reader, scope: Scope, request: ReportRequest, contract_kpis: tuple[str, ...], mode: Mode) -> HeatmapDrawing:
    """The heatmap of a report's request, and of every other KPI with a target, in one mode."""
    asked = replace(request, kpis=kpis_to_rate(store, scope, request.kpis))
    report = measured_report(store, scope, asked, contract_kpis)
    cells = risk_heatmap_frame(report.frame, report.months)
    frame = of_rated_kpis(cells)
    pages = tuple(range(1, page_count(frame) + 1)) if len(frame) else ()
    return HeatmapDrawing(
        frame=frame,
        rated=bool(len(frame)),
        zeros=nothing_to_divide(report.frame),
        sentence=heatmap_verdict(frame, request.period) if len(frame) else nothing_sentence(report.frame, request.period),
        blanks=_blanks(frame, left_out_words(cells), report.unmeasured),
        figures=DrawnOnce(pages, lambda page: risk_heatmap(frame, mode, page=page)),
    )


def _blanks(frame: pd.DataFrame, left_out: str, unmeasured: tuple[str, ...]) -> str:
    """What has no level, counted apart; then the KPIs without a row: those that cannot have a level, those no vendor was measured on."""
    labels = ", ".join(find_kpi(kpi).label for kpi in unmeasured)
    parts = (not_rated_words(frame), left_out, f"No vendor was measured on: {labels}" if labels else "")
    return " ".join(f"{part}." for part in parts if part)


def heatmap_legend(blanks: str) -> str:
    """The bands of the heatmap, its second lines, its blanks and what a click does."""
    shown = [f"{band_image(level, data.mode())} {name}" for level, name in enumerate(RISK_BAND_NAMES)]
    shown += [f"{mark_image('not measured', 'not measured', data.mode())} {text(blanks)}"] if blanks else []
    return f":small[{' '.join(shown)} :gray[· worse, better: where it is heading · click a cell for its reasons]]"


def reasons(frame: pd.DataFrame, vendor: str, kpi: str, view: View) -> None:
    """The clicked cell's reasons; without a click those of the highest levels."""
    chosen = frame[(frame["vendor"] == vendor) & (frame["kpi"] == kpi)]
    if len(chosen):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
            section("Why this cell")
            st.button("Show the highest", type="tertiary", on_click=choose, kwargs={"cell_vendor": "", "cell_kpi": ""})
    else:
        section("The highest, and why")
        chosen = frame.dropna(subset="level").sort_values(["level", "points"], ascending=False, kind="stable").head(REASONS_SHOWN)
    for row in chosen.to_dict("records"):
        _reason(row, view)


def _reason(row: dict, view: View) -> None:
    vendor, kpi = row["vendor"], row["kpi"]
    with st.container(border=True, gap="xsmall"):
        mark = f"{band_image(int(row['level']), data.mode())} " if row["level"] == row["level"] else ""
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"{mark}**{row['level_text']}** · {text(vendor)} · {text(find_kpi(kpi).label)}", width="content")
            with st.container(horizontal=True, width="content", gap="small"):
                st.button(
                    "Trend", key=f"trend-{vendor}-{kpi}", type="tertiary", on_click=go_to, args=("trends",),
                    kwargs={"vendor": [vendor], "kpi": kpi},
                )  # fmt: skip
                origin_button("reason", kpi, view.period, view.filters, vendor, "Where from")
                st.button(
                    "Profile", key=f"profile-{vendor}-{kpi}", type="tertiary", on_click=go_to, args=("vendor_profile",),
                    kwargs={"profile": vendor}, help=text(f"All about {vendor}"),
                )  # fmt: skip
        lines = [text(line) for line in row["reason"].split("\n")]
        st.markdown(":small[" + "]  \n:small[".join([*lines, f":gray[{text(row['coverage'])}]"]) + "]")
