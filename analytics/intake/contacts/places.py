"""Rows found again in the file: their lines, and their text as it came."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from analytics.intake.contacts.sources import RecordFile, WholeText
from analytics.intake.contacts.staging import PROBLEM_TORN
from analytics.intake.contacts.text import Text, opened_lines, path_of


@dataclass(frozen=True, slots=True)
class Place:
    """A row: its first line, the line after its last, and the number of its problem (None: it is accepted)."""

    line: int
    after: int
    problem: int | None


def places_of(found: Iterable[tuple], source: WholeText | RecordFile, torn: Sequence[int]) -> Iterator[Place]:
    """Where rows stand that were found as (record, after, problem), in the order of the file; torn rows are among them."""
    if isinstance(source, RecordFile):
        return (Place(line, after, problem) for line, after, problem in found)
    return _by_lines(found, torn, source.text.top.line)


def _by_lines(found: Iterable[tuple], torn: Sequence[int], header_line: int) -> Iterator[Place]:
    """Rows read are counted without the torn ones between them: line = header + place among both."""
    passed = 0
    for record, _, problem in found:
        while passed < len(torn) and torn[passed] <= header_line + record + passed:
            yield Place(torn[passed], torn[passed] + 1, PROBLEM_TORN)
            passed += 1
        line = header_line + record + passed
        yield Place(line, line + 1, problem)
    yield from (Place(line, line + 1, PROBLEM_TORN) for line in torn[passed:])


def rows_at(places: Iterable[Place], text: Text, uniform: bool) -> Iterator[tuple[Place, str, list[str]]]:
    """Each place with its text as it came and its cells.

    `uniform`: every line ends in a line feed, so that the lines between need not be looked at as text.
    """
    with path_of(text).open("rb") if uniform else opened_lines(text) as stream:
        reached = 1
        for place in places:
            raw = _joined(islice(stream, place.line - reached, place.after - reached)).rstrip("\r\n")
            reached = place.after
            yield place, raw, next(csv.reader(io.StringIO(raw, newline=""), delimiter=text.top.delimiter, quotechar=text.top.quote), [])


def _joined(lines: Iterable[bytes | str]) -> str:
    return "".join(line.decode("utf-8") if isinstance(line, bytes) else line for line in lines)
