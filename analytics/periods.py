"""Periods: days, ISO weeks, months, quarters and years, with a fiscal year that may start in any month.

A week belongs to the month, quarter and year of its Thursday (ISO 8601). A fiscal year that does not start in
January is named after the calendar year it ends in: with an April start, FY2027-Q1 is April to June 2026.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from analytics.errors import UsageError, unknown

MONTHS_PER_QUARTER = 3
MONTHS_PER_YEAR = 12
DAYS_PER_WEEK = 7
THURSDAY_OFFSET = 3
MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTH_NAMES_IN_FULL = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip


class Grain(StrEnum):
    """Length of a period, finest first."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    @property
    def rank(self) -> int:
        """1 for a day up to 5 for a year; the SQL and the comparison of grains use it."""
        return tuple(Grain).index(self) + 1

    @property
    def adverb(self) -> str:
        """'monthly', as in 'reported monthly'."""
        return {"day": "daily", "week": "weekly", "month": "monthly", "quarter": "quarterly", "year": "yearly"}[self.value]

    @classmethod
    def named(cls, name: str) -> "Grain":
        """The grain with this name; an unknown one raises `UsageError`."""
        if name not in tuple(cls):
            raise unknown("grain", name, cls)
        return cls(name)


CUT = Grain.YEAR.rank + 1  # the rank of a calendar quarter that a fiscal year cuts: no period holds it as a whole
CUT_QUARTERS = "by calendar quarters, which the fiscal year cuts"


def add_months(day: date, months: int) -> date:
    """The first day of the month `months` after the month of `day`."""
    index = day.year * MONTHS_PER_YEAR + day.month - 1 + months
    return date(index // MONTHS_PER_YEAR, index % MONTHS_PER_YEAR + 1, 1)


def days_between(first: date, last: date) -> int:
    """How many days there are from the first to the last, both counted."""
    return (last - first).days + 1


def months_earlier(day: date, months: int) -> date:
    """The same day of the month `months` earlier, the last of that month where it has no such day."""
    first = add_months(day, -months)
    return first.replace(day=min(day.day, (add_months(first, 1) - timedelta(days=1)).day))


def start_of(grain: Grain, day: date, fiscal_start: int = 1) -> date:
    """First day of the period of this grain that `day` lies in."""
    match grain:
        case Grain.DAY:
            return day
        case Grain.WEEK:
            return day - timedelta(days=day.weekday())
        case Grain.MONTH:
            return day.replace(day=1)
        case Grain.QUARTER:
            return add_months(day, -((day.month - fiscal_start) % MONTHS_PER_QUARTER))
        case Grain.YEAR:
            return add_months(day, -((day.month - fiscal_start) % MONTHS_PER_YEAR))


def start_sql(grain: Grain, day: str, fiscal_start: int = 1) -> str:
    """SQL for `start_of`: `day` is a DATE expression, the result a DATE."""
    if grain is Grain.DAY:
        return day
    if grain in (Grain.WEEK, Grain.MONTH):
        return f"date_trunc('{grain}', {day})::DATE"
    shift = (fiscal_start - 1) % (MONTHS_PER_QUARTER if grain is Grain.QUARTER else MONTHS_PER_YEAR)
    if not shift:
        return f"date_trunc('{grain}', {day})::DATE"
    months = f"INTERVAL {shift} MONTH"
    return f"(date_trunc('{grain}', date_trunc('month', {day}) - {months}) + {months})::DATE"


def spans_sql(grain: Grain, months: int, fiscal_start: int = 1) -> str:
    """SELECT for `Period.window` of every period between $first and $last: bucket (its first day), opens, closes (none after $last)."""
    length = f"INTERVAL {_MONTHS[grain]} MONTH" if grain in _MONTHS else f"INTERVAL {DAYS_PER_WEEK if grain is Grain.WEEK else 1} DAY"
    days = "SELECT unnest(generate_series($first, $last, INTERVAL 1 DAY))::DATE AS day"
    opens, closes = f"(bucket + {length} - INTERVAL {months} MONTH)::DATE", f"least((bucket + {length})::DATE - 1, $last)"
    return f"""SELECT bucket, {opens} AS opens, {closes} AS closes
  FROM (SELECT DISTINCT {start_sql(grain, "day", fiscal_start)} AS bucket FROM ({days}))"""


def anchor_sql(start: str) -> str:
    """SQL for `Period.anchor` of a row: its `grain` says what the DATE column `start` is the first day of."""
    return f"CASE grain WHEN '{Grain.WEEK}' THEN {start} + {THURSDAY_OFFSET} ELSE {start} END"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """One period. `start` must be its first day; build it with `Period.of`."""

    start: date
    grain: Grain
    fiscal_start: int = 1

    @classmethod
    def of(cls, grain: Grain, day: date, fiscal_start: int = 1) -> "Period":
        """The period of this grain that `day` lies in."""
        return cls(start_of(grain, day, fiscal_start), grain, fiscal_start)

    @classmethod
    def parse(cls, text: str, fiscal_start: int = 1) -> "Period":
        """Read '2026', '2026-Q3', 'FY2027-Q1', '2026-09', '2026-W37' or '2026-09-14'; else `UsageError`."""
        for pattern, build in _PATTERNS:
            found = re.fullmatch(pattern, text.strip(), re.IGNORECASE)
            if found:
                try:
                    return build([int(part) for part in found.groups()], fiscal_start)
                except ValueError:
                    break
        raise UsageError(f"'{text}' is not a period.", "Write 2026, 2026-Q3, 2026-09, 2026-W37 or 2026-09-14.")

    @property
    def end(self) -> date:
        """Last day, inclusive."""
        return self.next().start - timedelta(days=1)

    @property
    def days(self) -> int:
        """Number of days."""
        return days_between(self.start, self.end)

    def shifted(self, count: int) -> "Period":
        """The period `count` periods later (earlier when negative)."""
        match self.grain:
            case Grain.DAY:
                start = self.start + timedelta(days=count)
            case Grain.WEEK:
                start = self.start + timedelta(days=DAYS_PER_WEEK * count)
            case _:
                start = add_months(self.start, count * _MONTHS[self.grain])
        return replace(self, start=start)

    def next(self) -> "Period":
        """The period after this one."""
        return self.shifted(1)

    def previous(self) -> "Period":
        """The period before this one."""
        return self.shifted(-1)

    def window(self, months: int) -> tuple[date, date]:
        """First and last day of the months that end with this period; of none the period itself."""
        return (months_earlier(self.next().start, months) if months else self.start), self.end

    def last_year(self) -> "Period":
        """The same period a year earlier; a week is compared with the week 52 weeks before (same weekdays)."""
        match self.grain:
            case Grain.DAY:
                return self.shifted(-52 * DAYS_PER_WEEK)
            case Grain.WEEK:
                return self.shifted(-52)
            case _:
                return self.shifted(-MONTHS_PER_YEAR // _MONTHS[self.grain])

    def within(self, grain: Grain) -> Iterator["Period"]:
        """The periods of a finer grain inside this one, in order; weeks by their Thursday."""
        part = Period.of(grain, self.start, self.fiscal_start)
        while part.anchor <= self.end:
            if part.anchor >= self.start:
                yield part
            part = part.next()

    @property
    def anchor(self) -> date:
        """The day that decides which coarser period this one belongs to."""
        return self.start + timedelta(days=THURSDAY_OFFSET) if self.grain is Grain.WEEK else self.start

    @property
    def _year_name(self) -> int:
        """Calendar year, or the year the fiscal year ends in."""
        if self.fiscal_start == 1:
            return self.start.year
        return start_of(Grain.YEAR, self.start, self.fiscal_start).year + 1

    @property
    def _quarter_number(self) -> int:
        return (self.start.month - self.fiscal_start) % MONTHS_PER_YEAR // MONTHS_PER_QUARTER + 1

    @property
    def id(self) -> str:
        """The stable name used by links and the command line: '2026-Q3'."""
        prefix = "FY" if self.fiscal_start != 1 else ""
        match self.grain:
            case Grain.DAY:
                return self.start.isoformat()
            case Grain.WEEK:
                year, week, _ = self.start.isocalendar()
                return f"{year}-W{week:02d}"
            case Grain.MONTH:
                return f"{self.start:%Y-%m}"
            case Grain.QUARTER:
                return f"{prefix}{self._year_name}-Q{self._quarter_number}"
            case Grain.YEAR:
                return f"{prefix}{self._year_name}"

    @property
    def label(self) -> str:
        """The name people read: 'Q3 2026', 'Sep 2026', 'week 37 of 2026', '14 Sep 2026', '2026'."""
        prefix = "FY" if self.fiscal_start != 1 else ""
        match self.grain:
            case Grain.DAY:
                return day_text(self.start)
            case Grain.WEEK:
                year, week, _ = self.start.isocalendar()
                return f"week {week} of {year}"
            case Grain.MONTH:
                return f"{month_name(self.start)} {self.start.year}"
            case Grain.QUARTER:
                return f"Q{self._quarter_number} {prefix}{self._year_name}"
            case Grain.YEAR:
                return f"{prefix}{self._year_name}"

    @property
    def phrase(self) -> str:
        """The label in a sentence: 'in Q3 2026', 'on 14 Sep 2026'."""
        return f"{'on' if self.grain is Grain.DAY else 'in'} {self.label}"

    @property
    def long_label(self) -> str:
        """The label with what it spans where that is not plain: 'Q3 2026 · Jul to Sep'."""
        if self.grain is Grain.QUARTER or (self.grain is Grain.YEAR and self.fiscal_start != 1):
            return f"{self.label} · {month_name(self.start)} to {month_name(self.end)}"
        return self.label


_MONTHS = {Grain.MONTH: 1, Grain.QUARTER: MONTHS_PER_QUARTER, Grain.YEAR: MONTHS_PER_YEAR}


def month_name(day: date) -> str:
    """'Sep', the same in every locale."""
    return MONTH_NAMES[day.month - 1]


def day_text(day: date) -> str:
    """'14 Sep 2026'."""
    return f"{day.day} {month_name(day)} {day.year}"


def _fiscal_year_start(year: int, fiscal_start: int) -> date:
    return date(year - (fiscal_start != 1), fiscal_start, 1)


def _year(parts: list[int], fiscal_start: int) -> Period:
    return Period(_fiscal_year_start(parts[0], fiscal_start), Grain.YEAR, fiscal_start)


def _quarter(parts: list[int], fiscal_start: int) -> Period:
    first = _fiscal_year_start(parts[0], fiscal_start)
    return Period(add_months(first, (parts[1] - 1) * MONTHS_PER_QUARTER), Grain.QUARTER, fiscal_start)


def _month(parts: list[int], fiscal_start: int) -> Period:
    return Period(date(parts[0], parts[1], 1), Grain.MONTH, fiscal_start)


def _week(parts: list[int], fiscal_start: int) -> Period:
    return Period(date.fromisocalendar(parts[0], parts[1], 1), Grain.WEEK, fiscal_start)


def _day(parts: list[int], fiscal_start: int) -> Period:
    return Period(date(*parts), Grain.DAY, fiscal_start)


_PATTERNS = (
    (r"(?:FY)?(\d{4})", _year),
    (r"(?:FY)?(\d{4})-?Q([1-4])", _quarter),
    (r"(\d{4})-(\d{2})", _month),
    (r"(\d{4})-?W(\d{1,2})", _week),
    (r"(\d{4})-(\d{2})-(\d{2})", _day),
)


def latest_complete(grain: Grain, last_day: date, fiscal_start: int = 1) -> Period:
    """The newest period of this grain that ends on or before `last_day`."""
    period = Period.of(grain, last_day, fiscal_start)
    return period if period.end <= last_day else period.previous()


class Comparison(StrEnum):
    """What the shown period is compared with."""

    PREVIOUS = "previous"
    LAST_YEAR = "last_year"

    def of(self, period: Period) -> Period:
        """The period to compare `period` with."""
        return period.previous() if self is Comparison.PREVIOUS else period.last_year()
