"""A delimited text file as a header and rows that know the true line they stand on."""

import codecs
import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import islice

from analytics.errors import IntakeError
from analytics.intake.cells import clean_text
from analytics.intake.conditions import tester
from analytics.intake.limits import HEAD_LINES, LONGEST_LINE, MOST_COLUMNS, long_cell, long_line, many_columns
from analytics.intake.line_ends import split_lines
from analytics.intake.problems import AskedError, CellError, Choice, Question, Reject
from analytics.intake.recipe import Condition, Recipe
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
_CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
_FEW = "cells"
_SHOWN = 12
_MOST_KNOWN = 1 << 18  # different cells that are kept once only
_TOLD_EVERY = 1 << 14
_SEPARATOR_LINE = re.compile(r"sep=(.)[\r\n]*")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_UTF32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)


class EncodingError(AskedError):
    """The bytes are no UTF-8 and nobody said what they are; `question` offers the likely encodings."""

    def __init__(self, line: int, sample: bytes) -> None:
        read = [(name, sample[:LONGEST_RAW].decode(name, errors="replace").strip()) for name in LIKELY_ENCODINGS]
        super().__init__(
            f"Line {line} is not UTF-8, so the file's encoding must be named.",
            'Write encoding = "cp1252" (Western Windows) in the recipe, or answer with --set encoding=cp1252.',
            Question(
                "encoding",
                f"Line {line} is not UTF-8. Which encoding makes it read right?",
                tuple(Choice(name, f"line {line} reads: {text}") for name, text in read),
            ),
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One record: the first line it stands on, its cells, its text as it came.

    `under`: of one cell of a record, turned into a row of its own, the column it stood under.
    """

    line: int
    cells: Sequence[str]
    raw: str
    under: str = ""


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
    check_is_text(content)
    if wide := marked_encoding(content) or wide_encoding(encoding):
        return _decoded(content, wide)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as problem:
        if encoding:
            return _decoded(content, encoding)
        start = content.rfind(b"\n", 0, problem.start) + 1
        end = content.find(b"\n", problem.start)
        raise EncodingError(content.count(b"\n", 0, problem.start) + 1, content[start : end if end >= 0 else None]) from problem
    if "\x00" in text:
        raise zero_bytes()
    return text


def check_is_text(head: bytes) -> None:
    """`IntakeError` for a file that starts like something else: an archive, a picture, a PDF."""
    if head.startswith(_UTF32):
        raise IntakeError("The file is UTF-32 (four bytes a character).", "Save it as CSV UTF-8 and load that.")
    for start, what in _NO_TEXT.items():
        if head.startswith(start):
            raise IntakeError(f"The file is {what}, not text.", "Save the table as CSV UTF-8 and load that.")


def marked_encoding(head: bytes) -> str:
    """The encoding a file names by its byte order mark, '' without one."""
    return next((name for mark, name in _BOMS if head.startswith(mark)), "")


def wide_encoding(encoding: str) -> str:
    """`encoding` where its bytes could pass for UTF-8 although they are not, else ''."""
    return encoding if encoding and codecs.lookup(encoding).name.startswith(("utf-16", "utf-32")) else ""


def zero_bytes() -> IntakeError:
    """The error of a file with zero bytes."""
    return IntakeError(
        "The file contains zero bytes: it is no text, or UTF-16 without its mark.",
        'Save it as CSV UTF-8, or write encoding = "utf-16-le".',
    )


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding).removeprefix("\ufeff")
    except (UnicodeDecodeError, LookupError) as problem:
        raise IntakeError(f"The file cannot be read as {encoding}: {problem}.", "Name the encoding it was saved in.") from problem


def read_header(head: bytes, row: int = 1) -> tuple[str, ...]:
    """The names on a row of a file whose recipe is not known yet, from its first `HEAD` bytes: the delimiter that finds most wins."""
    lines = list(text_lines(_leniently_decoded(head)))
    first = 2 if row == 1 and lines and _SEPARATOR_LINE.fullmatch(lines[0]) else row
    return max((_names(lines, first, delimiter) for delimiter in DELIMITERS), key=len, default=())


def lines_at_start(head: bytes) -> list[str]:
    """The lines of the first `HEAD` bytes of a file, read leniently: for looking, not for loading."""
    return list(text_lines(_leniently_decoded(head)))


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


@dataclass(frozen=True, slots=True)
class Top:
    """Where a table begins: its column names, the lines they stand on (first and last), what separates and quotes its cells."""

    header: tuple[str, ...]
    line: int
    last_line: int
    delimiter: str
    quote: str = '"'


def read_top(lines: Sequence[str], recipe: Recipe) -> Top:
    """The header among the first lines of a file; an empty file or a header that lacks a column of the recipe: `IntakeError`."""
    if not any(line.strip() for line in lines):
        raise IntakeError("The file is empty.", "Export it again; the first line must hold the column names.")
    directive = _SEPARATOR_LINE.fullmatch(lines[0])  # a line Excel writes and reads: which delimiter follows
    first = 2 if directive and recipe.header_row == 1 else recipe.header_row
    said = directive[1] if directive else recipe.delimiter
    delimiter = said or max(DELIMITERS, key=lambda one: _fit(_names(lines, first, one, recipe.quote), recipe))
    names = _names(lines, first, delimiter, recipe.quote)
    if len(names) > MOST_COLUMNS:
        raise many_columns(len(names), first)
    header = _as_in_recipe(names, recipe)
    _check_header(header, recipe)
    reader = csv.reader(lines[first - 1 :], delimiter=delimiter, quotechar=recipe.quote)
    next(reader, None)
    return Top(header, first, first - 1 + reader.line_num, delimiter, recipe.quote)


def read_sheet(text: str, recipe: Recipe, tell: Callable[[float], None] = lambda part: None) -> Sheet:
    """The table of a file; an empty file, a header that lacks a column of the recipe or a torn quote: `IntakeError`."""
    top = read_top(list(islice(text_lines(text), recipe.header_row + HEAD_LINES)), recipe)
    rows, rejects = _rows(text, top, recipe, tell)
    if not rows and not rejects:
        raise no_rows()
    return Sheet(top.header, tuple(rows), tuple(rejects), top.delimiter)


def read_pieces(text: str, recipe: Recipe, most: int) -> Iterator[Sheet]:
    """The same table in pieces of at most so many rows, so that they need not all be in memory; without torn rows."""
    top = read_top(list(islice(text_lines(text), recipe.header_row + HEAD_LINES)), recipe)
    known: dict[str, str] = {}
    rows = (row for row in _rows_and_rejects(text, top, recipe, known) if isinstance(row, Row))
    while piece := tuple(islice(rows, most)):
        yield Sheet(top.header, piece, (), top.delimiter)
        known.clear()


def no_rows(left_out: int = 0) -> IntakeError:
    """The error of a table that ends below its header, or of which a recipe leaves out every row."""
    if left_out:
        return IntakeError(f"The recipe leaves out every row of the file, {left_out:,} in all.", "Correct exclude in the recipe.")
    return IntakeError("The file has column names but no rows.", "Export it again with its rows.")


def text_lines(text: str) -> Iterator[str]:
    """Physical lines with their ends, split as spreadsheets do (not at exotic separators inside a cell); a long one: `IntakeError`."""
    for number, line in enumerate(split_lines(text), 1):
        if len(line) > LONGEST_LINE:
            raise long_line(number)
        yield line


def _fit(header: tuple[str, ...], recipe: Recipe) -> tuple[int, int]:
    named = _as_in_recipe(header, recipe)
    return sum(name in named for name in recipe.headers), len(header)


def _as_in_recipe(header: tuple[str, ...], recipe: Recipe) -> tuple[str, ...]:
    """The header with the recipe's spelling where a name differs only in case and blanks and is not there exactly."""
    spelling = {clean_text(name).casefold(): name for name in recipe.headers if name not in header}
    return tuple(spelling.get(clean_text(name).casefold(), name) for name in header)


def _names(lines: Sequence[str], header_row: int, delimiter: str, quote: str = '"') -> tuple[str, ...]:
    """The column names on the header row."""
    try:
        found = next(csv.reader(lines[header_row - 1 :], delimiter=delimiter, quotechar=quote), [])
    except csv.Error:
        return ()
    return tuple(name.strip() for name in found)


def _check_header(header: tuple[str, ...], recipe: Recipe) -> None:
    for name, where in recipe.headers.items():
        if name in header:
            if header.count(name) > 1:
                raise IntakeError(f"The file has {header.count(name)} columns named '{name}'.", "Give each column its own name.")
            continue
        near = _nearest(name, header)
        has = f"It has: {', '.join(header[:_SHOWN])}{f' and {len(header) - _SHOWN} more' if len(header) > _SHOWN else ''}."
        shown = f"The nearest is '{near}'. {has}" if near else has
        line = line_of(recipe.text, where)
        raise IntakeError(
            f"The file has no column '{name}' (recipe {recipe.name}, line {line}, {'.'.join(where)}).",
            f"{shown} Correct the recipe or choose another.",
        )


def _nearest(name: str, header: Sequence[str]) -> str:
    """The column most like a name, whatever the case: one that has all its words before one that is spelled alike; '' for none."""
    folded = {clean_text(column).casefold(): column for column in header}
    wanted = clean_text(name).casefold()
    words = set(re.findall(r"\w+", wanted))
    holding = [column for column in folded if words and words <= set(re.findall(r"\w+", column))]
    near = get_close_matches(wanted, holding, n=1, cutoff=0) or get_close_matches(wanted, list(folded), n=1, cutoff=0.5)
    return folded[near[0]] if near else ""


def _rows(text: str, top: Top, recipe: Recipe, tell: Callable[[float], None]) -> tuple[list[Row], list[Reject]]:
    """Every record below the header, and those that are torn. Equal cells are one text: most repeat, and so need no memory."""
    rows, rejects = [], []
    last = 0
    for found in _rows_and_rejects(text, top, recipe, {}, tell):
        last = found.line or 0
        if isinstance(found, Row):
            rows.append(found)
        else:
            rejects.append(found)
    if rejects and rejects[-1].line == last:
        rejects[-1] = as_last(rejects[-1])
    return rows, rejects


def _rows_and_rejects(
    text: str, top: Top, recipe: Recipe, known: dict[str, str], tell: Callable[[float], None] = lambda part: None
) -> Iterator[Row | Reject]:
    """The records below the header as they come; blank lines are no records. `known`: cells that are kept once only."""
    checked = _control_check(text, top, recipe)
    lines = _Kept(islice(text_lines(text), top.line - 1, None))
    done = 0
    for count, (line, _, cells) in enumerate(records(lines, top.line, top.delimiter, top.quote)):
        raw = lines.taken()
        done += len(raw)
        if count % _TOLD_EVERY == 0:
            tell(done / len(text))
        if line == top.line or not "".join(cells).strip():
            continue
        raw = raw.rstrip("\r\n")[:LONGEST_RAW]
        if len(cells) != len(top.header):
            yield torn_row(line, len(cells), len(top.header), raw)
        elif checked and (reject := checked(line, cells, raw)):
            yield reject
        elif len(known) < _MOST_KNOWN:
            yield Row(line, [known.setdefault(cell, cell) for cell in cells], raw)
        else:
            yield Row(line, [known.get(cell, cell) for cell in cells], raw)


def _control_check(text: str, top: Top, recipe: Recipe) -> Callable[[int, list[str], str], Reject | None] | None:
    """How to refuse a row with a control character in a column that is read; None for a text without any, which is nearly every one."""
    if not _CONTROL.search(text):
        return None
    read = [place for place, name in enumerate(top.header) if name in recipe.headers]

    def check(line: int, cells: list[str], raw: str) -> Reject | None:
        for place in read:
            if found := _CONTROL.search(cells[place]):
                reason = f"the cell holds a control character (U+{ord(found[0]):04X}), which no text has"
                return Reject(line, top.header[place], "control", reason, "Remove that character and load the row again.", raw)
        return None

    return check


class _Kept:
    """Lines on their way to a reader, kept until they are taken."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines, self._kept = iter(lines), list[str]()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self._kept.append(line)
        return line

    def taken(self) -> str:
        """The lines read since this was asked last."""
        text = "".join(self._kept)
        self._kept.clear()
        return text


def records(lines: Iterable[str], start: int, delimiter: str, quote: str = '"') -> Iterator[tuple[int, int, list[str]]]:
    """(first line, line after the last, cells) of every record in `lines`, which begin at line `start`; a torn quote: `IntakeError`."""
    reader = csv.reader(lines, delimiter=delimiter, quotechar=quote, strict=True)
    line = start
    try:
        for cells in reader:
            after = start + reader.line_num
            yield line, after, cells
            line = after
    except csv.Error as problem:
        if "field larger" in str(problem):
            raise long_cell(line) from problem
        raise IntakeError(
            f"Line {line} cannot be read: {problem}.", "Look for a quote that is not closed; quotes inside a cell are doubled."
        ) from problem


def torn_row(line: int, cells: int, width: int, raw: str) -> Reject:
    """A row refused for having more or fewer cells than the header."""
    reason = f"the row has {cells} of {width} cells"
    if cells < width:
        return Reject(line, None, _FEW, reason, "Cells are missing: export the file again, or give the row all its cells.", raw)
    return Reject(line, None, "more_cells", f"it has {cells} cells, the header has {width}", "Quote cells that contain the delimiter.", raw)


def as_last(reject: Reject) -> Reject:
    """The refused last row of a file: with too few cells it looks cut off."""
    if reject.code != _FEW:
        return reject
    return replace(reject, code="cut_off", remedy="It is the last line of the file, which looks cut off: export it again.")


def without(sheet: Sheet, recipe: Recipe) -> Sheet:
    """The sheet less the rows the recipe leaves out; a row that cannot be checked is refused."""
    return split(sheet, recipe)[0]


def split(sheet: Sheet, recipe: Recipe) -> tuple[Sheet, dict[int, Condition]]:
    """The same, and of each row left out its place -> the rule that says so."""
    dropped: dict[int, Condition] = {}
    unclear: dict[int, Reject] = {}
    for rule in recipe.exclude:
        passes = tester(rule, recipe)
        for index, cell in enumerate(sheet.column(rule.column)):
            try:
                if passes(cell):
                    dropped.setdefault(index, rule)
            except CellError as problem:
                row = sheet.rows[index]
                unclear.setdefault(index, Reject(row.line, rule.column, problem.code, problem.message, problem.remedy, row.raw))
    rows = tuple(row for index, row in enumerate(sheet.rows) if index not in dropped and index not in unclear)
    refused = tuple(reject for index, reject in unclear.items() if index not in dropped)
    return Sheet(sheet.header, rows, (*sheet.rejects, *refused), sheet.delimiter), dropped
