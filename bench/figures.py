"""Bytes of a page, beside the same page with its figures and sparklines drawn the everyday way.

The everyday way is what plotly.express and plain Python lists give: every number a float64 in a JSON list, every
time written out, the template plotly.express attaches to each figure, and a figure of its own for each sparkline.
"""

import base64
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import plotly.express
import plotly.io

from analytics.serving import open_session
from bench.messages import Page, figures_in, pages_of, run_without_error, sparklines_in
from bench.reruns import running_dashboard

NAIVE_TEMPLATE = "plotly"
WHOLE_RANGE_BY_DAY = "grain=day&from=2024-08-01&to=2026-10-31"


@dataclass(frozen=True, slots=True)
class PageBytes:
    """A page as a new session receives it: bytes of all messages, of its figures and sparklines, of their everyday twins."""

    title: str
    page_size: int
    figures: int
    sparklines: int
    drawn_size: int
    naive_drawn_size: int

    @property
    def naive_page_size(self) -> int:
        """Bytes of the same page with everyday figures."""
        return self.page_size - self.drawn_size + self.naive_drawn_size

    @property
    def ratio(self) -> float:
        """Bytes of the page / bytes of its everyday twin."""
        return self.page_size / self.naive_page_size


def measure_bytes(warehouse: Path) -> list[PageBytes]:
    """Each page of the navigation in its default view, then Trends over every day there is."""
    with running_dashboard(warehouse) as dashboard:
        pages = [_bytes_of(dashboard.address, page) for page in pages_of(dashboard.address)]
        return [*pages, _bytes_of(dashboard.address, Page("trends", "Trends, every day"), WHOLE_RANGE_BY_DAY)]


def _bytes_of(address: str, page: Page, query: str = "") -> PageBytes:
    with open_session(address) as session:
        run = run_without_error(session, page, query)
    figures, sparklines = list(figures_in(run.messages)), list(sparklines_in(run.messages))
    drawn = sum(map(_size, figures)) + sum(line.size for line in sparklines)
    everyday = sum(_size(naive(figure)) for figure in figures) + sum(_naive_sparkline_size(line.points) for line in sparklines)
    return PageBytes(page.title, run.size, len(figures), len(sparklines), drawn, everyday)


def _size(figure: dict) -> int:
    return len(json.dumps(figure, separators=(",", ":")).encode())


@cache
def _naive_sparkline_size(points: int) -> int:
    """Bytes of a line of so many months by plotly.express."""
    months = pd.date_range("2024-08-01", periods=points, freq="MS")
    line = plotly.express.line(x=months, y=[1 / (3 + point) for point in range(points)])
    return len((line.to_json() or "").encode())


def naive(figure: dict) -> dict:
    """The everyday twin of a figure."""
    template = plotly.io.templates[NAIVE_TEMPLATE].to_plotly_json()
    traces = [_spelled_out(_regular_axis_written(trace)) for trace in figure["data"]]
    return {"data": traces, "layout": figure.get("layout", {}) | {"template": json.loads(json.dumps(template))}}


def _regular_axis_written(trace: dict) -> dict:
    """A trace with x0 and dx (milliseconds) gets one written time per point instead."""
    if "x0" not in trace or "y" not in trace:
        return trace
    points = len(_spelled_out(trace["y"]))
    times = pd.to_datetime(trace["x0"]) + pd.to_timedelta(np.arange(points) * trace.get("dx", 1), unit="ms")
    rest = {key: value for key, value in trace.items() if key not in ("x0", "dx")}
    return rest | {"x": [time.isoformat() for time in times]}


def _spelled_out(part: Any) -> Any:
    """Packed arrays as lists of float64, at any depth."""
    if isinstance(part, dict):
        if "bdata" in part:
            return _unpacked(part)
        return {key: _spelled_out(value) for key, value in part.items()}
    return [_spelled_out(value) for value in part] if isinstance(part, list) else part


def _unpacked(packed: dict) -> list:
    numbers = np.frombuffer(base64.b64decode(packed["bdata"]), dtype=packed["dtype"])
    shape = [int(length) for length in str(packed.get("shape", numbers.size)).split(",")]
    return numbers.astype(np.float64).reshape(shape).tolist()
