"""Variance, status and their words; every number is checkable in the head."""

from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analytics.catalogue import Comparator
from analytics.performance.variance import Status, status_of, variance_of, with_status
from analytics.performance.words import with_words

NONE = np.nan
LEAST, MOST, BELOW, ABOVE, BAND = Comparator.AT_LEAST, Comparator.AT_MOST, Comparator.BELOW, Comparator.ABOVE, Comparator.BAND


@pytest.mark.parametrize(
    ("actual", "comparator", "target", "minimum", "status"),
    [
        (0.80, LEAST, 0.80, NONE, Status.MET),
        (0.7999999, LEAST, 0.80, NONE, Status.MISSED),  # decided on the unrounded value
        (0.79, LEAST, 0.80, 0.75, Status.BELOW_EXPECTED),
        (0.75, LEAST, 0.80, 0.75, Status.BELOW_EXPECTED),
        (0.74, LEAST, 0.80, 0.75, Status.MISSED),
        (300, MOST, 300, NONE, Status.MET),
        (301, MOST, 300, NONE, Status.MISSED),
        (310, MOST, 300, 320, Status.BELOW_EXPECTED),
        (321, MOST, 300, 320, Status.MISSED),
        (0.01, BELOW, 0.01, NONE, Status.MISSED),  # '< 1 %' is not met at 1 %
        (0.00999, BELOW, 0.01, NONE, Status.MET),
        (0.5, ABOVE, 0.5, NONE, Status.MISSED),
        (0.51, ABOVE, 0.5, NONE, Status.MET),
        (0.0, MOST, 0.0, NONE, Status.MET),  # a reported 0 is a value
        (NONE, LEAST, 0.80, NONE, Status.NOT_MEASURED),
        (NONE, None, NONE, NONE, Status.NOT_MEASURED),
        (0.5, None, NONE, NONE, Status.NO_TARGET),
    ],
)
def test_status(actual: float, comparator: Comparator | None, target: float, minimum: float, status: Status) -> None:
    assert status_of(actual, comparator, target, minimum, NONE, NONE) is status


@pytest.mark.parametrize(
    ("actual", "lower", "upper", "status", "variance"),
    [
        (0.74, 0.75, 0.88, Status.MISSED, -0.01),
        (0.75, 0.75, 0.88, Status.MET, 0),
        (0.80, 0.75, 0.88, Status.MET, 0),
        (0.88, 0.75, 0.88, Status.MET, 0),
        (0.90, 0.75, 0.88, Status.MISSED, 0.02),
        (0.90, 0.75, NONE, Status.MET, 0),
        (0.90, NONE, 0.88, Status.MISSED, 0.02),
    ],
)
def test_band(actual: float, lower: float, upper: float, status: Status, variance: float) -> None:
    assert status_of(actual, BAND, NONE, NONE, lower, upper) is status
    assert variance_of(actual, BAND, NONE, lower, upper) == pytest.approx(variance)


def test_a_frame_is_judged_as_its_rows_are() -> None:
    levels = (NONE, 0.0, 0.5, 1.0)
    names = ["value", "comparator", "target", "minimum", "lower", "upper"]
    one_sided = product(levels, (LEAST, MOST, BELOW, ABOVE), levels[1:], levels, (NONE,), (NONE,))
    rows: list[tuple[Any, ...]] = [*one_sided, *product(levels, (BAND,), (NONE,), (NONE,), levels, levels)]
    rows += [(value, None, NONE, NONE, NONE, NONE) for value in levels]
    judged = with_status(
        pd.DataFrame({name: pd.Series(column, dtype=object) for name, column in zip(names, zip(*rows, strict=True), strict=True)})
    )
    assert judged["status"].tolist() == [status_of(*row) for row in rows]
    expected = [variance_of(actual, comparator, target, lower, upper) for actual, comparator, target, _, lower, upper in rows]
    np.testing.assert_array_equal(judged["variance"].to_numpy(), expected)


def test_variance_is_actual_less_target() -> None:
    assert variance_of(0.85, LEAST, 0.80, NONE, NONE) == pytest.approx(0.05)
    assert variance_of(270, MOST, 300, NONE, NONE) == -30
    assert np.isnan(variance_of(0.85, None, NONE, NONE, NONE)) and np.isnan(variance_of(NONE, LEAST, 0.8, NONE, NONE))


def words(kpi: str, value: float, comparator: Comparator | None, target: float = NONE, **more: float | str) -> list[str]:
    """Value, target and variance as they stand on screen."""
    levels: dict[str, Any] = {"minimum": NONE, "lower": NONE, "upper": NONE, "currency": None} | more
    variance = variance_of(value, comparator, target, levels["lower"], levels["upper"])
    frame = pd.DataFrame([{"kpi": kpi, "value": value, "target": target, "variance": variance, **levels}])
    return (
        with_words(frame.assign(comparator=pd.Series([comparator], dtype=object)))[["value_text", "target_text", "variance_text"]]
        .iloc[0]
        .tolist()
    )


@pytest.mark.parametrize(
    ("kpi", "value", "comparator", "target", "texts"),
    [
        ("first_contact_resolution", 0.85, LEAST, 0.80, ["85 %", ">= 80 %", "+5 pp"]),
        ("average_handle_time", 270, MOST, 300, ["4:30 min", "<= 5:00 min", "-0:30 min (better)"]),
        ("average_handle_time", 310, MOST, 300, ["5:10 min", "<= 5:00 min", "+0:10 min (worse)"]),
        ("error_rate", 0.005, BELOW, 0.01, ["0.5 %", "< 1 %", "-0.5 pp (better)"]),
        ("service_level", 0.80, LEAST, 0.80, ["80 %", ">= 80 %", "0 pp"]),
        ("service_level", 0.7996, LEAST, 0.80, ["79.96 %", ">= 80 %", "-0.04 pp"]),  # 80 % would contradict 'missed'
        ("security_incidents", 2, MOST, 0, ["2", "<= 0", "+2 (worse)"]),
        ("contacts_handled", 1234, None, NONE, ["1,234", "-", "-"]),
        ("csat", NONE, LEAST, 0.9, ["-", ">= 90 %", "-"]),
    ],
)
def test_words(kpi: str, value: float, comparator: Comparator | None, target: float, texts: list[str]) -> None:
    assert words(kpi, value, comparator, target) == texts


def test_words_of_a_band_say_on_which_side() -> None:
    band = {"lower": 0.75, "upper": 0.88}
    assert words("occupancy", 0.80, BAND, **band) == ["80 %", "75 to 88 %", "inside the band"]
    assert words("occupancy", 0.90, BAND, **band)[2] == "+2 pp (above the band)"
    assert words("occupancy", 0.70, BAND, **band)[2] == "-5 pp (below the band)"


def test_words_of_money_name_the_currency() -> None:
    assert words("cost_per_contact", 6.25, MOST, 6.0, currency="EUR") == ["6.25 EUR", "<= 6 EUR", "+0.25 EUR (worse)"]


def test_words_of_nothing() -> None:
    columns = ["kpi", "value", "comparator", "target", "minimum", "lower", "upper", "variance", "currency"]
    assert with_words(pd.DataFrame(columns=columns)).columns.tolist()[-3:] == ["value_text", "target_text", "variance_text"]
