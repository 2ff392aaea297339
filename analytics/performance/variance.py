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
    columns = [frame[name] for name in ("value", "comparator", "target", "minimum", "lower", "upper")]
    rows = list(zip(*columns, strict=True))
    status = [status_of(*row) for row in rows]
    variance = [variance_of(actual, comparator, target, lower, upper) for actual, comparator, target, _, lower, upper in rows]
    text = [str(verdict) for verdict in status]
    if members is not None:
        text = [
            _mixed_text(members, period, kpi) if basis == MIXED_BASIS and verdict is Status.NO_TARGET else word
            for word, verdict, basis, period, kpi in zip(text, status, frame["basis"], frame["period"], frame["kpi"], strict=True)
        ]
    objects = {"status": [str(verdict) for verdict in status], "status_text": text}
    return frame.assign(
        variance=np.array(variance, dtype=float),
        **{name: pd.Series(values, index=frame.index, dtype=object) for name, values in objects.items()},
    )


def _mixed_text(members: pd.DataFrame, period: pd.Timestamp, kpi: str) -> str:
    """'mixed: 3 of 5 met', counting the members that have a verdict."""
    theirs = members[(members["period"] == period) & (members["kpi"] == kpi)]["status"]
    judged = theirs.isin([Status.MET, Status.BELOW_EXPECTED, Status.MISSED])
    return f"{MIXED}: {int((theirs == Status.MET).sum())} of {int(judged.sum())} met"
