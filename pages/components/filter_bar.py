"""The sidebar: period, comparison and the four dimensions; under them how fresh the data is."""

from collections.abc import Callable

import streamlit as st

from analytics.catalogue import DIMENSIONS, Dimension
from analytics.errors import UsageError
from analytics.options import Span, filter_options
from analytics.periods import Comparison, Grain, Period, day_text
from pages.components import data
from pages.components.choices import choose_many
from pages.components.state import find_comparison
from pages.components.text import text
from pages.components.trial_view import fit_period

GRAINS = (Grain.QUARTER, Grain.MONTH, Grain.YEAR)


def draw_filter_bar() -> list[str]:
    """Draw the filters; returns one sentence for every chosen value the data does not have."""
    span = data.span()
    with st.sidebar:
        st.markdown(":small[**Filters**]")
        problems = _period(span)
        for dimension, options in data.ask(filter_options).items():
            problems += _dimension(DIMENSIONS[dimension], options)
        st.markdown(f":gray[:small[{_freshness(span)}]]")
    return problems


def _period(span: Span) -> list[str]:
    """The period and what it is compared with."""
    fiscal_start = data.settings().fiscal_year_start_month
    labels = {period.id: period_label(period, span) for grain in GRAINS for period in span.periods(grain, fiscal_start)}
    fit_period(set(labels))
    chosen = st.session_state["period"] = st.session_state["period"] or span.default_period(fiscal_start).id
    known = chosen in labels
    st.selectbox("Period", list(labels) if known else [chosen, *labels], format_func=_label(labels), key="period")
    _comparison(chosen, fiscal_start)
    return [] if known else [f"The link asks for the period {chosen}, which the filter does not offer."]


def _comparison(period: str, fiscal_start: int) -> None:
    names: list[str] = list(Comparison)
    chosen = st.session_state["compare"]
    if chosen not in names:
        names.append(chosen)

    st.selectbox("Compared with", names, format_func=lambda name: comparison_label(name, period, fiscal_start), key="compare")


def comparison_label(name: str, period: str, fiscal_start: int) -> str:
    """'Previous quarter (Q2)', 'Last year (Q3 2025)': short enough for the sidebar; a name or period that is none as it is."""
    try:
        shown = Period.parse(period, fiscal_start)
        label = find_comparison(name).label(shown)
    except UsageError:
        return name
    year = shown.label.rpartition(" ")[2]
    return label.replace(f" {year})", ")") if f" {year})" in label else label.replace(f"Previous {shown.grain}", "Previous")


def _dimension(dimension: Dimension, options: list[str]) -> list[str]:
    """One multiselect; its placeholder says what an empty choice means."""
    placeholder = f"All {len(options)} {dimension.plural}" if options else f"No {dimension.plural} in the data"
    missing = choose_many(dimension.label, dimension.id, options, placeholder=placeholder)
    return [f"The link names the {dimension.label.lower()} {value}, which is not in the data." for value in missing]


def _label(labels: dict[str, str]) -> Callable[[str], str]:
    return lambda period: labels.get(period, f"{period} (not offered)")


def period_label(period: Period, span: Span) -> str:
    """'Q3 2026 · Jul to Sep'; with '(to 31 Oct)' or '(from 1 Aug)' when the data covers only a part of it."""
    if span.last_day < period.end:
        return f"{period.long_label} (to {data.short_day(span.last_day)})"
    if span.first_day > period.start:
        return f"{period.long_label} (from {data.short_day(span.first_day)})"
    return period.long_label


def _freshness(span: Span) -> str:
    vendors = f"{span.fresh_vendors} of {span.current_vendors} vendors complete"
    return text(f"Data to {day_text(span.last_day)} · {_version()} · {vendors}")


def _version() -> str:
    return f"version {data.store().version}" if data.is_stored() else "not stored"
