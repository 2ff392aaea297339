"""One [[entry]] of a catalogue.toml, read strictly: every error names file, line, key and the nearest valid name."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from analytics.errors import UsageError, did_you_mean

LONGEST_LABEL = 60
LONGEST_TEXT = 500
_PUNCTUATION = frozenset(" ,.%/()&'+-")


@dataclass(frozen=True, slots=True)
class OwnEntry:
    """The values of the entry number `place` (from 0) of [[kind]] in `text`, with where it stands."""

    path: Path
    text: str
    kind: str
    place: int
    values: Mapping[str, object]

    def fail(self, key: str, message: str, remedy: str) -> NoReturn:
        """Raise `UsageError` naming the file and the line of `key`."""
        raise UsageError(f"{self.path}, line {self._line(key)}: {message}", remedy)

    def _line(self, key: str) -> int:
        """The line (from 1) of the key in this entry; else of the entry, of its kind, of the file."""
        header = re.compile(rf"\s*\[\[\s*{self.kind}\s*\]\]|\s*{self.kind}\s*=")
        lines = self.text.splitlines()
        starts = [number for number, line in enumerate(lines, start=1) if header.match(line)]
        if not starts:
            return 1
        start = starts[min(self.place, len(starts) - 1)]
        for number, line in enumerate(lines[start:], start=start + 1):
            if line.lstrip().startswith("[["):
                break
            if re.match(rf"""\s*["']?{re.escape(key)}["']?\s*=""", line):
                return number
        return start

    def only(self, known: Iterable[str], elsewhere: Mapping[str, str]) -> None:
        """Every key must be one of `known`; `elsewhere` says what to write instead of a key people try."""
        for key in self.values:
            if key not in known:
                remedy = elsewhere.get(key) or did_you_mean(key, known)
                self.fail(key, f"unknown key '{key}' in [[{self.kind}]].", remedy or f"Known: {', '.join(known)}.")

    def words(self, key: str, default: str | None = None, *, longest: int = LONGEST_TEXT) -> str:
        """A text on one line; without a default it must be there."""
        value = self.values.get(key, default)
        if value is None:
            self.fail("", f"an entry of [[{self.kind}]] has no {key}.", f'Add {key} = "...".')
        if not isinstance(value, str) or not value.isprintable() or len(value) > longest or (default is None and not value.strip()):
            self.fail(key, f"{key} is {value!r}.", f"Give a text on one line, in quotes, of at most {longest} characters.")
        return value.strip()

    def label(self) -> str:
        """The name people read, in characters that mean the same on screen, in charts and in files."""
        label = self.words("label", longest=LONGEST_LABEL)
        if not set(label) <= _PUNCTUATION | {character for character in label if character.isalnum()}:
            self.fail("label", f"label is {label!r}.", f"Use letters, digits, blanks and {' '.join(sorted(_PUNCTUATION - {' '}))}")
        return label

    def sentence(self, key: str) -> str:
        """A text that other sentences may follow."""
        words = self.words(key)
        return words if words[-1] in ".!?" else f"{words}."

    def list_of_words(self, key: str) -> tuple[str, ...]:
        """A list of texts, as people compare them: in lower case."""
        listed = self.values.get(key, [])
        if not isinstance(listed, list) or not all(isinstance(item, str) and item.strip() and item.isprintable() for item in listed):
            self.fail(key, f"{key} is {listed!r}.", f'Give a list of texts: {key} = ["...", "..."].')
        return tuple(item.strip().casefold() for item in listed)

    def choice(self, key: str, choices: Iterable[str], default: str | None = None) -> str:
        """One of `choices`; without a default it must be there."""
        known, value = tuple(choices), self.words(key, default)
        if value not in known:
            self.fail(key, f"{key} is '{value}'.", did_you_mean(value, known) or f"Known: {', '.join(known)}.")
        return value

    def number(self, key: str, value: object) -> float:
        """A finite number."""
        if isinstance(value, bool) or not isinstance(value, int | float) or value - value != 0:
            self.fail(key, f"{key} is {value!r}, not a number.", "Write the number without quotes.")
        return float(value)
