"""Incidents told in several rows each: counted once, by their last change, as plain pandas counted them."""

import gzip
import json
from pathlib import Path

import pytest

from tests.conftest import ROOT, run_command

pytestmark = pytest.mark.slow

DATA = ROOT / "tests" / "data"
EXPECTED = json.loads((DATA / "servicenow_expected.json").read_text(encoding="utf-8"))
KPIS = ("resolved_in_target", "mean_resolution_time", "reopen_rate")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with the event log, found by its columns."""
    folder = tmp_path_factory.mktemp("servicenow")
    log = folder / "incident_events.csv"
    log.write_bytes(gzip.decompress((DATA / "servicenow_incident_events.csv.gz").read_bytes()))
    outcome = run_command("load", log, "--warehouse", folder, "--json")
    assert outcome.returncode == 0, outcome.stderr
    (report,) = json.loads(outcome.stdout)["files"]
    assert (report["recipe"], report["rows_read"], report["rows_rejected"]) == ("ServiceNow incident history", EXPECTED["rows"], 0)
    return folder


def totals(folder: Path, *options: str) -> dict[tuple[str, str | None], list[float]]:
    """(KPI, line of business) -> numerator and denominator over all years."""
    asked = (part for kpi in KPIS for part in ("--kpi", kpi))
    answer = run_command("kpi", *asked, "--grain", "year", *options, "--warehouse", folder, "--json")
    assert answer.returncode == 0, answer.stderr
    found: dict[tuple[str, str | None], list[float]] = {}
    for row in json.loads(answer.stdout)["rows"]:
        sums = found.setdefault((row["kpi"], row["lob"]), [0, 0])
        sums[0] += row["numerator"] or 0
        sums[1] += row["denominator"] or 0
    return found


def test_incidents_are_counted_and_not_their_rows(folder: Path) -> None:
    met, all_incidents = totals(folder)["resolved_in_target", None]
    assert (met, all_incidents) == (495, 890) == (EXPECTED["made_sla_incidents"]["met"], EXPECTED["incidents"])
    assert round(100 * met / all_incidents, 2) == 55.62 != round(EXPECTED["sla_pct_counting_event_rows_WRONG"], 2)


def test_the_mean_time_and_the_reopened(folder: Path) -> None:
    seconds, resolved = totals(folder)["mean_resolution_time", None]
    assert seconds / resolved / 3600 == pytest.approx(EXPECTED["mean_hours_open_to_close"], abs=1e-6)
    assert totals(folder)["reopen_rate", None][0] == EXPECTED["reopened"]


def test_every_priority(folder: Path) -> None:
    found = totals(folder, "--by", "lob")
    shown = {lob: (total, round(100 * met / total, 6)) for (kpi, lob), (met, total) in found.items() if kpi == "resolved_in_target"}
    assert shown == {priority: (wanted["n"], wanted["sla_pct"]) for priority, wanted in EXPECTED["by_priority"].items()}
