"""The funnel: members by size and value, between the limits that members of that size usually keep to."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analytics.catalogue import Kpi, find_kpi
from analytics.catalogue.units import value_text
from analytics.charts.hover import Facts
from analytics.charts.parts import (
    NEVER_FADES,
    Spec,
    base_layout,
    cell_clicks,
    counts_text,
    escape,
    figure,
    hover_lines,
    measure_words,
    note,
    rows_of,
    shortened,
    with_notes,
)
from analytics.charts.theme import SECOND_LINE_SIZE, Mode, Theme, theme_for
from analytics.charts.timeline import Scale, brief, numbers, value_axis

HEIGHT = 320
LEFT, RIGHT, TOP, BOTTOM = 44, 14, 10, 42
CURVE_POINTS = 60
LOG_FROM = 20.0
MOST_NAMED = 8
LONGEST_NAME = 18
Limits = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]


def funnel_chart(members: pd.DataFrame, centre: float, inner: Limits, outer: Limits, kpi_id: str, mode: Mode) -> go.Figure:
    """Members as points over the number of cases behind them; a click returns [vendor, site].

    `members`: member, vendor, site, numerator, denominator, funnel_lower, funnel_upper, funnel_signal (`funnel`), coverage. `inner` and
    `outer` give the 95 % and 99.8 % limits for members of any size.
    """
    theme, kpi, rows = theme_for(mode), find_kpi(kpi_id), rows_of(members)
    sizes = members["denominator"].to_numpy(float)
    share = members["numerator"].to_numpy(float) / sizes
    logarithmic = bool(sizes.max() > LOG_FROM * sizes.min())
    sweep = _sweep(sizes, logarithmic)
    scale = _scale(share, *outer(np.array([np.median(sizes)])), centre)
    layout = base_layout(theme, HEIGHT, left=LEFT, right=RIGHT, top=TOP, bottom=BOTTOM)
    axes = {"xaxis": _size_axis(sweep, theme, logarithmic), "yaxis": value_axis(scale, kpi, theme, 4)}
    curves = [*_curve(sweep, outer, theme, "solid"), *_curve(sweep, inner, theme, "dot"), _line(sweep, centre, theme)]
    points = _points(rows, sizes, share, kpi, theme)
    words = [*_names(rows, sizes, share, theme, logarithmic), _axis_words(kpi, theme)]
    return figure([*curves, *points], cell_clicks(with_notes(layout | axes, words)) | {"hoverdistance": 20})


def _sweep(sizes: np.ndarray, logarithmic: bool) -> np.ndarray:
    """Sizes from a little under the smallest to a little over the largest."""
    low, high = float(sizes.min()), float(sizes.max())
    return np.geomspace(low / 1.3, high * 1.3, CURVE_POINTS) if logarithmic else np.linspace(low * 0.8, high * 1.06, CURVE_POINTS)


def _scale(share: np.ndarray, lower: np.ndarray, upper: np.ndarray, centre: float) -> Scale:
    """What the members have and the limits of the middle one; the wide mouth of the funnel may run off."""
    levels = np.r_[share, lower, upper, centre]
    low, high = float(levels.min()), float(levels.max())
    room = (high - low) * 0.08 or 0.01
    return Scale(low - room, high + room, HEIGHT - TOP - BOTTOM)


def _curve(sweep: np.ndarray, limits: Limits, theme: Theme, dash: str) -> list[Spec]:
    line = {"color": theme.normal, "width": 1.2, "dash": dash}
    return [
        {"type": "scatter", "mode": "lines", "x": numbers(sweep), "y": numbers(side), "line": line, "hoverinfo": "skip"}
        for side in limits(sweep)
    ]


def _line(sweep: np.ndarray, centre: float, theme: Theme) -> Spec:
    """The value of all together."""
    ends = [brief(float(sweep[0])), brief(float(sweep[-1]))]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": ends,
        "y": [brief(centre)] * 2,
        "line": {"color": theme.ink, "width": 1.2},
        "hoverinfo": "skip",
    }


def _points(rows: Sequence[Any], sizes: np.ndarray, share: np.ndarray, kpi: Kpi, theme: Theme) -> list[Spec]:
    """A trace per verdict, with its shape."""
    groups: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        groups.setdefault(str(row.funnel_signal), []).append(place)
    return [_group(signal, places, rows, sizes, share, kpi, theme) for signal, places in groups.items()]


def _group(signal: str, places: Sequence[int], rows: Sequence[Any], sizes: np.ndarray, share: np.ndarray, kpi: Kpi, theme: Theme) -> Spec:
    shape = {"improvement": ("diamond", 12), "concern": ("triangle-down", 13), "none": ("circle", 8)}.get(signal, ("square", 10))
    facts = Facts([rows[place].vendor for place in places], [rows[place].site for place in places])
    told = facts.spec([facts.said([_hover(rows[place], share[place], kpi) for place in places])])
    edge = {"color": theme.page, "width": 1}
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [brief(sizes[place]) for place in places],
        "y": [brief(share[place]) for place in places],
        "marker": {"symbol": shape[0], "size": shape[1], "color": theme.signal(signal), "opacity": 1, "line": edge},
        **told,
        **NEVER_FADES,
    }


def _hover(row: Any, share: float, kpi: Kpi) -> str:
    limits = f"limits for its size {value_text(row.funnel_lower, kpi.unit)} to {value_text(row.funnel_upper, kpi.unit)}"
    words = {"none": "inside the limits", "improvement": "better than the limits", "concern": "worse than the limits"}
    said = words.get(str(row.funnel_signal), f"{row.funnel_signal}, outside the limits")
    where = f"{row.member} · {row.vendor}" if row.vendor not in row.member else row.member
    counts = counts_text(kpi, row.numerator, row.denominator).replace(" / ", "<br>of ")
    return hover_lines(
        [f"<b>{escape(where)}</b> · {value_text(share, kpi.unit)}", f"<b>{escape(said)}</b>", limits, counts, escape(row.coverage)]
    )


def _names(rows: Sequence[Any], sizes: np.ndarray, share: np.ndarray, theme: Theme, logarithmic: bool) -> list[Spec]:
    """The names of the first few outside the limits, farthest first, beneath or above their points."""
    distance = [max(row.funnel_lower - value, value - row.funnel_upper) for row, value in zip(rows, share, strict=True)]
    outside = sorted((place for place, gap in enumerate(distance) if gap > 0), key=lambda place: -distance[place])[:MOST_NAMED]
    middle = float(np.median(sizes))
    places = np.log10(sizes) if logarithmic else sizes
    return [
        note(brief(float(places[place])), brief(share[place]), shortened(rows[place].member, LONGEST_NAME), theme.ink)
        | {"xanchor": "left" if sizes[place] <= middle else "right", "xshift": 9 if sizes[place] <= middle else -9}
        for place in outside
    ]


def _axis_words(kpi: Kpi, theme: Theme) -> Spec:
    words = f"{measure_words(kpi.denominator_terms)} of each"
    return note(1, 0, escape(words), theme.muted, "right") | {
        "xref": "paper", "yref": "paper", "yshift": -32, "font": {"size": SECOND_LINE_SIZE, "color": theme.muted},
    }  # fmt: skip


def _size_axis(sweep: np.ndarray, theme: Theme, logarithmic: bool) -> Spec:
    ends = [float(sweep[0]), float(sweep[-1])]
    shared = {"showgrid": False, "zeroline": False, "linecolor": theme.rule, "fixedrange": True, "nticks": 5, "tickangle": 0}
    if logarithmic:
        return shared | {"type": "log", "range": [brief(float(np.log10(end))) for end in ends], "dtick": 1, "tickformat": ",d"}
    return shared | {"range": [brief(end) for end in ends], "tickformat": ",d"}
