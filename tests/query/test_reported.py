"""A vendor that only sends a scorecard: shown in its own rows with its tag, never part of a total.

| vendor | Jul           | Aug           | Sep           |
| ------ | ------------- | ------------- | ------------- |
| A      | 90 of 100     | 90 of 100     | 90 of 100     |
| S      | 80 % reported | 82 % reported | 84 % reported |

S also reports 1, 0 and 2 security incidents. The total is A's 270 of 300: 'reported' has no counts to be added.
"""

from datetime import date

import numpy as np
import pytest

from analytics.filters import Filters
from analytics.periods import Grain
from analytics.warehouse import Scope, Store
from tests.query.questions import QUARTER_3, ask, one
from tests.rows import store_of

MONTHS = [date(2026, month, 1) for month in (7, 8, 9)]
MEASURED = [{"vendor": "A", "grain": "month", "period_start": month, "csat_responses": 100, "csat_satisfied": 90} for month in MONTHS]
CSAT = [
    {"vendor": "S", "kpi": "csat", "period_start": month, "actual": actual, "target": 0.85, "comparator": ">="}
    for month, actual in zip(MONTHS, (0.80, 0.82, 0.84), strict=True)
]
INCIDENTS = [
    {"vendor": "S", "kpi": "security_incidents", "unit": "count", "period_start": month, "actual": count}
    for month, count in zip(MONTHS, (1, 0, 2), strict=True)
]
ONLY_S = Filters(vendor=("S",))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return store_of(tmp_path_factory.mktemp("reported"), MEASURED, scorecard=[*CSAT, *INCIDENTS])


class TestItsOwnRow:
    def test_the_month_is_as_reported(self, store: Store) -> None:
        months = ask(store, "csat", days=QUARTER_3, filters=ONLY_S)
        assert months["value"].tolist() == [0.80, 0.82, 0.84]
        assert set(months["source_kind"]) == {"reported"} and set(months["coverage"]) == {"reported by the vendor"}
        assert set(months["remark"]) == {None}
        assert months["numerator"].isna().all() and months["denominator"].isna().all()

    def test_the_target_beside_it_is_kept(self, store: Store) -> None:
        months = ask(store, "csat", days=QUARTER_3, filters=ONLY_S)
        assert set(months["reported_target"]) == {0.85} and set(months["reported_comparator"]) == {">="}

    def test_a_quarter_of_ratios_is_its_last_month_and_says_so(self, store: Store) -> None:
        """Not the mean, 82 %: nobody knows the counts."""
        row = one(ask(store, "csat", grain=Grain.QUARTER, days=QUARTER_3, by=("vendor",)), vendor="S")
        assert (row["value"], row["remark"]) == (0.84, "reported monthly")
        assert row["coverage"] == "Sep 2026 only, 3 of 3 months reported"

    def test_counts_do_add_up(self, store: Store) -> None:
        row = one(ask(store, "security_incidents", grain=Grain.QUARTER, days=QUARTER_3, filters=ONLY_S))
        assert (row["value"], row["coverage"]) == (3, "3 of 3 months reported")

    def test_by_day_it_is_reported_monthly(self, store: Store) -> None:
        days = ask(store, "csat", grain=Grain.DAY, days=QUARTER_3, filters=ONLY_S)
        assert days["value"].isna().all() and set(days["remark"]) == {"reported monthly"}

    def test_by_site_it_has_nothing(self, store: Store) -> None:
        assert "S" not in set(ask(store, "csat", by=("vendor", "site"))["vendor"])


class TestNeverInATotal:
    def test_the_total_is_of_the_others_and_says_so(self, store: Store) -> None:
        total = one(ask(store, "csat", grain=Grain.QUARTER, days=QUARTER_3))
        assert (total["numerator"], total["denominator"], total["value"]) == (270, 300, 0.9)
        assert (total["coverage"], total["source_kind"]) == ("1 of 2 vendors, 3 of 3 months", "measured")

    def test_reported_counts_are_not_added_either(self, store: Store) -> None:
        assert np.isnan(one(ask(store, "security_incidents", grain=Grain.QUARTER, days=QUARTER_3))["value"])

    def test_four_of_five_vendors(self, tmp_path_factory: pytest.TempPathFactory) -> None:
        four = [{**row, "vendor": vendor} for row in MEASURED for vendor in "ABCD"]
        total = one(ask(store_of(tmp_path_factory.mktemp("five"), four, scorecard=CSAT), "csat", grain=Grain.QUARTER, days=QUARTER_3))
        assert (total["coverage"], total["denominator"]) == ("4 of 5 vendors, 3 of 3 months", 1200)

    def test_for_the_vendor_itself_its_row_is_all_there_is(self, store: Store) -> None:
        row = one(ask(store, "csat", grain=Grain.QUARTER, days=QUARTER_3, scope=Scope.of("S", ["S"])))
        assert (row["value"], row["source_kind"]) == (0.84, "reported")


class TestWhichRowCounts:
    def test_what_is_measured_wins_over_what_is_reported(self, tmp_path_factory: pytest.TempPathFactory) -> None:
        claims = [{**row, "vendor": "A", "actual": 0.99} for row in CSAT]
        months = ask(store_of(tmp_path_factory.mktemp("both"), MEASURED[:2], scorecard=claims), "csat", days=QUARTER_3)
        assert months["value"].tolist() == [0.9, 0.9, 0.99]
        assert months["source_kind"].tolist() == ["measured", "measured", "reported"]

    def test_the_quarters_own_result_wins_over_its_months(self, tmp_path_factory: pytest.TempPathFactory) -> None:
        """Reported for the quarter: 83 % and 4 incidents. The months' 84 % and 1 + 0 + 2 are not put in its place, nor added."""
        quarter = [{**row, "grain": "quarter", "actual": actual} for row, actual in ((CSAT[0], 0.83), (INCIDENTS[0], 4))]
        store = store_of(tmp_path_factory.mktemp("quarter"), scorecard=[*CSAT, *INCIDENTS, *quarter])
        frame = ask(store, "csat", "security_incidents", grain=Grain.QUARTER, days=QUARTER_3)
        assert frame["value"].tolist() == [0.83, 4]
        assert set(frame["coverage"]) == {"reported by the vendor"}

    def test_a_reported_week_belongs_to_the_quarter_of_its_thursday(self, tmp_path_factory: pytest.TempPathFactory) -> None:
        """The week of 29 June has its Thursday in July; the week of 28 September in October."""
        weeks = [{**CSAT[0], "grain": "week", "period_start": day} for day in (date(2026, 6, 29), date(2026, 9, 28))]
        store = store_of(tmp_path_factory.mktemp("week"), scorecard=weeks)
        frame = ask(store, "csat", grain=Grain.QUARTER, days=QUARTER_3)
        assert one(frame)[["value", "coverage"]].tolist() == [0.8, "week 27 of 2026 only, 1 of 13 weeks reported"]
