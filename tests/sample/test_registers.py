"""The lists written by hand: targets, events, notes, actions, and the risk register with its four known rows."""

from datetime import date

import pytest

from analytics.catalogue import KPIS, Comparator
from analytics.settings import load_settings
from tests.sample.exported import rows

LAST_REVIEW, REVIEW_BEFORE = "2026-09-30", "2026-06-30"
MEASURED = {"Northline", "Cobalt Bay", "Asterion", "Meridiem"}
VENDORS = MEASURED | {"Tallgrass"}


def residual(risk_id: str, on: str) -> int:
    """Likelihood x impact of a risk as reviewed on a day."""
    (score,) = [row for row in rows("risk_scores.csv") if (row["risk_id"], row["kind"], row["scored_on"]) == (risk_id, "residual", on)]
    return int(score["likelihood"]) * int(score["impact"])


@pytest.mark.parametrize(
    ("row", "title", "score"),
    [(0, "Data Breach", 20), (1, "Vendor Underperformance", 9), (2, "Compliance Failure", 8), (3, "Service Disruption", 12)],
)
def test_the_first_four_risks(row: int, title: str, score: int):
    risk = rows("risks.csv")[row]
    assert (risk["title"], residual(risk["risk_id"], LAST_REVIEW)) == (title, score)


def test_risks_moved_since_the_quarter_before():
    moved = [
        residual(risk["risk_id"], LAST_REVIEW) - residual(risk["risk_id"], REVIEW_BEFORE)
        for risk in rows("risks.csv")
        if risk["status"] == "open"
    ]
    assert (sum(change > 0 for change in moved), sum(change < 0 for change in moved), moved.count(0)) == (4, 2, 1)


def test_every_risk_is_complete_and_in_a_known_category():
    for risk in rows("risks.csv"):
        assert risk["category"] in {"operational", "financial", "reputational", "legal and regulatory"}
        assert all(risk[column] for column in ("owner", "opened_on", "description", "mitigation"))
        assert risk["vendor"] in VENDORS | {""}
        assert bool(risk["next_review"]) == (risk["status"] == "open")


def test_every_report_kpi_has_a_dated_target_with_a_minimum():
    stored = {row["kpi"]: row for row in rows("targets.csv") if not row["vendor"]}
    for kpi in load_settings().shown_kpis:
        assert stored[kpi]["expected"] and stored[kpi]["minimum"] and stored[kpi]["basis"] and stored[kpi]["approved_by"]


def test_the_minimum_is_easier_than_the_expected_level():
    for row in rows("targets.csv"):
        sign = Comparator(row["comparator"]).better_sign
        assert row["kpi"] in KPIS
        assert not sign or sign * float(row["minimum"]) < sign * float(row["expected"]) < sign * float(row["stretch"])


def test_the_service_level_target_rises_with_the_year_2026():
    levels = [(row["expected"], row["valid_from"], row["valid_to"]) for row in rows("targets.csv") if row["kpi"] == "service_level"]
    assert levels == [("0.78", "2024-01-01", "2025-12-31"), ("0.80", "2026-01-01", "")]


def test_lists_speak_of_known_kpis_vendors_and_days():
    for name, column in (("events.csv", "happened_on"), ("notes.csv", "written_on"), ("actions.csv", "due_on")):
        for row in rows(name):
            assert date(2024, 8, 1) <= date.fromisoformat(row[column]) <= date(2027, 3, 31)
            assert row["kpi"] in (*KPIS, "") and row["vendor"] in VENDORS | {""}
