"""Editions on screen: issuing one, what was issued, and what has been restated since."""

from datetime import UTC, datetime

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analytics.asking import Reader
from analytics.catalogue import DIMENSIONS
from analytics.errors import UsageError, WarehouseError
from analytics.filters import Filters
from analytics.packs.files import PackFormat, pack_name
from analytics.periods import Period, day_text
from analytics.review.editions import Edition, editions, issue, newest_edition, open_edition
from analytics.review.facts import ReviewRequest
from analytics.review.frozen import digest
from analytics.review.model import QuarterlyReview
from analytics.review.quarterly import quarterly_review
from analytics.review.restated import Difference, restated, restated_sentence
from analytics.warehouse import Scope
from pages.components import data
from pages.components.pack_view import NAMES, made_pack, save_button
from pages.components.parts import dialog_guard
from pages.components.quarter_controls import shown_quarter
from pages.components.state import View, choose
from pages.components.text import text

AGAIN = "Issue another all the same"
_FOLLOWED = "_edition_followed"  # the open edition, and the choices of the filter bar that belong to it
_AGAIN = "_edition_again"  # the edition after which another one like it was asked for
_WHAT_IT_IS = (
    "An edition keeps this review for good: its numbers, targets, definitions and words, and the three files, under one digest. "
    "When data is corrected later, the page says what has been restated since."
)


def differences_since(store: Reader, scope: Scope, request: ReviewRequest, name: str) -> tuple[Difference, ...]:
    """What differs between an edition and the same review made now."""
    return restated(open_edition(data.warehouse(), scope, name).review, quarterly_review(store, scope, request))


def edition_line(request: ReviewRequest, review: QuarterlyReview) -> None:
    """Under the headline: the newest edition, and what has been restated since it was issued; nothing before the first."""
    st.session_state.pop(_FOLLOWED, None)  # no edition is open
    newest = newest_edition(data.warehouse(), data.scope(), review, request.filters) if data.is_stored() else None
    if newest is None:
        return
    try:
        differences = data.ask(differences_since, request, newest.name)
    except WarehouseError as problem:  # the review itself is whole: only what it is held against cannot be read
        st.markdown(f":small[{text(_issued(newest))} :orange[{text(problem.message)}]]")
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f":small[{text(_issued(newest))} :gray[{text(restated_sentence(differences))}]]", width="content")
        _way("As issued", ":material/history:", edition=newest.name)
    if differences:
        with st.expander("What differs"):
            st.dataframe(_table(differences), hide_index=True, row_height=34, alt="What differs from the edition", placeholder="-")


def _way(label: str, icon: str, **choices: str) -> None:
    st.button(label, key=f"way-{label}", type="tertiary", icon=icon, on_click=choose, kwargs=choices)


def _issued(edition: Edition) -> str:
    when = day_text(edition.issued_on.date()) if edition.issued_on else ""
    return f"Edition {edition.number} of {edition.label}, issued {when} by {edition.issued_by}."


def _table(differences: tuple[Difference, ...]) -> pd.DataFrame:
    rows = [(one.what, one.then_text, one.now_text, one.change) for one in differences]
    return pd.DataFrame(rows, columns=["what", "as issued", "now", "change"])


def banner(name: str, view: View) -> QuarterlyReview:
    """Over a past edition: that it is one, its digest, its files as they were, and the way back.

    Of one that cannot be opened: why, the way back, and nothing else.
    """
    try:
        opened = open_edition(data.warehouse(), data.scope(), name)
    except WarehouseError as problem:
        st.error(text(f"{problem.message} {problem.remedy}"))
        _way("Show it as it is now", ":material/update:", edition="")
        st.stop()
    edition = opened.edition
    _follow(edition, view)
    with st.container(border=True, gap="xsmall"):
        said = f"**{text(_issued(edition))}** Every number, target, definition and word is as it was then."
        st.markdown(f"{said} :gray[:small[Digest {text(edition.digest[:16])}]]")
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            _way("Show it as it is now", ":material/update:", edition="")
            _saved(edition, opened.packs, opened.review)
    return opened.review


def _follow(edition: Edition, view: View) -> None:
    """Put the filter bar on the quarter and the choices of the edition when it opens; another choice afterwards leaves the edition.

    All that opens from an edition speaks of the same quarter and vendors.
    """
    shown = (shown_quarter(view.period), view.filters, view.one("compare"))
    name, aimed = st.session_state.get(_FOLLOWED, ("", None))
    if name == edition.name and shown != aimed:
        choose(edition="")
        st.rerun()
    if name == edition.name:
        return
    quarter, filters, compared = aim = _aim(edition, view, shown)
    st.session_state[_FOLLOWED] = (edition.name, aim)
    if aim != shown:
        choose(period=quarter.id, compare=compared, **{dimension: getattr(filters, dimension) for dimension in DIMENSIONS})
        st.rerun()


def _aim(edition: Edition, view: View, shown: tuple[Period, Filters, str]) -> tuple[Period, Filters, str]:
    """Quarter, filters and comparison that belong to an edition; those on screen where quarters had other names then."""
    try:
        quarter = Period.parse(edition.quarter, view.fiscal_start)
    except UsageError:
        return shown
    return quarter, Filters(**(dict(edition.filters) | ({"vendor": edition.vendors} if edition.vendors else {}))), shown[2]


def _saved(edition: Edition, packs: dict[str, bytes], review: QuarterlyReview) -> None:
    """The files of an edition, byte for byte."""
    for made_as in PackFormat:
        if made_as in packs:
            file = pack_name(review, made_as, edition.issued_on or datetime.now(UTC))
            save_button(st.empty(), NAMES[made_as], packs[made_as], file, made_as, f"save-{edition.name}-{made_as}")


@st.dialog("Issue edition", width="medium", on_dismiss="rerun")
def issue_dialog(request: ReviewRequest, review: QuarterlyReview, version: int) -> None:
    """What issuing does, the name of who does it, and what was issued of this quarter before.

    `version`: that of the warehouse the review on screen was made from; a newer one may be published while this is open.
    """
    with dialog_guard():
        st.markdown(_WHAT_IT_IS)
        if not data.is_stored():
            st.markdown(":gray[Only what is stored can be issued: leave the trial first.]")
            return
        with st.form("issue-form", border=False, enter_to_submit=False):
            user = data.scope().user
            name = st.text_input("Your name", "" if user == "local" else user, max_chars=60, width=280).strip()
            asked = st.form_submit_button(f"Issue {text(review.label)}", disabled=not review.measured)
        if asked and not name:
            st.error("Who issues it? Write your name.")
        elif name and (asked or _AGAIN in st.session_state):
            _issue_or_ask(request, review, name, version, asked=asked)
        for edition in editions(data.warehouse(), data.scope(), review.quarter):
            _listed(edition)


def _issue_or_ask(request: ReviewRequest, review: QuarterlyReview, who: str, version: int, *, asked: bool) -> None:
    """Issue the review, but not twice the same: what the newest edition holds already is issued again only when asked for once more.

    A second click on the button arrives here as well, after the first has issued it.
    """
    newest = newest_edition(data.warehouse(), data.scope(), review, request.filters)
    place = st.empty()
    if newest and newest.digest == digest(review):
        st.session_state[_AGAIN] = newest.name
        with place.container():
            st.info(text(f"{_issued(newest)} Nothing has changed since: another edition would hold the same."))
            if not st.button(AGAIN, key=f"again-{newest.name}"):  # of this edition: a second click finds no such button
                return
    elif not asked:
        return
    _issue(request, review, who, version, place)
    st.session_state.pop(_AGAIN, None)


def _issue(request: ReviewRequest, review: QuarterlyReview, who: str, version: int, place: DeltaGenerator) -> None:
    packs = {made_as.value: made_pack(review, made_as, place)[0] for made_as in PackFormat}
    edition = issue(data.warehouse(), data.scope(), review, packs, who, version=version, filters=request.filters)
    place.success(text(f"Edition {edition.number} of {edition.label} is issued, digest {edition.digest[:16]}."))


def _listed(edition: Edition) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if edition.damaged:
            st.markdown(f":orange[{text(edition.name)}: {text(edition.damaged)}.]", width="content")
            return
        st.markdown(f"{text(_issued(edition))} :gray[:small[{text(edition.audience)} · {text(edition.scope)}]]", width="content")
        if st.button("Open", key=f"open-{edition.name}", type="tertiary"):
            choose(edition=edition.name, period=edition.quarter)
            st.rerun()
