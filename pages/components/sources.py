"""Where a session's numbers come from: what is stored, the files it is trying, or both. Never in the link, never in another session.

The copy a trial reads is held by a cache of this session: it is thrown away when the source changes, when the files are
kept or discarded, and when the session ends.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from uuid import uuid4

import streamlit as st

from analytics import catalogue
from analytics.intake import Status, Tell, keep_all
from analytics.intake.report import FileReport
from analytics.intake.trial import Trial, TriedFile, open_trial
from analytics.warehouse import Warehouse

STORED, UPLOAD, BOTH = "stored", "upload", "both"
LABELS = {STORED: "what is stored", UPLOAD: "this upload", BOTH: "both, as after Keep"}
_SOURCE, _TRIED, _SWITCHED, _SESSION = "_source", "_tried", "_source_switched", "_source_session"


@dataclass(frozen=True)
class _Wanted:
    """A trial to be opened. `name` is what tells one from another."""

    name: str
    open: Callable[[], Trial] = field(compare=False, repr=False)


@st.cache_resource(
    scope="session",
    max_entries=1,
    on_release=Trial.close,
    show_spinner="Trying the upload in a copy ...",
    hash_funcs={_Wanted: lambda wanted: wanted.name},
)
def _open(wanted: _Wanted) -> Trial:
    return wanted.open()


def source() -> str:
    """STORED, UPLOAD or BOTH: what this session's pages show."""
    return st.session_state.get(_SOURCE, STORED)


def tried() -> tuple[TriedFile, ...]:
    """The files this session is trying."""
    return st.session_state.get(_TRIED, ())


def trial(warehouse: Warehouse, who: str) -> Trial | None:
    """The opened trial of this session's source, None for what is stored; files that cannot be tried: `IntakeError`."""
    return None if source() == STORED else _opened(warehouse, who, tried(), source())


def _opened(warehouse: Warehouse, who: str, files: tuple[TriedFile, ...], shown: str) -> Trial:
    session = st.session_state.setdefault(_SESSION, uuid4().hex)
    facts = [(file.read.sha256, file.read.file_name, file.read.sheet, file.read.recipe.text, file.answers) for file in files]
    name = f"{session}|{warehouse.folder}|{warehouse.newest}|{catalogue.current().stamp}|{shown}|{facts!r}"
    return _open(_Wanted(name, lambda: open_trial(warehouse, files, who, alone=shown == UPLOAD)))


def review(file: TriedFile) -> None:
    """Try a file beside those tried already, and show them alone."""
    others = tuple(other for other in tried() if other.read.sha256 != file.read.sha256)
    st.session_state[_TRIED] = (*others, file)
    show(UPLOAD)


def show(wanted: str) -> None:
    """Let all pages of this session show this source."""
    st.session_state[_SOURCE], st.session_state[_SWITCHED] = wanted, True


def switched() -> bool:
    """Whether the source was changed since the last run; told once."""
    return st.session_state.pop(_SWITCHED, False)


def discard() -> None:
    """Forget all tried files: the pages show what is stored, and the copy is thrown away."""
    st.session_state[_TRIED] = ()
    show(STORED)
    _open.clear()


def forget(files: Collection[str]) -> bool:
    """Try these files (by SHA-256) no longer; whether any of them was tried."""
    left = tuple(file for file in tried() if file.read.sha256 not in files)
    found = len(left) < len(tried())
    if found and left:
        st.session_state[_TRIED] = left
    elif found:
        discard()
    return found


def keep(warehouse: Warehouse, who: str, tell: Tell) -> list[FileReport]:
    """Keep all tried files, telling how far that is; those that are stored are tried no longer."""
    files = tried()
    reports = keep_all(warehouse, [file.read for file in files], who, [dict(file.answers) for file in files], tell)
    there = (Status.STORED, Status.UNCHANGED)
    forget([file.read.sha256 for file, report in zip(files, reports, strict=True) if report.status in there])
    return reports
