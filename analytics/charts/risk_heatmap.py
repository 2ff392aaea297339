"""The risk the KPIs themselves show: vendor x KPI in the bands of the risk matrix, level and trend in words."""

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analytics.catalogue import find_kpi
from analytics.catalogue.units import NOT_MEASURED_TEXT
from analytics.charts.grid import Grid, GridCell, clicks, fills, grid_layout, grid_of, row_label, vendor_words
from analytics.charts.parts import Spec, escape, figure, hover_lines, known, small, text_trace, wrapped
from analytics.charts.theme import Mode, Theme, theme_for

ROW_HEIGHT = 40
LABEL_WIDTH = 112
WORD_SIZE = 11
TREND_SIZE = 10
HOVER_WIDTH = 56
SHORT_WORDS = {"moderate": "mod.", "extreme": "extr."}
MOVING = ("worsening", "improving")


def risk_heatmap(frame: pd.DataFrame, mode: Mode, *, page: int = 1) -> go.Figure:
    """Vendor x KPI with its risk level and where that is heading; a click returns [vendor, kpi].

    One row of `frame` per vendor and KPI, with: vendor, kpi, level (0 low to 3 extreme, NaN: not rated), level_text, trend
    (worsening, improving or another word), reason. Beyond eight vendors they become rows, highest risk first, 25 to a page.
    """
    theme = theme_for(mode)
    grid = grid_of(frame, page, _badness)
    layout = grid_layout(grid, theme, ROW_HEIGHT, LABEL_WIDTH)
    words = [vendor_words(vendor) for vendor in grid.vendors] if grid.transposed else [_kpi_words(kpi) for kpi in grid.kpis]
    layout["annotations"] = [row_label(row + 0.5, text, LABEL_WIDTH) for row, text in enumerate(words)]
    cells = list(grid.cells)
    if not cells:
        return figure([], layout)
    hovers = [_hover(cell) for cell in cells]
    return figure([fills(grid, _level, theme.risk_bands), *_words(grid, theme), clicks(cells, hovers)], layout)


def _kpi_words(kpi: str) -> str:
    return wrapped(find_kpi(kpi).label, 15, 2)


def _level(facts: Any) -> int | None:
    return None if facts is None or facts.level != facts.level else int(facts.level)


def _badness(rows: Sequence[Any]) -> tuple[float, ...]:
    """Most extreme first, then most high, then most moderate."""
    levels = [_level(row) for row in rows]
    return levels.count(3), levels.count(2), levels.count(1)


def _words(grid: Grid, theme: Theme) -> list[Spec]:
    """Low and not rated whisper; the rest is ink."""
    quiet = [cell for cell in grid.cells if not _level(cell.facts)]
    words = _short_words if grid.transposed else _cell_words
    loud = [cell for cell in grid.cells if _level(cell.facts)]
    return [
        text_trace([cell.x for cell in group], [cell.y for cell in group], [words(cell, colour) for cell in group], colour, WORD_SIZE)
        for group, colour in ((quiet, theme.muted), (loud, theme.ink))
        if group
    ]


def _cell_words(cell: GridCell, colour: str) -> str:
    """The level, extreme in bold, over the trend if there is one."""
    level = _level(cell.facts)
    if level is None:
        return NOT_MEASURED_TEXT
    word = escape(cell.facts.level_text)
    word = f"<b>{word}</b>" if level == 3 else word
    return f"{word}<br>{small(escape(cell.facts.trend), colour, TREND_SIZE)}" if cell.facts.trend in MOVING else word


def _short_words(cell: GridCell, _colour: str) -> str:
    """The level alone, short enough for the narrow columns of many vendors."""
    level = _level(cell.facts)
    word = NOT_MEASURED_TEXT if level is None else escape(SHORT_WORDS.get(cell.facts.level_text, cell.facts.level_text))
    return f"<b>{word}</b>" if level == 3 else word


def _hover(cell: GridCell) -> str:
    """Vendor and KPI, level and trend, and the reason."""
    title = f"<b>{escape(cell.vendor or 'All vendors')}</b> · {escape(find_kpi(cell.kpi).label)}"
    if cell.facts is None:
        return hover_lines([title, "not rated"])
    trend = known(cell.facts.trend)
    verdict = f"<b>{escape(cell.facts.level_text)}</b>" + (f", {escape(trend)}" if trend else "")
    return hover_lines([title, verdict, *(escape(line) for line in wrap(known(cell.facts.reason), HOVER_WIDTH))])
