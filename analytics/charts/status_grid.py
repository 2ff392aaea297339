"""Where each vendor stands: a grid of vendors and KPIs in which only what missed is loud."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analytics.catalogue import KPIS
from analytics.catalogue.units import NOT_MEASURED_TEXT
from analytics.charts.grid import (
    Grid,
    GridCell,
    clicks,
    corners,
    fills,
    grid_layout,
    grid_of,
    label_width,
    odd_clicks,
    row_label,
    row_labels,
)
from analytics.charts.hover import Facts, bold, counted, vendor_names
from analytics.charts.parts import (
    Spec,
    counts_text,
    escape,
    figure,
    hover_lines,
    known,
    shortened,
    small,
    source_words,
    text_trace,
    with_notes,
)
from analytics.charts.theme import LABEL_SIZE, SECOND_LINE_SIZE, TICK_SIZE, Mode, Theme, Tone, theme_for

ROW_HEIGHT = 36
ROW_HEIGHT_WITH_VARIANCE = 50  # room for the mark above a number as wide as its cell: 34 px on a phone
CORNER = 0.39
LABEL_WIDTH = 148
TARGET_ROW = 0.6
TARGET_SIZE = 11.5
_CORNER_SIZE = {"triangle-down": 7, "diamond": 6, "line-ew-open": 7, "circle-open": 5, "square-open": 5.5}
_TWO_LINES = f'%{{text}}<br><span style="font-size:{SECOND_LINE_SIZE}px">%{{hovertext}}</span>'
_FILLS = ("met", "below expected", "missed", "not measured")


def status_grid(frame: pd.DataFrame, mode: Mode, *, with_variance: bool = True, page: int = 1) -> go.Figure:
    """Vendor x KPI with value, variance and status; a click returns [vendor, kpi], vendor None for the portfolio.

    One row of `frame` per vendor and KPI of one period, with: vendor (None: the portfolio), kpi, value_text, target_text,
    variance_text, status, status_text, compared, previous_text, change_text, coverage, numerator, denominator, source_kind, remark;
    and label and suffix (the unit behind a number) of the KPI where they are not those of the catalogue.
    KPIs and up to eight vendors keep the frame's order as rows and columns; more vendors become rows, worst first, 25 to a page
    (`page_count`), or beside more than eight KPIs stay columns, eight to a page.
    """
    theme = theme_for(mode)
    grid = grid_of(frame, page, _badness)
    width = label_width(grid, LABEL_WIDTH)
    row_height = ROW_HEIGHT_WITH_VARIANCE if with_variance else ROW_HEIGHT
    layout = grid_layout(grid, theme, row_height, width, above=TARGET_ROW if grid.transposed else 0.0)
    layout = with_notes(layout, _row_labels(grid, theme, width))
    cells = list(grid.cells)
    if not cells:
        return figure([], layout)
    words = [*_targets(grid, theme), *_numbers(cells, theme, with_variance, TICK_SIZE if grid.transposed else LABEL_SIZE)]
    colours = [theme.statuses[status].cell for status in _FILLS]
    regular, odd = [cell for cell in cells if _is_regular(cell)], [cell for cell in cells if not _is_regular(cell)]
    layers = [*_corners(cells, theme), *clicks(regular, partial(_told, grid)), *odd_clicks(odd, partial(_hover, grid))]
    return figure([fills(grid, _shade, colours), *words, *layers], layout)


def _badness(rows: Sequence[Any]) -> tuple[float, ...]:
    """Most missed first, then most below expected."""
    statuses = [row.status for row in rows]
    return statuses.count("missed"), statuses.count("below expected")


def _status(facts: Any) -> str:
    return known(facts.status) if facts is not None else "not measured"


def _shade(facts: Any) -> float:
    status = _status(facts)
    return _FILLS.index(status if status in _FILLS else "not measured")


def _numbers(cells: Sequence[GridCell], theme: Theme, with_variance: bool, size: float) -> list[Spec]:
    """One text trace per colour (an array of colours would not survive a click), with and without a second line."""
    groups: dict[tuple[str, bool], list[GridCell]] = {}
    for cell in cells:
        two_lines = with_variance and _variance(cell) != NOT_MEASURED_TEXT
        groups.setdefault((theme.status(_status(cell.facts)).on_cell, two_lines), []).append(cell)
    return [_number_trace(group, colour, two_lines, size) for (colour, two_lines), group in groups.items()]


def _number_trace(cells: Sequence[GridCell], colour: str, two_lines: bool, size: float) -> Spec:
    """Values, over their variance where there is one."""
    values = text_trace([cell.x for cell in cells], [cell.y for cell in cells], [_value(cell) for cell in cells], colour, size)
    return values | ({"texttemplate": _TWO_LINES, "hovertext": [_variance(cell) for cell in cells]} if two_lines else {})


def _value(cell: GridCell) -> str:
    """The value without its unit, bold for the portfolio, slanted where the vendor only reports the result."""
    if cell.facts is None:
        return NOT_MEASURED_TEXT
    value = _number(cell.facts.value_text)
    value = f"<i>{value}</i>" if cell.facts.source_kind == "reported" else value
    return f"<b>{value}</b>" if cell.vendor is None else value


def _variance(cell: GridCell) -> str:
    return NOT_MEASURED_TEXT if cell.facts is None else _number(cell.facts.variance_text)


def _number(text: str) -> str:
    """'4:30 min' -> '4:30': the row's label has the unit, and the decimals that keep the verdict honest stay."""
    return escape(known(text).partition(" ")[0] or NOT_MEASURED_TEXT)


def _corners(cells: Sequence[GridCell], theme: Theme) -> list[Spec]:
    """The status shape in the upper right corner of each cell, a trace per status."""
    groups: dict[str, list[GridCell]] = {}
    for cell in cells:
        groups.setdefault(_status(cell.facts), []).append(cell)
    return [corners(group, _corner_mark(theme.status(status)), right=CORNER) for status, group in groups.items()]


def _corner_mark(tone: Tone) -> Spec:
    mark = {"symbol": tone.symbol, "color": tone.corner, "size": _CORNER_SIZE.get(tone.symbol, 5.5)}
    return mark | ({"line": {"width": 1.5}} if tone.symbol.endswith("open") else {})


def _is_regular(cell: GridCell) -> bool:
    """Whether its hover has the same lines as most: target, variance and counts."""
    facts = cell.facts
    if facts is None or facts.source_kind != "measured":
        return False
    words = (facts.value_text, facts.target_text, facts.variance_text, facts.coverage)
    return all(_given(text) for text in words) and bool(_counts(cell))


def _counts(cell: GridCell) -> str:
    """The counts in the words of the catalogue; '' where they are not known or nothing says any more what was counted."""
    kpi = KPIS.get(cell.kpi)
    return counts_text(kpi, cell.facts.numerator, cell.facts.denominator) if kpi else ""


def _told(grid: Grid, facts: Facts, name: str, cells: Sequence[GridCell]) -> list[str]:
    """Vendor and KPI, value against target, variance and verdict, value before, coverage and counts, for the cells of one KPI."""
    rows = [cell.facts for cell in cells]
    variances = [_short_variance(row) for row in rows]
    counts = counted(facts, KPIS[name], [row.numerator for row in rows], [row.denominator for row in rows])
    remarks = [f"<br>{escape(known(row.remark))}" if known(row.remark) else "" for row in rows]
    before = [escape(_before(row)) for row in rows]
    return [
        f"{bold(facts.place(vendor_names([cell.vendor for cell in cells])))} · {escape(grid.words[name].label)}",
        " against ".join(facts.words([escape(text) for text in texts]) for texts in _columns(rows, "value_text", "target_text")),
        f"{facts.words([escape(text) for text in variances])} · {bold(facts.words([escape(row.status_text) for row in rows]))}",
        facts.words(before) if all(before) else facts.said([words or "not compared" for words in before]) if any(before) else "",
        f"{facts.words([escape(row.coverage) for row in rows])} · {counts}{facts.said(remarks)}",
    ]


def _columns(rows: Sequence[Any], *names: str) -> list[list[str]]:
    return [[getattr(row, name) for row in rows] for name in names]


def _short_variance(row: Any) -> str:
    """'-0:30 min' of '-0:30 min (better)': the verdict follows."""
    return _given(row.variance_text).partition(" (")[0]


def _before(row: Any) -> str:
    """'Q2 2026: 84.8 %, +0.2 pp', '' where nothing fair is known."""
    change = _given(row.change_text).partition(" (")[0]
    return f"{row.compared.partition(',')[0]}: {row.previous_text}, {change}" if change else ""


def _hover(grid: Grid, cell: GridCell) -> str:
    """Vendor and KPI, value against target, variance and verdict, value before, coverage and counts."""
    title = f"<b>{escape(cell.vendor or 'All vendors')}</b> · {escape(grid.words[cell.kpi].label)}"
    if cell.facts is None:
        return hover_lines([title, "<b>not measured</b>"])
    facts = cell.facts
    target = _given(facts.target_text)
    against = escape(facts.value_text) + (f" against {escape(target)}" if target else "")
    variance = _short_variance(facts)
    verdict = (f"{escape(variance)} · " if variance else "") + f"<b>{escape(facts.status_text)}</b>"
    coverage = " · ".join(part for part in (escape(known(facts.coverage)), _counts(cell)) if part)
    return hover_lines(
        [title, against, verdict, escape(_before(facts)), coverage, source_words(facts.source_kind), escape(known(facts.remark))]
    )


def _given(text: str) -> str:
    """The text, '' where it only says that there is none."""
    return "" if known(text) == NOT_MEASURED_TEXT else known(text)


def _row_labels(grid: Grid, theme: Theme, width: int) -> list[Spec]:
    labels = row_labels(grid, lambda kpi: _kpi_words(grid, kpi, theme), width, theme)
    over = row_label(-TARGET_ROW / 2, small("target", theme.muted, SECOND_LINE_SIZE), width, theme)
    return [over, *labels] if grid.transposed else labels


def _kpi_words(grid: Grid, kpi: str, theme: Theme) -> str:
    """The KPI over its target; where vendors have their own, the portfolio's with the word for it."""
    target, differs = _target(grid, kpi)
    own = f"{target} or own" if target else "own targets"
    words = own if differs else target or "no target"
    return f"{shortened(grid.words[kpi].label, 25)}<br>{small(escape(words), theme.muted, TARGET_SIZE)}"


def _target(grid: Grid, kpi: str) -> tuple[str, bool]:
    """The target all share or else the portfolio's ('' if it has none), and whether vendors have their own."""
    texts = {vendor: _given(facts.target_text) for (vendor, of), facts in grid.facts.items() if of == kpi}
    agreed = set(texts.values()) - {""}
    return (texts.get(None, ""), True) if len(agreed) > 1 else (next(iter(agreed), ""), False)


def _targets(grid: Grid, theme: Theme) -> list[Spec]:
    """With vendors as rows, the targets stand under the headers without their units."""
    if not grid.transposed:
        return []
    shared = [_target(grid, kpi)[0].removesuffix(grid.words[kpi].suffix) or NOT_MEASURED_TEXT for kpi in grid.kpis]
    words = [escape(text) for text in shared]
    return [text_trace(grid.middles, [-TARGET_ROW / 2] * len(words), words, theme.muted, SECOND_LINE_SIZE)]
