"""The recipes that come with the product, each with a small file in its tool's layout and sums one can check by eye."""

from pathlib import Path

import pytest

from analytics.catalogue import MEASURES
from analytics.intake import Status, load_file, read_recipe, recipe_for
from analytics.intake.load import SHIPPED_RECIPES
from analytics.intake.sheet import read_header
from analytics.warehouse import Scope, Warehouse
from tests.docs.kpi_table import README
from tests.docs.recipe_table import REMEDY, block, is_of_a_tool, recipe_table

ROOT = Path(__file__).resolve().parents[2]
EXPORTS = ROOT / "tests" / "data" / "exports"
SAMPLE = ROOT / "data" / "sample"
RECIPES = {path.stem: read_recipe(path) for path in sorted(SHIPPED_RECIPES.glob("*.toml"))}

# Recipe -> rows read, and the sum of every measure over the file.
SUMS: dict[str, tuple[int, dict[str, float]]] = {
    # Answered after 12, 20 and 45 s: two within 20 s; 300 + 240 + 360 s handled; the fourth gave up.
    "contacts": (4, {"contacts_offered": 4, "contacts_handled": 3, "contacts_abandoned": 1, "answered_within_threshold": 2,
                     "queue_seconds": 77, "handle_seconds": 900, "contacts_transferred": 1}),
    "daily_calls": (2, {"contacts_offered": 2200, "contacts_handled": 2090, "contacts_abandoned": 110,
                        "answered_within_threshold": 1750, "handle_seconds": 627_000}),
    # Two of three tickets are resolved, after 2 and 24 hours.
    "ticket_list": (3, {"cases_opened": 3, "cases_resolved": 2, "cases_resolved_in_target": 1, "cases_reopened": 1,
                        "resolution_seconds": 26 * 3600}),
    # Ratings 5, 4, 2 and none; recommendations 10, 7, 3 and 9.
    "survey_responses": (4, {"csat_responses": 3, "csat_satisfied": 2, "csat_score_sum": 11, "nps_responses": 4,
                             "nps_promoters": 2, "nps_detractors": 1}),
    # Five inbound calls, the outbound one is left out; answered after 15 and 40 s.
    "talkdesk_calls": (5, {"contacts_offered": 5, "contacts_handled": 2, "contacts_abandoned": 2, "contacts_abandoned_short": 1,
                           "answered_within_threshold": 1, "queue_seconds": 55, "talk_seconds": 520, "hold_seconds": 20}),
    # Seven hours on shift, one of them deviated; off shift is left out.
    "talkdesk_adherence": (3, {"scheduled_seconds": 7 * 3600, "adherent_seconds": 6 * 3600}),
    # Two agents of one territory: 432 + 384 of 960 minutes.
    "salesforce_adherence": (2, {"scheduled_seconds": 960 * 60, "adherent_seconds": 816 * 60}),
    "nice_cxone_call_detail": (3, {"contacts_offered": 3, "contacts_handled": 2, "contacts_abandoned": 1,
                                   "answered_within_threshold": 1, "queue_seconds": 62, "handle_seconds": 500}),
    # Two requests of 4 hours, one resolved 0:40 after its target.
    "jira_service_management": (3, {"cases_opened": 3, "cases_resolved": 2, "cases_resolved_in_target": 1,
                                    "resolution_seconds": 8 * 3600, "csat_responses": 2, "csat_satisfied": 1, "csat_score_sum": 7}),
    # INC1 missed its target in its 10th change, which as text comes before the 9th; closed after 131 and 127 hours.
    "servicenow_incidents": (5, {"cases_opened": 3, "cases_resolved": 2, "cases_resolved_in_target": 1, "cases_reopened": 1,
                                 "resolution_seconds": 258 * 3600}),
    # Ratings 5, 4 and 1; one not rated, one preview; two further rows of headers.
    "qualtrics_survey": (4, {"csat_responses": 3, "csat_satisfied": 2, "csat_score_sum": 10}),
}  # fmt: skip


def sums(warehouse: Warehouse) -> dict[str, float]:
    """Every measure that has a value, added up."""
    wanted = ", ".join(f"sum({name}) AS {name}" for name in MEASURES)
    row = warehouse.open().select(Scope.everything(), f"SELECT {wanted} FROM performance").iloc[0]
    return {name: float(value) for name, value in row.dropna().items()}


@pytest.mark.parametrize("name", SUMS)
def test_a_file_in_the_tools_layout_finds_its_recipe_and_adds_up(name: str, tmp_path: Path) -> None:
    rows, expected = SUMS[name]
    warehouse = Warehouse(tmp_path)
    report = load_file(warehouse, EXPORTS / f"{name}.csv")
    assert (report.status, report.recipe, report.rows_rejected) == (Status.STORED, RECIPES[name].name, 0), report.issues
    assert report.rows_read == rows
    assert sums(warehouse) == expected


@pytest.mark.parametrize("path", sorted(EXPORTS.glob("*.csv")) + sorted(SAMPLE.glob("*.csv")), ids=lambda path: path.stem)
def test_every_file_finds_exactly_one_recipe(path: Path) -> None:
    found = recipe_for(read_header(path.read_bytes()), list(RECIPES.values()))
    assert len(found) == 1, [recipe.name for recipe in found]


def test_every_recipe_has_a_name_of_its_own_a_description_and_a_file_that_shows_its_layout() -> None:
    names = [recipe.name for recipe in RECIPES.values()]
    assert len(set(names)) == len(names)
    assert [name for name, recipe in RECIPES.items() if not recipe.description] == []
    found = {
        recipe.name
        for path in (*EXPORTS.glob("*.csv"), *SAMPLE.glob("*.csv"))
        for recipe in recipe_for(read_header(path.read_bytes()), list(RECIPES.values()))
    }
    assert set(names) - found <= {"Exchange rates", "Commentary"}  # the sample has one currency, and its people only type


def test_recipes_of_a_tool_say_where_its_layout_is_published() -> None:
    tools = ("talkdesk", "salesforce", "nice", "jira", "servicenow", "qualtrics")
    named = {name for name in RECIPES if name.startswith(tools)}
    assert len(named) == 7
    assert named == {name for name, recipe in RECIPES.items() if is_of_a_tool(recipe)}


def test_the_readme_lists_them() -> None:
    assert block(README.read_text(encoding="utf-8")) == recipe_table(), f"The README's table of recipes is not that of the files. {REMEDY}"
