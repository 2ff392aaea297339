"""The menu at the end of a row of a KPI: every way on from its number, in words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from analytics.catalogue import find_kpi
from analytics.charts.images import action_image
from analytics.performance.notes import note_counts
from pages.components import data
from pages.components.noting import NotesAsked, ask_notes
from pages.components.origin_view import TITLE as ORIGIN
from pages.components.origin_view import WHY, ask_origin, why_choices
from pages.components.state import View, go_to

TREND, DEFINITION, NOTES = "Trend", "Definition", "Notes"
WAYS = (ORIGIN, WHY, TREND, DEFINITION, NOTES)


@dataclass(frozen=True, slots=True)
class Row:
    """The KPI of a row, in a period and under filters; `vendor` '' is the total."""

    kpi: str
    view: View
    vendor: str


def row_menus(kpis: Sequence[str], view: View, vendor: str = "") -> Callable[[int], None]:
    """What draws the menu of the n-th row of a table of KPIs: the notes of all rows are counted at once."""
    counts = data.ask(note_counts, tuple(kpis), view.period, view.filters, vendor)
    return lambda row: _menu(Row(kpis[row], view, vendor), counts[kpis[row]])


def _menu(row: Row, notes: int) -> None:
    """Three dots, and how many notes there are."""
    key, name = f"ways-{row.vendor}-{row.kpi}", find_kpi(row.kpi).label
    dots = action_image("more", f"Ways on from {name}", data.mode())
    label = f"{dots} {action_image('note', 'Notes', data.mode())} {notes}" if notes else dots
    said = {NOTES: f"Notes ({notes})" if notes else "Add a note"}
    st.menu_button(
        label, WAYS, key=key, type="tertiary", help=f"Ways on from {name}", format_func=lambda way: said.get(way, way),
        on_click=partial(_follow, key, row),
    )  # fmt: skip


def _follow(key: str, row: Row) -> None:
    """Callback: take the way that was chosen; the row's vendor comes along."""
    filters = replace(row.view.filters, vendor=(row.vendor,)) if row.vendor else row.view.filters
    notes = NotesAsked(row.kpi, row.view.period, row.view.filters, row.vendor)
    ways = {
        ORIGIN: lambda: ask_origin(row.kpi, row.view.period, filters),
        WHY: lambda: go_to("variance", **why_choices(row.kpi, filters)),
        TREND: lambda: go_to("trends", kpi=row.kpi, vendor=filters.vendor),
        DEFINITION: lambda: go_to("definitions", kpi=row.kpi, vendor=filters.vendor),
        NOTES: lambda: ask_notes(notes),
    }
    ways[st.session_state[key]]()
