"""The files behind the numbers of a quarter.

A vendor is shown its sources, not files: a file may hold other vendors' rows too, and then its name and digest would speak of them.
"""

from typing import Any

import pandas as pd

from analytics.filters import Filters, where_sql
from analytics.periods import Grain, Period
from analytics.review.facts import Facts
from analytics.review.model import Audience, Delivery
from analytics.review.results import word


def deliveries_of(facts: Facts) -> tuple[Delivery, ...]:
    """The files whose rows count in the quarter and how many rows each has in it; for a vendor audience its sources."""
    per_file = facts.request.audience is not Audience.VENDOR
    where, parameters = where_sql(Filters(vendor=facts.request.filters.vendor))
    tables = " UNION ALL ".join(
        f"SELECT source, grain, period_start, batch_id FROM {table} WHERE period_start BETWEEN $first AND $last{where}"
        for table in ("performance", "performance_added", "scorecard")
    )
    key = "batch_id, source, grain" if per_file else "source, grain"
    sql = f"SELECT {key}, count(*) AS rows, min(period_start) AS first, max(period_start) AS last FROM ({tables}) GROUP BY ALL"
    found = facts.store.select(facts.scope, sql, parameters | {"first": facts.quarter.start, "last": facts.quarter.end})
    if per_file:
        known = facts.store.select(facts.scope, "SELECT batch_id, file_name, sha256, loaded_at FROM batches")
        found = found.merge(known, on="batch_id", how="left")
    keys = ["batch_id", "source"] if per_file else ["source"]
    return tuple(_delivery(rows) for _, rows in found.sort_values(keys).groupby(keys, sort=True))


def _delivery(rows: pd.DataFrame) -> Delivery:
    """One file, or one source, from its rows of each grain."""
    first: dict[str, Any] = rows.iloc[0].to_dict()
    ends = [Period(last.date(), Grain(grain)).end for last, grain in zip(rows["last"], rows["grain"], strict=True)]
    loaded = first.get("loaded_at", pd.NaT)
    return Delivery(
        batch=word(first.get("batch_id")),
        file=word(first.get("file_name")) or f"{first['source']}, all files",
        source=first["source"],
        sha256=word(first.get("sha256")),
        loaded_on=None if pd.isna(loaded) else loaded.date(),
        first_day=rows["first"].min().date(),
        last_day=max(ends),
        rows=int(rows["rows"].sum()),
    )
