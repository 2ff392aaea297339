"""Marks, icons and sparklines as SVG text, and the words that stand in for them.

Shapes only: text inside an SVG image cannot use the page's font. Every mark has its alternative text beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import isfinite

from analytics.charts.theme import Mode, Theme, theme_for

_Point = tuple[float, float]
_ZIGZAG_IN_RING = "M5 12.2 L8.4 8 L11.6 11.8 L15 7.8"
_ARROW_UP = "M5.2 13.4 L8.6 10.6 L10.8 12 L14.6 6.8 M11.2 6.2 L14.9 6.4 L15 10.1"
_ARROW_DOWN = "M5.2 6.6 L8.6 9.4 L10.8 8 L14.6 13.2 M11.2 13.8 L14.9 13.6 L15 9.9"
_ZIGZAG_IN_SQUARE = "M3.8 14 L7.4 5.8 L11 14 L15.8 5.6"
_TICK = "M4.8 10.4 L8.4 14 L15.2 6.4"
_CROSS = "M6 6 L14 14 M14 6 L6 14"
_SIGNAL_WORDS = {
    "none": "normal variation",
    "improvement": "improvement",
    "concern": "concern",
    "high": "unusually high",
    "low": "unusually low",
}
_ASSURANCE_WORDS = {
    "pass": "will consistently meet the target",
    "fail": "will consistently fail the target",
    "hit_or_miss": "will hit or miss the target",
}


def framed(width: float, height: float, body: str) -> str:
    """The SVG of a body this large."""
    size = f'width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{body}</svg>'


def stroke(path: str, colour: str, width: float, extra: str = "") -> str:
    """A line along a path, with round ends."""
    style = f'fill="none" stroke="{colour}" stroke-width="{width:g}" stroke-linecap="round" stroke-linejoin="round"'
    return f'<path d="{path}" {style}{extra}/>'


def status_mark(status: str, mode: Mode) -> str:
    """The 14 px mark of a status: circle, diamond, triangle pointing down, dash, open square, small ring."""
    theme = theme_for(mode)
    colour = theme.status(status).mark
    shapes = {
        "met": f'<circle cx="7" cy="7" r="4.6" fill="{colour}"/>',
        "below expected": f'<path d="M7 1.6 L12.4 7 L7 12.4 L1.6 7 Z" fill="{colour}"/>',
        "missed": f'<path d="M1.2 2.6 L12.8 2.6 L7 12.4 Z" fill="{colour}"/>',
        "not measured": f'<path d="M2.4 7 L11.6 7" stroke="{colour}" stroke-width="2"/>',
        "excused": f'<rect x="2.8" y="2.8" width="8.4" height="8.4" fill="none" stroke="{colour}" stroke-width="1.6"/>',
    }
    ring = f'<circle cx="7" cy="7" r="3.2" fill="none" stroke="{colour}" stroke-width="1.4"/>'
    return framed(14, 14, shapes.get(status, ring))


def status_alt(status: str) -> str:
    """'status: met'."""
    return f"status: {status}"


def value_rises(signal: str, better_sign: int) -> bool:
    """Whether a special cause went up: an improvement of a KPI where lower is better went down."""
    if signal in ("high", "low"):
        return signal == "high"
    return (signal == "improvement") == (better_sign > 0)


def variation_icon(signal: str, better_sign: int, mode: Mode, *, trial: bool = False) -> str:
    """A ring with a zigzag (normal), or a disc whose arrow says where the value goes and whose colour says whether that is good.

    With trial limits the outline is dashed and a disc stays hollow: said, but not yet solid.
    """
    theme = theme_for(mode)
    colour = theme.signal(signal)
    dashes = ' stroke-dasharray="3 2.53"' if trial else ""
    ring = f'<circle cx="10" cy="10" r="8.8" fill="none" stroke="{colour}" stroke-width="1.6"{dashes}/>'
    if signal == "none":
        return framed(20, 20, ring + stroke(_ZIGZAG_IN_RING, colour, 1.6) + _dots(colour))
    arrow = _ARROW_UP if value_rises(signal, better_sign) else _ARROW_DOWN
    if trial:
        return framed(20, 20, ring + stroke(arrow, colour, 1.9))
    return framed(20, 20, f'<circle cx="10" cy="10" r="9.4" fill="{colour}"/>' + stroke(arrow, theme.page, 1.9))


def _dots(colour: str) -> str:
    return "".join(f'<circle cx="{x:g}" cy="{y:g}" r="1.5" fill="{colour}"/>' for x, y in ((5, 12.2), (8.4, 8), (11.6, 11.8), (15, 7.8)))


def variation_alt(signal: str, better_sign: int, *, trial: bool = False) -> str:
    """'variation: concern, value rising'."""
    words = f"variation: {_SIGNAL_WORDS[signal]}"
    if signal in ("improvement", "concern"):
        words += f", value {'rising' if value_rises(signal, better_sign) else 'falling'}"
    return words + (", trial limits" if trial else "")


def assurance_icon(assurance: str, mode: Mode, *, trial: bool = False) -> str:
    """A rounded square: blue tick (pass), vermilion cross (fail), grey zigzag across a dashed line (hit_or_miss)."""
    theme = theme_for(mode)
    colour = {"pass": theme.improvement.mark, "fail": theme.concern.mark}.get(assurance, theme.normal)
    dashes = ' stroke-dasharray="3 2.3"' if trial else ""
    box = f'<rect x="1.2" y="1.2" width="17.6" height="17.6" rx="4" fill="none" stroke="{colour}" stroke-width="1.6"{dashes}/>'
    return framed(20, 20, box + _assurance_sign(assurance, colour, theme))


def _assurance_sign(assurance: str, colour: str, theme: Theme) -> str:
    if assurance == "hit_or_miss":
        across = f'<path d="M2.8 10 L17.2 10" stroke="{theme.ink}" stroke-width="1.2" stroke-dasharray="2.2 1.6"/>'
        return across + stroke(_ZIGZAG_IN_SQUARE, colour, 1.6)
    return stroke(_TICK if assurance == "pass" else _CROSS, colour, 2)


def assurance_alt(assurance: str, *, trial: bool = False) -> str:
    """'assurance: will consistently fail the target'."""
    return f"assurance: {_ASSURANCE_WORDS[assurance]}" + (", trial limits" if trial else "")


def band_swatch(level: int, mode: Mode) -> str:
    """A 14 px square in the colour of a risk band, 0 low to 3 extreme, with the bar the heatmap's cells have at their foot.

    The band's name is its alternative text.
    """
    theme = theme_for(mode)
    bar = f'<rect x="2.5" y="9.5" width="{3 * level}" height="2" fill="{theme.ink}"/>' if level else ""
    box = f'<rect x="1" y="1" width="12" height="12" rx="2" fill="{theme.risk_bands[level]}" stroke="{theme.rule}" stroke-width="1"/>'
    return framed(14, 14, box + bar)


def rule_line(mode: Mode) -> str:
    """A hairline between table rows, 1000 x 3, to be stretched."""
    return framed(
        1000, 3, f'<path d="M0 1.5 L1000 1.5" stroke="{theme_for(mode).rule}" stroke-width="1" vector-effect="non-scaling-stroke"/>'
    )


def logo(mode: Mode) -> str:
    """Three rising bars, the tallest in the accent, and a dashed target."""
    theme = theme_for(mode)
    bars = "".join(
        f'<rect x="{x:g}" y="{y:g}" width="4.6" height="{22 - y:g}" rx="1" fill="{fill}"/>'
        for x, y, fill in ((2, 14, theme.ink), (8.7, 9, theme.ink), (15.4, 3.6, theme.target))
    )
    dashes = f'<path d="M1 7.6 L22.4 7.6" stroke="{theme.target}" stroke-width="1.7" stroke-dasharray="3 1.8"/>'
    return framed(24, 24, dashes + bars)


def sparkline(
    values: Sequence[float | None],
    targets: Sequence[Sequence[float | None]],
    status: str,
    mode: Mode,
    *,
    width: float = 132,
    height: float = 36,
    stretched: bool = False,
) -> str:
    """Ink line, plum dashed target lines, last measured point in the colour of its status; a missing value is a gap.

    Each entry of `targets` is one line as long as `values` (a band has two); changes of a target are steps. A page holds
    many of these, so they are written as short as SVG allows; `stretched` ones fill their place and keep their stroke.
    """
    theme = theme_for(mode)
    series = [_finite(values), *(_finite(line) for line in targets)]
    places = _places([value for line in series for value in line if value is not None], height)
    steps = _steps(len(values), width)
    kept = " vector-effect='non-scaling-stroke'" if stretched else ""
    body = "".join(_target_steps(line, steps, places, width, theme, kept) for line in series[1:])
    size = f"viewBox='0 0 {width:g} {height:g}'" if stretched else f"width='{width:g}' height='{height:g}'"
    lines = body + _value_line(series[0], steps, places, status, theme, kept)
    return f"<svg xmlns='http://www.w3.org/2000/svg' {size} fill='none'>{lines}</svg>"


def _steps(count: int, width: float) -> list[float]:
    """Even places from left to right; a single point stands at the right, where the newest always is."""
    return [round(4 + index * (width - 8) / (count - 1), 1) if count > 1 else width - 4 for index in range(count)]


def _finite(values: Sequence[float | None]) -> list[float | None]:
    return [float(value) if value is not None and isfinite(value) else None for value in values]


@dataclass(frozen=True, slots=True)
class _Places:
    """Where a value lies between the top and the bottom of a sparkline."""

    lowest: float
    highest: float
    height: float

    def y(self, value: float) -> float:
        spread = self.highest - self.lowest
        share = (value - self.lowest) / spread if spread else 0.5
        return round(self.height - 5 - share * (self.height - 10), 1)


def _places(values: list[float], height: float) -> _Places:
    return _Places(min(values, default=0.0), max(values, default=0.0), height)


def _value_line(values: list[float | None], steps: list[float], places: _Places, status: str, theme: Theme, kept: str) -> str:
    runs: list[list[_Point]] = [[]]
    for x, value in zip(steps, values, strict=True):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((x, places.y(value)))
    measured = [run for run in runs if run]
    if not measured:
        return ""
    path = "".join(_path(run) + ("h0" if len(run) == 1 else "") for run in measured)
    dots = " stroke-linecap='round'" if "h0" in path else ""
    line = f"<path d='{path}' stroke='{theme.ink}' stroke-width='1.5'{dots} stroke-linejoin='round'{kept}/>"
    x, y = measured[-1][-1]
    return f"{line}<circle cx='{x:g}' cy='{y:g}' r='3.6' fill='{theme.status(status).mark}'/>"


def _target_steps(line: list[float | None], steps: list[float], places: _Places, width: float, theme: Theme, kept: str) -> str:
    edges = [1.0, *(round((left + right) / 2, 1) for left, right in pairwise(steps)), width - 1]
    runs: list[list[_Point]] = [[]]
    for level, group in groupby(range(len(line)), key=line.__getitem__):
        columns = list(group)
        if level is None:
            runs.append([])
        else:
            runs[-1] += [(edges[columns[0]], places.y(level)), (edges[columns[-1] + 1], places.y(level))]
    path = "".join(_path(run) for run in runs if run)
    style = f"stroke='{theme.target}' stroke-width='1.2' stroke-dasharray='3.5 2.5'{kept}"
    return f"<path d='{path}' {style}/>" if path else ""


def _path(points: Sequence[_Point]) -> str:
    """A line through the points in steps from each to the next, to a tenth of a pixel."""
    (x, y), *_ = points
    path = f"M{_short(x)}{_joined(y)}"
    letter = ""
    for (left, low), (right, high) in pairwise(points):
        across, up = round(right - left, 1), round(high - low, 1)
        step = ("h", _short(across)) if not up else ("v", _short(up)) if not across else ("l", _short(across) + _joined(up))
        path += (step[0] if step[0] != letter else "" if step[1].startswith("-") else " ") + step[1]
        letter = step[0]
    return path


def _short(number: float) -> str:
    """'.4' of 0.4."""
    text = f"{number:.1f}".rstrip("0").rstrip(".")
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def _joined(number: float) -> str:
    """A number behind another one: a sign parts them, otherwise a space."""
    text = _short(number)
    return text if text.startswith("-") else f" {text}"


def sparkline_alt(values: Sequence[float | None], status: str, periods: str = "months") -> str:
    """'last 13 months, higher than at the start, met; dashed line: target'."""
    measured = [value for value in _finite(values) if value is not None]
    last = f"last {len(values)} {periods}" if len(values) != 1 else f"last {periods.removesuffix('s')}"
    if not measured:
        return f"{last}, nothing measured"
    change = measured[-1] - measured[0]
    place = "higher than" if change > 0 else "lower than" if change < 0 else "as"
    return f"{last}, {place} at the start, {status}; dashed line: target"
