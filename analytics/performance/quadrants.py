"""Quadrant: every member by two KPIs, each split at the value of all together; cost per resolution by an outcome, say."""

from enum import StrEnum

import numpy as np
import pandas as pd

from analytics.catalogue import find_kpi
from analytics.errors import UsageError


class Quadrant(StrEnum):
    """How a member does on both KPIs, against all together. Exactly on a line counts as not worse."""

    BOTH_BETTER = "better on both"
    FIRST_BETTER = "better on the first only"
    SECOND_BETTER = "better on the second only"
    BOTH_WORSE = "worse on both"


def quadrants(frame: pd.DataFrame, by: str, first: str, second: str) -> pd.DataFrame:
    """One row per member that has both: <by>, first, second (values), first_line, second_line, quadrant, small.

    `frame`: `side_by_side` of the two KPIs. The lines are sum / sum over the members that have both, so that nobody is held
    against members it is not shown with. A KPI without a good direction raises `UsageError`; money in different currencies
    leaves no member.
    """
    signs = {kpi: find_kpi(kpi).better_sign for kpi in (first, second)}
    for kpi, sign in signs.items():
        if not sign:
            raise UsageError(f"{find_kpi(kpi).label} has no good direction.", "Choose a KPI that is better when higher or lower.")
    sides = {kpi: _comparable(frame[frame["kpi"] == kpi]).set_index(by) for kpi in (first, second)}
    members = [member for member in sides[first].index if member in set(sides[second].index)]
    values = {kpi: side.loc[members, "value"].to_numpy(float) for kpi, side in sides.items()}
    lines = {kpi: _line(kpi, side.loc[members]) for kpi, side in sides.items()}
    better = {kpi: (values[kpi] - lines[kpi]) * signs[kpi] >= 0 for kpi in values}
    small = np.any([side.loc[members, "small"].to_numpy(bool) for side in sides.values()], axis=0)
    return pd.DataFrame(
        {
            by: pd.Series(members, dtype=object), "first": values[first], "second": values[second],
            "first_line": lines[first], "second_line": lines[second],
            "quadrant": pd.Series([str(_named(*pair)) for pair in zip(better[first], better[second], strict=True)], dtype=object),
            "small": small,
        }
    )  # fmt: skip


def _comparable(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["value"].notna() & rows["others"].notna()]


def _line(kpi: str, rows: pd.DataFrame) -> float:
    """The value of all members together."""
    return float(rows["numerator"].sum() / rows["denominator"].sum() * find_kpi(kpi).scale) if len(rows) else np.nan


def _named(first_better: bool, second_better: bool) -> Quadrant:
    if first_better and second_better:
        return Quadrant.BOTH_BETTER
    if first_better or second_better:
        return Quadrant.FIRST_BETTER if first_better else Quadrant.SECOND_BETTER
    return Quadrant.BOTH_WORSE
