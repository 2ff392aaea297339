"""A delimited text file as a header and rows that know the true line they stand on."""

import codecs
import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from analytics.errors import IntakeError
from analytics.intake.cells import clean_text
from analytics.intake.conditions import tester
from analytics.intake.problems import CellError, Choice, Question, Reject
from analytics.intake.recipe import Recipe
from analytics.intake.sections import line_of

DELIMITERS = (",", ";", "\t", "|")
LIKELY_ENCODINGS = ("cp1252", "cp1250", "mac_roman")
LONGEST_RAW = 2000
HEAD = 1 << 20
_NO_TEXT = {
    b"PK\x03\x04": "an Excel workbook or another zip archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"\x1f\x8b": "a compressed file",
    b"\x89PNG": "a picture",
    b"%PDF": "a PDF",
}
_SEPARATOR_LINE = re.compile(r"sep=(.)[\r\n]*")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class EncodingError(IntakeError):
    """The bytes are no UTF-8 and nobody said what they are; `question` offers the likely encodings."""

    def __init__(self, line: int, sample: bytes) -> None:
        super().__init__(
            f"Line {line} is not UTF-8, so the file's encoding must be named.",
            'Write encoding = "cp1252" (Western Windows) in the recipe, or answer with --set encoding=cp1252.',
        )
        shown = tuple(Choice(name, f"line {line} reads: {sample.decode(name, errors='replace').strip()}") for name in LIKELY_ENCODINGS)
        self.question = Question("encoding", f"Line {line} is not UTF-8. Which encoding makes it read right?", shown)


@dataclass(frozen=True, slots=True)
class Row:
    """One record: the first line it stands on, its cells, its text as it came."""

    line: int
    cells: Sequence[str]
    raw: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """The file's table: header, rows with as many cells as the header, and the rows refused for having more or fewer."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    rejects: tuple[Reject, ...]
    delimiter: str

    def column(self, name: str) -> list[str]:
        """The cells under a header, without surrounding blanks."""
        position = self.header.index(name)
        return [row.cells[position].strip() for row in self.rows]


def decode(content: bytes, encoding: str = "") -> str:
    """The text of a file: by its byte order mark, else UTF-8, else `encoding`, else `EncodingError`."""
    for start, what in _NO_TEXT.items():
        if content.startswith(start):
            raise IntakeError(f"The file is {what}, not text.", "Save the table as CSV UTF-8 and load that.")
    for mark, name in _BOMS:
        if content.startswith(mark):
            return _decoded(content, name)
    if encoding and codecs.lookup(encoding).name.startswith(("utf-16", "utf-32")):
        return _decoded(content, encoding)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as problem:
        if encoding:
            return _decoded(content, encoding)
        start = content.rfind(b"\n", 0, problem.start) + 1
        end = content.find(b"\n", problem.start)
        raise EncodingError(content.count(b"\n", 0, problem.start) + 1, content[start : end if end >= 0 else None]) from problem
    if "\x00" in text:
        raise IntakeError(
            "The file contains zero bytes: it is no text, or UTF-16 without its mark.",
            'Save it as CSV UTF-8, or write encoding = "utf-16-le".',
        )
    return text


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding).removeprefix("\ufeff")
    except (UnicodeDecodeError, LookupError) as problem:
        raise IntakeError(f"The file cannot be read as {encoding}: {problem}.", "Name the encoding it was saved in.") from problem


def read_header(head: bytes) -> tuple[str, ...]:
    """The column names of a file whose recipe is not known yet, from its first `HEAD` bytes: the delimiter that finds most wins."""
    lines = _lines(_leniently_decoded(head))
    first = 2 if lines and _SEPARATOR_LINE.fullmatch(lines[0]) else 1
    return max((_names(lines, first, delimiter) for delimiter in DELIMITERS), key=len, default=())


def _leniently_decoded(head: bytes) -> str:
    """The text of the start of a file, whose last character may be cut; what is not UTF-8 is shown as Western Windows would."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return head.decode(name, errors="ignore")
    whole = head[: head.rfind(b"\n") + 1] if len(head) >= HEAD else head
    try:
        return decode(whole or head)
    except EncodingError:
        return head.decode("cp1252", errors="replace")


def read_sheet(text: str, recipe: Recipe) -> Sheet:
    """The table of a file; an empty file, a header that lacks a column of the recipe or a torn quote: `IntakeError`."""
    lines = _lines(text)
    if not any(line.strip() for line in lines):
        raise IntakeError("The file is empty.", "Export it again; the first line must hold the column names.")
    directive = _SEPARATOR_LINE.fullmatch(lines[0])  # a line Excel writes and reads: which delimiter follows
    first = 2 if directive and recipe.header_row == 1 else recipe.header_row
    said = directive[1] if directive else recipe.delimiter
    delimiter = said or max(DELIMITERS, key=lambda one: _fit(_names(lines, first, one), recipe))
    header = _as_in_recipe(_names(lines, first, delimiter), recipe)
    _check_header(header, recipe)
    rows, rejects = _rows(lines, first, delimiter, len(header))
    if not rows and not rejects:
        raise IntakeError("The file has column names but no rows.", "Export it again with its rows.")
    return Sheet(header, tuple(rows), tuple(rejects), delimiter)


def _lines(text: str) -> list[str]:
    """Physical lines with their ends, split as spreadsheets do (not at exotic separators inside a cell)."""
    return list(io.StringIO(text, newline=""))


def _fit(header: tuple[str, ...], recipe: Recipe) -> tuple[int, int]:
    named = _as_in_recipe(header, recipe)
    return sum(name in named for name in recipe.headers), len(header)


def _as_in_recipe(header: tuple[str, ...], recipe: Recipe) -> tuple[str, ...]:
    """The header with the recipe's spelling where a name differs only in case and blanks and is not there exactly."""
    spelling = {clean_text(name).casefold(): name for name in recipe.headers if name not in header}
    return tuple(spelling.get(clean_text(name).casefold(), name) for name in header)


def _names(lines: Sequence[str], header_row: int, delimiter: str) -> tuple[str, ...]:
    """The column names on the header row."""
    try:
        found = next(csv.reader(lines[header_row - 1 :], delimiter=delimiter), [])
    except csv.Error:
        return ()
    return tuple(name.strip() for name in found)


def _check_header(header: tuple[str, ...], recipe: Recipe) -> None:
    for name, where in recipe.headers.items():
        if name in header:
            if header.count(name) > 1:
                raise IntakeError(f"The file has {header.count(name)} columns named '{name}'.", "Give each column its own name.")
            continue
        near = get_close_matches(name, header, n=1, cutoff=0.5)
        shown = f"The nearest is '{near[0]}'." if near else f"It has: {', '.join(header[:8])}{' ...' if len(header) > 8 else ''}."
        line = line_of(recipe.text, where)
        raise IntakeError(
            f"The file has no column '{name}' (recipe {recipe.name}, line {line}, {'.'.join(where)}).",
            f"{shown} Correct the recipe or choose another.",
        )


def _rows(lines: Sequence[str], header_row: int, delimiter: str, width: int) -> tuple[list[Row], list[Reject]]:
    """Every record below the header; blank lines are no records."""
    rows, rejects = [], []
    reader = csv.reader(lines[header_row - 1 :], delimiter=delimiter, strict=True)
    start = header_row
    try:
        for number, cells in enumerate(reader):
            line, start = start, header_row + reader.line_num
            if number == 0 or not "".join(cells).strip():
                continue
            raw = "".join(lines[line - 1 : start - 1]).rstrip("\r\n")[:LONGEST_RAW]
            if len(cells) == width:
                rows.append(Row(line, cells, raw))
            else:
                rejects.append(_torn(line, len(cells), width, raw))
    except csv.Error as problem:
        raise IntakeError(
            f"Line {start} cannot be read: {problem}.", "Look for a quote that is not closed; quotes inside a cell are doubled."
        ) from problem
    return rows, rejects


def _torn(line: int, cells: int, width: int, raw: str) -> Reject:
    reason = f"it has {cells} cells, the header has {width}"
    return Reject(line, None, "cells", reason, "Quote cells that contain the delimiter.", raw)


def without(sheet: Sheet, recipe: Recipe) -> Sheet:
    """The sheet less the rows the recipe leaves out; a row that cannot be checked is refused."""
    dropped: set[int] = set()
    unclear: dict[int, Reject] = {}
    for rule in recipe.exclude:
        passes = tester(rule, recipe)
        for index, cell in enumerate(sheet.column(rule.column)):
            try:
                dropped |= {index} if passes(cell) else set()
            except CellError as problem:
                row = sheet.rows[index]
                unclear.setdefault(index, Reject(row.line, rule.column, problem.code, problem.message, problem.remedy, row.raw))
    rows = tuple(row for index, row in enumerate(sheet.rows) if index not in dropped and index not in unclear)
    refused = tuple(reject for index, reject in unclear.items() if index not in dropped)
    return Sheet(sheet.header, rows, (*sheet.rejects, *refused), sheet.delimiter)
