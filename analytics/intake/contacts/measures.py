"""The staged columns that are added up: what one contact contributes to each measure.

A contact that does not count for a measure contributes 0, one whose cell is missing contributes nothing (NULL).
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from analytics.catalogue import MEASURES, MeasureKind
from analytics.errors import IntakeError
from analytics.intake.cells import FACTORS, count_of, not_negative, number_reader, stored
from analytics.intake.conditions import limit_tester, tester
from analytics.intake.contacts.conditions import Verdict, condition_test, within_sql
from analytics.intake.contacts.field import Cells, Field, Piece, UnreadableError, always, never, tried, unique
from analytics.intake.contacts.moments import in_range_sql, seconds_between
from analytics.intake.contacts.ordinary import STORED, OrdinaryCells
from analytics.intake.contacts.sql import TRUE, all_sql, any_sql
from analytics.intake.dates import has_day, parse_moment, parse_time
from analytics.intake.problems import CellError
from analytics.intake.recipe import Clock, Condition, Elapsed, MeasureField, Recipe

Value = Callable[[Cells], Decimal | None]
_DAY = timedelta(days=1)


def measure_field(entry: MeasureField, recipe: Recipe, cells: OrdinaryCells) -> Field:
    """What a contact contributes to one measure."""
    conditions = [(one.column, tester(one, recipe)) for one in entry.where]
    columns, value, piece = _value(entry, recipe, cells)

    def read(row: Cells) -> Decimal | None:
        passes = [tried(column, passes, row[column]) for column, passes in conditions]
        return value(row) if all(passes) else Decimal(0)

    sql_type = MEASURES[entry.measure].kind.value
    where = [condition_test(one, cells) for one in entry.where]
    return Field(entry.measure, unique([*(column for column, _ in conditions), *columns]), read, _where_piece(where, piece, sql_type))


def _where_piece(where: Sequence[Verdict], piece: Piece, sql_type: str) -> Piece:
    """0 where a condition does not hold, else the value."""
    if not where:
        return Piece(piece.settled, f"CAST({piece.value} AS {sql_type})", sql_type)
    known, passes = all_sql(one.settled for one in where), all_sql(one.passes for one in where)
    value = f"CAST(CASE WHEN NOT {passes} THEN 0 ELSE {piece.value} END AS {sql_type})"
    if piece.always:
        return Piece((known,), value, sql_type)
    return Piece((all_sql((known, f"NOT {passes}")), *piece.under(known).settled), value, sql_type)


def _value(entry: MeasureField, recipe: Recipe, cells: OrdinaryCells) -> tuple[tuple[str, ...], Value, Piece]:
    """The columns of a contact that counts, and its value in Python and in SQL."""
    if entry.count:
        return (), lambda row: Decimal(1), always("1", "BIGINT")
    if entry.elapsed is not None:
        return _elapsed(entry, entry.elapsed, recipe, cells)
    if entry.test is not None:
        assert entry.column is not None
        return _passing(Condition(entry.column, entry.test, entry.unit), recipe, cells)
    if entry.column is None:
        number = _constant(entry)
        return (), lambda row: number, always(f"{number:f}", STORED)
    return _amount(entry, entry.column, recipe, cells)


def _constant(entry: MeasureField) -> Decimal:
    number = Decimal(entry.constant or 0) * FACTORS.get(entry.unit, Decimal(1))
    try:
        return stored(_check_of(entry)(number, f"{number:f}"))
    except CellError as problem:
        raise IntakeError(f"The recipe's {entry.measure}: {problem.message}.", "Correct the constant in the recipe.") from problem


def _check_of(entry: MeasureField) -> Callable[[Decimal, str], Decimal]:
    return count_of if MEASURES[entry.measure].kind is MeasureKind.COUNT else not_negative


def _passing(condition: Condition, recipe: Recipe, cells: OrdinaryCells) -> tuple[tuple[str, ...], Value, Piece]:
    """1 for a contact that passes, 0 for one that does not."""
    passes = tester(condition, recipe)
    verdict = condition_test(condition, cells)
    piece = Piece((verdict.settled,), f"CASE WHEN {verdict.passes} THEN 1 ELSE 0 END", "BIGINT")
    return (condition.column,), lambda row: _one(tried(condition.column, passes, row[condition.column])), piece


def _one(passes: bool) -> Decimal:
    return Decimal(1 if passes else 0)


def _amount(entry: MeasureField, column: str, recipe: Recipe, cells: OrdinaryCells) -> tuple[tuple[str, ...], Value, Piece]:
    """The number of a column, less the `minus` columns; None where one of them is missing."""
    reader, check, columns = number_reader(recipe, entry.unit), _check_of(entry), (column, *entry.minus)

    def read(row: Cells) -> Decimal | None:
        parts = [None if row[name] in recipe.missing else tried(name, reader, row[name]) for name in columns]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            return None
        number = known[0] - sum(known[1:])
        text = row[column] if not entry.minus else f"{number:f}"
        return tried(column, lambda shown: stored(check(number, shown)), text)

    return columns, read, _amount_piece(entry, columns, cells)


def _amount_piece(entry: MeasureField, columns: tuple[str, ...], cells: OrdinaryCells) -> Piece:
    numbers = [number for column in columns if (number := cells.number(column, entry.unit))]
    if len(numbers) < len(columns):
        return never(STORED)
    value = " - ".join(numbers)
    whole = f" AND {value} = trunc({value})" if MEASURES[entry.measure].kind is MeasureKind.COUNT else ""
    missing = [cells.missing(cells.raw(column)) for column in columns]
    # A cell that cannot be read refuses its row even where another one is missing.
    readable = all_sql(f"({number} IS NOT NULL OR {gone})" for number, gone in zip(numbers, missing, strict=True))
    lacking = missing[0] if len(columns) == 1 else all_sql((readable, any_sql(missing)))
    return Piece((f"({value} >= 0{whole})", lacking), value, STORED)


def _elapsed(entry: MeasureField, elapsed: Elapsed, recipe: Recipe, cells: OrdinaryCells) -> tuple[tuple[str, ...], Value, Piece]:
    """Seconds between two clocks, or with a limit whether they are within it (a missing clock is within none)."""
    columns = (*elapsed.start.columns, *elapsed.end.columns)
    within = limit_tester(entry.test) if entry.test else None

    def read(row: Cells) -> Decimal | None:
        start, end = (_clock(clock, row, recipe) for clock in (elapsed.start, elapsed.end))
        if start is None or end is None:
            return Decimal(0) if within else None
        seconds = _seconds(start, end, elapsed, row)
        return _one(within(seconds)) if within else stored(seconds)

    return columns, read, _elapsed_piece(entry, elapsed, cells)


def _clock(clock: Clock, row: Cells, recipe: Recipe) -> datetime | timedelta | None:
    parts = [row[column] for column in clock.columns]
    if any(part in recipe.missing for part in parts):
        return None
    parse = parse_moment if has_day(clock.format) else parse_time
    return tried(clock.columns[0], lambda text: parse(text, clock.format), " ".join(parts))


def _seconds(start: datetime | timedelta, end: datetime | timedelta, elapsed: Elapsed, row: Cells) -> Decimal:
    between = end - start  # ty: ignore[unsupported-operator]
    if not has_day(elapsed.start.format):
        between %= _DAY
    seconds = Decimal(between // timedelta(microseconds=1)) / 1_000_000
    if seconds < 0:
        end_text, start_text = (" ".join(row[column] for column in clock.columns) for clock in (elapsed.end, elapsed.start))
        problem = CellError("negative", f"'{end_text}' is before '{start_text}'", "Correct the cell, or swap from and to in the recipe.")
        raise UnreadableError(elapsed.end.columns[0], problem)
    return seconds


def _elapsed_piece(entry: MeasureField, elapsed: Elapsed, cells: OrdinaryCells) -> Piece:
    start, end = (cells.moment(clock.columns, clock.format) for clock in (elapsed.start, elapsed.end))
    sql_type = STORED if entry.test is None else "BIGINT"
    if start is None or end is None:
        return never(sql_type)
    written = elapsed.start.format
    gone = [any_sql(cells.missing(cells.raw(column)) for column in clock.columns) for clock in (elapsed.start, elapsed.end)]
    known = [in_range_sql(clock, written) if has_day(written) else f"{clock} IS NOT NULL" for clock in (start, end)]
    seconds, there = seconds_between(start, end, written), all_sql(f"NOT {one}" for one in gone)
    readable = all_sql(any_sql(pair) for pair in zip(known, gone, strict=True))
    settled = (all_sql((*known, there, f"{start} <= {end}" if has_day(written) else TRUE)), all_sql((readable, any_sql(gone))))
    if entry.test is None:
        return Piece(settled, f"CASE WHEN {there} THEN {seconds} END", sql_type)
    within = within_sql(seconds, entry.test)
    return Piece(settled, f"CASE WHEN {there} AND {within} THEN 1 ELSE 0 END", sql_type) if within else never(sql_type)
