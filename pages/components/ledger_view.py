"""The definition ledger on screen: the same data under each published formula of a KPI, side by side."""

from dataclasses import dataclass

import streamlit as st

from analytics.asking import KpiQuery, Reader
from analytics.catalogue import find_kpi
from analytics.performance.ledger import ledger_kpis, ledger_sentence, with_formulas
from analytics.query import kpi_frame
from analytics.warehouse import Scope
from pages.components import data
from pages.components.origin_view import origin_button
from pages.components.parts import Column, row_table, section
from pages.components.state import View
from pages.components.text import text

COLUMNS = (
    Column("Definition", 166),
    Column("Formula", 220),
    Column("Value", 82),
    Column("Difference", 86),
    Column("Counts, coverage", 200),
)


@dataclass(frozen=True, slots=True)
class LedgerDrawing:
    """One KPI under each of its formulas: a sentence, Markdown rows with the KPI of each, and what must be known of them."""

    sentence: str
    rows: tuple[tuple[str, ...], ...]
    kpis: tuple[str, ...]
    notes: str


def draw_ledger(store: Reader, scope: Scope, query: KpiQuery) -> LedgerDrawing:
    """The ledger of one period; without a row for it the sentence is ''."""
    frame = with_formulas(kpi_frame(store, scope, query))
    rows = frame.to_dict("records")
    return LedgerDrawing(ledger_sentence(frame), tuple(_cells(row) for row in rows), tuple(frame["kpi"]), _notes(rows))


def _cells(row: dict) -> tuple[str, ...]:
    kpi = find_kpi(row["kpi"])
    own = kpi.variant_of is None
    name = f"**{text(row['label'])}**" if own else text(row["label"])
    counts = f":small[{text(row['counts_text'])}]  \n:small[:gray[{text(row['coverage'])}]]"
    return name, f":small[{text(row['formula'])}]", f"**{text(row['value_text'])}**", text(row["difference_text"] or "-"), counts


def _notes(rows: list[dict]) -> str:
    """That the formulas do not speak of the same vendors and days, where they do not, and the remarks of single ones."""
    covers = {row["coverage"] for row in rows if row["value"] == row["value"]}
    lines = ["Not every vendor reports what each formula needs, so part of a difference is who is counted."] if len(covers) > 1 else []
    lines += [f"{row['label']}: {row['remark']}." for row in rows if row["remark"]]
    return f":small[:gray[{text(' '.join(lines))}]]" if lines else ""


def ledger_of(view: View, kpi: str) -> LedgerDrawing | None:
    """The ledger of a KPI for the filters of the link; None where there is no data at all."""
    if not kpi or not data.has_rows():
        return None
    period, reporting = view.period, data.settings().reporting_currency
    asked = (ledger_kpis(kpi), period.grain, period.start, period.end, (), view.filters, view.fiscal_start, reporting)
    return data.ask(draw_ledger, KpiQuery(*asked))


def show_ledger(drawn: LedgerDrawing, view: View) -> None:
    """The formulas side by side with what the data of the period and filters makes of each."""
    several = len(drawn.kpis) > 1
    section("The same data under each published formula" if several else "What the data says")
    if not drawn.rows:
        st.markdown(f":gray[{text(f'No data for {view.period.label} with these filters.')}]")
        return
    row_table(COLUMNS, drawn.rows, lambda row: origin_button("ledger", drawn.kpis[row], view.period, view.filters))
    if drawn.notes:
        st.markdown(drawn.notes)
