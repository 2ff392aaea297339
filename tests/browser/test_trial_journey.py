"""A public file is dropped, reviewed alone and beside what is stored, and kept; another visitor sees nothing of it before."""

from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

import pytest
from playwright.sync_api import Browser, Page, expect

from analytics.serving import Dashboard
from tests.browser.steps import line_above, link, opened, settled, watch_console

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NHS = Path(__file__).resolve().parents[2] / "data" / "sample" / "nhs111_providers_2015-16.csv"
PATIENCE_SECONDS = 10
BANNER = "You are looking at nhs111_providers_2015-16.csv, not stored"


def test_drop_review_both_keep(demo_copy: Path, fresh_server: Callable[[Path], Dashboard], page: Page, browser: Browser) -> None:
    errors = watch_console(page)
    address = fresh_server(demo_copy).address
    opened(page, f"{address}/upload")
    page.locator('input[type="file"]').set_input_files(NHS)
    page.get_by_role("button", name="See its scorecard").click()
    main = page.get_by_test_id("stMain")
    expect(main).to_contain_text(BANNER)
    expect(main).to_contain_text("Q1 2016")
    page.get_by_test_id("stSidebar").get_by_text("both, as after Keep").click()
    expect(main).to_contain_text(f"{BANNER} together with what is stored.")
    settled(page)
    assert not {"source", "source-choice"} & link(page).keys()
    other = browser.new_page()
    expect(opened(other, address).get_by_test_id("stMain")).not_to_contain_text("You are looking at")
    other.close()
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(main).to_contain_text("is stored as")
    expect(main).not_to_contain_text("You are looking at")
    settled(page)
    expect(line_above(page)).to_be_visible()
    assert not errors


def test_the_end_of_a_visit_throws_its_copy_away(
    tmp_path: Path, fresh_server: Callable[[Path], Dashboard], page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = tmp_path / "copies"
    copies.mkdir()
    monkeypatch.setenv("TMPDIR", str(copies))
    opened(page, f"{fresh_server(tmp_path / 'warehouse').address}/upload")
    page.locator('input[type="file"]').set_input_files(NHS)
    page.get_by_role("button", name="See its scorecard").click()
    expect(page.get_by_test_id("stMain")).to_contain_text("Q1 2016")
    settled(page)
    assert list(copies.glob("bpo-copy-*"))
    page.goto("about:blank")
    until = monotonic() + PATIENCE_SECONDS
    while list(copies.glob("bpo-copy-*")) and monotonic() < until:
        sleep(0.1)
    assert not list(copies.glob("bpo-copy-*"))
