"""Shares that are said to be percent and look like fractions: 0.805 would be read as 0.8 %.

A cell with its own % sign leaves no doubt. Where a higher share is better, a whole column of at most 1 % is refused row by row;
where a lower one is, it happens, so it is said and stored, and not even said of error rates, whose target is that low.
"""

from collections.abc import Sequence
from decimal import Decimal

from analytics.catalogue import KPIS, Direction, Kpi, Unit
from analytics.intake.problems import CellError, Issue, Level
from analytics.intake.reading import Columns
from analytics.intake.recipe import CellUnit, KpiField
from analytics.wording import counted

CODE = "percent_or_fraction"
_ONE_PERCENT = Decimal("0.01")
_REMEDY = 'If they are fractions of 1, say unit = "fraction" in the recipe{}; shares that really are that low are written with a % sign.'
_IN_FILE = " (or fraction in the file's unit column)"


def column_of_fractions(columns: Columns, ratio: KpiField, column: str, values: Sequence[Decimal | None]) -> list[Issue]:
    """A column of one KPI: its rows refused, or what is to be said of it."""
    if ratio.unit is not CellUnit.PERCENT:
        return []
    known = {index: value for index, value in enumerate(values) if value is not None}
    return fractions(columns, column, KPIS[ratio.kpi], known, _REMEDY.format(""))


def fractions(columns: Columns, column: str, kpi: Kpi, values: dict[int, Decimal], remedy: str = _REMEDY.format(_IN_FILE)) -> list[Issue]:
    """The same for the rows of one KPI among others; `values`: row -> what was read of a cell in percent."""
    if kpi.unit is not Unit.PERCENT:
        return []
    cells = columns.sheet.column(column)
    plain = {index: value for index, value in values.items() if not cells[index].endswith("%")}
    if not any(plain.values()) or max(plain.values()) > _ONE_PERCENT:
        return []
    index = next(index for index, value in plain.items() if value)
    read_as = f"'{cells[index]}' in percent would be {float(plain[index]) * 100:g} % of {kpi.label.lower()}"
    if kpi.direction is not Direction.LOWER:
        for row in plain:
            columns.refuse(row, column, CellError(CODE, f"{read_as}, and no cell of it is above 1", remedy))
        return []
    usual = kpi.target.expected if kpi.target else None
    if usual is not None and usual <= float(_ONE_PERCENT):
        return []
    message = f"No {kpi.label.lower()} is above 1 %: {read_as}."
    example = f"{cells[index]} in {counted(len(plain), 'row')}" if len(plain) > 1 else cells[index]
    return [Issue(Level.WARNING, CODE, message, remedy, columns.lines[index], column, len(plain), example)]
