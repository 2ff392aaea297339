"""Texts as they can be printed: no control characters, nothing that turns the reading direction, a place to break in every long word."""

import re
import unicodedata

BREAK = "\u200b"
JOINER = "\u200d"
ELLIPSIS = "…"
LONGEST_WORD = 24
_SPACES = re.compile(r"[ \t\r\n\f\v\x1c-\x1f\x85\u2028\u2029]+")
# What turns the direction of the text after it, or is no character at all.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def printable(text: str, longest: int = LONGEST_WORD) -> str:
    """`text` in one paragraph that cannot run out of its column: words longer than `longest` characters may break anywhere."""
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    plain = "".join(letter for letter in _SPACES.sub(" ", whole) if not _unprintable(letter))
    return " ".join(_breakable(word, longest) for word in plain.replace(BREAK, "").split(" ")).strip()


def shortened(text: str, most: int, longest: int = LONGEST_WORD) -> str:
    """`text` in at most `most` characters, for places with room for a name of ordinary length."""
    plain = printable(text).replace(BREAK, "")
    return printable(plain if len(plain) <= most else plain[: most - 1].rstrip() + ELLIPSIS, longest)


def _unprintable(letter: str) -> bool:
    number = ord(letter)
    return unicodedata.category(letter) in ("Cc", "Cs") or letter in _TURNING or number & 0xFFFE == 0xFFFE or 0xFDD0 <= number <= 0xFDEF


def _breakable(word: str, longest: int) -> str:
    """The word with a place to break between all of its visible signs; accents and joined signs stay with theirs."""
    if len(word) <= longest:
        return word
    pieces: list[str] = []
    for letter in word:
        follows = unicodedata.category(letter) in ("Mn", "Mc", "Me") or letter == JOINER or (pieces and pieces[-1].endswith(JOINER))
        if follows and pieces:
            pieces[-1] += letter
        else:
            pieces.append(letter)
    return BREAK.join(pieces)
