"""Other words for a sentence of the review, or a comment of one's own; they are always marked as whose they are."""

from collections.abc import Sequence
from datetime import date

import streamlit as st

from analytics.intake.entering import entered
from analytics.intake.report import Status
from analytics.performance.notes import LONGEST_NAME, LONGEST_NOTE
from analytics.review.commentary import EVERYBODY, OUR_OWN, REGISTER, comment_row, places, rows_for, sentence_row, standing, vendor_of
from analytics.review.facts import ReviewRequest
from analytics.review.model import QuarterlyReview, Sentence
from pages.components import data
from pages.components.parts import dialog_guard
from pages.components.text import text

COMMENT = "A comment of your own"
MOST_SHOWN = 90
_WHERE = "They stand on this page and in the packs for executives and for operations, wherever the sentence does, marked with your name."
_NOT_VENDORS = " A vendor's own pack does not have them."
_NAME = "_words_name"


@st.dialog("Edit the text", width="large")
def words_dialog(request: ReviewRequest, review: QuarterlyReview) -> None:
    """Which sentence, the words for it, and whose they are."""
    with dialog_guard():
        if not data.is_stored():
            st.markdown(":gray[Words are kept with what is stored: leave the trial first.]")
            return
        sentences = places(review)
        place = st.selectbox("Sentence", ["", *sentences], format_func=lambda name: _shortened(sentences.get(name)), index=1)
        said = sentences.get(place)
        if said and said.author:
            rule = f" By rule it says: {text(said.computed)}" if said.computed else ""
            st.markdown(f":gray[:small[{text(said.signature[:1].upper() + said.signature[1:])}.{rule}]]")
        _form(request, review, place, said)


def _shortened(sentence: Sentence | None) -> str:
    if sentence is None:
        return COMMENT
    return sentence.text if len(sentence.text) <= MOST_SHOWN else f"{sentence.text[: MOST_SHOWN - 3]}..."


def _form(request: ReviewRequest, review: QuarterlyReview, place: str, said: Sentence | None) -> None:
    with st.form(f"words-{place}", border=False, enter_to_submit=False):
        body = st.text_area(f"Your words, up to {LONGEST_NOTE} characters", said.text if said else "", max_chars=LONGEST_NOTE)
        user = data.scope().user
        name = st.text_input("Your name", st.session_state.get(_NAME, "" if user == "local" else user), max_chars=LONGEST_NAME, width=280)
        shared = _shared(request, review, place)
        with st.container(horizontal=True, gap="small"):
            saved = st.form_submit_button("Save the words")
            back = "Back to the words made by rule" if said and said.computed else "Take the comment back"
            undone = bool(said and said.author) and st.form_submit_button(back)
    if saved or undone:
        _store(request, review, place, "" if undone else body, name, EVERYBODY if shared else OUR_OWN)


def _shared(request: ReviewRequest, review: QuarterlyReview, place: str) -> bool:
    """Say where the words will stand; of one vendor's review ask whether in its own pack too: by themselves they do not leave the house."""
    vendor = vendor_of(review, request.filters)
    st.markdown(f":gray[:small[{_WHERE}{'' if vendor else _NOT_VENDORS} Earlier words stay known.]]")
    if not vendor:
        return vendor is not None
    told = any(
        one.place == place and one.body and not one.audience for one in standing(data.store(), data.scope(), review, request.filters)
    )
    return st.checkbox(f"Also in {text(vendor)}'s own pack, which leaves the house", value=told, key=f"words-shared-{place}")


def _store(request: ReviewRequest, review: QuarterlyReview, place: str, body: str, name: str, audiences: Sequence[str]) -> None:
    """Keep the rows and close the dialog; what is refused is said in it."""
    scope, filters, today = data.scope(), request.filters, date.today()
    if place:
        row = sentence_row(review, place, body, name, today, scope=scope, filters=filters)
    else:
        row = comment_row(review, body, name, today, scope=scope, filters=filters)
    rows = rows_for(row, audiences, standing(data.store(), scope, review, filters))
    report = entered(data.warehouse(), REGISTER, rows, scope.user)
    if report.status not in (Status.STORED, Status.UNCHANGED):
        st.error(text(" ".join(f"{issue.message} {issue.remedy}" for issue in report.issues)))
        return
    st.session_state[_NAME] = name
    st.rerun()
