"""Refused rows put right: the numbers of a file that had been right from the start, and back again to the last digit."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from analytics.errors import IntakeError, UsageError
from analytics.intake import FileReport, Recipe, Status, load_file, parse_recipe
from analytics.intake.quarantine import LINE, WHY, Corrections, fix, refused_cells
from analytics.intake.rebuilding import rebuild
from analytics.undoing import undo
from analytics.warehouse import Scope, Warehouse, list_batches
from tests.intake.workbooks import write_workbook

EVERYTHING = Scope.everything()
DIMENSIONS = '[dimensions]\nperiod_start = {column = "Date", grain = "day"}\nvendor = {column = "Vendor"}\n'
TOTALS = 'shape = "aggregates"\nsource = "acd"\n' + DIMENSIONS + '[measures]\ncontacts_offered = {column = "Calls"}\n'
PARTS = TOTALS.replace("[dimensions]", '[rows]\nduplicates = "sum"\n[dimensions]')
CONTACTS = 'shape = "interactions"\nsource = "acd"\n' + DIMENSIONS
CONTACTS += '[measures]\ncontacts_offered = {count = true}\nqueue_seconds = {column = "Calls", unit = "seconds"}\n'
EVENTS = CONTACTS.replace('"interactions"', '"events"').replace(
    "[dimensions]", '[rows]\nfold_by = "Note"\norder_by = {column = "Calls", type = "integer"}\n[dimensions]'
)
HEADER = "Date,Vendor,Calls,Note\n"
ROWS = [
    "2026-01-05,Acme,10,one",
    "2026-01-05,Acme,20,two",
    "2026-01-06,Bolt,30,one",
    "2026-01-07,Bolt,40,two",
]
WRONG = {2: ("Acme,20", "Acme,2O"), 4: ("01-07", "13-07")}
RIGHT: Corrections = {3: {"Calls": "20"}, 5: {"Date": "2026-01-07"}}


def recipe(text: str) -> Recipe:
    return parse_recipe(text, "calls")


def rows_of(shape: str, right: bool) -> str:
    """The file; for totals every row has a vendor of its own day, so that no key repeats."""
    rows = [row.replace("05,Acme,20", "06,Acme,20") if shape == TOTALS else row for row in ROWS]
    if not right:
        rows = [row.replace(*WRONG.get(place, ("", ""))) if place in WRONG else row for place, row in enumerate(rows, start=1)]
    return HEADER + "\n".join(rows) + "\n"


def load(warehouse: Warehouse, text: str, content: str, **answers: str) -> FileReport:
    path = warehouse.folder.parent / "calls.csv"
    path.write_text(content, encoding="utf-8")
    return load_file(warehouse, path, recipe(text), answers)


def counts(warehouse: Warehouse) -> pd.DataFrame:
    """What counts, whichever batch it came from."""
    rows = warehouse.open().select(EVERYTHING, "SELECT * EXCLUDE (batch_id) FROM performance ORDER BY ALL")
    return rows.dropna(axis="columns", how="all")


def broken(tmp_path: Path, text: str) -> Warehouse:
    warehouse = Warehouse(tmp_path / "broken")
    report = load(warehouse, text, rows_of(text, right=False))
    assert (report.status, report.rows_accepted, report.rows_rejected) == (Status.STORED, 2, 2)
    return warehouse


@pytest.mark.parametrize("text", [TOTALS, PARTS, CONTACTS, EVENTS], ids=["totals", "parts", "contacts", "events"])
def test_a_fix_gives_the_numbers_of_a_right_file_and_its_undo_those_before(tmp_path: Path, text: str) -> None:
    """Of the events contact 'one' is counted on its last day and 'two' on its last: two contacts, not four."""
    warehouse, right = broken(tmp_path, text), Warehouse(tmp_path / "right")
    before = counts(warehouse)
    load(right, text, rows_of(text, right=True))
    report = fix(warehouse, "b0001", RIGHT)
    assert (report.status, report.batch, report.rows_accepted, report.rows_rejected) == (Status.STORED, "b0002", 4, 0)
    pd.testing.assert_frame_equal(counts(warehouse), counts(right))
    undo(warehouse, "b0002")
    pd.testing.assert_frame_equal(counts(warehouse), before)


def test_a_day_that_was_refused_as_a_whole_replaces_what_was_there(tmp_path: Path) -> None:
    """Contacts of 7 January came before; the fixed file stands for that day, though all of its rows of it had been refused."""
    warehouse, right = Warehouse(tmp_path / "broken"), Warehouse(tmp_path / "right")
    for one in (warehouse, right):
        load(one, CONTACTS, HEADER + "2026-01-07,Bolt,1,one\n2026-01-07,Bolt,2,two\n")
    load(warehouse, CONTACTS, rows_of(CONTACTS, right=False))
    load(right, CONTACTS, rows_of(CONTACTS, right=True), occupied="replace")
    asked = fix(warehouse, "b0002", RIGHT)
    assert asked.status is Status.QUESTIONS and [question.key for question in asked.questions] == ["occupied"]
    assert fix(warehouse, "b0002", RIGHT, answers={"occupied": "replace"}).status is Status.STORED
    pd.testing.assert_frame_equal(counts(warehouse), counts(right))


def test_later_files_still_come_later(tmp_path: Path) -> None:
    """A correction of the same key that was loaded after the broken file stays the last word."""
    warehouse = broken(tmp_path, TOTALS)
    load(warehouse, TOTALS, HEADER + "2026-01-07,Bolt,99,late\n")
    fix(warehouse, "b0001", RIGHT)
    found = counts(warehouse)
    assert list(found.loc[found["vendor"] == "Bolt", "contacts_offered"]) == [30, 99]


def test_the_same_file_again_is_unchanged_and_a_rebuild_gives_the_same(tmp_path: Path) -> None:
    warehouse = broken(tmp_path, TOTALS)
    fix(warehouse, "b0001", RIGHT)
    fixed = counts(warehouse)
    again = load(warehouse, TOTALS, rows_of(TOTALS, right=False))
    assert (again.status, again.batch) == (Status.UNCHANGED, "b0002")
    rebuild(warehouse)
    pd.testing.assert_frame_equal(counts(warehouse), fixed)
    statuses = [(batch.batch_id, batch.status) for batch in list_batches(warehouse.open(), EVERYTHING)]
    assert statuses == [("b0001", "replaced"), ("b0002", "active")]


def test_rows_are_corrected_one_after_the_other_or_left_out(tmp_path: Path) -> None:
    warehouse = broken(tmp_path, TOTALS)
    first = fix(warehouse, "b0001", {3: {"Calls": "20"}})
    assert (first.batch, first.rows_accepted, first.rows_rejected) == ("b0002", 3, 1)
    with pytest.raises(UsageError, match="b0001 is replaced"):
        fix(warehouse, "b0001", RIGHT)
    second = fix(warehouse, "b0002", {5: None})
    assert (second.batch, second.rows_read, second.rows_rejected) == ("b0003", 3, 0)


def test_corrections_that_cannot_be_read_change_nothing(tmp_path: Path) -> None:
    warehouse = broken(tmp_path, TOTALS)
    with pytest.raises(IntakeError, match="None of the corrected rows"):
        fix(warehouse, "b0001", {3: {"Calls": "many"}})
    with pytest.raises(UsageError, match="Line 2 of b0001 was not refused"):
        fix(warehouse, "b0001", {2: {"Calls": "1"}})
    with pytest.raises(UsageError, match="no column 'Cals'"):
        fix(warehouse, "b0001", {3: {"Cals": "1"}})
    assert [batch.batch_id for batch in list_batches(warehouse.open(), EVERYTHING)] == ["b0001"]


def test_refused_rows_are_shown_with_their_cells_and_without_personal_data(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    load(warehouse, TOTALS, HEADER + "2026-01-05,Acme,1,ok\n2026-01-06,Acme,x,write to jane@acme.com\n2026-01-07,Acme\n")
    found = refused_cells(warehouse.open(), EVERYTHING, warehouse.originals, "b0001", 10)
    assert (found.count, found.read) == (2, ("Calls", "Date", "Vendor"))
    assert found.rows.drop(columns=WHY).values.tolist() == [
        [3, "2026-01-06", "Acme", "x", "write to [e-mail]"],
        [4, "2026-01-07", "Acme", "", ""],
    ]
    fix(warehouse, "b0001", {3: {"Calls": "2"}, 4: {"Calls": "3"}})
    assert list(counts(warehouse)["contacts_offered"]) == [1, 2, 3]
    kept = next(warehouse.originals.glob("*.csv"))
    assert all("jane@acme.com" in path.read_text("utf-8-sig") for path in warehouse.originals.glob("*.csv")) and kept


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_a_file_in_any_encoding_is_corrected_with_its_names_intact(tmp_path: Path, encoding: str) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    path = tmp_path / "calls.csv"
    path.write_bytes("Date;Vendor;Calls\r\n2026-01-05;Téléperf;1\r\n2026-01-06;Téléperf;x\r\n".encode(encoding))
    named = 'encoding = "cp1252"\n' + TOTALS if encoding == "cp1252" else TOTALS
    load_file(warehouse, path, recipe(named))
    fix(warehouse, "b0001", {3: {"Calls": "2"}})
    found = counts(warehouse)
    assert list(found["vendor"]) == ["Téléperf"] * 2 and list(found["contacts_offered"]) == [1, 2]


def test_the_sheet_of_a_workbook_is_corrected_as_text(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    path = tmp_path / "calls.xlsx"
    write_workbook(path, {"Calls": [["Date", "Vendor", "Calls"], [date(2026, 1, 5), "Acme", 1], [date(2026, 1, 6), "Acme", "x"]]})
    load_file(warehouse, path, recipe(TOTALS))
    report = fix(warehouse, "b0001", {3: {"Calls": "2"}})
    assert (report.status, report.file) == (Status.STORED, "calls (corrected).csv")
    assert list(counts(warehouse)["contacts_offered"]) == [1, 2]


def test_the_refused_rows_name_their_line_first(tmp_path: Path) -> None:
    warehouse = broken(tmp_path, TOTALS)
    found = refused_cells(warehouse.open(), EVERYTHING, warehouse.originals, "b0001", 1)
    assert list(found.rows.columns[:2]) == [LINE, WHY] and list(found.rows[LINE]) == [3] and found.count == 2
