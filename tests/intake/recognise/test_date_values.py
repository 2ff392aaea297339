"""Dates: one format for the whole column, settled by the data or asked; the period they stand for; zones."""

import pytest

from analytics.errors import IntakeError, UsageError
from tests.intake.recognise.files import by_day, open_keys, recipe_of, recognised


def period(text: str, **answers: str) -> dict:
    return recipe_of(text, **answers)["dimensions"]["period_start"]


@pytest.mark.parametrize(
    ("days", "written", "grain"),
    [
        (("2026-03-02", "2026-03-04"), "%Y-%m-%d", "day"),
        (("13/03/2026", "02/03/2026"), "%d/%m/%Y", "day"),
        (("03/13/2026", "03/02/2026"), "%m/%d/%Y", "day"),
        (("02.03.2026", "03.03.2026"), "%d.%m.%Y", "day"),
        (("3/14/2026 2:05 PM", "3/2/2026 11:05 AM"), "%m/%d/%Y %I:%M %p", "day"),
        (("14 March 2026", "2 May 2026"), "%d %B %Y", "day"),
        (("Mar 3, 2026", "Apr 4, 2026"), "%b %d, %Y", "day"),
        (("Mon, 02 Mar 2026 08:00:00", "Tue, 03 Mar 2026 09:30:00"), "%a, %d %b %Y %H:%M:%S", "day"),
        (("Monday, March 2, 2026", "Tuesday, March 3, 2026"), "%A, %B %d, %Y", "day"),
        (("Fri 13/03/2026", "Mon 02/03/2026"), "%a %d/%m/%Y", "day"),
        (("20260302", "20260304"), "%Y%m%d", "day"),
        (("202603", "202604"), "%Y%m", "month"),
        (("Apr-15", "May-15"), "%b-%y", "month"),
        (("March 2026", "May 2026"), "%B %Y", "month"),
        (("03/2026", "04/2026"), "%m/%Y", "month"),
        (("2026-W10", "2026-W11"), "%G-W%V", "week"),
        (("Q1 2026", "Q2 2026"), "Q%q %Y", "quarter"),
        (("2026-03-01", "2026-04-01"), "%Y-%m-%d", "month"),
        (("31/03/2026", "30/04/2026"), "%d/%m/%Y", "month"),
    ],
)
def test_what_the_column_settles_is_not_asked(days: tuple[str, ...], written: str, grain: str) -> None:
    assert open_keys(by_day(*days)) == []
    assert period(by_day(*days)) == {"column": "Date", "grain": grain, "format": written}


def test_day_and_month_are_asked_with_three_of_the_files_dates() -> None:
    (question,) = recognised(by_day("02/03/2026", "03/03/2026", "04/03/2026")).questions
    assert [(choice.value, choice.means) for choice in question.choices] == [
        ("dmy", "02/03/2026 is 2 March 2026, 03/03/2026 is 3 March 2026, 04/03/2026 is 4 March 2026"),
        ("mdy", "02/03/2026 is 3 February 2026, 03/03/2026 is 3 March 2026, 04/03/2026 is 3 April 2026"),
    ]
    assert period(by_day("02/03/2026", "03/03/2026"), date_order="mdy")["format"] == "%m/%d/%Y"


def test_another_column_written_alike_settles_the_order() -> None:
    text = "Date,Exported on,Vendor,Calls\n02/03/2026,28/03/2026,Acme,5\n03/03/2026,28/03/2026,Acme,6\n"
    assert open_keys(text) == [] and period(text)["format"] == "%d/%m/%Y"


def test_only_possible_orders_of_two_digit_years_are_offered() -> None:
    (question,) = recognised(by_day("26-03-02", "26-03-15")).questions
    assert [choice.value for choice in question.choices] == ["ymd", "dmy"]
    assert [choice.value for choice in recognised(by_day("31/12/26", "30/12/26")).questions[0].choices] == ["ymd", "dmy"]


def test_day_numbers_of_a_spreadsheet_are_read_as_answered() -> None:
    text = by_day("46083", "46084")
    assert open_keys(text) == ["date_system"]
    assert "46083 is 02 March 2026" in recognised(text).questions[0].choices[0].means
    assert period(text, date_system="1904")["format"] == "%N"


@pytest.mark.parametrize(
    ("days", "message"),
    [
        (("13/03/2026", "03/14/2026"), r"mixes two date forms: '13/03/2026' \(line 2\) and '03/14/2026' \(line 3\)"),
        (("2026-03-02", "02/03/2026"), "mixes two date forms"),
        (
            ("2026-03-02T10:00:00+01:00", "2026-03-30T10:00:00+02:00"),
            r"mixes the time zones \+01:00 and \+02:00, as summer and winter time do",
        ),
        (("2026-03-29T02:30:00 Europe/Berlin", "2026-03-30T02:30:00 Europe/Berlin"), "Line 2: the time .* does not exist"),
        (("soon", "later"), "No column holds the date of the rows"),
    ],
)
def test_two_forms_in_one_column_are_refused_with_their_lines(days: tuple[str, ...], message: str) -> None:
    with pytest.raises(IntakeError, match=message):
        recognised(by_day(*days))


def test_a_zone_is_asked_unless_every_time_is_midnight() -> None:
    late = by_day("2026-03-02T23:30:00-05:00", "2026-03-03T10:00:00-05:00")
    (question,) = recognised(late).questions
    assert question.key == "zone" and "2026-03-02T23:30:00-05:00 is 3 March 2026" in question.choices[1].means
    assert period(late, zone="Europe/Warsaw") == {
        "column": "Date", "grain": "day", "format": "%Y-%m-%dT%H:%M:%S-05:00", "from_zone": "Etc/GMT+5", "to_zone": "Europe/Warsaw",
    }  # fmt: skip
    with pytest.raises(UsageError, match="no time zone"):
        recognised(late, zone="Warsaw")
    assert open_keys(by_day("2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z")) == []


@pytest.mark.parametrize(
    ("header", "days", "keys", "grain"),
    [
        ("Period", ("2026-03-01",), ["grain"], "month"),
        ("Month", ("2026-03-01",), [], "month"),
        ("Date", ("2026-03-02", "2026-03-09", "2026-03-16"), ["grain"], "week"),
        ("Week starting", ("2026-03-02", "2026-03-09"), [], "week"),
        ("Week ending", ("2026-03-08", "2026-03-15"), ["week"], "week"),
        ("Quarter start", ("2026-01-01", "2026-04-01"), [], "quarter"),
    ],
)
def test_the_period_a_date_stands_for(header: str, days: tuple[str, ...], keys: list[str], grain: str) -> None:
    text = by_day(*days, header=header)
    assert open_keys(text) == keys and period(text)["grain"] == grain


def test_a_year_and_a_month_in_two_columns_are_read_together() -> None:
    text = "Year,Month,Vendor,Calls\n2026,March,Acme,5\n2026,April,Acme,6\n"
    assert period(text) == {"column": ["Month", "Year"], "grain": "month", "format": "%B %Y"}
    assert period(text.replace("March", "3").replace("April", "4"))["format"] == "%m %Y"


def test_a_column_named_like_a_date_is_shown_where_its_cells_are_none() -> None:
    with pytest.raises(IntakeError, match=r"Timestamp is named like one, .* no known dates: 'Montag 2\. M.rz', 'x'") as caught:
        recognised("Vendor,Timestamp,Calls\nAcme,Montag 2. M\u00e4rz,1\nAcme,x,2\n")
    assert "add the date" not in caught.value.remedy


def test_without_any_date_all_columns_are_named() -> None:
    others = [f"Note {number}" for number in range(20)]
    with pytest.raises(IntakeError, match=r"No column holds the date of the rows: Vendor, Calls, Note 0, .*Note 19"):
        recognised(f"Vendor,Calls,{','.join(others)}\nAcme,1{',x' * 20}\n")
