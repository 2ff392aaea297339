"""editions as a user or a script calls it."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from analytics.__main__ import main
from analytics.commands.asked_review import asked_review
from analytics.review.editions import issue
from analytics.review.frozen import to_json
from analytics.warehouse import Warehouse
from tests.packs.reviews import ordinary_review
from tests.rows import EVERYTHING, empty_warehouse, store_of

PACKS = {"pdf": b"%PDF-1.7", "xlsx": b"PK\x03\x04"}


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--warehouse", str(folder)])


@pytest.fixture
def name(tmp_path: Path) -> str:
    warehouse = empty_warehouse(tmp_path)
    at = datetime(2026, 10, 14, 12, 0, tzinfo=UTC)
    return issue(warehouse, EVERYTHING, ordinary_review(), PACKS, "a.reyes", version=1, issued_on=at).name


def test_they_are_listed_with_their_state(name: str, tmp_path: Path) -> None:
    heading, row = run(tmp_path, "editions").stdout.splitlines()
    assert heading.split()[:2] == ["Edition", "Issued"]
    assert row.split("  ") == [name, "2026-10-14 12:00", "a.reyes", "5 of 5 vendors", "pdf, xlsx", "whole"]
    (found,) = json.loads(run(tmp_path, "editions", "--json", "--quarter", "2026-Q3").stdout)["rows"]
    assert (found["name"], found["number"], found["issued_on"]) == (name, 1, "2026-10-14T12:00:00+00:00")
    assert (found["vendors"], found["filters"], found["packs"], found["damaged"]) == (None, {}, {"pdf": 8, "xlsx": 4}, "")
    assert run(tmp_path, "editions", "--quarter", "2026-Q2").stderr.startswith("No review was issued yet.")


def test_export_writes_what_was_issued_byte_for_byte_and_nothing_over_other_files(name: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    export = ("editions", "--export", "2026-Q3_executive_all_1", "--out", str(out))
    assert run(tmp_path, *export).exit_code == run(tmp_path, *export).exit_code == 0
    assert {path.name: path.read_bytes() for path in out.iterdir()} == {
        f"{name}.pdf": PACKS["pdf"], f"{name}.xlsx": PACKS["xlsx"], f"{name}.json": to_json(ordinary_review()),
    }  # fmt: skip
    (out / f"{name}.pdf").write_bytes(b"mine")
    refused = run(tmp_path, *export)
    assert (refused.exit_code, "exists already and is another file" in refused.stderr) == (2, True)


def test_a_damaged_or_unknown_one_is_refused_with_a_reason(name: str, tmp_path: Path) -> None:
    assert run(tmp_path, "editions", "--export", "x").stderr == f"Unknown edition 'x'. Known: {name}.\n"
    path = Warehouse(tmp_path).folder / "editions" / f"{name}.zip"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-5])
    assert run(tmp_path, "editions").stdout.splitlines()[1].endswith("damaged: it is not as it was issued: its hash is another")
    refused = run(tmp_path, "editions", "--export", name)
    assert refused.exit_code == 1 and "cannot be opened" in refused.stderr


@pytest.mark.slow
def test_issue_keeps_review_and_packs_and_says_what_is_new_since_the_last(tmp_path: Path) -> None:
    store_of(tmp_path, [{"contacts_offered": 100, "contacts_handled": 90, "period_start": date(2026, 7, 1), "grain": "month"}])
    warehouse = Warehouse(tmp_path)
    found = asked_review(warehouse, "2026-Q3", "executive", "previous")
    issue(warehouse, EVERYTHING, found.review, PACKS, "before", version=found.version)
    issued = run(tmp_path, "issue", "--quarter", "2026-Q3", "--by", "Ana Reyes", "--json")
    assert issued.exit_code == 0, issued.stderr
    assert issued.stderr.splitlines()[1] == "Against edition 1: Nothing has changed since issue."
    edition = json.loads(issued.stdout)["edition"]
    assert (edition["number"], edition["issued_by"], list(edition["packs"])) == (2, "Ana Reyes", ["pdf", "pptx", "xlsx"])
    assert run(tmp_path, "issue", "--quarter", "2026-08").exit_code == 2
