"""One KPI over time as it is drawn: made once per warehouse version, request and mode, then only shown."""

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from analytics.asking import Reader
from analytics.catalogue import Kpi, find_kpi, formula
from analytics.charts.events import Event as PlacedEvent
from analytics.charts.events import events_of
from analytics.charts.images import variation_image
from analytics.charts.parts import escape
from analytics.charts.theme import Mode
from analytics.charts.timeline import value_range
from analytics.charts.trend import small_multiple, trend, trend_by_vendor
from analytics.errors import UsageError
from analytics.filters import Filters
from analytics.performance.chosen_limits import departure_words, event_name
from analytics.performance.spc import Signal, signal_text
from analytics.performance.trend_notes import Entry, trend_notes
from analytics.performance.trends import (
    Trend,
    TrendRequest,
    default_range,
    newest_whole,
    of_vendor,
    one_trend,
    trend_verdict,
    vendor_trends,
    vendors_by_concern,
)
from analytics.performance.words import nothing_to_divide
from analytics.periods import Grain, Period
from analytics.warehouse import Scope
from pages.components import data
from pages.components.choices import kpi_control
from pages.components.noting import EventAsked, NotesAsked, ask_notes, only_vendor
from pages.components.origin_view import ask_origin
from pages.components.parts import plot, section
from pages.components.state import View, choose
from pages.components.tables import cell_table
from pages.components.text import text
from pages.components.trend_options import options_control
from pages.components.trend_words import letters_words, method_by_vendor_words, method_words, range_words, series_title, signal_words

MOST_MULTIPLES = 10
MULTIPLES_ABREAST = 5
GRAINS_OFFERED = tuple(Grain)
LINES = {"total": "Total", "vendors": "By vendor"}
_RANGING = "_ranging"


@dataclass(frozen=True, slots=True)
class Multiple:
    """One vendor among the small multiples: its newest point in words, its figure."""

    vendor: str
    words: str
    figure: Any


@dataclass(frozen=True, slots=True)
class TrendDrawing:
    """All the page shows of one KPI over time."""

    kpi: Kpi
    measured: bool
    zeros: bool
    title: str
    sentence: str
    range_words: str
    departure: str
    signal: str
    total: Any
    by_vendor: Any
    method: str
    method_by_vendor: str
    letters: str
    event_names: tuple[str, ...]
    vendors: int
    multiples: tuple[Multiple, ...]
    numbers: pd.DataFrame
    download: pd.DataFrame
    period_ends: dict[str, str]
    entries: tuple[Entry, ...]
    remark: str


def draw_trend(store: Reader, scope: Scope, request: TrendRequest, mode: Mode) -> TrendDrawing:
    """The trend of a request in one mode."""
    found, vendors, kpi = one_trend(store, scope, request), vendor_trends(store, scope, request), find_kpi(request.kpi)
    series, notes = found.series, trend_notes(store, scope, request, found.series)
    chosen, placed = _of_filters(vendors, request.filters), events_of(found.events, found.series)
    several = vendors["vendor"].nunique() > 1
    ends = zip(series["period"].dt.strftime("%Y-%m-%d"), series["period_end"].dt.strftime("%Y-%m-%d"), strict=True)
    measured = bool(series["value"].notna().any())
    nothing = f"No data for {kpi.label} with these filters."
    return TrendDrawing(
        kpi=kpi,
        measured=measured,
        zeros=nothing_to_divide(series),
        title=series_title(store, scope, kpi, request.filters),
        sentence=trend_verdict(series, found.events, request.grain, request.fiscal_start) if len(series) else nothing,
        range_words=range_words(series, request.start, request.end),
        departure=departure_words(found.limits),
        signal=signal_words(series, request, mode),
        total=_total(found, notes.on_chart, request, mode) if measured else None,
        by_vendor=_by_vendor(chosen, found.events, mode) if measured else None,
        method=method_words(kpi, found, request),
        method_by_vendor=method_by_vendor_words(kpi, series),
        letters=letters_words(placed),
        event_names=_event_names(found.events),
        vendors=vendors["vendor"].nunique(),
        multiples=tuple(_multiples(vendors, kpi, request, mode)) if measured and several else (),
        numbers=_numbers(series).drop(columns="signal").assign(notes=_note_counts(series, notes.on_chart)).iloc[::-1],
        download=pd.concat([_numbers(series).assign(vendor="as filtered"), _numbers(chosen).assign(vendor=chosen["vendor"])]),
        period_ends=dict(ends),
        entries=_with_letters(notes.entries, placed),
        remark=next((remark for remark in series["remark"] if remark), ""),
    )


def _total(found: Trend, notes: pd.DataFrame, request: TrendRequest, mode: Mode) -> Any:
    """The control chart of the one series."""
    beside = request.beside.short if request.beside else ""
    return trend(found.series, request.kpi, mode, events=found.events, notes=notes, beside=beside)


def _of_filters(vendors: pd.DataFrame, filters: Filters) -> pd.DataFrame:
    """The series of the vendors the filters name, of all where they name none."""
    return vendors[vendors["vendor"].isin(filters.vendor)] if filters.vendor else vendors


def _by_vendor(chosen: pd.DataFrame, events: pd.DataFrame, mode: Mode) -> Any:
    """The chart of several vendors; None where there is only one."""
    several = chosen["vendor"].nunique() > 1
    return trend_by_vendor(chosen.reset_index(drop=True), chosen["kpi"].iat[0], mode, events=events) if several else None


def _with_letters(entries: Sequence[Entry], placed: Sequence[PlacedEvent]) -> tuple[Entry, ...]:
    """The lines under the chart, events with the letters they have on it."""
    letters = {(event.day, event.title): event.letter for event in placed}
    return tuple(
        replace(entry, letter=letters.get((entry.event.happened_on, entry.event.title), "")) if entry.event else entry for entry in entries
    )


def _note_counts(series: pd.DataFrame, notes: pd.DataFrame) -> list[str]:
    """For each period of the table how many notes it has, '' for none."""
    counts = notes["period"].value_counts()
    return [str(counts[period]) if period in counts else "" for period in series["period"]]


def _event_names(events: pd.DataFrame) -> tuple[str, ...]:
    """The events as a link names them, each once."""
    return tuple(dict.fromkeys(event_name(day.date(), title) for day, title in zip(events["happened_on"], events["title"], strict=True)))


def shown_range(view: View, grain: Grain) -> tuple[date, date]:
    """The range of the link, else the periods of this grain that end with the chosen period."""
    start, end = default_range(grain, view.period)
    start, end = _day(view.one("from"), "from") or start, _day(view.one("to"), "to") or end
    if start > end:
        raise UsageError(f"The link asks for {start} to {end}, which ends before it starts.", "Swap the two dates.")
    return start, end


def _day(value: str, name: str) -> date | None:
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise UsageError(f"'{value}' is not a date for '{name}'.", "Write it as 2026-09-30.") from None


def _multiples(vendors: pd.DataFrame, kpi: Kpi, request: TrendRequest, mode: Mode) -> Iterator[Multiple]:
    """The vendors on one scale, concerns first."""
    scale = value_range(vendors)
    for vendor in vendors_by_concern(vendors)[:MOST_MULTIPLES]:
        series = of_vendor(vendors, vendor)
        yield Multiple(vendor, _multiple_words(series, kpi, request, mode), small_multiple(series, kpi.id, mode, scale))


def _multiple_words(series: pd.DataFrame, kpi: Kpi, request: TrendRequest, mode: Mode) -> str:
    """Icon, newest value and its period; beneath it the signal in words."""
    newest = newest_whole(series)
    if newest is None:
        remark = next((remark for remark in series["remark"] if remark), "nothing measured")
        return f":gray[:small[{text(remark)}]]"
    signal, when = newest["signal"], Period.of(request.grain, newest["period"].date(), request.fiscal_start).phrase
    icon = variation_image(signal, kpi.better_sign, mode)
    return f"{icon} :small[{text(newest['value_text'])} {text(when)}]  \n:gray[:small[{signal_text(Signal(signal))}]]"


def _numbers(frame: pd.DataFrame) -> pd.DataFrame:
    """Every point with the counts behind it, for the table and the download."""
    renamed = {"value_text": "value", "target_text": "target", "variance_text": "variance", "status_text": "status"}
    columns = ["period", *renamed, "numerator", "denominator", "coverage", "signal", "remark"]
    return frame[columns].rename(columns=renamed).assign(remark=frame["remark"].fillna(""))


def controls() -> None:
    """Which KPI, and by which grain."""
    kpi_control()
    st.segmented_control("Grain", [*GRAINS_OFFERED], format_func=str.capitalize, key="grain", label_visibility="collapsed")


def lines_control(drawn: TrendDrawing, view: View, request: TrendRequest) -> bool:
    """What the newest point says, and at its right how it is drawn and whether per vendor; True for per vendor."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(drawn.signal, width="stretch")
        with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content"):
            _range_buttons(view, request)
            options_control(drawn.kpi, request, drawn.event_names)
            if drawn.by_vendor is not None:
                st.segmented_control(
                    "Lines", list(LINES), format_func=LINES.__getitem__, key="show", label_visibility="collapsed", width="content"
                )
    return drawn.by_vendor is not None and view.one("show") == "vendors"


def _range_buttons(view: View, request: TrendRequest) -> None:
    """The ways to another range: newer periods, all of them again, or one dragged over the chart."""
    if newest := newer_period(request, data.span().last_day):
        days = {"from": request.start.isoformat(), "to": newest.end.isoformat()}
        st.button(f"Show newer: to {newest.label}", type="tertiary", icon=":material/last_page:", on_click=choose, kwargs=days)
    if view.one("from") or view.one("to"):
        st.button("Whole range", type="tertiary", icon=":material/zoom_out_map:", on_click=choose, kwargs={"from": "", "to": ""})
    label = "Cancel the range" if _is_ranging() else "Choose a range"
    st.button(label, type="tertiary", icon=":material/arrow_range:", key="choose-range", on_click=_set_ranging, args=(not _is_ranging(),))


def newer_period(request: TrendRequest, last_day: date) -> Period | None:
    """The newest whole period the data covers, where it lies after the range."""
    newest = Period.of(request.grain, last_day, request.fiscal_start)
    newest = newest if newest.end == last_day else newest.previous()
    return newest if newest.end > request.end else None


def _is_ranging() -> bool:
    """Whether dragging over the chart selects a range, in place of a click that selects a point.

    Streamlit lets a chart in which one can drag a box take no clicks: only one of both is possible at a time.
    """
    return st.session_state.get(_RANGING, False)


def _set_ranging(on: bool) -> None:
    """Callback."""
    st.session_state[_RANGING] = on


def period_at(period_ends: Mapping[str, str], day: str) -> str:
    """The first day of the period a day lies in; the first period for days before it."""
    starts = list(period_ends)
    return starts[max(bisect_right(starts, day) - 1, 0)]


def chart(drawn: TrendDrawing, by_vendor: bool, request: TrendRequest) -> None:
    """The one series as a control chart, or one line per vendor, and how to read it.

    A click on a point tells where its number comes from and leads to its notes; in its place, on request, dragging selects a range,
    which is kept in the link.
    """
    counter, ranging = st.session_state.get("_ranges", 0), _is_ranging()
    key = f"trend-{counter}-{'range' if ranging else 'point'}"
    if ranging:
        st.markdown(":gray[:small[Drag over the chart from the first period to the last.]]")

    def selected() -> None:
        points = st.session_state[key]["selection"]["points"]
        days = [str(point["x"])[:10] for point in points]
        if not days:
            return
        st.session_state["_ranges"] = counter + 1
        first, last = period_at(drawn.period_ends, min(days)), period_at(drawn.period_ends, max(days))
        if first != last:
            _set_ranging(False)
            choose(**{"from": first, "to": drawn.period_ends[last]})
            return
        vendor = _vendor_of(drawn, {point["curve_number"] for point in points}) if by_vendor else ""
        ask_about(drawn, request, first, vendor)

    st.plotly_chart(
        drawn.by_vendor if by_vendor else drawn.total,
        key=key,
        width="stretch",
        theme=None,
        config={"displayModeBar": False},
        alt=f"{drawn.kpi.label} over time; its numbers are in the table below",
        on_select=selected,
        selection_mode="box" if ranging else "points",
    )
    if drawn.letters:
        st.markdown(drawn.letters)
    st.markdown(drawn.method_by_vendor if by_vendor else drawn.method)


def _vendor_of(drawn: TrendDrawing, curves: Collection[int]) -> str:
    """Whose line the points of the chart by vendor lie on; '' when they are of several."""
    traces = drawn.by_vendor.to_plotly_json()["data"]
    shown = {traces[curve].get("meta") for curve in curves} - {None}
    named = [vendor for vendor in drawn.download["vendor"].unique() if escape(vendor) in shown]
    return named[0] if len(named) == 1 else ""


def ask_about(drawn: TrendDrawing, request: TrendRequest, day: str = "", vendor: str = "") -> None:
    """Callback: say where the number of the period that begins on `day` comes from; without a day, of the newest."""
    asked = notes_asked(drawn, request, day, vendor)
    ask_origin(request.kpi, asked.period, request.filters, vendor, asked.periods)


def notes_asked(drawn: TrendDrawing, request: TrendRequest, day: str = "", vendor: str = "") -> NotesAsked:
    """The notes on the period that begins on `day`, without a day on the newest; one vendor's where the chart is of one."""
    periods = tuple(Period.of(request.grain, date.fromisoformat(start), request.fiscal_start) for start in reversed(drawn.period_ends))
    period = Period.of(request.grain, date.fromisoformat(day), request.fiscal_start) if day else periods[0]
    return NotesAsked(request.kpi, period, request.filters, vendor or only_vendor(request.filters), periods)


def event_asked(drawn: TrendDrawing, request: TrendRequest) -> EventAsked:
    """An event to be added, by default on the last day of the chart."""
    return EventAsked(request.kpi, date.fromisoformat(max(drawn.period_ends.values())), only_vendor(request.filters))


def multiples(drawn: TrendDrawing, filtered: bool) -> None:
    """The same KPI vendor by vendor on one scale, concerns first: is it only this vendor?"""
    if not drawn.multiples:
        return
    more = f" The first {MOST_MULTIPLES} of {drawn.vendors}." if drawn.vendors > MOST_MULTIPLES else ""
    standard = " Standard limits." if drawn.departure else ""
    beyond = " Also those the vendor filter leaves out." if filtered else ""
    section(
        "The same KPI, vendor by vendor", f":gray[:small[One scale for all. Sorted by signal: concerns first.{beyond}{standard}{more}]]"
    )
    for first in range(0, len(drawn.multiples), MULTIPLES_ABREAST):
        row = drawn.multiples[first : first + MULTIPLES_ABREAST]
        for place, one in zip(st.columns(MULTIPLES_ABREAST), row, strict=False):
            with place:
                st.button(text(one.vendor), key=f"multiple-{one.vendor}", type="tertiary", on_click=choose, kwargs={"vendor": [one.vendor]})
                st.markdown(one.words)
                plot(one.figure, f"small-{one.vendor}", f"{drawn.kpi.label} of {one.vendor} over time")


def numbers_table(drawn: TrendDrawing, request: TrendRequest) -> None:
    """The points as a table, newest first; a click on a number tells where it comes from."""

    def clicked(row: int, column: str) -> None:
        day = f"{drawn.numbers['period'].iloc[row]:%Y-%m-%d}"
        if column == "notes":
            ask_notes(notes_asked(drawn, request, day))
        else:
            ask_about(drawn, request, day)

    above, _, below = formula(drawn.kpi).partition(" / ")
    cell_table(
        drawn.numbers,
        "numbers",
        "The points of the chart, newest first",
        clicked,
        height=min(36 * (len(drawn.numbers) + 1), 360),
        column_config={
            "period": st.column_config.DateColumn("period from", pinned=True, format="D MMM YYYY"),
            "value": st.column_config.TextColumn(alignment="right"),
            "status": st.column_config.TextColumn(width=112),
            "notes": st.column_config.TextColumn(help="Click to read the notes on this period, or to write one", width="small"),
            "numerator": st.column_config.NumberColumn(above, format="localized", alignment="right"),
            "denominator": st.column_config.NumberColumn(below.partition(" x ")[0] or "denominator", format="localized", alignment="right"),
        },
    )
