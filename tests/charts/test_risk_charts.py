"""The risk matrix and the risk heatmap: every risk in its cell, every cell answers, no text runs as markup."""

import math

import numpy as np
import pandas as pd
import pytest

from analytics.charts.grid import page_count
from analytics.charts.risk_heatmap import risk_heatmap
from analytics.charts.risk_matrix import risk_matrix
from analytics.charts.theme import theme_for
from analytics.settings import load_settings
from tests.hovers import click_points

BANDS = load_settings().risk_bands
COLUMNS = ["number", "title", "likelihood", "impact", "previous_likelihood", "previous_impact"]
FOUR = [
    (1, "Data breach", 4, 5, 4, 4),
    (2, "Vendor underperformance", 3, 3, 2, 3),
    (3, "Compliance failure", 2, 4, 3, 4),
    (4, "Service disruption", 3, 4, np.nan, np.nan),
]


def register(*risks):
    return pd.DataFrame(list(risks), columns=COLUMNS)


def matrix(checked, *risks, mode="light"):
    return checked(risk_matrix(register(*risks), BANDS, mode))


def numbers(spec):
    """Where each numbered bubble stands: {words: (x, y)}."""
    layer = spec["data"][5]
    return {text: (x, y) for text, x, y in zip(layer["text"], layer["x"], layer["y"], strict=True)}


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_25_cells_wear_their_bands(mode, checked):
    heat = matrix(checked, *FOUR, mode=mode)["data"][0]
    counts = pd.Series(np.concatenate(heat["z"]) - 0.5).value_counts().to_dict()
    assert counts == {0: 5, 1: 7, 2: 7, 3: 6}
    assert heat["colorscale"][-1][1] == theme_for(mode).risk_bands[3]


def test_bubbles_stand_in_the_cell_of_their_score(checked):
    places = {text: (round(x), round(y)) for text, (x, y) in numbers(matrix(checked, *FOUR)).items()}
    assert places == {"<b>1</b>": (5, 4), "<b>2</b>": (3, 3), "<b>3</b>": (4, 2), "<b>4</b>": (4, 3)}


def test_moved_risks_have_a_ring_and_a_straight_arrow(checked):
    spec = matrix(checked, *FOUR)
    arrows = [note for note in spec["layout"]["annotations"] if note.get("showarrow")]
    assert len(arrows) == len(spec["data"][4]["x"]) == 3
    assert [(round(arrow["x"] - arrow["ax"], 6), round(arrow["y"] - arrow["ay"], 6)) for arrow in arrows] == [(1, 0), (0, 1), (0, -1)]


def test_a_risk_that_did_not_move_has_no_arrow(checked):
    spec = matrix(checked, (1, "Currency", 2, 2, 2, 2))
    assert not [note for note in spec["layout"]["annotations"] if note.get("showarrow")]
    assert numbers(spec) == {"<b>1</b>": (2, 2)}


def test_four_in_a_cell_do_not_cover_each_other(checked):
    spec = matrix(checked, *((number, "x", 1, 1, np.nan, np.nan) for number in range(4)))
    places = [(x * 56, y * 78) for x, y in numbers(spec).values()]
    assert min(math.dist(one, other) for one in places for other in places if one != other) >= 22
    assert len(set(places)) == 4


def test_more_than_four_become_one_bubble(checked):
    spec = matrix(checked, *((number, f"risk {number}", 3, 4, np.nan, np.nan) for number in range(10)))
    assert spec["data"][6]["text"] == ["<b>10<br>risks</b>"]
    assert numbers(spec) == {}
    *_, hover = click_points(spec)[3, 4]
    assert hover.startswith("<b>3 possible, 4 major</b>: score 12<br>0 · risk 0<br>")
    assert hover.endswith("and 2 more")


def test_every_cell_answers_with_likelihood_and_impact(checked):
    points = click_points(matrix(checked, *FOUR))
    assert len(points) == 25
    assert points[4, 5] == (5, 4, "<b>4 likely, 5 severe</b>: score 20<br>1 · Data breach")


def test_an_overdue_review_is_said_where_the_risk_stands(checked):
    late = register(*FOUR).assign(overdue_text=["review overdue by 16 days", "", "", ""])
    *_, hover = click_points(checked(risk_matrix(late, BANDS, "light")))[4, 5]
    assert hover.endswith("<br>1 · Data breach, review overdue by 16 days")


def test_an_empty_register_is_an_empty_matrix_of_the_same_height(checked):
    assert matrix(checked)["layout"]["height"] == matrix(checked, *FOUR)["layout"]["height"]


def test_titles_stay_text(hostile, checked):
    spec = matrix(checked, *((number, title, 3, 4, np.nan, np.nan) for number, title in enumerate(hostile)))
    assert any("&lt;a href=" in hover for *_, hover in click_points(spec).values())


def rated(vendor, kpi, level, trend="steady", reason="74.8 % against >= 80 %: missed."):
    words = "not rated" if level != level else ("low", "moderate", "high", "extreme")[int(level)]
    return {"vendor": vendor, "kpi": kpi, "level": level, "level_text": words, "trend": trend, "reason": reason}


class TestHeatmap:
    FRAME = pd.DataFrame(
        [
            rated("Northline", "csat", 0.0),
            rated("Cobalt Bay", "csat", 3.0, "worsening"),
            rated("Northline", "error_rate", np.nan, ""),
            rated("Cobalt Bay", "error_rate", 1.0, "improving"),
        ]
    )

    @pytest.mark.parametrize("mode", ["light", "dark"])
    def test_levels_are_fills_and_words(self, mode, checked):
        spec = checked(risk_heatmap(self.FRAME, mode))
        assert spec["data"][0]["z"] == [[1.5, 4.5], [0.5, 2.5]]
        words = [text for trace in spec["data"] if trace.get("mode") == "text" for text in trace["text"]]
        assert words == ["low", "not<br>measured", "<b>extreme</b><br>worse", "moderate<br>better"]

    @pytest.mark.parametrize("mode", ["light", "dark"])
    def test_without_colour_a_bar_tells_the_level_and_an_outline_what_is_not_measured(self, mode, checked):
        """Extreme is as wide as the cell, moderate a third of it; low has no bar, a blank no fill."""
        spec = checked(risk_heatmap(self.FRAME, mode))
        bars, outline = [trace for trace in spec["data"] if trace.get("mode") == "lines"]
        assert [round(bars["x"][at + 1] - bars["x"][at], 2) for at in (0, 3)] == [0.9, 0.3]
        assert (*outline["x"][:2], outline["line"]["dash"]) == (0.04, 0.96, "dot")
        assert spec["data"][0]["colorscale"][0][1] == theme_for(mode).page

    def test_what_moves_is_said_in_words_and_not_by_an_arrow_that_a_value_would_have(self, checked):
        spec = checked(risk_heatmap(self.FRAME, "light"))
        assert not [note for note in spec["layout"]["annotations"] if note.get("showarrow")]
        assert not [trace for trace in spec["data"] if "symbol" in trace.get("marker", {})]

    def test_words_are_short_where_more_than_five_columns_share_a_phone(self, checked):
        frame = pd.DataFrame([rated(f"V{number}", "csat", 1.0) for number in range(6)])
        assert checked(risk_heatmap(frame, "light"))["data"][1]["text"] == ["mod."] * 6
        blank = pd.DataFrame([rated(f"V{number}", "csat", np.nan) for number in range(6)])
        assert checked(risk_heatmap(blank, "light"))["data"][1]["text"] == ["-"] * 6

    def test_a_click_returns_vendor_and_kpi_and_the_hover_the_reason(self, checked):
        points = click_points(checked(risk_heatmap(self.FRAME, "light")))
        assert points["Cobalt Bay", "csat"][2] == (
            "<b>Cobalt Bay</b> · Customer satisfaction<br><b>extreme</b>, worsening<br>74.8 % against &gt;= 80 %: missed."
        )

    def test_every_line_of_a_reason_is_a_line_of_the_hover(self, checked):
        frame = pd.DataFrame([rated("A", "csat", 2.0, reason="Gap +2 · 74.8 %.\nSignal 0 · normal variation.")])
        hover = click_points(checked(risk_heatmap(frame, "light")))["A", "csat"][2]
        assert hover.endswith("<br>Gap +2 · 74.8 %.<br>Signal 0 · normal variation.")

    def test_many_vendors_are_rows_highest_risk_first_in_short_words(self, checked):
        frame = pd.DataFrame([rated(f"V{number}", "csat", 3.0 if number == 9 else 1.0) for number in range(10)])
        spec = checked(risk_heatmap(frame, "light"))
        assert spec["layout"]["annotations"][0]["text"] == "V9"
        assert spec["data"][1]["text"][:2] == ["<b>extr.</b>", "mod."]

    def test_many_vendors_and_many_kpis_are_eight_columns_to_a_page(self, checked):
        kpis = load_settings().heatmap_kpis
        frame = pd.DataFrame([rated(f"V{number}", kpi, 3.0 if number == 9 else 1.0) for number in range(10) for kpi in kpis])
        assert (len(kpis), page_count(frame)) == (15, 2)
        axis = checked(risk_heatmap(frame, "light"))["layout"]["xaxis"]
        assert axis["ticktext"] == ["V9", *(f"V{number}" for number in range(7))]
        assert risk_heatmap(frame, "light", page=2).layout.xaxis.ticktext == ("V7", "V8")

    def test_nothing_rated_and_empty(self, checked):
        nothing = checked(risk_heatmap(self.FRAME.assign(level=np.nan), "light"))
        assert nothing["data"][0]["z"] == [[0.5, 0.5], [0.5, 0.5]]
        assert checked(risk_heatmap(self.FRAME[:0], "light"))["data"] == []

    def test_user_text_stays_text(self, hostile, checked):
        checked(risk_heatmap(pd.DataFrame([rated(name, "csat", 2.0, reason=name) for name in hostile]), "light"))
