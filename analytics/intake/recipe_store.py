"""The warehouse's own recipes: one TOML file each in its folder `recipes`, found again by the columns of the next file."""

import os
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from analytics.errors import IntakeError, UsageError
from analytics.intake.recipe import Recipe
from analytics.intake.recipe_text import parse_recipe, read_recipe
from analytics.intake.recognise.draft import toml

FOLDER = "recipes"
LONGEST_NAME = 80
_NAME_LINE = re.compile(r"^name[ \t]*=.*(?:\n|\Z)", re.MULTILINE)
_NO_FILE_NAME = re.compile(r'[/\\:*?"<>|]+')


def store_recipe(folder: Path, name: str, text: str, known: Iterable[Recipe] = (), *, replace: bool = False) -> Recipe:
    """Store a recipe under a name in `folder`/recipes, whole or not at all; returns it as the next file finds it.

    A text that names itself gets the name; any other is called like its file, and stays as it is: files kept by it are not
    read anew. A name that is none, or that another recipe has (one of the `known` or in the folder) unless it is to be
    replaced: `UsageError`. Text that is no recipe, or a folder that cannot be written: `IntakeError`.
    """
    checked = checked_name(name)
    path = folder / FOLDER / f"{_NO_FILE_NAME.sub('-', checked).strip('. -') or 'recipe'}.toml"
    recipe = parse_recipe(named(text, checked), path.stem)
    stored = {place: one for place in sorted(path.parent.glob("*.toml")) for one in _stored_at(place)}
    others = [one for one in (*known, *stored.values()) if one.name.casefold() == recipe.name.casefold() and one.text != recipe.text]
    if others and not replace:
        raise UsageError(f"There is another recipe called '{others[0].name}'.", "Choose another name, or replace it.")
    try:
        _write(path, recipe.text)
        for place, one in stored.items():
            if place != path and one.name.casefold() == recipe.name.casefold():
                place.unlink()
    except OSError as problem:
        remedy = "Check its permissions and free space."
        raise IntakeError(f"The recipe cannot be stored in {path.parent}: {problem.strerror}.", remedy) from problem
    return recipe


def checked_name(name: str) -> str:
    """The name without blanks around it; empty, too long or with characters nobody sees: `UsageError`."""
    bare = name.strip()
    if not bare:
        raise UsageError("The recipe has no name.", "Name the tool and the report, such as: Acme call detail.")
    if len(bare) > LONGEST_NAME or not bare.isprintable():
        raise UsageError(f"'{bare[:LONGEST_NAME]}' is no name for a recipe.", f"Use up to {LONGEST_NAME} visible characters on one line.")
    return bare


def named(text: str, name: str) -> str:
    """The text of a recipe; where it names itself, by this name."""
    first_table = re.search(r"^\[", text, re.MULTILINE)
    end = first_table.start() if first_table else len(text)
    if not _NAME_LINE.search(text[:end]):
        return text
    return f"name = {toml(name)}\n{_NAME_LINE.sub('', text[:end], count=1)}{text[end:]}"


def _stored_at(path: Path) -> list[Recipe]:
    """The recipe in a file, none where there is none that can be read."""
    if path.is_file():
        with suppress(IntakeError):
            return [read_recipe(path)]
    return []


def _write(path: Path, text: str) -> None:
    """The whole text under its name at once; an unfinished file is never found as a recipe."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with unfinished.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(path)
    finally:
        with suppress(FileNotFoundError):
            unfinished.unlink()
