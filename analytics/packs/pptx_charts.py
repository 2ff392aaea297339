"""Native charts: lines with target, limits and signals, bars of drivers, sparklines. Each keeps its numbers in an embedded workbook.

The numbers of a chart are those of the review, in base units. Its workbook holds texts as texts, never as formulas or links,
and is dated by a fixed day, so that equal reviews make equal files.
"""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import chain
from math import ceil, floor, log10
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.chart.xlsx import CategoryWorkbookWriter
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.dml import MSO_LINE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt, lazyproperty
from xlsxwriter import Workbook

from analytics.catalogue.units import SECONDS_PER_HOUR, Unit
from analytics.packs.pptx_shapes import Box, describe, fill, paint
from analytics.packs.pptx_template import LIGHT
from analytics.packs.pptx_text import Style, clean, one_line
from analytics.review.model import Driver, Point, Result

_MADE_ON = datetime(2000, 1, 1)
_NO_FORMULAS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_AXIS_FORMATS = {
    Unit.SECONDS.value: "[m]:ss",
    Unit.HOURS.value: r"0.0\ \h",
    Unit.COUNT.value: "#,##0",
    Unit.MONEY.value: "#,##0.##",
    Unit.POINTS.value: "0.0",
    Unit.SCORE.value: "0.0",
    Unit.PER_HOUR.value: "0.0",
    Unit.DAYS.value: "0.0",
}
_SIGNAL_MARKERS = {"improvement": XL_MARKER_STYLE.DIAMOND, "concern": XL_MARKER_STYLE.TRIANGLE}
_SPECIAL = {"improvement": "Improvement", "concern": "Concern", "high": "Unusually high", "low": "Unusually low"}
SECONDS_PER_DAY = 24 * SECONDS_PER_HOUR
_ROUND_SECONDS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200)
TICK = 9
NAMED_SIGNALS = 3
NEAR = 0.25


class _SafeWorkbook(CategoryWorkbookWriter):
    """The workbook inside a chart: no text of it becomes a formula or a link."""

    @contextmanager
    def _open_worksheet(self, xlsx_file: Any) -> Generator[Any]:
        workbook = Workbook(xlsx_file, _NO_FORMULAS)
        workbook.set_properties({"created": _MADE_ON})
        sheet = workbook.add_worksheet()
        yield workbook, sheet
        workbook.close()


class _ChartData(CategoryChartData):
    """Chart data with a safe workbook."""

    def __init__(self, names: Sequence[str], number_format: str = "General") -> None:
        super().__init__(number_format)
        self.categories = names

    @lazyproperty
    def _workbook_writer(self) -> CategoryWorkbookWriter:
        return _SafeWorkbook(self)


def _chart(shapes: Any, kind: XL_CHART_TYPE, box: Box, series: _ChartData, name: str, words: str) -> Any:
    """An empty-handed chart: no title, no legend, our size of text; described in words."""
    frame = shapes.add_chart(kind, *box.lengths, series)
    describe(frame, name, words)
    chart = frame.chart
    chart.has_title = chart.has_legend = False
    chart.font.size = Pt(TICK)
    paint(chart.font.color, LIGHT.muted)
    return chart


def _inner_plot(chart: Any, left: float, top: float, width: float, height: float) -> None:
    """Where the plot lies, as shares of the chart."""
    plot = chart._chartSpace.chart.plotArea
    for old in plot.findall(qn("c:layout")):
        plot.remove(old)
    places = "".join(f"<c:{name} val='{value:.4f}'/>" for name, value in (("x", left), ("y", top), ("w", width), ("h", height)))
    modes = "<c:layoutTarget val='inner'/><c:xMode val='edge'/><c:yMode val='edge'/>"
    plot.insert(0, parse_xml(f"<c:layout {nsdecls('c')}><c:manualLayout>{modes}{places}</c:manualLayout></c:layout>"))


def _hide(axis: Any) -> None:
    axis.has_major_gridlines = False
    axis.visible = False


def _step(axis: Any, values: Sequence[float], unit: str) -> None:
    """An axis of round steps around the values (in base units); durations step by round seconds and minutes."""
    lowest, highest, scale = min(values), max(values), _scale_of(unit)
    span = (highest - lowest) or abs(highest) or 1.0
    step = max(_round_step(span / 4, unit), 1.0 if unit == Unit.COUNT.value else 0.0)  # there is no half of an incident
    axis.minimum_scale = floor((lowest - span * 0.06) / step) * step / scale
    axis.maximum_scale = ceil((highest + span * 0.1) / step) * step / scale
    axis.major_unit = step / scale


def _round_step(rough: float, unit: str) -> float:
    """The first round number that is not less."""
    clock = next((step for step in _ROUND_SECONDS if step >= rough), None) if unit == Unit.SECONDS.value else None
    power = 10 ** floor(log10(rough))
    return clock or next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)


def trend_words(result: Result) -> str:
    """A chart of a result in words: who, how long, where it ends, target, signal."""
    last = result.history[-1] if result.history else None
    ends = f"{len(result.history)} months to {last.label}, ending at {last.text}" if last else "no months"
    parts = (f"{result.label} of {result.vendor or 'all vendors'}", ends, f"target {result.target_text}", result.status_text, result.rule)
    return "; ".join(part for part in parts if part)


def sparkline(shapes: Any, box: Box, result: Result) -> None:
    """The months of a result as one ink line with its target dashed; the last point in the colour of the status."""
    if not _drawable(result.history):
        return
    history, scale = result.history, _scale_of(result.unit)
    last = _last(history, "value")[0]
    data = _ChartData([_month(point) for point in history], axis_format(result))
    data.add_series(clean(result.label), [_in(scale, point.value) for point in history])
    data.add_series("Target", [_in(scale, point.target) for point in history])
    data.add_series("Newest month", [_in(scale, point.value) if at == last else None for at, point in enumerate(history)])
    chart = _chart(shapes, XL_CHART_TYPE.LINE_MARKERS, box, data, f"Last months: {result.label}", trend_words(result))
    _hide(chart.value_axis)
    _hide(chart.category_axis)
    _inner_plot(chart, 0.02, 0.1, 0.94, 0.8)
    _step(chart.value_axis, _numbers(history, ("value", "target")), result.unit)
    line, target, newest = chart.plots[0].series
    _line(line, LIGHT.ink, 1.5)
    _line(target, LIGHT.target, 1.25, MSO_LINE.SQUARE_DOT)
    _dots(newest, XL_MARKER_STYLE.CIRCLE, 6, LIGHT.status(result.status).mark)


def _drawable(history: Sequence[Point]) -> bool:
    return any(point.value is not None for point in history)


def _numbers(history: Sequence[Point], names: Sequence[str]) -> list[float]:
    return [value for point in history for name in names if (value := getattr(point, name)) is not None]


def trend_chart(shapes: Any, box: Box, result: Result) -> None:
    """A control chart: value, target dashed, band of a target, limits dotted, mean; special causes coloured, the newest named."""
    history, scale = result.history, _scale_of(result.unit)
    drawn = [("value", clean(result.label)), *(part for part in _LEVELS if _numbers(history, part[:1]))]
    data = _ChartData([_month(point) for point in history], axis_format(result))
    for attribute, name in drawn:
        data.add_series(name, [_in(scale, getattr(point, attribute)) for point in history])
    special = [kind for kind in _SPECIAL if any(point.signal == kind and point.value is not None for point in history)]
    for kind in special:
        data.add_series(_SPECIAL[kind], [_in(scale, point.value) if point.signal == kind else None for point in history])
    title = f"Trend: {result.vendor or 'All vendors'} {result.label}"
    chart = _chart(shapes, XL_CHART_TYPE.LINE_MARKERS, box, data, title, trend_words(result))
    levels = _numbers(history, [attribute for attribute, _ in drawn])
    _trend_axes(chart, box, result, levels)
    every = list(chart.plots[0].series)
    for (attribute, _), series in zip(drawn, every, strict=False):
        _LINES[attribute](series)
    for kind, series in zip(special, every[len(drawn) :], strict=True):
        _dots(series, _SIGNAL_MARKERS.get(kind, XL_MARKER_STYLE.SQUARE), 9, LIGHT.signal(kind))
    _name_signals(every[0], result)
    _end_names(every, box, drawn, result, max(levels) - min(levels))


def _scale_of(unit: str) -> float:
    """What a value is divided by: spreadsheets hold durations as parts of a day, and hours are read as hours."""
    return {Unit.SECONDS.value: SECONDS_PER_DAY, Unit.HOURS.value: SECONDS_PER_HOUR}.get(unit, 1)


def _month(point: Point) -> str:
    """A month below its point."""
    return one_line(point.label, Style(TICK), 60) or "-"


def _in(scale: float, value: float | None) -> float | None:
    return None if value is None else value / scale


_LEVELS = (
    ("target", "Target"),
    ("lower", "Lower end of the target"),
    ("upper", "Upper end of the target"),
    ("lower_limit", "Lower limit"),
    ("upper_limit", "Upper limit"),
    ("centre_line", "Mean"),
)


def _line(series: Any, colour: str, width: float, dash: MSO_LINE | None = None) -> None:
    series.smooth = False
    series.format.line.width = Pt(width)
    paint(series.format.line.color, colour)
    if dash is not None:
        series.format.line.dash_style = dash
    series.marker.style = XL_MARKER_STYLE.NONE


def _dots(series: Any, style: XL_MARKER_STYLE, size: int, colour: str) -> None:
    """A series of single points; the line has their colour because some programs paint points like their line."""
    _line(series, colour, 0.25)
    _marker(series, style, size, colour)


def _value_line(series: Any) -> None:
    _line(series, LIGHT.ink, 1.75)
    _marker(series, XL_MARKER_STYLE.CIRCLE, 4, LIGHT.ink)


def _target_line(series: Any) -> None:
    _line(series, LIGHT.target, 1.75, MSO_LINE.DASH)


def _limit_line(series: Any) -> None:
    _line(series, LIGHT.normal, 1, MSO_LINE.ROUND_DOT)


def _mean_line(series: Any) -> None:
    _line(series, LIGHT.normal, 1)


_LINES = {
    "value": _value_line,
    "target": _target_line,
    "lower": _target_line,
    "upper": _target_line,
    "lower_limit": _limit_line,
    "upper_limit": _limit_line,
    "centre_line": _mean_line,
}


def _marker(place: Any, style: XL_MARKER_STYLE, size: int, colour: str) -> None:
    place.marker.style, place.marker.size = style, size
    fill(place.marker.format.fill, colour)
    paint(place.marker.format.line.color, colour)


def axis_format(result: Result) -> str:
    """How the axis and the cells of the workbook write a value."""
    if result.unit != Unit.PERCENT.value:
        return _AXIS_FORMATS.get(result.unit, "General")
    values = _numbers(result.history, ("value", "target", "lower_limit", "upper_limit"))
    return r"0\ %" if values and max(values) - min(values) >= 0.04 else r"0.0\ %"


def _trend_axes(chart: Any, box: Box, result: Result, levels: Sequence[float]) -> None:
    months, values = chart.category_axis, chart.value_axis
    _step(values, levels, result.unit)
    _category_axis(months)
    values.tick_labels.number_format, values.tick_labels.number_format_is_linked = axis_format(result), False
    values.has_major_gridlines = True
    values.major_gridlines.format.line.width = Pt(0.75)
    paint(values.major_gridlines.format.line.color, LIGHT.gridline)
    values.format.line.fill.background()
    values.major_tick_mark = XL_TICK_MARK.NONE
    _inner_plot(chart, 46 / box.width, 14 / box.height, 1 - (46 + 74) / box.width, 1 - 44 / box.height)
    skip = parse_xml(f"<c:tickLblSkip {nsdecls('c')} val='{3 if len(result.history) > 6 else 1}'/>")
    months._element.find(qn("c:noMultiLvlLbl")).addprevious(skip)


def _category_axis(axis: Any) -> None:
    axis.major_tick_mark = XL_TICK_MARK.NONE
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    axis.has_major_gridlines = False
    paint(axis.format.line.color, LIGHT.rule)


def _name_signals(series: Any, result: Result) -> None:
    """The newest special causes with their numbers, none beside another; the last month has its own."""
    named = [_last(result.history, "value")[0]]
    for at in reversed([at for at, point in enumerate(result.history) if point.signal in _SPECIAL and point.value is not None]):
        point = result.history[at]
        if len(named) <= NAMED_SIGNALS and not any(_collide(result.history, at, other) for other in named):
            named.append(at)
            under = point.centre_line is not None and point.value is not None and point.value < point.centre_line
            _label(series, at, point.text, _signal_words(point.signal), XL_LABEL_POSITION.BELOW if under else XL_LABEL_POSITION.ABOVE, True)


def _collide(history: Sequence[Point], one: int, other: int) -> bool:
    """Whether the numbers of two points would run into each other: neighbours of about the same height."""
    values = _numbers(history, ("value", "target", "lower_limit", "upper_limit"))
    heights = [history[at].value or 0.0 for at in (one, other)]
    return abs(one - other) <= 1 and abs(heights[0] - heights[1]) < (max(values) - min(values)) * NEAR


def _signal_words(signal: str) -> str:
    """The colour of the words of a signal."""
    return {"concern": LIGHT.concern.text, "improvement": LIGHT.improvement.text}.get(signal, LIGHT.target)


def _end_names(every: Sequence[Any], box: Box, drawn: Sequence[tuple[str, str]], result: Result, span: float) -> None:
    """The last value and, where they do not run into each other, the names of the lines, at their right ends."""
    taken: list[float] = []
    room = 13 * (span or 1) / max(box.height - 60, 1)
    for (attribute, name), series in zip(drawn, every, strict=False):
        at, value = _last(result.history, attribute)
        if value is None or any(abs(value - other) < room for other in taken):
            continue
        taken.append(value)
        is_value = attribute == "value"
        text = result.history[at].text if is_value else name.replace(" of the target", "")
        colour = LIGHT.ink if is_value else LIGHT.target if attribute in ("target", "lower", "upper") else LIGHT.muted
        _label(series, at, text, colour, XL_LABEL_POSITION.RIGHT, is_value)


def _last(history: Sequence[Point], attribute: str) -> tuple[int, float | None]:
    known = [(at, getattr(point, attribute)) for at, point in enumerate(history) if getattr(point, attribute) is not None]
    return known[-1] if known else (0, None)


def _label(series: Any, at: int, text: str, colour: str, side: XL_LABEL_POSITION, bold: bool) -> None:
    label = series.points[at].data_label
    label.text_frame.text = one_line(text, Style(TICK, bold), 130) or "-"
    run = label.text_frame.paragraphs[0].runs[0] if label.text_frame.paragraphs[0].runs else None
    if run is not None:
        run.font.size, run.font.bold = Pt(10 if bold else TICK), bold
        paint(run.font.color, colour)
    label.text_frame.word_wrap = False
    label.position = side


def driver_chart(shapes: Any, box: Box, result: Result, drivers: Sequence[Driver], dimension: str) -> None:
    """Bars of the members' parts of a change, the first on top: blue for the better, vermilion for the worse."""
    room = Style(10)
    names = [one_line(driver.member, room, box.width * 0.3) or "-" for driver in drivers]
    data = _ChartData(names)
    data.add_series(clean(f"{result.label}: effect by {dimension}"), [driver.effect for driver in drivers])
    parts = ", ".join(f"{driver.member} {driver.effect_text}" for driver in drivers)
    words = f"Parts of the change of {result.label} of {result.vendor or 'all vendors'} by {dimension}: {parts}"
    chart = _chart(shapes, XL_CHART_TYPE.BAR_CLUSTERED, box, data, f"Drivers: {result.label} by {dimension}", words)
    chart.font.size = Pt(10)
    _driver_axes(chart, [driver.effect for driver in drivers])
    plot = chart.plots[0]
    plot.gap_width, plot.vary_by_categories = 45, False
    series = plot.series[0]
    series.invert_if_negative = False
    for at, driver in enumerate(drivers):
        good = driver.verdict(result.better_sign)
        tone = LIGHT.improvement if good > 0 else LIGHT.concern
        fill(series.points[at].format.fill, tone.mark if good else LIGHT.normal)
        _label(series, at, driver.effect_text, tone.text if good else LIGHT.muted, XL_LABEL_POSITION.OUTSIDE_END, True)


def _driver_axes(chart: Any, effects: Sequence[float]) -> None:
    """Names on the left wherever a bar ends, no numbers on the axis (they stand at the bars), room for them on both sides."""
    _category_axis(chart.category_axis)
    chart.category_axis.reverse_order = True
    paint(chart.category_axis.tick_labels.font.color, LIGHT.ink)
    chart.category_axis.tick_labels.font.size = Pt(10)
    lowest, highest = min(chain(effects, (0.0,))), max(chain(effects, (0.0,)))
    span = (highest - lowest) or 1.0
    chart.value_axis.minimum_scale = lowest - span * (0.35 if lowest < 0 else 0.02)
    chart.value_axis.maximum_scale = highest + span * (0.35 if highest > 0 else 0.02)
    _hide(chart.value_axis)
