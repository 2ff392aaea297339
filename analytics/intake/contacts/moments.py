"""Dates and clocks written in the ordinary way: two-digit parts, English month names as they are usually spelled."""

import re

from analytics.intake.contacts.sql import text_sql
from analytics.intake.dates import MONTHS, has_clock, has_day

_FRACTION = "[.][0-9]{1,9}"
_NAMES = [month.capitalize() for month in MONTHS]
_PATTERNS = {
    "%Y": "[0-9]{4}", "%y": "[0-9]{2}", "%m": "[0-9]{1,2}", "%d": "[0-9]{1,2}", "%H": "(?:[01]?[0-9]|2[0-3])", "%I": "(?:0?[1-9]|1[0-2])",
    "%M": "[0-5][0-9]", "%S": "[0-5][0-9]", "%p": "[AP]M", "%%": "%",
    "%b": f"(?:{'|'.join(name[:3] for name in _NAMES)})", "%B": f"(?:{'|'.join(_NAMES)})",
}  # fmt: skip
# Parts without anything between them can be told apart only where each has all its digits.
_TWO_DIGITS = {"%m": "[0-9]{2}", "%d": "[0-9]{2}", "%H": "(?:[01][0-9]|2[0-3])", "%I": "(?:0[1-9]|1[0-2])"}
_DIGITS = {"%Y": "____", "%m": "__", "%d": "__"}
_DAY_US = 24 * 60 * 60 * 1_000_000


def moment_patterns(written: str) -> list[str]:
    """The patterns of cells that SQL reads in this format: without and with decimals of a second; none for weeks and quarters."""
    parts = [part for part in re.split(r"(%.)", written) if part]
    if any(part.startswith("%") and part not in _PATTERNS for part in parts):
        return []
    pattern = "".join(_pattern(part, parts[index - 1] if index else "", parts[index + 1 : index + 2]) for index, part in enumerate(parts))
    return [pattern, f"{pattern}{_FRACTION}"] if parts[-1] == "%S" else [pattern]


def padded_like(written: str) -> str:
    """The LIKE pattern of cells with every digit of this format; '' where looking at their length and signs is not enough.

    With the signs in their places `strptime` accepts nothing but digits between them, and blanks around the cell, as Python does.
    Not so where the format has a blank, which stands for any number of them, or a clock, whose parts Python wants with two digits.
    """
    parts = [part for part in re.split(r"(%.)", written) if part]
    turns = all(part in _DIGITS if place % 2 == 0 else re.fullmatch(r"[-./:]", part) for place, part in enumerate(parts))
    return "".join(_DIGITS.get(part, part) for part in parts) if turns else ""


def moment_sql(written: str, pattern: str) -> str:
    """The point in time of a cell that matches the pattern, a template for {cell}; a time of day is of the year 1900."""
    if not pattern.endswith(_FRACTION):
        return f"try_strptime({{cell}}, {_template(text_sql(written))})"
    plain = f"try_strptime(regexp_replace({{cell}}, {_template(text_sql(_FRACTION + '$'))}, ''), {_template(text_sql(written))})"
    decimals = f"regexp_extract({{cell}}, {_template(text_sql('[.]([0-9]{1,9})$'))}, 1)"
    return f"{plain} + to_microseconds(TRY_CAST(rpad(left({decimals}, 6), 6, '0') AS BIGINT))"


def _template(text: str) -> str:
    """A text that keeps its braces when the template is filled in."""
    return text.replace("{", "{{").replace("}", "}}")


def _pattern(part: str, before: str, after: list[str]) -> str:
    if not part.startswith("%"):
        return re.sub(r"([^0-9A-Za-z_\u0080-\U0010ffff])", r"\\\1", part)
    alone = not before.startswith("%") and not (after and after[0].startswith("%"))
    return _PATTERNS[part] if alone else _TWO_DIGITS.get(part, _PATTERNS[part])


def in_range_sql(moment: str, written: str) -> str:
    """Whether a date is one Python reads the same: between 1990 and 2099, two-digit years of this century."""
    first = "2000" if "%y" in re.findall("%.", written) else "1990"
    return f"{moment} BETWEEN TIMESTAMP '{first}-01-01' AND TIMESTAMP '2099-12-31 23:59:59.999999'"


def seconds_between(start: str, end: str, written: str) -> str:
    """Seconds from one point in time to another; from a time of day to an earlier one is past midnight."""
    micro = f"epoch_us({end}) - epoch_us({start})"
    if has_clock(written) and not has_day(written):
        micro = f"({micro} + {_DAY_US}) % {_DAY_US}"
    return f"CAST(CAST({micro} AS DECIMAL(18,0)) * 0.000001 AS DECIMAL(18,6))"
