"""Workbooks become text that recipes read: true row numbers, exact cells, a choice of sheets, refusals instead of guesses."""

import csv
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from analytics.errors import IntakeError
from analytics.intake import Recipe, Status, load_file, parse_recipe
from analytics.intake.cells import number_reader
from analytics.intake.originals import Original
from analytics.intake.recipe import DURATION_UNITS
from analytics.intake.workbook import SheetError, is_workbook, sheet_headers, write_csv
from analytics.intake.workbook_process import duration_text
from analytics.warehouse import Scope, Warehouse
from tests.intake.workbooks import claiming, locked_workbook, write_open_document, write_workbook, zip_of
from tests.recipes import CALLS_BY_DAY

PLAIN = parse_recipe(CALLS_BY_DAY, "plain")
HEADER = ("Date", "Vendor", "Calls")
ROW = ("2026-01-05", "Acme", 10)


def recipe(measures: str, date_format: str = "%Y-%m-%d", top: str = "") -> Recipe:
    """Aggregates by day and Acme with these measures; `top` are lines of the first table."""
    text = f"""shape = "aggregates"
source = "acd"
{top}
[dimensions]
period_start = {{column = "Date", grain = "day", format = "{date_format}"}}
vendor = {{constant = "Acme"}}
[measures]
{measures}
"""
    return parse_recipe(text, "made")


def lines(path: Path, by: Recipe = PLAIN, sheet: str = "") -> list[list[str]]:
    """The sheet as text, line by line."""
    target = path.with_suffix(".text")
    written = write_csv(path, by, sheet, target)
    text = target.read_text(encoding="utf-8")
    assert text.count("\n") == written.lines
    return list(csv.reader(text.splitlines()))


def cells(path: Path, values: list[object], by: Recipe, column: str = "Cell") -> list[str]:
    """Values written below the header `column` of a workbook, as they are read."""
    written = write_workbook(path, {"S": [("Date", column), *((date(2026, 1, 5), value) for value in values)]})
    return [line[1] for line in lines(written, by)[1:]]


def test_a_line_of_text_is_a_row_of_the_sheet(tmp_path: Path) -> None:
    """Two rows and a column are empty before the table, one row inside it, and a cell holds a line break."""
    path = write_workbook(tmp_path / "a.xlsx", {"S": [HEADER, ROW, (), ("2026-01-06", "Two\nlines", 11)]}, first_row=2, first_column=1)
    told = recipe('contacts_offered = {column = "Calls"}', top="header_row = 3")
    assert lines(path, told) == [[], [], ["", *HEADER], ["", "2026-01-05", "Acme", "10"], [], ["", "2026-01-06", "Two lines", "11"]]


def test_numbers_read_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    values: list[object] = [12.0, 0.1 + 0.2, 1e-7, 123456789012345, 1e20, -0.0, True, "=1+1"]
    read = cells(tmp_path / "a.xlsx", values, recipe('contacts_offered = {column = "Cell"}'))
    assert read == ["12", "0.3", "0.0000001", "123456789012345", "100000000000000000000", "0", "TRUE", "2"]
    comma = recipe('talk_seconds = {column = "Cell"}', top='decimal = ","\nthousands = "."')
    assert cells(tmp_path / "b.xlsx", [1234.5, "1.234,5"], comma) == ["1234,5", "1.234,5"]


def test_errors_are_texts_that_no_reader_takes_for_a_number(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", {"T": [("Note",), ("#REF!",)], "S": [HEADER, (*ROW[:2], "#DIV/0!"), (*ROW[:2], "#N/A")]})
    assert [line[2] for line in lines(path)[1:]] == ["#DIV/0!", "#N/A"]


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("seconds", ["3661", "95400", "181800"]),
        ("minutes", ["61.016667", "1590", "3030"]),
        ("hours", ["1.016944", "26.5", "50.5"]),
        ("h:mm:ss", ["1:01:01", "26:30:00", "50:30:00"]),
        ("mm:ss", ["61:01", "1590:00", "3030:00"]),
        ("h:mm", ["1:01:01", "26:30", "50:30"]),
        ("d.hh:mm:ss", ["0.01:01:01", "1.02:30:00", "2.02:30:00"]),
        ("1h 2m 3s", ["1h 1m 01s", "26h 30m 00s", "50h 30m 00s"]),
        ("PT1H2M3S", ["PT1H1M01S", "PT26H30M00S", "PT50H30M00S"]),
        ("milliseconds", ["3661000", "95400000", "181800000"]),
        ("days", ["0.042373", "1.104167", "2.104167"]),
    ],
)
def test_durations_are_written_in_the_unit_the_recipe_reads(tmp_path: Path, unit: str, expected: list[str]) -> None:
    """A spreadsheet keeps a duration as part of a day; with a clock format one of more than a day looks like a date of 1900."""
    values: list[object] = [time(1, 1, 1), timedelta(hours=26, minutes=30), datetime(1900, 1, 2, 2, 30)]
    assert cells(tmp_path / "a.xlsx", values, recipe(f'talk_seconds = {{column = "Cell", unit = "{unit}"}}')) == expected


def test_every_way_to_write_a_duration_is_known() -> None:
    for unit in DURATION_UNITS:
        length = duration_text(Decimal(95400), {"unit": unit.value})
        assert number_reader(PLAIN, unit)(length) == pytest.approx(Decimal(95400), abs=Decimal("0.1"))


@pytest.mark.parametrize(
    ("written", "expected"),
    [("%d/%m/%Y", "09/03/2026"), ("%b-%y", "Mar-26"), ("%B %Y", "March 2026"), ("%G-W%V", "2026-W11"), ("Q%q %Y", "Q1 2026")],
)
def test_dates_are_written_in_the_format_the_recipe_reads(tmp_path: Path, written: str, expected: str) -> None:
    path = write_workbook(tmp_path / "a.xlsx", {"S": [("Date", "Calls", "Other"), (datetime(2026, 3, 9), 10, date(2026, 3, 9))]})
    assert lines(path, recipe('contacts_offered = {column = "Calls"}', written))[1] == [expected, "10", "2026-03-09"]


def test_what_no_recipe_names_is_iso(tmp_path: Path) -> None:
    values: list[object] = [date(2026, 3, 9), datetime(2026, 3, 9, 10, 20, 30), time(10, 20, 30), timedelta(hours=30)]
    read = cells(tmp_path / "a.xlsx", values, recipe('contacts_offered = {column = "Date"}'), "Unused")
    assert read == ["2026-03-09", "2026-03-09 10:20:30", "10:20:30", "30:00:00"]


def test_the_only_sheet_with_data_is_read(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", {"Empty": [], "January": [HEADER, ROW]})
    assert lines(path)[1] == ["2026-01-05", "Acme", "10"]


def test_the_only_sheet_with_the_recipes_columns_is_read(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", {"Cover": [("Report of January",)], "January": [HEADER, ROW]})
    assert lines(path)[1] == ["2026-01-05", "Acme", "10"]


def test_which_of_several_sheets_is_asked_and_answered(tmp_path: Path) -> None:
    other = [HEADER, ("2026-02-05", "Acme", 20)]
    path = write_workbook(tmp_path / "a.xlsx", {"January": [HEADER, ROW], "Last month": other, "Notes": [("Text",)]})
    with pytest.raises(SheetError, match="2 sheets that could be meant: January, Last month") as asked:
        lines(path)
    assert asked.value.question.key == "sheet"
    assert [(choice.value, choice.means) for choice in asked.value.question.choices] == [
        ("January", "columns: Date, Vendor, Calls"),
        ("Last month", "columns: Date, Vendor, Calls"),
    ]
    assert lines(path, sheet="Last month")[1] == ["2026-02-05", "Acme", "20"]
    with pytest.raises(IntakeError, match="no sheet 'Januar'") as refused:
        lines(path, sheet="Januar")
    assert "January" in refused.value.remedy


def test_the_recipe_names_the_sheet(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", {"January": [HEADER, ROW], "February": [HEADER, ROW, ROW]})
    assert len(lines(path, parse_recipe(f'sheet = "February"\n{CALLS_BY_DAY}', "named"))) == 3


def test_an_open_document_is_read_too(tmp_path: Path) -> None:
    path = write_open_document(tmp_path / "a.ods", [HEADER, ("2026-01-05", "Acme", "10")])
    assert is_workbook(Original.of(path, path.name))
    assert lines(path) == [list(HEADER), ["2026-01-05", "Acme", "10"]]


def test_content_decides_not_the_name(tmp_path: Path) -> None:
    book = write_workbook(tmp_path / "a.xlsx", {"S": [HEADER, ROW]}).read_bytes()
    assert is_workbook(Original.of(book, "calls.csv"))
    assert sheet_headers(Original.of(book, "calls.csv")) == {"S": HEADER}
    assert not is_workbook(Original.of(b"Date,Vendor,Calls\n", "calls.xlsx"))
    assert not is_workbook(Original.of(zip_of(word="text"), "letter.docx"))
    assert not is_workbook(Original.of(b"", "calls.xlsx"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (locked_workbook(), "protected by a password"),
        (b"\xd0\xcf\x11\xe0 and nothing more", "cannot be read"),
        (b"PK\x03\x04 and nothing more", "cannot be read"),
        (claiming(zip_of(a="text"), 3 << 30), "unpacks to 3.0 GB; more than 2 GB is not read"),
        (zip_of(a="text"), "cannot be read"),
    ],
)
def test_workbooks_that_cannot_be_read_say_why(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(IntakeError, match=message) as refused:
        write_csv(path, PLAIN, "", tmp_path / "a.csv")
    assert refused.value.remedy


def test_two_cells_far_apart_do_not_take_the_memory_of_the_cells_between(tmp_path: Path) -> None:
    """A1 and XFD1048576: a grid of 17 thousand million cells in a file of six kilobytes."""
    rows = [HEADER, *[()] * 1_048_574, (*[None] * 16_383, 1)]
    path = write_workbook(tmp_path / "a.xlsx", {"S": rows})
    with pytest.raises(IntakeError, match="too much memory"):
        write_csv(path, PLAIN, "", tmp_path / "a.csv")


def test_every_sheet_of_a_workbook_is_a_file_of_its_own(tmp_path: Path) -> None:
    """January and February of one workbook are both kept; each of them again is unchanged."""
    february = [HEADER, ("2026-02-05", "Acme", 20)]
    path = write_workbook(tmp_path / "a.xlsx", {"January": [HEADER, ROW], "February": february})
    warehouse = Warehouse(tmp_path / "warehouse")
    loaded = [load_file(warehouse, path, PLAIN, {"sheet": sheet}) for sheet in ("January", "February", "January")]
    assert [(report.status, report.batch) for report in loaded] == [
        (Status.STORED, "b0001"),
        (Status.STORED, "b0002"),
        (Status.UNCHANGED, "b0001"),
    ]
    calls = warehouse.open().select(Scope.everything(), "SELECT contacts_offered FROM performance ORDER BY period_start")
    assert list(calls["contacts_offered"]) == [10, 20]


def test_contacts_of_a_workbook_are_refused_by_the_row_of_the_sheet(tmp_path: Path) -> None:
    """Row 3 is empty; row 5 has an error instead of a wait."""
    header = ("Start", "Wait", "Note")
    rows = [header, (datetime(2026, 3, 2, 9), time(0, 0, 12), "two\nlines"), (), (datetime(2026, 3, 2, 10), time(0, 1), "")]
    path = write_workbook(tmp_path / "a.xlsx", {"S": [*rows, (datetime(2026, 3, 2, 11), "#DIV/0!", "")]})
    contacts = parse_recipe(
        """shape = "interactions"
source = "acd"
threshold_seconds = 20
[dimensions]
period_start = {column = "Start", grain = "day", format = "%Y-%m-%d %H:%M:%S"}
vendor = {constant = "Acme"}
[measures]
contacts_offered = {count = true}
answered_within_threshold = {column = "Wait", unit = "h:mm:ss", at_most = 20}
queue_seconds = {column = "Wait", unit = "h:mm:ss"}
""",
        "contacts",
    )
    warehouse = Warehouse(tmp_path / "warehouse")
    report = load_file(warehouse, path, contacts)
    assert (report.status, report.rows_accepted, report.rows_rejected) == (Status.STORED, 2, 1)
    assert [(issue.line, issue.column) for issue in report.issues] == [(5, "Wait")]
    sums = warehouse.open().select(Scope.everything(), "SELECT contacts_offered, answered_within_threshold, queue_seconds FROM performance")
    assert [float(value) for value in sums.iloc[0]] == [2, 1, 72]
