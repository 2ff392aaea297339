"""Watermelons: green targets on speed with outcomes that signal concern; in the sample it is Asterion and nobody else."""

from pathlib import Path

import pandas as pd
import pytest

from analytics.performance.report import measured_report
from analytics.performance.report_request import ReportRequest
from analytics.performance.watermelon import OUTCOME_KPIS, WatermelonCheck, counts_text, find_watermelons, watermelon_check
from analytics.periods import Period
from analytics.settings import load_settings
from analytics.warehouse import Scope, Warehouse

WHOLE = pd.Timestamp("2026-07-01"), pd.Timestamp("2026-09-30")


def verdict(vendor: str | None, kpi: str, status: str) -> dict[str, object]:
    words = {"value_text": "83 %", "target_text": ">= 80 %"}
    return {"period": WHOLE[0], "period_end": WHOLE[1], "vendor": vendor, "kpi": kpi, "status": status, **words}


def month(vendor: str, kpi: str, signal: str, period: str = "2026-09-01", **more: object) -> dict[str, object]:
    known = {"value": 0.78, "complete": True, "upper_limit": 0.9, "status": "below expected", "currency": None, "trial_limits": False}
    rule = None if signal == "none" else "run"
    return {"period": pd.Timestamp(period), "vendor": vendor, "kpi": kpi, "signal": signal, "rule": rule, **known, **more}


GREEN = [verdict("A", "service_level", "met"), verdict("A", "average_handle_time", "met")]


def check(report: list[dict], months: list[dict]) -> WatermelonCheck:
    return watermelon_check(pd.DataFrame(report), pd.DataFrame(months))


class TestRule:
    def test_green_targets_and_a_concern(self) -> None:
        (melon,) = check(
            GREEN, [month("A", "csat", "concern"), month("A", "first_contact_resolution", "concern"), month("A", "nps", "none")]
        ).found
        assert melon.sentence == ("A met both targets on speed, but customer satisfaction and first contact resolution signal concern.")
        assert melon.green[0].text == "service level 83 %, target >= 80 %"
        assert melon.concerns[0].text == (
            "customer satisfaction 78 % in Sep 2026, below expected: 7 or more points in a row on the worse side of the average"
        )

    @pytest.mark.parametrize("status", ["missed", "below expected"])
    def test_a_target_not_met_is_no_watermelon(self, status: str) -> None:
        found = check([*GREEN, verdict("A", "abandonment_rate", status)], [month("A", "csat", "concern")])
        assert found == WatermelonCheck(not_green=("A",))

    def test_no_verdict_is_counted_apart_and_never_green(self) -> None:
        found = check([verdict("A", "service_level", "not measured")], [month("A", "csat", "concern")])
        assert found == WatermelonCheck(not_measured=("A",))

    def test_a_target_without_a_number_is_named(self) -> None:
        (melon,) = check([*GREEN, verdict("A", "abandonment_rate", "not measured")], [month("A", "csat", "concern")]).found
        assert melon.sentence == "A met both measured targets on speed, but customer satisfaction signals concern."
        assert melon.not_measured == ("abandonment_rate",)

    def test_calm_outcomes_clear(self) -> None:
        assert check(GREEN, [month("A", "csat", "none")]) == WatermelonCheck(cleared=("A",))

    def test_one_name_for_a_kpi_and_its_mean_and_three_at_most(self) -> None:
        outcomes = ("first_contact_resolution", "csat", "csat_mean", "nps", "reopen_rate")
        (melon,) = check(GREEN[:1], [month("A", kpi, "concern") for kpi in outcomes]).found
        assert melon.sentence == (
            "A met its one target on speed, but first contact resolution, customer satisfaction and two more outcomes signal concern."
        )
        assert len(melon.concerns) == 5

    def test_targets_of_quality_do_not_make_it_green(self) -> None:
        assert check([verdict("A", "csat", "met")], [month("A", "csat", "concern")]) == WatermelonCheck()

    @pytest.mark.parametrize("newer", [month("A", "csat", "none"), month("A", "csat", "improvement")])
    def test_a_concern_that_is_over(self, newer: dict) -> None:
        assert check(GREEN, [month("A", "csat", "concern", "2026-08-01"), newer]).found == ()

    def test_incomplete_months_do_not_speak(self) -> None:
        unfinished = month("A", "csat", "none", complete=False)
        assert check(GREEN, [month("A", "csat", "concern", "2026-08-01"), unfinished]).found != ()

    def test_a_signal_before_the_period_is_not_its_own(self) -> None:
        found = check(GREEN, [month("A", "csat", "concern", "2026-06-01")])
        assert (found.found, found.unchecked) == ((), ("A",))

    def test_outcomes_nobody_measures_do_not_clear(self) -> None:
        assert check(GREEN, [month("B", "csat", "none")]).unchecked == ("A",)

    def test_the_portfolio_is_no_vendor_and_nothing_is_nothing(self) -> None:
        assert check([verdict(None, "service_level", "met")], [month("A", "csat", "concern")]) == WatermelonCheck()
        assert watermelon_check(pd.DataFrame(GREEN).head(0), pd.DataFrame([month("A", "csat", "concern")])) == WatermelonCheck()


def test_the_counts_name_who_could_not_be_checked() -> None:
    rows = [
        *GREEN,
        verdict("B", "service_level", "met"),
        verdict("C", "service_level", "not measured"),
        verdict("D", "service_level", "met"),
    ]
    found = check(rows, [month("A", "csat", "concern"), month("B", "csat", "none")])
    assert counts_text(found) == (
        "2 vendors checked: 1 flagged, 1 cleared. Not checked, no verdict on speed: C. Not checked, outcomes not measured: D."
    )
    assert found.of("A") is not None and found.of("B") is None
    assert counts_text(WatermelonCheck()) == "0 vendors checked."


REQUEST = ReportRequest(Period.parse("2026-Q3"), load_settings().heatmap_kpis)


def test_the_sample_has_one(demo_warehouse: Path) -> None:
    check = find_watermelons(Warehouse(demo_warehouse).open(), Scope.everything(), REQUEST)
    assert [melon.vendor for melon in check.found] == ["Asterion"]
    assert {evidence.kpi for evidence in check.found[0].concerns} >= {"first_contact_resolution", "csat"}
    assert {evidence.kpi for evidence in check.found[0].green} >= {"service_level", "abandonment_rate"}
    assert (check.not_green, check.cleared) == (("Cobalt Bay",), ("Meridiem", "Northline", "Tallgrass"))


def test_it_is_the_check_of_the_report(demo_warehouse: Path) -> None:
    """Asking only for what is needed gives the same as the whole report."""
    store, kpis = Warehouse(demo_warehouse).open(), tuple(dict.fromkeys((*REQUEST.kpis, *OUTCOME_KPIS)))
    report = measured_report(store, Scope.everything(), ReportRequest(REQUEST.period, kpis), load_settings().contract_kpis)
    assert watermelon_check(report.frame, report.months) == find_watermelons(store, Scope.everything(), REQUEST)


def test_without_a_kpi_of_speed_nothing_is_asked(demo_warehouse: Path) -> None:
    request = ReportRequest(REQUEST.period, ("csat", "contacts_handled"))
    assert find_watermelons(Warehouse(demo_warehouse).open(), Scope.everything(), request) == WatermelonCheck()
