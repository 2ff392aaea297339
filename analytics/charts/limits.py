"""The limits of a control chart: band, dotted limits and mean, where they start anew, and their names.

A frame with a column `segment` has limits that start anew: each segment is drawn for itself and named on the chart.
"""

from collections.abc import Sequence
from itertools import chain

import numpy as np
import pandas as pd

from analytics.catalogue import Kpi
from analytics.charts.parts import Spec, note, shortened
from analytics.charts.theme import Theme
from analytics.charts.timeline import Label, Scale, Step, brief, level_text, line_only, stepped, steps_of

SEGMENT = "segment"
NAMES = {"upper_limit": "upper", "centre_line": "mean", "lower_limit": "lower"}
MOST_RECTANGLES = 30
CHARACTER_SHARE = 0.008  # how much of the axis of a desk a character takes
LONGEST_SEGMENT_NAME = 34


def segments_of(frame: pd.DataFrame) -> list[pd.DataFrame]:
    """The rows of each segment in their order; all rows where the limits never start anew."""
    if SEGMENT not in frame or frame.empty:
        return [frame]
    begins = (frame[SEGMENT] != frame[SEGMENT].shift()).cumsum()
    return [rows for _, rows in frame.groupby(begins, sort=False)]


def limit_traces(frame: pd.DataFrame, theme: Theme) -> list[Spec]:
    """The limits of normal variation dotted, their mean solid; new limits stand apart from the old ones."""
    segments = segments_of(frame)
    edges = [step for column in ("lower_limit", "upper_limit") for rows in segments for step in steps_of(rows, column)]
    means = [step for rows in segments for step in steps_of(rows, "centre_line")]
    limits, mean = stepped(edges, joined=False), stepped(means, joined=False)
    return [line_only(limits, theme.normal, 1, "dot"), line_only(mean, theme.normal, 1.2)]


def band(frame: pd.DataFrame, theme: Theme) -> list[Spec]:
    """The area of normal variation, under the gridlines: a rectangle for each step, one outline where they are many."""
    place = {"layer": "below", "line": {"width": 0}, "fillcolor": theme.normal_band}
    pieces = [pair for rows in segments_of(frame) for pair in _pieces(rows)]
    if len(pieces) > MOST_RECTANGLES:
        return [place | {"type": "path", "path": " ".join(map(_outline, _runs(pieces)))}]
    return [
        place | {"type": "rect", "x0": low.start, "x1": low.end, "y0": brief(low.level), "y1": brief(high.level)} for low, high in pieces
    ]


def _pieces(rows: pd.DataFrame) -> list[tuple[Step, Step]]:
    """Stretches of one segment in which neither limit changes, as (lower, upper)."""
    known = rows[rows["lower_limit"].notna() & rows["upper_limit"].notna()]
    changes = (known[["lower_limit", "upper_limit"]].diff() != 0).any(axis=1).to_numpy(bool)
    first = known[changes]
    starts = first["period"].dt.strftime("%Y-%m-%d").tolist()
    if not starts:
        return []
    end = f"{known['period_end'].iat[-1] + pd.Timedelta(days=1):%Y-%m-%d}"
    ends = [*starts[1:], end]
    levels = zip(starts, ends, first["lower_limit"].tolist(), first["upper_limit"].tolist(), strict=True)
    return [(Step(start, until, low), Step(start, until, high)) for start, until, low, high in levels]


def _runs(pieces: Sequence[tuple[Step, Step]]) -> list[list[tuple[Step, Step]]]:
    """The pieces that follow each other without a gap."""
    gaps = [place for place in range(1, len(pieces)) if pieces[place][0].start != pieces[place - 1][0].end]
    return [list(pieces[start:end]) for start, end in zip([0, *gaps], [*gaps, len(pieces)], strict=True)]


def _outline(run: Sequence[tuple[Step, Step]]) -> str:
    """Along the upper limits and back along the lower ones."""
    there = chain.from_iterable(((high.start, high.level), (high.end, high.level)) for _, high in run)
    back = chain.from_iterable(((low.end, low.level), (low.start, low.level)) for low, _ in reversed(run))
    corners = [f"{day},{brief(level)}" for day, level in (*there, *back)]
    return f"M{' L'.join(corners)} Z"


def limit_labels(frame: pd.DataFrame, kpi: Kpi, scale: Scale, theme: Theme) -> list[Label]:
    """The limits in force at the right end; none where the newest segment has too few points for limits."""
    last = [(words, steps_of(segments_of(frame)[-1], column)[-1:]) for column, words in NAMES.items()]
    return [Label(f"{words} {level_text(step.level, kpi.unit, scale)}", step.level, theme.muted) for words, steps in last for step in steps]


def segment_names(frame: pd.DataFrame, kpi: Kpi, scale: Scale, theme: Theme) -> list[Spec]:
    """Over the upper limit of each segment its name and mean, where it is long enough for them."""
    segments = segments_of(frame)
    if len(segments) < 2:
        return []
    return [spec for place, rows in enumerate(segments) for spec in _segment_name(rows, place, segments, kpi, scale, theme)]


def _segment_name(rows: pd.DataFrame, place: int, segments: list[pd.DataFrame], kpi: Kpi, scale: Scale, theme: Theme) -> list[Spec]:
    """'before Pune outage: mean 83', without the mean in a short one; the last ends at the right: it stays inside however short it is."""
    pieces, last = _pieces(rows), place == len(segments) - 1
    words = str(rows[SEGMENT].iat[0])
    share = len(rows) / sum(len(segment) for segment in segments)
    if not pieces or (not last and share < CHARACTER_SHARE * min(len(words), LONGEST_SEGMENT_NAME)):
        return []
    high = pieces[-1 if last else 0][1]
    mean = f": mean {level_text(float(np.nanmean(rows['centre_line'])), kpi.unit, scale)}"
    mean = "" if last or share < CHARACTER_SHARE * len(words + mean) else mean
    at, anchor = (high.end, "right") if last else (high.start, "left")
    shown = note(at, brief(high.level), f"{shortened(words, LONGEST_SEGMENT_NAME)}{mean}", theme.muted, anchor)
    return [shown | {"yshift": 9, "xshift": -4 if last else 4}]
