"""Drawing on a slide: words in boxes, rectangles, lines, alternative texts; every place in points."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from pptx.dml.color import ColorFormat, RGBColor
from pptx.dml.fill import FillFormat
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import MSO_AUTO_SHAPE_TYPE, MSO_CONNECTOR_TYPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.text.text import TextFrame
from pptx.util import Pt

from analytics.packs.pptx_template import FONT, LIGHT, PALETTE
from analytics.packs.pptx_text import Fitted, Style, clean

MARKS = {"met": "●", "below expected": "♦", "missed": "▼", "not measured": "–", "excused": "□", "no target": "○"}
_THIN_MARKS = "↑↓→"
_ALIGNED = {None: "l", PP_ALIGN.LEFT: "l", PP_ALIGN.CENTER: "ctr", PP_ALIGN.RIGHT: "r"}
_THEME_COLOURS = {
    PALETTE[name]: colour
    for name, colour in {
        "dk1": MSO_THEME_COLOR.TEXT_1,
        "lt1": MSO_THEME_COLOR.BACKGROUND_1,
        "dk2": MSO_THEME_COLOR.TEXT_2,
        "lt2": MSO_THEME_COLOR.BACKGROUND_2,
        "accent1": MSO_THEME_COLOR.ACCENT_1,
        "accent2": MSO_THEME_COLOR.ACCENT_2,
        "accent3": MSO_THEME_COLOR.ACCENT_3,
        "accent4": MSO_THEME_COLOR.ACCENT_4,
        "accent5": MSO_THEME_COLOR.ACCENT_5,
        "accent6": MSO_THEME_COLOR.ACCENT_6,
    }.items()
}


class Box(NamedTuple):
    """A place on the slide in points."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height

    @property
    def lengths(self) -> tuple[Pt, Pt, Pt, Pt]:
        """As the file counts them."""
        return Pt(self.x), Pt(self.y), Pt(self.width), Pt(self.height)


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one style."""

    text: str
    style: Style


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Runs in one paragraph: space before it, a coloured bullet (mark, colour) with its indent, centred or right."""

    runs: tuple[Run, ...]
    before: float = 0
    bullet: tuple[str, str] | None = None
    indent: float = 0
    align: PP_ALIGN | None = None


def paragraph(found: Fitted, **how: Any) -> Paragraph:
    """A fitted text as a paragraph of its own."""
    return Paragraph((Run(found.text, found.style),), **how)


def mark_run(status: str, size: float, colour: str = "") -> Run:
    """The mark of a status as a letter of a font that has it."""
    return Run(MARKS.get(status, MARKS["no target"]), Style(size, colour=colour or LIGHT.status(status).mark, font=FONT))


def paint(target: ColorFormat, colour: str) -> None:
    """A colour, as one of the theme's where it is one."""
    if colour in _THEME_COLOURS:
        target.theme_color = _THEME_COLOURS[colour]
    else:
        target.rgb = RGBColor.from_string(colour[1:])


def fill(target: FillFormat, colour: str) -> None:
    """A plain ground."""
    target.solid()
    paint(target.fore_color, colour)


def write(frame: TextFrame, paragraphs: Sequence[Paragraph], anchor: MSO_ANCHOR = MSO_ANCHOR.TOP) -> None:
    """Paragraphs into a text frame without insets; the program that shows it neither shrinks nor grows anything."""
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Pt(0)
    frame.word_wrap, frame.auto_size, frame.vertical_anchor = True, MSO_AUTO_SIZE.NONE, anchor
    write_paragraphs(frame, paragraphs)


def write_paragraphs(frame: TextFrame, paragraphs: Sequence[Paragraph]) -> None:
    """Paragraphs in the place of those of a frame."""
    body = frame._txBody
    for old in list(body.p_lst):
        body.remove(old)
    for told in paragraphs:
        body.append(parse_xml(paragraph_xml(told, nsdecls("a"))))


def paragraph_xml(told: Paragraph, names: str = "") -> str:
    """A paragraph as it is kept in the file: lines of an exact height, so that every font takes the same room."""
    bullet = told.bullet is not None
    margins = f" marL='{Pt(told.indent)}' indent='{-Pt(told.indent) if bullet else 0}'" if told.indent else ""
    height = round(max(run.style.line for run in told.runs) * 100)
    spacing = f"<a:lnSpc><a:spcPts val='{height}'/></a:lnSpc><a:spcBef><a:spcPts val='{round(told.before * 100)}'/></a:spcBef>"
    size = round(told.runs[-1].style.size * 100)
    runs = "".join(_run_xml(run) for run in told.runs)
    properties = f"<a:pPr algn='{_ALIGNED[told.align]}'{margins}>{spacing}{_bullet_xml(told.bullet)}</a:pPr>"
    return f"<a:p{' ' * bool(names)}{names}>{properties}{runs}<a:endParaRPr lang='en-GB' sz='{size}'/></a:p>"


def _run_xml(run: Run) -> str:
    style, text = run.style, clean_run(run.text)
    if not text:
        return ""
    font = f"<a:latin typeface='{style.font}'/><a:ea typeface='{style.font}'/><a:cs typeface='{style.font}'/>" if style.font else ""
    look = f"<a:rPr lang='en-GB' sz='{round(style.size * 100)}' b='{int(style.bold)}'>{fill_xml(style.colour)}{font}</a:rPr>"
    return f"<a:r>{look}<a:t>{escape(text)}</a:t></a:r>"


def _bullet_xml(bullet: tuple[str, str] | None) -> str:
    if bullet is None:
        return "<a:buNone/>"
    mark, colour = bullet
    size = "<a:buSzPct val='140000'/>" if mark in _THIN_MARKS else ""
    return f"<a:buClr>{_colour_xml(colour)}</a:buClr>{size}<a:buFont typeface='{FONT}'/><a:buChar char='{mark}'/>"


def fill_xml(colour: str) -> str:
    """A plain ground, one of the theme's colours where it is one."""
    return f"<a:solidFill>{_colour_xml(colour)}</a:solidFill>"


def _colour_xml(colour: str) -> str:
    known = _THEME_COLOURS.get(colour)
    return f"<a:schemeClr val='{known.xml_value}'/>" if known else f"<a:srgbClr val='{colour[1:]}'/>"


def clean_run(text: str) -> str:
    """A run's text with the spaces it begins and ends with."""
    ends = text[: len(text) - len(text.lstrip(" "))], text[len(text.rstrip(" ")) :]
    return f"{ends[0]}{clean(text)}{ends[1]}" if text.strip(" ") else text


def text_box(shapes: Any, box: Box, paragraphs: Sequence[Paragraph], name: str, anchor: MSO_ANCHOR = MSO_ANCHOR.TOP) -> Any:
    """Words in a box of their own."""
    shape = shapes.add_textbox(*box.lengths)
    write(shape.text_frame, paragraphs, anchor)
    describe(shape, name)
    return shape


def block(shapes: Any, box: Box, colour: str, name: str, outline: str = "", rounded: bool = False) -> Any:
    """A filled rectangle without shadow; corners of 4 points where it is rounded."""
    kind = MSO_AUTO_SHAPE_TYPE.ROUNDED_RECTANGLE if rounded else MSO_AUTO_SHAPE_TYPE.RECTANGLE
    return _shape(shapes, kind, box, colour, outline, name)


def disc(shapes: Any, box: Box, colour: str, name: str, outline: str = "") -> Any:
    """A filled circle."""
    return _shape(shapes, MSO_AUTO_SHAPE_TYPE.OVAL, box, colour, outline, name)


def _shape(shapes: Any, kind: MSO_AUTO_SHAPE_TYPE, box: Box, colour: str, outline: str, name: str) -> Any:
    shape = shapes.add_shape(kind, *box.lengths)
    if kind is MSO_AUTO_SHAPE_TYPE.ROUNDED_RECTANGLE:
        shape.adjustments[0] = 5 / min(box.width, box.height)
    _plain(shape)
    fill(shape.fill, colour)
    if outline:
        paint(shape.line.color, outline)
        shape.line.width = Pt(1)
    else:
        shape.line.fill.background()
    describe(shape, name)
    return shape


def _plain(shape: Any) -> None:
    """Without the theme's effects."""
    style = shape._element.find(qn("p:style"))
    if style is not None:
        shape._element.remove(style)


def arrow(shapes: Any, start: tuple[float, float], end: tuple[float, float], name: str) -> Any:
    """A straight line with a head at its end."""
    line = shapes.add_connector(MSO_CONNECTOR_TYPE.STRAIGHT, *(Pt(length) for length in (*start, *end)))
    _plain(line)
    paint(line.line.color, LIGHT.ink)
    line.line.width = Pt(1.4)
    line.line._get_or_add_ln().append(parse_xml(f"<a:tailEnd {nsdecls('a')} type='triangle' w='med' len='med'/>"))
    describe(line, name)
    return line


def describe(shape: Any, name: str, words: str = "") -> None:
    """The name a person finds the shape by, and its alternative text."""
    properties = next(element for element in shape._element.iter(qn("p:cNvPr")))
    properties.set("name", clean(name)[:120] or "Shape")
    if words:
        properties.set("descr", clean(words))
