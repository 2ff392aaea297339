"""Ranges may be said as periods, and a name the data does not have is answered by the nearest one."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from analytics.__main__ import main


def run(warehouse: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["kpi", "--kpi", "csat", "--json", *options, "--warehouse", str(warehouse)])


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        ("2026-03", "2026-Q2", ["2026-03-01", "2026-04-01", "2026-05-01", "2026-06-01"]),
        ("2026-08-01", "2026-08-31", ["2026-08-01"]),
        ("2025", "2025-02", ["2025-01-01", "2025-02-01"]),
    ],
)
def test_a_range_of_periods(demo_warehouse: Path, first: str, last: str, months: list[str]) -> None:
    assert [row["period"] for row in json.loads(run(demo_warehouse, "--from", first, "--to", last).stdout)["rows"]] == months


def test_what_is_no_period_is_said(demo_warehouse: Path) -> None:
    failed = run(demo_warehouse, "--from", "2026-13")
    assert failed.exit_code == 2 and "'2026-13' is not a period. Write 2026, 2026-Q3" in failed.stderr


def test_an_unknown_vendor_is_named_with_the_nearest(demo_warehouse: Path) -> None:
    found = run(demo_warehouse, "--vendor", "asterion")
    assert found.exit_code == 0 and "No data for the vendor 'asterion'. Did you mean: Asterion?" in found.stderr
    assert json.loads(found.stdout)["rows"] == []
