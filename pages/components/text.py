"""Markdown that says exactly what it is given: names, notes and file contents may hold any character."""

import re

from analytics.charts.images import status_image
from analytics.charts.theme import Mode

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_SPACE = re.compile(r"\s+")
# Replaced by Streamlit after escapes are gone: symbols standing alone, emoji and icon codes, bare addresses.
_REPLACED_LATER = re.compile(r"(?<!\S)(?:<->|->|<-|--|>=|<=|~=)(?!\S)|:(?:[+-]1|[\w+\-/]*[a-z][\w+\-/]*):|://|www\.|\w@\w", re.IGNORECASE)
_BEFORE_UNIT = re.compile(r"(?<=\d) (?=(?:%|pp|min|h)(?!\w))")
_WORD_JOINER = "\u2060"
_THIN_SPACE = "\u2009"
_STATUS_COLOURS = {"met": "blue", "below expected": "yellow", "missed": "orange"}


def text(value: object) -> str:
    """`value` as Markdown that prints just its characters, on one line; nothing in it is formatted, linked or loaded.

    Where Streamlit would still turn characters into a symbol, an emoji or a link, an invisible word joiner parts them. A number stays on
    one line with its unit.
    """
    plain = _SPACE.sub(" ", str(value)).strip()
    plain = _BEFORE_UNIT.sub("\u00a0", plain)
    parted = _REPLACED_LATER.sub(lambda found: found[0][0] + _WORD_JOINER + found[0][1:], plain)
    return _PUNCTUATION.sub(r"\\\1", parted)


def target_words(target: str) -> str:
    """A target in grey, character for character: '>=' alone would become one glyph, so its parts stand apart."""
    found = re.match(r"(>=|<=)(.*)", target)
    if not found:
        return f":gray[{text(target)}]"
    return f":gray[\\{found[1][0]}]:gray[= {text(found[2])}]"


def status_colour(status: str) -> str:
    """The name of the colour a status is written in."""
    return _STATUS_COLOURS.get(status, "gray")


def status_words(status: str, words: str, mode: Mode, *, bold: bool = False) -> str:
    """The mark of `status` and `words` in its colour: 'met', 'mixed: 3 of 5 met'."""
    shown = f"**{text(words)}**" if bold else text(words)
    return f"{status_image(status, mode)}{_THIN_SPACE}:{status_colour(status)}[{shown}]"
