"""The palette can be read: the contrast of every pair that carries meaning, and the lightness steps that survive colour blindness."""

from itertools import pairwise

import pytest

from analytics.charts.theme import Mode, contrast, luminance, theme_for

MODES: tuple[Mode, Mode] = ("light", "dark")


def test_black_on_white_is_21_to_1():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#FFFFFF", "#FFFFFF") == pytest.approx(1)


@pytest.mark.parametrize(
    ("mode", "met", "below", "missed", "muted", "target", "ink"),
    [("light", 7.1, 7.0, 6.4, 5.9, 9.9, 16.3), ("dark", 9.5, 11.7, 9.2, 7.5, 8.6, 15.2)],
)
def test_words_on_the_page(mode, met, below, missed, muted, target, ink):
    theme = theme_for(mode)
    words = {"met": met, "below expected": below, "missed": missed}
    for status, ratio in words.items():
        assert contrast(theme.statuses[status].text, theme.page) == pytest.approx(ratio, abs=0.06), status
    assert contrast(theme.muted, theme.page) == pytest.approx(muted, abs=0.06)
    assert contrast(theme.target, theme.page) == pytest.approx(target, abs=0.06)
    assert contrast(theme.ink, theme.page) == pytest.approx(ink, abs=0.06)


@pytest.mark.parametrize(("mode", "met", "below", "missed", "silent"), [("light", 14.0, 13.2, 4.9, 5.3), ("dark", 11.4, 9.1, 4.9, 6.6)])
def test_numbers_on_their_cells(mode, met, below, missed, silent):
    tones = theme_for(mode).statuses
    for status, ratio in {"met": met, "below expected": below, "missed": missed, "not measured": silent}.items():
        assert contrast(tones[status].on_cell, tones[status].cell) == pytest.approx(ratio, abs=0.06), status


@pytest.mark.parametrize(("mode", "normal"), [("light", 4.0), ("dark", 6.2)])
def test_normal_variation_is_visible(mode, normal):
    assert contrast(theme_for(mode).normal, theme_for(mode).page) == pytest.approx(normal, abs=0.06)


@pytest.mark.parametrize("mode", MODES)
def test_every_mark_reaches_three_to_one(mode):
    theme = theme_for(mode)
    for status, tone in theme.statuses.items():
        assert contrast(tone.mark, theme.page) >= 3, status
        assert contrast(tone.corner, tone.cell) >= 3, status


@pytest.mark.parametrize(("mode", "least"), [("light", 6.8), ("dark", 5.4)])
def test_ink_on_every_risk_band(mode, least):
    theme = theme_for(mode)
    assert min(contrast(theme.ink, band) for band in theme.risk_bands) == pytest.approx(least, abs=0.06)


@pytest.mark.parametrize("mode", MODES)
def test_neighbouring_bands_from_moderate_up_differ_in_lightness(mode):
    bands = theme_for(mode).risk_bands[1:]
    assert min(contrast(one, other) for one, other in pairwise(bands)) >= 1.3


@pytest.mark.parametrize(("mode", "below", "missed"), [("light", 0.80, 0.16), ("dark", 0.05, 0.16)])
def test_amber_and_vermilion_cells_differ_in_lightness(mode, below, missed):
    """Readers who cannot tell amber from vermilion see two lightnesses."""
    tones = theme_for(mode).statuses
    assert luminance(tones["below expected"].cell) == pytest.approx(below, abs=0.02)
    assert luminance(tones["missed"].cell) == pytest.approx(missed, abs=0.02)


@pytest.mark.parametrize("mode", MODES)
def test_each_status_has_its_own_shape(mode):
    symbols = [tone.symbol for tone in theme_for(mode).statuses.values()]
    assert len(symbols) == len(set(symbols))


@pytest.mark.parametrize("mode", MODES)
def test_words_without_a_verdict_look_like_no_target(mode):
    theme = theme_for(mode)
    assert theme.status("mixed: 3 of 5 met") == theme.statuses["no target"]


@pytest.mark.parametrize("mode", MODES)
def test_series_names_can_be_read_in_their_colour(mode):
    theme = theme_for(mode)
    assert len(set(theme.series)) == 8
    assert min(contrast(colour, theme.page) for colour in theme.series) >= 4.5
