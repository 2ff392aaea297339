"""Rows that are there twice: the same row again, two rows about the same thing, or parts of a total that a column tells apart."""

from collections.abc import Sequence

from analytics.errors import IntakeError
from analytics.intake.originals import Original
from analytics.intake.problems import Choice
from analytics.intake.recognise.columns import Column
from analytics.intake.recognise.date_values import DateFormat, days_of
from analytics.intake.recognise.findings import Findings
from analytics.intake.recognise.records import Dialect, read_records, text_lines
from analytics.intake.recognise.tables import Table

_MOST_KEYS = 300_000
Parts = tuple[str, int, int]  # the column that tells the two rows apart, and their lines


def repeated_keys(original: Original, dialect: Dialect, table: Table, keys: Sequence[Column], numbers: Sequence[Column]) -> Parts | None:
    """Two rows about the same thing that another column tells apart, None when there are none; told apart by nothing: `IntakeError`.

    The first 300,000 things are remembered: memory is bounded, and loading checks them all.
    """
    own = [column.position for column in keys]
    others = [column for column in table.columns if column not in keys and column not in numbers and column.size]
    seen: dict[int, tuple[int, int]] = {}
    for line, cells in read_records(text_lines(original, dialect.code), dialect):
        if line <= table.layout.header_line or len(cells) != table.layout.width or not any(cells):
            continue
        key = hash(tuple(cells[position].strip() for position in own))
        rest = hash(tuple(cells[column.position].strip() for column in others))
        first, first_rest = seen.get(key, (0, 0))
        if not first:
            if len(seen) < _MOST_KEYS:
                seen[key] = (line, rest)
        elif first_rest == rest:
            raise _twice(line, first, keys, cells)
        else:
            return _telling(others), first, line
    return None


def _telling(others: Sequence[Column]) -> str:
    """The columns that may tell the rows apart."""
    return ", ".join(column.name for column in others[:4])


def _twice(line: int, first: int, keys: Sequence[Column], cells: Sequence[str]) -> IntakeError:
    about = ", ".join(cells[column.position].strip() for column in keys)
    return IntakeError(
        f"Lines {first} and {line} are about the same ({about}): it would be counted twice or contradict itself.",
        "Remove one of them, or add the column that tells them apart.",
    )


def ask_parts(parts: Parts, findings: Findings) -> str:
    """Whether such rows are added up, as the reason to write; '' when they are refused."""
    names, first, line = parts
    choices = [
        Choice("sum", f"lines {first} and {line} are parts of one total and added up"),
        Choice("refuse", f"lines {first} and {line} are an error: both are refused"),
    ]
    text = f"Lines {first} and {line} have the same date and names; {names} may tell them apart. What are they?"
    return "parts of one total" if findings.ask("duplicates", text, choices) == "sum" else ""


def several_a_day(period: Column, found: DateFormat) -> bool:
    """Whether a day comes with several times: intervals."""
    return len(days_of(period, found)) < len(period.values)
