"""The waterfall: bars from level to level in the colour of what they mean, words on both sides, a click on a named member."""

import pandas as pd
import pytest

from analytics.charts.theme import theme_for
from analytics.charts.waterfall import waterfall
from tests.hovers import click_points, hovers

STEPS = [
    ("start", None, "Q2 2026", None, "80 %", 0.8, 0.8),
    ("member", "A", "A", "90 to 92 %", "+0.7 pp", 0.8, 0.807),
    ("member", "B", "B", "70 to 70 %", "0 pp", 0.807, 0.807),
    ("mix", None, "Mix", "shares shifted", "-6.3 pp", 0.807, 0.744),
    ("end", None, "Q3 2026", None, "74.4 %", 0.744, 0.744),
]


def frame(*steps):
    names = ["kind", "member", "name", "detail", "text", "from_value", "to_value"]
    made = pd.DataFrame(list(steps), columns=names)
    counts = {"numerator_before": 450.0, "numerator_after": 184.0, "denominator_before": 500.0, "denominator_after": 200.0}
    return made.assign(
        **{name: pd.Series([count if kind == "member" else None for kind in made["kind"]]) for name, count in counts.items()}
    )


@pytest.fixture(params=["light", "dark"])
def spec(request, checked):
    return checked(waterfall(frame(*STEPS), "service_level", request.param)) | {"mode": request.param}


def bars(spec):
    (found,) = [trace for trace in spec["data"] if trace["type"] == "bar"]
    return found


def test_every_bar_begins_where_the_one_before_ended(spec):
    found = bars(spec)
    assert found["base"] == pytest.approx([0.8, 0.807, 0.807])
    assert found["x"] == pytest.approx([0.007, 0, -0.063])
    assert found["y"] == [1, 2, 3]


def test_better_is_blue_worse_is_vermilion_nothing_is_grey(spec):
    theme = theme_for(spec["mode"])
    assert bars(spec)["marker"]["color"] == [theme.improvement.mark, theme.normal, theme.concern.mark]


def test_where_less_is_better_the_colours_and_the_word_say_so(checked):
    steps = [STEPS[0], ("member", "A", "A", "", "+0.7 pp (worse)", 0.8, 0.807), STEPS[-1]]
    spec = checked(waterfall(frame(*steps), "abandonment_rate", "light"))
    assert bars(spec)["marker"]["color"] == [theme_for("light").concern.mark]
    assert any(note["text"].startswith("+0.7 pp<br>") and ">worse<" in note["text"] for note in spec["layout"]["annotations"])


def test_a_context_kpi_passes_no_verdict(checked):
    steps = [
        ("start", None, "Q2", None, "10", 10, 10),
        ("member", "A", "A", "10 to 12", "+2", 10, 12),
        ("end", None, "Q3", None, "12", 12, 12),
    ]
    assert bars(checked(waterfall(frame(*steps), "contacts_handled", "light")))["marker"]["color"] == [theme_for("light").normal]


def test_ends_are_marks_at_their_values_since_the_axis_does_not_begin_at_zero(spec):
    (ends,) = [trace for trace in spec["data"] if trace.get("marker", {}).get("symbol") == "line-ns"]
    assert (ends["x"], ends["y"]) == (pytest.approx([0.8, 0.744]), [0, 4])
    low, high = spec["layout"]["xaxis"]["range"]
    assert 0.7 < low < 0.744 < 0.807 < high


def test_names_numbers_and_what_lies_behind_them(spec):
    notes = [note["text"] for note in spec["layout"]["annotations"]]
    assert notes[0::2][0] == "<b>Q2 2026</b>"
    assert notes[1::2] == ["<b>80 %</b>", "+0.7 pp", "0 pp", "-6.3 pp", "<b>74.4 %</b>"]
    assert "90 to 92 %" in notes[2]


def test_a_click_returns_the_member_and_pointing_tells_the_counts(spec):
    (layer,) = [trace for trace in spec["data"] if "customdata" in trace]
    assert [row[0] for row in layer["customdata"]] == ["A", "B", None]
    first, _, mix = hovers(layer)
    assert first.split("<br>") == [
        "<b>A</b> · +0.7 pp", "90 to 92 %", "then: 450 answered within threshold", "of 500 contacts offered",
        "now: 184 answered within threshold", "of 200 contacts offered", "click to look inside",
    ]  # fmt: skip
    assert mix == "<b>Mix</b> · -6.3 pp<br>shares shifted"
    assert len(click_points(spec)) == 3


def test_one_flat_step_has_an_axis(checked):
    steps = [STEPS[0], ("member", "A", "A", "80 to 80 %", "0 pp", 0.8, 0.8), ("end", None, "Q3 2026", None, "80 %", 0.8, 0.8)]
    low, high = checked(waterfall(frame(*steps), "service_level", "light"))["layout"]["xaxis"]["range"]
    assert low < 0.8 < high


def test_names_are_never_markup(checked, hostile):
    checked(
        waterfall(frame(STEPS[0], *[("member", name, name, name, "+0.7 pp", 0.8, 0.81) for name in hostile], STEPS[-1]), "csat", "light")
    )
