"""Where the limits of a control chart lie: XmR, Laney p' for proportions, and what is usual for a weekday."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.performance.spc_rules import RUN_LENGTH, without_noise

LIMIT_FACTOR = 2.66
SCREENING_FACTOR = 3.267
SIGMAS = 3
RANGE_TO_SIGMA = 1.128
NOISE = 1e-12
"""Differences below this share of the largest value are rounding noise: such points are tied."""
FEWEST_OF_A_WEEKDAY = 4


@dataclass(frozen=True)
class Points:
    """The complete, measured points of a KPI frame, laid out one series per line, oldest first, padded with NaN.

    `row` is where each point stands in the frame, (`series`, `place`) where it stands in `values`.
    """

    values: np.ndarray
    row: np.ndarray
    series: np.ndarray
    place: np.ndarray

    def laid_out(self, column: np.ndarray) -> np.ndarray:
        """Another column of the frame in the same layout."""
        layout = np.full(self.values.shape, np.nan)
        layout[self.series, self.place] = column[self.row]
        return layout

    @property
    def counts(self) -> np.ndarray:
        """How many points each series has."""
        return np.bincount(self.series, minlength=len(self.values))

    def per_row(self, codes: np.ndarray, rows: int) -> np.ndarray:
        """The codes of the points at their rows of a frame of `rows` rows, 0 at rows that are no point."""
        column = np.zeros(rows, dtype=np.intp)
        column[self.row] = codes[self.series, self.place]
        return column


@dataclass(frozen=True)
class Limits:
    """`centre` and `noise` per series, as columns; `width` (limits' distance from the centre) per series or per point, and per row.

    `newest_width`: per series, at its newest point.
    """

    centre: np.ndarray
    width: np.ndarray
    noise: np.ndarray
    row_width: np.ndarray
    newest_width: np.ndarray


def points_of(value: np.ndarray, enters: np.ndarray, series: np.ndarray, order: np.ndarray) -> Points:
    """The points that enter the limits, in `order` of series and time. At least `RUN_LENGTH` places wide: every rule finds its windows."""
    row = order[enters[order]]
    counts = np.bincount(series[row], minlength=series.max(initial=-1) + 1)
    place = np.arange(len(row)) - (np.cumsum(counts) - counts)[series[row]]
    values = np.full((len(counts), max(RUN_LENGTH, counts.max(initial=0))), np.nan)
    values[series[row], place] = value[row]
    return Points(values, row, series[row], place)


def xmr_limits(points: Points, series: np.ndarray, screening: bool) -> Limits:
    """Mean +/- 2.66 x average moving range, the same for all points of a series."""
    values, noise = points.values, _noise(points.values)
    first = values[:, :1]
    centre = first + _mean(values - first)  # exact for a flat series, where a plain mean may miss by a rounding error
    ranges = np.abs(without_noise(np.diff(values, axis=1), noise))
    average = _mean(ranges)
    width = LIMIT_FACTOR * (_screened(ranges, average, noise) if screening else average)
    return Limits(centre, width, noise, width.ravel()[series], width.ravel())


def _screened(ranges: np.ndarray, average: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """The average moving range without outliers. Where that would leave no variation at all (a rare event among equal
    values), the plain average stays: limits of no width would call every point a signal."""
    kept = _mean(np.where(ranges < SCREENING_FACTOR * average - noise, ranges, np.nan))
    return np.where(kept > 0, kept, average)


def laney_limits(points: Points, series: np.ndarray, numerator: np.ndarray, denominator: np.ndarray) -> Limits:
    """p +/- 3 x sigma_z x sqrt(p (1 - p) / n) with n of each point (Laney 2002).

    p = sum of numerators / sum of denominators, z = (p_i - p) / sqrt(p (1 - p) / n_i), sigma_z = mean |difference of
    neighbouring z| / 1.128. Sigma_z is not floored at 1 and nothing is screened. No limits where p is no share.
    """
    counted, size = points.laid_out(numerator), points.laid_out(denominator)
    with np.errstate(invalid="ignore", divide="ignore"):
        centre = np.nansum(counted, axis=1, keepdims=True) / np.nansum(size, axis=1, keepdims=True)
        spread = np.sqrt(centre * (1 - centre))
        z = np.where(spread > 0, (points.values - centre) * np.sqrt(size) / spread, 0.0)
        sigma_z = _mean(np.abs(np.diff(np.where(np.isnan(points.values), np.nan, z), axis=1))) / RANGE_TO_SIGMA
        row_width = SIGMAS * (sigma_z * spread).ravel()[series] / np.sqrt(denominator)
    width, counts = points.laid_out(row_width), points.counts
    newest = width[np.arange(len(counts)), np.maximum(counts - 1, 0)]
    return Limits(centre, width, _noise(points.values), row_width, newest)


def weekday_effects(value: np.ndarray, enters: np.ndarray, series: np.ndarray, weekday: np.ndarray) -> np.ndarray:
    """What each row's weekday usually adds: median of that weekday in its series less the mean of these medians over its points.

    Added up over the points they are 0, so the mean of a series stays. A weekday with fewer than 4 points has none.
    """
    points = pd.DataFrame({"series": series, "weekday": weekday, "value": value})[enters]
    usual = points.groupby(["series", "weekday"])["value"].agg(["median", "size"]).reset_index()
    usual = usual[usual["size"] >= FEWEST_OF_A_WEEKDAY]
    weighted = (usual["median"] * usual["size"]).groupby(usual["series"]).sum() / usual["size"].groupby(usual["series"]).sum()
    effects = np.zeros((series.max(initial=-1) + 1, 7))
    effects[usual["series"], usual["weekday"]] = usual["median"] - usual["series"].map(weighted)
    return effects[series, weekday]


def _noise(values: np.ndarray) -> np.ndarray:
    return NOISE * np.max(np.nan_to_num(np.abs(values)), axis=1, initial=0, keepdims=True)


def _mean(numbers: np.ndarray) -> np.ndarray:
    """Mean of each line as a column, NaN left out; NaN for a line without numbers."""
    there = ~np.isnan(numbers)
    count = there.sum(axis=1, keepdims=True)
    total = np.where(there, numbers, 0).sum(axis=1, keepdims=True)
    return np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
