"""Taking a file out again, and what that changes of the numbers published."""

from analytics.restatements import record
from analytics.warehouse import Batch, Warehouse
from analytics.warehouse.batches import find_undoable, take_out


def undo(warehouse: Warehouse, batch_id: str, who: str = "local") -> Batch:
    """Make the warehouse as if the batch had never come; unknown or already undone: `UsageError`, nothing changed.

    Where the batch had replaced an earlier reading of the same file, that reading counts again. What the undo changes of
    published values is written into `restatements`.
    """
    before = warehouse.open()
    batch = find_undoable(before, batch_id)
    with warehouse.write(who, "undo", f"{batch.batch_id} {batch.file_name}") as connection:
        vendors = take_out(connection, batch.batch_id)
        record(connection, before, "undo", [batch.batch_id], sorted(vendors))
    return batch
