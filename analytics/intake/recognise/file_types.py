"""What a file is by its content, whatever it is called."""

import re

from analytics.errors import IntakeError

_TABLE = "Save the table as CSV UTF-8 and load that."
_NAME_IT = "Give it the ending of a workbook, or save the sheet as CSV UTF-8."
_MAGIC = (
    (b"PK\x03\x04", "a zip archive", "Unpack it and load the table inside."),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)", "Name it .xls, or save the sheet as CSV UTF-8."),
    (b"\x1f\x8b", "a gzip archive", "Unpack it and load the table inside."),
    (b"BZh", "a bzip2 archive", "Unpack it and load the table inside."),
    (b"\xfd7zXZ", "an xz archive", "Unpack it and load the table inside."),
    (b"7z\xbc\xaf", "a 7z archive", "Unpack it and load the table inside."),
    (b"\x28\xb5\x2f\xfd", "a zstd archive", "Unpack it and load the table inside."),
    (b"Rar!", "a rar archive", "Unpack it and load the table inside."),
    (b"\x89PNG", "a picture (PNG)", "A picture of a table cannot be read: export the table itself."),
    (b"\xff\xd8\xff", "a picture (JPEG)", "A picture of a table cannot be read: export the table itself."),
    (b"GIF8", "a picture (GIF)", "A picture of a table cannot be read: export the table itself."),
    (b"%PDF", "a PDF document", "Export the table behind the document as CSV."),
    (b"PAR1", "a Parquet file", _TABLE),
    (b"ORC", "an ORC file", _TABLE),
    (b"ARROW1", "an Arrow file", _TABLE),
    (b"SQLite format 3", "a database (SQLite)", "Export the table inside as CSV UTF-8."),
    (b"{\\rtf", "a text document (RTF)", _TABLE),
    (b"\x7fELF", "a program", _TABLE),
    (b"MZ\x90", "a program", _TABLE),
)  # fmt: skip
_HTML = re.compile(rb"\s*(<!--.*?-->\s*)*<(!doctype html|html|head|body|table|meta|div|script)\b", re.IGNORECASE | re.DOTALL)
_JSON = re.compile(rb"\s*[\[{]\s*([\[{\"\]}]|-?[0-9]|true|false|null)")
_JSON_LINE = re.compile(rb"\s*\{\s*\"[^\"]*\"\s*:")
_UTF8_MARK = b"\xef\xbb\xbf"


def refuse_other_types(head: bytes, name: str) -> None:
    """`IntakeError` naming what the file is when its first bytes are not those of a text table."""
    for start, what, remedy in _MAGIC:
        if head.startswith(start):
            said = _what(what, head)
            raise IntakeError(f"The file is {said}, not a text table{_renamed(name)}.", _NAME_IT if "(." in said else remedy)
    text = head.removeprefix(_UTF8_MARK)
    if _HTML.match(text):
        remedy = "Often this is a login page saved instead of the export: log in and export again as CSV."
        raise IntakeError(f"The file is a web page (HTML), not a text table{_renamed(name)}.", remedy)
    if text.lstrip().startswith(b"<?xml"):
        raise IntakeError(f"The file is XML, not a text table{_renamed(name)}.", _TABLE)
    if _looks_like_json(text):
        raise IntakeError(f"The file is JSON, not a text table{_renamed(name)}.", "Export it as CSV with one column per field.")


def _looks_like_json(text: bytes) -> bool:
    """An object, or a list that does not happen to be a cell in brackets."""
    return bool(_JSON_LINE.match(text) or (_JSON.match(text) and (b'":' in text or b'" :' in text or text.lstrip()[1:2] in b"[{")))


def _what(what: str, head: bytes) -> str:
    """A zip archive may be a workbook."""
    if what == "a zip archive" and (b"[Content_Types].xml" in head or b"xl/" in head):
        return "an Excel workbook (.xlsx)"
    return "a spreadsheet (.ods)" if what == "a zip archive" and b"opendocument.spreadsheet" in head else what


def _renamed(name: str) -> str:
    suffix = name.rpartition(".")[2].lower()
    return f", although it is called .{suffix}" if suffix in ("csv", "txt", "tsv") else ""
