"""An export nobody has described: from dropping it to its scorecard in at most a minute and six clicks, without a stored recipe."""

import re
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest
from playwright.sync_api import Locator, Page, expect

from analytics.serving import Dashboard
from tests.browser.steps import headline, opened, settled, watch_console

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LIST_CLOSES = 1_500  # ms
MOST_CLICKS, MOST_SECONDS = 6, 60
CALLS = 600


def export(folder: Path, name: str, header: str, days: int, words: tuple[str, str], separator: str = ";") -> Path:
    """Calls of March 2026 as a telephone system writes them: D/M/Y dates, h:mm:ss durations; every ninth call is lost.

    Of the answered calls of a partner those with less than 21 of 0, 3, 6 ... 42 seconds in the queue are in time.
    """
    lines = [header]
    for number in range(CALLS):
        lost = number % 9 == 0
        cells = (
            f"{1 + number % days:02}/03/2026 {8 + number % 9:02}:{number % 60:02}:{number * 7 % 60:02}",
            ("Brightline", "Castor Care")[number % 2],
            ("Billing", "Claims", "Technical")[number % 3],
            f"0:00:{number * 3 % 45:02}",
            "0:00:00" if lost else f"0:0{3 + number % 4}:{number * 11 % 60:02}",
            words[1] if lost else words[0],
        )
        lines.append(separator.join(cells))
    path = folder / name
    path.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8")
    return path


class Visitor:
    """Somebody who counts clicks and looks at the clock."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks, self.start = page, 0, 0.0

    def drop(self, file: Path) -> None:
        """Choosing a file is one click: it opens the browser's own window."""
        self.start = monotonic()
        with self.page.expect_file_chooser() as chooser:
            self.click(self.page.get_by_test_id("stFileUploaderDropzone"))
        chooser.value.set_files(file)

    def click(self, target: Locator) -> None:
        target.click()
        self.clicks += 1

    def choose(self, column: str, meaning: str) -> None:
        """Correct a column with its select box: one click opens it, one chooses."""
        settled(self.page)  # a list that opens while the page is still being drawn closes again
        self.click(self.page.get_by_role("combobox", name=column))
        option = self.page.get_by_role("option", name=meaning, exact=True)
        self.click(option)
        self.page.wait_for_timeout(LIST_CLOSES)
        if option.count():  # the list was drawn anew under the pointer: a person sees it and clicks again
            option.click()
        expect(option).to_have_count(0)
        settled(self.page)

    def see_scorecard(self) -> None:
        """The last click; then the report of this file must be there in time."""
        self.click(self.page.get_by_role("button", name="See its scorecard"))
        main = self.page.get_by_test_id("stMain")
        expect(main).to_contain_text("You are looking at")
        expect(main).to_contain_text("Performance report · Q1 2026")
        expect(self.page.get_by_test_id("stMetricValue").first).to_have_text("40 %")
        settled(self.page)
        assert self.clicks <= MOST_CLICKS, f"{self.clicks} clicks"
        assert monotonic() - self.start <= MOST_SECONDS


@pytest.fixture
def visitor(tmp_path: Path, fresh_server: Callable[[Path], Dashboard], page: Page) -> Visitor:
    opened(page, f"{fresh_server(tmp_path / 'warehouse').address}/upload")
    return Visitor(page)


def test_a_file_without_questions_is_two_clicks_away_from_its_scorecard(visitor: Visitor, page: Page, tmp_path: Path) -> None:
    errors = watch_console(page)
    visitor.drop(export(tmp_path, "march.csv", "Call Start;Outsourcer;Queue;Wait Time;Talk Time;Disposition", 28, ("Answered", "Hung up")))
    expect(headline(page)).to_have_text("Contacts of 2 vendors, 1 Mar 2026 to 28 Mar 2026: all 600 rows can be kept.")
    expect(page.get_by_test_id("stMain")).to_contain_text("One row is one contact · 600 rows · UTF-8 · semicolon between cells")
    visitor.see_scorecard()
    assert visitor.clicks == 2
    assert not (tmp_path / "warehouse" / "recipes").exists()
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_test_id("stMain")).to_contain_text("march.csv is stored as b0001: 600 rows accepted.")
    assert not errors


def test_what_the_file_leaves_open_is_asked_with_its_own_values(visitor: Visitor, page: Page, tmp_path: Path) -> None:
    header = "Call Time,Partner,Destination,Ringing,Talking,Status"
    visitor.drop(export(tmp_path, "pbx.csv", header, 12, ("Answered", "Unanswered"), ","))
    expect(headline(page)).to_have_text("One question is open before this file can be kept.")
    expect(page.get_by_text(re.compile("01/03/2026 08:00:00 is 1 March 2026, 02/03/2026 09:01:07 is 2 March 2026"))).to_be_visible()
    expect(page.get_by_role("button", name="See its scorecard")).to_have_count(0)
    visitor.click(page.get_by_text("Day first"))
    expect(headline(page)).to_contain_text("all 600 rows can be kept")
    visitor.see_scorecard()
    assert visitor.clicks == 3


def test_columns_in_nobodys_words_are_named_with_select_boxes(visitor: Visitor, page: Page, tmp_path: Path) -> None:
    visitor.drop(export(tmp_path, "own.csv", "Logged;Partner;Desk;Lingered;Chatted;Outcome", 28, ("Answered", "Hung up")))
    expect(headline(page)).to_contain_text("These column names are new here")
    visitor.choose("Lingered", "Queue time of answered contacts")
    visitor.choose("Chatted", "Talk time")
    expect(headline(page)).to_contain_text("all 600 rows can be kept")
    visitor.see_scorecard()
