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
# One number for all rows of a vendor and month, whatever batch they are of.
_FINGERPRINTS = f"""
    WITH measured AS (SELECT * EXCLUDE (batch_id), unnest({MONTHS}) AS month FROM performance WHERE {{only}}),
    reported AS (SELECT * EXCLUDE (batch_id, line), unnest({MONTHS}) AS month FROM scorecard WHERE {{only}})
    SELECT vendor, month, bool_or(grain = 'quarter') AS quarterly, bit_xor(print)::VARCHAR AS print
    FROM (SELECT vendor, month, grain, hash(measured) AS print FROM measured
        UNION ALL SELECT vendor, month, grain, hash(reported) FROM reported)
    GROUP BY ALL"""


def restated(before: Reader, after: Reader, scope: Scope, vendors: Sequence[str] | None = None) -> pd.DataFrame:
    """Every KPI value of a vendor and month (quarter, where only quarters are reported) that `before` had and `after` changes.

    Columns: kpi, vendor, period_start, grain, old_ and new_ numerator, denominator, value; NaN where there is none now.
    Numerators and denominators are compared exactly. `vendors`: whom to look at, everybody unless said.
    """
    changed = _changed_months(before, after, scope, vendors)
    if changed.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    kpis = _kpis_of(before, scope, changed)
    months = _compared(before, after, scope, changed, kpis, Grain.MONTH)
    found = [months[months["restated"]]]
    if changed["quarterly"].any():
        quarters = _compared(before, after, scope, changed, kpis, Grain.QUARTER)
        found.append(quarters[quarters["restated"] & ~_has_months(quarters, months)])
    return pd.concat(found, ignore_index=True)[list(COLUMNS)]


def _changed_months(before: Reader, after: Reader, scope: Scope, vendors: Sequence[str] | None) -> pd.DataFrame:
    """vendor, month, quarterly: the vendor's months that had rows before and have not exactly the same ones now."""
    only, parameters = ("true", None) if vendors is None else ("vendor IN (SELECT unnest($vendors))", {"vendors": list(vendors)})
    old, new = (reader.select(scope, _FINGERPRINTS.format(only=only), parameters) for reader in (before, after))
    both = old.merge(new[["vendor", "month", "print"]], on=["vendor", "month"], how="left", suffixes=("", "_now"))
    return both.loc[both["print"] != both["print_now"], ["vendor", "month", "quarterly"]]


def _kpis_of(before: Reader, scope: Scope, changed: pd.DataFrame) -> tuple[str, ...]:
    """The KPIs that the vendors had any number for: those of whose measures, or of whose reported results, something is there."""
    vendors = {"vendors": sorted(set(changed["vendor"]))}
    sql = "SELECT measure AS name FROM reporting WHERE vendor IN (SELECT unnest($vendors)) UNION SELECT kpi FROM scorecard"
    there = set(before.select(scope, f"{sql} WHERE vendor IN (SELECT unnest($vendors))", vendors)["name"])
    there |= {name for name, measure in MEASURES.items() if there & set(measure.parts)}
    return tuple(kpi.id for kpi in KPIS.values() if kpi.id in there or there & set(kpi.measures))


def _compared(before: Reader, after: Reader, scope: Scope, changed: pd.DataFrame, kpis: tuple[str, ...], grain: Grain) -> pd.DataFrame:
    """Old and new of every KPI, vendor and changed period, with `restated`."""
    periods = {Period.of(grain, month.date()) for month in changed["month"]}
    starts = pd.Series([pd.Timestamp(Period.of(grain, month.date()).start) for month in changed["month"]], index=changed.index)
    places = changed.assign(period=starts)[["vendor", "period"]].drop_duplicates()
    vendors = tuple(sorted(set(changed["vendor"])))
    first, last = min(period.start for period in periods), max(period.end for period in periods)
    query = KpiQuery(kpis, grain, first, last, ("vendor",), Filters(vendor=vendors))
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
