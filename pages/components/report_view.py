"""The performance report as it is drawn: everything made once per warehouse version, filters and mode, then only shown."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from analytics.asking import Reader
from analytics.catalogue import Comparator, find_kpi
from analytics.charts.grid import page_count
from analytics.charts.images import assurance_image, data_uri, sparkline_image, status_image, variation_image
from analytics.charts.marks import sparkline, sparkline_alt
from analytics.charts.status_grid import status_grid
from analytics.charts.theme import Mode
from analytics.performance.change import compared_words, period_pair
from analytics.performance.report import SPARKLINE_MONTHS, Report, ReportRequest, download_frame, measured_report
from analytics.performance.target_changes import changes_in_words
from analytics.performance.targets import DEFAULT_BASIS
from analytics.performance.two_questions import CHANGED, RELIABLE
from analytics.performance.variance import Status
from analytics.performance.verdict import nothing_sentence, report_verdict
from analytics.performance.words import coverage_words, nothing_to_divide
from analytics.review.facts import MANDATORY_KPIS
from analytics.settings import Settings
from analytics.warehouse import Scope
from pages.components.parts import Card, Column, row_table
from pages.components.row_menu import row_menus
from pages.components.state import View
from pages.components.text import status_words, target_words, text

Drawn = TypeVar("Drawn")

ALL, ALL_VENDORS = "all", "All vendors"
MOST_SEGMENTS = 8
MOST_CARDS = 4
REPORTED_WORDS = "italic: reported by the vendor, in no total"
REPORT_COLUMNS = (
    Column("KPI", 124),
    Column("Target", 86),
    Column("Actual, before", 86),
    Column("Variance, change", 118),
    Column("Status", 142),
    Column("13 months, and signal", 188),
)


def report_kpis(settings: Settings) -> tuple[str, ...]:
    """The KPIs of grid and report, which the headline counts: those of the settings and the lines every review has."""
    return tuple(dict.fromkeys((*settings.shown_kpis, *MANDATORY_KPIS)))


@dataclass(frozen=True, slots=True)
class ScopeTable:
    """The report table of one scope: rows of Markdown cells with the KPI of each, and what the numbers cover."""

    rows: tuple[tuple[str, ...], ...]
    kpis: tuple[str, ...]
    coverage: str


@dataclass(frozen=True)
class DrawnOnce(Mapping[Hashable, Drawn]):
    """Drawings by key, each made when it is first looked at: hundreds of vendors have a table each, a reader looks at a few."""

    keys_in_order: tuple[Hashable, ...]
    draw: Callable[[Any], Drawn]
    drawn: dict[Hashable, Drawn] = field(default_factory=dict)

    def __getitem__(self, key: Hashable) -> Drawn:
        if key not in self.drawn:
            if key not in self.keys_in_order:
                raise KeyError(key)
            self.drawn[key] = self.draw(key)
        return self.drawn[key]

    def __iter__(self) -> Iterator[Hashable]:
        return iter(self.keys_in_order)

    def __len__(self) -> int:
        return len(self.keys_in_order)


@dataclass(frozen=True, slots=True)
class ReportDrawing:
    """All the page shows of one report. `grids`: the figure of each page of vendors, from 1; `tables`: by scope, ALL first.

    Without anything `measured`, `zeros` says that there are counts, but nothing to divide by. `compared`: what the period is compared
    with, or why it is not.
    """

    measured: bool
    zeros: bool
    verdict: str
    compared: str
    cards: tuple[Card, ...]
    grids: Mapping[Any, Any]
    grid_legend: str
    tables: Mapping[Any, ScopeTable]
    unmeasured: str
    icon_legend: str
    download: pd.DataFrame


def draw_report(store: Reader, scope: Scope, request: ReportRequest, contract_kpis: tuple[str, ...], mode: Mode) -> ReportDrawing:
    """The report of a request in one mode."""
    found = measured_report(store, scope, request, contract_kpis)
    report, months = found.frame, found.months
    series = _series(months)
    rows: dict[str, list[dict]] = {}
    for row in report.fillna({"vendor": ALL}).to_dict("records"):
        rows.setdefault(row["vendor"], []).append(row)
    total = rows.get(ALL, [])
    pages = tuple(range(1, page_count(report) + 1))
    measured = bool(report["value"].notna().any())
    return ReportDrawing(
        measured=measured,
        zeros=nothing_to_divide(report),
        verdict=report_verdict(report, request.period, request.kpis) if measured else nothing_sentence(report, request.period),
        compared=compared_words(period_pair(store, scope, request)),
        cards=tuple(_cards(total, series, _card_kpis(total, contract_kpis), mode)),
        grids=DrawnOnce(pages, lambda page: status_grid(report, mode, page=page)),
        grid_legend=_grid_legend(mode),
        tables=DrawnOnce(tuple(rows), lambda scope: _table(rows[scope], series, mode)),
        unmeasured=_unmeasured_words(found.unmeasured),
        icon_legend=icon_legend(mode),
        download=download_frame(report),
    )


def _series(months: pd.DataFrame) -> Mapping[Hashable, pd.DataFrame]:
    """(scope, KPI) -> its months, oldest first."""
    sorted_months = months.fillna({"vendor": ALL}).sort_values("period", kind="stable")
    places = sorted_months.groupby(["vendor", "kpi"], sort=False).indices
    return DrawnOnce(tuple(places), lambda key: sorted_months.iloc[places[key]])


def _card_kpis(rows: Sequence[dict], contract_kpis: Sequence[str]) -> Sequence[str]:
    """The contract's KPIs; of data without any of them, the first that are measured."""
    shown = dict.fromkeys(row["kpi"] for row in rows)
    return [kpi for kpi in contract_kpis if kpi in shown] or list(shown)[:MOST_CARDS]


def _unmeasured_words(kpis: Sequence[str]) -> str:
    """'Not measured by anyone in this period: quality score.' in grey, '' when everything is."""
    labels = ", ".join(find_kpi(kpi).label for kpi in kpis)
    return f":gray[:small[{text(f'Not measured by anyone in this period: {labels}.')}]]" if labels else ""


def draw_vendor(found: Report, vendor: str, contract_kpis: tuple[str, ...], mode: Mode) -> tuple[tuple[Card, ...], ScopeTable]:
    """The cards and the table of one vendor of a report."""
    series = _series(found.months)
    rows = found.frame[found.frame["vendor"] == vendor].to_dict("records")
    return tuple(_cards(rows, series, _card_kpis(rows, contract_kpis), mode, vendor)), _table(rows, series, mode)


def _cards(
    rows: Sequence[dict], series: Mapping[Hashable, pd.DataFrame], kpis: Sequence[str], mode: Mode, scope: str = ALL
) -> Iterator[Card]:
    """One card per KPI of the portfolio or a vendor: value, verdict, target with coverage, 13 months and the two icons."""
    total = {row["kpi"]: row for row in rows}
    for row in (total[kpi] for kpi in kpis if kpi in total):
        svg, alt = _sparkline(series.get((scope, row["kpi"])), row, mode, stretched=True)
        icons = _icons(series.get((scope, row["kpi"])), mode)
        yield Card(find_kpi(row["kpi"]).label, row["value_text"], _verdict(row, mode), _target(row), data_uri(svg), alt, icons, row["kpi"])


def _verdict(row: dict, mode: Mode) -> str:
    variance = "" if row["variance_text"] == "-" else f" {text(row['variance_text'])}"
    return status_words(row["status"], row["status_text"], mode, bold=True) + variance


def _target(row: dict) -> str:
    """'target >= 80 % · 4 of 5 vendors' and under it 'before 84.8 %, +0.2 pp': what it is held against, and how much it speaks for."""
    target = ":gray[no target]" if row["target_text"] == "-" else f":gray[target] {target_words(row['target_text'])}"
    default = " :gray[(default)]" if row["basis"] == DEFAULT_BASIS else ""
    before = f":gray[before] {text(row['previous_text'])}, {text(row['change_text'])}" if _is_compared(row) else ":gray[not compared]"
    changed = f"  \n:gray[{text(row['target_change'])}]" if row["target_change"] else ""
    return f"{target}{default} :gray[· {text(row['coverage'].split(',')[0])}]{changed}  \n{before}"


def _is_compared(row: dict) -> bool:
    return row["change"] == row["change"]


def _sparkline(series: pd.DataFrame | None, row: dict, mode: Mode, *, stretched: bool = False) -> tuple[str, str]:
    """The last 13 months as SVG with their words; a band has two target lines."""
    if series is None:
        return sparkline([], [], row["status"], mode, stretched=stretched), sparkline_alt([], row["status_text"])
    shown = series.tail(SPARKLINE_MONTHS)
    names = ("lower", "upper") if row["comparator"] == Comparator.BAND else ("target",)
    values = shown["value"].tolist()
    svg = sparkline(values, [shown[name].tolist() for name in names], row["status"], mode, stretched=stretched)
    return svg, sparkline_alt(values, row["status_text"])


def _icons(series: pd.DataFrame | None, mode: Mode) -> str:
    """Variation and assurance of the newest whole month, as images with their words."""
    whole = series[series["complete"] & series["value"].notna()] if series is not None else None
    if whole is None or whole.empty:
        return ""
    newest = whole.iloc[-1]
    signal, better, trial = newest["signal"], find_kpi(newest["kpi"]).better_sign, bool(newest["trial_limits"])
    icons = [variation_image(signal, better, mode, trial=trial)]
    if newest["assurance"]:
        icons.append(assurance_image(newest["assurance"], mode, trial=trial))
    return " ".join(icons)


def _grid_legend(mode: Mode) -> str:
    """The marks of the grid, what its second line and italics are."""
    shown = (Status.MET, Status.BELOW_EXPECTED, Status.MISSED, Status.NOT_MEASURED)
    marks = " ".join(f"{status_image(status, mode)} {status}" for status in shown)
    return f":small[{marks} :gray[· lower line: variance from target · {REPORTED_WORDS} · click a cell for its trend]]"


def icon_legend(mode: Mode) -> str:
    """One line that explains both families of icons as the answers to two questions."""
    variation = (("none", "no, normal variation"), ("improvement", "an improvement"), ("concern", "a concern"))
    assurance = (("pass", "yes, if nothing changes"), ("hit_or_miss", "hit or miss"), ("fail", "not as it is"))
    changed = " ".join(f"{variation_image(signal, 1, mode)} {words}" for signal, words in variation)
    reliable = " ".join(f"{assurance_image(name, mode)} {words}" for name, words in assurance)
    asked = f":gray[{CHANGED}] {changed} :gray[· {RELIABLE}] {reliable}"
    return f":small[{asked} :gray[· from the monthly series that ends in this period; dashed: fewer than 13 months]]"


def _table(rows: Sequence[dict], series: Mapping[Hashable, pd.DataFrame], mode: Mode) -> ScopeTable:
    cells = tuple(_cells(row, series.get((row["vendor"], row["kpi"])), mode) for row in rows)
    covers = _beneath(rows) + changes_in_words([row["target_change"] for row in rows])
    return ScopeTable(cells, tuple(row["kpi"] for row in rows), f":small[:gray[{text(covers)}]]")


def _cells(row: dict, series: pd.DataFrame | None, mode: Mode) -> tuple[str, ...]:
    svg, alt = _sparkline(series, row, mode)
    months_met = _second(row["months_met"]) if row["months_met"] else ""
    changed = _second(row["target_change"]) if row["target_change"] else ""
    return (
        text(find_kpi(row["kpi"]).label),
        target_words(row["target_text"]) + (_second("default target") if row["basis"] == DEFAULT_BASIS else "") + changed,
        f"**{text(row['value_text'])}**" + (_second(row["previous_text"]) if _is_compared(row) else ""),
        text(row["variance_text"]) + (_second(row["change_text"]) if _is_compared(row) else _second("not compared")),
        status_words(row["status"], row["status_text"], mode) + months_met,
        f"{sparkline_image(svg, alt)} {_icons(series, mode)}",
    )


def _second(words: str) -> str:
    """A muted second line of a cell."""
    return f"  \n:small[:gray[{text(words)}]]"


def _beneath(rows: Sequence[dict]) -> str:
    """What the numbers cover, what must be known of single ones, and which are compared otherwise than the period as a whole."""
    parts = [f"Coverage: {coverage_words(rows)}"]
    parts += [f"{find_kpi(row['kpi']).label}: {row['remark']}" for row in rows if row["remark"]]
    usual = Counter(row["compared_text"] for row in rows).most_common(1)[0][0]
    parts += [f"{find_kpi(row['kpi']).label}: {row['compared_text']}" for row in rows if row["compared_text"] != usual]
    return ". ".join(part.removesuffix(".") for part in parts) + "."


def scope_of(drawn: ReportDrawing, asked: str) -> str:
    """The control that says whose rows the table shows; returns ALL or the vendor."""
    options = list(drawn.tables)
    if asked not in options:
        st.warning(text(f"The link asks for the vendor {asked}, which is not shown here."))
        st.session_state["scope"] = ALL
    control = st.segmented_control if len(options) <= MOST_SEGMENTS + 1 else st.selectbox
    words = {ALL: ALL_VENDORS}
    return control("Scope", options, format_func=lambda vendor: words.get(vendor, vendor), key="scope", label_visibility="collapsed") or ALL


def scope_table(drawn: ReportDrawing, scope: str, view: View) -> None:
    """The report table of one scope, and under it what its numbers cover, what is missing and what the icons mean."""
    table, vendor = drawn.tables[scope], "" if scope == ALL else scope
    row_table(REPORT_COLUMNS, table.rows, row_menus(table.kpis, view, vendor))
    for words in (drawn.tables[scope].coverage, drawn.unmeasured, drawn.icon_legend):
        if words:
            st.markdown(words)
