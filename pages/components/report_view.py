"""The performance report on screen: cards, legends, the table of one scope."""

from collections.abc import Iterable, Sequence

import pandas as pd
import streamlit as st

from analytics.catalogue import Comparator, find_kpi
from analytics.charts.marks import (
    assurance_alt,
    assurance_icon,
    markdown_image,
    sparkline,
    sparkline_alt,
    status_alt,
    status_mark,
    variation_alt,
    variation_icon,
)
from analytics.performance.report import SPARKLINE_MONTHS
from analytics.performance.variance import Status
from pages.components import data
from pages.components.parts import Card, Column, row_table
from pages.components.state import choose
from pages.components.text import status_words, target_words, text

ALL, ALL_VENDORS = "all", "All vendors"
MOST_SEGMENTS = 8
REPORTED_WORDS = "italic: reported by the vendor, in no total"
REPORT_COLUMNS = (
    Column("KPI", 212),
    Column("Target", 118),
    Column("Actual", 78),
    Column("Variance", 140),
    Column("Status", 122),
    Column("Trend, 13 months, and signal", 230),
)


def kpi_cards(report: pd.DataFrame, months: pd.DataFrame, kpis: Sequence[str]) -> Iterable[Card]:
    """One card per KPI of the portfolio: value, verdict, target with coverage, 13 months and the two icons."""
    rows = {row["kpi"]: row for row in report[report["vendor"].isna()].to_dict("records")}
    for kpi in kpis:
        row = rows[kpi]
        series = _series(months[months["vendor"].isna()], kpi)
        svg, alt = _sparkline(series, row)
        yield Card(find_kpi(kpi).label, row["value_text"], _verdict(row), _target(row), svg, alt, _icons(series, kpi))


def _verdict(row: dict) -> str:
    variance = "" if row["variance_text"] == "-" else f" {text(row['variance_text'])}"
    return status_words(row["status"], row["status_text"], data.mode(), bold=True) + variance


def _target(row: dict) -> str:
    """'target >= 80 % · 4 of 5 vendors': what it is held against, and how much of the whole it speaks for."""
    target = "no target" if row["target_text"] == "-" else f"target {target_words(row['target_text'])}"
    return f":gray[{target.split(' ')[0]}] {target.partition(' ')[2]} :gray[· {text(row['coverage'].split(',')[0])}]"


def _series(months: pd.DataFrame, kpi: str) -> pd.DataFrame:
    return months[months["kpi"] == kpi].sort_values("period")


def _sparkline(series: pd.DataFrame, row: dict) -> tuple[str, str]:
    """The last 13 months as SVG with their words; a band has two target lines."""
    shown = series.tail(SPARKLINE_MONTHS)
    band = row["comparator"] == Comparator.BAND
    targets = [shown[name].tolist() for name in (("lower", "upper") if band else ("target",))]
    values = shown["value"].tolist()
    return sparkline(values, targets, row["status"], data.mode()), sparkline_alt(values, row["status_text"])


def _icons(series: pd.DataFrame, kpi: str) -> str:
    """Variation and assurance of the newest month, as images with their words."""
    whole = series[series["complete"] & series["value"].notna()]
    if whole.empty:
        return ""
    newest, mode, better = whole.iloc[-1], data.mode(), find_kpi(kpi).better_sign
    trial = bool(newest["trial_limits"])
    icons = [
        markdown_image(variation_icon(newest["signal"], better, mode, trial=trial), variation_alt(newest["signal"], better, trial=trial))
    ]
    if newest["assurance"]:
        icons.append(
            markdown_image(assurance_icon(newest["assurance"], mode, trial=trial), assurance_alt(newest["assurance"], trial=trial))
        )
    return " ".join(icons)


def grid_legend() -> str:
    """The marks of the grid and what its second line is."""
    shown = (Status.MET, Status.BELOW_EXPECTED, Status.MISSED, Status.NOT_MEASURED)
    marks = " ".join(f"{markdown_image(status_mark(status, data.mode()), status_alt(status))} {status}" for status in shown)
    return f":small[{marks} :gray[· lower line: variance from target · {REPORTED_WORDS} · click a cell for its trend]]"


def page_of_grid(asked: str, pages: int) -> int:
    """The page of the grid to show; with more than one a pager is drawn and kept in the link."""
    page = min(max(int(asked) if asked.isdecimal() else 1, 1), pages)
    if pages > 1:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.button("Previous vendors", disabled=page == 1, on_click=choose, kwargs={"grid_page": str(page - 1)})
            st.markdown(f":gray[page {page} of {pages}, worst first]", width="content")
            st.button("Next vendors", disabled=page == pages, on_click=choose, kwargs={"grid_page": str(page + 1)})
    return page


def scopes(report: pd.DataFrame, asked: str) -> str:
    """The control that says whose rows the table shows; returns ALL or the vendor."""
    vendors = list(dict.fromkeys(report["vendor"].dropna()))
    options = [ALL, *vendors]
    if asked not in options:
        st.warning(text(f"The link asks for the vendor {asked}, which is not shown here."))
        st.session_state["scope"] = ALL
    control = st.segmented_control if len(vendors) <= MOST_SEGMENTS else st.selectbox
    words = {ALL: ALL_VENDORS}
    return control("Scope", options, format_func=lambda vendor: words.get(vendor, vendor), key="scope", label_visibility="collapsed") or ALL


def scope_rows(frame: pd.DataFrame, vendor: str) -> pd.DataFrame:
    """The rows of one scope."""
    return frame[frame["vendor"].isna()] if vendor == ALL else frame[frame["vendor"] == vendor]


def report_rows(report: pd.DataFrame, months: pd.DataFrame) -> None:
    """The report table of one scope, and under it what its numbers cover and what the icons mean."""
    row_table(REPORT_COLUMNS, (_cells(row, _series(months, row["kpi"])) for row in report.to_dict("records")))
    st.markdown(f":small[:gray[{text(coverage_words(report))}]]")
    st.markdown(f":small[{_icon_legend()}]")


def _cells(row: dict, series: pd.DataFrame) -> Sequence[str]:
    svg, alt = _sparkline(series, row)
    months_met = f"  \n:small[:gray[{row['months_met']}]]" if row["months_met"] else ""
    return (
        text(find_kpi(row["kpi"]).label),
        target_words(row["target_text"]),
        f"**{text(row['value_text'])}**",
        text(row["variance_text"]),
        status_words(row["status"], row["status_text"], data.mode()) + months_met,
        f"{markdown_image(svg, alt)} {_icons(series, row['kpi'])}",
    )


def coverage_words(report: pd.DataFrame) -> str:
    """'Coverage: 4 of 5 vendors, 3 of 3 months; quality score 3 of 5 vendors ...': the common one first, then who differs."""
    common = report["coverage"].mode().iat[0]
    parts = [f"Coverage: {common}"]
    for coverage, rows in report[report["coverage"] != common].groupby("coverage", sort=False):
        labels = ", ".join(find_kpi(kpi).label for kpi in rows["kpi"])
        parts.append(f"{labels}: {coverage}")
    remarks = [f"{find_kpi(kpi).label}: {remark}" for kpi, remark in zip(report["kpi"], report["remark"], strict=True) if remark]
    return ". ".join([*parts, *remarks]) + "."


def _icon_legend() -> str:
    """One line that explains both families of icons."""
    mode = data.mode()
    variation = (("none", "normal variation"), ("improvement", "improvement"), ("concern", "concern"))
    assurance = (("pass", "will meet the target"), ("hit_or_miss", "hit or miss"), ("fail", "will fail it"))
    shown = [f"{markdown_image(variation_icon(signal, 1, mode), variation_alt(signal, 1))} {words}" for signal, words in variation]
    shown += [f"{markdown_image(assurance_icon(name, mode), assurance_alt(name))} {words}" for name, words in assurance]
    return " ".join(shown) + " :gray[· from the monthly series that ends in this period; dashed: fewer than 13 months]"
