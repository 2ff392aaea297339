"""Cells are read exactly or refused with a remedy; nothing is guessed."""

from decimal import Decimal

import pytest

from analytics.intake.cells import clean_text, count_of, number_reader, stored
from analytics.intake.problems import CellError
from analytics.intake.recipe import CellUnit, Recipe, Shape


def recipe(decimal: str = ".", thousands: str = "") -> Recipe:
    return Recipe("r", Shape.AGGREGATES, "acd", "", decimal=decimal, thousands=thousands)


def read(text: str, unit: str = "count", decimal: str = ".", thousands: str = "") -> Decimal:
    return number_reader(recipe(decimal, thousands), CellUnit(unit))(text)


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("12", "count", "12"),
        ("+12", "count", "12"),
        ("12.0", "count", "12"),
        ("0.1", "count", "0.1"),
        ("1.2E+03", "count", "1200"),
        ("\u22125", "count", "-5"),
        ("12.5", "seconds", "12.5"),
        ("1.5", "minutes", "90"),
        ("0.5", "hours", "1800"),
        ("00:10:53", "h:mm:ss", "653"),
        ("100:00:01", "h:mm:ss", "360001"),
        ("4:30", "mm:ss", "270"),
        ("125:30", "mm:ss", "7530"),
        ("87.5", "percent", "0.875"),
        ("87.5 %", "percent", "0.875"),
        ("0.875", "fraction", "0.875"),
        ("$ 12.50", "money", "12.50"),
    ],
)
def test_numbers_in_their_unit(text: str, unit: str, expected: str) -> None:
    assert read(text, unit) == Decimal(expected)


@pytest.mark.parametrize(
    ("text", "decimal", "thousands", "expected"),
    [
        ("1,234.5", ".", ",", "1234.5"),
        ("1.234,5", ",", ".", "1234.5"),
        ("1 234,5", ",", " ", "1234.5"),
        ("1'234.5", ".", "'", "1234.5"),
        ("1,234,567", ".", ",", "1234567"),
        ("1234", ".", ",", "1234"),
        ("0,5", ",", "", "0.5"),
    ],
)
def test_separators_are_those_of_the_recipe(text: str, decimal: str, thousands: str, expected: str) -> None:
    assert read(text, "count", decimal, thousands) == Decimal(expected)


@pytest.mark.parametrize(
    ("text", "unit", "remedy"),
    [
        ("1,234", "count", 'thousands = ","'),
        ("12,5", "count", 'decimal = ","'),
        ("1.234.567", "count", 'thousands = "."'),
        ("4:30", "count", "h:mm:ss"),
        ("4:30", "seconds", "h:mm:ss"),
        ("4:30", "h:mm:ss", "unit"),
        ("1:04:30", "mm:ss", "unit"),
        ("4:75", "mm:ss", "unit"),
        ("87 %", "fraction", 'unit = "percent"'),
        ("abc", "count", "missing"),
        ("NaN", "count", "missing"),
        ("(845)", "count", "missing"),
        ("１２", "count", "missing"),
        ("1,23,456", "count", "missing"),
    ],
)
def test_what_could_be_read_in_two_ways_is_refused_with_a_remedy(text: str, unit: str, remedy: str) -> None:
    with pytest.raises(CellError) as refused:
        read(text, unit)
    assert remedy in refused.value.remedy and text in refused.value.message


def test_thousands_must_stand_in_threes() -> None:
    with pytest.raises(CellError):
        read("1,23", "count", ".", ",")


@pytest.mark.parametrize(("number", "code"), [("1.234", "not_whole"), ("-3", "negative")])
def test_counts_are_whole_and_not_negative(number: str, code: str) -> None:
    with pytest.raises(CellError) as refused:
        count_of(Decimal(number), number)
    assert refused.value.code == code


def test_amounts_keep_six_decimals_and_have_a_limit() -> None:
    assert str(stored(Decimal("0.1") + Decimal("0.2"))) == "0.300000"
    with pytest.raises(CellError, match="too large"):
        stored(Decimal("99999999999999999999"))


def test_names_are_composed_and_free_of_invisible_characters() -> None:
    assert clean_text("  Te\u0301le\u0301perf ") == "Téléperf"
    assert clean_text("Acme\u200b\u00a0 BPO\u202e\x07") == "Acme BPO"
