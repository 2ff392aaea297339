"""`spc` on the sample: limits that start anew at the outage, Laney limits, weekdays, and what is refused."""

import json
from pathlib import Path

import pytest

from tests.conftest import run_command

OF_COBALT = ("spc", "--kpi", "service_level", "--vendor", "Cobalt Bay", "--json")


def rows(warehouse: Path, *options: str) -> list[dict]:
    done = run_command(*OF_COBALT, *options, "--warehouse", warehouse)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["rows"]


def test_limits_start_anew(demo_warehouse: Path) -> None:
    rebased = rows(demo_warehouse, "--rebase", "2025-03-03", "--rebase", "2026-08-01")
    assert len({row["centre_line"] for row in rows(demo_warehouse)}) == 1
    assert len({row["centre_line"] for row in rebased}) == 3
    assert all(row["trial_limits"] for row in rebased if row["period"] >= "2026-08-01")


def test_laney_limits_follow_the_contacts_of_the_month(demo_warehouse: Path) -> None:
    found = rows(demo_warehouse, "--laney")
    assert len({row["upper_limit"] for row in found}) == len(found)
    assert next(row for row in found if row["period"] == "2026-08-01")["signal"] == "concern"


def test_weekday_adjusted_limits_repeat_every_week(demo_warehouse: Path) -> None:
    found = rows(demo_warehouse, "--grain", "day", "--weekday-adjusted", "--from", "2026-05-04", "--to", "2026-07-05")
    lines = [row["centre_line"] for row in found]
    assert lines[:7] == pytest.approx(lines[7:14]) and len(set(lines[:7])) > 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--kpi", "average_handle_time", "--laney"), "Average handle time is none"),
        (("--kpi", "csat", "--weekday-adjusted"), "Only days have weekdays"),
        (("--kpi", "csat", "--grain", "day", "--weekday-adjusted", "--laney"), "Choose one of the two"),
        (("--kpi", "csat", "--rebase", "March"), "March"),
    ],
)
def test_what_cannot_be(demo_warehouse: Path, options: tuple[str, ...], message: str) -> None:
    done = run_command("spc", *options, "--warehouse", demo_warehouse)
    assert (done.returncode, message in done.stderr) == (2, True), done.stderr
