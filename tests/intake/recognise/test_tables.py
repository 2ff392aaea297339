"""How a text is written and where its table is: edge cases after maxogden/csv-spectrum, and rows that are none."""

import pytest

from analytics.errors import IntakeError
from analytics.intake import parse_recipe, preview
from analytics.intake.originals import Original
from analytics.intake.recipe import DateField, Shape
from analytics.intake.recognise.dialects import find_dialect
from analytics.intake.recognise.encodings import TextCode, find_encoding
from analytics.intake.recognise.findings import Findings
from analytics.intake.recognise.records import head_lines, read_records, text_lines
from tests.intake.recognise.files import open_keys, recipe_of, recognised

CALLS = "Date,Vendor,Calls\n2026-03-13,Acme,10\n2026-03-14,Acme,20\n"
SITES = (
    "Date,Vendor,Site,Calls offered,Calls answered\n"
    "2026-03-13,Acme,Leeds,100,90\n2026-03-13,Acme,York,50,45\n2026-03-13,Acme,{0},150,135\n"
    "2026-03-14,Acme,Leeds,110,95\n2026-03-14,Acme,York,60,50\n2026-03-14,Acme,{0},170,145\n"
)


def records_of(content: bytes) -> list[list[str]]:
    original, findings = Original.of(content, "x.csv"), Findings()
    code = find_encoding(original, findings)
    dialect = find_dialect(head_lines(original, code), code, findings)
    return [cells for _, cells in read_records(text_lines(original, code), dialect)]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('a,b,c\n1,"",""\n2,3,4\n', [["a", "b", "c"], ["1", "", ""], ["2", "3", "4"]]),
        ('a,b\r\n1,"ha ""ha"" ha"\r\n3,4\r\n', [["a", "b"], ["1", 'ha "ha" ha'], ["3", "4"]]),
        ('a,b,c\n1,2,3\n"Once upon \na time",5,6\n', [["a", "b", "c"], ["1", "2", "3"], ["Once upon \na time", "5", "6"]]),
        ('first,address\nJohn,"120 any st., NY"\n', [["first", "address"], ["John", "120 any st., NY"]]),
        ('key,val\n1,"{""type"": ""Point"", ""at"": [102.0, 0.5]}"\n', [["key", "val"], ["1", '{"type": "Point", "at": [102.0, 0.5]}']]),
        ("a,b\n1,ʤ\n", [["a", "b"], ["1", "ʤ"]]),
        ("a,b\r1,2\r", [["a", "b"], ["1", "2"]]),
        ("a,b\nx\ry,2\n", [["a", "b"], ["x y", "2"]]),
    ],
)
def test_records_are_read_exactly(content: str, expected: list[list[str]]) -> None:
    assert records_of(content.encode()) == expected


def test_lines_of_records_are_those_of_the_file() -> None:
    original = Original.of(b'a,b\n"x\ny",1\n\nz,2\n', "x.csv")
    code = TextCode("utf-8")
    dialect = find_dialect(head_lines(original, code), code, Findings())
    assert [line for line, cells in read_records(text_lines(original, code), dialect) if cells] == [1, 2, 5]


def test_two_delimiters_that_fit_alike_are_asked() -> None:
    findings = Findings()
    assert find_dialect(["Date;Calls,Vendor\n", "2026-03-13;10,Acme\n"], TextCode("utf-8"), findings).delimiter == ","
    (question,) = findings.open_questions
    assert question.key == "delimiter" and question.choices[1].means == "cells: 'Date', 'Calls,Vendor'"
    answered = Findings({"delimiter": "semicolon"})
    assert find_dialect(["Date;Calls,Vendor\n", "2026-03-13;10,Acme\n"], TextCode("utf-8"), answered).delimiter == ";"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("Calls\n10\n20\n", "one column only"),
        ("2026-03-13,Acme,10\n2026-03-14,Acme,20\n", "line 1 holds values"),
        ("Date,Vendor,Calls\n2026-03-13,Acme,10,\n2026-03-14,Acme,20,\n", "Line 1 names 3 columns, but the rows have 4 cells"),
        (CALLS + CALLS, "Line 4 repeats the column names"),
        (CALLS + "Month,Partner,Offered\n2026-05,Beta,7\n", "second table starts on line 4"),
        (CALLS + "\nWeek,Agents\n10,5\n", "second table starts on line 5"),
        (CALLS.replace("Calls\n", "Calls\n,,#\n"), "second header|Line 2"),
        (CALLS + "2026-03-14,Acme,20\n", "Lines 3 and 4 are about the same"),
        (CALLS + "2026-03-14,Acme,25\n", "Lines 3 and 4 are about the same"),
        ("Week,Agents\n10,5\n", "No column is known to measure|no dates that can be read"),
    ],
)
def test_what_is_no_table_of_rows_is_refused_with_its_line(content: str, message: str) -> None:
    with pytest.raises(IntakeError, match=message):
        recognised(content)


@pytest.mark.parametrize(
    ("name", "why"), [("All sites", "is the name of a total"), ("Total UK", "name of a total"), ("UK", "is the sum of the other rows")]
)
def test_totals_among_their_parts_are_asked_by_their_name_and_by_their_sums(name: str, why: str) -> None:
    text = SITES.format(name)
    (question,) = recognised(text).questions
    assert question.key == "totals.Site" and why in question.text and "(line 4)" in question.text
    assert recipe_of(text, totals__Site="exclude")["rows"] == {"exclude": [{"column": "Site", "equals": [name]}]}
    assert "rows" not in recipe_of(text, totals__Site="keep")


def test_a_site_that_is_no_sum_is_a_site() -> None:
    assert open_keys(SITES.format("Hull").replace("170,145", "150,140")) == []


def test_title_lines_are_asked_and_blank_ones_are_not() -> None:
    assert open_keys("Report of March\n\n" + CALLS) == ["header_row"]
    assert recipe_of("Report of March\n\n" + CALLS, header_row="3")["header_row"] == 3
    assert open_keys("\n\n" + CALLS) == [] and recipe_of("\n\n" + CALLS)["header_row"] == 3


def test_rows_that_another_column_tells_apart_are_asked() -> None:
    text = "Date,Vendor,Agent,Calls\n2026-03-13,Acme,Ann,10\n2026-03-13,Acme,Bob,12\n"
    assert open_keys(text) == ["duplicates"]
    assert recipe_of(text, duplicates="sum")["rows"] == {"duplicates": "sum"} and "rows" not in recipe_of(text, duplicates="refuse")


def test_intervals_of_a_day_are_parts_of_it() -> None:
    text = "Date,Interval,Vendor,Calls\n2026-03-13,08:00,Acme,10\n2026-03-13,08:30,Acme,12\n"
    assert open_keys(text) == [] and recipe_of(text)["rows"] == {"duplicates": "sum"}
    assert recipe_of("DateTime,Vendor,Calls\n2026-03-13 08:00,Acme,10\n2026-03-13 08:05,Acme,12\n")["rows"] == {"duplicates": "sum"}


def test_other_words_for_missing_are_named_in_the_recipe() -> None:
    recipe = recipe_of("Date,Vendor,Calls\n2026-03-13,Acme,10\n2026-03-14,Acme,?\n2026-03-15,Acme,--\n")
    assert recipe["missing"][-2:] == ["?", "--"]


def test_the_order_of_questions_and_notes_is_that_of_the_work() -> None:
    found = recognised("Report\n\nDate,Calls,Odd\n02/03/2026,10,x\n03/03/2026,20,y\n")
    assert [question.key for question in found.questions] == ["header_row", "date_order", "vendor"]
    assert found.notes[-1].text == "Not read, no known meaning: Odd."


@pytest.mark.parametrize(("months", "format"), [("Jan-26,Feb-26,Mar-26", "%b-%y"), ("2026-01-01,2026-02-01,2026-03-01", "%Y-%m-%d")])
def test_months_across_are_turned_by_the_proposed_recipe(months: str, format: str) -> None:
    text = f"Meridian summary,,,,,\n\nKPI,Unit,Target,{months}\nService Level,%,80,81,n/a,83\nAHT,sec,300,310,305,\n"
    found = recognised(text, vendor="Meridian")
    assert (found.shape, found.rows, found.layout.header_line) == (Shape.SCORECARD, 4, 3)
    assert found.recipe.months_across == "Actual"
    assert found.recipe.period_start == DateField("month", format, ("Month",))
    assert {name: report.means for name, report in found.columns.items()}.items() >= {"Month": "month", "Actual": "actual"}.items()
    assert not found.questions


@pytest.mark.parametrize(
    "text", ["KPI,Unit,January,February\nAHT,sec,310,305\n", "Site,Jan-26,Feb-26\nLeeds,310,305\n"], ids=["no year", "no KPI"]
)
def test_months_across_without_year_or_kpi_are_said_with_the_line_of_the_names_and_how_to_turn_the_table(text: str) -> None:
    with pytest.raises(IntakeError, match="column names are on line 1, but its months lie across: Jan") as caught:
        recognised(text)
    assert "Month and Actual" in caught.value.remedy
    turned = "KPI,Unit,Target,Month,Actual\nService Level,%,0.8,Jan-26,0.81\nAHT,sec,300,Feb-26,305\n"
    assert recipe_of(turned, vendor="Meridian")["shape"] == "scorecard"


SCORECARD = """Meridian Scorecard,,,
Month,Site,Calls Offered,Calls Answered
,,#,#
2026-01-01,Leeds,100,90
2026-02-01,Leeds,110,95
Total,,210,185
"""


def test_units_say_the_lines_of_a_recipe_that_reads_the_file_untouched_and_totals_are_asked() -> None:
    with pytest.raises(IntakeError) as units:
        recognised(SCORECARD)
    assert 'header_row = 2 at its top and exclude = [{column = "Month", present = false}] under [rows]' in units.value.remedy
    asked = SCORECARD.replace(",,#,#\n", "").replace("Meridian Scorecard,,,\n", "")
    assert recipe_of(asked, totals_row="leave_out")["rows"] == {"exclude": [{"column": "Month", "equals": ["Total"]}]}
    recipe = """shape = "aggregates"
source = "acd"
header_row = 2
[rows]
exclude = [{column = "Month", present = false}, {column = "Month", equals = ["Total"]}]
[dimensions]
period_start = {column = "Month", grain = "month"}
vendor = {constant = "Meridian"}
site = {column = "Site"}
[measures]
contacts_offered = {column = "Calls Offered"}
"""
    read = preview(SCORECARD.encode(), "scorecard.csv", parse_recipe(recipe, "meridian"))
    assert (read.rows_accepted, read.rows_rejected) == (2, 0)
