"""A table of a recipe, read strictly: every error names the line, the key and the nearest valid name."""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NoReturn

from analytics.errors import IntakeError, did_you_mean
from analytics.intake.recipe import Shape
from analytics.intake.recipe_keys import KEYS, PLACES, keys_of, places_of, reason

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""\s*("[^"]*"|'[^']*'|[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)\s*=""")
_QUOTED = re.compile(r"""("[^"]*"|'[^']*'|#.*)""")
_SHOWN_PLACES = 3
Path = tuple[str | int, ...]


def line_of(text: str, path: Iterable[str | int]) -> int:
    """The line (from 1) of `text` that sets `path` or the nearest table above it; a number counts the tables of a list, from 0."""
    wanted, best, best_depth = tuple(path), 1, 0
    for number, here in _set_in(text):
        if len(here) > best_depth and here == wanted[: len(here)]:
            best, best_depth = number, len(here)
    rest = wanted[best_depth:]
    return _line_of_item(text, best, rest[0]) if rest and isinstance(rest[0], int) else best


def _set_in(text: str) -> Iterator[tuple[int, Path]]:
    """(line, path) of every table header and every key at the start of a line."""
    header: Path = ()
    seen: dict[Path, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if table := _HEADER.match(line):
            header = _parts(table[2])
            if table[1] == "[[":
                seen[header] = seen.get(header, -1) + 1
                header = (*header, seen[header])
            yield number, header
        elif key := _KEY.match(line):
            yield number, (*header, *_parts(key[1]))


def _line_of_item(text: str, first: int, position: int) -> int:
    """The line of the table at `position` of a list that starts on line `first`."""
    openings = [number for number, line in enumerate(text.splitlines(), start=1) if number >= first for _ in range(_tables_opened(line))]
    return openings[position] if position < len(openings) else first


def _tables_opened(line: str) -> int:
    return _QUOTED.sub("", line).count("{")


def _parts(dotted: str) -> tuple[str, ...]:
    """The names of a key: quoted ones are kept whole."""
    return (dotted.strip("\"'"),) if dotted[:1] in "\"'" else tuple(part.strip() for part in dotted.split("."))


def _shown(value: object) -> str:
    """A value as a recipe writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value) if isinstance(value, Decimal) else repr(value)


class Section:
    """One table of the recipe with its place in it."""

    def __init__(self, name: str, text: str, values: Mapping[str, object], path: Path = ()) -> None:
        self.name = name
        self.text = text
        self.values = values
        self.path = path

    @property
    def title(self) -> str:
        """The name of the table: what its values are about."""
        return next((part for part in reversed(self.path) if isinstance(part, str)), "the recipe")

    @property
    def place(self) -> str:
        """The table as a recipe writes it, '[rows.exclude]'."""
        return f"[{'.'.join(part for part in self.path if isinstance(part, str))}]" if self.path else "the recipe"

    def fail(self, key: str, message: str, remedy: str) -> NoReturn:
        """Raise `IntakeError` naming the recipe and the line of `key`."""
        line = line_of(self.text, (*self.path, key) if key else self.path)
        raise IntakeError(f"Recipe {self.name}, line {line}: {message}", remedy)

    def only(self, part: str, shape: Shape) -> None:
        """Every key must be one this part of the recipe has in files of this shape."""
        known = keys_of(part, shape)
        for key in self.values:
            if key not in known:
                self._not_known(key, part, shape)

    def only_names(self, known: Iterable[str]) -> None:
        """Every key must be one of `known`."""
        names = tuple(known)
        for key in self.values:
            if key not in names:
                self._unknown(key, names)

    def _not_known(self, key: str, part: str, shape: Shape) -> NoReturn:
        known = keys_of(part, shape)
        if shapes := KEYS[part].get(key):
            knowing = " or ".join(f'"{other}"' for other in shapes)
            self.fail(key, f"'{key}' is for shape = {knowing}.", reason(key, shape))
        elsewhere = places_of(key, shape)
        if elsewhere and not any(key in name or name in key for name in known):
            shown = ", ".join(elsewhere[:_SHOWN_PLACES])
            self.fail(key, f"unknown key '{key}' in {PLACES[part]}.", f"'{key}' belongs to {shown}.")
        self._unknown(key, known)

    def _unknown(self, key: str, known: tuple[str, ...]) -> NoReturn:
        where = f" in {self.place}" if self.path else ""
        self.fail(key, f"unknown key '{key}'{where}.", did_you_mean(key, known) or f"Known: {', '.join(known)}.")

    def tables_in(self, key: str) -> "list[Section]":
        """One table or a list of tables, each as a section; none when the key is absent."""
        value = self.values.get(key, [])
        if isinstance(value, dict):
            return [Section(self.name, self.text, value, (*self.path, key))]
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.fail(key, f"{key} must be a table or a list of tables.", f'Write {key} = [{{column = "Site", equals = ["Total"]}}].')
        return [Section(self.name, self.text, item, (*self.path, key, position)) for position, item in enumerate(value)]

    def table(self, key: str) -> "Section | None":
        """The table under `key`, None when there is none."""
        if key not in self.values:
            return None
        value = self.values[key]
        if not isinstance(value, dict):
            self.fail(key, f"{key} must be a table.", f'Write {key} = {{column = "Header"}} or [{key}].')
        return Section(self.name, self.text, value, (*self.path, key))

    def tables(self) -> "dict[str, Section]":
        """Every entry as a table."""
        return {key: section for key in self.values if (section := self.table(key))}

    def string(self, key: str, default: str = "") -> str:
        """A text."""
        value = self.values.get(key, default)
        if not isinstance(value, str):
            self.fail(key, f"{key} is {_shown(value)}, not a text.", "Put it in quotes.")
        return value

    def optional(self, key: str) -> str | None:
        """A text that may be absent."""
        return self.string(key) if key in self.values else None

    def required(self, key: str, example: str) -> str:
        """A text that must be there."""
        if not self.string(key).strip():
            self.fail("", f"{self.place} has no {key}.", f"Add {key} = {example}.")
        return self.string(key)

    def strings(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """A text or a list of texts."""
        value = self.values.get(key, list(default))
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list) or not all(isinstance(item, str) for item in listed):
            self.fail(key, f"{key} must be a text or a list of texts.", f'Write {key} = ["...", "..."].')
        return tuple(listed)

    def flag(self, key: str) -> bool:
        """True or false; absent is false."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            self.fail(key, f"{key} is {_shown(value)}.", "Write true or false.")
        return value

    def number(self, key: str) -> str | None:
        """A number, as exact text; None when absent."""
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite():
            self.fail(key, f"{key} is {_shown(value)}, not a number.", "Write the number without quotes.")
        return str(value)

    def choice(self, key: str, choices: Iterable[str], default: str = "") -> str:
        """One of `choices`; without a default it must be there."""
        known = tuple(choices)
        value = self.string(key, default) if default else self.required(key, f'"{known[0]}"')
        if value not in known:
            self.fail(key, f"{key} is '{value}'.", did_you_mean(value, known) or f"Known: {', '.join(known)}.")
        return value
