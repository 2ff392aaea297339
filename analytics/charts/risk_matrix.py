"""The risk matrix: likelihood against impact, every open risk where it stands and where it came from."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import dist

import pandas as pd
import plotly.graph_objects as go

from analytics.charts.hover import Facts
from analytics.charts.parts import (
    NEVER_FADES,
    Spec,
    base_layout,
    cell_clicks,
    click_layer,
    escape,
    figure,
    hover_lines,
    known,
    note,
    rows_of,
    stepped_colours,
    text_trace,
    with_notes,
    words_axis,
)
from analytics.charts.theme import CELL_GAP, SECOND_LINE_SIZE, TICK_SIZE, Mode, Theme, theme_for
from analytics.settings import RiskBand

HEIGHT = 470
GRADES = (1, 2, 3, 4, 5)
LIKELIHOOD_WORDS = ("1 rare", "2 unlikely", "3 possible", "4 likely", "5 almost<br>certain")
IMPACT_WORDS = ("1 negligible", "2 minor", "3 moderate", "4 major", "5 severe")
MOST_IN_A_CELL = 4
BUBBLE_SIZE = 26
RING_SIZE = 8
CROWD_SIZE = 44
CENTRE = (0.0, 0.0)
OFFSETS = ((0.27, 0.22), (-0.27, -0.22), CENTRE, (-0.27, 0.22), (0.27, -0.22), (-0.27, 0.0), (0.27, 0.0), (0.0, 0.24), (0.0, -0.24))
NARROW_CELL = (56, 78)
CLEARANCE = 2
COVERED, CROSSED = 10, 3
MOST_HOVER_TITLES = 8

Cell = tuple[int, int]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Bubble:
    """One risk, or all risks of a crowded cell, at (impact, likelihood) + offset; `before` is where the ring stands."""

    words: str
    cell: Cell
    offset: Point = CENTRE
    before: Cell | None = None

    size: float = BUBBLE_SIZE

    @property
    def place(self) -> Point:
        """Its centre, in cells."""
        return _at(self.cell, self.offset)

    @property
    def start(self) -> Point | None:
        """The centre of its ring: the same offset in the earlier cell, so that the arrow runs straight."""
        return _at(self.before, self.offset) if self.before else None

    @property
    def discs(self) -> list[tuple[Point, float]]:
        """Bubble and ring with their radii, in pixels of a narrow screen."""
        bubble = (_pixels(self.place), self.size / 2)
        return [bubble, (_pixels(self.start), RING_SIZE / 2)] if self.start else [bubble]


def risk_matrix(risks: pd.DataFrame, bands: Sequence[RiskBand], mode: Mode) -> go.Figure:
    """5 x 5 cells in their bands, numbered bubbles, a ring and an arrow from the place of the earlier score.

    One row of `risks` per risk: number, title, likelihood, impact (1-5), previous_likelihood, previous_impact (NaN: new);
    overdue_text where there is one.
    A cell with more than four risks has one bubble 'n risks'. A click returns [likelihood, impact] of any of the 25 cells.
    """
    theme = theme_for(mode)
    bubbles = bubbles_of(risks)
    layout = with_notes(_layout(theme), [*_arrows(bubbles, theme), _axis_name(theme)])
    return figure([_fills(bands, theme), _scores(theme), *_marks(bubbles, theme), _clicks(risks)], layout)


def _at(cell: Cell, offset: Point) -> Point:
    return cell[0] + offset[0], cell[1] + offset[1]


def _cell(likelihood: float, impact: float) -> Cell | None:
    """(impact, likelihood), None for a score that is not known."""
    return None if likelihood != likelihood or impact != impact else (int(impact), int(likelihood))


def _pixels(point: Point) -> Point:
    return point[0] * NARROW_CELL[0], point[1] * NARROW_CELL[1]


def bubbles_of(risks: pd.DataFrame) -> list[Bubble]:
    """Where each risk is drawn, of columns number, likelihood, impact, previous_likelihood, previous_impact (NaN: new).

    Crowded cells as one bubble; the others placed one by one where they are least in the way, those with arrows first.
    """
    by_cell: dict[Cell, list[Bubble]] = {}
    for row in rows_of(risks):
        cell, before = (int(row.impact), int(row.likelihood)), _cell(row.previous_likelihood, row.previous_impact)
        by_cell.setdefault(cell, []).append(Bubble(str(row.number), cell, before=None if before == cell else before))
    crowded = {cell: members for cell, members in by_cell.items() if len(members) > MOST_IN_A_CELL}
    placed = [Bubble(f"{len(members)} risks", cell, size=CROWD_SIZE) for cell, members in crowded.items()]
    single = [bubble for cell, members in by_cell.items() if cell not in crowded for bubble in members]
    visits = Counter(cell for bubble in (*placed, *single) for cell in (bubble.cell, bubble.before) if cell)
    for bubble in sorted(single, key=lambda bubble: bubble.before is None):
        choices = [replace(bubble, offset=offset) for offset in ((CENTRE,) if _alone(bubble, visits) else OFFSETS)]
        placed.append(min(choices, key=lambda choice: _cost(choice, placed)))
    return placed


def _alone(bubble: Bubble, visits: Mapping[Cell, int]) -> bool:
    """Whether nobody else stands in or comes from its cells."""
    return visits[bubble.cell] == 1 and (bubble.before is None or visits[bubble.before] == 1)


def _cost(bubble: Bubble, placed: Sequence[Bubble]) -> int:
    """How much a bubble, its ring and its arrow would cover and cross."""
    cost = 0
    for other in placed:
        cost += COVERED * sum(_gap(one, two) < 0 for one in bubble.discs for two in other.discs)
        cost += CROSSED * (_crossed(bubble, other) + _crossed(other, bubble) + _arrows_cross(bubble, other))
    return cost


def _gap(one: tuple[Point, float], two: tuple[Point, float]) -> float:
    return dist(one[0], two[0]) - one[1] - two[1] - CLEARANCE


def _crossed(bubble: Bubble, other: Bubble) -> int:
    """How many discs of the other the arrow of this bubble runs over."""
    if bubble.start is None:
        return 0
    start, end = _pixels(bubble.start), _pixels(bubble.place)
    return sum(_distance(centre, start, end) < radius + CLEARANCE for centre, radius in other.discs)


def _arrows_cross(bubble: Bubble, other: Bubble) -> bool:
    if bubble.start is None or other.start is None:
        return False
    one, two = (bubble.start, bubble.place), (other.start, other.place)
    return _side(one, two[0]) * _side(one, two[1]) < 0 and _side(two, one[0]) * _side(two, one[1]) < 0


def _side(line: tuple[Point, Point], point: Point) -> float:
    """Positive on the left of a line, negative on its right."""
    (x, y), (end_x, end_y) = line
    return (end_x - x) * (point[1] - y) - (end_y - y) * (point[0] - x)


def _distance(point: Point, start: Point, end: Point) -> float:
    """From a point to a line between two others."""
    along = (end[0] - start[0], end[1] - start[1])
    share = ((point[0] - start[0]) * along[0] + (point[1] - start[1]) * along[1]) / (along[0] ** 2 + along[1] ** 2)
    share = min(1.0, max(0.0, share))
    return dist(point, (start[0] + share * along[0], start[1] + share * along[1]))


def _fills(bands: Sequence[RiskBand], theme: Theme) -> Spec:
    return {
        "type": "heatmap",
        "x": list(GRADES),
        "y": list(GRADES),
        "z": [[_band_index(likelihood * impact, bands) + 0.5 for impact in GRADES] for likelihood in GRADES],
        "zmin": 0,
        "zmax": len(theme.risk_bands),
        "colorscale": stepped_colours(theme.risk_bands),
        "showscale": False,
        "xgap": CELL_GAP,
        "ygap": CELL_GAP,
        "hoverinfo": "skip",
    }


def _band_index(score: int, bands: Sequence[RiskBand]) -> int:
    return next(index for index, band in enumerate(bands) if score <= band.to)


def _scores(theme: Theme) -> Spec:
    """Likelihood x impact in the lower right corner of each cell."""
    cells = [(impact, likelihood) for likelihood in GRADES for impact in GRADES]
    texts = [str(impact * likelihood) for impact, likelihood in cells]
    trace = text_trace([x + 0.45 for x, _ in cells], [y - 0.38 for _, y in cells], texts, theme.ink, SECOND_LINE_SIZE)
    return trace | {"textposition": "middle left"}


def _marks(bubbles: Sequence[Bubble], theme: Theme) -> list[Spec]:
    """Rings, discs and the numbers on them; a crowded cell's disc is wide enough for its words."""
    rings = [bubble.start for bubble in bubbles if bubble.start]
    single = [bubble for bubble in bubbles if bubble.size == BUBBLE_SIZE]
    crowds = [bubble for bubble in bubbles if bubble.size == CROWD_SIZE]
    discs = [
        _discs([bubble.place for bubble in single], BUBBLE_SIZE, theme.ink, theme.page, 2),
        _discs([bubble.place for bubble in crowds], CROWD_SIZE, theme.ink, theme.page, 2),
        _discs(rings, RING_SIZE, theme.page, theme.ink, 1.6),
    ]
    numbers = text_trace(*_xy([bubble.place for bubble in single]), [f"<b>{bubble.words}</b>" for bubble in single], theme.page)
    words = [f"<b>{bubble.words.replace(' ', '<br>')}</b>" for bubble in crowds]
    return [*discs, numbers, text_trace(*_xy([bubble.place for bubble in crowds]), words, theme.page, SECOND_LINE_SIZE)]


def _xy(places: Sequence[Point]) -> tuple[list[float], list[float]]:
    return [x for x, _ in places], [y for _, y in places]


def _discs(places: Sequence[Point], size: float, fill: str, outline: str, width: float) -> Spec:
    x, y = _xy(places)
    marker = {"symbol": "circle", "size": size, "color": fill, "opacity": 1, "line": {"color": outline, "width": width}}
    return {"type": "scatter", "mode": "markers", "x": x, "y": y, "marker": marker, "hoverinfo": "skip", "cliponaxis": False, **NEVER_FADES}


def _arrows(bubbles: Sequence[Bubble], theme: Theme) -> list[Spec]:
    """From ring to bubble, stopping short of both."""
    style = {"xref": "x", "yref": "y", "axref": "x", "ayref": "y", "text": "", "showarrow": True, "arrowhead": 2, "arrowsize": 0.9}
    reach = {"standoff": BUBBLE_SIZE / 2 + 1, "startstandoff": RING_SIZE / 2 + 1, "arrowwidth": 1.4, "arrowcolor": theme.ink}
    return [
        {**style, **reach, "x": bubble.place[0], "y": bubble.place[1], "ax": bubble.start[0], "ay": bubble.start[1]}
        for bubble in bubbles
        if bubble.start
    ]


def _clicks(risks: pd.DataFrame) -> Spec:
    cells = [(likelihood, impact) for likelihood in GRADES for impact in GRADES]
    facts = Facts(*zip(*cells, strict=True))
    told = facts.spec([facts.place([_hover(likelihood, impact, risks) for likelihood, impact in cells])])
    return click_layer([impact for _, impact in cells], [likelihood for likelihood, _ in cells], told)


def _hover(likelihood: int, impact: int, risks: pd.DataFrame) -> str:
    """The cell in words and the titles of its risks."""
    here = risks[(risks["likelihood"] == likelihood) & (risks["impact"] == impact)]
    late = here["overdue_text"] if "overdue_text" in here else [""] * len(here)
    told = zip(here["number"], here["title"], late, strict=True)
    titles = [f"{number} · {escape(known(title))}{f', {overdue}' if overdue else ''}" for number, title, overdue in told]
    more = f"and {len(titles) - MOST_HOVER_TITLES} more" if len(titles) > MOST_HOVER_TITLES else ""
    head = f"<b>{LIKELIHOOD_WORDS[likelihood - 1].replace('<br>', ' ')}, {IMPACT_WORDS[impact - 1]}</b>: score {likelihood * impact}"
    return hover_lines([head, *titles[:MOST_HOVER_TITLES], more])


def _layout(theme: Theme) -> Spec:
    layout = cell_clicks(base_layout(theme, HEIGHT, left=72, right=2, top=24, bottom=44))
    muted = {"tickfont": {"size": TICK_SIZE, "color": theme.muted}}
    name = {"text": "Impact", "font": {"size": TICK_SIZE, "color": theme.muted}, "standoff": 4}
    layout["xaxis"] = words_axis(theme, GRADES, IMPACT_WORDS, 0.5, 5.5, tickangle=0, title=name) | muted
    layout["yaxis"] = words_axis(theme, GRADES, LIKELIHOOD_WORDS, 0.5, 5.5) | muted
    return layout


def _axis_name(theme: Theme) -> Spec:
    """'Likelihood' lies above its axis, where nobody must turn the head."""
    place = {"xref": "paper", "yref": "paper", "xshift": -72, "yshift": 12}
    return note(0, 1, "Likelihood", theme.muted) | place | {"font": {"size": TICK_SIZE, "color": theme.muted}}
