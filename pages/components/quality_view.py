"""Coverage and freshness on screen: the heatmap, what is in a cell, the largest gaps, who is late."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

import pandas as pd
import streamlit as st

from analytics.asking import Reader
from analytics.catalogue import KPIS, MEASURES
from analytics.charts.coverage import MISSING, PARTLY, REPORTED, WHOLE, coverage_heatmap
from analytics.charts.images import data_uri, mark_image
from analytics.charts.marks import status_mark
from analytics.charts.theme import Mode
from analytics.errors import UsageError
from analytics.periods import Grain, Period, add_months, day_text
from analytics.quality import (
    GONE,
    LATE,
    ON_TIME,
    STALE_RULE,
    cell_contents,
    coverage_frame,
    freshness_frame,
    quality_verdict,
    share_text,
    worst_months,
)
from analytics.warehouse import Scope
from analytics.wording import counted
from pages.components import data
from pages.components.parts import empty_state, plot, section
from pages.components.state import View, choose
from pages.components.tables import VENDORS, pager
from pages.components.text import text

MONTHS_A_PAGE = 18
VENDORS_A_PAGE = 25
GAPS_LISTED = 5
NAMES_LISTED = 6
# A table draws an image as high as its row: with room around it the mark keeps its size.
_MARK_BOX, _ROOMY_BOX = 'viewBox="0 0 14 14"', 'viewBox="-5 -5 24 24"'
_STATE_MARKS = {ON_TIME: "met", LATE: "missed", GONE: "not measured"}


@dataclass(frozen=True, slots=True)
class QualityDrawing:
    """Coverage and freshness of the chosen vendors: the verdict, both frames, one figure per page of vendors and months."""

    sentence: str
    coverage: pd.DataFrame
    freshness: pd.DataFrame


def draw_quality(store: Reader, scope: Scope, vendors: tuple[str, ...]) -> QualityDrawing | None:
    """What the page shows of these vendors (none: of all); None without a row."""
    coverage, freshness = coverage_frame(store, scope, vendors), freshness_frame(store, scope, vendors)
    if coverage.empty or freshness.empty:
        return None
    return QualityDrawing(quality_verdict(coverage, freshness), coverage, freshness)


def draw_coverage(store: Reader, scope: Scope, vendors: tuple[str, ...], mode: Mode, months_page: int, vendors_page: int) -> Any:
    """The heatmap of one page of months (the newest first) and of vendors (those with the most missing first)."""
    drawn = draw_quality(store, scope, vendors)
    assert drawn is not None
    months = _months(drawn.coverage, months_page)
    rows = _vendors(drawn.coverage, months)[(vendors_page - 1) * VENDORS_A_PAGE : vendors_page * VENDORS_A_PAGE]
    return coverage_heatmap(drawn.coverage, mode, rows, months)


def _months(coverage: pd.DataFrame, page: int) -> list[date]:
    last = add_months(max(coverage["month"]).date(), -(page - 1) * MONTHS_A_PAGE)
    return [add_months(last, -back) for back in reversed(range(MONTHS_A_PAGE))]


def _vendors(coverage: pd.DataFrame, months: list[date]) -> list[str]:
    """By name; when they fill more than a page, those of whom most is missing in these months first."""
    names = sorted(coverage["vendor"].unique())
    if len(names) <= VENDORS_A_PAGE:
        return names
    shown = coverage[coverage["month"].between(pd.Timestamp(months[0]), pd.Timestamp(months[-1]))]
    missing = (1 - shown["share"]).groupby(shown["vendor"]).sum()
    return sorted(names, key=lambda vendor: -missing.get(vendor, 0))


def coverage_section(view: View, drawn: QualityDrawing) -> None:
    """The heatmap with its legend and pagers; a click puts the cell into the link."""
    first = min(drawn.coverage["month"]).date()
    last = max(drawn.coverage["month"]).date()
    spanned = (last.year - first.year) * 12 + last.month - first.month + 1
    section("What came of what is expected", _legend())
    months_page = pager(
        "months", view.one("months"), ceil(spanned / MONTHS_A_PAGE), ("Later months", "Earlier months"), "newest first", quiet=True
    )
    vendor_pages = ceil(drawn.coverage["vendor"].nunique() / VENDORS_A_PAGE)
    vendors_page = pager("vendors", view.one("vendors"), vendor_pages, VENDORS, "most missing first", quiet=True)
    chart = data.ask(draw_coverage, view.filters.vendor, data.mode(), months_page, vendors_page)
    plot(
        chart, "coverage", "Vendors and months by share of the expected data; the contents of a cell are listed beneath",
        lambda cell: choose(cell_vendor=cell[0], cell_month=cell[1][:7]),
    )  # fmt: skip


def _legend() -> str:
    marks = {WHOLE: "met", PARTLY: "below expected", MISSING: "missed", REPORTED: "no target"}
    words = {WHOLE: "all there", PARTLY: "in part, in %", MISSING: "missing", REPORTED: "reported results only"}
    shown = " ".join(f"{mark_image(marks[state], words[state], data.mode())} {words[state]}" for state in marks)
    return f":small[{shown} :gray[· blank: nothing expected · all sites, lines and channels · click a cell for what is in it]]"


def cell_section(view: View, drawn: QualityDrawing) -> None:
    """What is in the clicked cell; without a click the largest gaps."""
    if not (view.one("cell_vendor") and view.one("cell_month")):
        _largest_gaps(drawn)
        return
    vendor, month = view.one("cell_vendor"), Period.parse(view.one("cell_month"))
    if month.grain is not Grain.MONTH:
        raise UsageError(f"'{view.one('cell_month')}' is not a month.", "Write it as 2026-09.")
    found = drawn.coverage[(drawn.coverage["vendor"] == vendor) & (drawn.coverage["month"] == pd.Timestamp(month.start))]
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        section(f"{vendor}, {month.label}: {share_text(found['share'].iloc[0])} there" if len(found) else f"{vendor}, {month.label}")
        st.button("Close", type="tertiary", on_click=choose, kwargs={"cell_vendor": "", "cell_month": ""})
    if found.empty:
        empty_state("Nothing is expected here", "The vendor's data has not begun, ended more than 12 months ago, or is not chosen.")
        return
    contents = data.ask(cell_contents, vendor, month.start)
    st.markdown("  \n".join(_source_words(row) for row in contents.sources.to_dict("records")))
    st.dataframe(
        contents.batches.rename(columns={"batch_id": "batch", "file_name": "file"}),
        hide_index=True,
        row_height=34,
        column_config={
            "first_day": st.column_config.DateColumn("first day", format="D MMM YYYY"),
            "last_day": st.column_config.DateColumn("last day", format="D MMM YYYY"),
        },
        alt="The batches with rows of this vendor and month",
    )


def _source_words(row: dict) -> str:
    """'acd: 30 of 30 days, 12 measures'; what is missing by name."""
    whole = row["came"] == row["due"] and not row["missing"]
    mark = mark_image(
        "met" if whole else "below expected" if row["came"] else "missed", "all there" if whole else "not all there", data.mode()
    )
    unit = f"{row['grain']}{'' if row['due'] == 1 else 's'}"
    noun = "measure" if row["kind"] == "measured" else "reported result"
    there = counted(len(row["there"]), noun)
    missing = f" :gray[· without {text(_names(row['missing']))}]" if row["missing"] else ""
    return f"{mark} **{text(row['source'])}** {row['came']} of {row['due']} {unit}, {there}{missing}"


def _names(names: tuple[str, ...]) -> str:
    labels = [MEASURES[name].label if name in MEASURES else KPIS[name].label if name in KPIS else name for name in names]
    more = len(labels) - NAMES_LISTED
    return ", ".join(labels[:NAMES_LISTED]) + (f" and {more} more" if more > 0 else "")


def _largest_gaps(drawn: QualityDrawing) -> None:
    gaps = worst_months(drawn.coverage)
    if gaps.empty:
        return
    section("The largest gaps")
    for vendor, month, share in gaps.head(GAPS_LISTED)[["vendor", "month", "share"]].itertuples(index=False):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            mark = mark_image("missed" if share == 0 else "below expected", "missing" if share == 0 else "in part", data.mode())
            when = Period.of(Grain.MONTH, month.date())
            st.markdown(f"{mark} **{text(vendor)}** {text(when.label)} :gray[· {share_text(share)} of what is expected]", width="content")
            st.button(
                "What is there", key=f"gap-{vendor}-{when.id}", type="tertiary", on_click=choose,
                kwargs={"cell_vendor": vendor, "cell_month": when.id},
            )  # fmt: skip


def freshness_section(drawn: QualityDrawing) -> None:
    """Last day of every vendor and source, how far behind it is, and whether that is late."""
    rows = list(_freshness_rows(drawn.freshness))
    late = sum(row["state"] == LATE for row in rows)
    section("Freshness", f":small[{'No source is late.' if not late else f'**{late} late.**'} :gray[{text(STALE_RULE)}]]")
    st.dataframe(
        rows,
        hide_index=True,
        row_height=34,
        height=min(36 * (len(rows) + 1), 324),
        column_config={
            "vendor": st.column_config.TextColumn(pinned=True),
            "mark": st.column_config.ImageColumn("", width=44),
            "days behind": st.column_config.NumberColumn(alignment="right"),
        },
        alt="Vendors and sources by their last day, late ones first",
    )


def _freshness_rows(freshness: pd.DataFrame) -> Iterator[dict[str, object]]:
    marks = {state: data_uri(status_mark(status, data.mode()).replace(_MARK_BOX, _ROOMY_BOX)) for state, status in _STATE_MARKS.items()}
    for row in freshness.to_dict("records"):
        yield {
            "vendor": row["vendor"],
            "source": row["source"],
            "mark": marks[row["state"]],
            "state": row["state"],
            "last day": day_text(row["last_day"]),
            "days behind": row["days_behind"],
            "rhythm": Grain(row["grain"]).adverb + (", reported" if row["kind"] == "reported" else ""),
        }
