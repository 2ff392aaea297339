"""A file on its way in, on screen: recipe, counts, questions, refused rows, keeping it."""

from collections.abc import Generator
from contextlib import contextmanager

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from analytics.errors import IntakeError
from analytics.intake import (
    WORKBOOK_SUFFIXES,
    FileReport,
    Level,
    Original,
    Preview,
    Recipe,
    Status,
    Tell,
    keep,
    preview,
    recipes_fitting,
    rehearse,
    stored_recipes,
)
from analytics.periods import Grain, Period
from analytics.warehouse import list_batches
from analytics.wording import counted
from pages.components import data
from pages.components.parts import download_csv, section
from pages.components.state import go_to
from pages.components.text import text

ASKED_BEFORE_READING = ("encoding", "sheet")
UPLOADED = ("csv", "tsv", "txt", *(suffix.removeprefix(".") for suffix in WORKBOOK_SUFFIXES))
MOST_VENDORS_CHOSEN = 8
MOST_REFUSED_SHOWN = 500
MOST_REFUSED_DOWNLOADED = 100_000
_LEVEL_COLOURS = {Level.ERROR: "orange", Level.WARNING: "yellow", Level.INFO: "gray"}


def uploaded(file: UploadedFile) -> Original:
    """The dropped file, looked at once: its bytes are hashed for this session and not for every rerun."""
    if st.session_state.get("_upload_id") != file.file_id:
        st.session_state["_upload"], st.session_state["_upload_id"] = Original.of(file.getvalue(), file.name), file.file_id
    return st.session_state["_upload"]


def choose_recipe(file: Original) -> Recipe | None:
    """The stored recipe that fits the file's columns, to be corrected by hand."""
    recipes = {recipe.name: recipe for recipe in stored_recipes(data.warehouse())}
    fitting = _fitting(file, list(recipes.values()))
    names = list(recipes)
    first = names.index(fitting[0].name) if fitting else None
    label = "Recipe (fits the columns of this file)" if fitting else "Recipe (none fits the columns of this file)"
    key = f"recipe-{file.name}-{file.size}"
    chosen = st.selectbox(
        label, names, index=first, format_func=lambda name: _recipe_words(recipes[name]), key=key, placeholder="Choose one"
    )
    return recipes[chosen] if chosen else None


def _fitting(file: Original, recipes: list[Recipe]) -> list[Recipe]:
    """The recipes that fit, found once per file and recipes: opening a large workbook takes seconds."""
    key = (file.sha256, file.name, tuple(recipe.text for recipe in recipes))
    if st.session_state.get("_fitting_key") != key:
        try:
            with st.spinner(f"Looking at {file.name} ..."):
                st.session_state["_fitting"] = recipes_fitting(file, recipes)
        except IntakeError:
            st.session_state["_fitting"] = []
        st.session_state["_fitting_key"] = key
    return st.session_state["_fitting"]


def _recipe_words(recipe: Recipe) -> str:
    return f"{recipe.name}: {recipe.description}" if recipe.description else recipe.name


def answers_given(sha256: str) -> dict[str, str]:
    """The answers given so far for this file; another file is asked anew."""
    return st.session_state.get("_answers", {}).get(sha256, {})


def _remember(sha256: str, question: str, widget: str) -> None:
    """Keep an answer after its question has left the page."""
    st.session_state["_answers"] = {sha256: {**answers_given(sha256), question: st.session_state[widget]}}


def _forget() -> None:
    st.session_state["_answers"] = {}


def read(file: Original, recipe: Recipe) -> Preview:
    """The file read by the recipe, once per file, recipe and answer; it stays in this session only."""
    answers = {name: value for name, value in answers_given(file.sha256).items() if name in ASKED_BEFORE_READING}
    key = (file.sha256, file.name, recipe.text, *answers.items())
    if st.session_state.get("_read_key") != key:
        with st.spinner(f"Reading {file.name} ..."), _progress() as tell:
            found = preview(file, file.name, recipe, answers, tell, data.warehouse().folder)
        st.session_state["_read_file"], st.session_state["_read_key"] = found, key
    return st.session_state["_read_file"]


@contextmanager
def _progress() -> Generator[Tell]:
    """A bar that appears with the first news of a large file and is gone afterwards."""
    place = st.empty()

    def tell(done: float, what: str) -> None:
        place.progress(min(max(done, 0.0), 1.0), f"{what} ...")

    yield tell
    place.empty()


def rehearsed(read_file: Preview) -> FileReport:
    """What keeping the file would say now."""
    return rehearse(data.warehouse(), read_file, answers_given(read_file.sha256))


def verdict(read_file: Preview, report: FileReport) -> str:
    """What can be done with the file, in one sentence."""
    if report.status is Status.UNCHANGED:
        return f"This file is stored already, as {report.batch}; keeping it again changes nothing."
    if read_file.refusal and not report.questions:
        return f"Nothing of this file can be kept: {read_file.refusal.message}"
    if report.questions:
        rows = counted(read_file.rows_read, "row") if read_file.reading else "this file"
        return f"One question is open before {rows} can be kept."
    if read_file.rows_rejected:
        kept = f"{read_file.rows_accepted:,} of {counted(read_file.rows_read, 'row')} can be kept"
        return f"{kept}; {read_file.rows_rejected:,} {'is' if read_file.rows_rejected == 1 else 'are'} refused, with reasons."
    return "The one row can be kept." if read_file.rows_read == 1 else f"All {read_file.rows_read:,} rows can be kept."


def counts(read_file: Preview) -> None:
    """Rows read, accepted, refused; then every kind of issue with its remedy."""
    with st.container(horizontal=True, gap="small"):
        named = (("Rows read", read_file.rows_read), ("Accepted", read_file.rows_accepted), ("Refused", read_file.rows_rejected))
        for label, count in named:
            with st.container(border=True, width=150):
                st.metric(label, f"{count:,}")
    for issue in read_file.issues:
        place = ", ".join(
            part for part in (f"line {issue.line}" if issue.line else "", f"column {issue.column}" if issue.column else "") if part
        )
        times = f" (first at {place})" if issue.count > 1 and place else f" ({place})" if place else ""
        st.markdown(f":{_LEVEL_COLOURS[issue.level]}[{issue.level}] {text(issue.message + times)} :gray[{text(issue.remedy)}]")


def ask_questions(read_file: Preview, report: FileReport) -> None:
    """What only a person can decide, each choice with what it would mean; then the answers given, to be taken back."""
    for question in report.questions:
        means = {choice.value: choice.means for choice in question.choices}
        widget = f"answer-{question.key}-{read_file.sha256}"
        st.radio(
            text(question.text), list(means), index=None, key=widget, captions=[text(words) for words in means.values()],
            on_change=_remember, args=(read_file.sha256, question.key, widget),
        )  # fmt: skip
    if given := answers_given(read_file.sha256):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(":gray[Your answer:] " + text(", ".join(f"{name} = {value}" for name, value in given.items())), width="content")
            st.button("Ask again", on_click=_forget)


def keep_or_leave(read_file: Preview, report: FileReport, label: str) -> None:
    """The button that stores the file, or what became of it."""
    ready = report.status is Status.DRY_RUN
    if ready and st.button(label, icon=":material/save:"):
        with st.spinner(f"Storing {read_file.file_name} ..."), _progress() as tell:
            kept = keep(data.warehouse(), read_file, data.scope().user, answers_given(read_file.sha256), tell)
        st.session_state["_kept_report"] = kept
        st.rerun()
    kept = st.session_state.get("_kept_report")
    if kept and kept.file == read_file.file_name and report.status is Status.UNCHANGED:
        refused = f", {kept.rows_rejected:,} refused" if kept.rows_rejected else ""
        st.success(text(f"Stored as {kept.batch}: {counted(kept.rows_accepted, 'row')} accepted{refused}."))
    if report.status is Status.UNCHANGED:
        _open_report(read_file)


def _open_report(read_file: Preview) -> None:
    """A button to the KPIs of this file: its newest period, and its vendors when they are few."""
    rows = read_file.accepted_frame(read_file.rows_accepted)
    if "period_start" not in rows or "vendor" not in rows:
        return
    fiscal = data.settings().fiscal_year_start_month
    newest = Period.of(Grain.QUARTER, max(rows["period_start"]), fiscal)
    vendors = sorted(rows["vendor"].unique())
    choices = {"period": newest.id, "vendor": vendors if len(vendors) <= MOST_VENDORS_CHOSEN else []}
    st.button("See its KPIs", icon=":material/query_stats:", on_click=go_to, args=("",), kwargs=choices)


def refused_rows(read_file: Preview) -> None:
    """Every refused row with line, column and reason, to look at and to take away."""
    count = read_file.rows_rejected
    if not count:
        return
    rejects = read_file.rejects_frame(MOST_REFUSED_DOWNLOADED)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        more = f", the first {MOST_REFUSED_SHOWN} of {count:,}" if count > MOST_REFUSED_SHOWN else ""
        section(f"Refused rows{more}")
        first = f"the first {MOST_REFUSED_DOWNLOADED:,} " if count > MOST_REFUSED_DOWNLOADED else ""
        download_csv(rejects, f"refused-{read_file.file_name}", f"Download {first}refused rows")
    st.dataframe(rejects.head(MOST_REFUSED_SHOWN), hide_index=True, row_height=34)


def stored_files() -> None:
    """What is stored already, newest first: file, recipe, rows, when, by whom."""
    if not data.warehouse().exists:
        return
    batches = list_batches(data.warehouse().open(), data.scope())[::-1]
    section(f"Stored files: {len(batches)}", ":gray[:small[What each changed, and how to take it out again: Batches and quality]]")
    rows = [
        {
            "batch": batch.batch_id,
            "file": batch.file_name,
            "recipe": batch.recipe_name,
            "rows accepted": batch.rows_accepted,
            "rows refused": batch.rows_rejected,
            "loaded (UTC)": batch.loaded_at,
            "by": batch.loaded_by,
            "status": batch.status,
        }
        for batch in batches
    ]
    st.dataframe(
        rows, hide_index=True, row_height=34, column_config={"loaded (UTC)": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm")}
    )


def sample(read_file: Preview) -> None:
    """The first accepted rows as they would be stored."""
    rows = read_file.accepted_frame(50)
    if len(rows):
        section("The first rows as they would be stored")
        st.dataframe(rows, hide_index=True, row_height=34)
