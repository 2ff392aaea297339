"""Long tables: from page to page, and a click on a cell that is used up at once."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from pages.components.state import choose

VENDORS = ("Previous vendors", "Next vendors")


def page_number(asked: str) -> int:
    """The page a link asks for; 1 where it names none."""
    return max(int(asked) if asked.isdecimal() else 1, 1)


def pager(name: str, asked: str, pages: int, labels: tuple[str, str], order: str, *, quiet: bool = False) -> int:
    """The page to show of something long; with more than one its buttons are drawn, and the page is kept in the link under `name`.

    `quiet`: small and without frames, beside something that is no chart of its own.
    """
    page = min(page_number(asked), max(pages, 1))
    if pages > 1:
        style, said = ("tertiary", f":small[{page} of {pages}, {order}]") if quiet else ("secondary", f"page {page} of {pages}, {order}")
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            _step(f"{name}-back", labels[0], style, page == 1, {name: str(page - 1)})
            st.markdown(f":gray[{said}]", width="content")
            _step(f"{name}-on", labels[1], style, page == pages, {name: str(page + 1)})
    return page


def _step(key: str, label: str, style: Any, disabled: bool, choice: dict[str, str]) -> None:
    st.button(label, key=key, type=style, disabled=disabled, on_click=choose, kwargs=choice)


def cell_table(frame: pd.DataFrame, name: str, alt: str, on_click: Callable[[int, str], None], **settings: Any) -> None:
    """A table of which any cell can be clicked: `on_click(row, column)` is called once, as the callback of the click.

    After a click the table gets a new key: the selection is used up, and the same cell can be clicked again.
    """
    counter = f"_cells_{name}"
    key = f"{name}-{st.session_state.get(counter, 0)}"

    def clicked() -> None:
        cells = st.session_state[key]["selection"]["cells"]
        if cells:
            st.session_state[counter] = st.session_state.get(counter, 0) + 1
            on_click(*cells[0])

    shown: dict[str, Any] = {"hide_index": True, "row_height": 34, "height": "content", **settings}
    st.dataframe(frame, key=key, on_select=clicked, selection_mode="single-cell", alt=alt, **shown)
