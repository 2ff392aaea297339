"""Every KPI against a worked example by hand, and against SQL written by hand."""

import re
from datetime import date

import numpy as np
import pandas as pd
import pytest

from analytics.asking import KpiQuery
from analytics.catalogue import KPIS, MEASURES, MeasureKind, find_kpi, formula, variants_of
from analytics.errors import UsageError
from analytics.filters import Filters
from analytics.periods import Grain
from analytics.query import kpi_frame
from analytics.warehouse import Store
from tests.rows import EVERYTHING, store_of

JULY = (date(2026, 7, 1), date(2026, 7, 31))

# One data set for the five published service-level variants (Call Centre Helper): answered 1000; abandoned 60, of
# which 20 within 20 s and 10 within 5 s; 860 answered within 20 s.
FIVE_VARIANTS = {
    "contacts_offered": 1060, "contacts_handled": 1000, "contacts_abandoned": 60, "abandoned_within_threshold": 20,
    "contacts_abandoned_short": 10, "answered_within_threshold": 860,
}  # fmt: skip
# Cisco: 70 answered within the threshold, 10 abandoned within it, 20 exceeded it.
CISCO = {"contacts_offered": 100, "answered_within_threshold": 70, "abandoned_within_threshold": 10}

WORKED_EXAMPLES = [
    ("service_level.abandons_positive", FIVE_VARIANTS, 880 / 1060),  # 83.0 %
    ("service_level.answered_only", FIVE_VARIANTS, 0.860),
    ("service_level", FIVE_VARIANTS, 860 / 1060),  # 81.1 %
    ("service_level.abandons_ignored", FIVE_VARIANTS, 860 / 1040),  # 82.7 %
    ("service_level.short_abandons_positive", FIVE_VARIANTS, 870 / 1060),  # 82.1 %
    ("service_level.abandons_ignored", CISCO, 70 / 90),  # 77.8 %
    ("service_level", CISCO, 0.70),
    ("service_level.abandons_positive", CISCO, 0.80),
    ("average_speed_of_answer", {"queue_seconds": 18000, "contacts_handled": 1000}, 18.0),
    ("abandonment_rate", FIVE_VARIANTS, 60 / 1060),
    ("abandonment_rate.less_short", FIVE_VARIANTS, 50 / 1050),
    ("average_handle_time", {"talk_seconds": 20000, "hold_seconds": 2000, "wrap_seconds": 5000, "contacts_handled": 100}, 270.0),
    ("average_handle_time", {"handle_seconds": 27000, "contacts_handled": 100}, 270.0),
    ("transfer_rate", {"contacts_transferred": 30, "contacts_handled": 400}, 0.075),
    ("contacts_handled", {"contacts_handled": 1234}, 1234.0),
    ("occupancy", {"handle_seconds": 24000, "available_seconds": 6000}, 0.80),
    ("utilisation", {"handle_seconds": 18000, "paid_seconds": 28800}, 0.625),
    ("schedule_adherence", {"adherent_seconds": 455 * 60, "scheduled_seconds": 480 * 60}, 455 / 480),  # 94.8 %
    ("shrinkage", {"paid_seconds": 1000, "productive_seconds": 700}, 0.30),
    ("absenteeism", {"absent_seconds": 24, "scheduled_seconds": 480}, 0.05),
    ("attrition", {"leavers": 5, "headcount_days": 15 * 365}, 5 / 15),  # 33.3 % a year
    ("attrition.period", {"leavers": 5, "headcount_days": 15 * 365}, 5 / 15),
    ("productivity", {"contacts_handled": 600, "paid_seconds": 100 * 3600}, 6.0),
    ("staffing_delivered", {"delivered_seconds": 960, "committed_seconds": 1000}, 0.96),
    ("esat", {"esat_favourable": 36, "esat_responses": 48}, 0.75),
    ("first_contact_resolution", {"resolved_first_contact": 280, "resolution_opportunities": 400}, 0.70),
    (
        "first_contact_resolution.net",
        {"resolved_first_contact": 280, "resolution_opportunities": 400, "contacts_transferred": 50},
        0.80,
    ),
    ("csat", {"csat_satisfied": 46, "csat_responses": 50}, 0.92),
    ("csat_mean", {"csat_score_sum": 215, "csat_responses": 50}, 4.3),
    ("nps", {"nps_promoters": 50, "nps_detractors": 20, "nps_responses": 100}, 30.0),
    ("nps", {"nps_promoters": 0, "nps_detractors": 100, "nps_responses": 100}, -100.0),
    ("quality_score", {"quality_points": 1806, "quality_points_possible": 2000}, 0.903),
    ("critical_error_accuracy", {"evaluations_without_critical_error": 97, "evaluations": 100}, 0.97),
    ("error_rate", {"errors": 5, "transactions_checked": 1000}, 0.005),
    ("reopen_rate", {"cases_reopened": 6, "cases_resolved": 200}, 0.03),
    ("resolved_in_target", {"cases_resolved_in_target": 190, "cases_resolved": 200}, 0.95),
    ("mean_resolution_time", {"resolution_seconds": 720000, "cases_resolved": 100}, 7200.0),
    ("backlog", {"backlog_days": 300, "cases_resolved": 100}, 3.0),
    ("security_incidents", {"security_incidents": 2}, 2.0),
    ("cost_per_contact", {"cost": 5000, "contacts_handled": 1000}, 5.0),
    ("cost_per_resolution", {"cost": 5000, "resolved_first_contact": 800}, 6.25),  # 5.00 at 80 % FCR
    ("cost_per_resolution.cases", {"cost": 5000, "cases_resolved": 400}, 12.5),
]


@pytest.fixture(scope="module")
def worked_examples(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Every example is a vendor of its own, named by its place in the list."""
    rows = [{"vendor": str(place), **measures} for place, (_, measures, _) in enumerate(WORKED_EXAMPLES)]
    return store_of(tmp_path_factory.mktemp("examples"), rows)


@pytest.mark.parametrize("place", range(len(WORKED_EXAMPLES)), ids=[kpi for kpi, _, _ in WORKED_EXAMPLES])
def test_worked_example(worked_examples: Store, place: int) -> None:
    kpi, _, value = WORKED_EXAMPLES[place]
    frame = kpi_frame(worked_examples, EVERYTHING, KpiQuery((kpi,), Grain.MONTH, *JULY, filters=Filters(vendor=(str(place),))))
    assert frame["value"].tolist() == pytest.approx([value], rel=1e-12)


def test_every_kpi_has_a_worked_example() -> None:
    assert {kpi for kpi, _, _ in WORKED_EXAMPLES} == set(KPIS)


HAND_WRITTEN_SQL = {
    "service_level": "sum(answered_within_threshold) / sum(contacts_offered)",
    "service_level.answered_only": "sum(answered_within_threshold) / sum(contacts_handled)",
    "service_level.abandons_positive": "(sum(answered_within_threshold) + sum(abandoned_within_threshold)) / sum(contacts_offered)",
    "service_level.abandons_ignored": "sum(answered_within_threshold) / (sum(contacts_offered) - sum(abandoned_within_threshold))",
    "service_level.short_abandons_positive": "(sum(answered_within_threshold) + sum(contacts_abandoned_short)) / sum(contacts_offered)",
    "average_speed_of_answer": "sum(queue_seconds) / sum(contacts_handled)",
    "abandonment_rate": "sum(contacts_abandoned) / sum(contacts_offered)",
    "abandonment_rate.less_short": (
        "(sum(contacts_abandoned) - sum(contacts_abandoned_short)) / (sum(contacts_offered) - sum(contacts_abandoned_short))"
    ),
    "average_handle_time": "sum(handle_seconds) / sum(contacts_handled)",
    "transfer_rate": "sum(contacts_transferred) / sum(contacts_handled)",
    "contacts_handled": "sum(contacts_handled)",
    "occupancy": "sum(handle_seconds) / (sum(handle_seconds) + sum(available_seconds))",
    "utilisation": "sum(handle_seconds) / sum(paid_seconds)",
    "schedule_adherence": "sum(adherent_seconds) / sum(scheduled_seconds)",
    "shrinkage": "1 - sum(productive_seconds) / sum(paid_seconds)",
    "absenteeism": "sum(absent_seconds) / sum(scheduled_seconds)",
    "attrition": "365.0 * sum(leavers) / sum(headcount_days)",
    "attrition.period": "365.0 * sum(leavers) / sum(headcount_days)",
    "productivity": "sum(contacts_handled) / (sum(paid_seconds) / 3600)",
    "staffing_delivered": "sum(delivered_seconds) / sum(committed_seconds)",
    "esat": "sum(esat_favourable) / sum(esat_responses)",
    "first_contact_resolution": "sum(resolved_first_contact) / sum(resolution_opportunities)",
    "first_contact_resolution.net": "sum(resolved_first_contact) / (sum(resolution_opportunities) - sum(contacts_transferred))",
    "csat": "sum(csat_satisfied) / sum(csat_responses)",
    "csat_mean": "sum(csat_score_sum) / sum(csat_responses)",
    "nps": "100.0 * sum(nps_promoters) / sum(nps_responses) - 100.0 * sum(nps_detractors) / sum(nps_responses)",
    "quality_score": "sum(quality_points) / sum(quality_points_possible)",
    "critical_error_accuracy": "sum(evaluations_without_critical_error) / sum(evaluations)",
    "error_rate": "sum(errors) / sum(transactions_checked)",
    "reopen_rate": "sum(cases_reopened) / sum(cases_resolved)",
    "resolved_in_target": "sum(cases_resolved_in_target) / sum(cases_resolved)",
    "mean_resolution_time": "sum(resolution_seconds) / sum(cases_resolved)",
    "backlog": "sum(backlog_days) / sum(cases_resolved)",
    "security_incidents": "sum(security_incidents)",
    "cost_per_contact": "sum(cost) / sum(contacts_handled)",
    "cost_per_resolution": "sum(cost) / sum(resolved_first_contact)",
    "cost_per_resolution.cases": "sum(cost) / sum(cases_resolved)",
}


def _random_row(generator: np.random.Generator, vendor: str, site: str, day: date) -> dict[str, object]:
    whole = {m.id: int(generator.integers(50, 500)) for m in MEASURES.values() if m.kind is MeasureKind.COUNT}
    exact = {m.id: round(float(generator.uniform(50, 500)), 6) for m in MEASURES.values() if m.kind is MeasureKind.AMOUNT}
    return {"vendor": vendor, "site": site, "period_start": day, **whole, **exact}


@pytest.fixture(scope="module")
def every_measure(tmp_path_factory: pytest.TempPathFactory) -> Store:
    generator = np.random.default_rng(7)
    days = [date(2026, month, day) for month in (6, 7, 8) for day in (1, 9, 28)]
    rows = [_random_row(generator, vendor, site, day) for vendor, site in (("A", "x"), ("A", "y"), ("B", "z")) for day in days]
    return store_of(tmp_path_factory.mktemp("warehouse"), rows)


@pytest.fixture(scope="module", params=[(), ("vendor",), ("site",)], ids=["total", "vendor", "site"])
def every_kpi(every_measure: Store, request: pytest.FixtureRequest) -> tuple[tuple[str, ...], pd.DataFrame]:
    """The dimensions shown, and every KPI by them in one answer."""
    by = request.param
    query = KpiQuery(tuple(KPIS), Grain.MONTH, date(2026, 6, 1), date(2026, 8, 31), by)
    return by, kpi_frame(every_measure, EVERYTHING, query).sort_values(["period", *by])


@pytest.mark.parametrize("kpi", KPIS)
def test_kpi_equals_hand_written_sql(every_measure: Store, every_kpi: tuple[tuple[str, ...], pd.DataFrame], kpi: str) -> None:
    by, frame = every_kpi
    sql = re.sub(r"sum\((\w+)\)", r"sum(\1)::DOUBLE", HAND_WRITTEN_SQL[kpi])
    keys, month = "".join(f", {name}" for name in by), "date_trunc('month', period_start)::DATE"
    window = find_kpi(kpi).window_months
    expected = every_measure.select(
        EVERYTHING,
        f"SELECT month AS period{keys}, {sql} AS value "
        f"FROM performance JOIN (SELECT DISTINCT {month} AS month FROM performance) ON {month} {'<=' if window else '='} month "
        "GROUP BY ALL ORDER BY ALL",  # the data is of three months: a window of twelve begins with the first
    )
    answer = frame[frame["kpi"] == kpi]
    assert answer[["period", *by]].to_numpy().tolist() == expected[["period", *by]].to_numpy().tolist()
    assert answer["value"].tolist() == pytest.approx(expected["value"].tolist(), rel=1e-12)


def test_every_kpi_has_hand_written_sql() -> None:
    assert set(HAND_WRITTEN_SQL) == set(KPIS)


def test_formula_in_words_comes_from_the_measures() -> None:
    assert formula(find_kpi("shrinkage")) == "(paid time - productive time) / paid time"
    assert formula(find_kpi("attrition.period")) == "leavers / headcount days x 365"
    assert formula(find_kpi("attrition")) == "leavers / headcount days x 365, over 12 months"
    assert formula(find_kpi("contacts_handled")) == "sum of contacts handled"


def test_variants_belong_to_their_kpi() -> None:
    assert [kpi.id for kpi in variants_of("abandonment_rate")] == ["abandonment_rate.less_short"]
    assert len(variants_of("service_level")) == 4


def test_an_unknown_kpi_names_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"Unknown KPI 'servce_level'\. Did you mean: .*service_level"):
        find_kpi("servce_level")


def test_every_kpi_says_what_it_is() -> None:
    for kpi in KPIS.values():
        assert kpi.definition.endswith(".") and kpi.source and kpi.label, kpi.id
        assert kpi.variant_of is None or kpi.variant_of in KPIS
