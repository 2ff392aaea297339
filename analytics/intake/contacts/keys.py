"""The staged columns that say what a contact is about: period, dimensions, threshold, currency; whether it is left out; its fold."""

from datetime import date
from decimal import Decimal
from functools import partial

from analytics.catalogue import DIMENSIONS
from analytics.errors import IntakeError
from analytics.intake.cells import clean_text, not_negative, number_reader, stored
from analytics.intake.conditions import tester
from analytics.intake.contacts.conditions import condition_test
from analytics.intake.contacts.field import Cells, Field, Piece, UnreadableError, always, never, tried, unique
from analytics.intake.contacts.moments import in_range_sql
from analytics.intake.contacts.ordinary import CLEAN_TEXT, STORED, OrdinaryCells, matches_sql
from analytics.intake.contacts.sql import FALSE, all_sql, any_sql, text_sql
from analytics.intake.dates import parse_date, parse_moment
from analytics.intake.problems import CellError
from analytics.intake.reading import period_start, text_of
from analytics.intake.recipe import CellUnit, DateField, Fold, OrderType, Recipe, TextField
from analytics.periods import Grain

LEFT_OUT = "left_out"
FOLD_KEY, FOLD_ORDER = "fold_key", "fold_order"
_BETWEEN_KEYS = "\x1f"
_ORDER_TYPES = {
    OrderType.INTEGER: "BIGINT", OrderType.NUMBER: "DECIMAL(38,12)", OrderType.DATE: "DATE", OrderType.DATETIME: "TIMESTAMP",
    OrderType.TEXT: "VARCHAR",
}  # fmt: skip
_LARGEST_ORDER = Decimal(10) ** 18


def key_fields(recipe: Recipe, cells: OrdinaryCells) -> list[Field]:
    """The fields in the order in which their problems are looked for."""
    assert recipe.period_start is not None
    fields = [left_out_field(recipe, cells), period_field(recipe.period_start, recipe, cells)]
    fields += [text_field(name, recipe.dimensions.get(name, TextField()), recipe, cells, name == "vendor") for name in DIMENSIONS]
    if recipe.fold is not None:
        fields += [fold_key_field(recipe.fold, recipe, cells), fold_order_field(recipe.fold, recipe, cells)]
    return [*fields, threshold_field(recipe, cells), text_field("currency", recipe.currency or TextField(), recipe, cells, False)]


def left_out_field(recipe: Recipe, cells: OrdinaryCells) -> Field:
    """Whether the recipe leaves the row out; one rule that holds is enough, also where another cannot be checked."""
    rules = [(rule.column, tester(rule, recipe)) for rule in recipe.exclude]

    def read(row: Cells) -> bool:
        unclear: UnreadableError | None = None
        for column, passes in rules:
            try:
                if tried(column, passes, row[column]):
                    return True
            except UnreadableError as problem:
                unclear = unclear or problem
        if unclear:
            raise unclear
        return False

    tests = [condition_test(rule, cells) for rule in recipe.exclude]
    piece = Piece((all_sql(one.settled for one in tests),), any_sql(one.passes for one in tests), "BOOLEAN")
    return Field(LEFT_OUT, unique([column for column, _ in rules]), read, piece)


def period_field(field: DateField, recipe: Recipe, cells: OrdinaryCells) -> Field:
    """The first day of the period; a row without one is refused."""
    if not field.columns:
        try:
            start = period_start(field.constant or "", field)
        except CellError as problem:
            raise IntakeError(f"The recipe's period_start: {problem.message}.", problem.remedy) from problem
        return Field("period_start", (), lambda row: start, always(text_sql(start.isoformat()), "DATE"))

    def read(row: Cells) -> date:
        parts = [row[column] for column in field.columns]
        if any(part in recipe.missing for part in parts) or (joined := " ".join(parts)) in recipe.missing:
            raise UnreadableError(field.column, missing_problem("period"))
        return tried(field.column, partial(period_start, field=field), joined)

    return Field("period_start", field.columns, read, _period_piece(field, cells))


def missing_problem(what: str) -> CellError:
    """A row lacks what every row needs."""
    return CellError(f"no_{what}", f"the {what} is missing", "Fill the cell, or exclude such rows in the recipe.")


def _period_piece(field: DateField, cells: OrdinaryCells) -> Piece:
    moment = cells.moment(field.columns, field.format)
    if moment is None:
        return never("DATE")
    in_range, there = in_range_sql(moment, field.format), all_sql(f"NOT {cells.missing(cells.raw(column))}" for column in field.columns)
    day = f"zone_day(CASE WHEN {in_range} THEN epoch_us({moment}) // 60000000 END)" if field.from_zone else moment
    settled = in_range if len(field.columns) == 1 else all_sql((in_range, there))
    start = day if field.grain == Grain.DAY else f"date_trunc('{field.grain}', {day})"
    return Piece((settled,), f"CAST({start} AS DATE)", "DATE")


def text_field(name: str, field: TextField, recipe: Recipe, cells: OrdinaryCells, required: bool) -> Field:
    """A dimension or the currency; names go through the recipe's map, which SQL looks up in a table."""
    if field.column is None:
        value = "NULL" if field.constant is None else text_sql(field.constant)
        return Field(name, (), lambda row: field.constant, always(value, "VARCHAR"))
    column = field.column

    def read(row: Cells) -> str | None:
        cell = row[column]
        value = None if cell in recipe.missing else tried(column, lambda text: text_of(text, field), cell)
        if value is None and required:
            raise UnreadableError(column, missing_problem(name))
        return value

    return Field(name, (column,), read, _text_piece(name, field, cells, column, required))


def _text_piece(name: str, field: TextField, cells: OrdinaryCells, column: str, required: bool) -> Piece:
    if field.map:
        return _mapped_piece(name, field, cells, column, required)
    written = cells.name(column)
    missing = () if required else (cells.missing(cells.raw(column)),)
    return Piece((f"{written} IS NOT NULL", *missing), written, "VARCHAR")


def _mapped_piece(name: str, field: TextField, cells: OrdinaryCells, column: str, required: bool) -> Piece:
    """A name looked up in the recipe's map, which most names are in; only others are looked at more closely."""
    cell = cells.raw(column)
    missing, clean = cells.missing(cell), matches_sql(cell, CLEAN_TEXT)
    known, means = f"known_{name} IS NOT NULL", f"nullif(means_{name}, '')"
    other = cell if field.others is None else text_sql(field.others)
    value = f"CASE WHEN {known} THEN {means} WHEN {missing} THEN NULL WHEN {clean} THEN {other} END"
    settled = [all_sql((known, f"{means} IS NOT NULL")) if required else known]
    settled += [] if required else [missing]
    settled += [] if field.refuse_others else [all_sql((f"NOT ({known})", f"NOT {missing}", clean))]
    return Piece(tuple(settled), value, "VARCHAR")


def threshold_field(recipe: Recipe, cells: OrdinaryCells) -> Field:
    """The seconds contacts should be answered within."""
    field = recipe.threshold
    if field is None or field.column is None:
        number = stored(Decimal(field.constant or 0)) if field else None
        return Field("threshold_seconds", (), lambda row: number, always("NULL" if number is None else f"{number:f}", STORED))
    column, reader = field.column, number_reader(recipe, CellUnit.SECONDS)

    def read(row: Cells) -> Decimal | None:
        cell = row[column]
        return None if cell in recipe.missing else tried(column, lambda text: stored(not_negative(reader(text), text)), cell)

    value = cells.number(column, CellUnit.SECONDS)
    return Field("threshold_seconds", (column,), read, Piece((f"{value} >= 0", cells.missing(cells.raw(column))), f"{value}", STORED))


def fold_key_field(fold: Fold, recipe: Recipe, cells: OrdinaryCells) -> Field:
    """What is the same in all rows of a contact."""

    def read(row: Cells) -> str:
        for column in fold.keys:
            if row[column] in recipe.missing:
                raise UnreadableError(column, missing_problem("key"))
        return _BETWEEN_KEYS.join(clean_text(row[column]) for column in fold.keys)

    names = [cells.name(column) for column in fold.keys]
    piece = Piece((all_sql(f"{name} IS NOT NULL" for name in names),), f" || {text_sql(_BETWEEN_KEYS)} || ".join(names), "VARCHAR")
    return Field(FOLD_KEY, fold.keys, read, piece)


def fold_order_field(fold: Fold, recipe: Recipe, cells: OrdinaryCells) -> Field:
    """What tells which row of a contact is the last, read as the recipe's type."""
    column = fold.order_by

    def read(row: Cells) -> object:
        if row[column] in recipe.missing:
            raise UnreadableError(column, missing_problem("order"))
        return tried(column, partial(_order_of, fold=fold, recipe=recipe), row[column])

    return Field(FOLD_ORDER, (column,), read, _order_piece(fold, cells))


def _order_piece(fold: Fold, cells: OrdinaryCells) -> Piece:
    sql_type = _ORDER_TYPES[fold.order_type]
    match fold.order_type:
        case OrderType.INTEGER:
            value = cells.number(fold.order_by, CellUnit.COUNT)
            settled = f"{value} = trunc({value})"
        case OrderType.NUMBER:
            value = cells.number(fold.order_by, CellUnit.COUNT)
            settled = f"{value} IS NOT NULL"
        case OrderType.TEXT:
            value = cells.name(fold.order_by)
            settled = f"{value} IS NOT NULL"
        case _:
            value = cells.moment((fold.order_by,), fold.order_format)
            settled = in_range_sql(value, fold.order_format) if value else FALSE
    return Piece((settled,), f"CAST({value} AS {sql_type})", sql_type) if value else never(sql_type)


def _order_of(text: str, fold: Fold, recipe: Recipe) -> object:
    if fold.order_type is OrderType.TEXT:
        return clean_text(text)
    if fold.order_type is OrderType.DATE:
        return parse_date(text, fold.order_format)
    if fold.order_type is OrderType.DATETIME:
        return parse_moment(text, fold.order_format)
    number = number_reader(recipe, CellUnit.COUNT)(text)
    if abs(number) >= _LARGEST_ORDER:
        raise CellError("too_large", f"{number:f} is too large", 'Read it as text: type = "text".')
    if fold.order_type is OrderType.INTEGER and number != number.to_integral_value():
        raise CellError("not_whole", f"'{text}' is not a whole number", 'If rows are numbered with decimals, write type = "number".')
    return int(number) if fold.order_type is OrderType.INTEGER else number.quantize(Decimal("1e-12"))
