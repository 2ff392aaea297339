"""What a browser shows on pointing at the points of a trace: its template with the facts of each point filled in."""

import base64
import re
from typing import Any

import numpy as np
import pandas as pd

_PLACE = re.compile(r"%\{(customdata\[(\d+)\]|x|meta)(?::([^}]*)|\|([^}]*))?\}")


def hovers(trace: dict[str, Any]) -> list[str]:
    """One text per point, as Plotly fills in `%{customdata[0]:,d}`, `%{x|%b %Y}` and `%{meta}`."""
    rows = trace.get("customdata")
    return [_filled(trace, () if rows is None else rows[point], _time(trace, point)) for point in range(len(numbers(trace["y"])))]


def numbers(field: Any) -> np.ndarray:
    """The numbers of an array, also of one that travels as bytes."""
    if isinstance(field, dict):
        return np.frombuffer(base64.b64decode(field["bdata"]), dtype=field["dtype"])
    return np.asarray(field, dtype=float)


def _time(trace: dict[str, Any], point: int) -> Any:
    if "x0" in trace:
        return pd.Timestamp(trace["x0"]) + point * pd.Timedelta(trace["dx"], unit="ms")
    return trace["x"][point] if "x" in trace else None


def _filled(trace: dict[str, Any], row: Any, time: Any) -> str:
    def fill(place: re.Match[str]) -> str:
        name, column, number_format, time_format = place.groups()
        if time_format:
            return pd.Timestamp(time).strftime(time_format)
        value = row[int(column)] if column else trace["meta"] if name == "meta" else time
        return f"{value:{number_format}}" if number_format else str(value)

    return _PLACE.sub(fill, trace["hovertemplate"])


def click_traces(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """The traces that answer a click with their customdata."""
    return [trace for trace in spec["data"] if trace.get("customdata") is not None]


def click_points(spec: dict[str, Any]) -> dict[tuple[Any, ...], tuple[float, float, str]]:
    """What a click returns (its first two facts) -> x, y and hover of the point."""
    return {
        tuple(row[:2]): (x, y, hover)
        for trace in click_traces(spec)
        for row, x, y, hover in zip(trace["customdata"], trace["x"], trace["y"], hovers(trace), strict=True)
    }
