"""What only a person can decide, on screen: each choice with what it makes of the user's own values; answers can be taken back."""

import streamlit as st

from analytics.intake import Question
from analytics.intake.recognise.findings import ANY_TEXT
from analytics.options import filter_options
from pages.components import data
from pages.components.dropped import Dropped, Entry, Standing
from pages.components.text import text

MOST_BUTTONS = 8
_EXAMPLES = {"vendor": "Name of the vendor", "currency": "Such as EUR", "zone": "Such as Europe/Warsaw"}
_WORDS = {
    "dmy": "Day first", "mdy": "Month first", "ymd": "Year first", "ydm": "Year, day, month", "as_written": "As written",
    "sum": "Add them up", "refuse": "Refuse both", "exclude": "Leave them out", "keep": "Keep them", "drop": "Leave them out",
    "replace": "Replace", "add": "Add", "skip": "Skip", "single": "Quotes", "double": "Part of the text", "new": "A name of its own",
    "leave_out": "Leave out", "refuse_file": "Keep nothing of the file",
    "1900": "From 1900 (Windows)", "1904": "From 1904 (old Mac)",
}  # fmt: skip


def questions_view(file: Dropped) -> None:
    """The open questions, then one line for each that is answered."""
    for question in file.open_questions:
        with st.container(border=True, gap="xsmall"):
            _ask(file.entry, question)
    for question in file.answered if file.standing is not Standing.STORED else ():
        _answer_given(file.entry, question)


def _ask(entry: Entry, question: Question) -> None:
    means = {choice.value: choice.means for choice in question.choices}
    widget = f"answer-{entry.id}-{question.key}"
    if len(means) <= MOST_BUTTONS:
        st.radio(
            f"**{text(question.text)}**", list(means), index=None, key=widget, format_func=lambda value: text(answer_words(value)),
            captions=[text(words) for words in means.values()], on_change=_remember, args=(entry, question.key, widget), width="stretch",
        )  # fmt: skip
    else:
        st.selectbox(
            f"**{text(question.text)}**", list(means), index=None, key=widget, format_func=lambda value: f"{value}: {means[value]}",
            placeholder="Choose one", on_change=_remember, args=(entry, question.key, widget),
        )  # fmt: skip
    if question.key in ANY_TEXT:
        _other(entry, question, f"{widget}-text")


def _other(entry: Entry, question: Question, widget: str) -> None:
    """An answer of one's own; for a vendor those known here are offered."""
    known = data.ask(filter_options).get(question.key, []) if data.has_store() else []
    st.selectbox(
        "Another answer: choose or type it", known, index=None, key=widget, accept_new_options=True, placeholder=_EXAMPLES[question.key],
        on_change=_remember, args=(entry, question.key, widget), width=300,
    )  # fmt: skip


def answer_words(value: str) -> str:
    """An answer as a person says it: 'Day first' for dmy, 'column Team' for column:Team."""
    if value.startswith("column:"):
        return f"Column {value.removeprefix('column:')}"
    return _WORDS.get(value, value)


def _remember(entry: Entry, question: str, widget: str) -> None:
    """Keep an answer after its question has left the page."""
    if given := st.session_state[widget]:
        entry.answer(question, given.strip())


def _answer_given(entry: Entry, question: Question) -> None:
    given = entry.answers[question.key]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f":gray[{text(question.text)}] **{text(answer_words(given))}**", width="content")
        st.button("Change", key=f"again-{entry.id}-{question.key}", type="tertiary", on_click=entry.ask_again, args=(question.key,))
