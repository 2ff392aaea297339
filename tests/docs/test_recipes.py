"""docs/recipes.md explains every key the parser knows with an example, and every example stores what it says."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from analytics.intake import Shape, parse_recipe
from analytics.intake.cells import number_reader
from analytics.intake.dates import DATE_TOKENS, parse_date
from analytics.intake.recipe import GRAINS, CellUnit, OrderType, Recipe
from analytics.intake.recipe_dates import DATE_ORDERS
from analytics.intake.recipe_keys import KEYS
from analytics.intake.register_fields import REGISTER_FIELDS, REQUIRED_FIELDS
from tests.docs.measure_table import REMEDY as MEASURES_REMEDY
from tests.docs.measure_table import block, measure_table
from tests.docs.recipe_examples import RECIPES, REMEDY, Example, examples, stored

TEXT = RECIPES.read_text(encoding="utf-8")
EXAMPLES = list(examples(TEXT))
CODE_SPANS = set(re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", TEXT, flags=re.DOTALL)))
# Where the keys of each part of a recipe are explained; those of the top stand with what they are about.
CHAPTERS = {
    "match": "Top of the recipe", "rows": "Rows", "order_by": "Order of events", "condition": "Conditions", "dimensions": "Dimensions",
    "period_start": "The period", "text": "Texts", "threshold": "Threshold", "measure": "Measures", "kpi": "Ratios in the file",
    "scorecard": "One KPI per row", "result": "One KPI per row",
}  # fmt: skip


def uses(example: Example, key: str) -> bool:
    """Whether the example is about the key and its recipe says it."""
    return f"`{key}`" in example.heading and bool(re.search(rf"^\[{key}\]|(?:^|[\s{{]){key} = ", example.recipe, re.MULTILINE))


def table_below(title: str) -> list[tuple[str, ...]]:
    """The code marks and the last cell of every row of the table of a chapter."""
    chapter = TEXT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| `(.+?)` \| `(.+?)` \| (.+?) \|$", chapter, re.MULTILINE)


@pytest.mark.parametrize(("part", "key"), [(part, key) for part in KEYS for key in KEYS[part]])
def test_every_key_the_parser_knows_has_an_example(part: str, key: str) -> None:
    chapter = [example for example in EXAMPLES if part == "recipe" or example.part == CHAPTERS[part]]
    assert any(uses(example, key) for example in chapter), f"docs/recipes.md has no example of '{key}' ({part}). Add one under its heading."


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.part}: {example.heading}")
def test_every_recipe_is_right(example: Example) -> None:
    assert parse_recipe(example.recipe, "example").shape in Shape


@pytest.mark.slow
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.part}: {example.heading}")
def test_every_example_stores_what_it_says(example: Example, tmp_path: Path) -> None:
    assert stored(example, tmp_path) == example.stored, REMEDY


def test_no_block_stands_outside_an_example() -> None:
    assert len(re.findall(r"^```toml$", TEXT, re.MULTILINE)) == len(EXAMPLES) == len(re.findall(r"^```text$", TEXT, re.MULTILINE))


def test_every_unit_reads_as_its_table_says() -> None:
    rows = table_below("Units")
    plain = Recipe("units", Shape.AGGREGATES, "acd", "")
    assert [number_reader(plain, CellUnit(unit))(cell) for unit, cell, _ in rows] == [Decimal(seconds) for *_, seconds in rows]
    assert {unit for unit, *_ in rows} == set(CellUnit)


def test_every_format_reads_as_its_table_says() -> None:
    rows = table_below("Formats of dates")
    assert [parse_date(cell, written) for written, cell, _ in rows] == [date.fromisoformat(value) for *_, value in rows]
    assert {token for written, *_ in rows for token in re.findall("%.", written)} == set(DATE_TOKENS)


def test_every_measure_is_explained() -> None:
    assert block(TEXT) == measure_table(), f"The table of measures is not that of the catalogue. {MEASURES_REMEDY}"


def test_every_word_of_the_language_is_named() -> None:
    words = {*Shape, *GRAINS, *OrderType, *DATE_ORDERS, *(order.day for order in DATE_ORDERS.values()), *REGISTER_FIELDS}
    assert sorted(words - CODE_SPANS) == []


@pytest.mark.parametrize("register", REGISTER_FIELDS)
def test_every_field_of_a_register_is_named(register: str) -> None:
    chapter = TEXT.partition("\n## Registers\n")[2]
    line = next(line for line in chapter.splitlines() if line.startswith(f"| `{register}` |"))
    assert [name for name in REGISTER_FIELDS[register] if not re.search(rf"\b{name}\b", line)] == []
    assert tuple(re.findall(r"\*\*(\w+)\*\*", line)) == REQUIRED_FIELDS[register]
