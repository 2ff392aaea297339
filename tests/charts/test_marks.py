"""Marks are well-formed SVG in the colours of the theme, and words stand in for each of them."""

import math
import re
from xml.etree import ElementTree

import pytest

from analytics.charts import marks
from analytics.charts.theme import theme_for

STATUSES = ("met", "below expected", "missed", "not measured", "excused", "no target")
SIGNALS = ("none", "improvement", "concern", "high", "low")


def every_svg(mode):
    yield from (marks.status_mark(status, mode) for status in STATUSES)
    for trial in (False, True):
        yield from (marks.variation_icon(signal, sign, mode, trial=trial) for signal in SIGNALS for sign in (1, -1))
        yield from (marks.assurance_icon(assurance, mode, trial=trial) for assurance in ("pass", "fail", "hit_or_miss"))
    yield from (marks.band_swatch(level, mode) for level in range(4))
    yield from (marks.rule_line(mode), marks.logo(mode), marks.sparkline([1, 2, 3], [[2, 2, 2]], "met", mode))


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_mark_is_a_drawing_without_text(mode):
    for svg in every_svg(mode):
        names = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(svg).iter()}
        assert names <= {"svg", "path", "circle", "rect"}


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_marks_use_only_colours_of_the_theme(mode):
    theme = theme_for(mode)
    known = {theme.page, theme.ink, theme.rule, theme.normal, theme.target, *theme.risk_bands}
    known |= {tone.mark for tone in theme.statuses.values()}
    used = {colour for svg in every_svg(mode) for colour in re.findall(r"#[0-9A-Fa-f]{6}", svg)}
    assert used <= known


def test_statuses_differ_in_shape_not_only_in_colour():
    without_colour = {re.sub(r"#[0-9A-F]{6}", "", marks.status_mark(status, "light")) for status in STATUSES}
    assert len(without_colour) == len(STATUSES)
    assert len({re.sub(r"#[0-9A-F]{6}", "", marks.band_swatch(level, "light")) for level in range(4)}) == 4


@pytest.mark.parametrize(
    ("signal", "better_sign", "words"),
    [
        ("none", 1, "variation: normal variation"),
        ("concern", 1, "variation: concern, value falling"),
        ("concern", -1, "variation: concern, value rising"),
        ("improvement", 1, "variation: improvement, value rising"),
        ("improvement", -1, "variation: improvement, value falling"),
        ("high", 0, "variation: unusually high"),
        ("low", 0, "variation: unusually low"),
    ],
)
def test_variation_in_words(signal, better_sign, words):
    assert marks.variation_alt(signal, better_sign) == words
    assert marks.variation_alt(signal, better_sign, trial=True) == f"{words}, trial limits"


def test_trial_limits_are_dashed():
    assert "stroke-dasharray" not in marks.variation_icon("concern", 1, "light")
    assert "stroke-dasharray" in marks.variation_icon("concern", 1, "light", trial=True)
    assert "stroke-dasharray" in marks.assurance_icon("pass", "light", trial=True)


def test_assurance_and_status_in_words():
    assert marks.assurance_alt("fail") == "assurance: will consistently fail the target"
    assert marks.assurance_alt("pass", trial=True) == "assurance: will consistently meet the target, trial limits"
    assert marks.status_alt("below expected") == "status: below expected"


class TestSparkline:
    def test_a_missing_value_is_a_gap(self):
        line = marks.sparkline([1, 2, None, 3, math.nan, 4], [], "met", "light")
        assert line.count("M") == 3

    def test_highest_value_is_on_top_and_the_last_point_has_the_status_colour(self):
        svg = marks.sparkline([1, 2, 3], [[2, 2, 2]], "missed", "light", width=110, height=40)
        assert f"cx='106' cy='5' r='3.6' fill='{theme_for('light').concern.mark}'" in svg

    def test_a_changed_target_is_a_step(self):
        svg = marks.sparkline([1, 1, 1, 1], [[1, 1, 2, 2]], "met", "light", width=100, height=40)
        dashes = re.search(r"d='(M[^']*)'[^>]*stroke-dasharray", svg)
        assert dashes
        assert dashes[1] == "M1 35h49v-30h49"

    def test_a_target_that_was_not_set_for_a_while_is_a_gap(self):
        assert "d='M1 18h18.4M80.7 18h18.3'" in marks.sparkline([1, 1, 1, 1], [[1, None, None, 1]], "met", "light", width=100)

    def test_steps_add_up_to_the_last_point(self):
        values = [84.7, 84.4, 84.3, 84.8, 84, 83.2, 84, 84.6, 85.1, 85.8, 84.7, 83.3, 83.9]
        svg = marks.sparkline(values, [], "met", "light")
        path = re.search(r"d='M4 ([\d.]+)l([^']*)'", svg)
        last = re.search(r"cx='([\d.]+)' cy='([\d.]+)'", svg)
        assert path
        assert last
        steps = [float(step) for step in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", path[2])]
        assert (4 + sum(steps[::2]), float(path[1]) + sum(steps[1::2])) == pytest.approx((float(last[1]), float(last[2])))

    def test_a_stretched_one_keeps_its_strokes_and_fills_its_place(self):
        stretched, fixed = (marks.sparkline([1, 2], [[2, 2]], "met", "light", stretched=yes) for yes in (True, False))
        assert (stretched.count("non-scaling-stroke"), fixed.count("non-scaling-stroke")) == (2, 0)
        assert "viewBox='0 0 132 36'" in stretched
        assert "width='132' height='36'" in fixed

    def test_nothing_measured_draws_only_the_target(self):
        svg = marks.sparkline([None, None], [[80, 80]], "not measured", "dark")
        assert "circle" not in svg
        assert "stroke-dasharray" in svg

    def test_empty_single_and_constant_series(self):
        assert marks.sparkline([], [], "met", "light").count("path") == 0
        assert "circle" in marks.sparkline([5], [], "met", "light")
        assert "cy='18'" in marks.sparkline([5, 5], [], "met", "light")

    def test_words(self):
        assert marks.sparkline_alt([1, 2, 3], "met") == "last 3 months, higher than at the start, met; dashed line: target"
        assert marks.sparkline_alt([3, None, 1], "missed", "weeks") == "last 3 weeks, lower than at the start, missed; dashed line: target"
        assert marks.sparkline_alt([3, 3], "met") == "last 2 months, as at the start, met; dashed line: target"
        assert marks.sparkline_alt([None], "not measured") == "last month, nothing measured"
