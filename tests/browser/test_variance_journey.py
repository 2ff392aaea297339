"""Why a KPI moved, in the browser: from the report to the parts, into one of them and back, with sums that can be checked on screen."""

from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from analytics.serving import Dashboard
from tests.browser.steps import card, chart, headline, line_above, link, opened, path, place, row_way, settled, watch_console

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NUMBERS = "chart => chart.layout.annotations.filter(note => note.xanchor === 'right').map(note => note.text)"


def printed(page: Page) -> list[Decimal]:
    """The numbers of the waterfall, from its start to its end."""
    texts = chart(page, "waterfall").evaluate(NUMBERS)
    return [Decimal(text.replace("<b>", "").partition(" ")[0]) for text in texts]


def assert_adds_up(page: Page) -> None:
    """Start and parts are the end; the parts are the change in the headline."""
    numbers = printed(page)
    assert sum(numbers[:-1]) == numbers[-1]
    change = sum(numbers[1:-1], Decimal())
    expect(headline(page)).to_contain_text(f"({'+' if change > 0 else ''}{change.normalize():f} pp)")


def click_row(page: Page, member: str) -> None:
    """Click in the row of a member, at the left edge of the plot and far from its bar."""
    left = chart(page, "waterfall").evaluate("chart => chart.getBoundingClientRect().x + chart._fullLayout.xaxis._offset")
    page.mouse.click(left + 4, place(page, "waterfall", [member, "member"])[1])


@pytest.mark.parametrize("look", ["phone"])
def test_from_the_report_to_the_site_behind_the_change_and_back(server: Dashboard, page: Page, look: str) -> None:
    errors = watch_console(page)
    opened(page, f"{server.address}/trends?kpi=service_level")
    page.get_by_role("button", name="Why did it move?").click()
    expect(line_above(page)).to_contain_text("Variance · Service level · Q3 2026 against Q2 2026")
    settled(page)
    assert path(page) == "/variance"
    said = headline(page).inner_text()
    assert_adds_up(page)

    click_row(page, "Cobalt Bay")
    expect(headline(page)).to_contain_text("Service level of Cobalt Bay fell")
    settled(page)
    assert (link(page)["within"], link(page)["by"]) == (["vendor=Cobalt Bay"], ["site"])
    assert_adds_up(page)
    inside = headline(page).inner_text()
    elsewhere = opened(page, page.url)
    expect(headline(elsewhere)).to_have_text(inside)

    page.get_by_role("button", name="All vendors").click()
    expect(headline(page)).to_have_text(said)
    assert not errors


def test_a_row_of_the_report_leads_there_in_two_clicks_with_its_vendor(server: Dashboard, page: Page) -> None:
    opened(page, f"{server.address}/performance_report?scope=Cobalt+Bay&channel=voice")
    row_way(page, "Cobalt Bay", "service_level", "Why did it move?")
    expect(line_above(page)).to_contain_text("Variance · Service level · Q3 2026 against Q2 2026 · Cobalt Bay · voice")
    settled(page)
    assert (link(page)["vendor"], link(page)["channel"], link(page)["by"]) == (["Cobalt Bay"], ["voice"], ["site"])
    assert_adds_up(page)


def test_a_number_of_the_report_leads_to_what_moved_it(server: Dashboard, page: Page) -> None:
    opened(page, f"{server.address}/performance_report?compare=last_year")
    expect(card(page, "First contact resolution")).to_be_visible()
    page.locator('[class*="st-key-origin-card--first_contact_resolution"] button:visible').first.click()
    page.get_by_role("dialog").get_by_role("button", name="Why did it move?").click()
    expect(line_above(page)).to_contain_text("Variance · First contact resolution · Q3 2026 against Q3 2025")
    expect(headline(page)).to_contain_text("Asterion's own rate accounts for -0.7 pp")
    settled(page)
    assert_adds_up(page)
    page.get_by_role("button", name="Where does 85 % come from?").click()
    expect(page.get_by_role("dialog").get_by_role("heading", level=1)).to_contain_text("85 % = ")
