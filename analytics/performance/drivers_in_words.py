"""A split in words. They say what a change goes with, in numbers that add up as printed; they never say what caused it."""

from collections.abc import Sequence
from fractions import Fraction

import pandas as pd

from analytics.catalogue import DIMENSIONS, Unit, find_kpi
from analytics.catalogue.units import SECONDS_PER_HOUR, default_decimals, value_text, variance_text
from analytics.performance.drivers import Part, PartKind, Split, add_up_rounded, split_frame
from analytics.performance.verdict import label_in_sentence

NO_CAUSE = "The split is arithmetic: it shows where the change is, not what caused it."
ON_SCREEN = {Unit.PERCENT: Fraction(100), Unit.HOURS: Fraction(1, SECONDS_PER_HOUR)}
MOST_NAMED = 2
EFFECTS = ("rate_effect", "mix_effect")


def split_table(split: Split) -> pd.DataFrame:
    """`split_frame` plus member_text, kind_text, rate_text, mix_text, effect_text.

    Printed effects add up as printed: the members' to the change, each member's rate and mix effect to its own.
    """
    frame = split_frame(split)
    effects = printed_effects(split)
    rates = _rates_within(split, effects)
    texts = {
        "member_text": [member_text(part.member, split.by) for part in split.parts],
        "kind_text": [_kind_text(part.kind) for part in split.parts],
        "rate_text": [effect_text(split, rate) for rate in rates],
        "mix_text": [effect_text(split, effect - rate) for effect, rate in zip(effects, rates, strict=True)],
        "effect_text": [effect_text(split, effect) for effect in effects],
    }
    return frame.assign(**{name: pd.Series(words, index=frame.index, dtype=object) for name, words in texts.items()})


def printed_effects(split: Split) -> list[Fraction]:
    """Each part's effect as printed, in base units; together exactly the change as printed."""
    unit = find_kpi(split.kpi).unit
    scale = ON_SCREEN.get(unit, Fraction(1))
    return [effect / scale for effect in add_up_rounded([part.effect * scale for part in split.parts], default_decimals(unit))]


def _rates_within(split: Split, effects: Sequence[Fraction]) -> list[Fraction]:
    """The rate effect of each part as printed, so that the rest of its printed effect is its mix effect."""
    unit = find_kpi(split.kpi).unit
    scale, places = ON_SCREEN.get(unit, Fraction(1)), default_decimals(unit)
    rounded = [add_up_rounded([part.rate_effect * scale], places)[0] / scale for part in split.parts]
    pairs = zip(split.parts, rounded, effects, strict=True)
    return [effect if not part.mix_effect else rate for part, rate, effect in pairs]


def effect_text(split: Split, effect: Fraction) -> str:
    """A part of a change with its unit: '-0.3 pp', '+0:12 min (worse)'."""
    kpi = find_kpi(split.kpi)
    return variance_text(float(effect), kpi.unit, kpi.better_sign, split.currency)


def member_text(member: str | None, by: str) -> str:
    """The member's name; rows that name none are 'no site named'."""
    return f"no {DIMENSIONS[by].label.lower()} named" if member is None else member


def _kind_text(kind: PartKind) -> str:
    return {PartKind.NEW: "new", PartKind.VANISHED: "no longer there", PartKind.WITHOUT_RATE: "", PartKind.STAYED: ""}[kind]


def split_sentence(split: Split, before: str, after: str) -> str:
    """What changed and where: 'Service level went from 80 % in Q2 2026 to 74.4 % in Q3 2026 (-5.6 pp). ...'.

    `before` and `after` name the periods as in a sentence ('in Q2 2026'); against a target only `after` is said.
    """
    kpi = find_kpi(split.kpi)
    if split.change is None:
        return f"{kpi.label} cannot be split: {split.remark}."
    end = f"{value_text(_number(split.end), kpi.unit, split.currency)} {after}"
    difference = effect_text(split, sum(printed_effects(split), Fraction()))
    start = value_text(_number(split.start), kpi.unit, split.currency)
    if split.against_target:
        lead = f"{kpi.label} was {end} against a target of {start} ({difference})."
    elif not split.change:
        return f"{kpi.label} was {end}, the same as {before}."
    else:
        lead = f"{kpi.label} went from {start} {before} to {end} ({difference})."
    return " ".join(part for part in (lead, _effects_clause(split), _largest_clause(split)) if part)


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _effects_clause(split: Split) -> str:
    """'Own rates: +0.7 pp; mix: -6.3 pp.' where both kinds of part can be there."""
    if split.against_target or not find_kpi(split.kpi).denominator:
        return ""
    whole = sum(printed_effects(split), Fraction())
    rates = _whole_rate(split)
    plural = DIMENSIONS[split.by].plural
    return f"Rates of the {plural} themselves: {effect_text(split, rates)}; mix of the {plural}: {effect_text(split, whole - rates)}."


def _whole_rate(split: Split) -> Fraction:
    unit = find_kpi(split.kpi).unit
    scale = ON_SCREEN.get(unit, Fraction(1))
    return add_up_rounded([split.rate_effect * scale], default_decimals(unit))[0] / scale


def _largest_clause(split: Split) -> str:
    """'The largest parts: B -2.2 pp and A -3.4 pp.'"""
    named = [(part, effect) for part, effect in zip(split.parts, printed_effects(split), strict=True) if effect][:MOST_NAMED]
    if not named:
        return ""
    words = [f"{member_text(part.member, split.by)} {effect_text(split, effect)}" for part, effect in named]
    return f"Largest part: {words[0]}." if len(words) == 1 else f"Largest parts: {' and '.join(words)}."


def part_sentence(split: Split, part: Part) -> str:
    """One part explained for its tooltip: 'A: own rate 90 % to 92 %, share 50 % to 20 %; rate effect +0.7 pp, mix effect -4.1 pp.'"""
    kpi = find_kpi(split.kpi)
    name = member_text(part.member, split.by)
    if not kpi.denominator:
        return f"{name}: {effect_text(split, part.effect)} of {label_in_sentence(kpi.id)}."
    shares = f"share {value_text(float(part.share_before), Unit.PERCENT)} to {value_text(float(part.share_after), Unit.PERCENT)}"
    rates = [value_text(_number(rate), kpi.unit, split.currency) for rate in (part.rate_before, part.rate_after)]
    if split.against_target:
        return f"{name}: {rates[1]}, share {value_text(float(part.share_after), Unit.PERCENT)}; {effect_text(split, part.effect)}."
    printed = printed_effects(split)
    place = split.parts.index(part)
    rate = _rates_within(split, printed)[place]
    effects = f"rate effect {effect_text(split, rate)}, mix effect {effect_text(split, printed[place] - rate)}"
    return f"{name}: own rate {rates[0]} to {rates[1]}, {shares}; {effects}."
