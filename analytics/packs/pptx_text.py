"""Words on slides: what may stand in a file, how wide it will be, and how it is made to fit.

Slides are shown in a font that is on every machine; the widths of its plain letters are written down here. Those of further letters are
measured in our own font with a little room, others estimated from above. A text that does not fit gets a smaller size down to a limit,
then an ellipsis; the caller keeps the whole text for the notes of the slide.
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from unicodedata import category, east_asian_width

from PIL import ImageFont

from analytics.packs.pptx_template import LIGHT
from analytics.settings import DATA

LINE_HEIGHT = 1.22
ELLIPSIS = "…"
REPLACED = "�"
_MEASURED_AT = 200
_ROOM = 1.07
# Letters by their width in thousandths of the size, in Arial and its metric twins (Liberation Sans), from space to tilde; bold: True.
_LETTERS = {
    False: {
        191: "'",
        222: "ijl",
        260: "|",
        278: " !,./:;I[\\]ft",
        333: "()-`r",
        334: "{}",
        355: '"',
        389: "*",
        469: "^",
        500: "Jcksvxyz",
        556: "#$0123456789?L_abdeghnopqu",
        584: "+<=>~",
        611: "FTZ",
        667: "&ABEKPSVXY",
        722: "CDHNRUw",
        778: "GOQ",
        833: "Mm",
        889: "%",
        944: "W",
        1015: "@",
    },
    True: {
        238: "'",
        278: " ,./I\\ijl",
        280: "|",
        333: "!()-:;[]`ft",
        389: "*r{}",
        474: '"',
        500: "z",
        556: "#$0123456789J_aceksvxy",
        584: "+<=>^~",
        611: "?FLTZbdghnopqu",
        667: "EPSVXY",
        722: "&ABCDHKNRU",
        778: "GOQw",
        833: "M",
        889: "%m",
        944: "W",
        975: "@",
    },
}
_WIDTHS = {bold: {letter: size / 1000 for size, letters in sizes.items() for letter in letters} for bold, sizes in _LETTERS.items()}
_FONT_FILES = {False: "HankenGrotesk-Regular.ttf", True: "HankenGrotesk-Bold.ttf"}
_LAST_LATIN = 0x24F
_BREAKS = re.compile(r"[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029 ]+")
_SIGN, _UNIT = re.compile(r"(?<!\S)-(?=\d)"), re.compile(r"(?<=\d) (?=(?:%|pp|min|h)(?!\w))")
_NOT_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Style:
    """How words look: size in points, weight, '#RRGGBB', and the font where it is not the slide's own."""

    size: float
    bold: bool = False
    colour: str = LIGHT.ink
    font: str = ""

    @property
    def line(self) -> float:
        """The height of one line in points: the same for every font that may stand in."""
        return round(self.size * LINE_HEIGHT, 1)

    def sized(self, size: float) -> "Style":
        """The same in another size."""
        return replace(self, size=size)


@dataclass(frozen=True, slots=True)
class Fitted:
    """A text that fits its box: `whole` is False where an ellipsis stands for the rest."""

    text: str
    style: Style
    lines: int
    whole: bool

    @property
    def height(self) -> float:
        """In points."""
        return self.lines * self.style.line


@lru_cache(maxsize=8192)
def clean(text: str) -> str:
    """The text as it may stand in a file: breaks are spaces; control characters, lone surrogates and characters
    that turn the direction of others are replaced by a visible mark."""
    return _NOT_TEXT.sub(REPLACED, _BREAKS.sub(" ", text)).strip(" ")


def unbroken(text: str) -> str:
    """The text with every number on one line with its sign and its unit."""
    return _SIGN.sub("\u2011", _UNIT.sub("\u00a0", text))


@lru_cache(maxsize=4)
def _font(bold: bool) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(DATA / "fonts" / _FONT_FILES[bold]), _MEASURED_AT)


@lru_cache(maxsize=4096)
def _letter(letter: str, bold: bool) -> float:
    """The width of one letter as a share of the size."""
    known = _WIDTHS[bold].get(letter)
    if known is not None:
        return known
    if ord(letter) <= _LAST_LATIN or letter == ELLIPSIS:
        return _font(bold).getlength(letter) / _MEASURED_AT * _ROOM
    if category(letter) in ("Mn", "Me", "Cf"):
        return 0.0
    wide = east_asian_width(letter) in ("W", "F") or ord(letter) > 0xFFFF
    return 1.2 if wide or letter == REPLACED else 0.8


def width(text: str, style: Style) -> float:
    """The width of a text in one line, in points."""
    return sum(_letter(letter, style.bold) for letter in text) * style.size


def wrapped(text: str, style: Style, most: float) -> list[str]:
    """The text in lines no wider than `most` points; words wider than a line are broken."""
    lines: list[str] = []
    line, used = "", 0.0
    space = width(" ", style)
    for word in text.split(" "):
        for part in _broken(word, style, most):
            size = width(part, style)
            if line and used + space + size <= most:
                line, used = f"{line} {part}", used + space + size
            else:
                lines += [line] if line else []
                line, used = part, size
    return [*lines, line]


def _broken(word: str, style: Style, most: float) -> list[str]:
    """A word as parts that fit a line each."""
    if width(word, style) <= most:
        return [word]
    parts, part, used = [], "", 0.0
    for letter in word:
        size = width(letter, style)
        if part and used + size > most:
            parts.append(part)
            part, used = "", 0.0
        part, used = part + letter, used + size
    return [*parts, part]


def fitted(text: str, style: Style, most: float, lines: int = 1, smallest: float = 0) -> Fitted:
    """The text in at most `lines` lines of `most` points: as large as `style`, else smaller down to `smallest`, else cut."""
    plain = clean(text)
    size = style.size
    while True:
        tried = style.sized(size)
        broken = wrapped(plain, tried, most)
        if len(broken) <= lines:
            return Fitted(plain, tried, len(broken), True)
        if size - 1 < (smallest or style.size):
            return Fitted(_cut(broken, tried, most, lines), tried, lines, False)
        size -= 1


def _cut(broken: list[str], style: Style, most: float, lines: int) -> str:
    """The first lines, the last of them shortened to end in an ellipsis."""
    *kept, last = broken[:lines]
    while last and width(f"{last}{ELLIPSIS}", style) > most:
        last = last[:-1]
    return " ".join([*kept, f"{last.rstrip()}{ELLIPSIS}"])


def one_line(text: str, style: Style, most: float) -> str:
    """The text in one line, cut when it must be."""
    return fitted(text, style, most).text
