"""Where a number comes from: in two clicks its rows, from there trend and definition, filters kept; and a batch undone."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from analytics.serving import Dashboard
from tests.browser.steps import (
    card,
    chart,
    click_corner,
    click_point,
    headline,
    line_above,
    link,
    opened,
    path,
    row_way,
    settled,
    watch_console,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EXACTLY = re.compile("exactly the numerator and the denominator")


def dialog(page: Page) -> Locator:
    """The open dialog; it has its rows when both tables are drawn."""
    return page.get_by_role("dialog")


def ask(page: Page, key: str) -> None:
    """Press the button beside a number."""
    page.locator(f'[class*="st-key-origin-{key}"] button:visible').first.click()
    expect(dialog(page).get_by_text(EXACTLY)).to_be_visible()


def test_a_card_leads_to_its_rows_and_from_there_to_the_definition(server: Dashboard, page: Page) -> None:
    errors = watch_console(page)
    opened(page, f"{server.address}/performance_report?vendor=Asterion&vendor=Cobalt+Bay&compare=last_year")
    said = card(page, "Customer satisfaction").inner_text()
    ask(page, "card--csat")
    expect(dialog(page).get_by_role("heading", level=1)).to_contain_text(f"{said} = ")
    expect(dialog(page).get_by_text("Q3 2026 · Asterion, Cobalt Bay")).to_be_visible()
    expect(dialog(page).get_by_test_id("stDataFrame")).to_have_count(2)
    dialog(page).get_by_role("button", name="Definition of this KPI").click()
    expect(page).to_have_url(re.compile(r"/definitions\?"))
    expect(page.get_by_text("Formula").first).to_be_visible()
    expect(dialog(page)).to_have_count(0)
    settled(page)
    assert link(page)["vendor"] == ["Asterion", "Cobalt Bay"]
    assert (link(page)["kpi"], link(page)["compare"]) == (["csat"], ["last_year"])
    assert not errors


def test_a_row_of_the_report_leads_to_its_trend(server: Dashboard, page: Page) -> None:
    opened(page, f"{server.address}/performance_report?scope=Meridiem")
    row_way(page, "Meridiem", "attrition", "Where does this number come from?")
    expect(dialog(page).get_by_text(EXACTLY)).to_be_visible()
    expect(dialog(page).get_by_text("Attrition, annualised · Q3 2026 · Meridiem")).to_be_visible()
    dialog(page).get_by_role("button", name="Trend").click()
    expect(line_above(page)).to_contain_text("Attrition, annualised, Meridiem")


def test_a_grid_cell_leads_to_its_rows_in_two_clicks(server: Dashboard, page: Page) -> None:
    opened(page, f"{server.address}/performance_report")
    click_corner(page, "grid", ["Cobalt Bay", "service_level"])
    expect(line_above(page)).to_contain_text("Service level, Cobalt Bay")
    settled(page)
    page.get_by_role("button", name="Where does this number come from?").click()
    expect(dialog(page).get_by_text(EXACTLY)).to_be_visible()
    expect(dialog(page).get_by_text("Service level · Sep 2026 · Cobalt Bay")).to_be_visible()
    dialog(page).get_by_role("button", name="Read acd_daily.csv").click()
    expect(dialog(page).get_by_text("rows of these periods and places")).to_be_visible()
    expect(dialog(page).get_by_test_id("stDataFrame")).to_have_count(3)


@pytest.mark.parametrize("look", ["phone"])
def test_a_point_of_a_trend_is_asked_about_by_a_plain_click(server: Dashboard, page: Page, look: str) -> None:
    opened(page, f"{server.address}/trends?kpi=csat")
    click_point(page, "trend-", "2026-03-01")
    expect(dialog(page).get_by_text("Customer satisfaction · Mar 2026 · all vendors")).to_be_visible()
    expect(dialog(page).get_by_text(EXACTLY)).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog(page)).to_have_count(0)
    expect(chart(page, "trend-")).to_be_visible()


def test_a_number_of_the_table_is_asked_about_by_a_click(server: Dashboard, page: Page) -> None:
    opened(page, f"{server.address}/trends?kpi=csat")
    table = page.get_by_test_id("stDataFrame").locator("canvas").first
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    assert box
    page.mouse.click(box["x"] + 250, box["y"] + 34 + 3 * 34 + 17)
    expect(dialog(page).get_by_text("Customer satisfaction · Jun 2026 · all vendors")).to_be_visible()
    expect(dialog(page).get_by_text(EXACTLY)).to_be_visible()


def test_a_risk_cell_leads_to_its_rows_in_two_clicks(server: Dashboard, page: Page) -> None:
    opened(page, f"{server.address}/risk_heatmap")
    click_corner(page, "heatmap", ["Asterion", "csat"])
    expect(page.get_by_text("Why this cell")).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Where from").click()
    expect(dialog(page).get_by_text("Customer satisfaction · Q3 2026 · Asterion")).to_be_visible()
    expect(dialog(page).get_by_text(EXACTLY)).to_be_visible()


def test_the_corner_of_a_coverage_cell_lists_what_is_in_it(server: Dashboard, page: Page) -> None:
    opened(page, f"{server.address}/batches_and_quality")
    click_corner(page, "coverage", ["Meridiem", "2025-11-01"])
    expect(page.get_by_text("Meridiem, Nov 2025: 73 % there")).to_be_visible()
    settled(page)
    assert (link(page)["cell_vendor"], link(page)["cell_month"]) == (["Meridiem"], ["2025-11"])


def test_a_batch_is_undone_after_its_preview(demo_copy: Path, fresh_server: Callable[[Path], Dashboard], page: Page) -> None:
    errors = watch_console(page)
    server = fresh_server(demo_copy)
    opened(page, f"{server.address}/trends?vendor=Northline&kpi=service_level&period=2026-Q1")
    assert path(page) == "/trends"
    before = headline(page).inner_text()
    opened(page, f"{server.address}/batches_and_quality?batch=b0002")
    page.get_by_role("button", name="Undo this batch").click()
    expect(dialog(page).get_by_text("9 published numbers would change. 60 rows leave.")).to_be_visible()
    dialog(page).get_by_role("button", name="Undo b0002 now").click()
    expect(page.get_by_text("b0002 (acd_correction_northline.csv) is undone.")).to_be_visible()
    expect(dialog(page)).to_have_count(0)
    expect(page.get_by_text("Numbers this batch changed")).to_be_visible()
    expect(page.get_by_test_id("stSidebar")).to_contain_text("version 2")
    opened(page, f"{server.address}/trends?vendor=Northline&kpi=service_level&period=2026-Q1")
    assert headline(page).inner_text() != before
    assert not errors
