"""As an executive: open, read the headline, ask why, come back, take the slides away."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pptx import Presentation

from analytics.serving import Dashboard
from tests.browser.steps import click_corner, headline, line_above, opened, settled, watch_console

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SECONDS_TO_BUILD = 60_000


def test_the_headline_the_reason_and_the_slides(server: Dashboard, page: Page) -> None:
    errors = watch_console(page)
    opened(page, server.address)
    expect(line_above(page)).to_contain_text("Quarterly review · Q3 2026, July to September")
    shown = " ".join(headline(page).inner_text().split())  # on screen a number is held to its unit by a blank that never breaks
    said = shown.replace("\u2060", "")  # and '<' to '=' by a sign of no width
    assert len(said) <= 160
    parts = [
        page.get_by_test_id("stMetric").last,
        page.locator('[class*="st-key-review-grid"]'),
        page.get_by_role("button", name="Why").last,
    ]
    for part in parts:
        expect(part).to_be_in_viewport()

    page.get_by_role("button", name="Why").first.click()
    expect(line_above(page)).to_contain_text("Variance")
    settled(page)
    page.go_back()
    expect(headline(page)).to_have_text(shown)
    settled(page)

    click_corner(page, "review-grid", ["Cobalt Bay", "service_level"])
    expect(line_above(page)).to_contain_text("Service level, Cobalt Bay")
    settled(page)
    page.go_back()
    settled(page)

    page.get_by_role("button", name="Download pack").click()
    save = page.get_by_role("dialog").get_by_role("button", name=re.compile("PowerPoint to present"))
    expect(save).to_be_visible(timeout=SECONDS_TO_BUILD)
    with page.expect_download() as saving:
        save.click()
    assert re.fullmatch(r"quarterly-review-2026-Q3-executive-5-of-5-vendors-\d{4}-\d\d-\d\d\.pptx", saving.value.suggested_filename)
    slides = Presentation(BytesIO(Path(saving.value.path()).read_bytes())).slides
    texts = [shape.text_frame.text for shape in slides[0].shapes if shape.has_text_frame]
    assert any(said in text for text in texts)
    assert not errors
