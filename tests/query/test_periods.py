"""Periods: ISO weeks, fiscal years, names and comparisons; in Python and in SQL alike."""

from datetime import date, timedelta

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import UsageError
from analytics.periods import Comparison, Grain, Period, add_months, latest_complete, start_of, start_sql

APRIL = 4
DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("text", "start", "end", "label", "long_label"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31), "2026", "2026"),
        ("2026-Q3", date(2026, 7, 1), date(2026, 9, 30), "Q3 2026", "Q3 2026 · Jul to Sep"),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31), "Q4 2026", "Q4 2026 · Oct to Dec"),
        ("2026-09", date(2026, 9, 1), date(2026, 9, 30), "Sep 2026", "Sep 2026"),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29), "Feb 2028", "Feb 2028"),
        ("2026-W37", date(2026, 9, 7), date(2026, 9, 13), "week 37 of 2026", "week 37 of 2026"),
        ("2026-09-14", date(2026, 9, 14), date(2026, 9, 14), "14 Sep 2026", "14 Sep 2026"),
    ],
)
def test_names_read_and_written(text: str, start: date, end: date, label: str, long_label: str) -> None:
    period = Period.parse(text)
    assert (period.start, period.end, period.id, period.label, period.long_label) == (start, end, text, label, long_label)
    assert period.days == (end - start).days + 1


@pytest.mark.parametrize(
    "text", ["", "2026-Q5", "2026-13", "2026-00", "2026-02-30", "2025-W53", "2026-W00", "Q3 2026", "last month", "26-07"]
)
def test_what_is_no_period_says_how_to_write_one(text: str) -> None:
    with pytest.raises(UsageError, match=r"is not a period\. Write 2026, 2026-Q3, 2026-09, 2026-W37 or 2026-09-14"):
        Period.parse(text)


def test_an_unknown_grain_names_the_nearest() -> None:
    assert Grain.named("week") is Grain.WEEK
    with pytest.raises(UsageError, match=r"Unknown grain 'wek'\. Did you mean: week"):
        Grain.named("wek")


class TestIsoWeeks:
    """
    | day         | weekday  | ISO week |
    | ----------- | -------- | -------- |
    | 31 Dec 2024 | Tuesday  | 2025-W01 |
    | 3 Jan 2027  | Sunday   | 2026-W53 |
    | 4 Jan 2027  | Monday   | 2027-W01 |
    """

    @pytest.mark.parametrize(
        ("day", "week"), [(date(2024, 12, 31), "2025-W01"), (date(2027, 1, 3), "2026-W53"), (date(2027, 1, 4), "2027-W01")]
    )
    def test_year_ends(self, day: date, week: str) -> None:
        period = Period.of(Grain.WEEK, day)
        assert period.id == week and Period.parse(week) == period

    def test_week_53_is_followed_by_week_1(self) -> None:
        assert [Period.parse("2026-W53").next().id, Period.parse("2027-W01").previous().id] == ["2027-W01", "2026-W53"]

    def test_a_week_belongs_to_the_year_of_its_thursday(self) -> None:
        """Week 1 of 2026 begins on 29 December 2025; week 53 of 2026 ends on 3 January 2027."""
        weeks = [week.id for week in Period.parse("2026").within(Grain.WEEK)]
        assert (weeks[0], weeks[-1], len(weeks)) == ("2026-W01", "2026-W53", 53)

    def test_months_share_out_the_weeks_without_loss(self) -> None:
        months = [[week.id for week in month.within(Grain.WEEK)] for month in Period.parse("2026-Q3").within(Grain.MONTH)]
        assert [len(weeks) for weeks in months] == [5, 4, 4]
        assert [week for weeks in months for week in weeks] == [week.id for week in Period.parse("2026-Q3").within(Grain.WEEK)]
        assert Period.parse("2026-W31").anchor == date(2026, 7, 30)


class TestFiscalYears:
    """April start: FY2027 runs from 1 April 2026 to 31 March 2027, its first quarter is April to June 2026."""

    @pytest.mark.parametrize(
        ("text", "start", "end", "long_label"),
        [
            ("FY2027", date(2026, 4, 1), date(2027, 3, 31), "FY2027 · Apr to Mar"),
            ("FY2027-Q1", date(2026, 4, 1), date(2026, 6, 30), "Q1 FY2027 · Apr to Jun"),
            ("FY2027-Q4", date(2027, 1, 1), date(2027, 3, 31), "Q4 FY2027 · Jan to Mar"),
        ],
    )
    def test_named_after_the_year_they_end_in(self, text: str, start: date, end: date, long_label: str) -> None:
        period = Period.parse(text, APRIL)
        assert (period.start, period.end, period.id, period.long_label) == (start, end, text, long_label)

    def test_months_weeks_and_days_keep_their_names(self) -> None:
        names = ("2026-09", "2026-W37", "2026-09-14")
        assert [Period.parse(name, APRIL).id for name in names] == list(names)

    def test_a_february_start_cuts_quarters_across_the_year(self) -> None:
        period = Period.of(Grain.QUARTER, date(2027, 1, 15), 2)
        assert (period.start, period.end, period.id) == (date(2026, 11, 1), date(2027, 1, 31), "FY2027-Q4")

    @given(DAYS, st.sampled_from(Grain), st.integers(1, 12))
    def test_every_day_lies_in_its_period_and_the_name_leads_back(self, day: date, grain: Grain, fiscal_start: int) -> None:
        period = Period.of(grain, day, fiscal_start)
        assert period.start <= day <= period.end
        assert Period.parse(period.id, fiscal_start) == period
        assert period.next().previous() == period and period.next().start == period.end + timedelta(days=1)


def test_sql_cuts_days_into_the_same_periods_as_python() -> None:
    connection = duckdb.connect()
    connection.execute("CREATE TABLE days AS SELECT unnest(range(DATE '2024-01-01', DATE '2028-03-01', INTERVAL 1 DAY))::DATE AS day")
    cuts = [(grain, month) for grain in Grain for month in range(1, 13)]
    columns = ", ".join(start_sql(grain, "day", month) for grain, month in cuts)
    for day, *starts in connection.execute(f"SELECT day, {columns} FROM days").fetchall():
        assert starts == [start_of(grain, day, month) for grain, month in cuts], day


def test_months_are_added_across_years() -> None:
    assert [add_months(date(2026, 11, 30), step).isoformat() for step in (-11, 0, 1, 2, 14)] == [
        "2025-12-01", "2026-11-01", "2026-12-01", "2027-01-01", "2028-01-01",
    ]  # fmt: skip


class TestComparison:
    @pytest.mark.parametrize(
        ("shown", "previous", "last_year"),
        [
            ("2026", "2025", "2025"),
            ("2026-Q1", "2025-Q4", "2025-Q1"),
            ("2026-01", "2025-12", "2025-01"),
            ("2026-W01", "2025-W52", "2025-W01"),
            ("2026-W53", "2026-W52", "2026-W01"),
            ("2026-09-14", "2026-09-13", "2025-09-15"),
        ],
    )
    def test_what_a_period_is_compared_with(self, shown: str, previous: str, last_year: str) -> None:
        """A week is compared with the one 52 weeks before and a day with the same weekday, so 14 Sep with 15 Sep."""
        period = Period.parse(shown)
        assert (Comparison.PREVIOUS.of(period).id, Comparison.LAST_YEAR.of(period).id) == (previous, last_year)


@pytest.mark.parametrize(
    ("grain", "last_day", "expected"),
    [
        (Grain.QUARTER, date(2026, 10, 31), "2026-Q3"),
        (Grain.QUARTER, date(2026, 9, 30), "2026-Q3"),
        (Grain.QUARTER, date(2026, 9, 29), "2026-Q2"),
        (Grain.MONTH, date(2026, 2, 28), "2026-02"),
        (Grain.WEEK, date(2027, 1, 3), "2026-W53"),
    ],
)
def test_the_latest_complete_period(grain: Grain, last_day: date, expected: str) -> None:
    assert latest_complete(grain, last_day).id == expected
