"""Numbers and units: separators, percent or fraction, notations of durations: settled by the whole column, refused mixed, else asked."""

import pytest

from analytics.errors import IntakeError, UsageError
from analytics.intake.recognise.headers import read_headers
from tests.intake.recognise.files import open_keys, recipe_of, recognised, with_column


def separators(text: str, **answers: str) -> tuple[str, str]:
    recipe = recipe_of(text, **answers)
    return recipe.get("decimal", "."), recipe.get("thousands", "")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("12.5", "845"), (".", "")),
        (("12,5", "845"), (",", "")),
        (("1,234.5", "845"), (".", ",")),
        (("1.234,5", "845"), (",", ".")),
        (("1'234.5", "845"), (".", "'")),
        (("1 234,5", "845"), (",", " ")),
        (("1.234.567", "1,5"), (",", ".")),
        (("0.125", "845"), (".", "")),
        (("1,234", "845.5"), (".", ",")),
    ],
)
def test_separators_that_the_cells_settle(cells: tuple[str, ...], expected: tuple[str, str]) -> None:
    text = with_column("Queue time (s)", *cells)
    assert open_keys(text) == [] and separators(text) == expected


def test_three_digits_behind_one_point_are_asked_and_the_answer_is_kept() -> None:
    text = with_column("Queue time (s)", "1.234", "2.345")
    (question,) = recognised(text).questions
    assert question.key == "separators" and "(line 2)" in question.text
    assert {choice.value: choice.means.split(", ")[0] for choice in question.choices} == {
        "thousands": "1.234 is 1234", "decimal": "1.234 is 1.234",
    }  # fmt: skip
    assert separators(text, separators="decimal") == (".", "") and separators(text, separators="thousands") == (",", ".")


def test_counts_with_quoted_commas_are_thousands() -> None:
    text = 'Date,Vendor,Calls\n2026-03-13,Acme,"1,200"\n2026-03-14,Acme,845\n'
    assert open_keys(text) == [] and separators(text) == (".", ",")


def test_two_styles_in_one_file_are_refused_with_their_lines() -> None:
    text = 'Date,Vendor,Calls,Queue time (s)\n2026-03-13,Acme,10,"1,5"\n2026-03-14,Acme,12,1.5\n'
    with pytest.raises(IntakeError, match=r"two styles: '1,5' \(line 2\) and '1.5' \(line 3\)"):
        recognised(text)


def unit(header: str, *cells: str, kpi: str, **answers: str) -> str:
    return recipe_of(with_column(header, *cells), **answers)["kpis"][kpi]["unit"]


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        ("Transfer rate", ("0.04", "0.05"), "fraction"),
        ("Transfer rate", ("4%", "5 %"), "percent"),
        ("Transfer rate %", ("4.1", "5.2"), "percent"),
        ("Transfer rate %", ("0.8", "0.9"), "percent"),
        ("Transferred %", ("4.1", "5.2"), "percent"),
    ],
)
def test_shares_that_name_and_values_settle(header: str, cells: tuple[str, ...], expected: str) -> None:
    assert open_keys(with_column(header, *cells)) == []
    assert unit(header, *cells, kpi="transfer_rate") == expected


@pytest.mark.parametrize(
    ("header", "cells", "kpi"),
    [
        ("Transfer rate", ("4.1", "5.2"), "transfer_rate"),
        ("Transfer rate", ("0.8", "3.2", "5.1"), "transfer_rate"),
        ("Transfer rate", ("0.5", "0.6"), "transfer_rate"),
        ("SL %", ("0.81", "0.9"), "service_level"),
        ("Service level", ("1", "0.9"), "service_level"),
    ],
)
def test_shares_that_nothing_settles_are_asked(header: str, cells: tuple[str, ...], kpi: str) -> None:
    assert open_keys(with_column(header, *cells)) == [f"unit.{kpi}"]
    for answer in ("percent", "fraction"):
        assert unit(header, *cells, kpi=kpi, **{f"unit__{kpi}": answer}) == answer


@pytest.mark.parametrize(("header", "cells"), [("Service level", ("0.9", "81", "0.8", "83")), ("Service level", ("81%", "0.9"))])
def test_fractions_among_percentages_are_refused(header: str, cells: tuple[str, ...]) -> None:
    with pytest.raises(IntakeError, match="mixes fractions and percentages"):
        recognised(with_column(header, *cells))


def test_a_one_among_many_fractions_is_all_of_them() -> None:
    found = recognised(with_column("Service level", "1", *(f"0.{number}" for number in range(50, 58) for _ in (0,)), "0.61"))
    assert [question.key for question in found.questions] == ["unit.service_level"]
    rows = "".join(f"2026-{month:02d}-{day:02d},Acme,100,0.{month:02d}{day:02d}\n" for month in (4, 5) for day in range(1, 29))
    many = recognised("Date,Vendor,Calls answered,Service level\n2026-03-13,Acme,100,1\n" + rows)
    assert not many.questions and any("read as 100 %" in note.text for note in many.notes)


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        ("AHT (sec)", ("312", "299"), "seconds"),
        ("AHT", ("312", "299"), "seconds"),
        ("AHT (min)", ("5.2", "4.9"), "minutes"),
        ("AHT", ("0:05:12", "0:04:59"), "h:mm:ss"),
        ("AHT (mm:ss)", ("05:12", "04:59"), "mm:ss"),
        ("AHT", ("5m 12s", "4m 59s"), "1h 2m 3s"),
        ("Average speed of answer (s)", ("4", "9"), "seconds"),
    ],
)
def test_durations_that_name_and_values_settle(header: str, cells: tuple[str, ...], expected: str) -> None:
    kpi = "average_speed_of_answer" if "answer" in header else "average_handle_time"
    assert open_keys(with_column(header, *cells)) == []
    assert unit(header, *cells, kpi=kpi) == expected


@pytest.mark.parametrize(
    ("header", "cells", "first"),
    [("AHT", ("05:12", "04:59"), "mm:ss"), ("AHT (sec)", ("5.2", "4.9"), "minutes"), ("AHT", ("5.2", "4.9"), "minutes")],
)
def test_durations_that_nothing_settles_are_asked(header: str, cells: tuple[str, ...], first: str) -> None:
    (question,) = recognised(with_column(header, *cells)).questions
    assert (question.key, question.choices[0].value) == ("unit.average_handle_time", first)


def test_two_notations_in_one_column_are_refused() -> None:
    with pytest.raises(IntakeError, match="mixes two notations"):
        recognised(with_column("AHT", "5:12", "0:05:12", "4:59"))


def test_an_answer_that_is_none_names_those_that_are() -> None:
    with pytest.raises(UsageError, match="Known: minutes, seconds"):
        recognised(with_column("AHT", "5.2", "4.9"), unit__average_handle_time="days")


def test_ratings_are_a_mean_and_shares_are_the_satisfied() -> None:
    assert recipe_of(with_column("CSAT", "4.2", "4.5"))["kpis"] == {"csat_mean": {"column": "CSAT"}}
    assert recipe_of(with_column("CSAT", "92%", "91%"))["kpis"] == {"csat": {"column": "CSAT", "unit": "percent"}}


def test_currency_is_taken_from_the_name_or_asked() -> None:
    assert recipe_of(with_column("Net amount (EUR)", "12.5", "13.5"))["currency"] == "EUR"
    assert open_keys(with_column("Cost", "12.5", "13.5")) == ["currency"]
    assert recipe_of(with_column("Cost", "£12.5", "£13.5"))["currency"] == "GBP"


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("Handle time in minutes", "minutes"), ("Full resolution time in minutes within business hours", "minutes"),
        ("Talk time (hours)", "hours"), ("talk_sec", "s"), ("Handle ms", "milliseconds"), ("First reply within business hours", None),
    ],
)  # fmt: skip
def test_a_name_says_its_unit(header: str, unit: str | None) -> None:
    found = read_headers([header])[0].unit
    assert (found and found.value) == ("seconds" if unit == "s" else unit)


def test_units_in_which_contacts_would_take_hours_come_last() -> None:
    (question,) = recognised(with_column("Average handle time", "372500", "363000")).questions
    assert [choice.value for choice in question.choices] == ["milliseconds", "seconds", "minutes", "hours"]
