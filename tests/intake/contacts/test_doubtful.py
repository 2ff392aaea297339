"""Files of contacts that read without a fault and are not what they seem: contacts twice, ids added up, day and month swapped."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from analytics.intake import FileReport, load_file, parse_recipe
from analytics.intake.problems import Issue
from analytics.warehouse import Warehouse

RECIPE = """shape = "interactions"
source = "acd"
[dimensions]
period_start = {{column = "When", grain = "day", format = "{format}"}}
vendor = {{column = "Vendor"}}
[measures]
contacts_offered = {offered}
"""
COUNTED = "{count = true}"
US_DAY, HEAD = "%m/%d/%Y", "Call,When,Vendor"
CONTACTS = [f"{300_000_000 + call},03/{call % 7 + 2:02d}/2026,Acme" for call in range(1, 30)]


def loaded(
    folder: Path, rows: Sequence[str], offered: str = COUNTED, written: str = "%m/%d/%Y", head: str = "Call,When,Vendor"
) -> FileReport:
    path = folder / "calls.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return load_file(Warehouse(folder / "warehouse"), path, parse_recipe(RECIPE.format(format=written, offered=offered), "calls"))


def found(report: FileReport, code: str) -> list[Issue]:
    return [issue for issue in report.issues if issue.code == code]


def test_rows_that_are_there_twice_are_named_with_the_first_line(tmp_path: Path) -> None:
    (issue,) = found(loaded(tmp_path, [*CONTACTS, CONTACTS[4], CONTACTS[2]]), "twice")
    assert (issue.line, issue.column, issue.count) == (31, "Call", 2)
    assert issue.message == "2 rows are the same as another row of the file, Call included."
    assert 'fold_by = "Call"' in issue.remedy


def test_equal_rows_of_a_file_without_ids_are_different_contacts(tmp_path: Path) -> None:
    rows = [f"Web,03/{day:02d}/2026,Acme" for day in (2, 2, 3, 4)] + ["Phone,03/04/2026,Acme"]
    assert not found(loaded(tmp_path, rows, head="Channel,When,Vendor"), "twice")


def test_a_contact_that_is_there_twice_counts_once_as_events(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text("\n".join(["Call,When,Vendor", *CONTACTS, *CONTACTS[:5]]) + "\n", encoding="utf-8")
    text = RECIPE.format(format="%m/%d/%Y", offered=COUNTED).replace("interactions", "events")
    text += '[rows]\nfold_by = "Call"\norder_by = {column = "When", type = "date", format = "%m/%d/%Y"}\n'
    report = load_file(Warehouse(tmp_path / "warehouse"), path, parse_recipe(text, "calls"))
    assert [issue.message for issue in found(report, "folded")] == ["34 rows folded into 29 contacts by Call."]
    assert not found(report, "twice")


def test_ids_that_are_added_up_are_told(tmp_path: Path) -> None:
    (issue,) = found(loaded(tmp_path, CONTACTS, '{column = "Call"}'), "adds_numbers")
    assert issue.message == "contacts_offered adds up Call, which looks like an id: 300,000,015 on average."
    assert "contacts_offered = {count = true}" in issue.remedy


@pytest.mark.parametrize(("written", "swapped"), [("%d/%m/%Y", True), ("%m/%d/%Y", False)])
def test_days_that_would_be_in_a_row_the_other_way_round_are_told(tmp_path: Path, written: str, swapped: bool) -> None:
    issues = found(loaded(tmp_path, CONTACTS, written=written), "swapped_days")
    assert bool(issues) == swapped
    if swapped:
        assert issues[0].message.startswith("All contacts are on day 3 of 7 months (2026-02-03, 2026-03-03, 2026-04-03 and 4 more)")
        assert "from 2026-03-02 to 2026-03-08" in issues[0].remedy
