"""The proposed recipe as text: TOML with the reason of every line behind it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

Value = str | bool | int | Decimal | list | dict
_BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: a key, its value, and why."""

    key: str
    value: Value
    why: str = ""


@dataclass(slots=True)
class Draft:
    """A recipe in the making: lines above the first table, then tables."""

    top: list[Entry] = field(default_factory=list)
    tables: dict[str, list[Entry]] = field(default_factory=dict)

    def set(self, key: str, value: Value, why: str = "") -> None:
        """A line above the first table."""
        self.top.append(Entry(key, value, why))

    def add(self, table: str, key: str, value: Value, why: str = "") -> None:
        """A line of a table."""
        self.tables.setdefault(table, []).append(Entry(key, value, why))

    @property
    def text(self) -> str:
        """The recipe as TOML."""
        blocks = [_lines(self.top)] + [f"[{name}]\n{_lines(entries)}" for name, entries in self.tables.items() if entries]
        return "\n\n".join(blocks) + "\n"


def _lines(entries: list[Entry]) -> str:
    return "\n".join(f"{_key(entry.key)} = {toml(entry.value)}{_comment(entry.why)}" for entry in entries)


def _comment(why: str) -> str:
    visible = "".join(character if character.isprintable() else " " for character in why)
    return f"  # {visible}" if visible else ""


def _key(key: str) -> str:
    return key if key and set(key) <= _BARE else _text(key)


def toml(value: Value) -> str:
    """A value as TOML writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return "[" + ", ".join(toml(item) for item in value) + "]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)} = {toml(item)}" for key, item in value.items()) + "}"
    return f"{value}"


def _text(text: str) -> str:
    """A basic string: JSON's escapes are TOML's, but for the delete character and lone surrogates."""
    return "".join(f"\\u{ord(sign):04x}" if sign == "\x7f" else sign for sign in json.dumps(text, ensure_ascii=False))
