"""The coverage heatmap: what is missing stands out, every expected cell answers, what nobody expects stays blank."""

from datetime import date

import pandas as pd
import pytest

from analytics.charts.coverage import coverage_heatmap
from analytics.charts.theme import theme_for
from tests.hovers import click_points

MONTHS = [date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)]
ROWS = [
    ("Acme", "2026-08-01", "measured", 1.0, 12, 12),
    ("Acme", "2026-09-01", "measured", 0.999, 12, 12),
    ("Acme", "2026-10-01", "measured", 0.0, 12, 0),
    ("Tall", "2026-09-01", "reported", 1.0, 7, 7),
    ("Tall", "2026-10-01", "reported", 0.5, 7, 4),
]


def frame(*rows):
    return pd.DataFrame(list(rows), columns=["vendor", "month", "kind", "share", "expected", "came"]).astype({"month": "datetime64[us]"})


@pytest.fixture(params=["light", "dark"])
def spec(request, checked):
    return checked(coverage_heatmap(frame(*ROWS), request.param, ["Acme", "Tall"], MONTHS)) | {"mode": request.param}


def test_each_state_has_its_colour_and_blank_means_nothing_expected(spec):
    fills, statuses = spec["data"][0], theme_for(spec["mode"]).statuses
    colours = [colour for _, colour in fills["colorscale"][::2]]
    shown = [[None if shade is None else colours[int(shade)] for shade in row] for row in fills["z"]]
    met, below, missed, reported = (statuses[name].cell for name in ("met", "below expected", "missed", "no target"))
    assert shown == [[met, below, missed], [None, reported, below]]


def test_only_what_is_in_part_says_its_share_and_never_rounds_up(spec):
    (texts,) = [trace["text"] for trace in spec["data"] if trace.get("mode") == "text"]
    assert texts == ["99", "<i>50</i>"]


def test_missing_and_reported_have_marks_of_their_own(spec):
    marks = {
        trace["marker"]["symbol"]: len(trace["x"]) for trace in spec["data"] if trace.get("mode") == "markers" and "customdata" not in trace
    }
    assert marks == {"triangle-down": 1, "circle-open": 1}


def test_a_click_returns_vendor_and_month(spec):
    points = click_points(spec)
    assert set(points) == {(vendor, month) for vendor, month, *_ in ROWS}
    assert points["Acme", "2026-10-01"][2] == "<b>Acme</b> · Oct 26<br>0 % of what is expected · missing<br>0 of 12 measures have data"
    assert points["Tall", "2026-10-01"][2].endswith("50 % of what is expected · in part<br>4 of 7 results have data")


def test_names_are_never_markup(checked, hostile):
    rows = [(name, "2026-10-01", "measured", 0.5, 2, 1) for name in hostile]
    checked(coverage_heatmap(frame(*rows), "light", list(hostile), MONTHS))


def test_nothing_expected_is_an_empty_figure_that_keeps_its_height(checked):
    spec = checked(coverage_heatmap(frame(), "light", ["Acme"], MONTHS))
    assert spec["data"] == []
    assert spec["layout"]["height"] > 50
