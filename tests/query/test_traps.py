"""The known traps of adding up ratios: weights, gaps, zeros, thresholds. Each class draws the table it is about."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from analytics.filters import Filters
from analytics.periods import Grain
from analytics.warehouse import Store
from tests.query.questions import QUARTER_3, as_percent, ask, one
from tests.rows import store_of


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
