"""What the data offers to choose from: its span, the periods in it and the values of the filters."""

from datetime import date

import pytest

from analytics.options import Span, data_span, filter_options
from analytics.periods import Grain, Period, add_months
from analytics.warehouse import Store
from tests.rows import EVERYTHING, store_of


def span(first: date, last: date) -> Span:
    """A span with data in every month."""
    months = [add_months(first, step) for step in range((last.year - first.year) * 12 + last.month - first.month + 1)]
    return Span(first, last, {}, frozenset(months))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    rows = [
        {"vendor": "A", "period_start": date(2026, 8, 3), "site": "Pune", "lob": "Billing", "channel": "voice", "contacts_offered": 1},
        {"vendor": "A", "period_start": date(2026, 8, 4), "site": "Chennai", "channel": "chat", "contacts_offered": 1},
        {"vendor": "B", "period_start": date(2026, 8, 3), "grain": "week", "source": "qm", "errors": 1},
    ]
    return store_of(tmp_path_factory.mktemp("options"), rows, scorecard=[{"vendor": "S", "kpi": "csat", "actual": 0.9}])


def test_the_span_reaches_to_the_end_of_the_last_row(store: Store) -> None:
    """A's last day is 4 August; B's week ends on the 9th; S reported July."""
    found = data_span(store, EVERYTHING)
    assert found is not None
    assert (found.first_day, found.last_day) == (date(2026, 7, 1), date(2026, 8, 9))
    assert found.vendor_last_day == {"A": date(2026, 8, 4), "B": date(2026, 8, 9), "S": date(2026, 7, 31)}
    assert found.months == {date(2026, 7, 1), date(2026, 8, 1)}
    assert found.fresh_vendors == 1


def test_filters_offer_what_occurs_sorted(store: Store) -> None:
    assert filter_options(store, EVERYTHING) == {
        "vendor": ["A", "B", "S"], "site": ["Chennai", "Pune"], "lob": ["Billing"], "channel": ["chat", "voice"],
    }  # fmt: skip


def test_without_data_there_is_no_span(tmp_path_factory: pytest.TempPathFactory) -> None:
    assert data_span(store_of(tmp_path_factory.mktemp("empty")), EVERYTHING) is None


def test_periods_with_data_newest_first() -> None:
    found = span(date(2026, 2, 10), date(2026, 7, 2))
    assert [period.id for period in found.periods(Grain.QUARTER)] == ["2026-Q3", "2026-Q2", "2026-Q1"]
    assert [period.id for period in found.periods(Grain.QUARTER, fiscal_start=4)] == ["FY2027-Q2", "FY2027-Q1", "FY2026-Q4"]


def test_a_period_without_data_is_not_offered() -> None:
    found = Span(date(2026, 1, 1), date(2026, 9, 30), {}, frozenset({date(2026, 1, 1), date(2026, 9, 1)}))
    assert [period.id for period in found.periods(Grain.QUARTER)] == ["2026-Q3", "2026-Q1"]


@pytest.mark.parametrize(
    ("first", "last", "period"),
    [
        (date(2024, 8, 1), date(2026, 10, 31), "2026-Q3"),  # the latest whole quarter
        (date(2026, 7, 1), date(2026, 9, 30), "2026-Q3"),
        (date(2026, 8, 1), date(2026, 10, 15), "2026-09"),  # no whole quarter: the latest whole month
        (date(2026, 9, 5), date(2026, 9, 20), "2026-Q3"),  # no whole month: the quarter at hand
    ],
)
def test_the_period_shown_first(first: date, last: date, period: str) -> None:
    assert span(first, last).default_period().id == period


def test_only_a_period_wholly_inside_is_covered() -> None:
    found = span(date(2026, 7, 1), date(2026, 9, 29))
    assert found.covers(Period.parse("2026-08")) and not found.covers(Period.parse("2026-Q3"))
