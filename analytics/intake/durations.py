"""How durations are written: per notation one full-match pattern and what each of its groups is worth in seconds.

The patterns keep to what Python and the database's regular expressions have in common (no look-ahead, at most nine groups), so
both read the same cells alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from analytics.intake.recipe import CellUnit

_WHOLE = "[0-9]{1,9}"
_PART = r"[0-9]{1,9}(?:\.[0-9]{1,6})?"
_SECONDS = r"([0-5][0-9](?:\.[0-9]{1,6})?)"
_DAY, _HOUR, _MINUTE, _SECOND = 86400, 3600, 60, 1


@dataclass(frozen=True, slots=True)
class Notation:
    """A cell that matches `pattern` as a whole lasts the sum of its groups times their `factors`; groups without text count nothing."""

    pattern: str
    factors: tuple[int, ...]


def _number(sign: str) -> str:
    """A number told by what follows it: hours by an h."""
    return f"({_PART}){sign}"


# PT4M30S: at least one of hours, minutes and seconds, in this order.
_H, _M, _S = _number("H"), _number("M"), _number("S")
_TIME = f"(?:{_H}(?:{_M})?(?:{_S})?|{_M}(?:{_S})?|{_S})"
_TIME_FACTORS = (_HOUR, _MINUTE, _SECOND, _MINUTE, _SECOND, _SECOND)

# 1d 2h 3m 4s, "2 Days 3 Hours": at least one of them, in this order, blanks or commas between.
_DAYS, _HOURS = _number(" ?(?:[dD]|[dD]ays?)"), _number(" ?(?:[hH]|[hH]rs?|[hH]ours?)")
_MINUTES, _SECONDS_IN_WORDS = _number(" ?(?:[mM]|[mM]ins?|[mM]inutes?)"), _number(" ?(?:[sS]|[sS]ecs?|[sS]econds?)")
_GAP = ",? ?"
_WITH_MINUTES_OR_SECONDS = f"(?:{_DAYS}{_GAP})?(?:{_HOURS}{_GAP})?(?:{_MINUTES}(?:{_GAP}{_SECONDS_IN_WORDS})?|{_SECONDS_IN_WORDS})"
_WORDS = f"{_WITH_MINUTES_OR_SECONDS}|{_DAYS}(?:{_GAP}{_HOURS})?|{_HOURS}"

NOTATIONS: Mapping[CellUnit, Notation] = {
    CellUnit.H_MM_SS: Notation(rf"([0-9]{{1,6}}):([0-5][0-9]):{_SECONDS}", (_HOUR, _MINUTE, _SECOND)),
    CellUnit.MM_SS: Notation(rf"([0-9]{{1,6}}):{_SECONDS}", (_MINUTE, _SECOND)),
    CellUnit.H_MM: Notation("([0-9]{1,6}):([0-5][0-9])", (_HOUR, _MINUTE)),
    CellUnit.D_HH_MM_SS: Notation(
        rf"(?:([0-9]{{1,6}})(?:[.:]| ?d ?| days?,? | ))?([01]?[0-9]|2[0-3]):([0-5][0-9]):{_SECONDS}", (_DAY, _HOUR, _MINUTE, _SECOND)
    ),
    CellUnit.WORDS: Notation(_WORDS, (_DAY, _HOUR, _MINUTE, _SECOND, _SECOND, _DAY, _HOUR, _HOUR)),
    CellUnit.ISO_8601: Notation(f"P(?:({_WHOLE})W|(?:({_WHOLE})D)?T{_TIME}|({_WHOLE})D)", (7 * _DAY, _DAY, *_TIME_FACTORS, _DAY)),
}
