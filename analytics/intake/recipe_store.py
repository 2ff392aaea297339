"""The warehouse's own recipes: one TOML file each in its folder `recipes`, found again by the columns of the next file."""

import os
import re
import tomllib
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
_NO_FILE_NAME = re.compile(r"[^\w-]+")


def store_recipe(folder: Path, name: str, text: str, known: Iterable[Recipe] = (), *, replace: bool = False) -> Recipe:
    """Store a recipe under a name in `folder`/recipes, whole or not at all; returns it as the next file finds it.

    A name that is none, or that another of the `known` recipes has unless it is to be replaced: `UsageError`. Text that is no
    recipe, or a folder that cannot be written: `IntakeError`.
    """
    checked = checked_name(name)
    recipe = parse_recipe(named(text, checked), checked)
    other = next((one for one in known if one.name.casefold() == checked.casefold() and one.text != recipe.text), None)
    if other and not replace:
        raise UsageError(f"There is another recipe called '{other.name}'.", "Choose another name, or replace it.")
    path = _path_for(folder / FOLDER, other.name if other else checked)
    try:
        _write(path, recipe.text)
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
    """The text of a recipe with this name in it, in place of the one it has."""
    first_table = re.search(r"^\[", text, re.MULTILINE)
    end = first_table.start() if first_table else len(text)
    top = _NAME_LINE.sub("", text[:end], count=1) if "name" in tomllib.loads(text) else text[:end]
    return f"name = {toml(name)}\n{top}{text[end:]}"


def _path_for(folder: Path, name: str) -> Path:
    """Where the recipe of this name is stored, else a file that no other recipe has."""
    stored = {path: _name_in(path) for path in sorted(folder.glob("*.toml"))}
    if own := next((path for path, found in stored.items() if found.casefold() == name.casefold()), None):
        return own
    stem = _NO_FILE_NAME.sub("_", name).strip("_").lower()[:60] or "recipe"
    taken = {path.stem.lower() for path in stored}
    number = next(number for number in range(1, len(taken) + 2) if _numbered(stem, number) not in taken)
    return folder / f"{_numbered(stem, number)}.toml"


def _numbered(stem: str, number: int) -> str:
    return stem if number == 1 else f"{stem}_{number}"


def _name_in(path: Path) -> str:
    """The name of a stored recipe; of one that cannot be read, its file's."""
    with suppress(IntakeError):
        return read_recipe(path).name
    return path.stem


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
