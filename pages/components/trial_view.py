"""Files tried, on screen: the switch in the sidebar, the banner over every page, the buttons and the difference on Upload."""

from collections.abc import Sequence
from contextlib import closing

import pandas as pd
import streamlit as st

from analytics.history import restated_numbers
from analytics.intake import FileReport
from analytics.intake.difference import Difference, difference
from analytics.intake.summary import Place, place_of
from analytics.intake.trial import TriedFile, open_trial
from pages.components import data, sources
from pages.components.dropped import Dropped, Standing, working
from pages.components.parts import download_csv, section
from pages.components.state import go_to
from pages.components.text import text

MOST_NAMED = 3
MOST_CHANGES_SHOWN = 200
_CHOICE, _TOLD, _DIFFERENCE, _CORRECTS = "source-choice", "_trial_told", "difference", "_trial_corrects"
Compared = tuple[Difference, pd.DataFrame]
_EVERYTHING = {"period": (), "vendor": (), "site": (), "lob": (), "channel": ()}


def draw_switch() -> None:
    """The choice between what is stored, the upload and both; only while files are tried."""
    if not sources.tried():
        return
    st.session_state[_CHOICE] = sources.source()
    with st.sidebar:
        st.radio("Numbers from", list(sources.LABELS), format_func=sources.LABELS.__getitem__, key=_CHOICE, on_change=_switch)


def _switch() -> None:
    sources.show(st.session_state[_CHOICE])


def fit_period(offered: set[str]) -> None:
    """After a switch: a period the new source does not offer gives way to its default."""
    if sources.switched() and st.session_state.get("period") not in offered:
        st.session_state["period"] = None


def draw_banner() -> None:
    """What just happened to tried files, and over every page that shows them: that they are not stored, with keep and discard."""
    if told := st.session_state.pop(_TOLD, ""):
        st.success(text(told))
    shown = sources.source()
    if shown == sources.STORED:
        return
    beside = " together with what is stored" if shown == sources.BOTH else text(_held())
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small", key="trial-banner"):
        st.markdown(f":material/visibility: You are looking at **{text(_names())}**, not stored{beside}.", width="stretch")
        with st.container(horizontal=True, width="content", gap="small"):
            label = "Keep as correction" if st.session_state.get(_CORRECTS) else "Keep"
            wanted = st.button(label, icon=":material/save:", key="banner-keep")
            st.button("Discard", icon=":material/delete:", type="tertiary", key="banner-discard", on_click=sources.discard)
    if wanted:
        _keep()


def _names() -> str:
    names = [file.read.file_name for file in sources.tried()]
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _held() -> str:
    """': 2 vendors, 1 Nov 2026 to 21 Nov 2026', so that a period of which only a part is there is read as that part."""
    places = [place for file in sources.tried() if (place := place_of(file.read)) is not None]
    if not places:
        return ""
    vendors = tuple(sorted({vendor for place in places for vendor in place.vendors}))
    first, last = min(place.first for place in places), max(place.last for place in places)
    return f": {Place(vendors, first, last, all(place.monthly for place in places)).words}"


def _keep() -> None:
    with working(f"Storing {_names()} ...") as tell:
        reports = sources.keep(data.warehouse(), data.scope().user, tell)
    st.session_state[_TOLD] = " ".join(_kept_words(report) for report in reports)
    st.rerun()


def _kept_words(report: FileReport) -> str:
    if report.batch:
        return f"{report.file} is stored as {report.batch}: {report.rows_accepted:,} rows accepted."
    why = report.questions[0].text if report.questions else report.issues[-1].message
    return f"{report.file} is not stored: {why}"


def compare(file: Dropped) -> Compared | None:
    """What keeping the file would change of the rows stored; None while it cannot be kept or nothing is stored yet."""
    if file.standing is Standing.STORED and sources.forget([file.sha256]):
        st.rerun()
    if not file.can_be_kept or file.tried is None or not data.warehouse().exists:
        return None
    key = (data.warehouse().newest, file.entry.read_key, tuple(file.entry.later_answers.items()))
    if (found := file.entry.known(_DIFFERENCE, key)) is None:
        with working("Comparing it with what is stored ..."), closing(open_trial(data.warehouse(), [file.tried])) as trial:
            changes = pd.concat([restated_numbers(trial.store, data.scope(), batch) for batch in trial.batches])
            found = file.entry.remember(_DIFFERENCE, key, (difference(trial, data.scope()), changes))
    return found


def review_button(file: TriedFile, *, corrects: bool) -> None:
    """The button that opens the file's own scorecard: the file alone on all pages."""
    st.button("See its scorecard", icon=":material/query_stats:", on_click=_review, args=((file,), corrects))


def review_all_button(files: Sequence[TriedFile]) -> None:
    """The button that opens the scorecard of several files together."""
    if len(files) > 1:
        st.button("See their scorecard", icon=":material/query_stats:", type="tertiary", on_click=_review, args=(tuple(files), False))


def discard_button(sha256: str) -> None:
    """The button that lets go of a file that is tried."""
    if any(other.read.sha256 == sha256 for other in sources.tried()):
        st.button("Discard", icon=":material/delete:", type="tertiary", on_click=_forget, args=(sha256,))


def _review(files: Sequence[TriedFile], corrects: bool) -> None:
    for file in files:
        sources.review(file)
    st.session_state[_CORRECTS] = corrects
    go_to("performance_report", **_EVERYTHING)


def _forget(sha256: str) -> None:
    sources.forget([sha256])


def show_difference(compared: Compared | None) -> None:
    """Rows new, identical and restated, and every published number that would read differently, before and after."""
    if not compared or not (compared[0].overlaps or compared[0].skipped):
        return
    found, changes = compared
    counts = f"{found.new:,} rows new · {found.identical:,} identical · {found.restated:,} restated"
    skipped = f" · {found.skipped:,} left to what is stored" if found.skipped else ""
    said = f"{len(changes):,} published numbers would change." if len(changes) else "No published number would change."
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        section("Difference to what is stored", f"{counts}{skipped} :gray[· {said}]")
        if len(changes):
            download_csv(changes, "difference-to-stored.csv")
    if len(changes):
        shown = changes.head(MOST_CHANGES_SHOWN)[["kpi", "vendor", "period", "before", "now"]]
        st.dataframe(
            shown, hide_index=True, row_height=34, height=34 * (min(len(shown), 8) + 1) + 3, alt="Published numbers before and after",
            column_config={"before": "stored", "now": "with this file"},
        )  # fmt: skip
