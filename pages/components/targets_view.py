"""Targets as they are drawn: which hold in a period, which begin later or have ended, their history, and one of them up close."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

import pandas as pd
import streamlit as st

from analytics.asking import Reader
from analytics.catalogue import DIMENSIONS, KPIS, Comparator, kpi_label
from analytics.intake import Issue, Level
from analytics.options import filter_options
from analytics.performance.target_changes import changed_inside_text, target_history
from analytics.performance.target_overview import (
    Holding,
    Kind,
    Overview,
    OverviewRequest,
    Time,
    level_text,
    overview_of,
    target_overview,
)
from analytics.performance.targets import TABLE_COLUMNS, Target, target_table
from analytics.periods import Grain, Period
from analytics.target_checks import Weight
from analytics.warehouse import Scope
from pages.components import data
from pages.components.issues_view import issues_view
from pages.components.parts import dialog_guard, download_csv, empty_state
from pages.components.state import View, go_to
from pages.components.tables import cell_table, pager
from pages.components.target_form import TOLD, change_target, new_target
from pages.components.text import text

ROWS_PER_PAGE = 25
LETTER_WIDTH, CELL_PADDING = 6.8, 22  # px of a cell
HISTORY = "history"
DEFAULT_WORDS = "default"
_ASKED = "_target"
_LEVELS = ("minimum", "stretch")
_SHOWN = ("kpi", "target", "for", *_LEVELS, "valid", "change", "why", "basis", "approved by")
_DATED = ("kpi", "target", "for", *_LEVELS, "when", "basis", "approved by")
_HISTORY = ("entered", "by", "kpi", "for", "target", "before", "valid from", "valid to", "state", "basis", "approved by", "batch", "file")
_WORDS = {
    "kpi": "KPI", "why": "why this one", "change": "inside the period", "before": "what it did",
    "entered": "entered (UTC)",
}  # fmt: skip
_CALLED = {Time.VALID: "Valid", Time.UPCOMING: "Begin later", Time.LAPSED: "Ended", HISTORY: "History"}
_NOTHING = {
    Time.VALID: ("No KPI to hold to a target", "The catalogue has no KPI with a good direction."),
    Time.UPCOMING: ("No target begins later", "Add one with a first day after the period shown."),
    Time.LAPSED: ("No target has ended", "Every target that began is still valid."),
    HISTORY: ("No target was ever stored", "Add one, or upload a table of targets."),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """What is behind one row: whose target it is, what is said of it up close, its batch, and its row of the table where it counts."""

    kpi: str
    vendors: tuple[str, ...]
    title: str
    lines: tuple[str, ...]
    batch: str = ""
    place: int | None = None


@dataclass(frozen=True)
class Listed:
    """One list: its rows in words, and what is behind each."""

    rows: pd.DataFrame
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class TargetsDrawing:
    """All the page shows of the targets of a period. `download`: the table that loads back as it is."""

    overview: Overview
    lists: dict[str, Listed]
    issues: tuple[Issue, ...]
    download: pd.DataFrame


def draw_targets(store: Reader, scope: Scope, request: OverviewRequest) -> TargetsDrawing:
    """The targets of a period as tables."""
    return _drawn(target_overview(store, scope, request), target_history(store, scope), target_table(store, scope))


def draw_nothing(request: OverviewRequest) -> TargetsDrawing:
    """What is shown before anything was loaded."""
    table = pd.DataFrame(columns=list(TABLE_COLUMNS))
    return _drawn(overview_of(table, request), table, table)


def _drawn(overview: Overview, history: pd.DataFrame, table: pd.DataFrame) -> TargetsDrawing:
    dated = {time: _dated(overview, time) for time in (Time.UPCOMING, Time.LAPSED)}
    lists = {Time.VALID: _valid(overview), **dated, HISTORY: _history(history)}
    levels = {Weight.ERROR: Level.ERROR, Weight.WARNING: Level.WARNING}
    issues = tuple(Issue(levels[problem.weight], problem.code, problem.message, problem.remedy) for problem in overview.problems)
    return TargetsDrawing(overview, lists, issues, table)


def drawing(view: View) -> tuple[TargetsDrawing, str]:
    """The targets of the period and filters of the link, and the filters in words; without any data, of the quarter at hand."""
    if not data.has_rows():
        period = Period.of(Grain.QUARTER, date.today(), view.fiscal_start)
        request = OverviewRequest(period, data.settings().shown_kpis)
        return (data.ask(draw_targets, request) if data.has_store() else draw_nothing(request)), "no data yet"
    filters, known = view.filters, data.ask(filter_options)["vendor"]
    fixed = tuple((name, values[0]) for name, values in filters.chosen() if len(values) == 1 and name != "vendor")
    request = OverviewRequest(view.period, data.settings().shown_kpis, filters.vendor or tuple(known), fixed)
    return data.ask(draw_targets, request), filters.words


def _valid(overview: Overview) -> Listed:
    """KPI by KPI who is held to what, and why."""
    rows, entries = [], []
    for holding in overview.holdings:
        stored = overview.records[holding.place] if holding.place is not None else {}
        shown = _stored_words(stored) | {"why": holding.why, "change": holding.change}
        shown |= {"kpi": kpi_label(holding.kpi), "for": holding.whom, "target": _target_words(holding)}
        shown |= {"valid": overview.times[holding.place][1] if holding.place is not None else ""}
        rows.append(shown)
        account = changed_inside_text(holding.target.words(holding.kpi), holding.change, overview.request.period)
        entries.append(_entry(holding.kpi, holding.vendors, shown | {"change": account}, stored, holding.place))
    return _listed(rows, entries, _SHOWN)


def _target_words(holding: Holding) -> str:
    words = holding.target.words(holding.kpi)
    return {Kind.DEFAULT: f"{words} ({DEFAULT_WORDS})", Kind.TIE: "none: a tie"}.get(holding.kind, words)


def _dated(overview: Overview, time: Time) -> Listed:
    """The stored targets that begin later, or have ended."""
    rows, entries = [], []
    for place in overview.places(time):
        stored = overview.records[place]
        shown = _stored_words(stored) | {"when": overview.times[place][1]}
        rows.append(shown)
        entries.append(_entry(stored["kpi"], _vendor_of(stored), shown, stored, place))
    return _listed(rows, entries, _DATED)


def _history(history: pd.DataFrame) -> Listed:
    """Every row ever accepted, newest first."""
    rows, entries = [], []
    for stored in history.to_dict("records"):
        shown = _stored_words(stored) | {"before": stored["before"] or "new", "state": stored["state"], "entered": stored["loaded_at"]}
        shown |= {"valid from": stored["valid_from"], "valid to": stored["valid_to"]}
        shown |= {name: stored[key] for name, key in (("by", "loaded_by"), ("batch", "batch_id"), ("file", "file_name"))}
        rows.append(shown)
        entries.append(_entry(stored["kpi"], _vendor_of(stored), shown, stored, None))
    return _listed(rows, entries, _HISTORY)


def _stored_words(stored: dict[str, Any]) -> dict[str, Any]:
    """What a stored row says, in words; '' everywhere for none."""
    if not stored:
        return dict.fromkeys(("kpi", "for", "target", *_LEVELS, "basis", "approved by"), "")
    levels = (stored[name] for name in ("expected", "minimum", "lower", "upper"))
    target = Target(Comparator(stored["comparator"]), *levels, currency=stored.get("currency", ""))
    return {
        "kpi": kpi_label(stored["kpi"]),
        "for": ", ".join(stored[name] for name in DIMENSIONS if isinstance(stored[name], str)) or "all vendors",
        "target": target.words(stored["kpi"]),
        **{name: level_text(stored, name) for name in _LEVELS},
        "basis": _told(stored["basis"]),
        "approved by": _told(stored["approved_by"]),
    }


def _told(cell: object) -> str:
    return cell if isinstance(cell, str) else ""


def _vendor_of(stored: dict[str, Any]) -> tuple[str, ...]:
    return (stored["vendor"],) if isinstance(stored["vendor"], str) else ()


def _entry(kpi: str, vendors: tuple[str, ...], shown: dict[str, Any], stored: dict[str, Any], place: int | None) -> Entry:
    """The lines of one target up close; who entered it last."""
    names = (*_LEVELS, "valid", "when", "why", "before", "change", "basis", "approved by")
    lines = [f":gray[{_WORDS.get(name, name).capitalize()}] {text(shown[name])}" for name in names if shown.get(name)]
    if stored and not pd.isna(stored["loaded_at"]):
        when = f"{stored['loaded_at']:%Y-%m-%d %H:%M} UTC by {stored['loaded_by']}"
        lines.append(f":gray[Entered] {text(when)} :gray[· batch] {text(stored['batch_id'])} :gray[·] {text(stored['file_name'])}")
    title = f"{shown['kpi']}, {shown['for']}: {shown['target']}"
    batch = stored["batch_id"] if stored and isinstance(stored["batch_id"], str) else ""
    return Entry(kpi, vendors if len(vendors) == 1 else (), title, tuple(lines), batch, place)


def _listed(rows: Sequence[dict[str, Any]], entries: Sequence[Entry], columns: Sequence[str]) -> Listed:
    """The rows with these columns; one that says nothing throughout is left out."""
    frame = pd.DataFrame(list(rows), columns=list(columns))
    silent = [name for name in columns if name in ("change", *_LEVELS, "approved by") and not frame[name].astype(bool).any()]
    return Listed(frame.drop(columns=silent).rename(columns=_WORDS), tuple(entries))


def list_control(drawn: TargetsDrawing) -> None:
    """Which list to show, with how many are in each, and the table as a file."""
    counts = {name: len(listed.entries) for name, listed in drawn.lists.items()}
    counts[Time.VALID] = len({entry.place for entry in drawn.lists[Time.VALID].entries if entry.place is not None})
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="small"):
        st.segmented_control(
            "List", list(drawn.lists), format_func=lambda name: f"{_CALLED[name]} · {counts[name]:,}", key="list",
            label_visibility="collapsed",
        )  # fmt: skip
        with st.container(horizontal=True, width="content", gap="small"):
            if data.is_stored():
                st.button("Add a target", key="add-target", icon=":material/add:", on_click=new_target)
            download_csv(drawn.download, "targets.csv", "Download all as CSV")


def errors(drawn: TargetsDrawing) -> None:
    """What is wrong with the table."""
    issues_view([issue for issue in drawn.issues if issue.level is Level.ERROR])


def remarks(drawn: TargetsDrawing) -> None:
    """What the table will do that nobody may have meant."""
    issues_view([issue for issue in drawn.issues if issue.level is not Level.ERROR])


def targets_list(drawn: TargetsDrawing, view: View) -> None:
    """One page of the list; a click on a row shows that target up close."""
    listed = drawn.lists[view.one("list")]
    if not listed.entries:
        fact, reason = _NOTHING[view.one("list")]
        empty_state(fact, reason)
        return
    page = pager(
        "targets_page", view.one("targets_page"), ceil(len(listed.entries) / ROWS_PER_PAGE), ("Previous rows", "Next rows"),
        "newest first" if view.one("list") == HISTORY else "KPI by KPI", quiet=True,
    )  # fmt: skip
    first = (page - 1) * ROWS_PER_PAGE
    shown = listed.rows.iloc[first : first + ROWS_PER_PAGE]

    def clicked(row: int, _: str) -> None:
        st.session_state[_ASKED] = listed.entries[first + row]

    cell_table(shown, "targets", "The targets, one a row", clicked, column_config=_columns(shown), placeholder="")
    said = "The table goes on sideways. Click a row for all of it in words, its trend, its definition, its batch, and changing it."
    st.markdown(f":gray[:small[{said}]]")


def _columns(rows: pd.DataFrame) -> dict[str, Any]:
    """Every column as wide as its longest text, so that nothing is cut; the rest is reached sideways, beside the pinned KPI."""
    days: dict[str, Any] = {
        "entered (UTC)": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm", width=150),
        "valid from": st.column_config.DateColumn(format="D MMM YYYY", width=100),
        "valid to": st.column_config.DateColumn(format="D MMM YYYY", width=100),
    }
    texts = {name: st.column_config.TextColumn(width=_width(name, rows[name]), pinned=name == "KPI") for name in rows if name not in days}
    return {name: (days | texts)[name] for name in rows}


def _width(heading: str, cells: pd.Series) -> int:
    """Pixels for the longest of them."""
    return CELL_PADDING + round(LETTER_WIDTH * max(len(str(words)) for words in (heading, *cells)))


def show_target(drawn: TargetsDrawing) -> None:
    """The target that was clicked on, over the page."""
    asked = st.session_state.pop(_ASKED, None)
    if asked is not None:
        _dialog(asked, drawn)


@st.dialog("One target", width="large")
def _dialog(entry: Entry, drawn: TargetsDrawing) -> None:
    with dialog_guard():
        st.markdown(f"# {text(entry.title)}", anchors=False)
        st.markdown("  \n".join(f":small[{line}]" for line in entry.lines))
        with st.container(horizontal=True, gap="small"):
            if data.is_stored() and st.button("Change it" if entry.place is not None else "Add a target", key="target-change"):
                stored = drawn.overview.records[entry.place] if entry.place is not None else {}
                change_target(stored or {"kpi": entry.kpi, "vendor": entry.vendors[0] if entry.vendors else None})
                st.rerun()
            for label, page, choices in _ways(entry):
                if st.button(label, key=f"target-{page}", type="tertiary"):
                    go_to(page, **choices)
                    st.rerun()


def _ways(entry: Entry) -> list[tuple[str, str, dict[str, Any]]]:
    """Trend, definition, and the batch with its rows."""
    ways: list[tuple[str, str, dict[str, Any]]] = []
    if entry.kpi in KPIS:
        vendor = {"vendor": entry.vendors} if entry.vendors else {}
        ways += [("Trend", "trends", {"kpi": entry.kpi, **vendor}), ("Definition of this KPI", "definitions", {"kpi": entry.kpi})]
    if entry.batch:
        ways.append((f"Batch {entry.batch}", "batches_and_quality", {"batch": entry.batch}))
    return ways


def told() -> None:
    """What was just done, once."""
    done, batch = st.session_state.pop(TOLD, ("", ""))
    if done:
        st.success(text(done))
    if batch:
        st.button(
            f"See batch {batch}", key="told-batch", type="tertiary", on_click=go_to, args=("batches_and_quality",), kwargs={"batch": batch}
        )
