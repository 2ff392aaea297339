"""Names, headers, file names and cells that try to be markup, scripts, links or formulas: text on every page, and in every download."""

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Page, expect

from analytics.intake import Status, load_files, parse_recipe
from analytics.serving import Dashboard
from analytics.warehouse import Warehouse
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
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def table(strings: tuple[str, ...], months: int = 8) -> bytes:
    """Months of totals; vendor, site and line are hostile."""
    text = io.StringIO()
    out = csv.writer(text)
    out.writerow(["Date", "Vendor", "Site", "Line", "Offered", "Handled", "Seconds", "Fast", "Abandoned", f"<img src=x onerror={RUN}>"])
    for month in range(1, months + 1):
        for number, name in enumerate(strings):
            values = (1000 + number, 900 + number, 270_000 + month, 800, 100)
            out.writerow([f"2026-{month:02}-01", name, f"{name} site", strings[-number - 1], *values, name])
    return text.getvalue().encode()


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse whose every name is hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "warehouse").mkdir()
    (folder / "warehouse" / "catalogue.toml").write_text(OWN, encoding="utf-8")
    recipe = parse_recipe(RECIPE, f"<img src=x onerror={RUN}>")
    file = folder / "<img src=x onerror=alert(1)> ![x](beacon) =1+1.csv"
    file.write_bytes(table(STRINGS))
    (report,) = load_files(Warehouse(folder / "warehouse"), [(file, recipe)], who=f"<img src=x onerror={RUN}>")
    assert (report.status, report.rows_rejected) == (Status.STORED, 0), report
    return folder / "warehouse"


@pytest.fixture
def harmless(page: Page) -> Iterator[Callable[[], None]]:
    """A check that nothing of a hostile name ran, was drawn as markup, or asked anybody for anything."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: pytest.fail(f"A dialog was opened: {dialog.message}"))

    def check() -> None:
        settled(page)
        assert page.evaluate("window.__xss") is None
        main = page.get_by_test_id("stApp")
        for drawn in (
            'img[src="x"]',
            "[onerror]",
            "[onload]",
            "[ontoggle]",
            f'[src="{BEACON}"]',
            'a[href^="javascript"]',
            'a[href*="evil"]',
        ):
            expect(main.locator(drawn)).to_have_count(0)
        assert not [url for url in asked if "beacon" in url or "evil" in url]
        assert {urlsplit(url).port for url in asked if urlsplit(url).hostname} <= {urlsplit(page.url).port}

    yield check
    check()


def download(page: Page, label: str) -> list[list[str]]:
    """The cells of a page's CSV download."""
    with page.expect_download() as saved:
        page.get_by_role("button", name=label).first.click()
    return list(csv.reader(io.StringIO(Path(saved.value.path()).read_text(encoding="utf-8-sig"))))


def test_no_page_runs_draws_or_asks(
    warehouse: Path, fresh_server: Callable[[Path], Dashboard], page: Page, harmless: Callable[[], None]
) -> None:
    address = fresh_server(warehouse).address
    for name in STRINGS[:2]:
        opened(page, f"{address}/trends?vendor={quote(name)}&kpi=average_handle_time")
        harmless()
    for path in ("", "risk_heatmap", "batches_and_quality", "definitions"):
        opened(page, f"{address}/{path}?period=2026-Q2")
        harmless()


def test_downloads_hold_no_live_formula(
    warehouse: Path, fresh_server: Callable[[Path], Dashboard], page: Page, harmless: Callable[[], None]
) -> None:
    opened(page, f"{fresh_server(warehouse).address}/?period=2026-Q2")
    cells = [cell for row in download(page, "CSV") for cell in row]
    assert any("DROP TABLE" in cell for cell in cells)
    assert not [cell for cell in cells if cell.startswith(FORMULA_STARTS) and not _is_number(cell)]
    harmless()


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def test_a_hostile_upload_is_text_while_it_is_mapped_and_reviewed(
    demo_copy: Path, fresh_server: Callable[[Path], Dashboard], page: Page, harmless: Callable[[], None]
) -> None:
    opened(page, f"{fresh_server(demo_copy).address}/upload")
    name = f"<img src=x onerror={RUN}> ![x]({BEACON.replace('/', '_')}) **b**.csv"
    page.locator('input[type="file"]').set_input_files({"name": name, "mimeType": "text/csv", "buffer": table(STRINGS, 2)})
    expect(headline(page)).not_to_contain_text("Drop")
    harmless()
