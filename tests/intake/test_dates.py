"""Dates by their written format, and the period they belong to."""

from datetime import date

import pytest

from analytics.intake.dates import check_format, days_in, parse_date, period_of
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
