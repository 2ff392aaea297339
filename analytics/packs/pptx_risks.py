"""The risk matrix as native shapes: cells in their bands, a numbered disc per risk, an arrow from where it stood; the highest in words."""

from collections.abc import Sequence
from math import dist
from typing import Any

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN

from analytics.charts.risk_matrix import BUBBLE_SIZE, GRADES, IMPACT_WORDS, LIKELIHOOD_WORDS, Bubble, bubbles_of
from analytics.packs.pptx_pages import Deck, Page
from analytics.packs.pptx_shapes import Box, Paragraph, Run, arrow, block, describe, disc, paragraph, text_box, write
from analytics.packs.pptx_tables import BODY_HEIGHT
from analytics.packs.pptx_template import LEFT, LIGHT, RIGHT
from analytics.packs.pptx_text import Style, clean
from analytics.review.frames import risk_places
from analytics.review.model import Risk, RiskMap
from analytics.review.risks_section import overdue_words

Point = tuple[float, float]
CELL_WIDTH, CELL_HEIGHT, GAP = 84.0, 64.0, 2.0
MATRIX_LEFT = LEFT + 66.0
DISC, CROWD, RING = 11.0, 17.0, 3.5
LIST_LEFT = MATRIX_LEFT + 5 * CELL_WIDTH + 36
NAME, DETAIL = Style(12, bold=True), Style(10, colour=LIGHT.muted)
AXIS = Style(9, colour=LIGHT.muted)
RISK_GAP = 7


def risk_page(deck: Deck, title: str, about: str, sentence: str, found: RiskMap) -> None:
    """One slide: the matrix on the left, the highest risks in words on the right."""
    page = deck.page(title, about, sentence)
    _draw_matrix(page, found)
    _legend(page, found.bands)
    _draw_list(page, found.risks)


def _draw_matrix(page: Page, found: RiskMap) -> None:
    """All shapes of the matrix as one group, described in words."""
    before = len(page.shapes)
    matrix = _Matrix(page.shapes, page.top + 12)
    matrix.draw_cells(found.bands)
    matrix.draw_axes()
    bubbles = bubbles_of(risk_places(found.risks))
    for bubble in bubbles:
        matrix.draw_way(bubble)
    for bubble in bubbles:
        matrix.draw_disc(bubble)
    group = page.shapes.add_group_shape(list(page.shapes)[before:])
    told = "; ".join(f"{risk.number} {risk.title}: {risk.score} {risk.band}, {risk.movement_text}" for risk in found.risks)
    describe(group, "Risk matrix", f"Likelihood by impact. {told}.")


class _Matrix:
    """Draws on the slide, its first row of cells at `top`."""

    def __init__(self, shapes: Any, top: float) -> None:
        self.shapes, self.top = shapes, top

    def spot(self, place: Point) -> Point:
        """(impact, likelihood) in points of the slide."""
        return MATRIX_LEFT + (place[0] - 0.5) * CELL_WIDTH, self.top + (5.5 - place[1]) * CELL_HEIGHT

    def draw_cells(self, bands: Sequence[tuple[str, int]]) -> None:
        for likelihood in GRADES:
            for impact in GRADES:
                score = likelihood * impact
                x, y = self.spot((impact - 0.5, likelihood + 0.5))
                cell = block(
                    self.shapes, Box(x, y, CELL_WIDTH - GAP, CELL_HEIGHT - GAP), _colour(score, bands), f"Cell {likelihood} x {impact}"
                )
                words = Paragraph((Run(f"{score} ", Style(8, colour=LIGHT.ink)),), align=PP_ALIGN.RIGHT)
                write(cell.text_frame, [words], MSO_ANCHOR.BOTTOM)

    def draw_axes(self) -> None:
        text_box(self.shapes, Box(LEFT, self.top - 14, 62, 12), [Paragraph((Run("Likelihood", AXIS),))], "Likelihood")
        for grade, words in zip(GRADES, LIKELIHOOD_WORDS, strict=True):
            lines = [Paragraph((Run(line, AXIS),), align=PP_ALIGN.RIGHT) for line in words.split("<br>")]
            _, y = self.spot((1, grade))
            text_box(self.shapes, Box(LEFT, y - 16, 60, 30), lines, f"Likelihood {grade}", MSO_ANCHOR.MIDDLE)
        foot = self.top + 5 * CELL_HEIGHT + 1
        for grade, words in zip(GRADES, IMPACT_WORDS, strict=True):
            x, _ = self.spot((grade, 1))
            text_box(self.shapes, Box(x - 42, foot, 84, 12), [Paragraph((Run(words, AXIS),), align=PP_ALIGN.CENTER)], f"Impact {grade}")
        middle = Box(MATRIX_LEFT, foot + 11, 5 * CELL_WIDTH, 12)
        text_box(self.shapes, middle, [Paragraph((Run("Impact", AXIS),), align=PP_ALIGN.CENTER)], "Impact")

    def draw_way(self, bubble: Bubble) -> None:
        """The ring where the risk stood, and an arrow to its disc."""
        if bubble.start is None:
            return
        start, end = self.spot(bubble.start), self.spot(bubble.place)
        length = dist(start, end) or 1
        along = (end[0] - start[0]) / length, (end[1] - start[1]) / length
        tip = end[0] - along[0] * (_radius(bubble) + 2), end[1] - along[1] * (_radius(bubble) + 2)
        if length > RING + _radius(bubble) + 6:
            arrow(self.shapes, (start[0] + along[0] * RING, start[1] + along[1] * RING), tip, f"Way of {bubble.words}")
        disc(self.shapes, _around(start, RING), LIGHT.page, f"Earlier place of {bubble.words}", outline=LIGHT.ink)

    def draw_disc(self, bubble: Bubble) -> None:
        shape = disc(self.shapes, _around(self.spot(bubble.place), _radius(bubble)), LIGHT.ink, f"Risk {bubble.words}", outline=LIGHT.page)
        style = Style(10 if len(bubble.words) < 3 else 8, bold=True, colour=LIGHT.page)
        lines = [Paragraph((Run(line, style),), align=PP_ALIGN.CENTER) for line in bubble.words.split(" ")]
        write(shape.text_frame, lines, MSO_ANCHOR.MIDDLE)
        shape.text_frame.word_wrap = False


def _colour(score: int, bands: Sequence[tuple[str, int]]) -> str:
    at = next((index for index, (_, highest) in enumerate(bands) if score <= highest), len(bands) - 1)
    return LIGHT.risk_bands[max(min(at, len(LIGHT.risk_bands) - 1), 0)]


def _radius(bubble: Bubble) -> float:
    return DISC if bubble.size == BUBBLE_SIZE else CROWD


def _around(centre: Point, radius: float) -> Box:
    return Box(centre[0] - radius, centre[1] - radius, 2 * radius, 2 * radius)


def _legend(page: Page, bands: Sequence[tuple[str, int]]) -> None:
    """What the grounds, numbers, rings and arrows say."""
    y, x = page.top + 12 + 5 * CELL_HEIGHT + 28, MATRIX_LEFT
    lowest = 1
    for at, (name, highest) in enumerate(bands[: len(LIGHT.risk_bands)]):
        block(page.shapes, Box(x, y + 1, 9, 9), LIGHT.risk_bands[at], f"Band {name}", outline=LIGHT.rule)
        words = page.fit(f"{name} {lowest} to {highest}", AXIS, 88)
        text_box(page.shapes, Box(x + 13, y, 88, 12), [paragraph(words)], f"Band {name} in words")
        x, lowest = x + 104, highest + 1


def _draw_list(page: Page, risks: Sequence[Risk]) -> None:
    """The highest risks with their movement, as many as fit; the notes name the others."""
    room = RIGHT - LIST_LEFT
    told: list[Paragraph] = []
    used, shown = 0.0, 0
    for risk in risks:
        lines = _told(page, risk, room)
        height = sum(line.before + max(run.style.line for run in line.runs) * count for line, count in lines)
        if used + height > BODY_HEIGHT - 34:
            break
        told += [line for line, _ in lines]
        used, shown = used + height, shown + 1
    rest = len(risks) - shown
    if rest:
        told.append(Paragraph((Run(f"and {rest} more in the register", DETAIL),), before=RISK_GAP))
        page.cut.extend(clean(f"{risk.number} {risk.title}: {risk.score} {risk.band}, {risk.movement_text}") for risk in risks[shown:])
    heading = Paragraph((Run("The highest", Style(13, bold=True)),))
    text_box(page.shapes, Box(LIST_LEFT, page.top - 4, room, BODY_HEIGHT), [heading, *told], "Highest risks")


def _told(page: Page, risk: Risk, room: float) -> list[tuple[Paragraph, int]]:
    """A risk in two paragraphs, each with the number of its lines."""
    name = page.fit(f"{risk.number} · {risk.title}", NAME, room, 2, 11)
    where = " · ".join(part for part in (risk.vendor, f"{risk.score} {risk.band}", risk.movement_text, risk.reason) if part)
    detail = page.fit(where, DETAIL, room, 2, 9)
    late = f"review {words}" if (words := overdue_words(risk)) else ""
    lines = [(paragraph(name, before=RISK_GAP), name.lines), (paragraph(detail), detail.lines)]
    if late:
        warning = page.fit(late, Style(10, bold=True, colour=LIGHT.concern.text), room)
        lines.append((paragraph(warning), warning.lines))
    return lines
