"""A vendor's review is made from its own rows: two warehouses that differ only in other vendors' rows give the same one."""

from datetime import date
from pathlib import Path

import pytest

from analytics.review.attention import attention
from analytics.review.model import Audience, QuarterlyReview
from analytics.review.narrative import headline
from analytics.warehouse import Scope
from tests.review.quarters import facts, levels, review, said, target
from tests.rows import store_of

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
