"""What the data offers: the days it spans and the values each filter can take, as they exist for a scope."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from analytics.asking import Reader
from analytics.catalogue import DIMENSIONS
from analytics.filters import Filters
from analytics.periods import MONTHS_PER_YEAR, Grain, Period, add_months, latest_complete
from analytics.warehouse.scope import Scope

_EVERY_ROW = """
  SELECT vendor, grain, period_start FROM performance UNION ALL SELECT vendor, grain, period_start FROM scorecard
"""


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day any row speaks of, the last day per vendor (its freshness), the months with data."""

    first_day: date
    last_day: date
    vendor_last_day: dict[str, date]
    months: frozenset[date]

    @property
    def fresh_vendors(self) -> int:
        """Vendors whose data reaches the last day."""
        return sum(day == self.last_day for day in self.vendor_last_day.values())

    @property
    def current_vendors(self) -> int:
        """Vendors with data in the last twelve months; the others are gone and not waited for."""
        year_ago = add_months(self.last_day, -MONTHS_PER_YEAR)
        return sum(day >= year_ago for day in self.vendor_last_day.values())

    def covers(self, period: Period) -> bool:
        """Whether the period lies wholly inside the span: only then is it complete."""
        return self.first_day <= period.start and period.end <= self.last_day

    def periods(self, grain: Grain, fiscal_start: int = 1) -> list[Period]:
        """Every period of a grain (month or longer) that has data, newest first."""
        return sorted({Period.of(grain, month, fiscal_start) for month in self.months}, reverse=True)

    def default_period(self, fiscal_start: int = 1) -> Period:
        """The latest complete quarter; with less data than that, the latest complete month or the quarter at hand."""
        for grain in (Grain.QUARTER, Grain.MONTH):
            period = latest_complete(grain, self.last_day, fiscal_start)
            if self.covers(period):
                return period
        return Period.of(Grain.QUARTER, self.last_day, fiscal_start)


def data_span(store: Reader, scope: Scope) -> Span | None:
    """The span of the data that exists for `scope`; None when there is none."""
    sql = f"SELECT vendor, grain, min(period_start) AS first, max(period_start) AS last FROM ({_EVERY_ROW}) GROUP BY ALL"
    found = store.select(scope, sql)
    if found.empty:
        return None
    ends = [Period(_day(last), Grain(grain)).end for grain, last in zip(found["grain"], found["last"], strict=True)]
    latest: dict[str, date] = {}
    for vendor, end in sorted(zip(found["vendor"], ends, strict=True)):
        latest[vendor] = end
    months = store.select(scope, f"SELECT DISTINCT date_trunc('month', period_start)::DATE AS month FROM ({_EVERY_ROW})")
    return Span(_day(found["first"].min()), max(ends), latest, frozenset(_day(month) for month in months["month"]))


def _day(stamp: pd.Timestamp) -> date:
    return stamp.date()


def filter_options(store: Reader, scope: Scope) -> dict[str, list[str]]:
    """Dimension id -> the values that occur, sorted."""
    tables = " UNION ALL ".join(
        f"SELECT DISTINCT '{dimension}' AS dimension, {dimension} AS value FROM {table} WHERE {dimension} IS NOT NULL"
        for dimension in DIMENSIONS
        for table in ("performance", "scorecard")
    )
    found = store.select(scope, f"SELECT DISTINCT dimension, value FROM ({tables}) ORDER BY ALL")
    return {dimension: found.loc[found["dimension"] == dimension, "value"].tolist() for dimension in DIMENSIONS}


def never_there(store: Reader, scope: Scope, vendor: str, filters: Filters) -> str:
    """The first dimension of the filters none of whose chosen values the vendor has in any row; '' when no filter leaves it out."""
    for dimension, values in filters.chosen():
        tables = " UNION ALL ".join(f"SELECT {dimension} AS member, vendor FROM {table}" for table in ("performance", "scorecard"))
        sql = f"SELECT count(*) AS found FROM ({tables}) WHERE vendor = $vendor AND member IN (SELECT unnest($values))"
        if not store.select(scope, sql, {"vendor": vendor, "values": list(values)})["found"].iat[0]:
            return dimension
    return ""
