"""Running a long statement while telling how far it is."""

from concurrent.futures import Future, ThreadPoolExecutor, TimeoutError

import duckdb
import pyarrow as pa

from analytics.intake.progress import Tell

_EVERY_SECONDS = 0.1
_DONE = 100.0


def run(connection: duckdb.DuckDBPyConnection, statement: str, tell: Tell, what: str) -> pa.Table:
    """The rows of a statement; `tell` is called from this thread while it runs."""
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(_rows, connection, statement)
        try:
            _wait(running, connection, tell, what)
        except BaseException:
            connection.interrupt()
            raise
        return running.result()


def _rows(connection: duckdb.DuckDBPyConnection, statement: str) -> pa.Table:
    found = connection.sql(statement)
    return found.to_arrow_table() if found is not None else pa.table({})  # `if found` would count its rows: a second run


def _wait(running: Future[pa.Table], connection: duckdb.DuckDBPyConnection, tell: Tell, what: str) -> None:
    while True:
        try:
            running.exception(timeout=_EVERY_SECONDS)
            return
        except TimeoutError:
            tell(max(connection.query_progress(), 0.0) / _DONE, what)
