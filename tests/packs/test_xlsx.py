"""The XLSX pack, read back: real numbers with the formats that print them, charts that are charts, texts that stay texts."""

import re
import zipfile
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import pytest
from python_calamine import CalamineWorkbook

from analytics.packs.xlsx import xlsx_pack
from analytics.packs.xlsx_book import clean, sheet_name
from analytics.packs.xlsx_numbers import difference_of, number_of
from analytics.review.model import Movements, QuarterlyReview, Result, Sentence, Table, Trends
from tests.packs.hostile import HOSTILE
from tests.packs.reviews import REVIEWS

BUILT = datetime(2026, 10, 8, 9, 30, tzinfo=UTC)
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@dataclass(frozen=True)
class Book:
    """A workbook read back."""

    content: bytes
    parts: dict[str, bytes]
    cells: dict[str, list[list[Any]]]

    def part(self, beginning: str) -> list[str]:
        return [content.decode() for name, content in self.parts.items() if name.startswith(beginning)]

    def table(self, sheet: str, head: int = 3) -> list[dict[str, Any]]:
        """The rows of a frame by their headings."""
        rows = self.cells[sheet]
        return [dict(zip(rows[head], row, strict=True)) for row in rows[head + 1 :]]


def read_back(content: bytes) -> Book:
    with zipfile.ZipFile(BytesIO(content)) as zipped:
        parts = {name: zipped.read(name) for name in zipped.namelist()}
    workbook = CalamineWorkbook.from_filelike(BytesIO(content))
    return Book(content, parts, {name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in workbook.sheet_names})


@cache
def review_named(name: str) -> QuarterlyReview:
    return REVIEWS[name]()


@cache
def pack(name: str) -> Book:
    """The pack of a synthetic review; made once."""
    return read_back(xlsx_pack(review_named(name), BUILT))


DAY = 86_400
NUMBERS = [
    (0.811, "81.1 %", "percent", 0.811, r"#,##0.0\ %"),
    (0.85, "85 %", "percent", 0.85, r"#,##0\ %"),
    (0.79964, "79.96 %", "percent", 0.79964, r"#,##0.00\ %"),
    (-0.0004, "0 %", "percent", -0.0004, r"#,##0\ %;#,##0\ %"),
    (270, "4:30 min", "seconds", 270 / DAY, '[m]:ss" min"'),
    (7_380, "2.1 h", "hours", 2.05, '#,##0.0" h"'),
    (6.5, "6.50 EUR", "money", 6.5, '#,##0.00" EUR"'),
    (1_200, "1,200", "count", 1_200, "#,##0"),
    (18.9, "18.9", "points", 18.9, "#,##0.0"),
    (-0.021, "-2.1 pp", "percent", -2.1, '+#,##0.0" pp";-#,##0.0" pp";#,##0.0" pp"'),
    (16, "16 extreme", "", 16, '#,##0" extreme"'),
    (3, "3", "", 3, "#,##0"),
]


@pytest.mark.parametrize(("value", "text", "unit", "held", "printed_by"), NUMBERS)
def test_a_number_is_kept_and_printed_as_the_review_does(value: float, text: str, unit: str, held: float, printed_by: str) -> None:
    found = number_of(value, text, unit, "EUR")
    assert found is not None and (round(found.value, 9), found.format) == (round(held, 9), printed_by)


def test_what_no_format_prints_stays_text() -> None:
    assert number_of(-30, "-0:30 min (better)", "seconds") is None
    assert number_of(0.8, "about 80 %", "percent") is None
    assert number_of(6.5, '6.50 "&A1', "money", '"&A1') is None


def test_durations_differ_by_seconds_and_say_which_way_is_better() -> None:
    found = difference_of(-30, "-0:30 min (better)", "seconds", -1)
    assert found is not None and (found.value, found.format) == (-30, '+#,##0" s (worse)";-#,##0" s (better)";#,##0" s"')


@pytest.mark.parametrize("name", ["ordinary", "hostile"])
def test_the_same_review_is_the_same_file(name: str) -> None:
    assert xlsx_pack(review_named(name), BUILT) == pack(name).content


@pytest.mark.parametrize("name", REVIEWS)
class TestEveryReview:
    def test_has_whole_parts_and_names_excel_takes(self, name: str) -> None:
        book = pack(name)
        for part, content in book.parts.items():
            assert part.endswith((".xml", ".rels")), part
            ElementTree.fromstring(content)
        assert all(len(sheet) <= 31 and not re.search(r"[\[\]:*?/\\]", sheet) for sheet in book.cells)
        assert [sheet for sheet in ("Review", "Results", "Chart data", "Definitions", "Sources") if sheet not in book.cells] == []

    def test_runs_nothing_and_loads_nothing(self, name: str) -> None:
        book = pack(name)
        sheets = [ElementTree.fromstring(part) for part in book.part("xl/worksheets/sheet")]
        assert not [cell for sheet in sheets for cell in sheet.iter(f"{MAIN}f")]
        assert not [part for part in book.part("") if "TargetMode" in part or "<hyperlink" in part]
        assert not [part for part in book.parts if "externalLink" in part or "connections" in part or "vba" in part]

    def test_has_every_result_with_its_numbers(self, name: str) -> None:
        rows = pack(name).table("Results") if review_named(name).results else []
        found = {(row["Vendor"], row["KPI id"]): row for row in rows}
        for result in review_named(name).results:
            row = found[clean(result.vendor) or "All vendors", result.kpi]
            assert row["Value as printed"] == clean(result.value_text)
            _holds(row["Numerator"], result.numerator)
            if name != "hostile" and result.unit == "percent":
                _holds(row["Value"], result.value, result.value_text)
                _holds(row["Target"], result.target)


def _holds(cell: object, value: float | None, text: str = "") -> None:
    if value is None:
        assert cell == text
    else:
        assert isinstance(cell, float | int) and cell == pytest.approx(value, abs=1e-12)


def test_every_chart_is_a_chart_with_words_for_who_does_not_see_it() -> None:
    book = pack("ordinary")
    shown = [result for block in review_named("ordinary").blocks if isinstance(block, Trends) for result in block.results]
    charts = book.part("xl/charts/chart")
    assert len(charts) == len(shown)
    described = re.findall(r'descr="([^"]+)"', " ".join(book.part("xl/drawings/drawing")))
    assert len(described) == len(shown) and all(words.startswith("Line chart of ") for words in described)
    first = shown[0]
    values = re.findall(r"<c:val>.*?</c:val>", charts[0])
    points = [float(value) for value in re.findall(r"<c:v>([^<]+)</c:v>", next(part for part in values if "$E$" in part))]
    assert points == pytest.approx([point.value for point in first.history])
    assert "prstDash" in charts[0] and "6A2C5B" in charts[0]


def test_cards_have_native_sparklines_of_their_months() -> None:
    sheet = pack("ordinary").part("xl/worksheets/sheet1.xml")[0]
    assert sheet.count("<x14:sparkline>") == 6
    first, last = map(int, re.findall(r"<xm:f>'Chart data'!E(\d+):E(\d+)</xm:f>", sheet)[-1])
    months = [row[3] for row in pack("ordinary").cells["Chart data"][first - 1 : last]]
    assert (len(months), months[0], months[-1]) == (13, date(2025, 9, 1), date(2026, 9, 1))


def test_sheets_stay_headed_filter_and_print() -> None:
    by_name = dict(zip(pack("ordinary").cells, pack("ordinary").part("xl/worksheets/sheet"), strict=True))
    for name in ("Results", "Chart data", "Definitions", "Sources"):
        assert 'state="frozen"' in by_name[name] and "<autoFilter" in by_name[name], name
    assert all('orientation="landscape"' in sheet and "page &amp;P of &amp;N" in sheet for sheet in by_name.values())


def test_any_section_comes_out_by_itself() -> None:
    review = review_named("ordinary")
    titles = {row[1] for rows in pack("ordinary").cells.values() for row in rows if len(row) > 1}
    assert {section.title for section in review.sections} <= titles
    texts = {str(cell) for rows in pack("ordinary").cells.values() for row in rows for cell in row}
    for block in review.blocks:
        if isinstance(block, Table) and block.name != "risks":
            assert {cell.text for row in block.rows for cell in row if cell.value is None} <= texts | {""}
        if isinstance(block, Movements):
            assert {movement.lead.text for movement in block.movements} <= texts


def test_hostile_texts_arrive_as_they_are_less_what_no_file_can_hold() -> None:
    texts = {str(cell) for rows in pack("hostile").cells.values() for row in rows for cell in row}
    assert [text for text in map(clean, HOSTILE) if text and text not in texts and not any(text in other for other in texts)] == []


def test_markup_of_the_library_itself_is_no_way_in() -> None:
    smuggled = "<r><t>x</t></r></si><si><t>y</t></r>"
    review = replace(review_named("empty quarter"), headline=Sentence("headline", smuggled))
    assert read_back(xlsx_pack(review, BUILT)).cells["Review"][1][1].strip() == smuggled


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("Targets met", "Targets met"), ("A/B: [x]*?\\", "A B x"), ("'quoted'", "quoted"), ("History", "History 2"), ("", "Sheet"),
        ("review", "review 2"), ("x" * 40, "x" * 31), ("\U0001f600" * 20, "\U0001f600" * 15),
    ],
)  # fmt: skip
def test_sheet_names(wanted: str, name: str) -> None:
    assert sheet_name(wanted, ["Review"]) == name


def test_of_a_result_without_a_number_the_cell_is_its_text() -> None:
    empty: list[Result] = [result for result in review_named("ordinary").results if not result.measured]
    row = next(row for row in pack("ordinary").table("Results") if row["Vendor"] == empty[0].vendor and row["KPI id"] == empty[0].kpi)
    assert (row["Value"], row["Numerator"]) == (empty[0].value_text, "")
