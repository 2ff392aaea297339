"""Refused rows found again in the file: their lines, their text as it came, and why."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import IO

import duckdb

from analytics.errors import IntakeError
from analytics.intake.contacts.field import UnreadableError
from analytics.intake.contacts.rollup import Rolled
from analytics.intake.contacts.sources import AFTER, RECORD, RecordFile, WholeText
from analytics.intake.contacts.staging import PROBLEM, PROBLEM_LEFT_OUT, PROBLEM_TORN, Staging
from analytics.intake.contacts.text import Text, path_of
from analytics.intake.problems import Reject
from analytics.intake.recipe import Shape
from analytics.intake.sheet import LONGEST_RAW, torn_row

_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Place:
    """A refused row: its first line, the line after its last, and the number of its problem."""

    line: int
    after: int
    problem: int


def refused_places(
    connection: duckdb.DuckDBPyConnection, staging: Staging, source: WholeText | RecordFile, rolled: Rolled, torn: Sequence[int]
) -> Iterator[Place]:
    """Where the refused rows stand, in the order of the file."""
    found = _rows(connection, staging, source, rolled) if rolled.refused else iter(())
    if isinstance(source, RecordFile):
        return (Place(line, after, problem) for line, after, problem in found)
    return _by_lines(found, torn, source.text.top.line)


def _rows(
    connection: duckdb.DuckDBPyConnection, staging: Staging, source: WholeText | RecordFile, rolled: Rolled
) -> Iterator[tuple[int, ...]]:
    """(record, ... problem) of every refused row; only the fields that refused one are looked at again."""
    wanted = f"{PROBLEM} IS NOT NULL AND {PROBLEM} <> {PROBLEM_LEFT_OUT}"
    staged = "staged" if staging.recipe.shape is Shape.EVENTS else f"({staging.select(source.numbered_sql, source.places, rolled.refused)})"
    places = [RECORD, AFTER] if isinstance(source, RecordFile) else [RECORD]
    cursor = connection.execute(f"SELECT {', '.join([*places, PROBLEM])} FROM {staged} WHERE {wanted} ORDER BY {RECORD}")
    while rows := cursor.fetchmany(_AT_ONCE):
        yield from rows


def _by_lines(found: Iterable[tuple[int, ...]], torn: Sequence[int], header_line: int) -> Iterator[Place]:
    """Rows read are counted without the torn ones between them: line = header + place among both."""
    passed = 0
    for record, problem in found:
        while passed < len(torn) and torn[passed] <= header_line + record + passed:
            yield Place(torn[passed], torn[passed] + 1, PROBLEM_TORN)
            passed += 1
        line = header_line + record + passed
        yield Place(line, line + 1, problem)
    yield from (Place(line, line + 1, PROBLEM_TORN) for line in torn[passed:])


def refused_rows(places: Iterable[Place], text: Text, staging: Staging, uniform: bool) -> Iterator[Reject]:
    """The refused rows with their text and reason; lines that are blank but for delimiters are no rows.

    `uniform`: every line ends in a line feed, so that the lines between need not be looked at as text.
    """
    with _opened(text, uniform) as stream:
        reached = 1
        for place in places:
            raw = _joined(islice(stream, place.line - reached, place.after - reached)).rstrip("\r\n")
            reached = place.after
            cells = next(csv.reader(io.StringIO(raw, newline=""), delimiter=text.top.delimiter), [])
            if "".join(cells).strip():
                yield _reject(place, cells, raw[:LONGEST_RAW], text, staging)


def _opened(text: Text, uniform: bool) -> IO[bytes] | IO[str]:
    return path_of(text).open("rb") if uniform else path_of(text).open(encoding="utf-8-sig", newline="")


def _joined(lines: Iterable[bytes | str]) -> str:
    return "".join(line.decode("utf-8") if isinstance(line, bytes) else line for line in lines)


def _reject(place: Place, cells: list[str], raw: str, text: Text, staging: Staging) -> Reject:
    header = text.top.header
    if place.problem == PROBLEM_TORN:
        return torn_row(place.line, len(cells), len(header), raw)
    field = staging.fields[place.problem - 1]
    by_name = {name: cells[header.index(name)].strip() for name in field.columns} if len(cells) == len(header) else {}
    try:
        field.read(by_name)
    except UnreadableError as refused:
        problem = refused.problem
        return Reject(place.line, refused.column, problem.code, problem.message, problem.remedy, raw)
    except KeyError:
        pass
    raise IntakeError(f"{text.original.name} changed while it was being read.", "Load it again when it is complete.")
