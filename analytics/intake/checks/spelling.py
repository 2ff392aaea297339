"""When two names are one: the same but for case, blanks and the form of their characters, or only to the eye, or but for a typo.

The letters that look like Latin ones are those of Unicode Technical Standard #39 (confusables.txt) that occur in names.
"""

import re
import unicodedata
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import DamerauLevenshtein

ALMOST_SURE = 90  # of 100: beyond it a person is asked
_LONG, _SHORT = 8, 4  # letters of a word in which two typos, or one, may be
_CYRILLIC = dict(zip("авсԁеһіјкмнорԛѕтухԝѵӏгьё", "abcdehijkmhopqstyxwvlrbe", strict=True))
_GREEK = dict(zip("αβγεζηικμνορτυχω", "abyezhikmvoptuxw", strict=True))
_CONFUSABLE = str.maketrans({**_CYRILLIC, **_GREEK, "ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "|": "l", "օ": "o"})
_DIGIT_IN_WORD = re.compile(r"(?<=[a-z])[01](?=[a-z])")
_LONG_NAME = 6  # shorter ones are codes, where R0A and ROA are two
_SCRIPTS = frozenset(("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"))


@lru_cache(maxsize=1 << 14)
def folded(name: str) -> str:
    """The name without case, blanks, invisible characters and compatibility forms (full width, ligatures)."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(character for character in plain if not character.isspace() and unicodedata.category(character) not in ("Cf", "Cc"))


@lru_cache(maxsize=1 << 14)
def skeleton(name: str) -> str:
    """What the eye sees of a name: without accents too, and in Latin letters where another letter looks like one."""
    apart = unicodedata.normalize("NFKD", folded(name).translate(_CONFUSABLE))
    plain = "".join(character for character in apart if not unicodedata.combining(character)).translate(_CONFUSABLE)
    return _DIGIT_IN_WORD.sub(lambda digit: "lo"[digit[0] == "0"], plain) if len(plain) >= _LONG_NAME else plain


def scripts(name: str) -> list[str]:
    """The alphabets a name is written in, of those that share shapes: ['Cyrillic', 'Latin']."""
    found = {unicodedata.name(letter, "").split(" ")[0] for letter in name if letter.isalpha()} & _SCRIPTS
    return sorted(script.capitalize() for script in found)


def in_latin(name: str) -> str:
    """The name with Latin letters in place of those that look like them, capitals kept."""
    return "".join(_latin(letter) for letter in name)


def _latin(letter: str) -> str:
    plain = _CYRILLIC.get(letter.casefold()) or _GREEK.get(letter.casefold())
    if plain is None:
        return letter
    return plain.upper() if letter.isupper() else plain


def likeness(one: str, other: str) -> float:
    """How alike two names are, 0 to 100; 0 where they differ in a number, a short word or more than a typo."""
    first, second = one.casefold().split(), other.casefold().split()
    if len(first) != len(second):
        return 0
    apart = [(a, b) for a, b in zip(first, second, strict=True) if a != b]
    if len(apart) != 1 or any(character.isdigit() for character in "".join(apart[0])):
        return 0
    a, b = apart[0]
    shorter = min(len(a), len(b))
    allowed = 2 if shorter >= _LONG else 1 if shorter >= _SHORT else 0
    return fuzz.ratio(one.casefold(), other.casefold()) if DamerauLevenshtein.distance(a, b) <= allowed else 0
