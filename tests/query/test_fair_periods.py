"""What is compared with what: leap years, fiscal years, years of 53 weeks, weeks across quarters, incomplete periods."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import UsageError
from analytics.fair_periods import FairPair, Stretch, fair_pair, held_against, parse_choice
from analytics.periods import Comparison, Grain, Period

BEGIN = date(2019, 1, 1)


def day(text: str) -> date:
    return date.fromisoformat(text)


def stretch(text: str) -> Stretch:
    first, _, last = text.partition("..")
    return Stretch(day(first), day(last or first))


def pair(period: str, comparison: str, last: str, fiscal: int = 1, part: str = "day", first: date = BEGIN) -> FairPair:
    return fair_pair(Period.parse(period, fiscal), parse_choice(comparison, fiscal), Stretch(first, day(last)), Grain(part))


# period, fiscal start, comparison, last day of the data, grain of the data -> shown, compared (none: no comparison)
TABLE = """
# whole periods
2026-Q3     1 previous  2026-09-30 day   2026-07-01..2026-09-30 2026-04-01..2026-06-30
2026-Q3     1 last_year 2026-10-15 day   2026-07-01..2026-09-30 2025-07-01..2025-09-30
2026-Q1     1 previous  2026-03-31 day   2026-01-01..2026-03-31 2025-10-01..2025-12-31
2026-01     1 previous  2026-01-31 day   2026-01-01..2026-01-31 2025-12-01..2025-12-31
2026        1 previous  2026-12-31 day   2026-01-01..2026-12-31 2025-01-01..2025-12-31
2026-09-14  1 previous  2026-09-14 day   2026-09-14             2026-09-13
2026-09-14  1 last_year 2026-09-14 day   2026-09-14             2025-09-15
# leap years
2028-02     1 last_year 2028-02-29 day   2028-02-01..2028-02-29 2027-02-01..2027-02-28
2029-02     1 last_year 2029-02-28 day   2029-02-01..2029-02-28 2028-02-01..2028-02-29
2028        1 last_year 2028-12-31 day   2028-01-01..2028-12-31 2027-01-01..2027-12-31
2028        1 last_year 2028-03-01 day   2028-01-01..2028-03-01 2027-01-01..2027-03-02
2029        1 last_year 2029-03-01 day   2029-01-01..2029-03-01 2028-01-01..2028-02-29
2028        1 last_year 2028-12-30 day   2028-01-01..2028-12-30 none
2028-02     1 last_year 2028-02-28 day   2028-02-01..2028-02-28 none
2028-02-29  1 last_year 2028-02-29 day   2028-02-29             2027-03-02
# to date against the same elapsed days
2026-Q4     1 previous  2026-10-15 day   2026-10-01..2026-10-15 2026-07-01..2026-07-15
2026-Q4     1 last_year 2026-10-15 day   2026-10-01..2026-10-15 2025-10-01..2025-10-15
2026-Q2     1 previous  2026-06-29 day   2026-04-01..2026-06-29 none
2026-Q2     1 previous  2026-06-28 day   2026-04-01..2026-06-28 2026-01-01..2026-03-30
2026-03     1 previous  2026-03-27 day   2026-03-01..2026-03-27 2026-02-01..2026-02-27
2026-03     1 previous  2026-03-28 day   2026-03-01..2026-03-28 none
2026-03     1 previous  2026-03-30 day   2026-03-01..2026-03-30 none
2026-03     1 last_year 2026-03-30 day   2026-03-01..2026-03-30 2025-03-01..2025-03-30
2026-05     1 previous  2026-05-01 day   2026-05-01             2026-04-01
2026-W37    1 previous  2026-09-09 day   2026-09-07..2026-09-09 2026-08-31..2026-09-02
2026        1 previous  2026-11-21 day   2026-01-01..2026-11-21 2025-01-01..2025-11-21
# fiscal years
FY2027      4 previous  2027-03-31 day   2026-04-01..2027-03-31 2025-04-01..2026-03-31
FY2027      4 previous  2026-09-30 day   2026-04-01..2026-09-30 2025-04-01..2025-09-30
FY2028      4 last_year 2028-03-01 day   2027-04-01..2028-03-01 2026-04-01..2027-03-02
FY2027-Q1   4 previous  2026-06-30 day   2026-04-01..2026-06-30 2026-01-01..2026-03-31
FY2027-Q1   4 last_year 2026-05-10 day   2026-04-01..2026-05-10 2025-04-01..2025-05-10
FY2027-Q4   2 previous  2027-01-31 day   2026-11-01..2027-01-31 2026-08-01..2026-10-31
FY2027-Q1  10 previous  2026-12-31 day   2026-10-01..2026-12-31 2026-07-01..2026-09-30
FY2026      7 last_year 2026-06-30 day   2025-07-01..2026-06-30 2024-07-01..2025-06-30
2026-09     4 last_year 2026-09-10 day   2026-09-01..2026-09-10 2025-09-01..2025-09-10
# weeks, and years of 53 of them
2026-W01    1 previous  2026-01-04 day   2025-12-29..2026-01-04 2025-12-22..2025-12-28
2026-W53    1 previous  2027-01-03 week  2026-12-28..2027-01-03 2026-12-21..2026-12-27
2026-W53    1 last_year 2027-01-03 week  2026-12-28..2027-01-03 2025-12-29..2026-01-04
2027-W01    1 last_year 2027-01-10 week  2027-01-04..2027-01-10 2026-01-05..2026-01-11
2021-W10    1 last_year 2021-03-14 week  2021-03-08..2021-03-14 2020-03-09..2020-03-15
2026        1 previous  2027-01-03 week  2025-12-29..2027-01-03 2024-12-30..2025-12-28
2026        1 previous  2026-12-27 week  2025-12-29..2026-12-27 none
2027        1 previous  2027-12-26 week  2027-01-04..2027-12-26 2025-12-29..2026-12-20
# weeks across quarters belong where their Thursday is
2026-Q3     1 previous  2026-09-27 week  2026-06-29..2026-09-27 2026-03-30..2026-06-28
2026-Q4     1 previous  2026-10-04 week  2026-09-28..2026-10-04 2026-06-29..2026-07-05
2026-Q4     1 previous  2026-10-15 week  2026-09-28..2026-10-11 2026-06-29..2026-07-12
FY2027-Q1   4 last_year 2026-04-12 week  2026-03-30..2026-04-12 2025-03-31..2025-04-13
# months where the data comes by months
2026-Q3     1 previous  2026-08-31 month 2026-07-01..2026-08-31 2026-04-01..2026-05-31
2026-Q3     1 previous  2026-08-30 month 2026-07-01..2026-07-31 2026-04-01..2026-04-30
FY2027      4 last_year 2026-06-30 month 2026-04-01..2026-06-30 2025-04-01..2025-06-30
# a period of one's own choice
2026-Q3     1 2026-Q1   2026-09-30 day   2026-07-01..2026-09-30 2026-01-01..2026-03-31
2026-Q4     1 2026-Q1   2026-10-31 day   2026-10-01..2026-10-31 2026-01-01..2026-01-31
2026-Q1     1 2026-Q3   2026-09-30 day   2026-01-01..2026-03-31 2026-07-01..2026-09-30
2026-Q1     1 2026-Q3   2026-08-31 day   2026-01-01..2026-03-31 none
2026-Q3     1 2026      2026-12-31 day   2026-07-01..2026-09-30 none
# two dates of one's own choice
2026-Q3     1 2026-02-10..2026-02-19 2026-09-30 day   2026-07-01..2026-09-30 2026-02-10..2026-02-19
2026-Q4     1 2026-03-01..2026-03-31 2026-10-15 day   2026-10-01..2026-10-15 2026-03-01..2026-03-15
2026-Q4     1 2026-03-01..2026-03-15 2026-10-15 day   2026-10-01..2026-10-15 2026-03-01..2026-03-15
2026-Q4     1 2026-03-01..2026-03-14 2026-10-15 day   2026-10-01..2026-10-15 none
2026-Q3     1 2026-02-10..2026-04-19 2026-09-30 month 2026-07-01..2026-09-30 2026-03-01..2026-03-31
2026-Q3     1 2026-02-10..2026-02-19 2026-09-30 month 2026-07-01..2026-09-30 none
2026-Q3     1 2026-03-03..2026-03-16 2026-09-27 week  2026-06-29..2026-09-27 2026-03-09..2026-03-15
2026-Q3     1 2026-06-01..2026-07-01 2026-09-30 day   2026-07-01..2026-09-30 none
2026-Q3     1 2018-12-01..2019-01-31 2026-09-30 day   2026-07-01..2026-09-30 none
"""
ROWS = [tuple(line.split()) for line in TABLE.splitlines() if line and not line.startswith("#")]


def test_the_table_is_long_enough() -> None:
    assert len(ROWS) == len(set(ROWS)) >= 40


@pytest.mark.parametrize(("period", "fiscal", "comparison", "last", "part", "shown", "compared"), ROWS)
def test_what_is_compared(period: str, fiscal: str, comparison: str, last: str, part: str, shown: str, compared: str) -> None:
    found = pair(period, comparison, last, int(fiscal), part)
    assert found.shown == stretch(shown)
    assert found.compared == (None if compared == "none" else stretch(compared))
    assert bool(found.note) or found.compared is not None
    assert bool(found.against) == (found.compared is not None)


@pytest.mark.parametrize(
    ("period", "comparison", "last", "part", "words", "note"),
    [
        ("2026-Q3", "previous", "2026-09-30", "day", "Q3 2026 compared with Q2 2026",
         "92 days against 91 days: bear it in mind for totals."),
        ("2026-Q3", "last_year", "2026-09-30", "day", "Q3 2026 compared with Q3 2025", ""),
        (
            "2026-Q4", "previous", "2026-10-15", "day",
            "Q4 2026 so far, to 15 Oct 2026 compared with the first 15 days of Q3 2026, 1 Jul 2026 to 15 Jul 2026", "",
        ),
        ("2026-03", "previous", "2026-03-30", "day", "Mar 2026 so far, to 30 Mar 2026",
         "Feb 2026 has only 28 days: 30 days have no counterpart in it."),
        ("2026", "previous", "2027-01-03", "week", "2026 compared with 2025", "53 weeks against 52 weeks: bear it in mind for totals."),
        ("2027-W01", "last_year", "2027-01-10", "week", "week 1 of 2027 compared with week 2 of 2026",
         "52 weeks earlier is week 2 of 2026, the same weekdays of the year before."),
        ("2026-W37", "last_year", "2026-09-13", "day", "week 37 of 2026 compared with week 37 of 2025", ""),
        ("2026-Q3", "previous", "2026-08-31", "month",
         "Q3 2026 so far, to 31 Aug 2026 compared with the first 2 months of Q2 2026, 1 Apr 2026 to 31 May 2026", ""),
    ],
)  # fmt: skip
def test_it_is_said_in_words(period: str, comparison: str, last: str, part: str, words: str, note: str) -> None:
    found = pair(period, comparison, last, part=part)
    assert (found.words, found.note) == (words, note)


class TestWhereTheDataBegins:
    def test_inside_the_period_shown(self) -> None:
        found = pair("2026-Q3", "previous", "2026-09-30", first=day("2026-08-01"))
        assert (found.shown, found.compared, found.whole) == (stretch("2026-08-01..2026-09-30"), None, False)
        assert found.note == "The data begins on 1 Aug 2026, inside Q3 2026."

    def test_inside_the_period_before(self) -> None:
        found = pair("2026-Q3", "previous", "2026-09-30", first=day("2026-04-02"))
        assert (found.compared, found.whole) == (None, True)
        assert found.note == "The data begins on 2 Apr 2026: there is no whole Q2 2026."

    @pytest.mark.parametrize(
        ("period", "first", "last", "part"),
        [
            ("2026-Q3", "2026-01-01", "2026-06-30", "day"),
            ("2026-Q3", "2026-10-01", "2026-12-31", "day"),
            ("2026-Q3", "2026-01-01", "2026-07-30", "month"),
            ("2026-Q3", "2026-08-10", "2026-08-20", "month"),
        ],
    )
    def test_nothing_to_show(self, period: str, first: str, last: str, part: str) -> None:
        found = pair(period, "previous", last, part=part, first=day(first))
        assert (found.shown, found.compared) == (None, None)
        assert found.note == f"There is no whole {part} of Q3 2026 in the data."


class TestOfOnesOwnChoice:
    @pytest.mark.parametrize(
        ("choice", "last", "words", "note"),
        [
            ("2026-Q1", "2026-09-30", "Q3 2026 compared with Q1 2026", "92 days against 90 days: bear it in mind for totals."),
            ("2026-03-01..2026-03-10", "2026-09-30", "Q3 2026 compared with 1 Mar 2026 to 10 Mar 2026",
             "92 days against 10 days: bear it in mind for totals."),
            ("2026-03-01..2026-03-31", "2026-07-02",
             "Q3 2026 so far, to 2 Jul 2026 compared with the first 2 days of 1 Mar 2026 to 31 Mar 2026, 1 Mar 2026 to 2 Mar 2026", ""),
            ("2026-03-01..2026-03-02", "2026-07-02", "Q3 2026 so far, to 2 Jul 2026 compared with 1 Mar 2026 to 2 Mar 2026", ""),
            ("2026-06-01..2026-07-01", "2026-09-30", "Q3 2026",
             "1 Jul 2026 to 30 Sep 2026 and 1 Jun 2026 to 1 Jul 2026 overlap."),
            ("2026-12-01..2026-12-31", "2026-09-30", "Q3 2026",
             "The data is from 1 Jan 2019 to 30 Sep 2026: 1 Dec 2026 to 31 Dec 2026 is not all in it."),
            ("2026-Q4", "2026-10-15", "Q3 2026", "The data ends on 15 Oct 2026: there is no whole Q4 2026."),
        ],
    )  # fmt: skip
    def test_in_words(self, choice: str, last: str, words: str, note: str) -> None:
        found = pair("2026-Q3", choice, last)
        assert (found.words, found.note) == (words, note)
        assert found.text == (f"{words}. {note}" if note else words)

    @pytest.mark.parametrize("name", ["previous", "last_year", "2026-Q1", "2025", "2026-03-01..2026-03-10"])
    def test_a_name_is_read_and_written(self, name: str) -> None:
        choice = parse_choice(name)
        assert (str(choice) if isinstance(choice, Comparison) else choice.id) == name

    def test_what_it_means_for_a_period(self) -> None:
        period = Period.parse("2026-Q3")
        meant = [held_against(period, parse_choice(name)) for name in ("last_year", "2026-Q1", "2026-03-01..2026-03-10")]
        assert [one.label for one in meant] == ["Q3 2025", "Q1 2026", "1 Mar 2026 to 10 Mar 2026"]

    @pytest.mark.parametrize("name", ["", "lastyear", "2026-Q7", "2026-03-01..", "..", "2026-03-01..2026-03-32"])
    def test_a_name_that_is_none(self, name: str) -> None:
        with pytest.raises(UsageError, match="Unknown comparison") as problem:
            parse_choice(name)
        assert "2026-01-01..2026-03-31" in problem.value.remedy

    def test_ends_before_it_starts(self) -> None:
        with pytest.raises(UsageError, match="ends before it starts") as problem:
            parse_choice("2026-08-31..2026-08-01")
        assert problem.value.remedy == "Swap the two dates."


def test_a_period_shorter_than_the_data_comes() -> None:
    with pytest.raises(UsageError, match="Data by month has no week"):
        pair("2026-W37", "previous", "2026-09-30", part="month")


@pytest.mark.parametrize(
    ("period", "weeks"), [("2020", 53), ("2021", 52), ("2026", 53), ("2027", 52), ("2026-Q1", 13), ("2026-Q4", 14), ("2026-07", 5)]
)
def test_weeks_of_a_period(period: str, weeks: int) -> None:
    assert sum(1 for _ in Period.parse(period).within(Grain.WEEK)) == weeks


@given(
    st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    st.sampled_from(Grain),
    st.integers(1, 12),
    st.sampled_from(Comparison),
    st.integers(-40, 400),
    st.sampled_from([Grain.DAY, Grain.WEEK, Grain.MONTH]),
)
def test_always_fair(start: date, grain: Grain, fiscal: int, comparison: Comparison, more: int, part: Grain) -> None:
    """What is compared is as long in parts, earlier, all in the data, and whole exactly when the period shown is."""
    if part.rank > grain.rank:
        return
    period = Period.of(grain, start, fiscal)
    data = Stretch(BEGIN, max(BEGIN, period.start + timedelta(days=more)))
    found = fair_pair(period, comparison, data, part)
    if found.compared is not None and found.shown is not None:
        earlier = list(comparison.of(period).within(part))
        assert found.compared.end < found.shown.start and found.compared.within(data) and found.shown.within(data)
        assert found.compared.start == earlier[0].start
        assert found.whole == (found.compared.end == earlier[-1].end)
    else:
        assert found.note
