"""The process that opens a workbook: apart from the dashboard, so that no file can take the dashboard's memory or end it.

Started by `workbook.py` with the file's path; one question a line on stdin, one answer a line on stdout, all in JSON. It imports
nothing of the product, so it starts in a tenth of a second.
"""

import csv
import json
import re
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
SHEET_DAY_0 = datetime(1899, 12, 31)  # a duration of more than a day with a clock format comes as a date around 1900
SHEET_DAY_60 = datetime(1900, 2, 28)  # spreadsheets count a 29 February 1900 that never was
_PER_UNIT = {"milliseconds": Decimal("0.001"), "seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
_AT_ONCE = 1 << 20
_LOCKED = "EncryptedPackage".encode("utf-16-le")  # what the one file inside a workbook with a password is called
_ERROR_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\bt="e"[^>]*>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)</', re.DOTALL)
# A formula behind which no value is stored; a text ("str") may be empty. Where it begins is looked for from its end, which is rare.
_NO_VALUE = re.compile(rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f\b[^<>]*/>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>")
_CELL = re.compile(rb"<(?:\w+:)?c ([^>]*)>")
_STYLE = re.compile(rb'\bs="([0-9]+)"')
_LAST_ROW = 1 << 20
_PERCENT, _HOURS_AND_MINUTES = 1, 2
_LITERAL = re.compile(r'"[^"]*"|\\.|\[\$[^]]*\]')
_CLOCK = re.compile(r"(?:\[h+\]|h+):mm(?:;@)?", re.IGNORECASE)
_BUILT_IN = {9: _PERCENT, 10: _PERCENT, 20: _HOURS_AND_MINUTES}
_HOUR, _MOST_HOURS = timedelta(hours=1), timedelta(hours=99)
_LONGEST_FORMULA = 1 << 16
WITHOUT_VALUE = " is a formula without a value"
AS_SHOWN = "as shown"  # the unit of clocks of hours and minutes that stand for minutes and seconds
_PLACE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')

Cell = int | float | str | bool | time | date | datetime | timedelta
Writer = Callable[[Cell], str]


def answer(question: dict, workbook: CalamineWorkbook, path: str) -> object:
    """What one question asks: the sheets, the names on a row of a sheet, or a sheet written as CSV (its header row first asked)."""
    match question["ask"]:
        case "sheets":
            return [
                {"name": found.name, "visible": found.visible is SheetVisibleEnum.Visible}
                for found in workbook.sheets_metadata
                if found.typ is SheetTypeEnum.WorkSheet
            ]
        case "header":
            rows = rows_of(workbook.get_sheet_by_name(question["sheet"]))
            return [text_of(cell, {}) for cell in next((cells for number, cells in enumerate(rows, 1) if number == question["row"]), [])]
        case _:
            return write(workbook, path, question)


def rows_of(sheet: CalamineSheet) -> Iterator[list[Cell]]:
    """Every row of the sheet from its first, with the cells from its first column, whether used or not.

    A text or date merged over several rows stands in each of them, as it does to the eye; a number only in the first.
    """
    left: list[Cell] = [""] * (sheet.start[1] if sheet.start else 0)
    waiting = sorted((range for range in sheet.merged_cell_ranges or () if range[1][0] > range[0][0]), reverse=True)
    merged: dict[int, tuple[int, Cell]] = {}  # column -> last row, what stands in it
    for number, cells in enumerate(sheet.iter_rows()):
        row = [*left, *cells]
        for column, (last, cell) in list(merged.items()):
            if number > last:
                del merged[column]
            elif column < len(row) and row[column] == "":
                row[column] = cell
        while waiting and waiting[-1][0][0] <= number:
            (_, column), (last, _) = waiting.pop()
            if column < len(row) and isinstance(row[column], str | date):
                merged[column] = (last, row[column])
        yield row


def write(workbook: CalamineWorkbook, path: str, question: dict) -> dict[str, object]:
    """The sheet as CSV, one line a row; `columns` says by position how its cells are written.

    The number of lines, the columns whose clocks are written as shown, and the first formula without a value.
    """
    sheet, place = workbook.get_sheet_by_name(question["sheet"]), workbook.sheet_names.index(question["sheet"])
    odd = odd_cells(path, place)
    how = {int(position): style for position, style in question["columns"].items()}
    formats = formats_in(path, place, [position for position, style in how.items() if "share" in style or style.get("unit") == "mm:ss"])
    shown = [position for position in formats if how[position].get("unit") == "mm:ss" and is_minutes(sheet, position, formats[position])]
    how |= {position: {**how[position], "unit": AS_SHOWN} for position in shown}
    shares = {position: codes for position, codes in formats.items() if "share" in how[position]}
    style = {"decimal": question["decimal"], "date": question["date"]}
    styles: list[Mapping[str, str]] = []
    number = 0
    with Path(question["target"]).open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream, lineterminator="\n")
        for number, cells in enumerate(rows_of(sheet), 1):
            if not styles:
                styles = [style | how.get(position, {}) for position in range(len(cells))]
            texts = [text_of(cell, asked) for cell, asked in zip(cells, styles, strict=False)]
            for position, codes in shares.items():
                if position < len(cells) and codes[number] == _PERCENT and isinstance(cell := cells[position], int | float):
                    texts[position] = f"{number_text(cell * 100.0, style)}%"
            for position, text in odd.get(number, ()):
                if position < len(texts):
                    texts[position] = text
            out.writerow(texts if any(texts) else ())
    formula = next((text for row in sorted(odd) for _, text in odd[row] if text.endswith(WITHOUT_VALUE)), "")
    return {"lines": number, "as_shown": shown, "formula": formula}


def is_minutes(sheet: CalamineSheet, position: int, codes: bytearray) -> bool:
    """Whether every clock of a column shows hours and minutes, whole minutes from 1 h on: 5:10 that was typed for 5 min 10 s."""
    found = False
    for number, cells in enumerate(rows_of(sheet), 1):
        cell = cells[position] if position < len(cells) else ""
        if isinstance(cell, str | bool | int | float):
            continue
        length = cell if isinstance(cell, timedelta) else length_of(cell)
        if length is None or codes[number] != _HOURS_AND_MINUTES or not _HOUR <= length < _MOST_HOURS or seconds_of(length) % 60:
            return False
        found = True
    return found


def text_of(cell: Cell, style: Mapping[str, str]) -> str:
    """A cell as text: numbers as a spreadsheet shows them without format, times in the style's unit, dates in its format."""
    if isinstance(cell, str):
        return cell if cell.isprintable() else " ".join(cell.replace("\0", "").splitlines())
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return number_text(cell, style)
    if isinstance(cell, timedelta):
        return duration_text(seconds_of(cell), style)
    if "unit" in style and (length := length_of(cell)) is not None:
        return duration_text(seconds_of(length), style)
    return moment_text(cell, style)


def number_text(number: float | Decimal, style: Mapping[str, str]) -> str:
    """Digits without exponent or thousands, in the style's decimal mark: 12.0 -> 12, 0.30000000000000004 -> 0.3."""
    written = f"{number:.15g}" if isinstance(number, float) else f"{number:f}" if isinstance(number, Decimal) else str(number)
    if "e" in written:
        written = f"{Decimal(written):f}"
    return ("0" if written == "-0" else written).replace(".", style.get("decimal", "."))


def length_of(cell: time | date | datetime) -> timedelta | None:
    """The duration a time of day, or a date around 1900, stands for; None for a real date."""
    if isinstance(cell, time):
        return timedelta(hours=cell.hour, minutes=cell.minute, seconds=cell.second, microseconds=cell.microsecond)
    moment = cell if isinstance(cell, datetime) else datetime(cell.year, cell.month, cell.day)
    if moment.year > SHEET_DAY_60.year:
        return None
    return moment - SHEET_DAY_0 + timedelta(days=moment > SHEET_DAY_60)


def seconds_of(length: timedelta) -> Decimal:
    """Whole and thousandths of seconds: the precision of a workbook's clock."""
    return Decimal(round(length / timedelta(milliseconds=1))) / 1000


def duration_text(seconds: Decimal, style: Mapping[str, str]) -> str:
    """3661 seconds -> '1:01:01', '61:01', '1h 1m 1s', or a number of the style's unit."""
    unit = style.get("unit", "h:mm:ss")
    if unit == AS_SHOWN:
        return f"{seconds // 3600}:{seconds % 3600 // 60:02}"
    if factor := _PER_UNIT.get(unit):
        return number_text((seconds / factor).quantize(Decimal("0.000001")).normalize(), style)
    whole, rest = divmod(abs(seconds), 1)
    minutes, second = divmod(int(whole), 60)
    ending = f"{second:02}" + (f"{rest.normalize():f}"[1:] if rest else "")
    hours, minute = divmod(minutes, 60)
    plain = f"{hours}:{minute:02}:{ending}"
    written = {
        "mm:ss": f"{minutes}:{ending}",
        "h:mm": plain if whole % 60 or rest else f"{hours}:{minute:02}",
        "d.hh:mm:ss": f"{hours // 24}.{hours % 24:02}:{minute:02}:{ending}",
        "1h 2m 3s": f"{hours}h {minute}m {ending}s",
        "PT1H2M3S": f"PT{hours}H{minute}M{ending}S",
    }.get(unit, plain)
    return ("-" if seconds < 0 else "") + written


def moment_text(cell: date | datetime | time, style: Mapping[str, str]) -> str:
    """A date or time of day in the style's format, else as ISO; midnight goes unsaid."""
    if isinstance(cell, time):
        return formatted(datetime.combine(SHEET_DAY_0, cell), style.get("format") or "%H:%M:%S")
    moment = cell if isinstance(cell, datetime) else datetime(cell.year, cell.month, cell.day)
    written = style.get("format") or style.get("date") or "%Y-%m-%d"
    if not style.get("format") and moment.time() != time():
        written = "%Y-%m-%d %H:%M:%S"
    return formatted(moment, written)


def formatted(moment: datetime, written: str) -> str:
    """The moment in a date format of recipes, with English month names whatever the computer's language."""
    moment = (moment + timedelta(milliseconds=500)).replace(microsecond=0)
    year, week, _ = moment.isocalendar()
    parts = {
        "%Y": f"{moment.year:04}", "%y": f"{moment.year % 100:02}", "%m": f"{moment.month:02}", "%d": f"{moment.day:02}",
        "%b": MONTHS[moment.month - 1][:3], "%B": MONTHS[moment.month - 1], "%G": f"{year:04}", "%V": f"{week:02}",
        "%q": str((moment.month + 2) // 3), "%H": f"{moment.hour:02}", "%M": f"{moment.minute:02}", "%S": f"{moment.second:02}",
        "%I": f"{(moment.hour - 1) % 12 + 1:02}", "%p": "AM" if moment.hour < 12 else "PM", "%%": "%",
    }  # fmt: skip
    return "".join(parts.get(part, part) for part in re.split(r"(%.)", written))


def odd_cells(path: str, sheet: int) -> dict[int, list[tuple[int, str]]]:
    """Row -> (column, text) of the cells that the workbook reader passes over as empty: errors such as #DIV/0!, formulas without a value.

    Known for .xlsx and .xlsm; in an .ods the errors are texts, and in .xls and .xlsb they read as empty.
    """
    found: dict[int, list[tuple[int, str]]] = {}
    if not zipfile.is_zipfile(path):
        return found
    with zipfile.ZipFile(path) as archive:
        part = part_of(archive, sheet)
        for letters, row, text in cells_of(archive, part) if part else ():
            found.setdefault(row, []).append((column_of(letters), text))
    return found


def column_of(letters: bytes) -> int:
    """The place of a column from 0: AA is 26."""
    column = 0
    for letter in letters:
        column = 26 * column + letter - ord("A") + 1
    return column - 1


def formats_in(path: str, sheet: int, positions: list[int]) -> dict[int, bytearray]:
    """Column -> row -> how a cell is shown, for columns with percentages or clocks of hours and minutes; .xlsx and .xlsm only."""
    found: dict[int, bytearray] = {}
    if not positions or not zipfile.is_zipfile(path):
        return found
    with zipfile.ZipFile(path) as archive:
        part = part_of(archive, sheet)
        codes = codes_of(archive) if part and "xl/styles.xml" in archive.namelist() else {}
        for piece in pieces_of(archive, part, b"c>") if part and codes else ():
            for cell in _CELL.finditer(piece):
                place, style = _PLACE.search(cell[1]), _STYLE.search(cell[1])
                code = codes.get(int(style[1])) if style else None
                if place and code and (position := column_of(place[1])) in positions and int(place[2]) <= _LAST_ROW:
                    found.setdefault(position, bytearray(_LAST_ROW + 1))[int(place[2])] = code
    return found


def codes_of(archive: zipfile.ZipFile) -> dict[int, int]:
    """Number of a cell style -> what its number format shows, for percentages and clocks of hours and minutes."""
    root = ElementTree.fromstring(archive.read("xl/styles.xml"))
    known = dict(_BUILT_IN)
    for element in root.iter():
        if element.tag.endswith("}numFmt"):
            plain = _LITERAL.sub("", element.attrib["formatCode"])
            known[int(element.attrib["numFmtId"])] = _PERCENT if "%" in plain else _HOURS_AND_MINUTES if _CLOCK.fullmatch(plain) else 0
    styles = next((element for element in root if element.tag.endswith("}cellXfs")), ())
    return {number: code for number, style in enumerate(styles) if (code := known.get(int(style.attrib.get("numFmtId", 0))))}


def part_of(archive: zipfile.ZipFile, sheet: int) -> str | None:
    """The file inside an .xlsx that holds its sheet number `sheet` (from 0); None in another format."""
    if "xl/workbook.xml" not in archive.namelist():
        return None
    sheets = [element for element in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter() if element.tag.endswith("}sheet")]
    key = next(value for name, value in sheets[sheet].attrib.items() if name.endswith("}id"))
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    target = next(link.attrib["Target"] for link in links if link.attrib["Id"] == key)
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def cells_of(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[bytes, int, str]]:
    """(column letters, row, text) of every error and every formula without a value, row by row."""
    for piece in pieces_of(archive, part, b"row>"):
        if b't="e"' in piece:
            for cell in _ERROR_CELL.finditer(piece):
                if place := _PLACE.search(cell[0]):
                    yield place[1], int(place[2]), cell[1].decode("utf-8", "replace")
        for formula in _NO_VALUE.finditer(piece):
            begins = cell_before(piece, formula.start())
            if begins and b't="str"' not in begins[1] and (place := _PLACE.search(begins[1])):
                yield place[1], int(place[2]), f"{(place[1] + place[2]).decode()}{WITHOUT_VALUE}"


def cell_before(piece: bytes, end: int) -> re.Match[bytes] | None:
    """The start of the cell that ends at a place."""
    first = max(end - _LONGEST_FORMULA, 0)
    start = piece.rfind(b"<c ", first, end)
    if start < 0 and (start := piece.rfind(b":c ", first, end)) > 0:
        start = piece.rfind(b"<", first, start)
    return _CELL.match(piece, start) if start >= 0 else None


def pieces_of(archive: zipfile.ZipFile, part: str, end: bytes) -> Iterator[bytes]:
    """A sheet in pieces that end where a row or cell does, never the whole sheet at once."""
    rest = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_AT_ONCE):
            rest += chunk
            cut = rest.rfind(end) + len(end)
            if cut >= len(end):
                yield rest[:cut]
                rest = rest[cut:]


def limit_itself(memory: int, seconds: int, written: int) -> None:
    """Let this process end rather than take the machine's memory, processor or disk (where the system can)."""
    if sys.platform == "win32":
        return
    import resource

    for kind, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_FSIZE, written)):
        highest = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (most if highest == resource.RLIM_INFINITY else min(most, highest), highest))


def main(path: str, *limits: str) -> None:
    """Answer questions about one workbook until there are no more."""
    limit_itself(*map(int, limits))
    try:
        with Path(path).open("rb") as stream, CalamineWorkbook.from_filelike(stream) as workbook:
            print(json.dumps({"answer": None}), flush=True)
            for line in sys.stdin:
                print(json.dumps({"answer": answer(json.loads(line), workbook, path)}), flush=True)
    except (CalamineError, zipfile.BadZipFile, ElementTree.ParseError, LookupError, StopIteration, UnicodeDecodeError) as problem:
        locked = isinstance(problem, PasswordError) or _LOCKED in Path(path).read_bytes()
        print(json.dumps({"problem": "password" if locked else "broken", "detail": f"{problem}"}), flush=True)
    except MemoryError:
        print(json.dumps({"problem": "memory"}), flush=True)
    except OSError as problem:
        print(json.dumps({"problem": "disk", "detail": problem.strerror or str(problem)}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
