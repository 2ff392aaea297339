"""Targets changed by hand or by a file: checked before anything is stored, and stored as rows on top, never in place of old ones."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any, TypeVar, cast

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from analytics.catalogue import DIMENSIONS, KPIS, Comparator, Kpi, Unit, find_kpi
from analytics.errors import DashboardError
from analytics.intake import FileReport, Original, Status
from analytics.intake.entering import Row, brought, entered, typed_rows
from analytics.options import filter_options
from analytics.performance.target_changes import EffectRequest, verdicts_changed
from analytics.performance.targets import Target, currency_of, target_table
from analytics.periods import day_text, month_name
from analytics.query import kpi_frame
from analytics.wording import counted
from pages.components import data
from pages.components.issues_view import issues_view
from pages.components.parts import section
from pages.components.text import text

EFFECTS_SHOWN = 100
Found = TypeVar("Found")
TOLD = "_targets_told"
SECONDS_PER_HOUR = 3600
_OPEN, _CHECKED, _EFFECT, _UPLOADED = "_target_form", "_target_checked", "_target_effect", "_target_uploaded"
_LEVELS = ("expected", "minimum", "stretch", "lower", "upper")
_LABELS = {
    "expected": "Expected",
    "minimum": "Minimum (not yet missed)",
    "stretch": "Stretch",
    "lower": "Lower limit",
    "upper": "Upper limit",
}
_HINTS = {Unit.PERCENT: "80 %", Unit.SECONDS: "5:00", Unit.HOURS: "24 h", Unit.POINTS: "30"}
_EVERY = "every {}"


def new_target(kpi: str = "", vendor: str | None = None) -> None:
    """Callback: open the form with nothing in it."""
    change_target({"kpi": kpi or next(iter(data.settings().shown_kpis)), "vendor": vendor})


def change_target(stored: Mapping[str, Any]) -> None:
    """Callback: open the form with what a row of the table says, valid from the next month on."""
    kpi, state = find_kpi(stored["kpi"]), st.session_state
    state[_OPEN] = True
    state["tf_kpi"] = kpi.id
    for name in DIMENSIONS:
        state[f"tf_{name}"] = stored.get(name) if isinstance(stored.get(name), str) else None
    state["tf_comparator"] = str(stored.get("comparator") or fitting(kpi))
    for name in _LEVELS:
        state[f"tf_{name}"] = level_text(stored.get(name), kpi)
    state["tf_valid_from"], state["tf_valid_to"] = _first_open_day(), None
    state["tf_basis"], state["tf_approved_by"] = "", stored.get("approved_by") if isinstance(stored.get("approved_by"), str) else ""


def fitting(kpi: Kpi) -> Comparator:
    """The comparator that asks for what is good."""
    return {1: Comparator.AT_LEAST, -1: Comparator.AT_MOST}.get(kpi.better_sign, Comparator.BAND)


def level_text(level: object, kpi: Kpi) -> str:
    """A stored level as one types it: '80 %', '5:10', '24 h'."""
    if not isinstance(level, float) or level != level:
        return ""
    if kpi.unit is Unit.PERCENT:
        return f"{level * 100:.10g} %"
    if kpi.unit is Unit.HOURS:
        return f"{level / SECONDS_PER_HOUR:.10g} h"
    if kpi.unit is Unit.SECONDS and level >= 60 and level == int(level):
        return f"{int(level) // 60}:{int(level) % 60:02d}"
    return f"{level:.10g}"


def _first_open_day() -> date:
    """The first day of a month that lies ahead, of the data and of today: no verdict given so far changes."""
    last = max(date.today(), data.span().last_day) if data.has_rows() else date.today()
    return (last.replace(day=1) + timedelta(days=32)).replace(day=1)


def _close() -> None:
    st.session_state[_OPEN] = False


def target_form() -> None:
    """The form, when it is open: fields, what is wrong with them, what they would change, and storing."""
    if not st.session_state.get(_OPEN) or not data.is_stored():
        return
    with st.container(border=True, gap="small"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            section("Add or change a target")
            st.button("Close", key="tf_close", type="tertiary", on_click=_close)
        row = _fields()
        rows = [*_ended(row), row]
        if not _is_filled(row):
            st.markdown(":gray[:small[Fill in a level to see what the target would do. Nothing is stored before you say so.]]")
            return
        report = _checked(tuple(tuple(one.items()) for one in rows))
        issues_view([replace(issue, line=None) for issue in report.issues])
        if report.status is Status.DRY_RUN:
            _effect(rows)
        _store(report, rows)


def _fields() -> dict[str, Any]:
    """The row as it is typed."""
    options = data.ask(filter_options) if data.has_store() else {name: [] for name in DIMENSIONS}
    with st.container(horizontal=True, gap="small"):
        st.selectbox("KPI", list(KPIS), format_func=lambda name: find_kpi(name).label, key="tf_kpi", on_change=_kpi_chosen, width=230)
        for name, dimension in DIMENSIONS.items():
            st.selectbox(
                dimension.label, options[name], index=None, key=f"tf_{name}", placeholder=_EVERY.format(dimension.label.lower()),
                accept_new_options=True, width=180,
            )  # fmt: skip
    kpi = find_kpi(st.session_state["tf_kpi"])
    with st.container(horizontal=True, gap="small"):
        st.selectbox("Comparator", list(Comparator), key="tf_comparator", width=110)
        is_band = st.session_state["tf_comparator"] == Comparator.BAND
        shown = _LEVELS[3:] if is_band else _LEVELS[:3]
        for name in shown:
            st.text_input(_label(name, kpi), key=f"tf_{name}", placeholder=_HINTS.get(kpi.unit, ""), width=170)
    with st.container(horizontal=True, gap="small"):
        st.date_input("Valid from", key="tf_valid_from", width=150)
        st.date_input("Valid to (the last day, if known)", value=None, key="tf_valid_to", width=220)
        st.text_input("Basis: contract, amendment or reason", key="tf_basis", width=300)
        st.text_input("Approved by", key="tf_approved_by", width=200)
    names = ("kpi", *DIMENSIONS, "comparator", *shown, "valid_from", "valid_to", "basis", "approved_by")
    return {name: st.session_state[f"tf_{name}"] or None for name in names}


def _label(name: str, kpi: Kpi) -> str:
    """The level's label; of an amount with the currency it is typed in."""
    vendor = st.session_state["tf_vendor"]
    money = data.ask(currency_of, kpi.id, vendor) if data.has_store() else ""
    return f"{_LABELS[name]}, {money.removeprefix('in ')}" if money else _LABELS[name]


def _kpi_chosen() -> None:
    """Another KPI: its levels are others, and so may be what is good."""
    st.session_state["tf_comparator"] = str(fitting(find_kpi(st.session_state["tf_kpi"])))
    for name in _LEVELS:
        st.session_state[f"tf_{name}"] = ""


def _is_filled(row: Mapping[str, Any]) -> bool:
    needed = ("lower", "upper") if row["comparator"] == Comparator.BAND else ("expected",)
    return all(row[name] for name in (*needed, "valid_from"))


def _ended(row: Mapping[str, Any]) -> list[Row]:
    """The target of the same members that reaches into the new one, with its end a day earlier, where that is asked for."""
    found = _reaching_in(row)
    if found is None:
        return []
    end = row["valid_from"] - timedelta(days=1)
    asked = Target(Comparator(found["comparator"]), found["expected"], lower=found["lower"], upper=found["upper"]).words(row["kpi"])
    words = f"End the target before, {asked} since {day_text(found['valid_from'].date())}, on {day_text(end)}"
    if not st.checkbox(text(words), key="tf_end", value=True):
        return []
    kept = {name: cell for name, cell in found.items() if not pd.isna(cell)}
    return [{**kept, "valid_from": found["valid_from"].date(), "valid_to": end}]


def _reaching_in(row: Mapping[str, Any]) -> dict[str, Any] | None:
    """The dated target of the same KPI and members that is still valid when the new one begins."""
    if not row["valid_from"] or not data.warehouse().exists:
        return None
    begins = pd.Timestamp(row["valid_from"])
    table = data.ask(target_table)
    for stored in table[table["kpi"] == row["kpi"]].to_dict("records"):
        same = all((_text_or_none(stored[name]) == row[name]) for name in DIMENSIONS)
        if same and stored["valid_from"] < begins <= stored["valid_to"]:
            return stored
    return None


def _text_or_none(cell: object) -> str | None:
    return cell if isinstance(cell, str) else None


def _checked(rows: tuple[tuple[tuple[str, Any], ...], ...]) -> FileReport:
    """What storing the rows would say; found once for what is typed and what is stored."""
    rehearsed = partial(entered, data.warehouse(), "targets", [dict(row) for row in rows], data.scope().user, dry_run=True)
    return _kept(_CHECKED, rows, rehearsed)


def _kept(name: str, asked: Any, find: Callable[[], Found]) -> Found:
    """What was found for what is asked and what is stored, until either changes."""
    key = (data.warehouse().newest, asked)
    known_key, found = st.session_state.get(name, (None, None))
    if known_key != key:
        found = find()
        st.session_state[name] = key, found
    return cast(Found, found)


def _effect(rows: list[Row]) -> None:
    """The verdicts already given that would change: never without a word."""
    if not data.has_rows():
        return
    new = typed_rows("targets", rows)
    asked = tuple(tuple((str(name), None if pd.isna(cell) else cell) for name, cell in row.items()) for row in new.to_dict("records"))
    request = EffectRequest(asked, data.span().last_day, data.settings().fiscal_year_start_month)
    changed = _kept(_EFFECT, request, lambda: verdicts_changed(data.ask(target_table), request, partial(data.ask, kpi_frame)))
    if changed.empty:
        st.markdown(":gray[:small[No monthly verdict given so far changes.]]")
        return
    first, last = changed["period"].min(), changed["period"].max()
    when = f"{month_name(first)} {first.year}" + ("" if first == last else f" to {month_name(last)} {last.year}")
    st.warning(text(f"{counted(len(changed), 'monthly verdict')} already given would change ({when}):"))
    st.dataframe(
        changed.head(EFFECTS_SHOWN).drop(columns=["kpi", "value"]).rename(columns=lambda name: name.replace("_", " ")),
        hide_index=True, row_height=34, height=min(36 * (len(changed) + 1), 220),
        column_config={"period": st.column_config.DateColumn("month", format="MMM YYYY")}, alt="The verdicts that would change",
    )  # fmt: skip


def _store(report: FileReport, rows: list[Row]) -> None:
    if report.status is Status.UNCHANGED:
        st.markdown(":gray[:small[Exactly this target is stored and counts.]]")
    label = "Store this target" if len(rows) == 1 else f"Store these {len(rows)} rows"
    if st.button(label, key="tf_store", icon=":material/check:", disabled=report.status is not Status.DRY_RUN):
        stored = entered(data.warehouse(), "targets", rows, data.scope().user)
        _close()
        _tell(stored)
        st.rerun()


def _tell(report: FileReport) -> None:
    """Say on the next run what became of it."""
    if report.status is Status.STORED:
        said = f"Stored as {report.batch}: {counted(report.rows_accepted, 'target')}. The batch can be undone."
    else:
        said = report.issues[0].message if report.issues else "Nothing was stored: it counts already."
    st.session_state[TOLD] = said, report.batch if report.status is Status.STORED else ""


def upload_table() -> None:
    """A table of targets as a file: what its rows would do, then storing all of them or none."""
    section(
        "A table as a file",
        ":gray[:small[The download above is the very format: change it in a spreadsheet and bring it back. Its rows are checked, then "
        "stored on top: all or none. Rows that count already do nothing.]]",
    )
    if not data.is_stored():
        st.markdown(":gray[:small[A trial is shown: switch to what is stored to change targets.]]")
        return
    file = st.file_uploader("CSV with the columns of the download", "csv", key="targets_file", label_visibility="collapsed", width=460)
    if file is None:
        return
    try:
        report = _rehearsed(file)
    except DashboardError as problem:
        st.error(text(f"{problem.message} {problem.remedy}"))
        return
    issues_view(report.issues)
    _store_file(file, report)


def _rehearsed(file: UploadedFile) -> FileReport:
    original = Original.of(file.getvalue(), file.name)
    return _kept(_UPLOADED, file.file_id, lambda: brought(data.warehouse(), "targets", original, data.scope().user, dry_run=True))


def _store_file(file: UploadedFile, report: FileReport) -> None:
    count = counted(report.rows_read, "row")
    if report.status is Status.UNCHANGED and not report.issues:
        st.success(text(f"{file.name}: {count}, all of them count as they are."))
    if report.status is not Status.DRY_RUN:
        return
    if st.button(f"Store {count}", key="targets_store", icon=":material/check:"):
        _tell(brought(data.warehouse(), "targets", Original.of(file.getvalue(), file.name), data.scope().user))
        st.rerun()
