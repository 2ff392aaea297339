"""Charts of the vendor comparison: verdicts by shape and colour, pages on one scale, words that are safe, clicks that lead on."""

import json

import numpy as np
import pandas as pd
import pytest

from analytics.charts.funnel import funnel_chart
from analytics.charts.intervals import interval_chart, page_count_of, standing_key, target_is_far
from analytics.charts.quadrant import quadrant_chart
from analytics.charts.rank_grid import rank_grid
from analytics.charts.theme import theme_for
from tests.charts.conftest import HOSTILE
from tests.hovers import click_points

BETTER, WORSE, SAME = "better than most others", "worse than most others", "not told apart from most others"


def rows(*members, kpi="csat", target=(0.8,)):
    """(member, value, reach, standing), with everything else as the comparison has it."""
    lines = []
    for name, value, reach, standing in members:
        ranked = standing != "not ranked"
        missing = value is None
        lines.append(
            {
                "kpi": kpi,
                "vendor": name,
                "member": name,
                "value": np.nan if missing else value,
                "lower": np.nan if missing else value - reach,
                "upper": np.nan if missing else value + reach,
                "others": 0.85 if ranked else np.nan,
                "rank_text": "1-2" if ranked else "-",
                "standing": standing,
                "remark": "" if ranked else "no counts in a whole period" if missing else "small sample: 9 cases",
                "target_levels": target,
                "target_text": ">= 80 %" if target else "-",
                "value_text": "-" if missing else f"{value * 100:g} %",
                "interval_text": "-" if missing else "79 to 81 %",
                "others_text": "85 %" if ranked else "-",
                "difference_text": "+2 pp" if ranked else "-",
                "measured_text": "82 %",
                "common_mix": True,
                "better_than": 1.0 if ranked else np.nan,
                "worse_than": 0.0 if ranked else np.nan,
                "coverage": "12 of 12 months",
                "numerator": 900.0,
                "denominator": 1000.0,
            }
        )
    return pd.DataFrame(lines)


FIVE = rows(
    ("A", 0.9, 0.01, BETTER), ("B", 0.85, 0.01, SAME), ("C", 0.8, 0.02, WORSE), ("D", 0.5, 0.4, "not ranked"), ("E", None, 0, "not ranked")
)


def marks(spec, symbol):
    return [trace for trace in spec["data"] if trace.get("marker", {}).get("symbol") == symbol]


def texts(spec):
    return [note["text"] for note in spec["layout"]["annotations"]]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_verdict_has_its_own_shape_beside_its_colour(mode, checked):
    spec, theme = checked(interval_chart(FIVE, "csat", mode)), theme_for(mode)
    looks = {"diamond": theme.improvement.mark, "triangle-down": theme.concern.mark, "circle": theme.normal, "circle-open": theme.normal}
    for symbol, colour in looks.items():
        (trace,) = marks(spec, symbol)
        assert trace["marker"]["color"] == colour and len(trace["x"]) == 1
    assert [standing_key(words) for words in (BETTER, SAME, WORSE, "not ranked")] == ["better", "same", "worse", "not ranked"]


def test_intervals_others_and_the_one_target(checked):
    spec = checked(interval_chart(FIVE, "csat", "light"))
    lines = [trace for trace in spec["data"] if trace.get("mode") == "lines"]
    (goal,) = [trace for trace in lines if trace["line"]["color"] == theme_for("light").target]
    assert goal["x"][:2] == [0.8, 0.8] and goal["y"][:2] == [-0.5, 4.5] and "dash" in goal["line"]
    assert [0.89, 0.91] in [trace["x"][:2] for trace in lines]
    assert marks(spec, "line-ns")[0]["x"] == [0.85] * 3
    assert "target >= 80 %" in [text.replace("&gt;", ">") for text in texts(spec)]


def test_who_is_not_ranked_presses_nobody_together(checked):
    low, high = checked(interval_chart(FIVE, "csat", "light"))["layout"]["xaxis"]["range"]
    assert 0.4 < low < 0.5 and high < 0.95


def test_a_far_target_is_left_to_the_words(checked):
    far = rows(("A", 0.9, 0.01, BETTER), ("B", 0.88, 0.01, WORSE), target=(0.2,))
    assert target_is_far(far) and not target_is_far(FIVE)
    assert checked(interval_chart(far, "csat", "light"))["layout"]["xaxis"]["range"][0] > 0.8
    assert not target_is_far(rows(("A", 0.9, 0.01, BETTER), target=()))


def test_the_hover_has_counts_and_a_click_returns_the_member(checked):
    points = click_points(checked(interval_chart(FIVE, "csat", "light")))
    x, y, hover = points["A", "1-2"]
    assert (x, y) == (0.9, 0)
    for words in (
        "interval 79 to 81 %",
        "the others 85 % · +2 pp",
        "rank 1-2: better than 1, worse than 0",
        "as measured 82 %",
        "900 ",
        "1,000",
        "12 of 12 months",
    ):
        assert words in hover
    assert "not ranked: small sample: 9 cases" in points["D", "-"][2]
    assert "E" in {member for member, _ in points}


def test_pages_share_one_scale(checked):
    many = rows(*((f"V{number:03d}", 0.5 + number / 1000, 0.001, SAME) for number in range(200)))
    specs = [checked(interval_chart(many, "csat", "light", page)) for page in (1, 8)]
    assert page_count_of(many) == 8
    assert specs[0]["layout"]["xaxis"]["range"] == specs[1]["layout"]["xaxis"]["range"]
    assert len(click_points(specs[1])) == 25
    assert len(json.dumps(specs[0])) < 25_000


def test_all_equal_and_one_member(checked):
    for frame in (rows(*((name, 0.8, 0.0, SAME) for name in "ABC")), rows(("A", 0.8, 0.0, SAME))):
        low, high = checked(interval_chart(frame, "csat", "light"))["layout"]["xaxis"]["range"]
        assert low < 0.8 < high
    nothing = rows(("A", None, 0, "not ranked"), target=())
    assert checked(interval_chart(nothing, "csat", "light"))["layout"]["xaxis"]["range"] == [0, 1]


def test_hostile_names(checked):
    frame = rows(*((name, 0.8 + place / 10, 0.01, WORSE) for place, name in enumerate(HOSTILE)))
    checked(interval_chart(frame, "csat", "light"))
    checked(rank_grid(frame, "dark"))
    pairs = frame.assign(
        first=2.0,
        second=0.9,
        first_line=3.0,
        second_line=0.8,
        quadrant="better on both",
        small=False,
        first_text="2 USD",
        second_text="90 %",
        first_counts="1 x",
        second_counts="2 y",
    )
    checked(quadrant_chart(pairs, "cost_per_contact", "csat", "light"))


def test_the_grid_is_loud_only_where_a_vendor_is_worse(checked):
    frame = pd.concat([rows(("A", 0.9, 0.01, BETTER), ("B", 0.8, 0.01, WORSE), kpi=kpi) for kpi in ("csat", "service_level")])
    spec, theme = checked(rank_grid(frame, "light")), theme_for("light")
    (heat,) = [trace for trace in spec["data"] if trace["type"] == "heatmap"]
    assert heat["z"] == [[1.5, 2.5]] * 2
    shades = [colour for _, colour in heat["colorscale"]]
    assert theme.page in shades and theme.muted in shades
    told = {theme.status("missed").cell, theme.status("met").cell, theme.concern.cell, theme.improvement.cell}
    assert not told & set(shades) and not marks(spec, "triangle-down") and not marks(spec, "circle")  # a rank is no verdict
    words = {trace["textfont"]["color"]: trace["text"] for trace in spec["data"] if trace.get("mode") == "text"}
    assert words[theme.page] == ["1-2", "1-2"]
    assert set(click_points(spec)) == {(vendor, kpi) for vendor in "AB" for kpi in ("csat", "service_level")}


def test_many_vendors_worst_first(checked):
    members = [(f"V{number:02d}", 0.9, 0.01, WORSE if number > 27 else BETTER) for number in range(30)]
    found = {vendor for vendor, _ in click_points(checked(rank_grid(rows(*members), "light")))}
    assert len(found) == 25 and {"V28", "V29"} <= found


def funnel_members(signal="concern"):
    sizes = [100.0 * (place + 1) for place in range(10)]
    return pd.DataFrame(
        {
            "member": [f"S{place}" for place in range(10)],
            "vendor": "Acme",
            "site": [f"S{place}" for place in range(10)],
            "numerator": [size * 0.8 for size in sizes[:9]] + [500.0],
            "denominator": sizes,
            "funnel_lower": 0.7,
            "funnel_upper": 0.9,
            "funnel_signal": ["none"] * 9 + [signal],
            "coverage": "12 of 12 months",
        }
    )


def limits(width):
    return lambda size: (0.8 - width / np.sqrt(size), 0.8 + width / np.sqrt(size))


def test_the_funnel_names_who_lies_outside(checked):
    spec = checked(funnel_chart(funnel_members(), 0.8, limits(1), limits(2), "csat", "light"))
    assert len([trace for trace in spec["data"] if trace.get("mode") == "lines"]) == 5
    (outside,) = marks(spec, "triangle-down")
    assert outside["x"] == [1000] and outside["y"] == [0.5]
    assert "S9" in texts(spec) and "S0" not in texts(spec)
    assert "worse than the limits" in click_points(spec)["Acme", "S9"][2]
    assert "900" not in spec["layout"]["xaxis"].get("type", "")
    wide = funnel_members().assign(denominator=lambda frame: frame["denominator"] ** 2)
    assert checked(funnel_chart(wide, 0.8, limits(1), limits(2), "csat", "dark"))["layout"]["xaxis"]["type"] == "log"


def quadrant_members():
    names = ["better on both", "better on the first only", "better on the second only", "worse on both", "worse on both"]
    return pd.DataFrame(
        {
            "member": list("ABCDE"),
            "first": [2.0, 2.5, 4.0, 4.5, 4.6],
            "second": [0.9, 0.7, 0.95, 0.6, 0.61],
            "first_line": 3.0,
            "second_line": 0.8,
            "quadrant": names,
            "small": [False] * 4 + [True],
            "first_text": "2 USD",
            "second_text": "90 %",
            "first_counts": "4 cost / 2 contacts",
            "second_counts": "9 satisfied / 10 responses",
            "coverage": "12 of 12 months",
        }
    )


def test_the_quadrant_says_which_corner_is_good(checked):
    """Cost is better low, satisfaction high: good is top left, bad is bottom right."""
    spec = checked(quadrant_chart(quadrant_members(), "cost_per_contact", "csat", "light"))
    places = {note["text"]: (note["x"], note["y"]) for note in spec["layout"]["annotations"]}
    assert (places["better on both"], places["worse on both"]) == ((0, 1), (1, 0))
    assert [len(marks(spec, symbol)[0]["x"]) for symbol in ("diamond", "triangle-down", "circle", "circle-open")] == [1, 1, 2, 1]
    assert "Cost per contact, USD (less is better)" in places and "Customer satisfaction, %" in places
    points = click_points(spec)
    assert "better on Cost per contact only" in points["B", "better on the first only"][2]
    assert "a small sample" in points["E", "worse on both"][2]
    assert {"A", "B", "C", "D", "E"} <= set(places)
