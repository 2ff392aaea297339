"""Who is worse where: the shared ranks of vendors on many KPIs; only who is worse than most others is loud.

A rank says nothing of the target: who meets it may be last. Its cells are neutral, filled, light or without fill, never blue or vermilion.
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analytics.catalogue import find_kpi
from analytics.catalogue.units import NOT_MEASURED_TEXT
from analytics.charts.grid import GridCell, fills, grid_layout, grid_of, label_width, odd_clicks, row_labels
from analytics.charts.intervals import BETTER, SAME, WORSE, interval_hover, standing_key
from analytics.charts.parts import Spec, escape, figure, shortened, text_trace, with_notes
from analytics.charts.theme import LABEL_SIZE, Mode, Theme, theme_for

ROW_HEIGHT = 34
LABEL_WIDTH = 156
LONGEST_KPI = 24
_SHADES = (SAME, BETTER, WORSE)


def rank_grid(frame: pd.DataFrame, mode: Mode, *, page: int = 1) -> go.Figure:
    """Vendor x KPI with the rank of each; a click returns [vendor, kpi].

    `frame`: vendor, kpi and what the hover of an interval chart needs. Beyond eight vendors those that are worse than
    most others on most KPIs come first, 25 to a page.
    """
    theme, grid = theme_for(mode), grid_of(frame, page, _badness)
    width = label_width(grid, LABEL_WIDTH)
    layout = with_notes(grid_layout(grid, theme, ROW_HEIGHT, width), row_labels(grid, _kpi_words, width, theme))
    cells = list(grid.cells)
    if not cells:
        return figure([], layout)
    colours = [theme.status("no target").cell, theme.page, theme.muted]
    return figure([fills(grid, _shade, colours), *_ranks(cells, theme), *odd_clicks(cells, _hover)], layout)


def _badness(rows: Sequence[Any]) -> tuple[float, ...]:
    """On how many KPIs worse than most others, then than how many in all."""
    keys = [standing_key(row.standing) for row in rows]
    return keys.count(WORSE), sum(row.worse_than for row in rows if row.worse_than == row.worse_than)


def _key(facts: Any) -> str:
    return SAME if facts is None else standing_key(facts.standing)


def _shade(facts: Any) -> float:
    key = _key(facts)
    return _SHADES.index(key if key in _SHADES else SAME)


def _ranks(cells: Sequence[GridCell], theme: Theme) -> list[Spec]:
    groups: dict[str, list[GridCell]] = {}
    for cell in cells:
        groups.setdefault(theme.page if _key(cell.facts) == WORSE else theme.ink, []).append(cell)
    return [
        text_trace([cell.x for cell in group], [cell.y for cell in group], [_rank(cell.facts) for cell in group], colour, LABEL_SIZE)
        for colour, group in groups.items()
    ]


def _rank(facts: Any) -> str:
    return NOT_MEASURED_TEXT if facts is None else escape(facts.rank_text)


def _hover(cell: GridCell) -> str:
    kpi = find_kpi(cell.kpi)
    if cell.facts is None:
        return f"<b>{escape(cell.vendor or '')}</b><br>{escape(kpi.label)}<br>not measured"
    return f"{escape(kpi.label)}<br>{interval_hover(cell.facts, kpi)}"


def _kpi_words(kpi: str) -> str:
    return shortened(find_kpi(kpi).label, LONGEST_KPI)
