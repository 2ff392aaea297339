"""Asking for the dialog of notes or of an event, from anywhere on a page."""

from dataclasses import dataclass
from datetime import date

import streamlit as st

from analytics.filters import Filters
from analytics.performance.notes import Event, Note
from analytics.periods import Period

NOTE_ICON, EVENT_ICON = ":material/edit_note:", ":material/event:"
_ASKED = "_noted"


@dataclass(frozen=True, slots=True)
class NotesAsked:
    """Which notes are read or written: those on a KPI in a period, of one vendor ('' the total). `correcting`: one to rewrite."""

    kpi: str
    period: Period
    filters: Filters
    vendor: str = ""
    periods: tuple[Period, ...] = ()
    correcting: Note | None = None


@dataclass(frozen=True, slots=True)
class EventAsked:
    """An event to be added on a chart of this KPI, or (`event`) to be read and rewritten."""

    kpi: str
    day: date
    vendor: str = ""
    event: Event | None = None


def ask_notes(asked: NotesAsked | EventAsked) -> None:
    """Callback: open the dialog at the end of this run."""
    st.session_state[_ASKED] = asked


def taken_up() -> NotesAsked | EventAsked | None:
    """What was asked for, once."""
    return st.session_state.pop(_ASKED, None)


def only_vendor(filters: Filters) -> str:
    """The one vendor that is left by the filters, else ''."""
    return filters.vendor[0] if len(filters.vendor) == 1 else ""
