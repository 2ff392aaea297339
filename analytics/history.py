"""What happened to the warehouse: refused rows, restated numbers, changes, and what undoing a batch would change."""

from dataclasses import dataclass

import pandas as pd

from analytics.asking import Reader
from analytics.catalogue import KPIS, kpi_label
from analytics.catalogue.units import told_apart
from analytics.periods import Grain, Period
from analytics.restatements import restated
from analytics.warehouse import Batch, Scope, Warehouse, counting_rows_sql, list_batches, without_batch
from analytics.warehouse.batches import ROW_TABLES

RESTATEMENTS_LISTED = 500
CHANGES_LISTED = 200
REFUSED_LISTED = 500


def refused_rows(store: Reader, scope: Scope, batch_id: str, most: int | None = None) -> pd.DataFrame:
    """The refused rows of a batch in order of their lines: line, column, reason, remedy, raw."""
    limit = f" LIMIT {most}" if most else ""
    return store.select(
        scope,
        'SELECT line, column_name AS "column", reason, remedy, raw FROM rejects WHERE batch_id = $batch ORDER BY line NULLS FIRST' + limit,
        {"batch": batch_id},
    )


def standing_for(store: Reader, scope: Scope, batch_id: str) -> str:
    """The batch that holds a batch's rows with refused ones corrected, '' when there is none."""
    sql = """SELECT fixed.batch_id FROM batches AS broken JOIN batches AS fixed ON fixed.batch_id = broken.replaced_by
        WHERE broken.batch_id = $batch AND broken.status = 'replaced' AND fixed.sha256 <> broken.sha256"""
    found = store.select(scope, sql, {"batch": batch_id})
    return str(found["batch_id"].iloc[0]) if len(found) else ""


def restated_numbers(store: Reader, scope: Scope, batch_id: str = "") -> pd.DataFrame:
    """The newest published numbers that a load or an undo changed, of one batch or of all.

    Columns: restated_at (UTC), kpi, vendor, period, before, now (words), action, batch_id, file_name.
    """
    sql = f"""
        SELECT restatements.*, file_name FROM restatements LEFT JOIN (SELECT batch_id, file_name FROM batches) USING (batch_id)
        WHERE $batch = '' OR batch_id = $batch ORDER BY restated_at DESC, vendor, period_start DESC, kpi LIMIT {RESTATEMENTS_LISTED}"""
    return _in_words(store.select(scope, sql, {"batch": batch_id}))[
        ["restated_at", "kpi", "vendor", "period", "before", "now", "action", "batch_id", "file_name"]
    ]


def _in_words(changes: pd.DataFrame) -> pd.DataFrame:
    """Restatements with KPI, period and both values as a reader knows them."""
    periods = [Period.of(Grain(grain), start.date()).label for grain, start in zip(changes["grain"], changes["period_start"], strict=True)]
    pairs = [_values(*change) for change in zip(changes["kpi"], changes["old_value"], changes["new_value"], strict=True)]
    labels = [kpi_label(kpi) for kpi in changes["kpi"]]
    return changes.assign(kpi=labels, period=periods, before=[before for before, _ in pairs], now=[now for _, now in pairs])


def _values(kpi: str, old: float, new: float) -> tuple[str, str]:
    """Both values, with enough decimals to see that they differ."""
    texts = told_apart(old, new, KPIS[kpi].unit) if kpi in KPIS else (f"{old:g}", f"{new:g}")
    before, now = ("not measured" if value != value else text for value, text in zip((old, new), texts, strict=True))
    return before, now


def changes_made(store: Reader, scope: Scope) -> pd.DataFrame:
    """Who changed the warehouse, newest first: changed_at (UTC), changed_by, action, detail."""
    return store.select(scope, f"SELECT changed_at, changed_by, action, detail FROM audit ORDER BY changed_at DESC LIMIT {CHANGES_LISTED}")


@dataclass(frozen=True)
class UndoPreview:
    """What the warehouse would be without a batch.

    `changes`: kpi, vendor, period, before, now in words. `leaving`: accepted rows that go, of any table. `returning`:
    rows of other batches that count again, as batch_id, file_name, rows.
    """

    batch: Batch
    changes: pd.DataFrame
    leaving: int
    returning: pd.DataFrame


def preview_undo(warehouse: Warehouse, scope: Scope, batch_id: str) -> UndoPreview:
    """Try the undo in a copy that is thrown away; the warehouse stays as it is."""
    before = warehouse.open()
    batch = next(batch for batch in list_batches(before, scope) if batch.batch_id == batch_id)
    tables = " UNION ALL ".join(f"SELECT batch_id FROM {table} WHERE batch_id = $batch" for table in ROW_TABLES)
    leaving = len(before.select(scope, tables, {"batch": batch_id}))
    with without_batch(warehouse, batch_id) as after:
        changes = _in_words(restated(before, after, scope))
        returning = _returning(before, after, scope)
    return UndoPreview(batch, changes[["kpi", "vendor", "period", "before", "now"]], leaving, returning)


def _returning(before: Reader, after: Reader, scope: Scope) -> pd.DataFrame:
    """Batches of which more rows count without the other one."""
    sql = f"""
        SELECT batch_id, file_name, count(*) AS rows FROM (
            SELECT batch_id FROM ({counting_rows_sql(("contacts_offered",))}) UNION ALL SELECT batch_id FROM scorecard)
        JOIN (SELECT batch_id, file_name FROM batches) USING (batch_id) GROUP BY ALL ORDER BY batch_id"""
    both = after.select(scope, sql).merge(before.select(scope, sql), on=["batch_id", "file_name"], how="left", suffixes=("", "_before"))
    more = both.assign(rows=both["rows"] - both["rows_before"].fillna(0).astype(int))
    return more.loc[more["rows"] > 0, ["batch_id", "file_name", "rows"]].reset_index(drop=True)
