"""The review as a workbook: what the page shows with real numbers, and the frames behind it."""

from datetime import UTC, datetime

from analytics.packs.xlsx_book import Book, clean
from analytics.packs.xlsx_frames import chart_rows, write_chart_data, write_definitions, write_results, write_sources
from analytics.packs.xlsx_review import write_review
from analytics.packs.xlsx_sections import write_sections
from analytics.periods import day_text
from analytics.review.model import QuarterlyReview

_MOST_IN_FOOTER = 60  # of each part; Excel takes 255 letters with its own codes


def xlsx_pack(review: QuarterlyReview, built_on: datetime) -> bytes:
    """The workbook, the same bytes for the same review and moment.

    Sheets: Review, one per section that is more than sentences, Results, Chart data, Definitions, Sources.
    """
    book = Book(_footer(review), _properties(review, built_on))
    places = chart_rows(review.results)
    write_review(book, review, built_on, places)
    write_sections(book, review, places)
    write_results(book, review)
    write_chart_data(book, review)
    write_definitions(book, review)
    write_sources(book, review)
    return book.content()


def _properties(review: QuarterlyReview, built_on: datetime) -> dict[str, str | datetime]:
    texts = {
        "title": f"Quarterly review {review.label}",
        "subject": review.scope,
        "comments": review.headline.text,
        "category": review.audience.value,
    }
    moment = built_on.astimezone(UTC) if built_on.tzinfo else built_on
    return {name: clean(text) for name, text in texts.items()} | {"created": moment.replace(tzinfo=None)}


def _footer(review: QuarterlyReview) -> str:
    """label, audience and data date at the left, page n of m at the right."""
    until = f"data until {day_text(review.data_until)}" if review.data_until else ""
    parts = (clean(part)[:_MOST_IN_FOOTER].replace("&", "&&") for part in (review.label, f"{review.audience.value} pack", until) if part)
    return f'&L&"Arial"&8{" · ".join(parts)}&R&"Arial"&8page &P of &N'
