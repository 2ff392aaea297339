"""Dated events on a time chart: a dotted line on the day, a name above the plot where there is room, a line in the hover."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from analytics.charts.parts import Spec, escape, note, shortened
from analytics.charts.theme import NOTE_SIZE, Theme
from analytics.charts.timeline import Scale, brief, dates
from analytics.periods import month_name

LONGEST_NAME = 28
NAME_HEIGHTS = (4, 20)
NARROW_AXIS = 300
CHARACTER_WIDTH = 0.55 * NOTE_SIZE


@dataclass(frozen=True, slots=True)
class Event:
    """A dated event with its place along the axis (0 to 1); `row` says at which height its name stands, None: no room."""

    day: date
    title: str
    place: float
    row: int | None = None

    @property
    def noon(self) -> str:
        """Where its line stands."""
        return f"{self.day} 12:00"

    @property
    def anchor(self) -> str:
        """The name is written towards the middle, so that none leaves the chart."""
        return "left" if self.place < 0.5 else "right"

    @property
    def name_span(self) -> tuple[float, float]:
        """Where the name lies along a narrow axis."""
        length = (min(len(self.title), LONGEST_NAME) + 2) * CHARACTER_WIDTH / NARROW_AXIS
        return (self.place, self.place + length) if self.anchor == "left" else (self.place - length, self.place)


def events_of(events: pd.DataFrame | None, frame: pd.DataFrame) -> list[Event]:
    """The events (happened_on, title) between the first and the last day, oldest first; the newest get their names first."""
    if events is None or events.empty or frame.empty:
        return []
    first, last = dates(frame["period"]).pop(0), max(dates(frame["period_end"]))
    length = (last - first).days + 1
    dated = sorted(zip(dates(pd.to_datetime(events["happened_on"])), events["title"], strict=True), reverse=True)
    placed: list[Event] = []
    for event in (Event(day, title, ((day - first).days + 0.5) / length) for day, title in dated if first <= day <= last):
        rows = (1, 0) if len(placed) % 2 == 0 else (0, 1)
        placed.append(replace(event, row=next((row for row in rows if _has_room(event, row, placed)), None)))
    return placed[::-1]


def _has_room(event: Event, row: int, placed: Sequence[Event]) -> bool:
    """Whether the name crosses neither a name of its row nor, in the lower row, the line that leads to a higher name."""
    start, end = event.name_span
    named = [other for other in placed if other.row is not None]
    free = all(other.name_span[1] <= start or other.name_span[0] >= end for other in named if other.row == row)
    return free and not (row == 0 and any(start < other.place < end for other in named if other.row == 1))


def event_notes(events: Sequence[Event], frame: pd.DataFrame) -> list[str]:
    """For the hover of each period, its events."""
    if not events:
        return [""] * len(frame)
    periods = zip(dates(frame["period"]), dates(frame["period_end"]), strict=True)
    lines = [(event.day, f"<br>{escape(event.title)}, {event.day.day} {month_name(event.day)}") for event in events]
    return ["".join(line for day, line in lines if start <= day <= end) for start, end in periods]


def event_lines(events: Sequence[Event], scale: Scale, theme: Theme) -> list[Spec]:
    """A dotted vertical for each event, up to its name; above the traces, because Plotly puts lines that leave the plot under the band."""
    tops = [1 if event.row is None else 1 + NAME_HEIGHTS[event.row] / scale.height for event in events]
    style = {"type": "line", "yref": "paper", "y0": 0, "line": {"color": theme.normal, "width": 1, "dash": "1px,2px"}}
    return [{**style, "x0": event.noon, "x1": event.noon, "y1": brief(top)} for event, top in zip(events, tops, strict=True)]


def event_names(events: Sequence[Event], theme: Theme) -> list[Spec]:
    """The names above the plot, on two heights."""
    named = [(event, NAME_HEIGHTS[event.row]) for event in events if event.row is not None]
    return [
        note(event.noon, 1, shortened(event.title, LONGEST_NAME), theme.ink, event.anchor)
        | {"yref": "paper", "yanchor": "bottom", "yshift": height - 4, "xshift": -2 if event.anchor == "left" else 2}
        for event, height in named
    ]
