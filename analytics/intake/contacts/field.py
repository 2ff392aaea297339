"""One column of the staged row, and how a row's cells become its value: in Python for every cell, in SQL for ordinary ones."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from analytics.intake.contacts.sql import TRUE, all_sql
from analytics.intake.problems import CellError

T = TypeVar("T")
Cells = Mapping[str, str]


class UnreadableError(Exception):
    """A row that is refused: the column at fault and what is wrong with its cell."""

    def __init__(self, column: str | None, problem: CellError) -> None:
        super().__init__(problem.message)
        self.column = column
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Piece:
    """A value in SQL, of type `sql_type`. It is right where one of `settled` holds; rows where none does are read by Python."""

    settled: tuple[str, ...]
    value: str
    sql_type: str

    @property
    def always(self) -> bool:
        """Whether Python is never needed."""
        return TRUE in self.settled

    def under(self, condition: str) -> "Piece":
        """The same value, right only where `condition` holds too."""
        return Piece(tuple(all_sql((condition, one)) for one in self.settled), self.value, self.sql_type)


def always(value: str, sql_type: str) -> Piece:
    """A value that SQL knows for every row."""
    return Piece((TRUE,), f"CAST({value} AS {sql_type})", sql_type)


def never(sql_type: str) -> Piece:
    """A value that only Python reads."""
    return Piece((), f"CAST(NULL AS {sql_type})", sql_type)


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the staged row. `read` gets the cells of `columns` by header and gives a value, None, or raises `UnreadableError`."""

    name: str
    columns: tuple[str, ...]
    read: Callable[[Cells], object]
    piece: Piece


def tried(column: str | None, reader: Callable[[str], T], text: str) -> T:
    """What the reader makes of a text; a problem with it is the column's."""
    try:
        return reader(text)
    except CellError as problem:
        raise UnreadableError(column, problem) from problem


def unique(columns: Sequence[str]) -> tuple[str, ...]:
    """The columns without repetition, in order."""
    return tuple(dict.fromkeys(columns))
