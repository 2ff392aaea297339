"""A vendor that only reports results: its quarter is its newest reported month, and every place that judges it says so."""

from datetime import date
from typing import Any

import pytest

from analytics.packs.pdf import as_data
from analytics.review.attention import attention
from analytics.review.covering import grid_words, reported_part, valued
from analytics.review.facts import Facts
from analytics.review.model import Audience, Grid
from analytics.review.movements import movements_of
from analytics.review.quarterly import quarterly_review
from analytics.review.targets_met import targets_met
from analytics.review.wins import wins
from analytics.warehouse import Store
from tests.packs.test_pdf import BUILT
from tests.review.quarters import facts, levels, lines, request, said, tables, target
from tests.rows import EVERYTHING, store_of

LEVELS = (0.80, 0.81, 0.82, 0.83, 0.84, 0.90)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Oak reports its service level by month, the last of each quarter the best of all before; Acme sends counts."""
    months = [date(2025 + (at + 3) // 12, (at + 3) % 12 + 1, 1) for at in range(18)]
    reported: list[dict[str, Any]] = [
        {"vendor": "Oak", "period_start": month, "grain": "month", "kpi": "service_level", "actual": LEVELS[at // 3]}
        for at, month in enumerate(months)
    ]
    return store_of(
        tmp_path_factory.mktemp("oak"), list(levels("Acme", [90] * 6)), scorecard=reported, targets=[target("service_level", 0.85)]
    )


@pytest.fixture(scope="module")
def q3(store: Store) -> Facts:
    return facts(store)


def test_the_month_stands_wherever_the_quarter_is_judged(q3: Facts) -> None:
    oak = q3.by_place["Oak", "service_level"]
    assert (reported_part(oak), valued(oak)) == ("Sep 2026", "90 % (reported for Sep 2026)")
    assert "Oak service level 90 % (reported for Sep 2026): back on target after five quarters, the best of six quarters." in said(wins(q3))
    assert [moved.lead.text for moved in movements_of(q3)] == ["Oak service level +6 pp to 90 % (reported for Sep 2026)"]


def test_a_miss_names_the_month(store: Store) -> None:
    """In the second quarter Oak is at 84 % against 85 %."""
    found = attention(facts(store, "2026-Q2"))
    detail = next(line.detail for line in lines(found) if line.sentence.text.startswith("Oak missed"))
    assert detail.startswith("service level 84 % (reported for Jun 2026) against >= 85 %")


@pytest.mark.parametrize("audience", [Audience.EXECUTIVE, Audience.OPERATIONS])
def test_targets_met_mark_it_and_say_what_the_mark_means(store: Store, audience: Audience) -> None:
    section = targets_met(facts(store, audience=audience))
    assert [row[0] for row in tables(section)["targets_met"]] == ["All vendors", "Acme", "Oak*"]
    assert section.sentence is not None and section.sentence.text.endswith("* as the vendor reports it: Sep 2026 only.")


def test_legends_name_the_month(store: Store) -> None:
    review = quarterly_review(store, EVERYTHING, request())
    grid = next(block for block in review.blocks if isinstance(block, Grid))
    assert grid_words(grid)[-1] == "* as the vendor reports it: Sep 2026 only"
    assert grid_words(grid, "italic:")[-1].startswith("italic: as the vendor reports it")
    assert as_data(review, BUILT)["front"]["covered"][-1] == grid_words(grid)[-1]
