"""A recipe is checked strictly: every error names the line, the key and the nearest valid name."""

from pathlib import Path

import pytest

from analytics.errors import IntakeError
from analytics.intake import parse_recipe, read_recipe
from analytics.intake.recipe import CellUnit
from tests.recipes import CALLS_BY_DAY as BASE

SCORECARD = BASE.replace("aggregates", "scorecard").replace("[measures]\ncontacts_offered", "[kpis]\ncsat")


def with_line(old: str, new: str) -> str:
    assert old in BASE
    return BASE.replace(old, new)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (with_line("column = \"Calls\"", "colum = \"Calls\""), r"line 7: unknown key 'colum' in \[measures.*\]. Did you mean: column"),
        (with_line("contacts_offered", "contact_offered"), r"line 7: unknown measure 'contact_offered'. Did you mean: contacts_offered"),
        (with_line("contacts_offered", "csat"), r"line 7: unknown measure 'csat'. 'csat' is a KPI: put it under \[kpis\]"),
        (with_line('"aggregates"', '"agregates"'), r"line 1: shape is 'agregates'. Did you mean: aggregates"),
        (with_line('"aggregates"', '"events"'), r"line 1: events need \[rows\] with fold_by and order_by"),
        (with_line('source = "acd"', 'sauce = "acd"'), r"line 2: unknown key 'sauce'. Did you mean: source"),
        (with_line('source = "acd"', ""), r"the recipe has no source"),
        (with_line('grain = "day"', 'grain = "hour"'), r"line 4: grain is 'hour'. Known: day, month, quarter, week"),
        (with_line('grain = "day"', 'grain = "day", format = "%Q"'), r"line 4: format '%Q': '%Q' is not known"),
        (with_line("vendor =", "vendr ="), r"line 5: unknown key 'vendr' in \[dimensions\]. Did you mean: vendor"),
        (with_line('vendor = {column = "Vendor"}', ""), r"line 3: \[dimensions\] has no vendor"),
        (with_line('{column = "Vendor"}', '{column = "Vendor", constant = "A"}'), r"line 5: vendor needs either a column or a constant"),
        (with_line('{column = "Calls"}', "{count = true}"), r"line 7: 'count' is for shape = \"interactions\""),
        (with_line('{column = "Calls"}', '{column = "Calls", unit = "percent"}'), r"line 7: contacts_offered is a number of things"),
        (with_line('{column = "Calls"}', '{column = "Calls", unit = "seconds"}'), r"line 7: unit of contacts_offered is 'seconds'"),
        (BASE + 'cost = {column = "Cost"}\n', r"a measure is money, but there is no currency"),
        (BASE + '[kpis]\ncsat = {column = "CSAT"}\n', r"\[kpis.csat\] has no unit. Add unit = \"percent\""),
        (BASE + '[kpis]\ncsat = {column = "C", unit = "percent", weight = "csat_responses"}\n', r"line 9: weight 'csat_responses' is not"),
        (
            BASE + 'answered_within_threshold = {column = "A"}\n[kpis]\n'
            'service_level = {column = "SL", unit = "percent", weight = "contacts_offered"}\n',
            r"line 10: 'answered_within_threshold' would be filled twice",
        ),
        (BASE + "[rows]\nexclude = [{colum = \"Site\"}]\n", r"line 9: unknown key 'colum' in \[rows.exclude\]. Did you mean: column"),
        (BASE + "[rows]\nduplicates = \"add\"\n", r"duplicates is 'add'. Known: refuse, sum"),
        ('decimal = ";"\n' + BASE, r"line 1: decimal is ';'"),
        ('decimal = ","\nthousands = ","\n' + BASE, r"line 2: decimal and thousands are the same"),
        ('encoding = "cp12"\n' + BASE, r"line 1: unknown encoding 'cp12'"),
        ("shape = x", r"not readable TOML: .*line 1"),
        ('shape = "register"\nregister = "risk"\n', r"line 2: register is 'risk'. Did you mean: risks"),
        ('shape = "register"\nregister = "risks"\n[columns]\ntitel = "T"\n', r"line 4: unknown key 'titel' .* Did you mean: title"),
        (BASE.replace("aggregates", "scorecard"), r"line 6: 'measures' is for shape = \"aggregates\" .* under \[kpis\]"),
    ],
)  # fmt: skip
def test_errors_name_line_key_and_nearest_name(text: str, message: str) -> None:
    with pytest.raises(IntakeError, match=message):
        parse_recipe(text, "test")


def test_a_recipe_reads_into_its_parts() -> None:
    recipe = parse_recipe(
        'threshold_seconds = 20\nthousands = ","\n' + BASE + 'handle_seconds = {column = "AHT", unit = "h:mm:ss", minus = "Hold"}\n', "acd"
    )
    assert (recipe.name, recipe.source, recipe.thousands) == ("acd", "acd", ",")
    assert recipe.threshold and recipe.threshold.constant == "20"
    assert recipe.measures[1].unit is CellUnit.H_MM_SS and recipe.measures[1].minus == ("Hold",)
    assert list(recipe.headers) == ["Date", "Vendor", "Calls", "AHT", "Hold"]


def test_a_missing_recipe_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match=r"none\.toml cannot be read"):
        read_recipe(tmp_path / "none.toml")


def test_every_shipped_recipe_is_valid() -> None:
    recipes = sorted((Path(__file__).parents[2] / "data" / "recipes").glob("*.toml"))
    assert recipes
    for path in recipes:
        assert read_recipe(path).headers or read_recipe(path).register
