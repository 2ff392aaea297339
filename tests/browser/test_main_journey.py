"""From the number to its reason: filter, grid, trend, link, definition, and back."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from analytics.serving import Dashboard
from tests.browser.steps import card, chart, choose, click_corner, drag, headline, line_above, link, opened, path, settled, watch_console

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_filter_drill_down_and_the_copied_link_on_a_fresh_server(
    server: Dashboard, fresh_server: Callable[[], Dashboard], page: Page
) -> None:
    errors = watch_console(page)
    opened(page, f"{server.address}/performance_report?compare=last_year")
    satisfaction = card(page, "Customer satisfaction")
    expect(satisfaction).to_have_text("92 %")
    choose(page, "Vendor", "Cobalt Bay")
    expect(satisfaction).not_to_have_text("92 %")
    expect(line_above(page)).to_contain_text("Cobalt Bay")
    settled(page)

    click_corner(page, "grid", ["Cobalt Bay", "service_level"])
    expect(line_above(page)).to_contain_text("Service level, Cobalt Bay")
    settled(page)
    assert path(page) == "/trends"
    assert link(page) == {
        "period": ["2026-Q3"],
        "compare": ["last_year"],
        "vendor": ["Cobalt Bay"],
        "kpi": ["service_level"],
    }
    said, copied = headline(page).inner_text(), page.url

    elsewhere = opened(page, copied.replace(server.address, fresh_server().address))
    expect(headline(elsewhere)).to_have_text(said)
    expect(line_above(elsewhere)).to_contain_text("Service level, Cobalt Bay")
    expect(elsewhere.get_by_role("dialog")).to_have_count(0)
    expect(chart(elsewhere, "trend-")).to_be_visible()
    assert not errors


def test_two_clicks_from_a_number_to_rows_and_definition_and_back(server: Dashboard, page: Page) -> None:
    opened(page, f"{server.address}/performance_report?vendor=Asterion&vendor=Cobalt+Bay")
    click_corner(page, "grid", ["Asterion", "csat"])
    expect(line_above(page)).to_contain_text("Customer satisfaction, Asterion")
    settled(page)
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    expect(page.get_by_text("The numbers behind it")).to_be_visible()

    page.get_by_role("button", name="Definition of this KPI").click()
    expect(page.get_by_text("Formula").first).to_be_visible()
    expect(page).to_have_url(re.compile(r"/definitions\?"))
    settled(page)
    assert link(page)["vendor"] == ["Asterion"]
    assert link(page)["kpi"] == ["csat"]

    page.go_back()
    expect(line_above(page)).to_contain_text("Customer satisfaction, Asterion")
    settled(page)
    page.go_back()
    expect(line_above(page)).to_contain_text("Performance report")
    expect(line_above(page)).to_contain_text("Asterion, Cobalt Bay")


def test_a_range_dragged_over_the_trend_is_in_the_link_until_it_is_left(server: Dashboard, page: Page) -> None:
    opened(page, f"{server.address}/trends?kpi=csat")
    page.get_by_role("button", name="Choose a range").click()
    expect(page.get_by_text("Drag over the chart from the first period to the last.")).to_be_visible()
    settled(page)
    drag(page, "trend-", ["2026-01-01"], ["2026-06-01"])
    expect(line_above(page)).to_contain_text("Jan 2026 to Jun 2026")
    settled(page)
    assert (link(page)["from"], link(page)["to"]) == (["2026-01-01"], ["2026-06-30"])
    page.get_by_role("button", name="Whole range").click()
    expect(line_above(page)).to_contain_text("Oct 2024 to Sep 2026")
    settled(page)
    assert "from" not in link(page)


def test_the_corner_of_a_risk_cell_lists_its_risks(server: Dashboard, page: Page) -> None:
    opened(page, f"{server.address}/risk_matrix")
    expect(page.get_by_text("Cell 4 x 5: one risk")).to_be_visible()
    click_corner(page, "matrix", [3, 4])
    expect(page.get_by_text("Cell 3 x 4: one risk")).to_be_visible()
    expect(page.get_by_text("Service Disruption").first).to_be_visible()
    settled(page)
    assert link(page)["cell"] == ["3x4"]


def test_the_corner_of_a_heatmap_cell_shows_its_reasons(server: Dashboard, page: Page) -> None:
    opened(page, f"{server.address}/risk_heatmap")
    click_corner(page, "heatmap", ["Asterion", "csat"])
    expect(page.get_by_text("Why this cell")).to_be_visible()
    expect(page.get_by_text("Signal +1 · concern in Sep 2026").first).to_be_visible()
    settled(page)
    assert (link(page)["cell_vendor"], link(page)["cell_kpi"]) == (["Asterion"], ["csat"])
