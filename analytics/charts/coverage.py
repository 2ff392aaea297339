"""How much of the expected data came: vendors against months, in which only what is missing is loud."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analytics.charts.grid import row_label, vendor_words
from analytics.charts.hover import Facts, bold, vendor_names
from analytics.charts.parts import (
    NEVER_FADES,
    Spec,
    bare_axis,
    base_layout,
    cell_clicks,
    click_layer,
    figure,
    rows_of,
    stepped_colours,
    text_trace,
    with_notes,
    words_axis,
)
from analytics.charts.theme import CELL_GAP, SECOND_LINE_SIZE, Mode, Theme, theme_for
from analytics.periods import MONTH_NAMES

ROW_HEIGHT = 34
LABEL_WIDTH = 112
HEADER_HEIGHT = 26
_MARK_SIZE = 8
WHOLE, PARTLY, MISSING, REPORTED = "whole", "in part", "missing", "reported only"
# Each state wears the colour and the shape of the status that means the same.
STATUS_OF = {WHOLE: "met", PARTLY: "below expected", MISSING: "missed", REPORTED: "no target"}


def coverage_heatmap(frame: pd.DataFrame, mode: Mode, vendors: Sequence[str], months: Sequence[date]) -> go.Figure:
    """Vendor x month with the share of what was expected that came; a click returns [vendor, '2026-10-01'].

    One row of `frame` per vendor and month, with: vendor, month, kind (measured or reported), share (0 to 1), expected,
    came. A month in which nothing is expected of a vendor stays empty. `vendors` and `months`: rows and columns, in order.
    """
    theme = theme_for(mode)
    height = HEADER_HEIGHT + 4 + ROW_HEIGHT * max(len(vendors), 1)
    layout = cell_clicks(base_layout(theme, height, left=LABEL_WIDTH, right=2, top=HEADER_HEIGHT, bottom=4))
    layout |= {"xaxis": _months_axis(months, theme), "yaxis": bare_axis(len(vendors) or 1, 0, showticklabels=False)}
    layout = with_notes(layout, [row_label(row + 0.5, vendor_words(vendor), LABEL_WIDTH, theme) for row, vendor in enumerate(vendors)])
    rows, columns = {vendor: row for row, vendor in enumerate(vendors)}, {month: column for column, month in enumerate(months)}
    cells = [
        (columns[fact.month.date()] + 0.5, rows[fact.vendor] + 0.5, fact)
        for fact in rows_of(frame)
        if fact.vendor in rows and fact.month.date() in columns
    ]
    if not cells:
        return figure([], layout)
    return figure([_fills(cells, len(vendors), len(months), theme), *_words(cells, theme), *_marks(cells, theme), _clicks(cells)], layout)


def _months_axis(months: Sequence[date], theme: Theme) -> Spec:
    """Months on top, upright where there is no room."""
    middles, words = [column + 0.5 for column in range(len(months))], [_month_words(month) for month in months]
    return words_axis(theme, middles, words, 0, len(months), side="top", autotickangles=[0, -90], automargin=True)


def _month_words(month: date) -> str:
    """'Oct 26'."""
    return f"{MONTH_NAMES[month.month - 1]} {month.year % 100:02d}"


def state_of(kind: str, share: float) -> str:
    """Whole, in part, missing, or reported only."""
    if share <= 0:
        return MISSING
    if share < 1:
        return PARTLY
    return WHOLE if kind == "measured" else REPORTED


def _state(fact: Any) -> str:
    return state_of(fact.kind, fact.share)


def _fills(cells: Sequence[tuple[float, float, Any]], rows: int, columns: int, theme: Theme) -> Spec:
    """All cells as one heatmap, what is not expected without colour."""
    states = list(STATUS_OF)
    shades: list[list[float | None]] = [[None] * columns for _ in range(rows)]
    for x, y, fact in cells:
        shades[int(y)][int(x)] = states.index(_state(fact)) + 0.5
    return {
        "type": "heatmap",
        "x": list(range(columns + 1)),
        "y": list(range(rows + 1)),
        "z": shades,
        "zmin": 0,
        "zmax": len(states),
        "colorscale": stepped_colours([theme.statuses[STATUS_OF[state]].cell for state in states]),
        "showscale": False,
        "xgap": CELL_GAP,
        "ygap": CELL_GAP,
        "hoverinfo": "skip",
    }


def _words(cells: Sequence[tuple[float, float, Any]], theme: Theme) -> list[Spec]:
    """The percentage of what is there in part, slanted where it is only reported."""
    partly = [(x, y, fact) for x, y, fact in cells if _state(fact) == PARTLY]
    words = [f"<i>{_percent(fact)}</i>" if fact.kind == "reported" else str(_percent(fact)) for _, _, fact in partly]
    ink = theme.statuses[STATUS_OF[PARTLY]].on_cell
    return [text_trace([x for x, _, _ in partly], [y for _, y, _ in partly], words, ink, SECOND_LINE_SIZE)] if partly else []


def _percent(fact: Any) -> int:
    """Rounded down: 100 only when everything is there."""
    return int(fact.share * 100 + 1e-9)


def _marks(cells: Sequence[tuple[float, float, Any]], theme: Theme) -> list[Spec]:
    """A mark in the middle of what is missing and of what is only reported."""
    groups = {state: [(x, y) for x, y, fact in cells if _state(fact) == state] for state in (MISSING, REPORTED)}
    return [_mark(places, theme, STATUS_OF[state]) for state, places in groups.items() if places]


def _mark(places: Sequence[tuple[float, float]], theme: Theme, status: str) -> Spec:
    tone = theme.status(status)
    outline = {"line": {"width": 1.4}} if tone.symbol.endswith("open") else {}
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [x for x, _ in places],
        "y": [y for _, y in places],
        "marker": {"symbol": tone.symbol, "color": tone.corner, "size": _MARK_SIZE, "opacity": 1, **outline},
        "hoverinfo": "skip",
        **NEVER_FADES,
    }


def _clicks(cells: Sequence[tuple[float, float, Any]]) -> Spec:
    """Vendor and month, how much of the expected came, and of what kind."""
    rows = [fact for _, _, fact in cells]
    facts = Facts([fact.vendor for fact in rows], [f"{fact.month:%Y-%m-%d}" for fact in rows])
    lines = [
        f"{bold(facts.place(vendor_names([fact.vendor for fact in rows])))} · {facts.words([_month_words(fact.month) for fact in rows])}",
        facts.words([f"{_percent(fact)} % of what is expected · {_state(fact)}" for fact in rows]),
        facts.words([f"{fact.came} of {fact.expected} {'measures' if fact.kind == 'measured' else 'results'} have data" for fact in rows]),
    ]
    return click_layer([x for x, _, _ in cells], [y for _, y, _ in cells], facts.spec(lines))
