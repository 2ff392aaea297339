"""The reasons behind the risk heatmap's cells."""

import pandas as pd
import streamlit as st

from analytics.catalogue import find_kpi
from analytics.charts.images import MOVEMENTS, band_image, movement_image
from analytics.settings import RISK_BAND_NAMES
from pages.components import data
from pages.components.origin_view import origin_button
from pages.components.parts import section
from pages.components.state import View, go_to
from pages.components.text import text

REASONS_SHOWN = 5


def heatmap_legend() -> str:
    """The bands of the heatmap, its arrows and what a click does."""
    shown = [f"{_swatch(level)} {name}" for level, name in enumerate(RISK_BAND_NAMES)]
    shown += [f"{movement_image(trend, data.mode())} {trend}" for trend in MOVEMENTS]
    return f":small[{' '.join(shown)} :gray[· -: not measured · click a cell for its reasons]]"


def _swatch(level: int) -> str:
    return band_image(level, data.mode())


def reasons(frame: pd.DataFrame, vendor: str, kpi: str, view: View) -> None:
    """The clicked cell's reasons; without a click those of the highest levels."""
    chosen = frame[(frame["vendor"] == vendor) & (frame["kpi"] == kpi)]
    if len(chosen):
        section("Why this cell")
    else:
        section("The highest, and why")
        chosen = frame.dropna(subset="level").sort_values("level", ascending=False, kind="stable").head(REASONS_SHOWN)
    for row in chosen.to_dict("records"):
        _reason(row, view)


def _reason(row: dict, view: View) -> None:
    with st.container(border=True, gap="xsmall"):
        mark = f"{_swatch(int(row['level']))} " if row["level"] == row["level"] else ""
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"{mark}**{row['level_text']}** · {text(row['vendor'])} · {text(find_kpi(row['kpi']).label)}", width="content")
            with st.container(horizontal=True, width="content", gap="small"):
                st.button(
                    "Trend", key=f"trend-{row['vendor']}-{row['kpi']}", type="tertiary", on_click=go_to, args=("trends",),
                    kwargs={"vendor": [row["vendor"]], "kpi": row["kpi"]},
                )  # fmt: skip
                origin_button("reason", row["kpi"], view.period, view.filters, row["vendor"], "Where from")
        st.markdown(f":small[{text(row['reason'])} :gray[{text(row['coverage'])}]]")
