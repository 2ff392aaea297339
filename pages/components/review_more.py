"""The sections of a review below the fold: sentences, lists and tables of whatever was declared."""

import pandas as pd
import streamlit as st

from analytics.review.model import Lines, Section, Table
from pages.components.parts import section
from pages.components.review_view import ReviewDrawing, line_rows, marked
from pages.components.text import text

ROW_HEIGHT = 34
MOST_ROWS_SHOWN = 12
LIST_WIDTH = 820  # px: longer lines are hard to follow


def more_sections(drawn: ReviewDrawing) -> None:
    """Every section that has no place of its own above, in the order of the review."""
    for found in drawn.rest:
        section(found.title, f":gray[{marked(found.sentence)}]" if found.sentence else "")
        for block in found.blocks:
            match block:
                case Lines():
                    with st.container(width=LIST_WIDTH):
                        line_rows(drawn, found.id, block.empty)
                case Table():
                    _name(found, block)
                    table(block)


def _name(found: Section, block: Table) -> None:
    """What a table is, where its section tells more than the table; one whose first column says it needs no name."""
    if len(found.blocks) > 1 and not block.name.startswith(f"{found.id}_"):
        st.markdown(f"**{text(block.name.replace('_', ' ').capitalize())}**")


def table(block: Table) -> None:
    """A table of the review as people sort and search it; numbers as printed, right-aligned."""
    if not block.rows:
        st.markdown(f":gray[{text(block.empty)}]")
        return
    frame = pd.DataFrame([[cell.text for cell in row] for row in block.rows], columns=list(block.columns))
    columns = {
        name: st.column_config.TextColumn(alignment="right" if numeric else "left", pinned=place == 0)
        for place, (name, numeric) in enumerate(zip(block.columns, block.numeric, strict=True))
    }
    height = ROW_HEIGHT * (min(len(frame), MOST_ROWS_SHOWN) + 1) + 2
    st.dataframe(frame, hide_index=True, row_height=ROW_HEIGHT, height=height, column_config=columns, alt=block.name, placeholder="-")
