"""Numbers as they are written: one format for screen, exports and command line."""

import pytest

from analytics.catalogue import Comparator, Unit
from analytics.catalogue.units import honest_decimals, number_text, target_text, told_apart, value_text, variance_text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.85, Unit.PERCENT, "85 %"),
        (0.005, Unit.PERCENT, "0.5 %"),
        (0.8105, Unit.PERCENT, "81.1 %"),  # half away from zero, not to even
        (270, Unit.SECONDS, "4:30 min"),
        (59.6, Unit.SECONDS, "1:00 min"),  # rounding carries into the minute
        (3600, Unit.SECONDS, "60:00 min"),
        (5400, Unit.HOURS, "1.5 h"),
        (14039579, Unit.COUNT, "14,039,579"),
        (-0.0, Unit.COUNT, "0"),
        (32.5, Unit.POINTS, "32.5"),
        (6.25, Unit.MONEY, "6.25"),
        (6.5, Unit.MONEY, "6.50"),
        (2.0, Unit.DAYS, "2 days"),
        (None, Unit.PERCENT, "-"),
        (float("nan"), Unit.SECONDS, "-"),
    ],
)
def test_value(value: float, unit: Unit, text: str) -> None:
    assert value_text(value, unit) == text


def test_money_carries_its_currency() -> None:
    assert value_text(6.25, Unit.MONEY, "EUR") == "6.25 EUR"


def test_grid_numbers_drop_the_unit() -> None:
    assert [number_text(0.811, Unit.PERCENT), number_text(270, Unit.SECONDS)] == ["81.1", "4:30"]


@pytest.mark.parametrize(
    ("variance", "unit", "better", "text"),
    [
        (0.05, Unit.PERCENT, 1, "+5 pp"),
        (-0.021, Unit.PERCENT, 1, "-2.1 pp"),
        (-30, Unit.SECONDS, -1, "-0:30 min (better)"),
        (1, Unit.SECONDS, -1, "+0:01 min (worse)"),
        (-0.005, Unit.PERCENT, -1, "-0.5 pp (better)"),
        (0, Unit.PERCENT, -1, "0 pp"),
        (0.02, Unit.PERCENT, 0, "+2 pp"),
        (float("nan"), Unit.PERCENT, 1, "-"),
    ],
)
def test_variance(variance: float, unit: Unit, better: int, text: str) -> None:
    assert variance_text(variance, unit, better) == text


@pytest.mark.parametrize(
    ("comparator", "levels", "unit", "text"),
    [
        (Comparator.AT_LEAST, {"expected": 0.8}, Unit.PERCENT, ">= 80 %"),
        (Comparator.BELOW, {"expected": 0.01}, Unit.PERCENT, "< 1 %"),
        (Comparator.AT_MOST, {"expected": 300}, Unit.SECONDS, "<= 5:00 min"),
        (Comparator.AT_LEAST, {"expected": 0.9995}, Unit.PERCENT, ">= 99.95 %"),
        (Comparator.BAND, {"expected": None, "lower": 0.85, "upper": 0.95}, Unit.PERCENT, "85 to 95 %"),
        (None, {"expected": None}, Unit.PERCENT, "-"),
    ],
)
def test_target(comparator: Comparator | None, levels: dict, unit: Unit, text: str) -> None:
    assert target_text(comparator, levels["expected"], unit, lower=levels.get("lower"), upper=levels.get("upper")) == text


@pytest.mark.parametrize(("value", "text"), [(0.7996, "79.96 %"), (0.79999, "79.999 %"), (0.8004, "80 %"), (0.7904, "79 %")])
def test_the_printed_number_never_contradicts_the_verdict(value: float, text: str) -> None:
    places = honest_decimals(value, Unit.PERCENT, lambda printed: printed >= 0.8)
    assert value_text(value, Unit.PERCENT, decimals=places) == text


@pytest.mark.parametrize(
    ("before", "after", "unit", "texts"),
    [
        (0.0578, 0.0581, Unit.PERCENT, ("5.78 %", "5.81 %")),
        (391.2, 391.4, Unit.SECONDS, ("6:31.2 min", "6:31.4 min")),
        (0.8, 0.85, Unit.PERCENT, ("80 %", "85 %")),
        (float("nan"), 0.85, Unit.PERCENT, ("-", "85 %")),
    ],
)
def test_values_that_differ_are_printed_differently(before: float, after: float, unit: Unit, texts: tuple[str, str]) -> None:
    assert told_apart(before, after, unit) == texts


def test_seconds_get_a_fraction_only_where_the_verdict_needs_it() -> None:
    places = honest_decimals(300.4, Unit.SECONDS, lambda printed: printed <= 300)
    assert value_text(300.4, Unit.SECONDS, decimals=places) == "5:00.4 min"


@pytest.mark.parametrize(
    ("comparator", "actual", "met"),
    [
        (Comparator.AT_LEAST, 0.8, True),
        (Comparator.ABOVE, 0.8, False),
        (Comparator.AT_MOST, 0.8, True),
        (Comparator.BELOW, 0.8, False),
        (Comparator.BELOW, 0.79, True),
    ],
)
def test_comparators_at_their_edge(comparator: Comparator, actual: float, met: bool) -> None:
    assert comparator.met(actual, 0.8) is met


def test_band_includes_both_edges() -> None:
    inside = [Comparator.BAND.met(actual, None, 0.75, 0.88) for actual in (0.749, 0.75, 0.88, 0.881)]
    assert inside == [False, True, True, False]


@pytest.mark.parametrize(
    ("share", "text"), [(0.0055, "0.6"), (0.0065, "0.7"), (0.0045, "0.5"), (0.0025, "0.3"), (0.8915, "89.2"), (-0.0055, "-0.6")]
)
def test_halves_of_shares_are_rounded_alike(share: float, text: str) -> None:
    assert number_text(share, Unit.PERCENT) == text
