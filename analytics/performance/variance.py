"""Variance and status of the KPI frame against its targets. Verdicts are decided on unrounded values."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd

from analytics.catalogue import Comparator
from analytics.performance.targets import MIXED_BASIS


class Status(StrEnum):
    """The verdict on one value; the member's value is the word shown."""

    MET = "met"
    BELOW_EXPECTED = "below expected"
    MISSED = "missed"
    NOT_MEASURED = "not measured"
    EXCUSED = "excused"
    NO_TARGET = "no target"


MIXED = "mixed"


def status_of(actual: float, comparator: Comparator | None, target: float, minimum: float, lower: float, upper: float) -> Status:
    """met / below expected (between minimum and expected) / missed; NaN is never met and never missed."""
    if np.isnan(actual):
        return Status.NOT_MEASURED
    if comparator is None:
        return Status.NO_TARGET
    if comparator.met(actual, target, None if np.isnan(lower) else lower, None if np.isnan(upper) else upper):
        return Status.MET
    reached_minimum = comparator is not Comparator.BAND and not np.isnan(minimum) and comparator.met(actual, minimum)
    return Status.BELOW_EXPECTED if reached_minimum else Status.MISSED


def variance_of(actual: float, comparator: Comparator | None, target: float, lower: float, upper: float) -> float:
    """actual - target in the native unit; for a band the distance outside it (0 inside). NaN without either."""
    if comparator is None or np.isnan(actual):
        return np.nan
    if comparator is not Comparator.BAND:
        return actual - target
    below = 0.0 if np.isnan(lower) else min(actual - lower, 0.0)
    above = 0.0 if np.isnan(upper) else max(actual - upper, 0.0)
    return below + above


def yardstick(row: Mapping[str, Any]) -> float:
    """What distances are shares of: the target, a band's width, or the one edge of a band open on the other side."""
    if row["comparator"] != Comparator.BAND:
        return abs(row["target"])
    edges = [edge for edge in (row["lower"], row["upper"]) if edge == edge]
    return abs(edges[-1] - edges[0]) if len(edges) == 2 else abs(edges[0]) if edges else np.nan


def with_status(frame: pd.DataFrame, members: pd.DataFrame | None = None) -> pd.DataFrame:
    """The frame plus variance, status, status_text.

    `members`: the same periods and KPIs per vendor, with status, to word a row whose members have different targets:
    'mixed: 3 of 5 met'.
    """
    status, variance = _judged(frame)
    text = status.copy()
    if members is not None:
        mixed = np.flatnonzero((frame["basis"] == MIXED_BASIS).to_numpy(bool) & (status == str(Status.NO_TARGET)))
        text[mixed] = _mixed_texts(frame.iloc[mixed], members)
    objects = {"status": status, "status_text": text}
    return frame.assign(variance=variance, **{name: pd.Series(words, index=frame.index, dtype=object) for name, words in objects.items()})


def _judged(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """`status_of` and `variance_of` every row, those of one comparator at once."""
    actual, target, minimum, lower, upper = (frame[name].to_numpy(float) for name in ("value", "target", "minimum", "lower", "upper"))
    status = np.full(len(frame), str(Status.NO_TARGET), dtype=object)
    variance, comparators = np.full(len(frame), np.nan), frame["comparator"].to_numpy(object)
    for comparator in {comparator for comparator in comparators if isinstance(comparator, str)}:
        rows = np.flatnonzero(comparators == comparator)
        value, least = actual[rows], minimum[rows]
        if comparator == Comparator.BAND:
            below, above = np.fmin(value - lower[rows], 0.0), np.fmin(upper[rows] - value, 0.0)
            met, reached, variance[rows] = (below == 0) & (above == 0), np.zeros(len(rows), bool), below - above
        else:
            held = _HELD[Comparator(comparator)]
            met, reached, variance[rows] = held(value, target[rows]), held(value, least), value - target[rows]
        status[rows] = np.where(met, str(Status.MET), np.where(reached, str(Status.BELOW_EXPECTED), str(Status.MISSED)))
    blank = np.isnan(actual)
    status[blank], variance[blank] = str(Status.NOT_MEASURED), np.nan
    return status, variance


_HELD = {Comparator.AT_LEAST: np.greater_equal, Comparator.ABOVE: np.greater, Comparator.AT_MOST: np.less_equal, Comparator.BELOW: np.less}


def _mixed_texts(rows: pd.DataFrame, members: pd.DataFrame) -> list[str]:
    """'mixed: 3 of 5 met' for every row, counting the members that have a verdict."""
    counts: dict[tuple, list[bool]] = {}
    judged = members[members["status"].isin([Status.MET, Status.BELOW_EXPECTED, Status.MISSED])] if len(rows) else members.head(0)
    for period, kpi, status in zip(judged["period"], judged["kpi"], judged["status"], strict=True):
        counts.setdefault((period, kpi), []).append(status == Status.MET)
    found = (counts.get(key, []) for key in zip(rows["period"], rows["kpi"], strict=True))
    return [f"{MIXED}: {sum(met)} of {len(met)} met" for met in found]
