"""Bytes of a page as a new session receives it, beside the same page with its charts drawn the everyday way.

What differs between the two is what is drawn: charts, sparklines and icons. The everyday way is plotly.express for every
chart and sparkline (`bench.everyday` says how) and each icon as an inline base64 data URI, as `st.image` and Markdown
take an SVG. Everything else of the page, its texts, widgets and tables, is the same on both sides.
"""

from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path

import plotly.graph_objects as go

from analytics.periods import Grain
from analytics.serving import open_session
from analytics.warehouse import Store, Warehouse
from bench.everyday import report_charts, trend_charts
from bench.messages import Page, charts_in, icons_in, pages_of, run_without_error, sparklines_in
from bench.reruns import ROOT, running_dashboard

FIRST_DAY, LAST_DAY = date(2024, 8, 1), date(2026, 10, 31)
EVERY_DAY = Page("trends", "Trends, every day", f"grain=day&from={FIRST_DAY}&to={LAST_DAY}")

EverydayCharts = Callable[[Store], Iterable[go.Figure]]


@dataclass(frozen=True, slots=True)
class PageBytes:
    """A page: bytes of all its messages, of what is drawn in it, and of that drawn the everyday way (None: not compared)."""

    title: str
    page_size: int
    charts: int
    sparklines: int
    icons: int
    drawn_size: int
    everyday_size: int | None

    @property
    def drawn_ratio(self) -> float | None:
        """Bytes of what is drawn / bytes of the same the everyday way."""
        return self.drawn_size / self.everyday_size if self.everyday_size else None

    @property
    def everyday_page_size(self) -> int | None:
        """Bytes of the whole page with everyday charts and icons."""
        return self.page_size - self.drawn_size + self.everyday_size if self.everyday_size else None

    @property
    def page_ratio(self) -> float | None:
        """Bytes of the whole page / bytes of its everyday twin."""
        return self.page_size / self.everyday_page_size if self.everyday_page_size else None


def measure_bytes(warehouse: Path) -> list[PageBytes]:
    """Each page of the navigation in its default view, then Trends over every day there is."""
    store = Warehouse(warehouse).open()
    twins: dict[str, EverydayCharts] = {
        "": report_charts,
        "trends": partial(trend_charts, grain=Grain.MONTH),
        EVERY_DAY.query: partial(trend_charts, grain=Grain.DAY, start=FIRST_DAY, end=LAST_DAY),
    }
    with running_dashboard(warehouse) as dashboard:
        pages = [*pages_of(dashboard.address), EVERY_DAY]
        return [_bytes_of(dashboard.address, page, store, twins.get(page.query or page.path)) for page in pages]


def _bytes_of(address: str, page: Page, store: Store, everyday: EverydayCharts | None) -> PageBytes:
    with open_session(address) as session:
        run = run_without_error(session, page)
    charts, sparklines, icons = list(charts_in(run.messages)), list(sparklines_in(run.messages)), list(icons_in(run.messages))
    drawn = sum(map(len, [*charts, *sparklines, *icons]))
    twin = None if everyday is None else sum(_sizes(everyday(store))) + sum(map(_inline_size, icons))
    return PageBytes(page.title, run.size, len(charts), len(sparklines), len(icons), drawn, twin)


def _sizes(charts: Iterable[go.Figure]) -> Iterator[int]:
    return (len((chart.to_json() or "").encode()) for chart in charts)


@cache
def _inline_size(icon: bytes) -> int:
    """Bytes of an icon's file as a data URI; `icon` is its address."""
    content = (ROOT / icon.decode().removeprefix("app/")).read_bytes()
    return len(b"data:image/svg+xml;base64," + b64encode(content))
