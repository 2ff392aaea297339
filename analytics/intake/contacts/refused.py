"""Refused rows: why each of them cannot be read."""

from collections.abc import Iterable, Iterator

import duckdb

from analytics.errors import IntakeError
from analytics.intake.contacts.field import UnreadableError
from analytics.intake.contacts.places import Place, rows_at
from analytics.intake.contacts.rollup import Rolled
from analytics.intake.contacts.sources import AFTER, RECORD, RecordFile, WholeText
from analytics.intake.contacts.staging import PROBLEM, PROBLEM_LEFT_OUT, PROBLEM_TORN, Staging
from analytics.intake.contacts.text import Text, path_of
from analytics.intake.problems import Reject
from analytics.intake.recipe import Shape
from analytics.intake.sheet import LONGEST_RAW, as_last, torn_row

_AT_ONCE = 10_000
_TAIL = 1 << 14  # longer than the text that is kept of a row


def refused_records(
    connection: duckdb.DuckDBPyConnection, staging: Staging, source: WholeText | RecordFile, rolled: Rolled
) -> Iterator[tuple]:
    """(record, after, problem) of every refused row; only the fields that refused one are looked at again."""
    if not rolled.refused:
        return
    staged = "staged"
    if staging.recipe.shape is not Shape.EVENTS:
        staged = f"({staging.select_refused(connection, source.numbered_sql, source.places, rolled.refused)})"
    wanted = f"{PROBLEM} IS NOT NULL AND {PROBLEM} <> {PROBLEM_LEFT_OUT}"
    cursor = connection.execute(f"SELECT {RECORD}, {AFTER}, {PROBLEM} FROM {staged} WHERE {wanted} ORDER BY {RECORD}")
    while rows := cursor.fetchmany(_AT_ONCE):
        yield from rows


def refused_rows(places: Iterable[Place], text: Text, staging: Staging, uniform: bool) -> Iterator[Reject]:
    """The refused rows with their text and reason; lines that are blank but for delimiters are no rows."""
    waiting: Reject | None = None
    for place, raw, cells in rows_at(places, text, uniform):
        if "".join(cells).strip():
            if waiting:
                yield waiting
            waiting = _reject(place, cells, raw[:LONGEST_RAW], text, staging)
    if waiting:
        yield as_last(waiting) if _ends_with(text, waiting.raw) else waiting


def _ends_with(text: Text, raw: str) -> bool:
    """Whether this is the last row of the file."""
    path = path_of(text)
    with path.open("rb") as stream:
        stream.seek(max(path.stat().st_size - _TAIL, 0))
        return stream.read().rstrip().endswith(tuple(end + raw.encode().rstrip() for end in (b"\n", b"\r")))


def _reject(place: Place, cells: list[str], raw: str, text: Text, staging: Staging) -> Reject:
    header = text.top.header
    if place.problem == PROBLEM_TORN or place.problem is None:
        return torn_row(place.line, len(cells), len(header), raw)
    field = staging.fields[place.problem - 1]
    try:
        field.read({name: cells[header.index(name)].strip() for name in field.columns})
    except UnreadableError as refused:
        problem = refused.problem
        return Reject(place.line, refused.column, problem.code, problem.message, problem.remedy, raw)
    except IndexError:
        pass
    raise IntakeError(f"{text.original.name} changed while it was being read.", "Load it again when it is complete.")
