"""Which format the dates of a column are in and which period they start: settled by the whole column, else asked."""

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from analytics.errors import IntakeError, UsageError
from analytics.intake.dates import MONTHS, has_clock, in_zone, parse_date, parse_moment
from analytics.intake.problems import CellError, Choice
from analytics.intake.recognise.columns import Column, DateTally, Place
from analytics.intake.recognise.findings import Findings, shown
from analytics.intake.recognise.patterns import date_look

_ORDERS = {"dmy": "dm", "mdy": "md"}
_TWO_DIGIT = {"ymd": "ymd", "dmy": "dmy", "mdy": "mdy"}
_DAY_NUMBERS = {"1900": "%n", "1904": "%N"}
_MIDNIGHT = re.compile(r"[T ]0?0:00(:00(\.0+)?)?(?![0-9:])")
_EXAMPLE_ZONES = ("America/New_York", "Europe/Warsaw", "Asia/Manila")
_ONE_FORM = 'Correct the odd ones, or export the dates in one form, best as "2026-03-02".'


@dataclass(frozen=True, slots=True)
class DateFormat:
    """How the dates of a column are read; `zones` are (from, to) where the clock is converted."""

    written: str
    grain: str
    zones: tuple[str, str] = ("", "")
    any_day: bool = False

    @property
    def has_clock(self) -> bool:
        """Whether a time of day stands behind the date."""
        return has_clock(self.written)


def settle_format(column: Column, others: Sequence[Column], findings: Findings) -> DateFormat:
    """The one format of a date column; two forms in one column: `IntakeError`; an order the data leaves open: a question."""
    forms = list(column.dates.items())
    for place in (place for _, tally in forms for place in [tally.first] if tally.zones):
        _check_exists(place)
    if len(forms) > 1:
        (first, second) = (tally.first for _, tally in forms[:2])
        raise _mixed(column, first, second)
    form, tally = forms[0]
    written = _ordered(form, tally, column, others, findings)
    if "%B" in written and tally.longest_month <= 3:
        written = written.replace("%B", "%b")
    zones = ("", "")
    if "{zone}" in written:
        written, zones = _zoned(written, tally, column, findings)
    return DateFormat(written, tally.grain, zones)


def _mixed(column: Column, first: Place, second: Place) -> IntakeError:
    return IntakeError(
        f"Column {column.name} mixes two date forms: '{first[0]}' (line {first[1]}) and '{second[0]}' (line {second[1]}).", _ONE_FORM
    )


def _ordered(form: str, tally: DateTally, column: Column, others: Sequence[Column], findings: Findings) -> str:
    """The form with its open numbers named."""
    places = form.count("?")
    if places == 3:
        return _two_digit_year(form, tally, column, findings)
    if places == 0:
        return form
    above = set(tally.above_12)
    if len(above) == 2:
        raise _mixed(column, tally.above_12[0], tally.above_12[1])
    if not above:
        above = {position for other in others if (same := other.dates.get(form)) and len(same.above_12) == 1 for position in same.above_12}
    if len(above) == 1:
        return _filled(form, "dm" if 0 in above else "md")
    if form.startswith("?.?."):
        findings.note(column.name, f"'{tally.first[0]}' is read day first: dates with points are written so.")
        return _filled(form, "dm")
    return _asked_order(form, list(_ORDERS), _ORDERS, column, findings)


def _filled(form: str, letters: str) -> str:
    """'?/?/%Y' with 'dm' is '%d/%m/%Y'."""
    for letter in letters:
        form = form.replace("?", f"%{letter}", 1)
    return form


def _two_digit_year(form: str, tally: DateTally, column: Column, findings: Findings) -> str:
    possible = [name for name, letters in _TWO_DIGIT.items() if _is_possible(letters, tally)]
    if not possible:
        raise _mixed(column, *list(tally.above_12.values())[:2])
    return _asked_order(form, possible, _TWO_DIGIT, column, findings)


def _is_possible(letters: str, tally: DateTally) -> bool:
    return letters.index("m") not in tally.above_12 and letters.index("d") not in tally.above_31


def _asked_order(form: str, names: Sequence[str], orders: dict[str, str], column: Column, findings: Findings) -> str:
    values = [value for value in column.values if (look := date_look(value)) and look.form == form][:3]
    choices = [Choice(name, shown(values, [_day_text(value, _filled(form, orders[name])) for value in values])) for name in names]
    text = f"The dates in {column.name} can be read in more than one way. Which is right?"
    return _filled(form, orders[findings.ask("date_order", text, choices)])


def _day_text(value: str, written: str) -> str:
    """'2 March 2026', or that there is no such date."""
    try:
        found = parse_date(value, written.replace("{zone}", ""))
    except CellError:
        return "no date"
    return f"{found.day} {found:%B %Y}"


def _zoned(written: str, tally: DateTally, column: Column, findings: Findings) -> tuple[str, tuple[str, str]]:
    """The format with the zone the file writes, and whether the clock is converted: asked, unless every time is midnight."""
    if len(tally.zones) > 1:
        first, second = list(tally.zones)[:2]
        raise IntakeError(
            f"Column {column.name} mixes the time zones {first.strip()} and {second.strip()}{_by_season(first.strip(), second.strip())}.",
            "Export the times in UTC, or as local times without an offset.",
        )
    zone = next(iter(tally.zones))
    fixed, name = written.replace("{zone}", zone), _zone_name(zone.strip())
    values = [value for value in column.values if (look := date_look(value)) and look.zone]
    if not column.overflow and all(_MIDNIGHT.search(value) for value in values):
        findings.note(column.name, f"All times are midnight ({zone.strip()}): the days are taken as they are written.")
        return fixed, ("", "")
    choices = [Choice("as_written", "the day as it stands there: " + shown(values[:3], [_day_text(value, fixed) for value in values[:3]]))]
    for other in (("UTC",) if name != "UTC" else _EXAMPLE_ZONES) if name else ():
        choices.append(
            Choice(other, f"the day in {other}: " + shown(values[:3], [_converted(value, fixed, name, other) for value in values[:3]]))
        )
    text = f"The times in {column.name} carry a time zone ({zone.strip()}). In which zone are the days counted? Any zone may be named."
    answer = findings.ask("zone", text, choices)
    if answer not in ("as_written", *available_timezones()):
        raise UsageError(f"'{answer}' is no time zone.", 'Write it as "UTC" or "Europe/Warsaw", or answer as_written.')
    return fixed, ("", "") if answer in ("as_written", name) or not name else (name, answer)


def _by_season(one: str, other: str) -> str:
    """What tells two offsets apart that differ by an hour."""
    hours = [int(found[1]) for zone in (one, other) if (found := re.fullmatch(r"([+-][0-9]{2}):?00", zone))]
    return ", as summer and winter time do" if len(hours) > 1 and abs(hours[0] - hours[1]) == 1 else ""


def _zone_name(zone: str) -> str:
    """The name a recipe knows a zone by: '-05:00' is Etc/GMT+5 (its sign is the other way round)."""
    if zone in ("Z", "UTC", "GMT"):
        return "UTC"
    offset = re.fullmatch(r"([+-])([0-9]{2}):?([0-9]{2})", zone)
    if offset is None:
        return zone
    hours = int(offset[2])
    if offset[3] != "00":
        return ""
    return f"Etc/GMT{'-' if offset[1] == '+' else '+'}{hours}" if hours else "UTC"


def _converted(value: str, written: str, zone: str, other: str) -> str:
    found = in_zone(parse_moment(value, written), zone, other)
    return f"{found.day} {found:%B %Y}"


def _check_exists(place: Place) -> None:
    """A local time that summer time leaves out is no time: `IntakeError`."""
    value, line = place
    look = date_look(value)
    clock = re.search(r"[T ]([0-9]{1,2}):([0-9]{2})", value)
    if look is None or clock is None or "/" not in look.zone or "?" in look.form:
        return
    try:
        zone = ZoneInfo(look.zone.strip())
        day = parse_date(value, look.form.replace("{zone}", look.zone))
    except (CellError, KeyError, ValueError, OSError):
        return
    local = datetime(day.year, day.month, day.day, int(clock[1]) % 24, int(clock[2]), tzinfo=zone)
    if local.astimezone(ZoneInfo("UTC")).astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise IntakeError(f"Line {line}: the time '{value}' does not exist: clocks were put forward then.", "Correct the time or its zone.")


def settle_grain(column: Column, found: DateFormat, words: str, findings: Findings) -> DateFormat:
    """The period the dates stand for, by the column's name and by the dates themselves; undecided: a question."""
    if found.grain != "day":
        return found
    if found.has_clock:
        return found
    days = days_of(column, found)
    grain = _grain_by_days(days, words)
    if grain == "?":
        grain = _asked_grain(column, days, findings)
    if grain == "week" and any(day.weekday() for day in days):
        return _asked_week(column, days, found, findings)
    return DateFormat(found.written, grain, found.zones)


def days_of(column: Column, found: DateFormat) -> list[date]:
    """The days of the distinct dates, in order."""
    days = set()
    for value in column.values:
        try:
            days.add(parse_date(value, found.written))
        except CellError:
            continue
    return sorted(days)


def _grain_by_days(days: Sequence[date], words: str) -> str:
    """day, week, month or quarter; '?' where one date or seven-day steps leave it open."""
    said = next((grain for grain in ("week", "month", "quarter") if re.search(rf"\b{grain}", words)), "")
    if not days:
        return said or "day"
    if all(day.day == 1 for day in days) or all(_is_month_end(day) for day in days):
        if said in ("month", "quarter"):
            return said
        return "?" if len(days) == 1 else "month"
    same_weekday = len({day.weekday() for day in days}) == 1
    if said == "week":
        return "week" if same_weekday else "day"
    steps = {(later - earlier).days for earlier, later in pairwise(days)}
    return "?" if same_weekday and len(days) >= 3 and steps <= {7, 14, 21, 28} and 7 in steps else "day"


def _is_month_end(day: date) -> bool:
    return day.day == calendar.monthrange(day.year, day.month)[1]


def _asked_grain(column: Column, days: Sequence[date], findings: Findings) -> str:
    longer = "month" if days[0].day == 1 or _is_month_end(days[0]) else "week"
    values = [f"{day}" for day in days[:3]]
    ends = {
        "month": [f"all of {day:%B %Y}" for day in days[:3]],
        "week": [f"the week of {day - timedelta(days=day.weekday())}" for day in days[:3]],
    }
    choices = [
        Choice(longer, shown(values, ends[longer])),
        Choice("day", shown(values, [f"{day.day} {day:%B %Y} alone" for day in days[:3]])),
    ]
    return findings.ask("grain", f"What period do the dates in {column.name} stand for?", choices)


def _asked_week(column: Column, days: Sequence[date], found: DateFormat, findings: Findings) -> DateFormat:
    """Weeks dated by another day than Monday: inside the ISO week, or the day alone."""
    values = [f"{day}" for day in days[:3]]
    weeks = [f"{day - timedelta(days=day.weekday())} to {day + timedelta(days=6 - day.weekday())}" for day in days[:3]]
    choices = [
        Choice("week", "the week from Monday to Sunday around it: " + shown(values, weeks)),
        Choice("day", "that day alone: " + ", ".join(values)),
    ]
    text = f"The weeks in {column.name} are dated by a {days[0]:%A}. Which days does such a week have?"
    grain = findings.ask("week", text, choices)
    return DateFormat(found.written, grain, found.zones, any_day=grain == "week")


def plain_number_format(column: Column, findings: Findings) -> DateFormat | None:
    """Dates without separators (20260302, 202603) or as day numbers of a spreadsheet, which are asked; None when they are none."""
    values = column.values
    if values and all(re.fullmatch(r"(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])", value) for value in values):
        return DateFormat("%Y%m%d", "day")
    if values and all(re.fullmatch(r"(19|20)[0-9]{2}(0[1-9]|1[0-2])", value) for value in values):
        return DateFormat("%Y%m", "month")
    if not values or not all(re.fullmatch(r"[2-7][0-9]{4}(\.[0-9]+)?", value) for value in values):
        return None
    numbers = [int(value.partition(".")[0]) for value in values[:3]]
    choices = [
        Choice(name, shown(values[:3], [f"{start + timedelta(days=number):%d %B %Y}" for number in numbers]))
        for name, start in (("1900", date(1899, 12, 30)), ("1904", date(1904, 1, 1)))
    ]
    text = f"{column.name} holds day numbers of a spreadsheet. From which day are they counted?"
    return DateFormat(_DAY_NUMBERS[findings.ask("date_system", text, choices)], "day")


def are_months(values: Sequence[str]) -> bool:
    """Whether cells are English names of months."""
    return bool(values) and all(
        len(value) >= 3 and sum(month.startswith(value.lower().rstrip(".")) for month in MONTHS) == 1 for value in values
    )


def month_and_year(month: Column, year: Column) -> DateFormat | None:
    """The format of a month beside its year ('March' and '2026', or 3 and 2026), None when the columns hold something else."""
    if not all(re.fullmatch(r"(19|20)[0-9]{2}", value) for value in year.values):
        return None
    if are_months(month.values):
        return DateFormat("%B %Y", "month")
    return DateFormat("%m %Y", "month") if month.values and all(re.fullmatch(r"0?[1-9]|1[0-2]", value) for value in month.values) else None
