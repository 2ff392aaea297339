"""Vendors side by side: intervals by hand and as published, shared ranks, common mix, the others without oneself."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.catalogue import find_kpi
from analytics.performance.comparison import (
    A_TOTAL,
    BY_CHANCE,
    BY_PERIODS,
    CURRENCIES_DIFFER,
    NO_DIRECTION,
    NOT_COUNTED,
    NOT_SERVED,
    _ranks,
    common_strata,
    side_by_side,
)
from analytics.performance.intervals import period_reach, student_quantile, wilson

Months = Sequence[tuple[float, float]]
Members = Mapping[object, Months]


def frame(members: Members, kpi: str = "csat", **columns: object) -> pd.DataFrame:
    """KPI frame by month from {vendor or (vendor, lob, channel): [(numerator, denominator), ...]}."""
    lines = []
    for member, months in members.items():
        vendor, lob, channel = member if isinstance(member, tuple) else (member, None, None)
        for period, (numerator, denominator) in zip(pd.date_range("2026-01-01", periods=len(months), freq="MS"), months, strict=True):
            value = numerator / denominator * find_kpi(kpi).scale if denominator else np.nan
            lines.append((period, vendor, lob, channel, kpi, numerator, denominator, value, True))
    names = ["period", "vendor", "lob", "channel", "kpi", "numerator", "denominator", "value", "complete"]
    return pd.DataFrame(lines, columns=names).astype({"numerator": float, "denominator": float}).assign(**columns)


def compared(members: Members, kpi: str = "csat", strata: Sequence[str] = (), **columns: object) -> pd.DataFrame:
    return side_by_side(frame(members, kpi, **columns), "vendor", strata).set_index("vendor")


def steady(share: float, size: int = 1000, months: int = 12, swing: int = 5) -> Months:
    """A share with a little swing up and down."""
    return [(share * size + (swing if month % 2 else -swing), size) for month in range(months)]


class TestPublished:
    @pytest.mark.parametrize(
        ("cases", "size", "lower", "upper"),
        [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718), (20, 20, 0.8389, 1.0)],
    )
    def test_wilson(self, cases: int, size: int, lower: float, upper: float) -> None:
        """Newcombe 1998, Two-sided confidence intervals for the single proportion, table I, method 3; the last is the third mirrored."""
        assert [float(limit) for limit in wilson(np.array(cases / size), np.array(size))] == pytest.approx([lower, upper], abs=5e-5)

    def test_wilson_of_nothing(self) -> None:
        assert np.isnan(wilson(np.array([0.5, 1.2]), np.array([0, 10]))).all()

    @pytest.mark.parametrize(
        ("degrees", "quantile"), [(1, 12.706), (2, 4.303), (11, 2.201), (23, 2.069), (30, 2.042), (40, 2.021), (60, 2.000), (120, 1.980)]
    )
    def test_student(self, degrees: int, quantile: float) -> None:
        """NIST/SEMATECH e-Handbook, 1.3.6.7.2, column 0.975."""
        assert float(student_quantile(np.array(degrees))) == pytest.approx(quantile, abs=6e-4)

    def test_no_degree_of_freedom(self) -> None:
        assert np.isnan(student_quantile(np.array([0, -1]))).all()
        assert np.isnan(period_reach(np.array([1.0, 1.0]), np.array([10.0, 0.0]), np.array([1, 5]))).all()


class TestIntervals:
    def test_by_hand(self) -> None:
        """5:00, 4:00 and 6:00 min over 100 contacts each: e = 0, -6000, 6000; root of 1.5 x 72,000,000 / 300 = 34.64; t = 4.3027."""
        row = compared({"A": [(30000, 100), (24000, 100), (36000, 100)]}, "average_handle_time").loc["A"]
        assert row["value"] == 300
        assert [row["lower"], row["upper"]] == pytest.approx([300 - 149.05, 300 + 149.05], abs=0.01)
        assert (row["method"], row["periods"]) == (BY_PERIODS, 3)

    def test_a_proportion_is_never_narrower_than_chance(self) -> None:
        """80 % in each of 12 months: no variation between them, yet 1,200 answers are only 1,200 answers."""
        row = compared({"A": [(80, 100)] * 12}).loc["A"]
        assert [row["lower"], row["upper"]] == pytest.approx([float(limit) for limit in wilson(np.array(0.8), np.array(1200))])
        assert row["method"] == BY_CHANCE

    def test_more_variation_than_chance_widens_it_but_not_beyond_all(self) -> None:
        row = compared({"A": [(800, 1000), (1000, 1000), (999, 1000)]}).loc["A"]
        assert (row["method"], row["upper"]) == (BY_PERIODS, 1.0) and row["lower"] < 0.7

    def test_above_all_keeps_its_interval(self) -> None:
        row = compared({"A": [(110, 100), (130, 100), (120, 100)]}, "staffing_delivered").loc["A"]
        assert row["lower"] < 1.2 < row["upper"]

    def test_only_whole_periods_count(self) -> None:
        rows = frame({"A": [(80, 100)] * 3 + [(0, 100)]})
        rows.loc[3, "complete"] = False
        row = side_by_side(rows).iloc[0]
        assert (row["value"], row["periods"], row["denominator"]) == (0.8, 3, 300)


class TestRanks:
    def test_clear_differences(self) -> None:
        found = compared({"A": steady(0.7), "B": steady(0.9), "C": steady(0.8)})
        assert found["rank_text"].to_dict() == {"A": "3", "B": "1", "C": "2"}
        assert found["better_than"].to_dict() == {"A": 0, "B": 2, "C": 1}
        assert found["worse_than"].to_dict() == {"A": 2, "B": 0, "C": 1}

    def test_lower_is_better_turns_it_round(self) -> None:
        found = compared({"A": steady(0.07), "B": steady(0.02)}, "abandonment_rate")
        assert found["rank"].to_dict() == {"A": 2, "B": 1}

    def test_overlapping_intervals_share_a_rank(self) -> None:
        found = compared({"A": steady(0.80), "B": steady(0.803), "C": steady(0.6)})
        assert found["rank_text"].to_dict() == {"A": "1-2", "B": "1-2", "C": "3"}
        assert found["tied"].to_dict() == {"A": 2, "B": 2, "C": 1}

    def test_a_third_between_them_shares_a_rank_with_both_and_they_do_not(self) -> None:
        """The best and the last differ, and both overlap the one between: it may be any of the three."""
        found = compared({"A": steady(0.82, 3000), "B": steady(0.81, 3000, swing=40), "C": steady(0.80, 3000)})
        assert found["rank_text"].to_dict() == {"A": "1-2", "B": "1-3", "C": "2-3"}
        assert found["better_than"].to_dict() == {"A": 1, "B": 0, "C": 0}

    @given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 6)), min_size=2, max_size=25), st.sampled_from([1, -1]))
    def test_who_overlaps_has_a_rank_in_common_and_who_is_better_ranks_before(self, middles: list[tuple[int, int]], sign: int) -> None:
        middle, reach = np.array(middles, dtype=float).T
        lower, upper = middle - reach, middle + reach
        found = _ranks(lower, upper, np.full(len(middle), True), sign)
        first, last = found["rank"], found["rank"] + found["tied"] - 1
        for one in range(len(middle)):
            for other in range(one):
                if lower[one] <= upper[other] and lower[other] <= upper[one]:
                    assert first[one] <= last[other] and first[other] <= last[one]
                else:
                    one_is_better = (lower[one] > upper[other]) == (sign > 0)
                    better, worse = (one, other) if one_is_better else (other, one)
                    assert first[better] < first[worse] and last[better] < last[worse]
        assert first.min() == 1 and last.max() == len(middle)

    def test_all_equal(self) -> None:
        found = compared({name: [(80, 100)] * 12 for name in "ABC"})
        assert found["rank_text"].tolist() == ["1-3"] * 3

    def test_one_member(self) -> None:
        row = compared({"A": steady(0.8)}).loc["A"]
        assert row["rank_text"] == "1" and np.isnan(row["others"])


class TestNotRanked:
    def test_small_samples(self) -> None:
        found = compared({"A": steady(0.8), "B": [(2, 2), (3, 3), (4, 4)], "C": [(80, 100)] * 2})
        assert found["remark"].to_dict() == {"A": "", "B": "small sample: 9 cases", "C": "small sample: 2 whole periods"}
        assert found["rank_text"].to_dict() == {"A": "1", "B": "-", "C": "-"}
        assert found["small"].tolist() == [False, True, True]

    def test_seconds_are_no_cases(self) -> None:
        assert compared({"A": [(10, 20)] * 3}, "schedule_adherence")["remark"].tolist() == [""]

    def test_without_direction_and_totals(self) -> None:
        assert compared({"A": steady(0.8)}, "occupancy").loc["A", "remark"] == NO_DIRECTION
        totals = compared({"A": [(5, 0)] * 3, "B": [(7, 0)] * 3}, "security_incidents")
        assert totals["remark"].tolist() == [A_TOTAL] * 2
        assert totals["value"].tolist() == [15, 21] and totals["rank_text"].tolist() == ["-", "-"]

    def test_currencies(self) -> None:
        members: Members = {"A": [(500, 100)] * 3, "B": [(400, 100)] * 3}
        found = compared(members, "cost_per_contact", currency=["USD"] * 3 + ["EUR"] * 3)
        assert found["remark"].tolist() == [CURRENCIES_DIFFER] * 2 and found["others"].isna().all()
        assert compared(members, "cost_per_contact", currency="USD")["rank"].tolist() == [2, 1]

    def test_nothing_counted(self) -> None:
        found = compared({"A": steady(0.8), "T": [(np.nan, np.nan)] * 3, "Z": [(0, 0)] * 3})
        assert found["remark"].to_dict() == {"A": "", "T": NOT_COUNTED, "Z": NOT_COUNTED}
        assert side_by_side(frame({})).empty
        assert compared({"T": [(np.nan, np.nan)] * 3}, strata=("lob",))["remark"].tolist() == [NOT_COUNTED]


class TestOthers:
    def test_everybody_but_oneself(self) -> None:
        """A 80 of 100, B 90 of 300, C 100 of 100: the others of A are 190 of 400."""
        found = compared({"A": [(20, 25)] * 4, "B": [(22.5, 75)] * 4, "C": [(25, 25)] * 4})
        assert found["others"].to_dict() == pytest.approx({"A": 190 / 400, "B": 180 / 200, "C": 170 / 400})
        assert found["against_others"]["A"] == pytest.approx(0.8 - 190 / 400)


SIMPSON: Members = {
    ("A", "Sales", "phone"): [(30, 300)] * 3,
    ("A", "Support", "phone"): [(70, 100)] * 3,
    ("B", "Sales", "phone"): [(8, 100)] * 3,
    ("B", "Support", "phone"): [(200, 300)] * 3,
}


class TestCommonMix:
    def test_the_same_work_turns_the_picture(self) -> None:
        """A is better at both (10 against 8 %, 70 against 66.7 %) and does more of the hard one: 25 against 52 % over all.

        Together both do 400 of each, so A is (10 + 70) / 2 = 40 % and B (8 + 66.67) / 2 = 37.33 %.
        """
        plain = side_by_side(frame(SIMPSON).groupby(["period", "vendor", "kpi", "complete"], as_index=False).sum(numeric_only=True))
        assert plain["value"].tolist() == pytest.approx([0.25, 0.52])
        found = compared(SIMPSON, strata=("lob", "channel"))
        assert found["value"].to_dict() == pytest.approx({"A": 0.4, "B": 0.37333333})
        assert found["others"].to_dict() == pytest.approx({"A": 0.37333333, "B": 0.4})
        assert found["covered"].tolist() == [1, 1]

    def test_interval_by_hand(self) -> None:
        """Two strata of equal weight that swing together by 3 and by 1 points: 2 points, t of 2 degrees 4.3027 / root 3."""
        months: Members = {
            ("A", "x", None): [(2.0, 10.0), (5.0, 10.0), (8.0, 10.0)],
            ("A", "y", None): [(4.0, 10.0), (5.0, 10.0), (6.0, 10.0)],
        }
        row = compared(months, "cost_per_contact", strata=("lob",)).loc["A"]
        assert row["value"] == 0.5
        assert row["upper"] - row["value"] == pytest.approx(4.3027 * 0.2 / np.sqrt(3), abs=1e-4)

    def test_without_variation_chance_counts_the_work_behind_it(self) -> None:
        """Weights 0.5 and 0.5 over 300 and 900 cases: as good as 1 / (0.25 / 300 + 0.25 / 900) = 900 cases."""
        months: Members = {
            ("A", "x", None): [(50, 100)] * 3, ("A", "y", None): [(150, 300)] * 3,
            ("B", "x", None): [(150, 300)] * 3, ("B", "y", None): [(50, 100)] * 3,
        }  # fmt: skip
        row = compared(months, strata=("lob",)).loc["A"]
        assert [row["lower"], row["upper"]] == pytest.approx([float(limit) for limit in wilson(np.array(0.5), np.array(900))])

    def test_only_strata_all_serve_and_those_without_the_largest_are_out(self) -> None:
        months: Members = {**SIMPSON, ("A", "Sales", "chat"): [(90, 100)] * 3, ("C", "Sales", "chat"): [(9, 10)] * 3}
        found = compared(months, strata=("lob", "channel"))
        assert found["remark"].to_dict() == {"A": "", "B": "", "C": NOT_SERVED}
        assert found["covered"]["A"] == pytest.approx(0.8)
        assert common_strata(frame(months), "vendor", ("lob", "channel")) == ("Sales, phone", "Support, phone")

    def test_rows_without_the_dimension_are_a_stratum_of_their_own(self) -> None:
        assert common_strata(frame({"A": steady(0.8)}), "vendor", ("lob",)) == ("not named",)
        assert compared({"A": steady(0.8)}, strata=("lob", "channel"))["value"].tolist() == pytest.approx([0.8])


def test_two_hundred_vendors_and_the_order_of_rows() -> None:
    members: Members = {f"V{number:03d}": steady(0.5 + number / 500) for number in range(200)}
    whole = frame(members)
    found = side_by_side(whole)
    assert found["rank"].notna().all() and found["rank"].max() <= 200
    shuffled = side_by_side(whole.sample(frac=1, random_state=5)).sort_values("vendor", ignore_index=True)
    pd.testing.assert_frame_equal(found, shuffled)
