"""Files people take away: nothing in them runs when a spreadsheet opens them."""

import pandas as pd
import pytest

from analytics.exports import csv_bytes


def lines(frame: pd.DataFrame) -> list[str]:
    return csv_bytes(frame).decode("utf-8-sig").split("\r\n")


@pytest.mark.parametrize("value", ["=1+1", "+1+1", "-2+3", "@SUM(A1)", "=HYPERLINK(A1)", " =1+1", "-", "+49 30 1234"])
def test_a_formula_gets_an_apostrophe(value: str) -> None:
    assert lines(pd.DataFrame({"note": [value]}))[1] == f"'{value}"


@pytest.mark.parametrize("value", ["\tx", "\rx"])
def test_a_leading_tab_or_line_break_gets_an_apostrophe(value: str) -> None:
    assert csv_bytes(pd.DataFrame({"note": [value]})).partition(b"\r\n")[2].lstrip(b'"').startswith(b"'")


@pytest.mark.parametrize("value", ["-0.5", "+5", "-1e3", ".5", "80 %", ">= 80 %", "Cobalt Bay", "a=b", ""])
def test_numbers_and_plain_text_stay_as_they_are(value: str) -> None:
    assert lines(pd.DataFrame({"note": [value, "x"]}))[1] == (value or '""')


def test_a_column_name_can_be_a_formula_too() -> None:
    assert lines(pd.DataFrame({"=cmd": [1]}))[0] == "'=cmd"


def test_numbers_dates_and_gaps() -> None:
    frame = pd.DataFrame({"day": pd.to_datetime(["2026-09-30", None]), "value": [-0.5, None], "count": [3, 4], "met": [True, False]})
    assert lines(frame) == ["day,value,count,met", "2026-09-30,-0.5,3,True", ",,4,False", ""]


def test_an_empty_frame_is_its_header() -> None:
    assert lines(pd.DataFrame({"kpi": [], "value": []})) == ["kpi,value", ""]


def test_a_spreadsheet_recognises_the_encoding() -> None:
    assert csv_bytes(pd.DataFrame({"site": ["Krak\u00f3w"]})).startswith(b"\xef\xbb\xbf")
