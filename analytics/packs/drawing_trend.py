"""A control chart for print: value, dated target, limits, mean and special causes of a result's last 13 months."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from analytics.catalogue import Unit
from analytics.charts.theme import Theme, theme_for
from analytics.charts.timeline import Label, Scale, level_text, pushed_apart, ticks
from analytics.packs.drawing import DASHED, DOTTED, Drawing, Spot
from analytics.packs.print_text import printable, shortened
from analytics.periods import month_name
from analytics.review.model import Point, Result

LEFT, RIGHT, TOP, BOTTOM = 26.0, 70.0, 6.0, 22.0
NAME_GAP = 9.5
END_GAP = 6.0
MOST_NAMED_SIGNALS = 2
FEWEST_MONTHS_FOR_WORDS = 4
LONGEST_VALUE = 14
LINES = ("target", "lower", "upper")
SPECIAL = ("improvement", "concern", "high", "low")


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where months and values lie on the drawing."""

    width: float
    count: int
    scale: Scale

    @property
    def step(self) -> float:
        """The width of a month."""
        return (self.width - LEFT - RIGHT) / self.count

    @property
    def right(self) -> float:
        """Where the months end and their names begin."""
        return self.width - RIGHT

    def middle(self, month: int) -> float:
        """The middle of a month."""
        return LEFT + (month + 0.5) * self.step

    def y(self, value: float) -> float:
        """The height of a value."""
        return TOP + (self.scale.high - value) / self.scale.per_pixel


def trend_drawing(result: Result, width: float, height: float) -> Drawing:
    """The control chart of a result; without a measured month a sentence in its place."""
    theme, points = theme_for("light"), result.history
    drawing = Drawing(width, height, _alt(result))
    frame = _Frame(width, max(len(points), 1), _scale(points, height))
    if not any(point.value is not None for point in points):
        drawing.text((LEFT, height / 2), "No month measured.", theme.muted, size=8.0, room=width)
        return drawing
    _band(drawing, frame, points, theme)
    _axes(drawing, frame, result, height, theme)
    _limits(drawing, frame, points, theme)
    for column in LINES:
        _target(drawing, frame, [getattr(point, column) for point in points], theme)
    _older_targets(drawing, frame, result, theme)
    _values(drawing, frame, points, theme)
    _signals(drawing, frame, points, theme)
    _names(drawing, frame, result, theme)
    return drawing


def _alt(result: Result) -> str:
    measured = [point for point in result.history if point.value is not None]
    if not measured:
        return printable(f"Control chart: {result.label}, nothing measured.")
    special = [f"{point.label} {point.text} {point.signal}" for point in measured if point.signal in SPECIAL]
    told = f" Special causes: {', '.join(special)}." if special else " No special cause."
    ends = f"from {measured[0].text} in {measured[0].label} to {measured[-1].text} in {measured[-1].label}"
    return printable(f"Control chart of {result.label} {result.vendor}, {ends}, target {result.target_text}.{told}")


def _scale(points: Sequence[Point], height: float) -> Scale:
    """The smallest to the largest of what is drawn, with room around; never forced to zero."""
    columns = ("value", *LINES, "lower_limit", "upper_limit")
    drawn = [level for point in points for column in columns if (level := getattr(point, column)) is not None] or [0.0, 1.0]
    low, high = min(drawn), max(drawn)
    room = (high - low) * 0.1 or abs(high) * 0.05 or 1.0
    return Scale(low - room, high + room, int(height - TOP - BOTTOM))


def _stretches(levels: Sequence[float | None]) -> Iterator[tuple[int, int, float]]:
    """(first month, month after the last, level) of each stretch with one level."""
    at = 0
    for level, group in groupby(levels):
        length = len(list(group))
        if level is not None:
            yield at, at + length, level
        at += length


def _band(drawing: Drawing, frame: _Frame, points: Sequence[Point], theme: Theme) -> None:
    for month, point in enumerate(points):
        if point.lower_limit is not None and point.upper_limit is not None:
            left = LEFT + month * frame.step
            drawing.area(left, frame.y(point.upper_limit), left + frame.step + 0.1, frame.y(point.lower_limit), theme.normal_band)


def _axes(drawing: Drawing, frame: _Frame, result: Result, height: float, theme: Theme) -> None:
    """Gridlines with their values, and every third month with the year under the first of each."""
    for level, words in zip(*ticks(frame.scale.low, frame.scale.high, Unit(result.unit), 4), strict=True):
        drawing.line((LEFT, frame.y(level)), (frame.right, frame.y(level)), theme.gridline, 0.6)
        drawing.text((LEFT - 4, frame.y(level)), words, theme.muted, anchor="right")
    base = height - BOTTOM
    drawing.line((LEFT, base), (frame.right, base), theme.rule, 0.8)
    shown = range((len(result.history) - 1) % 3, len(result.history), 3)
    years: set[int] = set()
    for month in shown:
        day = result.history[month].start
        drawing.text((frame.middle(month), base + 7), month_name(day), theme.muted, anchor="middle")
        if day.year not in years:
            drawing.text((frame.middle(month), base + 16), str(day.year), theme.muted, anchor="middle")
        years.add(day.year)


def _limits(drawing: Drawing, frame: _Frame, points: Sequence[Point], theme: Theme) -> None:
    """Limits dotted, mean solid; where they start anew they stand apart."""
    for column, dash in (("lower_limit", DOTTED), ("upper_limit", DOTTED), ("centre_line", ())):
        for first, after, level in _stretches([getattr(point, column) for point in points]):
            left, right = LEFT + first * frame.step, LEFT + after * frame.step
            drawing.line((left, frame.y(level)), (right, frame.y(level)), theme.normal, 0.8, dash)


def _target(drawing: Drawing, frame: _Frame, levels: Sequence[float | None], theme: Theme) -> None:
    """The target of its day as plum dashes; a change is a step."""
    spots = [(LEFT + month * frame.step, frame.y(level)) for first, after, level in _stretches(levels) for month in (first, after)]
    if spots:
        drawing.path(spots, stroke=theme.target, width=1.2, dash=DASHED)


def _older_targets(drawing: Drawing, frame: _Frame, result: Result, theme: Theme) -> None:
    """Under each earlier step that is long enough for it: what was asked until when."""
    unit, points = Unit(result.unit), result.history
    for first, after, level in _stretches([point.target for point in points]):
        if after < len(points) and after - first >= FEWEST_MONTHS_FOR_WORDS:
            words = f"target {result.comparator} {level_text(level, unit, frame.scale)} until {month_name(points[after - 1].start)}"
            below = frame.y(level) + NAME_GAP < frame.y(frame.scale.low)
            place = (LEFT + first * frame.step + 3, frame.y(level) + (NAME_GAP if below else -NAME_GAP) * 0.8)
            if _free(points[first:after], place[1], frame):
                drawing.text(place, words, theme.target, size=6.5)


def _free(points: Sequence[Point], y: float, frame: _Frame) -> bool:
    """Whether the line of the values stays off words at this height."""
    heights = [frame.y(point.value) for point in points if point.value is not None]
    return not heights or min(heights) > y + NAME_GAP / 2 or max(heights) < y - NAME_GAP / 2


def _values(drawing: Drawing, frame: _Frame, points: Sequence[Point], theme: Theme) -> None:
    """The line through whole months, dotted to one that is not complete, and a dot on each; a month without a value is a gap."""
    for (month, before), (_, after) in pairwise(enumerate(points)):
        if before.value is not None and after.value is not None:
            whole = before.complete and after.complete
            ends = (frame.middle(month), frame.y(before.value)), (frame.middle(month + 1), frame.y(after.value))
            drawing.line(*ends, theme.ink, 1.1, () if whole else DOTTED)
    for month, point in enumerate(points):
        if point.value is not None:
            fill, edge = (theme.normal, theme.page) if point.complete else (theme.page, theme.ink)
            drawing.disc((frame.middle(month), frame.y(point.value)), 2.2, fill, edge, 0.7)


def _signals(drawing: Drawing, frame: _Frame, points: Sequence[Point], theme: Theme) -> None:
    """Special causes: a blue diamond, a vermilion triangle, a plum diamond; the newest before the last point by name."""
    special = [(month, point) for month, point in enumerate(points) if point.signal in SPECIAL and point.value is not None]
    for month, point in special:
        signal_shape(drawing, (frame.middle(month), frame.y(point.value or 0.0)), point.signal, theme)
    last = max((month for month, point in enumerate(points) if point.value is not None), default=0)
    named = [(month, point) for month, point in special if month != last and _clear(points, month, frame)]
    for month, point in named[-MOST_NAMED_SIGNALS:]:
        place = (frame.middle(month) - END_GAP, frame.y(point.value or 0.0))
        drawing.text(place, _point_words(point), signal_colour(point.signal, theme), anchor="right", bold=True)


def _clear(points: Sequence[Point], month: int, frame: _Frame) -> bool:
    """Whether the name to the left of a point would not run into the line of the two months before."""
    before = [point.value for point in points[max(0, month - 2) : month] if point.value is not None]
    here = points[month].value or 0.0
    return month > 2 and all(abs(here - value) > NAME_GAP * frame.scale.per_pixel for value in before)


def signal_shape(drawing: Drawing, at: Spot, signal: str, theme: Theme) -> None:
    """The mark of a special cause around a spot."""
    x, y = at
    triangle = ((x - 4.4, y - 3.4), (x + 4.4, y - 3.4), (x, y + 4.2))
    diamond = ((x, y - 4.6), (x + 4.6, y), (x, y + 4.6), (x - 4.6, y))
    spots = triangle if signal == "concern" else diamond
    drawing.path(spots, fill=theme.signal(signal), stroke=theme.page, width=0.6, closed=True)


def signal_colour(signal: str, theme: Theme) -> str:
    """The colour of a special cause in words."""
    known = {"improvement": theme.improvement.text, "concern": theme.concern.text, "high": theme.target, "low": theme.target}
    return known.get(signal, theme.ink)


def _point_words(point: Point) -> str:
    """'Aug 68.6 %', and that its month is not complete."""
    return f"{month_name(point.start)} {shortened(point.text, LONGEST_VALUE)}" + ("" if point.complete else ", not complete")


def _names(drawing: Drawing, frame: _Frame, result: Result, theme: Theme) -> None:
    """At the right end: the newest value, limits and mean, and the target, kept apart."""
    unit, points = Unit(result.unit), result.history
    last = next(point for point in reversed(points) if point.value is not None)
    labels = [Label(_point_words(last), last.value or 0.0, signal_colour(last.signal, theme), pinned=True)]
    for words, column in (("upper", "upper_limit"), ("mean", "centre_line"), ("lower", "lower_limit")):
        level = getattr(points[-1], column)
        labels += [] if level is None else [Label(f"{words} {level_text(level, unit, frame.scale)}", level, theme.muted)]
    labels += [Label(words, level, theme.target) for words, level in _target_names(result, points[-1], frame.scale)]
    for label in pushed_apart(labels, frame.scale, NAME_GAP):
        bold = label.pinned or label.colour == theme.target
        drawing.text((frame.right + END_GAP, frame.y(label.level)), label.words, label.colour, bold=bold, room=RIGHT - END_GAP)


def _target_names(result: Result, point: Point, scale: Scale) -> list[tuple[str, float]]:
    """'target >= 80'; a band is named at both of its ends."""
    unit = Unit(result.unit)
    signs = (("target", result.comparator), ("lower", ">="), ("upper", "<="))
    return [
        (f"target {sign} {level_text(level, unit, scale)}".replace("  ", " "), level)
        for column, sign in signs
        if (level := getattr(point, column)) is not None and not (column == "target" and sign == "band")
    ]
