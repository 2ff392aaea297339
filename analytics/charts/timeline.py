"""Time charts from the inside: where points lie, which ticks are shown, steps of targets and limits, labels that keep apart."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import unescape
from math import ceil, floor, log10

import numpy as np
import pandas as pd

from analytics.catalogue import Kpi, Unit
from analytics.catalogue.units import NOT_MEASURED_TEXT, SECONDS_PER_HOUR, default_decimals, number_text
from analytics.charts.hover import Facts, bold, counted
from analytics.charts.parts import Spec, escape
from analytics.charts.theme import LABEL_GAP, Theme
from analytics.periods import Grain, day_text, month_name

MOST_DOTS = 120
FEWEST_EVEN = 3
TIME_BYTES, NUMBER_BYTES = 25, 5.4
FEW_PERIODS = 10
HALF_A_YEAR = 200
_MOST_DAYS = {Grain.DAY: 1, Grain.WEEK: 7, Grain.MONTH: 31, Grain.QUARTER: 92}
_STEP = {Grain.DAY: 86_400_000, Grain.WEEK: 7 * 86_400_000, Grain.MONTH: "M1", Grain.QUARTER: "M3", Grain.YEAR: "M12"}
_PERIOD_FORMATS = {Grain.DAY: "%-d %b %Y", Grain.MONTH: "%b %Y"}
_CLOCK_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400)


def grain_of(frame: pd.DataFrame) -> Grain:
    """The grain of a frame's periods, from the length of its longest."""
    lengths = frame["period_end"].to_numpy("datetime64[D]") - frame["period"].to_numpy("datetime64[D]")
    longest = lengths.max().astype(int) + 1 if len(lengths) else 1
    return next((grain for grain, most in _MOST_DAYS.items() if longest <= most), Grain.YEAR)


def dates(moments: pd.Series) -> list[date]:
    """The days as dates."""
    return moments.to_numpy("datetime64[D]").tolist()


def period_words(start: date, end: date, grain: Grain) -> str:
    """'Sep 2026', '14 Sep 2026', '14 Sep to 20 Sep 2026', 'Jul to Sep 2026': right for any fiscal year."""
    if grain is Grain.DAY:
        return day_text(start)
    if grain is Grain.MONTH:
        return f"{month_name(start)} {start.year}"
    if grain is Grain.WEEK:
        return f"{start.day} {month_name(start)} to {day_text(end)}"
    first = month_name(start) + (f" {start.year}" if start.year != end.year else "")
    return f"{first} to {month_name(end)} {end.year}"


def short_words(start: date, end: date, grain: Grain) -> str:
    """The period beside a point: 'Aug', '14 Sep', 'Jul to Sep', '2026'."""
    if grain is Grain.MONTH:
        return month_name(start)
    if grain in (Grain.DAY, Grain.WEEK):
        return f"{start.day} {month_name(start)}"
    return f"{month_name(start)} to {month_name(end)}" if grain is Grain.QUARTER else str(end.year)


def middles(frame: pd.DataFrame) -> np.ndarray:
    """The middle of each period: where its point stands."""
    starts = frame["period"].to_numpy("datetime64[m]")
    return starts + (frame["period_end"].to_numpy("datetime64[m]") + np.timedelta64(1, "D") - starts) // 2


def time_x(frame: pd.DataFrame) -> Spec:
    """Where the points stand, as start and step instead of one time per point.

    Months, quarters and years differ in length: an even step that stays inside each of them is enough, because Plotly
    itself moves a point to the middle of its period.
    """
    times, grain = middles(frame), grain_of(frame)
    ends = frame["period_end"].to_numpy("datetime64[m]") + np.timedelta64(1, "D")
    if len(times) < FEWEST_EVEN:
        return {"x": [str(time) for time in times]}
    step = (times[-1] - times[0]) // (len(times) - 1)
    even = times[0] + step * np.arange(len(times))
    inside = (even >= frame["period"].to_numpy("datetime64[m]")) & (even < ends)
    if not (inside.all() if isinstance(_STEP[grain], str) else (even == times).all()):
        return {"x": [str(time) for time in times]}
    return {"x0": str(times[0]), "dx": int(step / np.timedelta64(1, "ms")), **_whole_periods(frame)}


def _whole_periods(frame: pd.DataFrame) -> Spec:
    """Makes Plotly move a point to the middle of its period; only quarters and years need to know where they start."""
    step = _STEP[grain_of(frame)]
    if not isinstance(step, str):
        return {}
    return {"xperiod": step} | ({} if step == "M1" else {"xperiod0": days(frame["period"][:1])[0]})


def some_points(frame: pd.DataFrame, shown: np.ndarray) -> Spec:
    """x and y of some points of a line: a time for each of a few, gaps between many."""
    if np.count_nonzero(shown) * TIME_BYTES < len(frame) * NUMBER_BYTES:
        return {"x": [str(time) for time in middles(frame[shown])], "y": numbers(frame["value"][shown])}
    return time_x(frame) | {"y": numbers(np.where(shown, frame["value"].to_numpy(float), np.nan))}


def brief(level: float) -> float:
    """A level to six figures: far finer than a pixel."""
    return float(f"{level:.6g}")


def numbers(values: pd.Series | np.ndarray) -> np.ndarray:
    """float32, which Plotly sends as bytes; not measured stays NaN and is drawn as a gap."""
    return np.asarray(values, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Step:
    """A stretch of time with one level."""

    start: str
    end: str
    level: float
    words: str = ""


def steps_of(frame: pd.DataFrame, column: str, words: str | None = None) -> list[Step]:
    """The levels of a column as steps from first to last day; periods without a level do not interrupt one."""
    levels = frame[column].to_numpy(float)
    known = np.flatnonzero(~np.isnan(levels))
    if not len(known):
        return []
    first = known[np.r_[True, np.diff(levels[known]) != 0]]
    starts = frame["period"].to_numpy("datetime64[D]")[first].astype(str).tolist()
    last_day = frame["period_end"].to_numpy("datetime64[D]")[known[-1]] + np.timedelta64(1, "D")
    texts = frame[words].to_numpy(object)[first] if words else [""] * len(first)
    return [Step(*facts) for facts in zip(starts, [*starts[1:], str(last_day)], levels[first].tolist(), texts, strict=True)]


def days(moments: pd.Series) -> list[str]:
    """The days as '2026-09-14'."""
    return moments.to_numpy("datetime64[D]").astype(str).tolist()


def stepped(steps: Sequence[Step], *, joined: bool) -> Spec:
    """x and y of a line along the steps; not joined, each step stands alone."""
    x: list[str | None] = []
    y: list[float | None] = []
    for step in steps:
        x += [step.start, step.end]
        y += [brief(step.level)] * 2
        if not joined:
            x.append(None)
            y.append(None)
    return {"x": x, "y": y}


def line_only(x_and_y: Spec, colour: str, width: float, dash: str = "") -> Spec:
    """A line that only shows: no hover, no gap bridged."""
    line = {"color": colour, "width": width} | ({"dash": dash} if dash else {})
    return {"type": "scatter", "mode": "lines", "line": line, "hoverinfo": "skip", **x_and_y}


@dataclass(frozen=True, slots=True)
class Scale:
    """The value axis: its ends and `height`, the pixels between them."""

    low: float
    high: float
    height: int

    @property
    def per_pixel(self) -> float:
        """How much one pixel is worth."""
        return (self.high - self.low) / self.height


def value_range(frame: pd.DataFrame, columns: Sequence[str] = ("value", "target", "lower", "upper")) -> tuple[float, float]:
    """The smallest and largest of what is drawn, with room around; never forced to zero. (0, 1) when there is nothing."""
    drawn = np.concatenate([np.asarray(frame[name], dtype=float) for name in columns if name in frame] or [np.array([])])
    drawn = drawn[np.isfinite(drawn)]
    if not len(drawn):
        return 0.0, 1.0
    low, high = float(drawn.min()), float(drawn.max())
    room = (high - low) * 0.08 or abs(high) * 0.05 or 1.0
    return low - room, high + room


def ticks(low: float, high: float, unit: Unit, count: int = 5) -> tuple[list[float], list[str]]:
    """About `count` round values between the ends with their texts: 70, 75, 80 (%) or 4:00, 4:30 (min)."""
    factor = {Unit.PERCENT: 0.01, Unit.HOURS: SECONDS_PER_HOUR}.get(unit, 1)
    step = _round_step((high - low) / factor, count, clock=unit is Unit.SECONDS)
    step = max(step, 1) if unit is Unit.COUNT else step  # there is no half of an incident
    first, last = ceil(low / factor / step - 1e-9), floor(high / factor / step + 1e-9)
    decimals = max(0, -floor(log10(step) + 1e-9))
    levels = [index * step * factor for index in range(first, last + 1)]
    return levels, _alike([number_text(level, unit, decimals) for level in levels])


def _alike(texts: Sequence[str]) -> list[str]:
    """The numbers of an axis with equally many decimals: 2.00, 2.50, 3.00."""
    most = max((len(text.partition(".")[2]) for text in texts), default=0)
    return [f"{text}{'' if '.' in text else '.'}{'0' * (most - len(text.partition('.')[2]))}" if most else text for text in texts]


def _round_step(spread: float, count: int, *, clock: bool) -> float:
    """The round step that divides the spread into nearest to `count` parts."""
    power = 10.0 ** floor(log10(spread / count))
    steps = _CLOCK_STEPS if clock and spread >= count else tuple(power * factor for factor in (1, 2, 5, 10))
    return min(steps, key=lambda step: abs(spread / step - count))


def level_text(level: float, unit: Unit, scale: Scale) -> str:
    """A limit or a mean without its unit, precise enough for its chart: a mean of 0.5 incidents is not printed as 0."""
    factor = {Unit.PERCENT: 0.01, Unit.HOURS: SECONDS_PER_HOUR}.get(unit, 1)
    needed = -floor(log10((scale.high - scale.low) / factor / 20))
    return number_text(level, unit, max(default_decimals(unit), min(needed, 3)))


def value_axis(scale: Scale, kpi: Kpi, theme: Theme, count: int, *, measured: bool = True) -> Spec:
    """About `count` gridlines with words, across or up; without a measured value the lines stay and the words go."""
    levels, words = ticks(scale.low, scale.high, kpi.unit, count)
    return {
        "range": [brief(scale.low), brief(scale.high)],
        "tickvals": [brief(level) for level in levels],
        "ticktext": words if measured else [""] * len(words),
        "tickangle": 0,
        "gridcolor": theme.gridline,
        "zeroline": False,
        "fixedrange": True,
    }


def time_axis(frame: pd.DataFrame, theme: Theme) -> Spec:
    """From the first day to the last; a label stands in the middle of its period and the year under the first of each."""
    axis: Spec = {
        "type": "date",
        "showgrid": False,
        "linecolor": theme.rule,
        "tickangle": 0,
        "fixedrange": True,
    }
    if frame.empty:
        return axis | {"showticklabels": False}
    start, end = frame["period"].min(), frame["period_end"].max() + pd.Timedelta(days=1)
    ends = [f"{start:%Y-%m-%d}", f"{end:%Y-%m-%d}"]
    return axis | {"range": ends} | _time_ticks(grain_of(frame), ends[0], (end - start).days, frame["period"].nunique())


def _time_ticks(grain: Grain, start: str, length: int, periods: int) -> Spec:
    """Few enough labels for a phone; a short axis has one for each period or each second one."""
    fine = grain in (Grain.DAY, Grain.WEEK) and length < HALF_A_YEAR
    words = "%Y" if grain is Grain.YEAR else "%-d %b\n%Y" if fine else "%b\n%Y"
    shown: Spec = {"tickformat": words, "ticklabelmode": "instant" if fine else "period"}
    if periods > FEW_PERIODS:
        return shown | {"nticks": 5 if fine else 10}
    step = _STEP[grain]
    return shown | {"tick0": start, "dtick": step * ceil(periods / 5) if isinstance(step, int) else step}


@dataclass(frozen=True, slots=True)
class Label:
    """Words (escaped) at a level, one or two lines; a pinned label stays, the others make room."""

    words: str
    level: float
    colour: str
    pinned: bool = False

    @property
    def lines(self) -> int:
        """How many lines the words take."""
        return self.words.count("<br>") + 1

    @property
    def plain(self) -> str:
        """The words as they are seen."""
        return unescape(self.words.removeprefix("<b>").replace("</b>", ""))


def pushed_apart(labels: Sequence[Label], scale: Scale, gap: float = LABEL_GAP) -> list[Label]:
    """The labels, lowest first, at least `gap` pixels apart for each line and as near to their levels as that allows."""
    placed = sorted(labels, key=lambda label: label.level)
    for _ in range(100):
        moved = False
        for index in range(len(placed) - 1):
            below, above = placed[index], placed[index + 1]
            missing = gap * scale.per_pixel * (below.lines + above.lines) / 2 - (above.level - below.level)
            if missing > 0.01 * scale.per_pixel and not (below.pinned and above.pinned):
                placed[index], placed[index + 1] = _parted(below, above, missing)
                moved = True
        if not moved:
            break
    return placed


def _parted(below: Label, above: Label, missing: float) -> tuple[Label, Label]:
    down = 0.0 if below.pinned else missing if above.pinned else missing / 2
    return replace(below, level=below.level - down), replace(above, level=above.level + missing - down)


def point_facts(frame: pd.DataFrame, kpi: Kpi, notes: Sequence[str], title: str = "") -> Spec:
    """The hover of each point: period, value and target, counts, coverage and its notes (escaped); `title` stands over it."""
    facts = Facts()
    # A point without a value is not drawn and never pointed at: its words only must not break the pattern of the others.
    values = [f"-{kpi.unit.suffix}" if text == NOT_MEASURED_TEXT else escape(text) for text in frame["value_text"].tolist()]
    targets = ["no target" if text == NOT_MEASURED_TEXT else f"target {escape(text)}" for text in frame["target_text"].tolist()]
    ends = ["" if complete else ", period not complete" for complete in frame["complete"].tolist()]
    remarks = [end + note for end, note in zip(ends, notes, strict=True)]
    lines = [
        title,
        bold(_periods(frame, facts)),
        f"{facts.words(values)} · {facts.words(targets)}",
        counted(facts, kpi, frame["numerator"].tolist(), frame["denominator"].tolist()),
        facts.words([escape(text) for text in frame["coverage"].tolist()]) + (facts.place(remarks) if any(remarks) else ""),
    ]
    return facts.spec(lines)


def _periods(frame: pd.DataFrame, facts: Facts) -> str:
    """The period in words; of days and months the browser makes them from the place of the point."""
    grain = grain_of(frame)
    if grain in _PERIOD_FORMATS:
        return f"%{{x|{_PERIOD_FORMATS[grain]}}}"
    periods = zip(dates(frame["period"]), dates(frame["period_end"]), strict=True)
    return facts.words([period_words(start, end, grain) for start, end in periods])
