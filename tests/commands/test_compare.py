"""`compare` on the sample: the numbers as JSON, the verdict as text, and what is refused."""

import json
from pathlib import Path

from tests.conftest import run_command


def test_numbers_for_machines(demo_warehouse: Path) -> None:
    done = run_command("compare", "--kpi", "average_handle_time", "cost_per_contact", "--json", "--warehouse", demo_warehouse)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["first_month"], found["last_month"]) == ("2025-10", "2026-09")
    assert found["common_mix"]["average_handle_time"][0] == "Billing, voice" and found["common_mix"]["cost_per_contact"] == []
    rows = {(row["kpi"], row["vendor"]): row for row in found["rows"]}
    worst = rows["average_handle_time", "Cobalt Bay"]
    assert (worst["rank"], worst["rank_text"], worst["better_than"], worst["worse_than"]) == (4, "4", 0, 3)
    assert worst["lower"] < worst["value"] < worst["upper"] and worst["common_mix"] is True
    silent = rows["average_handle_time", "Tallgrass"]
    assert (silent["value"], silent["rank"], silent["rank_text"]) == (None, None, "-")
    cost = rows["cost_per_contact", "Northline"]
    assert cost["common_mix"] is False and round(cost["numerator"] / cost["denominator"], 9) == round(cost["value"], 9)


def test_words_for_people_as_measured_over_the_quarter(demo_warehouse: Path) -> None:
    options = ("--months", "3", "--as-measured", "--by", "site", "--vendor", "Cobalt Bay")
    done = run_command("compare", "--kpi", "service_level", *options, "--warehouse", demo_warehouse)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "Service level, Q3 2026"
    assert "sites can be told apart" in lines[1] or "is best on service level" in lines[1]
    assert lines[2].split() == ["Rank", "Site", "Value", "95", "%", "interval", "The", "others", "Difference", "Target", "Coverage"]
    assert "3 of 3 months" in lines[3]


def test_what_is_refused(demo_warehouse: Path) -> None:
    done = run_command("compare", "--kpi", "csat", "--by", "country", "--warehouse", demo_warehouse)
    assert done.returncode == 2 and "Unknown dimension 'country'" in done.stderr
