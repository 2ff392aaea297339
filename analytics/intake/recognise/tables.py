"""One pass over all rows: what every column holds, and rows that are none (a second header, another table, totals)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from analytics.errors import IntakeError
from analytics.intake.limits import DISTINCT_KEPT, DISTINCT_KEPT_IN_ALL, HEAD_LINES
from analytics.intake.originals import Original
from analytics.intake.progress import Tell, untold
from analytics.intake.recognise.columns import Column
from analytics.intake.recognise.layout import Layout, is_header_like, untouched
from analytics.intake.recognise.patterns import Kind, is_value, kind_of
from analytics.intake.recognise.records import Dialect, Record, is_blank, read_records, text_lines
from analytics.intake.total_words import is_total_word

_AT_ONCE = 10_000
_MOST_ODD = 200
_DIGIT = re.compile("[0-9]")
Row = list[str]


@dataclass(frozen=True, slots=True)
class TotalsRow:
    """A row without a date that adds up others: its line, what it is called ('' without a name) and where, and what stands for its date."""

    line: int
    word: str
    position: int
    date: str


@dataclass(frozen=True, slots=True)
class Table:
    """All rows of a file as columns; `head` holds the first rows themselves. `totals` are no rows: they are set aside."""

    layout: Layout
    columns: tuple[Column, ...]
    rows: int
    torn: int
    head: tuple[Row, ...]
    totals: tuple[TotalsRow, ...] = ()

    def column(self, name: str) -> Column:
        """The column of this name."""
        return next(column for column in self.columns if column.name == name)


def read_table(original: Original, dialect: Dialect, layout: Layout, tell: Tell = untold) -> Table:
    """Every row looked at once; rows that belong to no table of this header: `IntakeError` naming their line."""
    kept = max(min(DISTINCT_KEPT, DISTINCT_KEPT_IN_ALL // layout.width), 20)
    reader = _TableReader(layout, tuple(Column(name, position, kept) for position, name in enumerate(layout.raw_names)))
    records = read_records(text_lines(original, dialect.code, lambda part: tell(part, "Looking at the columns")), dialect)
    for line, _ in records:
        if line >= layout.header_line:
            break
    if layout.across:
        records = layout.across.turned(records)
    while batch := list(islice(records, _AT_ONCE)):
        reader.add(batch)
    reader.finish()
    if not reader.rows:
        raise IntakeError(
            f"No row below line {layout.header_line} has the {layout.width} cells of the column names.", "Export the file again."
        )
    return Table(layout, reader.columns, reader.rows, reader.torn, tuple(reader.head), tuple(reader.totals))


class _TableReader:
    """Takes the records in, batch by batch."""

    def __init__(self, layout: Layout, columns: tuple[Column, ...]) -> None:
        self.layout, self.columns = layout, columns
        self.rows, self.torn = 0, 0
        self.head: list[Row] = []
        self.totals: list[TotalsRow] = []
        self._names = list(layout.raw_names)
        self._after_blank = False
        self._odd: list[tuple[int, Row, bool]] = []

    def add(self, batch: list[Record]) -> None:
        lines, rows = [], []
        for line, cells in self._whole(batch):
            if found := self._totals_row(line, cells):
                self.totals.append(found)
                continue
            lines.append(line)
            rows.append(cells)
        self.rows += len(rows)
        self.head.extend(rows[: max(HEAD_LINES - len(self.head), 0)])
        for column, cells in zip(self.columns, zip(*rows, strict=True), strict=False):
            column.add(cells, lines)
        self._look_for_headers(lines, rows)

    def _whole(self, batch: list[Record]) -> Iterator[Record]:
        """The records with as many cells as the header; the header again is refused, others are remembered."""
        width, first_name = self.layout.width, self._names[0]
        for line, cells in batch:
            if not cells or (not cells[0] and is_blank(cells)):
                self._after_blank = True
                continue
            if len(cells) == width:
                if cells[0].strip() == first_name and [cell.strip() for cell in cells] == self._names:
                    raise IntakeError(
                        f"Line {line} repeats the column names: two exports were pasted together, or every page of the report has them.",
                        f"Remove such lines, or load the parts one by one. {untouched(self.layout, self._names)}",
                    )
                yield line, cells
            else:
                self.torn += 1
                if len(self._odd) < _MOST_ODD:
                    self._odd.append((line, cells, self._after_blank))
            self._after_blank = False

    def _totals_row(self, line: int, cells: Row) -> TotalsRow | None:
        """A row that names a total, or nothing at all, where the others have their date, and has numbers."""
        if not self.layout.dates:
            return None
        date = cells[self.layout.dates[0]].strip()
        if date[:1].isdigit() or (_DIGIT.search(date) and not is_total_word(date)):
            return None
        texts = [cell.strip() for cell in cells]
        if not any(is_value(texts[position]) for position in self.layout.numbers):
            return None
        if (place := next((place for place, text in enumerate(texts) if is_total_word(text)), -1)) >= 0:
            return TotalsRow(line, texts[place], place, date)
        return None if any(kind_of(text) is Kind.TEXT for text in texts) else TotalsRow(line, "", self.layout.dates[0], date)

    def _look_for_headers(self, lines: Sequence[int], rows: Sequence[Row]) -> None:
        """Rows whose date is no date: a second header."""
        dates = self.layout.dates
        if not dates or not rows:
            return
        known = self.columns[dates[0]]
        if known.kinds[Kind.TEXT] + known.kinds[Kind.MISSING] == 0:
            return
        for line, cells in zip(lines, rows, strict=True):
            if not is_value(cells[dates[0]].strip()) and is_header_like(self.layout, cells):
                raise _second_table(line, cells)

    def finish(self) -> None:
        """After the last row: records of another width may be another table."""
        for (line, cells, after_blank), (_, following, _) in zip(self._odd, self._odd[1:], strict=False):
            if not any(is_value(cell.strip()) for cell in cells) and len(following) == len(cells) and (after_blank or len(cells) > 1):
                raise _second_table(line, cells)


def _second_table(line: int, cells: Sequence[str]) -> IntakeError:
    names = ", ".join(cell.strip() for cell in cells if cell.strip())[:80]
    return IntakeError(f"A second table starts on line {line} ({names}).", "Save the two tables as two files.")
