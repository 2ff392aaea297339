"""The parts pages are made of: the line above, the headline, cards, rows, charts, downloads, the empty state."""

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analytics.catalogue import using
from analytics.charts.images import address
from analytics.errors import DashboardError
from analytics.exports import csv_bytes
from pages.components import data
from pages.components.state import View, choose, go_to
from pages.components.text import text


def heading(name: str, strong: str, *rest: str, sentence: str) -> DeltaGenerator:
    """The top of a page: 'Performance report · **Q3 2026** · compared with Q2 2026', and under it the verdict as title.

    The line above says the filters in words. Returns its right end, where a page can put a control:
    `with heading(...): st.segmented_control(...)`.
    """
    with st.container(gap=None):
        row = st.container(horizontal=True, vertical_alignment="center", gap="small")
        muted = " · ".join(text(part) for part in rest if part)
        row.markdown(f":gray[{text(name)} ·] **{text(strong)}**" + (f" :gray[· {muted}]" if muted else ""))
        st.markdown(f"# {text(sentence)}", anchors=False)
    return row


def right_end() -> DeltaGenerator:
    """Inside the row of `heading`: controls at its right end."""
    return st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center", gap="small")


@contextmanager
def dialog_guard() -> Generator[None]:
    """What `app.py` does for a page: a dialog runs again without it. Definitions in force, and errors as one friendly message."""
    try:
        with using(data.warehouse().catalogue):
            yield
    except DashboardError as problem:
        st.error(text(f"{problem.message} {problem.remedy}"))


def section(title: str, legend: str = "") -> None:
    """A heading and, under it, a legend in Markdown, as one block."""
    st.markdown(f"### {text(title)}" + (f"\n\n{legend}" if legend else ""), anchors=False)


FEW_CARDS = 2
WIDTH_OF_FEW = 340  # px; stretched over a desk, one or two sparklines would be posters


@dataclass(frozen=True, slots=True)
class Card:
    """One KPI card. `status`, `target` and `icons` are Markdown, `sparkline` is an image address with its words in `alt`.

    `hover`: what its button tells before it is pressed; then it stands beside the icons and the card is short.
    """

    label: str
    value: str
    status: str
    target: str
    sparkline: str
    alt: str
    icons: str = ""
    kpi: str = ""
    hover: str = ""


def cards(items: Iterable[Card], action: Callable[[str], None] | None = None) -> None:
    """Cards side by side, as many abreast as fit: all on a desk, two on a phone. `action(kpi)` draws a button in its last line."""
    shown = tuple(items)
    width = "stretch" if len(shown) > FEW_CARDS else WIDTH_OF_FEW
    with st.container(horizontal=True, gap="small"):
        for item in shown:
            with st.container(border=True, width=width, height="stretch", gap="xxsmall"):
                _card(item, action)


def _card(item: Card, action: Callable[[str], None] | None) -> None:
    st.metric(text(item.label), text(item.value))
    st.markdown(f":small[{item.status}]  \n:small[{item.target}]")
    with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="xsmall"):
        st.image(item.sparkline, width="stretch", alt=item.alt)
        if item.icons:
            st.markdown(item.icons, width="content")
        if action:
            action(item.kpi)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a row table: its heading and its width in px."""

    label: str
    width: int


def row_table(columns: Sequence[Column], rows: Iterable[Sequence[str]], action: Callable[[int], None] | None = None) -> None:
    """A table of up to 25 rows of Markdown cells with hairlines between; on a phone every row wraps into a card.

    `action(index)` draws a button at the end of a row.
    """
    rule = f"/{address('rule', data.mode())}"
    with st.container(gap="xsmall"):
        _row(columns, [f":gray[:small[{text(column.label)}]]" for column in columns])
        for index, row in enumerate(rows):
            st.image(rule, width="stretch", alt="")
            _row(columns, row, partial(action, index) if action else None)


def _row(columns: Sequence[Column], cells: Sequence[str], action: Callable[[], None] | None = None) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        for column, cell in zip(columns, cells, strict=True):
            st.markdown(cell or " ", width=column.width)
        if action:
            action()


def empty_state(fact: str, reason: str, button: str = "", on_click: Callable[..., None] | None = None, **choices: Any) -> None:
    """What is missing, why, and one button that does something about it (`on_click(**choices)`)."""
    with st.container(border=True, height=180, horizontal_alignment="center", vertical_alignment="center", gap="xsmall"):
        st.markdown(f"**{text(fact)}**", width="content", text_alignment="center")
        st.markdown(f":gray[{text(reason)}]", width="content", text_alignment="center")
        if button:
            st.button(text(button), key=f"empty-{fact}", on_click=on_click, kwargs=choices)


def no_data(view: View, what: str = "data", *, zeros: bool = False) -> None:
    """The empty state of a page that found nothing for the period and filters, with the way out of it.

    `zeros`: there are counts, but those to divide by are 0.
    """
    if zeros:
        reason = f"{view.filters.words}: every count to divide by is 0, so no rate can be computed. What was loaded says more."
        empty_state("Nothing to divide by", reason, "See the loaded files", go_to, page="batches_and_quality")
        return
    fact, reason = f"No {what} for {view.period.label}", f"{view.filters.words}; the newest data is of {data.newest_day()}."
    if view.filters.dimensions:
        empty_state(fact, reason, "Clear the filters", choose, **dict.fromkeys(view.filters.dimensions, ()))
    else:
        empty_state(fact, reason, "Upload a file", go_to, page="upload")


def download_csv(frame: pd.DataFrame | Callable[[], pd.DataFrame], file_name: str, label: str = "Download CSV") -> None:
    """A button that saves `frame` (or what it returns) as CSV safe for spreadsheets; the file is made when it is asked for."""
    made = lambda: csv_bytes(frame if isinstance(frame, pd.DataFrame) else frame())  # noqa: E731
    st.download_button(
        text(label), made, file_name, "text/csv", key=f"download-{file_name}",
        on_click="ignore", type="tertiary", icon=":material/download:",
    )  # fmt: skip


def plot(figure: Any, key: str, alt: str, on_click: Callable[[Any], None] | None = None) -> None:
    """A chart as wide as its place. A click on a point with `customdata` calls `on_click(customdata)` once.

    After a click the chart gets a new key: the selection is used up, so coming back does not click again and the same
    cell can be clicked again.
    """
    settings: dict[str, Any] = {"width": "stretch", "theme": None, "config": {"displayModeBar": False}, "alt": alt}
    if on_click is None:
        st.plotly_chart(figure, key=key, **settings)
        return
    counter = f"_clicks_{key}"
    widget = f"{key}-{st.session_state.get(counter, 0)}"
    clicked = lambda: _use_click(widget, counter, on_click)  # noqa: E731
    st.plotly_chart(figure, key=widget, on_select=clicked, selection_mode="points", **settings)


def _use_click(widget: str, counter: str, on_click: Callable[[Any], None]) -> None:
    """Pass the clicked point's customdata on, and let the next run draw a chart without selection."""
    points = st.session_state[widget]["selection"]["points"]
    told = [point["customdata"] for point in points if point.get("customdata")]
    if told:
        st.session_state[counter] = st.session_state.get(counter, 0) + 1
        on_click(told[0])
