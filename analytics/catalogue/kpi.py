"""What an entry of the catalogue is: a KPI as signed sums of measures, with its words, unit, direction and default target."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from analytics.catalogue.units import Comparator, Direction, Unit

_TERM = re.compile(r"([+-]?)\s*([a-z][a-z0-9_]*)")


class Topic(StrEnum):
    """The heading a KPI stands under."""

    SPEED = "Demand and speed"
    PEOPLE = "People and time"
    QUALITY = "Quality and outcome"
    MONEY = "Money"
    OWN = "Your own"


@dataclass(frozen=True, slots=True)
class Term:
    """One measure of a sum, with its sign."""

    measure: str
    sign: int = 1


@lru_cache(maxsize=1024)
def terms(expression: str) -> tuple[Term, ...]:
    """Read 'paid_seconds - productive_seconds' into signed terms."""
    return tuple(Term(name, -1 if sign == "-" else 1) for sign, name in _TERM.findall(expression))


@dataclass(frozen=True, slots=True)
class DefaultTarget:
    """The target used until a contract sets one; levels in base units (0.8 is 80 %)."""

    comparator: Comparator
    expected: float | None = None
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True, slots=True)
class Kpi:
    """One KPI or variant. `numerator` and `denominator` are sums of measures; '' as denominator means a total.

    With `window_months` a period shows the months that end with it, that many. Fewer than `steady_months` months are a trial value and
    say so.
    """

    id: str
    label: str
    topic: Topic
    numerator: str
    denominator: str
    unit: Unit
    direction: Direction
    definition: str
    source: str
    scale: float = 1.0
    target: DefaultTarget | None = None
    note: str = ""
    synonyms: tuple[str, ...] = ()
    window_months: int = 0
    steady_months: int = 0

    @property
    def numerator_terms(self) -> tuple[Term, ...]:
        """The signed measures above the line."""
        return terms(self.numerator)

    @property
    def denominator_terms(self) -> tuple[Term, ...]:
        """The signed measures below the line; empty for a total."""
        return terms(self.denominator)

    @property
    def measures(self) -> tuple[str, ...]:
        """Every measure the KPI needs, each once."""
        return tuple(dict.fromkeys(term.measure for term in (*self.numerator_terms, *self.denominator_terms)))

    @property
    def is_proportion(self) -> bool:
        """Whether it is a share of a count, between 0 and 1."""
        return self.unit is Unit.PERCENT and bool(self.denominator) and self.scale == 1

    @property
    def variant_of(self) -> str | None:
        """The id of the KPI this is a variant of, None for a KPI of its own."""
        base, dot, _ = self.id.partition(".")
        return base if dot else None

    @property
    def better_sign(self) -> int:
        """+1 when higher is better, -1 when lower is, 0 for a band or a neutral KPI."""
        return {Direction.HIGHER: 1, Direction.LOWER: -1}.get(self.direction, 0)
