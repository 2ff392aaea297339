"""Dated events on a time chart: a dotted line on the day, a name above the plot where there is room, else a letter that is explained
under the chart, and a line in the hover.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from string import ascii_uppercase

import pandas as pd

from analytics.charts.parts import Spec, escape, note, shortened
from analytics.charts.theme import NOTE_SIZE, Theme
from analytics.charts.timeline import Scale, brief, dates
from analytics.periods import month_name

LONGEST_NAME = 28
NAME_HEIGHTS = (4, 20)
NARROW_AXIS = 300
CHARACTER_WIDTH = 0.55 * NOTE_SIZE
TAG_WIDTH = 26 / NARROW_AXIS
LETTERS = ascii_uppercase


@dataclass(frozen=True, slots=True)
class Event:
    """A dated event with its place along the axis (0 to 1); `row` says at which height its name stands, None: no room, so a letter."""

    day: date
    title: str
    place: float
    row: int | None = None
    letter: str = ""

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
    """The events (happened_on, title) between the first and the last day, each once, oldest first.

    The newest get their names first; where a name has no room the event has a letter instead.
    """
    if events is None or events.empty or frame.empty:
        return []
    first, last = dates(frame["period"]).pop(0), max(dates(frame["period_end"]))
    length = (last - first).days + 1
    dated = sorted(set(zip(dates(pd.to_datetime(events["happened_on"])), events["title"], strict=True)), reverse=True)
    placed: list[Event] = []
    for event in (Event(day, title, ((day - first).days + 0.5) / length) for day, title in dated if first <= day <= last):
        rows = (1, 0) if len(placed) % 2 == 0 else (0, 1)
        placed.append(replace(event, row=next((row for row in rows if _has_room(event, row, placed)), None)))
    return _lettered(placed[::-1])


def _lettered(placed: Sequence[Event]) -> list[Event]:
    """The events without room for a name as A, B, ..., AA, AB, ..., oldest first."""
    names = iter([*LETTERS, *map("".join, product(LETTERS, LETTERS))])
    return [event if event.row is not None else replace(event, letter=next(names, "*")) for event in placed]


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
    """The names above the plot, on two heights, and the letters at the top of the plot."""
    named = [(event, NAME_HEIGHTS[event.row]) for event in events if event.row is not None]
    names = [
        note(event.noon, 1, shortened(event.title, LONGEST_NAME), theme.ink, event.anchor)
        | {"yref": "paper", "yanchor": "bottom", "yshift": height - 4, "xshift": -2 if event.anchor == "left" else 2}
        for event, height in named
    ]
    return [*names, *(_tag(group, theme) for group in _tags(events))]


def _tags(events: Sequence[Event]) -> list[list[Event]]:
    """The events with a letter, those whose letters would run into each other together."""
    groups: list[list[Event]] = []
    for event in events:
        if event.letter and groups and event.place - groups[-1][0].place < TAG_WIDTH:
            groups[-1].append(event)
        elif event.letter:
            groups.append([event])
    return groups


def _tag(group: Sequence[Event], theme: Theme) -> Spec:
    """'A' on its line; 'A-C' on the line in the middle."""
    words = group[0].letter if len(group) == 1 else f"{group[0].letter}-{group[-1].letter}"
    box = {"bgcolor": theme.page, "bordercolor": theme.rule, "borderpad": 2}
    return note(group[len(group) // 2].noon, 1, words, theme.ink, "center") | {"yref": "paper", "yanchor": "top", "yshift": -2} | box
