"""Files people take away: CSV that opens in a spreadsheet without running anything."""

import re
from collections.abc import Iterable

import pandas as pd

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_PLAIN_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """`frame` as CSV for spreadsheets: UTF-8 with byte order mark, CRLF, dates as 2026-09-30, missing values empty.

    A text that a spreadsheet would run as a formula (it starts with = + - @, tab or line break) gets a leading
    apostrophe, unless it is a plain number. Column names are treated the same.
    """
    safe = pd.DataFrame({_safe(str(name)): _safe_column(column) for name, column in frame.items()})
    return safe.to_csv(index=False, lineterminator="\r\n", date_format="%Y-%m-%d").encode("utf-8-sig")


def _safe_column(column: pd.Series) -> Iterable[object]:
    if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column):
        return column
    return column.map(lambda value: _safe(value) if isinstance(value, str) else value)


def _safe(value: str) -> str:
    """The text with an apostrophe before it when a spreadsheet would read it as a formula."""
    harmless = not value.lstrip(" ").startswith(_STARTS_A_FORMULA) or _PLAIN_NUMBER.fullmatch(value)
    return value if harmless else f"'{value}"
