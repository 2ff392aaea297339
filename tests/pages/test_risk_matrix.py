"""The risk matrix over the sample register."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.screen import charts, click_targets, figure, line_above, link, open_page, page_text, press, select, title, words

pytestmark = pytest.mark.slow

PAGE = "risk/risk_matrix"
AGREED = {
    "1 · Data Breach": "20 (4 x 5)",
    "2 · Vendor Underperformance": "9 (3 x 3)",
    "3 · Compliance Failure": "8 (2 x 4)",
    "4 · Service Disruption": "12 (3 x 4)",
}
BANDS = {
    "1 · Data Breach": "extreme",
    "2 · Vendor Underperformance": "high",
    "3 · Compliance Failure": "high",
    "4 · Service Disruption": "high",
}


@pytest.fixture(autouse=True)
def sample(demo_warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The dashboard reads the sample warehouse."""
    monkeypatch.setenv("BPO_WAREHOUSE", str(demo_warehouse))


def register(session: AppTest) -> dict[str, list[str]]:
    """Number and title -> vendor, category, score, band, movement, owner of the table."""
    shown = words(session)
    cells = shown[shown.index("Owner and next review") + 1 :]
    return {cells[start]: cells[start + 1 : start + 7] for start in range(0, len(cells) - 6, 7)}


def bubbles(session: AppTest) -> list[str]:
    """The numbers on the bubbles."""
    texts = [trace["text"] for trace in figure(session, "matrix")["data"] if trace.get("mode") == "text"]
    return sorted(text.removeprefix("<b>").removesuffix("</b>") for trace in texts[1:] for text in trace)


def test_the_title_names_the_highest_band_and_the_line_above_the_day() -> None:
    session = open_page(PAGE)
    assert "extreme: data breach at Asterion" in title(session)
    assert line_above(session).startswith("Risk matrix · 30 Sep 2026 · residual scores · compared with 30 Jun 2026 · ")


def test_all_25_cells_lie_in_their_band_and_can_be_clicked() -> None:
    chart = figure(open_page(PAGE), "matrix")
    assert sorted(click_targets(chart)) == [[likelihood, impact] for likelihood in range(1, 6) for impact in range(1, 6)]
    shades = [shade for row in chart["data"][0]["z"] for shade in row]
    assert [shades.count(band + 0.5) for band in range(4)] == [5, 7, 7, 6]
    assert chart["data"][0]["z"][4 - 1][5 - 1] == 3.5


def test_every_open_risk_is_a_bubble_and_a_row() -> None:
    session = open_page(PAGE)
    rows = register(session)
    assert bubbles(session) == sorted(name.partition(" ")[0] for name in rows)
    assert {"1", "2", "3", "4"} <= set(bubbles(session))


@pytest.mark.parametrize("risk", AGREED)
def test_the_first_four_risks_stand_where_they_were_agreed(risk: str) -> None:
    row = register(open_page(PAGE))[risk]
    assert row[2] == AGREED[risk]
    assert row[3].endswith(f") {BANDS[risk]}")


def test_a_filter_that_says_nothing_about_risks_is_named() -> None:
    assert line_above(open_page(PAGE, site="Pune")).endswith("risks shown, whatever site")


def test_a_click_on_a_cell_shows_its_risks() -> None:
    session = select(open_page(PAGE), "matrix", [3, 4])
    assert link(session)["cell"] == ["3x4"]
    assert "Cell 3 x 4: one risk" in page_text(session)
    assert any(text.startswith("4 · Service Disruption Cobalt Bay") for text in words(session))
    session = select(session, "matrix", [1, 1])
    assert "Cell 1 x 1: no risks" in page_text(session)


@pytest.mark.parametrize(
    ("chosen", "numbers"),
    [
        ({"vendor": ["Cobalt Bay"]}, {"4 · Service Disruption"}),
        ({"category": ["legal and regulatory"]}, {"1 · Data Breach", "3 · Compliance Failure"}),
        ({"owner": ["S. Okafor"]}, {"2 · Vendor Underperformance"}),
        ({"status": ["closed"]}, {"8 · Late ramp-up at Durban"}),
    ],
)
def test_a_filter_keeps_only_its_risks(chosen: dict[str, list[str]], numbers: set[str]) -> None:
    session = open_page(PAGE, **chosen)
    shown = register(session)
    assert numbers <= set(shown)
    assert bubbles(session) == sorted(name.partition(" ")[0] for name in shown)
    assert "1 · Data Breach" in shown or "1 · Data Breach" not in numbers
    assert len(shown) < 7


def test_filters_that_match_nothing_say_so_and_can_be_cleared() -> None:
    session = open_page(PAGE, category=["financial"], owner=["J. Ortega"])
    assert title(session) == "No risk matches these filters."
    assert not charts(session)
    assert len(register(press(session, "Clear the filters"))) > 4


def test_overdue_reviews_are_counted_and_flagged_with_their_days() -> None:
    session = open_page(PAGE)
    assert title(session).endswith(" Three reviews are overdue on 31 Oct 2026.")
    assert register(session)["1 · Data Breach"][5].endswith("(status: missed) review overdue by 16 days on 31 Oct 2026")
    assert "overdue" not in register(session)["4 · Service Disruption"][5]
    assert any("next review 15 Oct 2026. (status: missed) review overdue by 16 days on 31 Oct 2026" in text for text in words(session))


def test_inherent_scores_are_a_choice() -> None:
    session = open_page(PAGE, scores="inherent")
    assert "inherent scores" in line_above(session)
    assert register(session)["1 · Data Breach"][2] == "25 (5 x 5)"


def test_the_largest_movements_are_listed_worsening_first() -> None:
    shown = words(open_page(PAGE))
    moved = shown[shown.index("Largest movements") + 1 :]
    assert moved[0] == "(variation: concern, value rising) grew Data Breach · Asterion · 16 to 20"


def test_before_any_risk_had_an_earlier_score_all_are_new() -> None:
    session = open_page(PAGE, period="2024-Q3")
    assert not session.error
    assert {row[4] for row in register(session).values()} == {"new"}


def test_before_the_register_began_there_is_nothing_to_show() -> None:
    assert "0 of 0 risks" in line_above(open_page(PAGE, period="2024-Q2"))
