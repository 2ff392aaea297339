"""A public file is dropped, looked at, kept, and seen."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from analytics.serving import Dashboard
from tests.browser.steps import headline, line_above, link, opened, settled, watch_console

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NHS = Path(__file__).resolve().parents[2] / "data" / "sample" / "nhs111_providers_2015-16.csv"


def test_a_public_file_is_read_kept_and_shown(demo_copy: Path, fresh_server: Callable[[Path], Dashboard], page: Page) -> None:
    errors = watch_console(page)
    opened(page, f"{fresh_server(demo_copy).address}/upload")
    page.locator('input[type="file"]').set_input_files(NHS)
    expect(headline(page)).to_have_text("Totals of 46 vendors, Apr 2015 to Mar 2016: all 534 rows can be kept.")
    expect(line_above(page)).to_contain_text("read by the recipe nhs111 · 534 rows read, 0 refused")
    page.get_by_role("button", name="Keep 534 rows").click()
    expect(headline(page)).to_contain_text("534 rows accepted")
    page.get_by_role("button", name="See its KPIs").click()
    expect(line_above(page)).to_contain_text("Q1 2016")
    settled(page)
    assert link(page)["period"] == ["2016-Q1"]
    expect(page.get_by_test_id("stMain")).to_contain_text("Service level")
    assert not errors
