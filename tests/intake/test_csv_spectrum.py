"""csv-spectrum: every file read exactly as its JSON says, by each of the readers that split text into cells."""

import json
from itertools import islice
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from analytics.intake import Original, Recipe, Shape, untold
from analytics.intake.contacts.reading import connected
from analytics.intake.contacts.sources import WholeText, write_records
from analytics.intake.contacts.text import open_text
from analytics.intake.recognise.encodings import find_encoding
from analytics.intake.recognise.findings import Findings
from analytics.intake.recognise.records import Dialect, read_records, text_lines
from analytics.intake.sheet import decode, read_sheet
from analytics.intake.workspace import Workspace

SPECTRUM = Path(__file__).resolve().parents[1] / "data" / "csv-spectrum"
FILES = sorted((SPECTRUM / "csvs").glob("*.csv"))
WITH_LINE_BREAKS = {"newlines", "newlines_crlf", "quotes_and_newlines"}
LOOSELY_QUOTED = {"escaped_quotes", "json"}  # a quote beside a blank, where readers disagree

spectrum = pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])


def bare(shape: Shape) -> Recipe:
    """A recipe that asks for no column."""
    return Recipe("bare", shape, "bare", "")


def expected(file: Path) -> list[dict[str, str]]:
    return json.loads((SPECTRUM / "json" / f"{file.stem}.json").read_text(encoding="utf-8"))


def test_the_set_is_whole() -> None:
    assert len(FILES) == 11
    assert [file.stem for file in FILES if b"\r\n" in file.read_bytes()] == ["empty_crlf", "newlines_crlf", "simple_crlf"]


@spectrum
def test_sheets(file: Path) -> None:
    sheet = read_sheet(decode(file.read_bytes()), bare(Shape.AGGREGATES))
    assert [dict(zip(sheet.header, row.cells, strict=True)) for row in sheet.rows] == expected(file)
    assert sheet.rejects == ()


@spectrum
def test_recognition(file: Path) -> None:
    original = Original.of(file, file.name)
    code = find_encoding(original, Findings())
    names, *rows = (cells for _, cells in read_records(text_lines(original, code), Dialect(code, ",")))
    assert [dict(zip(names, cells, strict=True)) for cells in rows] == expected(file)


@spectrum
def test_contacts_record_by_record(file: Path, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    text = open_text(Original.of(file, file.name), bare(Shape.INTERACTIONS), workspace, untold)
    names = text.top.header
    table = pq.read_table(write_records(text, list(range(len(names))), workspace, untold).path)
    assert not any(table.column("torn").to_pylist())
    cells = zip(*(table.column(f"cell_{place}").to_pylist() for place in range(len(names))), strict=True)
    assert [dict(zip(names, row, strict=True)) for row in cells] == expected(file)


@spectrum
def test_contacts_as_a_whole(file: Path, tmp_path: Path) -> None:
    """Where DuckDB splits the text itself, it is the same; text with line breaks inside cells is left to the reader of records."""
    workspace = Workspace(tmp_path)
    text = open_text(Original.of(file, file.name), bare(Shape.INTERACTIONS), workspace, untold)
    whole = WholeText(text)
    with connected(workspace) as connection:
        rows = connection.execute(f"SELECT * FROM {whole.sql}").fetchall()
    exact = whole.is_exact(text.original.fingerprint.text, len(rows), 0)
    assert exact is (file.stem not in WITH_LINE_BREAKS | LOOSELY_QUOTED)
    if exact:
        assert [dict(zip(text.top.header, islice(row, len(text.top.header)), strict=True)) for row in rows] == expected(file)
