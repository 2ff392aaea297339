"""A split in words. They say what a change goes with, in numbers that add up as printed; they never say what caused it."""

from collections.abc import Sequence
from fractions import Fraction

import pandas as pd

from analytics.catalogue import DIMENSIONS, Unit, find_kpi
from analytics.catalogue.units import value_text, variance_text
from analytics.performance.drivers import Part, PartKind, Split, Sums, split_frame
from analytics.performance.drivers_printed import Step, StepKind, printed, steps_of
from analytics.performance.verdict import LONGEST, signed

NO_CAUSE = "The split is arithmetic: it shows where the change is, not what caused it."
MOST_NAMED = 3
POSSESSIVE, OWN_RATE = "'", " own rate"
_KINDS = {PartKind.NEW: "new", PartKind.VANISHED: "no longer there"}


def split_table(split: Split) -> pd.DataFrame:
    """One row per part: `split_frame`, the counts behind, and as printed name, kind_text, before_text, after_text,
    share_before_text, share_after_text, rate_text, mix_text, effect_text.

    Printed effects add up as printed: each column to its total, each row's rate and mix effect to its effect.
    """
    shown = printed(split)
    effects = (("rate_text", shown.rates), ("mix_text", shown.mixes), ("effect_text", shown.effects))
    texts = {
        "name": [member_text(part.member, split.by) for part in split.parts],
        "kind_text": [_KINDS.get(part.kind, "") for part in split.parts],
        "before_text": [_side_text(split, part.rate_before, part.before) for part in split.parts],
        "after_text": [_side_text(split, part.rate_after, part.after) for part in split.parts],
        "share_before_text": [share_text(part.share_before) for part in split.parts],
        "share_after_text": [share_text(part.share_after) for part in split.parts],
    } | {name: [effect_text(split, effect) for effect in column] for name, column in effects}
    frame = split_frame(split)
    return frame.assign(**{name: pd.Series(words, index=frame.index, dtype=object) for name, words in texts.items()}, **_counts(split))


def _counts(split: Split) -> dict[str, list[float]]:
    """The sums behind each part on both sides; NaN where there are none."""
    ratio = bool(find_kpi(split.kpi).denominator)
    return {
        f"{name}_{side}": [_count(getattr(part, side), name, ratio) for part in split.parts]
        for name in ("numerator", "denominator")
        for side in ("before", "after")
    }


def _count(sums: Sums, name: str, ratio: bool) -> float:
    there = sums != Sums() and (ratio or name == "numerator")
    return float(getattr(sums, name)) if there else float("nan")


def totals_row(split: Split) -> dict[str, str]:
    """The last line of the table, as printed: the columns of `split_table` summed up."""
    shown, whole = printed(split), share_text(Fraction(1)) if find_kpi(split.kpi).denominator else "-"
    sums = {"rate_text": shown.rates, "mix_text": shown.mixes, "effect_text": shown.effects}
    return {
        "name": f"All {DIMENSIONS[split.by].plural}",
        "kind_text": "",
        "before_text": start_text(split),
        "after_text": end_text(split),
        "share_before_text": whole,
        "share_after_text": whole,
    } | {name: effect_text(split, sum(column, Fraction())) for name, column in sums.items()}


def _side_text(split: Split, rate: Fraction | None, sums: Sums) -> str:
    """The member's own value in one period: its rate, of a total its sum; '-' where there is none."""
    if find_kpi(split.kpi).denominator:
        return _value(split, rate)
    return _value(split, sums.numerator if sums != Sums() else None)


def _value(split: Split, value: Fraction | None) -> str:
    number = None if value is None else float(value)
    return value_text(number, find_kpi(split.kpi).unit, split.currency, printed(split).places)


def start_text(split: Split) -> str:
    """Where the change starts, at the decimals of its parts; of a gap the target."""
    return _value(split, printed(split).start)


def end_text(split: Split) -> str:
    """Where the change ends."""
    return _value(split, printed(split).end)


def change_text(split: Split) -> str:
    """The whole change as printed: '-1.2 pp', '+0:05 min (worse)'."""
    return effect_text(split, printed(split).change)


def share_text(share: Fraction) -> str:
    """'24.1 %'."""
    return value_text(float(share), Unit.PERCENT)


def effect_text(split: Split, effect: Fraction) -> str:
    """A part of a change with its unit: '-0.3 pp', '+0:12 min (worse)'."""
    kpi = find_kpi(split.kpi)
    return variance_text(float(effect), kpi.unit, kpi.better_sign, split.currency, printed(split).places)


def member_text(member: str | None, by: str) -> str:
    """The member's name; rows that name none are 'no site named'."""
    return f"no {DIMENSIONS[by].label.lower()} named" if member is None else member


def split_sentence(split: Split, before: str, after: str, whose: str = "") -> str:
    """What changed and where, in at most two sentences and, where it can be, 160 characters.

    'Service level fell from 80 % in Q2 2026 to 74.4 % in Q3 2026 (-5.6 pp). Mix accounts for -6.3 pp and A's own rate for +0.7 pp.'
    `before` and `after` name the periods as in a sentence ('in Q2 2026'); against a target only `after` is said. `whose` is the
    member one looks inside.
    """
    subject = f"{find_kpi(split.kpi).label}{' of ' if whose else ''}{whose}"
    if split.change is None:
        return f"{subject} cannot be split: {split.remark}."
    lead = _lead(split, subject, before, after)
    choices = [f"{lead} {clause}" for clause in parts_clauses(split)]
    return next((choice for choice in choices if len(choice) <= LONGEST), choices[-1] if choices else lead)


def parts_clauses(split: Split) -> list[str]:
    """What the largest steps account for, longest clause first; none when no step is printed. The split must have a change."""
    named = [step for step in steps_of(split, len(split.parts)) if step.printed]
    named = sorted(named, key=lambda step: -abs(step.printed))[:MOST_NAMED]
    return [_steps_clause(split, named[:count]) for count in range(len(named), 0, -1)]


def _lead(split: Split, subject: str, before: str, after: str) -> str:
    start, end, shown = start_text(split), end_text(split), change_text(split)
    difference = shown.replace(" (", ", ").removesuffix(")")
    if split.against_target:
        return f"{subject} was {end} {after} against the target of {start} ({difference})."
    if start == end:
        return f"{subject} was {end} {after}, {'the same as' if not split.change else 'as good as unchanged from'} {before}."
    verb = "rose" if printed(split).change > 0 else "fell"
    return f"{subject} {verb} from {start} {before} to {end} {after} ({difference})."


def _steps_clause(split: Split, steps: Sequence[Step]) -> str:
    """'Cobalt Bay's own rate accounts for -1.5 pp, Meridiem's for +0.2 pp and mix for +0.1 pp.'"""
    numbers = [signed(effect_text(split, step.printed)) for step in steps]
    subjects = [_step_subject(split, step) for step in steps]
    if subjects[0].endswith(OWN_RATE):
        subjects = [subjects[0], *(subject.removesuffix(OWN_RATE) for subject in subjects[1:])]
    subjects = [f"{subjects[0][0].upper()}{subjects[0][1:]} accounts", *subjects[1:]]
    items = [f"{subject} for {number}" for subject, number in zip(subjects, numbers, strict=True)]
    return f"{', '.join(items[:-1])}{' and ' if len(items) > 1 else ''}{items[-1]}."


def _step_subject(split: Split, step: Step) -> str:
    if step.kind is StepKind.MIX:
        return "mix"
    name = member_text(step.parts[0].member, split.by)
    if step.kind is not StepKind.MEMBER:
        return f"{name} ({_KINDS[step.parts[0].kind]})"
    if split.against_target or not find_kpi(split.kpi).denominator:
        return name
    return f"{name}{POSSESSIVE if name.endswith('s') else f'{POSSESSIVE}s'}{OWN_RATE}"


def step_sentences(split: Split, whole: str) -> dict[str, str]:
    """What each named member accounts for: "Pune's own rate accounts for -1 pp within the -1.2 pp of all sites"."""
    steps = [step for step in steps_of(split, len(split.parts)) if step.kind is not StepKind.MIX and step.parts[0].member is not None]
    within = f"within the {change_text(split)} of {whole}"
    said = [f"{_step_subject(split, step)} accounts for {effect_text(split, step.printed)} {within}" for step in steps]
    return dict(zip([str(step.parts[0].member) for step in steps], said, strict=True))


def steps_frame(split: Split, before: str, after: str, most: int) -> pd.DataFrame:
    """The waterfall of a split: one row for the start, each step and the end.

    kind (start, member, new, vanished, mix, others, end), member (None where there is no single named one), name, detail (what lies
    behind the step), text (as printed), from_value and to_value (base units), numerator and denominator `_before` and `_after`.
    """
    level = float(split.start or 0)
    rows = [{"kind": "start", "name": before, "text": start_text(split), "from_value": level, "to_value": level}]
    for step in steps_of(split, most):
        row = {"from_value": level, "to_value": level + float(step.effect), "text": effect_text(split, step.printed)}
        rows.append(row | {"kind": str(step.kind)} | _step_words(split, step))
        level = row["to_value"]
    rows.append(
        {"kind": "end", "name": after, "text": end_text(split), "from_value": float(split.end or 0), "to_value": float(split.end or 0)}
    )
    columns = ["kind", "member", "name", "detail", "text", "from_value", "to_value", *_counts(split)]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({"member": object}).assign(member=frame["member"].astype(object).where(frame["member"].notna(), None))


def _step_words(split: Split, step: Step) -> dict[str, object]:
    """Name, detail and counts of one step."""
    if step.kind is StepKind.MIX:
        return {"name": "Mix", "detail": "shares shifted"}
    if step.kind is StepKind.OTHERS:
        return {"name": f"{len(step.parts)} others", "detail": "taken together"}
    (part,) = step.parts
    counts = {name: column[split.parts.index(part)] for name, column in _counts(split).items()}
    return {"name": member_text(part.member, split.by), "member": part.member, "detail": _detail(split, part)} | counts


def _detail(split: Split, part: Part) -> str:
    """'81.1 % to 75.1 %', 'new, 74 %', '75.1 %, share 24.1 %'."""
    before, after = _side_text(split, part.rate_before, part.before), _side_text(split, part.rate_after, part.after)
    if split.against_target:
        return f"{after}, share {share_text(part.share_after)}"
    match part.kind:
        case PartKind.NEW:
            return f"new, {after}"
        case PartKind.VANISHED:
            return f"no longer there, {before}"
        case _:
            unit = find_kpi(split.kpi).unit.suffix
            return f"{before.removesuffix(unit) if unit else before} to {after}"
