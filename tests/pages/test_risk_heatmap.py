"""The risk heatmap over the sample: levels, reasons, and the rule on the page."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analytics.risk.heatmap import RULE_TEXT
from analytics.settings import RISK_BAND_NAMES
from tests.hovers import click_points
from tests.pages.screen import charts, click_targets, figure, line_above, link, open_page, page_text, press, select, title, words

pytestmark = pytest.mark.slow

PAGE = "risk/risk_heatmap"


@pytest.fixture(autouse=True)
def sample(demo_warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The dashboard reads the sample warehouse."""
    monkeypatch.setenv("BPO_WAREHOUSE", str(demo_warehouse))


def level(session: AppTest, vendor: str, kpi: str) -> str:
    """The band in whose colour the cell is, or empty."""
    chart = figure(session, "heatmap")
    fills, (x, y, _) = chart["data"][0], click_points(chart)[vendor, kpi]
    column = sum(edge <= x for edge in fills["x"]) - 1
    shade = fills["z"][int(y)][column]
    return ("empty", *RISK_BAND_NAMES)[int(shade)]


def test_the_title_counts_the_highest_cells() -> None:
    session = open_page(PAGE)
    assert " rated cells are extreme in Q3 2026" in title(session)
    assert line_above(session).startswith("Risk heatmap · Q3 2026 · trend against Q2 2026 · all vendors")


def test_every_vendor_and_kpi_is_a_cell_without_the_portfolio() -> None:
    targets = click_targets(figure(open_page(PAGE), "heatmap"))
    assert {vendor for vendor, _ in targets} == {"Asterion", "Cobalt Bay", "Meridiem", "Northline", "Tallgrass"}
    assert len(targets) == 5 * len({kpi for _, kpi in targets})
    assert {"service_level", "csat", "attrition", "security_incidents"} <= {kpi for _, kpi in targets}


def test_levels_follow_the_rule() -> None:
    session = open_page(PAGE)
    assert level(session, "Cobalt Bay", "service_level") in ("high", "extreme")
    assert level(session, "Asterion", "csat") == "high"
    assert level(session, "Northline", "csat") == "low"
    assert level(session, "Tallgrass", "quality_score") == "empty"


def test_the_highest_cells_come_with_their_reasons() -> None:
    session = open_page(PAGE)
    assert "The highest, and why" in words(session)
    reasons = [text for text in words(session) if text.startswith("Gap +")]
    assert len(reasons) == 5
    parts = (" against ", " Signal ", " Assurance ", " Trend ", "Q2 2026", " Together +")
    assert all(part in reason for part in parts for reason in reasons)


def test_a_click_on_a_cell_shows_why_and_leads_to_its_trend() -> None:
    session = select(open_page(PAGE), "heatmap", ["Asterion", "csat"])
    assert (link(session)["cell_vendor"], link(session)["cell_kpi"]) == (["Asterion"], ["csat"])
    (reason,) = [text for text in words(session) if text.startswith("Gap +")]
    assert "against >= 90 %: below expected" in reason
    assert "Signal +1 · concern in Sep 2026" in reason
    trend = press(session, "Trend")
    assert line_above(trend).startswith("Trends · Customer satisfaction, Asterion · ")


def test_what_is_not_measured_is_not_rated() -> None:
    session = open_page(PAGE, cell_vendor="Tallgrass", cell_kpi="quality_score")
    assert "not rated · Tallgrass · Quality score" in words(session)
    assert "Not measured: 0 of 3 months." in page_text(session)


def test_what_is_not_measured_is_counted_apart() -> None:
    shown = page_text(open_page(PAGE))
    assert "cells are not measured and have no level." in shown and "empty" not in shown


def test_every_measured_kpi_with_a_target_is_rated() -> None:
    """Net promoter score and reopen rate are in no setting; Asterion missed both."""
    session = open_page(PAGE)
    rated = {kpi for _, kpi in click_targets(figure(session, "heatmap"))}
    assert {"nps", "reopen_rate", "mean_resolution_time", "transfer_rate", "absenteeism", "shrinkage"} <= rated
    assert level(session, "Asterion", "nps") == "extreme"


def test_the_rule_is_on_the_page() -> None:
    assert words(open_page(PAGE))[-1] == RULE_TEXT


@pytest.mark.slow
def test_a_period_that_is_not_complete_says_so() -> None:
    session = open_page(PAGE, period="2026-Q4")
    assert line_above(session).endswith("incomplete, data to 31 Oct 2026")


@pytest.mark.slow
@pytest.mark.parametrize("link_to_nothing", [{"vendor": ["Acme"]}, {"period": "2031-Q1"}])
def test_nothing_to_show_is_said(link_to_nothing: dict[str, str | list[str]]) -> None:
    session = open_page(PAGE, **link_to_nothing)
    assert title(session).startswith("No data for ")
    assert not charts(session)


def test_a_period_that_is_not_over_is_held_against_as_much_of_the_other() -> None:
    session = open_page("risk/risk_heatmap", period="2026-Q4")
    assert "trend against the first 31 days of Q3 2026, 1 Jul 2026 to 31 Jul 2026" in line_above(session)
    assert "on the first 31 days of Q3 2026" in page_text(session)
