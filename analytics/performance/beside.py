"""The earlier line beside a trend: the stretch before it, or the same periods a year earlier, point for point.

A point is compared only where both it and its counterpart are whole; an incomplete period has no counterpart. A day is compared with
the same weekday: a stretch of days is moved back by whole weeks, a year is 52 weeks.
"""

from dataclasses import replace
from datetime import date
from enum import StrEnum
from math import ceil

import numpy as np
import pandas as pd

from analytics.asking import KpiQuery, Reader
from analytics.catalogue import find_kpi
from analytics.catalogue.units import value_text
from analytics.periods import DAYS_PER_WEEK, Grain, Period
from analytics.query import kpi_frame
from analytics.warehouse.scope import Scope
from analytics.wording import counted

COLUMNS = ("beside", "beside_text")


class Beside(StrEnum):
    """What stands beside the line of a trend."""

    PREVIOUS = "previous"
    LAST_YEAR = "last_year"

    def of(self, period: Period, periods: int) -> Period:
        """The counterpart of one of `periods` shown."""
        if self is Beside.LAST_YEAR:
            return period.last_year()
        return period.shifted(-_stretch(period.grain, periods))

    @property
    def short(self) -> str:
        """Its name at the end of the line."""
        return "before" if self is Beside.PREVIOUS else "last year"

    def words(self, grain: Grain, periods: int) -> str:
        """'the 24 months before', 'the same months last year', 'the days 14 weeks earlier'."""
        if self is Beside.LAST_YEAR:
            return "the same weekdays 52 weeks earlier" if grain is Grain.DAY else f"the same {grain}s last year"
        if grain is Grain.DAY:
            return f"the days {counted(_stretch(grain, periods) // DAYS_PER_WEEK, 'week')} earlier"
        return f"the {counted(periods, grain)} before" if periods > 1 else f"the {grain} before"


def _stretch(grain: Grain, periods: int) -> int:
    """How many periods back; days by whole weeks."""
    return DAYS_PER_WEEK * ceil(periods / DAYS_PER_WEEK) if grain is Grain.DAY else periods


def shown_periods(grain: Grain, start: date, end: date, fiscal_start: int = 1) -> int:
    """How many periods a range touches."""
    period, count = Period.of(grain, start, fiscal_start), 1
    while period.end < end:
        period, count = period.next(), count + 1
    return count


def with_beside(store: Reader, scope: Scope, query: KpiQuery, series: pd.DataFrame, beside: Beside | None) -> pd.DataFrame:
    """The one series of a query with `beside`, the earlier value (NaN where none is fair), and its words; without a choice as it is.

    `beside_text`: 'Sep 2025: 81 %, 4 of 5 vendors'.
    """
    if beside is None or series.empty:
        return series
    count = shown_periods(query.grain, query.start, query.end, query.fiscal_start)
    shown = [Period.of(query.grain, day.date(), query.fiscal_start) for day in series["period"]]
    then = [beside.of(period, count) for period in shown]
    earlier = kpi_frame(store, scope, replace(query, start=min(then).start, end=max(then).end))
    found = {row["period"].date(): row for row in earlier.to_dict("records") if row["complete"] and row["value"] == row["value"]}
    points = zip(then, series["complete"], series["currency"], strict=True)
    rows = [_counterpart(found.get(other.start), money) if whole else None for other, whole, money in points]
    return series.assign(
        beside=np.array([row["value"] if row else np.nan for row in rows], dtype=float),
        beside_text=pd.Series(
            [_text(other, row) if row else "" for other, row in zip(then, rows, strict=True)], index=series.index, dtype=object
        ),
    )


def _counterpart(row: dict | None, money: str | None) -> dict | None:
    """The row, where it is in the same money."""
    return row if row and (row["currency"] or "") == (money or "") else None


def _text(period: Period, row: dict) -> str:
    kpi = find_kpi(row["kpi"])
    return f"{period.label}: {value_text(row['value'], kpi.unit, row['currency'] or '')}, {row['coverage']}"


def beside_words(series: pd.DataFrame, beside: Beside | None, query: KpiQuery) -> str:
    """What the second line is, and what has no counterpart in it; '' without one."""
    if beside is None or "beside" not in series:
        return ""
    what = beside.words(query.grain, shown_periods(query.grain, query.start, query.end, query.fiscal_start))
    measured = series["value"].notna()
    if not (series["beside"].notna() & measured).any():
        return f"Nothing whole is known of {what}, so no line stands beside."
    missing = int((measured & series["complete"] & series["beside"].isna()).sum())
    words = f"Thin line: {what}, whole {query.grain}s only"
    return f"{words}; {counted(missing, query.grain)} without counterpart." if missing else f"{words}."
