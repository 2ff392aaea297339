"""A table of a recipe, read strictly: every error names the line, the key and the nearest valid name."""

import re
from collections.abc import Iterable, Mapping
from typing import NoReturn

from analytics.errors import IntakeError, did_you_mean

_HEADER = re.compile(r"\s*\[\[?\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""\s*("[^"]*"|'[^']*'|[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)\s*=""")
_OTHER_SHAPES = {
    "count": "interactions", "equals": "interactions", "where": "interactions", "at_most": "interactions", "at_least": "interactions",
    "present": "interactions", "fold_by": "events", "order_by": "events",
}  # fmt: skip


def line_of(text: str, path: Iterable[str]) -> int:
    """The line (from 1) of `text` that sets `path` or the nearest table above it."""
    wanted, header, best, best_depth = tuple(path), (), 1, 0
    for number, line in enumerate(text.splitlines(), start=1):
        if table := _HEADER.match(line):
            header = _parts(table[1])
            here = header
        elif key := _KEY.match(line):
            here = (*header, *_parts(key[1]))
        else:
            continue
        if len(here) > best_depth and here == wanted[: len(here)]:
            best, best_depth = number, len(here)
    return best


def _parts(dotted: str) -> tuple[str, ...]:
    """The names of a key: quoted ones are kept whole."""
    return (dotted.strip("\"'"),) if dotted[:1] in "\"'" else tuple(part.strip() for part in dotted.split("."))


class Section:
    """One table of the recipe with its place in it."""

    def __init__(self, name: str, text: str, values: Mapping[str, object], path: tuple[str, ...] = ()) -> None:
        self.name = name
        self.text = text
        self.values = values
        self.path = path

    def fail(self, key: str, message: str, remedy: str) -> NoReturn:
        """Raise `IntakeError` naming the recipe and the line of `key`."""
        line = line_of(self.text, (*self.path, key) if key else self.path)
        raise IntakeError(f"Recipe {self.name}, line {line}: {message}", remedy)

    def only(self, *known: str) -> None:
        """Every key must be one of `known`."""
        for key in self.values:
            if key not in known:
                self._unknown(key, known)

    def _unknown(self, key: str, known: tuple[str, ...]) -> NoReturn:
        if key in _OTHER_SHAPES:
            self.fail(
                key, f"'{key}' is for shape = \"{_OTHER_SHAPES[key]}\".", "Each row of this shape already holds totals: name its column."
            )
        where = f" in [{'.'.join(self.path)}]" if self.path else ""
        self.fail(key, f"unknown key '{key}'{where}.", did_you_mean(key, known) or f"Known: {', '.join(known)}.")

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
            self.fail(key, f"{key} is {value!r}, not a text.", "Put it in quotes.")
        return value

    def optional(self, key: str) -> str | None:
        """A text that may be absent."""
        return self.string(key) if key in self.values else None

    def required(self, key: str, example: str) -> str:
        """A text that must be there."""
        if not self.string(key).strip():
            where = f"[{'.'.join(self.path)}]" if self.path else "the recipe"
            self.fail("", f"{where} has no {key}.", f"Add {key} = {example}.")
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
            self.fail(key, f"{key} is {value!r}.", "Write true or false.")
        return value

    def number(self, key: str) -> str | None:
        """A number, as exact text; None when absent."""
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.fail(key, f"{key} is {value!r}, not a number.", "Write the number without quotes.")
        return str(value)

    def choice(self, key: str, choices: Iterable[str], default: str = "") -> str:
        """One of `choices`; without a default it must be there."""
        known = tuple(choices)
        value = self.string(key, default) if default else self.required(key, f'"{known[0]}"')
        if value not in known:
            self.fail(key, f"{key} is '{value}'.", did_you_mean(value, known) or f"Known: {', '.join(known)}.")
        return value
