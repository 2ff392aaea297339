"""Filters, scope and hostile names: what is asked for, what exists for the asker, and nothing that is only text."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analytics.asking import KpiQuery
from analytics.errors import UsageError
from analytics.filters import Filters
from analytics.options import data_span, filter_options
from analytics.periods import Grain
from analytics.query import kpi_frame, kpi_sql
from analytics.warehouse import Scope, Store
from tests.query.questions import JULY, ask, one
from tests.rows import EVERYTHING, store_of

HOSTILE = "x'); DROP TABLE performance; --"
ROWS = (
    {"vendor": "A", "site": "Pune", "lob": "Billing", "channel": "voice", "contacts_offered": 100, "answered_within_threshold": 80},
    {"vendor": "A", "site": "Pune", "lob": "Billing", "channel": "chat", "contacts_offered": 50, "answered_within_threshold": 45},
    {"vendor": "A", "site": "Omaha", "lob": "Orders", "channel": "voice", "contacts_offered": 200, "answered_within_threshold": 100},
    {"vendor": "B", "site": "Omaha", "lob": "Billing", "channel": "voice", "contacts_offered": 1000, "answered_within_threshold": 900},
    {"vendor": HOSTILE, "site": "'; --", "lob": None, "channel": None, "contacts_offered": 10, "answered_within_threshold": 1},
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return store_of(tmp_path_factory.mktemp("filters"), ROWS)


class TestFilters:
    """
    | vendor | site  | lob     | channel | in 20 s / offered |
    | ------ | ----- | ------- | ------- | ----------------- |
    | A      | Pune  | Billing | voice   | 80 / 100          |
    | A      | Pune  | Billing | chat    | 45 / 50           |
    | A      | Omaha | Orders  | voice   | 100 / 200         |
    | B      | Omaha | Billing | voice   | 900 / 1000        |
    """

    @pytest.mark.parametrize(
        ("filters", "counts"),
        [
            (Filters(vendor=("A",)), (225, 350)),
            (Filters(vendor=("A", "B")), (1125, 1350)),
            (Filters(site=("Omaha",)), (1000, 1200)),
            (Filters(site=("Omaha",), vendor=("A",)), (100, 200)),
            (Filters(lob=("Billing",), channel=("voice",)), (980, 1100)),
            (Filters(channel=("voice", "chat")), (1125, 1350)),
            (Filters(vendor=("A", "nobody")), (225, 350)),
        ],
    )
    def test_only_the_chosen_rows_count(self, store: Store, filters: Filters, counts: tuple[int, int]) -> None:
        row = one(ask(store, "service_level", filters=filters))
        assert (row["numerator"], row["denominator"]) == counts

    @pytest.mark.parametrize("dimension", ["vendor", "site", "lob", "channel"])
    @pytest.mark.parametrize("by", [(), ("vendor",)])
    def test_an_unknown_value_shows_nothing_not_everything(self, store: Store, dimension: str, by: tuple[str, ...]) -> None:
        assert ask(store, "service_level", filters=Filters(**{dimension: ("nowhere",)}), by=by).empty

    def test_a_combination_that_does_not_occur_shows_nothing(self, store: Store) -> None:
        assert ask(store, "service_level", filters=Filters(vendor=("B",), channel=("chat",))).empty

    def test_a_row_without_the_dimension_never_matches(self, store: Store) -> None:
        assert HOSTILE not in set(ask(store, "service_level", filters=Filters(channel=("voice", "chat")), by=("vendor",))["vendor"])

    def test_shown_dimensions_only_hold_what_occurs(self, store: Store) -> None:
        frame = ask(store, "service_level", by=("vendor", "channel"), filters=Filters(vendor=("A", "B")))
        assert [tuple(row) for row in frame[["vendor", "channel", "numerator"]].to_numpy()] == [
            ("A", "chat", 45), ("A", "voice", 180), ("B", "voice", 900),
        ]  # fmt: skip

    def test_the_filters_in_words(self) -> None:
        assert Filters().words == "all vendors, sites, lines, channels"
        assert Filters(vendor=("Cobalt Bay",)).words == "Cobalt Bay · all sites, lines, channels"
        assert Filters(("A",), ("x", "y"), ("L",), ("a", "b", "c", "d")).words == "A · x, y · L · 4 channels"


class TestNamesAreData:
    def test_a_hostile_vendor_is_a_vendor(self, store: Store) -> None:
        row = one(ask(store, "service_level", by=("vendor",), filters=Filters(vendor=(HOSTILE,))))
        assert (row["vendor"], row["value"]) == (HOSTILE, 0.1)
        assert one(ask(store, "service_level", filters=Filters(site=("'; --",))))["value"] == 0.1
        assert one(ask(store, "service_level", scope=Scope.of("them", [HOSTILE])))["denominator"] == 10

    def test_the_table_is_still_there(self, store: Store) -> None:
        assert store.select(EVERYTHING, "SELECT count(*) AS rows FROM performance")["rows"].iat[0] == len(ROWS)

    def test_no_value_stands_in_the_statement(self) -> None:
        sql, parameters = kpi_sql(KpiQuery(("csat",), Grain.MONTH, *JULY, ("site",), Filters(vendor=(HOSTILE,))))
        assert HOSTILE not in sql and "2026" not in sql
        assert parameters["only_vendor"] == [HOSTILE] and parameters["first"] == JULY[0]


class TestQuestions:
    def test_unknown_names_are_refused(self) -> None:
        with pytest.raises(UsageError, match=r"Unknown KPI 'csatt'\. Did you mean: csat"):
            KpiQuery(("csatt",), Grain.DAY, *JULY)
        with pytest.raises(UsageError, match=r"Unknown dimension 'team'\. Known: channel, lob, site, vendor"):
            KpiQuery(("csat",), Grain.DAY, *JULY, ("team",))

    def test_an_empty_or_reversed_question_is_refused(self) -> None:
        with pytest.raises(UsageError, match="No KPI was asked for"):
            KpiQuery((), Grain.DAY, *JULY)
        with pytest.raises(UsageError, match=r"The range 2026-07-31 to 2026-07-01 ends before it starts\. Swap"):
            KpiQuery(("csat",), Grain.DAY, JULY[1], JULY[0])


SCOPED_ROWS = (
    *({**row, "period_start": date(2026, 7, day)} for row in ROWS for day in (1, 2)),
    {"vendor": "B", "period_start": date(2026, 9, 30), "contacts_offered": 5, "answered_within_threshold": 5},
    {"vendor": "B", "source": "invoice", "grain": "month", "cost": 90, "currency": "USD", "contacts_handled": 30},
    {"vendor": "A", "source": "invoice", "grain": "month", "cost": 80, "currency": "EUR", "contacts_handled": 20},
)
SCOPED_SCORECARD = (
    {"vendor": "S", "kpi": "csat", "actual": 0.9, "period_start": date(2026, 7, 1)},
    {"vendor": "T", "kpi": "csat", "actual": 0.7, "period_start": date(2026, 7, 1)},
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return store_of(tmp_path_factory.mktemp("whole"), SCOPED_ROWS, scorecard=SCOPED_SCORECARD)


@pytest.mark.parametrize("vendors", [("A", "S"), ("B", HOSTILE)])
def test_a_scoped_reader_sees_what_a_warehouse_with_only_its_vendors_would_show(
    whole: Store, tmp_path_factory: pytest.TempPathFactory, vendors: tuple[str, ...]
) -> None:
    own = store_of(
        tmp_path_factory.mktemp("own"),
        [row for row in SCOPED_ROWS if row["vendor"] in vendors],
        scorecard=[row for row in SCOPED_SCORECARD if row["vendor"] in vendors],
    )
    scope = Scope.of("them", vendors)
    for grain, by in ((Grain.MONTH, ()), (Grain.QUARTER, ("vendor",)), (Grain.DAY, ("site", "channel"))):
        query = KpiQuery(("service_level", "csat", "cost_per_contact"), grain, date(2026, 7, 1), date(2026, 9, 30), by)
        pd.testing.assert_frame_equal(kpi_frame(whole, scope, query), kpi_frame(own, EVERYTHING, query))
    assert filter_options(whole, scope) == filter_options(own, EVERYTHING)
    assert data_span(whole, scope) == data_span(own, EVERYTHING)


def test_nobody_sees_nothing(whole: Store) -> None:
    assert ask(whole, "service_level", scope=Scope.nobody()).empty
    assert data_span(whole, Scope.nobody()) is None
    assert filter_options(whole, Scope.nobody()) == {"vendor": [], "site": [], "lob": [], "channel": []}


def test_a_scope_is_not_widened_by_a_filter(whole: Store) -> None:
    assert ask(whole, "service_level", scope=Scope.of("them", ["A"]), filters=Filters(vendor=("B",))).empty
    both = one(ask(whole, "service_level", scope=Scope.of("them", ["A"]), filters=Filters(vendor=("A", "B"))))
    assert both["denominator"] == 700 and both["coverage"].endswith("days") and not np.isnan(both["value"])
