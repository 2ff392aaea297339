"""Pieces shared by the figures: escaped words, layout, traces that do not fade, the click layer, counts in words.

A figure is written as one plain dict and handed to Plotly once: adding shapes or annotations one by one costs 100 times as much.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from html import escape as escape_html
from textwrap import wrap
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analytics.catalogue import MEASURES, Kpi, Term
from analytics.catalogue.units import NOT_MEASURED_TEXT, SECONDS_PER_HOUR
from analytics.charts.theme import FONT, LABEL_SIZE, NOTE_SIZE, TICK_SIZE, TRANSPARENT, Theme

Spec = dict[str, Any]

NEVER_FADES: Spec = {"unselected": {"marker": {"opacity": 1}}}
HIDDEN: Spec = {"marker": {"opacity": 0}}


class Finished(go.Figure):
    """A figure nothing is added to any more: the dict a page asks for at every run is made once."""

    def to_dict(self) -> Spec:
        """The figure as a dict, the same one every time."""
        if "_made" not in self.__dict__:
            self._made = super().to_dict()
        return self._made


def figure(traces: Sequence[Spec], layout: Spec) -> go.Figure:
    """The figure of these traces, unchecked: checking takes ten times as long as the rest. The tests check every figure."""
    return Finished({"data": list(traces), "layout": layout}, _validate=False)


@lru_cache(maxsize=4096)
def escape(text: str) -> str:
    """User text as plain words: Plotly reads tags, entities and $formulas$ in every label."""
    return " ".join(escape_html(text, quote=False).replace("$", "&#36;").split())


def shortened(text: str, most: int) -> str:
    """The first `most` characters, escaped; a cut is shown by dots (the hover has the full words)."""
    plain = " ".join(text.split())
    return escape(plain if len(plain) <= most else plain[: most - 2].rstrip() + "..")


def wrapped(text: str, width: int, lines: int) -> str:
    """Words broken into at most `lines` lines of about `width` characters, escaped."""
    parts = wrap(text, width, max_lines=lines, placeholder="..") or [""]
    return "<br>".join(escape(part) for part in parts)


def small(text: str, colour: str, size: float) -> str:
    """A second line in its own size and colour; `text` must be escaped."""
    return f'<span style="font-size:{size:g}px;color:{colour}">{text}</span>'


def base_layout(theme: Theme, height: int, *, left: int, right: int, top: int, bottom: int) -> Spec:
    """Transparent ground, our font in the style of ticks, no legend, hover labels in page colours, nothing of Plotly's template."""
    return {
        "template": {},
        "height": height,
        "margin": {"l": left, "r": right, "t": top, "b": bottom},
        "paper_bgcolor": TRANSPARENT,
        "plot_bgcolor": TRANSPARENT,
        "font": {"family": FONT, "size": TICK_SIZE, "color": theme.muted},
        "showlegend": False,
        "hoverlabel": {
            "bgcolor": theme.page,
            "bordercolor": theme.rule,
            "align": "left",
            "font": {"family": FONT, "size": LABEL_SIZE, "color": theme.ink},
        },
    }


def with_notes(layout: Spec, notes: Sequence[Spec]) -> Spec:
    """The layout with annotations; what all of them share is said once, in a template."""
    shared = {"showarrow": False, "xanchor": "left", "yanchor": "middle", "align": "left", "font": {"size": NOTE_SIZE}}
    return layout | {"annotations": list(notes), "template": {"layout": {"annotationdefaults": shared}}}


def cell_clicks(layout: Spec) -> Spec:
    """The layout with clicks anywhere in a cell going to its point."""
    return layout | {"hovermode": "closest", "hoverdistance": -1, "clickmode": "event+select", "dragmode": False}


def bare_axis(low: float, high: float, **extra: object) -> Spec:
    """An axis that shows nothing but its ticks' words; nothing is left to a template."""
    silent = {"showgrid": False, "zeroline": False, "ticks": ""}
    return silent | {"fixedrange": True, "range": [low, high]} | extra


def words_axis(theme: Theme, places: Sequence[float], words: Sequence[str], low: float, high: float, **extra: object) -> Spec:
    """A bare axis with words (escaped) at places."""
    ticks = {"tickvals": list(places), "ticktext": list(words), "ticklabeloverflow": "allow", "tickfont": {"color": theme.ink}}
    return bare_axis(low, high, **ticks, **extra)


def text_trace(x: Sequence[float], y: Sequence[float], texts: Sequence[str], colour: str, size: float = LABEL_SIZE) -> Spec:
    """Words (escaped) at places, in one colour, never faded by a click."""
    return {
        "type": "scatter",
        "mode": "text",
        "x": list(x),
        "y": list(y),
        "text": list(texts),
        "textfont": {"size": size, "color": colour},
        "hoverinfo": "skip",
        "cliponaxis": False,
        "unselected": {"textfont": {"color": colour}},
    }


def click_layer(x: Sequence[float], y: Sequence[float], told: Spec) -> Spec:
    """Invisible points that carry the hover and what a click returns (`Facts.spec`): a heatmap itself returns nothing."""
    return {"type": "scatter", "mode": "markers", "x": list(x), "y": list(y), **told, **HIDDEN}


def note(x: str | float, y: float, words: str, colour: str, anchor: str = "left") -> Spec:
    """Words (escaped) at a place of the plot, without an arrow."""
    sided = {} if anchor == "left" else {"xanchor": anchor, "align": anchor}
    return {"x": x, "y": y, "text": words, "font": {"color": colour}, **sided}


def stepped_colours(colours: Sequence[str]) -> list[list[object]]:
    """A colour scale of equal steps without blending: value k + 0.5 of 0..n gets colour k."""
    count = len(colours)
    return [[edge / count, colour] for index, colour in enumerate(colours) for edge in (index, index + 1)]


def counts_text(kpi: Kpi, numerator: float | None, denominator: float | None) -> str:
    """'19,221 answered within threshold / 25,697 contacts offered'; '' when the counts are not known."""
    above, below = amount_text(kpi.numerator_terms, numerator), amount_text(kpi.denominator_terms, denominator)
    if above == NOT_MEASURED_TEXT:
        return ""
    counted = f"{above} {measure_words(kpi.numerator_terms)}"
    return counted if below == NOT_MEASURED_TEXT else f"{counted} / {below} {measure_words(kpi.denominator_terms)}"


def measure_words(terms: tuple[Term, ...]) -> str:
    """'handle time + available time': the measures' own labels with their signs."""
    signs = ["", *(" - " if term.sign < 0 else " + " for term in terms[1:])]
    return "".join(sign + MEASURES[term.measure].label for sign, term in zip(signs, terms, strict=False))


def amount_text(terms: tuple[Term, ...], amount: float | None) -> str:
    """A sum of measures as a reader counts it: whole numbers, durations in hours; '-' when not known."""
    (whole,) = whole_amounts(terms, [amount])
    return NOT_MEASURED_TEXT if whole is None else f"{whole:,}{amount_suffix(terms)}"


def whole_amounts(terms: tuple[Term, ...], amounts: Sequence[float | None]) -> list[int | None]:
    """Sums of measures as whole numbers, durations in hours; None where not known."""
    share = SECONDS_PER_HOUR if amount_suffix(terms) else 1
    return [None if amount is None or amount != amount or not terms else round(amount / share) for amount in amounts]


def amount_suffix(terms: tuple[Term, ...]) -> str:
    """' h' behind a sum of durations, '' behind counts."""
    return " h" if terms and all(MEASURES[term.measure].is_duration for term in terms) else ""


def rows_of(frame: pd.DataFrame) -> list[Any]:
    """The rows of a frame, each with its columns as attributes."""
    return list(frame.itertuples(index=False))


def known(value: object) -> str:
    """The value as text, '' for None and NaN."""
    return "" if value is None or value != value else str(value)


def hover_lines(lines: Iterable[str]) -> str:
    """The lines that say something, one under the other."""
    return "<br>".join(line for line in lines if line)


def source_words(source_kind: str) -> str:
    """What a reader must know about a number that was not counted."""
    return _SOURCE_WORDS.get(source_kind, "")


_SOURCE_WORDS: Mapping[str, str] = {
    "reported": "as the vendor reports it; counts not known",
    "weighted": "computed from reported ratios and their weights",
}
