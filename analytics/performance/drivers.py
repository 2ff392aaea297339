"""Which members a change comes with: the exact split of a KPI between two periods, or between actual and target.

    share s = member's denominator / total's         rate r = member's numerator / denominator x scale
    period against period    rate effect = (s0 + s1) / 2 x (r1 - r0)         at midpoint shares
                             mix effect  = (s1 - s0) x ((r0 + r1) / 2 - c)   c = mean of the total's two rates
    new and vanished members are mix: s1 x (r1 - c) and -s0 x (r0 - c)
    actual against target    rate effect = s x (r - target), no mix
    a total (no denominator) has no rate: the member's own change is its mix (volume) effect

By hand, service level of two vendors, c = (0.8 + 0.744) / 2 = 0.772:

    | vendor | then       | now        | shares   | rate effect                   | mix effect                       |
    | ------ | ---------- | ---------- | -------- | ----------------------------- | -------------------------------- |
    | A      | 450 of 500 | 184 of 200 | 0.5, 0.2 | 0.35 x (0.92 - 0.90) =  0.007 | -0.3 x (0.91 - 0.772) = -0.0414  |
    | B      | 350 of 500 | 560 of 800 | 0.5, 0.8 | 0.65 x (0.70 - 0.70) =  0     |  0.3 x (0.70 - 0.772) = -0.0216  |
    | total  | 0.8        | 0.744      |          |                        0.007  |                         -0.063   |

Together -0.056, the whole change: nobody got worse, contacts moved to B. The parts add up exactly, because everything is in
fractions. Vendor, site, line and channel are alternative views of one change and are never added to each other.
The split is arithmetic. It says which members a change goes with, not what caused it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

import numpy as np
import pandas as pd

from analytics.catalogue import Kpi, find_kpi
from analytics.errors import UsageError

ROUNDING_OF_SUMS = Fraction(1, 10**9)
"""Sums of the total and of its members that differ by less than this share of the total are the same."""
HALF = Fraction(1, 2)
NOT_MEASURED = "not measured in both periods"
MIXED_CURRENCIES = "mixed currencies: the parts cannot be added up"


class PartKind(StrEnum):
    """Whether a member has a rate in both periods."""

    STAYED = "stayed"
    NEW = "new"
    VANISHED = "vanished"
    WITHOUT_RATE = "without a rate"


@dataclass(frozen=True, slots=True)
class Sums:
    """A member's numerator and denominator over one period; a total's denominator is 0."""

    numerator: Fraction = Fraction()
    denominator: Fraction = Fraction()

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(self.numerator + other.numerator, self.denominator + other.denominator)

    def __sub__(self, other: "Sums") -> "Sums":
        return Sums(self.numerator - other.numerator, self.denominator - other.denominator)

    def rate(self, scale: Fraction) -> Fraction | None:
        """numerator / denominator x scale; None without a denominator."""
        return self.numerator / self.denominator * scale if self.denominator else None


@dataclass(frozen=True, slots=True)
class Part:
    """One member's part of a change, in the KPI's base unit, and the sums behind it (against a target only those `after`).

    `member` None: rows that name no member of this dimension.
    """

    member: str | None
    kind: PartKind
    rate_before: Fraction | None
    rate_after: Fraction | None
    share_before: Fraction
    share_after: Fraction
    rate_effect: Fraction
    effect: Fraction
    before: Sums = Sums()
    after: Sums = Sums()

    @property
    def mix_effect(self) -> Fraction:
        """What of the effect is not the member's own rate."""
        return self.effect - self.rate_effect


@dataclass(frozen=True)
class Split:
    """A change and its parts, largest first. Without `start` or `end` there is nothing to split, and `remark` says why.

    `against_target`: `start` is the target and the parts are the gap's, else the earlier period.
    """

    kpi: str
    by: str
    start: Fraction | None
    end: Fraction | None
    parts: tuple[Part, ...]
    remark: str = ""
    against_target: bool = False
    currency: str = ""

    def __hash__(self) -> int:
        """Without the parts' many fractions: what is made of a split is looked up by it hundreds of times."""
        return hash((self.kpi, self.by, len(self.parts)))

    @property
    def change(self) -> Fraction | None:
        """end - start, exactly the sum of the parts."""
        return None if self.start is None or self.end is None else self.end - self.start

    @cached_property
    def rate_effect(self) -> Fraction:
        """What goes with the members' own rates."""
        return exact_sum([part.rate_effect for part in self.parts])

    @cached_property
    def mix_effect(self) -> Fraction:
        """What goes with how much each member has, with new and with vanished members."""
        return exact_sum([part.effect for part in self.parts]) - self.rate_effect


Members = Mapping[str | None, Sums]


def split_change(before: pd.DataFrame, after: pd.DataFrame, by: str, totals: tuple[pd.DataFrame, pd.DataFrame] | None = None) -> Split:
    """The change of one KPI from `before` to `after`, by the members of a dimension.

    Both are KPI frames of the one KPI with the column `by`; several periods in a frame are pooled (sums, then one division).
    `totals`: the frames of the same query without the dimension. What they have more than the members (rows that name no
    member) is the part of member None, so the split is that of the published number.
    """
    kpi, currencies = _kpi_of(before, after), _currencies(before, after, *(totals or ()))
    if len(currencies) > 1:
        return Split(kpi.id, by, None, None, (), MIXED_CURRENCIES)
    then, now = _members(before, by), _members(after, by)
    if totals:
        then, now = _with_rest(then, totals[0]), _with_rest(now, totals[1])
    parts = _parts_of_total(then, now) if not kpi.denominator else _parts_of_ratio(then, now, _exact(kpi.scale))
    start, end = (_value(_sum(members), kpi, bool(members)) for members in (then, now))
    if start is None or end is None:
        return Split(kpi.id, by, start, end, (), NOT_MEASURED)
    return Split(kpi.id, by, start, end, _sorted(parts), currency="".join(currencies))


def split_gap(actual: pd.DataFrame, target: float, by: str, total: pd.DataFrame | None = None) -> Split:
    """The gap between a ratio and its target, by the members: share x (rate - target). A total raises `UsageError`."""
    kpi, currencies = _kpi_of(actual), _currencies(actual, *(() if total is None else (total,)))
    if not kpi.denominator:
        raise UsageError(f"{kpi.label} is a total: its gap to a target has no rates to split.", "Compare two periods instead.")
    if len(currencies) > 1:
        return Split(kpi.id, by, None, None, (), MIXED_CURRENCIES, against_target=True)
    members = _members(actual, by) if total is None else _with_rest(_members(actual, by), total)
    whole, level, scale = _sum(members), _exact(target), _exact(kpi.scale)
    end = whole.rate(scale)
    if end is None:
        return Split(kpi.id, by, level, None, (), NOT_MEASURED, against_target=True)
    parts = []
    for member, sums in members.items():
        share = sums.denominator / whole.denominator
        effect = sums.numerator * scale / whole.denominator - share * level
        kind = PartKind.STAYED if sums.denominator else PartKind.WITHOUT_RATE
        parts.append(Part(member, kind, level, sums.rate(scale), share, share, effect, effect, after=sums))
    return Split(kpi.id, by, level, end, _sorted(parts), against_target=True, currency="".join(currencies))


def split_frame(split: Split) -> pd.DataFrame:
    """The parts as a frame of floats, for tables and charts: member, kind, rates, shares, rate_effect, mix_effect, effect."""
    names = ("rate_before", "rate_after", "share_before", "share_after", "rate_effect", "mix_effect", "effect")
    columns = {name: [_float(getattr(part, name)) for part in split.parts] for name in names}
    words = {"member": [part.member for part in split.parts], "kind": [str(part.kind) for part in split.parts]}
    return pd.DataFrame({**{name: pd.Series(values, dtype=object) for name, values in words.items()}, **columns})


def add_up_rounded(parts: Sequence[Fraction], decimals: int, total: Fraction | None = None) -> list[Fraction]:
    """The parts rounded so that they add up to `total`, a number of that many decimals (largest remainder); a part of 0 stays 0.

    Without one it is their sum, rounded. 1/3, 1/3, 1/3 at one decimal: 0.4, 0.3, 0.3.
    """
    unit = Fraction(1, 10**decimals)
    nearest = [half_away(part / unit) for part in parts]
    missing = int(total / unit if total is not None else half_away(exact_sum(parts) / unit)) - sum(nearest)
    step = 1 if missing > 0 else -1
    changed = [place for place in range(len(parts)) if parts[place]]
    by_remainder = sorted(changed, key=lambda place: (step * (nearest[place] - parts[place] / unit), place))
    moved = set(by_remainder[: abs(missing)])
    return [(number + step * (place in moved)) * unit for place, number in enumerate(nearest)]


def exact_sum(numbers: Sequence[Fraction]) -> Fraction:
    """The sum, halves first: the long denominators of many fractions then meet late instead of growing from the first on."""
    if len(numbers) < 3:
        return sum(numbers, Fraction())
    middle = len(numbers) // 2
    return exact_sum(numbers[:middle]) + exact_sum(numbers[middle:])


def half_away(number: Fraction) -> int:
    """The nearest whole number, halves away from zero: as every number on screen is rounded."""
    whole = int(abs(number) + HALF)
    return whole if number >= 0 else -whole


def _kpi_of(*frames: pd.DataFrame) -> Kpi:
    found = sorted({kpi for frame in frames for kpi in frame["kpi"]})
    if len(found) != 1:
        raise UsageError(f"A split needs the rows of one KPI, not of {len(found)}.", "Choose one KPI with data in one of the periods.")
    return find_kpi(found[0])


def _currencies(*frames: pd.DataFrame) -> list[str]:
    """The currencies of the rows; none for a KPI without money."""
    return sorted({name for frame in frames if "currency" in frame for name in frame["currency"] if isinstance(name, str)})


def _members(frame: pd.DataFrame, by: str) -> dict[str | None, Sums]:
    """Sums per member over the rows of a frame that count: measured, or with a numerator over a denominator of 0."""
    ratio = bool(len(frame)) and bool(find_kpi(frame["kpi"].iat[0]).denominator)
    found: dict[str | None, Sums] = {}
    for member, numerator, denominator, value in zip(
        frame[by], frame["numerator"].to_numpy(float), frame["denominator"].to_numpy(float), frame["value"].to_numpy(float), strict=True
    ):
        if np.isnan(numerator) or (np.isnan(value) and (not ratio or denominator != 0)):
            continue
        name = member if isinstance(member, str) else None
        found[name] = found.get(name, Sums()) + Sums(_exact(numerator), _exact(denominator) if ratio else Fraction())
    return found


def _with_rest(members: Members, total: pd.DataFrame) -> dict[str | None, Sums]:
    """The members, with what the total has more than they under None."""
    whole = _sum(_members(total.assign(_whole=None), "_whole"))
    rest = whole - _sum(members)
    unseen = all(
        abs(part) <= ROUNDING_OF_SUMS * abs(all_of)
        for part, all_of in ((rest.numerator, whole.numerator), (rest.denominator, whole.denominator))
    )
    return dict(members) if unseen else {**members, None: members.get(None, Sums()) + rest}


def _sum(members: Members) -> Sums:
    return sum(members.values(), Sums())


def _value(whole: Sums, kpi: Kpi, measured: bool) -> Fraction | None:
    if not measured:
        return None
    return whole.rate(_exact(kpi.scale)) if kpi.denominator else whole.numerator


def _parts_of_total(then: Members, now: Members) -> list[Part]:
    parts = []
    for member in {**then, **now}:
        change = now.get(member, Sums()).numerator - then.get(member, Sums()).numerator
        kind = PartKind.NEW if member not in then else PartKind.VANISHED if member not in now else PartKind.STAYED
        sums = then.get(member, Sums()), now.get(member, Sums())
        parts.append(Part(member, kind, None, None, Fraction(), Fraction(), Fraction(), change, *sums))
    return parts


def _parts_of_ratio(then: Members, now: Members, scale: Fraction) -> list[Part]:
    whole_then, whole_now = _sum(then), _sum(now)
    start, end = whole_then.rate(scale), whole_now.rate(scale)
    if start is None or end is None:
        return []
    centre = (start + end) * HALF
    return [
        _ratio_part(member, then.get(member, Sums()), now.get(member, Sums()), whole_then.denominator, whole_now.denominator, centre, scale)
        for member in {**then, **now}
    ]


def _ratio_part(
    member: str | None, then: Sums, now: Sums, all_then: Fraction, all_now: Fraction, centre: Fraction, scale: Fraction
) -> Part:
    """One member. Without a rate in one of the periods all of its change is mix, also a numerator over a denominator of 0."""
    before, after = then.rate(scale), now.rate(scale)
    share_before, share_after = then.denominator / all_then, now.denominator / all_now
    effect = (now.numerator / all_now - then.numerator / all_then) * scale - (share_after - share_before) * centre
    if before is not None and after is not None:
        rate_effect = (share_before + share_after) * HALF * (after - before)
        return Part(member, PartKind.STAYED, before, after, share_before, share_after, rate_effect, effect, then, now)
    kind = PartKind.NEW if after is not None else PartKind.VANISHED if before is not None else PartKind.WITHOUT_RATE
    return Part(member, kind, before, after, share_before, share_after, Fraction(), effect, then, now)


def _sorted(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Largest first, equal ones by name, the unnamed last."""
    return tuple(sorted(parts, key=lambda part: (-abs(part.effect), part.member is None, part.member or "")))


def _exact(number: float) -> Fraction:
    """The number as it is written: sums of exact decimals arrive as floats, 0.1 means one tenth."""
    return Fraction(repr(float(number)))


def _float(number: Fraction | None) -> float:
    return np.nan if number is None else float(number)
