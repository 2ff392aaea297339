"""A split as it is printed: numbers rounded so that start, every part and end add up on screen, and the steps between the ends.

The printed change is the printed end less the printed start. It is shared out between own rates and mix, and each of these
between the members (largest remainder), so rows and columns of the table add up, and no sum of many is off by more than one
last digit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from analytics.catalogue import Unit, find_kpi
from analytics.catalogue.units import SECONDS_PER_HOUR, default_decimals
from analytics.performance.drivers import Part, PartKind, Split, add_up_rounded, exact_sum, half_away

ON_SCREEN = {Unit.PERCENT: Fraction(100), Unit.HOURS: Fraction(1, SECONDS_PER_HOUR)}
MOST_EXTRA_DECIMALS = 3
SEEN_AS_A_BAR = Fraction(1, 5)  # of the largest part: a bar this long is not labelled 0
FEWEST_UNITS = 2  # of the last digit the largest part is at least worth
SPLITS_KEPT = 16


@dataclass(frozen=True, slots=True)
class Printed:
    """Start and end, and each part's rate and mix effect, as printed at `places` decimals, in base units."""

    places: int
    start: Fraction
    end: Fraction
    rates: tuple[Fraction, ...]
    mixes: tuple[Fraction, ...]

    @property
    def change(self) -> Fraction:
        """The printed change: end - start, and the sum of the parts."""
        return self.end - self.start

    @property
    def effects(self) -> tuple[Fraction, ...]:
        """Each part's whole effect."""
        return tuple(rate + mix for rate, mix in zip(self.rates, self.mixes, strict=True))


@lru_cache(maxsize=SPLITS_KEPT)
def printed(split: Split) -> Printed:
    """The split as printed. It must have a change."""
    places, scale = _places(split), ON_SCREEN.get(find_kpi(split.kpi).unit, Fraction(1))
    start, end = (_rounded(value * scale, places) for value in _ends(split))
    rates, mixes = [part.rate_effect * scale for part in split.parts], [part.mix_effect * scale for part in split.parts]
    whole = add_up_rounded([exact_sum(rates), exact_sum(mixes)], places, end - start)
    shared = (add_up_rounded(column, places, total) for column, total in zip((rates, mixes), whole, strict=True))
    own, mix = (tuple(number / scale for number in column) for column in shared)
    return Printed(places, start / scale, end / scale, own, mix)


def _ends(split: Split) -> tuple[Fraction, Fraction]:
    return split.start or Fraction(), split.end or Fraction()


def _rounded(number: Fraction, places: int) -> Fraction:
    return Fraction(half_away(number * 10**places), 10**places)


def _places(split: Split) -> int:
    """As many decimals as the unit has by default; more where the largest part, or a gap, would hardly be seen.

    Also more where the printed ends differ by something that would be rounded to another change than is printed elsewhere. A target
    is printed as it was agreed.
    """
    unit = find_kpi(split.kpi).unit
    least, scale = default_decimals(unit), ON_SCREEN.get(unit, Fraction(1))
    start, end = (value * scale for value in _ends(split))
    parts = [abs(effect) * scale for part in split.parts for effect in (part.rate_effect, part.effect)]
    largest = max(parts, default=Fraction())

    def enough(places: int) -> bool:
        whole, shown = 10**places, _rounded(end, places) - _rounded(start, places)
        seen = not split.against_target or (_rounded(start, places) == start and (start == end or _rounded(end - start, places) != 0))
        true = _rounded(shown, least) == _rounded(end - start, least)
        bars = all(_rounded(part, places) for part in parts if part >= largest * SEEN_AS_A_BAR)
        return seen and true and (not largest or (bars and largest * whole >= FEWEST_UNITS))

    return next((places for places in range(least, least + MOST_EXTRA_DECIMALS) if enough(places)), least + MOST_EXTRA_DECIMALS)


class StepKind(StrEnum):
    """What a step of the waterfall stands for."""

    MEMBER = "member"
    NEW = "new"
    VANISHED = "vanished"
    MIX = "mix"
    OTHERS = "others"


@dataclass(frozen=True, slots=True)
class Step:
    """One step from start to end in base units: exactly, and as printed. `parts`: the members it is made of."""

    kind: StepKind
    parts: tuple[Part, ...]
    effect: Fraction
    printed: Fraction


_ARRIVALS = {PartKind.NEW: StepKind.NEW, PartKind.VANISHED: StepKind.VANISHED}


def steps_of(split: Split, most: int) -> list[Step]:
    """The steps from start to end, which add up exactly and as printed: each member's own rate, largest first, then the mix.

    New and vanished members are steps of their own; of a total and of a gap every member is one step. With more than `most`
    members the smallest become one step.
    """
    pairs = list(zip(split.parts, zip(printed(split).rates, printed(split).mixes, strict=True), strict=True))
    with_mix = bool(find_kpi(split.kpi).denominator) and not split.against_target
    own = [(part, cells) for part, cells in pairs if not with_mix or part.kind is PartKind.STAYED]
    members = [
        Step(StepKind.MEMBER, (part,), part.rate_effect, rate) if with_mix else _whole_step(part, rate + mix) for part, (rate, mix) in own
    ]
    members += [_whole_step(part, sum(cells, Fraction())) for part, cells in pairs if with_mix and part.kind in _ARRIVALS]
    members.sort(key=lambda step: (-abs(step.effect), step.parts[0].member is None, step.parts[0].member or ""))
    mixing = [(part, cells) for part, cells in pairs if with_mix and part.kind not in _ARRIVALS]
    return [*_folded(members, most), *_mix_step(mixing)]


def _whole_step(part: Part, effect: Fraction) -> Step:
    return Step(_ARRIVALS.get(part.kind, StepKind.MEMBER), (part,), part.effect, effect)


def _mix_step(pairs: Sequence[tuple[Part, tuple[Fraction, Fraction]]]) -> list[Step]:
    """The mix of the members that are there in both periods; none when no share moved."""
    parts = tuple(part for part, _ in pairs if part.mix_effect)
    if not parts:
        return []
    shown = exact_sum([mix for part, (_, mix) in pairs if part.mix_effect])
    return [Step(StepKind.MIX, parts, exact_sum([part.mix_effect for part in parts]), shown)]


def _folded(steps: Sequence[Step], most: int) -> list[Step]:
    """At most `most` steps, the smallest as one."""
    if len(steps) <= most:
        return list(steps)
    kept, rest = steps[: most - 1], steps[most - 1 :]
    effects, shown = (exact_sum([getattr(step, name) for step in rest]) for name in ("effect", "printed"))
    return [*kept, Step(StepKind.OTHERS, tuple(part for step in rest for part in step.parts), effects, shown)]
