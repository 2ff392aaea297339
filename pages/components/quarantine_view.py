"""Refused rows of a batch on screen: to look at, to take away, to correct and read again by the same recipe."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from analytics.errors import DashboardError
from analytics.history import REFUSED_LISTED, refused_rows, standing_for
from analytics.intake import FileReport, Status
from analytics.intake.quarantine import LINE, WHY, RefusedCells, fix, refused_cells
from analytics.warehouse import Batch
from analytics.wording import counted
from pages.components import data
from pages.components.parts import download_csv, section
from pages.components.state import choose
from pages.components.text import text

MOST_CORRECTED = 200
MOST_ROWS_HIGH = 10
LEFT_OUT = "leave this row out"
_OPEN, _REPORT, _PROBLEM = "_quarantine_open", "_quarantine_report", "_quarantine_problem"


def quarantine(batch: Batch, active: str) -> None:
    """Every refused row with line, column, reason and text; of a batch that counts also to be corrected."""
    if not batch.rows_rejected:
        return
    rows = data.ask(refused_rows, batch.batch_id, REFUSED_LISTED)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        more = f", the first {len(rows)} of {batch.rows_rejected:,}" if batch.rows_rejected > len(rows) else ""
        section(f"Refused rows{more}", _fixed_words(batch))
        download_csv(
            lambda: refused_rows(data.store(), data.scope(), batch.batch_id), f"refused-{batch.batch_id}.csv", "Download refused rows"
        )
    may_correct = batch.status == active and data.is_stored()
    if may_correct and st.session_state.get(_OPEN) == batch.batch_id:
        _correction(batch)
        return
    shown = rows.fillna({"column": ""})
    st.dataframe(shown, hide_index=True, row_height=34, height=_height(len(rows)), alt="Refused rows by line")
    if may_correct:
        st.button("Correct these rows ...", icon=":material/edit:", on_click=_open, args=(batch.batch_id,))


def _fixed_words(batch: Batch) -> str:
    """Which batch holds the rows corrected, once there is one."""
    by = data.ask(standing_for, batch.batch_id)
    return f":gray[:small[Fixed by {text(by)}, which stands for this batch now.]]" if by else ""


def _correction(batch: Batch) -> None:
    """The refused rows in an editor, and the button that reads the file again."""
    try:
        cells = _snapshot(batch)
    except DashboardError as problem:
        st.error(text(f"{problem.message} {problem.remedy}"))
        return
    more = ""
    if cells.count > len(cells.rows):
        more = f"The first {len(cells.rows)} of {cells.count:,}; the others follow when these are right. "
    words = "Change what is wrong, or leave a row out. Then the file is read again by its recipe, as if it had been right from the start."
    st.markdown(f":gray[:small[{more}{words} Undo brings this batch back.]]")
    _editor(batch, cells)
    answers = _answers(batch)
    with st.container(horizontal=True):
        st.button("Store the corrected rows", icon=":material/save:", on_click=_store, args=(batch, cells, answers))
        st.button("Cancel", type="tertiary", on_click=_open, args=("",))
    if problem := st.session_state.pop(_PROBLEM, ""):
        st.error(text(problem))


def _open(batch_id: str) -> None:
    """Callback: correct this batch, or none."""
    st.session_state[_OPEN] = batch_id
    st.session_state.pop(_REPORT, None)


def _snapshot(batch: Batch) -> RefusedCells:
    """The refused rows as they were when correcting began: an editor's changes are by place."""
    key = (batch.batch_id, batch.sha256)
    if st.session_state.get("_quarantine_key") != key:
        found = refused_cells(data.store(), data.scope(), data.originals(batch.batch_id), batch.batch_id, MOST_CORRECTED)
        st.session_state["_quarantine_cells"], st.session_state["_quarantine_key"] = found, key
    return st.session_state["_quarantine_cells"]


def _editor(batch: Batch, cells: RefusedCells) -> None:
    """The cells the recipe reads, to be changed; line and reason beside them."""
    shown = cells.rows[[LINE, WHY, *cells.read]].assign(**{LEFT_OUT: False})
    columns: dict[str, Any] = {
        LINE: st.column_config.NumberColumn("line", pinned=True, format="%d", width="small"),
        WHY: st.column_config.TextColumn("refused because", width="medium"),
        LEFT_OUT: st.column_config.CheckboxColumn(width="small"),
    }
    st.data_editor(
        shown, hide_index=True, row_height=34, height=_height(len(shown)), column_config=columns, disabled=[LINE, WHY],
        num_rows="fixed", key=_editor_key(batch),
    )  # fmt: skip


def _editor_key(batch: Batch) -> str:
    return f"quarantine-{batch.batch_id}"


def _height(rows: int) -> int:
    return 34 * (min(rows, MOST_ROWS_HIGH) + 1) + 3


def _answers(batch: Batch) -> dict[str, str]:
    """Answers to what the corrected rows leave open."""
    report: FileReport | None = st.session_state.get(_REPORT)
    given = {}
    for question in report.questions if report else ():
        means = {choice.value: choice.means for choice in question.choices}
        key = f"quarantine-{batch.batch_id}-{question.key}"
        answer = st.radio(text(question.text), list(means), index=None, captions=[text(words) for words in means.values()], key=key)
        given |= {question.key: answer} if answer else {}
    return given


def _store(batch: Batch, cells: RefusedCells, answers: dict[str, str]) -> None:
    """Callback: read the file again with the changed rows, and say what became of it."""
    found = corrections(cells, st.session_state[_editor_key(batch)]["edited_rows"])
    try:
        report = fix(data.warehouse(), batch.batch_id, found, data.scope().user, answers)
    except DashboardError as problem:
        st.session_state[_PROBLEM] = f"{problem.message} {problem.remedy}"
        return
    if report.status is Status.QUESTIONS:
        st.session_state[_REPORT] = report
    elif report.status is Status.STORED:
        _told(batch, report)
    else:
        st.session_state[_PROBLEM] = " ".join(f"{issue.message} {issue.remedy}" for issue in report.issues[:1])


def corrections(cells: RefusedCells, edited: Mapping[int, Mapping[str, Any]]) -> dict[int, dict[str, str] | None]:
    """line -> the cells that were changed, None for a row left out; `edited`: place of a row -> column -> what stands there now."""
    found: dict[int, dict[str, str] | None] = {}
    for place, changed in edited.items():
        line = int(cells.rows[LINE].iloc[int(place)])
        texts = {name: str(value or "") for name, value in changed.items() if name in cells.read}
        if changed.get(LEFT_OUT):
            found[line] = None
        elif texts:
            found[line] = texts
    return found


def _told(batch: Batch, report: FileReport) -> None:
    """The batch that stands for this one now, chosen, with what it brought."""
    more, left = report.rows_accepted - batch.rows_accepted, report.rows_rejected
    counts = f"{counted(more, 'row')} more {'counts' if more == 1 else 'count'}"
    still = f"; {counted(left, 'row is', 'rows are')} still refused" if left else ""
    st.session_state["_told"] = f"{report.batch} stands for {batch.batch_id} now: {counts}{still}."
    _open(str(report.batch) if left else "")
    choose(batch=str(report.batch))
