"""The known traps of vendor reporting. Each class draws the table it is about."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from analytics.filters import Filters
from analytics.periods import Grain
from analytics.warehouse import Store, Warehouse, settle
from tests.query.questions import JULY, QUARTER_3, as_percent, ask, one
from tests.rows import insert, store_of


def day(month: int, number: int) -> date:
    return date(2026, month, number)


class TestMeanOfRatios:
    """
    | vendor | handled | satisfied |        | week   | offered | in 20 s |
    | ------ | ------- | --------- |        | ------ | ------- | ------- |
    | A      | 300     | 78 %      |        | 6 Jul  | 550     | 80 %    |
    | B      | 1200    | 85 %      |        | 13 Jul | 300     | 65 %    |
                                             | 20 Jul | 150     | 90 %    |
    Right: (234 + 1020) / 1500 = 83.6 % and (440 + 195 + 135) / 1000 = 77.0 %; the means of the ratios, 81.5 % and 78.3 %, are wrong.
    """

    @pytest.fixture(scope="class")
    @classmethod
    def store(cls, tmp_path_factory: pytest.TempPathFactory) -> Store:
        weeks = [(6, 550, 440), (13, 300, 195), (20, 150, 135)]
        return store_of(
            tmp_path_factory.mktemp("ratios"),
            [
                {"vendor": "A", "csat_responses": 300, "csat_satisfied": 234},
                {"vendor": "B", "csat_responses": 1200, "csat_satisfied": 1020},
                *(
                    {
                        "grain": "week",
                        "period_start": day(7, start),
                        "vendor": "W",
                        "contacts_offered": offered,
                        "answered_within_threshold": met,
                    }
                    for start, offered, met in weeks
                ),
            ],
        )

    def test_vendors_are_weighted(self, store: Store) -> None:
        total = one(ask(store, "csat"))
        assert as_percent(total["value"]) == 83.6
        assert (total["numerator"], total["denominator"]) == (1254, 1500)

    def test_weeks_are_weighted(self, store: Store) -> None:
        weekly = ask(store, "service_level", grain=Grain.WEEK, days=(day(7, 6), day(7, 26)), filters=Filters(vendor=("W",)))
        assert [as_percent(value) for value in weekly["value"]] == [80, 65, 90]
        assert as_percent(one(ask(store, "service_level"))["value"]) == 77.0


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


class TestMissingDays:
    """
    | day     | Mon 6 | Tue 7 | Wed 8 | Thu 9 | Fri 10 | Sat 11 | Sun 12 |
    | ------- | ----- | ----- | ----- | ----- | ------ | ------ | ------ |
    | handled | 100   | 100   |       | 100   |        | 100    | 100    |

    The week has 500 contacts on 5 of 7 days: not 700 (filled in), and the two days are 'not measured', not 0.
    """

    @pytest.fixture(scope="class")
    @classmethod
    def store(cls, tmp_path_factory: pytest.TempPathFactory) -> Store:
        return store_of(
            tmp_path_factory.mktemp("missing"), [{"period_start": day(7, d), "contacts_handled": 100} for d in (6, 7, 9, 11, 12)]
        )

    def test_the_sum_is_of_what_is_there_and_says_so(self, store: Store) -> None:
        week = one(ask(store, "contacts_handled", grain=Grain.WEEK, days=(day(7, 6), day(7, 12))))
        assert (week["value"], week["coverage"]) == (500, "5 of 7 days")

    def test_a_missing_day_is_not_measured(self, store: Store) -> None:
        days = ask(store, "contacts_handled", grain=Grain.DAY, days=(day(7, 6), day(7, 12)))
        assert days["value"].isna().tolist() == [False, False, True, False, True, False, False]
        assert days["coverage"].tolist()[:3] == ["1 of 1 day", "1 of 1 day", "0 of 1 day"]


class TestZeroDenominators:
    """
    | vendor | offered | in 20 s |                |
    | ------ | ------- | ------- | -------------- |
    | A      | 0       | 0       | not measured   |
    | B      | 100     | 0       | 0 %, a real 0  |
    | C      | 100     | 80      | 80 %           |
    """

    @pytest.fixture(scope="class")
    @classmethod
    def store(cls, tmp_path_factory: pytest.TempPathFactory) -> Store:
        counts = [("A", 0, 0), ("B", 100, 0), ("C", 100, 80)]
        rows = [{"vendor": vendor, "contacts_offered": below, "answered_within_threshold": above} for vendor, below, above in counts]
        return store_of(tmp_path_factory.mktemp("zero"), rows)

    def test_nothing_offered_is_not_measured_and_no_answer_in_time_is_zero(self, store: Store) -> None:
        frame = ask(store, "service_level", by=("vendor",))
        assert np.isnan(one(frame, vendor="A")["value"])
        assert one(frame, vendor="B")["value"] == 0
        assert one(frame, vendor="C")["value"] == 0.8

    def test_the_total_is_never_infinite(self, store: Store) -> None:
        assert one(ask(store, "service_level"))["value"] == 0.4
        assert np.isnan(one(ask(store, "service_level", filters=Filters(vendor=("A",))))["value"])


class TestUnevenCoverage:
    """
    In time / offered   | Jul        | Aug        | Sep        |
    | ----------------- | ---------- | ---------- | ---------- |
    | A                 | 800 / 1000 | 800 / 1000 | 800 / 1000 |
    | B                 | 90 / 100   |  ? / 900   | 90 / 100   |

    B's August has no numerator, so its 900 offered contacts stay out too: (2400 + 180) / (3000 + 200) = 80.6 %,
    not 2580 / 4100 = 62.9 %. The total says that it covers 5 of 6 vendor-months.
    """

    @pytest.fixture(scope="class")
    @classmethod
    def store(cls, tmp_path_factory: pytest.TempPathFactory) -> Store:
        months = [("A", 7, 800, 1000), ("A", 8, 800, 1000), ("A", 9, 800, 1000), ("B", 7, 90, 100), ("B", 8, None, 900), ("B", 9, 90, 100)]
        return store_of(
            tmp_path_factory.mktemp("uneven"),
            [
                {
                    "vendor": vendor,
                    "grain": "month",
                    "period_start": day(month, 1),
                    "answered_within_threshold": met,
                    "contacts_offered": all_,
                }
                for vendor, month, met, all_ in months
            ],
        )

    def test_numerator_and_denominator_cover_the_same_cells(self, store: Store) -> None:
        total = one(ask(store, "service_level", grain=Grain.QUARTER, days=QUARTER_3))
        assert (total["numerator"], total["denominator"]) == (2580, 3200)
        assert as_percent(total["value"]) == 80.6
        assert total["coverage"] == "2 of 2 vendors, 5 of 6 vendor-months"

    def test_the_vendor_says_which_months_it_covers(self, store: Store) -> None:
        vendors = ask(store, "service_level", grain=Grain.QUARTER, days=QUARTER_3, by=("vendor",))
        assert one(vendors, vendor="B")[["value", "coverage"]].tolist() == [0.9, "2 of 3 months"]
        assert one(vendors, vendor="A")["coverage"] == "3 of 3 months"

    def test_the_month_without_it_is_not_measured(self, store: Store) -> None:
        months = ask(store, "service_level", days=QUARTER_3, filters=Filters(vendor=("B",)))
        assert months["value"].isna().tolist() == [False, True, False]
        assert months["coverage"].tolist() == ["1 of 1 month", "0 of 1 month", "1 of 1 month"]


class TestRowsWithoutTheNumerator:
    """
    | day   | channel | offered | in 20 s |
    | ----- | ------- | ------- | ------- |
    | 1 Jul | voice   | 100     | 80      |
    | 1 Jul | email   | 900     |         |

    Email has no service level; its 900 offered contacts must not turn 80 % into 8 %. They still count as offered elsewhere.
    """

    @pytest.fixture(scope="class")
    @classmethod
    def store(cls, tmp_path_factory: pytest.TempPathFactory) -> Store:
        voice = {"channel": "voice", "contacts_offered": 100, "answered_within_threshold": 80, "contacts_abandoned": 5}
        return store_of(tmp_path_factory.mktemp("email"), [voice, {"channel": "email", "contacts_offered": 900, "contacts_abandoned": 5}])

    def test_email_does_not_dilute_the_service_level(self, store: Store) -> None:
        total = one(ask(store, "service_level"))
        assert (total["value"], total["denominator"]) == (0.8, 100)
        assert one(ask(store, "abandonment_rate"))["value"] == 0.01

    def test_email_itself_is_not_measured(self, store: Store) -> None:
        channels = ask(store, "service_level", by=("channel",))
        assert np.isnan(one(channels, channel="email")["value"])
        assert one(channels, channel="voice")["value"] == 0.8


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


class TestThresholdMix:
    """
    | vendor | threshold | offered | in time |
    | ------ | --------- | ------- | ------- |
    | A      | 20 s      | 100     | 80      |
    | B      | 60 s      | 100     | 90      |

    85 % is each by its own threshold, and says so. Rows that count nothing within a threshold have no say in it.
    """

    @pytest.fixture(scope="class")
    @classmethod
    def store(cls, tmp_path_factory: pytest.TempPathFactory) -> Store:
        rows = [
            {"vendor": "A", "threshold_seconds": 20, "contacts_offered": 100, "answered_within_threshold": 80},
            {"vendor": "A", "channel": "email", "threshold_seconds": 3600, "contacts_offered": 70},
            {"vendor": "B", "threshold_seconds": 60, "contacts_offered": 100, "answered_within_threshold": 90},
        ]
        return store_of(tmp_path_factory.mktemp("threshold"), rows)

    def test_the_total_names_both(self, store: Store) -> None:
        total = one(ask(store, "service_level"))
        assert (total["value"], total["remark"]) == (0.85, "each by its own threshold, 20 to 60 s")

    def test_one_threshold_needs_no_remark(self, store: Store) -> None:
        assert ask(store, "service_level", by=("vendor",))["remark"].tolist() == [None, None]

    def test_other_kpis_do_not_depend_on_it(self, store: Store) -> None:
        assert one(ask(store, "abandonment_rate"))["remark"] is None


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


class TestTinySamples:
    """
    | vendor | responses | satisfied |
    | ------ | --------- | --------- |
    | A      | 1         | 0         |
    | B      | 999       | 900       |

    A's 0 % is one answer, which the denominator shows; it moves the total from 90.1 % to 90 %, not to 45 %.
    """

    def test_the_count_stands_beside_the_ratio(self, tmp_path: Path) -> None:
        rows = [{"vendor": "A", "csat_responses": 1, "csat_satisfied": 0}, {"vendor": "B", "csat_responses": 999, "csat_satisfied": 900}]
        store = store_of(tmp_path, rows)
        assert one(ask(store, "csat"))["value"] == 0.9
        assert ask(store, "csat", by=("vendor",))[["numerator", "denominator"]].to_numpy().tolist() == [[0, 1], [900, 999]]


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

    def test_contacts_themselves_are_still_shown_by_day(self, store: Store) -> None:
        assert one(ask(store, "contacts_handled", grain=Grain.DAY), period=day(7, 31))["value"] == 100

    def test_not_measured_by_site(self, store: Store) -> None:
        assert ask(store, "cost_per_contact", by=("site",))["value"].isna().all()
        assert np.isnan(one(ask(store, "cost_per_contact", filters=Filters(site=("x",))))["value"])

    def test_half_a_month_is_not_set_against_the_cost_of_a_whole_one(self, store: Store) -> None:
        row = one(ask(store, "cost_per_contact", days=(day(7, 1), day(7, 15))))
        assert row["value"] == 5 and not row["complete"]


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
