"""How much of a file is looked at, and beyond which size it is refused before it can do harm."""

from analytics.errors import IntakeError
from analytics.wording import counted

LONGEST_LINE = 1_000_000  # bytes
LONGEST_CELL = 131_072  # characters; what the csv module allows by itself
MOST_COLUMNS = 2_000
HEAD_LINES = 1_000
HEAD_CHARACTERS = 2_000_000
DISTINCT_KEPT = 5_000  # of one column
DISTINCT_KEPT_IN_ALL = 200_000


def long_line(line: int) -> IntakeError:
    """A line no table has."""
    return IntakeError(
        f"Line {line} is longer than {LONGEST_LINE:,} bytes: this is no table of a row per line.",
        "Export it again as CSV; look for a line end that is missing or a cell that holds a whole document.",
    )


def long_cell(line: int) -> IntakeError:
    """A cell no table has."""
    return IntakeError(
        f"A cell that starts at line {line} is longer than {LONGEST_CELL:,} characters.",
        "Look for a quote that is not closed, or leave that column out of the export.",
    )


def many_columns(count: int, line: int) -> IntakeError:
    """More columns than anything that reports performance."""
    return IntakeError(
        f"Line {line} has {counted(count, 'column')}; at most {MOST_COLUMNS:,} are read.",
        "Export only the columns of the report; a table that lies on its side must be turned first.",
    )
