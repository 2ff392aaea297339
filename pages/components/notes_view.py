"""Notes and events: the list under a chart, the mark in a row, and the dialogs in which they are read, written and corrected.

What is written goes the way of every file: a batch with an original, taken out again on Batches and quality.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from math import ceil

import streamlit as st

from analytics.catalogue import KPIS, find_kpi
from analytics.charts.images import action_image
from analytics.filters import Filters
from analytics.intake.entering import Row, entered
from analytics.intake.report import FileReport, Status
from analytics.options import filter_options
from analytics.performance.notes import (
    LONGEST_NAME,
    LONGEST_NOTE,
    LONGEST_TITLE,
    Entered,
    Event,
    Note,
    event_row,
    note_row,
    notes_of_row,
    notes_on,
)
from analytics.performance.trend_notes import Entry
from analytics.periods import Period, day_text
from pages.components import data
from pages.components.noting import EVENT_ICON, NOTE_ICON, EventAsked, NotesAsked, ask_notes, taken_up
from pages.components.origin_view import ICON as ORIGIN_ICON
from pages.components.origin_view import TITLE as ORIGIN
from pages.components.origin_view import ask_origin
from pages.components.parts import dialog_guard, section
from pages.components.state import go_to
from pages.components.tables import pager
from pages.components.text import text

ENTRIES_A_PAGE = 5
MORE = "History, correction, batch"
EVERYONE, EVERYWHERE, EVERY_KPI = "All vendors", "All sites", "All KPIs"
_NAME, _DONE = "_my_name", "_noted_done"


def show_noted() -> None:
    """Open the dialog that was asked for, and say what was stored; called once at the end of every run."""
    if done := st.session_state.pop(_DONE, ""):
        st.toast(text(done))
    asked = taken_up()
    if isinstance(asked, NotesAsked):
        notes_dialog(asked)
    elif isinstance(asked, EventAsked):
        event_dialog(asked)


def entries_section(entries: Sequence[Entry], asked: str, note: NotesAsked, event: EventAsked) -> None:
    """Notes and events of a chart, the newest first, and the buttons that add one."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="small"):
        if entries:
            section("Notes and events")
        else:
            st.markdown(":gray[:small[No notes and no events here.]]", width="content")
        with st.container(horizontal=True, width="content", gap="small"):
            st.button("Add a note", type="tertiary", icon=NOTE_ICON, on_click=ask_notes, args=(note,))
            st.button("Add an event", type="tertiary", icon=EVENT_ICON, on_click=ask_notes, args=(event,))
    if not entries:
        return
    page = pager("notes", asked, ceil(len(entries) / ENTRIES_A_PAGE), ("Newer ones", "Older ones"), "newest first", quiet=True)
    with st.container(gap="xsmall"):
        for place, entry in enumerate(entries[(page - 1) * ENTRIES_A_PAGE : page * ENTRIES_A_PAGE]):
            _entry(place, entry, note, event)


def _entry(place: int, entry: Entry, note: NotesAsked, event: EventAsked) -> None:
    """'3 · Sep 2026 · Cobalt Bay  words  D. Fernandes, 14 Oct 2026', 'A · 3 Mar 2025 · event'; at its end the button to its history."""
    opened = replace(event, event=entry.event) if entry.event else replace(note, correcting=entry.note, period=entry.period or note.period)
    sign = str(entry.number or entry.letter)
    when = f"**{sign} · {text(entry.when)}**" if sign else f"**{text(entry.when)}**"
    head = " · ".join([when, *(f":gray[{text(word)}]" for word in entry.about)])
    body = f"{text(entry.title)}: {text(entry.body)}" if entry.title and entry.body else text(entry.title or entry.body)
    tail = f" :gray[{text(entry.by)}]" if entry.by else ""
    with st.container(horizontal=True, vertical_alignment="top", gap="small", wrap=False):
        st.markdown(f":small[{head}: {body}{tail}]", width="stretch")
        icon = action_image("history", f"{MORE} of {entry.when}", data.mode())
        st.button(icon, key=f"entry-{place}", type="tertiary", help=MORE, on_click=ask_notes, args=(opened,))


@st.dialog("Notes", width="large")
def notes_dialog(asked: NotesAsked) -> None:
    """The notes of a point or row with their history, and the form for a new one."""
    with dialog_guard():
        if asked.correcting:
            _thread(asked.correcting)
            _note_form(asked, asked.correcting.vendor, asked.correcting.period)
            return
        period = _period_choice(asked)
        about = " · ".join(filter(None, (period.label, find_kpi(asked.kpi).label, asked.vendor or EVERYONE)))
        st.markdown(f":gray[{text(about)}]")
        found = notes_of_row(data.ask(notes_on, asked.kpi, asked.filters), period, asked.vendor)
        for note in found:
            _thread(note)
        if st.button(ORIGIN, type="tertiary", icon=ORIGIN_ICON, key="note-origin"):
            ask_origin(asked.kpi, period, asked.filters, asked.vendor, asked.periods)
            st.rerun()
        _note_form(asked, asked.vendor, period.id)


def _period_choice(asked: NotesAsked) -> Period:
    """The period of the note: on a chart any of those shown."""
    if not asked.periods:
        return asked.period
    index = asked.periods.index(asked.period) if asked.period in asked.periods else 0
    return st.selectbox(
        "Period", asked.periods, index=index, format_func=lambda period: period.label, key="note-period",
        label_visibility="collapsed", width=220,
    )  # fmt: skip


def _thread(note: Note) -> None:
    """A note as it stands, and under it what it stood for before."""
    about = [KPIS[note.kpi].label if note.kpi in KPIS else note.kpi or EVERY_KPI, note.vendor or EVERYONE, note.period or "no period"]
    with st.container(border=True, gap="xsmall"):
        st.markdown(text(note.body))
        _signed(note.author, note.written_on, about, note.entered)
        for older in note.earlier:
            st.markdown(f":gray[:small[Before: {text(older.body)} ({text(_by(older.author, older.written_on))})]]")


def _signed(name: str, day: date | None, about: Sequence[str], came: Entered) -> None:
    """Who said it when about what, how it was stored, and the way to its batch."""
    words = [_by(name, day), *about, came.words]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f":gray[:small[{text(' · '.join(filter(None, words)))}]]", width="content")
        if came.batch and st.button(f"Came with batch {came.batch}", key=f"batch-{'-'.join(words)}", type="tertiary"):
            go_to("batches_and_quality", batch=came.batch)
            st.rerun()


def _by(name: str, day: date | None) -> str:
    return ", ".join(filter(None, (name, day_text(day) if day else "")))


def _note_form(asked: NotesAsked, vendor: str, period: str) -> None:
    """The words and the name; a correction keeps the name, so that it stands in place of the note."""
    if not _can_write():
        return
    old = asked.correcting
    with st.form("note-form", border=False, enter_to_submit=False):
        chosen = vendor if old or vendor else _chosen("About", EVERYONE, _vendors(asked.filters))
        label = f"{'Corrected' if old else 'New'} note, up to {LONGEST_NOTE} characters"
        body = st.text_area(label, old.body[:LONGEST_NOTE] if old else "", max_chars=LONGEST_NOTE)
        name = old.author if old and old.author else st.text_input("Your name", _my_name(), max_chars=LONGEST_NAME, width=280)
        st.markdown(
            ":gray[:small[Plain text. A newer note under the same name on the same KPI, vendor and period stands in place of the older "
            "one, which stays in the history.]]"
        )
        if st.form_submit_button("Save the note"):
            day = max(date.today(), old.written_on) if old else date.today()
            row = note_row(body, name, day, kpi=old.kpi if old else asked.kpi, vendor=chosen, period=period)
            _store("notes", row, name, "The note")


@st.dialog("Event", width="large")
def event_dialog(asked: EventAsked) -> None:
    """A dated event with its history, or the form for a new one."""
    with dialog_guard():
        if asked.event:
            _event_thread(asked.event)
        if _can_write():
            _event_form(asked)


def _event_thread(event: Event) -> None:
    about = [event.vendor or EVERYONE, *([event.site] if event.site else []), KPIS[event.kpi].label if event.kpi in KPIS else EVERY_KPI]
    with st.container(border=True, gap="xsmall"):
        st.markdown(
            f"**{text(event.title)}**, {day_text(event.happened_on)}" + (f"  \n{text(event.description)}" if event.description else "")
        )
        _signed(event.owner or "no owner", None, about, event.entered)
        for older in event.earlier:
            said = " ".join(filter(None, (older.description, f"({older.owner or 'no owner'}; {older.entered.words})")))
            st.markdown(f":gray[:small[Before: {text(said)}]]")


def _event_form(asked: EventAsked) -> None:
    """Day, title and whom it touches are what the event is; owner and words can be rewritten."""
    old = asked.event
    with st.form("event-form", border=False, enter_to_submit=False):
        day, title, vendor, site, kpi = (old.happened_on, old.title, old.vendor, old.site, old.kpi) if old else _event_fields(asked)
        owner = st.text_input("Owner: who answers for it", old.owner if old else _my_name(), max_chars=LONGEST_NAME, width=280)
        words = st.text_area(
            f"What happened, up to {LONGEST_NOTE} characters", old.description[:LONGEST_NOTE] if old else "", max_chars=LONGEST_NOTE
        )
        kept = "Day, title, vendor, site and KPI say which event it is: to change those, undo its batch and add it anew. " if old else ""
        st.markdown(f":gray[:small[{kept}Plain text. Earlier words stay in the history.]]")
        if st.form_submit_button("Save the event"):
            _store("events", event_row(day, title, owner, words, kpi=kpi, vendor=vendor, site=site), owner, "The event")


def _event_fields(asked: EventAsked) -> tuple[date, str, str, str, str]:
    """Day, title, vendor, site and KPI of a new event."""
    options = data.ask(filter_options)
    title = st.text_input(f"Title, as it stands on the charts, up to {LONGEST_TITLE} characters", max_chars=LONGEST_TITLE)
    with st.container(horizontal=True, gap="small"):
        day = st.date_input("Day", asked.day, format="YYYY-MM-DD", width=160)
        vendor = _chosen("Vendor", EVERYONE, options["vendor"], asked.vendor)
        site = _chosen("Site", EVERYWHERE, options["site"])
        kpi = st.selectbox("KPI", ["", asked.kpi], format_func=lambda name: find_kpi(name).label if name else EVERY_KPI, width=220)
    return day if isinstance(day, date) else asked.day, title, vendor, site, kpi


def _chosen(label: str, everything: str, options: Sequence[str], first: str = "") -> str:
    """One of the options, '' for all."""
    names = ["", *options]
    return st.selectbox(
        label, names, index=names.index(first) if first in names else 0, format_func=lambda name: name or everything, width=220
    )


def _vendors(filters: Filters) -> Sequence[str]:
    return filters.vendor or data.ask(filter_options)["vendor"]


def _can_write() -> bool:
    """Whether words can be stored here; a trial of files says why not."""
    if not data.is_stored():
        st.markdown(":gray[Notes and events are written to what is stored: leave the trial first.]")
    return data.is_stored()


def _my_name() -> str:
    user = data.scope().user
    return st.session_state.get(_NAME, "" if user == "local" else user)


def _store(register: str, row: Row, name: str, what: str) -> None:
    """Keep the row and close the dialog; what is refused is said in it."""
    report = entered(data.warehouse(), register, [row], data.scope().user)
    if report.status not in (Status.STORED, Status.UNCHANGED):
        st.error(text(_problems(report)))
        return
    st.session_state[_NAME] = name
    st.session_state[_DONE] = f"{what} is stored as {report.batch}." if report.status is Status.STORED else f"{what} says that already."
    st.rerun()


def _problems(report: FileReport) -> str:
    said = [f"{issue.message} {issue.remedy}" for issue in report.issues]
    return " ".join(said) or "It could not be stored."
