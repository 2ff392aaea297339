"""Notes on a time chart: a ring around the point with the number the note has in the list, and its words in the hover."""

from collections.abc import Sequence

import pandas as pd

from analytics.charts.parts import Spec, wrapped
from analytics.charts.theme import SECOND_LINE_SIZE, Theme
from analytics.charts.timeline import Scale, brief, dates, middles, numbers

RING = 17
HOVER_WIDTH, HOVER_LINES = 62, 3
MOST_TOLD = 3
FLOOR_SHARE = 0.03


def note_marks(notes: pd.DataFrame | None, frame: pd.DataFrame, scale: Scale, theme: Theme) -> list[Spec]:
    """A ring and numbers for each point with notes; at the foot of the chart where nothing is measured.

    `notes`: period (that of a row of the frame), number, words.
    """
    numbered = _by_period(notes)
    places = [place for place, day in enumerate(dates(frame["period"])) if day in numbered]
    if not places:
        return []
    noted = frame.iloc[places]
    floor = scale.low + FLOOR_SHARE * (scale.high - scale.low)
    words = [_numbers_text([number for number, _ in numbered[day]]) for day in dates(noted["period"])]
    return [
        {
            "type": "scatter",
            "mode": "markers+text",
            "x": [str(time) for time in middles(noted)],
            "y": numbers(noted["value"].fillna(brief(floor))),
            "text": words,
            "textposition": "top center",
            "textfont": {"size": SECOND_LINE_SIZE, "color": theme.ink},
            "marker": {"size": RING, "opacity": 1, "symbol": "circle-open", "color": theme.ink, "line": {"width": 1.2}},
            "unselected": {"marker": {"opacity": 1}, "textfont": {"color": theme.ink}},
            "hoverinfo": "skip",
            "cliponaxis": False,
        }
    ]


def note_words(notes: pd.DataFrame | None, frame: pd.DataFrame) -> list[str]:
    """For the hover of each period, the first of its notes, escaped and broken into lines."""
    numbered = _by_period(notes)
    return ["".join(_told(numbered.get(day, ()))) for day in dates(frame["period"])] if numbered else [""] * len(frame)


def _told(notes: Sequence[tuple[int, str]]) -> list[str]:
    lines = [f"<br>{wrapped(f'{number}: {words}', HOVER_WIDTH, HOVER_LINES)}" for number, words in notes[:MOST_TOLD]]
    return [*lines, f"<br>and {len(notes) - MOST_TOLD} more"] if len(notes) > MOST_TOLD else lines


def _by_period(notes: pd.DataFrame | None) -> dict:
    """First day of the period -> its notes as (number, words)."""
    found: dict = {}
    if notes is not None:
        for day, number, words in zip(dates(notes["period"]), notes["number"], notes["words"], strict=True):
            found.setdefault(day, []).append((int(number), str(words)))
    return found


def _numbers_text(numbers_shown: Sequence[int]) -> str:
    """'3', '3, 4', '3-6': numbers of one point follow each other."""
    if len(numbers_shown) <= 2:
        return ", ".join(map(str, numbers_shown))
    return f"{min(numbers_shown)}-{max(numbers_shown)}"
