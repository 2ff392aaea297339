"""WHERE it is kept: immutable published versions, batches, settling, and the scope on every read."""

import os
from pathlib import Path

from analytics.warehouse.batches import Batch, active_batches, list_batches, shown_statuses
from analytics.warehouse.counting import How, counting_rows_sql
from analytics.warehouse.rehearsals import rehearsal, without_batch
from analytics.warehouse.scope import Scope
from analytics.warehouse.settle import settle
from analytics.warehouse.store import Store
from analytics.warehouse.versions import Warehouse

__all__ = [
    "Batch", "How", "Scope", "Store", "Warehouse", "active_batches", "counting_rows_sql", "default_folder", "list_batches", "rehearsal",
    "settle", "shown_statuses", "without_batch",
]  # fmt: skip


def default_folder() -> Path:
    """The warehouse folder: $BPO_WAREHOUSE, else data/local/warehouse inside the project."""
    named = os.environ.get("BPO_WAREHOUSE")
    return Path(named) if named else Path(__file__).resolve().parents[2] / "data" / "local" / "warehouse"
