"""Notes and events as people read them: whose words, when, from which batch, and what they stood for before.

Nothing is edited. A newer note of the same author on the same KPI, vendor and period stands in place of the older one; an event that is
entered again (same day, title, vendor, site and KPI) in place of its earlier words. The older ones stay readable as `earlier`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import pandas as pd

from analytics.asking import Reader
from analytics.errors import UsageError
from analytics.filters import Filters, where_sql
from analytics.periods import Period, day_text
from analytics.warehouse.scope import Scope

LONGEST_NOTE = 500
LONGEST_TITLE = 80
LONGEST_NAME = 60
_ENTERED = "batch_id, sequence, loaded_at, loaded_by, file_name"
_BATCHES = f"LEFT JOIN (SELECT {_ENTERED}, status FROM batches) USING (batch_id)"


@dataclass(frozen=True, slots=True)
class Entered:
    """How words came in: the batch, and who loaded it when (UTC). All empty for what belongs to no batch."""

    batch: str = ""
    sequence: int = 0
    when: datetime | None = None
    by: str = ""
    file: str = ""

    @property
    def words(self) -> str:
        """'stored 21 Nov 2026, 14:05 UTC by local'."""
        return f"stored {day_text(self.when.date())}, {self.when:%H:%M} UTC by {self.by}" if self.when else ""


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody wrote on a KPI ('' all), a vendor ('' all) and a period ('' none)."""

    written_on: date
    author: str
    kpi: str
    vendor: str
    period: str
    body: str
    entered: Entered
    earlier: tuple["Note", ...] = ()

    @property
    def thread(self) -> tuple[str, ...]:
        """What a newer note must share to stand in its place."""
        return (self.author, self.kpi, self.vendor, self.period)

    def read_period(self, fiscal_start: int = 1) -> Period | None:
        """The period it speaks of; None where it names none or what it names is none."""
        try:
            return Period.parse(self.period, fiscal_start) if self.period else None
        except UsageError:
            return None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on a day, to all or to one KPI, vendor or site ('' all), and who answers for it."""

    happened_on: date
    title: str
    vendor: str
    site: str
    kpi: str
    owner: str
    description: str
    entered: Entered
    earlier: tuple["Event", ...] = ()

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two rows the same event."""
        return (self.happened_on, self.title, self.vendor, self.site, self.kpi)


def all_notes(store: Reader, scope: Scope) -> list[Note]:
    """Every note that stands, the newest first, each with those it stands for."""
    found = store.select(
        scope,
        f"SELECT written_on, author, kpi, vendor, period, body, {_ENTERED} FROM notes {_BATCHES} ORDER BY written_on DESC, sequence DESC",
    )
    threads: dict[tuple[str, ...], list[Note]] = {}
    for row in found.to_dict("records"):
        author, kpi, vendor, period, body = (_known(row[name]) for name in ("author", "kpi", "vendor", "period", "body"))
        note = Note(row["written_on"].date(), author, kpi, vendor, period, body, _entered(row))
        threads.setdefault(note.thread, []).append(note)
    return [replace(newest, earlier=tuple(older)) for newest, *older in threads.values()]


def notes_on(store: Reader, scope: Scope, kpi: str, filters: Filters) -> list[Note]:
    """The notes on a KPI (or on all) and on the vendors the filters leave (or on all), the newest first."""
    return _about(all_notes(store, scope), kpi, with_vendors_left(store, scope, filters))


def vendors_left(store: Reader, scope: Scope, filters: Filters) -> tuple[str, ...]:
    """The vendors with rows of the chosen vendors, sites, lines and channels, by name."""
    where, values = where_sql(filters)
    rows = " UNION ".join(f"SELECT vendor FROM {table} WHERE true{where}" for table in ("performance", "scorecard"))
    return tuple(store.select(scope, f"SELECT vendor FROM ({rows}) ORDER BY vendor", values)["vendor"])


def with_vendors_left(store: Reader, scope: Scope, filters: Filters) -> Filters:
    """The filters with every vendor they leave named: with the site Pune only the vendors that work there."""
    others = set(filters.dimensions) - {"vendor"}
    return replace(filters, vendor=vendors_left(store, scope, filters) or filters.vendor) if others else filters


def _about(notes: Iterable[Note], kpi: str, filters: Filters) -> list[Note]:
    return [note for note in notes if _touches(note.kpi, kpi) and _shown(note.vendor, filters.vendor)]


def all_events(store: Reader, scope: Scope) -> list[Event]:
    """Every event, the newest first, each with its earlier words."""
    live = "coalesce(status, 'active') = 'active'"
    found = store.select(
        scope,
        f"""SELECT happened_on, title, vendor, site, kpi, owner, description, {_ENTERED} FROM event_rows {_BATCHES} WHERE {live}
        ORDER BY happened_on DESC, title, sequence DESC""",
    )
    same: dict[tuple[object, ...], list[Event]] = {}
    for row in found.to_dict("records"):
        names = ("title", "vendor", "site", "kpi", "owner", "description")
        title, vendor, site, kpi, owner, description = (_known(row[name]) for name in names)
        event = Event(row["happened_on"].date(), title, vendor, site, kpi, owner, description, _entered(row))
        same.setdefault(event.key, []).append(event)
    return [replace(newest, earlier=tuple(older)) for newest, *older in same.values()]


def events_on(store: Reader, scope: Scope, kpi: str, filters: Filters) -> list[Event]:
    """The events that touch a KPI and the vendors and sites of the filters, the newest first."""
    left = with_vendors_left(store, scope, filters)
    return [
        event
        for event in all_events(store, scope)
        if _touches(event.kpi, kpi) and _shown(event.vendor, left.vendor) and _shown(event.site, left.site)
    ]


def _touches(said: str, kpi: str) -> bool:
    return said in ("", kpi)


def _shown(said: str, chosen: Sequence[str]) -> bool:
    return not said or not chosen or said in chosen


def _entered(row: Mapping[str, Any]) -> Entered:
    if not _known(row["batch_id"]) or pd.isna(row["loaded_at"]):
        return Entered()
    when, by, file = row["loaded_at"].to_pydatetime(), _known(row["loaded_by"]), _known(row["file_name"])
    return Entered(row["batch_id"], int(row["sequence"]), when, by, file)


def _known(value: object) -> str:
    return value if isinstance(value, str) else ""


def point_of(note: Note, periods: Sequence[Period]) -> int | None:
    """At which of the periods of a chart (ascending, one grain) a note stands: the one that holds its period, else the last inside it."""
    if not periods:
        return None
    spoken = note.read_period(periods[0].fiscal_start)
    if spoken is None:
        return None
    if spoken.grain.rank <= periods[0].grain.rank:
        held = (place for place, period in enumerate(periods) if period.start <= spoken.anchor <= period.end)
        return next(held, None)
    inside = [place for place, period in enumerate(periods) if spoken.start <= period.anchor <= spoken.end]
    return inside[-1] if inside else None


def speaks_of(note: Note, period: Period) -> bool:
    """Whether a note is on this period or on a part of it."""
    spoken = note.read_period(period.fiscal_start)
    return spoken is not None and spoken.grain.rank <= period.grain.rank and period.start <= spoken.anchor <= period.end


def notes_of_row(notes: Iterable[Note], period: Period, vendor: str) -> list[Note]:
    """Of the notes on a KPI those on a period (or a part of it) and a vendor; '' is the total: those on any vendor."""
    return [note for note in notes if speaks_of(note, period) and (not vendor or note.vendor in ("", vendor))]


def note_counts(store: Reader, scope: Scope, kpis: Sequence[str], period: Period, filters: Filters, vendor: str = "") -> dict[str, int]:
    """KPI -> how many notes `notes_of_row` finds, for the rows of a table at once."""
    notes, left = all_notes(store, scope), with_vendors_left(store, scope, filters)
    return {kpi: len(notes_of_row(_about(notes, kpi, left), period, vendor)) for kpi in kpis}


def note_row(body: str, author: str, written_on: date, *, kpi: str = "", vendor: str = "", period: str = "") -> dict[str, str | date]:
    """A row of the register `notes`; empty or too long words, or a period that is none: `UsageError`."""
    _read(period)
    return {
        "written_on": written_on, "author": _said("The name", author, LONGEST_NAME), "kpi": kpi, "vendor": vendor, "period": period.strip(),
        "body": _said("The note", body, LONGEST_NOTE),
    }  # fmt: skip


def event_row(
    happened_on: date, title: str, owner: str, description: str = "", *, kpi: str = "", vendor: str = "", site: str = ""
) -> dict[str, str | date]:
    """A row of the register `events`; an empty title or owner, or too long words: `UsageError`."""
    described = _said("The description", description, LONGEST_NOTE) if description.strip() else ""
    return {
        "happened_on": happened_on, "title": _said("The title", title, LONGEST_TITLE), "vendor": vendor, "site": site, "kpi": kpi,
        "owner": _said("The owner", owner, LONGEST_NAME), "description": described,
    }  # fmt: skip


def _read(period: str) -> None:
    if period.strip():
        Period.parse(period)


def _said(what: str, words: str, longest: int) -> str:
    """The words on one line."""
    said = " ".join(words.split())
    if not said:
        raise UsageError(f"{what} is empty.", f"Write up to {longest} characters.")
    if len(said) > longest:
        raise UsageError(f"{what} has {len(said)} characters, more than {longest}.", "Shorten it; a longer story belongs in a document.")
    return said
