"""A vendor's review is made from its own rows: two warehouses that differ only in other vendors' rows give the same one."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from analytics.review.attention import attention
from analytics.review.covering import grid_words
from analytics.review.frames import grid_frame
from analytics.review.frozen import to_json
from analytics.review.model import Audience, Cards, Grid, QuarterlyReview
from analytics.review.narrative import headline
from analytics.review.quarterly import quarterly_review
from analytics.review.restated import restated
from analytics.warehouse import Scope
from tests.review.quarters import facts, levels, request, review, said, target
from tests.rows import EVERYTHING, store_of

OWN = Scope.of("acme", ["Acme"])
SHARED = (target("service_level", 0.8, minimum=0.77), target("csat", 0.9))


def built(folder: Path, *others: dict[str, object], **registers: list[dict[str, object]]) -> QuarterlyReview:
    """Acme's review of a warehouse in which other vendors have these rows and registers too."""
    own: dict[str, list[dict[str, object]]] = {"actions": [{"action_id": "A", "title": "Own", "vendor": "Acme", "status": "open"}]}
    every = {name: [*own.get(name, []), *registers.get(name, [])] for name in {*own, *registers}}
    rows = [*levels("Acme", [90, 85, 70, 60]), *others]
    return review(
        store_of(folder, rows, **(every | {"targets": [*SHARED, *registers.get("targets", [])]})), audience=Audience.VENDOR, scope=OWN
    )


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> QuarterlyReview:
    return built(tmp_path_factory.mktemp("alone"))


def test_other_vendors_rows_change_nothing(alone: QuarterlyReview, tmp_path: Path) -> None:
    """Beta is better, has newer data, KPIs, targets, risks, actions, events and notes of its own, in the same file."""
    newer = levels("Beta", [95] * 9, 99, last="2026-Q4", quality_points=99, quality_points_possible=100)
    beta = {"vendor": "Beta"}
    found = built(
        tmp_path,
        *newer,
        targets=[target("quality_score", 0.9, vendor="Beta"), target("csat", 0.99, date(2026, 1, 1), vendor="Beta")],
        risks=[beta | {"risk_id": "R", "number": 1, "title": "Fire", "category": "operational", "status": "open"}],
        risk_scores=[{"risk_id": "R", "scored_on": date(2026, 9, 30), "kind": "residual", "likelihood": 5, "impact": 5}],
        actions=[beta | {"action_id": "B", "title": "Theirs", "due_on": date(2026, 1, 1), "status": "open"}],
        events=[beta | {"happened_on": date(2026, 8, 1), "title": "Theirs"}],
        notes=[beta | {"written_on": date(2026, 9, 1), "author": "B", "period": "2026-Q3", "body": "Theirs"}],
    )
    assert found == alone


def test_it_speaks_of_nobody_else(alone: QuarterlyReview) -> None:
    assert alone.vendors == ("Acme",) and alone.data_until == date(2026, 9, 30)
    assert alone.headline.text.startswith("One of two measured KPIs met their target in Q3 2026. Service level missed target (-20 pp)")
    assert "vendors" not in alone.headline.text + alone.scope


def test_a_zero_denominator_is_no_number_and_no_delivery_that_failed(tmp_path: Path) -> None:
    """100 survey answers, but not one contact: the service level cannot be divided, and it was sent."""
    rows = [row | {"contacts_offered": 0, "answered_within_threshold": 0} for row in levels("Acme", [0, 0])]
    found = facts(store_of(tmp_path, rows, targets=list(SHARED)))
    assert said(attention(found)) == ["Not measured in Q3 2026 at Acme: quality score, staffing delivered, attrition and one more."]
    assert headline(found).text.startswith("The only measured KPI met its target in Q3 2026.")


@pytest.mark.parametrize("audience", [Audience.VENDOR, Audience.EXECUTIVE, Audience.OPERATIONS])
def test_the_only_vendor_is_the_portfolio_and_held_to_its_own_target(tmp_path: Path, audience: Audience) -> None:
    """Of everybody 80 % is asked, of Acme 70 %: 75 % is met in its review, whoever else is in the warehouse."""
    own = target("service_level", 0.7, vendor="Acme")
    store = store_of(tmp_path, [*levels("Acme", [90, 75]), *levels("Beta", [60, 60])], targets=[*SHARED, own])
    found = quarterly_review(store, OWN if audience is Audience.VENDOR else EVERYTHING, request(audience=audience, vendor=("Acme",)))
    assert found.headline.text.startswith("Both measured KPIs met their target in Q3 2026")
    assert {(one.vendor, one.target_text, one.status) for one in found.results if one.kpi == "service_level"} == {
        ("Acme", ">= 70 %", "met")
    }
    card = next(one for block in found.blocks if isinstance(block, Cards) for one in block.results if one.kpi == "service_level")
    assert (card.value_text, card.variance_text) == ("75 %", "+5 pp")
    assert all(one.vendor == "Acme" for one in found.results)
    assert "All vendors" not in to_json(found).decode()


def test_a_grid_of_one_vendor_has_one_column_also_in_an_edition_with_two(alone: QuarterlyReview) -> None:
    grid = next(block for block in alone.blocks if isinstance(block, Grid))
    twice = replace(grid, results=(*(replace(one, vendor="") for one in grid.results), *grid.results))
    assert set(grid_frame(twice, "Q2 2026", alone.definitions)["vendor"]) == {"Acme"}
    assert grid_words(grid) == ()
    earlier = replace(alone, sections=tuple(replace(part, blocks=(twice,)) if part.id == "standings" else part for part in alone.sections))
    assert not [one for one in restated(earlier, alone) if "all vendors" in one.what]
