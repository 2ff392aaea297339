"""What shares a slide: short lists, short tables and words for what is empty stand under each other as long as all can be read."""

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.packs.pptx_blocks import draw_lines, has_month, lines_height
from analytics.packs.pptx_pages import TITLE_LINES, TITLE_STYLE, WIDE, Deck, Page, said
from analytics.packs.pptx_quarter import HEADING
from analytics.packs.pptx_shapes import Box, paragraph, text_box
from analytics.packs.pptx_tables import BODY_HEIGHT, MANY_COLUMNS, MOST_COLUMNS, SMALL_SIZES, TEXT_SIZES, Laid
from analytics.packs.pptx_template import LEFT, LIGHT
from analytics.packs.pptx_text import Fitted, Style, clean, wrapped
from analytics.review.model import Block, Lines, RiskMap, Section, Table, Trends

HEADING_HEIGHT = 20
GAP = 12
HEADINGS = {"risks": "Risk register"}  # beside the matrix of the same name
SMALLEST = 10.0
WITHOUT_SENTENCE = BODY_HEIGHT + 18  # below a title of two lines
SAID = Style(11, colour=LIGHT.muted)
NOTHING = Style(13, colour=LIGHT.muted)


def name_of(table: Table) -> str:
    """The name of a table's frame as a heading: 'targets_met' -> 'Targets met'."""
    return HEADINGS.get(table.name) or table.name.replace("_", " ").capitalize()


def empty_words(block: Block) -> str:
    """What is said of a block that holds nothing; '' of any other."""
    match block:
        case Lines(lines=(), empty=words) | Table(rows=(), empty=words):
            return words
        case RiskMap(risks=()):
            return "No risk is open."
        case Trends(results) if not any(map(has_month, results)):
            return "No KPI has a month with a number."
        case _:
            return ""


@dataclass(frozen=True, slots=True)
class Item:
    """Blocks of a section that stay together; its first ones go by its title and have its sentence."""

    section: Section
    blocks: tuple[Block, ...]
    is_first: bool

    @property
    def title(self) -> str:
        """The statement of the section, or what the further table is."""
        block = self.blocks[0]
        return name_of(block) if isinstance(block, Table) and not self.is_first else self.section.title

    @property
    def sentence(self) -> str:
        """What proves the statement."""
        return said(self.section.sentence) if self.is_first else ""

    def heading(self, at: int) -> str:
        """The heading of a block on a slide that tells more than this item."""
        block = self.blocks[at]
        if isinstance(block, Table) and (at or len(self.blocks) > 1):
            return name_of(block)
        return "" if at else self.title.partition(":")[0]


@dataclass(frozen=True, slots=True)
class _Part:
    """One block of a stack: a list, a table laid out in the size of the stack, or words; its heading and a sentence above it."""

    block: Block
    laid: Laid | None
    words: Fitted | None
    heading: str
    sentence: Fitted | None

    @property
    def above(self) -> float:
        """The room of heading and sentence in points."""
        return (HEADING_HEIGHT if self.heading else 0) + (self.sentence.height + 3 if self.sentence else 0)

    @property
    def height(self) -> float:
        """In points, with all above it."""
        if self.words is not None:
            return self.above + self.words.height
        own = self.laid.height if self.laid is not None else lines_height(self.block, WIDE) if isinstance(self.block, Lines) else 0
        return self.above + own


def slides_of(sections: Sequence[Section]) -> list[list[Item]]:
    """The items of each slide in their order: on as few slides as can be read and named in the title, filled as alike as they can be."""
    items = [item for section in sections for item in _items(section)]
    best: list[tuple[int, float, list[list[Item]]]] = [(0, 0.0, [])]
    for first in reversed(range(len(items))):
        options = []
        for past in range(first + 1, len(items) + 1):
            together = items[first:past]
            if len(together) > 1 and not _fit(*together):
                break
            count, uneven, rest = best[past - first - 1]
            options.append((count + 1, uneven + _used(together) ** 2, [together, *rest]))
        best.insert(0, min(options, key=lambda option: option[:2]))
    return best[0][2]


def _used(items: Sequence[Item]) -> float:
    """The height of a slide that is filled; all of it where its items cannot be stacked."""
    parts = _parts(items, WITHOUT_SENTENCE)
    return sum(part.height for part in parts) if parts else WITHOUT_SENTENCE


def _items(section: Section) -> list[Item]:
    """The blocks of a section, those that follow each other together as far as they fit one slide."""
    telling = [block for block in section.blocks if not _is_silent(block)] or section.blocks
    found: list[Item] = []
    for block in telling:
        joined = Item(section, (*found[-1].blocks, block), found[-1].is_first) if found else None
        if joined is not None and _parts([joined], BODY_HEIGHT):
            found[-1] = joined
        else:
            found.append(Item(section, (block,), not found))
    return found


def _is_silent(block: Block) -> bool:
    """Whether a block has nothing to show that what stands beside it does not say too."""
    return isinstance(block, RiskMap | Trends) and bool(empty_words(block))


def _fit(*items: Item) -> bool:
    """Whether sections can share a slide in a size that is no smaller than theirs alone."""
    return len(wrapped(clean(_title(items)), TITLE_STYLE, WIDE)) <= TITLE_LINES and bool(_parts(items, WITHOUT_SENTENCE, TEXT_SIZES))


def _title(items: Sequence[Item]) -> str:
    return ". ".join(item.title.rstrip(". ") for item in items)


def _parts(items: Sequence[Item], room: float, sizes: Sequence[float] = (*TEXT_SIZES, SMALLEST)) -> list[_Part]:
    """The blocks laid out in the largest size that fits; none when there is no such size or one of them cannot be stacked."""
    if not all(_is_short(block) for item in items for block in item.blocks):
        return []
    for size in sizes:
        parts = [_part(item, at, size, is_alone=len(items) == 1) for item in items for at in range(len(item.blocks))]
        readable = all(part.laid is None or part.laid.readable for part in parts)
        if readable and sum(part.height for part in parts) + GAP * (len(parts) - 1) <= room:
            return parts
    return []


def _is_short(block: Block) -> bool:
    return bool(empty_words(block)) or isinstance(block, Lines) or (isinstance(block, Table) and len(block.columns) <= MOST_COLUMNS)


def _part(item: Item, at: int, size: float, *, is_alone: bool) -> _Part:
    block, aside = item.blocks[at], Page(None)
    own = name_of(block) if isinstance(block, Table) else ""
    heading = own if is_alone else item.heading(at)
    proof = "" if is_alone or at else item.sentence
    sentence = aside.fit(proof, SAID, WIDE, 2) if proof else None
    nothing = empty_words(block)
    words = aside.fit(nothing, NOTHING, WIDE, 2) if nothing else None
    if not isinstance(block, Table) or nothing:
        return _Part(block, None, words, heading, sentence)
    columns = tuple(range(len(block.columns)))
    shown = min(size, SMALL_SIZES[0]) if len(columns) > MANY_COLUMNS else size
    return _Part(block, Laid(block, columns, shown, whole=True), None, heading, sentence)


def stack_page(deck: Deck, items: Sequence[Item]) -> None:
    """One slide with all of them under their names."""
    is_alone = len(items) == 1
    sentence = items[0].sentence if is_alone else ""
    page = deck.page(_title(items), items[0].section.title if is_alone else "", sentence)
    top = page.top
    for part in _parts(items, BODY_HEIGHT if is_alone else WITHOUT_SENTENCE):
        _draw(page, part, top)
        top += part.height + GAP


def _draw(page: Page, part: _Part, top: float) -> None:
    if part.heading:
        text_box(page.shapes, Box(LEFT, top, WIDE, 18), [paragraph(page.fit(part.heading, HEADING, WIDE))], f"Heading: {part.heading}")
    if part.sentence:
        room = Box(LEFT, top + (HEADING_HEIGHT if part.heading else 0), WIDE, part.sentence.height + 2)
        text_box(page.shapes, room, [paragraph(part.sentence)], f"Sentence: {part.heading}")
    room = Box(LEFT, top + part.above, WIDE, part.height - part.above)
    if part.words is not None:
        text_box(page.shapes, room, [paragraph(part.words)], "Nothing to show")
    elif part.laid is not None:
        part.laid.draw(page, room.y, 0, len(part.laid.heights))
    elif isinstance(part.block, Lines):
        draw_lines(page, room, part.block.lines)
