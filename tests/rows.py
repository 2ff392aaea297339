"""Tiny warehouses for tests: rows written out, everything else as the product does it."""

import tempfile
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path

import duckdb

from analytics.warehouse import Scope, Store, Warehouse, settle
from analytics.warehouse.registers import REGISTERS

EVERYTHING = Scope.everything()
DEFAULTS = {"source": "acd", "grain": "day", "period_start": date(2026, 7, 1), "vendor": "Acme", "batch_id": "b1"}


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Mapping[str, object]]) -> None:
    """Insert rows given as mappings; columns left out are NULL."""
    for row in rows:
        marks = ", ".join("?" * len(row))
        connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))


@cache
def _empty_version() -> bytes:
    """A published version without rows, made once per process: creating the tables costs as much as settling them."""
    with tempfile.TemporaryDirectory() as folder:
        warehouse = Warehouse(Path(folder))
        with warehouse.write("test", "test", "tables"):
            pass
        return warehouse.path_of(1).read_bytes()


def empty_warehouse(folder: Path) -> Warehouse:
    """A warehouse with a version to write on; one that is there already stays as it is."""
    warehouse = Warehouse(folder)
    if not warehouse.exists:
        warehouse.path_of(1).write_bytes(_empty_version())
    return warehouse


def store_of(
    folder: Path,
    performance: Iterable[Mapping[str, object]] = (),
    *,
    scorecard: Iterable[Mapping[str, object]] = (),
    **registers: Iterable[Mapping[str, object]],
) -> Store:
    """A published warehouse with these rows (defaults above) and registers, opened for reading."""
    warehouse = empty_warehouse(folder)
    with warehouse.write("test", "test", "rows") as connection:
        insert(connection, "performance_rows", ({**DEFAULTS, **row} for row in performance))
        insert(connection, "scorecard_rows", ({**DEFAULTS, "grain": "month", "unit": "fraction", **row} for row in scorecard))
        for register, rows in registers.items():
            insert(connection, REGISTERS[register].rows, ({"batch_id": "b1", **row} for row in rows))
        settle(connection)
    return warehouse.open()
