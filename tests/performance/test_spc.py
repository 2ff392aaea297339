"""Control limits, the four rules and assurance: worked examples and published series.

Values are listed in the order of the periods. `csat` is better when higher, `error_rate` when lower; `contacts_handled` is
neutral and `occupancy` has a band, so both can only be high or low.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.errors import UsageError
from analytics.performance.spc import Assurance, Rule, Signal, rule_text, signal_text, with_signals

WORKED = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
STEADY = [8, 12] * 8
RISING = [12, 8, 12, 8, 12, 7, 8, 9, 10, 11, 12, 13, 8, 12, 8, 12, 8]
SHIFTED = [11, 14, 11, 14, 11, 14, 11, 9, 6, 9, 6, 9, 6, 9]
NEAR_LIMITS = [9, 11, 9, 11, 9, 11, 9, 11, 15, 11, 15, 11, 9, 11, 9, 11, 9, 11, 9, 5, 5, 9, 9, 11, 9, 11]
MIDDLE_OF_TWO_IN_THREE = [24, 22, 29, 32, 22, 20, 23, 25, 26, 22, 24, 27, 7, 19]

NHS_FILE = Path(__file__).parents[1] / "data" / "nhs_ae_six_hospitals_2016-19.csv"
HOSPITALS = {  # lower limit, mean, upper limit, months outside the limits
    "R1H": (74.315936, 79.820313, 85.324689, "2016-08 2016-09 2017-01 2017-06 2019-01 2019-02 2019-03"),
    "RW6": (70.931471, 79.174165, 87.416859, "2017-12 2018-12 2019-01"),
    "RDU": (83.225758, 89.210288, 95.194817, "2016-09 2018-03 2019-01 2019-02"),
    "RF4": (68.079682, 78.012445, 87.945208, "2016-08 2016-09 2018-12 2019-01 2019-02"),
    "RXF": (75.511456, 83.958550, 92.405645, "2017-03"),
    "RAL": (78.413904, 85.017900, 91.621896, ""),
}


def kpi_frame(values: Sequence[float], kpi: str = "csat", **columns: object) -> pd.DataFrame:
    periods = pd.date_range("2024-01-01", periods=len(values), freq="MS")
    return pd.DataFrame({"period": periods, "kpi": kpi, "value": pd.Series(values, dtype=float), "complete": True, **columns})


def limits(frame: pd.DataFrame) -> tuple[float, float, float]:
    """Lower limit, centre line, upper limit of the one series in `frame`."""
    last = frame.iloc[-1]
    return last["lower_limit"], last["centre_line"], last["upper_limit"]


def marks(frame: pd.DataFrame) -> dict[int, str]:
    """{place: 'rule signal'} of the points that are signals, places counted from 1."""
    signals = zip(frame["rule"], frame["signal"], strict=True)
    return {place: f"{rule} {signal}" for place, (rule, signal) in enumerate(signals, start=1) if rule is not None}


def every(places: Iterable[int], mark: str) -> dict[int, str]:
    return dict.fromkeys(places, mark)


def mirrored(values: list[int]) -> list[int]:
    return [20 - value for value in values]


class TestLimits:
    def test_worked_example_screened(self) -> None:
        """One range of 8 and one of 9 among ranges of 1 are left out: 1.94 +/- 2.66 x 1."""
        assert limits(with_signals(kpi_frame(WORKED))) == pytest.approx((-0.72, 1.94, 4.60), abs=0.005)

    def test_worked_example_unscreened(self) -> None:
        """Average range 32 / 17 = 1.88: 1.94 +/- 2.66 x 1.88."""
        assert limits(with_signals(kpi_frame(WORKED), screening=False)) == pytest.approx((-3.06, 1.94, 6.95), abs=0.005)

    def test_making_data_count_process_limits(self) -> None:
        """The limits example of the Making Data Count single chart tool, v5.0."""
        values = [20, 24, 20, 26, 22, 16, 18, 16, 31, 28, 34, 26, 30, 19, 18]
        assert limits(with_signals(kpi_frame(values), screening=False)) == pytest.approx((8.76, 23.20, 37.64), abs=0.005)

    def test_screening_leaves_some_variation(self) -> None:
        """Two incidents in 16 months: without the ranges of 1 nothing would be left, and every month would be a signal."""
        quiet = with_signals(kpi_frame([0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0], "security_incidents"))
        assert limits(quiet) == pytest.approx((1 / 8 - 2.66 * 4 / 15, 1 / 8, 1 / 8 + 2.66 * 4 / 15))
        assert marks(quiet) == every((5, 11), "outside_limits concern")

    @pytest.mark.parametrize("value", [0, 0.83, 0.1, 1e9, -3.3])
    @pytest.mark.parametrize("screening", [True, False])
    def test_flat_series_has_no_width_and_no_signal(self, value: float, screening: bool) -> None:
        flat = with_signals(kpi_frame([value] * 20), screening=screening)
        assert limits(flat) == (value, value, value)
        assert marks(flat) == {}

    def test_one_point_has_a_centre_but_no_limits(self) -> None:
        alone = with_signals(kpi_frame([0.8], comparator=">=", target=0.9))
        assert alone["centre_line"].tolist() == [0.8]
        assert alone[["lower_limit", "upper_limit"]].isna().all(axis=None)
        assert (marks(alone), alone["assurance"].tolist()) == ({}, [None])

    def test_two_points(self) -> None:
        assert limits(with_signals(kpi_frame([1, 3]))) == pytest.approx((2 - 5.32, 2, 2 + 5.32))

    def test_no_points(self) -> None:
        blank = with_signals(kpi_frame([np.nan, np.nan]))
        assert blank[["centre_line", "lower_limit", "upper_limit"]].isna().all(axis=None)
        assert blank["signal"].tolist() == [Signal.NONE, Signal.NONE]
        assert blank["trial_limits"].all()

    def test_no_rows(self) -> None:
        empty = with_signals(kpi_frame([], comparator=None, target=None))
        assert empty.empty
        assert {"centre_line", "lower_limit", "upper_limit", "signal", "rule", "assurance", "trial_limits"} <= set(empty)

    @pytest.mark.parametrize(("points", "trial"), [(1, True), (12, True), (13, False)])
    def test_trial_limits_below_thirteen_points(self, points: int, trial: bool) -> None:
        assert with_signals(kpi_frame(STEADY[:points]))["trial_limits"].tolist() == [trial] * points


@pytest.fixture(scope="module")
def hospitals() -> pd.DataFrame:
    months = pd.read_csv(NHS_FILE, comment="#", parse_dates=["period"]).rename(columns={"org_code": "site"})
    months["value"] = 1 - months["breaches"] / months["attendances"]
    months = months.assign(kpi="resolved_in_target", complete=True, comparator=">=", target=0.95)
    return with_signals(months.sample(frac=1, random_state=7), screening=False)


class TestPublishedHospitals:
    """Six large A&E departments, share seen within 4 hours; expected numbers computed apart from this code, in percent."""

    @pytest.mark.parametrize("site", HOSPITALS)
    def test_limits(self, hospitals: pd.DataFrame, site: str) -> None:
        of_site = hospitals[hospitals["site"] == site]
        assert [100 * number for number in limits(of_site)] == pytest.approx(HOSPITALS[site][:3], abs=1e-6)

    @pytest.mark.parametrize("site", HOSPITALS)
    def test_months_outside(self, hospitals: pd.DataFrame, site: str) -> None:
        outside = hospitals[(hospitals["site"] == site) & (hospitals["rule"] == Rule.OUTSIDE_LIMITS)]
        assert sorted(outside["period"].dt.strftime("%Y-%m")) == HOSPITALS[site][3].split()

    def test_assurance(self, hospitals: pd.DataFrame) -> None:
        """The target of 95 % lies above every upper limit but one: RDU's is 95.19 %."""
        by_site = hospitals.groupby("site")["assurance"].agg(["first", "nunique"])
        assert by_site["nunique"].tolist() == [1] * 6
        assert by_site["first"].to_dict() == dict.fromkeys(HOSPITALS, Assurance.FAIL) | {"RDU": Assurance.HIT_OR_MISS}


class TestPublishedVectors:
    """Series and marks from the testing document of the Making Data Count single chart tool v5.0 (no screening, high is good).

    The document uses runs and trends of 6 points; where it marks exactly 6, ours (7, as NHSRplotthedots) stay unmarked.
    """

    @pytest.mark.parametrize(
        ("values", "expected"),
        [
            pytest.param(
                [45, 29, 20, 22, 25, 20, 27, 24, 22, 23, 20, 26, 20, 15, 5],
                {1: "outside_limits improvement", 15: "outside_limits concern"},
                id="single points at the ends",
            ),
            pytest.param(
                [29, 32, 35, 45, 43, 23, 18, 20, 16, 7, 28, 26, 22, 19, 20],
                {4: "outside_limits improvement", 5: "outside_limits improvement", 10: "outside_limits concern"},
                id="single points in the middle",
            ),
            pytest.param(
                [42, 40, 39, 26, 39, *MIDDLE_OF_TWO_IN_THREE, 24, 7, 7, 32],
                every((1, 2, 3, 5), "two_in_three improvement") | every((21, 22), "two_in_three concern"),
                id="two in three: the third point between them is not marked",
            ),
            pytest.param(
                [42, 40, 39, 26, 39, *MIDDLE_OF_TWO_IN_THREE, 24, 7, 2, 32],
                every((1, 2, 3, 5), "two_in_three improvement") | {22: "outside_limits concern"},
                id="two in three: a point beyond the limit does not count",
            ),
            pytest.param(
                [42, 40, 39, 24, 39, *MIDDLE_OF_TWO_IN_THREE, 26, 7, 7, 32],
                every((1, 2, 3), "two_in_three improvement"),
                id="two in three: all three points on one side",
            ),
            pytest.param(
                [31, 35, 34, 29, 29, 32, 26, 26, 32, 35, 30, 18, 31, 25, 27, 22, 18, 25, 25, 17],
                every(range(14, 21), "run concern"),
                id="shift at the end, of 7",
            ),
            pytest.param(
                [31, 22, 19, 21, 18, 18, 22, 22, 29, 25, 23, 26, 31, 26, 28, 29, 32, 24, 31, 22],
                every(range(2, 9), "run concern"),
                id="shift in the middle, of 7",
            ),
            pytest.param(
                [11, 14, 18, 20, 22, 23, 18, 21, 17, 23, 26, 20, 16, 25, 23, 22, 19, 16, 15, 12],
                every(range(14, 21), "trend concern"),
                id="trend",
            ),
            pytest.param(
                [23, 30, 28, 25, 25, 20, 18, 24, 16, 13, 14, 18, 18, 24, 26, 29, 19, 20, 28, 16],
                {},
                id="trend with pauses",
            ),
        ],
    )
    def test_marks(self, values: list[int], expected: dict[int, str]) -> None:
        assert marks(with_signals(kpi_frame(values), screening=False)) == expected


class TestRules:
    @pytest.mark.parametrize(
        ("kpi", "up", "down"),
        [
            ("csat", "improvement", "concern"),
            ("error_rate", "concern", "improvement"),
            ("contacts_handled", "high", "low"),
            ("occupancy", "high", "low"),
        ],
    )
    class TestBothDirections:
        def test_outside_limits(self, kpi: str, up: str, down: str) -> None:
            assert marks(with_signals(kpi_frame(WORKED, kpi))) == {5: f"outside_limits {up}"}
            assert marks(with_signals(kpi_frame(mirrored(WORKED), kpi))) == {5: f"outside_limits {down}"}

        def test_trend(self, kpi: str, up: str, down: str) -> None:
            """7 8 9 10 11 12 13 rises from below the mean of 10 to above it: its slope decides, not its side."""
            assert marks(with_signals(kpi_frame(RISING, kpi))) == every(range(6, 13), f"trend {up}")
            assert marks(with_signals(kpi_frame(mirrored(RISING), kpi))) == every(range(6, 13), f"trend {down}")

        def test_two_in_three(self, kpi: str, up: str, down: str) -> None:
            """Average range 2.32, so the limits are 10 +/- 6.17 and two thirds of that 4.11: each 15 and each 5 is near one."""
            expected = every((9, 11), f"two_in_three {up}") | every((20, 21), f"two_in_three {down}")
            assert marks(with_signals(kpi_frame(NEAR_LIMITS, kpi))) == expected

        def test_run(self, kpi: str, up: str, down: str) -> None:
            expected = every(range(1, 8), f"run {up}") | every(range(8, 15), f"run {down}")
            assert marks(with_signals(kpi_frame(SHIFTED, kpi))) == expected

    def test_normal_variation(self) -> None:
        assert marks(with_signals(kpi_frame(STEADY))) == {}

    def test_six_rising_points_are_no_trend(self) -> None:
        assert marks(with_signals(kpi_frame([12, 8, 12, 8, 12, 7, 8, 9, 11, 12, 13, 8, 12, 8, 12, 8]))) == {}

    def test_a_tie_breaks_a_trend(self) -> None:
        assert marks(with_signals(kpi_frame([12, 8, 12, 8, 12, 7, 8, 9, 10, 10, 11, 12, 13, 8, 12, 8, 12, 8]))) == {}

    def test_a_tie_up_to_rounding_breaks_a_trend(self) -> None:
        """0.1 + 0.2 is not 0.3 to a computer; both are the same rate."""
        values = [value / 100 for value in RISING]
        values[8:10] = [0.1 + 0.2 - 0.2, 0.1]
        assert marks(with_signals(kpi_frame(values))) == {}

    def test_six_points_on_one_side_are_no_run(self) -> None:
        assert marks(with_signals(kpi_frame([11, 14, 11, 14, 11, 14, 9, 6, 9, 6, 9, 6]))) == {}

    def test_a_point_on_the_centre_line_breaks_a_run(self) -> None:
        broken = with_signals(kpi_frame([11, 14, 11, 10, 14, 11, 14, 9, 6, 9, 10, 6, 9, 6]))
        assert broken["centre_line"].iloc[0] == 10
        assert marks(broken) == {}

    def test_a_turning_point_belongs_to_the_newer_trend(self) -> None:
        """43 down to 13 and up to 36 again: the 13 is where it got better. The two highest are beyond the limit first."""
        values = [43, 41, 37, 36, 31, 23, 15, 13, 15, 18, 23, 27, 31, 36, 27, 19, 17, 27, 15, 22]
        expected = (
            every((1, 2), "outside_limits improvement") | every(range(3, 8), "trend concern") | every(range(8, 15), "trend improvement")
        )
        assert marks(with_signals(kpi_frame(values), screening=False)) == expected


class TestGapsAndIncompletePeriods:
    def test_a_gap_is_skipped(self) -> None:
        """Neighbours across a gap form a range, and a trend runs on across it, as if the row were absent."""
        gappy = with_signals(kpi_frame([*RISING[:8], np.nan, *RISING[8:]]))
        whole = with_signals(kpi_frame(RISING))
        assert limits(gappy) == limits(whole)
        assert marks(gappy) == every((6, 7, 8, 10, 11, 12, 13), "trend improvement")

    def test_gap_rows_still_carry_the_limits(self) -> None:
        gappy = with_signals(kpi_frame([*STEADY, np.nan]))
        assert gappy["lower_limit"].nunique(dropna=False) == 1
        assert gappy["signal"].iloc[-1] == Signal.NONE

    def test_incomplete_last_period_neither_signals_nor_counts(self) -> None:
        unfinished = kpi_frame([*STEADY, 90])
        unfinished.loc[16, "complete"] = False
        assert limits(with_signals(unfinished)) == limits(with_signals(kpi_frame(STEADY)))
        assert marks(with_signals(unfinished)) == {}

    def test_only_complete_measured_points_count_as_points(self) -> None:
        twelve = kpi_frame([*STEADY[:12], 9, np.nan])
        twelve.loc[12, "complete"] = False
        assert with_signals(twelve)["trial_limits"].all()


class TestAssurance:
    """STEADY runs from 8 to 12: limits 10 +/- 2.66 x 4, that is -0.64 to 20.64."""

    @pytest.mark.parametrize(
        ("comparator", "target", "expected"),
        [
            (">=", 21, "fail"),
            (">=", 20, "hit_or_miss"),
            (">=", -1, "pass"),
            (">", 21, "fail"),
            ("<=", 21, "pass"),
            ("<=", 20, "hit_or_miss"),
            ("<=", -1, "fail"),
            ("<", 21, "pass"),
            ("band", np.nan, None),
            ("band", 21, None),
            (None, np.nan, None),
            (">=", np.nan, None),
            (np.nan, 21, None),
        ],
    )
    def test_against_the_target(self, comparator: object, target: float, expected: str | None) -> None:
        judged = with_signals(kpi_frame(STEADY, comparator=comparator, target=target))
        assert judged["assurance"].tolist() == [expected] * len(STEADY)

    @pytest.mark.parametrize("order", [slice(None), slice(None, None, -1)])
    def test_latest_target_counts(self, order: slice) -> None:
        targets = [21.0] * 15 + [15.0]
        judged = with_signals(kpi_frame(STEADY, comparator=">=", target=targets).iloc[order])
        assert set(judged["assurance"]) == {Assurance.HIT_OR_MISS}

    def test_none_without_target_columns(self) -> None:
        assert with_signals(kpi_frame(STEADY))["assurance"].tolist() == [None] * len(STEADY)


class TestSeries:
    def test_each_kpi_and_member_by_itself_in_any_order(self) -> None:
        parts = [
            kpi_frame(RISING, "csat", vendor="Asterion", site="Krakow"),
            kpi_frame(mirrored(RISING), "csat", vendor="Asterion", site="Gdansk"),
            kpi_frame(WORKED, "error_rate", vendor="Asterion", site="Krakow"),
            kpi_frame(SHIFTED, "csat", vendor="Northline", site=None),
        ]
        expected = pd.concat([with_signals(part) for part in parts], ignore_index=True)
        shuffled = pd.concat(parts, ignore_index=True).sample(frac=1, random_state=3)
        result = with_signals(shuffled)
        assert result.index.equals(shuffled.index)
        pd.testing.assert_frame_equal(result.sort_index(), expected)

    def test_the_frame_given_is_left_alone(self) -> None:
        frame = kpi_frame(STEADY)
        before = frame.copy()
        with_signals(frame)
        pd.testing.assert_frame_equal(frame, before)

    def test_unknown_kpi(self) -> None:
        with pytest.raises(UsageError, match="Unknown KPI 'csta'"):
            with_signals(kpi_frame(STEADY, "csta"))


class TestWords:
    def test_every_rule_and_signal_has_its_own_words(self) -> None:
        special = [signal for signal in Signal if signal is not Signal.NONE]
        texts = [rule_text(rule, signal) for rule in Rule for signal in special]
        assert len(set(texts)) == len(texts)
        assert len({signal_text(signal) for signal in Signal}) == len(Signal)

    def test_examples(self) -> None:
        assert rule_text("two_in_three", "concern") == "2 of 3 points in a row beyond two thirds of a limit, on the worse side"
        assert rule_text("run", "high") == "7 or more points in a row above the average"
        assert rule_text(None, "none") == ""
        assert signal_text("none") == "normal variation"
