"""Vendors side by side on one KPI, as it is drawn: made once per warehouse version, request and mode, then only shown."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from analytics.asking import Reader
from analytics.catalogue import find_kpi
from analytics.catalogue.units import NOT_MEASURED_TEXT, Unit, value_text
from analytics.charts.grid import ROWS_PER_PAGE
from analytics.charts.intervals import interval_chart, page_count_of, target_is_far
from analytics.charts.parts import amount_text, measure_words
from analytics.charts.theme import Mode
from analytics.performance.compared import CompareRequest, Window, compared, goals, window_of, window_to
from analytics.performance.compared_in_words import comparison_sentence, mix_words, with_compared_words
from analytics.performance.comparison import CURRENCIES_DIFFER
from analytics.performance.verdict import label_in_sentence
from analytics.warehouse import Scope
from analytics.wording import counted as counted_words
from pages.components import data
from pages.components.origin_view import ICON, ask_origin
from pages.components.parts import download_csv, empty_state, plot, section
from pages.components.state import View, choose, go_to
from pages.components.tables import VENDORS, cell_table, page_number, pager
from pages.components.text import text

MIXES = {"common": "Common mix", "measured": "As measured"}
VENDOR_PAGE = "vendor_profile"
STANDINGS = ":blue[diamond: better], :orange[triangle: worse] than most others; circle: not told apart from most"
ASKS_ORIGIN = ("value", "counts", "as measured")
_TABLE = {
    "rank_text": "rank",
    "member": "Vendor",
    "value_text": "value",
    "interval_text": "95 % interval",
    "others_text": "the others",
    "difference_text": "difference",
    "better": "better than",
    "worse": "worse than",
    "measured_text": "as measured",
    "target_text": "target",
    "counts": "counts",
    "whole_months": "months",
    "work": "of its work",
    "remark": "remark",
}
_DOWNLOAD = (
    "kpi", "vendor", "rank_text", "value", "lower", "upper", "method", "others", "against_others", "better_than", "worse_than", "standing",
    "common_mix", "measured_value", "measured_rank", "numerator", "denominator", "periods", "covered", "small", "remark", "target_text",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ComparisonDrawing:
    """All the page shows of one KPI; without a value `figure` is None and `sentence` says so."""

    rows: pd.DataFrame
    sentence: str
    figure: Any
    notes: str
    table: pd.DataFrame
    download: pd.DataFrame
    pages: int
    ranked: int


def draw_comparison(store: Reader, scope: Scope, request: CompareRequest, mode: Mode, page: int) -> ComparisonDrawing:
    """The members of the first KPI of a request, one page of them as a chart and as a table."""
    kpi = request.kpis[0]
    found = compared(store, scope, request)
    rows = with_compared_words(found.of(kpi), goals(store, scope, request))
    if rows.empty or rows["value"].isna().all():
        nothing = pd.DataFrame()
        none = f"There is no {label_in_sentence(kpi)} to compare {request.window.phrase}."
        sentence = none if rows.empty else comparison_sentence(rows, request.window.phrase)
        return ComparisonDrawing(rows, sentence, None, "", nothing, nothing, 1, 0)
    page = min(page, page_count_of(rows))
    return ComparisonDrawing(
        rows=rows,
        sentence=comparison_sentence(rows, request.window.phrase),
        figure=interval_chart(_drawable(rows), kpi, mode, page),
        notes=_notes(rows, found.strata.get(kpi, ()), request),
        table=_table(rows, request),
        download=rows[list(_DOWNLOAD)].assign(first_month=request.window.first.id, last_month=request.window.last.id),
        pages=page_count_of(rows),
        ranked=int(rows["rank"].notna().sum()),
    )


def _drawable(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with nothing to draw where amounts in several currencies would stand on one scale: they are only printed."""
    differ = (rows["remark"] == CURRENCIES_DIFFER).any()
    return rows.assign(**dict.fromkeys(("value", "lower", "upper", "others"), np.nan)) if differ else rows


def _notes(rows: pd.DataFrame, strata: tuple[str, ...], request: CompareRequest) -> str:
    """On which work they are compared and what that changes; how the chart is read; what the intervals rest on."""
    mix = mix_words(rows, strata, asked=request.common_mix)
    reading = "Intervals of 95 % from each vendor's own monthly variation; vendors whose intervals overlap share a rank."
    counted = f"{int(rows['value'].notna().sum())} of {len(rows)} vendors have it."
    told = f"{reading} {counted}" if rows["lower"].notna().any() else counted
    lines = [text(mix), f":gray[{' · '.join(_signs(rows, request))}]", f":gray[{text(told)}]"]
    return "  \n".join(f":small[{line}]" for line in lines if line not in ("", ":gray[]"))


def _signs(rows: pd.DataFrame, request: CompareRequest) -> list[str]:
    """What each sign of the chart means, those that are in it."""
    ranked = rows["rank"].notna()
    said = [STANDINGS] if ranked.any() else []
    said += ["open: not ranked"] if ranked.any() and (~ranked & rows["value"].notna()).any() else []
    said += ["upright line: the others together"] if rows["others"].notna().any() else []
    if rows["target_levels"].map(len).any():
        dashed = f"dashed: target valid in {text(request.window.last.label)}"
        said.append("the target lies beyond the chart" if target_is_far(rows) else dashed)
    return [*said, "click a vendor for its profile"]


def _table(rows: pd.DataFrame, request: CompareRequest) -> pd.DataFrame:
    """The rows as printed; columns that say nothing are left out."""
    kpi = find_kpi(request.kpis[0])
    counts = [_counts(kpi, *pair) for pair in zip(rows["numerator"], rows["denominator"], strict=True)]
    named = rows.assign(
        counts=counts,
        better=[_count(value) for value in rows["better_than"]],
        worse=[_count(value) for value in rows["worse_than"]],
        whole_months=[f"{periods} of {months}" for periods, months in zip(rows["periods"], rows["months"], strict=True)],
        work=[value_text(share, Unit.PERCENT, decimals=0) for share in rows["covered"]],
    )
    mixed = rows["common_mix"].any() and not (rows["value_text"] == rows["measured_text"]).all()
    hidden = set() if mixed else {"measured_text", "work"}
    hidden |= {name for name in ("remark",) if not rows[name].any()}
    hidden |= {
        name for name in ("target_text", "interval_text", "others_text", "difference_text") if (rows[name] == NOT_MEASURED_TEXT).all()
    }
    hidden |= {"better", "worse"} if rows["rank"].isna().all() else set()
    shown = {name: label for name, label in _TABLE.items() if name not in hidden}
    return named[list(shown)].rename(columns=shown)


def _counts(kpi: Any, numerator: float, denominator: float) -> str:
    above, below = amount_text(kpi.numerator_terms, numerator), amount_text(kpi.denominator_terms, denominator)
    return above if below == NOT_MEASURED_TEXT else f"{above} / {below}"


def _count(value: float) -> str:
    return NOT_MEASURED_TEXT if value != value else f"{value:.0f}"


def window_shown(view: View) -> Window:
    """The months the link asks for: twelve to the end of the period, or those of the period itself."""
    last_day = data.span().last_day
    return window_of(view.period, last_day) if view.one("over") == "period" else window_to(view.period, last_day)


def request_of(view: View, *kpis: str, mixed: bool = True) -> CompareRequest:
    """What the link asks for, for these KPIs."""
    common = mixed and view.one("mix") == "common"
    return CompareRequest(
        kpis, window_shown(view), common_mix=common, filters=view.filters, reporting_currency=data.settings().reporting_currency
    )


def controls(view: View) -> None:
    """On which work, and over how long."""
    last_day = data.span().last_day
    spans = {"year": window_to(view.period, last_day).label, "period": window_of(view.period, last_day).label}
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.segmented_control("Work", list(MIXES), format_func=MIXES.__getitem__, key="mix", label_visibility="collapsed", required=True)
        if spans["year"] != spans["period"]:
            st.segmented_control(
                "Months", list(spans), format_func=spans.__getitem__, key="over", label_visibility="collapsed", required=True
            )


def lead_to(vendor: str) -> None:
    """Callback of a click on a vendor: its own page, filters kept."""
    go_to(VENDOR_PAGE, profile=vendor)


def chart(drawn: ComparisonDrawing, view: View) -> None:
    """The interval chart of one page; a click on a row leads to its vendor."""
    pager("table_page", view.one("table_page"), drawn.pages, VENDORS, "best first")
    name = find_kpi(view.one("kpi")).label
    alt = f"{name} of each vendor with its interval, best first. {drawn.sentence} Every number is in the table below."
    plot(drawn.figure, "intervals", alt, lambda told: lead_to(told[0]))


def nothing(drawn: ComparisonDrawing, view: View) -> None:
    """Why nobody is shown, and one way on."""
    kpi, window = view.one("kpi"), window_shown(view)
    counted = f"{counted_words(len(drawn.rows), 'vendor')} known, none with its counts in a whole month"
    reason = f"{window.label}: {counted if len(drawn.rows) else view.filters.words}; the newest data is of {data.newest_day()}."
    if view.filters.dimensions:
        empty_state("Nobody to compare", reason, "Clear the filters", choose, **dict.fromkeys(view.filters.dimensions, ()))
    else:
        empty_state("Nobody to compare", reason, "See its trend", go_to, page="trends", kpi=kpi)


def ways_on(drawn: ComparisonDrawing, view: View) -> None:
    """Where the numbers come from, trend and definition, filters kept; more months where nobody could be ranked."""
    window, kpi = window_shown(view), view.one("kpi")
    chosen = {name: getattr(view.filters, name) for name in view.filters.dimensions}
    with st.container(horizontal=True, gap="small"):
        if not drawn.ranked and view.one("over") == "period" and find_kpi(kpi).better_sign:
            st.button("Compare 12 months", key="longer", on_click=choose, kwargs={"over": "year"})
        if len(view.filters.vendor) == 1:
            st.button("Compare all vendors", key="all-vendors", on_click=choose, kwargs={"vendor": ()})
        st.button(
            "Where do these numbers come from?",
            key="origin-all",
            type="tertiary",
            icon=ICON,
            on_click=ask_about,
            args=(kpi, window, view, ""),
        )
        st.button("Trend", type="tertiary", on_click=go_to, args=("trends",), kwargs={"kpi": kpi, "show": "vendors", **chosen})
        st.button("Definition of this KPI", type="tertiary", on_click=go_to, args=("definitions",), kwargs={"kpi": kpi})


def ask_about(kpi: str, window: Window, view: View, vendor: str) -> None:
    """Callback: where the number of these months comes from, as measured."""
    months = tuple(reversed(window.months))
    ask_origin(kpi, window.last, view.filters, vendor, months, whole=len(months) > 1)


def numbers_table(drawn: ComparisonDrawing, view: View) -> None:
    """The numbers of the page shown; a click on a value asks where it comes from, elsewhere it leads to the vendor."""
    kpi = find_kpi(view.one("kpi"))
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        counted = measure_words(kpi.numerator_terms) + (f" / {measure_words(kpi.denominator_terms)}" if kpi.denominator else "")
        legend = f"Click a value for where it comes from (as measured), any other cell for the vendor's profile. Counts: {counted}."
        section("The numbers", f":gray[:small[{text(legend)}]]")
        download_csv(drawn.download, f"vendor-comparison-{kpi.id}.csv")
    page = min(page_number(view.one("table_page")), drawn.pages)
    shown = drawn.table.iloc[(page - 1) * ROWS_PER_PAGE : page * ROWS_PER_PAGE]
    members = drawn.rows["member"].iloc[(page - 1) * ROWS_PER_PAGE : page * ROWS_PER_PAGE].tolist()
    window = window_shown(view)

    def clicked(row: int, column: str) -> None:
        if column in ASKS_ORIGIN:
            ask_about(kpi.id, window, view, members[row])
        else:
            lead_to(members[row])

    texts = {name: st.column_config.TextColumn(alignment="right") for name in shown.columns if name not in ("Vendor", "remark")}
    columns = texts | {"Vendor": st.column_config.TextColumn(pinned=True)}
    cell_table(shown, "numbers", "The numbers of each vendor", clicked, column_config=columns)
