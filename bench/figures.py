"""Bytes of a page's figures, beside the same figures drawn the everyday way.

The everyday way is what plotly.express and plain Python lists give: every number a float64 in a JSON list, every
time written out, and the template plotly.express attaches to each figure.
"""

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import plotly.io

from analytics.serving import open_session
from bench.messages import Page, figures_in, pages_of, run_without_error
from bench.reruns import running_dashboard

NAIVE_TEMPLATE = "plotly"


@dataclass(frozen=True, slots=True)
class FigureBytes:
    """All figures of one page: their number, their bytes, the bytes of their everyday twins, the bytes of the whole page."""

    page: Page
    figures: int
    size: int
    naive_size: int
    page_size: int

    @property
    def ratio(self) -> float:
        """Bytes of the page / bytes it would have with everyday figures."""
        return self.page_size / (self.page_size - self.size + self.naive_size)


def measure_figures(warehouse: Path) -> list[FigureBytes]:
    """Each page of the navigation as a new session receives it."""
    with running_dashboard(warehouse) as dashboard:
        return [_figures_of(dashboard.address, page) for page in pages_of(dashboard.address)]


def _figures_of(address: str, page: Page) -> FigureBytes:
    with open_session(address) as session:
        run = run_without_error(session, page)
    figures = list(figures_in(run.messages))
    return FigureBytes(page, len(figures), sum(map(_size, figures)), sum(_size(naive(figure)) for figure in figures), run.size)


def _size(figure: dict) -> int:
    return len(json.dumps(figure, separators=(",", ":")).encode())


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
