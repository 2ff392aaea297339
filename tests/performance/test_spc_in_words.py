"""The four rules a second time, in exact fractions and plain loops straight from their words, against the product."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.performance.spc import with_signals


def limits_in_words(values: list[Fraction], screening: bool) -> tuple[Fraction, Fraction]:
    """Centre line and distance of the limits, in exact fractions, straight from the definition."""
    centre = sum(values, Fraction()) / len(values)
    ranges = [abs(new - old) for old, new in pairwise(values)]
    average = sum(ranges, Fraction()) / len(ranges)
    if screening:
        kept = [size for size in ranges if size < Fraction("3.267") * average]
        average = sum(kept, Fraction()) / len(kept) if any(kept) else average
    return centre, Fraction("2.66") * average


def trend_in_words(values: list[Fraction], place: int) -> int:
    """Direction of the newest 7 points in a row that rise or fall and hold this place."""
    for start in range(min(place, len(values) - 7), max(-1, place - 7), -1):
        seven = values[start : start + 7]
        if seven == sorted(set(seven)):
            return 1
        if seven == sorted(set(seven), reverse=True):
            return -1
    return 0


def mark_in_words(values: list[Fraction], place: int, centre: Fraction, width: Fraction) -> tuple[str | None, int]:
    """Rule and direction of one point, each rule tried in turn on every window that holds the point."""

    def windows(length: int) -> list[list[Fraction]]:
        starts = range(max(0, place - length + 1), min(place, len(values) - length) + 1)
        return [values[start : start + length] for start in starts]

    def near(value: Fraction) -> bool:
        return width * 2 / 3 < abs(value - centre) <= width

    value = values[place]
    side = 1 if value > centre else -1
    same_side = [window for window in windows(3) if all((one - centre) * side > 0 for one in window)]
    if abs(value - centre) > width:
        return "outside_limits", side
    if trend_in_words(values, place):
        return "trend", trend_in_words(values, place)
    if near(value) and any(sum(near(one) for one in window) >= 2 for window in same_side):
        return "two_in_three", side
    if any(all((one - centre) * side > 0 for one in window) for window in windows(7)):
        return "run", side
    return None, 0


steps_and_noise = st.one_of(
    st.lists(st.integers(0, 12), min_size=2, max_size=40),
    st.lists(st.integers(0, 1000), min_size=2, max_size=40),
    st.lists(st.integers(-2, 3), min_size=6, max_size=40).map(lambda steps: [50 + int(level) for level in np.cumsum(steps)]),
    st.lists(st.sampled_from([9, 10, 11, 14, 15, 16]), min_size=6, max_size=40),
)


@settings(max_examples=120, deadline=None)
@given(values=steps_and_noise, scale=st.sampled_from([1, 7, 100, 365]), screening=st.booleans())
def test_same_as_the_rules_in_words(values: list[int], scale: int, screening: bool) -> None:
    """Exact fractions and plain loops against the product, on levels, drifts and jumps; `scale` makes values that no float holds."""
    exact = [Fraction(value, scale) for value in values]
    centre, width = limits_in_words(exact, screening)
    expected = [mark_in_words(exact, place, centre, width) for place in range(len(exact))]
    periods = pd.date_range("2024-01-01", periods=len(values), freq="MS")
    points = pd.DataFrame({"period": periods, "kpi": "contacts_handled", "value": [value / scale for value in values], "complete": True})
    frame = with_signals(points, screening=screening)
    limits = frame[["lower_limit", "centre_line", "upper_limit"]].iloc[-1].tolist()
    assert limits == pytest.approx([float(centre - width), float(centre), float(centre + width)], rel=1e-9, abs=1e-9)
    words = {1: "high", -1: "low", 0: "none"}
    assert list(zip(frame["rule"], frame["signal"], strict=True)) == [(rule, words[direction]) for rule, direction in expected]
