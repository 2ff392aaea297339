"""What no file can tell: which batches there are, how each was read, who did what. Kept beside the originals.

With the originals and this one small text the warehouse can be made again when every version of it is lost. It is
written with every version, before that version is published, and replaced as a whole: it is never half a snapshot.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from analytics.errors import WarehouseError
from analytics.warehouse.registers import REGISTERS

SNAPSHOT = "batches.json"
_FORMAT = 1
_HISTORY = ("batches", "audit", "precedence", "restatements")
# Entries of a register that belong to no file.
_TABLES = {table: f"FROM {table}" for table in _HISTORY} | {table: f"FROM {table} WHERE batch_id IS NULL" for table in REGISTERS}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Tables as columns and rows of plain values (times as ISO text), and the version they were taken from."""

    version: int
    tables: dict[str, tuple[list[str], list[list[object]]]]

    @classmethod
    def of(cls, connection: duckdb.DuckDBPyConnection, version: int) -> "Snapshot":
        """The snapshot of an open version."""
        tables = {}
        for table, sql in _TABLES.items():
            found = connection.execute(sql)
            tables[table] = ([name for name, *_ in found.description or ()], [list(map(_plain, row)) for row in found.fetchall()])
        return cls(version, tables)

    @classmethod
    def read(cls, originals: Path) -> "Snapshot":
        """The snapshot beside the originals; missing or unreadable: `WarehouseError`."""
        path = originals / SNAPSHOT
        try:
            return cls.parse(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, KeyError, TypeError) as problem:
            reason = problem.strerror if isinstance(problem, OSError) else "it is damaged"
            raise WarehouseError(f"The list of batches {path} cannot be read: {reason}.", "Restore a backup.") from problem

    @classmethod
    def parse(cls, text: str) -> "Snapshot":
        """The snapshot in a text; `ValueError`, `KeyError` or `TypeError` when it is none."""
        found = json.loads(text)
        if found["format"] != _FORMAT:
            raise ValueError(found["format"])
        return cls(int(found["version"]), {name: (table["columns"], table["rows"]) for name, table in found["tables"].items()})

    @property
    def text(self) -> str:
        """The snapshot as it is kept."""
        tables = {name: {"columns": columns, "rows": rows} for name, (columns, rows) in self.tables.items()}
        return json.dumps({"format": _FORMAT, "version": self.version, "tables": tables}, ensure_ascii=False)

    def records(self, table: str) -> list[dict[str, object]]:
        """The rows of a table by column name."""
        columns, rows = self.tables[table]
        return [dict(zip(columns, row, strict=True)) for row in rows]

    def put_into(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Write all tables into an empty writer's copy."""
        for name, (columns, rows) in self.tables.items():
            if rows:
                values = [pa.array(column) for column in zip(*rows, strict=True)]
                connection.register("kept", pa.table(dict(zip(columns, values, strict=True))))
                connection.execute(f"INSERT INTO {name} BY NAME FROM kept")
                connection.unregister("kept")

    def write(self, originals: Path) -> None:
        """Replace the snapshot beside the originals, durably; no space: `OSError`, and the one before stays."""
        originals.mkdir(parents=True, exist_ok=True)
        unfinished = originals / f"{SNAPSHOT}.{os.getpid()}.part"
        try:
            with unfinished.open("w", encoding="utf-8") as file:
                file.write(self.text)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(originals / SNAPSHOT)
        finally:
            unfinished.unlink(missing_ok=True)


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, str | int | float) else str(value)
