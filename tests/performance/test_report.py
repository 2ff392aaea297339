"""The performance report: the sample rows to the letter, comparison, months met, portfolio above vendors."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analytics.filters import Filters
from analytics.performance.report import ReportRequest, measured_report, report_frame
from analytics.performance.verdict import report_verdict
from analytics.periods import Comparison, Period
from analytics.warehouse import Scope, Store
from tests.rows import EVERYTHING, store_of

CONTRACT = ("first_contact_resolution", "average_handle_time", "csat", "error_rate")
Q3 = Period.parse("2026-Q3")


def month(vendor: str, number: int, resolved: int, handle: int, satisfied: int, errors: int) -> dict[str, object]:
    """1,000 contacts in one month of 2026: resolved at first, seconds each, satisfied, and errors per 1,000 checked."""
    return {
        "vendor": vendor, "grain": "month", "period_start": date(2026, number, 1), "resolved_first_contact": resolved,
        "resolution_opportunities": 1000, "handle_seconds": 1000 * handle, "contacts_handled": 1000, "csat_satisfied": satisfied,
        "csat_responses": 1000, "errors": errors, "transactions_checked": 1000,
    }  # fmt: skip


# Q3: resolved 840 and 860, handle time 280 s and 260 s, satisfied 930 and 910, errors 4 and 6: 85 %, 270 s, 92 %, 0.5 %.
QUARTER = [
    *(month("A", number, resolved, 280, 930, 4) for number, resolved in ((7, 790), (8, 860), (9, 870))),
    *(month("B", number, 860, 260, 910, 6) for number in (7, 8, 9)),
]
BEFORE = [month(vendor, number, 800, 300, 900, 8) for vendor in "AB" for number in (4, 5, 6)]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    march = [month(vendor, 3, 100, 900, 100, 99) for vendor in "AB"]
    targets = [
        {"kpi": "csat", "vendor": "A", "comparator": ">=", "expected": 0.90, "valid_from": date(2026, 1, 1)},
        {"kpi": "csat", "vendor": "B", "comparator": ">=", "expected": 0.90, "valid_from": date(2026, 1, 1)},
    ]
    return store_of(tmp_path_factory.mktemp("report"), [*march, *BEFORE, *QUARTER], targets=targets)


@pytest.fixture(scope="module")
def report(store: Store) -> pd.DataFrame:
    return report_frame(store, EVERYTHING, ReportRequest(Q3, CONTRACT))


def rows_of(report: pd.DataFrame, vendor: str | None) -> pd.DataFrame:
    rows = report[report["vendor"].isna()] if vendor is None else report[report["vendor"] == vendor]
    return rows.set_index("kpi")


def test_the_sample_report_to_the_letter(report: pd.DataFrame) -> None:
    """
    | KPI                      | Target      | Actual   | Variance           | Status |
    | ------------------------ | ----------- | -------- | ------------------ | ------ |
    | First contact resolution | >= 80 %     | 85 %     | +5 pp              | met    |
    | Average handle time      | <= 5:00 min | 4:30 min | -0:30 min (better) | met    |
    | Customer satisfaction    | >= 90 %     | 92 %     | +2 pp              | met    |
    | Error rate               | < 1 %       | 0.5 %    | -0.5 pp (better)   | met    |
    """
    printed = rows_of(report, None)[["target_text", "value_text", "variance_text", "status_text"]]
    assert printed.index.tolist() == list(CONTRACT)
    assert printed.to_numpy().tolist() == [
        [">= 80 %", "85 %", "+5 pp", "met"],
        ["<= 5:00 min", "4:30 min", "-0:30 min (better)", "met"],
        [">= 90 %", "92 %", "+2 pp", "met"],
        ["< 1 %", "0.5 %", "-0.5 pp (better)", "met"],
    ]


def test_portfolio_first_then_vendors(report: pd.DataFrame) -> None:
    assert report["vendor"].fillna("all").tolist() == ["all"] * 4 + ["A"] * 4 + ["B"] * 4
    assert rows_of(report, "A")["value"].round(6).tolist() == [0.84, 280, 0.93, 0.004]
    assert set(report["coverage"]) == {"2 of 2 vendors, 3 of 3 months", "3 of 3 months"}


def test_each_row_names_the_basis_of_its_target(report: pd.DataFrame) -> None:
    assert rows_of(report, None).loc["csat", "basis"] == "shared by all members"
    assert rows_of(report, "A").loc["csat", "basis"] == "stored target"
    assert rows_of(report, "A").loc["error_rate", "basis"] == "default target"


def test_the_months_behind_the_quarter(report: pd.DataFrame) -> None:
    """A resolved 79 % in July: 2 of 3 months met although the quarter is. Together with B it was 82.5 %: 3 of 3."""
    assert rows_of(report, "A").loc["first_contact_resolution", "months_met"] == "2 of 3 months met"
    assert rows_of(report, None).loc["first_contact_resolution", "months_met"] == "3 of 3 months met"


def test_the_change_on_the_quarter_before(report: pd.DataFrame) -> None:
    total = rows_of(report, None)
    assert total["previous_value"].round(6).tolist() == [0.80, 300, 0.90, 0.008]
    assert total["change_text"].tolist() == ["+5 pp", "-0:30 min (better)", "+2 pp", "-0.3 pp (better)"]


def test_a_part_of_a_quarter_is_never_compared(store: Store) -> None:
    """Q1 has only March, so Q2 has nothing fair to be compared with; nor has Q3 with Q3 of last year, before the data."""
    second = report_frame(store, EVERYTHING, ReportRequest(Period.parse("2026-Q2"), CONTRACT))
    assert second["change"].isna().all() and set(second["change_text"]) == {"-"}
    year = report_frame(store, EVERYTHING, ReportRequest(Q3, CONTRACT, Comparison.LAST_YEAR))
    assert year["change"].isna().all() and year["previous_value"].isna().all()


def test_a_quarter_that_still_runs_is_never_compared(store: Store) -> None:
    first = report_frame(store, EVERYTHING, ReportRequest(Period.parse("2026-Q1"), CONTRACT))
    assert not first["complete"].any() and first["change"].isna().all()


def test_a_month_is_compared_with_the_month_before(store: Store) -> None:
    august = report_frame(store, EVERYTHING, ReportRequest(Period.parse("2026-08"), ("first_contact_resolution",)))
    assert rows_of(august, "A").loc["first_contact_resolution", "change_text"] == "+7 pp"
    assert august["months_met"].isna().all()


def test_one_vendor_by_filter_is_its_own_portfolio(store: Store) -> None:
    request = ReportRequest(Q3, CONTRACT, filters=Filters(vendor=("A",)), by_vendor=False)
    only_a = report_frame(store, EVERYTHING, request)
    assert only_a["vendor"].isna().all() and only_a["value"].round(6).tolist() == [0.84, 280, 0.93, 0.004]
    assert only_a.set_index("kpi").loc["csat", "basis"] == "stored target"


def test_no_rows_make_an_empty_report(store: Store) -> None:
    request = ReportRequest(Q3, CONTRACT, filters=Filters(vendor=("nobody",)))
    empty = report_frame(store, EVERYTHING, request)
    assert empty.empty and {"vendor", "status_text", "change_text", "months_met"} <= set(empty.columns)
    assert report_frame(store, Scope.nobody(), ReportRequest(Q3, CONTRACT)).empty
    assert report_verdict(empty, Q3, CONTRACT) == "No KPI has both a value and a target in Q3 2026."


class TestMixedTargetsAndCurrencies:
    """
    | vendor | csat          | target             | cost per contact |
    | ------ | ------------- | ------------------ | ---------------- |
    | A      | 93 %          | >= 95 %, minimum 92 % | 5.50 EUR      |
    | B      | 91 %          | >= 90 %            | 7 USD            |
    | S      | 92 % reported | >= 90 %, its own   |                  |
    """

    @pytest.fixture(scope="class")
    @classmethod
    def report(cls, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
        targets = [
            {"kpi": "csat", "vendor": vendor, "comparator": ">=", "expected": expected, "minimum": 0.92, "valid_from": date(2026, 1, 1)}
            for vendor, expected in (("A", 0.95), ("B", 0.90))
        ]
        cost = [
            {"vendor": vendor, "source": "invoice", "grain": "month", "currency": currency, "cost": cost, "period_start": date(2026, 9, 1)}
            for vendor, currency, cost in (("A", "EUR", 5500), ("B", "USD", 7000))
        ]
        reported = {"vendor": "S", "kpi": "csat", "actual": 0.92, "target": 0.90, "comparator": ">=", "period_start": date(2026, 9, 1)}
        store = store_of(tmp_path_factory.mktemp("mixed"), [*QUARTER, *cost], scorecard=[reported], targets=targets)
        return report_frame(store, EVERYTHING, ReportRequest(Period.parse("2026-09"), ("csat", "cost_per_contact")))

    def test_a_total_above_different_targets_counts_its_members(self, report: pd.DataFrame) -> None:
        """A is below expected, B and S met."""
        total = rows_of(report, None).loc["csat"]
        assert (total["status_text"], total["target_text"], total["variance_text"]) == ("mixed: 2 of 3 met", "-", "-")
        assert rows_of(report, "A").loc["csat", "status_text"] == "below expected"

    def test_each_vendor_is_printed_in_its_currency_and_the_total_not_at_all(self, report: pd.DataFrame) -> None:
        cost = report[report["kpi"] == "cost_per_contact"]
        assert cost["value_text"].tolist() == ["-", "5.50 EUR", "7 USD", "-"]

    def test_a_reported_result_is_held_against_the_vendors_own_target(self, report: pd.DataFrame) -> None:
        reported = rows_of(report, "S").loc["csat"]
        assert (reported["status_text"], reported["basis"]) == ("met", "target reported by the vendor")
        assert np.isnan(reported["denominator"])


def test_kpis_nobody_measured_change_nothing_but_their_own_rows(store: Store) -> None:
    few = measured_report(store, EVERYTHING, ReportRequest(Q3, CONTRACT), CONTRACT)
    many = measured_report(store, EVERYTHING, ReportRequest(Q3, ("attrition", *CONTRACT, "esat")), CONTRACT)
    assert (few.unmeasured, many.unmeasured) == ((), ("attrition", "esat"))
    pd.testing.assert_frame_equal(many.frame, few.frame)
    pd.testing.assert_frame_equal(many.months, few.months)


def test_data_without_a_contract_kpi_shows_what_it_has(store: Store) -> None:
    found = measured_report(store, EVERYTHING, ReportRequest(Q3, ("attrition",)), ("attrition",))
    assert set(CONTRACT) <= set(found.frame["kpi"])
    assert found.frame["value"].notna().any() and found.unmeasured == ("attrition",)
