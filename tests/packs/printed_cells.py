"""What a person sees in a workbook: every cell printed by its own number format, as a spreadsheet program does it."""

import re
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from xml.etree import ElementTree

from analytics.catalogue.units import rounded

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_DIGITS = re.compile(r"[#,]*0(?:\.(0+))?")


def printed_cells(content: bytes) -> Iterator[str]:
    """The text of every cell that is not empty."""
    with zipfile.ZipFile(BytesIO(content)) as parts:
        texts = ["".join(item.itertext()) for item in ElementTree.fromstring(parts.read("xl/sharedStrings.xml"))]
        formats = _formats(ElementTree.fromstring(parts.read("xl/styles.xml")))
        for name in parts.namelist():
            if name.startswith("xl/worksheets/sheet"):
                for cell in ElementTree.fromstring(parts.read(name)).iter(f"{MAIN}c"):
                    value = cell.findtext(f"{MAIN}v")
                    if value is not None:
                        yield texts[int(value)] if cell.get("t") == "s" else printed(float(value), formats[int(cell.get("s", "0"))])


def _formats(styles: ElementTree.Element) -> list[str]:
    own = {element.get("numFmtId"): element.get("formatCode", "") for element in styles.iter(f"{MAIN}numFmt")}
    built_in = {"1": "0", "3": "#,##0", "4": "#,##0.00"}
    used = styles.find(f"{MAIN}cellXfs")
    assert used is not None
    return [own.get(cell.get("numFmtId"), built_in.get(cell.get("numFmtId", ""), "General")) for cell in used]


def printed(value: float, code: str) -> str:
    """A number by a format code of positive, negative and zero: '0.811' by '#,##0.0 %' is '81.1 %'."""
    if "yyyy" in code:
        day = date(1899, 12, 30) + timedelta(days=value)
        return f"{day.day} {day:%b %Y}" if code.startswith("d ") else f"{day:%b %Y}"
    sections = re.findall(r'(?:"[^"]*"|[^;"])+', code)
    shown = sections[-1] if not value and len(sections) == 3 else sections[1] if value < 0 and len(sections) > 1 else sections[0]
    if shown == "General":
        return f"{value:g}"
    sign = "-" if value < 0 and len(sections) == 1 else ""
    literal = re.sub(r'^"[^"]*"\* ', "", shown).replace("\\ ", " ")
    return sign + (_clock(value, literal) if "[m]" in literal else _number(abs(value), literal)).replace('"', "")


def _clock(days: float, code: str) -> str:
    places = len((re.search(r"ss(?:\.(0+))?", code) or [""])[1] or "") if "ss." in code else 0
    minutes, seconds = divmod(rounded(days * 86_400, places), 60)
    width = 3 + places if places else 2
    return re.sub(r"\[m\]:ss(?:\.0+)?", f"{int(minutes)}:{seconds:0{width}f}", code)


def _number(size: float, code: str) -> str:
    unquoted = re.sub(r'"[^"]*"', "", code)
    found = _DIGITS.search(code)
    if found is None:
        return code
    amount = rounded(size * (100 if "%" in unquoted else 1), len(found[1] or ""))
    return code[: found.start()] + f"{amount:,f}" + code[found.end() :]
