"""Bringing a writer's copy up to date: numbered migrations, then the measure columns the catalogue knows."""

import re
from pathlib import Path

import duckdb

from analytics.catalogue import MEASURES
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
        for measure in missing_measures(connection, table):
            connection.execute(f"ALTER TABLE {table} ADD COLUMN {measure} {MEASURES[measure].kind.value}")


def is_current(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether this version has every migration and every measure column; a newer one than this program raises."""
    applied = applied_migrations(connection, create=False)
    known = set(_scripts())
    if applied - known:
        raise WarehouseError("The warehouse was written by a newer version of the dashboard.", "Update the dashboard.")
    return applied == known and not any(missing_measures(connection, table) for table in MEASURE_TABLES)


def applied_migrations(connection: duckdb.DuckDBPyConnection, create: bool = True) -> set[int]:
    """The numbers recorded in `migrations`, a table this creates in a new file."""
    if create:
        connection.execute("CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, name VARCHAR, applied_at TIMESTAMP)")
    elif "migrations" not in {row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}:
        return set()
    return {number for (number,) in connection.execute("SELECT number FROM migrations").fetchall()}


def missing_measures(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """The measures of the catalogue that `table` has no column for."""
    present = {name for name, *_ in connection.execute(f"SELECT * FROM {table} LIMIT 0").description or ()}
    return [measure for measure in MEASURES if measure not in present]


def _scripts() -> dict[int, Path]:
    """Number -> migration script, in order."""
    found = ((_NUMBERED.fullmatch(path.name), path) for path in sorted(MIGRATIONS.glob("*.sql")))
    return {int(match[1]): path for match, path in found if match}
