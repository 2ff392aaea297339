"""Columns of a sheet read cell by cell, keeping the first problem of every row instead of stopping at it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

import pyarrow as pa

from analytics.catalogue import DIMENSIONS
from analytics.errors import IntakeError
from analytics.intake.cells import clean_text
from analytics.intake.dates import parse_date, period_of
from analytics.intake.problems import CellError, Issue, Reject
from analytics.intake.recipe import DateField, Recipe, TextField
from analytics.intake.sheet import Sheet

T = TypeVar("T")
AMOUNT = pa.decimal128(18, 6)
COLUMN_TYPES = {"period_start": pa.date32(), "threshold_seconds": AMOUNT}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a sheet became: rows per warehouse table (without batch_id), refused rows, findings, measures made from ratios."""

    tables: Mapping[str, pa.Table]
    rows_accepted: int
    rejects: tuple[Reject, ...]
    issues: tuple[Issue, ...] = ()
    weighted: tuple[str, ...] = ()


class Columns:
    """The cells of one sheet and what was wrong with its rows."""

    def __init__(self, sheet: Sheet, missing: Sequence[str]) -> None:
        self.sheet = sheet
        self.size = len(sheet.rows)
        self.missing = frozenset(missing)
        self._problems: dict[int, tuple[str | None, CellError]] = {}

    def refuse(self, index: int, column: str | None, problem: CellError) -> None:
        """Note what is wrong with a row; its first problem is kept."""
        self._problems.setdefault(index, (column, problem))

    def read(self, column: str, reader: Callable[[str], T]) -> list[T | None]:
        """Every cell of a column as a value, None where it is missing or refused; equal texts are read once."""
        known: dict[str, T | CellError | None] = dict.fromkeys(self.missing)
        values: list[T | None] = []
        for index, cell in enumerate(self.sheet.column(column)):
            if cell not in known:
                known[cell] = _tried(reader, cell)
            value = known[cell]
            if isinstance(value, CellError):
                self.refuse(index, column, value)
                value = None
            values.append(value)
        return values

    def texts(self, field: TextField) -> list[str | None]:
        """A text field for every row, renamed by its map."""
        if field.column is None:
            return [field.constant] * self.size
        return self.read(field.column, lambda cell: field.map.get(clean_text(cell), clean_text(cell)) or None)

    @property
    def accepted(self) -> list[int]:
        """The rows without a problem."""
        return [index for index in range(self.size) if index not in self._problems]

    @property
    def rejects(self) -> tuple[Reject, ...]:
        """The refused rows, in the order of the file, those with torn cells among them."""
        found = [_reject(self.sheet, index, *problem) for index, problem in self._problems.items()]
        return tuple(sorted((*self.sheet.rejects, *found), key=lambda reject: reject.line))


def _tried(reader: Callable[[str], T], cell: str) -> T | CellError:
    try:
        return reader(cell)
    except CellError as problem:
        return problem


def _reject(sheet: Sheet, index: int, column: str | None, problem: CellError) -> Reject:
    row = sheet.rows[index]
    return Reject(row.line, column, problem.code, problem.message, problem.remedy, row.raw)


def read_keys(columns: Columns, recipe: Recipe) -> dict[str, list]:
    """source, grain, period_start and the dimensions of every row; a row without period or vendor is refused."""
    assert recipe.period_start is not None
    starts = _periods(columns, recipe.period_start)
    dimensions = {name: columns.texts(recipe.dimensions.get(name, TextField())) for name in DIMENSIONS}
    _required(columns, recipe.period_start.column, starts, "period")
    _required(columns, recipe.dimensions["vendor"].column, dimensions["vendor"], "vendor")
    size = columns.size
    return {"source": [recipe.source] * size, "grain": [recipe.period_start.grain] * size, "period_start": starts, **dimensions}


def _periods(columns: Columns, field: DateField) -> list[date | None]:
    def period(text: str) -> date:
        return period_of(parse_date(text, field.format), field.grain, field.any_day)

    if field.column is not None:
        return columns.read(field.column, period)
    try:
        return [period(field.constant or "")] * columns.size
    except CellError as problem:
        raise IntakeError(f"The recipe's period_start: {problem.message}.", problem.remedy) from problem


def _required(columns: Columns, column: str | None, values: Sequence[object], what: str) -> None:
    for index, value in enumerate(values):
        if value is None:
            columns.refuse(
                index, column, CellError(f"no_{what}", f"the {what} is missing", "Fill the cell, or exclude such rows in the recipe.")
            )


def refuse_duplicates(columns: Columns, keys: Sequence[tuple], remedy: str) -> None:
    """Refuse every accepted row whose key another one has: which of them is right cannot be known."""
    places: dict[tuple, list[int]] = {}
    for index in columns.accepted:
        places.setdefault(keys[index], []).append(index)
    for same in places.values():
        if len(same) > 1:
            lines = ", ".join(str(columns.sheet.rows[index].line) for index in same[:5])
            for index in same:
                columns.refuse(index, None, CellError("duplicate", f"lines {lines} are about the same thing", remedy))


def arrow_table(fields: Mapping[str, Sequence[object]], types: Mapping[str, pa.DataType], rows: Sequence[int]) -> pa.Table:
    """The chosen rows as a table with exact types; a column without a type is text."""
    return pa.table({name: pa.array([values[index] for index in rows], types.get(name, pa.string())) for name, values in fields.items()})


def amount(number: Decimal | None) -> float | None:
    """A reported value as it is kept: floating point, since it is never added up."""
    return None if number is None else float(number)
