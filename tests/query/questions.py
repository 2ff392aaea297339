"""Short ways to put a KPI query to a tiny warehouse and to read its answer."""

from datetime import date

import pandas as pd

from analytics.asking import KpiQuery
from analytics.filters import Filters
from analytics.periods import Grain
from analytics.query import kpi_frame
from analytics.warehouse import Scope, Store
from tests.rows import EVERYTHING

JULY = (date(2026, 7, 1), date(2026, 7, 31))
QUARTER_3 = (date(2026, 7, 1), date(2026, 9, 30))


def ask(
    store: Store,
    *kpis: str,
    grain: Grain = Grain.MONTH,
    days: tuple[date, date] = JULY,
    by: tuple[str, ...] = (),
    filters: Filters | None = None,
    scope: Scope = EVERYTHING,
    fiscal_start: int = 1,
) -> pd.DataFrame:
    """The KPI frame, by default of July 2026 as one month over everything."""
    return kpi_frame(store, scope, KpiQuery(kpis, grain, *days, by, filters or Filters(), fiscal_start))


def one(frame: pd.DataFrame, **where: object) -> pd.Series:
    """The only row, or the only one with these values; periods may be written '2026-07-01'."""
    for column, value in where.items():
        frame = frame[frame[column] == (pd.Timestamp(str(value)) if column == "period" else value)]
    assert len(frame) == 1, frame
    return frame.iloc[0]


def as_percent(value: float) -> float:
    """A fraction as people print it, one decimal."""
    return round(100 * value, 1)
