"""Images in Markdown: repeated marks are files that equal what the marks draw, sparklines stand in the text."""

from typing import get_args
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

from analytics.charts import images, marks
from analytics.charts.actions import ACTIONS
from analytics.charts.theme import Mode
from analytics.charts.write_marks import FOLDER

MODES = get_args(Mode)


@pytest.mark.parametrize("mode", MODES)
def test_the_files_are_what_the_marks_draw(mode):
    expected = {f"{name}.svg": f"{svg}\n" for name, svg in images.mark_files(mode).items()}
    found = {path.name: path.read_text(encoding="utf-8") for path in (FOLDER / mode).iterdir()}
    assert found == expected, "A mark or a colour has changed: run python -m analytics.charts.write_marks"


@pytest.mark.parametrize("mode", MODES)
def test_every_image_a_page_can_ask_for_is_a_file(mode):
    shown = [images.status_image(status, mode) for status in (*images.STATUSES, "mixed: 3 of 5 met")]
    for trial in (False, True):
        shown += [images.variation_image(signal, sign, mode, trial=trial) for signal in images.SIGNALS for sign in (1, 0, -1)]
        shown += [images.assurance_image(name, mode, trial=trial) for name in images.ASSURANCES]
    shown += [images.band_image(level, mode) for level in range(4)]
    shown += [images.action_image(action, "words", mode) for action in ACTIONS]
    for image in shown:
        target = image.partition("](")[2].removesuffix(")")
        assert target.startswith(f"app/static/marks/{mode}/")
        assert (FOLDER / mode / target.rpartition("/")[2]).exists(), image


def test_the_words_of_an_image():
    assert images.status_image("met", "light") == "![status: met](app/static/marks/light/met.svg)"
    trial = images.variation_image("concern", -1, "dark", trial=True)
    assert trial == "![variation: concern, value rising, trial limits](app/static/marks/dark/concern-up-trial.svg)"
    assert images.assurance_image("hit_or_miss", "light").endswith("/hit-or-miss.svg)")


def test_a_sparkline_is_an_address_that_decodes_to_its_svg():
    svg = marks.sparkline([1, 2, 3], [[2, 2, 2]], "met", "light")
    kind, _, content = images.data_uri(svg).partition(",")
    assert kind == "data:image/svg+xml"
    assert not set(content) & set("<>#")
    assert unquote(content) == svg
    assert ElementTree.fromstring(svg).tag.endswith("svg")


def test_brackets_in_its_words_do_not_end_an_image():
    assert images.sparkline_image("<svg/>", "a [b] c") == "![a b c](<data:image/svg+xml,%3Csvg/%3E>)"
