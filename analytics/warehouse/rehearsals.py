"""A change tried out: what the warehouse would be, in a copy of its own that is thrown away."""

import shutil
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from analytics.errors import WarehouseError
from analytics.warehouse.batches import take_out
from analytics.warehouse.failures import is_full
from analytics.warehouse.store import Store
from analytics.warehouse.temporary import temporary_folder
from analytics.warehouse.versions import Warehouse, changing


@contextmanager
def rehearsal(warehouse: Warehouse, change: Callable[[duckdb.DuckDBPyConnection], object]) -> Generator[Store]:
    """The newest version (where there is none, an empty one) with `change` applied, as a store of its own; the warehouse stays as it is.

    The copy is gone when the block is left, however it is left. What `change` raises is raised.
    """
    before = warehouse.open() if warehouse.exists else None
    version = before.version if before else 0
    with temporary_folder() as folder:
        copy = folder / warehouse.path_of(version).name
        if before:
            _copy(before.path, copy)
        with changing(copy) as connection:
            change(connection)
        store = Store(copy, version)
        try:
            yield store
        finally:
            store.close()


def _copy(version: Path, copy: Path) -> None:
    try:
        shutil.copyfile(version, copy)
    except OSError as problem:
        reason = "there is no space left for temporary files" if is_full(problem) else problem.strerror or str(problem)
        raise WarehouseError(f"The preview could not be made: {reason}.", "Free some space, then try again.") from problem


@contextmanager
def without_batch(warehouse: Warehouse, batch_id: str) -> Generator[Store]:
    """The warehouse as if the batch had never come."""
    with rehearsal(warehouse, lambda connection: take_out(connection, batch_id)) as store:
        yield store
