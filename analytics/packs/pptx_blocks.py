"""Slides of movements, trends and lists."""

from collections.abc import Sequence

from pptx.enum.text import PP_ALIGN

from analytics.packs.pptx_charts import driver_chart, trend_chart
from analytics.packs.pptx_pages import WIDE, Deck, Page, said
from analytics.packs.pptx_quarter import MUTED
from analytics.packs.pptx_shapes import MARKS, Box, Paragraph, Run, mark_run, paragraph, text_box
from analytics.packs.pptx_tables import BODY_HEIGHT, Field, Sizes, native_table
from analytics.packs.pptx_template import BODY_BOTTOM, LEFT, LIGHT, RIGHT
from analytics.packs.pptx_text import Style
from analytics.review.covering import months_words
from analytics.review.model import Driver, Line, Lines, Movement, Movements, Result, Section, Trends

HALF = 424
SECOND_COLUMN = RIGHT - HALF
FACT = Style(17, bold=True)
FACTS_HEIGHT = 44
BARS_ON_A_SLIDE = 12
DRIVER_ROW, LEAST_BAR, MOST_BAR = 19, 22, 36
TRENDS_ON_A_SLIDE = 4
TREND_KEY = "Dashes: target. Dots: limits of normal variation, grey line: mean. Diamond: improvement, triangle: concern."
LINE_TEXT, LINE_DETAIL = Style(14), Style(11, colour=LIGHT.muted)
LINE_GAP, LINE_INDENT = 9, 18


def movement_pages(deck: Deck, section: Section, movements: Movements) -> None:
    """A slide per movement: what changed as its title, the drivers beside the months."""
    for moved in movements.movements:
        lots = [moved.drivers[at : at + BARS_ON_A_SLIDE] for at in range(0, len(moved.drivers), BARS_ON_A_SLIDE)] or [()]
        for number, drivers in enumerate(lots, start=1):
            part = f"{number} of {len(lots)}" if len(lots) > 1 else ""
            page = deck.page(said(moved.lead), section.title, said(moved.where), part=part)
            page.sentences.extend((moved.lead, moved.where))
            page.show(moved.result)
            _draw_facts(page, moved.result, deck.review.label)
            _draw_movement(page, moved, drivers)


def _draw_facts(page: Page, result: Result, quarter: str) -> None:
    """Before, now, target and verdict in one row of large words."""
    facts = [
        (quarter, result.value_text, LIGHT.ink),
        ("Before", result.previous_text, LIGHT.ink),
        ("Change", result.change_text, LIGHT.ink),
        ("Target", result.target_text, LIGHT.ink),
        ("Status", result.status_text, LIGHT.status(result.status).text),
        ("Months", result.months_met, LIGHT.ink),
    ]
    shown = [fact for fact in facts if fact[1].strip(" -")]
    room = WIDE / max(len(shown), 4)
    for at, (name, text, colour) in enumerate(shown):
        told = page.fit(text, Style(FACT.size, True, colour), room - 14, 1, 9)
        lines = [paragraph(page.fit(name, MUTED, room - 14)), paragraph(told)]
        text_box(page.shapes, Box(LEFT + at * room, page.top + 4, room - 12, FACTS_HEIGHT), lines, f"Fact: {name}")


def _draw_movement(page: Page, moved: Movement, drivers: Sequence[Driver]) -> None:
    """Drivers on the left where the change could be split, months on the right; either alone takes the whole width."""
    top = page.top + FACTS_HEIGHT + 18
    if drivers:
        _heading(page, Box(LEFT, top, HALF, 16), f"The change by {moved.dimension}" if moved.dimension else "The change in parts")
        _draw_drivers(page, Box(LEFT, top + 20, HALF, BODY_BOTTOM - top - 20), moved, drivers)
    left = SECOND_COLUMN if drivers else LEFT
    if has_month(moved.result):
        _heading(page, Box(left, top, RIGHT - left, 16), _months_heading(moved.result))
        trend_chart(page.shapes, Box(left, top + 20, RIGHT - left, BODY_BOTTOM - top - 38), moved.result)
        _key(page, Box(left, BODY_BOTTOM - 12, RIGHT - left, 14))


def _months_heading(result: Result) -> str:
    """'Attrition, last 13 months, each month by itself'."""
    return ", ".join(filter(None, (result.label, f"last {len(result.history)} months", months_words(result))))


def _draw_drivers(page: Page, box: Box, moved: Movement, drivers: Sequence[Driver]) -> None:
    """Bars, and beneath them each member before and after; without room for both the bars alone."""
    below = (len(drivers) + 1) * DRIVER_ROW
    bar = min(MOST_BAR, (box.height - below - 30) / len(drivers))
    both = bar >= LEAST_BAR
    height = 20 + bar * len(drivers) if both else min(box.height, 20 + LEAST_BAR * len(drivers))
    driver_chart(page.shapes, Box(*box[:3], height), moved.result, drivers, moved.dimension or "part")
    if both:
        _draw_members(page, Box(box.x, box.y + height + 10, box.width, below), moved, drivers)


def _draw_members(page: Page, box: Box, moved: Movement, drivers: Sequence[Driver]) -> None:
    """Member, before, after, effect: what the bars cannot say."""
    heads = ((moved.dimension or "Part").capitalize(), "Before", "After", "Effect")
    widths = (box.width * 0.34, *(box.width * 0.22,) * 3)
    rows = [(driver.member, driver.before_text, driver.after_text, driver.effect_text) for driver in drivers]
    fields = [
        [_member_field(page, text, widths[at] - 10, at, is_head=row is heads) for at, text in enumerate(row)] for row in (heads, *rows)
    ]
    sizes = Sizes(widths, (DRIVER_ROW,) * len(fields), 4)
    native_table(
        page, (box.x - 4, box.y), fields, sizes, "Members before and after", f"{moved.result.label} by {moved.dimension or 'part'}"
    )


def _member_field(page: Page, text: str, room: float, at: int, *, is_head: bool) -> Field:
    found = page.fit(text, Style(10, colour=LIGHT.muted if is_head else LIGHT.ink), room, 1, 7.5)
    return Field((paragraph(found, align=PP_ALIGN.RIGHT if at else PP_ALIGN.LEFT),), rule=LIGHT.muted if is_head else LIGHT.rule)


def _heading(page: Page, box: Box, words: str) -> None:
    text_box(page.shapes, box, [paragraph(page.fit(words, Style(12, bold=True), box.width))], "Heading")


def _key(page: Page, box: Box) -> None:
    text_box(page.shapes, box, [paragraph(page.fit(TREND_KEY, MUTED, box.width, 1, 7))], "How to read the chart")


def has_month(result: Result) -> bool:
    """Whether any of its months has a number."""
    return any(point.value is not None for point in result.history)


def trend_pages(deck: Deck, title: str, about: str, sentence: str, trends: Trends) -> None:
    """Control charts, four to a slide; two or fewer get its whole height."""
    drawn = [result for result in trends.results if has_month(result)]
    lots = [drawn[at : at + TRENDS_ON_A_SLIDE] for at in range(0, len(drawn), TRENDS_ON_A_SLIDE)]
    for number, lot in enumerate(lots, start=1):
        page = deck.page(title, about, sentence if number == 1 else "", part=f"{number} of {len(lots)}" if len(lots) > 1 else "")
        rows = 1 if len(lot) <= 2 else 2
        height = (BODY_BOTTOM - 16 - page.top) / rows
        for at, result in enumerate(lot):
            place = Box(LEFT if at % 2 == 0 else SECOND_COLUMN, page.top + (at // 2) * height, HALF, height - 8)
            _draw_trend(page, place if len(lot) > 1 else Box(LEFT, page.top, WIDE, height - 8), result)
        _key(page, Box(LEFT, BODY_BOTTOM - 12, WIDE, 14))


def _draw_trend(page: Page, box: Box, result: Result) -> None:
    page.show(result)
    tone = LIGHT.status(result.status)
    value = page.fit(result.value_text, Style(12), 66, 1, 9)
    name = page.fit(f"{result.label} · {result.vendor or 'All vendors'}", Style(12, bold=True), box.width - 180)
    status = page.fit(f" {result.status_text}", Style(11, bold=True, colour=tone.text), 90)
    head = Paragraph(
        (Run(name.text, name.style), Run(f"  {value.text} ", value.style), mark_run(result.status, 9), Run(f" {status.text}", status.style))
    )
    rule = page.fit(" · ".join(filter(None, (months_words(result), result.rule or "normal variation"))), MUTED, box.width)
    text_box(page.shapes, Box(box.x, box.y, box.width, 30), [head, paragraph(rule)], f"Heading: {name.text}")
    trend_chart(page.shapes, Box(box.x, box.y + 28, box.width, box.height - 28), result)


def line_pages(deck: Deck, title: str, about: str, sentence: str, lines: Lines) -> None:
    """A list with its marks, as many lines as fit a slide."""
    lots = _lots(lines.lines)
    for number, lot in enumerate(lots, start=1):
        page = deck.page(title, about, sentence if number == 1 else "", part=f"{number} of {len(lots)}" if len(lots) > 1 else "")
        draw_lines(page, Box(LEFT, page.top, WIDE, BODY_HEIGHT), lot)


def _lots(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines of each slide."""
    lots: list[list[Line]] = [[]]
    used = 0.0
    for line in lines:
        height = _height(line, WIDE)
        if lots[-1] and used + height > BODY_HEIGHT:
            lots.append([])
            used = 0.0
        lots[-1].append(line)
        used += height
    return lots


def _paragraphs(page: Page, line: Line, room: float) -> list[Paragraph]:
    """The sentence behind its mark, the detail beneath."""
    mark, colour = MARKS.get(line.mark, "•"), LIGHT.status(line.mark).mark if line.mark else LIGHT.muted
    words = page.fit(said(line.sentence) or "-", LINE_TEXT, room - LINE_INDENT, 3, 12)
    found = [paragraph(words, bullet=(mark, colour), indent=LINE_INDENT, before=LINE_GAP)]
    if line.detail:
        found.append(paragraph(page.fit(line.detail, LINE_DETAIL, room - LINE_INDENT, 2, 10), indent=LINE_INDENT, before=1))
    return found


def _height(line: Line, room: float) -> float:
    """Measured as it will be drawn."""
    aside = Page(None)
    words = aside.fit(said(line.sentence) or "-", LINE_TEXT, room - LINE_INDENT, 3, 12).height
    detail = aside.fit(line.detail, LINE_DETAIL, room - LINE_INDENT, 2, 10).height + 1 if line.detail else 0
    return LINE_GAP + words + detail


def lines_height(lines: Lines, room: float) -> float:
    """How high a list is in a column of this width."""
    return sum(_height(line, room) for line in lines.lines)


def draw_lines(page: Page, box: Box, lines: Sequence[Line]) -> None:
    """Lines as one text with coloured marks as bullets."""
    page.sentences.extend(line.sentence for line in lines)
    told = [part for line in lines for part in _paragraphs(page, line, box.width)]
    text_box(page.shapes, box, told, "List")
