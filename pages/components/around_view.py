"""Every KPI before and after an event, under the split of the one KPI that is looked at."""

from typing import Any

import pandas as pd
import streamlit as st

from analytics.catalogue import find_kpi
from analytics.performance.why_moved import Against, WhyRequest, kpis_around
from analytics.wording import counted
from pages.components import data
from pages.components.parts import download_csv, section
from pages.components.state import choose
from pages.components.tables import cell_table
from pages.components.text import text

_COLUMNS = {"name": "KPI", "before_text": "before", "after_text": "after", "change_text": "change", "relative_text": "in percent",
            "span": "months on each side"}  # fmt: skip


def kpis_table(request: WhyRequest) -> None:
    """The table for a request around an event, nothing for any other; a click on a row splits that KPI."""
    if request.against is not Against.EVENT:
        return
    rows = data.ask(kpis_around, request, data.settings().shown_kpis)
    if rows.empty:
        return
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        said = f"{request.filters.words}; nothing of the month of the event. Click a row to see its parts. The event need not be the cause."
        section(f"Every KPI around {request.event_title}", f":gray[:small[{text(said)}]]")
        download_csv(rows, f"around-{request.event_day}.csv")
    _table(rows)


def _table(rows: pd.DataFrame) -> None:
    shown = rows.assign(name=[find_kpi(kpi).label for kpi in rows["kpi"]], span=[counted(count, "month") for count in rows["months"]])
    columns: dict[str, Any] = {label: st.column_config.TextColumn(alignment="right") for label in list(_COLUMNS.values())[1:]}
    cell_table(
        shown[list(_COLUMNS)].rename(columns=_COLUMNS), "around", "Every KPI before and after the event",
        lambda row, _: choose(kpi=rows["kpi"].iat[row], table_page="1"),
        column_config=columns | {"KPI": st.column_config.TextColumn(pinned=True)},
    )  # fmt: skip
