"""A year of NHS 111 contact centres from the shell: every month and provider as plain pandas computed them."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, run_command

pytestmark = pytest.mark.slow

FILE = ROOT / "data" / "sample" / "nhs111_providers_2015-16.csv"
EXPECTED = json.loads((ROOT / "tests" / "data" / "nhs111_expected.json").read_text(encoding="utf-8"))
KPIS = ("abandonment_rate", "service_level.answered_only", "service_level")
Ask = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """`ask("--by", "vendor")`: the rows of `kpi` over a warehouse that holds only this file; the fiscal year starts in April."""
    folder = tmp_path_factory.mktemp("nhs111")
    (folder / "settings.toml").write_text("fiscal_year_start_month = 4\n", encoding="utf-8")
    loaded = run_command("load", FILE, "--recipe", ROOT / "data" / "recipes" / "nhs111.toml", "--warehouse", folder, "--json")
    assert loaded.returncode == 0, loaded.stderr
    (report,) = json.loads(loaded.stdout)["files"]
    assert (report["status"], report["rows_read"], report["rows_accepted"], report["rows_rejected"]) == ("stored", 534, 534, 0)

    def rows(*options: str) -> list[dict[str, Any]]:
        answer = run_command("kpi", *(part for kpi in KPIS for part in ("--kpi", kpi)), *options, "--warehouse", folder, "--json")
        assert answer.returncode == 0, answer.stderr
        return json.loads(answer.stdout)["rows"]

    return rows


def test_the_year(ask: Ask) -> None:
    rows = {row["kpi"]: row for row in ask("--grain", "year")}
    abandoned, answered = rows["abandonment_rate"], rows["service_level.answered_only"]
    assert len(rows) == len(KPIS)
    assert abandoned["period"] == "2015-04-01"
    assert abandoned["coverage"].startswith("46 of 46 vendors, 534 of ")
    assert abandoned["denominator"] == 14_039_579 == EXPECTED["year"]["offered"]
    assert answered["denominator"] == 13_009_408 == EXPECTED["year"]["answered"]
    assert round(100 * abandoned["value"], 3) == 3.141
    assert round(100 * answered["value"], 3) == 87.812


def test_every_month(ask: Ask) -> None:
    months: dict[str, dict[str, dict[str, Any]]] = {}
    for row in ask("--grain", "month"):
        months.setdefault(row["period"], {})[row["kpi"]] = row
    expected = {f"{datetime.strptime(name, '%b-%y'):%Y-%m-%d}": values for name, values in EXPECTED["by_month"].items()}
    assert list(months) == sorted(expected)
    for month, kpis in months.items():
        wanted = expected[month]
        assert kpis["abandonment_rate"]["denominator"] == wanted["offered"]
        assert kpis["abandonment_rate"]["numerator"] == wanted["abandoned"]
        assert kpis["service_level.answered_only"]["denominator"] == wanted["answered"]
        shown = {kpi: round(100 * row["value"], 6) for kpi, row in kpis.items()}
        assert shown == {
            "abandonment_rate": wanted["abandonment_pct"],
            "service_level.answered_only": wanted["sl60_pct_of_answered"],
            "service_level": wanted["sl60_pct_of_offered"],
        }


def test_every_provider(ask: Ask) -> None:
    rows = {(row["vendor"], row["kpi"]): row for row in ask("--grain", "year", "--by", "vendor")}
    assert {vendor for vendor, _ in rows} == set(EXPECTED["providers"])
    for vendor, wanted in EXPECTED["providers"].items():
        abandoned, answered = rows[vendor, "abandonment_rate"], rows[vendor, "service_level.answered_only"]
        assert (abandoned["denominator"], answered["denominator"]) == (wanted["offered"], wanted["answered"])
        assert 100 * abandoned["value"] == pytest.approx(wanted["abandonment_pct_of_offered"], abs=1e-6)
        assert 100 * answered["value"] == pytest.approx(wanted["sl60_pct_of_answered"], abs=1e-6)
        assert abandoned["coverage"].startswith(f"{wanted['months']} of ")


@pytest.mark.slow
def test_every_provider_month_by_month(ask: Ask) -> None:
    over_five: dict[str, int] = dict.fromkeys(EXPECTED["providers"], 0)
    for row in ask("--grain", "month", "--by", "vendor"):
        if row["kpi"] == "abandonment_rate" and row["value"] is not None:
            over_five[row["vendor"]] += row["value"] > 0.05
    assert over_five == {vendor: wanted["months_abandon_gt_5"] for vendor, wanted in EXPECTED["providers"].items()}


@pytest.mark.slow
def test_the_example_is_found_by_its_columns_and_loaded_once(tmp_path: Path) -> None:
    first = run_command("load", FILE, "--warehouse", tmp_path, "--json")
    again = run_command("load", FILE, "--warehouse", tmp_path, "--json")
    (stored,), (unchanged,) = (json.loads(each.stdout)["files"] for each in (first, again))
    assert (stored["status"], stored["recipe"], stored["batch"]) == ("stored", "nhs111", "b0001")
    assert (unchanged["status"], unchanged["batch"], again.returncode) == ("unchanged", "b0001", 0)
    assert not list(tmp_path.glob("warehouse.2.duckdb"))
