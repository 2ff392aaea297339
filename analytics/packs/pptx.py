"""The review as slides to present and edit: native charts and tables, real placeholders, notes with definitions and sources."""

from collections.abc import Sequence
from datetime import datetime

from pptx import Presentation
from pptx.presentation import Presentation as Slides

from analytics.packs.pptx_blocks import line_pages, movement_pages, trend_pages
from analytics.packs.pptx_file import presentation_bytes
from analytics.packs.pptx_grid import columns_of, grid_pages, label_of
from analytics.packs.pptx_pages import Deck, day
from analytics.packs.pptx_quarter import MOST_CARDS, draw_cards, quarter_page
from analytics.packs.pptx_risks import risk_page
from analytics.packs.pptx_stacks import Item, empty_words, slides_of, stack_page
from analytics.packs.pptx_tables import empty_page, table_pages
from analytics.packs.pptx_template import TEMPLATE
from analytics.packs.pptx_text import clean
from analytics.review.deliveries import deliveries_words
from analytics.review.model import Block, Cards, Cell, Grid, Lines, Movements, QuarterlyReview, RiskMap, Section, Table, Trends

FINGERPRINT = 12


def pptx_pack(review: QuarterlyReview, built_on: datetime) -> bytes:
    """The presentation of a review; equal reviews and times give equal bytes."""
    slides = Presentation(str(TEMPLATE))
    deck = Deck(slides, review)
    quarter_page(deck)
    for items in slides_of(review.sections):
        _draw_items(deck, items)
    _draw_definitions(deck)
    _draw_sources(deck, built_on)
    deck.finish()
    _name(slides, review, built_on)
    return presentation_bytes(slides)


def _draw_items(deck: Deck, items: Sequence[Item]) -> None:
    """What shares a slide; what takes more than one, by the kind of its block."""
    before = len(deck.pages)
    if len(items) > 1 or len(items[0].blocks) > 1:
        stack_page(deck, items)
    else:
        _draw_block(deck, items[0], items[0].blocks[0])
    if len(deck.pages) > before:
        deck.pages[before].sentences.extend(item.section.sentence for item in items if item.is_first and item.section.sentence)


def _draw_block(deck: Deck, item: Item, block: Block) -> None:
    section, title, about, sentence = item.section, item.section.title, item.title, item.sentence
    match block:
        case _ if words := empty_words(block):
            empty_page(deck, title, about, sentence, words)
        case Cards(results):
            _draw_more_cards(deck, section, block if len(results) > MOST_CARDS else Cards(()))
        case Grid() if len(columns_of(block)) == 1:
            table_pages(deck, title, about, sentence, scorecard(block))
        case Grid():
            grid_pages(deck, title, about, sentence, block)
        case Movements():
            movement_pages(deck, section, block)
        case RiskMap():
            risk_page(deck, title, about, sentence, block)
        case Lines():
            line_pages(deck, title, about, sentence, block)
        case Table():
            table_pages(deck, title, about, sentence, block)
        case Trends():
            trend_pages(deck, title, about, sentence, block)


def _draw_more_cards(deck: Deck, section: Section, cards: Cards) -> None:
    """More cards than the first slide holds, three rows to a slide."""
    rows = [cards.results[at : at + MOST_CARDS] for at in range(0, len(cards.results), MOST_CARDS)]
    for first in range(0, len(rows), 3):
        page = deck.page(section.title, section.title)
        for at, row in enumerate(rows[first : first + 3]):
            draw_cards(page, row, page.top + at * 118)


def scorecard(grid: Grid) -> Table:
    """A grid of a single column as a table with everything known of each number."""
    rows = []
    for kpi in grid.kpis:
        found = grid.at(kpi, columns_of(grid)[0]) or label_of(grid, kpi)
        if found is not None:
            texts = (found.target_text, found.variance_text, found.previous_text, found.change_text, found.months_met)
            target, variance, previous, change, months = (Cell(text) for text in texts)
            status = Cell(found.status_text, status=found.status)
            rows.append((Cell(found.label), Cell(found.value_text), target, variance, status, previous, change, months))
    columns = ("KPI", "Actual", "Target", "Variance", "Status", "Before", "Change", "Months met")
    return Table("scorecard", columns, (False, True, True, True, False, True, True, False), tuple(rows), "No KPI has a number.")


def _draw_definitions(deck: Deck) -> None:
    rows = tuple(
        (Cell(known.label), Cell(known.formula), Cell(" ".join(part for part in (known.words, known.note) if part)), Cell(known.source))
        for known in deck.review.definitions
    )
    if rows:
        columns = ("KPI", "Formula", "In words", "After")
        title = "How each number is computed"
        table_pages(deck, title, "Definitions", "", Table("definitions", columns, (False,) * 4, rows, ""))


def _draw_sources(deck: Deck, built_on: datetime) -> None:
    """The files behind the numbers, and when the slides were made."""
    rows = tuple(
        (
            Cell(found.file),
            Cell(found.source),
            Cell(" to ".join(part for part in (day(found.first_day), day(found.last_day)) if part)),
            Cell(f"{found.rows:,}"),
            Cell(day(found.loaded_on)),
            Cell(found.sha256[:FINGERPRINT]),
        )
        for found in deck.review.deliveries
    )
    names, right = ("File", "Source", "Days", "Rows", "Loaded", "SHA-256 begins"), (False, False, False, True, False, False)
    said = [at for at in range(len(names)) if not rows or any(row[at].text for row in rows)]  # a vendor's pack names no single file
    columns, numeric = tuple(names[at] for at in said), tuple(right[at] for at in said)
    rows = tuple(tuple(row[at] for at in said) for row in rows)
    made = f"These slides were made on {day(built_on.date())} at {built_on:%H:%M}."
    made = f"{deliveries_words(deck.review)} {made}" if rows else made
    title = "The files behind these numbers" if rows else "Sources"
    table_pages(deck, title, "Sources", made, Table("sources", columns, numeric, rows, "No file is listed for this quarter."))


def _name(slides: Slides, review: QuarterlyReview, built_on: datetime) -> None:
    """The file's own title and dates."""
    core = slides.core_properties
    core.title = clean(f"Quarterly review {review.label}")[:250]
    core.subject = clean(f"{review.scope}, {review.compared}")[:250]
    core.author = core.last_modified_by = "Quarterly review"
    core.keywords = core.comments = core.category = ""
    core.created = core.modified = built_on.replace(microsecond=0, tzinfo=None)
    core.revision = 1
