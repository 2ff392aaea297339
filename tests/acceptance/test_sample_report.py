"""The agreed report and risk register to the letter, and the JSON of every reading command key by key."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from analytics.__main__ import main
from tests.conftest import run_command

pytestmark = pytest.mark.slow

REPORT = """
First contact resolution | >= 80 %     | 85 %     | +5 pp              | met
Average handle time      | <= 5:00 min | 4:30 min | -0:30 min (better) | met
Customer satisfaction    | >= 90 %     | 92 %     | +2 pp              | met
Error rate               | < 1 %       | 0.5 %    | -0.5 pp (better)   | met
"""
VALUES = {
    "first_contact_resolution": (0.85, 0.80, ">=", 0.05, "percent"),
    "average_handle_time": (270, 300, "<=", -30, "seconds"),
    "csat": (0.92, 0.90, ">=", 0.02, "percent"),
    "error_rate": (0.005, 0.01, "<", -0.005, "percent"),
}
RISKS = {
    "Data Breach": (4, 5, 20, "extreme"),
    "Vendor Underperformance": (3, 3, 9, "high"),
    "Compliance Failure": (2, 4, 8, "high"),
    "Service Disruption": (3, 4, 12, "high"),
}
KPI_KEYS = {
    "period", "kpi", "vendor", "site", "lob", "channel", "numerator", "denominator", "value", "unit", "coverage", "target", "comparator",
    "variance", "status",
}  # fmt: skip
TEXT_KEYS = {"target_text", "actual_text", "variance_text", "status_text"}
RISK_KEYS = {"risk", "category", "vendor", "likelihood", "impact", "score", "band", "movement"}
SPC_KEYS = {
    "period", "kpi", "vendor", "site", "lob", "channel", "value", "centre_line", "lower_limit", "upper_limit", "signal", "rule",
    "assurance", "trial_limits",
}  # fmt: skip
LOAD_KEYS = {
    "file", "shape", "source", "recipe", "status", "batch", "rows_read", "rows_accepted", "rows_rejected", "issues", "questions",
}  # fmt: skip
STATUSES = {"met", "below expected", "missed", "not measured", "excused", "no target"}
THIRD_QUARTER = ("--from", "2026-07-01", "--to", "2026-09-30")


def answer(folder: Path, *arguments: str | Path) -> dict[str, Any]:
    """The JSON a command prints; nothing but JSON may stand on stdout, and no NaN in it."""
    done = run_command(*arguments, "--json", "--warehouse", folder)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))


@pytest.fixture(scope="module")
def report(demo_warehouse: Path) -> dict[str, Any]:
    return answer(demo_warehouse, "report", "--by", "vendor")


def test_the_latest_complete_quarter_prints_the_agreed_report(report: dict[str, Any]) -> None:
    assert (report["period"], report["compared_with"]) == ("2026-Q3", "2026-Q2")
    rows = {row["kpi"]: row for row in report["rows"] if row["vendor"] is None}
    agreed = [[cell.strip() for cell in line.split("|")][1:] for line in REPORT.strip().splitlines()]
    names = ("target_text", "actual_text", "variance_text", "status_text")
    assert [[rows[kpi][name] for name in names] for kpi in VALUES] == agreed


@pytest.mark.parametrize("kpi", VALUES)
def test_its_numbers(report: dict[str, Any], kpi: str) -> None:
    row = next(row for row in report["rows"] if row["kpi"] == kpi and row["vendor"] is None)
    value, target, comparator, variance, unit = VALUES[kpi]
    assert row["value"] == pytest.approx(value, abs=1e-9)
    assert row["variance"] == pytest.approx(variance, abs=1e-9)
    assert (row["target"], row["comparator"], row["unit"], row["status"]) == (target, comparator, unit, "met")
    assert row["value"] == pytest.approx(row["numerator"] / row["denominator"])
    assert row["coverage"] == "4 of 5 vendors, 3 of 3 months"
    assert row["months_met"] == "3 of 3 months met"


def test_the_report_as_text_has_the_same_lines(demo_warehouse: Path) -> None:
    printed = run_command("report", "--warehouse", demo_warehouse).stdout.splitlines()
    assert printed[0] == "Performance report, Q3 2026, compared with Q2 2026"
    shown = [" ".join(line.split()) for line in printed]
    for line in REPORT.strip().splitlines():
        assert " ".join(line.replace("|", " ").split()) in shown


@pytest.mark.parametrize(
    ("asked", "first_line", "csat"),
    [
        (["--compare", "previous"], "Q3 2026, compared with Q2 2026", "92.2 % -0.2 pp"),
        (["--compare", "2026-Q1"], "Q3 2026, compared with Q1 2026", "92 % 0 pp"),
        (["--compare", "2026-01-10..2026-02-12"], "Q3 2026, compared with 10 Jan 2026 to 12 Feb 2026", "92 % 0 pp"),
        (
            ["--compare", "previous", "--period", "2026-Q4"],
            "Q4 2026 (incomplete: data 2024-08-01 to 2026-10-31), compared with the first 31 days of Q3 2026, 1 Jul 2026 to 31 Jul 2026",
            "92.3 % -0.6 pp",
        ),
        (
            ["--compare", "2026-Q3"],
            "Q3 2026. 1 Jul 2026 to 30 Sep 2026 and Q3 2026 overlap.",
            "- -",
        ),
    ],
)  # fmt: skip
def test_a_comparison_asked_for_prints_the_value_before_and_the_change(
    demo_warehouse: Path, asked: list[str], first_line: str, csat: str
) -> None:
    printed = CliRunner().invoke(main, ["report", *asked, "--warehouse", str(demo_warehouse)]).output.splitlines()
    assert printed[0] == f"Performance report, {first_line}"
    assert next(" ".join(line.split()) for line in printed if line.startswith("Customer satisfaction")).endswith(f" {csat}")


def test_the_statuses_of_the_story(report: dict[str, Any]) -> None:
    status = {(row["vendor"], row["kpi"]): row["status"] for row in report["rows"]}
    assert status["Cobalt Bay", "service_level"] == "missed"
    assert status["Asterion", "first_contact_resolution"] == "below expected"
    assert status["Asterion", "csat"] == "below expected"
    assert status["Asterion", "service_level"] == "met"


def test_the_first_four_risks_stand_where_they_were_agreed(demo_warehouse: Path) -> None:
    rows = answer(demo_warehouse, "risks")["rows"]
    shown = {row["risk"]: (row["likelihood"], row["impact"], row["score"], row["band"]) for row in rows}
    assert {risk: shown[risk] for risk in RISKS} == RISKS
    assert [row["score"] for row in rows] == sorted((row["score"] for row in rows), reverse=True)
    assert all(row.keys() >= RISK_KEYS for row in rows)
    assert all(row["movement"] is None or isinstance(row["movement"], int) for row in rows)
    assert {type(row[name]) for row in rows for name in ("likelihood", "impact", "score")} == {int}


def test_report_rows_have_every_key(report: dict[str, Any]) -> None:
    assert {"period", "compared_with", "rows"} <= report.keys()
    for row in report["rows"]:
        assert row.keys() >= KPI_KEYS | TEXT_KEYS
        assert row["status"] in STATUSES
        assert date.fromisoformat(row["period"]) == date(2026, 7, 1)
        assert all(isinstance(row[name], str) for name in TEXT_KEYS)


def test_kpi_rows_have_every_key_and_null_where_nothing_is_known(demo_warehouse: Path) -> None:
    rows = answer(demo_warehouse, "kpi", "--kpi", "csat", "quality_score", "--grain", "quarter", "--by", "vendor", *THIRD_QUARTER)["rows"]
    assert {row["vendor"] for row in rows} == {"Asterion", "Cobalt Bay", "Meridiem", "Northline", "Tallgrass"}
    assert all(row.keys() >= KPI_KEYS and row["site"] is None for row in rows)
    missing = next(row for row in rows if row["vendor"] == "Tallgrass" and row["kpi"] == "quality_score")
    assert [missing[name] for name in ("numerator", "denominator", "value", "variance")] == [None] * 4
    assert (missing["status"], missing["coverage"]) == ("not measured", "0 of 3 months")


def test_spc_rows_have_every_key(demo_warehouse: Path) -> None:
    rows = answer(demo_warehouse, "spc", "--kpi", "service_level", "--grain", "month", "--vendor", "Cobalt Bay")["rows"]
    assert all(row.keys() >= SPC_KEYS for row in rows)
    assert {row["signal"] for row in rows} <= {"none", "improvement", "concern", "high", "low"}
    assert {row["rule"] for row in rows} <= {None, "outside_limits", "trend", "two_in_three", "run"}
    assert {row["assurance"] for row in rows} <= {None, "pass", "fail", "hit_or_miss"}
    assert {type(row["trial_limits"]) for row in rows} == {bool}
    august = next(row for row in rows if row["period"] == "2026-08-01")
    assert (august["signal"], august["rule"]) == ("concern", "outside_limits")
    assert august["value"] < august["lower_limit"] < august["centre_line"] < august["upper_limit"]


def test_load_answers_have_every_key(tmp_path: Path) -> None:
    file = tmp_path / "risks.csv"
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    done = run_command("load", file, "--warehouse", tmp_path / "warehouse", "--json")
    (refused,) = json.loads(done.stdout)["files"]
    assert refused.keys() >= LOAD_KEYS
    assert refused["status"] in ("refused", "questions")
    assert done.returncode == (1 if refused["status"] == "refused" else 3)
    assert all({"level", "code", "line", "column", "message", "remedy"} <= issue.keys() for issue in refused["issues"])
