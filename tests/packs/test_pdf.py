"""The PDF pack, read back: the same numbers, bookmarks, tags, nothing outside its page, and texts that stay texts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache

import pypdfium2
import pytest
from pypdfium2 import raw

from analytics.errors import DashboardError
from analytics.packs.pdf import pdf_pack
from analytics.packs.print_text import BREAK, printable, shortened
from analytics.review.model import QuarterlyReview, Trends
from tests.packs.hostile import HOSTILE
from tests.packs.reviews import REVIEWS, numbers_printed, ordinary_review

BUILT = datetime(2026, 10, 8, 9, 30, tzinfo=UTC)
TOLERANCE = 1.0


@dataclass(frozen=True)
class Pdf:
    """A PDF read back."""

    content: bytes
    document: pypdfium2.PdfDocument
    texts: tuple[str, ...]
    text: str

    def character_boxes(self) -> Iterator[tuple[int, float, float, float, float]]:
        """(page, left, bottom, right, top) of every visible character, in points from the lower left corner."""
        for number, page in enumerate(self.document):
            shown = page.get_textpage()
            for at in range(shown.count_chars()):
                left, bottom, right, top = shown.get_charbox(at)
                if right > left and top > bottom:
                    yield number, left, bottom, right, top


def read_back(content: bytes) -> Pdf:
    document = pypdfium2.PdfDocument(content)
    texts = tuple(page.get_textpage().get_text_range().replace(BREAK, "") for page in document)
    return Pdf(content, document, texts, " ".join(" ".join(texts).split()))


@cache
def review_named(name: str) -> QuarterlyReview:
    return REVIEWS[name]()


@cache
def pack(name: str) -> Pdf:
    """The pack of a synthetic review; made once."""
    return read_back(pdf_pack(review_named(name), BUILT))


@pytest.mark.parametrize("name", [name for name in REVIEWS if name != "hostile"])
def test_every_printed_number_stands_in_the_file(name):
    missing = {text for text in numbers_printed(review_named(name)) if text not in pack(name).text}
    assert not missing


def test_the_first_page_has_headline_cards_grid_and_movements():
    first = " ".join(pack("ordinary").texts[0].split())
    review = review_named("ordinary")
    assert review.headline.text in first
    assert all(
        words in first for words in ("81.1 %", "met +1.1 pp", "target >= 80 %", "Where each vendor stands", "What moved most, and where")
    )
    assert "<= 5:00 min 4:30 4:12 5:01 4:41 4:26 4:18" in first
    assert first.count("built 8 Oct 2026, 09:30") == pack("ordinary").text.count("built 8 Oct 2026, 09:30") == 1


def test_every_section_has_a_bookmark_and_every_page_its_number():
    review, made = review_named("ordinary"), pack("ordinary")
    titles = [entry.get_title() for entry in made.document.get_toc()]
    assert titles[0] == "Quarterly review · Q3 2026"
    assert [section.title for section in review.sections[1:]] == titles[1 : len(review.sections)]
    assert titles[-2:] == ["How each KPI is computed", "Files behind the numbers"]
    pages = len(made.texts)
    assert [made.document.get_page_label(page) for page in range(pages)] == [str(page + 1) for page in range(pages)]
    assert all(f"page {page + 1} of {pages}" in made.texts[page] for page in range(pages))
    assert all("Q3 2026 · executive pack · data until 30 Sep 2026" in text for text in made.texts)


def test_the_file_is_tagged_and_says_what_its_drawings_show():
    made = pack("ordinary")
    assert made.document.is_tagged()
    assert b"pdfuaid" in made.content
    assert made.document.get_metadata_dict()["Title"] == "Quarterly review Q3 2026 · 5 of 5 vendors"
    for words in (
        b"/Alt(Risk matrix",
        b"/Alt(Control chart of Abandonment rate Cobalt Bay",
        b"/Alt(status: missed)",
        b"/S/TH",
        b"/Lang(en",
    ):
        assert words in made.content
    assert b"/Figure/P" in made.content
    assert all(b"/Alt" in figure for figure in re.findall(rb"/S/Figure[^\n]*", made.content))


def test_equal_arguments_give_equal_bytes():
    review = ordinary_review()
    assert pdf_pack(review, BUILT) == pack("ordinary").content
    later = pdf_pack(review, BUILT.replace(hour=10))
    assert later != pack("ordinary").content


@pytest.mark.parametrize("name", REVIEWS)
def test_no_text_leaves_its_page(name):
    made = pack(name)
    width, height = made.document[0].get_size()
    outside = [
        box
        for box in made.character_boxes()
        if box[1] < -TOLERANCE or box[2] < -TOLERANCE or box[3] > width + TOLERANCE or box[4] > height + TOLERANCE
    ]
    assert not outside


@pytest.mark.parametrize(
    ("name", "most_pages"), [("ordinary", 9), ("one vendor", 8), ("empty quarter", 3), ("without targets", 9), ("long names", 10)]
)
def test_every_review_has_as_many_pages_as_it_needs(name, most_pages):
    assert len(pack(name).texts) <= most_pages
    assert all(len(text) > 100 for text in pack(name).texts)


def test_forty_vendors_show_the_worst_in_front_and_all_of_them_after():
    made = pack("40 vendors")
    assert "The 8 of 40 vendors with most missed targets; all of them follow." in made.texts[0]
    assert "Cobalt Bay 8" in made.texts[0]
    assert "Tallgrass 8" not in made.texts[0]
    assert all(vendor in made.texts[1] + made.texts[2] for vendor in review_named("40 vendors").vendors)


def test_an_empty_quarter_says_so():
    made = pack("empty quarter")
    assert "No data for Q3 2026 yet; the newest is June 2026." in made.text
    assert all(
        words in made.text
        for words in ("The register has no risk.", "Nothing moved", "Nothing needs attention.", "No KPI has a month to draw.")
    )
    assert "nan" not in made.text.lower().split()
    assert "None" not in made.text


def test_long_names_are_shortened_in_columns_and_printed_in_full_once():
    made = pack("long names")
    assert "Names in full" in made.text
    assert "Northline International Business Process Outsourcing Services and Sons" in made.text


class TestHostileTexts:
    """Texts of a review reach the template as data: they are printed, and nothing more."""

    def test_nothing_in_the_file_acts_or_points_outside(self):
        made = pack("hostile")
        assert not re.search(rb"/S\s*/(URI|JavaScript|Launch|GoToR|GoToE|ImportData|SubmitForm|Named)\b", made.content)
        assert not re.search(rb"/(EmbeddedFiles?|OpenAction|AA|JS)[\s/<\[(]", re.sub(rb"\([^)]*\)", b"", made.content))
        assert raw.FPDFDoc_GetJavaScriptActionCount(made.document) == 0
        assert raw.FPDFDoc_GetAttachmentCount(made.document) == 0
        assert not any(raw.FPDFPage_GetAnnotCount(page) for page in made.document)

    def test_markup_is_printed_as_it_was_written(self):
        shown = re.sub(r"\s", "", pack("hostile").text)
        for words in (
            '#read("/etc/passwd")#include"/etc/passwd"$x^2$*b*`raw`@ref<label>//comment',
            "<script>alert(1)</script>",
            "=cmd|'/Ccalc'!A0",
        ):
            assert words in shown
        assert "root:" not in shown

    def test_the_file_is_tagged_although_no_font_has_all_signs(self):
        assert pack("hostile").document.is_tagged()

    @pytest.mark.parametrize("text", HOSTILE)
    def test_a_printable_text_has_no_control_character_and_stays_so(self, text):
        made = printable(text)
        assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\ud800-\udfff\ufffe\uffff]", made)
        assert printable(made) == made
        assert max((len(word) for word in re.split(f"[ {BREAK}]", made)), default=0) <= 24


def test_a_template_that_cannot_be_set_is_an_error_with_a_remedy(tmp_path, monkeypatch):
    (tmp_path / "review.typ").write_text("#panic(sys.inputs.review.len())")
    monkeypatch.setattr("analytics.packs.pdf.TEMPLATES", tmp_path)
    with pytest.raises(DashboardError, match="could not be set") as raised:
        pdf_pack(review_named("ordinary"), BUILT)
    assert raised.value.remedy


def test_signs_made_of_several_characters_are_not_torn_apart():
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    assert printable(family * 9).split(BREAK) == [family] * 9
    assert printable("e\u0301" * 20).split(BREAK) == ["e\u0301"] * 20


def test_a_shortened_text_ends_with_dots():
    assert shortened("Cobalt Bay", 64) == "Cobalt Bay"
    assert shortened("Cobalt Bay Services", 11) == "Cobalt Bay…"


def test_a_chart_draws_gaps_single_points_and_months_that_are_not_complete():
    review = ordinary_review()
    section = next(one for one in review.sections if one.id == "trends")
    found = next(block for block in section.blocks if isinstance(block, Trends)).results[0]
    gap = tuple(replace(point, value=None, text="-") if at in (3, 4, 6) else point for at, point in enumerate(found.history))
    open_month = (*found.history[:-1], replace(found.history[-1], complete=False))
    cases = (gap, found.history[:1], (), open_month, tuple(replace(point, value=None) for point in found.history))
    results = tuple(replace(found, vendor=f"Case {at}", history=history) for at, history in enumerate(cases))
    made = read_back(pdf_pack(replace(review, sections=(replace(section, blocks=(Trends(results),)),)), BUILT))
    assert all(f"Case {at}" in made.text for at in range(len(cases)))
    assert made.text.count("No month measured.") == 2
    assert "not complete" in made.text
