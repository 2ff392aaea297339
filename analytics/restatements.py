"""Published numbers that changed: which KPI of which vendor and month, from what to what.

A number that was there before and reads differently now is a restatement; one that is new is not. Two readings of the
warehouse are compared, so the same function tells what a load did, what an undo did, and what an undo would do.
"""

from collections.abc import Sequence
from datetime import date

import duckdb
import pandas as pd

from analytics.asking import KpiQuery, Reader
from analytics.catalogue import KPIS, MEASURES
from analytics.filters import Filters
from analytics.periods import Grain, Period
from analytics.query import kpi_frame
from analytics.warehouse.schema import UTC_NOW
from analytics.warehouse.scope import Scope
from analytics.warehouse.settle import MONTHS
from analytics.warehouse.store import Draft

PARTS = ("numerator", "denominator", "value")
COLUMNS = ("kpi", "vendor", "period_start", "grain", *(f"{when}_{part}" for when in ("old", "new") for part in PARTS))


def restated(before: Reader, after: Reader, scope: Scope, vendors: Sequence[str] | None = None) -> pd.DataFrame:
    """Every KPI value of a vendor and month (quarter, where only quarters are reported) that `before` had and `after` changes.

    Columns: kpi, vendor, period_start, grain, old_ and new_ numerator, denominator, value; NaN where there is none now.
    Numerators and denominators are compared exactly. `vendors`: whom to look at, everybody unless said.
    """
    changed = _changes(before, after, scope, vendors)
    kpis = _kpis_of(set(changed["name"]))
    if not kpis:
        return pd.DataFrame(columns=list(COLUMNS))
    months = _compared(before, after, scope, changed, kpis, Grain.MONTH)
    found = [months[months["restated"]]]
    if changed["quarterly"].any():
        quarters = _compared(before, after, scope, changed, kpis, Grain.QUARTER)
        found.append(quarters[quarters["restated"] & ~_has_months(quarters, months)])
    return pd.concat(found, ignore_index=True)[list(COLUMNS)]


def _changes(before: Reader, after: Reader, scope: Scope, vendors: Sequence[str] | None) -> pd.DataFrame:
    """vendor, month, quarterly, name: every measure (or reported KPI) of a vendor's month that had rows before and has not the same now.

    A value that is new has its place here too: where a measured KPI appears, the reported one beside it is no longer read.
    """
    sql, parameters = _prints_sql(vendors), None if vendors is None else {"vendors": list(vendors)}
    old, new = (reader.select(scope, sql, parameters) for reader in (before, after))
    both = old.merge(new, on=["vendor", "month", "name"], how="outer", suffixes=("", "_now"))
    there_before = both.merge(old[["vendor", "month"]].drop_duplicates(), on=["vendor", "month"])
    changed = there_before[there_before["print"] != there_before["print_now"]]
    quarterly = changed["quarterly"].eq(True) | changed["quarterly_now"].eq(True)
    return changed.assign(quarterly=quarterly)[["vendor", "month", "quarterly", "name"]]


def _prints_sql(vendors: Sequence[str] | None) -> str:
    """One number for all values of a measure (or reported KPI) in a vendor's month, each with its place, whatever batch they are of."""
    only = "true" if vendors is None else "vendor IN (SELECT unnest($vendors))"
    place = "source, grain, period_start, site, lob, channel"
    group = f"vendor, unnest({MONTHS}) AS month, grain = 'quarter' AS quarterly"
    prints = ", ".join(f"bit_xor(hash({name}, place)) FILTER ({name} IS NOT NULL) AS {name}" for name in MEASURES)
    names = ", ".join(MEASURES)
    return f"""
        WITH placed AS (SELECT *, {group}, hash({place}, threshold_seconds, currency) AS place FROM performance WHERE {only}),
        measured AS (SELECT vendor, month, bool_or(quarterly) AS quarterly, {prints} FROM placed GROUP BY vendor, month)
        SELECT vendor, month, quarterly, name, print::VARCHAR AS print FROM (UNPIVOT measured ON {names} INTO NAME name VALUE print)
        UNION ALL
        SELECT vendor, month, bool_or(quarterly), kpi, bit_xor(hash(actual, unit, {place}))::VARCHAR
        FROM (SELECT *, {group} FROM scorecard WHERE {only}) GROUP BY ALL"""


def _kpis_of(changed: set[str]) -> tuple[str, ...]:
    """The KPIs that read any of these measures, or are reported under these names.

    One with a window is told by its variant of the period alone: a change of one month is in twelve of its numbers.
    """
    changed = changed | {name for name, measure in MEASURES.items() if changed & set(measure.parts)}
    return tuple(kpi.id for kpi in KPIS.values() if kpi.id in changed or (not kpi.window_months and changed & set(kpi.measures)))


def _compared(before: Reader, after: Reader, scope: Scope, changed: pd.DataFrame, kpis: tuple[str, ...], grain: Grain) -> pd.DataFrame:
    """Old and new of every KPI, vendor and changed period, with `restated`."""
    periods = {Period.of(grain, month.date()) for month in changed["month"]}
    starts = pd.Series([pd.Timestamp(Period.of(grain, month.date()).start) for month in changed["month"]], index=changed.index)
    places = changed.assign(period=starts)[["vendor", "period"]].drop_duplicates()
    vendors = tuple(sorted(set(changed["vendor"])))
    first, last = min(period.start for period in periods), max(period.end for period in periods)
    query = KpiQuery(kpis, grain, first, last, ("vendor",), Filters(vendor=vendors), own_periods=True)
    old, new = (_values(reader, scope, query, places) for reader in (before, after))
    both = old.add_prefix("old_").join(new.add_prefix("new_")).reset_index()
    same = [(both[f"old_{part}"] == both[f"new_{part}"]) | (both[f"old_{part}"].isna() & both[f"new_{part}"].isna()) for part in PARTS]
    both["restated"] = both["old_value"].notna() & ~(same[0] & same[1] & same[2])
    return both.assign(grain=grain.value).rename(columns={"period": "period_start"})


def _values(reader: Reader, scope: Scope, query: KpiQuery, places: pd.DataFrame) -> pd.DataFrame:
    """The KPI frame of these vendors and periods, by kpi, vendor and period."""
    frame = kpi_frame(reader, scope, query).merge(places, on=["vendor", "period"])
    return frame.set_index(["kpi", "vendor", "period"])[list(PARTS)].astype(float)


def _has_months(quarters: pd.DataFrame, months: pd.DataFrame) -> pd.Series:
    """Whether a quarter's KPI and vendor had a value by month as well: then the months tell it."""
    with_value = months[months["old_value"].notna()]
    starts = [Period.of(Grain.QUARTER, month.date()).start for month in with_value["period_start"]]
    by_month = set(zip(with_value["kpi"], with_value["vendor"], starts, strict=True))
    keys = zip(quarters["kpi"], quarters["vendor"], (start.date() for start in quarters["period_start"]), strict=True)
    return pd.Series([key in by_month for key in keys], index=quarters.index, dtype=bool)


def record(
    connection: duckdb.DuckDBPyConnection, before: Reader, action: str, batches: Sequence[str], vendors: Sequence[str]
) -> pd.DataFrame:
    """Write what the change in progress restates into `restatements`, each under the latest of `batches` with rows there; returns it."""
    if not vendors or not batches:
        return pd.DataFrame(columns=[*COLUMNS, "batch_id"])
    found = restated(before, Draft(connection), Scope.everything(), vendors)
    found["batch_id"] = _responsible(connection, found, batches)
    if len(found):
        connection.register("restated_now", found)
        connection.execute(
            f"INSERT INTO restatements BY NAME SELECT *, $action AS action, {UTC_NOW} AS restated_at FROM restated_now", {"action": action}
        )
        connection.unregister("restated_now")
    return found


def _responsible(connection: duckdb.DuckDBPyConnection, found: pd.DataFrame, batches: Sequence[str]) -> list[str]:
    """The batch behind every restatement: the latest one with rows of that vendor and period, else the latest of all."""
    if len(batches) == 1 or found.empty:
        return [batches[-1]] * len(found)
    sql = f"""
        SELECT DISTINCT batch_id, vendor, unnest({MONTHS}) AS month FROM (
            SELECT batch_id, vendor, grain, period_start FROM performance_rows
            UNION ALL SELECT batch_id, vendor, grain, period_start FROM scorecard_rows) WHERE batch_id IN (SELECT unnest($batches))"""
    places = {(vendor, month, batch) for batch, vendor, month in connection.execute(sql, {"batches": list(batches)}).fetchall()}

    def latest(vendor: str, start: date, grain: str) -> str:
        months = [month.start for month in Period.of(Grain(grain), start).within(Grain.MONTH)]
        with_rows = [batch for batch in batches if any((vendor, month, batch) in places for month in months)]
        return (with_rows or list(batches))[-1]

    keys = zip(found["vendor"], found["period_start"], found["grain"], strict=True)
    return [latest(vendor, start.date(), grain) for vendor, start, grain in keys]


def recorded(store: Reader, scope: Scope, batch_id: str = "") -> pd.DataFrame:
    """What is written into `restatements`, the newest first, of one batch or of all; columns as in `restated`, with batch_id and action."""
    sql = "SELECT * FROM restatements WHERE $batch = '' OR batch_id = $batch ORDER BY restated_at DESC, vendor, period_start, kpi"
    return store.select(scope, sql, {"batch": batch_id})
