"""Dates in files: a written format, English month names whatever the computer's language, and the period they start.

`%Y %y %m %d %b %B %G %V %q` (quarter), a weekday (`%a`, `%A`), which must be that of the date, and a time of day (`%H %M %S`, or `%I`
with `%p` for AM and PM); `%%` is a percent sign.
`%n` alone is a spreadsheet's day number (46083 is 2026-03-02), `%N` one counted from 1904; a part of a day behind it is ignored.
"""

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from analytics.intake.problems import CellError

MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LONG_AGO, _FAR_AHEAD = 1990, 2100
DATE_TOKENS = {
    "%Y": r"(?P<Y>[0-9]{4})", "%y": r"(?P<y>[0-9]{2})", "%m": r"(?P<m>[0-9]{1,2})", "%d": r"(?P<d>[0-9]{1,2})",
    "%b": r"(?P<b>[A-Za-z]{3,4})\.?", "%B": r"(?P<b>[A-Za-z]+)", "%G": r"(?P<G>[0-9]{4})", "%V": r"(?P<V>[0-9]{1,2})",
    "%a": r"(?P<a>[A-Za-z]{3,4})\.?", "%A": r"(?P<a>[A-Za-z]+)",
    "%q": r"(?P<q>[1-4])", "%H": r"(?P<H>[01]?[0-9]|2[0-3])", "%I": r"(?P<I>0?[1-9]|1[0-2])", "%M": r"(?P<M>[0-5][0-9])",
    "%S": r"(?P<S>[0-5][0-9](?:\.[0-9]{1,9})?)", "%p": r"(?P<p>[AaPp])\.?[Mm]\.?",
    "%n": r"(?P<n>[0-9]{5})(?:\.[0-9]+)?", "%N": r"(?P<N>[0-9]{5})(?:\.[0-9]+)?", "%%": "%",
}  # fmt: skip
_FIRST_DAYS = {"n": date(1899, 12, 30), "N": date(1904, 1, 1)}
_NUMBERS = ("%n", "%N")
_YEARS = ("%Y", "%y", "%G", *_NUMBERS)
_DAYS = (*_YEARS, "%m", "%d", "%b", "%B", "%V", "%q")


def _parts_of(written: str) -> list[str]:
    """The tokens of a format, in order."""
    return re.findall(r"%.?", written)


def check_format(written: str) -> str:
    """What is wrong with a date format, '' when nothing is."""
    tokens = _parts_of(written)
    if problem := _check_tokens(tokens):
        return problem
    if sum(tokens.count(year) for year in _YEARS) != 1:
        return "it needs one year (%Y, %y or %G), or a day number (%n, %N)"
    if ("%G" in tokens) != ("%V" in tokens):
        return "an ISO week needs %G and %V together"
    return ""


def check_clock_format(written: str) -> str:
    """What is wrong with the format of a point in time or of a time of day, '' when nothing is."""
    tokens = _parts_of(written)
    if problem := _check_tokens(tokens):
        return problem
    if not has_clock(written):
        return "it needs a time of day (%H:%M)"
    if not set(tokens) & set(_DAYS):
        return ""
    if not {"%d"} <= set(tokens) or not set(tokens) & {"%m", "%b", "%B"}:
        return "a date needs its day, month and year"
    return check_format(written)


def _check_tokens(tokens: list[str]) -> str:
    wrong = [token for token in tokens if token not in DATE_TOKENS]
    if wrong:
        return f"'{wrong[0]}' is not known; known are {' '.join(DATE_TOKENS)}"
    named = [token for token in tokens if token != "%%"]
    if len(set(named)) != len(named) or {"%b", "%B"} <= set(named) or {"%a", "%A"} <= set(named):
        return "a part appears twice"
    if set(_NUMBERS) & set(named) and len(named) > 1:
        return "a day number (%n, %N) stands alone"
    if ("%I" in named) != ("%p" in named):
        return "a twelve-hour clock needs %I and %p together"
    if ("%M" in named and not {"%H", "%I"} & set(named)) or ("%S" in named and "%M" not in named) or {"%H", "%I"} <= set(named):
        return "a time of day is %H:%M, %H:%M:%S or %I:%M %p"
    return ""


def has_clock(written: str) -> bool:
    """Whether the format writes a time of day."""
    return bool({"%H", "%I"} & set(_parts_of(written)))


def has_day(written: str) -> bool:
    """Whether the format writes a date; without one it is a time of day."""
    return bool(set(_DAYS) & set(_parts_of(written)))


@lru_cache(maxsize=64)
def date_pattern(written: str) -> re.Pattern[str]:
    """The full-match pattern of a format; its groups are named after the tokens (Y, m, d, H, M, S, ...; `%b` and `%B` are b)."""
    parts = re.split(r"(%.)", written)
    return re.compile("".join(DATE_TOKENS.get(part) or re.escape(part) for part in parts))


def parse_date(text: str, written: str) -> date:
    """The date `text` names in the format `written`; a part that is not written (the day of a month) is the first."""
    return _parsed(text, written)[0]


def parse_moment(text: str, written: str) -> datetime:
    """The point in time `text` names in the format `written`; without a time of day it is midnight."""
    day, parts = _parsed(text, written)
    return datetime(day.year, day.month, day.day) + _time_of(parts)


def parse_time(text: str, written: str) -> timedelta:
    """The time of day `text` names in a format that writes no date, counted from midnight."""
    matched = date_pattern(written).fullmatch(text)
    if not matched:
        raise CellError("time_format", f"'{text}' is not a time written {example(written)}", "Correct the cell or the recipe's format.")
    return _time_of(matched.groupdict())


def _time_of(parts: dict[str, str]) -> timedelta:
    """The time of day, to the microsecond."""
    hour = int(parts.get("H") or 0)
    if "I" in parts:
        hour = int(parts["I"]) % 12 + (12 if parts["p"] in "Pp" else 0)
    whole, _, fraction = (parts.get("S") or "0").partition(".")
    micro = int(fraction[:6].ljust(6, "0"))
    return timedelta(hours=hour, minutes=int(parts.get("M") or 0), seconds=int(whole), microseconds=micro)


def in_zone(moment: datetime, from_zone: str, to_zone: str) -> datetime:
    """What a clock in `to_zone` shows at this moment of `from_zone`; an hour that is there twice or not at all is winter time."""
    zone = ZoneInfo(from_zone)
    offset = min((moment.replace(tzinfo=zone, fold=fold).utcoffset() or timedelta(0)) for fold in (0, 1))
    return (moment - offset).replace(tzinfo=UTC).astimezone(ZoneInfo(to_zone)).replace(tzinfo=None)


def _parsed(text: str, written: str) -> tuple[date, dict[str, str]]:
    matched = date_pattern(written).fullmatch(text)
    if not matched:
        raise CellError(
            "date_format", f"'{text}' is not a date written {example(written)}", "Correct the cell or the recipe's date format."
        )
    parts = matched.groupdict()
    try:
        found_date = _date_of(parts)
    except (ValueError, KeyError) as problem:
        raise CellError("no_such_date", f"'{text}' is not a date that exists", "Correct the cell.") from problem
    weekday = WEEKDAYS[found_date.weekday()]
    if not weekday.startswith(parts.get("a", "").lower()):
        remedy = "Correct the cell; day and month may be swapped in the date format."
        raise CellError("weekday", f"'{text}': that day is a {weekday.capitalize()}", remedy)
    if not _LONG_AGO <= found_date.year < _FAR_AHEAD:
        raise CellError("date_range", f"{found_date} is not between {_LONG_AGO} and {_FAR_AHEAD}", "Correct the cell or the date format.")
    return found_date, parts


def _date_of(parts: dict[str, str]) -> date:
    for number, first_day in _FIRST_DAYS.items():
        if number in parts:
            return first_day + timedelta(days=int(parts[number]))
    if "V" in parts:
        return date.fromisocalendar(int(parts["G"]), int(parts["V"]), 1)
    year = int(parts["Y"]) if "Y" in parts else 2000 + int(parts["y"])
    if "q" in parts:
        return date(year, 3 * int(parts["q"]) - 2, 1)
    month = _month(parts["b"]) if "b" in parts else int(parts.get("m", 1))
    return date(year, month, int(parts.get("d", 1)))


def _month(name: str) -> int:
    """The month an English name, or its first three letters, stands for ('Sept' too)."""
    matching = [number for number, month in enumerate(MONTHS, start=1) if month.startswith(name.lower())]
    if len(name) < 3 or len(matching) != 1:
        raise ValueError(name)
    return matching[0]


def example(written: str) -> str:
    """The format by example: '31/12/2026'."""
    parts = {
        "%Y": "2026", "%y": "26", "%m": "12", "%d": "31", "%a": "Thu", "%A": "Thursday",
        "%b": "Dec", "%B": "December", "%G": "2026", "%V": "53", "%q": "4",
        "%H": "23", "%I": "11", "%M": "59", "%S": "59", "%p": "PM", "%n": "46387", "%N": "44925", "%%": "%",
    }  # fmt: skip
    return "".join(parts.get(part, part) for part in re.split(r"(%.)", written))


def period_of(day: date, grain: str, any_day: bool = False) -> date:
    """The first day of the period of this grain that contains `day`.

    A month or quarter may be dated by any of its days. A week must be dated by its Monday unless `any_day`: a Sunday
    ends the ISO week but starts a week counted from Sunday, so reading it silently could be six days wrong.
    """
    if grain == "week":
        if day.weekday() and not any_day:
            raise CellError(
                "week_start",
                f"{day} is a {day:%A}, but weeks start on Monday",
                "Date the week by its Monday, or write any_day = true if every date lies inside its Monday-to-Sunday week.",
            )
        return day - timedelta(days=day.weekday())
    if grain == "month":
        return day.replace(day=1)
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1) if grain == "quarter" else day


def days_in(start: date, grain: str) -> int:
    """How many days the period of this grain that starts on `start` has."""
    if grain in ("day", "week"):
        return 1 if grain == "day" else 7
    months = 1 if grain == "month" else 3
    ahead = start.month - 1 + months
    return (date(start.year + ahead // 12, ahead % 12 + 1, 1) - start).days
