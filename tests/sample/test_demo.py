"""The sample as the dashboard sees it: every row accepted, the totals exact, the verdicts the story calls for."""

from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from analytics.catalogue import KPIS
from analytics.performance.report import ReportRequest, report_frame
from analytics.periods import Grain, Period
from analytics.settings import load_settings
from analytics.warehouse import Scope, Warehouse, list_batches
from tests.sample.exported import rows

pytestmark = pytest.mark.slow

QUARTER = Period.parse("2026-Q3", 1)
NOT_MET = {
    ("Cobalt Bay", "service_level"): "missed",
    ("Cobalt Bay", "abandonment_rate"): "missed",
    ("Cobalt Bay", "average_handle_time"): "below expected",
    ("Cobalt Bay", "quality_score"): "below expected",
    ("Cobalt Bay", "attrition"): "missed",
    ("Asterion", "first_contact_resolution"): "below expected",
    ("Asterion", "csat"): "below expected",
    ("Meridiem", "attrition"): "missed",
    ("Tallgrass", "quality_score"): "not measured",
    ("all", "attrition"): "below expected",
}


@pytest.fixture(scope="module")
def quarter(demo_warehouse: Path) -> pd.DataFrame:
    """The report of the third quarter of 2026, vendor 'all' for the portfolio."""
    store = Warehouse(demo_warehouse).open()
    report = report_frame(store, Scope.everything(), ReportRequest(QUARTER, load_settings().shown_kpis))
    return report.assign(vendor=report["vendor"].fillna("all"))


def test_every_row_of_every_file_is_accepted(demo_warehouse: Path):
    batches = list_batches(Warehouse(demo_warehouse).open(), Scope.everything())
    assert {batch.status for batch in batches} == {"active"}
    for batch in batches:
        assert (batch.rows_accepted, batch.rows_rejected) == (len(rows(batch.file_name)), 0), batch.file_name


@pytest.mark.parametrize(
    ("kpi", "exactly"),
    [
        ("first_contact_resolution", Fraction(85, 100)),
        ("average_handle_time", Fraction(270)),
        ("csat", Fraction(92, 100)),
        ("error_rate", Fraction(1, 200)),
    ],
)
def test_the_contract_kpis_of_the_quarter(quarter: pd.DataFrame, kpi: str, exactly: Fraction):
    (row,) = quarter[(quarter["vendor"] == "all") & (quarter["kpi"] == kpi)].to_dict("records")
    assert Fraction(row["numerator"]) / Fraction(row["denominator"]) == exactly


def test_what_is_not_met_is_what_the_story_says(quarter: pd.DataFrame):
    found = {(vendor, kpi): text for vendor, kpi, text in zip(quarter["vendor"], quarter["kpi"], quarter["status_text"], strict=True)}
    assert {cell: text for cell, text in found.items() if text != "met"} == NOT_MET


def test_every_kpi_has_a_number_for_a_measured_vendor(demo_warehouse: Path):
    store = Warehouse(demo_warehouse).open()
    report = report_frame(store, Scope.everything(), ReportRequest(QUARTER, tuple(KPIS)))
    measured = report[report["vendor"] == "Northline"]
    assert measured.loc[measured["value"].isna(), "kpi"].tolist() == []


def test_the_missing_month_is_not_measured_and_cost_waits_for_it(demo_warehouse: Path):
    store = Warehouse(demo_warehouse).open()
    november = Period.parse("2025-11", 1)
    assert november.grain is Grain.MONTH
    kpis = ("service_level", "first_contact_resolution", "cost_per_contact")
    report = report_frame(store, Scope.everything(), ReportRequest(november, kpis))
    status = report[report["vendor"] == "Meridiem"].set_index("kpi")["value"].isna().to_dict()
    assert status == {"service_level": True, "first_contact_resolution": False, "cost_per_contact": True}
