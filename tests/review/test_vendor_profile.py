"""One vendor on one page: what stands out, what was written, what is open; every number that of the room it comes from."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from analytics.performance.report import measured_report
from analytics.performance.report_request import ReportRequest
from analytics.periods import Period
from analytics.review.registers import open_actions, vendor_events, vendor_notes
from analytics.review.vendor_profile import VendorProfile, vendor_profile
from analytics.risk.heatmap import risk_heatmap_frame
from analytics.settings import load_settings
from analytics.warehouse import Scope, Store, Warehouse
from tests.rows import EVERYTHING, store_of

SETTINGS, Q3 = load_settings(), Period.parse("2026-Q3")
REQUEST = ReportRequest(Q3, SETTINGS.heatmap_kpis)


def action(name: str, due_on: date | None, status: str = "open", vendor: str | None = "Acme") -> dict[str, object]:
    return {"action_id": name, "title": name, "vendor": vendor, "due_on": due_on, "status": status}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    actions = [
        action("later", date(2026, 12, 1)), action("undated", None), action("today", date(2026, 9, 30)),
        action("late", date(2026, 9, 20)),
        action("done", date(2026, 1, 1), "done"), action("other", date(2026, 1, 1), vendor="Beta"),
        action("all", date(2026, 1, 1), vendor=None),
    ]  # fmt: skip
    events = [
        {"happened_on": date(2026, 8, 14), "title": "Outage", "vendor": "Acme"},
        {"happened_on": date(2026, 1, 1), "title": "New target", "vendor": None},
        {"happened_on": date(2026, 8, 1), "title": "Not theirs", "vendor": "Beta"},
        {"happened_on": date(2020, 8, 1), "title": "Long ago", "vendor": "Acme"},
    ]
    notes = [{"written_on": date(2026, 9, 1), "author": "A", "vendor": vendor, "body": f"about {vendor}"} for vendor in ("Acme", "Beta")]
    return store_of(tmp_path_factory.mktemp("registers"), actions=actions, events=events, notes=notes)


class TestRegisters:
    """On 30 September: one action 10 days overdue, one due that day, one later, one without a date; done and other people's left out."""

    def test_overdue_first_and_what_has_no_date_last(self, store: Store) -> None:
        found = open_actions(store, EVERYTHING, "Acme", date(2026, 9, 30))
        assert found[["title", "days_overdue"]].to_numpy().tolist() == [["late", 10], ["today", 0], ["later", 0], ["undated", 0]]

    def test_nobody_has_nothing(self, store: Store) -> None:
        assert open_actions(store, EVERYTHING, "Nobody", date(2026, 9, 30)).empty
        assert vendor_notes(store, EVERYTHING, "Nobody") == []

    def test_events_of_the_vendor_and_of_everybody_in_the_months_shown(self, store: Store) -> None:
        found = vendor_events(store, EVERYTHING, "Acme", date(2024, 10, 1), date(2026, 9, 30))
        assert [event.title for event in found] == ["Outage", "New target"]

    def test_notes_of_the_vendor(self, store: Store) -> None:
        assert [note.body for note in vendor_notes(store, EVERYTHING, "Acme")] == ["about Acme"]


def profile(store: Store, vendor: str) -> VendorProfile:
    return vendor_profile(store, Scope.everything(), REQUEST, vendor, SETTINGS.contract_kpis, SETTINGS.risk_bands)


@pytest.fixture(scope="module")
def sample(demo_warehouse: Path) -> Store:
    return Warehouse(demo_warehouse).open()


class TestSample:
    def test_the_watermelon_stands_out_both_ways(self, sample: Store) -> None:
        found = profile(sample, "Asterion")
        assert {"first_contact_resolution", "csat", "nps", "security_incidents"} <= set(found.weaknesses["kpi"].head(5))
        assert {"average_handle_time", "cost_per_contact"} == set(found.strengths["kpi"].head(2))
        assert found.watermelon.of("Asterion") is not None
        assert found.verdict(Q3, SETTINGS.contract_kpis) == (
            "Two of four KPIs met their target in Q3 2026. Asterion is a watermelon: green on speed, concern on four outcomes. "
            "It missed two targets."
        )
        assert list(found.risks["title"]) == ["Data Breach", "Vendor Underperformance"]
        assert [note.period for note in found.notes] == ["2026-Q3"]

    def test_the_sentence_names_what_was_missed_beside_the_contract(self, sample: Store) -> None:
        sentence = profile(sample, "Cobalt Bay").verdict(Q3, SETTINGS.contract_kpis)
        assert sentence.startswith("Three of four KPIs met their target in Q3 2026. Cobalt Bay missed abandonment rate (+1.4 pp)")
        assert "attrition (+" in sentence and "service level (-4.9 pp)" in sentence and len(sentence) <= 160
        assert " Meridiem missed attrition (+" in profile(sample, "Meridiem").verdict(Q3, SETTINGS.contract_kpis)

    def test_the_numbers_are_those_of_the_report_and_the_heatmap(self, sample: Store) -> None:
        whole = measured_report(sample, EVERYTHING, REQUEST, SETTINGS.contract_kpis)
        cells = risk_heatmap_frame(whole.frame, whole.months).set_index(["vendor", "kpi"])
        for vendor in ("Cobalt Bay", "Tallgrass"):
            own = profile(sample, vendor).rated.set_index("kpi")
            for kpi in own.index.intersection(list(REQUEST.kpis)):
                assert own.loc[kpi, ["value_text", "status", "level_text", "reason"]].tolist() == (
                    cells.loc[(vendor, kpi), ["value_text", "status", "level_text", "reason"]].tolist()
                )

    def test_what_a_vendor_only_reports_is_shown_and_the_rest_named_as_not_measured(self, sample: Store) -> None:
        found = profile(sample, "Tallgrass")
        sentence = found.verdict(Q3, SETTINGS.contract_kpis)
        assert sentence.startswith("All four KPIs met their target in Q3 2026.")
        assert sentence.endswith("Tallgrass is below its target on no KPI.")
        assert "quality_score" in found.report.unmeasured
        assert found.weaknesses.empty

    def test_nobody_is_an_empty_profile(self, sample: Store) -> None:
        found = profile(sample, "Nobody")
        assert not found.measured
        assert (len(found.weaknesses), len(found.strengths), len(found.actions), len(found.risks)) == (0, 0, 0, 0)


class TestOddData:
    """One month of three KPIs: a zero denominator, a value without a target, a value that never moves."""

    def test_zero_denominators_and_missing_targets_rate_nothing(self, tmp_path: Path) -> None:
        row = {"grain": "month", "contacts_offered": 0, "answered_within_threshold": 0, "cases_resolved": 10, "resolution_seconds": 36000}
        rows = [row | {"period_start": date(2026, month, 1)} for month in (7, 8, 9)]
        found = profile(store_of(tmp_path, rows), "Acme")
        assert set(found.report.frame["kpi"]) == {"mean_resolution_time"}
        (rated,) = found.rated.to_dict("records")
        assert (rated["status"], rated["points"], rated["level"]) == ("no target", 0, 0)
        assert found.strengths.empty and found.weaknesses.empty
        assert found.watermelon.not_measured == ("Acme",)

    def test_all_equal_is_neither_strong_nor_weak_by_signal(self, tmp_path: Path) -> None:
        row = {"grain": "month", "contacts_offered": 100, "answered_within_threshold": 80}
        rows = [row | {"period_start": date(2024 + month // 12, month % 12 + 1, 1)} for month in range(9, 33)]
        found = profile(store_of(tmp_path, rows), "Acme")
        (rated,) = found.rated.to_dict("records")
        assert (rated["status"], rated["distance"]) == ("met", 0)
        assert not np.isnan(rated["points"]) and "normal variation in Sep 2026" in rated["reason"]
