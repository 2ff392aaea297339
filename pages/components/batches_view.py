"""The loaded files on screen: who loaded what and when, refused rows, restated numbers, changes, and undo with a preview."""

from collections.abc import Sequence
from math import ceil
from typing import Any

import pandas as pd
import streamlit as st

from analytics.history import UndoPreview, changes_made, preview_undo, restated_numbers
from analytics.intake.storing import left_out_of
from analytics.undoing import undo
from analytics.warehouse import Batch, list_batches, shown_statuses
from analytics.wording import counted
from pages.components import data
from pages.components.parts import dialog_guard, download_csv, section
from pages.components.quarantine_view import quarantine
from pages.components.state import View, choose
from pages.components.tables import pager
from pages.components.text import text

BATCHES_A_PAGE = 25
MOST_ROWS_HIGH = 10
CHANGES_PREVIEWED = 300
ACTIVE = "active"
_TIME = "D MMM YYYY, HH:mm"
_HOW = {
    "correct": "its rows replace those of the same day and place",
    "replace": "it replaces a vendor's day as a whole",
    "add": "its rows are added to what the day has",
    "skip": "it counts only on days that had nothing",
}


def stored() -> list[Batch]:
    """Every loaded file, newest first, undone and replaced ones included."""
    return data.ask(list_batches)[::-1]


def batches_section(view: View, batches: Sequence[Batch]) -> None:
    """The loaded files, a page at a time, and the choice of one of them."""
    became = data.ask(shown_statuses)
    active = sum(status == ACTIVE for status in became.values())
    section("Batches", f":gray[:small[{active} of {len(batches)} count. A batch is one accepted file; newest first, times in UTC.]]")
    _told()
    if not batches:
        return
    page = pager(
        "batches", view.one("batches"), ceil(len(batches) / BATCHES_A_PAGE), ("Newer batches", "Older batches"), "newest first", quiet=True
    )
    shown = batches[(page - 1) * BATCHES_A_PAGE : page * BATCHES_A_PAGE]
    st.dataframe(
        [_row(batch, became[batch.batch_id]) for batch in shown],
        hide_index=True,
        row_height=34,
        column_config={
            "batch": st.column_config.TextColumn(pinned=True),
            "loaded": st.column_config.DatetimeColumn(format=_TIME),
            **{name: st.column_config.NumberColumn(format="localized", alignment="right") for name in ("read", "accepted", "refused")},
        },
        alt="The loaded files, newest first",
    )
    _choice(view.one("batch"), shown, batches)


def _row(batch: Batch, became: str) -> dict[str, object]:
    return {
        "batch": batch.batch_id,
        "file": batch.file_name,
        "status": became,
        "source": batch.source,
        "recipe": batch.recipe_name,
        "read": batch.rows_read,
        "accepted": batch.rows_accepted,
        "refused": batch.rows_rejected,
        "how": batch.how,
        "loaded": batch.loaded_at,
        "by": batch.loaded_by,
    }


def _choice(chosen: str, shown: Sequence[Batch], batches: Sequence[Batch]) -> None:
    """One batch of this page, or the one in the link."""
    names = {batch.batch_id: f"{batch.batch_id} · {batch.file_name}" for batch in batches}
    options = list(dict.fromkeys((*([chosen] if chosen else []), *(batch.batch_id for batch in shown))))
    st.selectbox(
        "Batch", options, index=None, format_func=lambda batch: names.get(batch, f"{batch} (not found)"),
        key="batch", placeholder="Choose a batch: refused rows, what it changed, undo", label_visibility="collapsed", width=460,
    )  # fmt: skip


def batch_section(view: View, batches: Sequence[Batch]) -> None:
    """The chosen batch: where it came from, its refused rows, the numbers it changed, and taking it out again."""
    chosen = view.one("batch")
    batch = next((batch for batch in batches if batch.batch_id == chosen), None)
    if batch is None:
        if chosen:
            st.warning(text(f"The link names the batch {chosen}, which does not exist."))
        return
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        section(f"{batch.batch_id}: {batch.file_name}")
        with st.container(horizontal=True, width="content"):
            if batch.status == ACTIVE and data.is_stored():
                st.button("Undo this batch ...", key="undo", icon=":material/undo:", on_click=_ask_to_undo, args=(batch.batch_id,))
            st.button("Close", type="tertiary", on_click=choose, kwargs={"batch": ""})
    st.markdown(_facts(batch))
    quarantine(batch, ACTIVE)
    restatements = data.ask(restated_numbers, batch.batch_id)
    if len(restatements):
        section("Numbers this batch changed")
        _restatements_table(restatements)
    if st.session_state.pop("_undo_asked", "") == batch.batch_id:
        undo_dialog(batch.batch_id)


def _facts(batch: Batch) -> str:
    loaded = f"{batch.loaded_at:%Y-%m-%d %H:%M} UTC by {batch.loaded_by}"
    counts = f"{counted(batch.rows_read, 'row')} read, {batch.rows_accepted:,} accepted, {batch.rows_rejected:,} refused"
    became = data.ask(shown_statuses)[batch.batch_id]
    words = became if became == batch.status else f"{became}: later files brought all of its rows anew"
    lines = [
        f":gray[Status] {text(words)} :gray[· loaded] {text(loaded)}",
        f":gray[Source] {text(batch.source)} :gray[· recipe] {text(batch.recipe_name)} :gray[· shape] {text(batch.shape)}",
        f"{text(counts)} :gray[· {text(_HOW.get(batch.how, batch.how))}]",
        text(data.ask(left_out_of, batch.batch_id)),
        f":gray[SHA-256 of the file {text(batch.sha256)}]",
    ]
    return "  \n".join(f":small[{line}]" for line in lines if line)


def _table(rows: pd.DataFrame, alt: str, **columns: Any) -> None:
    """A table as high as its rows, at most ten."""
    st.dataframe(
        rows, hide_index=True, row_height=34, height=34 * (min(len(rows), MOST_ROWS_HIGH) + 1) + 3, column_config=columns or None, alt=alt
    )  # fmt: skip


def restated_section() -> None:
    """Published numbers that a load or an undo changed, newest first."""
    restatements = data.ask(restated_numbers)
    words = "A number that was published and reads differently since." if len(restatements) else "No published number was ever changed."
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        section("Restated numbers", f":gray[:small[{words}]]")
        if len(restatements):
            download_csv(restatements, "restated-numbers.csv")
    if len(restatements):
        _restatements_table(restatements)


def _restatements_table(restatements: pd.DataFrame) -> None:
    named = restatements.rename(columns={"restated_at": "changed", "batch_id": "batch", "file_name": "file"})
    columns = ["kpi", "vendor", "period", "before", "now", "action", "batch", "file", "changed"]
    _table(named[columns], "Numbers before and now", changed=st.column_config.DatetimeColumn("changed (UTC)", format=_TIME))


def changes_section() -> None:
    """Who changed the warehouse, newest first."""
    section("History of changes")
    named = {"changed_at": "changed", "changed_by": "by"}
    _table(
        data.ask(changes_made).rename(columns=named), "Changes of the warehouse, newest first",
        changed=st.column_config.DatetimeColumn("changed (UTC)", format=_TIME), detail=st.column_config.TextColumn(width="large"),
    )  # fmt: skip


def _ask_to_undo(batch_id: str) -> None:
    """Callback: show what undoing would change."""
    st.session_state["_undo_asked"] = batch_id


@st.dialog("Undo a batch", width="large")
def undo_dialog(batch_id: str) -> None:
    """What would change without the batch, and the button that does it."""
    with dialog_guard():
        with st.spinner("Trying it out in a copy ..."):
            preview = _preview(batch_id)
        _preview_words(preview)
        if st.button(f"Undo {batch_id} now", icon=":material/undo:"):
            undone = undo(data.warehouse(), batch_id, data.scope().user)
            st.session_state["_told"] = f"{undone.batch_id} ({undone.file_name}) is undone. The numbers are those without it."
            st.rerun()


def _preview(batch_id: str) -> UndoPreview:
    """Computed once while the dialog is open and the warehouse stays the same."""
    key = (batch_id, data.store().version)
    if st.session_state.get("_undo_key") != key:
        st.session_state["_undo_preview"], st.session_state["_undo_key"] = preview_undo(data.warehouse(), data.scope(), batch_id), key
    return st.session_state["_undo_preview"]


def _preview_words(preview: UndoPreview) -> None:
    count, again = len(preview.changes), int(preview.returning["rows"].sum())
    changed = f"{counted(count, 'published number')} would change" if count else "No published number would change"
    parts = [f"{changed}.", f"{counted(preview.leaving, 'row leaves', 'rows leave')}."]
    files = ", ".join(f"{name} ({rows:,})" for name, rows in zip(preview.returning["file_name"], preview.returning["rows"], strict=True))
    parts += [f"{counted(again, 'row')} of other batches count again: {files}."] if again else []
    st.markdown(f"**{text(preview.batch.file_name)}** {text(' '.join(parts))}")
    if count:
        _table(
            preview.changes.head(CHANGES_PREVIEWED), "Numbers before and after the undo", now=st.column_config.TextColumn("after the undo")
        )
    if count > CHANGES_PREVIEWED:
        st.markdown(f":gray[:small[The first {CHANGES_PREVIEWED} of {count:,}; all are in the download.]]")
    if count:
        download_csv(preview.changes, f"undo-{preview.batch.batch_id}.csv")
    st.markdown(":gray[:small[Nothing has been changed yet. The original file stays kept and can be loaded again.]]")


def _told() -> None:
    """What was just done, once."""
    done = st.session_state.pop("_told", "")
    if done:
        st.success(text(done))
