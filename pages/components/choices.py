"""Choosing among values of the data, without losing what a link names but the data does not have."""

from collections.abc import Sequence

import streamlit as st

from analytics.catalogue import KPIS, find_kpi

NOT_FOUND = "(not in the data)"


def choose_many(label: str, key: str, options: Sequence[str], *, placeholder: str) -> list[str]:
    """A multiselect on the link key `key`; returns the chosen values that `options` does not have.

    Such values stay chosen and are shown as not found, so that a link to nothing shows nothing instead of everything.
    """
    missing = [value for value in st.session_state.get(key, []) if value not in options]
    st.multiselect(
        label,
        [*options, *missing],
        format_func=lambda value: f"{value} {NOT_FOUND}" if value in missing else value,
        key=key,
        placeholder=placeholder,
        disabled=not options and not missing,
    )
    return missing


def kpi_control() -> None:
    """Which KPI, kept in the link as `kpi`."""
    st.selectbox("KPI", list(KPIS), format_func=lambda name: find_kpi(name).label, key="kpi", label_visibility="collapsed", width=230)
