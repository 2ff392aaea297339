"""Native tables: cells of words with a ground and a rule, and any table of the review on as many slides as it takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from pptx.enum.text import PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Pt

from analytics.packs.pptx_pages import WIDE, Deck, Page
from analytics.packs.pptx_shapes import Box, Paragraph, Run, describe, fill_xml, mark_run, paragraph, paragraph_xml, text_box
from analytics.packs.pptx_template import BODY_BOTTOM, BODY_TOP, LEFT, LIGHT
from analytics.packs.pptx_text import Fitted, Style, clean, width
from analytics.review.model import Cell, Table

BODY_HEIGHT = BODY_BOTTOM - BODY_TOP
HEAD = Style(10, colour=LIGHT.muted)
TEXT_SIZES = (14.0, 12.5, 11.0)
SMALL_SIZES = (11.0, 9.5)
MANY_COLUMNS = 9
MOST_COLUMNS = 14
COLUMN_GAP = 14
MOST_LINES, FEW_LINES = 4, 3
SIDE = 7
ENOUGH_TO_STRETCH = 0.62
_FINER = 8
_NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"


@dataclass(frozen=True, slots=True)
class Field:
    """One cell as it is drawn: paragraphs, ground ('' none), colour of the rule below or of the gap around ('' none), room after it."""

    paragraphs: tuple[Paragraph, ...]
    ground: str = ""
    rule: str = LIGHT.rule
    gap: str = ""
    after: float = 0


def native_table(page: Page, place: tuple[float, float], fields: Sequence[Sequence[Field]], sizes: "Sizes", name: str, words: str) -> None:
    """A table whose first row is its header; the columns and rows have exactly these sizes."""
    box = Box(*place, sum(sizes.columns), sum(sizes.rows))
    frame = page.shapes.add_table(1, 1, *box.lengths)
    describe(frame, name, words)
    columns = "".join(f"<a:gridCol w='{Pt(size)}'/>" for size in sizes.columns)
    rows = "".join(
        f"<a:tr h='{Pt(height)}'>{''.join(_cell_xml(field, sizes.side) for field in row)}</a:tr>"
        for row, height in zip(fields, sizes.rows, strict=True)
    )
    look = f"<a:tblPr firstRow='1'><a:tableStyleId>{_NO_STYLE}</a:tableStyleId></a:tblPr>"
    drawn = parse_xml(f"<a:tbl {nsdecls('a')}>{look}<a:tblGrid>{columns}</a:tblGrid>{rows}</a:tbl>")
    shipped = frame.table._tbl
    shipped.getparent().replace(shipped, drawn)


@dataclass(frozen=True, slots=True)
class Sizes:
    """The widths of columns, the heights of rows, and the space left and right in a cell, in points."""

    columns: tuple[float, ...]
    rows: tuple[float, ...]
    side: float = SIDE


def _cell_xml(field: Field, side: float) -> str:
    text = "".join(paragraph_xml(told) for told in field.paragraphs)
    room = f"marL='{Pt(side)}' marR='{Pt(side + field.after)}' marT='{Pt(1)}' marB='{Pt(1)}' anchor='ctr'"
    lines = "".join(_line_xml(*line) for line in _lines(field))
    ground = fill_xml(field.ground) if field.ground else "<a:noFill/>"
    return f"<a:tc><a:txBody><a:bodyPr/><a:lstStyle/>{text}</a:txBody><a:tcPr {room}>{lines}{ground}</a:tcPr></a:tc>"


def _lines(field: Field) -> list[tuple[str, str, float]]:
    if field.gap:
        return [(side, field.gap, 3) for side in ("L", "R", "T", "B")]
    return [("B", field.rule, 0.75)] if field.rule else []


def _line_xml(side: str, colour: str, thick: float) -> str:
    return f"<a:ln{side} w='{Pt(thick)}' cap='flat' cmpd='sng' algn='ctr'>{fill_xml(colour)}<a:prstDash val='solid'/></a:ln{side}>"


def table_pages(deck: Deck, title: str, about: str, sentence: str, table: Table) -> None:
    """A table of the review: as many rows as fit a slide, and of very many columns as many as can be read, the first repeated."""
    if not table.rows:
        empty_page(deck, title, about, sentence, table.empty)
        return
    parts = [part for group in _column_groups(len(table.columns)) for part in _pages_of(_largest(table, group))]
    for number, (laid, first, last) in enumerate(parts, start=1):
        part = f"{number} of {len(parts)}" if len(parts) > 1 else ""
        page = deck.page(title, about, sentence if number == 1 else "", part=part)
        laid.draw(page, page.top, first, last)


def empty_page(deck: Deck, title: str, about: str, sentence: str, words: str) -> None:
    """A slide that says why there is nothing on it."""
    page = deck.page(title, about, sentence)
    found = page.fit(words, Style(16, colour=LIGHT.muted), WIDE, 3)
    text_box(page.shapes, Box(LEFT, page.top + 8, WIDE, found.height + 2), [paragraph(found)], "Nothing to show")


def _column_groups(count: int) -> list[tuple[int, ...]]:
    """Columns that are shown together: all, or the first with each further lot."""
    if count <= MOST_COLUMNS:
        return [tuple(range(count))]
    lot = MOST_COLUMNS - 1
    return [(0, *range(at, min(at + lot, count))) for at in range(1, count, lot)]


def _largest(table: Table, columns: tuple[int, ...]) -> "Laid":
    """In the largest size in which all of it stands on one slide, if possible without a broken line; else in the smallest."""
    sizes = SMALL_SIZES if len(columns) > MANY_COLUMNS else TEXT_SIZES
    tries = [Laid(table, columns, size) for size in sizes]
    unbroken = (laid for laid in tries if laid.fits and laid.most_lines == 1)
    return next(unbroken, None) or next((laid for laid in tries if laid.fits), tries[-1])


class Laid:
    """Some columns of a table with the room each gets; `whole`: together the width of the slide, however little they say."""

    def __init__(self, table: Table, columns: tuple[int, ...], size: float, *, whole: bool = False) -> None:
        self.table, self.columns = table, columns
        self.style, self.head = Style(size), HEAD.sized(max(size - 1.5, 9))
        self.above = size * 0.45
        self.gap = COLUMN_GAP if len(columns) <= MANY_COLUMNS else COLUMN_GAP / 3
        natural = [self._natural(column) for column in columns]
        self.widths = _shared(natural, WIDE, whole=whole)
        self.most_lines = 0
        self.heights = [self._height(row) for row in table.rows]
        heads = Page(None)
        self.head_height = max(self._fit(heads, table.columns[at], self.head, place).height for place, at in enumerate(columns)) + 10
        self.height = self.head_height + sum(self.heights)
        self.readable = self.most_lines <= FEW_LINES
        self.fits = self.readable and self.height <= BODY_HEIGHT

    def _natural(self, column: int) -> float:
        style = Style(self.style.size, bold=self._leads(column))
        texts = [width(clean(row[column].text), style) + (self.style.size if row[column].status else 0) for row in self.table.rows]
        own = max(*texts, *(width(word, self.head) for word in clean(self.table.columns[column]).split(" ")), 24)
        return own + 2 * SIDE + self.gap

    def _leads(self, column: int) -> bool:
        """Whether it is the column that names the rows: the first that is no number."""
        return column == next((at for at in self.columns if not self.table.numeric[at]), -1)

    def _fit(self, page: Page, text: str, style: Style, place: int, lines: int = MOST_LINES) -> Fitted:
        return page.fit(text, style, self._room(place), lines)

    def _height(self, row: Sequence[Cell]) -> float:
        aside = Page(None)
        words = [self._words(aside, row[at], place) for place, at in enumerate(self.columns)]
        self.most_lines = max(self.most_lines, *(found.lines + bool(not found.whole) for found in words))
        return max(found.height for found in words) + 2 * self.above

    def _words(self, page: Page, cell: Cell, place: int) -> Fitted:
        room = self.style.size if cell.status else 0
        style = Style(self.style.size, bold=bool(cell.status) or self._leads(self.columns[place]))
        return page.fit(cell.text, style, self._room(place) - room, MOST_LINES)

    def draw(self, page: Page, top: float, first: int, last: int) -> None:
        """The rows first to last (excluded) with the header."""
        heads = [self._head(page, place, at) for place, at in enumerate(self.columns)]
        rows = [[self._field(page, row[at], place, at) for place, at in enumerate(self.columns)] for row in self.table.rows[first:last]]
        page.named.extend(self.table.columns)
        page.named.extend(cell.text for row in self.table.rows[first:last] for cell in row if cell.value is None)
        sizes = Sizes(tuple(self.widths), (self.head_height, *self.heights[first:last]))
        words = f"Table {self.table.name}: {', '.join(self.table.columns[at] for at in self.columns)}; rows {first + 1} to {last}"
        native_table(page, (LEFT - SIDE, top), [heads, *rows], sizes, f"Table: {self.table.name}", words)

    def _align(self, at: int) -> PP_ALIGN:
        return PP_ALIGN.RIGHT if self.table.numeric[at] else PP_ALIGN.LEFT

    def _after(self, at: int) -> float:
        """Numbers keep away from the words of the next column."""
        return self.gap - 2 if self.table.numeric[at] else 0

    def _room(self, place: int) -> float:
        """The width words have in a column."""
        return self.widths[place] - 2 * SIDE - self._after(self.columns[place]) - 1

    def _head(self, page: Page, place: int, at: int) -> Field:
        return Field(
            (paragraph(self._fit(page, self.table.columns[at], self.head, place), align=self._align(at)),),
            rule=LIGHT.muted,
            after=self._after(at),
        )

    def _field(self, page: Page, cell: Cell, place: int, at: int) -> Field:
        found = self._words(page, cell, place)
        if not cell.status:
            return Field((paragraph(found, align=self._align(at)),), after=self._after(at))
        words = Run(f" {found.text}", Style(self.style.size, bold=True, colour=LIGHT.status(cell.status).text))
        return Field((Paragraph((mark_run(cell.status, self.style.size - 2), words), align=self._align(at)),))


def _shared(natural: Sequence[float], room: float, *, whole: bool) -> list[float]:
    """Widths that fit: columns with much to say give way, those with most least; a narrow table stays narrow unless `whole`."""
    room += 2 * SIDE
    total = sum(natural)
    if total <= room:
        factor = room / total if whole or total >= room * ENOUGH_TO_STRETCH else min(1.35, room / total)
        return [size * factor for size in natural]
    rest, left = room, sorted(natural)
    while left and left[0] <= rest / len(left):
        rest -= left.pop(0)
    weight = sum(sqrt(size) for size in left)
    return [rest * sqrt(size) / weight if size in left else size for size in natural]


def _pages_of(laid: Laid) -> list[tuple[Laid, int, int]]:
    """(columns, first row, row after the last) of each slide: as few slides as it takes, none of them left nearly empty."""
    count = len(_filled(laid, BODY_HEIGHT))
    even = int(laid.head_height + sum(laid.heights) / count)
    return next(found for room in (*range(even, BODY_HEIGHT, _FINER), BODY_HEIGHT) if len(found := _filled(laid, room)) == count)


def _filled(laid: Laid, room: float) -> list[tuple[Laid, int, int]]:
    """The rows from slide to slide, each filled as far as there is room."""
    found, first, used = [], 0, laid.head_height
    for at, height in enumerate(laid.heights):
        if at > first and used + height > room:
            found.append((laid, first, at))
            first, used = at, laid.head_height
        used += height
    return [*found, (laid, first, len(laid.heights))]
