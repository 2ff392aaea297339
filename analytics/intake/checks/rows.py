"""The accepted rows of one table as the checks see them, and the words for where some of them stand."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa

from analytics.catalogue import MEASURES
from analytics.intake.problems import Issue, Level

MOST_NAMED = 10
MOST_NAMES = 3


@dataclass(frozen=True)
class Rows:
    """Accepted rows: period_start as a moment, dimensions as categories in the order of the alphabet, measures as numbers (NaN: none).

    A category takes a byte or two where a text takes dozens, so millions of rows fit.
    `line`: the first line of a row in its file, NaN where rows of the file were added up to it.
    """

    frame: pd.DataFrame

    @classmethod
    def of(cls, table: pa.Table) -> "Rows":
        """The rows of a table of the warehouse."""
        frame = pd.DataFrame({name: _series(column) for name, column in zip(table.column_names, table.columns, strict=True)})
        frame["period_start"] = frame["period_start"].astype("datetime64[s]")
        return cls(frame if "line" in frame else frame.assign(line=float("nan")))

    @property
    def measures(self) -> list[str]:
        """The measures that at least one row has."""
        return [name for name in self.frame if name in MEASURES and self.frame[name].notna().any()]

    @property
    def grain(self) -> str:
        """What one period is; all rows of a file have the same."""
        return str(self.frame["grain"].iloc[0])

    def finding(
        self, level: Level, code: str, hit: pd.Series, message: str, remedy: str, column: str | None = None, shown: str = ""
    ) -> Issue:
        """What is to be said about the rows that `hit` marks, with their lines and the first as example; `shown`: its values."""
        found = self.frame[hit]
        first = found.iloc[0]
        line = None if pd.isna(first["line"]) else int(first["line"])
        example = f"{first['vendor']}, {first['period_start']:%Y-%m-%d}{f': {shown}' if shown else ''}"
        said = f"{lines_text(found['line'])} {remedy}".strip() if line and len(found) > 1 else remedy
        return Issue(level, code, message, said, line, column, len(found), example)


def _series(column: pa.ChunkedArray) -> pd.Series:
    if pa.types.is_decimal(column.type) or pa.types.is_int64(column.type):
        return column.cast(pa.float64()).to_pandas()
    if not pa.types.is_string(column.type):
        return column.to_pandas()
    named = column.dictionary_encode().to_pandas()
    return named.cat.reorder_categories(sorted(named.cat.categories))


def lines_text(lines: pd.Series) -> str:
    """'See line 3.' or 'See lines 3, 8, 12 and 40 more.'"""
    shown = [f"{int(line)}" for line in lines.iloc[:MOST_NAMED]]
    more = f" and {len(lines) - len(shown):,} more" if len(lines) > len(shown) else ""
    return f"See line{'s' if len(lines) > 1 else ''} {', '.join(shown)}{more}."


def listed(names: Sequence[object], most: int = MOST_NAMES) -> str:
    """'A, B, C and 4 more'."""
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(str(name) for name in names[:most]) + more
