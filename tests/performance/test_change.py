"""A period that is not over is compared with as much of the earlier one, KPI by KPI in the grain its measures come in.

Data to 15 November 2026: 1 contact of 2 in time every day of July and August, 3 of 4 in October, 4 of 4 in November; 100 USD a
month from July to October.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.fair_periods import Choice, Stretch, parse_choice
from analytics.filters import Filters
from analytics.performance.change import coarsest_grains
from analytics.performance.report import ReportRequest, report_frame
from analytics.periods import Comparison, Grain, Period
from analytics.warehouse import Store
from tests.rows import EVERYTHING, store_of

KPIS = ("service_level", "contacts_handled", "cost_per_contact")


def daily(first: date, last: date, offered: int, in_time: int, vendor: str = "Acme") -> Iterator[dict[str, object]]:
    for step in range((last - first).days + 1):
        yield {
            "period_start": first + timedelta(days=step), "vendor": vendor, "contacts_offered": offered, "contacts_handled": offered,
            "answered_within_threshold": in_time, "threshold_seconds": 20,
        }  # fmt: skip


def monthly(*months: int) -> Iterator[dict[str, object]]:
    for month in months:
        yield {"source": "invoice", "grain": "month", "period_start": date(2026, month, 1), "cost": 100, "currency": "USD"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    rows = [
        *daily(date(2026, 7, 1), date(2026, 9, 30), 2, 1),
        *daily(date(2026, 10, 1), date(2026, 10, 31), 4, 3),
        *daily(date(2026, 11, 1), date(2026, 11, 15), 4, 4),
        *daily(date(2026, 8, 10), date(2026, 11, 15), 10, 5, "Late"),
        *monthly(7, 8, 9, 10),
    ]
    return store_of(tmp_path_factory.mktemp("to_date"), rows)


def changes(store: Store, period: str, comparison: Choice = Comparison.PREVIOUS, vendor: str = "Acme") -> pd.DataFrame:
    request = ReportRequest(Period.parse(period), KPIS, comparison, by_vendor=True)
    report = report_frame(store, EVERYTHING, request)
    return report[report["vendor"] == vendor].set_index("kpi")


def test_days_by_days_and_months_by_months(store: Store) -> None:
    """46 days: 153 of 184 in time against 46 of 92. Cost of one month, October: 100 / 124 against July's 100 / 62."""
    found = changes(store, "2026-Q4")
    assert found["previous_value"].to_dict() == pytest.approx({"service_level": 0.5, "contacts_handled": 92, "cost_per_contact": 100 / 62})
    assert found["change"].to_dict() == pytest.approx(
        {"service_level": 153 / 184 - 0.5, "contacts_handled": 92, "cost_per_contact": 100 / 124 - 100 / 62}
    )
    assert found.loc["service_level", "change_text"] == "+33.2 pp"


def test_what_is_compared_is_said(store: Store) -> None:
    texts = changes(store, "2026-Q4")["compared_text"]
    assert texts["service_level"] == (
        "Q4 2026 so far, to 15 Nov 2026 compared with the first 46 days of Q3 2026, 1 Jul 2026 to 15 Aug 2026"
    )
    assert texts["cost_per_contact"] == (
        "Q4 2026 so far, to 31 Oct 2026 compared with the first month of Q3 2026, 1 Jul 2026 to 31 Jul 2026"
    )


def test_a_vendor_that_came_inside_the_earlier_period_has_no_change(store: Store) -> None:
    """Late was there for 6 of the 46 days of Q3."""
    assert changes(store, "2026-Q4", vendor="Late")["change"].isna().all()


def test_whole_periods_are_compared_whatever_the_data_comes_by(store: Store) -> None:
    """October: 93 of 124 in time against September's 30 of 60; 100 USD for 124 contacts against 60 without a cost of days."""
    found = changes(store, "2026-10")
    assert found["previous_value"].to_dict() == pytest.approx({"service_level": 0.5, "contacts_handled": 60, "cost_per_contact": 100 / 60})
    assert found.loc["service_level", ["previous_text", "change_text", "compared"]].tolist() == ["50 %", "+25 pp", "Sep 2026"]
    assert found["compared_text"].iat[0] == "Oct 2026 compared with Sep 2026. 31 days against 30 days: bear it in mind for totals."


def test_a_period_of_ones_own_choice(store: Store) -> None:
    """November so far, 15 days of 4 contacts, against 15 days of 2 in July."""
    found = changes(store, "2026-11", Period.parse("2026-07"))
    assert found.loc["contacts_handled", ["previous_value", "change"]].tolist() == [30, 30]
    assert found.loc["service_level", "compared"] == "the first 15 days of Jul 2026, 1 Jul 2026 to 15 Jul 2026"
    assert np.isnan(found.loc["cost_per_contact", "change"])


def test_two_dates_of_ones_own_choice(store: Store) -> None:
    """20 September to 9 October: 10 of 22 days' contacts in time, then 27 of 36. Of the costs only whole months count: none."""
    chosen = Stretch(date(2026, 9, 20), date(2026, 10, 9))
    found = changes(store, "2026-10", parse_choice("2026-07-20..2026-08-08"))
    assert found.loc["service_level", "previous_value"] == 0.5 and found.loc["contacts_handled", "previous_value"] == 40
    assert found.loc["cost_per_contact", "compared_text"] == "Oct 2026. There is no whole month in 20 Jul 2026 to 8 Aug 2026."
    overlapping = changes(store, "2026-10", chosen)
    assert overlapping["change"].isna().all() and set(overlapping["previous_text"]) == {"-"}


def test_two_dates_in_two_years_are_one_ratio(tmp_path: Path) -> None:
    """10 days of December and 20 of January, 1 and 2 contacts a day, none and all in time: 40 of 50, not a mean of two ratios."""
    rows = [
        *daily(date(2025, 12, 1), date(2025, 12, 31), 1, 0),
        *daily(date(2026, 1, 1), date(2026, 1, 31), 2, 2),
        *daily(date(2026, 2, 1), date(2026, 2, 28), 2, 1),
    ]
    found = changes(store_of(tmp_path, rows), "2026-02", parse_choice("2025-12-22..2026-01-20"))
    assert found.loc["service_level", "previous_value"] == pytest.approx(40 / 50)
    assert found.loc["contacts_handled", "change_text"] == "+6"


def test_another_currency_is_no_change(tmp_path: Path) -> None:
    rows = [
        {
            "source": "invoice",
            "grain": "month",
            "period_start": date(2026, month, 1),
            "cost": 100,
            "contacts_handled": 10,
            "currency": money,
        }
        for month, money in ((7, "USD"), (8, "EUR"))
    ]
    found = changes(store_of(tmp_path, rows), "2026-08")
    assert found.loc["cost_per_contact", ["previous_text", "change_text"]].tolist() == ["-", "-"]
    assert found.loc["contacts_handled", "change_text"] == "0"


def test_nothing_fair_is_no_change_and_says_why(store: Store) -> None:
    found = changes(store, "2026-11")
    assert found.loc["service_level", "change"] == pytest.approx(0.25)
    assert np.isnan(found.loc["cost_per_contact", "change"])
    assert found.loc["cost_per_contact", "compared_text"] == "Nov 2026. There is no whole month of Nov 2026 in the data."
    last_year = changes(store, "2026-Q4", Comparison.LAST_YEAR)
    assert last_year["change"].isna().all() and last_year["previous_value"].isna().all()
    assert "The data begins on 1 Jul 2026" in last_year.loc["service_level", "compared_text"]


def test_the_grain_a_kpi_comes_in(store: Store) -> None:
    whole = Stretch(date(2026, 7, 1), date(2026, 11, 15))
    grains = {"service_level": Grain.DAY, "contacts_handled": Grain.DAY, "cost_per_contact": Grain.MONTH}
    assert coarsest_grains(store, EVERYTHING, KPIS, Filters(), whole) == grains
    assert coarsest_grains(store, EVERYTHING, KPIS, Filters(vendor=("Late",)), whole)["cost_per_contact"] is Grain.DAY


def test_an_empty_warehouse(tmp_path: Path) -> None:
    store = store_of(tmp_path)
    request = ReportRequest(Period.parse("2026-Q4"), KPIS)
    assert report_frame(store, EVERYTHING, request).empty
