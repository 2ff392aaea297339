"""How durations are written: per notation one full-match pattern and what each of its groups is worth in seconds.

The patterns keep to what Python and the database's regular expressions have in common, so both read the same cells alike.
"""

from collections.abc import Iterator, Mapping
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


@dataclass(frozen=True, slots=True)
class _Designator:
    """A part of a duration that is told by what follows its number: hours by an H."""

    sign: str
    seconds: int


def _chain(designators: tuple[_Designator, ...], between: str) -> Notation:
    """Parts in falling order, any of them left out but at least one there: d(h)(m)(s), or h(m)(s), or m(s), or s."""
    starts = [designators[first:] for first in range(len(designators))]
    pattern = "|".join("".join(_linked(parts, between)) for parts in starts)
    return Notation(f"(?:{pattern})", tuple(part.seconds for parts in starts for part in parts))


def _linked(parts: tuple[_Designator, ...], between: str) -> Iterator[str]:
    yield f"({_PART}){parts[0].sign}"
    for part in parts[1:]:
        yield f"(?:{between}({_PART}){part.sign})?"


_TIME = _chain((_Designator("H", _HOUR), _Designator("M", _MINUTE), _Designator("S", _SECOND)), "")
_IN_WORDS = _chain(
    (
        _Designator(" ?(?:[dD]|[dD]ays?)", _DAY),
        _Designator(" ?(?:[hH]|[hH]rs?|[hH]ours?)", _HOUR),
        _Designator(" ?(?:[mM]|[mM]ins?|[mM]inutes?)", _MINUTE),
        _Designator(" ?(?:[sS]|[sS]ecs?|[sS]econds?)", _SECOND),
    ),
    ",? ?",
)

NOTATIONS: Mapping[CellUnit, Notation] = {
    CellUnit.H_MM_SS: Notation(rf"([0-9]{{1,6}}):([0-5][0-9]):{_SECONDS}", (_HOUR, _MINUTE, _SECOND)),
    CellUnit.MM_SS: Notation(rf"([0-9]{{1,6}}):{_SECONDS}", (_MINUTE, _SECOND)),
    CellUnit.H_MM: Notation("([0-9]{1,6}):([0-5][0-9])", (_HOUR, _MINUTE)),
    CellUnit.D_HH_MM_SS: Notation(
        rf"(?:([0-9]{{1,6}})(?:[.:]| ?d ?| days?,? | ))?([01]?[0-9]|2[0-3]):([0-5][0-9]):{_SECONDS}", (_DAY, _HOUR, _MINUTE, _SECOND)
    ),
    CellUnit.WORDS: _IN_WORDS,
    CellUnit.ISO_8601: Notation(f"P(?:({_WHOLE})W|(?:({_WHOLE})D)?T{_TIME.pattern}|({_WHOLE})D)", (7 * _DAY, _DAY, *_TIME.factors, _DAY)),
}
