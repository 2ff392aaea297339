"""Vendors side by side, in the browser: from all ranks to one KPI, from its chart to the vendor and back, nothing lost."""

import pytest
from playwright.sync_api import Page, expect

from analytics.serving import Dashboard
from tests.browser.steps import chart, click_corner, headline, line_above, link, opened, path, place, settled, watch_console

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("look", ["phone"])
def test_from_all_ranks_to_one_kpi_to_the_vendor_and_back(server: Dashboard, page: Page, look: str) -> None:
    errors = watch_console(page)
    opened(page, f"{server.address}/vendor_comparison?mix=measured&channel=voice")
    click_corner(page, "ranks", ["Cobalt Bay", "service_level"])
    expect(line_above(page)).to_contain_text("Vendor comparison · Service level")
    settled(page)
    assert (link(page)["kpi"], link(page)["mix"], link(page)["channel"]) == (["service_level"], ["measured"], ["voice"])
    said = headline(page).inner_text()
    assert said == headline(opened(page, page.url)).inner_text()

    member = chart(page, "intervals").evaluate("chart => chart._fullData.at(-1).customdata[0]")
    x, y = place(page, "intervals", member)
    page.mouse.click(x, y)
    expect(line_above(page)).to_contain_text(f"Vendor profile · {member[0]}")
    settled(page)
    assert path(page) == "/vendor_profile" and link(page)["channel"] == ["voice"]
    page.go_back()
    expect(headline(page)).to_have_text(said)
    assert not errors
