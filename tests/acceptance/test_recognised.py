"""Public files nobody standardised, loaded by proposed recipes: two answers by hand at most, and what plain pandas counted."""

import gzip
import json
from pathlib import Path

import pandas as pd
import pytest

from analytics.intake import Original, Status, load_file, proposed
from analytics.warehouse import Scope, Warehouse
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

DATA, SAMPLE = ROOT / "tests" / "data", ROOT / "data" / "sample"


def expected(name: str) -> dict:
    return json.loads((DATA / f"{name}_expected.json").read_text(encoding="utf-8"))


def months(file: Path, folder: Path, answers: dict[str, str]) -> pd.DataFrame:
    """The sums of every month ('2023-01') of the file, loaded with these answers."""
    found = proposed(Original.of(file, file.name), (), answers)
    assert found.recipe is not None and not found.questions and len(answers) <= 2
    report = load_file(Warehouse(folder / "warehouse"), file, found.recipe)
    assert (report.status, report.rows_rejected) == (Status.STORED, 0)
    counted = ("contacts_offered", "contacts_handled", "contacts_abandoned", "answered_within_threshold", "queue_seconds", "cases_opened",
               "cases_resolved", "cases_resolved_in_target", "cases_reopened", "resolution_seconds")  # fmt: skip
    sums = ", ".join(f"sum({name}) AS {name}" for name in counted)
    sql = f"SELECT strftime(period_start, '%Y-%m') AS month, coalesce(lob, '') AS lob, {sums} FROM performance GROUP BY ALL ORDER BY ALL"
    return Warehouse(folder / "warehouse").open().select(Scope.everything(), sql).astype(dict.fromkeys(counted, float))


def test_nhs_111_needs_its_currency(tmp_path: Path) -> None:
    wanted = expected("nhs111")
    found = months(SAMPLE / "nhs111_providers_2015-16.csv", tmp_path, {"currency": "GBP"})
    assert (found["contacts_offered"].sum(), found["contacts_handled"].sum()) == (wanted["year"]["offered"], wanted["year"]["answered"])
    for row, month in zip(found.to_dict("records"), wanted["by_month"].values(), strict=True):
        assert (row["contacts_offered"], row["contacts_abandoned"]) == (month["offered"], month["abandoned"])
        assert round(100 * row["answered_within_threshold"] / row["contacts_handled"], 6) == month["sl60_pct_of_answered"]


def test_accident_and_emergency_needs_nothing(tmp_path: Path) -> None:
    wanted = expected("nhs_ae")
    found = months(SAMPLE / "nhs_ae_attendances_england_2016-19.csv", tmp_path, {})
    sums = found[["cases_resolved", "cases_resolved_in_target"]].sum()
    assert sums["cases_resolved"] == wanted["totals"]["attendances"]
    assert sums["cases_resolved"] - sums["cases_resolved_in_target"] == wanted["totals"]["breaches"]
    every = found.groupby("month")[["cases_resolved", "cases_resolved_in_target"]].sum()
    shares = (100 * every["cases_resolved_in_target"] / every["cases_resolved"]).round(6)
    assert {f"{month}-01": share for month, share in shares.items()} == wanted["all_types_pct_by_month"]


def test_servicenow_needs_its_vendor_and_the_line_of_business(tmp_path: Path) -> None:
    wanted = expected("servicenow")
    file = tmp_path / "incident_events.csv"
    file.write_bytes(gzip.decompress((DATA / "servicenow_incident_events.csv.gz").read_bytes()))
    found = months(file, tmp_path, {"vendor": "Service desk", "column.lob": "priority"})
    totals = found[["cases_opened", "cases_resolved_in_target", "cases_reopened", "cases_resolved", "resolution_seconds"]].sum()
    assert list(totals[:3]) == [wanted["incidents"], wanted["made_sla_incidents"]["met"], wanted["reopened"]]
    hours = totals["resolution_seconds"] / totals["cases_resolved"] / 3600
    assert hours == pytest.approx(wanted["mean_hours_open_to_close"], abs=1e-6)
    by_priority = found.groupby("lob")[["cases_opened", "cases_resolved_in_target"]].sum()
    shares = (100 * by_priority["cases_resolved_in_target"] / by_priority["cases_opened"]).round(6)
    assert dict(shares) == {priority: of["sla_pct"] for priority, of in wanted["by_priority"].items()}


def test_a_workbook_needs_its_vendor(tmp_path: Path) -> None:
    wanted = expected("vancouver_311")
    found = months(DATA / "vancouver_311_daily_2023.xlsx", tmp_path, {"vendor": "Vancouver 3-1-1"}).set_index("month")
    for month, sums in wanted["months"].items():
        row = found.loc[month]
        assert list(row[["contacts_offered", "contacts_handled", "contacts_abandoned"]]) == [
            sums["offered"], sums["handled"], sums["abandoned"],
        ]  # fmt: skip
        assert row["queue_seconds"] / row["contacts_handled"] == pytest.approx(sums["asa_weighted_by_handled"], abs=1e-6)
        share = 100 * row["answered_within_threshold"] / row["contacts_offered"]
        assert share == pytest.approx(sums["sl_weighted_by_offered_pct"], abs=0.05)  # daily shares come back to whole contacts
