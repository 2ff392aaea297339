"""`watermelon` on the sample: the flagged vendor with its evidence, everybody else by what became of them."""

import json
from pathlib import Path

from click.testing import CliRunner

from analytics.__main__ import main


def answered(warehouse: Path, *options: str) -> str:
    done = CliRunner().invoke(main, ["watermelon", *options, "--warehouse", str(warehouse)])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_finding_and_its_evidence_as_text(demo_warehouse: Path) -> None:
    lines = answered(demo_warehouse).splitlines()
    assert lines[0] == "Watermelon check, Q3 2026: 5 vendors checked: 1 flagged, 3 cleared, 1 with a target on speed not met."
    assert lines[2].startswith("Asterion met all four targets on speed, but first contact resolution, customer satisfaction")
    assert "  met: service level 83.1 %, target >= 80 %" in lines
    assert any(line.startswith("  concern: first contact resolution 77 % in Sep 2026, below expected: ") for line in lines)


def test_the_same_as_json(demo_warehouse: Path) -> None:
    found = json.loads(answered(demo_warehouse, "--period", "2026-09", "--json"))
    assert found["period"] == "2026-09"
    (row,) = found["rows"]
    assert row["vendor"] == "Asterion"
    assert {"first_contact_resolution", "csat"} <= {evidence["kpi"] for evidence in row["concerns"]}
    assert {"service_level", "abandonment_rate"} <= {evidence["kpi"] for evidence in row["green"]}
    named = [found[group] for group in ("cleared", "not_green", "unchecked", "not_measured")]
    assert sorted(vendor for group in named for vendor in group) == ["Cobalt Bay", "Meridiem", "Northline", "Tallgrass"]
