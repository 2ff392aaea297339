"""What stands under a trend: its notes with the numbers they have on the chart, and its events, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analytics.asking import Reader
from analytics.performance.notes import Event, Note, events_on, notes_on, point_of
from analytics.performance.trends import TrendRequest
from analytics.periods import Period, day_text
from analytics.warehouse.scope import Scope
from analytics.wording import counted


@dataclass(frozen=True, slots=True)
class Entry:
    """A note or an event as a line. `about`: what it is on, beside the chart's KPI.

    `number`: of a note on the chart, 0 for none; `letter`: of an event whose name has no room on the chart.
    """

    number: int
    when: str
    about: tuple[str, ...]
    title: str
    body: str
    by: str
    period: Period | None = None
    note: Note | None = None
    event: Event | None = None
    letter: str = ""


@dataclass(frozen=True)
class TrendNotes:
    """The lines under a trend, and its notes as a chart takes them: period, number, words."""

    entries: tuple[Entry, ...]
    on_chart: pd.DataFrame


def trend_notes(store: Reader, scope: Scope, request: TrendRequest, series: pd.DataFrame) -> TrendNotes:
    """Notes on the periods of the one series, and those on no period; events inside the range."""
    periods = [Period.of(request.grain, day.date(), request.fiscal_start) for day in series["period"]]
    placed = [(note, point_of(note, periods)) for note in notes_on(store, scope, request.kpi, request.filters)]
    on_chart = sorted((pair for pair in placed if pair[1] is not None), key=lambda pair: -_place(pair))
    loose = [note for note, place in placed if place is None and note.read_period(request.fiscal_start) is None]
    numbered = [(number, note, periods[place]) for number, (note, place) in enumerate(on_chart, 1) if place is not None]
    alone = request.filters.vendor[0] if len(request.filters.vendor) == 1 else ""
    dated = [(period.end, _note_entry(number, note, period, alone)) for number, note, period in numbered]
    events = events_on(store, scope, request.kpi, request.filters)
    dated += [(event.happened_on, _event_entry(event, alone)) for event in events if request.start <= event.happened_on <= request.end]
    lines = [entry for _, entry in sorted(dated, key=lambda pair: pair[0], reverse=True)]
    return TrendNotes((*lines, *(_note_entry(0, note, None, alone) for note in loose)), _frame(numbered))


def _place(pair: tuple[Note, int | None]) -> int:
    return pair[1] or 0


def _frame(numbered: Sequence[tuple[int, Note, Period]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "period": pd.to_datetime([period.start for _, _, period in numbered]),
            "number": [number for number, _, _ in numbered],
            "words": [" ".join(filter(None, (note.vendor and f"{note.vendor}:", note.body))) for _, note, _ in numbered],
        }
    )


def _note_entry(number: int, note: Note, period: Period | None, alone: str) -> Entry:
    spoken = note.read_period(period.fiscal_start) if period else None
    when = spoken.label if spoken else note.period or "no period"
    by = ", ".join(filter(None, (note.author, day_text(note.written_on))))
    about, said = _about(note.vendor, "", note.kpi, alone), f"{by}{_corrected(len(note.earlier))}"
    return Entry(number, when, about, "", note.body, said, period, note)


def _event_entry(event: Event, alone: str) -> Entry:
    about = ("event", *_about(event.vendor, event.site, event.kpi, alone))
    said = f"{event.owner and f'owner {event.owner}'}{_corrected(len(event.earlier))}"
    return Entry(0, day_text(event.happened_on), about, event.title, event.description, said, event=event)


def _about(vendor: str, site: str, kpi: str, alone: str) -> tuple[str, ...]:
    """Vendor (but the only one shown) and site, and that it is on every KPI."""
    return (*filter(None, ("" if vendor == alone else vendor, site)), *(() if kpi else ("all KPIs",)))


def _corrected(times: int) -> str:
    return f" · {counted(times, 'earlier version')}" if times else ""
