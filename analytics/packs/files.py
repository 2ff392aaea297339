"""What a pack is as a file: its format, its media type and its name."""

import hashlib
import re
import unicodedata
from datetime import datetime
from enum import StrEnum

from analytics.review.model import Audience, QuarterlyReview

MOST_LETTERS = 60
_NO_WORD = re.compile("[^A-Za-z0-9]+")


class PackFormat(StrEnum):
    """What a pack can be; the value is the ending of its file."""

    PDF = "pdf"
    PPTX = "pptx"
    XLSX = "xlsx"

    @property
    def media_type(self) -> str:
        """What a browser is told the file is."""
        return _MEDIA_TYPES[self]

    @property
    def purpose(self) -> str:
        """What one takes it for."""
        return {"pdf": "to read", "pptx": "to present and edit", "xlsx": "to calculate with"}[self.value]


_OFFICE = "application/vnd.openxmlformats-officedocument"
_MEDIA_TYPES = {
    PackFormat.PDF: "application/pdf",
    PackFormat.PPTX: f"{_OFFICE}.presentationml.presentation",
    PackFormat.XLSX: f"{_OFFICE}.spreadsheetml.sheet",
}


def pack_name(review: QuarterlyReview, made_as: PackFormat, built_on: datetime) -> str:
    """'quarterly-review-2026-Q3-executive-5-of-5-vendors-2026-10-14.pdf', a vendor's own '...-2026-Q3-cobalt-bay-2026-10-14.pdf'.

    ASCII letters, digits and hyphens only, whatever the vendor is called; never longer than most file systems and mail programs take.
    """
    scope = word_of(review.vendors[0] if len(review.vendors) == 1 else review.scope)
    whom = [] if review.audience is Audience.VENDOR else [review.audience.value]
    quarter = word_of(review.quarter, lower=False)
    return f"{'-'.join(['quarterly-review', quarter, *whom, scope, f'{built_on:%Y-%m-%d}'])}.{made_as}"


def word_of(name: str, *, lower: bool = True) -> str:
    """A name as one word of a file name: 'Cobalt Bay' -> 'cobalt-bay'. Where letters were lost, eight digits of its hash tell it apart."""
    decomposed = unicodedata.normalize("NFKD", name)
    word = _NO_WORD.sub("-", decomposed.encode("ascii", "ignore").decode("ascii")).strip("-")
    told = (word.lower() if lower else word)[:MOST_LETTERS].rstrip("-")
    whole = len(told) == len(word) and all(letter.isascii() or not letter.isalnum() for letter in decomposed)
    mark = "" if told and whole else hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return "-".join(part for part in (told, mark) if part)
