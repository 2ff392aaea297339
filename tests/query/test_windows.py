"""KPIs over the months that end with a period: sums over the window, its coverage, what is a trial value, and the rows behind it."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from analytics.asking import KpiQuery
from analytics.filters import Filters
from analytics.lineage import origin
from analytics.performance.drivers import split_change
from analytics.periods import Grain, Period, add_months
from analytics.query import kpi_frame
from analytics.warehouse import Scope, Store
from tests.rows import EVERYTHING, store_of

FIRST = date(2025, 1, 1)


def month_row(vendor: str, place: int, leavers: int | None, people: int = 10, **more: object) -> dict[str, object]:
    """Leavers and headcount-days of the month that many after January 2025."""
    start = add_months(FIRST, place)
    days = (add_months(start, 1) - start).days
    return {"vendor": vendor, "grain": "month", "period_start": start, "leavers": leavers, "headcount_days": people * days, **more}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Acme: 18 months, one leaver of ten people a month, five in December 2025. Beta: 100 people from March 2026 on, ten leave a month."""
    acme = [month_row("Acme", place, 5 if place == 11 else 1, site="Pune" if place % 2 else "Lodz") for place in range(18)]
    return store_of(tmp_path, [*acme, *(month_row("Beta", place, 10, 100, site="Riga") for place in range(14, 18))])


def ask(store: Store, period: str, *by: str, kpis: tuple[str, ...] = ("attrition",), own: bool = False, **filters: tuple) -> pd.DataFrame:
    asked = Period.parse(period)
    query = KpiQuery(kpis, asked.grain, asked.start, asked.end, by, Filters(**filters), own_periods=own)
    return kpi_frame(store, EVERYTHING, query)


@pytest.mark.parametrize(
    ("period", "leavers", "people_days", "months"),
    [
        ("2026-06", 16, 3650, "Jul 2025 to Jun 2026"),
        ("2026-Q2", 16, 3650, "Jul 2025 to Jun 2026"),
        ("2025", 16, 3650, "Jan 2025 to Dec 2025"),
        ("2025-12", 16, 3650, "Jan 2025 to Dec 2025"),
        ("2026-01", 16, 3650, "Feb 2025 to Jan 2026"),
    ],
)
def test_the_sums_are_those_of_the_twelve_months_that_end_with_the_period(
    store: Store, period: str, leavers: int, people_days: int, months: str
):
    (row,) = ask(store, period, vendor=("Acme",)).to_dict("records")
    assert (row["numerator"], row["denominator"]) == (leavers, people_days)
    assert row["value"] == pytest.approx(leavers * 365 / people_days)
    assert (row["coverage"], row["remark"]) == (f"12 of 12 months, {months}", None)


def test_the_published_example_five_leavers_of_fifteen_people_are_a_third_a_year(tmp_path: Path):
    year = store_of(tmp_path, [month_row("Acme", place, 5 if place == 6 else 0, 15) for place in range(12)])
    assert ask(year, "2025-12")["value"].tolist() == pytest.approx([5 / 15])
    assert ask(year, "2025-12", own=True)["value"].tolist() == [0]


@pytest.mark.parametrize(
    ("period", "coverage"), [("2026-03", "1 of 1 months, Mar 2026"), ("2026-06", "4 of 4 months, Mar 2026 to Jun 2026")]
)
def test_fewer_than_six_months_are_a_trial_value(store: Store, period: str, coverage: str):
    (row,) = ask(store, period, vendor=("Beta",)).to_dict("records")
    assert row["coverage"] == coverage
    assert row["remark"] == "trial value, under 6 months"
    assert [found["remark"] for found in ask(store, period).to_dict("records")] == [None]  # Acme has twelve of them


def test_a_month_without_data_is_missing_from_the_window_and_the_coverage_says_so(tmp_path: Path):
    gap = store_of(tmp_path, [month_row("Acme", place, 1) for place in range(12) if place != 4])
    (row,) = ask(gap, "2025-12").to_dict("records")
    assert (row["numerator"], row["denominator"], row["coverage"]) == (11, 3340, "11 of 12 months, Jan 2025 to Dec 2025")


def test_a_side_without_the_other_does_not_count_in_the_window(tmp_path: Path):
    rows = [month_row("Acme", place, None if place == 4 else 1) for place in range(12)]
    assert ask(store_of(tmp_path, rows), "2025-12")["denominator"].tolist() == [3340]


def test_beside_a_variant_of_the_period_alone_and_others(store: Store):
    frame = ask(store, "2025-Q4", kpis=("attrition.period", "attrition"), vendor=("Acme",))
    assert dict(zip(frame["kpi"], frame["numerator"], strict=True)) == {"attrition.period": 7, "attrition": 16}
    assert ask(store, "2025-Q4", own=True, vendor=("Acme",))["numerator"].tolist() == [7]


def test_a_fiscal_year_has_its_own_twelve_months(store: Store):
    start = Period.parse("FY2026", 4)
    query = KpiQuery(("attrition",), Grain.YEAR, start.start, start.end, filters=Filters(vendor=("Acme",)), fiscal_start=4)
    (row,) = kpi_frame(store, EVERYTHING, query).to_dict("records")
    assert (row["numerator"], row["coverage"]) == (16, "12 of 12 months, Apr 2025 to Mar 2026")


def test_data_by_months_has_no_window_that_ends_inside_one(store: Store):
    assert ask(store, "2026-06-10", vendor=("Acme",))["remark"].tolist() == ["reported monthly"]


def test_quarterly_data_fills_a_window_of_quarters(tmp_path: Path):
    quarters = [
        {"vendor": "Acme", "grain": "quarter", "period_start": add_months(FIRST, 3 * place), "leavers": place, "headcount_days": 100}
        for place in range(6)
    ]
    (row,) = ask(store_of(tmp_path, quarters), "2026-Q2").to_dict("records")
    assert (row["numerator"], row["denominator"], row["remark"]) == (2 + 3 + 4 + 5, 400, None)
    assert row["coverage"] == "12 of 12 months, Jul 2025 to Jun 2026"


def test_the_rows_behind_the_number_are_those_of_the_window(store: Store):
    period = Period.parse("2026-Q2")
    found = origin(store, EVERYTHING, KpiQuery(("attrition",), period.grain, period.start, period.end))
    assert found.row_count == 12 + 4
    assert (float(found.numerator), found.adds_up) == (16 + 40, True)
    assert (found.rows["period_start"].min(), found.rows["period_start"].max()) == (pd.Timestamp(2025, 7, 1), pd.Timestamp(2026, 6, 1))


@pytest.mark.parametrize("by", ["vendor", "site"])
def test_the_parts_of_a_change_of_windows_add_up(store: Store, by: str):
    periods = ("2026-Q1", "2026-Q2")
    totals = [ask(store, period) for period in periods]
    split = split_change(ask(store, periods[0], by), ask(store, periods[1], by), by, (totals[0], totals[1]))
    assert split.remark == ""
    assert sum(part.effect for part in split.parts) == split.change


def test_somebody_who_may_see_one_vendor_sees_its_window_only(store: Store):
    query = KpiQuery(("attrition",), Grain.QUARTER, date(2026, 4, 1), date(2026, 6, 30))
    frame = kpi_frame(store, Scope("guest", ("Acme",)), query)
    assert frame["numerator"].tolist() == [16]
