"""Why a KPI moved: from where it was, part by part, to where it is. Lying on its side, so that names have room on a phone too.

Only the ends stand at values; the parts float between them, and the axis need not begin at zero.
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analytics.catalogue import Kpi, find_kpi
from analytics.charts.grid import row_label
from analytics.charts.hover import Facts
from analytics.charts.parts import (
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

ROW_HEIGHT = 40
BAR = 0.52
NAME_WIDTH, NUMBER_WIDTH = 134, 84
LONGEST_NAME = 20
TOP, BOTTOM = 6, 26
ENDS = ("start", "end")
FEW_TICKS = 3


def waterfall(steps: pd.DataFrame, kpi_id: str, mode: Mode) -> go.Figure:
    """The steps between two values of a KPI, top to bottom; a click anywhere in a row returns the step's member (None where
    there is none) and kind.

    `steps`: kind (start, member, new, vanished, mix, others, end), member, name, detail, text, from_value, to_value, numerator
    and denominator `_before` and `_after`.
    """
    theme, kpi, rows = theme_for(mode), find_kpi(kpi_id), rows_of(steps)
    height = ROW_HEIGHT * len(rows) + TOP + BOTTOM
    scale = _scale(rows, height - TOP - BOTTOM)
    traces = [_guide(rows, theme), _bars(rows, kpi, theme), _ends(rows, theme), _clicks(rows, kpi, scale)]
    layout = base_layout(theme, height, left=NAME_WIDTH, right=NUMBER_WIDTH, top=TOP, bottom=BOTTOM)
    axes = {"xaxis": value_axis(scale, kpi, theme, FEW_TICKS), "yaxis": _row_axis(len(rows)), "bargap": 0}
    clicks = cell_clicks(with_notes(layout | axes, _words(rows, kpi, theme))) | {"hovermode": "y"}
    return figure(traces, clicks)


def _scale(rows: Sequence[Any], height: int) -> Scale:
    """From the smallest to the largest level, with room at both ends."""
    levels = [level for row in rows for level in (row.from_value, row.to_value)]
    low, high = min(levels), max(levels)
    room = (high - low) * 0.06 or abs(high) * 0.01 or 1.0
    return Scale(low - room, high + room, height)


def _better_sign(row: Any, kpi: Kpi) -> int:
    """+1 for a step for the better, -1 for the worse, 0 where the KPI passes no verdict or the step is too small to be printed."""
    if not any(digit in known(row.text) for digit in "123456789"):
        return 0
    change = row.to_value - row.from_value
    return kpi.better_sign * (1 if change > 0 else -1)


def _colour(row: Any, kpi: Kpi, theme: Theme) -> str:
    return {1: theme.improvement.mark, -1: theme.concern.mark}.get(_better_sign(row, kpi), theme.normal)


def _bars(rows: Sequence[Any], kpi: Kpi, theme: Theme) -> Spec:
    """The steps, each from the level before to the level after."""
    places = [place for place, row in enumerate(rows) if row.kind not in ENDS]
    colours = [_colour(rows[place], kpi, theme) for place in places]
    return {
        "type": "bar",
        "orientation": "h",
        "y": places,
        "x": [brief(rows[place].to_value - rows[place].from_value) for place in places],
        "base": [rows[place].from_value for place in places],
        "width": BAR,
        "marker": {"color": colours, "line": {"width": 0}},
        "hoverinfo": "skip",
        "unselected": {"marker": {"opacity": 1}},
    }


def _guide(rows: Sequence[Any], theme: Theme) -> Spec:
    """Thin lines that lead each level down to the next step."""
    x: list[float | None] = []
    y: list[float | None] = []
    for place, row in enumerate(rows[:-1]):
        x += [row.to_value, row.to_value, None]
        y += [place + (0 if row.kind in ENDS else BAR / 2), place + 1 - (0 if rows[place + 1].kind in ENDS else BAR / 2), None]
    line = {"color": theme.normal, "width": 1}
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": line, "hoverinfo": "skip"}


def _ends(rows: Sequence[Any], theme: Theme) -> Spec:
    """Start and end: upright marks at their values, not bars, since the axis does not begin at zero."""
    shown = [(place, row) for place, row in enumerate(rows) if row.kind in ENDS]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [row.to_value for _, row in shown],
        "y": [place for place, _ in shown],
        "marker": {"symbol": "line-ns", "size": 22, "opacity": 1, "line": {"color": theme.ink, "width": 4}},
        "hoverinfo": "skip",
        "cliponaxis": False,
        "unselected": {"marker": {"opacity": 1}},
    }


def _clicks(rows: Sequence[Any], kpi: Kpi, scale: Scale) -> Spec:
    """Hover for every step; a click returns its member, None where there is nothing to look inside, and its kind."""
    places = [place for place, row in enumerate(rows) if row.kind not in ENDS]
    facts = Facts([known(rows[place].member) or None for place in places], [rows[place].kind for place in places])
    told = facts.spec([facts.said([_hover(rows[place], kpi) for place in places])])
    return click_layer([_middle(rows[place], scale) for place in places], places, told)


def _middle(row: Any, scale: Scale) -> float:
    return brief(min(max((row.from_value + row.to_value) / 2, scale.low), scale.high))


def _hover(row: Any, kpi: Kpi) -> str:
    """Name and part; what lies behind it with its counts on both sides."""
    counts = [
        f"{words} {shown.replace(' / ', '<br>of ')}"
        for words, side in (("then:", "before"), ("now:", "after"))
        if (shown := counts_text(kpi, getattr(row, f"numerator_{side}"), getattr(row, f"denominator_{side}")))
    ]
    inside = "click to look inside" if known(row.member) else ""
    return hover_lines([f"<b>{escape(row.name)}</b> · {escape(row.text)}", escape(known(row.detail)), *counts, inside])


def _words(rows: Sequence[Any], kpi: Kpi, theme: Theme) -> list[Spec]:
    """Names on the left with what lies behind them, numbers on the right with their verdict in words."""
    return [label for place, row in enumerate(rows) for label in (_name(place, row, theme), _number(place, row, kpi, theme))]


def _name(place: int, row: Any, theme: Theme) -> Spec:
    name, detail = shortened(row.name, LONGEST_NAME), known(row.detail)
    words = f"<b>{name}</b>" if row.kind in ENDS else name
    below = f"<br>{small(escape(detail), theme.muted, SECOND_LINE_SIZE)}" if detail else ""
    return row_label(place, words + below, NAME_WIDTH, theme)


def _number(place: int, row: Any, kpi: Kpi, theme: Theme) -> Spec:
    number, _, verdict = row.text.partition(" (")
    words = f"<b>{escape(number)}</b>" if row.kind in ENDS else escape(number)
    tone = {1: theme.improvement.text, -1: theme.concern.text}.get(0 if row.kind in ENDS else _better_sign(row, kpi), theme.ink)
    below = f"<br>{small(escape(verdict.removesuffix(')')), theme.muted, SECOND_LINE_SIZE)}" if verdict else ""
    font = {"color": tone, "size": LABEL_SIZE}
    return note(1, place, words + below, theme.ink, "right") | {"xref": "paper", "xshift": NUMBER_WIDTH, "font": font}


def _row_axis(count: int) -> Spec:
    return {"range": [count - 0.5, -0.5], "visible": False, "fixedrange": True}
