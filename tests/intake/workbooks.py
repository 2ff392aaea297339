"""Workbooks made for tests: sheets from plain values, and files that are broken, locked or too large in one chosen way."""

import struct
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path

import xlsxwriter

FORMATS = {date: "dd/mm/yyyy", datetime: "dd/mm/yyyy hh:mm:ss", time: "h:mm:ss", timedelta: "[h]:mm:ss"}
Rows = Sequence[Sequence[object]]
_CONTENT = """<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:spreadsheet><table:table table:name="Calls">{rows}</table:table></office:spreadsheet></office:body>
</office:document-content>"""


def write_workbook(path: Path, sheets: Mapping[str, Rows], first_row: int = 0, first_column: int = 0) -> Path:
    """An .xlsx with these sheets; a text that starts with # is an error value, one that starts with = a formula worth 2."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    formats = {kind: book.add_format({"num_format": shown}) for kind, shown in FORMATS.items()}
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for row, cells in enumerate(rows, first_row):
            for column, cell in enumerate(cells, first_column):
                if isinstance(cell, str) and cell.startswith("#"):
                    sheet.write_formula(row, column, "=1/0", None, cell)
                elif isinstance(cell, str) and cell.startswith("="):
                    sheet.write_formula(row, column, cell, None, 2)
                else:
                    sheet.write(row, column, cell, formats.get(type(cell)))
    book.close()
    return path


def write_open_document(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    """An .ods with one sheet 'Calls' of texts."""
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'.format
    lines = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    listed = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", _CONTENT.format(rows=lines))
        archive.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{listed}</manifest:manifest>',
        )
    return path


def locked_workbook() -> bytes:
    """What Excel makes of a workbook with a password: an old-style container whose contents are encrypted."""
    free, end_of_chain, fat_sector = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<8I", 1, 1, 0, 4096, end_of_chain, 0, end_of_chain, 0) + struct.pack("<109I", 0, *[free] * 108)
    table = struct.pack("<128I", fat_sector, end_of_chain, *[free] * 126)
    entries = _entry("Root Entry", 5, child=1) + _entry("EncryptedPackage", 2) + bytes(256)
    return header + table + entries


def _entry(name: str, kind: int, child: int = 0xFFFFFFFF) -> bytes:
    """One entry of a container's directory: a storage (5) or an empty stream (2)."""
    encoded = name.encode("utf-16-le")
    links = struct.pack("<3I", 0xFFFFFFFF, 0xFFFFFFFF, child)
    return encoded.ljust(64, b"\0") + struct.pack("<HBB", len(encoded) + 2, kind, 1) + links + bytes(36) + struct.pack("<IQ", 0xFFFFFFFE, 0)


def claiming(content: bytes, unpacked: int) -> bytes:
    """The same zip archive, whose directory says that its first file unpacks to so many bytes."""
    place = content.index(b"PK\x01\x02") + 24
    return content[:place] + struct.pack("<I", unpacked) + content[place + 4 :]


def zip_of(**files: str) -> bytes:
    """A zip archive that is no workbook."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return stream.getvalue()
