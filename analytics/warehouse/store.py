"""Reading one published version: a read-only connection, a cursor per query, a scope on every read."""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import duckdb
import pandas as pd

from analytics.catalogue import Catalogue
from analytics.errors import WarehouseError
from analytics.warehouse.failures import damaged, first_line
from analytics.warehouse.schema import is_current
from analytics.warehouse.scope import SCOPE_CTES, Scope

SAFE_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "python_enable_replacements": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
}
READ_CONFIG: dict[str, str | bool | int | float | list[str]] = {**SAFE_CONFIG, "enable_external_access": "false"}
KEPT_ANSWERS = 256
_WITH = re.compile(r"\s*WITH\b(\s+RECURSIVE\b)?", re.IGNORECASE)


class Store:
    """One published version, opened read-only. Safe to share between threads: every query has its own cursor."""

    def __init__(self, path: Path, version: int) -> None:
        self.path = path
        self.version = version
        try:
            self._connection = duckdb.connect(str(path), read_only=True, config=READ_CONFIG)
        except duckdb.Error as problem:
            raise damaged(path, problem) from problem
        self._kept = lru_cache(maxsize=KEPT_ANSWERS)(self._select)
        self._fits = lru_cache(maxsize=1)(lambda catalogue: is_current(self._connection.cursor(), catalogue.measures))

    def select(self, scope: Scope, sql: str, parameters: Mapping[str, object] | None = None) -> pd.DataFrame:
        """The only read: the rows of `sql` in which every table holds just what exists for `scope`.

        `parameters` are bound by name ($name). DATE columns arrive as datetime64, DECIMAL as float64. A version never
        changes, so the latest answers are kept; every caller gets its own copy-on-write view.
        """
        frozen = tuple((name, tuple(value) if isinstance(value, list) else value) for name, value in (parameters or {}).items())
        return self._kept(scope, sql, frozen).copy(deep=False)

    def _select(self, scope: Scope, sql: str, frozen: tuple[tuple[str, object], ...]) -> pd.DataFrame:
        try:
            with self._connection.cursor() as cursor:
                return _answer(cursor, scope, sql, {name: list(value) if isinstance(value, tuple) else value for name, value in frozen})
        except (duckdb.IOException, duckdb.InternalException, duckdb.FatalException, duckdb.SerializationException) as problem:
            raise damaged(self.path, problem) from problem
        except duckdb.Error as problem:
            raise WarehouseError(f"The warehouse cannot answer this: {first_line(problem)}.", "Please report it.") from problem

    def is_current(self, catalogue: Catalogue) -> bool:
        """Whether this version fits this program and the measures of `catalogue`; one of a newer program raises `WarehouseError`."""
        return self._fits(catalogue)

    def close(self) -> None:
        """Let go of the file; queries on other threads end with an error."""
        self._connection.close()


class Draft:
    """A writer's copy as something to ask while it is being written: what `Store.select` will say once it is published."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def select(self, scope: Scope, sql: str, parameters: Mapping[str, object] | None = None) -> pd.DataFrame:
        """The rows of `sql`, changes of the open transaction included."""
        return _answer(self._connection, scope, sql, dict(parameters or {}))


def _answer(connection: duckdb.DuckDBPyConnection, scope: Scope, sql: str, bound: dict[str, object]) -> pd.DataFrame:
    if scope.vendors is not None:
        sql = _scoped(sql)
        bound["scope_vendors"] = list(scope.vendors)
    return connection.execute(sql, bound or None).df()


def _scoped(sql: str) -> str:
    """`sql` with one CTE per table that hides what the scope may not see, under the table's own name."""
    start = _WITH.match(sql)
    if not start:
        return f"WITH {SCOPE_CTES}\n{sql}"
    recursive = "RECURSIVE " if start[1] else ""
    return f"WITH {recursive}{SCOPE_CTES},\n{sql[start.end() :]}"
