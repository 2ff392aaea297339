"""Tiny warehouses for tests: rows written out, everything else as the product does it."""

from collections.abc import Iterable, Mapping
from datetime import date
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


def store_of(
    folder: Path,
    performance: Iterable[Mapping[str, object]] = (),
    *,
    scorecard: Iterable[Mapping[str, object]] = (),
    **registers: Iterable[Mapping[str, object]],
) -> Store:
    """A published warehouse with these rows (defaults above) and registers, opened for reading."""
    warehouse = Warehouse(folder)
    with warehouse.write("test", "test", "rows") as connection:
        insert(connection, "performance_rows", ({**DEFAULTS, **row} for row in performance))
        insert(connection, "scorecard_rows", ({**DEFAULTS, "grain": "month", "unit": "fraction", **row} for row in scorecard))
        for register, rows in registers.items():
            insert(connection, REGISTERS[register].rows, ({"batch_id": "b1", **row} for row in rows))
        settle(connection)
    return warehouse.open()
