"""Variation and assurance as two questions, and the one sentence that joins answers that point in different directions."""

import pytest

from analytics.performance.spc import Assurance, Signal
from analytics.performance.two_questions import change_answer, target_answer, together

POINT = {
    "kpi": "csat", "currency": None, "value": 0.85, "lower_limit": 0.82, "upper_limit": 0.88, "target_text": ">= 80 %",
    "signal": Signal.NONE, "rule": None, "assurance": Assurance.PASS, "status": "met",
}  # fmt: skip


def point(**changed: object) -> dict[str, object]:
    return {**POINT, **changed}


def test_did_it_change() -> None:
    assert change_answer(point(), "Sep 2026") == ("No", "normal variation (Sep 2026)")
    falling = point(signal="concern", rule="trend")
    assert change_answer(falling, "Sep 2026") == ("Yes, a concern", "7 or more points in a row getting worse (Sep 2026)")
    assert change_answer(point(signal="high", rule="run"), "May 2026")[0] == "Yes, unusually high"


@pytest.mark.parametrize(
    ("assurance", "verdict", "why"),
    [
        ("pass", "Yes, if nothing changes", "all of the normal range 82 % to 88 % meets >= 80 %"),
        ("fail", "No, not as it is", "none of the normal range 82 % to 88 % meets >= 80 %"),
        ("hit_or_miss", "Hit or miss", "part of the normal range 82 % to 88 % meets >= 80 %, part does not"),
    ],
)
def test_can_the_target_be_relied_on(assurance: str, verdict: str, why: str) -> None:
    assert target_answer(point(assurance=assurance)) == (verdict, why)


@pytest.mark.parametrize(
    ("kpi", "lower", "upper", "said"),
    [
        ("security_incidents", -1.2, 1.4, "0 to 1 "),
        ("csat", 0.9, 1.04, "90 % to 100 %"),
        ("error_rate", -0.002, 0.01, "0 % to 1 %"),
        ("nps", -12.0, 40.0, "-12 to 40 "),
        ("attrition", 0.2, 1.2, "20 % to 120 %"),
    ],
)
def test_the_range_is_printed_as_far_as_it_is_possible(kpi: str, lower: float, upper: float, said: str) -> None:
    """A count cannot be below 0, a share not above 100 %; points may be negative, turnover of a year above 100 %."""
    found = target_answer(point(kpi=kpi, lower_limit=lower, upper_limit=upper))
    assert found is not None and f"the normal range {said}" in found.why


def test_without_limits_or_a_one_sided_target_there_is_no_second_answer() -> None:
    assert target_answer(point(assurance=None)) is None and together(point(assurance=None), "in Sep 2026") == ""


@pytest.mark.parametrize(
    ("signal", "assurance", "status", "value", "said"),
    [
        ("concern", "pass", "met", 0.83, "Both together: still inside its target, but worse than before."),
        ("concern", "pass", "missed", 0.75, "Both together: as a rule inside its target, but not in Sep 2026."),
        ("improvement", "fail", "missed", 0.87, "Both together: better than before, but not yet enough for its target."),
        ("improvement", "fail", "met", 0.95, "Both together: better than before, and it met its target in Sep 2026; "
         "its normal range does not yet."),
        ("concern", "hit_or_miss", "missed", 0.70, "Both together: its value in Sep 2026 lies outside that normal range."),
        ("none", "fail", "missed", 0.85, "Both together: steady, but not enough for its target."),
        ("none", "pass", "met", 0.85, ""),
        ("improvement", "pass", "met", 0.87, ""),
        ("concern", "fail", "missed", 0.83, ""),
    ],
)  # fmt: skip
def test_where_they_point_in_different_directions_one_sentence_joins_them(
    signal: str, assurance: str, status: str, value: float, said: str
) -> None:
    assert together(point(signal=signal, assurance=assurance, status=status, value=value), "in Sep 2026") == said
    assert "because" not in said and "due to" not in said
