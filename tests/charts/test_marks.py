"""Marks are well-formed SVG in the colours of the theme, and words stand in for each of them."""

import base64
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


def test_data_uri_holds_the_svg():
    svg = marks.status_mark("met", "light")
    kind, _, content = marks.data_uri(svg).partition(",")
    assert kind == "data:image/svg+xml;base64"
    assert base64.b64decode(content).decode() == svg


def test_markdown_image_survives_brackets_in_its_words():
    assert marks.markdown_image("<svg/>", "a [b] c").startswith("![a b c](data:image/svg+xml;base64,")


class TestSparkline:
    def test_a_missing_value_is_a_gap(self):
        line = marks.sparkline([1, 2, None, 3, math.nan, 4], [], "met", "light")
        assert line.count("M") == 3

    def test_highest_value_is_on_top_and_the_last_point_has_the_status_colour(self):
        svg = marks.sparkline([1, 2, 3], [[2, 2, 2]], "missed", "light", width=110, height=40)
        assert f'cx="106.0" cy="5" r="3.6" fill="{theme_for("light").concern.mark}"' in svg

    def test_a_changed_target_is_a_step(self):
        svg = marks.sparkline([1, 1, 1, 1], [[1, 1, 2, 2]], "met", "light", width=100, height=40)
        dashes = re.search(r'd="(M[^"]*)"[^>]*stroke-dasharray', svg)
        assert dashes
        assert dashes[1] == "M1.0 35 L19.3 35 L50.0 35 L50.0 5 L80.7 5 L99.0 5"

    def test_nothing_measured_draws_only_the_target(self):
        svg = marks.sparkline([None, None], [[80, 80]], "not measured", "dark")
        assert "circle" not in svg
        assert "stroke-dasharray" in svg

    def test_empty_single_and_constant_series(self):
        assert marks.sparkline([], [], "met", "light").count("path") == 0
        assert "circle" in marks.sparkline([5], [], "met", "light")
        assert 'cy="18"' in marks.sparkline([5, 5], [], "met", "light")

    def test_words(self):
        assert marks.sparkline_alt([1, 2, 3], "met") == "last 3 months, higher than at the start, met; dashed line: target"
        assert marks.sparkline_alt([3, None, 1], "missed", "weeks") == "last 3 weeks, lower than at the start, missed; dashed line: target"
        assert marks.sparkline_alt([3, 3], "met") == "last 2 months, as at the start, met; dashed line: target"
        assert marks.sparkline_alt([None], "not measured") == "last 1 months, nothing measured"
