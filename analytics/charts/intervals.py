"""Members side by side: the value of each with its interval, best first, against the others and the target.

Blue and vermilion say that most of the others lie wholly on one side of the interval; the shape says it too.
"""

from collections.abc import Sequence
from math import ceil
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analytics.catalogue import Kpi, find_kpi
from analytics.catalogue.units import NOT_MEASURED_TEXT
from analytics.charts.grid import ROWS_PER_PAGE, row_label
from analytics.charts.hover import Facts
from analytics.charts.parts import (
    NEVER_FADES,
    Spec,
    base_layout,
    cell_clicks,
    click_layer,
    counts_text,
    escape,
    figure,
    hover_lines,
    known,
    note,
    rows_of,
    shortened,
    small,
    with_notes,
)
from analytics.charts.theme import LABEL_SIZE, SECOND_LINE_SIZE, Mode, Theme, theme_for
from analytics.charts.timeline import Scale, brief, value_axis

ROW_HEIGHT = 42
NAME_WIDTH, NUMBER_WIDTH = 134, 84
LONGEST_NAME = 20
TOP, BOTTOM = 22, 26
FEW_TICKS = 3
FARTHEST_TARGET = 2.0
BETTER, WORSE, SAME, NOT_RANKED = "better", "worse", "same", "not ranked"
_SHORT_REMARK = {"small sample": "small sample", "no counts": "no counts", "reports": "no counts", "does not": "other work"}


def standing_key(words: str) -> str:
    """'better', 'worse', 'same' or 'not ranked' of a standing in words."""
    return next((key for key in (BETTER, WORSE, NOT_RANKED) if words.startswith(key)), SAME)


def page_count_of(rows: pd.DataFrame) -> int:
    """How many pages of 25 the members take."""
    return max(1, ceil(len(rows) / ROWS_PER_PAGE))


def interval_chart(rows: pd.DataFrame, kpi_id: str, mode: Mode, page: int = 1) -> go.Figure:
    """The members of one page, top to bottom as they come, on the scale of all; a click anywhere in a row returns [member, rank].

    `rows`: member, value, lower, upper, others, rank_text, standing, remark, target_levels, target_text, value_text, interval_text,
    others_text, difference_text, measured_text, common_mix, better_than, worse_than, coverage, numerator, denominator.
    """
    theme, kpi = theme_for(mode), find_kpi(kpi_id)
    shown = rows_of(rows.iloc[(page - 1) * ROWS_PER_PAGE : page * ROWS_PER_PAGE])
    height = ROW_HEIGHT * max(len(shown), 1) + TOP + BOTTOM
    scale, goal = _scale(rows, height - TOP - BOTTOM)
    layout = base_layout(theme, height, left=NAME_WIDTH, right=NUMBER_WIDTH, top=TOP, bottom=BOTTOM)
    drawn = bool(rows["value"].notna().any())
    axes = {"xaxis": value_axis(scale, kpi, theme, FEW_TICKS, measured=drawn), "yaxis": _row_axis(len(shown))}
    words = [*_words(shown, theme), *(_goal_words(shown, theme) if goal else [])]
    traces = [*_whiskers(shown, theme), _benchmarks(shown, theme), *_dots(shown, theme), _clicks(shown, kpi, scale)]
    goals = [_goals(shown, theme)] if goal else []
    return figure([*goals, *traces], cell_clicks(with_notes(layout | axes, words)) | {"hovermode": "y"})


def _scale(rows: pd.DataFrame, height: int) -> tuple[Scale, bool]:
    """From the lowest to the highest of what is drawn, and whether the targets lie near enough to be on it.

    Intervals of members that are not ranked run off the edge instead of pressing all others together.
    """
    ranked = rows["rank_text"] != NOT_MEASURED_TEXT
    ends = rows[ranked] if ranked.any() else rows
    columns = [rows["value"], ends["lower"], ends["upper"], ends["others"]]
    levels = np.concatenate([column.to_numpy(float) for column in columns] or [np.array([])])
    levels = levels[np.isfinite(levels)]
    if not len(levels):
        return Scale(0.0, 1.0, height), False
    low, high = float(levels.min()), float(levels.max())
    goals = [level for each in rows["target_levels"] for level in each]
    spread = high - low or abs(high) * 0.05 or 1.0
    near = bool(goals) and low - min(goals) <= FARTHEST_TARGET * spread and max(goals) - high <= FARTHEST_TARGET * spread
    if near:
        low, high = min(low, *goals), max(high, *goals)
    room = (high - low) * 0.06 or abs(high) * 0.05 or 1.0
    return Scale(low - room, high + room, height), near


def target_is_far(rows: pd.DataFrame) -> bool:
    """Whether there are targets, but too far from the numbers to be drawn with them."""
    return any(rows["target_levels"].map(len)) and not _scale(rows, 1)[1]


def _colour(row: Any, theme: Theme) -> str:
    return {BETTER: theme.improvement.mark, WORSE: theme.concern.mark}.get(standing_key(row.standing), theme.normal)


def _whiskers(rows: Sequence[Any], theme: Theme) -> list[Spec]:
    """The intervals, a trace per colour; those of members that are not ranked dotted."""
    groups: dict[tuple[str, bool], list[int]] = {}
    for place, row in enumerate(rows):
        if row.lower == row.lower:
            groups.setdefault((_colour(row, theme), standing_key(row.standing) == NOT_RANKED), []).append(place)
    return [_whisker([(place, rows[place]) for place in places], *key) for key, places in groups.items()]


def _whisker(rows: Sequence[tuple[int, Any]], colour: str, dotted: bool) -> Spec:
    x = [end for _, row in rows for end in (brief(row.lower), brief(row.upper), None)]
    y = [end for place, _ in rows for end in (place, place, None)]
    line = {"color": colour, "width": 1.5 if dotted else 3, **({"dash": "dot"} if dotted else {})}
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": line, "hoverinfo": "skip"}


def _benchmarks(rows: Sequence[Any], theme: Theme) -> Spec:
    """What the others have together, an upright line in each row."""
    places = [place for place, row in enumerate(rows) if row.others == row.others]
    return _marks(
        places, [rows[place].others for place in places], {"symbol": "line-ns", "size": 20, "line": {"color": theme.muted, "width": 2}}
    )


def _dots(rows: Sequence[Any], theme: Theme) -> list[Spec]:
    """The values, a trace per verdict: diamond and triangle beside their colours, open for those that are not ranked."""
    groups: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        if row.value == row.value:
            groups.setdefault(standing_key(row.standing), []).append(place)
    return [_marks(places, [rows[place].value for place in places], _dot(key, theme)) for key, places in groups.items()]


def _dot(key: str, theme: Theme) -> Spec:
    looks = {
        BETTER: {"symbol": "diamond", "color": theme.improvement.mark, "size": 13},
        WORSE: {"symbol": "triangle-down", "color": theme.concern.mark, "size": 14},
        NOT_RANKED: {"symbol": "circle-open", "color": theme.normal, "size": 10, "line": {"width": 2}},
    }
    return looks.get(key, {"symbol": "circle", "color": theme.normal, "size": 11})


def _marks(places: Sequence[int], levels: Sequence[float], marker: Spec) -> Spec:
    return {
        "type": "scatter", "mode": "markers", "x": [brief(level) for level in levels], "y": list(places),
        "marker": {"opacity": 1, **marker}, "hoverinfo": "skip", **NEVER_FADES,
    }  # fmt: skip


def _goals(rows: Sequence[Any], theme: Theme) -> Spec:
    """The target of each member, dashed; one line where all have the same."""
    x: list[float | None] = []
    y: list[float | None] = []
    for level in sorted({level for row in rows for level in row.target_levels}):
        for first, last in _runs([level in row.target_levels for row in rows]):
            x += [brief(level), brief(level), None]
            y += [first - 0.5, last + 0.5, None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "line": {"color": theme.target, "width": 2, "dash": "6px,4px"},
        "hoverinfo": "skip",
    }


def _runs(flags: Sequence[bool]) -> list[tuple[int, int]]:
    """First and last place of each stretch of true ones."""
    edges = np.flatnonzero(np.diff(np.r_[False, np.asarray(flags, dtype=bool), False].astype(int)))
    return [(int(first), int(last) - 1) for first, last in zip(edges[::2], edges[1::2], strict=True)]


def _goal_words(rows: Sequence[Any], theme: Theme) -> list[Spec]:
    """The target over its line, where the first row has one and all share it."""
    texts = {row.target_text for row in rows if row.target_levels}
    if not rows or not rows[0].target_levels:
        return []
    words = f"target {rows[0].target_text}" if len(texts) == 1 else "target, own"
    return [note(brief(rows[0].target_levels[0]), -0.5, escape(words), theme.target, "center") | {"yanchor": "bottom"}]


def _clicks(rows: Sequence[Any], kpi: Kpi, scale: Scale) -> Spec:
    facts = Facts([row.member for row in rows], [row.rank_text for row in rows])
    told = facts.spec([facts.said([interval_hover(row, kpi) for row in rows])]) if rows else {}
    middle = brief((scale.low + scale.high) / 2)
    places = [brief(row.value) if row.value == row.value else middle for row in rows]
    return click_layer(places, range(len(rows)), told)


def interval_hover(row: Any, kpi: Kpi) -> str:
    """Member and value, its interval, the others, whom it is told apart from, counts and coverage."""
    ranked = row.rank_text != NOT_MEASURED_TEXT
    rank = f"rank {row.rank_text}: better than {row.better_than:.0f}, worse than {row.worse_than:.0f}" if ranked else "not ranked"
    verdict = rank if ranked or not row.remark else f"{rank}: {row.remark}"
    given = row.interval_text != NOT_MEASURED_TEXT
    against = "" if row.others_text == NOT_MEASURED_TEXT else f"the others {row.others_text} · {row.difference_text}"
    target = "" if row.target_text == NOT_MEASURED_TEXT else f"target {row.target_text}"
    as_measured = f"as measured {row.measured_text}" if row.common_mix and row.value == row.value else ""
    counts = counts_text(kpi, row.numerator, row.denominator).replace(" / ", "<br>of ") if row.value == row.value else ""
    lines = [f"interval {row.interval_text}" if given else "", against, f"<b>{escape(verdict)}</b>", target, as_measured]
    return hover_lines(
        [
            f"<b>{escape(row.member)}</b> · {escape(row.value_text)}",
            *(escape(line) if "<b>" not in line else line for line in lines),
            counts,
            escape(row.coverage),
        ]
    )


def _words(rows: Sequence[Any], theme: Theme) -> list[Spec]:
    return [label for place, row in enumerate(rows) for label in (_name(place, row, theme), _number(place, row, theme))]


def _name(place: int, row: Any, theme: Theme) -> Spec:
    """The member over its rank."""
    rank = "not ranked" if row.rank_text == NOT_MEASURED_TEXT else f"rank {row.rank_text}"
    return row_label(
        place, f"{shortened(row.member, LONGEST_NAME)}<br>{small(escape(rank), theme.muted, SECOND_LINE_SIZE)}", NAME_WIDTH, theme
    )


def _number(place: int, row: Any, theme: Theme) -> Spec:
    """The value over its distance from the others, or why it is not ranked."""
    key = standing_key(row.standing)
    tone = {BETTER: theme.improvement.text, WORSE: theme.concern.text}.get(key, theme.muted)
    below = known(row.difference_text).partition(" (")[0] if row.rank_text != NOT_MEASURED_TEXT else _short(row.remark)
    below = "" if below == NOT_MEASURED_TEXT else below
    words = f"<b>{escape(row.value_text)}</b>" + (f"<br>{small(escape(below), tone, SECOND_LINE_SIZE)}" if below else "")
    font = {"color": theme.ink, "size": LABEL_SIZE}
    return note(1, place, words, theme.ink, "right") | {"xref": "paper", "xshift": NUMBER_WIDTH, "font": font}


def _short(remark: str) -> str:
    """'small sample' of 'small sample: 9 cases'; '' of remarks that hold for all."""
    return next((words for start, words in _SHORT_REMARK.items() if remark.startswith(start)), "")


def _row_axis(count: int) -> Spec:
    return {"range": [max(count, 1) - 0.5, -0.5], "visible": False, "fixedrange": True}
