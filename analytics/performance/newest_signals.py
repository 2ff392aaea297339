"""What the control charts say at the end of a period: the newest whole month of each vendor and KPI."""

import pandas as pd

PLACE = ["vendor", "kpi"]


def newest_signals(months: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """One row per vendor and KPI: the newest month that begins between the two days, is whole, measured and has limits.

    `months`: months with signals of `measured_report`. Who has no such month has no row: nothing is said about it.
    """
    inside = months["period"].between(first, last)
    spoken = months[inside & months["complete"].astype(bool) & months["value"].notna() & months["upper_limit"].notna()]
    return spoken.sort_values("period", kind="stable").drop_duplicates(PLACE, keep="last")


def signals_of_report(report: pd.DataFrame, months: pd.DataFrame) -> pd.DataFrame:
    """`newest_signals` inside the period of a report frame; no rows for an empty one."""
    if report.empty:
        return months.head(0)
    return newest_signals(months, report["period"].min(), report["period_end"].max())


def limits_distance(row: dict) -> float:
    """How far a month lies from the mean of its chart, as a share of the way to the limit: beyond 1 it is outside; 0 without any width."""
    width = row["upper_limit"] - row["centre_line"]
    return abs(row["value"] - row["centre_line"]) / width if width > 0 else 0.0
