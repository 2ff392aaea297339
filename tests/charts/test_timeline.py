"""Axes, steps and labels of time charts, checked with numbers one can see."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analytics.catalogue import Unit
from analytics.charts import timeline
from analytics.charts.timeline import Label, Scale, Step
from analytics.periods import Grain


def months(count, **columns):
    starts = pd.date_range("2026-01-01", periods=count, freq="MS")
    return pd.DataFrame({"period": starts, "period_end": starts + pd.offsets.MonthEnd(0), **columns})


@pytest.mark.parametrize(
    ("start", "end", "grain"),
    [
        ("2026-09-14", "2026-09-14", Grain.DAY),
        ("2026-09-14", "2026-09-20", Grain.WEEK),
        ("2026-02-01", "2026-02-28", Grain.MONTH),
        ("2026-07-01", "2026-09-30", Grain.QUARTER),
        ("2026-04-01", "2027-03-31", Grain.YEAR),
    ],
)
def test_the_grain_is_known_from_the_periods(start, end, grain):
    frame = pd.DataFrame({"period": pd.to_datetime([start]), "period_end": pd.to_datetime([end])})
    assert timeline.grain_of(frame) is grain


def test_periods_in_words():
    assert timeline.period_words(date(2026, 9, 28), date(2026, 10, 4), Grain.WEEK) == "28 Sep to 4 Oct 2026"
    assert timeline.period_words(date(2026, 7, 1), date(2026, 9, 30), Grain.QUARTER) == "Jul to Sep 2026"
    assert timeline.period_words(date(2026, 4, 1), date(2027, 3, 31), Grain.YEAR) == "Apr 2026 to Mar 2027"
    assert timeline.short_words(date(2026, 8, 1), date(2026, 8, 31), Grain.MONTH) == "Aug"


def test_a_month_stands_in_its_middle():
    assert str(timeline.middles(months(1))[0]) == "2026-01-16T12:00"


def test_even_times_are_sent_as_start_and_step():
    days = pd.date_range("2026-01-01", periods=4)
    assert timeline.time_x(pd.DataFrame({"period": days, "period_end": days})) == {"x0": "2026-01-01T12:00", "dx": 86_400_000}


def test_plotly_moves_an_even_step_to_the_middle_of_each_month():
    x = timeline.time_x(months(24))
    assert (x["x0"], x["xperiod"]) == ("2026-01-16T12:00", "M1")
    places = pd.DatetimeIndex([pd.Timestamp(x["x0"]) + point * pd.Timedelta(milliseconds=x["dx"]) for point in range(24)])
    assert list(places.strftime("%Y-%m")) == list(months(24)["period"].dt.strftime("%Y-%m"))


def test_quarters_of_any_fiscal_year_are_known_by_their_first_day():
    starts = pd.date_range("2025-02-01", periods=6, freq="3MS")
    x = timeline.time_x(pd.DataFrame({"period": starts, "period_end": starts + pd.offsets.MonthEnd(3)}))
    assert (x["xperiod"], x["xperiod0"]) == ("M3", "2025-02-01")


def test_times_with_a_gap_are_written_out():
    assert timeline.time_x(months(8).drop(index=[2, 3, 4]))["x"][:2] == ["2026-01-16T12:00", "2026-02-15T00:00"]


def test_few_points_of_a_line_have_their_times_and_many_leave_gaps():
    frame = months(24, value=np.arange(24.0))
    few, many = np.arange(24) == 3, np.arange(24) > 3
    assert timeline.some_points(frame, few)["x"] == ["2026-04-16T00:00"]
    assert np.isnan(timeline.some_points(frame, many)["y"]).tolist() == [True] * 4 + [False] * 20


def test_steps_join_equal_levels_and_bridge_what_is_not_measured():
    frame = months(5, target=[0.78, np.nan, 0.78, 0.80, 0.80], words=["a", "-", "a", "b", "b"])
    assert timeline.steps_of(frame, "target", "words") == [
        Step("2026-01-01", "2026-04-01", 0.78, "a"),
        Step("2026-04-01", "2026-06-01", 0.80, "b"),
    ]
    assert timeline.steps_of(months(2, target=[np.nan, np.nan]), "target") == []


def test_the_range_leaves_room_and_is_not_forced_to_zero():
    assert timeline.value_range(months(2, value=[80.0, 90.0])) == pytest.approx((79.2, 90.8))
    assert timeline.value_range(months(2, value=[80.0, 80.0])) == pytest.approx((76, 84))
    assert timeline.value_range(months(1, value=[np.nan])) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("low", "high", "unit", "words"),
    [
        (0.67, 0.91, Unit.PERCENT, ["70", "75", "80", "85", "90"]),
        (0.001, 0.011, Unit.PERCENT, ["0.2", "0.4", "0.6", "0.8", "1.0"]),
        (235, 305, Unit.SECONDS, ["4:00", "4:15", "4:30", "4:45", "5:00"]),
        (0, 1000, Unit.COUNT, ["0", "200", "400", "600", "800", "1,000"]),
    ],
)
def test_ticks_are_round_in_the_unit_of_the_kpi(low, high, unit, words):
    assert timeline.ticks(low, high, unit)[1] == words


class TestPushedApart:
    """100 pixels for 100 units: a label needs 17 units."""

    SCALE = Scale(0, 100, 100)

    def test_labels_that_have_room_stay(self):
        labels = [Label("a", 10, ""), Label("b", 40, "")]
        assert timeline.pushed_apart(labels, self.SCALE) == labels

    def test_neighbours_part_by_half_each(self):
        levels = [label.level for label in timeline.pushed_apart([Label("a", 50, ""), Label("b", 53, "")], self.SCALE)]
        assert levels == pytest.approx([43, 60])

    def test_a_pinned_label_stays_and_two_lines_need_more(self):
        labels = [Label("a<br>b", 50, "", pinned=True), Label("c", 50, "")]
        levels = {label.words: label.level for label in timeline.pushed_apart(labels, self.SCALE)}
        assert levels == pytest.approx({"a<br>b": 50, "c": 75.5})

    def test_many_at_one_level_end_up_apart(self):
        levels = [label.level for label in timeline.pushed_apart([Label(str(n), 50, "") for n in range(5)], self.SCALE)]
        assert min(np.diff(levels)) >= 16.9


def test_an_axis_of_counts_steps_by_whole_numbers_and_decimals_are_alike() -> None:
    assert timeline.ticks(-0.4, 1.2, Unit.COUNT)[1] == ["0", "1"]
    assert timeline.ticks(1.9, 3.6, Unit.MONEY, 4)[1] == ["2.00", "2.50", "3.00", "3.50"]
    assert timeline.ticks(0.004, 0.016, Unit.PERCENT, 3)[1] == ["0.5", "1.0", "1.5"]
