"""The shape `scorecard`: results a vendor reports without the counts behind them, one KPI per row or per column."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

import pyarrow as pa

from analytics.catalogue import KPIS, Comparator, Direction, Kpi, Unit
from analytics.errors import did_you_mean
from analytics.intake.cells import clean_text, number_reader
from analytics.intake.problems import CellError, Issue
from analytics.intake.reading import COLUMN_TYPES, Columns, Reading, amount, arrow_table, read_keys, refuse_duplicates
from analytics.intake.recipe import DURATION_UNITS, PLAIN_UNITS, SHARE_UNITS, CellUnit, KpiField, LongForm, Recipe
from analytics.intake.shares import column_of_fractions, fractions
from analytics.intake.sheet import Sheet
from analytics.warehouse.settle import PERFORMANCE_KEY, SCORECARD_KEY

RESULT_TYPES = {**COLUMN_TYPES, "actual": pa.float64(), "target": pa.float64()}
MEAN_RATING, HIGHEST_RATING = "csat_mean", 10
CAN_EXCEED_ONE = ("attrition", "staffing_delivered")
_SAME_RESULT = "Remove one of them, or map the column that tells them apart."
_UNIT_WORDS = {
    "%": CellUnit.PERCENT, "pct": CellUnit.PERCENT, "ratio": CellUnit.FRACTION, "s": CellUnit.SECONDS, "sec": CellUnit.SECONDS,
    "secs": CellUnit.SECONDS, "min": CellUnit.MINUTES, "mins": CellUnit.MINUTES, "h": CellUnit.HOURS, "hrs": CellUnit.HOURS,
    "hh:mm:ss": CellUnit.H_MM_SS, "m:ss": CellUnit.MM_SS, "number": CellUnit.COUNT, "#": CellUnit.COUNT, "points": CellUnit.COUNT,
    "score": CellUnit.COUNT,
}  # fmt: skip


def read_scorecard(sheet: Sheet, recipe: Recipe) -> Reading:
    """Reported results, each with its target where the file names one."""
    columns = Columns(sheet, recipe.missing)
    keys = read_keys(columns, recipe)
    if recipe.long_form:
        return _read_long(columns, keys, recipe.long_form, recipe)
    results = {ratio: columns.read(ratio.column, result_reader(ratio, recipe)) for ratio in recipe.kpis}
    targets = {ratio: columns.read(ratio.target, result_reader(ratio, recipe)) for ratio in recipe.kpis if ratio.target}
    odd = [issue for ratio, values in results.items() for issue in column_of_fractions(columns, ratio, ratio.column, values)]
    odd += [issue for ratio, values in targets.items() for issue in column_of_fractions(columns, ratio, ratio.target or "", values)]
    refuse_duplicates(columns, list(zip(*(keys[name] for name in PERFORMANCE_KEY), strict=True)), _SAME_RESULT)
    rows = columns.accepted
    return Reading({"scorecard_rows": reported_rows(keys, results, rows, targets)}, len(rows), columns.rejects, tuple(odd))


def result_reader(ratio: KpiField, recipe: Recipe) -> Callable[[str], Decimal]:
    """The function that reads one result of this column into base units."""
    reader, kpi = number_reader(recipe, ratio.unit), KPIS[ratio.kpi]
    return lambda text: _sensible(reader(text), kpi, text)


def _sensible(number: Decimal, kpi: Kpi, text: str) -> Decimal:
    """Only point scores (-100 to 100) can be below zero, and a share of a whole is at most 1."""
    if number < 0 and kpi.unit is not Unit.POINTS:
        raise CellError("negative", f"'{text}' is negative", "Correct the cell.")
    if kpi.id == MEAN_RATING and number > HIGHEST_RATING:
        raise CellError("scale", f"'{text}' is no mean of ratings of 1 to 5 (or 10)", "Correct the cell, or map the column to another KPI.")
    if kpi.unit is Unit.PERCENT and number > 1 and kpi.id not in CAN_EXCEED_ONE:
        remedy = 'Correct the cell; if the column holds percentages, say unit = "percent" in the recipe.'
        raise CellError("share", f"'{text}' would be {float(number) * 100:g} % of {kpi.label.lower()}", remedy)
    return number


def reported_rows(
    keys: Mapping[str, Sequence],
    results: Mapping[KpiField, Sequence[Decimal | None]],
    rows: Sequence[int],
    targets: Mapping[KpiField, Sequence[Decimal | None]] | None = None,
) -> pa.Table:
    """One scorecard row per file row and KPI column. A missing result is kept as NULL: a correction may withdraw a value."""
    parts = []
    for ratio, values in results.items():
        wanted = (targets or {}).get(ratio, [None] * len(values))
        parts.append(arrow_table({**keys, **_result_fields(ratio.kpi, values, wanted)}, RESULT_TYPES, rows))
    return pa.concat_tables(parts)


def _result_fields(kpi_id: str, values: Sequence[Decimal | None], targets: Sequence[Decimal | None]) -> dict[str, list]:
    kpi = KPIS[kpi_id]
    return {
        "kpi": [kpi_id] * len(values),
        "actual": [amount(value) for value in values],
        "unit": [kpi.unit.machine_name] * len(values),
        "target": [amount(target) for target in targets],
        "comparator": [None if target is None else usual_comparator(kpi).value for target in targets],
    }


def usual_comparator(kpi: Kpi) -> Comparator:
    """How the KPI is held against a target when the file does not say."""
    if kpi.target and kpi.target.comparator is not Comparator.BAND:
        return kpi.target.comparator
    return Comparator.AT_MOST if kpi.direction is Direction.LOWER else Comparator.AT_LEAST


def _read_long(columns: Columns, keys: dict[str, list], form: LongForm, recipe: Recipe) -> Reading:
    kpis = _kpis(columns, form)
    units = columns.texts(form.unit) if form.unit else [None] * columns.size
    actuals = _results(columns, form.actual, kpis, units, recipe)
    targets = _results(columns, form.target, kpis, units, recipe) if form.target else [None] * columns.size
    odd = _fractions(columns, form.actual, kpis, units, actuals)
    odd += _fractions(columns, form.target, kpis, units, targets) if form.target else []
    said = columns.read(form.comparator, read_comparator) if form.comparator else [None] * columns.size
    fields = {
        **keys,
        "kpi": [kpi.id if kpi else None for kpi in kpis],
        "actual": [amount(value) for value in actuals],
        "unit": [kpi.unit.machine_name if kpi else None for kpi in kpis],
        "target": [amount(target) for target in targets],
        "comparator": [
            (comparator or usual_comparator(kpi).value) if kpi and target is not None else None
            for kpi, target, comparator in zip(kpis, targets, said, strict=True)
        ],
    }
    refuse_duplicates(columns, list(zip(*(fields[name] for name in SCORECARD_KEY), strict=True)), _SAME_RESULT)
    rows = columns.accepted
    return Reading({"scorecard_rows": arrow_table(fields, RESULT_TYPES, rows)}, len(rows), columns.rejects, tuple(odd))


def _fractions(
    columns: Columns, column: str, kpis: Sequence[Kpi | None], units: Sequence[str | None], values: Sequence[Decimal | None]
) -> list[Issue]:
    """What is odd about the cells in percent, KPI by KPI."""
    found: dict[str, dict[int, Decimal]] = {}
    for index, (kpi, unit, value) in enumerate(zip(kpis, units, values, strict=True)):
        if kpi and unit and value is not None and _unit_named(unit) is CellUnit.PERCENT:
            found.setdefault(kpi.id, {})[index] = value
    return [issue for kpi, rows in found.items() for issue in fractions(columns, column, KPIS[kpi], rows)]


def _kpis(columns: Columns, form: LongForm) -> list[Kpi | None]:
    """The KPI of every row; unknown names are refused."""
    found: list[Kpi | None] = []
    for index, name in enumerate(columns.texts(form.kpi)):
        try:
            found.append(named_kpi(name or ""))
        except CellError as problem:
            columns.refuse(index, form.kpi.column, problem)
            found.append(None)
    return found


def named_kpi(name: str) -> Kpi:
    """The KPI a file means by its id, its label or a synonym, in any case."""
    wanted = clean_text(name).casefold()
    for kpi in KPIS.values():
        if wanted in (kpi.id, kpi.label.casefold(), *kpi.synonyms):
            return kpi
    known = [*KPIS, *(kpi.label.casefold() for kpi in KPIS.values())]
    hint = did_you_mean(wanted, known) or "See the Definitions page."
    raise CellError("unknown_kpi", f"unknown KPI '{name}'", hint)


def _results(
    columns: Columns, column: str, kpis: Sequence[Kpi | None], units: Sequence[str | None], recipe: Recipe
) -> list[Decimal | None]:
    found: list[Decimal | None] = []
    for index, (cell, kpi, unit) in enumerate(zip(columns.sheet.column(column), kpis, units, strict=True)):
        try:
            found.append(None if kpi is None or cell in columns.missing else read_result(cell, kpi, unit, recipe))
        except CellError as problem:
            columns.refuse(index, column, problem)
            found.append(None)
    return found


def read_result(cell: str, kpi: Kpi, unit: str | None, recipe: Recipe) -> Decimal:
    """A result of `kpi` in base units, written in `unit` or in a way that leaves no doubt ('85 %', '4:30')."""
    return _sensible(number_reader(recipe, _cell_unit(cell, kpi, unit))(cell), kpi, cell)


def _cell_unit(cell: str, kpi: Kpi, unit: str | None) -> CellUnit:
    allowed = {Unit.PERCENT: SHARE_UNITS, Unit.SECONDS: DURATION_UNITS, Unit.HOURS: DURATION_UNITS}.get(kpi.unit, PLAIN_UNITS)
    if kpi.unit is Unit.PERCENT and cell.endswith("%"):
        return CellUnit.PERCENT
    if unit is not None:
        found = _unit_named(unit)
        if found not in allowed:
            raise CellError("unit", f"{kpi.label} cannot be in '{unit}'", f"Use one of: {', '.join(allowed)}.")
        return found
    if allowed is PLAIN_UNITS:
        return CellUnit.COUNT
    if allowed is DURATION_UNITS and cell.count(":") in (1, 2):
        return CellUnit.MM_SS if cell.count(":") == 1 else CellUnit.H_MM_SS
    raise CellError("unit", f"'{cell}' of {kpi.label} has no unit", f"Name a unit column or a constant unit: {', '.join(allowed)}.")


def _unit_named(unit: str) -> CellUnit | None:
    word = unit.casefold()
    return _UNIT_WORDS.get(word) or (CellUnit(word) if word in set(CellUnit) else None)


def read_comparator(cell: str) -> str:
    """A comparator, in mathematical or keyboard signs."""
    sign = {"≥": ">=", "≤": "<=", "=>": ">=", "=<": "<="}.get(cell, cell)
    if sign not in set(Comparator):
        raise CellError("comparator", f"'{cell}' is not a comparator", f"Use one of: {' '.join(Comparator)}.")
    return sign
