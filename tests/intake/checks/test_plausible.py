"""What is possible and hardly true: handle times, days of one date in many months, targets of nobody."""

from pathlib import Path

import pytest

from analytics.intake import FileReport, load_file, parse_recipe
from tests.intake.checks.files import Desk, found

HEADER = "Date,Vendor,Site,Offered,Answered,Talk"
TARGETS = "kpi,vendor,comparator,expected,valid_from\n"


def test_a_handle_time_of_hours_names_what_another_unit_would_give(desk: Desk) -> None:
    (issue,) = found(desk.load([HEADER, "2026-06-01,Acme,Lund,10,10,180000"]), "handle_time")
    assert issue.message == "Average handle time comes to 300:00 min over the whole file, which is hardly true: is the unit right?"
    assert (
        "seconds instead of minutes (mm:ss instead of h:mm), it is 5:00 min; milliseconds instead of seconds, it is 0:18 min."
        in issue.remedy
    )


def test_a_handle_time_of_an_instant_as_well(desk: Desk) -> None:
    (issue,) = found(desk.load([HEADER, "2026-06-01,Acme,Lund,10,10,40"]), "handle_time")
    assert "minutes instead of seconds, it is 4:00 min" in issue.remedy


@pytest.mark.parametrize("talk", ["50", "3000", "72000", "0", ""])
def test_usual_handle_times_and_none_at_all_say_nothing(desk: Desk, talk: str) -> None:
    assert not found(desk.load([HEADER, f"2026-06-01,Acme,Lund,10,10,{talk}"]), "handle_time")


def test_more_answered_than_offered_is_noticed_without_a_column_of_abandoned(desk: Desk) -> None:
    (issue,) = found(desk.load(["Date,Vendor,Site,Offered,Answered", "2026-06-01,Acme,Lund,1000,1950"]), "impossible")
    assert issue.message == "contacts_handled is more than contacts_offered in 1 row."


def load_targets(desk: Desk, folder: Path, *rows: str) -> FileReport:
    path = folder / "targets.csv"
    path.write_text(TARGETS + "\n".join(rows) + "\n", encoding="utf-8")
    return load_file(desk.warehouse, path, parse_recipe('shape = "register"\nregister = "targets"\n', "targets"))


def test_a_target_of_a_vendor_without_numbers_names_the_nearest(desk: Desk, tmp_path: Path) -> None:
    desk.load(["Date,Vendor,Site,Offered", "2026-06-01,Acme,Lund,10"])
    rows = ["service_level,Acmee,>=,80 %,2026-01-01", "service_level,ACME,>=,80 %,2026-01-01", "csat,,>=,90 %,2026-01-01"]
    (issue,) = found(load_targets(desk, tmp_path, *rows), "unknown_vendor")
    assert issue.message == "1 target of the vendor 'Acmee', of which nothing is loaded: there is no number to hold against it."
    assert issue.remedy == "Did you mean: Acme?"


def test_targets_may_come_before_any_number(desk: Desk, tmp_path: Path) -> None:
    assert not found(load_targets(desk, tmp_path, "service_level,Acme,>=,80 %,2026-01-01"), "unknown_vendor")
