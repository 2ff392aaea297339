"""The risk matrix for print: 25 cells in their bands, a numbered disc per risk, a ring and an arrow from where it stood before."""

from collections.abc import Sequence
from math import dist

from analytics.charts.risk_matrix import BUBBLE_SIZE, GRADES, IMPACT_WORDS, LIKELIHOOD_WORDS, Bubble, bubbles_of
from analytics.charts.theme import Theme, theme_for
from analytics.packs.drawing import Drawing, Spot
from analytics.packs.print_text import printable
from analytics.review.frames import risk_places
from analytics.review.model import Risk, RiskMap

CELL_WIDTH, CELL_HEIGHT, GAP = 64.0, 43.0, 2.0
LEFT, TOP, BOTTOM = 54.0, 14.0, 27.0
WIDTH = LEFT + 5 * CELL_WIDTH
HEIGHT = TOP + 5 * CELL_HEIGHT + BOTTOM
DISC, CROWD, RING = 8.2, 13.0, 2.8
HEAD_LENGTH, HEAD_WIDTH = 5.0, 2.4


def matrix_drawing(found: RiskMap) -> Drawing:
    """Likelihood upwards, impact to the right, as on the page; without risks the empty matrix."""
    theme = theme_for("light")
    drawing = Drawing(WIDTH, HEIGHT, _alt(found.risks))
    _cells(drawing, found.bands, theme)
    _words(drawing, theme)
    bubbles = bubbles_of(risk_places(found.risks))
    for bubble in bubbles:
        _arrow(drawing, bubble, theme)
    for bubble in bubbles:
        _disc(drawing, bubble, theme)
    return drawing


def _alt(risks: Sequence[Risk]) -> str:
    told = [
        f"{risk.number} {risk.title}: {risk.likelihood} x {risk.impact} = {risk.score} {risk.band}, {risk.movement_text}" for risk in risks
    ]
    return printable(f"Risk matrix of likelihood and impact. {'; '.join(told) or 'No risk'}.")


def _spot(place: Spot) -> Spot:
    """(impact, likelihood) in points."""
    return LEFT + (place[0] - 0.5) * CELL_WIDTH, TOP + (5.5 - place[1]) * CELL_HEIGHT


def _cells(drawing: Drawing, bands: Sequence[tuple[str, int]], theme: Theme) -> None:
    for likelihood in GRADES:
        for impact in GRADES:
            score = likelihood * impact
            band = next((index for index, (_, highest) in enumerate(bands) if score <= highest), len(bands) - 1)
            left, top = LEFT + (impact - 1) * CELL_WIDTH, TOP + (5 - likelihood) * CELL_HEIGHT
            fill = theme.risk_bands[min(band, len(theme.risk_bands) - 1)]
            drawing.area(left, top, left + CELL_WIDTH - GAP, top + CELL_HEIGHT - GAP, fill)
            drawing.text((left + CELL_WIDTH - 6, top + CELL_HEIGHT - 9), str(score), theme.ink, anchor="right", size=6.5)


def _words(drawing: Drawing, theme: Theme) -> None:
    drawing.text((0, 5), "Likelihood", theme.muted)
    drawing.text((LEFT + 2.5 * CELL_WIDTH, HEIGHT - 6), "Impact", theme.muted, anchor="middle")
    for grade, words in zip(GRADES, LIKELIHOOD_WORDS, strict=True):
        x, y = _spot((0.5, grade))
        for at, line in enumerate(lines := words.split("<br>")):
            drawing.text((x - 5, y + (at - (len(lines) - 1) / 2) * 8.4), line, theme.muted, anchor="right")
    for grade, words in zip(GRADES, IMPACT_WORDS, strict=True):
        x, y = _spot((grade, 0.5))
        drawing.text((x, y + 7), words, theme.muted, anchor="middle")


def _radius(bubble: Bubble) -> float:
    return DISC if bubble.size == BUBBLE_SIZE else CROWD


def _disc(drawing: Drawing, bubble: Bubble, theme: Theme) -> None:
    """The numbered disc; that of a crowded cell says how many."""
    x, y = _spot(bubble.place)
    drawing.disc((x, y), _radius(bubble), theme.ink, theme.page, 1.2)
    for at, line in enumerate(lines := bubble.words.split(" ")):
        drawing.text((x, y + (at - (len(lines) - 1) / 2) * 8), line, theme.page, anchor="middle", size=7.5, bold=True)


def _arrow(drawing: Drawing, bubble: Bubble, theme: Theme) -> None:
    """From the ring, where the risk stood, to its disc."""
    if bubble.start is None:
        return
    start, end = _spot(bubble.start), _spot(bubble.place)
    length = dist(start, end)
    drawing.disc(start, RING, theme.page, theme.ink, 1.0)
    if length <= RING + DISC + HEAD_LENGTH:
        return
    along = ((end[0] - start[0]) / length, (end[1] - start[1]) / length)
    tip = _moved(end, along, -(_radius(bubble) + 1.4))
    neck = _moved(tip, along, -HEAD_LENGTH)
    drawing.line(_moved(start, along, RING + 0.6), neck, theme.ink, 1.0)
    across = (-along[1], along[0])
    drawing.path((tip, _moved(neck, across, HEAD_WIDTH), _moved(neck, across, -HEAD_WIDTH)), fill=theme.ink, closed=True)


def _moved(spot: Spot, direction: Spot, by: float) -> Spot:
    return spot[0] + direction[0] * by, spot[1] + direction[1] * by
