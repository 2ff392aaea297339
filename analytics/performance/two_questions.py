"""The two questions a control chart answers, in words that cannot be read as one: did it change (variation), and can the
process as it is be relied on to meet its target (assurance)? Where the answers point in different directions one sentence joins them.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from analytics.catalogue import Unit, find_kpi
from analytics.catalogue.units import value_text
from analytics.performance.spc import Assurance, Signal, rule_text, signal_text
from analytics.performance.variance import Status

CHANGED, RELIABLE = "Did it change?", "Can it be relied on to meet its target?"
_CHANGES = {
    Signal.NONE: "No",
    Signal.IMPROVEMENT: "Yes, an improvement",
    Signal.CONCERN: "Yes, a concern",
    Signal.HIGH: "Yes, unusually high",
    Signal.LOW: "Yes, unusually low",
}
_RELIABLE = {
    Assurance.PASS: ("Yes, if nothing changes", "all of the normal range {range} meets {target}"),
    Assurance.FAIL: ("No, not as it is", "none of the normal range {range} meets {target}"),
    Assurance.HIT_OR_MISS: ("Hit or miss", "part of the normal range {range} meets {target}, part does not"),
}
# Signal, assurance, whether the newest point met its target -> both in one sentence; `when` is 'in Sep 2026'.
_TOGETHER = {
    (Signal.CONCERN, Assurance.PASS, True): "still inside its target, but worse than before",
    (Signal.CONCERN, Assurance.PASS, False): "as a rule inside its target, but not {when}",
    (Signal.CONCERN, Assurance.HIT_OR_MISS, True): "it met its target {when}, but is worse than before",
    (Signal.IMPROVEMENT, Assurance.FAIL, True): "better than before, and it met its target {when}; its normal range does not yet",
    (Signal.IMPROVEMENT, Assurance.FAIL, False): "better than before, but not yet enough for its target",
    (Signal.IMPROVEMENT, Assurance.HIT_OR_MISS, False): "better than before, but not enough for its target {when}",
    (Signal.NONE, Assurance.FAIL, False): "steady, but not enough for its target",
}


class Answer(NamedTuple):
    """A verdict in a few words and why."""

    verdict: str
    why: str


def change_answer(point: Mapping[str, Any], label: str) -> Answer:
    """Whether the point of a control chart is a signal, by which rule, and which point: ('No', 'normal variation (Sep 2026)')."""
    signal = Signal(point["signal"])
    return Answer(_CHANGES[signal], f"{rule_text(point['rule'], signal) or signal_text(signal)} ({label})")


def target_answer(point: Mapping[str, Any]) -> Answer | None:
    """What of the normal range meets the target; None without a one-sided target or limits."""
    if not point["assurance"]:
        return None
    verdict, why = _RELIABLE[Assurance(point["assurance"])]
    unit, money = find_kpi(point["kpi"]).unit, point["currency"] or ""
    low, high = (value_text(limit, unit, money) for limit in possible(point["kpi"], point["lower_limit"], point["upper_limit"]))
    return Answer(verdict, why.format(range=f"{low} to {high}", target=point["target_text"]))


def possible(kpi_id: str, lower: float, upper: float) -> tuple[float, float]:
    """The limits as they are printed: no count or share is below 0, no share above 100 %. The computed ones stay as they are.

    Points, and what something is subtracted in, may be below 0.
    """
    kpi = find_kpi(kpi_id)
    above_zero = kpi.unit is not Unit.POINTS and all(term.sign > 0 for term in (*kpi.numerator_terms, *kpi.denominator_terms))
    return max(lower, 0.0) if above_zero else lower, min(upper, 1.0) if kpi.is_proportion else upper


def together(point: Mapping[str, Any], when: str) -> str:
    """Both answers in one sentence where they point in different directions, else ''; `when`: 'in Sep 2026'."""
    if not point["assurance"]:
        return ""
    signal, assurance, met = Signal(point["signal"]), Assurance(point["assurance"]), point["status"] == Status.MET
    said = _TOGETHER.get((signal, assurance, met), "")
    if not said and signal is not Signal.NONE and not point["lower_limit"] <= point["value"] <= point["upper_limit"]:
        said = "its value {when} lies outside that normal range"
    return f"Both together: {said.format(when=when)}." if said else ""
