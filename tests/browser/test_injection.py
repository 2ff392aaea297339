"""Names, headers, file names and cells that try to be markup, scripts, links or formulas: text on every page, and in every download.

One server, one warehouse: everything in it is hostile, registers and refused rows too.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from analytics.intake import Status, load_files, parse_recipe
from analytics.serving import start_dashboard
from analytics.warehouse import Warehouse
from tests.browser.conftest import free_port
from tests.browser.steps import headline, opened, settled

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RUN = "window.__xss=1"
BEACON = "http://127.0.0.1:9/beacon.png"
STRINGS = (
    f"<script>{RUN}</script>", f"<img src=x onerror={RUN}>", f"<svg onload={RUN}>", f'"><script>{RUN}</script>',
    f"<b onmouseover={RUN}>x</b>",
    f"<iframe src=javascript:{RUN}>", f"<a href=javascript:{RUN}>go</a>", f"<details open ontoggle={RUN}>",
    f"<style>@import'{BEACON}'</style>",
    f"<link rel=stylesheet href={BEACON}>", f"<img src={BEACON}>", f"<image href={BEACON}>", "<h1>headline</h1>", "</div></div>",
    "<!-- gone",
    "<b>bold</b><br>", "&lt;script&gt;", "&#60;b&#62;", f"![x]({BEACON})", f"[Manila](javascript:{RUN})", f"[Cebu]({BEACON})",
    f"[![x]({BEACON})](javascript:{RUN})", f"<{BEACON}>", "http://evil.example/x", "www.evil.example", "mailto:a@evil.example",
    "**bold** _slanted_ ~~gone~~", "# headline", "- item", "1. item", "> quoted", "`code`", "$x^2$ and $$y$$", ":red[warm] :rocket:",
    ":material/delete:", "| a | b |", "{{7*7}} ${7*7} %s {0} %{x}", "x'; DROP TABLE batches; --", '=HYPERLINK("http://evil.example","x")',
    "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1)",
)  # fmt: skip
RECIPE = """shape = "aggregates"
source = "acd"
[dimensions]
period_start = {column = "Date", grain = "month"}
vendor = {column = "Vendor"}
site = {column = "Site"}
lob = {column = "Line"}
[measures]
contacts_offered = {column = "Offered"}
contacts_handled = {column = "Handled"}
handle_seconds = {column = "Seconds", unit = "seconds"}
answered_within_threshold = {column = "Fast"}
contacts_abandoned = {column = "Abandoned"}
"""
OWN = """[[measures]]
id = "own_zeros"
label = "Zeros"
kind = "count"
definition = "![x](http://127.0.0.1:9/beacon.png) <script>window.__xss=1</script>"

[[kpis]]
id = "zero_rate"
label = "Zero rate"
numerator = "own_zeros"
denominator = "contacts_handled"
unit = "percent"
direction = "lower"
definition = "<img src=x onerror=window.__xss=1> ![x](http://127.0.0.1:9/beacon.png) http://evil.example"
"""
DRAWN = ('img[src="x"]', "[onerror]", "[onload]", "[ontoggle]", f'[src="{BEACON}"]', 'a[href^="javascript"]', 'a[href*="evil"]')
DRAWN_AFTER = 300  # ms: buttons come last
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
PAGES = Path(__file__).resolve().parents[2] / "pages"
FRONT = "quarterly_review"
ADDRESSES = sorted(path.stem for room in PAGES.iterdir() if room.name != "components" for path in room.glob("*.py"))
COLUMNS = ("Date", "Vendor", "Site", "Line", "Offered", "Handled", "Seconds", "Fast", "Abandoned", f"<img src=x onerror={RUN}>")
FILE = "<img src=x onerror=alert(1)> ![x](beacon) =1+1.csv"
HOSTILE = f"<img src=x onerror={RUN}> ![x]({BEACON}) [go]({BEACON}) **b**"


def csv_text(rows: Iterable[Iterable[object]], header: str = "") -> bytes:
    """Rows as a file."""
    text = io.StringIO()
    text.write(f"{header}\n" if header else "")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def table(strings: tuple[str, ...], months: Iterable[int] = range(1, 9), columns: tuple[str, ...] = COLUMNS, more: int = 0) -> bytes:
    """Months of totals; vendor, site and line are hostile. One row of text that is no number is refused."""
    rows: list[list[object]] = [list(columns)]
    for month in months:
        for number, name in enumerate(strings):
            values = (1000 + number + more, 900 + number, 270_000 + month, 800, 100)
            rows.append([f"2026-{month:02}-01", name, f"{name} site", strings[-number - 1], *values, name])
        rows.append([f"2026-{month:02}-01", strings[0], "=1+1", "=1+1", *strings[-5:], HOSTILE])
    return csv_text(rows)


def registers() -> dict[str, bytes]:
    """A file for every register with texts that people write, hostile in every one."""
    texts = [f"{name} {HOSTILE}" for name in STRINGS]
    return {
        "risks": csv_text([
            *([text, n, text, "operational", STRINGS[n], text, "open", "2026-01-01", "2026-12-01", text, text]
              for n, text in enumerate(texts)),
        ], "risk_id,number,title,category,vendor,owner,status,opened_on,next_review,description,mitigation"),
        "risk_scores": csv_text([
            *([text, day, "residual", likely, n % 5 + 1, text]
              for n, text in enumerate(texts) for day, likely in (("2026-01-02", 2), ("2026-05-02", n % 5 + 1))),
        ], "risk_id,scored_on,kind,likelihood,impact,reason"),
        "events": csv_text([
            *(["2026-05-14", text, name, f"{name} site", "", text] for name, text in zip(STRINGS[:3], texts, strict=False)),
            *(["2026-05-01", text, "", "", "", text] for text in texts[:4]),
        ], "happened_on,title,vendor,site,kpi,description"),
        "notes": csv_text([
            *(["2026-06-01", text, "average_handle_time", STRINGS[0], "2026-05", text] for text in texts),
        ], "written_on,author,kpi,vendor,period,body"),
        "actions": csv_text([
            *([text, text, STRINGS[0], "average_handle_time", text, "2026-12-01", "open", text] for text in texts),
        ], "action_id,title,vendor,kpi,owner,due_on,status,body"),
        "targets": csv_text([
            *(["average_handle_time", name, "", "", "", "<=", "", 290, "", "", "", "2026-01-01", "", text, text]
              for name, text in zip(STRINGS, texts, strict=True)),
        ], "kpi,vendor,site,lob,channel,comparator,minimum,expected,stretch,lower,upper,valid_from,valid_to,basis,approved_by"),
    }  # fmt: skip


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard over a warehouse whose every name is hostile: totals, refused rows, a correction of them, registers."""
    folder = tmp_path_factory.mktemp("hostile")
    warehouse = folder / "warehouse"
    warehouse.mkdir()
    (warehouse / "catalogue.toml").write_text(OWN, encoding="utf-8")
    recipe = parse_recipe(RECIPE, f"<img src=x onerror={RUN}>")
    contents = {FILE: table(STRINGS), f"later {FILE}": table(STRINGS, [7, 8], more=50)}
    contents |= {f"{name} {FILE}": content for name, content in registers().items()}
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    files = [(folder / name, recipe if number < 2 else None) for number, name in enumerate(contents)]
    for some in (files[:1], files[1:]):
        for report in load_files(Warehouse(warehouse), some, who=f"<img src=x onerror={RUN}>"):
            assert report.status is Status.STORED, report
    dashboard = start_dashboard(free_port(), warehouse)
    yield dashboard.address
    dashboard.stop()


@pytest.fixture
def harmless(page: Page) -> Iterator[Callable[[], None]]:
    """A check that nothing of a hostile name ran, was drawn as markup, or asked anybody for anything."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: pytest.fail(f"A dialog was opened: {dialog.message}"))

    def check() -> None:
        expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
        assert page.evaluate("window.__xss") is None
        drawn = page.evaluate("which => which.filter(one => document.querySelector(`[data-testid=stApp] ${one}`))", list(DRAWN))
        assert not drawn, f"drawn on {page.url}"
        assert not [url for url in asked if "beacon" in url or "evil" in url]
        assert {urlsplit(url).port for url in asked if urlsplit(url).hostname} <= {urlsplit(page.url).port}

    yield check
    check()


def each_page(page: Page) -> Iterator[str]:
    """Go to every page by the menu, so that a session that tries a file goes on; the page's title."""
    menu = page.get_by_role("navigation", name="App pages")
    for section in menu.get_by_role("button").all():
        section.click()
        links = page.get_by_test_id("stTopNavDropdownLink")
        expect(links.first).to_be_visible()
        for place in range(links.count()):
            if not links.first.is_visible():
                section.click()
            title = links.nth(place).inner_text()
            links.nth(place).click()
            expect(page).to_have_title(re.compile(re.escape(title)))
            settled(page)
            yield title


def downloads(page: Page, least: int = 0, place: Locator | None = None) -> dict[str, int]:
    """Save every CSV the page (or a place on it) offers: none may hold a cell that a spreadsheet would run. Names with their cells."""
    found = {}
    buttons = (place or page).get_by_test_id("stDownloadButton")
    expect(buttons.nth(least - 1)).to_be_visible() if least else page.wait_for_timeout(DRAWN_AFTER)
    for button in buttons.all():
        with page.expect_download() as saved:
            button.get_by_role("button").click()
        if saved.value.suggested_filename.endswith(".csv"):
            found[saved.value.suggested_filename] = checked_cells(Path(saved.value.path()))
    return found


def checked_cells(path: Path) -> int:
    """How many cells a download has, none of them alive."""
    cells = [cell for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))) for cell in row]
    alive = [cell for cell in cells if cell.lstrip(" ").startswith(FORMULA_STARTS) and not _is_number(cell)]
    assert not alive, alive[:3]
    return len(cells)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def test_every_page_shows_text_and_saves_text(address: str, page: Page, harmless: Callable[[], None]) -> None:
    saved: dict[str, int] = {}
    kpi = "period=2026-Q2&kpi=average_handle_time"
    reviewed = ("definitions", "upload")  # these are visited with an upload
    links = {f"{name}?period=2026-Q2": 0 for name in ADDRESSES if name not in (FRONT, *reviewed)}
    links |= {"?period=2026-Q2": 0, "performance_report?period=2026-Q2": 1, "batches_and_quality?batch=b0001": 2, f"variance?{kpi}": 1}
    links |= {f"trends?vendor={quote(STRINGS[0])}&{kpi}": 1}
    for link in links:
        opened(page, f"{address}/{link}")
        harmless()
        saved |= downloads(page, links[link])
    assert {"refused-b0001.csv", "restated-numbers.csv", "trend-average_handle_time-month.csv"} <= saved.keys()
    assert {name.split("-")[0] for name in saved} >= {"performance", "refused", "restated", "trend", "variance"}
    assert saved["performance-report-2026-Q2.csv"] > len(STRINGS)


def test_where_a_number_is_from_is_text(address: str, page: Page, harmless: Callable[[], None]) -> None:
    opened(page, f"{address}/performance_report?period=2026-Q2&scope={quote(STRINGS[0])}")
    page.locator('[class*="st-key-ways-"] button:visible').first.click()
    page.get_by_role("menuitem", name="Where does this number come from?").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_test_id("stDataFrame")).to_have_count(2)
    dialog.get_by_role("button", name="Read ").click()
    expect(dialog.get_by_test_id("stDataFrame")).to_have_count(3)
    harmless()
    assert len(downloads(page, 3, dialog)) == 3


def test_an_upload_is_text_while_it_is_mapped_reviewed_alone_and_beside_what_is_stored(
    address: str, page: Page, harmless: Callable[[], None]
) -> None:
    opened(page, f"{address}/upload")
    unknown = tuple(f"{name} {HOSTILE}" for name in COLUMNS[:-1]) + COLUMNS[-1:]
    contents = {f"new {FILE}": table(STRINGS, (1, 2), unknown), f"**again** {FILE}": table(STRINGS, (8,), more=700)}
    for name, content in contents.items():
        page.locator('input[type="file"]').set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
        expect(page.get_by_test_id("stMain")).to_contain_text(name)
        expect(headline(page)).not_to_contain_text("Drop")
        harmless()
    page.locator('[class*="st-key-open-"] button').last.click()
    expect(page.get_by_role("button", name="See its scorecard")).to_be_visible()
    harmless()
    assert sorted(name.split("-")[0] for name in downloads(page, 2)) == ["difference", "refused"]
    page.get_by_role("button", name="See its scorecard").click()
    expect(page.get_by_test_id("stMain")).to_contain_text("You are looking at")
    for source, pages in (("this upload", 6), ("both, as after Keep", 3)):
        settled(page)
        page.get_by_test_id("stSidebar").get_by_text(source, exact=True).click()
        settled(page)
        titles, saved = [], dict[str, int]()
        for title in islice(each_page(page), pages):
            titles.append(title)
            harmless()
            saved |= downloads(page, int(title == "Performance report"))
        assert len(titles) >= (pages or len(ADDRESSES)) and any(name.startswith("performance-report") for name in saved), titles
