"""Conditions on cells: which rows are left out, and which count for a measure."""

from collections.abc import Callable
from decimal import Decimal
from operator import ge, gt, le, lt

from analytics.intake.cells import number_reader
from analytics.intake.recipe import CellTest, Check, Condition, Recipe

_COMPARED: dict[Check, Callable[[Decimal, Decimal], bool]] = {
    Check.AT_MOST: le, Check.AT_LEAST: ge, Check.LESS_THAN: lt, Check.MORE_THAN: gt,
}  # fmt: skip

_VERBS = {Check.EQUALS: "is", Check.NOT_EQUALS: "is not", Check.STARTS_WITH: "starts with"}
_NAMED = 3


def tester(condition: Condition, recipe: Recipe) -> Callable[[str], bool]:
    """The function that says whether a cell passes; a cell that is no number where it is held against a limit: `CellError`."""
    test, missing = condition.test, frozenset(recipe.missing)
    if test.check is Check.PRESENT:
        return lambda cell: (cell not in missing) is test.expected
    if test.limit is None:
        return lambda cell: _passes_text(cell, test)
    reader, within = number_reader(recipe, condition.unit), limit_tester(test)
    return lambda cell: cell not in missing and within(reader(cell))


def condition_words(condition: Condition) -> str:
    """A condition as it is told: "Datum is 'Gesamt'", 'Month is empty', "Queue starts with 'Test'"."""
    test, column = condition.test, condition.column
    if test.check is Check.PRESENT:
        return f"{column} is {'not ' if test.expected else ''}empty"
    verb = _VERBS.get(test.check, f"{test.check.replace('_', ' ')}")
    texts = [f"'{text}'" for text in test.texts] or [f"{test.limit}"]
    return f"{column} {verb} {' or '.join(texts[:_NAMED])}{' or others' if len(texts) > _NAMED else ''}"


def limit_tester(test: CellTest) -> Callable[[Decimal], bool]:
    """The function that says whether a number is within the limit of a test."""
    compared, limit = _COMPARED[test.check], test.limit or Decimal(0)
    return lambda number: compared(number, limit)


def _passes_text(cell: str, test: CellTest) -> bool:
    if test.check is Check.STARTS_WITH:
        return cell.startswith(test.texts)
    return (cell in test.texts) is (test.check is Check.EQUALS)
