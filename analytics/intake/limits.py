"""How much of a file is read, and beyond which size it is refused before it can do harm: every limit of intake stands here.

What an installation may choose is in its settings (`reading_seconds`, `reading_memory_mb`, `largest_table_mb`).
"""

from dataclasses import dataclass
from pathlib import Path

from analytics.errors import IntakeError
from analytics.intake.recipe import CONTACT_SHAPES, Shape
from analytics.settings import load_settings
from analytics.wording import counted

MEGABYTE = 1 << 20
LONGEST_LINE = 1_000_000  # bytes
LONGEST_CELL = 131_072  # characters; what the csv module allows by itself
MOST_COLUMNS = 2_000
HEAD_LINES = 1_000
HEAD_CHARACTERS = 2_000_000
DISTINCT_KEPT = 5_000  # of one column
DISTINCT_KEPT_IN_ALL = 200_000
READ_HERE = MEGABYTE  # a smaller text can do no harm: it is read here, in less time than a process needs to start
LARGEST_UNPACKED = 2 << 30  # of a workbook
MOST_PARTS = 10_000  # files inside a workbook
MOST_SHEETS = 200
LARGEST_WORKBOOK_TEXT = 1 << 30  # one sheet written as text


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may cost: seconds, bytes of memory, and the bytes of a file whose rows are totals, results or a list."""

    seconds: int
    memory: int
    largest_table: int

    def check_size(self, size: int, shape: Shape) -> None:
        """`IntakeError` for a file too large for its shape: only contacts come in millions."""
        if shape not in CONTACT_SHAPES and size > self.largest_table:
            raise IntakeError(
                f"The file has {size / MEGABYTE:,.0f} MB; a file of the shape {shape} is read up to {self.largest_table // MEGABYTE:,} MB.",
                "Load it in parts, or raise largest_table_mb in settings.toml. If a row is one contact, the shape is interactions.",
            )


def limits_of(folder: Path | None) -> Limits:
    """The limits in force for a warehouse folder; without one the defaults."""
    chosen = load_settings(folder)
    return Limits(chosen.reading_seconds, chosen.reading_memory_mb * MEGABYTE, chosen.largest_table_mb * MEGABYTE)


def too_slow(seconds: int) -> IntakeError:
    """Reading took longer than it may."""
    return IntakeError(
        f"The file could not be read within {seconds:,} seconds.", "Load it in parts, or raise reading_seconds in settings.toml."
    )


def too_large() -> IntakeError:
    """Reading took more memory than it may."""
    return IntakeError("The file needs too much memory to be read.", "Load it in parts, or raise reading_memory_mb in settings.toml.")


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
