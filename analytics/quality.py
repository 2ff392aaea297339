"""Is the data all there, and is it fresh: what each vendor is expected to deliver, and what has come.

What is expected follows from what was there before. A measure (of a scorecard: a KPI) is expected of a vendor from its
first month until 12 months after its last; then it is gone. A source is expected to deliver every period of its grain, a
daily source every weekday on which it delivered at least half of the time. Only periods that ended by the newest day of
all are expected.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from analytics.asking import Reader
from analytics.coverage import MONTHS_MISSING
from analytics.filters import Filters, where_sql
from analytics.options import data_span
from analytics.performance.verdict import LONGEST, number_word
from analytics.periods import Grain, Period, add_months, anchor_sql, day_text
from analytics.warehouse.counting import ACTIVE_ROWS
from analytics.warehouse.scope import Scope
from analytics.wording import counted

MEASURED, REPORTED = "measured", "reported"
USUAL_SHARE = 0.5
USUAL_GAPS = 0.95
ON_TIME, LATE, GONE = "on time", "late", "gone"
STALE_RULE = (
    "Late: even the next period, after the usual gap of that vendor and source, should have ended before the newest day of all. "
    f"Gone: nothing for more than {MONTHS_MISSING} months."
)
_STEP = """CASE grain WHEN 'day' THEN INTERVAL 1 DAY WHEN 'week' THEN INTERVAL 7 DAY
    WHEN 'month' THEN INTERVAL 1 MONTH ELSE INTERVAL 3 MONTH END"""
_MONTH = f"date_trunc('month', {anchor_sql('period_start')})::DATE"
_CLAIMS = {
    MEASURED: "SELECT vendor, month, measure AS name, source, grain FROM reporting",
    REPORTED: f"SELECT vendor, {_MONTH} AS month, kpi AS name, min(source) AS source, min(grain) AS grain FROM scorecard GROUP BY ALL",
}
_TABLES = {MEASURED: "performance", REPORTED: "scorecard"}


def _shares_sql(kind: str, only: str) -> str:
    """WITH clause up to `deliveries` (vendor, source, grain, month, due, came) and `shares` (vendor, month, name, source, grain, share)."""
    return f"""WITH there AS (SELECT DISTINCT vendor, source, grain, period_start FROM {_TABLES[kind]} WHERE true{only}),
  streams AS (SELECT vendor, source, grain, min(period_start) AS since, max(period_start) AS until FROM there GROUP BY ALL),
  calendar AS (
    SELECT vendor, source, grain, until, unnest(generate_series(since::TIMESTAMP, greatest(until::TIMESTAMP,
      least(until + INTERVAL {MONTHS_MISSING} MONTH, $newest::DATE + INTERVAL 1 DAY - {_STEP})), {_STEP}))::DATE AS period_start
    FROM streams),
  delivered AS (
    SELECT calendar.*, there.vendor IS NOT NULL AS came FROM calendar LEFT JOIN there USING (vendor, source, grain, period_start)),
  judged AS (
    SELECT *, came OR grain <> 'day' OR coalesce(avg(came::INTEGER) FILTER (period_start <= until)
      OVER (PARTITION BY vendor, source, grain, isodow(period_start)), 0) >= {USUAL_SHARE} AS is_due FROM delivered),
  deliveries AS (
    SELECT vendor, source, grain, {_MONTH} AS month, count(*) AS due, count(*) FILTER (came) AS came FROM judged WHERE is_due GROUP BY ALL),
  claims AS (SELECT * FROM ({_CLAIMS[kind]}) WHERE true{only}),
  lives AS (
    SELECT vendor, name, min(month) AS since, max(month) AS until,
      arg_max(source, month) AS usual_source, arg_max(grain, month) AS usual_grain
    FROM claims GROUP BY ALL),
  expected AS (
    SELECT vendor, name, usual_source, usual_grain, unnest(generate_series(since::TIMESTAMP, greatest(until::TIMESTAMP,
      least(until + INTERVAL {MONTHS_MISSING} MONTH, date_trunc('month', $newest::DATE))), INTERVAL 1 MONTH))::DATE AS month FROM lives),
  sourced AS (
    SELECT vendor, month, name, claims.name IS NOT NULL AS there,
      coalesce(claims.source, usual_source) AS source, coalesce(claims.grain, usual_grain) AS grain
    FROM expected LEFT JOIN claims USING (vendor, month, name)),
  shares AS (
    SELECT vendor, month, name, source, grain, CASE WHEN there THEN coalesce(came / due, 1) ELSE 0 END AS share
    FROM sourced LEFT JOIN deliveries USING (vendor, source, grain, month) WHERE there OR due > 0)
"""


def coverage_frame(store: Reader, scope: Scope, vendors: tuple[str, ...] = ()) -> pd.DataFrame:
    """One row per vendor and month in which something is expected: vendor, month, kind, share (0 to 1), expected, came.

    `share`: the mean, over the measures expected, of the share of their periods that came; `came` counts measures with any.
    A month in which only results without counts are expected is of kind 'reported'. Sorted by vendor and month.
    """
    parts = [_coverage(store, scope, kind, vendors) for kind in (MEASURED, REPORTED)]
    both = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    return both.drop_duplicates(["vendor", "month"]).sort_values(["vendor", "month"], ignore_index=True)


def _coverage(store: Reader, scope: Scope, kind: str, vendors: tuple[str, ...]) -> pd.DataFrame:
    sql = "SELECT vendor, month, avg(share) AS share, count(*) AS expected, count(*) FILTER (share > 0) AS came FROM shares GROUP BY ALL"
    return _asked(store, scope, kind, Filters(vendor=vendors), sql).assign(kind=kind)


def _asked(store: Reader, scope: Scope, kind: str, filters: Filters, sql: str, **more: object) -> pd.DataFrame:
    where, parameters = where_sql(filters)
    return store.select(scope, _shares_sql(kind, where) + sql, parameters | {"newest": _newest(store, scope)} | more)


def _newest(store: Reader, scope: Scope) -> date | None:
    """The last day any row speaks of, None without rows."""
    span = data_span(store, scope)
    return span.last_day if span else None


@dataclass(frozen=True)
class CellContents:
    """What a vendor's month holds.

    `sources`: source, grain, due, came (periods), there, missing (measures or KPIs, as names). `batches`: batch_id,
    file_name, source, rows, first_day, last_day of the accepted rows in it, latest batch first.
    """

    sources: pd.DataFrame
    batches: pd.DataFrame


def cell_contents(store: Reader, scope: Scope, vendor: str, month: date) -> CellContents:
    """What is in one cell of the coverage."""
    found = [_sources(store, scope, kind, vendor, month) for kind in (MEASURED, REPORTED)]
    return CellContents(
        pd.concat([part for part in found if len(part)] or found[:1], ignore_index=True), _rows(store, scope, vendor, month)
    )


def _sources(store: Reader, scope: Scope, kind: str, vendor: str, month: date) -> pd.DataFrame:
    sql = """SELECT source, grain, coalesce(any_value(due), 1) AS due, coalesce(any_value(came), 0) AS came,
        list(name ORDER BY name) FILTER (share > 0) AS there, list(name ORDER BY name) FILTER (share = 0) AS missing
        FROM shares LEFT JOIN deliveries USING (vendor, source, grain, month) WHERE month = $month GROUP BY source, grain ORDER BY source"""
    found = _asked(store, scope, kind, Filters(vendor=(vendor,)), sql, month=month)
    names = {column: [() if cell is None or cell is pd.NA else tuple(cell) for cell in found[column]] for column in ("there", "missing")}
    return found.assign(kind=kind, **names)


def _rows(store: Reader, scope: Scope, vendor: str, month: date) -> pd.DataFrame:
    rows = " UNION ALL ".join(
        f"SELECT batch_id, source, grain, period_start FROM {table} WHERE vendor = $vendor AND {ACTIVE_ROWS}"
        for table in ("performance_rows", "scorecard_rows")
    )
    sql = f"""
        SELECT batch_id, file_name, source, count(*) AS rows, min(period_start) AS first_day, max(period_start) AS last_day
        FROM ({rows}) LEFT JOIN (SELECT batch_id, file_name, sequence FROM batches) USING (batch_id)
        WHERE {_MONTH} = $month GROUP BY ALL ORDER BY batch_id DESC"""
    return store.select(scope, sql, {"vendor": vendor, "month": month})


def freshness_frame(store: Reader, scope: Scope, vendors: tuple[str, ...] = ()) -> pd.DataFrame:
    """One row per vendor and source: vendor, source, grain, kind, last_day, days_behind the newest, state. Late ones first."""
    newest = _newest(store, scope)
    where, parameters = where_sql(Filters(vendor=vendors))
    rows = " UNION ".join(
        f"SELECT vendor, source, grain, period_start, '{kind}' AS kind FROM {table} WHERE true{where}" for kind, table in _TABLES.items()
    )
    sql = f"""
        SELECT vendor, source, grain, kind, max(period_start) AS last, coalesce(quantile_disc(gap, {USUAL_GAPS}), 0) AS gap
        FROM (SELECT *, period_start - lag(period_start) OVER (PARTITION BY vendor, source, grain, kind ORDER BY period_start) AS gap
              FROM ({rows}))
        GROUP BY ALL ORDER BY vendor, source"""
    found = store.select(scope, sql, parameters)
    if newest is None or found.empty:
        return pd.DataFrame(columns=["vendor", "source", "grain", "kind", "last_day", "days_behind", "state"])
    facts = [
        _freshness(Grain(grain), last.date(), int(gap), newest)
        for grain, last, gap in zip(found["grain"], found["last"], found["gap"], strict=True)
    ]
    columns = dict(zip(("last_day", "days_behind", "state"), zip(*facts, strict=True), strict=True))
    frame = found.drop(columns=["last", "gap"]).assign(**{name: list(values) for name, values in columns.items()})
    order = frame["state"].map({LATE: 0, ON_TIME: 1, GONE: 2})
    return (
        frame.assign(order=order)
        .sort_values(["order", "days_behind"], ascending=[True, False], kind="stable", ignore_index=True)
        .drop(columns="order")
    )


def _freshness(grain: Grain, last: date, gap: int, newest: date) -> tuple[date, int, str]:
    """Last day, days behind the newest, and whether that is later than usual."""
    period = Period.of(grain, last)
    following = max(period.next(), Period.of(grain, last + timedelta(days=gap)))
    late = LATE if following.end < newest else ON_TIME
    return period.end, (newest - period.end).days, GONE if newest >= add_months(period.end, MONTHS_MISSING + 1) else late


def quality_verdict(coverage: pd.DataFrame, freshness: pd.DataFrame) -> str:
    """'Five vendors report, all on time to 31 Oct 2026. One month has gaps: Meridiem in Nov 2024 (69 % there).'"""
    current = freshness[freshness["state"] != GONE]
    vendors = current["vendor"].nunique()
    newest = day_text(max(freshness["last_day"]))
    lead = f"{number_word(vendors).capitalize()} vendor{'s report' if vendors != 1 else ' reports'}"
    late = current[current["state"] == LATE]
    first = (
        f"{lead}, {'all on time' if vendors != 1 else 'on time'} to {newest}."
        if late.empty
        else f"{lead} to {newest}; {_late_words(late)}."
    )
    gaps = _gap_words(coverage)
    return f"{first} {gaps}" if len(first) + len(gaps) < LONGEST else first


def _late_words(late: pd.DataFrame) -> str:
    """'acd of Tallgrass is 30 days behind', 'three sources are late, most acd of Tallgrass (30 days)'."""
    worst = late.iloc[0]
    name, days = f"{worst['source']} of {worst['vendor']}", counted(worst["days_behind"], "day")
    return f"{name} is {days} behind" if len(late) == 1 else f"{number_word(len(late))} sources are late, most {name} ({days})"


def _gap_words(coverage: pd.DataFrame) -> str:
    """'Two vendor-months are missing, the newest Tallgrass in Oct 2026.', 'One vendor-month has gaps: Meridiem in Nov 2025 (73 %).'"""
    gaps = worst_months(coverage)
    if gaps.empty:
        return "No month has gaps."
    worst, missing = gaps.iloc[0], int((gaps["share"] == 0).sum())
    which = f"{worst['vendor']} in {Period.of(Grain.MONTH, worst['month'].date()).label}"
    if missing:
        return f"{_count_words(missing, 'is', 'are')} missing{': ' if missing == 1 else ', the newest '}{which}."
    there = f"({share_text(worst['share'])} there)"
    return f"{_count_words(len(gaps), 'has', 'have')} gaps{': ' if len(gaps) == 1 else ', the largest '}{which} {there}."


def _count_words(count: int, one: str, many: str) -> str:
    """'One vendor-month is', 'Two vendor-months are'."""
    return f"{number_word(count).capitalize()} vendor-month{f' {one}' if count == 1 else f's {many}'}"


def worst_months(coverage: pd.DataFrame) -> pd.DataFrame:
    """The vendor-months that are not whole, least there first, of equal ones the newest."""
    return coverage[coverage["share"] < 1].sort_values(["share", "month"], ascending=[True, False], kind="stable", ignore_index=True)


def share_text(share: float) -> str:
    """'96 %', rounded down: 100 % only when everything is there."""
    return f"{int(share * 100 + 1e-9)} %"
