"""Control charts on request: limits that start anew, Laney p', weekdays; and individuals charts from two handbooks."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from math import sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.catalogue import find_kpi
from analytics.errors import UsageError
from analytics.performance.spc import Assurance, Rebase, Rule, Signal, with_signals
from tests.performance.test_spc import NHS_FILE, STEADY, kpi_frame, limits, marks

MOVED = date(2024, 9, 1)  # the ninth month of kpi_frame, which begins in January 2024
LOW_THEN_HIGH = [8, 12] * 4 + [28, 32] * 7


def days(values: Sequence[float], kpi: str = "contacts_handled", first: str = "2026-06-01") -> pd.DataFrame:
    """Daily KPI frame; 1 June 2026 is a Monday."""
    periods = pd.date_range(first, periods=len(values), freq="D")
    return pd.DataFrame({"period": periods, "period_end": periods, "kpi": kpi, "value": np.array(values, dtype=float), "complete": True})


class TestHandbooks:
    """Individuals charts without screening; the handbooks use 3 / 1.128 = 2.6596 where Making Data Count rounds to 2.66."""

    def test_nist_flow_rate(self) -> None:
        """NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2: mean 50.81, limits 45.8159 and 55.8041, nothing outside."""
        flow = with_signals(kpi_frame([49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]), screening=False)
        assert limits(flow) == pytest.approx((45.8159, 50.81, 55.8041), abs=0.001)
        assert marks(flow) == {}

    def test_montgomery_viscosity(self) -> None:
        """Montgomery, Introduction to Statistical Quality Control, aircraft primer paint: mean 33.52, limits 32.24 and 34.80."""
        batches = [33.75, 33.05, 34.00, 33.81, 33.46, 34.02, 33.68, 33.27, 33.49, 33.20, 33.62, 33.00, 33.54, 33.12, 33.84]
        paint = with_signals(kpi_frame(batches), screening=False)
        assert limits(paint) == pytest.approx((32.24, 33.52, 34.80), abs=0.01)
        assert marks(paint) == {}


class TestRebase:
    def test_each_segment_has_its_own_limits(self) -> None:
        """8 and 12 until August, 28 and 32 from September: 10 +/- 10.64, then 30 +/- 10.64."""
        assert marks(with_signals(kpi_frame(LOW_THEN_HIGH))) != {}
        rebased = with_signals(kpi_frame(LOW_THEN_HIGH), rebased=[Rebase(MOVED)])
        assert marks(rebased) == {}
        assert limits(rebased.head(8)) == pytest.approx((-0.64, 10, 20.64))
        assert limits(rebased) == pytest.approx((19.36, 30, 40.64))

    def test_the_month_of_the_event_belongs_to_the_old_limits(self) -> None:
        """An event on 2 August: the first month that begins on or after it is September."""
        assert with_signals(kpi_frame(LOW_THEN_HIGH), rebased=[Rebase(date(2024, 8, 2))]).equals(
            with_signals(kpi_frame(LOW_THEN_HIGH), rebased=[Rebase(MOVED)])
        )

    def test_points_since_then_decide_about_trial_limits(self) -> None:
        trial = with_signals(kpi_frame(LOW_THEN_HIGH), rebased=[Rebase(MOVED)])["trial_limits"]
        assert trial.tolist() == [True] * 8 + [False] * 14

    def test_a_trend_does_not_reach_across(self) -> None:
        rising = kpi_frame([12, 8, 12, 8, 12, 7, 8, 9, 10, 11, 12, 13, 8, 12, 8, 12, 8])
        assert Rule.TREND in set(with_signals(rising)["rule"])
        assert Rule.TREND not in set(with_signals(rising, rebased=[Rebase(MOVED)])["rule"])

    def test_assurance_is_that_of_the_limits_in_force(self) -> None:
        frame = kpi_frame(LOW_THEN_HIGH, comparator=">=", target=15.0)
        assert set(with_signals(frame)["assurance"]) == {Assurance.HIT_OR_MISS}
        assert set(with_signals(frame, rebased=[Rebase(MOVED)])["assurance"]) == {Assurance.PASS}

    def test_twice_and_outside_the_data(self) -> None:
        frame = kpi_frame(LOW_THEN_HIGH)
        once = with_signals(frame, rebased=[Rebase(MOVED)])
        assert once.equals(with_signals(frame, rebased=[Rebase(MOVED), Rebase(MOVED), Rebase(date(2020, 1, 1)), Rebase(date(2030, 1, 1))]))
        thrice = with_signals(frame, rebased=[Rebase(date(2024, 5, 1)), Rebase(MOVED)])
        assert thrice["centre_line"].tolist() == [10.0] * 8 + [30.0] * 14

    def test_only_whom_it_names(self) -> None:
        both = pd.concat([kpi_frame(LOW_THEN_HIGH, vendor="A"), kpi_frame(LOW_THEN_HIGH, vendor="B")], ignore_index=True)
        judged = with_signals(both, rebased=[Rebase(MOVED, vendor="A")])
        assert judged.groupby("vendor")["centre_line"].nunique().to_dict() == {"A": 2, "B": 1}
        assert with_signals(both, rebased=[Rebase(MOVED, site="Pune"), Rebase(MOVED, kpi="aht")]).equals(with_signals(both))

    def test_a_new_segment_with_one_point_has_no_limits_yet(self) -> None:
        judged = with_signals(kpi_frame([*STEADY, 30], comparator=">=", target=9.0), rebased=[Rebase(date(2025, 5, 1))])
        assert np.isnan(judged["upper_limit"].iloc[-1]) and judged["centre_line"].iloc[-1] == 30
        assert set(judged["assurance"]) == {None}


def laney_in_words(numerators: Sequence[float], denominators: Sequence[float]) -> list[tuple[float, float]]:
    """Lower and upper limit of every point, in plain loops from Laney's formulas."""
    share = sum(numerators) / sum(denominators)
    sigmas = [sqrt(share * (1 - share) / size) for size in denominators]
    z = [(count / size - share) / sigma for count, size, sigma in zip(numerators, denominators, sigmas, strict=True)]
    moving = [abs(new - old) for old, new in pairwise(z)]
    sigma_z = sum(moving) / len(moving) / 1.128
    return [(share - 3 * sigma * sigma_z, share + 3 * sigma * sigma_z) for sigma in sigmas]


def shares(numerators: Sequence[float], denominators: Sequence[float], kpi: str = "csat", **columns: object) -> pd.DataFrame:
    above, below = np.array(numerators, dtype=float), np.array(denominators, dtype=float)
    return kpi_frame((above / below).tolist(), kpi, numerator=above, denominator=below, **columns)


class TestLaney:
    def test_by_hand(self) -> None:
        """40 + 60 + 40 + 60 of 100 each: p = 0.5, sigma 0.05, z -2, 2, -2, 2, sigma_z 4 / 1.128; limits 0.5 +/- 3 x 0.05 x 3.546."""
        judged = with_signals(shares([40, 60, 40, 60], [100] * 4), laney=True)
        assert limits(judged) == pytest.approx((0.5 - 0.15 * 4 / 1.128, 0.5, 0.5 + 0.15 * 4 / 1.128))

    def test_equal_denominators_give_the_unscreened_chart(self) -> None:
        """sigma x sigma_z is then the average moving range / 1.128, so only 2.66 for 2.6596 differs."""
        frame = shares([40, 60, 45, 52, 38, 61, 90], [100] * 7)
        laney, plain = with_signals(frame, laney=True), with_signals(frame, screening=False)
        assert limits(laney) == pytest.approx(limits(plain), abs=1e-3)
        assert marks(laney) == marks(plain)

    @given(st.lists(st.tuples(st.integers(1, 99), st.integers(100, 1000)), min_size=2, max_size=30))
    def test_against_the_formulas(self, counts: list[tuple[int, int]]) -> None:
        numerators, denominators = zip(*counts, strict=True)
        judged = with_signals(shares(numerators, denominators), laney=True)
        found = list(zip(judged["lower_limit"], judged["upper_limit"], strict=True))
        assert np.array(found) == pytest.approx(np.array(laney_in_words(numerators, denominators)), abs=1e-9)

    def test_large_denominators(self) -> None:
        """Six large A&E departments: a plain p chart calls 190 of 216 months special, Laney 22, the XmR chart 20."""
        months = pd.read_csv(NHS_FILE, comment="#", parse_dates=["period"]).rename(columns={"org_code": "site"})
        months = months.assign(numerator=months["attendances"] - months["breaches"], denominator=months["attendances"])
        months = months.assign(value=months["numerator"] / months["denominator"], kpi="resolved_in_target", complete=True)
        sums = months.groupby("site")[["numerator", "denominator"]].transform("sum")
        share = sums["numerator"] / sums["denominator"]
        plain = (months["value"] - share).abs() > 3 * np.sqrt(share * (1 - share) / months["denominator"])
        judged = with_signals(months, laney=True), with_signals(months, screening=False)
        outside = [(frame["rule"] == Rule.OUTSIDE_LIMITS).sum() for frame in judged]
        assert [plain.sum(), *outside] == [190, 22, 20]

    def test_sigma_z_is_not_floored(self) -> None:
        """Less variation than chance would give: the limits are narrower than those of a p chart."""
        judged = with_signals(shares([50, 51] * 8, [100] * 16), laney=True)
        assert judged["upper_limit"].iloc[0] - 0.505 < 0.15 / 5

    @pytest.mark.parametrize("numerator", [0, 100])
    def test_all_or_nothing_has_no_width_and_no_signal(self, numerator: int) -> None:
        judged = with_signals(shares([numerator] * 16, [100, 200] * 8 if not numerator else [100] * 16), laney=True)
        assert limits(judged) == (numerator / 100,) * 3 and marks(judged) == {}

    def test_more_than_all_has_no_limits(self) -> None:
        judged = with_signals(shares([110, 120] * 8, [100] * 16, "staffing_delivered"), laney=True)
        assert judged["upper_limit"].isna().all()

    def test_gaps_one_point_and_none(self) -> None:
        frame = shares([40, 60, 40, 60], [100] * 4)
        gap = pd.concat([frame.iloc[:2], frame.iloc[:1].assign(value=np.nan, numerator=np.nan, denominator=np.nan), frame.iloc[2:]])
        gap = gap.assign(period=kpi_frame([0] * 5)["period"].to_numpy())
        assert limits(with_signals(gap, laney=True)) == pytest.approx(limits(with_signals(frame, laney=True)))
        assert with_signals(frame.head(1), laney=True)["upper_limit"].isna().all()
        assert with_signals(frame.head(0), laney=True).empty

    def test_assurance_by_the_limits_of_the_newest_point(self) -> None:
        frame = shares([40, 60, 40, 60, 480, 520], [100] * 4 + [1000] * 2, comparator=">=", target=0.7)
        assert set(with_signals(frame, laney=True)["assurance"]) == {Assurance.FAIL}
        assert set(with_signals(frame.head(4), laney=True)["assurance"]) == {Assurance.HIT_OR_MISS}

    def test_it_is_for_proportions(self) -> None:
        assert find_kpi("service_level").is_proportion and not find_kpi("attrition").is_proportion
        with pytest.raises(UsageError, match="for proportions; Average handle time is none"):
            with_signals(shares([400, 600], [2, 3], "average_handle_time"), laney=True)
        with pytest.raises(UsageError, match="Choose one of the two"):
            with_signals(shares([40, 60], [100, 100]), laney=True, weekday_adjusted=True)


class TestWeekdays:
    """Monday 100, Tuesday to Friday 90, weekend 20; in week 6 one Sunday has 90 as if it were a workday."""

    WEEK = (100, 90, 90, 90, 90, 20, 20)

    def values(self, weeks: int = 8) -> list[float]:
        alternating = [day + (2 if (week + place) % 2 else -2) for week in range(weeks) for place, day in enumerate(self.WEEK)]
        return [float(value) for value in alternating]

    def test_a_busy_sunday_is_seen_only_beside_other_sundays(self) -> None:
        values = self.values()
        values[41] = 90
        plain = with_signals(days(values))
        assert plain["signal"].iloc[41] == Signal.NONE
        adjusted = with_signals(days(values), weekday_adjusted=True)
        assert marks(adjusted) == {42: "outside_limits high"}

    def test_limits_follow_the_weekday_and_the_mean_stays(self) -> None:
        adjusted = with_signals(days(self.values()), weekday_adjusted=True)
        assert adjusted["centre_line"].mean() == pytest.approx(sum(self.WEEK) / 7)
        assert adjusted["centre_line"].head(7).tolist() == pytest.approx(self.WEEK)
        assert adjusted["weekday_effect"].sum() == pytest.approx(0)
        assert (adjusted["upper_limit"] - adjusted["centre_line"]).nunique() < 8

    def test_a_day_not_complete_has_the_limits_of_its_weekday(self) -> None:
        frame = days([*self.values(), 55.0])
        frame.loc[56, "complete"] = False
        adjusted = with_signals(frame, weekday_adjusted=True)
        assert adjusted["centre_line"].iloc[56] == pytest.approx(100)
        assert adjusted["signal"].iloc[56] == Signal.NONE

    def test_fewer_than_four_of_a_weekday_are_not_adjusted(self) -> None:
        assert with_signals(days(self.values(3)), weekday_adjusted=True)["weekday_effect"].tolist() == [0.0] * 21
        assert with_signals(days([]), weekday_adjusted=True).empty

    def test_series_by_series(self) -> None:
        both = pd.concat([days(self.values()).assign(vendor="A"), days([50.0] * 56).assign(vendor="B")], ignore_index=True)
        adjusted = with_signals(both, weekday_adjusted=True)
        assert adjusted[adjusted["vendor"] == "B"]["centre_line"].unique().tolist() == [50.0]

    def test_months_have_no_weekdays(self) -> None:
        months = kpi_frame(STEADY)
        months["period_end"] = months["period"] + pd.offsets.MonthEnd(0)
        with pytest.raises(UsageError, match="Only days have weekdays"):
            with_signals(months, weekday_adjusted=True)
