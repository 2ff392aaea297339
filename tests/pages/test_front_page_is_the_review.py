"""What the front page prints is the review itself: the same words and numbers, and each line leads to what it speaks of."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analytics.periods import Period
from analytics.review.facts import ReviewRequest
from analytics.review.model import Cards, Grid, Line, Lines, Movements, QuarterlyReview, RiskMap
from analytics.review.quarterly import quarterly_review
from analytics.settings import load_settings
from analytics.warehouse import Scope, Warehouse
from tests.pages.screen import figure, open_page, plain, title, words


@pytest.fixture(scope="module")
def review(demo_warehouse: Path) -> QuarterlyReview:
    """The review of the sample quarter."""
    request = ReviewRequest(Period.parse("2026-Q3"), load_settings(demo_warehouse))
    return quarterly_review(Warehouse(demo_warehouse).open(), Scope.everything(), request)


@pytest.fixture(scope="module")
def page(demo_warehouse: Path) -> Iterator[AppTest]:
    """The front page with the same quarter."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("BPO_WAREHOUSE", str(demo_warehouse))
        yield open_page("review/quarterly_review", period="2026-Q3")


def blocks(review: QuarterlyReview, kind: type) -> list:
    """The blocks of one kind."""
    return [block for block in review.blocks if isinstance(block, kind)]


def lines(review: QuarterlyReview, name: str) -> list[Line]:
    """The lines of a section."""
    found = review.section(name)
    assert found is not None
    return [line for block in found.blocks if isinstance(block, Lines) for line in block.lines]


def without_mark(text: str) -> str:
    """The text without the words of the image before it."""
    return re.sub(r"^\([^()]*\) ", "", text)


def grid_texts(chart: dict) -> dict[tuple[float, float], str]:
    """Centre of a cell -> the number in it."""
    traces = [trace for trace in chart["data"] if trace.get("mode") == "text"]
    return {(x, y): plain(said) for trace in traces for x, y, said in zip(trace["x"], trace["y"], trace["text"], strict=True)}


def grid_places(chart: dict) -> dict[tuple[str, str], tuple[float, float]]:
    """(vendor, '' all; KPI) -> the centre of its cell, as a click there says."""
    layers = [trace for trace in chart["data"] if trace.get("customdata") is not None and trace.get("mode") == "markers"]
    return {
        (row[0] or "", row[1]): (x, y) for trace in layers for x, y, row in zip(trace["x"], trace["y"], trace["customdata"], strict=True)
    }


def test_the_headline_and_every_card(page: AppTest, review: QuarterlyReview) -> None:
    (cards,) = blocks(review, Cards)
    said = words(page)
    assert title(page) == review.headline.text
    first = said.index(f"{cards.results[0].label}: {cards.results[0].value_text}")
    assert len(cards.results) == 6
    for place, result in enumerate(cards.results):
        value, verdict, _ = said[first + 3 * place : first + 3 * place + 3]
        assert value == f"{result.label}: {result.value_text}"
        variance = result.variance_text.removesuffix(" (worse)")  # the status says that
        assert verdict == f"(status: {result.status}) {result.status_text} {variance} target {result.target_text}"


def test_every_cell_of_the_grid(page: AppTest, review: QuarterlyReview) -> None:
    (grid,) = blocks(review, Grid)
    chart = figure(page, "review-grid")
    texts = grid_texts(chart)
    shown = {key: re.sub("</?[bi]>", "", texts[place]) for key, place in grid_places(chart).items()}
    assert shown == {(result.vendor, result.kpi): result.value_text.partition(" ")[0] for result in grid.results}
    assert len(shown) == 60


def test_every_movement(page: AppTest, review: QuarterlyReview) -> None:
    (moved,) = blocks(review, Movements)
    shown = [
        bare for text in words(page) if (bare := without_mark(text)) in {f"{one.lead.text} {one.where.text}" for one in moved.movements}
    ]
    assert shown == [f"{one.lead.text} {one.where.text}" for one in moved.movements] and len(shown) == 3


@pytest.mark.parametrize(("name", "count"), [("attention", 7), ("wins", 6), ("decisions", 5)])
def test_every_line_in_its_order(page: AppTest, review: QuarterlyReview, name: str, count: int) -> None:
    expected = [f"{line.sentence.text} {line.detail}".strip() for line in lines(review, name)]
    assert [bare for text in words(page) if (bare := without_mark(text)) in expected] == expected
    assert len(expected) == count


def test_a_line_on_a_risk_leads_to_its_own_cell(review: QuarterlyReview) -> None:
    (map_,) = blocks(review, RiskMap)
    cells = {str(risk.number): f"{risk.likelihood}x{risk.impact}" for risk in map_.risks}
    named = [line for line in lines(review, "decisions") + lines(review, "attention") if line.way and line.way.page == "risk_matrix"]
    assert len({line.way for line in named}) >= 2, "the sample's risks lie in different cells"
    for line in named:
        assert line.way is not None and dict(line.way.choices) == {"cell": cells[line.sentence.origins[0].row]}
