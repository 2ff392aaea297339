"""The accepted files: listing them, and undoing one as if it had never come."""

from dataclasses import dataclass
from datetime import datetime

import duckdb

from analytics.errors import UsageError, did_you_mean
from analytics.warehouse.registers import REGISTERS
from analytics.warehouse.scope import Scope
from analytics.warehouse.settle import settle
from analytics.warehouse.store import Store

ACTIVE, UNDONE, REPLACED = "active", "undone", "replaced"
VENDOR_ROWS = ("performance_rows", "scorecard_rows")
ROW_TABLES = (*VENDOR_ROWS, *(register.rows for register in REGISTERS.values()))


@dataclass(frozen=True, slots=True)
class Batch:
    """One accepted file: where numbers came from. `status` is active, undone or replaced; `how` as in `How`; `loaded_at` is UTC."""

    batch_id: str
    sequence: int
    file_name: str
    sha256: str
    shape: str
    source: str
    recipe_name: str
    rows_read: int
    rows_accepted: int
    rows_rejected: int
    loaded_at: datetime
    loaded_by: str
    status: str
    how: str


_COLUMNS = ", ".join(Batch.__dataclass_fields__)


def list_batches(store: Store, scope: Scope) -> list[Batch]:
    """Every batch that exists for `scope`, oldest first, undone and replaced ones included."""
    found = store.select(scope, f"SELECT {_COLUMNS} FROM batches ORDER BY loaded_at, sequence")
    return [Batch(**{**row, "loaded_at": row["loaded_at"].to_pydatetime()}) for row in found.to_dict("records")]


def shown_statuses(store: Store, scope: Scope) -> dict[str, str]:
    """Batch id -> what became of it: an active one none of whose rows counts any more, since later files brought all of them anew, is
    replaced as well. Undoing what replaced it brings it back.
    """
    tables = ("performance", "performance_added", "scorecard", *(register.table for register in REGISTERS.values()))
    counting = set(store.select(scope, " UNION ".join(f"SELECT batch_id FROM {table}" for table in tables))["batch_id"])
    return {
        batch.batch_id: REPLACED if batch.status == ACTIVE and batch.batch_id not in counting and batch.rows_accepted else batch.status
        for batch in list_batches(store, scope)
    }


def active_batches(store: Store, scope: Scope) -> list[Batch]:
    """The batches whose rows count."""
    return [batch for batch in list_batches(store, scope) if batch.status == ACTIVE]


def take_out(connection: duckdb.DuckDBPyConnection, batch_id: str) -> set[str]:
    """Remove a batch's rows, refused rows and answers in a writer's copy, and settle the vendors it touched, which are returned.

    `analytics.undoing.undo` does this to the warehouse and writes down what changes.
    """
    vendors = _vendors_of(connection, batch_id)
    for table in (*ROW_TABLES, "weighted_measures", "rejects", "precedence"):
        connection.execute(f"DELETE FROM {table} WHERE batch_id = ?", [batch_id])
    connection.execute("UPDATE batches SET status = ? WHERE batch_id = ?", [UNDONE, batch_id])
    vendors |= _bring_back(connection, batch_id)
    settle(connection, vendors)
    return vendors


def find_undoable(store: Store, batch_id: str) -> Batch:
    """The active batch with this id; unknown, undone or replaced: `UsageError`."""
    known = {batch.batch_id: batch for batch in list_batches(store, Scope.everything())}
    if batch_id not in known:
        raise UsageError(f"Unknown batch '{batch_id}'.", did_you_mean(batch_id, known) or "See `python -m analytics batches`.")
    batch = known[batch_id]
    if batch.status != ACTIVE:
        raise UsageError(f"Batch {batch_id} ({batch.file_name}) is already {batch.status}.", "There is nothing to undo.")
    return batch


def replace_batch(connection: duckdb.DuckDBPyConnection, replaced: str, by: str) -> set[str]:
    """Let the batch `by` stand for the earlier reading `replaced` of the same file; returns the vendors to settle."""
    connection.execute("UPDATE batches SET status = ?, replaced_by = ? WHERE batch_id = ?", [REPLACED, by, replaced])
    return _vendors_of(connection, replaced)


def _bring_back(connection: duckdb.DuckDBPyConnection, undone: str) -> set[str]:
    """Make the reading that `undone` had replaced count again; returns the vendors to settle."""
    found = connection.execute("SELECT batch_id FROM batches WHERE status = ? AND replaced_by = ?", [REPLACED, undone]).fetchall()
    connection.execute("UPDATE batches SET status = ?, replaced_by = NULL WHERE status = ? AND replaced_by = ?", [ACTIVE, REPLACED, undone])
    return set().union(*(_vendors_of(connection, batch_id) for (batch_id,) in found))


def _vendors_of(connection: duckdb.DuckDBPyConnection, batch_id: str) -> set[str]:
    """The vendors a batch has performance or scorecard rows of."""
    tables = " UNION ".join(f"SELECT vendor FROM {table} WHERE batch_id = $batch" for table in VENDOR_ROWS)
    return {vendor for (vendor,) in connection.execute(tables, {"batch": batch_id}).fetchall()}
