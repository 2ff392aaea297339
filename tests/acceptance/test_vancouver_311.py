"""A year of a city's contact centre in a workbook, newest day first, dates as text: as plain pandas computed it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, run_command

pytestmark = pytest.mark.slow

FILE = ROOT / "tests" / "data" / "vancouver_311_daily_2023.xlsx"
EXPECTED = json.loads((ROOT / "tests" / "data" / "vancouver_311_expected.json").read_text(encoding="utf-8"))
RECIPE = """
name = "Vancouver 3-1-1"
shape = "aggregates"
source = "vancouver_311"
[dimensions]
period_start = {column = "Date", grain = "day"}
vendor = {constant = "Vancouver 3-1-1"}
channel = {constant = "voice"}
[measures]
contacts_offered = {column = "CallsOffered"}
contacts_handled = {column = "CallsHandled"}
contacts_abandoned = {column = "CallsAbandoned"}
[kpis]
average_speed_of_answer = {column = "AverageSpeedofAnswer", unit = "seconds", weight = "contacts_handled"}
service_level = {column = "ServiceLevel", unit = "fraction", weight = "contacts_offered"}
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The warehouse folder with this workbook, and what loading it said."""
    folder = tmp_path_factory.mktemp("vancouver")
    recipe = folder / "vancouver.toml"
    recipe.write_text(RECIPE, encoding="utf-8")
    outcome = run_command("load", FILE, "--recipe", recipe, "--warehouse", folder, "--json")
    assert outcome.returncode == 0, outcome.stderr
    (report,) = json.loads(outcome.stdout)["files"]
    return folder, report


def kpis(folder: Path, grain: str, *names: str) -> dict[str, dict[str, dict[str, Any]]]:
    """Period -> KPI -> its row."""
    answer = run_command("kpi", *(part for name in names for part in ("--kpi", name)), "--grain", grain, "--warehouse", folder, "--json")
    assert answer.returncode == 0, answer.stderr
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for row in json.loads(answer.stdout)["rows"]:
        found.setdefault(row["period"], {})[row["kpi"]] = row
    return found


def test_all_days_are_read_and_the_impossible_ones_named_with_their_rows(loaded: tuple[Path, dict[str, Any]]) -> None:
    report = loaded[1]
    assert (report["status"], report["rows_accepted"], report["rows_rejected"]) == ("stored", EXPECTED["rows"], 0)
    (impossible,) = [issue for issue in report["issues"] if issue["message"].startswith("contacts_handled + contacts_abandoned")]
    assert (impossible["level"], impossible["line"]) == ("warning", 92)
    assert impossible["count"] == EXPECTED["days_offered_lt_handled_plus_abandoned"] == 5
    assert impossible["remedy"].startswith("See lines 92, 100, 178, 269, 296. ")


def test_the_year(loaded: tuple[Path, dict[str, Any]]) -> None:
    year = kpis(loaded[0], "year", "abandonment_rate")["2023-01-01"]["abandonment_rate"]
    assert year["denominator"] == 400_896 == EXPECTED["offered_2023"]
    assert round(100 * year["value"], 3) == 4.904 == round(EXPECTED["abandonment_2023_pct"], 3)
    assert year["coverage"] == "12 of 12 months"


def test_every_month(loaded: tuple[Path, dict[str, Any]]) -> None:
    months = kpis(loaded[0], "month", "abandonment_rate", "average_speed_of_answer", "service_level")
    assert [month[:7] for month in months] == sorted(EXPECTED["months"])
    for month, rows in months.items():
        wanted = EXPECTED["months"][month[:7]]
        assert (rows["abandonment_rate"]["numerator"], rows["abandonment_rate"]["denominator"]) == (wanted["abandoned"], wanted["offered"])
        assert rows["average_speed_of_answer"]["denominator"] == wanted["handled"]
        assert rows["average_speed_of_answer"]["value"] == pytest.approx(wanted["asa_weighted_by_handled"], abs=1e-6)
        # The file has the share only: times the calls it becomes a whole number of calls each day.
        assert 100 * rows["service_level"]["value"] == pytest.approx(wanted["sl_weighted_by_offered_pct"], abs=0.02)
