"""The slides of a presentation as they are filled: title, eyebrow and sentence in their placeholders, footers, numbers and notes."""

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from pptx.presentation import Presentation as Slides
from pptx.util import Pt

from analytics.packs.pptx_shapes import Paragraph, Run, paragraph, write_paragraphs
from analytics.packs.pptx_template import (
    BODY,
    BODY_TOP,
    CONTENT,
    EYEBROW,
    FOOTER,
    LEFT,
    LIGHT,
    NUMBER,
    RIGHT,
    SENTENCE,
)
from analytics.packs.pptx_text import ELLIPSIS, Fitted, Style, clean, fitted, width
from analytics.periods import day_text
from analytics.review.model import Definition, Delivery, QuarterlyReview, Result, Sentence

TITLE_STYLE = Style(24, bold=True)
SMALLEST_TITLE = 18
SMALLEST_SENTENCE = 11
TITLE_TOP = 40
HIGHEST_BODY = 92
BODY_GAP = 11
TITLE_LINES = 2
EYEBROW_STYLE = Style(11, colour=LIGHT.muted)
SENTENCE_STYLE = Style(13, colour=LIGHT.muted)
WIDE = RIGHT - LEFT
MOST_FILES = 12


@dataclass(frozen=True)
class Page:
    """One slide and all its notes will tell: the results and sentences on it, the texts it had to cut, the names in its tables."""

    slide: Any
    top: float = BODY_TOP
    results: list[Result] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)

    @property
    def shapes(self) -> Any:
        """What is drawn on."""
        return self.slide.shapes

    def fit(self, text: str, style: Style, most: float, lines: int = 1, smallest: float = 0) -> Fitted:
        """The text made to fit; what had to be cut is kept whole for the notes."""
        found = fitted(text, style, most, lines, smallest)
        if not found.whole:
            self.cut.append(clean(text))
        return found

    def show(self, *results: Result) -> None:
        """Results on this slide, whose definitions its notes tell."""
        self.results.extend(results)


def said(sentence: Sentence | None) -> str:
    """A sentence as it is shown; the words of a person say whose they are."""
    if sentence is None:
        return ""
    return f"{sentence.text} ({sentence.signature})" if sentence.author else sentence.text


def day(found: date | None) -> str:
    """'30 Sep 2026', '' of none."""
    return day_text(found) if found else ""


class Deck:
    """The presentation of one review."""

    def __init__(self, slides: Slides, review: QuarterlyReview) -> None:
        self.slides, self.review = slides, review
        self.pages: list[Page] = []
        self._layouts = {layout.name: layout for layout in slides.slide_layouts}

    def page(self, title: str, about: str = "", sentence: str = "", *, part: str = "") -> Page:
        """A further slide: its statement, what it is about, what proves it; `part` ('1 of 3') stands behind the title."""
        slide = self.slides.slides.add_slide(self._layouts[CONTENT])
        cut: list[str] = []
        lines = _write_title(slide, title, part, cut)
        top = _write_sentence(slide, sentence, TITLE_TOP + lines * TITLE_STYLE.line + 2, cut)
        page = Page(slide, top, cut=cut)
        self.pages.append(page)
        _write_placeholder(slide, EYEBROW, self._eyebrow(page, about if about != title else ""))
        _write_placeholder(slide, BODY, None)
        return page

    def _eyebrow(self, page: Page, about: str) -> Paragraph:
        """'Quarterly review · Q3 2026 · Risks', the quarter bold; the first slide tells months, scope and comparison instead."""
        review = self.review
        known = about or " · ".join(part for part in (review.months, review.scope, review.compared, review.coverage) if part)
        label = page.fit(review.label, Style(11, bold=True), 180)
        start = (Run("Quarterly review · ", EYEBROW_STYLE), Run(label.text, label.style))
        found = page.fit(f" · {known}", EYEBROW_STYLE, WIDE - 110 - width(label.text, label.style))
        return Paragraph((*start, Run(f" {found.text.strip()}", EYEBROW_STYLE)))

    def finish(self) -> None:
        """Footers, page numbers and notes, when it is known how many pages there are."""
        review = self.review
        until = f"data until {day(review.data_until)}" if review.data_until else "no data"
        footer = " · ".join((review.label, review.audience.value, until))
        for page in self.pages:
            _add_footers(page.slide, footer, len(self.pages))
            page.slide.notes_slide.notes_text_frame.text = notes_of(page, review)


def _write_title(slide: Any, title: str, part: str, cut: list[str]) -> int:
    """The title with its part behind it; how many lines it takes."""
    tail = f" · {part}" if part else ""
    found = fitted(f"{title}{tail}", TITLE_STYLE, WIDE, TITLE_LINES, SMALLEST_TITLE)
    if not found.whole:
        cut.append(clean(title))
        found = replace(found, text=f"{found.text[: len(found.text) - len(tail) - 1].rstrip()}{ELLIPSIS}{tail}")
    write_paragraphs(slide.shapes.title.text_frame, [Paragraph((Run(found.text or "-", found.style),))])
    return found.lines


def _write_sentence(slide: Any, sentence: str, top: float, cut: list[str]) -> float:
    """The sentence right below the title, in as many lines as there is room for; where the body begins."""
    if not sentence.strip():
        _write_placeholder(slide, SENTENCE, None)
        return max(top + BODY_GAP, HIGHEST_BODY)
    lines = max(int((BODY_TOP - BODY_GAP - top) // SENTENCE_STYLE.line), 1)
    found = fitted(sentence, SENTENCE_STYLE, WIDE, lines, SMALLEST_SENTENCE)
    if not found.whole:
        cut.append(clean(sentence))
    _write_placeholder(slide, SENTENCE, paragraph(found))
    for shape in slide.placeholders:
        if shape.placeholder_format.idx == SENTENCE:
            shape.left, shape.top, shape.width, shape.height = Pt(LEFT), Pt(top), Pt(WIDE), Pt(found.height + 2)
    return max(top + found.height + BODY_GAP, HIGHEST_BODY)


def _write_placeholder(slide: Any, index: int, words: Paragraph | None) -> None:
    """The words of a placeholder; one without any is taken off the slide."""
    for shape in list(slide.placeholders):
        if shape.placeholder_format.idx == index:
            if words is None:
                shape._element.getparent().remove(shape._element)
            else:
                write_paragraphs(shape.text_frame, [words])


def _add_footers(slide: Any, footer: str, pages: int) -> None:
    """The footer and the slide number as placeholders of the layout, so that the master places them."""
    for shape in slide.slide_layout.placeholders:
        if shape.placeholder_format.idx in (FOOTER, NUMBER):
            copied = deepcopy(shape._element)
            copied.nvSpPr.cNvPr.set("id", str(1 + max(int(known) for known in slide.shapes._spTree.xpath("//p:cNvPr/@id"))))
            copied.spPr.clear()
            slide.shapes._spTree.append(copied)
    for shape in slide.placeholders:
        if shape.placeholder_format.idx == FOOTER:
            shape.text_frame.text = fitted(footer, Style(9), 760).text
        elif shape.placeholder_format.idx == NUMBER:
            shape.text_frame.paragraphs[0].add_run().text = f" of {pages}"


def notes_of(page: Page, review: QuarterlyReview) -> str:
    """What a presenter may be asked: the definitions, where the sentences came from, coverage and the files."""
    parts = [
        ("In full", dict.fromkeys(page.cut)),
        ("Definitions", _definitions(page, review.definitions)),
        ("Where the sentences come from", [_origin(sentence) for sentence in page.sentences]),
        ("Comparison", dict.fromkeys(clean(result.compared_text) for result in page.results if result.compared_text)),
        ("Coverage", _coverage(page.results, review)),
        ("Sources", _sources(review.deliveries)),
    ]
    return "\n\n".join("\n".join((heading, *lines)) for heading, lines in parts if lines)


def _definitions(page: Page, definitions: Iterable[Definition]) -> list[str]:
    """Of the KPIs of the results, of the rows the sentences came from, and of those a table names."""
    kpis = {result.kpi for result in page.results}
    kpis |= {origin.row.rpartition(" · ")[2] for sentence in page.sentences for origin in sentence.origins}
    named = "\n".join(page.named).casefold()
    return [
        clean(" ".join(part for part in (f"{known.label} = {known.formula}.", known.words, f"({known.source})", known.note) if part))
        for known in definitions
        if known.kpi in kpis or known.label.casefold() in named
    ]


def _origin(sentence: Sentence) -> str:
    cells = "; ".join(f"{origin.frame}, {origin.row}, {origin.column}" for origin in sentence.origins)
    before = f"the rule had said: {sentence.computed}" if sentence.author and sentence.computed else ""
    return clean(f"{sentence.text} [{'. '.join(part for part in (sentence.signature, before, cells) if part) or 'stated by rule'}]")


def _coverage(results: Iterable[Result], review: QuarterlyReview) -> list[str]:
    """What is missing; said as well when nothing is."""
    gaps = dict.fromkeys(f"{result.vendor or 'All vendors'} · {result.label}: {result.coverage}" for result in results if result.coverage)
    known = [review.coverage] if review.coverage else []
    return [clean(line) for line in (*known, *gaps)] or [clean(f"{review.scope}, {review.months}: nothing is missing.")]


def _sources(deliveries: tuple[Delivery, ...]) -> list[str]:
    named = [clean(f"{found.file} ({found.source}, {day(found.first_day)} to {day(found.last_day)})") for found in deliveries[:MOST_FILES]]
    more = len(deliveries) - len(named)
    return [*named, f"and {more} more on the last slide"] if more > 0 else named
