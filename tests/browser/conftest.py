"""The dashboard in a real Chromium: a server per module, a page per test, no request that leaves the machine.

Without a browser these tests are skipped; with REQUIRE_BROWSER=1 (continuous integration) that is a failure.
`@pytest.mark.parametrize("look", ["light", "dark", "phone"])` chooses colour scheme and window of `page`.
"""

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from analytics.serving import Dashboard, start_dashboard

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSER_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS = 20_000


@dataclass(frozen=True, slots=True)
class Look:
    """How a test looks at the dashboard."""

    scheme: Literal["light", "dark"]
    width: int
    height: int


LOOKS = {"light": Look("light", 1440, 900), "dark": Look("dark", 1440, 900), "phone": Look("light", 390, 844)}


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def fresh_server(demo_warehouse: Path) -> Iterator[Callable[..., Dashboard]]:
    """Call it to start a server nobody has visited: `fresh_server()` or `fresh_server(warehouse)`; all end with the test."""
    with ExitStack() as running:

        def start(warehouse: Path = demo_warehouse) -> Dashboard:
            dashboard = start_dashboard(free_port(), warehouse)
            running.callback(dashboard.stop)
            return dashboard

        yield start


@pytest.fixture(scope="module")
def server(demo_warehouse: Path) -> Iterator[Dashboard]:
    """One server over the sample warehouse for a whole test file."""
    dashboard = start_dashboard(free_port(), demo_warehouse)
    yield dashboard
    dashboard.stop()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        message = f"No browser: install one of {', '.join(BROWSERS)} to run this test."
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(message)
        pytest.skip(message)
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=list(BROWSER_ARGUMENTS))
        yield launched
        launched.close()


@pytest.fixture
def look() -> str:
    """Which of LOOKS `page` uses unless a test is parametrised."""
    return "light"


@pytest.fixture
def page(browser: Browser, look: str) -> Iterator[Page]:
    """An empty tab. The test fails when the dashboard asks any other machine for anything."""
    wanted = LOOKS[look]
    context = browser.new_context(viewport={"width": wanted.width, "height": wanted.height}, color_scheme=wanted.scheme)
    context.set_default_timeout(PATIENCE_MS)
    asked: set[str] = set()
    context.on("request", lambda request: asked.add(request.url))
    tab = context.new_page()
    tab.on("websocket", lambda websocket: asked.add(websocket.url))
    yield tab
    context.close()
    outside = sorted(url for url in asked if urlsplit(url).hostname not in (None, "127.0.0.1"))
    assert not outside, f"The dashboard asked other machines: {', '.join(outside)}. Ship what it needs in static/ instead."
