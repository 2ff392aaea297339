"""The shape `aggregates`: a row holds totals (counts, seconds, money) of one period, vendor and further dimensions."""

from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal

import pyarrow as pa

from analytics.catalogue import KPIS, MEASURES, Measure, MeasureKind
from analytics.intake.cells import FACTORS, count_of, not_negative, number_reader, stored
from analytics.intake.dates import days_in
from analytics.intake.problems import CellError, Issue, Level
from analytics.intake.reading import AMOUNT, COLUMN_TYPES, Columns, Reading, arrow_table, read_keys, refuse_duplicates, summed
from analytics.intake.recipe import CellUnit, KpiField, MeasureField, Recipe, TextField
from analytics.intake.recipe_kpis import weighted_measure
from analytics.intake.scorecard import reported_rows, result_reader
from analytics.intake.shares import column_of_fractions
from analytics.intake.sheet import Sheet
from analytics.warehouse.settle import PERFORMANCE_KEY

Number = Decimal | int
_SAME_KEY = 'Remove one, map the column that tells them apart, or write [rows] duplicates = "sum" if they are parts of one total.'


def read_aggregates(sheet: Sheet, recipe: Recipe) -> Reading:
    """Measures per row, and reported results where the file holds ratios that cannot become measures."""
    columns = Columns(sheet, recipe.missing)
    keys = read_keys(columns, recipe)
    measures = {entry.measure: _measure(columns, entry, keys["period_start"], recipe) for entry in recipe.measures}
    ratios = {ratio: columns.read(ratio.column, result_reader(ratio, recipe)) for ratio in recipe.kpis}
    odd = [issue for ratio, values in ratios.items() for issue in column_of_fractions(columns, ratio, ratio.column, values)]
    weighted = {name: _weighted(ratio, values, measures) for ratio, values in ratios.items() if (name := weighted_measure(ratio))}
    results = {ratio: values for ratio, values in ratios.items() if weighted_measure(ratio) is None}
    fields = {
        **keys,
        "file_rows": [1] * columns.size,
        "threshold_seconds": _thresholds(columns, recipe),
        "currency": columns.texts(recipe.currency or TextField()),
    }
    fields |= measures | weighted
    if not recipe.sum_duplicates:
        refuse_duplicates(columns, list(zip(*(fields[name] for name in PERFORMANCE_KEY), strict=True)), _SAME_KEY)
    rows = columns.accepted
    table = _table(fields, rows, recipe)
    tables = {"performance_rows": table} if measures or weighted else {}
    if results:
        tables["scorecard_rows"] = reported_rows(keys, results, rows)
    issues = (*odd, *(_not_weighted(ratio) for ratio in results))
    return Reading(tables, len(rows), columns.rejects, issues, tuple(weighted))


def _thresholds(columns: Columns, recipe: Recipe) -> list[Decimal | None]:
    field = recipe.threshold
    if field is None or field.column is None:
        return [stored(Decimal(field.constant or 0)) if field else None] * columns.size
    return columns.read(field.column, _checked(number_reader(recipe, CellUnit.SECONDS), not_negative))


def _checked(reader: Callable[[str], Decimal], check: Callable[[Decimal, str], Decimal]) -> Callable[[str], Decimal]:
    return lambda text: stored(check(reader(text), text))


def _check_of(measure: Measure) -> Callable[[Decimal, str], Decimal]:
    return count_of if measure.kind is MeasureKind.COUNT else not_negative


def _measure(columns: Columns, entry: MeasureField, starts: Sequence, recipe: Recipe) -> list[Decimal | None]:
    """The measure of every row that counts: the column less the `minus` columns, times the days of its period where asked."""
    reader, check = number_reader(recipe, entry.unit), _check_of(MEASURES[entry.measure])
    wanted = columns.passing(entry.where, recipe) if entry.where else None
    if entry.column is not None and not entry.minus and not entry.times_days:
        return columns.read(entry.column, _checked(reader, check), wanted)
    base = columns.read(entry.column, reader, wanted) if entry.column else _constants(entry, wanted or [True] * columns.size)
    less = [columns.read(name, reader, wanted) for name in entry.minus]
    grain = recipe.period_start.grain if recipe.period_start else "day"
    days = [days_in(start, grain) if entry.times_days and start else 1 for start in starts]
    return [_combined(columns, index, entry, check, (base, *less), days[index]) for index in range(columns.size)]


def _constants(entry: MeasureField, wanted: Sequence[bool]) -> list[Decimal | None]:
    """The recipe's own number in base units, for the rows that count."""
    number = Decimal(entry.constant or 0) * FACTORS.get(entry.unit, Decimal(1))
    return [number if counts else None for counts in wanted]


def _combined(
    columns: Columns, index: int, entry: MeasureField, check: Callable[[Decimal, str], Decimal], parts: Sequence[Sequence], days: int
) -> Decimal | None:
    """base - minus..., times days; None when a part is missing, the row refused when the result cannot be."""
    first, *others = (part[index] for part in parts)
    if first is None or None in others:
        return None
    number = (first - sum(others)) * days
    try:
        return stored(check(number, f"{number:f}"))
    except CellError as problem:
        columns.refuse(index, entry.column, problem)
        return None


def _weighted(ratio: KpiField, values: Sequence[Decimal | None], measures: dict[str, list]) -> list[Decimal | None]:
    """numerator = ratio x weight / the KPI's scale; a count becomes the whole number nearest to it."""
    kpi = KPIS[ratio.kpi]
    numerator = MEASURES[kpi.numerator_terms[0].measure]
    smallest = Decimal(1) if numerator.kind is MeasureKind.COUNT else Decimal("0.000001")
    scale = Decimal(str(kpi.scale))
    weights = measures[ratio.weight or ""]
    return [
        None if value is None or weight is None else (value * weight / scale).quantize(smallest, ROUND_HALF_EVEN)
        for value, weight in zip(values, weights, strict=True)
    ]


def _not_weighted(ratio: KpiField) -> Issue:
    below = " and ".join(term.measure for term in KPIS[ratio.kpi].denominator_terms) or "no denominator"
    why = f"{ratio.weight} is not what it is divided by" if ratio.weight else "no weight is named"
    return Issue(
        Level.INFO,
        "reported",
        f"{KPIS[ratio.kpi].label} is kept as reported, never in totals: {why}.",
        f'With weight = "{below}" it would become a measure.' if len(KPIS[ratio.kpi].denominator_terms) == 1 else "",
        column=ratio.column,
    )


def _table(fields: Mapping[str, Sequence], rows: Sequence[int], recipe: Recipe) -> pa.Table:
    measures = {name: AMOUNT if MEASURES[name].kind is MeasureKind.AMOUNT else pa.int64() for name in fields if name in MEASURES}
    table = arrow_table(_whole(fields), {**COLUMN_TYPES, **measures}, rows)
    return summed(table, list(measures)) if recipe.sum_duplicates else table


def _whole(fields: Mapping[str, Sequence]) -> dict[str, Sequence]:
    """Counts as whole numbers."""
    counts = {name for name in fields if name in MEASURES and MEASURES[name].kind is MeasureKind.COUNT}
    return {
        name: [None if value is None else int(value) for value in values] if name in counts else values for name, values in fields.items()
    }
