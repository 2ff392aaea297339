"""The records of a delimited text, read one by one: true line numbers, bounded lines and cells, torn quotes refused."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from analytics.errors import IntakeError
from analytics.intake.limits import HEAD_CHARACTERS, HEAD_LINES, LONGEST_LINE, long_cell, long_line
from analytics.intake.line_ends import newline_of, without_inner_returns
from analytics.intake.originals import Original, Progress
from analytics.intake.recognise.encodings import TextCode

_LINES_BETWEEN_NEWS = 100_000
Record = tuple[int, list[str]]


class TornQuoteError(IntakeError):
    """A quote that never closes, or closes before its cell ends."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the text is written: encoding, delimiter, quote, and the first line that belongs to the table's file (2 below `sep=`)."""

    code: TextCode
    delimiter: str
    quote: str = '"'
    first_line: int = 1

    @property
    def encoding(self) -> str:
        """The name of the codec."""
        return self.code.codec


def text_lines(original: Original, code: TextCode, progress: Progress = lambda part: None) -> Iterator[str]:
    """Physical lines with their ends; `progress` is told the share of the bytes read.

    Only where more lines end so does the old Mac \\r end one; else it is a blank in a cell.
    """
    ends = "\n" if code.plain_lines else _newline_of(original, code)
    try:
        with original.open() as stream, io.TextIOWrapper(stream, encoding=code.codec, newline=ends) as text:
            for number, line in enumerate(text if code.plain_lines else _bounded(text)):
                if number % _LINES_BETWEEN_NEWS == _LINES_BETWEEN_NEWS - 1:
                    progress(min(stream.tell() / max(original.size, 1), 1.0))
                yield line
    except UnicodeDecodeError as problem:
        raise IntakeError(f"The file cannot be read as {code.codec}: {problem}.", "Name the encoding it was saved in.") from problem


def _bounded(text: io.TextIOWrapper) -> Iterator[str]:
    """Lines of which nothing is known yet: a long one is refused before it is read whole."""
    number = 0
    while line := text.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise long_line(number)
        yield without_inner_returns(line)


def _newline_of(original: Original, code: TextCode) -> str:
    head = original.head(LONGEST_LINE).decode(code.codec, errors="ignore")
    return newline_of(head.encode(errors="ignore"))


def head_lines(original: Original, code: TextCode) -> list[str]:
    """The first lines, enough to see how the file is written."""
    found, size = [], 0
    for line in text_lines(original, code):
        found.append(line)
        size += len(line)
        if len(found) >= HEAD_LINES or size >= HEAD_CHARACTERS:
            break
    return found


def read_records(lines: Iterable[str], dialect: Dialect) -> Iterator[Record]:
    """(first line, cells) of every record; `lines` start with the file's first line. A torn quote: `IntakeError`."""
    source = iter(lines)
    for _ in range(dialect.first_line - 1):
        next(source, "")
    reader = csv.reader(source, delimiter=dialect.delimiter, quotechar=dialect.quote, strict=True)
    start = dialect.first_line
    try:
        for cells in reader:
            yield start, cells
            start = dialect.first_line + reader.line_num
    except csv.Error as problem:
        raise _torn(str(problem), start) from problem


def _torn(problem: str, line: int) -> IntakeError:
    if "field larger" in problem:
        return long_cell(line)
    what = "a quote opens and never closes" if "end of data" in problem else problem
    return TornQuoteError(f"Line {line} cannot be read: {what}.", "Close or remove that quote; quotes inside a quoted cell are doubled.")


def head_records(lines: list[str], delimiter: str, quote: str = '"') -> list[list[str]]:
    """The records of the first lines, forgiving: they may end inside a quoted cell."""
    try:
        return list(csv.reader(lines, delimiter=delimiter, quotechar=quote))
    except csv.Error:
        return []


def is_blank(cells: list[str]) -> bool:
    """Nothing but empty cells."""
    return not any(cells) or not any(cell.strip() for cell in cells)
