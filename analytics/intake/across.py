"""Tables with a column per month, turned: a row of the file becomes a row for every month it has a cell of."""

from collections.abc import Iterator, Sequence

from analytics.errors import IntakeError
from analytics.intake.dates import parse_date
from analytics.intake.problems import CellError
from analytics.intake.recipe import Recipe
from analytics.intake.sheet import Row, Sheet

_SHOWN = 12


def turned(sheet: Sheet, recipe: Recipe) -> Sheet:
    """The sheet as it is, or turned where the recipe says so: the names of the months and their cells as two columns behind the others.

    A cell without a value is no row. No column that is named like a period: `IntakeError`.
    """
    if not recipe.months_across or recipe.period_start is None:
        return sheet
    months = month_places(sheet.header, recipe.period_start.format)
    if not months:
        example = f"named like a period ('{recipe.period_start.format}')"
        raise IntakeError(
            f"The recipe says months_across, but no column of the file is {example}.",
            f"It has: {', '.join(sheet.header[:_SHOWN])}. Correct format in period_start.",
        )
    others = [place for place in range(len(sheet.header)) if place not in months]
    (month,) = recipe.period_start.columns
    header = (*(sheet.header[place] for place in others), month, recipe.months_across)
    missing = frozenset(recipe.missing)
    rows = (new for row in sheet.rows for new in _per_month(row, sheet.header, others, months, missing))
    return Sheet(header, tuple(rows), sheet.rejects, sheet.delimiter)


def month_places(header: Sequence[str], format: str) -> list[int]:
    """Where the columns are that are named by a period."""
    return [place for place, name in enumerate(header) if _is_period(name, format)]


def _is_period(name: str, format: str) -> bool:
    try:
        parse_date(name, format)
    except CellError:
        return False
    return True


def _per_month(row: Row, header: Sequence[str], others: Sequence[int], months: Sequence[int], missing: frozenset[str]) -> Iterator[Row]:
    same = [row.cells[place] for place in others]
    for place in months:
        if row.cells[place].strip() not in missing:
            yield Row(row.line, (*same, header[place], row.cells[place]), row.raw, header[place])
