"""The first slide: the quarter on one page. Headline, six cards, where everybody stands, what moved most."""

from collections.abc import Sequence
from typing import TypeVar

from pptx.util import Pt

from analytics.catalogue.units import NOT_MEASURED_TEXT
from analytics.packs.pptx_charts import sparkline
from analytics.packs.pptx_grid import (
    HEAD_HEIGHT,
    LEGEND_HEIGHT,
    MOST_VENDORS_ACROSS,
    NAMES_WIDTH,
    ONLY_COLUMN,
    WIDEST_CELL,
    Shown,
    columns_of,
    draw_grid,
    legend,
    worst_first,
)
from analytics.packs.pptx_pages import WIDE, Deck, Page, said
from analytics.packs.pptx_shapes import Box, Paragraph, Run, block, mark_run, paragraph, text_box, write
from analytics.packs.pptx_template import BODY_BOTTOM, LEFT, LIGHT, RIGHT
from analytics.packs.pptx_text import Style, fitted, unbroken, width
from analytics.review.covering import line_words, starred
from analytics.review.model import Cards, Grid, Movement, Movements, QuarterlyReview, Result, Section

Kind = TypeVar("Kind", Cards, Grid, Movements)
HEADING = Style(13, bold=True)
MUTED = Style(9.5, colour=LIGHT.muted)
MOST_CARDS = 6
CARDS_TOP, CARD_HEIGHT, CARD_GAP, CARD_INSET = 104, 98, 10, 10
LOWER_TOP = 214
GRID_TOP = LOWER_TOP + 14
GRID_WIDTH = 548
COLUMN_GAP = 32
TIGHT_ROW, SMALLEST_ROW, LEGEND_GAP = 27, 23, 4
_ROOM_FOR_ROWS = BODY_BOTTOM - LEGEND_HEIGHT - LEGEND_GAP - GRID_TOP - HEAD_HEIGHT
TOP_MOVEMENTS = 3
LINE_WIDTH = 84
ARROW_ROOM = 13


def quarter_page(deck: Deck) -> None:
    """One slide that stands for the whole review."""
    review = deck.review
    page = deck.page(said(review.headline))
    page.sentences.append(review.headline)
    cards, grid, moved = _first(review, Cards), _first(review, Grid), _first(review, Movements)
    if cards is not None:
        draw_cards(page, cards[1].results[:MOST_CARDS])
    drawn = [
        *(cards[1].results[:MOST_CARDS] if cards else ()),
        *(one.result for one in (moved[1].movements[:TOP_MOVEMENTS] if moved else ())),
    ]
    wide = moved is None or not moved[1].movements
    used = _draw_standings(page, *grid, line_words(drawn), wide=wide) if grid is not None else 0
    if moved is not None and moved[1].movements:
        left = LEFT + used + (COLUMN_GAP if used else 0)
        _draw_movements(page, Box(left, LOWER_TOP, RIGHT - left, BODY_BOTTOM - LOWER_TOP), moved[0].title, moved[1].movements)


def _first(review: QuarterlyReview, kind: type[Kind]) -> tuple[Section, Kind] | None:
    """The first block of a kind and the section it belongs to."""
    return next(((section, block) for section in review.sections for block in section.blocks if isinstance(block, kind)), None)


def draw_cards(page: Page, results: Sequence[Result], top: float = CARDS_TOP) -> None:
    """Cards side by side, always as wide as six of them are."""
    size = (WIDE - CARD_GAP * (MOST_CARDS - 1)) / MOST_CARDS
    page.show(*results)
    for at, result in enumerate(results):
        _draw_card(page, Box(LEFT + at * (size + CARD_GAP), top, size, CARD_HEIGHT), result)


def _draw_card(page: Page, box: Box, result: Result) -> None:
    """Name, number, status with its variance, target; the months at its foot."""
    room = box.width - 2 * CARD_INSET
    card = block(page.shapes, box, LIGHT.page, f"Card: {result.label}", outline=LIGHT.rule, rounded=True)
    tone = LIGHT.status(result.status)
    status = page.fit(result.status_text, Style(10, bold=True, colour=tone.text), room - 14, 1, 8)
    runs = [mark_run(result.status, 9), Run(f" {status.text}", status.style)]
    left = room - 16 - width(status.text, status.style)
    known = "" if result.variance_text == NOT_MEASURED_TEXT else result.variance_text
    distance = fitted(known, Style(10), left, 1, 8.5)
    beside = distance.whole
    distance = distance if beside else page.fit(known, Style(10), room, 1, 8)
    if beside:
        runs.append(Run(f" {distance.text}", distance.style))
    lines = [
        paragraph(page.fit(result.label, Style(10.5), room, 1, 8)),
        paragraph(page.fit(starred(result, result.value_text) or "-", Style(21, bold=True), room, 1, 11)),
        Paragraph(tuple(runs), before=1),
        *(() if beside else (paragraph(distance),)),
    ]
    if result.target is not None or result.lower is not None or result.upper is not None:
        lines.append(paragraph(page.fit(f"target {result.target_text}", MUTED, room, 1, 7), before=1))
    write(card.text_frame, lines)
    card.text_frame.margin_left = card.text_frame.margin_right = Pt(CARD_INSET)
    card.text_frame.margin_top = Pt(7)
    high = 22 if beside else 12
    sparkline(page.shapes, Box(box.x + 6, box.bottom - high - 4, box.width - 12, high), result)


def _draw_standings(page: Page, section: Section, grid: Grid, lines: str, *, wide: bool) -> float:
    """The grid under its heading with its legend; how wide it is."""
    shown, more = _most_telling(grid)
    most = WIDE if wide else GRID_WIDTH
    facts = ONLY_COLUMN if len(shown.across) == 1 else ()
    used = min(most, NAMES_WIDTH + WIDEST_CELL * (len(shown.across) + len(facts)))
    heading = page.fit(section.title, HEADING, used, 1, 10)
    beside = Run(f"    {lines}" if lines else "", MUTED)
    fits = width(heading.text, heading.style) + width(beside.text, beside.style) < used
    runs = (Run(heading.text, heading.style), *((beside,) if lines and fits else ()))
    text_box(page.shapes, Box(LEFT, LOWER_TOP - 4, used, 18), [Paragraph(runs)], "Heading: standings")
    if not shown.down or not shown.across:
        return used
    height = min(TIGHT_ROW, _ROOM_FOR_ROWS / len(shown.down))
    draw_grid(page, Box(LEFT, GRID_TOP, used, 0), shown, height, more=facts)
    foot = GRID_TOP + HEAD_HEIGHT + height * len(shown.down) + LEGEND_GAP
    legend(page, Box(LEFT, foot, used, LEGEND_HEIGHT), shown, more)
    return used


def _most_telling(grid: Grid) -> tuple[Shown, str]:
    """As much of a grid as the slide holds: the first KPIs, the vendors that miss most; and how much that is in words."""
    room = int(_ROOM_FOR_ROWS // SMALLEST_ROW)
    every = columns_of(grid)
    few = len(every) <= MOST_VENDORS_ACROSS + 1
    vendors = every if few else worst_first(grid)[:MOST_VENDORS_ACROSS]
    parts = [
        "" if few else f"{sum(map(bool, vendors))} of {sum(map(bool, every))} vendors, the most missed first",
        "" if len(grid.kpis) <= room else f"{room} of {len(grid.kpis)} KPIs",
    ]
    return Shown(grid, grid.kpis[:room], vendors), ", ".join(part for part in parts if part)


def _draw_movements(page: Page, box: Box, title: str, movements: Sequence[Movement]) -> None:
    """The most important changes, each with where it came from and its months."""
    heading = page.fit(title, HEADING, box.width, 1, 10)
    text_box(page.shapes, Box(box.x, box.y - 4, box.width, 18), [paragraph(heading)], "Heading: movements")
    shown = movements[:TOP_MOVEMENTS]
    room = (box.bottom - box.y - 22) / TOP_MOVEMENTS
    for at, moved in enumerate(shown):
        _draw_movement(page, Box(box.x, box.y + 22 + at * room, box.width, room - 8), moved)


def _draw_movement(page: Page, box: Box, moved: Movement) -> None:
    text_room = box.width - LINE_WIDTH - 12
    page.show(moved.result)
    page.sentences.extend((moved.lead, moved.where))
    lead = page.fit(unbroken(said(moved.lead)), Style(11.5, bold=True), text_room - ARROW_ROOM, 3, 9.5)
    rest = box.height - lead.height - 2
    where = page.fit(unbroken(said(moved.where)), MUTED, text_room - ARROW_ROOM, max(int(rest // MUTED.line), 1), 8.5)
    told = [
        paragraph(lead, bullet=_direction(moved.result), indent=ARROW_ROOM),
        paragraph(where, before=2, indent=ARROW_ROOM),
    ]
    text_box(page.shapes, Box(box.x, box.y, text_room, box.height), told, "Movement")
    sparkline(page.shapes, Box(box.right - LINE_WIDTH, box.y, LINE_WIDTH, min(box.height, 40)), moved.result)


def _direction(result: Result) -> tuple[str, str]:
    """An arrow where the value went, in the colour that says whether that is good."""
    change = result.change or 0.0
    good = change * result.better_sign
    colour = LIGHT.improvement.mark if good > 0 else LIGHT.concern.mark if good < 0 else LIGHT.normal
    return "↑" if change > 0 else "↓" if change < 0 else "→", colour
