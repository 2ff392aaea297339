"""The part of a recipe that fills measures: columns and constants of totals; of contacts also their number and their durations."""

from collections.abc import Mapping
from decimal import Decimal

from analytics.catalogue import KPIS, MEASURES, MeasureKind
from analytics.errors import did_you_mean
from analytics.intake.cells import FACTORS
from analytics.intake.recipe import (
    CONTACT_SHAPES,
    DURATION_UNITS,
    LIMIT_CHECKS,
    SHARE_UNITS,
    CellTest,
    CellUnit,
    Check,
    MeasureField,
    Shape,
    TextField,
)
from analytics.intake.recipe_dates import DateOrder, read_elapsed
from analytics.intake.recipe_rows import read_conditions, read_test, read_test_unit
from analytics.intake.sections import Section

# What a measure is made of -> the keys that go with it.
_TOTALS: Mapping[str, tuple[str, ...]] = {
    "column": ("unit", "minus", "times_days", "where"),
    "constant": ("unit", "minus", "times_days", "where"),
}
_CONTACTS: Mapping[str, tuple[str, ...]] = {
    "count": ("where",),
    "column": ("unit", "minus", "where", *Check),
    "constant": ("unit", "where"),
    "from": ("to", "format", "where", *LIMIT_CHECKS),
}
_WRITE_TOTALS = 'Write {column = "Header"}.'
_WRITE_CONTACTS = 'Write {count = true}, {column = "Header"} or {from = "Queued at", to = "Answered at"}.'


def read_measures(root: Section, shape: Shape, order: DateOrder) -> tuple[MeasureField, ...]:
    """Every entry of [measures]."""
    measures = root.table("measures")
    return tuple(_measure(name, measures, shape, order) for name in measures.values) if measures else ()


def _measure(name: str, measures: Section, shape: Shape, order: DateOrder) -> MeasureField:
    if name not in MEASURES:
        remedy = f"'{name}' is a KPI: put it under [kpis]." if name in KPIS and shape is Shape.AGGREGATES else did_you_mean(name, MEASURES)
        measures.fail(name, f"unknown measure '{name}'.", remedy or "The measures are listed on the Definitions page.")
    section = measures.table(name)
    assert section is not None
    section.only("measure", shape)
    form = _form(name, section, _CONTACTS if shape in CONTACT_SHAPES else _TOTALS)
    test = read_test(section)
    _check_kind(name, section, form, test)
    if form == "count" and not section.flag("count"):
        section.fail("count", "count is false.", "Write count = true, or leave the measure out.")
    return MeasureField(
        name,
        _unit(name, section, form, test),
        column=section.optional("column"),
        constant=section.number("constant"),
        minus=section.strings("minus"),
        times_days=section.flag("times_days"),
        count=form == "count",
        elapsed=read_elapsed(section, order) if form == "from" else None,
        test=test,
        where=read_conditions(section, "where", shape),
    )


def _form(name: str, section: Section, forms: Mapping[str, tuple[str, ...]]) -> str:
    """What the measure is made of; exactly one thing, with keys that go with it."""
    wanted = "a column or a constant number" if forms is _TOTALS else "count, a column, a constant number, or from and to"
    remedy = _WRITE_TOTALS if forms is _TOTALS else _WRITE_CONTACTS
    made_of = [form for form in forms if form in section.values]
    if not made_of:
        section.fail("", f"{name} needs {wanted}.", remedy)
    if len(made_of) > 1:
        section.fail(made_of[1], f"{name} needs either {wanted}: {made_of[0]} and {made_of[1]} are two.", "Keep one of them.")
    form = made_of[0]
    for key in section.values:
        if key != form and key not in forms[form]:
            section.fail(key, f"'{key}' does not go with {form} in {name}.", _instead(key, form, forms))
    if section.strings("minus") and (checked := [check for check in Check if check in section.values]):
        section.fail("minus", f"minus does not go with {checked[0]}.", "A check looks at one cell: remove minus, or the check.")
    return form


def _instead(key: str, form: str, forms: Mapping[str, tuple[str, ...]]) -> str:
    if key in set(Check) and form != "column":
        return f'Choose the rows with where = {{column = "Header", {key} = ...}}.'
    knowing = [other for other in forms if key in forms[other]]
    return f"'{key}' goes with {' or '.join(knowing)}; with {form} go {', '.join(forms[form])}."


def _check_kind(name: str, section: Section, form: str, test: CellTest | None) -> None:
    """Numbers of contacts fill counts; times between clocks fill durations, or with a limit counts."""
    is_count = MEASURES[name].kind is MeasureKind.COUNT
    if form == "count" and not is_count:
        section.fail("count", f"{name} is an amount, count gives a number of contacts.", 'Write {column = "Header"}.')
    if test is not None and not is_count:
        remedy = f'To take the amount of some rows only, write where = {{column = "Header", {test.check} = ...}}.'
        section.fail(test.check, f"{name} is an amount, {test.check} gives the number of contacts that pass.", remedy)
    if form == "from" and test is None and not MEASURES[name].is_duration:
        if is_count:
            section.fail("from", f"{name} is a number of contacts, from and to give seconds.", "Add a limit, for instance at_most = 20.")
        durations = ", ".join(measure for measure in MEASURES if MEASURES[measure].is_duration)
        section.fail("from", f"{name} is not a duration, from and to give seconds.", f"Durations are {durations}.")


def _unit(name: str, section: Section, form: str, test: CellTest | None) -> CellUnit:
    if form == "from":
        return CellUnit.SECONDS
    if test is not None:
        return read_test_unit(section, test)
    unit = _measure_unit(name, section)
    if form == "constant" and unit in DURATION_UNITS and unit not in FACTORS:
        plain = ", ".join(f'"{factor}"' for factor in FACTORS)
        section.fail("unit", "a constant is a plain number.", f"Say unit = {plain}.")
    return unit


def _measure_unit(name: str, section: Section) -> CellUnit:
    allowed = DURATION_UNITS if MEASURES[name].is_duration else (CellUnit.MONEY,) if MEASURES[name].is_money else (CellUnit.COUNT,)
    unit = section.string("unit", allowed[0].value)
    if unit in SHARE_UNITS:
        section.fail("unit", f"{name} is a number of things, not a {unit}.", "A ratio in the file belongs under [kpis].")
    if unit not in allowed:
        section.fail("unit", f"unit of {name} is '{unit}'.", did_you_mean(unit, allowed) or f"Known: {', '.join(allowed)}.")
    return CellUnit(unit)


def check_threshold(root: Section, threshold: TextField | None, fields: tuple[MeasureField, ...]) -> None:
    """Contacts counted within another threshold than the one their rows will carry would be wrong without a sign of it."""
    if threshold is None or threshold.constant is None:
        return
    said = Decimal(threshold.constant)
    for entry in fields:
        limit = entry.test.limit if entry.test and entry.test.check is Check.AT_MOST else None
        if entry.measure in ("answered_within_threshold", "abandoned_within_threshold") and limit is not None and limit != said:
            message = f"{entry.measure} counts within {limit} s, but threshold_seconds is {said}."
            root.fail("threshold_seconds", message, "Write the same number of seconds in both.")
