"""What people wrote down about the quarter: its dated events, and the notes on it or on a part of it."""

from analytics.catalogue import kpi_label
from analytics.performance.notes import Event, Note, all_notes, speaks_of
from analytics.performance.verdict import number_word
from analytics.review.cells import day_cell, text_cell
from analytics.review.facts import Facts
from analytics.review.model import Audience, Cell, Section, Table

EVENT_COLUMNS = ("Day", "Event", "Vendor", "Site", "KPI", "Owner", "Description")
NOTE_COLUMNS = ("Written on", "Author", "Vendor", "KPI", "Period", "Note")


def notes_and_events(facts: Facts) -> Section:
    """The events inside the quarter, and the notes on it with author and day; whose day or period lies elsewhere is left out."""
    events = [
        event for event in facts.events if facts.quarter.start <= event.happened_on <= facts.quarter.end and _shown(facts, event.vendor)
    ]
    notes = [note for note in all_notes(facts.store, facts.scope) if _is_on(facts, note) and _is_shown_note(facts, note)]
    no_event, no_note = (f"No {what} {facts.quarter.phrase}." for what in ("dated event", "note"))
    tables = (
        Table("events", EVENT_COLUMNS, (True, *(False for _ in EVENT_COLUMNS[1:])), tuple(map(_event, events)), no_event),
        Table("notes", NOTE_COLUMNS, (True, *(False for _ in NOTE_COLUMNS[1:])), tuple(map(_note, notes)), no_note),
    )
    counts = ((len(events), "event"), (len(notes), "note"))
    said = [f"{number_word(count)} {what}{'' if count == 1 else 's'}" for count, what in counts if count]
    return Section("notes", f"Written down: {', '.join(said) or 'nothing'}", None, tables)


def _is_on(facts: Facts, note: Note) -> bool:
    """Whether it speaks of the quarter or a part; without a period, whether it was written in it."""
    return speaks_of(note, facts.quarter) or (not note.period and facts.quarter.start <= note.written_on <= facts.quarter.end)


def _shown(facts: Facts, vendor: str) -> bool:
    return not vendor or vendor in facts.vendors


def _is_shown_note(facts: Facts, note: Note) -> bool:
    """Whether it is on a shown vendor, or on all; a vendor reads those on itself alone."""
    return _shown(facts, note.vendor) and bool(note.vendor or facts.request.audience is not Audience.VENDOR)


def _event(event: Event) -> tuple[Cell, ...]:
    words = (event.title, event.vendor or "all vendors", event.site, kpi_label(event.kpi), event.owner, event.description)
    return (day_cell(event.happened_on), *map(text_cell, words))


def _note(note: Note) -> tuple[Cell, ...]:
    words = (note.author, note.vendor or "all vendors", kpi_label(note.kpi), note.period, note.body)
    return (day_cell(note.written_on), *map(text_cell, words))
