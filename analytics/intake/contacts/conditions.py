"""Conditions in SQL: the same checks as `analytics.intake.conditions`."""

from dataclasses import dataclass
from decimal import Decimal

from analytics.intake.contacts.ordinary import OrdinaryCells
from analytics.intake.contacts.sql import FALSE, TRUE, any_sql, text_sql
from analytics.intake.recipe import CellTest, Check, Condition

_SIGNS = {Check.AT_MOST: "<=", Check.AT_LEAST: ">=", Check.LESS_THAN: "<", Check.MORE_THAN: ">"}
_MOST_DECIMALS = 15
_LARGEST_LIMIT = Decimal(10) ** 15


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a row passes, known to SQL where `settled` holds."""

    settled: str
    passes: str


def condition_test(condition: Condition, cells: OrdinaryCells) -> Verdict:
    """Whether a row's cell passes."""
    test = condition.test
    if test.check is Check.PRESENT:
        missing = cells.missing(cells.text(condition.column, cells.recipe.missing))
        return Verdict(TRUE, f"NOT {missing}" if test.expected else missing)
    if test.limit is None:
        return Verdict(TRUE, cells.flag(_text_test(cells.text(condition.column, test.texts), test)))
    number = cells.number(condition.column, condition.unit)
    within = within_sql(number, test) if number else None
    if within is None:
        return Verdict(FALSE, FALSE)
    missing = cells.missing(cells.raw(condition.column))
    return Verdict(f"({number} IS NOT NULL OR {missing})", f"coalesce({within}, false)")


def within_sql(number: str, test: CellTest) -> str | None:
    """Whether a number is within the limit; None where the limit has more digits than are compared in SQL."""
    limit = (test.limit or Decimal(0)).normalize()
    exponent = limit.as_tuple().exponent
    if abs(limit) >= _LARGEST_LIMIT or (isinstance(exponent, int) and exponent < -_MOST_DECIMALS):
        return None
    return f"{number} {_SIGNS[test.check]} {limit:f}"


def _text_test(cell: str, test: CellTest) -> str:
    if test.check is Check.STARTS_WITH:
        return any_sql(f"starts_with({cell}, {text_sql(text)})" for text in test.texts)
    listed = ", ".join(map(text_sql, test.texts))
    return f"{cell} {'IN' if test.check is Check.EQUALS else 'NOT IN'} ({listed})"
