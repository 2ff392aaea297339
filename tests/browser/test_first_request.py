"""A copied link opened as the first request of a server nobody has visited."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from analytics.serving import Dashboard

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("trends", "Trends"),
        ("definitions", "Definitions"),
        ("batches_and_quality", "Batches and quality"),
    ],
)
def test_a_deep_link_as_first_request_shows_its_page_and_no_dialog(
    fresh_server: Callable[[], Dashboard], page: Page, path: str, title: str
) -> None:
    page.goto(f"{fresh_server().address}/{path}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page).to_have_title(re.compile(f"^{title} · "))
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("alert")).to_have_count(0)
