"""The template of the slides: 16:9, one master, a font every machine has, colours by meaning, three layouts with real placeholders.

`python -m analytics.packs.pptx_template` writes it to data/templates/review.pptx; a test holds that file and this description together.
Places are in points: a slide is 960 x 540.
"""

from pathlib import Path
from typing import Any, NamedTuple

from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.opc.oxml import serialize_part_xml
from pptx.oxml import parse_xml
from pptx.presentation import Presentation as Slides
from pptx.util import Pt

from analytics.charts.theme import theme_for
from analytics.packs.pptx_file import presentation_bytes
from analytics.settings import DATA

TEMPLATE = DATA / "templates" / "review.pptx"
WIDTH, HEIGHT = 960, 540
LEFT, RIGHT = 40, 920
BODY_TOP, BODY_BOTTOM = 130, 504
FONT = "Arial"
LIGHT = theme_for("light")
GROUND = "#F6F5F2"

COVER, CONTENT, TWO_COLUMNS = "Cover", "Content", "Two columns"
EYEBROW, SENTENCE, BODY, SECOND_BODY, FOOTER, NUMBER = 13, 14, 15, 16, 11, 12

PALETTE = {
    "dk1": LIGHT.ink,
    "lt1": LIGHT.page,
    "dk2": LIGHT.muted,
    "lt2": GROUND,
    "accent1": LIGHT.statuses["met"].mark,
    "accent2": LIGHT.statuses["missed"].mark,
    "accent3": LIGHT.statuses["below expected"].mark,
    "accent4": LIGHT.target,
    "accent5": LIGHT.normal,
    "accent6": LIGHT.series[1],
    "hlink": LIGHT.target,
    "folHlink": LIGHT.muted,
}
_NAMES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
_GROUP = "<p:nvGrpSpPr><p:cNvPr id='1' name=''/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>"
_UNUSED = (RT.PRINTER_SETTINGS, RT.THUMBNAIL)


class Place(NamedTuple):
    """A placeholder: its kind and number, name, box in points, size of its text, colour and what it says while empty."""

    kind: str
    index: int
    name: str
    box: tuple[float, float, float, float]
    size: float
    colour: str
    prompt: str
    bold: bool = False


_EYEBROW = Place("body", EYEBROW, "Eyebrow", (LEFT, 20, 880, 18), 11, "dk2", "Review, quarter, comparison, scope")
_TITLE = Place("title", 0, "Title", (LEFT, 40, 880, 60), 24, "dk1", "What this slide says, as a sentence", True)
_SENTENCE = Place("body", SENTENCE, "Sentence", (LEFT, 104, 880, 18), 13, "dk2", "What proves it")
_WHOLE = Place("body", BODY, "Body", (LEFT, BODY_TOP, 880, BODY_BOTTOM - BODY_TOP), 14, "dk1", "Lines, a table or a chart")
_LEFT_HALF = _WHOLE._replace(box=(LEFT, BODY_TOP, 424, BODY_BOTTOM - BODY_TOP), name="Left column")
_RIGHT_HALF = _LEFT_HALF._replace(box=(496, BODY_TOP, 424, BODY_BOTTOM - BODY_TOP), index=SECOND_BODY, name="Right column")
_FOOTER = Place("ftr", FOOTER, "Footer", (LEFT, 514, 760, 14), 9, "dk2", "")
_NUMBER = Place("sldNum", NUMBER, "Slide number", (820, 514, 100, 14), 9, "dk2", "")
_COVER_TITLE = _TITLE._replace(kind="ctrTitle", box=(LEFT, 170, 760, 120), size=36)
_COVER_TEXT = Place("subTitle", 1, "Subtitle", (LEFT, 300, 760, 60), 16, "dk2", "Quarter, scope, audience")
LAYOUTS = {
    COVER: ("title", (_COVER_TITLE, _COVER_TEXT, _FOOTER, _NUMBER)),
    CONTENT: ("obj", (_TITLE, _EYEBROW, _SENTENCE, _WHOLE, _FOOTER, _NUMBER)),
    TWO_COLUMNS: ("twoObj", (_TITLE, _EYEBROW, _SENTENCE, _LEFT_HALF, _RIGHT_HALF, _FOOTER, _NUMBER)),
}
_ON_THE_MASTER = (_TITLE, _WHOLE._replace(index=1), _FOOTER, _NUMBER)


def template() -> Slides:
    """A presentation without slides: our size, theme, master and layouts."""
    slides = Presentation()
    slides.slide_width, slides.slide_height = Pt(WIDTH), Pt(HEIGHT)
    size = slides.element.find(".//p:sldSz", slides.element.nsmap)
    size.attrib.pop("type", None)
    _drop_unused(slides)
    _fill_master(slides)
    return slides


def template_bytes() -> bytes:
    """What data/templates/review.pptx holds."""
    return presentation_bytes(template())


def _drop_unused(slides: Slides) -> None:
    """Printer settings, the thumbnail and the layouts of the library's own template."""
    for owner in (slides.part, slides.part.package):
        relations: Any = owner._rels
        for key in [key for key, relation in relations.items() if relation.reltype in _UNUSED]:
            relations.pop(key)
    for layout in list(slides.slide_layouts)[len(LAYOUTS) :]:
        slides.slide_layouts.remove(layout)


def _fill_master(slides: Slides) -> None:
    master = slides.slide_master
    theme = master.part.part_related_by(RT.THEME)
    theme._blob = _theme_xml(theme.blob)
    _replace_children(master.element, _master_tree(), _master_styles())
    for layout, (name, (kind, places)) in zip(slides.slide_layouts, LAYOUTS.items(), strict=True):
        layout.element.set("type", kind)
        _replace_children(layout.element, _tree(name, places))


def _replace_children(element: Any, *parts: str) -> None:
    """New children in the place of those with the same tag."""
    for part in parts:
        new = parse_xml(part)
        element.replace(element.find(new.tag), new)


def _tree(name: str, places: tuple[Place, ...]) -> str:
    shapes = "".join(_placeholder(number, place) for number, place in enumerate(places, start=2))
    return f"<p:cSld {_NAMES} name='{name}'><p:spTree>{_GROUP}{shapes}</p:spTree></p:cSld>"


def _master_tree() -> str:
    ground = "<p:bg><p:bgPr><a:solidFill><a:schemeClr val='bg1'/></a:solidFill><a:effectLst/></p:bgPr></p:bg>"
    return _tree("", _ON_THE_MASTER).replace(" name=''><p:spTree>", f">{ground}<p:spTree>", 1)


def _placeholder(number: int, place: Place) -> str:
    """One placeholder; text sits at the top of its box, without insets, and is never shrunk by the program that shows it."""
    x, y, width, height = (Pt(length) for length in place.box)
    index = f" idx='{place.index}'" if place.index else ""
    size = " sz='quarter'" if place.kind in ("ftr", "sldNum") else ""
    align = "r" if place.kind == "sldNum" else "l"
    anchor = "b" if place.kind == "ctrTitle" else "t"
    text = "<a:fld id='{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}' type='slidenum'><a:rPr lang='en-GB'/><a:t>1</a:t></a:fld>"
    body = text if place.kind == "sldNum" else f"<a:r><a:rPr lang='en-GB'/><a:t>{place.prompt}</a:t></a:r>" if place.prompt else ""
    off, ext = f"<a:off x='{x}' y='{y}'/>", f"<a:ext cx='{width}' cy='{height}'/>"
    spacing = "<a:lnSpc><a:spcPct val='100000'/></a:lnSpc><a:spcBef><a:spcPts val='0'/></a:spcBef><a:buNone/>"
    font = f"<a:defRPr sz='{round(place.size * 100)}' b='{int(place.bold)}'>{_filled(place.colour)}</a:defRPr>"
    return (
        f"<p:sp><p:nvSpPr><p:cNvPr id='{number}' name='{place.name}'/><p:cNvSpPr><a:spLocks noGrp='1'/></p:cNvSpPr>"
        f"<p:nvPr><p:ph type='{place.kind}'{size}{index}/></p:nvPr></p:nvSpPr>"
        f"<p:spPr><a:xfrm>{off}{ext}</a:xfrm><a:prstGeom prst='rect'><a:avLst/></a:prstGeom></p:spPr>"
        f"<p:txBody><a:bodyPr lIns='0' tIns='0' rIns='0' bIns='0' anchor='{anchor}'><a:noAutofit/></a:bodyPr>"
        f"<a:lstStyle><a:lvl1pPr marL='0' indent='0' algn='{align}'>{spacing}{font}</a:lvl1pPr></a:lstStyle>"
        f"<a:p>{body}<a:endParaRPr lang='en-GB'/></a:p></p:txBody></p:sp>"
    )


def _filled(colour: str) -> str:
    return f"<a:solidFill><a:schemeClr val='{_ON_SLIDES.get(colour, colour)}'/></a:solidFill>"


_ON_SLIDES = {"dk1": "tx1", "lt1": "bg1", "dk2": "tx2", "lt2": "bg2"}


def _master_styles() -> str:
    fonts = "<a:latin typeface='+mn-lt'/><a:ea typeface='+mn-ea'/><a:cs typeface='+mn-cs'/>"
    heading = f"<a:defRPr sz='2400' b='1' kern='1200'>{_filled('dk1')}{fonts.replace('+mn', '+mj')}</a:defRPr>"
    body = f"<a:defRPr sz='1400' kern='1200'>{_filled('dk1')}{fonts}</a:defRPr>"
    levels = "".join(
        f"<a:lvl{level}pPr marL='{(level - 1) * 228600}' indent='0' algn='l'><a:buNone/>{body}</a:lvl{level}pPr>" for level in range(1, 6)
    )
    return (
        f"<p:txStyles {_NAMES}><p:titleStyle><a:lvl1pPr algn='l'><a:buNone/>{heading}</a:lvl1pPr></p:titleStyle>"
        f"<p:bodyStyle>{levels}</p:bodyStyle><p:otherStyle>{levels}</p:otherStyle></p:txStyles>"
    )


def _theme_xml(shipped: bytes) -> bytes:
    """The theme with our colours and fonts."""
    theme: Any = parse_xml(shipped)
    theme.set("name", "Quarterly review")
    colours, fonts = (next(theme.iter(f"{{{theme.nsmap['a']}}}{tag}")) for tag in ("clrScheme", "fontScheme"))
    for element, fresh in ((colours, _colours()), (fonts, _fonts())):
        element.getparent().replace(element, parse_xml(fresh))
    return serialize_part_xml(theme)


def _colours() -> str:
    named = "".join(f"<a:{name}><a:srgbClr val='{colour[1:]}'/></a:{name}>" for name, colour in PALETTE.items())
    return f"<a:clrScheme {_NAMES} name='Review'>{named}</a:clrScheme>"


def _fonts() -> str:
    """One font for everything: a presentation names no second choice, and what stands in for a font that is not installed may be a
    fifth wider. Arial, or a twin of the same widths, is everywhere; another is chosen once, in the theme."""
    family = f"<a:latin typeface='{FONT}' panose='020B0604020202020204' pitchFamily='34' charset='0'/>"
    others = f"<a:ea typeface=''/><a:cs typeface='{FONT}'/>"
    return (
        f"<a:fontScheme {_NAMES} name='Review'><a:majorFont>{family}{others}</a:majorFont>"
        f"<a:minorFont>{family}{others}</a:minorFont></a:fontScheme>"
    )


def write_template(path: Path = TEMPLATE) -> None:
    """Writes the template file."""
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(template_bytes())


if __name__ == "__main__":
    write_template()
