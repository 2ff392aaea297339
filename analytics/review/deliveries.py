"""The files behind the numbers of a quarter: those with a row that counts in it.

Weeks belong where their Thursday does, as in every number; a KPI over 12 months has rows from before the quarter too.
A vendor is shown its sources, not files: a file may hold other vendors' rows too, and then its name and digest would speak of them.
"""

from typing import Any

import pandas as pd

from analytics.catalogue import KPIS
from analytics.filters import Filters, where_sql
from analytics.periods import Grain, Period, anchor_sql
from analytics.review.facts import Facts
from analytics.review.model import Audience, Delivery, QuarterlyReview
from analytics.review.results import word

_ELSEWHERE = "Earlier months of trends, and the period compared with, come from files listed on the page Batches and quality."


def deliveries_of(facts: Facts) -> tuple[Delivery, ...]:
    """The files whose rows count in the quarter and how many rows each has in it; for a vendor audience its sources."""
    per_file = facts.request.audience is not Audience.VENDOR
    where, parameters = where_sql(Filters(vendor=facts.request.filters.vendor))
    key = "batch_id, source, grain" if per_file else "source, grain"
    facts_of = "count(*) AS rows, min(period_start) AS first, max(period_start) AS last"
    sql = f"SELECT {key}, {facts_of} FROM ({_rows_sql(facts, where)}) GROUP BY ALL"
    days = {"first": facts.quarter.start, "last": facts.quarter.end}
    found = facts.store.select(facts.scope, sql, parameters | days)
    if per_file:
        known = facts.store.select(facts.scope, "SELECT batch_id, file_name, sha256, loaded_at FROM batches")
        found = found.merge(known, on="batch_id", how="left")
    keys = ["batch_id", "source"] if per_file else ["source"]
    return tuple(_delivery(rows) for _, rows in found.sort_values(keys).groupby(keys, sort=True))


def _rows_sql(facts: Facts, where: str) -> str:
    """The rows in the quarter, and of those before it the ones with a measure of a KPI whose window reaches them."""
    anchor, tables = anchor_sql("period_start"), ("performance", "performance_added", "scorecard")
    inside = f"{anchor} BETWEEN $first AND $last"
    windows = {kpi: facts.quarter.window(KPIS[kpi].window_months)[0] for kpi in facts.request.report.kpis if KPIS[kpi].window_months}
    before = "".join(
        f" OR ({anchor} BETWEEN DATE '{since}' AND $last AND coalesce({', '.join(KPIS[kpi].measures)}) IS NOT NULL)"
        for kpi, since in windows.items()
    )
    return " UNION ALL ".join(
        f"SELECT source, grain, period_start, batch_id FROM {table} WHERE ({inside}{before if table == 'performance' else ''}){where}"
        for table in tables
    )


def deliveries_words(review: QuarterlyReview) -> str:
    """What the list of files holds and what it does not, as its heading says."""
    what = "files" if any(one.sha256 for one in review.deliveries) else "sources"
    windows = dict.fromkeys(KPIS[one.kpi].window_months for one in review.definitions if one.kpi in KPIS and KPIS[one.kpi].window_months)
    before = "".join(f", of KPIs over {months} months with the months before it" for months in windows)
    return f"The accepted {what} with the rows behind the numbers of {review.label}, weeks by their Thursday{before}. {_ELSEWHERE}"


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
