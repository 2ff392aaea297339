"""What a visitor does and sees: open, read, click a cell's corner, drag over a chart."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import ConsoleMessage, Locator, Page, expect

# Where a deep link is opened Streamlit first asks for these beneath the page's own path; it then finds them at the root.
KNOWN_404 = ("/_stcore/health", "/_stcore/host-config")
CORNER = 0.45
_PLACE = """
(chart, [target, share]) => {
  const layout = chart._fullLayout, box = chart.getBoundingClientRect();
  for (const trace of chart._fullData) {
    const day = target.length === 1 && trace.hovertemplate ? layout.xaxis.d2c(target[0]) : null;
    const at = day === null
      ? (trace.customdata || []).findIndex(row => target.every((part, index) => row[index] === part))
      : chart.calcdata[trace.index].findIndex(point => point.x >= day);
    if (at < 0) continue;
    const {x, y} = chart.calcdata[trace.index][at];
    return [box.x + layout.xaxis._offset + layout.xaxis.c2p(x + share), box.y + layout.yaxis._offset + layout.yaxis.c2p(y + share)];
  }
}
"""


def opened(page: Page, address: str) -> Page:
    """Open a link and wait until its page is drawn."""
    page.goto(address)
    settled(page)
    return page


def settled(page: Page) -> None:
    """Wait until there is a headline and nothing runs any more."""
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def headline(page: Page) -> Locator:
    """The sentence a page opens with."""
    return page.get_by_role("heading", level=1)


def line_above(page: Page) -> Locator:
    """The line over the headline: page, period, filters."""
    return page.get_by_test_id("stMain").get_by_test_id("stMarkdown").first


def card(page: Page, label: str) -> Locator:
    """The value on the card with this label."""
    return page.get_by_test_id("stMetric").filter(has_text=label).get_by_test_id("stMetricValue")


def chart(page: Page, key: str) -> Locator:
    """The chart whose key starts with `key`."""
    return page.locator(f'[class*="st-key-{key}"] .js-plotly-plot')


def place(page: Page, key: str, target: list[Any], share: float = 0.0) -> tuple[float, float]:
    """Where the point with this customdata, or the first one after this day, is on screen, moved by a share of a cell right and up."""
    plot = chart(page, key)
    plot.scroll_into_view_if_needed()
    expect(plot.locator(".main-svg").first).to_be_visible()
    x, y = plot.evaluate(_PLACE, [target, share])
    return x, y


def click_corner(page: Page, key: str, target: list[Any]) -> None:
    """Click near the corner of the cell that returns `target`, far from the point in its middle."""
    page.mouse.click(*place(page, key, target, CORNER))


def click_point(page: Page, key: str, day: str) -> None:
    """Click the first point of a time chart after a day."""
    page.mouse.click(*place(page, key, [day]))


def row_way(page: Page, vendor: str, kpi: str, way: str) -> None:
    """Take one of the ways in the menu of a row."""
    page.locator(f'[class*="st-key-ways-{vendor.replace(" ", "-")}-{kpi}"] button:visible').first.click()
    page.get_by_role("menuitem", name=way).click()


def drag(page: Page, key: str, first: list[Any], last: list[Any]) -> None:
    """Drag over a chart from just before one point to just behind another."""
    (start, y), (end, _) = place(page, key, first), place(page, key, last)
    page.mouse.move(start - 8, y)
    page.mouse.down()
    page.mouse.move((start + end) / 2, y, steps=4)
    page.mouse.move(end + 8, y, steps=4)
    page.mouse.up()


def choose(page: Page, label: str, option: str) -> None:
    """Choose an option of a filter in the sidebar."""
    field = page.get_by_test_id("stSidebar").get_by_role("combobox", name=label)
    field.click()
    field.fill(option)
    page.get_by_role("option", name=option).first.click()
    page.keyboard.press("Escape")


def link(page: Page) -> dict[str, list[str]]:
    """Names and values in the address bar."""
    return parse_qs(urlsplit(page.url).query)


def path(page: Page) -> str:
    """The page's place in the address bar."""
    return urlsplit(page.url).path


def watch_console(page: Page) -> list[str]:
    """Collects what the browser reports as errors, without the two questions Streamlit asks at the wrong place first."""
    errors: list[str] = []

    def note(message: ConsoleMessage) -> None:
        known = urlsplit(message.location.get("url", "")).path.endswith(KNOWN_404)
        if message.type == "error" and not known:
            errors.append(f"{message.text} {message.location.get('url', '')}")

    page.on("console", note)
    page.on("pageerror", lambda problem: errors.append(str(problem)))
    return errors
