"""Where each vendor stands: a grid of vendors and KPIs in which only what missed is loud."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analytics.catalogue import find_kpi
from analytics.charts.parts import (
    NEVER_FADES,
    Spec,
    bare_axis,
    base_layout,
    cell_clicks,
    click_layer,
    counts_text,
    escape,
    figure,
    hover_lines,
    known,
    shortened,
    small,
    source_words,
    stepped_colours,
    text_trace,
    words_axis,
    wrapped,
)
from analytics.charts.theme import CELL_GAP, LABEL_SIZE, SECOND_LINE_SIZE, Mode, Theme, Tone, theme_for

MOST_VENDORS_AS_COLUMNS = 8
ROWS_PER_PAGE = 25
ALL = "All"
GAP_BESIDE_ALL = 0.16
LABEL_WIDTH = 148
ROW_HEIGHT = 36
ROW_HEIGHT_WITH_VARIANCE = 46
HEADER_HEIGHT = 24
WRAPPED_HEADER_HEIGHT = 40
ROWS_WHEN_EMPTY = 8
LABEL_WIDTH_OF_VENDORS = 112
COLUMNS_WHEN_FEW = 4
TARGET_ROW = 0.6
_CORNER_SIZE = {"triangle-down": 7, "diamond": 7, "line-ew-open": 7, "circle-open": 5, "square-open": 5.5}
_FILLS = ("met", "below expected", "missed", "not measured")


@dataclass(frozen=True, slots=True)
class _Grid:
    """The cells by (vendor, kpi) and where they lie. Vendor None is the portfolio; `transposed` puts vendors on rows."""

    vendors: tuple[str | None, ...]
    kpis: tuple[str, ...]
    cells: dict[tuple[str | None, str], Any]
    transposed: bool

    @property
    def rows(self) -> Sequence[str | None]:
        return self.vendors if self.transposed else self.kpis

    @property
    def columns(self) -> Sequence[str | None]:
        return self.kpis if self.transposed else self.vendors

    @property
    def gap(self) -> float:
        """The space after the portfolio's column, as a share of a cell."""
        return GAP_BESIDE_ALL if not self.transposed and None in self.vendors[:1] and len(self.vendors) > 1 else 0.0

    @property
    def width(self) -> float:
        return len(self.columns) + self.gap

    def left(self, column: int) -> float:
        """The left edge of a column, in cells."""
        return column + (self.gap if column else 0.0)

    def key(self, row: int, column: int) -> tuple[str | None, str]:
        """Vendor and KPI of a cell."""
        return (self.vendors[row], self.kpis[column]) if self.transposed else (self.vendors[column], self.kpis[row])


@dataclass(frozen=True, slots=True)
class _Cell:
    """One cell at the centre (x, y); `facts` is its row of the frame, None where the frame has none."""

    x: float
    y: float
    vendor: str | None
    kpi: str
    facts: Any

    @property
    def status(self) -> str:
        return known(self.facts.status) if self.facts is not None else "not measured"


def page_count(frame: pd.DataFrame) -> int:
    """How many pages the grid of this frame has: 25 vendors each once vendors are rows, else 1."""
    vendors = len([vendor for vendor in _vendors(frame) if vendor is not None])
    return max(1, ceil(vendors / ROWS_PER_PAGE)) if vendors > MOST_VENDORS_AS_COLUMNS else 1


def status_grid(frame: pd.DataFrame, mode: Mode, *, with_variance: bool = True, page: int = 1) -> go.Figure:
    """Vendor x KPI with value, variance and status; a click returns [vendor, kpi], vendor None for the portfolio.

    One row of `frame` per vendor and KPI of one period, with: vendor (None: the portfolio), kpi, value_text, target_text,
    variance_text, status, status_text, coverage, numerator, denominator, source_kind, remark. KPIs and up to 8 vendors keep the frame's
    order as rows and columns; more vendors become rows, worst first, 25 to a page.
    """
    theme = theme_for(mode)
    grid = _grid(frame, page)
    cells = list(_cells(grid))
    if not cells:
        return figure([], _layout(grid, theme, with_variance))
    words = [*_targets(grid, theme), *_numbers(cells, theme, with_variance, 12 if grid.transposed else LABEL_SIZE)]
    return figure([_fills(grid, theme), *words, _corners(cells, theme), _clicks(cells)], _layout(grid, theme, with_variance))


def _vendors(frame: pd.DataFrame) -> list[str | None]:
    """The vendors as they come, the portfolio (None) first."""
    named = [None if vendor is None or vendor != vendor else vendor for vendor in frame["vendor"]]
    unique = list(dict.fromkeys(named))
    return sorted(unique, key=lambda vendor: vendor is not None)


def _grid(frame: pd.DataFrame, page: int) -> _Grid:
    vendors = _vendors(frame)
    cells = {(None if row.vendor != row.vendor else row.vendor, row.kpi): row for row in frame.itertuples(index=False)}
    transposed = len([vendor for vendor in vendors if vendor is not None]) > MOST_VENDORS_AS_COLUMNS
    if transposed:
        vendors = _page(_worst_first(frame, vendors), page)
    return _Grid(tuple(vendors), tuple(dict.fromkeys(frame["kpi"])), cells, transposed)


def _worst_first(frame: pd.DataFrame, vendors: list[str | None]) -> list[str | None]:
    """The portfolio, then most missed, then most below expected; ties keep their order."""
    counts = frame.groupby(["vendor", "status"]).size().to_dict()
    return sorted(
        vendors,
        key=lambda vendor: (vendor is not None, -counts.get((vendor, "missed"), 0), -counts.get((vendor, "below expected"), 0)),
    )


def _page(vendors: list[str | None], page: int) -> list[str | None]:
    """The vendors of one page (the first is 1); the portfolio stays on top of each."""
    named = [vendor for vendor in vendors if vendor is not None]
    first = (page - 1) * ROWS_PER_PAGE
    return [vendor for vendor in vendors if vendor is None] + named[first : first + ROWS_PER_PAGE]


def _cells(grid: _Grid) -> Iterator[_Cell]:
    for row in range(len(grid.rows)):
        for column in range(len(grid.columns)):
            vendor, kpi = grid.key(row, column)
            yield _Cell(grid.left(column) + 0.5, row + 0.5, vendor, kpi, grid.cells.get((vendor, kpi)))


def _fills(grid: _Grid, theme: Theme) -> Spec:
    """All cells as one heatmap; columns are given by their edges so that the gap is a column without a value."""
    shades = [[_fill(grid.cells.get(grid.key(row, column))) for column in range(len(grid.columns))] for row in range(len(grid.rows))]
    edges = [grid.left(column) for column in range(len(grid.columns))] + [grid.width]
    if grid.gap:
        edges.insert(1, 1.0)
        shades = [[row[0], None, *row[1:]] for row in shades]
    return {
        "type": "heatmap",
        "x": edges,
        "y": list(range(len(grid.rows) + 1)),
        "z": shades,
        "zmin": 0,
        "zmax": len(_FILLS),
        "colorscale": stepped_colours([theme.statuses[status].cell for status in _FILLS]),
        "showscale": False,
        "xgap": CELL_GAP,
        "ygap": CELL_GAP,
        "hoverinfo": "skip",
    }


def _fill(facts: Any) -> float:
    status = facts.status if facts is not None else "not measured"
    return (_FILLS.index(status) if status in _FILLS else _FILLS.index("not measured")) + 0.5


def _numbers(cells: Sequence[_Cell], theme: Theme, with_variance: bool, size: float) -> list[Spec]:
    """One text trace per colour: an array of colours would not survive a click."""
    by_colour: dict[str, list[_Cell]] = {}
    for cell in cells:
        by_colour.setdefault(theme.status(cell.status).on_cell, []).append(cell)
    return [
        text_trace(
            [cell.x for cell in group], [cell.y for cell in group], [_cell_text(cell, with_variance) for cell in group], colour, size
        )
        for colour, group in by_colour.items()
    ]


def _cell_text(cell: _Cell, with_variance: bool) -> str:
    """Value and variance without their units, bold for the portfolio, slanted where the vendor only reports the result."""
    if cell.facts is None:
        return "-"
    value = _number(cell.facts.value_text)
    value = f"<i>{value}</i>" if cell.facts.source_kind == "reported" else value
    value = f"<b>{value}</b>" if cell.vendor is None else value
    variance = _number(cell.facts.variance_text) if with_variance else "-"
    return value if variance == "-" else f'{value}<br><span style="font-size:{SECOND_LINE_SIZE}px">{variance}</span>'


def _number(text: str) -> str:
    """'4:30 min' -> '4:30': the row's label has the unit, and the decimals that keep the verdict honest stay."""
    return escape(known(text).partition(" ")[0] or "-")


def _corners(cells: Sequence[_Cell], theme: Theme) -> Spec:
    """The status shape in the upper right corner of each cell."""
    tones: list[Tone] = [theme.status(cell.status) for cell in cells]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [cell.x + 0.43 for cell in cells],
        "y": [cell.y - 0.39 for cell in cells],
        "marker": {
            "symbol": [tone.symbol for tone in tones],
            "color": [tone.corner for tone in tones],
            "size": [_CORNER_SIZE.get(tone.symbol, 6) for tone in tones],
            "line": {"width": [1.5 if tone.symbol.endswith("open") else 0 for tone in tones], "color": [tone.corner for tone in tones]},
            "opacity": 1,
        },
        "hoverinfo": "skip",
        "cliponaxis": False,
        **NEVER_FADES,
    }


def _clicks(cells: Sequence[_Cell]) -> Spec:
    hovers = [_hover(cell) for cell in cells]
    return click_layer([cell.x for cell in cells], [cell.y for cell in cells], [(cell.vendor, cell.kpi) for cell in cells], hovers)


def _hover(cell: _Cell) -> str:
    """Vendor and KPI, value against target, variance and verdict, coverage and counts."""
    kpi = find_kpi(cell.kpi)
    title = f"<b>{escape(cell.vendor or 'All vendors')}</b> · {escape(kpi.label)}"
    if cell.facts is None:
        return hover_lines([title, "<b>not measured</b>"])
    facts = cell.facts
    target = known(facts.target_text)
    against = escape(facts.value_text) + (f" against {escape(target)}" if target not in ("", "-") else "")
    variance = known(facts.variance_text).partition(" (")[0]
    verdict = (f"{escape(variance)} · " if variance not in ("", "-") else "") + f"<b>{escape(facts.status_text)}</b>"
    counts = counts_text(kpi, facts.numerator, facts.denominator)
    coverage = " · ".join(part for part in (escape(known(facts.coverage)), counts) if part)
    return hover_lines([title, against, verdict, coverage, source_words(facts.source_kind), escape(known(facts.remark))])


def _layout(grid: _Grid, theme: Theme, with_variance: bool) -> Spec:
    rows, row_height = len(grid.rows), ROW_HEIGHT_WITH_VARIANCE if with_variance else ROW_HEIGHT
    top, above = (WRAPPED_HEADER_HEIGHT, TARGET_ROW) if grid.transposed else (HEADER_HEIGHT, 0.0)
    height = round(top + 4 + (above + (rows or ROWS_WHEN_EMPTY)) * row_height)
    layout = cell_clicks(base_layout(theme, height, left=_label_width(grid), right=2, top=top, bottom=4))
    middles = [grid.left(column) + 0.5 for column in range(len(grid.columns))]
    headers = [_header(grid, column) for column in range(len(grid.columns))]
    layout["xaxis"] = words_axis(
        theme, middles, headers, 0, max(grid.width, COLUMNS_WHEN_FEW), side="top", autotickangles=[0, -90], automargin=True
    )
    layout["yaxis"] = bare_axis(rows or 1, -above, showticklabels=False)
    layout["annotations"] = _row_labels(grid, theme)
    return layout


def _label_width(grid: _Grid) -> int:
    return LABEL_WIDTH_OF_VENDORS if grid.transposed else LABEL_WIDTH


def _header(grid: _Grid, column: int) -> str:
    if grid.transposed:
        return wrapped(find_kpi(grid.kpis[column]).label, 13, 2)
    vendor = grid.vendors[column]
    return f"<b>{ALL}</b>" if vendor is None else wrapped(vendor, 16, 2)


def _row_labels(grid: _Grid, theme: Theme) -> list[Spec]:
    labels = [_row_label(grid, row + 0.5, _row_words(grid, row, theme)) for row in range(len(grid.rows))]
    return [_row_label(grid, -TARGET_ROW / 2, small("target", theme.muted, SECOND_LINE_SIZE)), *labels] if grid.transposed else labels


def _row_words(grid: _Grid, row: int, theme: Theme) -> str:
    if grid.transposed:
        vendor = grid.vendors[row]
        return f"<b>{ALL}</b>" if vendor is None else wrapped(vendor, 16, 2)
    kpi = grid.kpis[row]
    target = _shared_target(grid, kpi)
    words = {None: "target differs by vendor", "": "no target"}.get(target, target)
    return f"{shortened(find_kpi(kpi).label, 25)}<br>{small(escape(words), theme.muted, 11.5)}"


def _row_label(grid: _Grid, y: float, words: str) -> Spec:
    return {
        "xref": "paper",
        "x": 0,
        "xshift": -_label_width(grid),
        "xanchor": "left",
        "yref": "y",
        "y": y,
        "yanchor": "middle",
        "align": "left",
        "showarrow": False,
        "text": words,
        "font": {"size": LABEL_SIZE},
    }


def _shared_target(grid: _Grid, kpi: str) -> str | None:
    """The target all vendors share, '' when none has one, None when they differ."""
    agreed = {known(facts.target_text) for (_, of), facts in grid.cells.items() if of == kpi} - {"", "-"}
    return None if len(agreed) > 1 else next(iter(agreed), "")


def _targets(grid: _Grid, theme: Theme) -> list[Spec]:
    """With vendors as rows, the targets stand under the headers without their units."""
    if not grid.transposed:
        return []
    targets = [_shared_target(grid, kpi) for kpi in grid.kpis]
    words = ["own" if target is None else escape(_without_unit(target, kpi)) for target, kpi in zip(targets, grid.kpis, strict=True)]
    middles = [column + 0.5 for column in range(len(grid.kpis))]
    return [text_trace(middles, [-TARGET_ROW / 2] * len(words), words, theme.muted, SECOND_LINE_SIZE)]


def _without_unit(target: str, kpi: str) -> str:
    return target.removesuffix(find_kpi(kpi).unit.suffix) or "-"
