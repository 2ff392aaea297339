"""The risk the KPIs themselves show: vendor x KPI in the bands of the risk matrix, level and trend in words.

No level is told by its colour alone: each has its word and, above low, a bar at the foot of its cell, a third, two thirds or all of
it wide. What is not measured has no fill at all but dotted lines over and under it.
"""

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analytics.catalogue import find_kpi
from analytics.catalogue.units import NOT_MEASURED_TEXT
from analytics.charts.grid import Grid, GridCell, clicks, fills, grid_layout, grid_of, odd_clicks, row_labels
from analytics.charts.hover import Facts, bold, vendor_names
from analytics.charts.parts import Spec, escape, figure, known, text_trace, with_notes, wrapped
from analytics.charts.theme import Mode, Theme, theme_for

ROW_HEIGHT = 40
LABEL_WIDTH = 104
WORD_SIZE = 10.5
MOST_FULL_COLUMNS = 5
BAR_WIDTH, BAR_BELOW, BAR_SIZE = 0.9, 0.38, 3
OUTLINE = 0.46
HOVER_WIDTH = 56
NOT_RATED = "not<br>measured"
SHORT_WORDS = {"moderate": "mod.", "extreme": "extr.", NOT_RATED: NOT_MEASURED_TEXT}
HEADED = {"worsening": "worse", "improving": "better"}  # words: an arrow up would be read as the value rising


def risk_heatmap(frame: pd.DataFrame, mode: Mode, *, page: int = 1) -> go.Figure:
    """Vendor x KPI with its risk level and where that is heading; a click returns [vendor, kpi].

    One row of `frame` per vendor and KPI, with: vendor, kpi, level (0 low to 3 extreme, NaN: not rated), level_text, trend
    (worsening, improving or another word), reason (lines). What is not rated is an outline that says so. Beyond eight vendors the highest
    risk comes first, in pages (`page_count`).
    """
    theme = theme_for(mode)
    grid = grid_of(frame, page, _badness)
    layout = grid_layout(grid, theme, ROW_HEIGHT, LABEL_WIDTH)
    cells = list(grid.cells)
    layout = with_notes(layout, row_labels(grid, _kpi_words, LABEL_WIDTH, theme))
    if not cells:
        return figure([], layout)
    rated, rest = [cell for cell in cells if cell.facts is not None], [cell for cell in cells if cell.facts is None]
    shapes = [*_bars(cells, theme), *_outlines(cells, theme)]
    layers = [*_words(grid, theme), *clicks(rated, _told), *odd_clicks(rest, _unrated)]
    return figure([fills(grid, _shade, (theme.page, *theme.risk_bands)), *layers, *shapes], layout)


def _kpi_words(kpi: str) -> str:
    return wrapped(find_kpi(kpi).label, 15, 2)


def _level(facts: Any) -> int | None:
    return None if facts is None or facts.level != facts.level else int(facts.level)


def _shade(facts: Any) -> int | None:
    """Place among the colours: the page itself for what is not rated, then the bands."""
    if facts is None:
        return None
    level = _level(facts)
    return 0 if level is None else level + 1


def _badness(rows: Sequence[Any]) -> tuple[float, ...]:
    """Most extreme first, then most high, then most moderate."""
    levels = [_level(row) for row in rows]
    return levels.count(3), levels.count(2), levels.count(1)


def _words(grid: Grid, theme: Theme) -> list[Spec]:
    """Low and blanks whisper; the rest is ink."""
    quiet = [cell for cell in grid.cells if not _level(cell.facts)]
    shortened = SHORT_WORDS if grid.transposed or grid.column_count > MOST_FULL_COLUMNS else {}
    loud = [cell for cell in grid.cells if _level(cell.facts)]
    return [
        text_trace([cell.x for cell in group], [cell.y for cell in group], [_word(cell, shortened) for cell in group], colour, WORD_SIZE)
        for group, colour in ((quiet, theme.muted), (loud, theme.ink))
        if group
    ]


def _word(cell: GridCell, shortened: Mapping[str, str]) -> str:
    """The level, extreme in bold, and under it what gets worse or better."""
    level = _level(cell.facts)
    if level is None:
        return shortened.get(NOT_RATED, NOT_RATED)
    word = escape(shortened.get(cell.facts.level_text, cell.facts.level_text))
    headed = f"<br>{HEADED[cell.facts.trend]}" if cell.facts.trend in HEADED else ""
    return f"<b>{word}</b>{headed}" if level == 3 else f"{word}{headed}"


def _bars(cells: Sequence[GridCell], theme: Theme) -> list[Spec]:
    """The level as a length at the foot of the cell: nothing for low, the whole width for extreme."""
    paths = []
    for cell in cells:
        if level := _level(cell.facts):
            start, y = cell.x - BAR_WIDTH / 2, cell.y + BAR_BELOW
            paths.append([(start, y), (start + BAR_WIDTH * level / 3, y)])
    return _lines(paths, {"color": theme.ink, "width": BAR_SIZE})


def _outlines(cells: Sequence[GridCell], theme: Theme) -> list[Spec]:
    """Dotted lines over and under what is not rated, which has no fill; at its sides a phone has no room beside the words."""
    blank = [cell for cell in cells if _level(cell.facts) is None]
    paths = [[(cell.x + side * OUTLINE, cell.y + down * OUTLINE) for side in (-1, 1)] for cell in blank for down in (-1, 1)]
    return _lines(paths, {"color": theme.normal, "width": 1, "dash": "dot"})


def _lines(paths: Sequence[Sequence[tuple[float, float]]], line: Spec) -> list[Spec]:
    """One trace for lines that do not touch; none without lines."""
    if not paths:
        return []
    points = [point for path in paths for point in (*((round(x, 3), round(y, 3)) for x, y in path), (None, None))]
    x, y = ([point[side] for point in points] for side in (0, 1))
    return [{"type": "scatter", "mode": "lines", "x": x, "y": y, "line": line, "hoverinfo": "skip", "cliponaxis": False}]


def _told(facts: Facts, kpi: str, cells: Sequence[GridCell]) -> list[str]:
    """Vendor and KPI, level and trend, and the reason."""
    return [
        f"{bold(facts.place(vendor_names([cell.vendor for cell in cells])))} · {escape(find_kpi(kpi).label)}",
        facts.place([_verdict(cell.facts) for cell in cells]),
        facts.place([_reason(cell.facts) for cell in cells]),
    ]


def _verdict(facts: Any) -> str:
    trend = known(facts.trend)
    return bold(escape(facts.level_text)) + (f", {escape(trend)}" if trend else "")


def _reason(facts: Any) -> str:
    lines = [part for line in known(facts.reason).split("\n") for part in wrap(line, HOVER_WIDTH)]
    return "<br>".join(escape(line) for line in lines)


def _unrated(cell: GridCell) -> str:
    return f"{bold(vendor_names([cell.vendor])[0])} · {escape(find_kpi(cell.kpi).label)}<br>not rated"
