"""Bringing a writer's copy up to date: numbered migrations, then the measure columns the catalogue knows."""

import re
from collections.abc import Mapping
from pathlib import Path

import duckdb

from analytics.catalogue import MEASURES, OWN_PREFIX, Measure, MeasureKind
from analytics.errors import WarehouseError

MIGRATIONS = Path(__file__).resolve().parents[2] / "data" / "schema"
MEASURE_TABLES = ("performance_rows", "performance")
UTC_NOW = "(now() AT TIME ZONE 'UTC')"
_NUMBERED = re.compile(r"(\d{3})_\w+\.sql")


def migrate(connection: duckdb.DuckDBPyConnection) -> None:
    """Apply what `connection` lacks of data/schema and of the catalogue's measures; nothing when it is up to date."""
    applied = applied_migrations(connection)
    for number, script in _scripts().items():
        if number not in applied:
            connection.execute(script.read_text(encoding="utf-8"))
            connection.execute(f"INSERT INTO migrations VALUES (?, ?, {UTC_NOW})", [number, script.name])
    for table in MEASURE_TABLES:
        for change in missing_columns(connection, table, MEASURES):
            connection.execute(f"ALTER TABLE {table} {change}")


def is_current(connection: duckdb.DuckDBPyConnection, measures: Mapping[str, Measure]) -> bool:
    """Whether this version has every migration and a column for every measure; a newer one than this program raises."""
    applied = applied_migrations(connection, create=False)
    known = set(_scripts())
    if applied - known:
        raise WarehouseError("The warehouse was written by a newer version of the dashboard.", "Update the dashboard.")
    return applied == known and not any(missing_columns(connection, table, measures) for table in MEASURE_TABLES)


def applied_migrations(connection: duckdb.DuckDBPyConnection, create: bool = True) -> set[int]:
    """The numbers recorded in `migrations`, a table this creates in a new file."""
    if create:
        connection.execute("CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, name VARCHAR, applied_at TIMESTAMP)")
    elif "migrations" not in {row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}:
        return set()
    return {number for (number,) in connection.execute("SELECT number FROM migrations").fetchall()}


def measure_columns(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    """The measures `table` has a column for, with its type: users' own ones too whose definition is gone by now."""
    columns = connection.execute("SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index", [table])
    return {name: stored for name, stored in columns.fetchall() if name in MEASURES or name.startswith(OWN_PREFIX)}


def missing_columns(connection: duckdb.DuckDBPyConnection, table: str, measures: Mapping[str, Measure]) -> list[str]:
    """What ALTER TABLE must do so that `table` can hold `measures`. A column of amounts also holds counts, never the other way round."""
    stored = measure_columns(connection, table)
    added = [f"ADD COLUMN {name} {measure.kind.value}" for name, measure in measures.items() if name not in stored]
    amounts = [name for name, measure in measures.items() if measure.kind is MeasureKind.AMOUNT]
    counts = [name for name in amounts if stored.get(name) == MeasureKind.COUNT.value]
    return [*added, *(f"ALTER COLUMN {name} SET DATA TYPE {MeasureKind.AMOUNT.value}" for name in counts)]


def _scripts() -> dict[int, Path]:
    """Number -> migration script, in order."""
    found = ((_NUMBERED.fullmatch(path.name), path) for path in sorted(MIGRATIONS.glob("*.sql")))
    return {int(match[1]): path for match, path in found if match}
