"""The staged row: one generated SELECT that turns every row of a text into typed values, or into the number of its first problem.

Steps inside each other. 1: cells without blanks around them where they are compared as texts, whole numbers. 2: what SQL reads
from ordinary cells. 3: what the maps make of names; whether the row is plain, known to SQL throughout. 4: for every field what
Python makes of other rows: NULL where it is not asked, '!' for a refused row, '=' and the value. 5: the values and the first problem.

Days and names of contacts (`coarse`) are the same in very many rows: rows are added up by these cells as they came, then what is
left of them is staged again (`select_again`) and added up once more.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from inspect import Parameter, Signature

import duckdb
import pyarrow as pa
from duckdb import func

from analytics.catalogue import DIMENSIONS
from analytics.intake.contacts.field import Field, UnreadableError
from analytics.intake.contacts.keys import LEFT_OUT, key_fields
from analytics.intake.contacts.measures import measure_field
from analytics.intake.contacts.ordinary import OrdinaryCells
from analytics.intake.contacts.sql import FALSE, all_sql, any_sql, text_sql
from analytics.intake.dates import has_clock, in_zone
from analytics.intake.recipe import Recipe, TextField

REFUSED, _VALUE = "!", "="
PROBLEM = "problem"
PROBLEM_LEFT_OUT = 0  # the recipe leaves the row out; fields are counted from 1, rows with too many or too few cells are -1
PROBLEM_TORN = -1
TORN = "torn"
PLAIN = "plain"
_KEYS = ("period_start", *DIMENSIONS, "threshold_seconds", "currency")
_REMEMBERED = 1 << 16
_MOST_REFUSED = 10_000  # different cells of a field that are remembered, to find their rows again
_MOST_COMPARED = 16  # beyond that looking them up in a table is cheaper
_EPOCH = datetime(1970, 1, 1)


@dataclass(frozen=True)
class Staging:
    """How the rows of one file are staged: its fields in the order in which their problems are looked for."""

    recipe: Recipe
    cells: OrdinaryCells
    fields: tuple[Field, ...]
    refusals: dict[str, set[tuple[str, ...]]] = field(default_factory=dict)  # field -> cells that Python refused, as they came

    @classmethod
    def of(cls, recipe: Recipe, names: tuple[str, ...], examples: Mapping[str, Collection[str]]) -> "Staging":
        """The staging of a recipe for a file with these column names; `examples`: texts that are frequent in a column."""
        cells = OrdinaryCells(names, recipe, examples)
        return cls(recipe, cells, (*key_fields(recipe, cells), *(measure_field(one, recipe, cells) for one in recipe.measures)))

    @property
    def columns(self) -> list[str]:
        """The columns of the file that are read."""
        used = {column for field in self.fields for column in field.columns}
        return [name for name in self.cells.names if name in used]

    def number_of(self, field: Field) -> int:
        """The number of the problem that a field's cells cannot be read."""
        return self.fields.index(field) + 1

    def prepare(self, connection: duckdb.DuckDBPyConnection) -> None:
        """What the SELECT uses: the Python readers as functions, the recipe's maps as tables."""
        for one in self.fields:
            if not one.piece.always:
                _create_reader(connection, f"read_{one.name}", one, self.refusals.setdefault(one.name, set()))
        for name, mapped in self._maps():
            known = {written: means for written, means in mapped.map.items() if written not in self.recipe.missing}
            connection.register(
                f"map_{name}",
                pa.table({"written": pa.array(list(known), pa.string()), "means": pa.array(list(known.values()), pa.string())}),
            )
        if self.recipe.period_start and self.recipe.period_start.from_zone:
            _create_zone_day(connection, self.recipe.period_start.from_zone, self.recipe.period_start.to_zone)

    def _maps(self) -> Iterable[tuple[str, TextField]]:
        texts = {**self.recipe.dimensions, **({"currency": self.recipe.currency} if self.recipe.currency else {})}
        return [(name, text) for name, text in texts.items() if text.map]

    @property
    def coarse(self) -> tuple[Field, ...]:
        """The key fields of contacts that few different cells say: rows can be added up by those cells before they are read."""
        keys = [] if self.recipe.fold is not None else [field for field in self.fields if field.name in _KEYS and not field.piece.always]
        return tuple(field for field in keys if len(field.columns) == 1 and self._has_few(field))

    def _has_few(self, field: Field) -> bool:
        """Whether days are all a column says, or its first rows have few texts; moments differ from row to row."""
        start = self.recipe.period_start
        if field.name == "period_start" and start is not None:
            return not has_clock(start.format) and not start.from_zone
        return field.columns[0] in self.cells.examples

    def select(self, source: str, extra: Sequence[str] = (), problems: Iterable[int] | None = None, unread: Collection[Field] = ()) -> str:
        """The staged rows of `source`: `problem`, every field, and the columns `extra` of the source as they are.

        With `problems` only `extra` and `problem`, which is looked for in these fields alone. Fields `unread` are their cell as it came.
        """
        chosen = [field for field in self.fields if problems is None or field.name == LEFT_OUT or self.number_of(field) in problems]
        values = [] if problems is not None else [field for field in chosen if field.name != LEFT_OUT]
        chosen = [field for field in chosen if field not in unread]
        named = [f"{self.cells.raw(one.columns[0]) if one in unread else _value(one)} AS {one.name}" for one in values]
        problem = f"CAST({self._problem(chosen, TORN in extra)} AS SMALLINT) AS {PROBLEM}"
        return f"SELECT {', '.join([*extra, problem, *named])} FROM {self._read_rows(source, chosen)}"

    def select_again(self, rows: str, unread: Collection[Field]) -> str:
        """Rows staged before with their `unread` fields read; the problem of a row stays the first of all its fields."""
        cells = {self.cells.raw(name): "CAST(NULL AS VARCHAR)" for name in self.cells.names}
        cells |= {self.cells.raw(field.columns[0]): field.name for field in unread}
        source = self._read_rows(f"(SELECT {_also(cells)} FROM {rows})", list(unread))
        found = " ".join(_refused(field, self.number_of(field)) for field in unread)
        problem = f"CAST(least({PROBLEM}, CASE WHEN {PLAIN} THEN NULL {found} END) AS SMALLINT) AS {PROBLEM}"
        return f"SELECT * REPLACE ({', '.join([problem, *(f'{_value(field)} AS {field.name}' for field in unread)])}) FROM {source}"

    def _read_rows(self, source: str, chosen: Sequence[Field]) -> str:
        """The rows of `source` with what SQL and Python read of the chosen fields."""
        rows, odd = source, [field for field in chosen if not field.piece.always]
        for made in (self.cells.first, self.cells.values):
            rows = f"(SELECT {_also(made)} FROM {rows})"
        plain = {PLAIN: f"coalesce({all_sql(_known(field) for field in odd)}, false)"}
        rows = f"(SELECT {_also(plain)} FROM {self._mapped(rows, chosen)})"
        return f"(SELECT {_also({_python(field): self._read(field) for field in odd})} FROM {rows})"

    def select_refused(self, connection: duckdb.DuckDBPyConnection, source: str, extra: Sequence[str], problems: Iterable[int]) -> str:
        """`select` with `problems` for rows that were staged before: their refused cells are looked up instead of read again.

        Only where every refusal was remembered and nothing else can be wrong with a row.
        """
        refusing = [field for field in self.fields if self.number_of(field) in problems]
        if TORN in extra or self.recipe.exclude or any(len(self.refusals[field.name]) >= _MOST_REFUSED for field in refusing):
            return self.select(source, extra, problems)
        joins, whens = [], []
        for one in refusing:
            columns, refused = [self.cells.raw(column) for column in one.columns], sorted(self.refusals[one.name])
            found = any_sql(all_sql(f"{column} = {text_sql(cell)}" for column, cell in zip(columns, row, strict=True)) for row in refused)
            if len(refused) > _MOST_COMPARED:
                table, arrays = f"refused_{one.name}", map(pa.array, zip(*refused, strict=True))
                connection.register(table, pa.table(dict(zip(columns, arrays, strict=True))))
                joins.append(f"LEFT JOIN {table} ON {' AND '.join(f'{table}.{column} = rows_read.{column}' for column in columns)}")
                found = f"{table}.{columns[0]} IS NOT NULL"
            whens.append(f"WHEN {found} THEN {self.number_of(one)}")
        return f"SELECT {', '.join(extra)}, CASE {' '.join(whens)} END AS {PROBLEM} FROM {source} AS rows_read {' '.join(joins)}"

    def _read(self, field: Field) -> str:
        """What Python makes of a field that SQL does not know; NULL for plain rows, which cost nothing."""
        cells = ", ".join(self.cells.raw(column) for column in field.columns)
        settled = " ".join(f"WHEN {condition} THEN NULL" for condition in (PLAIN, *field.piece.settled))
        return f"CASE {settled} ELSE read_{field.name}({cells}) END"

    def _mapped(self, rows: str, chosen: Sequence[Field]) -> str:
        """The rows with what the recipe's maps make of names: whether a name is known (`known_`), what it means (`means_`)."""
        names = {field.name for field in chosen}
        mapped = [(name, self.cells.raw(text.column)) for name, text in self._maps() if name in names and text.column]
        found = "".join(f", map_{name}.written AS known_{name}, map_{name}.means AS means_{name}" for name, _ in mapped)
        joined = " ".join(f"LEFT JOIN map_{name} ON map_{name}.written = {cell}" for name, cell in mapped)
        return f"(SELECT rows_read.*{found} FROM {rows} AS rows_read {joined})"

    def _problem(self, chosen: Sequence[Field], torn: bool) -> str:
        """The number of a row's first problem, NULL for a row that is accepted."""
        odd, left_out = [field for field in chosen if not field.piece.always], next(field for field in chosen if field.name == LEFT_OUT)
        whens = [f"WHEN {TORN} THEN {PROBLEM_TORN}"] if torn else []
        whens += [f"WHEN {_value(left_out)} THEN {PROBLEM_LEFT_OUT}"] if left_out.piece.value != FALSE else []
        whens += [f"WHEN {PLAIN} THEN NULL"] if odd else []
        whens += [_refused(field, self.number_of(field)) for field in odd]
        return f"CASE {' '.join(whens)} END" if whens else "NULL"


def _refused(field: Field, number: int) -> str:
    """The branch of a CASE for rows whose cells of this field Python refused."""
    return f"WHEN {_python(field)} = '{REFUSED}' THEN {number}"


def _known(field: Field) -> str:
    """Whether SQL knows the field's value; what settles most rows is looked at first and for them alone."""
    first, *others = field.piece.settled or (FALSE,)
    return f"CASE WHEN {first} THEN true {' '.join(f'WHEN {one} THEN true' for one in others)} ELSE false END" if others else first


def _python(field: Field) -> str:
    """The column of what Python makes of a field."""
    return f"python_{field.name}"


def _also(made: Mapping[str, str]) -> str:
    """Everything there is, and these columns."""
    return ", ".join(["*", *(f"{sql} AS {column}" for column, sql in made.items())])


def _value(field: Field) -> str:
    if field.piece.always:
        return field.piece.value
    known, found = field.piece.value, _python(field)
    read = f"TRY_CAST(substr({found}, 2) AS {field.piece.sql_type})"
    return f"CASE WHEN {PLAIN} THEN {known} WHEN {found} IS NULL THEN {known} WHEN starts_with({found}, '{_VALUE}') THEN {read} END"


def _create_reader(connection: duckdb.DuckDBPyConnection, name: str, field: Field, refused: set[tuple[str, ...]]) -> None:
    """The Python reader of a field as a function of its cells, noting those it refuses; equal cells are read once while remembered."""

    @lru_cache(maxsize=_REMEMBERED)
    def read(*cells: str) -> str:
        try:
            value = field.read({column: cell.strip() for column, cell in zip(field.columns, cells, strict=True)})
        except UnreadableError:
            if len(refused) < _MOST_REFUSED:
                refused.add(cells)
            return REFUSED
        return "" if value is None else f"{_VALUE}{_written(value)}"

    def read_all(*columns: pa.ChunkedArray) -> pa.Array:
        return pa.array([read(*cells) for cells in zip(*(column.to_pylist() for column in columns), strict=True)], pa.string())

    _create_function(connection, name, read_all, ["VARCHAR"] * len(field.columns), "VARCHAR")


def _written(value: object) -> str:
    """A value as text that SQL casts back without loss."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return value.isoformat() if isinstance(value, date) else str(value)


def _create_zone_day(connection: duckdb.DuckDBPyConnection, from_zone: str, to_zone: str) -> None:
    """The day a clock of `to_zone` shows, by the minutes since 1970 on a clock of `from_zone`."""

    @lru_cache(maxsize=_REMEMBERED)
    def day(minutes: int | None) -> date | None:
        return None if minutes is None else in_zone(_EPOCH + timedelta(minutes=minutes), from_zone, to_zone).date()

    def days(column: pa.ChunkedArray) -> pa.Array:
        return pa.array([day(minutes) for minutes in column.to_pylist()], pa.date32())

    _create_function(connection, "zone_day", days, ["BIGINT"], "DATE")


def _create_function(
    connection: duckdb.DuckDBPyConnection, name: str, function: Callable[..., pa.Array], takes: list[str], gives: str
) -> None:
    parameters: list = [connection.type(one) for one in takes]
    arguments = [Parameter(f"cell_{place}", Parameter.POSITIONAL_ONLY) for place in range(len(takes))]
    function.__signature__ = Signature(arguments)  # ty: ignore[missing-attribute]
    # Without side_effects: those are called once instead of three times for a row Python reads, but every other row costs a sixth more.
    connection.create_function(name, function, parameters, connection.type(gives), type=func.ARROW, null_handling=func.SPECIAL)
