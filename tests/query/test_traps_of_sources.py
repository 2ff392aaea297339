"""The known traps of joining sources, grains and currencies. Each class draws the table it is about."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from analytics.filters import Filters
from analytics.periods import Grain
from analytics.warehouse import Store, Warehouse, settle
from tests.query.questions import JULY, ask, one
from tests.rows import insert, store_of


def day(month: int, number: int) -> date:
    return date(2026, month, number)


class TestFanOut:
    """
    | source | day   | channel | handled | paid hours |
    | ------ | ----- | ------- | ------- | ---------- |
    | acd    | 1 Jul | voice   | 300     |            |
    | acd    | 1 Jul | email   | 100     |            |
    | wfm    | 1 Jul |         |         | 40         |

    Joining the sources by day repeats the 40 hours for every channel: 400 / 80 = 5. Right: 400 / 40 = 10 per paid hour.
    """

    @pytest.fixture(scope="class")
    @classmethod
    def store(cls, tmp_path_factory: pytest.TempPathFactory) -> Store:
        rows = [
            {"channel": "voice", "contacts_handled": 300},
            {"channel": "email", "contacts_handled": 100},
            {"source": "wfm", "paid_seconds": 40 * 3600},
        ]
        return store_of(tmp_path_factory.mktemp("fan"), rows)

    def test_nothing_is_counted_twice(self, store: Store) -> None:
        frame = ask(store, "productivity", "contacts_handled")
        assert one(frame, kpi="productivity")["value"] == 10
        assert one(frame, kpi="contacts_handled")["value"] == 400

    def test_hours_that_know_no_channel_are_not_shared_out(self, store: Store) -> None:
        assert ask(store, "productivity", by=("channel",))["value"].isna().all()
        assert one(ask(store, "productivity", filters=Filters(channel=("voice",))))["value"] is not None
        assert np.isnan(one(ask(store, "productivity", filters=Filters(channel=("voice",))))["value"])


class TestTwoSources:
    """
    | source | Jul handled | Aug handled |
    | ------ | ----------- | ----------- |
    | acd    | 100         |             |
    | crm    | 110         | 120         |

    Never 210. The first source counts unless the recorded precedence names another; August is read from the only one that has it.
    """

    ROWS = (
        {"source": "acd", "period_start": day(7, 1), "contacts_handled": 100},
        {"source": "crm", "period_start": day(7, 1), "contacts_handled": 110},
        {"source": "crm", "period_start": day(8, 1), "contacts_handled": 120},
    )

    def test_one_source_counts_in_a_month(self, tmp_path: Path) -> None:
        frame = ask(store_of(tmp_path, self.ROWS), "contacts_handled", days=(day(7, 1), day(8, 31)))
        assert frame["value"].tolist() == [100, 120]

    def test_the_recorded_answer_decides(self, tmp_path: Path) -> None:
        store_of(tmp_path, self.ROWS)
        with Warehouse(tmp_path).write("test", "test", "precedence") as connection:
            insert(connection, "precedence", [{"measure": "contacts_handled", "source": "crm", "rank": 1}])
            settle(connection)
        assert one(ask(Warehouse(tmp_path).open(), "contacts_handled"))["value"] == 110

    def test_the_same_counts_by_day_and_by_month_are_not_added(self, tmp_path: Path) -> None:
        daily = [{"period_start": day(7, d), "contacts_handled": 10} for d in (1, 2, 3)]
        store = store_of(tmp_path, [*daily, {"grain": "month", "period_start": day(7, 1), "contacts_handled": 31}])
        assert one(ask(store, "contacts_handled"))["value"] == 30

    def test_handle_time_and_its_parts_from_two_sources_are_not_added(self, tmp_path: Path) -> None:
        """acd: 27,000 s of handle time, 100 contacts; wfm: the same work as 20,000 talk + 7,000 wrap, and 9,000 idle."""
        parts = {"talk_seconds": 20000, "hold_seconds": 0, "wrap_seconds": 7000, "available_seconds": 9000}
        store = store_of(tmp_path, [{"handle_seconds": 27000, "contacts_handled": 100}, {"source": "wfm", **parts}])
        frame = ask(store, "average_handle_time", "occupancy")
        assert frame["value"].tolist() == [270, 0.75]


class TestMonthlyCostDailyContacts:
    """
    | source  | period | site | cost  | handled |
    | ------- | ------ | ---- | ----- | ------- |
    | invoice | Jul    |      | 1,000 |         |
    | acd     | 1 Jul  | x    |       | 100     |
    | acd     | 31 Jul | y    |       | 100     |

    July costs 1000 / 200 = 5 per contact. By day it would be 10 on one day and 0 on all others: it says 'reported monthly'.
    By site it is not measured: the invoice knows no site.
    """

    @pytest.fixture(scope="class")
    @classmethod
    def store(cls, tmp_path_factory: pytest.TempPathFactory) -> Store:
        rows = [
            {"source": "invoice", "grain": "month", "currency": "EUR", "cost": 1000},
            {"period_start": day(7, 1), "site": "x", "contacts_handled": 100},
            {"period_start": day(7, 31), "site": "y", "contacts_handled": 100},
        ]
        return store_of(tmp_path_factory.mktemp("cost"), rows)

    @pytest.mark.parametrize("grain", [Grain.MONTH, Grain.QUARTER, Grain.YEAR])
    def test_right_by_month_and_coarser(self, store: Store, grain: Grain) -> None:
        row = one(ask(store, "cost_per_contact", grain=grain))
        assert (row["value"], row["numerator"], row["denominator"], row["currency"]) == (5, 1000, 200, "EUR")

    @pytest.mark.parametrize("grain", [Grain.DAY, Grain.WEEK])
    def test_finer_says_reported_monthly_instead_of_spiking(self, store: Store, grain: Grain) -> None:
        frame = ask(store, "cost_per_contact", grain=grain)
        assert frame["value"].isna().all() and set(frame["remark"]) == {"reported monthly"}

    @pytest.mark.parametrize(("grain", "coverage"), [(Grain.MONTH, "2 of 31 days"), (Grain.QUARTER, "1 of 3 months")])
    def test_the_coverage_is_that_of_the_weaker_side(self, store: Store, grain: Grain, coverage: str) -> None:
        """The invoice stands for the whole month, the contacts for two of its days."""
        assert one(ask(store, "cost_per_contact", grain=grain))["coverage"] == coverage

    def test_contacts_themselves_are_still_shown_by_day(self, store: Store) -> None:
        assert one(ask(store, "contacts_handled", grain=Grain.DAY), period=day(7, 31))["value"] == 100

    def test_not_measured_by_site(self, store: Store) -> None:
        assert ask(store, "cost_per_contact", by=("site",))["value"].isna().all()
        assert np.isnan(one(ask(store, "cost_per_contact", filters=Filters(site=("x",))))["value"])

    def test_by_site_it_says_that_it_is_reported_per_vendor(self, store: Store) -> None:
        for frame in (ask(store, "cost_per_contact", by=("vendor", "site")), ask(store, "cost_per_contact", filters=Filters(site=("x",)))):
            assert set(frame["remark"]) == {"reported per vendor, not by site"}

    def test_a_site_that_merely_has_nothing_does_not_say_so(self, store: Store) -> None:
        frame = ask(store, "contacts_handled", grain=Grain.DAY, filters=Filters(site=("x",)))
        assert frame["value"].isna().any() and frame["remark"].isna().all()

    def test_half_a_month_is_not_set_against_the_cost_of_a_whole_one(self, store: Store) -> None:
        row = one(ask(store, "cost_per_contact", days=(day(7, 1), day(7, 15))))
        assert row["value"] == 5 and not row["complete"]


class TestMixedCurrencies:
    """
    | vendor | cost    | handled |
    | ------ | ------- | ------- |
    | A      | 500 EUR | 100     |
    | B      | 700 USD | 100     |

    5 EUR and 7 USD; 1200 / 200 = 6 of nothing, so there is no total.
    """

    @pytest.fixture(scope="class")
    @classmethod
    def store(cls, tmp_path_factory: pytest.TempPathFactory) -> Store:
        rows = [
            {"vendor": "A", "currency": "EUR", "cost": 500, "contacts_handled": 100},
            {"vendor": "B", "currency": "USD", "cost": 700, "contacts_handled": 100},
        ]
        return store_of(tmp_path_factory.mktemp("currency"), rows)

    def test_there_is_no_total(self, store: Store) -> None:
        total = one(ask(store, "cost_per_contact"))
        assert np.isnan(total["value"]) and total["currency"] is None
        assert total["remark"] == "mixed currencies, EUR and USD: no total"

    def test_each_vendor_has_its_own(self, store: Store) -> None:
        assert ask(store, "cost_per_contact", by=("vendor",))[["value", "currency"]].to_numpy().tolist() == [[5, "EUR"], [7, "USD"]]

    def test_other_kpis_keep_their_total(self, store: Store) -> None:
        assert one(ask(store, "contacts_handled"))["value"] == 200

    def test_a_currency_beside_no_cost_does_not_mix(self, tmp_path: Path) -> None:
        """The invoice's cost counts; finance names a cost in USD that loses, and keeps only its resolved cases."""
        invoice = {"source": "a_invoice", "currency": "EUR", "cost": 500, "contacts_handled": 100}
        store = store_of(tmp_path, [invoice, {"source": "finance", "currency": "USD", "cost": 560, "cases_resolved": 50}])
        frame = ask(store, "cost_per_contact", "cost_per_resolution.cases")
        assert frame[["value", "currency", "remark"]].to_numpy().tolist() == [[5, "EUR", None], [10, "EUR", None]]


class TestHandleTimeParts:
    """
    | day   | vendor | talk   | hold  | wrap  | handle | handled |
    | ----- | ------ | ------ | ----- | ----- | ------ | ------- |
    | 1 Jul | A      | 20,000 | 2,000 | 5,000 |        | 100     |
    | 2 Jul | A      | 20,000 | 2,000 | 5,000 | 27,500 | 100     |
    | 1 Jul | B      | 20,000 |       | 5,000 |        | 100     |

    Handle time is read where it stands and taken from the three parts where it does not, never both: A (27,000 + 27,500) / 200 =
    272.5 s. B's hold time is unknown, so its handle time is too: 250 s would be too good.
    """

    @pytest.fixture(scope="class")
    @classmethod
    def store(cls, tmp_path_factory: pytest.TempPathFactory) -> Store:
        talk = {"talk_seconds": 20000, "wrap_seconds": 5000, "contacts_handled": 100}
        rows = [
            {"vendor": "A", "hold_seconds": 2000, **talk},
            {"vendor": "A", "period_start": day(7, 2), "hold_seconds": 2000, "handle_seconds": 27500, **talk},
            {"vendor": "B", **talk},
        ]
        return store_of(tmp_path_factory.mktemp("parts"), rows)

    def test_parts_stand_in_for_the_sum_and_never_add_to_it(self, store: Store) -> None:
        assert one(ask(store, "average_handle_time", by=("vendor",)), vendor="A")["value"] == 272.5

    def test_two_of_three_parts_are_not_a_handle_time(self, store: Store) -> None:
        assert np.isnan(one(ask(store, "average_handle_time", by=("vendor",)), vendor="B")["value"])
        assert one(ask(store, "average_handle_time"))["value"] == 272.5


class TestWeeksAcrossMonthEnd:
    """
    | week            | Thursday | checked | errors | belongs to |
    | --------------- | -------- | ------- | ------ | ---------- |
    | 29 Jun to 5 Jul | 2 Jul    | 100     | 1      | July, Q3   |
    | 27 Jul to 2 Aug | 30 Jul   | 100     | 3      | July       |
    | 3 to 9 Aug      | 6 Aug    | 100     | 8      | August     |
    """

    @pytest.fixture(scope="class")
    @classmethod
    def store(cls, tmp_path_factory: pytest.TempPathFactory) -> Store:
        weeks = [(day(6, 29), 1), (day(7, 27), 3), (day(8, 3), 8)]
        rows = [{"grain": "week", "period_start": start, "transactions_checked": 100, "errors": errors} for start, errors in weeks]
        return store_of(tmp_path_factory.mktemp("weeks"), rows)

    def test_a_week_belongs_to_the_month_of_its_thursday(self, store: Store) -> None:
        frame = ask(store, "error_rate", days=(day(6, 1), day(8, 31)))
        assert frame["period"].dt.month.tolist() == [6, 7, 8]
        assert frame["numerator"].fillna(-1).tolist() == [-1, 4, 8]

    def test_no_week_is_lost_or_doubled_between_quarters(self, store: Store) -> None:
        quarters = ask(store, "error_rate", grain=Grain.QUARTER, days=(day(4, 1), day(9, 30)))
        assert quarters["numerator"].fillna(0).tolist() == [0, 12]

    def test_by_day_it_is_reported_weekly(self, store: Store) -> None:
        days = ask(store, "error_rate", grain=Grain.DAY)
        assert days["value"].isna().all() and set(days["remark"]) == {"reported weekly"}

    def test_a_month_does_not_depend_on_the_range_asked_for(self, tmp_path: Path) -> None:
        """Net resolution: 70 of 100 a week from the survey, less 1 transfer a day from the switch, also on 1 and 2 August."""
        weeks = [
            {"source": "crm", "grain": "week", "period_start": start, "resolved_first_contact": 70, "resolution_opportunities": 100}
            for start in (day(7, 20), day(7, 27), day(8, 3))
        ]
        days = [{"period_start": day(7, 20) + timedelta(days=n), "contacts_transferred": 1} for n in range(21)]
        store = store_of(tmp_path, [*weeks, *days])
        alone = one(ask(store, "first_contact_resolution.net"))
        among = one(ask(store, "first_contact_resolution.net", days=(day(7, 1), day(8, 31))), period=JULY[0])
        assert (among["numerator"], among["denominator"]) == (140, 200 - 14)
        assert (alone["numerator"], alone["denominator"]) == (140, 200 - 14)
