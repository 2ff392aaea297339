"""Decoding and splitting: true line numbers, nothing lost, clear refusals. Edge cases after maxogden/csv-spectrum."""

import pytest

from analytics.errors import IntakeError
from analytics.intake import parse_recipe
from analytics.intake.sheet import EncodingError, decode, read_header, read_sheet, without
from tests.recipes import CALLS_BY_DAY as RECIPE

PLAIN = parse_recipe(RECIPE, "plain")
TEXT = "Date,Vendor,Calls\n2026-01-05,Málaga,10\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_marked_and_plain_unicode_is_recognised(encoding: str) -> None:
    assert decode(TEXT.encode(encoding)) == TEXT


def test_other_encodings_must_be_named_and_the_question_shows_the_line() -> None:
    content = TEXT.encode("cp1252")
    assert decode(content, "cp1252") == TEXT
    with pytest.raises(EncodingError, match="Line 2 is not UTF-8") as refused:
        decode(content)
    assert refused.value.question.key == "encoding"
    assert refused.value.question.choices[0].value == "cp1252" and "Málaga" in refused.value.question.choices[0].means


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04rest", "Excel workbook"),
        (b"\x1f\x8brest", "compressed"),
        ("Date,Vendor\n".encode("utf-16-le"), 'encoding = "utf-16-le"'),
        (b"", "The file is empty"),
        (b"\n\r\n", "The file is empty"),
        (b"Date,Vendor,Calls\n", "no rows"),
        (b'Date,Vendor,Calls\n2026-01-05,"Acme,1\n', "Line 2 cannot be read.*quote that is not closed"),
        (b"Date,Vendor,Callz\n1,2,3\n", r"no column 'Calls' \(recipe plain, line 7, measures.contacts_offered\). The nearest is 'Callz'"),
        (b"Date,Vendor,Calls,Calls\n1,2,3,4\n", "2 columns named 'Calls'"),
    ],
)
def test_files_that_cannot_be_read_say_why(content: bytes, message: str) -> None:
    with pytest.raises(IntakeError, match=message):
        read_sheet(decode(content), PLAIN)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_finds_the_recipes_columns(delimiter: str) -> None:
    text = TEXT.replace(",", delimiter)
    assert read_sheet(text, PLAIN).delimiter == delimiter
    assert read_header(text.encode()) == ("Date", "Vendor", "Calls")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_true_file_lines(end: str) -> None:
    text = end.join(["Date,Vendor,Calls", '2026-01-05,"Acme', 'of ""York""",10', "", ",,", "2026-01-06,Bolt", "2026-01-07,Core,3", ""])
    sheet = read_sheet(text, PLAIN)
    assert [(row.line, row.cells[1].split()[0]) for row in sheet.rows] == [(2, "Acme"), (7, "Core")]
    assert sheet.rows[0].raw == f'2026-01-05,"Acme{end}of ""York""",10'
    (torn,) = sheet.rejects
    assert (torn.line, torn.reason, torn.raw) == (6, "the row has 2 of 3 cells", "2026-01-06,Bolt")


def test_a_table_below_a_title_is_found_by_its_header_row() -> None:
    recipe = parse_recipe("header_row = 3\n" + RECIPE, "titled")
    sheet = read_sheet("Vendor report\n\n" + TEXT, recipe)
    assert [row.line for row in sheet.rows] == [4]


def test_headers_match_in_any_case_and_excels_separator_line_is_understood() -> None:
    sheet = read_sheet("sep=;\n DATE ;vendor;Calls\n2026-01-05;Acme;10\n", PLAIN)
    assert sheet.header == ("Date", "Vendor", "Calls") and sheet.rows[0].line == 3


def test_totals_rows_are_left_out_by_the_recipe() -> None:
    recipe = parse_recipe(RECIPE + '[rows]\nexclude = [{column = "Vendor", equals = ["Total", "All"]}]\n', "totals")
    text = "Date,Vendor,Calls\n2026-01-05,Acme,10\n2026-01-05,Total,10\n"
    assert [row.cells[1] for row in without(read_sheet(text, recipe), recipe).rows] == ["Acme"]


def test_a_row_with_too_few_cells_says_so_and_at_the_end_the_file_looks_cut_off() -> None:
    few, many, last = read_sheet("Date,Vendor,Calls\n2026-01-05,Acme\n2026-01-05,Acme,1,2\n2026-01-06,Acme,1\n2026-01-0", PLAIN).rejects
    assert (few.reason, few.remedy.split(":")[0]) == ("the row has 2 of 3 cells", "Cells are missing")
    assert (many.reason, many.remedy) == ("it has 4 cells, the header has 3", "Quote cells that contain the delimiter.")
    assert last.reason == "the row has 1 of 3 cells" and "looks cut off: export it again" in last.remedy


@pytest.mark.parametrize("written", ["Queue Wait", "queue wait time ", "QUEUEWAIT TIME"])
def test_a_column_that_is_not_there_names_the_nearest_and_the_others(written: str) -> None:
    recipe = parse_recipe(RECIPE.replace('"Calls"', f'"{written}"').replace(" }", "}"), "wrong")
    header = "Date,Vendor,RING TIME,QUEUE WAIT TIME 2,TALK TIME\n"
    with pytest.raises(IntakeError, match=r"no column .*nearest is 'QUEUE WAIT TIME 2'\. It has: Date, Vendor, RING TIME"):
        read_sheet(header + "2026-01-05,Acme,1,2,3\n", recipe)
