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
from analytics.charts.parts import Spec, amount_text, escape, measure_words
from analytics.charts.theme import LABEL_GAP, TICK_SIZE, Theme
from analytics.periods import Grain, day_text, month_name

MOST_DOTS = 120
FEW_PERIODS = 10
HALF_A_YEAR = 200
_MOST_DAYS = {Grain.DAY: 1, Grain.WEEK: 7, Grain.MONTH: 31, Grain.QUARTER: 92}
_STEP = {Grain.DAY: 86_400_000, Grain.WEEK: 7 * 86_400_000, Grain.MONTH: "M1", Grain.QUARTER: "M3", Grain.YEAR: "M12"}
_CLOCK_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400)


def grain_of(frame: pd.DataFrame) -> Grain:
    """The grain of a frame's periods, from the length of its longest."""
    days = (frame["period_end"] - frame["period"]).max().days + 1 if len(frame) else 1
    return next((grain for grain, most in _MOST_DAYS.items() if days <= most), Grain.YEAR)


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


def even_x(times: np.ndarray) -> Spec:
    """The times as x; evenly spaced ones as start and step, which is a tenth of the bytes."""
    steps = np.unique(np.diff(times))
    if len(times) > 2 and len(steps) == 1:
        return {"x0": str(times[0]), "dx": int(steps[0] / np.timedelta64(1, "ms"))}
    return {"x": [str(time) for time in times]}


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
        y += [step.level, step.level]
        if not joined:
            x.append(None)
            y.append(None)
    return {"x": x, "y": y}


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
    first, last = ceil(low / factor / step - 1e-9), floor(high / factor / step + 1e-9)
    decimals = max(0, -floor(log10(step) + 1e-9))
    levels = [index * step * factor for index in range(first, last + 1)]
    return levels, [number_text(level, unit, decimals) for level in levels]


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


def value_axis(scale: Scale, kpi: Kpi, theme: Theme, count: int, *, measured: bool) -> Spec:
    """Horizontal gridlines with words; without a measured value the lines stay and the words go."""
    levels, words = ticks(scale.low, scale.high, kpi.unit, count)
    return {
        "range": [scale.low, scale.high],
        "tickmode": "array",
        "tickvals": levels,
        "ticktext": words if measured else [""] * len(words),
        "tickfont": {"size": TICK_SIZE, "color": theme.muted},
        "ticks": "",
        "showgrid": True,
        "gridcolor": theme.gridline,
        "gridwidth": 1,
        "zeroline": False,
        "showline": False,
        "automargin": True,
        "fixedrange": True,
    }


def time_axis(frame: pd.DataFrame, theme: Theme) -> Spec:
    """From the first day to the last; a label stands in the middle of its period and the year under the first of each."""
    axis: Spec = {
        "type": "date",
        "showgrid": False,
        "zeroline": False,
        "showline": True,
        "linecolor": theme.rule,
        "ticks": "outside",
        "ticklen": 5,
        "tickcolor": theme.rule,
        "tickangle": 0,
        "tickfont": {"size": TICK_SIZE, "color": theme.muted},
        "fixedrange": True,
    }
    if frame.empty:
        return axis | {"showticklabels": False, "ticks": ""}
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


def hover_template(kpi: Kpi) -> str:
    """Period, value and target, the counts with the names of their measures, coverage and notes of a point's facts."""
    counts = f"%{{customdata[4]}} {measure_words(kpi.numerator_terms)}"
    if kpi.denominator_terms:
        counts += f" / %{{customdata[5]}} {measure_words(kpi.denominator_terms)}"
    return f"<b>%{{customdata[1]}}</b><br>%{{customdata[2]}} · %{{customdata[3]}}<br>{counts}<br>%{{customdata[6]}}<extra></extra>"


def point_facts(frame: pd.DataFrame, kpi: Kpi, notes: Sequence[str]) -> list[list[str]]:
    """Of each point: first day, period, value, target, the two counts, and coverage with its notes; all escaped."""
    grain = grain_of(frame)
    names = ("value_text", "target_text", "numerator", "denominator", "coverage", "complete")
    periods = [period_words(start, end, grain) for start, end in zip(dates(frame["period"]), dates(frame["period_end"]), strict=True)]
    rows = zip(days(frame["period"]), periods, *(frame[name].tolist() for name in names), notes, strict=True)
    return [
        [
            day,
            period,
            "not measured" if value == NOT_MEASURED_TEXT else escape(value),
            "no target" if target == NOT_MEASURED_TEXT else f"target {escape(target)}",
            amount_text(kpi.numerator_terms, above),
            amount_text(kpi.denominator_terms, below),
            f"{escape(coverage)}{'' if complete else ', period not complete'}{note}",
        ]
        for day, period, value, target, above, below, coverage, complete, note in rows
    ]
