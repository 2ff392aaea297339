"""Recipes stored under a name: found by the next file, never written over another without saying so."""

from pathlib import Path

import pytest

from analytics.errors import IntakeError, UsageError
from analytics.intake import parse_recipe, stored_recipes
from analytics.intake.recipe_store import named, store_recipe
from analytics.warehouse import Warehouse

TEXT = """name = "calls"
shape = "aggregates"
source = "acd"

[dimensions]
period_start = {column = "Date", grain = "day"}
vendor = {column = "name"}

[measures]
contacts_offered = {column = "Calls"}
"""
OTHER = TEXT.replace("Calls", "Offered")


def test_a_stored_recipe_is_found_under_its_name(tmp_path: Path) -> None:
    stored = store_recipe(tmp_path, "  Acme: calls / day ", TEXT)
    assert stored.name == "Acme: calls / day"
    assert (tmp_path / "recipes" / "Acme- calls - day.toml").read_text(encoding="utf-8") == stored.text
    assert stored in stored_recipes(Warehouse(tmp_path))


def test_the_name_stands_once_and_names_of_columns_stay() -> None:
    found = parse_recipe(named(TEXT, 'Acme "new"'), "x")
    assert (found.name, found.text.count("name = ")) == ('Acme "new"', 1)
    assert "name" in found.headers


def test_another_recipe_is_replaced_only_when_that_was_said(tmp_path: Path) -> None:
    first = store_recipe(tmp_path, "Acme", TEXT)
    assert store_recipe(tmp_path, "Acme", TEXT, [first]) == first
    with pytest.raises(UsageError, match="There is another recipe called 'Acme'"):
        store_recipe(tmp_path, "ACME", OTHER, [first])
    assert [recipe.text for recipe in stored_recipes(Warehouse(tmp_path)) if recipe.name == "Acme"] == [first.text]
    store_recipe(tmp_path, "Acme", OTHER, [first], replace=True)
    assert len(list((tmp_path / "recipes").iterdir())) == 1


def test_a_recipe_without_a_name_is_called_like_its_file_and_its_text_stays(tmp_path: Path) -> None:
    bare = TEXT.removeprefix('name = "calls"\n')
    assert store_recipe(tmp_path, "Acme calls", bare).name == "Acme calls"
    (stored,) = [recipe for recipe in stored_recipes(Warehouse(tmp_path)) if recipe.name == "Acme calls"]
    assert stored.text == bare
    with pytest.raises(UsageError):
        store_recipe(tmp_path, "Acme calls", OTHER.removeprefix('name = "calls"\n'))


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "two\nlines", "a\u200bb"])
def test_a_name_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError):
        store_recipe(tmp_path, name, TEXT)
    assert not (tmp_path / "recipes").exists()


def test_nothing_is_stored_that_is_no_recipe_or_has_no_place(tmp_path: Path) -> None:
    with pytest.raises(IntakeError):
        store_recipe(tmp_path, "Acme", "shape = 'nothing'")
    (tmp_path / "recipes").write_text("a file, no folder")
    with pytest.raises(IntakeError, match="cannot be stored"):
        store_recipe(tmp_path, "Acme", TEXT)
    assert [path.name for path in tmp_path.iterdir()] == ["recipes"]


@pytest.mark.parametrize("name", ["../../escape", "/etc/passwd", "..", "CON", "a/../../b"])
def test_a_name_never_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    store_recipe(tmp_path / "w", name, TEXT)
    assert [path.suffix for path in (tmp_path / "w" / "recipes").iterdir()] == [".toml"]
    assert [path.name for path in tmp_path.iterdir()] == ["w"]
