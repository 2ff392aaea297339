"""`recognise`: an unknown file as a proposed recipe, with what is uncertain and what must be asked."""

import sys
from pathlib import Path

import click

from analytics.commands.common import QUESTION_OPEN, command, print_json, read_answer, say
from analytics.intake import Original, stored_recipes
from analytics.intake.recipe_store import store_recipe
from analytics.intake.recognise import describe
from analytics.intake.recognise import recognise as recognised
from analytics.warehouse import Warehouse


@command("recognise")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--set", "answers", multiple=True, metavar="KEY=VALUE", help="Answer a question the file leaves open; repeat for more.")
@click.option("--store", "name", metavar="NAME", help="Store the recipe under this name: files with these columns are then loaded by it.")
@click.option("--replace", is_flag=True, help="Store it although another recipe has that name.")
def recognise(warehouse: Warehouse, as_json: bool, file: Path, answers: tuple[str, ...], name: str | None, replace: bool) -> None:
    """Print the recipe proposed for a file as TOML, without loading the file. Ends with 3 while a question is open."""
    found = recognised(Original.of(file, file.name), dict(read_answer(text) for text in answers), inside=warehouse.folder)
    if as_json:
        print_json(found.as_json())
    else:
        click.echo(describe(found), nl=False)
    if found.questions:
        names = ", ".join(question.key for question in found.questions)
        say(f"{file.name}: {len(found.questions)} open: {names}. Answer with --set KEY=VALUE.")
        sys.exit(QUESTION_OPEN)
    if name:
        stored = store_recipe(warehouse.folder, name, found.recipe.text, stored_recipes(warehouse), replace=replace)
        say(f"Stored as recipe '{stored.name}'.")


COMMANDS: list[click.Command] = [recognise]
