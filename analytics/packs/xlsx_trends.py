"""Native line charts of an XLSX pack: a KPI by month with its target, mean and limits, as data anybody can change."""

from collections.abc import Sequence
from itertools import product
from math import ceil, floor, log10
from typing import Any

from analytics.catalogue.units import Unit
from analytics.packs.xlsx_book import FONT, THEME, Sheet, Shown, clean
from analytics.packs.xlsx_frames import (
    HIGH_LIMIT_COLUMN,
    LOW_LIMIT_COLUMN,
    LOWER_COLUMN,
    MEAN_COLUMN,
    MONTH_COLUMN,
    SIGNAL_COLUMNS,
    TARGET_COLUMN,
    UPPER_COLUMN,
    VALUE_COLUMN,
    Rows,
    base_shown,
)
from analytics.packs.xlsx_review import Places, name_of
from analytics.review.covering import months_words
from analytics.review.model import Point, Result

WIDTH, HEIGHT, GAP = 560, 290, 16
ROWS_PER_CHART = 16
_PRINTED_PERCENT = 85
_CHART_ROWS_PER_PAGE = 2
_MOST_TITLE = 110
_STEPS = {True: (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600), False: ()}
_FEWEST_LINES = 3
KEY = (
    "Dashes are the target, the grey line the mean, dots the limits of usual variation. "
    "Every chart can be edited; its numbers are on the sheet Chart data."
)


def write_trends(sheet: Sheet, results: Sequence[Result], places: Places) -> None:
    """Two charts abreast, in the order of the review; two rows of them on a printed page."""
    drawn = [result for result in results if (result.vendor, result.kpi) in places and _numbers(result.history)]
    if not drawn:
        sheet.paragraph("No month is measured.", "muted")
        return
    sheet.paragraph(KEY, "muted", size=9)
    top = sheet.row
    for at, result in enumerate(drawn):
        row = top + at // 2 * ROWS_PER_CHART
        title_row = (
            row + 1 + at % 2
        )  # the title is read from a cell, which the chart covers: a text in a chart might be taken for a formula
        sheet.put(title_row, 1, Shown(_title(result)), "muted")
        chart = _chart(sheet, result, places[(result.vendor, result.kpi)], title_row)
        position = {"x_offset": at % 2 * (WIDTH + GAP), "y_offset": GAP // 2, "description": _alt(result), "object_position": 2}
        sheet.worksheet.insert_chart(row, 1, chart, position)
    rows = ceil(len(drawn) / 2)
    sheet.row = top + rows * ROWS_PER_CHART
    breaks = [top + page * ROWS_PER_CHART for page in range(_CHART_ROWS_PER_PAGE, rows, _CHART_ROWS_PER_PAGE)]
    sheet.print_in_pages(_PRINTED_PERCENT, breaks)


def _title(result: Result) -> str:
    by_month = f"; line: {words}" if (words := months_words(result)) else ""
    title = clean(f"{name_of(result)}: {result.value_text} in the quarter, {result.status_text}{by_month}")
    return title if len(title) <= _MOST_TITLE else f"{title[: _MOST_TITLE - 3]}..."


def _alt(result: Result) -> str:
    """What a screen reader says of a chart."""
    months = f"{result.history[0].label} to {result.history[-1].label}"
    rule = f" {result.signal}: {result.rule}." if result.rule else ""
    target = result.target_text or "none"
    return clean(f"Line chart of {name_of(result)}, {months}: {result.value_text}, {result.status_text}. Target {target}.{rule}")


def _chart(sheet: Sheet, result: Result, rows: Rows, title_row: int) -> Any:
    chart: Any = sheet.book.workbook.add_chart({"type": "line"})
    hidden = [at for at, name in enumerate(_add_lines(chart, result, rows)) if not name]
    font = {"name": FONT, "size": 9, "color": THEME.muted}
    title_font = {"name": FONT, "size": 11, "bold": True, "color": THEME.ink}
    chart.set_title({"name": [sheet.name, title_row, 1], "name_font": title_font, "overlay": False, "layout": {"x": 0.02, "y": 0.03}})
    axis = {"num_font": font, "line": {"color": THEME.rule}, "major_tick_mark": "none", "minor_tick_mark": "none"}
    chart.set_x_axis(
        axis | {"date_axis": True, "num_format": "mmm yy", "major_unit": 3, "major_unit_type": "months", "label_position": "low"}
    )
    chart.set_y_axis(
        axis
        | _scale(result)
        | {"line": {"none": True}, "major_gridlines": {"visible": True, "line": {"color": THEME.gridline, "width": 0.75}}}
    )
    chart.set_legend({"position": "bottom", "font": font, "delete_series": hidden})
    chart.set_chartarea({"border": {"color": THEME.rule}})
    chart.set_size({"width": WIDTH, "height": HEIGHT})
    return chart


def _add_lines(chart: Any, result: Result, rows: Rows) -> list[str]:
    """Draw what there is, the value last so that it lies on top; the names in the legend ('' where one name stands for two lines)."""
    dashes = {"color": THEME.target, "width": 1.75, "dash_type": "dash"}
    dots = {"color": THEME.normal, "width": 1, "dash_type": "round_dot"}
    wanted = (
        ("Limits", LOW_LIMIT_COLUMN, "lower_limit", dots),
        ("", HIGH_LIMIT_COLUMN, "upper_limit", dots),
        ("Mean", MEAN_COLUMN, "centre_line", {"color": THEME.normal, "width": 1}),
        ("Target", TARGET_COLUMN, "target", dashes),
        ("Target from", LOWER_COLUMN, "lower", dashes),
        ("Target to", UPPER_COLUMN, "upper", dashes),
    )
    lines = [(name, column, line) for name, column, field, line in wanted if any(getattr(p, field) is not None for p in result.history)]
    for name, column, line in lines:
        chart.add_series(_series(name or "Upper limit", column, rows) | {"line": line, "marker": {"type": "none"}})
    marker = {"type": "circle", "size": 5, "fill": {"color": THEME.ink}, "border": {"color": THEME.page}}
    value = {"line": {"color": THEME.ink, "width": 1.75}, "marker": marker, "data_labels": _last_label(len(result.history))}
    chart.add_series(_series("Value", VALUE_COLUMN, rows) | value)
    return [*(name for name, _, _ in lines), "Value", *_add_signals(chart, result, rows)]


def _last_label(points: int) -> dict[str, Any]:
    """The value of the newest month stands at its point."""
    font = {"name": FONT, "size": 9, "bold": True, "color": THEME.ink}
    return {"value": True, "position": "above", "font": font, "custom": [{"delete": at != points - 1} for at in range(points)]}


_SIGNALS = {
    "improvement": ("Signal: better", "diamond"),
    "concern": ("Signal: worse", "triangle"),
    "high": ("Signal: high or low", "diamond"),
    "low": ("Signal: high or low", "diamond"),
}


def _add_signals(chart: Any, result: Result, rows: Rows) -> list[str]:
    """Months that signal, as points of their own in the colour and shape of their meaning; their names in the legend."""
    there = {SIGNAL_COLUMNS[point.signal]: point.signal for point in result.history if point.signal in _SIGNALS}
    for column, signal in sorted(there.items()):
        colour = {"color": THEME.signal(signal)}
        marker = {"type": _SIGNALS[signal][1], "size": 10, "fill": colour, "border": colour}
        chart.add_series(_series(_SIGNALS[signal][0], column, rows) | {"line": {"none": True}, "marker": marker})
    return [_SIGNALS[there[column]][0] for column in sorted(there)]


def _series(name: str, column: int, rows: Rows) -> dict[str, Any]:
    return {"name": name, "categories": rows.area(MONTH_COLUMN), "values": rows.area(column)}


def _numbers(history: Sequence[Point]) -> list[float]:
    """Every number a chart has to have room for; none without a value."""
    if all(point.value is None for point in history):
        return []
    names = ("value", "target", "lower", "upper", "centre_line", "lower_limit", "upper_limit")
    return [number for point, name in product(history, names) if (number := getattr(point, name)) is not None]


def _scale(result: Result) -> dict[str, Any]:
    """Where the axis begins and ends, in round steps around the numbers: a line does not start at zero."""
    numbers = _numbers(result.history)
    step = _step(max(numbers) - min(numbers) or abs(max(numbers)) or 1, result.unit)
    lowest, highest = floor(min(numbers) / step) * step, ceil(max(numbers) / step) * step
    if lowest == highest:
        highest += step
    ends = {"min": base_shown(lowest, result, ""), "max": base_shown(highest, result, ""), "major_unit": base_shown(step, result, "")}
    shown = {name: cell.value for name, cell in ends.items()}
    places = max(0, -floor(log10(step * (100 if result.unit == Unit.PERCENT else 1)) + 1e-9))
    return shown | {"num_format": _axis_format(ends["max"].format, places)}


def _step(span: float, unit: str) -> float:
    """A round distance of gridlines: three to six of them over the span."""
    rough = span / _FEWEST_LINES
    clock = next((step for step in _STEPS[unit == Unit.SECONDS] if step * 2 > rough), None)
    if clock:
        return float(clock)
    size = 10.0 ** floor(log10(rough))
    return next(size * factor for factor in (5, 2, 1) if size * factor <= rough)


def _axis_format(printed: str, places: int) -> str:
    """The format of the values with as many decimals as the steps need."""
    digits = "#,##0" + ("." + "0" * places if places else "")
    return printed if printed.startswith("[m]") else digits + printed.removeprefix("#,##0.0").removeprefix("#,##0")
