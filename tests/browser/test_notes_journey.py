"""A note from a point of a chart, in the browser: clicked, written, on the chart and in the list, new limits from an event on."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from analytics.serving import Dashboard
from tests.browser.steps import chart, click_point, link, opened, settled, watch_console

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WORDS = 'Answered late <img src=x onerror="document.title=1"> **not bold** $y$'
RINGED = "chart => chart.data.filter(trace => trace.mode === 'markers+text').flatMap(trace => trace.text)"


def test_a_note_is_written_from_a_point_and_the_limits_start_anew(
    fresh_server: Callable[[Path], Dashboard], demo_copy: Path, page: Page
) -> None:
    errors = watch_console(page)
    opened(page, f"{fresh_server(demo_copy).address}/trends?kpi=csat&vendor=Northline")
    click_point(page, "trend-", "2026-05-10")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Notes on this number").click()
    dialog.get_by_label("New note, up to 500 characters").fill(WORDS)
    dialog.get_by_label("Your name").fill("N. T.")
    dialog.get_by_role("button", name="Save the note").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_text(WORDS)).to_be_visible()
    expect(page.get_by_text("The note is stored as")).to_be_visible()
    settled(page)
    assert chart(page, "trend-").evaluate(RINGED) == ["1"]

    page.get_by_role("button", name="Limits and comparison").click()
    page.get_by_role("radio", name="The same months last year").click()
    expect(page.get_by_text("Thin line: the same months last year, whole months only")).to_be_visible()
    settled(page)
    assert link(page)["beside"] == ["last_year"]
    assert not errors
