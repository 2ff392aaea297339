"""A table with a column per month seen as what it becomes when it is turned: a row per month."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from analytics.errors import IntakeError
from analytics.intake.recipe import DEFAULT_MISSING
from analytics.intake.recognise.records import Record

MONTH, VALUE = "Month", "Actual"
_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Across:
    """The header of the file, and which of its columns are months."""

    header: tuple[str, ...]
    months: tuple[int, ...]

    @property
    def others(self) -> tuple[int, ...]:
        """The other columns."""
        return tuple(place for place in range(len(self.header)) if place not in self.months)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns when turned: the others, the name of the month, its cell."""
        kept = tuple(self.header[place] for place in self.others)
        return (*kept, _new(MONTH, kept), _new(VALUE, kept))

    def turned(self, records: Iterable[Record]) -> Iterator[Record]:
        """A record per month that has a value; records of another width as they are."""
        for line, cells in records:
            if len(cells) != len(self.header):
                yield line, cells
                continue
            kept = [cells[place] for place in self.others]
            for place in self.months:
                if cells[place].strip() not in DEFAULT_MISSING:
                    yield line, [*kept, self.header[place], cells[place]]

    @property
    def words(self) -> str:
        """What is made of the columns."""
        return f"{self._shown} are columns: each of their cells is read as a row of its own."

    @property
    def _shown(self) -> str:
        months = [self.header[place] for place in self.months]
        return f"{', '.join(months[:_SHOWN])}{' ...' if len(months) > _SHOWN else ''}"

    def refused(self, line: int) -> IntakeError:
        """Why the table is not read where nothing tells which KPI a row is, or which year a month."""
        kept = ", ".join(self.header[place] for place in self.others if self.header[place])
        return IntakeError(
            f"The column names are on line {line}, but its months lie across: {self._shown} are columns, and every row has several months.",
            f"Turn the table so that a row is one month: columns {kept}, Month and Actual. In a spreadsheet: select the table, choose "
            "Data, From Table, mark the columns of the months, choose Unpivot Columns and name the two new ones Month and Actual.",
        )


def _new(name: str, taken: Iterable[str]) -> str:
    """A name no column has yet."""
    folded = {other.casefold() for other in taken}
    while name.casefold() in folded:
        name = f"{name} of the column"
    return name
