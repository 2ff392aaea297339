"""Which rows of a file stand behind a number, and what is shown of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Selection:
    """Rows whose period starts from `first` to `last` (both included; None: no limit) and whose dimensions are among those named.

    `dimensions`: dimension -> values (None: no value); a dimension that is not named is not looked at. `measures`: of contacts
    only those that contribute to one of them; empty: all.
    """

    first: date | None = None
    last: date | None = None
    dimensions: Mapping[str, tuple[str | None, ...]] = field(default_factory=dict)
    measures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row of a file: the first line it stands on, and its cells as they came."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowsBehind:
    """The file's column names, the first rows of a selection, and how many there are in all."""

    header: tuple[str, ...]
    rows: tuple[FileRow, ...]
    count: int
