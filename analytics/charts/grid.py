"""A grid of vendors and KPIs: what lies where, in pages when there are many vendors.

At most eight of either are columns, the most whose words a phone has room for: vendors are columns while they fit, else
the KPIs are, and where neither fit vendors are columns again, eight to a page.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import pandas as pd

from analytics.catalogue import find_kpi
from analytics.charts.hover import Facts
from analytics.charts.parts import (
    NEVER_FADES,
    Spec,
    bare_axis,
    base_layout,
    cell_clicks,
    click_layer,
    rows_of,
    stepped_colours,
    words_axis,
    wrapped,
)
from analytics.charts.theme import CELL_GAP, LABEL_SIZE, Theme

MOST_COLUMNS = 8
ROWS_PER_PAGE = 25
ALL = "All"
GAP_BESIDE_ALL = 0.16
HEADER_HEIGHT = 24
LABEL_WIDTH_OF_VENDORS = 112
WRAPPED_HEADER_HEIGHT = 40
ROWS_WHEN_EMPTY = 8
COLUMNS_WHEN_FEW = 4

Key = tuple[str | None, str]


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell at the centre (x, y); `facts` is its row of the frame, None where the frame has none."""

    x: float
    y: float
    vendor: str | None
    kpi: str
    facts: Any


@dataclass(frozen=True, slots=True)
class KpiWords:
    """What a KPI is called, and its unit as it stands behind a number ('' of plain numbers)."""

    label: str
    suffix: str


@dataclass(frozen=True, slots=True)
class Grid:
    """The facts by (vendor, kpi) and where they lie. Vendor None is the portfolio; `transposed` puts vendors on rows."""

    vendors: tuple[str | None, ...]
    words: dict[str, KpiWords]
    facts: dict[Key, Any]
    transposed: bool

    @property
    def kpis(self) -> tuple[str, ...]:
        """The KPIs in their order."""
        return tuple(self.words)

    @property
    def row_count(self) -> int:
        """Rows that are drawn."""
        return len(self.vendors if self.transposed else self.kpis)

    @property
    def column_count(self) -> int:
        """Columns that are drawn."""
        return len(self.kpis if self.transposed else self.vendors)

    @property
    def gap(self) -> float:
        """The space after the portfolio's column, as a share of a cell."""
        return GAP_BESIDE_ALL if not self.transposed and None in self.vendors[:1] and len(self.vendors) > 1 else 0.0

    @property
    def edges(self) -> list[float]:
        """The left edge of each column and the right edge of the last, in cells."""
        return [column + (self.gap if column else 0.0) for column in range(self.column_count)] + [self.column_count + self.gap]

    @property
    def middles(self) -> list[float]:
        """The centre of each column."""
        return [round(edge + 0.5, 2) for edge in self.edges[:-1]]

    def key(self, row: int, column: int) -> Key:
        """Vendor and KPI of a cell."""
        return (self.vendors[row], self.kpis[column]) if self.transposed else (self.vendors[column], self.kpis[row])

    @property
    def cells(self) -> Iterator[GridCell]:
        """Every cell, row by row."""
        for row in range(self.row_count):
            for column, x in enumerate(self.middles):
                vendor, kpi = self.key(row, column)
                yield GridCell(x, row + 0.5, vendor, kpi, self.facts.get((vendor, kpi)))


def grid_of(frame: pd.DataFrame, page: int, badness: Callable[[Sequence[Any]], tuple[float, ...]]) -> Grid:
    """The grid of a frame (vendor, kpi, ...). Beyond eight vendors the worst by `badness` of their rows come first, in pages.

    A frame with `label` and `suffix` says itself what its KPIs are: an edition outlives the catalogue it was made with.
    """
    vendors = _vendors(frame)
    facts = {(None if row.vendor != row.vendor else row.vendor, row.kpi): row for row in rows_of(frame)}
    kpis = _kpi_words(frame)
    named = [vendor for vendor in vendors if vendor is not None]
    if len(named) <= MOST_COLUMNS:
        return Grid(tuple(vendors), kpis, facts, transposed=False)
    rows = {vendor: [facts[vendor, kpi] for kpi in kpis if (vendor, kpi) in facts] for vendor in named}
    worst_first = sorted(named, key=lambda vendor: badness(rows[vendor]), reverse=True)
    shown = _vendors_per_page(len(kpis))
    first = (page - 1) * shown
    portfolio = [vendor for vendor in vendors if vendor is None]
    return Grid((*portfolio, *worst_first[first : first + shown]), kpis, facts, transposed=len(kpis) <= MOST_COLUMNS)


def _kpi_words(frame: pd.DataFrame) -> dict[str, KpiWords]:
    """The KPIs in the order of the frame, each with its words."""
    if "label" in frame:
        return {kpi: KpiWords(*words) for kpi, *words in zip(frame["kpi"], frame["label"], frame["suffix"], strict=True)}
    return {kpi: KpiWords(find_kpi(kpi).label, find_kpi(kpi).unit.suffix) for kpi in dict.fromkeys(frame["kpi"])}


def _vendors_per_page(kpis: int) -> int:
    """25 as rows beside few KPIs, eight as columns over many."""
    return ROWS_PER_PAGE if kpis <= MOST_COLUMNS else MOST_COLUMNS


def page_count(frame: pd.DataFrame) -> int:
    """How many pages the grid of this frame has: 1 up to eight vendors."""
    vendors = len([vendor for vendor in _vendors(frame) if vendor is not None])
    return ceil(vendors / _vendors_per_page(frame["kpi"].nunique())) if vendors > MOST_COLUMNS else 1


def _vendors(frame: pd.DataFrame) -> list[str | None]:
    """The vendors as they come, the portfolio (None) first."""
    named = [None if vendor is None or vendor != vendor else vendor for vendor in frame["vendor"]]
    return sorted(dict.fromkeys(named), key=lambda vendor: vendor is not None)


def fills(grid: Grid, shade: Callable[[Any], float | None], colours: Sequence[str]) -> Spec:
    """All cells as one heatmap in the colour numbered `shade`; the gap is a column without a value."""
    shades = [[None if (level := shade(cell.facts)) is None else level + 0.5 for cell in cells] for cells in _by_row(grid)]
    edges = grid.edges
    if grid.gap:
        edges.insert(1, 1.0)
        shades = [[row[0], None, *row[1:]] for row in shades]
    return {
        "type": "heatmap",
        "x": edges,
        "y": list(range(grid.row_count + 1)),
        "z": shades,
        "zmin": 0,
        "zmax": len(colours),
        "colorscale": stepped_colours(colours),
        "showscale": False,
        "xgap": CELL_GAP,
        "ygap": CELL_GAP,
        "hoverinfo": "skip",
    }


def _by_row(grid: Grid) -> list[list[GridCell]]:
    cells = list(grid.cells)
    return [cells[start : start + grid.column_count] for start in range(0, len(cells), grid.column_count or 1)]


def clicks(cells: Sequence[GridCell], told: Callable[[Facts, str, Sequence[GridCell]], list[str]]) -> list[Spec]:
    """The click layer, a trace per KPI: each cell returns [vendor, kpi]; `told` gives the hover's lines for the cells of a KPI."""
    by_kpi: dict[str, list[GridCell]] = {}
    for cell in cells:
        by_kpi.setdefault(cell.kpi, []).append(cell)
    return [_click_trace(group, lambda facts, kpi=kpi, group=group: told(facts, kpi, group)) for kpi, group in by_kpi.items()]


def odd_clicks(cells: Sequence[GridCell], hover: Callable[[GridCell], str]) -> list[Spec]:
    """The click layer of cells that have little in common: the hover of each (escaped) line by line, equal lines said once."""
    groups: dict[int, list[GridCell]] = {}
    for cell in cells:
        groups.setdefault(hover(cell).count("<br>"), []).append(cell)
    return [_click_trace(group, lambda facts, group=group: facts.lines([hover(cell) for cell in group])) for group in groups.values()]


def _click_trace(cells: Sequence[GridCell], told: Callable[[Facts], list[str]]) -> Spec:
    facts = Facts([cell.vendor for cell in cells], [cell.kpi for cell in cells])
    return click_layer([cell.x for cell in cells], [cell.y for cell in cells], facts.spec(told(facts)))


def grid_layout(grid: Grid, theme: Theme, row_height: int, label_width: int, *, above: float = 0.0) -> Spec:
    """Headers on top (upright where there is no room), rows downwards, `above` rows of space over the first."""
    top = WRAPPED_HEADER_HEIGHT if grid.transposed else HEADER_HEIGHT
    height = round(top + 4 + (above + (grid.row_count or ROWS_WHEN_EMPTY)) * row_height)
    layout = cell_clicks(base_layout(theme, height, left=label_width, right=2, top=top, bottom=4))
    turned = {"side": "top", "autotickangles": [0, -90], "automargin": True}
    right = max(grid.edges[-1], COLUMNS_WHEN_FEW)
    layout["xaxis"] = words_axis(theme, grid.middles, [_header(grid, column) for column in range(grid.column_count)], 0, right, **turned)
    layout["yaxis"] = bare_axis(grid.row_count or 1, -above, showticklabels=False)
    return layout


def vendor_words(vendor: str | None) -> str:
    """The vendor in at most two short lines, the portfolio in bold."""
    return f"<b>{ALL}</b>" if vendor is None else wrapped(vendor, 16, 2)


def _header(grid: Grid, column: int) -> str:
    return wrapped(grid.words[grid.kpis[column]].label, 13, 2) if grid.transposed else vendor_words(grid.vendors[column])


def row_label(y: float, words: str, label_width: int, theme: Theme) -> Spec:
    """Words (escaped) to the left of a row, from the left edge of the figure."""
    return {"xref": "paper", "x": 0, "xshift": -label_width, "y": y, "text": words, "font": {"size": LABEL_SIZE, "color": theme.ink}}


def label_width(grid: Grid, of_kpis: int) -> int:
    """How wide the words left of the rows are: `of_kpis` for KPIs, less for the short names of vendors."""
    return LABEL_WIDTH_OF_VENDORS if grid.transposed else of_kpis


def row_labels(grid: Grid, kpi_words: Callable[[str], str], width: int, theme: Theme) -> list[Spec]:
    """The words left of every row: vendors by name, KPIs as `kpi_words` has them (escaped)."""
    words = [vendor_words(vendor) for vendor in grid.vendors] if grid.transposed else [kpi_words(kpi) for kpi in grid.kpis]
    return [row_label(row + 0.5, text, width, theme) for row, text in enumerate(words)]


def corners(cells: Sequence[GridCell], marker: Spec, above: float = 0.39, right: float = 0.43) -> Spec:
    """Marks in the upper right corners of the cells, all alike, `above` and `right` of the middle by a share of the cell."""
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [round(cell.x + right, 2) for cell in cells],
        "y": [round(cell.y - above, 2) for cell in cells],
        "marker": {"opacity": 1, **marker},
        "hoverinfo": "skip",
        "cliponaxis": False,
        **NEVER_FADES,
    }
