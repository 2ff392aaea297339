"""Definitions: what every KPI is, straight from the catalogue, and what the data says under each published formula of one."""

import streamlit as st

from analytics.catalogue import KPIS, Topic
from pages.components import data
from pages.components.definition_view import definition, shown_kpis
from pages.components.ledger_view import ledger_of, show_ledger
from pages.components.parts import empty_state, heading, section
from pages.components.state import choose, one, open_view

view = open_view(one("kpi"), one("find"))
found = shown_kpis(view.one("kpi"), view.one("find"))
ledger = ledger_of(view, view.one("kpi"))
if ledger and ledger.sentence:
    heading(
        "Definitions", found[0].label, view.period.label, view.filters.words, data.incomplete_words(view.period), sentence=ledger.sentence
    )
else:
    heading(
        "Definitions", f"{len(KPIS)} KPIs and variants", "the same entries make the SQL, the formats and these words",
        sentence="Every KPI is a sum divided by a sum: no average of ratios, and no number without its definition.",
    )  # fmt: skip
with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
    st.text_input("Find a KPI, a synonym or a measure", key="find", placeholder="aht, abandoned, turnover ...", width=360)
    if view.one("kpi"):
        st.button("Show all definitions", on_click=choose, kwargs={"kpi": ""})
if ledger:
    show_ledger(ledger, view)
if not found:
    empty_state("Nothing fits that search", "Try a KPI's name, one of its synonyms or a measure.", "Show all", choose, find="", kpi="")
for topic in Topic:
    entries = [kpi for kpi in found if kpi.topic is topic]
    if entries:
        section(topic)
    for kpi in entries:
        definition(kpi)
