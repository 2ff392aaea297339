"""Three years of accident and emergency departments from the shell: every month and six hospitals as plain pandas computed them."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import ROOT, run_command

pytestmark = pytest.mark.slow

FILE = ROOT / "data" / "sample" / "nhs_ae_attendances_england_2016-19.csv"
EXPECTED = json.loads((ROOT / "tests" / "data" / "nhs_ae_expected.json").read_text(encoding="utf-8"))
Ask = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """`ask("--by", "vendor")`: the rows of `kpi` over a warehouse that holds only this file, found by its columns."""
    folder = tmp_path_factory.mktemp("nhs_ae")
    loaded = run_command("load", FILE, "--warehouse", folder, "--json")
    assert loaded.returncode == 0, loaded.stderr
    (report,) = json.loads(loaded.stdout)["files"]
    assert (report["status"], report["recipe"], report["rows_accepted"], report["rows_rejected"]) == ("stored", "nhs_ae", 12_765, 0)

    def rows(*options: str) -> list[dict[str, Any]]:
        answer = run_command("kpi", "--kpi", "resolved_in_target", *options, "--warehouse", folder, "--json")
        assert answer.returncode == 0, answer.stderr
        return json.loads(answer.stdout)["rows"]

    return rows


def test_every_attendance_and_breach_of_the_three_years(ask: Ask) -> None:
    years = ask("--grain", "year")
    attendances, in_target = (sum(row[part] for row in years) for part in ("denominator", "numerator"))
    assert attendances == 72_019_402 == EXPECTED["totals"]["attendances"]
    assert attendances - in_target == 8_295_237 == EXPECTED["totals"]["breaches"]


def test_every_month_of_all_types_and_of_major_departments(ask: Ask) -> None:
    for options, wanted in (((), "all_types_pct_by_month"), (("--lob", "Type 1, major"), "type1_pct_by_month")):
        shown = {row["period"]: round(100 * row["value"], 6) for row in ask("--grain", "month", *options)}
        assert shown == EXPECTED[wanted]
    met = [row for row in ask("--grain", "month") if row["status"] == "met"]
    assert len(met) == EXPECTED["national_months_meeting_95"] == 0


def test_six_large_hospitals(ask: Ask) -> None:
    hospitals = EXPECTED["six_largest_type1"]
    chosen = [part for code in hospitals for part in ("--vendor", code)]
    months = ask("--grain", "month", "--by", "vendor", "--lob", "Type 1, major", *chosen)
    for code, wanted in hospitals.items():
        rows = [row for row in months if row["vendor"] == code]
        attendances, in_target = (sum(row[part] for row in rows) for part in ("denominator", "numerator"))
        assert (len(rows), attendances, attendances - in_target) == (wanted["months"], wanted["attendances"], wanted["breaches"])
        assert 100 * in_target / attendances == pytest.approx(wanted["pct_within_4h"], abs=1e-6)
        assert sum(row["status"] == "met" for row in rows) == wanted["months_meeting_95"]
