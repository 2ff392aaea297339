"""Dates by their written format, and the period they belong to."""

from datetime import date, datetime

import duckdb
import pytest

from analytics.intake.dates import check_clock_format, check_format, days_in, in_zone, parse_date, parse_moment, period_of
from analytics.intake.problems import CellError


@pytest.mark.parametrize(
    ("text", "written", "expected"),
    [
        ("2026-08-14", "%Y-%m-%d", date(2026, 8, 14)),
        ("14/08/2026", "%d/%m/%Y", date(2026, 8, 14)),
        ("8/1/26", "%m/%d/%y", date(2026, 8, 1)),
        ("Apr-15", "%b-%y", date(2015, 4, 1)),
        ("Sept 2026", "%b %Y", date(2026, 9, 1)),
        ("1 december 2026", "%d %B %Y", date(2026, 12, 1)),
        ("2026-W53", "%G-W%V", date(2026, 12, 28)),
        ("Q3 2026", "Q%q %Y", date(2026, 7, 1)),
        ("2026-08-14 23:59:59", "%Y-%m-%d %H:%M:%S", date(2026, 8, 14)),
        ("202608", "%Y%m", date(2026, 8, 1)),
        ("Mon, 02 Mar 2026 08:00:00", "%a, %d %b %Y %H:%M:%S", date(2026, 3, 2)),
        ("Thursday 05/03/2026", "%A %d/%m/%Y", date(2026, 3, 5)),
    ],
)
def test_formats(text: str, written: str, expected: date) -> None:
    assert parse_date(text, written) == expected


@pytest.mark.parametrize(
    ("text", "written", "message"),
    [
        ("14/08/2026", "%Y-%m-%d", "not a date written 2026-12-31"),
        ("2026-02-30", "%Y-%m-%d", "does not exist|not a date that exists"),
        ("2025-W53", "%G-W%V", "not a date that exists"),
        ("Foo-26", "%b-%y", "not a date that exists"),
        ("Mon, 03/02/2026", "%a, %d/%m/%Y", "that day is a Tuesday"),
        ("1970-01-01", "%Y-%m-%d", "not between 1990 and 2100"),
    ],
)
def test_dates_that_are_none(text: str, written: str, message: str) -> None:
    with pytest.raises(CellError, match=message):
        parse_date(text, written)


@pytest.mark.parametrize(
    ("written", "problem"), [("%x", "not known"), ("%d/%m", "needs one year"), ("%Y %y", "one year"), ("%G", "together"), ("%Y-%m-%d", "")]
)
def test_formats_are_checked_before_any_file(written: str, problem: str) -> None:
    assert problem in check_format(written) and bool(problem) == bool(check_format(written))


def test_periods_start_on_their_first_day() -> None:
    assert period_of(date(2026, 8, 31), "month") == date(2026, 8, 1)
    assert period_of(date(2026, 9, 30), "quarter") == date(2026, 7, 1)
    assert period_of(date(2026, 8, 14), "day") == date(2026, 8, 14)
    assert period_of(date(2026, 8, 17), "week") == date(2026, 8, 17)


def test_a_week_dated_by_another_day_than_monday_is_refused_unless_any_day_is_said() -> None:
    sunday = date(2026, 8, 16)
    with pytest.raises(CellError, match="is a Sunday"):
        period_of(sunday, "week")
    assert period_of(sunday, "week", any_day=True) == date(2026, 8, 10)


def test_days_of_a_period() -> None:
    days = [days_in(*period) for period in ((date(2026, 2, 1), "month"), (date(2024, 2, 1), "month"), (date(2026, 10, 1), "quarter"))]
    assert days == [28, 29, 92]
    assert (days_in(date(2026, 1, 5), "week"), days_in(date(2026, 1, 5), "day"), days_in(date(2026, 12, 1), "month")) == (7, 1, 31)


@pytest.mark.parametrize(
    ("text", "written", "expected"),
    [
        ("14/08/2026 23:59:58.5", "%d/%m/%Y %H:%M:%S", datetime(2026, 8, 14, 23, 59, 58, 500000)),
        ("8/14/2026 12:05 AM", "%m/%d/%Y %I:%M %p", datetime(2026, 8, 14, 0, 5)),
        ("8/14/2026 12:05 p.m.", "%m/%d/%Y %I:%M %p", datetime(2026, 8, 14, 12, 5)),
        ("2026-08-14", "%Y-%m-%d", datetime(2026, 8, 14)),
    ],
)
def test_points_in_time(text: str, written: str, expected: datetime) -> None:
    assert parse_moment(text, written) == expected


@pytest.mark.parametrize("text", ["14/08/2026 24:00", "14/08/2026 9:60"])
def test_times_that_are_none(text: str) -> None:
    with pytest.raises(CellError, match="is not a date written 31/12/2026 23:59"):
        parse_moment(text, "%d/%m/%Y %H:%M")


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 7, 1, 22, 30), datetime(2026, 7, 1, 20, 30)),
        (datetime(2026, 1, 1, 0, 30), datetime(2025, 12, 31, 23, 30)),
        (datetime(2026, 10, 25, 2, 30), datetime(2026, 10, 25, 1, 30)),
        (datetime(2026, 3, 29, 2, 30), datetime(2026, 3, 29, 1, 30)),
    ],
    ids=["summer", "winter", "an hour that is there twice", "an hour that is not there"],
)
def test_zones(moment: datetime, expected: datetime) -> None:
    assert in_zone(moment, "Europe/Warsaw", "UTC") == expected


def test_the_database_converts_zones_alike() -> None:
    sql = "SELECT timezone($to_zone, timezone($from_zone, moment)) FROM (SELECT unnest($moments) AS moment)"
    moments = [datetime(2026, month, day, hour, 30) for month in (1, 3, 7, 10) for day in (1, 25, 28, 29) for hour in (0, 1, 2, 3, 23)]
    for zones in (("Europe/Warsaw", "America/New_York"), ("America/New_York", "Asia/Kolkata"), ("UTC", "Australia/Sydney")):
        asked = {"from_zone": zones[0], "to_zone": zones[1], "moments": moments}
        assert [row[0] for row in duckdb.execute(sql, asked).fetchall()] == [in_zone(moment, *zones) for moment in moments]


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("%H:%M", ""), ("%d/%m/%Y %H:%M:%S", ""), ("%Y-%m-%d %I:%M %p", ""), ("%Y-%m-%d", "needs a time of day"),
        ("%Y %H", "needs its day"), ("%I:%M", "%I and %p together"), ("%H:%S", "a time of day is"), ("%H:%H", "twice"), ("%k", "not known"),
    ],
)  # fmt: skip
def test_formats_of_clocks_are_checked_too(written: str, problem: str) -> None:
    assert problem in check_clock_format(written) and bool(problem) == bool(check_clock_format(written))
