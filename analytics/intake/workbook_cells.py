"""How the cells of a workbook's columns are written as text so that the recipe reads them: dates in its formats, durations in its units."""

from collections.abc import Iterator, Mapping, Sequence

from analytics.intake.cells import clean_text
from analytics.intake.recipe import DURATION_UNITS, CellUnit, Clock, OrderType, Recipe

Style = Mapping[str, str]


def cell_styles(recipe: Recipe, header: Sequence[str]) -> dict[int, Style]:
    """Position of a column -> the date `format`, duration `unit` or `share` the recipe reads it in; columns it does not name are left out.

    A cell of a share that is shown in percent is written with its sign, which says more than its number.
    """
    named: dict[str, dict[str, str]] = {}
    for name, style in (*_formats(recipe), *_units(recipe), *_shares(recipe)):
        kept = named.setdefault(clean_text(name).casefold(), {})
        # A column can be read twice, as a day and as a point in time: the longer format says both.
        kept |= {key: value for key, value in style.items() if len(value) > len(kept.get(key, ""))}
    keys = [clean_text(name).casefold() for name in header]
    return {position: named[key] for position, key in enumerate(keys) if key in named}


def _formats(recipe: Recipe) -> Iterator[tuple[str, Style]]:
    start, fold = recipe.period_start, recipe.fold
    clocks = [Clock(start.columns, start.format)] if start else []
    clocks += [clock for entry in recipe.measures if entry.elapsed for clock in (entry.elapsed.start, entry.elapsed.end)]
    for clock in clocks:
        yield from zip(clock.columns, ({"format": part} for part in _parts(clock)), strict=True)
    if fold and fold.order_type in (OrderType.DATE, OrderType.DATETIME):
        yield fold.order_by, {"format": fold.order_format}


def _parts(clock: Clock) -> list[str]:
    """The format of each column: the parts between its blanks, or the whole where there are not as many."""
    parts = clock.format.split(" ")
    return parts if len(parts) == len(clock.columns) else [clock.format] * len(clock.columns)


def _units(recipe: Recipe) -> Iterator[tuple[str, Style]]:
    named = [(name, entry.unit) for entry in recipe.measures for name in (entry.column, *entry.minus)]
    named += [(condition.column, condition.unit) for entry in recipe.measures for condition in entry.where]
    named += [(condition.column, condition.unit) for condition in recipe.exclude]
    named += [(name, entry.unit) for entry in recipe.kpis for name in (entry.column, entry.target)]
    for name, unit in named:
        if name is not None and unit in DURATION_UNITS:
            yield name, {"unit": unit.value}


def _shares(recipe: Recipe) -> Iterator[tuple[str, Style]]:
    named = [name for entry in recipe.kpis if entry.unit is CellUnit.PERCENT for name in (entry.column, entry.target)]
    named += [recipe.long_form.actual, recipe.long_form.target] if recipe.long_form else []
    yield from ((name, {"share": CellUnit.PERCENT.value}) for name in named if name is not None)
