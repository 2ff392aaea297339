"""The review as slides, read back: every number, native charts, notes, alternative texts, nothing outside its slide, nothing alive."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from pptx import Presentation
from pptx.util import Pt

from analytics.packs.pptx import pptx_pack
from analytics.packs.pptx_template import FONT, LAYOUTS, TEMPLATE, template_bytes
from analytics.packs.pptx_text import Style, clean, fitted, unbroken, width, wrapped
from analytics.periods import Period
from analytics.review.facts import ReviewRequest
from analytics.review.model import Cards, Driver, Grid, Lines, Movements, QuarterlyReview, Result, Section, Sentence, Table, Trends
from analytics.review.quarterly import quarterly_review
from analytics.settings import load_settings
from analytics.warehouse import Scope, Warehouse
from tests.packs.reviews import REVIEWS

BUILT_ON = datetime(2026, 10, 14, 9, 30)
SECONDS_PER_DAY = 86_400
GROUP = 6
EXTREMES = ("40 vendors", "long names", "empty quarter", "hostile")


@cache
def review(name: str) -> QuarterlyReview:
    """A synthetic review by name."""
    return REVIEWS[name]()


@cache
def pack(name: str) -> bytes:
    """Its slides as a file."""
    return pptx_pack(review(name), BUILT_ON)


@cache
def slides(name: str) -> Any:
    """Its slides read back."""
    return Presentation(BytesIO(pack(name)))


def short_quarter(attention: str = "Needs attention", sentence: str = "") -> list[Any]:
    """The slides of a review that has little to tell: two risks, nothing that needs attention, targets met with a sentence."""
    ordinary = review("ordinary")
    risks, targets = ordinary.section("risks"), ordinary.section("targets")
    assert risks is not None and targets is not None
    matrix, register = risks.blocks
    assert isinstance(register, Table)
    sections = (
        replace(risks, blocks=(matrix, replace(register, rows=register.rows[:2]))),
        Section("attention", attention, None, (Lines((), "Nothing needs attention."),)),
        replace(targets, sentence=Sentence("targets", sentence)),
    )
    return list(Presentation(BytesIO(pptx_pack(replace(ordinary, sections=sections), BUILT_ON))).slides)


@pytest.fixture(scope="module")
def sample(demo_warehouse: Path) -> list[Any]:
    """The slides of the sample data's quarter."""
    request = ReviewRequest(Period.parse("2026-Q3"), load_settings(demo_warehouse))
    found = quarterly_review(Warehouse(demo_warehouse).open(), Scope.everything(), request)
    return list(Presentation(BytesIO(pptx_pack(found, BUILT_ON))).slides)


def shapes_of(slide: Any) -> Iterator[Any]:
    """Every shape, those of groups as well."""
    for shape in slide.shapes:
        yield shape
        if shape.shape_type == GROUP:
            yield from shape.shapes


def texts_of(slide: Any) -> Iterator[str]:
    """Every text that is printed on a slide."""
    for shape in shapes_of(slide):
        if shape.has_text_frame:
            yield shape.text_frame.text
        elif getattr(shape, "has_table", False):
            yield from (cell.text_frame.text for row in shape.table.rows for cell in row.cells)


def text_of(slide: Any) -> str:
    """All of them."""
    return "\n".join(texts_of(slide))


def charts_of(slide: Any) -> Iterator[Any]:
    """Its native charts."""
    yield from (shape.chart for shape in slide.shapes if getattr(shape, "has_chart", False))


def every_chart(name: str) -> list[Any]:
    """All native charts of a pack."""
    return [chart for slide in slides(name).slides for chart in charts_of(slide)]


def block_of(name: str, kind: type) -> Any:
    """The first block of a kind."""
    return next(block for block in review(name).blocks if isinstance(block, kind))


def history_in_a_chart(result: Result) -> list[float | None]:
    """The months as a spreadsheet holds them."""
    scale = SECONDS_PER_DAY if result.unit == "seconds" else 1
    return [None if point.value is None else point.value / scale for point in result.history]


def same(drawn: Any, expected: list[float | None]) -> bool:
    """Whether a series holds these numbers."""
    return [None if value is None else round(value, 9) for value in drawn] == [
        None if value is None else round(value, 9) for value in expected
    ]


class TestNumbers:
    def test_first_slide_prints_every_card_and_the_whole_grid(self):
        printed = text_of(slides("ordinary").slides[0])
        for result in block_of("ordinary", Cards).results:
            texts = (result.value_text, result.variance_text, result.status_text, result.target_text)
            assert all(text in printed for text in texts), result.row
        assert all(result.value_text in printed for result in block_of("ordinary", Grid).results)

    @pytest.mark.parametrize("name", ["ordinary", "40 vendors"])
    def test_grid_is_printed_whole(self, name):
        printed = "\n".join(text_of(slide) for slide in slides(name).slides)
        shown = [result for result in block_of(name, Grid).results if result.vendor]
        assert all(result.vendor in printed and result.value_text in printed for result in shown)

    def test_trend_charts_hold_the_months_of_the_review(self):
        drawn = [list(chart.plots[0].series[0].values) for chart in every_chart("ordinary") if chart.category_axis.visible]
        for result in (*block_of("ordinary", Trends).results, *(moved.result for moved in block_of("ordinary", Movements).movements)):
            assert any(same(values, history_in_a_chart(result)) for values in drawn), result.row

    def test_bars_hold_the_drivers_and_name_their_effects(self):
        for moved in block_of("ordinary", Movements).movements:
            bars = [chart for chart in every_chart("ordinary") if "effect by" in chart.plots[0].series[0].name]
            assert any(same(chart.plots[0].series[0].values, [driver.effect for driver in moved.drivers]) for chart in bars)
        shown = "\n".join(text_of(slide) for slide in slides("ordinary").slides)
        assert all(driver.before_text in shown for moved in block_of("ordinary", Movements).movements for driver in moved.drivers)

    def test_ten_kpis_stand_on_the_first_slide(self, sample: Any):
        """The grid has the mandatory lines: none of them may be cut off, and what is only reported has a star."""
        (grid,) = [shape for shape in sample[0].shapes if getattr(shape, "has_table", False)]
        rows = [[cell.text_frame.text for cell in row.cells] for row in grid.table.rows]
        assert [row[0].split("\n")[0] for row in rows[-2:]] == ["Staffing delivered", "Security incidents"] and len(rows) == 11
        assert rows[1][-1].startswith("86.8 %*") and rows[1][1].startswith("85 % ")
        assert "* as the vendor reports it" in text_of(sample[0]) and "KPIs ·" not in text_of(sample[0])
        assert rows[9][0].endswith("95 to 105 %")

    def test_short_tables_share_a_slide_and_long_ones_fill_theirs_alike(self, sample: Any):
        titles = [slide.shapes.title.text_frame.text for slide in sample]
        assert sum(title.startswith("Mandatory lines") for title in titles) == 1
        (both,) = [slide for slide in sample if slide.shapes.title.text_frame.text.startswith("Mandatory lines")]
        assert "Targets met: two" in both.shapes.title.text_frame.text
        assert {"Heading: Mandatory lines", "Heading: Targets met"} <= {shape.name for shape in both.shapes}
        counts = [
            len(shape.table.rows) - 1
            for slide in sample
            if slide.shapes.title.text_frame.text.startswith("How each")
            for shape in slide.shapes
            if getattr(shape, "has_table", False)
        ]
        assert len(counts) > 1 and max(counts) - min(counts) <= 2

    def test_what_follows_shares_a_slide_under_its_own_name_and_sentence(self):
        sentence = "Attrition counts in the quarter alone."
        slide = short_quarter(sentence=sentence)[2]
        assert slide.shapes.title.text_frame.text == "Risk register. Needs attention. Targets met"
        headings = [shape.name for shape in slide.shapes if shape.name.startswith("Heading")]
        assert headings == ["Heading: Risk register", "Heading: Needs attention", "Heading: Targets met"]
        assert sentence in text_of(slide) and sentence in slide.notes_slide.notes_text_frame.text
        assert "Nothing needs attention." in text_of(slide)

    def test_no_more_share_a_slide_than_its_title_can_name(self):
        long = "Needs attention: " + "a point that is told at length, " * 8
        titles = [slide.shapes.title.text_frame.text for slide in short_quarter(long)]
        assert titles[2].startswith("Two risks are extreme") and titles[3].startswith(long[:60])

    def test_a_number_stays_on_its_line_with_sign_and_unit(self):
        assert unbroken("time -0:13 min to 4:09 min, 2026-Q3") == "time \u20110:13\u00a0min to 4:09\u00a0min, 2026-Q3"

    def test_a_part_printed_as_nothing_is_neither_good_nor_bad(self):
        assert [Driver("Pune", 0.00001, text, "", "").verdict(-1) < 0 for text in ("0 pp", "+0.01 pp")] == [False, True]

    def test_minus_signs_survive(self):
        cards = [shape for shape in slides("ordinary").slides[0].shapes if shape.name.startswith("Card: Average handle")]
        assert "-0:30 min (better)" in cards[0].text_frame.text


class TestNativeParts:
    def test_charts_are_charts_with_a_workbook(self):
        charts = every_chart("ordinary")
        assert len(charts) >= 6 + 3 + 2 * 4 + 8
        assert all(chart.part.chart_workbook.xlsx_part is not None for chart in charts)

    def test_titles_are_in_the_title_placeholder_and_numbers_in_theirs(self):
        read = slides("ordinary").slides
        for number, slide in enumerate(read, start=1):
            kinds = {int(shape.placeholder_format.type): shape for shape in slide.placeholders}
            assert slide.shapes.title.text_frame.text.strip()
            assert kinds[13].text_frame.text == f"1 of {len(read)}" or kinds[13].text_frame.text.endswith(f"of {len(read)}"), number
            assert kinds[15].text_frame.text == "Q3 2026 · executive · data until 30 Sep 2026"
        assert read[0].shapes.title.text_frame.text == review("ordinary").headline.text

    def test_every_shape_of_a_slide_has_its_own_number(self):
        for slide in slides("ordinary").slides:
            numbers = [shape.shape_id for shape in shapes_of(slide)]
            assert len(numbers) == len(set(numbers))

    def test_notes_tell_definitions_origins_coverage_and_sources(self):
        told = [slide.notes_slide.notes_text_frame.text for slide in slides("ordinary").slides]
        assert all("Coverage\n" in notes and "Sources\n" in notes for notes in told)
        assert "Attrition, annualised = attrition_good / attrition_all." in told[0]
        assert "northline_q3_2026.csv" in told[0]
        assert "[results, All vendors · attrition, status]" in told[0]
        wins = next(
            notes for slide, notes in zip(slides("ordinary").slides, told, strict=True) if "Wins" in slide.shapes.title.text_frame.text
        )
        assert "Service level = " in wins and "Attrition, annualised = " not in wins
        mandatory = next(notes for slide, notes in zip(slides("ordinary").slides, told, strict=True) if "mandatory" in text_of(slide))
        assert "Error rate = " in mandatory
        assert any("the rule had said: One decision is open." in notes for notes in told)

    def test_alternative_texts_on_charts_tables_and_the_matrix(self):
        drawn = [shape for slide in slides("ordinary").slides for shape in slide.shapes if shape.shape_type in (3, GROUP, 19)]
        assert len(drawn) > 20
        assert all(len(shape._element.xpath(".//p:cNvPr")[0].get("descr", "")) > 20 for shape in drawn)

    def test_words_of_a_person_say_whose_they_are(self):
        assert any("(words of Ana Reyes, 8 Oct 2026)" in text_of(slide) for slide in slides("ordinary").slides)

    def test_built_on_is_printed_once(self):
        assert "\n".join(text_of(slide) for slide in slides("ordinary").slides).count("14 Oct 2026 at 09:30") == 1


class TestLayout:
    @pytest.mark.parametrize("name", EXTREMES)
    def test_nothing_lies_beyond_its_slide_and_no_text_beyond_its_box(self, name):
        read = slides(name)
        for number, slide in enumerate(read.slides, start=1):
            for shape in shapes_of(slide):
                left, top, right, bottom = shape.left, shape.top, shape.left + shape.width, shape.top + shape.height
                assert min(left, top) >= 0 and right <= read.slide_width + 1 and bottom <= read.slide_height + 1, (number, shape.name)
                if shape.has_text_frame and shape.text_frame.text and shape.text_frame.word_wrap is not False:
                    assert height_of(shape.text_frame, shape.width) <= shape.height / Pt(1) + 1.5, (number, shape.name)

    def test_many_vendors_take_several_slides_worst_first(self):
        titles = [slide.shapes.title.text_frame.text for slide in slides("40 vendors").slides]
        assert "Where each vendor stands · 1 of 4" in titles
        first = next(slide for slide in slides("40 vendors").slides if "· 1 of 4" in slide.shapes.title.text_frame.text)
        names = [row.cells[0].text_frame.text for shape in first.shapes if getattr(shape, "has_table", False) for row in shape.table.rows]
        assert names[1] == "All" and names[2].startswith("Cobalt Bay")

    def test_empty_quarter_says_so(self):
        read = slides("empty quarter").slides
        assert read[0].shapes.title.text_frame.text == "No data for Q3 2026 yet; the newest is June 2026."
        assert not every_chart("empty quarter")
        (nothing,) = [slide for slide in read if "Nothing needs attention." in text_of(slide)]
        assert "No mandatory line has a number." in text_of(nothing)  # what is empty shares a slide


def height_of(frame: Any, room: int) -> float:
    """How high a text will be, in points."""
    high = 0.0
    for told in frame.paragraphs:
        if told.runs and told.runs[0].font.size is not None:
            style = Style(told.runs[0].font.size.pt, bool(told.runs[0].font.bold))
            indent = int(told._p.pPr.get("marL", 0)) if told._p.pPr is not None else 0
            lines = len(wrapped("".join(run.text for run in told.runs), style, (room - indent) / Pt(1)))
            high += lines * told.line_spacing.pt + (told.space_before.pt if told.space_before is not None else 0)
    return high


class TestHostileTexts:
    def test_nothing_leads_outside(self):
        with ZipFile(BytesIO(pack("hostile"))) as package:
            relations = [package.read(part).decode() for part in package.namelist() if part.endswith(".rels")]
            slide_texts = [package.read(part).decode() for part in package.namelist() if part.startswith("ppt/slides/slide")]
        assert not any("External" in text for text in relations)
        assert not any("hlinkClick" in text for text in slide_texts)

    def test_workbooks_hold_texts_never_formulas(self):
        for chart in every_chart("hostile"):
            with ZipFile(BytesIO(chart.part.chart_workbook.xlsx_part.blob)) as book:
                sheet = book.read("xl/worksheets/sheet1.xml").decode()
                assert not any("External" in book.read(part).decode() for part in book.namelist() if part.endswith(".rels"))
            assert "<f>" not in sheet and "hyperlink" not in sheet

    def test_texts_are_shown_as_they_are(self):
        printed = "\n".join(text_of(slide) for slide in slides("hostile").slides)
        assert "=cmd|' /C calc'!A0" in printed and "<script>alert(1)</script>" in printed and "�" in printed

    def test_what_may_not_stand_in_a_file_is_replaced_by_a_mark(self):
        assert clean("a\x00b\ud800c\u202ed\te\u2028f") == "a�b�c�d e f"


class TestFile:
    def test_equal_reviews_make_equal_bytes(self):
        short = replace(review("ordinary"), sections=review("ordinary").sections[1:2])
        assert pptx_pack(short, BUILT_ON) == pptx_pack(short, BUILT_ON)

    def test_template_is_what_its_description_says(self):
        with ZipFile(TEMPLATE) as kept, ZipFile(BytesIO(template_bytes())) as described:
            assert kept.namelist() == described.namelist()
            assert all(kept.read(part) == described.read(part) for part in kept.namelist())
            theme = kept.read("ppt/theme/theme1.xml").decode()
        assert theme.count(f'typeface="{FONT}"') == 4
        assert [layout.name for layout in Presentation(str(TEMPLATE)).slide_layouts] == list(LAYOUTS)


class TestFitting:
    def test_smaller_before_shorter(self):
        style = Style(20)
        whole = width("Average handle time", style)
        assert fitted("Average handle time", style, whole + 1).style.size == 20
        smaller = fitted("Average handle time", style, whole - 5, smallest=14)
        assert smaller.whole and 14 <= smaller.style.size < 20
        cut = fitted("Average handle time", style, whole / 2)
        assert cut.text.endswith("…") and not cut.whole and width(cut.text, cut.style) <= whole / 2

    def test_words_wider_than_a_line_are_broken(self):
        style = Style(10)
        lines = wrapped("W" * 60, style, 100)
        assert "".join(lines) == "W" * 60 and all(width(line, style) <= 100 for line in lines)
