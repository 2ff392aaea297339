"""The workbook under an XLSX pack: safe texts, styles by purpose, sheets with a cursor, tables that print well.

Every text is written as a text: nothing in the workbook is a formula, a link to the outside or a query.
"""

import re
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from types import MappingProxyType

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from analytics.charts.theme import theme_for
from analytics.packs.xlsx_numbers import DAY_FORMAT, serial

THEME = theme_for("light")
FONT = "Arial"
MOST_LETTERS = 8_000  # of a cell; Excel takes 32,767 halves of characters
MOST_IN_NAME = 31
MOST_WIDTH = 46
LEAST_WIDTH = 6
DEFAULT_WIDTH = 8.4
PER_LETTER = 1.15  # letters of a text that fit where one digit does
_SHORT = 12
TEXT_WIDTH = 125  # letters of a line across the page
MOST_ABREAST = 260  # letters on a printed page
MOST_HEIGHT = 400  # points of a paragraph; Excel takes 409
MOST_LINES = 8  # of a row of a table
MARGIN_WIDTH = 2.6
LINE = 15.0  # points
_RESERVED = "history"  # Excel keeps this sheet name for itself
_A4 = 9
_NEVER = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\ufffe\uffff]")
_BREAKS = re.compile("[\t\n\x0b\x0c\r\x85\u2028\u2029]+")
_HALVES = re.compile("[\ud800-\udfff]")
_STARTS_A_FORMULA = ("=", "+", "-", "@")

NO_PAINT: Mapping[str, object] = MappingProxyType({})
MARKS = {"met": "●", "below expected": "◆", "missed": "▼"}

STYLES: dict[str, dict[str, object]] = {
    "eyebrow": {"font_color": THEME.muted, "font_size": 9},
    "headline": {"bold": True, "font_size": 16, "text_wrap": True, "valign": "top"},
    "title": {"bold": True, "font_size": 14},
    "section": {"bold": True, "font_size": 12},
    "header": {
        "bold": True,
        "font_size": 9,
        "font_color": THEME.muted,
        "bottom": 1,
        "bottom_color": THEME.normal,
        "text_wrap": True,
        "valign": "bottom",
    },
    "cell": {"bottom": 1, "bottom_color": THEME.gridline, "text_wrap": True, "valign": "top"},
    "body": {"text_wrap": True, "valign": "top"},
    "strong": {"text_wrap": True, "valign": "top", "bold": True},
    "muted": {"text_wrap": True, "valign": "top", "font_color": THEME.muted, "font_size": 9},
}


def clean(text: str) -> str:
    """A text every program can read: no control or half characters, no change of reading direction, one line, not endless."""
    whole = _HALVES.sub("\ufffd", _NEVER.sub("", _BREAKS.sub(" ", text)))[:MOST_LETTERS]
    return f"{whole} " if whole.startswith("<r>") and whole.endswith("</r>") else whole  # XlsxWriter would take it for its own markup


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell: its text, and where it is a number or a day its value with the format that prints the text."""

    text: str
    value: float | date | None = None
    format: str = ""
    style: tuple[tuple[str, object], ...] = ()

    def styled(self, **properties: object) -> "Shown":
        """The same cell, painted."""
        return Shown(self.text, self.value, self.format, (*self.style, *properties.items()))


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading, whether it holds numbers, the most letters of its width."""

    heading: str
    numeric: bool = False
    most: float = MOST_WIDTH


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A text across the page; how far that is is known when all columns have their width."""

    row: int
    shown: Shown
    style: str
    size: float


class Sheet:
    """One worksheet, written from top to bottom; `row` is the next free row."""

    def __init__(self, book: "Book", worksheet: Worksheet) -> None:
        self.book = book
        self.worksheet = worksheet
        self.row = 0
        self._widths: dict[int, float] = {}
        self._paragraphs: list[_Paragraph] = []
        self._long: dict[int, list[tuple[int, float]]] = {}
        self._pages: tuple[int, Sequence[int]] | None = None
        worksheet.set_default_row(LINE)

    @property
    def name(self) -> str:
        """As it stands on its tab."""
        return str(self.worksheet.get_name())

    def put(self, row: int, column: int, shown: Shown, style: str = "cell", paint: Mapping[str, object] = NO_PAINT) -> None:
        """Write one cell."""
        painted = (*shown.style, *paint.items())
        if shown.value is None:
            text = clean(shown.text)
            quoted = (("quote_prefix", True),) if text.startswith(_STARTS_A_FORMULA) else ()
            self.worksheet.write_string(row, column, text, self.book.style(style, *quoted, *painted))
            return
        value = serial(shown.value) if isinstance(shown.value, date) else shown.value
        wanted = shown.format or (DAY_FORMAT if isinstance(shown.value, date) else "General")
        self.worksheet.write_number(row, column, value, self.book.style(style, ("num_format", wanted), *painted))

    def widen(self, column: int, letters: float, most: float = MOST_WIDTH) -> None:
        """Make a column at least so many letters wide."""
        self._widths[column] = max(self._widths.get(column, LEAST_WIDTH), min(letters, most))

    def paragraph(self, text: str, style: str = "body", *, size: float = 10) -> None:
        """A text across the page, as many lines high as it takes."""
        self._paragraphs.append(_Paragraph(self.row, Shown(text), style, size))
        self.row += 1

    def table(
        self,
        columns: Sequence[Column],
        rows: Sequence[Sequence[Shown]],
        *,
        filtered: bool = False,
        alone: bool = False,
        compact: bool = False,
    ) -> None:
        """A table at the cursor. `alone`: nothing else is on the sheet, so its head stays in sight and on every printed page.

        `compact`: every row is one line high.
        """
        head, first = self.row, 1
        aligned = [_alignment(columns, at) | ({"text_wrap": False} if compact else {}) for at in range(len(columns))]
        for at, column in enumerate(columns):
            self.put(head, first + at, Shown(column.heading), "header", _alignment(columns, at))
            longest = max((_width(clean(row[at].text)) for row in rows), default=0)
            word = max(map(_width, column.heading.split()), default=0)
            self.widen(first + at, max(longest, word) + 2.5, column.most)
        self._long[head] = [(first + at, 1.15 * _width(column.heading)) for at, column in enumerate(columns)]
        for offset, row in enumerate(rows, start=1):
            for at, shown in enumerate(row):
                self.put(head + offset, first + at, shown, paint=aligned[at])
            if not compact:
                self._long[head + offset] = [(first + at, _width(shown.text)) for at, shown in enumerate(row) if len(shown.text) > _SHORT]
        if rows and (filtered or alone):
            self.worksheet.autofilter(head, first, head + len(rows), first + len(columns) - 1)
        if alone:
            self.worksheet.freeze_panes(head + 1, first + 1)
            self.worksheet.repeat_rows(head)
        self.row = head + len(rows) + 1

    def print_in_pages(self, percent: int, breaks: Sequence[int]) -> None:
        """Print at this size with a new page at each of these rows, instead of fitting the width."""
        self._pages = percent, breaks

    def finish(self) -> None:
        """Write the paragraphs, set heights, widths and pages."""
        for paragraph in self._paragraphs:
            self._write(paragraph)
        for row, cells in self._long.items():
            lines = max((-(-letters // (self._widths[column] * PER_LETTER)) for column, letters in cells), default=1)
            if lines > 1:
                self.worksheet.set_row(row, min(lines, MOST_LINES) * LINE)
        self.worksheet.set_column(0, 0, MARGIN_WIDTH)
        for column, width in sorted(self._widths.items()):
            self.worksheet.set_column(column, column, width)
        self.worksheet.hide_gridlines(2)
        self.worksheet.set_landscape()
        self.worksheet.set_paper(_A4)
        self.worksheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.7)
        self.worksheet.set_footer(self.book.footer)
        if self._pages:
            self.worksheet.set_print_scale(self._pages[0])
            self.worksheet.set_h_pagebreaks(list(self._pages[1]))
            return
        self.worksheet.fit_to_pages(-(-int(sum(self._widths.values())) // MOST_ABREAST), 0)
        self.worksheet.repeat_columns(0, 2)

    def _write(self, paragraph: _Paragraph) -> None:
        """Merge as many columns as a line of reading takes, and make the row high enough."""
        last, letters = 0, 0.0
        while letters < TEXT_WIDTH:
            last += 1
            letters += self._widths.get(last, DEFAULT_WIDTH)
        style = self.book.style(paragraph.style)
        self.worksheet.merge_range(paragraph.row, 1, paragraph.row, last, "", style)
        self.put(paragraph.row, 1, paragraph.shown, paragraph.style)
        lines = max(1, -(-_width(clean(paragraph.shown.text)) // (letters * PER_LETTER * 10 / paragraph.size)))
        self.worksheet.set_row(paragraph.row, min(max(LINE, paragraph.size * 1.35) * lines, MOST_HEIGHT))


def _alignment(columns: Sequence[Column], at: int) -> dict[str, object]:
    """Numbers to the right; a text behind a number keeps a distance from it."""
    if columns[at].numeric:
        return {"align": "right"}
    return {"align": "left", "indent": 1} if at and columns[at - 1].numeric else {"align": "left"}


@dataclass
class Book:
    """The workbook while it is written."""

    footer: str
    properties: dict[str, str | datetime]
    buffer: BytesIO = field(default_factory=BytesIO)
    sheets: list[Sheet] = field(default_factory=list)
    _formats: dict[tuple[object, ...], Format] = field(default_factory=dict)

    def __post_init__(self) -> None:
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        default = {"default_format_properties": {"font_name": FONT, "font_size": 10}}
        self.workbook = Workbook(self.buffer, options | default)
        self.workbook.set_properties(self.properties)
        self.workbook.set_size(2_400, 1_500)

    def style(self, name: str, *more: tuple[str, object]) -> Format:
        """The format of a style with what is special about a cell; equal ones are one."""
        key = (name, *more)
        if key not in self._formats:
            properties = {"font_name": FONT, "font_size": 10, "font_color": THEME.ink} | STYLES[name] | dict(more)
            self._formats[key] = self.workbook.add_format(properties)
        return self._formats[key]

    @contextmanager
    def sheet(self, wanted: str) -> Generator[Sheet]:
        """A new sheet at the end."""
        sheet = Sheet(self, self.workbook.add_worksheet(sheet_name(wanted, [sheet.name for sheet in self.sheets])))
        self.sheets.append(sheet)
        yield sheet
        sheet.finish()

    def content(self) -> bytes:
        """The finished file."""
        self.workbook.close()
        return self.buffer.getvalue()


def sheet_name(wanted: str, taken: Sequence[str]) -> str:
    """A name Excel takes: at most 31 letters, none of []:*?/\\, no apostrophe at an end, not 'History', not there already."""
    plain = " ".join(re.sub(r"[\[\]:*?/\\]+", " ", clean(wanted)).split())
    name = _cut(plain, MOST_IN_NAME).strip("' ") or "Sheet"
    number, unique = 1, name
    while unique.casefold() in {*map(str.casefold, taken), _RESERVED}:
        number += 1
        unique = f"{_cut(name, MOST_IN_NAME - 4).rstrip()} {number}"
    return unique


def _cut(text: str, most: int) -> str:
    """The beginning of a text as Excel counts letters: those beyond the basic plane are two."""
    return text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore")


def _width(text: str) -> float:
    """Letters a text is wide; those outside the Western alphabets take more room, capitals a little."""
    return sum(1.9 if letter > "\u2e80" else 1.25 if letter in "WMmw@%" else 1.0 for letter in text)
