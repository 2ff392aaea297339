"""notes and events as a user or a script calls them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from analytics.__main__ import main
from tests.rows import store_of

pytestmark = pytest.mark.slow


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--warehouse", str(folder)])


def test_they_are_written_listed_and_refused_with_a_reason(tmp_path: Path) -> None:
    store_of(tmp_path, [{"contacts_handled": 10, "site": "Pune"}])
    note = ("notes", "--kpi", "csat", "--vendor", "Acme", "--period", "2026-08", "--author", "A. B.", "--add")
    assert run(tmp_path, *note, "Relief asked for").exit_code == 0
    assert json.loads(run(tmp_path, *note, "Relief granted", "--json").stdout)["files"][0]["status"] == "stored"
    (row,) = json.loads(run(tmp_path, "notes", "--period", "2026-Q3", "--json").stdout)["rows"]
    assert (row["body"], row["author"], row["stored_by"], row["earlier"][0]["body"]) == (
        "Relief granted",
        "A. B.",
        "local",
        "Relief asked for",
    )
    assert run(tmp_path, "notes", "--period", "2026-Q2").stderr == "There are no such notes.\n"
    misspelt = run(tmp_path, "notes", "--vendor", "Acne", "--author", "A", "--add", "x")
    assert (misspelt.exit_code, misspelt.stderr) == (2, "There is no data for the vendor 'Acne'. Did you mean: Acme?\n")
    event = ("events", "--add", "Outage", "--owner", "C. D.", "--site", "Pune")
    assert run(tmp_path, *event).stderr == "An event needs its day. Add --on 2026-08-14.\n"
    assert run(tmp_path, *event, "--on", "2026-08-14").exit_code == 0
    assert run(tmp_path, "events").stdout.splitlines()[1].split() == ["2026-08-14", "Outage", "all", "Pune", "all", "C.", "D.", "b0003"]
