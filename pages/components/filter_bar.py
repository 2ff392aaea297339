"""The sidebar: period, comparison and the four dimensions; under them how fresh the data is."""

from collections.abc import Callable

import streamlit as st

from analytics.catalogue import DIMENSIONS, Dimension
from analytics.errors import UsageError
from analytics.fair_periods import Stretch, parse_choice
from analytics.options import Span, filter_options
from analytics.periods import Comparison, Grain, Period, day_text
from pages.components import data
from pages.components.choices import choose_many
from pages.components.text import text
from pages.components.trial_view import fit_period

GRAINS = (Grain.QUARTER, Grain.MONTH, Grain.YEAR)
DATES = "dates"


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
    _comparison(chosen, span, fiscal_start)
    return [] if known else [f"The link asks for the period {chosen}, which the filter does not offer."]


def _comparison(period: str, span: Span, fiscal_start: int) -> None:
    """Previous, last year, any other period of the same grain, or two dates, which open a field of their own."""
    names: list[str] = [*Comparison, DATES, *_others(period, span, fiscal_start)]
    chosen = st.session_state["compare"] = _meant(st.session_state["compare"], span, fiscal_start)
    if chosen not in names:
        names.insert(len(Comparison), chosen)
    st.selectbox(
        "Compared with", names, format_func=lambda name: comparison_label(name, period, span, fiscal_start), key="compare",
        on_change=_begin_dates, args=(period, span, fiscal_start),
    )  # fmt: skip
    try:
        days = parse_choice(chosen, fiscal_start)
    except UsageError:
        return
    if isinstance(days, Stretch):
        _dates(days, span)


def _meant(said: str, span: Span, fiscal_start: int) -> str:
    """The choice words stand for: a browser that was slower than a change of the period answers with the words it showed before."""
    starts = {"Previous": Comparison.PREVIOUS, "Last year": Comparison.LAST_YEAR}
    words = {period.label: period.id for grain in GRAINS for period in span.periods(grain, fiscal_start)}
    return next((choice for start, choice in starts.items() if said.startswith(start)), words.get(said, said))


def _others(period: str, span: Span, fiscal_start: int) -> list[str]:
    """The other periods of the same grain that have data."""
    try:
        shown = Period.parse(period, fiscal_start)
    except UsageError:
        return []
    return [other.id for other in span.periods(shown.grain, fiscal_start) if other != shown] if shown.grain in GRAINS else []


def _begin_dates(period: str, span: Span, fiscal_start: int) -> None:
    """Callback: two dates begin as those of the period before, as far as there is data."""
    if st.session_state["compare"] == DATES:
        before = Period.parse(period, fiscal_start).previous()
        first, last = max(before.start, span.first_day), min(before.end, span.last_day)
        st.session_state["compare"] = Stretch(min(first, last), last).id


def _dates(days: Stretch, span: Span) -> None:
    """The two dates, each no further than the other; a link may name dates without data."""
    keys = (f"compare-from-{days.id}", f"compare-to-{days.id}")
    first, last = min(span.first_day, days.start), max(span.last_day, days.end)
    for label, key, shown, least, most in (
        ("From", keys[0], days.start, first, days.end),
        ("To", keys[1], days.end, days.start, last),
    ):
        st.date_input(label, shown, least, most, key=key, on_change=_take_dates, args=keys, format="YYYY-MM-DD")


def _take_dates(first: str, last: str) -> None:
    """Callback: compare with the days between both."""
    st.session_state["compare"] = Stretch(st.session_state[first], st.session_state[last]).id


def comparison_label(name: str, period: str, span: Span, fiscal_start: int) -> str:
    """'Previous quarter (Q2)', 'Last year to date (Q4 2025)', '1 Mar to 10 Mar 2026': short enough for the sidebar; else the name."""
    if name == DATES:
        return "Two dates ..."
    try:
        shown, choice = Period.parse(period, fiscal_start), parse_choice(name, fiscal_start)
    except UsageError:
        return name
    if isinstance(choice, Stretch) and choice.start.year == choice.end.year:
        return f"{data.short_day(choice.start)} to {data.short_day(choice.end)} {choice.end.year}"
    if not isinstance(choice, Comparison):
        return choice.label
    other, year = choice.of(shown).label, shown.label.rpartition(" ")[2]
    words = "Last year" if choice is Comparison.LAST_YEAR else "Previous"
    if span.first_day <= shown.start <= span.last_day < shown.end:
        return f"{words} to date ({other.removesuffix(f' {year}')})"
    if choice is Comparison.PREVIOUS and other.endswith(f" {year}"):
        return f"Previous {shown.grain} ({other.removesuffix(f' {year}')})"
    return f"{words} ({other})"


def _dimension(dimension: Dimension, options: list[str]) -> list[str]:
    """One multiselect; its placeholder says what an empty choice means."""
    every = f"Only {options[0]}" if len(options) == 1 else f"All {len(options)} {dimension.plural}"
    placeholder = every if options else f"No {dimension.plural} in the data"
    missing = choose_many(dimension.label, dimension.id, options, placeholder=placeholder)
    return [f"The link names the {dimension.label.lower()} {value}, which is not in the data." for value in missing]


def _label(labels: dict[str, str]) -> Callable[[str], str]:
    return lambda period: labels.get(period, f"{period} (not offered)")


def period_label(period: Period, span: Span) -> str:
    """'Q3 2026 · Jul to Sep'; 'Q4 2026 · to 31 Oct' or 'Q4 2026 · from 1 Nov' where the data covers only a part: it fits the sidebar."""
    if span.last_day < period.end:
        return f"{period.label} · to {data.short_day(span.last_day)}"
    if span.first_day > period.start:
        return f"{period.label} · from {data.short_day(span.first_day)}"
    return period.long_label


def _freshness(span: Span) -> str:
    vendors = f"{span.fresh_vendors} of {span.current_vendors} vendors complete"
    return text(f"Data to {day_text(span.last_day)} · {_version()} · {vendors}")


def _version() -> str:
    return f"version {data.store().version}" if data.is_stored() else "not stored"
