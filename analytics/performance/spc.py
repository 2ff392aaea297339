"""Signal or noise: control limits and the four rules of NHS Making Data Count, as NHSRplotthedots applies them.

    centre line = mean            limits = centre line +/- 2.66 x average moving range (XmR)
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

On request: limits that start anew at a dated event (`Rebase`: no range, trend or run reaches across it), Laney p' limits
for proportions with large denominators, and limits that follow the usual difference between weekdays.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
import pandas as pd

from analytics.catalogue import DIMENSIONS, Comparator, find_kpi
from analytics.errors import UsageError
from analytics.performance.spc_limits import Limits, laney_limits, points_of, weekday_effects, xmr_limits
from analytics.performance.spc_rules import find_rules

FEWEST_POINTS = 13


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
_ASSURANCES = (None, Assurance.FAIL, Assurance.PASS, Assurance.HIT_OR_MISS)

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


@dataclass(frozen=True, slots=True)
class Rebase:
    """Limits start anew with the first period that begins on or after `day`, for the rows of what it names (None: of all)."""

    day: date
    kpi: str | None = None
    vendor: str | None = None
    site: str | None = None

    def concerns(self, frame: pd.DataFrame) -> np.ndarray:
        """Which rows lie after it. A name that the frame does not show concerns no row: one site's event is not its vendor's."""
        after = (frame["period"] >= pd.Timestamp(self.day)).to_numpy(bool)
        for column in ("kpi", "vendor", "site"):
            named = getattr(self, column)
            if named is not None:
                after = after & ((frame[column] == named).to_numpy(bool) if column in frame else False)
        return after


def with_signals(
    frame: pd.DataFrame, *, screening: bool = True, rebased: Sequence[Rebase] = (), laney: bool = False, weekday_adjusted: bool = False
) -> pd.DataFrame:
    """The KPI frame, rows in the same order, with limits, signals and assurance per KPI and member.

    Needs `period`, `kpi`, `value`, `complete`; a series is a KPI x the dimension columns present. Adds `centre_line`,
    `lower_limit`, `upper_limit` (base units of the KPI; the limits are NaN below 2 points), `signal` (`Signal`), `rule` (`Rule` or None),
    `assurance` (`Assurance` or None; the same for a whole series, from the limits in force, `comparator` and `target` of its newest period)
    and `trial_limits` (fewer than 13 points since the limits began). A KPI without a good direction signals high or low.

    `laney` needs `numerator` and `denominator` and KPIs that are proportions; `weekday_adjusted` needs days, and adds
    `weekday_effect`, by which centre line and limits follow the weekday. An unknown KPI, Laney for another KPI, weekdays of
    longer periods, or both at once raise `UsageError`.
    """
    _check(frame, laney, weekday_adjusted)
    whole = _series_numbers(frame)
    series = _segments(frame, whole, rebased) if rebased else whole
    period = frame["period"].to_numpy()
    order = np.lexsort((period, series))
    value = frame["value"].to_numpy(dtype=float)
    enters = frame["complete"].to_numpy(dtype=bool) & ~np.isnan(value)
    effect = weekday_effects(value, enters, series, frame["period"].dt.day_of_week.to_numpy()) if weekday_adjusted else np.zeros(len(frame))
    points = points_of(value - effect, enters, series, order)
    sums = [frame[name].to_numpy(float) for name in ("numerator", "denominator")] if laney else []
    limits = laney_limits(points, series, *sums) if laney else xmr_limits(points, series, screening)
    rule, direction = find_rules(points.values, limits.centre, limits.width, limits.noise)
    signal = _signals(direction, _better_signs(frame, _newest(series, order)))
    assurance = _assurances(frame, _newest(whole, np.lexsort((period, whole)) if rebased else order), series, limits)
    centre = limits.centre.ravel()[series] + effect
    return frame.assign(
        centre_line=centre,
        lower_limit=centre - limits.row_width,
        upper_limit=centre + limits.row_width,
        signal=_column(frame, _SIGNALS, points.per_row(signal, len(frame))),
        rule=_column(frame, _RULES, points.per_row(rule, len(frame))),
        assurance=_column(frame, _ASSURANCES, assurance[whole]),
        trial_limits=(points.counts < FEWEST_POINTS)[series],
        **({"weekday_effect": effect} if weekday_adjusted else {}),
    )


def _check(frame: pd.DataFrame, laney: bool, weekday_adjusted: bool) -> None:
    if laney and weekday_adjusted:
        raise UsageError("Laney limits cannot be adjusted for weekdays.", "Choose one of the two.")
    if weekday_adjusted and "period_end" in frame and (frame["period_end"] != frame["period"]).any():
        raise UsageError("Only days have weekdays.", "Ask for the grain day, or leave out the adjustment.")
    others = [kpi for kpi in frame["kpi"].unique() if not find_kpi(kpi).is_proportion] if laney else []
    if others:
        raise UsageError(f"Laney limits are for proportions; {find_kpi(others[0]).label} is none.", "Leave them out for this KPI.")


def _series_numbers(frame: pd.DataFrame) -> np.ndarray:
    """Which series each row belongs to: 0, 1, ... per KPI and combination of members; no member is a member of its own."""
    number = np.zeros(len(frame), dtype=np.int64)
    for column in ("kpi", *(dimension for dimension in DIMENSIONS if dimension in frame)):
        codes, members = pd.factorize(frame[column], use_na_sentinel=False)
        number = number * len(members) + codes
    return pd.factorize(number)[0]


def _segments(frame: pd.DataFrame, series: np.ndarray, rebased: Sequence[Rebase]) -> np.ndarray:
    """The series cut where their limits start anew, numbered like `_series_numbers`."""
    begun = np.sum([rebase.concerns(frame) for rebase in rebased], axis=0)
    return pd.factorize(series * (len(rebased) + 1) + begun)[0]


def _newest(series: np.ndarray, order: np.ndarray) -> np.ndarray:
    """The row of the newest period of each series."""
    return order[np.cumsum(np.bincount(series)) - 1] if len(order) else order


def _better_signs(frame: pd.DataFrame, newest: np.ndarray) -> np.ndarray:
    """Direction of good of each series as a column: 1 higher, -1 lower, 0 neither."""
    codes, kpis = pd.factorize(frame["kpi"].take(newest))
    return np.array([find_kpi(kpi).better_sign for kpi in kpis], dtype=np.int8)[codes].reshape(-1, 1)


def _signals(direction: np.ndarray, better_sign: np.ndarray) -> np.ndarray:
    """Per point the position of its signal in `_SIGNALS`."""
    judged = direction * better_sign
    return np.select([judged > 0, judged < 0, direction > 0, direction < 0], [3, 4, 1, 2], 0)


def _assurances(frame: pd.DataFrame, newest: np.ndarray, series: np.ndarray, limits: Limits) -> np.ndarray:
    """Per whole series the position of its assurance in `_ASSURANCES`: the limits in force at its newest row against the target there.

    None without a one-sided target or without limits.
    """
    if "target" not in frame or "comparator" not in frame:
        return np.zeros(len(newest), dtype=np.intp)
    centre, width = limits.centre.ravel()[series[newest]], limits.newest_width[series[newest]]
    codes, comparators = pd.factorize(frame["comparator"].take(newest))
    signs = np.array([Comparator(name).better_sign for name in comparators] + [0])[codes]  # code -1, no comparator, is the last
    target = frame["target"].take(newest).to_numpy(dtype=float)
    judged = (signs != 0) & ~np.isnan(target) & ~np.isnan(width)
    beyond = np.where(target > centre + width, signs, np.where(target < centre - width, -signs, 0))
    return np.where(judged, np.select([beyond > 0, beyond < 0], [1, 2], 3), 0)


def _column(frame: pd.DataFrame, meanings: tuple, codes: np.ndarray) -> pd.Series:
    """A column of states; object, because a text column would turn None into NaN."""
    return pd.Series(np.array(meanings, dtype=object)[codes], index=frame.index, dtype=object)
