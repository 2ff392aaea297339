"""`recognise`: an unknown file as a proposed recipe, with what is uncertain and what must be asked."""

import sys
from pathlib import Path

import click

from analytics.commands.common import QUESTION_OPEN, command, print_json, read_answer, say
from analytics.intake.originals import Original
from analytics.intake.recognise import describe
from analytics.intake.recognise import recognise as recognised
from analytics.warehouse import Warehouse


@command("recognise")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--set", "answers", multiple=True, metavar="KEY=VALUE", help="Answer a question the file leaves open; repeat for more.")
def recognise(_warehouse: Warehouse, as_json: bool, file: Path, answers: tuple[str, ...]) -> None:
    """Print the recipe proposed for a file as TOML. Stores nothing; ends with 3 while a question is open."""
    found = recognised(Original.of(file, file.name), dict(read_answer(text) for text in answers))
    if as_json:
        print_json(found.as_json())
    else:
        click.echo(describe(found), nl=False)
    if found.questions:
        names = ", ".join(question.key for question in found.questions)
        say(f"{file.name}: {len(found.questions)} open: {names}. Answer with --set KEY=VALUE.")
        sys.exit(QUESTION_OPEN)


COMMANDS: list[click.Command] = [recognise]
