"""One user's own KPI: measures that exist, quantities that can be added, a unit and a target that fit."""

import re
from collections.abc import Mapping

from analytics.catalogue.kpi import DefaultTarget, Kpi, Term, Topic, terms
from analytics.catalogue.measures import Measure, Quantity
from analytics.catalogue.own_file import OwnEntry
from analytics.catalogue.units import SECONDS_PER_HOUR, Comparator, Direction, Unit
from analytics.errors import did_you_mean

KPI_KEYS = (
    "id", "label", "numerator", "denominator", "scale", "unit", "direction", "definition", "source", "target", "note", "synonyms",
)  # fmt: skip
TARGET_KEYS = ("comparator", "value", "lower", "upper")
LONGEST_ID = 60
LARGEST_SHARE = 10
DEFAULT_SCALE = {Unit.PER_HOUR: float(SECONDS_PER_HOUR), Unit.POINTS: 100.0}
COMPARATORS = {
    Direction.HIGHER: (Comparator.AT_LEAST, Comparator.ABOVE),
    Direction.LOWER: (Comparator.AT_MOST, Comparator.BELOW),
    Direction.BAND: (Comparator.BAND,),
    Direction.NEUTRAL: (),
}
_ID = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*(\.[a-z][a-z0-9]*(_[a-z0-9]+)*)?")
_SUM = re.compile(r"\s*[a-z][a-z0-9_]*(\s*[+-]\s*[a-z][a-z0-9_]*)*\s*")
_SHARES = (Unit.PERCENT, Unit.SCORE, Unit.POINTS, Unit.COUNT, Unit.DAYS)
# What comes out of dividing one quantity by another (None: a total).
UNITS: dict[tuple[Quantity, Quantity | None], tuple[Unit, ...]] = {
    (Quantity.PLAIN, None): (Unit.COUNT, Unit.SCORE, Unit.POINTS, Unit.DAYS),
    (Quantity.SECONDS, None): (Unit.HOURS, Unit.SECONDS),
    (Quantity.MONEY, None): (Unit.MONEY,),
    (Quantity.PLAIN, Quantity.PLAIN): _SHARES,
    (Quantity.SECONDS, Quantity.SECONDS): (Unit.PERCENT, Unit.SCORE, Unit.POINTS),
    (Quantity.MONEY, Quantity.MONEY): (Unit.PERCENT, Unit.SCORE, Unit.POINTS),
    (Quantity.SECONDS, Quantity.PLAIN): (Unit.SECONDS, Unit.HOURS),
    (Quantity.PLAIN, Quantity.SECONDS): (Unit.PER_HOUR,),
    (Quantity.MONEY, Quantity.PLAIN): (Unit.MONEY,),
    (Quantity.MONEY, Quantity.SECONDS): (Unit.MONEY,),
    (Quantity.PLAIN, Quantity.MONEY): (Unit.SCORE,),
    (Quantity.SECONDS, Quantity.MONEY): (Unit.SECONDS, Unit.HOURS),
}


def own_kpi(entry: OwnEntry, measures: Mapping[str, Measure], kpis: Mapping[str, Kpi]) -> Kpi:
    """The KPI of one [[kpis]] entry over these measures; anything wrong: `UsageError` with file, line and remedy."""
    entry.only(KPI_KEYS, {"variant_of": 'A variant is named after its KPI: id = "service_level.chat".'})
    above, below = entry.words("numerator"), entry.words("denominator", "")
    unit = _unit(entry, _quantity(entry, "numerator", above, measures), _quantity(entry, "denominator", below, measures))
    direction = Direction(entry.choice("direction", Direction))
    return Kpi(
        _id(entry, kpis),
        entry.label(),
        Topic.OWN,
        above,
        below,
        unit,
        direction,
        entry.sentence("definition"),
        entry.words("source", "own definition"),
        scale=_scale(entry, unit, total=not below),
        target=_target(entry, unit, direction),
        note=entry.words("note", ""),
        synonyms=entry.list_of_words("synonyms"),
    )


def _id(entry: OwnEntry, kpis: Mapping[str, Kpi]) -> str:
    name = entry.words("id", longest=LONGEST_ID)
    if not _ID.fullmatch(name):
        entry.fail("id", f"the id '{name}' is not usable.", "Use lower-case letters, digits and single underscores: upsell_rate.")
    base, dot, _ = name.partition(".")
    if dot and base not in kpis:
        entry.fail("id", f"'{name}' would be a variant of '{base}', which is no KPI.", did_you_mean(base, kpis) or "Leave out the dot.")
    return name


def _quantity(entry: OwnEntry, key: str, expression: str, measures: Mapping[str, Measure]) -> Quantity | None:
    """What a side adds up; None for no denominator. Only measures of one quantity can be added."""
    if not expression and key == "denominator":
        return None
    if not _SUM.fullmatch(expression):
        entry.fail(key, f"{key} is '{expression}'.", "Write measures with + and - between them: paid_seconds - productive_seconds.")
    signed = terms(expression)
    for term in signed:
        if term.measure not in measures:
            known = did_you_mean(term.measure, measures) or "The measures are listed with the formulas on the page Definitions."
            entry.fail(key, f"unknown measure '{term.measure}' in {key}.", known)
    _refuse_twice(entry, key, signed)
    quantities = {measures[term.measure].quantity: term.measure for term in signed}
    if len(quantities) > 1:
        listed = " and ".join(f"{quantity.value} ({name})" for quantity, name in quantities.items())
        entry.fail(key, f"{key} adds {listed}.", "Add up only measures of the same quantity.")
    return next(iter(quantities))


def _refuse_twice(entry: OwnEntry, key: str, signed: tuple[Term, ...]) -> None:
    names = [term.measure for term in signed]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        entry.fail(key, f"'{twice[0]}' stands twice in {key}.", "Name every measure once.")


def _unit(entry: OwnEntry, above: Quantity | None, below: Quantity | None) -> Unit:
    """The unit, which must follow from what is divided by what."""
    unit = Unit(entry.choice("unit", Unit))
    assert above is not None  # a numerator is never empty
    fitting = UNITS[above, below]
    if unit not in fitting:
        what = f"{above.value} / {below.value}" if below else f"a sum of {above.value}"
        entry.fail("unit", f"{what} cannot be in {unit.value}.", f"Fitting: {', '.join(fitting)}.")
    return unit


def _scale(entry: OwnEntry, unit: Unit, *, total: bool) -> float:
    """What the ratio is multiplied by; a total stays as it is."""
    if "scale" not in entry.values:
        return 1.0 if total else DEFAULT_SCALE.get(unit, 1.0)
    scale = entry.number("scale", entry.values["scale"])
    if total or scale <= 0:
        entry.fail("scale", f"scale is {scale:g}.", "Leave it out: a sum has no scale." if total else "Give a number above 0.")
    return scale


def _target(entry: OwnEntry, unit: Unit, direction: Direction) -> DefaultTarget | None:
    target = entry.values.get("target")
    if target is None:
        return None
    if not isinstance(target, dict):
        entry.fail("target", f"target is {target!r}.", 'Write target = {comparator = ">=", value = 0.8}.')
    for key in target:
        if key not in TARGET_KEYS:
            entry.fail("target", f"unknown key '{key}' in target.", did_you_mean(key, TARGET_KEYS) or f"Known: {', '.join(TARGET_KEYS)}.")
    comparator = _comparator(entry, target.get("comparator"), direction)
    wanted = ("lower", "upper") if comparator is Comparator.BAND else ("value",)
    if set(target) - {"comparator"} != set(wanted):
        entry.fail("target", f"a target with '{comparator}' needs {' and '.join(wanted)}, and nothing else.", "Complete it.")
    levels = {key: _level(entry, unit, key, target[key]) for key in wanted}
    if comparator is Comparator.BAND and levels["lower"] > levels["upper"]:
        entry.fail("target", "the lower limit of the band is above the upper one.", "Swap them.")
    return DefaultTarget(comparator, levels.get("value"), levels.get("lower"), levels.get("upper"))


def _comparator(entry: OwnEntry, written: object, direction: Direction) -> Comparator:
    fitting = COMPARATORS[direction]
    if written not in tuple(fitting):
        remedy = f"Fitting: {', '.join(fitting)}." if fitting else "Leave the target out, or choose another direction."
        entry.fail("target", f'the comparator {written!r} does not fit direction = "{direction}".', remedy)
    return Comparator(written)


def _level(entry: OwnEntry, unit: Unit, key: str, value: object) -> float:
    """A level in base units."""
    level = entry.number("target", value)
    if unit is Unit.PERCENT and abs(level) > LARGEST_SHARE:
        entry.fail(
            "target", f"{key} is {level:g}: that would be {level * 100:g} %.", f"Percentages are written as fractions: {level / 100:g}."
        )
    return level
