"""Files made to harm: refused within seconds, in little memory, and the process that refused them reads the next file."""

import gzip
import io
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from analytics.errors import IntakeError
from analytics.intake import Original, parse_recipe, preview
from analytics.intake.hollow import LOOKED_INTO
from analytics.intake.recognise import recognise
from tests.recipes import CALLS_BY_DAY

ROOT = Path(__file__).resolve().parents[2]
TOTALS = parse_recipe(CALLS_BY_DAY, "totals")
CONTACTS = parse_recipe(
    'shape = "interactions"\nsource = "acd"\n[dimensions]\nperiod_start = {column = "Date", grain = "day"}\n'
    'vendor = {column = "Vendor"}\n[measures]\ncontacts_offered = {count = true}\n',
    "contacts",
)
HEADER, ROW = b"Date,Vendor,Calls\n", b"2026-01-05,Acme,10\n"
MEGABYTE = 1 << 20
LAUGHS = "<!DOCTYPE x [<!ENTITY l0 'ha'>" + "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10)) + "]>"
CELL = '<row r="{row}"><c r="{column}{row}" t="inlineStr"><is><t>{text}</t></is></c></row>'


def workbook(*rows: str, sheets: int = 1, start: str = "", parts: int = 0) -> bytes:
    """An .xlsx by hand: these rows on every sheet, `start` at the start of its XML, `parts` further files."""
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    packages, main = "http://schemas.openxmlformats.org/package/2006", "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    names = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="r{n}"/>' for n in range(1, sheets + 1))
    links = "".join(f'<Relationship Id="r{n}" Type="{relations}/worksheet" Target="worksheets/s{n}.xml"/>' for n in range(1, sheets + 1))
    top = f'<Relationship Id="r1" Type="{relations}/officeDocument" Target="xl/workbook.xml"/>'
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        override = f'<Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/>'
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{packages}/content-types">{override}</Types>')
        archive.writestr("_rels/.rels", f'<Relationships xmlns="{packages}/relationships">{top}</Relationships>')
        archive.writestr("xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>{names}</sheets></workbook>')
        archive.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{packages}/relationships">{links}</Relationships>')
        for number in range(1, sheets + 1):
            xml = f'{start}<worksheet xmlns="{main}"><sheetData>{"".join(rows)}</sheetData></worksheet>'
            archive.writestr(f"xl/worksheets/s{number}.xml", xml)
        for number in range(parts):
            archive.writestr(f"x/{number}", "")
    return file.getvalue()


def deep_workbook() -> bytes:
    """2.5 GB of zeros in a sheet of 2.5 MB."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "")
        with archive.open("xl/worksheets/s1.xml", "w", force_zip64=True) as sheet:
            for _ in range(2_500):
                sheet.write(bytes(MEGABYTE))
    return file.getvalue()


A1, CORNER = CELL.format(column="A", row=1, text="Date"), CELL.format(column="XFD", row=1_048_576, text="1")
BOMBS: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "cell of 20 MB": ("csv", lambda: HEADER + ROW + b"2026-01-05," + b"A" * 20 * MEGABYTE + b",1\n" + ROW, "longer than"),
    "cell of 10 million lines": ("csv", lambda: HEADER + ROW + b'2026-01-05,"' + b"A\n" * 10_000_000 + b'",1\n', "longer than"),
    "100,000 columns": ("csv", lambda: b",".join(b"c%d" % n for n in range(100_000)) + b"\n" + b"1," * 99_999 + b"1\n", "100,000 columns"),
    "a row of a million cells": ("csv", lambda: HEADER + ROW + b"1," * 1_500_000 + b"\n", "longer than"),
    "no line end": ("csv", lambda: b"a" * 200 * MEGABYTE, "longer than"),
    "one quote": ("csv", lambda: b'"' * (200 * MEGABYTE + 1), "longer than"),
    "zero bytes": ("csv", lambda: bytes(100 * MEGABYTE), "zero byte|longer than|UTF-32|UTF-16"),
    "gzip": ("csv", lambda: gzip.compress(b"0," * 100 * MEGABYTE, 1), "gzip|compressed"),
    "deep workbook": ("xlsx", deep_workbook, "unpacks to 2.4 GB"),
    "the last cell of a sheet": ("xlsx", lambda: workbook(A1, CORNER), "too much memory"),
    "many sheets": ("xlsx", lambda: workbook(A1, sheets=1_000), "1,000 sheets"),
    "many parts": ("xlsx", lambda: workbook(A1, parts=20_000), "files"),
    "a billion laughs": ("xlsx", lambda: workbook(CELL.format(column="A", row=1, text="&l9;"), start=LAUGHS), ""),
}
MEASURED = """
import sys, time
from pathlib import Path
from tests.intake.test_bombs import HEADER, ROW, most_memory, outcomes
plain, bomb = Path(sys.argv[1]), Path(sys.argv[2])
outcomes(plain)
before = most_memory()
print(*outcomes(bomb), most_memory() - before, outcomes(plain) == ["read", "read", "read"], sep="\\n")
"""


def most_memory() -> int:
    """Megabytes: the most this process ever had."""
    status = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) >> 10


def outcomes(path: Path) -> list[str]:
    """What the three ways to read a file come to; a file that is refused says why and how many seconds that took."""
    started, said = time.perf_counter(), []
    try:
        recognise(Original.of(path, path.name))
        said.append("read")
    except IntakeError as problem:
        said.append(f"{time.perf_counter() - started:.1f} {problem.message}")
    for recipe in (TOTALS, CONTACTS):
        started = time.perf_counter()
        refusal = preview(path, path.name, recipe).refusal
        said.append(f"{time.perf_counter() - started:.1f} {refusal.message}" if refusal else "read")
    return said


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the most memory of a process is read from /proc")
@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused_in_seconds_and_little_memory(name: str, tmp_path: Path) -> None:
    suffix, made, why = BOMBS[name]
    plain, bomb = tmp_path / "plain.csv", tmp_path / f"bomb.{suffix}"
    plain.write_bytes(HEADER + ROW)
    bomb.write_bytes(made())
    run = subprocess.run([sys.executable, "-c", MEASURED, str(plain), str(bomb)], cwd=ROOT, capture_output=True, text=True, check=True)
    *refused, memory, lives = run.stdout.splitlines()
    assert int(memory) < 200 and lives == "True"
    for said in refused:
        seconds, _, message = said.partition(" ")
        assert float(seconds) < 15, f"{said}: meant are 5 s, more is left to a busy machine"
        assert why in message or any(part in message for part in why.split("|"))


@pytest.mark.parametrize("start", [HEADER, HEADER + ROW], ids=["a header", "one row"])
def test_millions_of_empty_rows_are_told_by_a_few_looks(start: bytes, tmp_path: Path) -> None:
    path = tmp_path / "hollow.csv"
    path.write_bytes(start + b",,\n" * (LOOKED_INTO // 3 + 1))
    begun = time.monotonic()
    with pytest.raises(IntakeError, match="Most of the file is empty rows"):
        recognise(Original.of(path, path.name))
    read = preview(path, path.name, TOTALS)
    assert read.refusal and "Most of the file is empty rows" in read.refusal.message
    assert time.monotonic() - begun < 5
