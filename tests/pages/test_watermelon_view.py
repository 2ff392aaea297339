"""The words of a watermelon on screen: one, several, cleared, and what could not be checked, which is never green."""

import pytest

from analytics.performance.watermelon import Evidence, Watermelon, WatermelonCheck
from pages.components.watermelon_view import attention_line, finding_words
from tests.pages.screen import plain

GREEN = (Evidence("service_level", "service level 83 %, target >= 80 %"),)
RED = (Evidence("csat", "customer satisfaction 78 % in Sep 2026, missed: beyond a limit, on the worse side"),)


def melon(vendor: str) -> Watermelon:
    return Watermelon(vendor, GREEN, RED, ("abandonment_rate",))


def test_one_line_with_evidence_and_the_way_to_the_profile() -> None:
    line = attention_line(WatermelonCheck((melon("A"),)), "light")
    assert line is not None and line.vendors == ("A",)
    assert plain(line.words).endswith(
        "Watermelon: A met its one measured target on speed, but customer satisfaction signals concern. "
        "Met: service level 83 %, target >= 80 %. Concern: customer satisfaction 78 % in Sep 2026, missed."
    )


def test_of_many_the_first_are_named_and_the_rest_counted() -> None:
    line = attention_line(WatermelonCheck(tuple(melon(name) for name in "ABCDE")), "light")
    assert line is not None and line.vendors == ("A", "B", "C")
    assert "signals concern. Four more: B, C and others. A: Met: " in plain(line.words)
    assert plain(line.words).startswith("(variation: concern, value falling) Watermelons: A met")


def test_sentence_and_evidence_count_the_same_outcomes() -> None:
    """A KPI and its mean are one outcome: four in the sentence, two named and two more in the line, four lines on the profile."""
    concerns = ("first_contact_resolution", "csat", "csat_mean", "nps", "reopen_rate")
    check = WatermelonCheck((Watermelon("A", GREEN, tuple(Evidence(kpi, f"{kpi.replace('_', ' ')} in words") for kpi in concerns)),))
    line = attention_line(check, "light")
    assert line is not None and "customer satisfaction and two more outcomes signal concern." in plain(line.words)
    assert plain(line.words).endswith("Concern: first contact resolution in words; csat in words; two more.")
    assert check.found[0].short_sentence == "A is a watermelon: green on speed, concern on four outcomes."
    red = plain(finding_words(check, "A", "light")[2])
    assert "Csat in words; csat mean in words" in red and red.count("in words") == 5 and red.count("variation") == 4


def test_without_one_there_is_no_line() -> None:
    assert attention_line(WatermelonCheck(cleared=("A",)), "light") is None


def test_the_finding_lists_both_sides_and_what_is_not_measured() -> None:
    lead, green, red = (plain(words) for words in finding_words(WatermelonCheck((melon("A"),)), "A", "light"))
    assert "Watermelon: green outside, red inside. A met" in lead
    assert "Service level 83 %, target >= 80 %" in green and "(status: not measured) Abandonment rate not measured" in green
    assert "Customer satisfaction 78 % in Sep 2026, missed: beyond a limit" in red


@pytest.mark.parametrize(
    ("check", "said"),
    [
        (WatermelonCheck(cleared=("A",)), "(cleared) Watermelon check: every target on speed was met, and no outcome signals concern."),
        (WatermelonCheck(not_green=("A",)), "(not green) Watermelon check: not green outside, a target on speed was not met."),
        (
            WatermelonCheck(unchecked=("A",)),
            "(not checked) Watermelon check: every target on speed was met, but no outcome is measured "
            "in a whole month, so it is not cleared.",
        ),
        (WatermelonCheck(not_measured=("A",)), "(not checked) Watermelon check: no verdict on speed, so there is nothing to check."),
    ],
)
def test_what_is_not_flagged_says_why(check: WatermelonCheck, said: str) -> None:
    (words,) = finding_words(check, "A", "light")
    assert plain(words) == said
