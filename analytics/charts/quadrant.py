"""The quadrant: members by two KPIs, each split at the value of all together; who is better or worse on both."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analytics.catalogue import Kpi, find_kpi
from analytics.charts.hover import Facts
from analytics.charts.parts import (
    NEVER_FADES,
    Spec,
    base_layout,
    cell_clicks,
    escape,
    figure,
    hover_lines,
    known,
    note,
    rows_of,
    shortened,
    with_notes,
)
from analytics.charts.theme import SECOND_LINE_SIZE, Mode, Theme, theme_for
from analytics.charts.timeline import Scale, brief, value_axis

HEIGHT = 320
LEFT, RIGHT, TOP, BOTTOM = 44, 14, 26, 42
MOST_NAMED = 12
LESS_OF_MANY = 5
LONGEST_NAME = 18
LONGEST_KPI = 30
FEW_TICKS = 4
BOTH_BETTER, BOTH_WORSE = "better on both", "worse on both"


def quadrant_chart(members: pd.DataFrame, first: str, second: str, mode: Mode) -> go.Figure:
    """Members as points, the first KPI across and the second up; a click returns [vendor, quadrant].

    `members`: member, first, second, first_line, second_line, quadrant, small (`quadrants`), first_text, second_text, first_counts,
    second_counts, coverage.
    """
    theme, kpis, rows = theme_for(mode), (find_kpi(first), find_kpi(second)), rows_of(members)
    across = _scale([row.first for row in rows] + [rows[0].first_line])
    up = _scale([row.second for row in rows] + [rows[0].second_line])
    layout = base_layout(theme, HEIGHT, left=LEFT, right=RIGHT, top=TOP, bottom=BOTTOM)
    axes = {"xaxis": value_axis(across, kpis[0], theme, FEW_TICKS), "yaxis": value_axis(up, kpis[1], theme, FEW_TICKS)}
    units = (known(rows[0].first_text).partition(" ")[2], known(rows[0].second_text).partition(" ")[2])
    words = [*_corners(kpis, theme), *_axis_words(kpis, units, theme), *_names(rows, across, up, theme)]
    lines = [_line([rows[0].first_line] * 2, [up.low, up.high], theme), _line([across.low, across.high], [rows[0].second_line] * 2, theme)]
    return figure([*lines, *_points(rows, kpis, theme)], cell_clicks(with_notes(layout | axes, words)) | {"hoverdistance": 20})


def _scale(levels: Sequence[float]) -> Scale:
    low, high = min(levels), max(levels)
    room = (high - low) * 0.16 or abs(high) * 0.1 or 1.0
    return Scale(low - room, high + room, HEIGHT - TOP - BOTTOM)


def _line(x: Sequence[float], y: Sequence[float], theme: Theme) -> Spec:
    """The value of all together."""
    line = {"color": theme.normal, "width": 1.2}
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [brief(level) for level in x],
        "y": [brief(level) for level in y],
        "line": line,
        "hoverinfo": "skip",
    }


def _points(rows: Sequence[Any], kpis: tuple[Kpi, Kpi], theme: Theme) -> list[Spec]:
    """A trace per verdict; small samples are open circles and pass none."""
    groups: dict[str, list[Any]] = {}
    for row in rows:
        verdict = row.quadrant if row.quadrant in (BOTH_BETTER, BOTH_WORSE) else "mixed"
        groups.setdefault("small" if row.small else verdict, []).append(row)
    less = 0 if len(rows) <= MOST_NAMED else LESS_OF_MANY
    return [_group(group, _look(verdict, theme, less), kpis) for verdict, group in groups.items()]


def _look(verdict: str, theme: Theme, less: int) -> Spec:
    looks = {
        BOTH_BETTER: {"symbol": "diamond", "color": theme.improvement.mark, "size": 14 - less},
        BOTH_WORSE: {"symbol": "triangle-down", "color": theme.concern.mark, "size": 15 - less},
        "small": {"symbol": "circle-open", "color": theme.normal, "size": 11 - less, "line": {"width": 2}},
    }
    return looks.get(verdict, {"symbol": "circle", "color": theme.normal, "size": 12 - less})


def _group(rows: Sequence[Any], marker: Spec, kpis: tuple[Kpi, Kpi]) -> Spec:
    facts = Facts([row.member for row in rows], [row.quadrant for row in rows])
    told = facts.spec([facts.said([_hover(row, kpis) for row in rows])])
    return {
        "type": "scatter", "mode": "markers", "x": [brief(row.first) for row in rows], "y": [brief(row.second) for row in rows],
        "marker": {"opacity": 1, **marker}, "cliponaxis": False, **told, **NEVER_FADES,
    }  # fmt: skip


def _hover(row: Any, kpis: tuple[Kpi, Kpi]) -> str:
    said = {BOTH_BETTER: "better on both", BOTH_WORSE: "worse on both"}
    mixed = {"better on the first only": f"better on {kpis[0].label} only", "better on the second only": f"better on {kpis[1].label} only"}
    verdict = (said | mixed)[row.quadrant] + (", a small sample" if row.small else "")
    sides = [(kpis[0], row.first_text, row.first_counts), (kpis[1], row.second_text, row.second_counts)]
    lines = [line for kpi, text, counts in sides for line in (f"{escape(kpi.label)} {escape(text)}", counts.replace(" / ", "<br>of "))]
    return hover_lines([f"<b>{escape(row.member)}</b>", f"<b>{escape(verdict)}</b>", *lines, escape(row.coverage)])


def _names(rows: Sequence[Any], across: Scale, up: Scale, theme: Theme) -> list[Spec]:
    """The names beside their points, to the side where there is more room; of many only those worse on both, if they are few."""
    named = rows if len(rows) <= MOST_NAMED else [row for row in rows if row.quadrant == BOTH_WORSE and not row.small]
    if len(named) > MOST_NAMED:
        return []
    middle, taken, notes = (across.low + across.high) / 2, [], []
    for row in sorted(named, key=lambda row: row.second):
        level = row.second
        while any(
            abs(level - other) < 15 * up.per_pixel and abs(row.first - beside) < (across.high - across.low) * 0.3 for beside, other in taken
        ):
            level += 4 * up.per_pixel
        taken.append((row.first, level))
        left = row.first <= middle
        notes.append(
            note(brief(row.first), brief(level), shortened(row.member, LONGEST_NAME), theme.ink, "left" if left else "right")
            | {"xshift": 11 if left else -11}
        )
    return notes


def _corners(kpis: tuple[Kpi, Kpi], theme: Theme) -> list[Spec]:
    """'better on both' and 'worse on both' in their corners."""
    right, top = kpis[0].better_sign > 0, kpis[1].better_sign > 0
    return [
        _corner(BOTH_BETTER, right, top, theme.improvement.text),
        _corner(BOTH_WORSE, not right, not top, theme.concern.text),
    ]  # fmt: skip


def _corner(words: str, right: bool, top: bool, colour: str) -> Spec:
    place = {"xref": "paper", "yref": "paper", "yanchor": "top" if top else "bottom", "xshift": -4 if right else 4}
    return note(1 if right else 0, 1 if top else 0, words, colour, "right" if right else "left") | place


def _axis_words(kpis: tuple[Kpi, Kpi], units: tuple[str, str], theme: Theme) -> list[Spec]:
    font = {"size": SECOND_LINE_SIZE, "color": theme.muted}
    places = {"xref": "paper", "yref": "paper", "font": font}
    return [
        note(1, 0, _axis_name(kpis[0], units[0]), theme.muted, "right") | places | {"yshift": -32},
        note(0, 1, _axis_name(kpis[1], units[1]), theme.muted) | places | {"yshift": 14, "xshift": -LEFT + 2},
    ]


def _axis_name(kpi: Kpi, unit: str) -> str:
    """'Cost per resolution, USD (less is better)'."""
    return shortened(kpi.label, LONGEST_KPI) + (f", {escape(unit)}" if unit else "") + (" (less is better)" if kpi.better_sign < 0 else "")
