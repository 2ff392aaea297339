"""Signal or noise: XmR control limits and the four rules of NHS Making Data Count, as NHSRplotthedots applies them.

    centre line = mean            limits = centre line +/- 2.66 x average moving range
    moving range = |difference of neighbouring points|

Screening (the default) leaves out moving ranges of at least 3.267 x their average, once, and averages the rest; without it
the limits equal those of the Making Data Count spreadsheet. The first rule that matches names the signal:

    outside_limits  the point is beyond a limit
    trend           part of 7 or more points in a row that rise, or fall; a tie breaks it; its slope is its direction
    two_in_three    2 of 3 points in a row, all three on one side of the centre line, lie between two thirds of the limit and the
                    limit; those points are marked, the third is not, and a point beyond the limit does not count as one of the 2
    run             part of 7 or more points in a row on one side of the centre line; a point on the line breaks it

Periods that are incomplete or not measured are left out before anything is computed, so the points on either side of a gap
are neighbours. Limits are not cut off at 0 % or 100 %: they describe the variation, not the scale.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view

from analytics.catalogue import DIMENSIONS, Comparator, find_kpi

LIMIT_FACTOR = 2.66
SCREENING_FACTOR = 3.267
RUN_LENGTH = 7
FEWEST_POINTS = 13
NOISE = 1e-12
"""Differences below this share of the largest value are rounding noise: such points are tied."""


class Signal(StrEnum):
    """What a point says: nothing special, better, worse, or (where no direction is good) high or low."""

    NONE = "none"
    IMPROVEMENT = "improvement"
    CONCERN = "concern"
    HIGH = "high"
    LOW = "low"


class Rule(StrEnum):
    """The rule that made a point a signal, in the order in which they are tried."""

    OUTSIDE_LIMITS = "outside_limits"
    TREND = "trend"
    TWO_IN_THREE = "two_in_three"
    RUN = "run"


class Assurance(StrEnum):
    """Whether a process within its limits will always, never or sometimes meet the target."""

    PASS = "pass"
    FAIL = "fail"
    HIT_OR_MISS = "hit_or_miss"


_SIGNALS = (Signal.NONE, Signal.HIGH, Signal.LOW, Signal.IMPROVEMENT, Signal.CONCERN)
_RULES = (None, *Rule)

_SIGNAL_TEXT = {
    Signal.NONE: "normal variation",
    Signal.IMPROVEMENT: "improvement",
    Signal.CONCERN: "concern",
    Signal.HIGH: "unusually high",
    Signal.LOW: "unusually low",
}

_RULE_TEXT = {
    Rule.OUTSIDE_LIMITS: {
        Signal.IMPROVEMENT: "beyond a limit, on the better side",
        Signal.CONCERN: "beyond a limit, on the worse side",
        Signal.HIGH: "above the upper limit",
        Signal.LOW: "below the lower limit",
    },
    Rule.TREND: {
        Signal.IMPROVEMENT: "7 or more points in a row getting better",
        Signal.CONCERN: "7 or more points in a row getting worse",
        Signal.HIGH: "7 or more points in a row rising",
        Signal.LOW: "7 or more points in a row falling",
    },
    Rule.TWO_IN_THREE: {
        Signal.IMPROVEMENT: "2 of 3 points in a row beyond two thirds of a limit, on the better side",
        Signal.CONCERN: "2 of 3 points in a row beyond two thirds of a limit, on the worse side",
        Signal.HIGH: "2 of 3 points in a row beyond two thirds of the upper limit",
        Signal.LOW: "2 of 3 points in a row beyond two thirds of the lower limit",
    },
    Rule.RUN: {
        Signal.IMPROVEMENT: "7 or more points in a row on the better side of the average",
        Signal.CONCERN: "7 or more points in a row on the worse side of the average",
        Signal.HIGH: "7 or more points in a row above the average",
        Signal.LOW: "7 or more points in a row below the average",
    },
}


def signal_text(signal: str) -> str:
    """The signal in words: 'normal variation', 'concern', 'unusually high'."""
    return _SIGNAL_TEXT[Signal(signal)]


def rule_text(rule: str | None, signal: str) -> str:
    """Why a point is a signal: '7 or more points in a row getting worse'; '' for a point that is none."""
    return "" if rule is None else _RULE_TEXT[Rule(rule)][Signal(signal)]


@dataclass(frozen=True)
class _Points:
    """The complete, measured points of a KPI frame, laid out one series per line, oldest first, padded with NaN.

    `row` is where each point stands in the frame, (`series`, `place`) where it stands in `values`.
    """

    values: np.ndarray
    row: np.ndarray
    series: np.ndarray
    place: np.ndarray


@dataclass(frozen=True)
class _Limits:
    """Per series, as columns: centre line, distance of the limits from it, and what counts as rounding noise."""

    centre: np.ndarray
    width: np.ndarray
    noise: np.ndarray


def with_signals(frame: pd.DataFrame, *, screening: bool = True) -> pd.DataFrame:
    """The KPI frame, rows in the same order, with limits, signals and assurance per KPI and member.

    Needs `period`, `kpi`, `value`, `complete`; a series is a KPI x the dimension columns present. Adds `centre_line`,
    `lower_limit`, `upper_limit` (base units of the KPI; the limits are NaN below 2 points), `signal` (`Signal`), `rule` (`Rule` or None),
    `assurance` (`Assurance` or None; the same for a whole series, from `comparator` and `target` of its newest period) and
    `trial_limits` (fewer than 13 points). A KPI without a good direction signals high or low. An unknown KPI raises `UsageError`.
    """
    series = _series_numbers(frame)
    order = np.lexsort((frame["period"].to_numpy(), series))
    newest = order[np.cumsum(np.bincount(series)) - 1] if len(order) else order
    points = _points(frame, series, order)
    limits = _limits(points.values, screening)
    rule, direction = _rules(points.values, limits)
    signal = _signals(direction, _better_signs(frame, newest))
    lower, upper = (limits.centre - limits.width).ravel(), (limits.centre + limits.width).ravel()
    trial = np.count_nonzero(~np.isnan(points.values), axis=1) < FEWEST_POINTS
    return frame.assign(
        centre_line=limits.centre.ravel()[series],
        lower_limit=lower[series],
        upper_limit=upper[series],
        signal=_column(frame, _SIGNALS, _per_row(signal, points, len(frame))),
        rule=_column(frame, _RULES, _per_row(rule, points, len(frame))),
        assurance=_column(frame, _assurances(frame, newest, lower, upper), series),
        trial_limits=trial[series],
    )


def _series_numbers(frame: pd.DataFrame) -> np.ndarray:
    """Which series each row belongs to: 0, 1, ... per KPI and combination of members; no member is a member of its own."""
    number = np.zeros(len(frame), dtype=np.int64)
    for column in ("kpi", *(dimension for dimension in DIMENSIONS if dimension in frame)):
        codes, members = pd.factorize(frame[column], use_na_sentinel=False)
        number = number * len(members) + codes
    return np.unique(number, return_inverse=True)[1]


def _points(frame: pd.DataFrame, series: np.ndarray, order: np.ndarray) -> _Points:
    """The points that enter the limits. At least `RUN_LENGTH` places wide, so that every rule finds its windows."""
    value = frame["value"].to_numpy(dtype=float)
    enters = frame["complete"].to_numpy(dtype=bool) & ~np.isnan(value)
    row = order[enters[order]]
    counts = np.bincount(series[row], minlength=series.max(initial=-1) + 1)
    place = np.arange(len(row)) - (np.cumsum(counts) - counts)[series[row]]
    values = np.full((len(counts), max(RUN_LENGTH, counts.max(initial=0))), np.nan)
    values[series[row], place] = value[row]
    return _Points(values, row, series[row], place)


def _limits(values: np.ndarray, screening: bool) -> _Limits:
    noise = NOISE * np.max(np.nan_to_num(np.abs(values)), axis=1, initial=0, keepdims=True)
    first = values[:, :1]
    centre = first + _mean(values - first)  # exact for a flat series, where a plain mean may miss by a rounding error
    ranges = np.abs(_without_noise(np.diff(values, axis=1), noise))
    average = _mean(ranges)
    return _Limits(centre, LIMIT_FACTOR * (_screened(ranges, average, noise) if screening else average), noise)


def _screened(ranges: np.ndarray, average: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """The average moving range without outliers. Where that would leave no variation at all (a rare event among equal
    values), the plain average stays: limits of no width would call every point a signal."""
    kept = _mean(np.where(ranges < SCREENING_FACTOR * average - noise, ranges, np.nan))
    return np.where(kept > 0, kept, average)


def _rules(values: np.ndarray, limits: _Limits) -> tuple[np.ndarray, np.ndarray]:
    """Per point the position of its rule in `_RULES` (0 = none) and the direction it points in: 1 up, -1 down, 0 none."""
    deviation = _without_noise(values - limits.centre, limits.noise)
    side = _signs(deviation)
    outside = np.abs(deviation) > limits.width + limits.noise
    trend = _trend(_signs(_without_noise(np.diff(values, axis=1), limits.noise)))
    near = ~outside & (np.abs(deviation) > limits.width * 2 / 3 + limits.noise)
    two_in_three = _two_in_three(near, side)
    run = _part_of_run(side, RUN_LENGTH)
    rule = np.select([outside, trend != 0, two_in_three, run], [1, 2, 3, 4], 0)
    direction = np.where(rule == 2, trend, side)
    return rule, np.where(rule > 0, direction, 0)


def _trend(steps: np.ndarray) -> np.ndarray:
    """Slope of the trend each point is part of, else 0; where one trend turns into the next, the newer one counts."""
    slope = np.where(_part_of_run(steps, RUN_LENGTH - 1), steps, 0)
    into, out_of = np.pad(slope, ((0, 0), (1, 0))), np.pad(slope, ((0, 0), (0, 1)))
    return np.where(out_of != 0, out_of, into)


def _two_in_three(near: np.ndarray, side: np.ndarray) -> np.ndarray:
    """Points near a limit that are one of at least two such in three in a row, all three on one side of the centre line."""
    enough = sliding_window_view(near, 3, axis=1).sum(axis=2) >= 2
    one_side = np.abs(sliding_window_view(side, 3, axis=1).sum(axis=2)) == 3
    return near & _members(enough & one_side, 3)


def _part_of_run(signs: np.ndarray, length: int) -> np.ndarray:
    """Whether each place is one of at least `length` neighbours with the same sign."""
    return _members(np.abs(sliding_window_view(signs, length, axis=1).sum(axis=2)) == length, length)


def _members(windows: np.ndarray, length: int) -> np.ndarray:
    """Whether each place lies in a marked window; `windows` holds one mark per window of `length`, at its first place."""
    marked = np.pad(windows, ((0, 0), (length - 1, length - 1)))
    return np.any(sliding_window_view(marked, length, axis=1), axis=2)


def _mean(numbers: np.ndarray) -> np.ndarray:
    """Mean of each line as a column, NaN left out; NaN for a line without numbers."""
    there = ~np.isnan(numbers)
    count = there.sum(axis=1, keepdims=True)
    total = np.where(there, numbers, 0).sum(axis=1, keepdims=True)
    return np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)


def _without_noise(differences: np.ndarray, noise: np.ndarray) -> np.ndarray:
    return np.where(np.abs(differences) <= noise, 0.0, differences)


def _signs(differences: np.ndarray) -> np.ndarray:
    """1, -1 or 0 for up, down or tied; 0 where there is no point."""
    return np.sign(np.nan_to_num(differences)).astype(np.int8)


def _better_signs(frame: pd.DataFrame, newest: np.ndarray) -> np.ndarray:
    """Direction of good of each series as a column: 1 higher, -1 lower, 0 neither."""
    kpis = frame["kpi"].to_numpy()[newest]
    return np.array([find_kpi(kpi).better_sign for kpi in kpis], dtype=np.int8).reshape(-1, 1)


def _signals(direction: np.ndarray, better_sign: np.ndarray) -> np.ndarray:
    """Per point the position of its signal in `_SIGNALS`."""
    judged = direction * better_sign
    return np.select([judged > 0, judged < 0, direction > 0, direction < 0], [3, 4, 1, 2], 0)


def _assurances(frame: pd.DataFrame, newest: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> list[Assurance | None]:
    """The assurance of each series against the target of its newest period."""
    if "target" not in frame or "comparator" not in frame:
        return [None] * len(newest)
    comparators = frame["comparator"].to_numpy(dtype=object)[newest]
    targets = frame["target"].to_numpy(dtype=float)[newest]
    return [_assurance(*one) for one in zip(comparators, targets, lower, upper, strict=True)]


def _assurance(comparator: str | float | None, target: float, lower: float, upper: float) -> Assurance | None:
    """None without a one-sided target or without limits."""
    sign = Comparator(comparator).better_sign if isinstance(comparator, str) else 0
    if sign == 0 or np.isnan(target) or np.isnan(upper):
        return None
    if lower <= target <= upper:
        return Assurance.HIT_OR_MISS
    return Assurance.FAIL if (target > upper) == (sign > 0) else Assurance.PASS


def _per_row(codes: np.ndarray, points: _Points, rows: int) -> np.ndarray:
    """The codes of the points at their rows of the frame, 0 at rows that are no point."""
    column = np.zeros(rows, dtype=np.intp)
    column[points.row] = codes[points.series, points.place]
    return column


def _column(frame: pd.DataFrame, meanings: tuple | list, codes: np.ndarray) -> pd.Series:
    """A column of states; object, because a text column would turn None into NaN."""
    return pd.Series(np.array(meanings, dtype=object)[codes], index=frame.index, dtype=object)
