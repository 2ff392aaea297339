"""Choosing the quarter, what it is compared with and the vendors, where the sidebar is closed."""

import streamlit as st

from analytics.options import filter_options
from analytics.periods import Comparison, Grain, Period
from pages.components import data
from pages.components.filter_bar import comparison_label, period_label
from pages.components.state import View, choose

QUARTER, COMPARED, VENDORS = "review-quarter", "review-compare", "review-vendor"


def shown_quarter(period: Period) -> Period:
    """The quarter a period of the filter lies in; of a year its last."""
    return period if period.grain is Grain.QUARTER else Period.of(Grain.QUARTER, period.end, period.fiscal_start)


def quarter_controls(view: View, quarter: Period) -> None:
    """One button that opens the three choices; they are those of the filter bar and are kept in the link."""
    span, fiscal_start = data.span(), data.settings().fiscal_year_start_month
    quarters = {period.id: period_label(period, span) for period in span.periods(Grain.QUARTER, fiscal_start)}
    quarters.setdefault(quarter.id, quarter.long_label)
    compared = _comparisons(quarter, list(quarters), view)
    st.session_state[QUARTER], st.session_state[COMPARED] = quarter.id, view.one("compare")
    st.session_state[VENDORS] = list(view.filters.vendor)
    with st.popover("Change quarter", type="tertiary", icon=":material/tune:"):
        st.selectbox(
            "Quarter",
            list(quarters),
            format_func=lambda name: quarters.get(name, name),
            key=QUARTER,
            on_change=_take,
            args=("period", QUARTER),
        )
        st.selectbox(
            "Compared with", compared, format_func=lambda name: comparison_label(name, quarter.id, span, fiscal_start), key=COMPARED,
            on_change=_take, args=("compare", COMPARED),
        )  # fmt: skip
        vendors = data.ask(filter_options)["vendor"]
        st.multiselect(
            "Vendors", vendors, key=VENDORS, placeholder=f"All {len(vendors)} vendors", on_change=_take, args=("vendor", VENDORS)
        )


def _comparisons(quarter: Period, quarters: list[str], view: View) -> list[str]:
    names: list[str] = [*Comparison, *(name for name in quarters if name != quarter.id)]
    return names if view.one("compare") in names else [view.one("compare"), *names]


def _take(name: str, key: str) -> None:
    """Callback: what was chosen here is the choice of the filter bar."""
    choose(**{name: st.session_state[key]})
