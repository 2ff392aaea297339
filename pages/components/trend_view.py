"""One KPI over time on screen: controls, chart with range selection, small multiples, the numbers."""

from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from analytics.catalogue import KPIS, Kpi, find_kpi
from analytics.catalogue.units import value_text
from analytics.charts.marks import assurance_alt, assurance_icon, markdown_image, variation_alt, variation_icon
from analytics.charts.timeline import value_range
from analytics.charts.trend import small_multiple, trend, trend_by_vendor
from analytics.errors import UsageError
from analytics.filters import Filters
from analytics.performance.spc import Signal, rule_text, signal_text
from analytics.performance.trends import default_range, newest_whole, of_vendor, vendors_by_concern
from analytics.periods import Grain, Period, day_text, month_name
from pages.components import data
from pages.components.parts import plot, section
from pages.components.state import View, choose, go_to
from pages.components.text import target_words, text

MOST_MULTIPLES = 10
GRAINS_OFFERED = (Grain.DAY, Grain.WEEK, Grain.MONTH, Grain.QUARTER)
_ASSURANCE = {
    "pass": "**Will meet the target** of {target}: it lies on the safe side of the normal range {range}",
    "fail": "**Will miss the target** of {target}: it lies out of reach of the normal range {range}",
    "hit_or_miss": "**Hit or miss**: the target of {target} lies inside the normal range {range}",
}


def shown_range(view: View, grain: Grain) -> tuple[date, date]:
    """The range of the link, else the periods of this grain that end with the chosen period."""
    start, end = default_range(grain, view.period)
    first, last = (_day(view.one(name), name) for name in ("from", "to"))
    start, end = first or start, last or end
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


def series_title(kpi: Kpi, filters: Filters) -> str:
    """'Service level, Cobalt Bay'."""
    return f"{kpi.label}, {', '.join(filters.vendor)}" if filters.vendor else f"{kpi.label}, all vendors"


def range_words(frame: pd.DataFrame, start: date, end: date) -> str:
    """'Oct 2024 to Sep 2026' of the periods in a frame; the range asked for when it has none."""
    first, last = (frame["period"].min().date(), frame["period_end"].max().date()) if len(frame) else (start, end)
    whole_months = first.day == 1 and (last + timedelta(days=1)).day == 1
    if whole_months:
        return f"{month_name(first)} {first.year} to {month_name(last)} {last.year}"
    return f"{day_text(first)} to {day_text(last)}"


def controls() -> None:
    """Which KPI, and by which grain."""
    st.selectbox("KPI", list(KPIS), format_func=lambda name: find_kpi(name).label, key="kpi", label_visibility="collapsed", width=260)
    st.segmented_control("Grain", [*GRAINS_OFFERED], format_func=str.capitalize, key="grain", label_visibility="collapsed")


def signal_line(series: pd.DataFrame, vendors: pd.DataFrame, view: View) -> bool:
    """What the newest point says, and at its right whether to see one line or one per vendor; True for per vendor."""
    several = vendors["vendor"].nunique() > 1
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(_signal_words(series), width="stretch")
        if view.one("from") or view.one("to"):
            st.button("Whole range", type="tertiary", icon=":material/zoom_out_map:", on_click=choose, kwargs={"from": "", "to": ""})
        if several:
            st.segmented_control("Lines", list(_LINES), format_func=_LINES.get, key="show", label_visibility="collapsed", width="content")
    return several and view.one("show") == "vendors"


_LINES = {"total": "Total", "vendors": "By vendor"}


def _signal_words(series: pd.DataFrame) -> str:
    """Variation and assurance as icons with the rule in words."""
    newest = newest_whole(series)
    if newest is None or newest["lower_limit"] != newest["lower_limit"]:
        return ":gray[Too few whole periods for limits.]"
    kpi, mode, trial = find_kpi(newest["kpi"]), data.mode(), bool(newest["trial_limits"])
    icon = variation_icon(newest["signal"], kpi.better_sign, mode, trial=trial)
    rule = rule_text(newest["rule"], newest["signal"])
    shown = markdown_image(icon, variation_alt(newest["signal"], kpi.better_sign, trial=trial))
    parts = [f"{shown} **{signal_text(newest['signal']).capitalize()}**{', ' + rule if rule else ''}"]
    if newest["assurance"]:
        shown = markdown_image(assurance_icon(newest["assurance"], mode, trial=trial), assurance_alt(newest["assurance"], trial=trial))
        words = _ASSURANCE[newest["assurance"]].format(target=target_words(newest["target_text"]), range=text(_normal_range(newest, kpi)))
        parts.append(f"{shown} {words}")
    return " :gray[·] ".join(parts) + (" :gray[· trial limits: fewer than 13 points]" if trial else "")


def _normal_range(row: pd.Series, kpi: Kpi) -> str:
    return f"{value_text(row['lower_limit'], kpi.unit)} to {value_text(row['upper_limit'], kpi.unit)}"


def chart(series: pd.DataFrame, vendors: pd.DataFrame | None, kpi: Kpi, events: pd.DataFrame) -> None:
    """The one series as a control chart, or with `vendors` one line each; dragging over it selects a range, kept in the link."""
    mode = data.mode()
    figure = trend(series, kpi.id, mode, events=events) if vendors is None else trend_by_vendor(vendors, kpi.id, mode, events=events)
    _range_chart(figure, f"{kpi.label} over time; its numbers are in the table below", series)


def _range_chart(figure: Any, alt: str, series: pd.DataFrame) -> None:
    """The chart; a range dragged over it becomes the range of the page."""
    counter = st.session_state.get("_ranges", 0)
    key = f"trend-{counter}"
    ends = dict(zip(series["period"].dt.strftime("%Y-%m-%d"), series["period_end"].dt.strftime("%Y-%m-%d"), strict=True))

    def selected() -> None:
        days = sorted(str(point["customdata"][0])[:10] for point in st.session_state[key]["selection"]["points"] if point.get("customdata"))
        if len(days) > 1:
            st.session_state["_ranges"] = counter + 1
            choose(**{"from": days[0], "to": ends.get(days[-1], days[-1])})

    st.plotly_chart(
        figure, key=key, width="stretch", theme=None, config={"displayModeBar": False}, alt=alt, on_select=selected, selection_mode="box"
    )


def method_line(kpi: Kpi, series: pd.DataFrame) -> None:
    """Unit, definition and what band and dashes mean, in one muted line; then what the numbers cover."""
    unit = f" in {kpi.unit.suffix.strip()}" if kpi.unit.suffix else ""
    newest = newest_whole(series)
    coverage = f" Coverage of the newest: {newest['coverage']}." if newest is not None else ""
    remarks = "".join(f" {remark[0].upper()}{remark[1:]}." for remark in dict.fromkeys(remark for remark in series["remark"] if remark))
    words = (
        f"{kpi.label}{unit}: {kpi.definition[0].lower()}{kpi.definition[1:]} Grey band: normal variation (mean ± 2.66 × average moving "
        f"range). Dashes: target valid on that day. Drag over the chart to select a range.{coverage}{remarks}"
    )
    st.markdown(f":gray[:small[{text(words)}]]")


def multiples(frame: pd.DataFrame, kpi: Kpi, grain: Grain, view: View) -> None:
    """The same KPI vendor by vendor on one scale, concerns first: is it only this vendor?"""
    vendors = vendors_by_concern(frame)
    if len(vendors) < 2:
        return
    low, high = value_range(frame)
    more = f" The first {MOST_MULTIPLES} of {len(vendors)}." if len(vendors) > MOST_MULTIPLES else ""
    section("The same KPI, vendor by vendor", f":gray[:small[One scale for all. Sorted by signal: concerns first.{more}]]")
    shown = vendors[:MOST_MULTIPLES]
    for first in range(0, len(shown), 5):
        for place, vendor in zip(st.columns(5), shown[first : first + 5], strict=False):
            with place:
                _multiple(of_vendor(frame, vendor), vendor, kpi, grain, (low, high), view)


def _multiple(series: pd.DataFrame, vendor: str, kpi: Kpi, grain: Grain, scale: tuple[float, float], view: View) -> None:
    newest = newest_whole(series)
    signal = newest["signal"] if newest is not None else Signal.NONE
    icon = markdown_image(variation_icon(signal, kpi.better_sign, data.mode()), variation_alt(signal, kpi.better_sign))
    st.button(vendor, key=f"multiple-{vendor}", type="tertiary", on_click=go_to, args=("trends",), kwargs={"vendor": [vendor]})
    if newest is None:
        remark = next((remark for remark in series["remark"] if remark), "nothing measured")
        st.markdown(f":gray[:small[{text(remark)}]]")
    else:
        label = Period.of(grain, newest["period"].date(), view.fiscal_start).label
        st.markdown(f"{icon} :small[{text(newest['value_text'])} in {text(label)}]  \n:gray[:small[{signal_text(signal)}]]")
    plot(small_multiple(series, kpi.id, data.mode(), scale), f"small-{vendor}", f"{kpi.label} of {vendor} over time")


def numbers_frame(series: pd.DataFrame, vendors: pd.DataFrame) -> pd.DataFrame:
    """Every point with the counts behind it: the series shown, then every vendor's."""
    total = _numbers(series).assign(vendor="as filtered")
    return pd.concat([total, _numbers(vendors).assign(vendor=vendors["vendor"])], ignore_index=True)


def _numbers(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "period": frame["period"],
            "value": frame["value_text"],
            "target": frame["target_text"],
            "variance": frame["variance_text"],
            "status": frame["status_text"],
            "numerator": frame["numerator"],
            "denominator": frame["denominator"],
            "coverage": frame["coverage"],
            "signal": frame["signal"],
            "remark": frame["remark"].fillna(""),
        }
    )


def numbers_table(series: pd.DataFrame) -> None:
    """The points as a table, newest first."""
    kpi = find_kpi(series["kpi"].iat[0])
    rows = _numbers(series).drop(columns="signal").iloc[::-1]
    above, _, below = kpi.formula.partition(" / ")
    st.dataframe(
        rows,
        hide_index=True,
        row_height=34,
        height=min(36 * (len(rows) + 1), 360),
        column_config={
            "period": st.column_config.DateColumn("period from", pinned=True, format="D MMM YYYY"),
            "value": st.column_config.TextColumn(alignment="right"),
            "numerator": st.column_config.NumberColumn(above, format="localized", alignment="right"),
            "denominator": st.column_config.NumberColumn(below.partition(" x ")[0] or "denominator", format="localized", alignment="right"),
        },
    )
