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
    days = np.arange("2026-01-01", "2026-01-05", dtype="datetime64[D]").astype("datetime64[m]")
    assert timeline.even_x(days) == {"x0": "2026-01-01T00:00", "dx": 86_400_000}
    assert len(timeline.even_x(timeline.middles(months(4)))["x"]) == 4


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
        (0.001, 0.011, Unit.PERCENT, ["0.2", "0.4", "0.6", "0.8", "1"]),
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
