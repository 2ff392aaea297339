"""The part of a recipe about rows: which are left out, which count, which of them are one contact."""

from decimal import Decimal

from analytics.errors import did_you_mean
from analytics.intake.dates import check_clock_format, check_format
from analytics.intake.recipe import (
    LIMIT_CHECKS,
    TEXT_CHECKS,
    CellTest,
    CellUnit,
    Check,
    Condition,
    Fold,
    OrderType,
    Shape,
)
from analytics.intake.recipe_dates import DateOrder
from analytics.intake.sections import Section


def read_conditions(section: Section, key: str, shape: Shape) -> tuple[Condition, ...]:
    """The conditions under `key`: one table or a list of them."""
    return tuple(_condition(item, key, shape) for item in section.tables_in(key))


def _condition(section: Section, key: str, shape: Shape) -> Condition:
    section.only("condition", shape)
    column = section.required("column", '"Site"')
    test = read_test(section)
    if test is None:
        checks = ", ".join(Check)
        section.fail("column", f"{key} says nothing about '{column}'.", f'Add a check, for instance equals = ["Total"]. Known: {checks}.')
    return Condition(column, test, read_test_unit(section, test))


def read_test(section: Section) -> CellTest | None:
    """The one check of a table, None when it has none."""
    checks = [check for check in Check if check in section.values]
    if len(checks) > 1:
        section.fail(checks[1], f"{checks[0]} and {checks[1]} stand in one table.", "Write where = [{...}, {...}]: all of them must hold.")
    if not checks:
        return None
    check = checks[0]
    if check in TEXT_CHECKS:
        return CellTest(check, texts=_texts(section, check))
    if check in LIMIT_CHECKS:
        return CellTest(check, limit=Decimal(section.number(check) or 0))
    return CellTest(check, expected=section.flag(check))


def _texts(section: Section, check: Check) -> tuple[str, ...]:
    value = section.values[check]
    if isinstance(value, bool | int | Decimal):
        written = str(value).lower() if isinstance(value, bool) else str(value)
        section.fail(check, f"{check} is {written}, not a text.", f'Cells are compared as texts: write {check} = ["{written}"].')
    texts = section.strings(check)
    if not texts or (check is Check.STARTS_WITH and "" in texts):
        section.fail(check, f"{check} names no text.", f'Write {check} = ["..."], or present = false for empty cells.')
    return texts


def read_test_unit(section: Section, test: CellTest) -> CellUnit:
    """How the checked cell is written; only limits read it as a number."""
    if "unit" in section.values and test.check not in LIMIT_CHECKS:
        section.fail("unit", f"{test.check} looks at the text of the cell, which has no unit.", "Remove unit.")
    return CellUnit(section.choice("unit", CellUnit, CellUnit.COUNT.value))


def read_duplicates(rows: Section) -> bool:
    """Whether rows about the same thing are added up."""
    return "duplicates" in rows.values and rows.choice("duplicates", ("refuse", "sum")) == "sum"


def read_fold(rows: Section, order: DateOrder) -> Fold:
    """Which rows are one contact and which of them stands for it."""
    keys = rows.strings("fold_by")
    if not keys or not all(keys):
        rows.fail(
            "fold_by" if "fold_by" in rows.values else "",
            "events need fold_by.",
            'Name the column that is the same in all rows of a contact: fold_by = "Ticket".',
        )
    section = rows.table("order_by")
    if section is None:
        rows.fail("", "events need order_by.", 'Say which row is the last: order_by = {column = "Revision", type = "integer"}.')
    section.only("order_by", Shape.EVENTS)
    column = section.required("column", '"Revision"')
    kind = OrderType(section.choice("type", OrderType))
    return Fold(keys, column, kind, _order_format(section, kind, order))


def _order_format(section: Section, kind: OrderType, order: DateOrder) -> str:
    default = order.day if kind is OrderType.DATE else order.moment
    if "format" not in section.values:
        return default
    written = section.string("format")
    if kind not in (OrderType.DATE, OrderType.DATETIME):
        section.fail("format", f"{kind} has no format.", 'Remove it, or write type = "date" or "datetime".')
    problem = check_format(written) or ("" if kind is OrderType.DATE else check_clock_format(written))
    if problem:
        section.fail("format", f"format '{written}': {problem}.", f'Example: "{default}". {did_you_mean(written, (default,))}'.strip())
    return written
