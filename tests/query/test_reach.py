"""How far the data of each KPI reaches: late sources, late vendors, free days, rare events, weeks."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from analytics.asking import KpiQuery
from analytics.fair_periods import Stretch
from analytics.filters import Filters
from analytics.lineage import origin
from analytics.performance.change import with_change
from analytics.performance.report import ReportRequest, report_frame
from analytics.periods import Grain, Period
from analytics.query import kpi_frame
from analytics.reach import reach_of
from analytics.warehouse import Store
from tests.rows import EVERYTHING, store_of

AUGUST, SEPTEMBER, OCTOBER = (date(2026, month, 1) for month in (8, 9, 10))
END = date(2026, 10, 31)
LATE = date(2026, 10, 15)


def days(first: date, last: date, *, only: range = range(7), **values: object) -> list[dict[str, object]]:
    """A row per day, of the weekdays `only` (Monday 0)."""
    every = (first + timedelta(days=step) for step in range((last - first).days + 1))
    return [{"period_start": day, **values} for day in every if day.weekday() in only]


def months(*starts: date, **values: object) -> list[dict[str, object]]:
    """A row per month."""
    return [{"grain": "month", "source": "invoice", "period_start": start, "currency": "USD", **values} for start in starts]


@pytest.fixture
def late_switch(tmp_path: Path) -> Store:
    """Invoices of whole months to October; the switch is there to the 15th."""
    contacts = days(AUGUST, LATE, contacts_handled=100, handle_seconds=30_000)
    checked = days(AUGUST, END, source="quality", errors=1, transactions_checked=100)
    return store_of(tmp_path, [*contacts, *checked, *months(AUGUST, SEPTEMBER, OCTOBER, cost=6_000)])


def ends(store: Store, kpi: str, *vendors: str) -> date:
    """The last day a KPI has data of."""
    reach = reach_of(store, EVERYTHING)
    assert reach is not None
    return reach.of(kpi, vendors or None).end


def by_month(store: Store, kpi: str, grain: Grain = Grain.MONTH, **more: object) -> list[tuple[float | None, bool, str | None]]:
    """Value, complete and remark of the periods from August to October."""
    frame = kpi_frame(store, EVERYTHING, KpiQuery((kpi,), grain, AUGUST, END, **more))  # ty: ignore[invalid-argument-type]
    values = (None if value != value else round(value, 4) for value in frame["value"])
    return list(zip(values, frame["complete"].tolist(), frame["remark"].tolist(), strict=True))


class TestLateSource:
    def test_each_kpi_reaches_as_far_as_what_it_is_made_of(self, late_switch: Store) -> None:
        assert (ends(late_switch, "contacts_handled"), ends(late_switch, "cost_per_contact")) == (LATE, LATE)

    def test_a_whole_months_cost_is_not_set_against_half_its_contacts(self, late_switch: Store) -> None:
        found = by_month(late_switch, "cost_per_contact")
        assert found[:2] == [(round(6_000 / 3_100, 4), True, None), (2.0, True, None)]
        assert found[2] == (None, False, "not all of its data is there: some ends on 15 Oct 2026")

    def test_a_quarter_counts_its_whole_months(self, late_switch: Store) -> None:
        quarters = by_month(late_switch, "cost_per_contact", Grain.QUARTER)
        assert quarters[0][0] == round(12_000 / 6_100, 4) and quarters[1][:2] == (None, False)

    def test_the_rows_behind_it_are_those_of_whole_months(self, late_switch: Store) -> None:
        found = origin(late_switch, EVERYTHING, KpiQuery(("cost_per_contact",), Grain.QUARTER, date(2026, 7, 1), date(2026, 9, 30)))
        assert found.adds_up and found.numerator == 12_000 and found.denominator == 6_100
        late = KpiQuery(("cost_per_contact",), Grain.QUARTER, OCTOBER, date(2026, 12, 31))
        assert origin(late_switch, EVERYTHING, late).row_count == 0

    def test_what_the_late_source_is_not_behind_is_whole(self, late_switch: Store) -> None:
        assert [complete for _, complete, _ in by_month(late_switch, "error_rate")] == [True, True, True]
        assert [complete for _, complete, _ in by_month(late_switch, "contacts_handled")] == [True, True, False]

    def test_weeks_that_are_not_over_are_not_whole(self, late_switch: Store) -> None:
        weeks = by_month(late_switch, "contacts_handled", Grain.WEEK)
        whole = [value for value, complete, _ in weeks if complete]
        assert whole and set(whole) == {700.0}

    def test_a_month_to_date_is_compared_with_as_many_days(self, late_switch: Store) -> None:
        request = ReportRequest(Period.parse("2026-10"), ("contacts_handled",))
        row = with_change(late_switch, EVERYTHING, request, report_frame(late_switch, EVERYTHING, request)).iloc[0]
        assert (row["value"], row["previous_value"], row["change"]) == (1_500, 1_500, 0)
        assert "to 15 Oct 2026 compared with the first 15 days of Sep 2026" in row["compared_text"]


class TestVendors:
    def test_a_total_of_more_days_than_are_compared_is_not_compared(self, tmp_path: Path) -> None:
        rows = [*days(AUGUST, END, contacts_handled=10), *days(AUGUST, LATE, vendor="Late", contacts_handled=10)]
        store = store_of(tmp_path, rows)
        request = ReportRequest(Period.parse("2026-10"), ("contacts_handled",))
        found = with_change(store, EVERYTHING, request, report_frame(store, EVERYTHING, request)).set_index("vendor")["change_text"]
        assert found.tolist() == ["-", "+10", "0"]  # all: 31 and 15 days against 15 and 15

    def test_a_total_waits_for_a_late_vendor_but_not_for_one_that_is_gone(self, tmp_path: Path) -> None:
        rows = [*days(AUGUST, END, contacts_handled=10), *days(AUGUST, LATE, vendor="Late", contacts_handled=10)]
        store = store_of(tmp_path, [*rows, *days(AUGUST, date(2026, 9, 5), vendor="Gone", contacts_handled=10)])
        assert ends(store, "contacts_handled") == LATE
        assert (ends(store, "contacts_handled", "Acme"), ends(store, "contacts_handled", "Gone")) == (END, date(2026, 9, 5))
        complete = [found[1] for found in by_month(store, "contacts_handled", by=("vendor",), filters=Filters(vendor=("Acme", "Late")))]
        assert complete == [True, True, True, True, True, False]


class TestFreeDays:
    def test_a_weekend_without_work_is_not_waited_for(self, tmp_path: Path) -> None:
        friday = date(2026, 10, 30)
        store = store_of(tmp_path, [*days(AUGUST, friday, only=range(5), contacts_handled=10), *months(OCTOBER, cost=1)])
        assert ends(store, "contacts_handled") == date(2026, 11, 1)
        assert [complete for _, complete, _ in by_month(store, "contacts_handled")] == [True, True, True]

    def test_a_weekend_that_is_worked_is(self, tmp_path: Path) -> None:
        store = store_of(tmp_path, [*days(AUGUST, date(2026, 10, 30), contacts_handled=10), *months(OCTOBER, cost=1)])
        assert ends(store, "contacts_handled") == date(2026, 10, 30)

    def test_rare_events_are_not_late(self, tmp_path: Path) -> None:
        rare = days(date(2026, 10, 6), date(2026, 10, 6), source="security", security_incidents=1)
        rare += days(date(2026, 9, 1), date(2026, 9, 1), source="security", security_incidents=1)
        rare += days(date(2026, 9, 10), date(2026, 9, 11), source="security", security_incidents=1)
        store = store_of(tmp_path, [*days(AUGUST, END, contacts_handled=10), *rare])
        assert ends(store, "security_incidents") == END

    def test_a_week_holds_the_days_to_the_next_thursday(self, tmp_path: Path) -> None:
        weeks = [{"grain": "week", "period_start": date(2026, 8, 31) + timedelta(weeks=step), "contacts_handled": 7} for step in range(4)]
        reach = reach_of(store_of(tmp_path, weeks), EVERYTHING)
        assert reach is not None
        assert reach.of("contacts_handled") == Stretch(date(2026, 8, 28), date(2026, 9, 30))  # the 4 weeks of September's Thursdays
