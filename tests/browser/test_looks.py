"""Every page in light, dark and at the width of a phone."""

import pytest
from playwright.sync_api import Page, expect

from analytics.charts.theme import theme_for
from analytics.serving import Dashboard
from tests.browser.steps import headline, opened, watch_console

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Each page with the last of its parts to appear.
PAGES = {
    "": '[class*="st-key-review-risks-"] .main-svg',
    "performance_report": '[class*="st-key-grid-"] .main-svg',
    "vendor_profile": '[class*="st-key-small-"] .main-svg',
    "trends": '[data-testid="stDataFrame"] canvas',
    "variance": '[data-testid="stDataFrame"] canvas',
    "vendor_comparison": '[class*="st-key-sites-"] .main-svg',
    "risk_matrix": '[class*="st-key-matrix-"] .main-svg',
    "risk_heatmap": '[class*="st-key-heatmap-"] .main-svg',
    "upload": '[data-testid="stFileUploader"]',
    "targets": '[data-testid="stDataFrame"] canvas',
    "definitions": 'button:has-text("Trend")',
    "batches_and_quality": '[class*="st-key-coverage-"] .main-svg',
}
FONT = "Hanken Grotesk"


@pytest.mark.parametrize("look", ["light", "dark", "phone"])
def test_every_page_fits_and_is_complete(server: Dashboard, page: Page, look: str) -> None:
    errors = watch_console(page)
    shown = list(PAGES.items())[{"light": 0, "dark": 1, "phone": 0}[look] :: 1 if look == "phone" else 2]  # on a phone all, else in turn
    for path, part in shown:
        opened(page, f"{server.address}/{path}")
        expect(page.locator(part).first).to_be_visible()
        expect(headline(page)).to_be_in_viewport()
        expect(page.get_by_test_id("stException")).to_have_count(0)
        width, room = page.get_by_test_id("stMain").evaluate("main => [main.scrollWidth, main.clientWidth]")
        assert width <= room, f"/{path} scrolls sideways in {look}: {width} px in {room}"
        ground = page.get_by_test_id("stApp").evaluate("app => getComputedStyle(app).backgroundColor")
        assert ground == rgb(theme_for("dark" if look == "dark" else "light").page), f"/{path} in {look}"
    loaded = page.evaluate("[...document.fonts].filter(font => font.status === 'loaded').map(font => font.family)")
    assert FONT in loaded
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily").startswith(f'"{FONT}"')
    assert not errors


def rgb(colour: str) -> str:
    """'#FFFFFF' as the browser says it: 'rgb(255, 255, 255)'."""
    parts = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgb({', '.join(map(str, parts))})"


@pytest.mark.parametrize("look", ["phone"])
def test_on_a_phone_the_verdict_and_two_cards_a_row_come_first(server: Dashboard, page: Page, look: str) -> None:
    opened(page, server.address)
    expect(page.get_by_test_id("stMetric")).to_have_count(6)
    boxes = [card.bounding_box() for card in page.get_by_test_id("stMetric").all()]
    places = [(box["x"], box["y"]) for box in boxes if box]
    assert len(places) == 6
    assert places[0][1] == pytest.approx(places[1][1], abs=2)
    assert places[0][0] < places[1][0]
    assert places[2][1] > places[0][1]
