"""The same rows, however a tool writes them: one answer to the last digit, without a recipe."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
import xlsxwriter

from analytics.intake import Original, preview
from analytics.intake.recognise import recognise

CONTACTS = ("Started at", "Vendor", "Site", "Outcome", "Wait seconds", "Handle seconds", "Rating")
TOTALS = ("Date", "Vendor", "Site", "Contacts offered", "Contacts handled", "Handle seconds", "Cost")


@dataclass(frozen=True)
class Export:
    """One way to write a table, with what then must be said because the cells cannot tell."""

    date: str = "%Y-%m-%d"
    delimiter: str = ","
    decimal: str = "."
    encoding: str = "utf-8"
    name: Callable[[str], str] = str
    workbook: bool = False
    answers: dict[str, str] = field(default_factory=dict)


EXPORTS = {
    "iso": Export(),
    "dmy": Export(date="%d/%m/%Y"),
    "mdy": Export(date="%m/%d/%Y"),
    "bom": Export(encoding="utf-8-sig"),
    "utf16": Export(encoding="utf-16", delimiter="\t"),
    "semicolon": Export(delimiter=";", decimal=","),
    "xlsx": Export(workbook=True),
    "snake_case": Export(name=lambda name: name.lower().replace(" ", "_")),
    "upper case": Export(name=str.upper),
}
OPEN = {
    "dmy": Export(date="%d/%m/%Y", answers={"date_order": "dmy"}),
    "mdy": Export(date="%m/%d/%Y", answers={"date_order": "mdy"}),
}


def contacts(days: int) -> list[tuple[object, ...]]:
    """Five contacts a day from 1 March 2026; every seventh is abandoned; waits have tenths of seconds."""
    rows = []
    for number in range(5 * days):
        moment = datetime(2026, 3, 1, 8) + timedelta(days=number // 5, minutes=17 * number % 600)
        answered = number % 7 != 0
        handled = (200.25 + number, 1 + number % 5) if answered else ("", "")
        outcome = "answered" if answered else "abandoned"
        rows.append((moment, ("Acme", "Málaga Voz")[number % 2], ("Cebu", "Lima")[number % 3 % 2], outcome, 3.5 + number % 40, *handled))
    return rows


def totals(days: int) -> list[tuple[object, ...]]:
    """Two vendors a day from 1 March 2026."""
    return [
        (datetime(2026, 3, 1) + timedelta(days=day), vendor, "Cebu", 1200 + day, 1100 + day, 330_000.5 + day, 2_500.75 + day)
        for day in range(days)
        for vendor in ("Acme", "Málaga Voz")
    ]


def written(names: Sequence[str], rows: Sequence[Sequence[object]], export: Export) -> bytes:
    """The table as this export writes it; a date has its time where its column has one."""
    timed = any(isinstance(cell, datetime) and cell.hour for row in rows for cell in row)
    header = [export.name(name) for name in names]
    stream = io.BytesIO()
    if export.workbook:
        with xlsxwriter.Workbook(stream, {"default_date_format": "yyyy-mm-dd hh:mm:ss" if timed else "yyyy-mm-dd"}) as book:
            sheet = book.add_worksheet()
            for line, cells in enumerate([header, *rows]):
                sheet.write_row(line, 0, cells)
        return stream.getvalue()

    def text(cell: object) -> str:
        if isinstance(cell, datetime):
            return cell.strftime(export.date + (" %H:%M:%S" if timed else ""))
        return str(cell).replace(".", export.decimal) if isinstance(cell, float) else str(cell)

    lines = io.StringIO()
    csv.writer(lines, delimiter=export.delimiter).writerows([header, *([text(cell) for cell in row] for row in rows)])
    return lines.getvalue().encode(export.encoding)


def read(names: Sequence[str], rows: Sequence[Sequence[object]], export: Export, tmp_path: Path) -> pa.Table:
    """What the recipe proposed for the file makes of it; only what the cells cannot tell is answered."""
    path = tmp_path / ("export.xlsx" if export.workbook else "export.csv")
    path.write_bytes(written(names, rows, export))
    found = recognise(Original.of(path, path.name), export.answers)
    assert [question.key for question in found.questions if question.key in ("date_order", "decimal", "encoding", "delimiter")] == []
    answers = {**export.answers, **{question.key: question.choices[0].value for question in found.questions}}
    recipe = recognise(Original.of(path, path.name), answers).recipe if found.questions else found.recipe
    taken = preview(path, path.name, recipe, answers)
    assert taken.refusal is None and taken.rows_rejected == 0 and taken.reading is not None
    table = taken.reading.tables["performance_rows"].drop_columns(["line"] if recipe.shape == "aggregates" else [])
    return table.sort_by([(name, "ascending") for name in ("period_start", "vendor", "site")])


@pytest.mark.parametrize("name", EXPORTS)
@pytest.mark.parametrize(("names", "rows"), [(CONTACTS, contacts(20)), (TOTALS, totals(20))], ids=["contacts", "totals"])
def test_one_answer_whatever_the_export(name: str, names: Sequence[str], rows: Sequence[Sequence[object]], tmp_path: Path) -> None:
    """20 days: the days above 12 settle the order of the dates."""
    assert read(names, rows, EXPORTS[name], tmp_path).equals(read(names, rows, Export(), tmp_path))


@pytest.mark.parametrize("name", OPEN)
@pytest.mark.parametrize(("names", "rows"), [(CONTACTS, contacts(9)), (TOTALS, totals(9))], ids=["contacts", "totals"])
def test_nine_days_leave_the_order_of_the_dates_open(
    name: str, names: Sequence[str], rows: Sequence[Sequence[object]], tmp_path: Path
) -> None:
    export = OPEN[name]
    path = tmp_path / "open.csv"
    path.write_bytes(written(names, rows, export))
    assert "date_order" in [question.key for question in recognise(Original.of(path, path.name)).questions]
    assert read(names, rows, export, tmp_path).equals(read(names, rows, Export(), tmp_path))


def test_the_answer_is_the_right_one(tmp_path: Path) -> None:
    """100 contacts, every seventh abandoned: 15; the others handled in 200.25 s and their number."""
    table = read(CONTACTS, contacts(20), Export(), tmp_path)
    sums = {name: sum(table.column(name).to_pylist()) for name in ("contacts_offered", "contacts_handled")}
    assert sums == {"contacts_offered": 100, "contacts_handled": 85}
    handled = [number for number in range(100) if number % 7]
    assert float(sum(table.column("handle_seconds").to_pylist())) == 200.25 * 85 + sum(handled)
