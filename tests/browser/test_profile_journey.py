"""From the report's attention line to the watermelon's profile, its neighbour, and back."""

import pytest
from playwright.sync_api import Page, expect

from analytics.serving import Dashboard
from tests.browser.steps import headline, line_above, link, opened, path, settled, watch_console

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_the_watermelon_is_found_from_the_report(server: Dashboard, page: Page) -> None:
    errors = watch_console(page)
    opened(page, f"{server.address}/performance_report")
    expect(page.get_by_text("Asterion met all four targets on speed, but").first).to_be_visible()
    page.get_by_role("button", name="Profile of Asterion").click()
    expect(headline(page)).to_contain_text("Asterion is a watermelon: green on speed, concern on four outcomes.")
    expect(page.get_by_text("Watermelon: green outside, red inside.")).to_be_visible()
    settled(page)
    assert path(page) == "/vendor_profile"
    assert link(page)["profile"] == ["Asterion"]
    page.get_by_test_id("stMain").locator('[class*="st-key-Next-vendor"] button').first.click()
    expect(line_above(page)).to_contain_text("Cobalt Bay")
    settled(page)
    assert link(page)["profile"] == ["Cobalt Bay"]
    page.go_back()
    expect(line_above(page)).to_contain_text("Asterion")
    assert not errors
