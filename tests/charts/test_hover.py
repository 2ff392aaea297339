"""Shared words stand once in the template; what differs is sent, and user text is never read as template."""

from analytics.charts.hover import Facts
from tests.hovers import hovers


def shown(facts, *lines):
    spec = facts.spec(lines)
    return hovers(spec | {"y": [0.0] * len(spec["customdata"])})


def test_what_all_points_share_is_template():
    facts = Facts()
    assert facts.words(["3 of 3 months", "3 of 3 months"]) == "3 of 3 months"
    assert facts.spec(["a", "", "b"]) == {"name": "", "hovertemplate": "a<br>b"}


def test_a_word_that_differs_has_one_place_however_often_it_stands():
    facts = Facts()
    assert facts.words(["31 of 31 days", "30 of 30 days"]) == "%{customdata[0]} of %{customdata[0]} days"
    assert facts.spec([])["customdata"] == [[31], [30]]


def test_numbers_lose_their_quotes_only_where_they_print_the_same():
    facts = Facts()
    line = facts.words(["85.3 %", "85 %", "-0.5 %", "1,234 %", "84.0 %", "+2 %", "-0 %"])
    assert facts.spec([line])["customdata"] == [[85.3], [85], [-0.5], ["1,234"], ["84.0"], ["+2"], ["-0"]]
    assert shown(facts, line) == ["85.3 %", "85 %", "-0.5 %", "1,234 %", "84.0 %", "+2 %", "-0 %"]


def test_texts_without_a_common_pattern_are_sent_whole():
    facts = Facts()
    line = facts.words(["met", "below expected"])
    assert shown(facts, line) == ["met", "below expected"]


def test_counts_keep_every_digit_and_say_what_is_not_known():
    facts = Facts()
    assert shown(facts, facts.counts([1_234_567_890, 12])) == ["1,234,567,890", "12"]
    assert Facts().counts([7, 7]) == "7"
    unknown = Facts()
    assert shown(unknown, unknown.counts([1000, None])) == ["1,000", "-"]


def test_what_a_click_returns_comes_first():
    facts = Facts(["Acme", "Beta"], ["csat", "csat"])
    line = facts.words(["1 %", "2 %"])
    assert facts.spec([line])["customdata"] == [["Acme", "csat", 1], ["Beta", "csat", 2]]


def test_a_place_in_a_shared_text_stays_text():
    assert Facts().said(["%{x}", "%{x}"]) == "&#37;{x}"
