"""Columns of a sheet read cell by cell, keeping the first problem of every row instead of stopping at it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TypeVar

import pyarrow as pa

from analytics.catalogue import DIMENSIONS
from analytics.errors import IntakeError, did_you_mean
from analytics.intake.cells import clean_text
from analytics.intake.conditions import condition_words, tester
from analytics.intake.dates import in_zone, parse_date, parse_moment, period_of
from analytics.intake.problems import CellError, Issue, Level, Reject
from analytics.intake.recipe import Check, Condition, DateField, Recipe, TextField
from analytics.intake.rejects import ListedRejects, Rejects
from analytics.intake.sheet import Sheet
from analytics.intake.total_words import is_total_word
from analytics.intake.workspace import Workspace
from analytics.warehouse.settle import PERFORMANCE_KEY
from analytics.wording import counted

T = TypeVar("T")
AMOUNT = pa.decimal128(18, 6)
MOST_YEARS_APART = 10
LEFT_OUT = "left_out"
COLUMN_TYPES = {"period_start": pa.date32(), "threshold_seconds": AMOUNT, "line": pa.int64(), "file_rows": pa.int64()}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a sheet became: rows per warehouse table (without batch_id), refused rows, findings, measures made from ratios."""

    tables: Mapping[str, pa.Table]
    rows_accepted: int
    rejects: Rejects
    issues: tuple[Issue, ...] = ()
    weighted: tuple[str, ...] = ()
    workspace: Workspace | None = None  # temporary files that are needed as long as this is


def left_out_issue(rows: int, rules: Sequence[Condition], line: int | None = None) -> tuple[Issue, ...]:
    """Says how many rows the recipe leaves out, by which of its rules, and the first line; nothing where there are none."""
    if not rows:
        return ()
    are_totals = all(_names_totals(rule) for rule in rules)
    said = f"{counted(rows, 'row')} left out{': totals' if are_totals else ''}, as the recipe says under exclude"
    return (Issue(Level.INFO, LEFT_OUT, f"{said} ({'; '.join(map(condition_words, rules))}).", line=line, count=rows),)


def _names_totals(rule: Condition) -> bool:
    return rule.test.check in (Check.EQUALS, Check.STARTS_WITH) and all(map(is_total_word, rule.test.texts))


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

    def read(self, column: str, reader: Callable[[str], T], wanted: Sequence[bool] | None = None) -> list[T | None]:
        """Every cell of a column as a value, None where it is missing, refused or not wanted; equal texts are read once."""
        return self._read(column, self.sheet.column(column), reader, self.missing, wanted)

    def read_joined(self, names: Sequence[str], reader: Callable[[str], T]) -> list[T | None]:
        """Several cells of a row read as one text with blanks between; missing when one of them is."""
        cells = zip(*(self.sheet.column(name) for name in names), strict=True)
        joined = ["" if self.missing.intersection(parts) else " ".join(parts) for parts in cells]
        return self._read(names[0], joined, reader, self.missing, None)

    def passing(self, conditions: Sequence[Condition], recipe: Recipe) -> list[bool]:
        """Whether each row passes all of the conditions; a row with a cell that cannot be checked is refused."""
        checked = [self._read(one.column, self.sheet.column(one.column), tester(one, recipe), (), None) for one in conditions]
        return [all(answers) for answers in zip(*checked, strict=True)] if checked else [True] * self.size

    def _read(
        self, column: str, cells: Sequence[str], reader: Callable[[str], T], missing: Iterable[str], wanted: Sequence[bool] | None
    ) -> list[T | None]:
        known: dict[str, T | CellError | None] = dict.fromkeys(missing)
        values: list[T | None] = []
        for index, cell in enumerate(cells):
            if wanted is not None and not wanted[index]:
                values.append(None)
                continue
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
        return self.read(field.column, lambda cell: text_of(cell, field))

    @property
    def lines(self) -> list[int]:
        """The first line of every row in the file."""
        return [row.line for row in self.sheet.rows]

    @property
    def accepted(self) -> list[int]:
        """The rows without a problem."""
        return [index for index in range(self.size) if index not in self._problems]

    @property
    def rejects(self) -> Rejects:
        """The refused rows, in the order of the file, those with torn cells among them."""
        found = [_reject(self.sheet, index, *problem) for index, problem in self._problems.items()]
        return ListedRejects(tuple(sorted((*self.sheet.rejects, *found), key=lambda reject: reject.line)))


def text_of(cell: str, field: TextField) -> str | None:
    """What a text field makes of a cell; a name the map does not know stays, becomes `others`, or refuses its row."""
    text = clean_text(cell)
    if text in field.map:
        return field.map[text] or None
    if field.refuse_others:
        remedy = did_you_mean(text, field.map) or "Correct the cell."
        raise CellError("unknown_name", f"'{text}' is not among the names of the recipe's map", f"{remedy} Or add it to the map.")
    return (text if field.others is None else field.others) or None


def _tried(reader: Callable[[str], T], cell: str) -> T | CellError:
    try:
        return reader(cell)
    except CellError as problem:
        return problem


def _reject(sheet: Sheet, index: int, column: str | None, problem: CellError) -> Reject:
    row = sheet.rows[index]
    if row.under and column in (None, *sheet.header[-2:]):
        column = row.under
    return Reject(row.line, column, problem.code, problem.message, problem.remedy, row.raw)


def read_keys(columns: Columns, recipe: Recipe) -> dict[str, list]:
    """source, grain, period_start, the dimensions and the first line of every row; a row without period or vendor is refused."""
    assert recipe.period_start is not None
    starts = _periods(columns, recipe.period_start)
    dimensions = {name: columns.texts(recipe.dimensions.get(name, TextField())) for name in DIMENSIONS}
    _required(columns, recipe.period_start.column, starts, "period")
    _required(columns, recipe.dimensions["vendor"].column, dimensions["vendor"], "vendor")
    _refuse_far_off(columns, recipe.period_start.column, starts)
    size = columns.size
    same = {"source": [recipe.source] * size, "grain": [recipe.period_start.grain] * size}
    return {**same, "period_start": starts, **dimensions, "line": columns.lines}


def _periods(columns: Columns, field: DateField) -> list[date | None]:
    if field.columns:
        return columns.read_joined(field.columns, partial(period_start, field=field))
    try:
        return [period_start(field.constant or "", field)] * columns.size
    except CellError as problem:
        raise IntakeError(f"The recipe's period_start: {problem.message}.", problem.remedy) from problem


def period_start(text: str, field: DateField) -> date:
    """The first day of the period a cell names: by the file's own clock, or counted in another zone where the recipe names both."""
    if field.from_zone:
        day = in_zone(parse_moment(text, field.format), field.from_zone, field.to_zone).date()
    else:
        day = parse_date(text, field.format)
    return period_of(day, field.grain, field.any_day)


def _required(columns: Columns, column: str | None, values: Sequence[object], what: str) -> None:
    for index, value in enumerate(values):
        if value is None:
            columns.refuse(
                index, column, CellError(f"no_{what}", f"the {what} is missing", "Fill the cell, or exclude such rows in the recipe.")
            )


def _refuse_far_off(columns: Columns, column: str | None, starts: Sequence[date | None]) -> None:
    """Refuse rows of another time than the others: a year that was mistyped, an empty date that a program counts from 1970."""
    known = sorted(start for start in starts if start)
    if not known:
        return
    first, last = _close_years([start.year for start in known])
    for index, start in enumerate(starts):
        if start and not first <= start.year <= last:
            words = (
                f"{start} is {max(start.year - last, first - start.year)} years {'after' if start.year > last else 'before'} the other rows"
            )
            columns.refuse(index, column, CellError("far_off", words, "Correct the date; if it is right, load those rows as a file."))


def _close_years(years: Sequence[int]) -> tuple[int, int]:
    """The first and last year around the middle of sorted ones, up to where more than ten years have no row."""
    first = last = years[(len(years) - 1) // 2]
    for year in years:
        last = year if last < year <= last + MOST_YEARS_APART else last
    for year in reversed(years):
        first = year if first - MOST_YEARS_APART <= year < first else first
    return first, last


def refuse_duplicates(columns: Columns, keys: Sequence[tuple], remedy: str) -> None:
    """Refuse every accepted row whose key another one has: which of them is right cannot be known."""
    first: dict[tuple, int] = {}
    places: dict[tuple, list[int]] = {}
    for index in columns.accepted:
        if (earlier := first.setdefault(keys[index], index)) != index:
            places.setdefault(keys[index], [earlier]).append(index)
    for same in places.values():
        lines = ", ".join(str(columns.sheet.rows[index].line) for index in same[:5])
        for index in same:
            columns.refuse(index, None, CellError("duplicate", f"lines {lines} are about the same thing", remedy))


def arrow_table(fields: Mapping[str, Sequence[object]], types: Mapping[str, pa.DataType], rows: Sequence[int]) -> pa.Table:
    """The chosen rows as a table with exact types; a column without a type is text."""
    return pa.table({name: pa.array([values[index] for index in rows], types.get(name, pa.string())) for name, values in fields.items()})


def amount(number: Decimal | None) -> float | None:
    """A reported value as it is kept: floating point, since it is never added up."""
    return None if number is None else float(number)


def summed(table: pa.Table, measures: Sequence[str]) -> pa.Table:
    """Rows with the same key added up; parts measured against different thresholds or currencies cannot be: `IntakeError`."""
    key = [*PERFORMANCE_KEY, *(name for name in ("threshold_seconds", "currency") if name in table.column_names)]
    lines = [("line", "min")] if "line" in table.column_names else []
    grouped = table.group_by(key, use_threads=False).aggregate([*lines, *((name, "sum") for name in ("file_rows", *measures))])
    added = grouped.rename_columns({"line_min": "line"} | {f"{name}_sum": name for name in ("file_rows", *measures)})
    if added.group_by(list(PERFORMANCE_KEY)).aggregate([]).num_rows != added.num_rows:
        message = "Rows to be added up have different thresholds or currencies."
        raise IntakeError(message, "Split the file, or map the column that tells them apart.")
    types = {field.name: field.type for field in table.schema}
    return pa.table({name: added.column(name).cast(types[name]) for name in table.column_names})
