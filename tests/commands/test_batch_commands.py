"""rejects, history, backup, restore and rebuild as a user or a script calls them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from analytics.__main__ import main
from tests.recipes import CALLS_BY_DAY

pytestmark = pytest.mark.slow

FIRST = "Date,Vendor,Calls\n2026-01-05,Acme,10\n2026-01-06,Acme,=1+1\n"
CORRECTED = "Date,Vendor,Calls\n2026-01-05,Acme,12\n"
HANDLED = CALLS_BY_DAY.replace("contacts_offered", "contacts_handled")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A file with one refused row, and a correction of its other row."""
    (tmp_path / "acd.toml").write_text(HANDLED, encoding="utf-8")
    for name, content in (("first.csv", FIRST), ("corrected.csv", CORRECTED)):
        (tmp_path / name).write_text(content, encoding="utf-8")
        assert run(tmp_path, "load", str(tmp_path / name), "--recipe", str(tmp_path / "acd.toml")).exit_code == 0
    return tmp_path


def run(folder: Path, *arguments: str, warehouse: str = "warehouse") -> Result:
    result = CliRunner().invoke(main, [*arguments, "--warehouse", str(folder / warehouse)])
    assert "Traceback" not in result.output
    return result


def handled(folder: Path, warehouse: str = "warehouse") -> float:
    result = run(folder, "kpi", "--kpi", "contacts_handled", "--json", warehouse=warehouse)
    return json.loads(result.stdout)["rows"][0]["value"]


def test_refused_rows_are_printed_and_taken_away(folder: Path) -> None:
    printed = run(folder, "rejects", "b0001")
    assert printed.stdout.splitlines()[1].startswith("3     Calls   '=1+1' is not a number")
    assert printed.stderr.splitlines()[-1] == "b0001 (first.csv): 1 refused rows."
    written = run(folder, "rejects", "b0001", "--out", str(folder / "refused.csv"), "--json")
    (row,) = json.loads(written.stdout)["rows"]
    assert (row["line"], row["column"], row["raw"]) == (3, "Calls", "2026-01-06,Acme,=1+1") and row["remedy"]
    assert (folder / "refused.csv").read_text(encoding="utf-8-sig").startswith("line,column,reason,remedy,raw\n")
    assert run(folder, "rejects", "b0002").stderr.endswith("b0002 (corrected.csv): 0 refused rows.\n")


def test_refused_rows_come_back_corrected(folder: Path) -> None:
    """10 and, once it is corrected, 7; the later file's 12 stays the last word on 5 January."""
    cells = folder / "cells.csv"
    assert "1 refused row written" in run(folder, "rejects", "b0001", "--csv", str(cells)).stderr
    text = cells.read_text(encoding="utf-8-sig")
    assert text.splitlines()[1] == "3,\"'=1+1' is not a number\",2026-01-06,Acme,'=1+1".replace('"', "") and handled(folder) == 12
    cells.write_text(text.replace(",'=1+1", ",7"), encoding="utf-8")
    fixed = run(folder, "rejects", "b0001", "--fixed", str(cells), "--json")
    (report,) = json.loads(fixed.stdout)["files"]
    assert (report["status"], report["batch"], report["rows_rejected"]) == ("stored", "b0003", 0) and handled(folder) == 19
    assert run(folder, "undo", "b0003").exit_code == 0 and handled(folder) == 12
    assert "no column 'refused_line'" in run(folder, "rejects", "b0001", "--fixed", str(folder / "first.csv")).stderr


def test_no_refused_row_becomes_a_formula(folder: Path) -> None:
    (folder / "formula.csv").write_text("Date,Vendor,Calls\n=cmd|' /C calc'!A0,Acme,1\n2026-01-08,Acme,1\n", encoding="utf-8")
    run(folder, "load", str(folder / "formula.csv"), "--recipe", str(folder / "acd.toml"))
    run(folder, "rejects", "b0003", "--out", str(folder / "refused.csv"))
    cells = (folder / "refused.csv").read_text(encoding="utf-8-sig").splitlines()[1].split(",")
    assert not any(cell.lstrip('"').startswith(("=", "+", "-", "@")) for cell in cells)


def test_an_unknown_batch_and_a_place_that_cannot_be_written(folder: Path) -> None:
    unknown = run(folder, "rejects", "b001", "--json")
    assert unknown.exit_code == 2 and json.loads(unknown.stdout)["error"]["message"] == "Unknown batch 'b001'."
    taken = run(folder, "rejects", "b0001", "--out", str(folder / "first.csv" / "x.csv"))
    assert taken.exit_code == 1 and "cannot be written" in taken.stderr


def test_history_tells_changes_and_restatements(folder: Path) -> None:
    told = json.loads(run(folder, "history", "--json").stdout)
    assert [(row["changed_by"], row["action"], row["detail"]) for row in told["rows"]] == [
        ("local", "load", "corrected.csv"), ("local", "load", "first.csv"),
    ]  # fmt: skip
    (row,) = told["restatements"]
    assert row | {"restated_at": None} == {
        "batch_id": "b0002", "action": "load", "restated_at": None, "kpi": "contacts_handled", "vendor": "Acme",
        "period_start": "2026-01-01", "grain": "month", "old_numerator": 10.0, "old_denominator": None, "old_value": 10.0,
        "new_numerator": 12.0, "new_denominator": None, "new_value": 12.0,
    }  # fmt: skip
    run(folder, "undo", "b0002")
    lines = run(folder, "history").stdout.splitlines()
    assert lines[1].endswith("local  undo    b0002 corrected.csv") and lines[5] == "Published numbers that changed"
    assert lines[7].split()[2:] == ["undo", "b0002", "Acme", "Jan", "2026", "Contacts", "handled", "12", "10"]
    assert "b0001 (first.csv) changed no published number." in run(folder, "history", "b0001").stderr


def test_a_backup_is_restored_into_another_folder(folder: Path) -> None:
    saved = folder / "saved.zip"
    made = run(folder, "backup", str(saved), "--json")
    assert json.loads(made.stdout) == {"file": str(saved), "version": 2, "originals": 2, "bytes": saved.stat().st_size}
    again = run(folder, "backup", str(saved))
    assert again.exit_code == 2 and "--force" in again.stderr
    assert run(folder, "backup", str(saved), "--force", "--without-originals").exit_code == 0
    assert "without originals" in run(folder, "restore", str(saved), warehouse="other").stderr
    assert handled(folder, "other") == 12
    none = run(folder, "restore", str(folder / "none.zip"))
    assert none.exit_code == 1 and "There is no backup" in none.stderr


def test_rebuild_says_from_what(folder: Path) -> None:
    made = json.loads(run(folder, "rebuild", "--json").stdout)
    assert made == {"version": 3, "based_on": "version 2", "files": 2, "read_differently": []} and handled(folder) == 12
    for version in (1, 2, 3):
        (folder / "warehouse" / f"warehouse.{version}.duckdb").unlink()
    assert "Version 4 rebuilt from 2 originals and the list of batches." in run(folder, "rebuild").stderr
    assert handled(folder) == 12
    for original in (folder / "warehouse" / "originals").glob("*.csv"):
        original.unlink()
    lost = run(folder, "rebuild")
    assert lost.exit_code == 1 and "(first.csv, b0001) is missing" in lost.stderr and "restore" in lost.stderr


def test_a_file_all_of_whose_rows_came_anew_is_called_replaced(folder: Path) -> None:
    def statuses() -> list[str]:
        return [row["status"] for row in json.loads(run(folder, "batches", "--json").stdout)["rows"]]

    assert statuses() == ["replaced", "active"]
    assert run(folder, "batches").stdout.splitlines()[0].split()[3] == "replaced"
    assert run(folder, "undo", "b0002").exit_code == 0
    assert statuses() == ["active", "undone"]
