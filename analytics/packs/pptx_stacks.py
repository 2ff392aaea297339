"""Short lists and tables under each other on one slide, as long as all of them can be read: of one section, or of some that follow."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from analytics.packs.pptx_blocks import draw_lines, lines_height
from analytics.packs.pptx_pages import WIDE, Deck, Page
from analytics.packs.pptx_quarter import HEADING
from analytics.packs.pptx_shapes import Box, paragraph, text_box
from analytics.packs.pptx_tables import BODY_HEIGHT, MANY_COLUMNS, MOST_COLUMNS, SMALL_SIZES, TEXT_SIZES, Laid
from analytics.packs.pptx_template import LEFT
from analytics.review.model import Block, Lines, Section, Table

HEADING_HEIGHT = 20
GAP = 12
SMALLEST = 10.0
WITHOUT_SENTENCE = BODY_HEIGHT + 18  # below a title of two lines


@dataclass(frozen=True, slots=True)
class _Part:
    """One block of a stack: a list, or a table laid out in the size of the stack, with its heading ('' none)."""

    block: Lines | Table
    laid: Laid | None
    heading: str

    @property
    def height(self) -> float:
        """In points, with its heading."""
        own = self.laid.height if self.laid is not None else lines_height(self.block, WIDE) if isinstance(self.block, Lines) else 0
        return own + (HEADING_HEIGHT if self.heading else 0)


def name_of(table: Table) -> str:
    """The name of a table's frame as a heading: 'targets_met' -> 'Targets met'."""
    return table.name.replace("_", " ").capitalize()


def stacks(blocks: Sequence[Block]) -> list[list[Block]]:
    """Blocks that follow each other, together as far as they fit one slide; every other block by itself."""
    found: list[list[Block]] = []
    for block in blocks:
        if found and _parts([*found[-1], block]):
            found[-1].append(block)
        else:
            found.append([block])
    return found


def are_tables_of_one_slide(sections: Sequence[Section]) -> bool:
    """Whether these sections are nothing but tables, and all of them can be read on one slide."""
    blocks = [block for section in sections for block in section.blocks]
    plain = all(isinstance(block, Table) for block in blocks) and not any(section.sentence for section in sections)
    return plain and bool(_parts(blocks, WITHOUT_SENTENCE))


def _parts(blocks: Sequence[Block], room: float = BODY_HEIGHT) -> list[_Part]:
    """The blocks laid out in the largest size that fits; none when there is no such size or one of them cannot be stacked."""
    if not all((isinstance(block, Lines) and block.lines) or (isinstance(block, Table) and _small(block)) for block in blocks):
        return []
    for size in (*TEXT_SIZES, SMALLEST):
        parts = [_part(block, size) for block in blocks if isinstance(block, Lines | Table)]
        readable = all(part.laid is None or part.laid.readable for part in parts)
        if readable and sum(part.height for part in parts) + GAP * (len(parts) - 1) <= room:
            return parts
    return []


def _small(table: Table) -> bool:
    return bool(table.rows) and len(table.columns) <= MOST_COLUMNS


def _part(block: Lines | Table, size: float) -> _Part:
    if isinstance(block, Lines):
        return _Part(block, None, "")
    columns = tuple(range(len(block.columns)))
    shown = min(size, SMALL_SIZES[0]) if len(columns) > MANY_COLUMNS else size
    return _Part(block, Laid(block, columns, shown, whole=True), name_of(block))


def stack_page(deck: Deck, title: str, about: str, sentence: str, blocks: Sequence[Block], headings: Sequence[str] = ()) -> None:
    """One slide with all of them, under their names or these headings."""
    page = deck.page(title, about, sentence)
    top = page.top
    for at, part in enumerate(_parts(blocks, BODY_HEIGHT if sentence else WITHOUT_SENTENCE)):
        _draw(page, replace(part, heading=headings[at]) if headings else part, top)
        top += part.height + GAP


def _draw(page: Page, part: _Part, top: float) -> None:
    if part.heading:
        text_box(page.shapes, Box(LEFT, top, WIDE, 18), [paragraph(page.fit(part.heading, HEADING, WIDE))], f"Heading: {part.heading}")
    if part.laid is not None:
        part.laid.draw(page, top + HEADING_HEIGHT, 0, len(part.laid.heights))
    elif isinstance(part.block, Lines):
        draw_lines(page, Box(LEFT, top, WIDE, part.height), part.block.lines)
