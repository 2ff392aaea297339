"""Beside one KPI: the shared ranks on all KPIs of the report, the sites in their funnel, and vendors by two KPIs at once."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from analytics.asking import Reader
from analytics.catalogue import KPIS, Kpi, find_kpi
from analytics.charts.funnel import funnel_chart
from analytics.charts.grid import MOST_COLUMNS, page_count
from analytics.charts.intervals import interval_chart, page_count_of
from analytics.charts.parts import counts_text
from analytics.charts.quadrant import quadrant_chart
from analytics.charts.rank_grid import rank_grid
from analytics.charts.theme import Mode
from analytics.options import filter_options
from analytics.performance.compared import CompareRequest, Standing, compared, compared_sites
from analytics.performance.compared_in_words import with_compared_words
from analytics.performance.funnel import INNER, OUTER, TOO_FEW, Funnel, funnel, limits_at
from analytics.performance.quadrants import Quadrant, quadrants
from analytics.performance.verdict import label_in_sentence, number_word
from analytics.warehouse import Scope
from pages.components import data
from pages.components.comparison_view import lead_to, request_of
from pages.components.parts import plot, section
from pages.components.state import View, choose, go_to
from pages.components.tables import VENDORS, page_number, pager
from pages.components.text import text

FEW_SITES = "Their intervals instead."


def rankable() -> tuple[str, ...]:
    """The KPIs with a good direction and counts below the line."""
    return tuple(name for name, kpi in KPIS.items() if kpi.better_sign and kpi.denominator)


@dataclass(frozen=True, slots=True)
class Overview:
    """The grid of ranks, its words, and how many pages of vendors there are."""

    figure: Any
    words: str
    pages: int


def draw_overview(store: Reader, scope: Scope, request: CompareRequest, mode: Mode, page: int) -> Overview | None:
    """The shared ranks of every vendor on the KPIs of a request; None where no two are ranked on any."""
    found = compared(store, scope, request)
    kpis = [kpi for kpi in request.kpis if found.of(kpi)["rank"].notna().sum() > 1]
    if not kpis:
        return None
    rows = pd.concat([with_compared_words(found.of(kpi), {}) for kpi in kpis], ignore_index=True)
    frame = rows.sort_values("vendor", key=lambda names: names.str.casefold(), kind="stable") if "vendor" in rows else rows
    frame = pd.concat([frame[frame["kpi"] == kpi] for kpi in kpis], ignore_index=True)
    pages = page_count(frame)
    return Overview(rank_grid(frame, mode, page=min(page, pages)), _overview_words(frame), pages)


def _overview_words(frame: pd.DataFrame) -> str:
    """Who is worse where most often: 'Cobalt Bay is worse than most others on five of eight KPIs.'"""
    worse = frame[frame["standing"] == Standing.WORSE]["vendor"].value_counts()
    total = frame["kpi"].nunique()
    if worse.empty:
        return "No vendor is worse than most others on any KPI."
    most = worse[worse == worse.iloc[0]].index.tolist()
    who = most[0] if len(most) == 1 else f"{number_word(len(most)).capitalize()} vendors" if len(most) > 2 else " and ".join(most)
    be = "is" if len(most) == 1 else "are each" if len(most) == 2 else "are"
    return f"{who} {be} worse than most others on {number_word(int(worse.iloc[0]))} of {number_word(total)} KPIs."


FILLS = "Filled: worse than most others, faint: cannot be told apart, without fill: better than most others, whatever the target"


def overview(view: View) -> None:
    """The grid of ranks; a click on a cell compares its KPI."""
    vendors = view.filters.vendor or data.ask(filter_options)["vendor"]
    wanted = data.settings().heatmap_kpis if len(vendors) <= MOST_COLUMNS else data.settings().shown_kpis
    kpis = tuple(name for name in wanted if name in rankable())
    asked = view.one("grid_page")
    drawn = data.ask(draw_overview, request_of(view, *kpis), data.mode(), page_number(asked)) if kpis else None
    section("Rank on every KPI", ":gray[:small[Click a cell to compare its KPI.]]")
    if drawn is None:
        st.markdown(":gray[Nobody can be ranked on any KPI of the report or the risk heatmap over these months.]")
        return
    pager("grid_page", asked, drawn.pages, VENDORS, "most often worse first")
    compare = lambda told: choose(kpi=told[1], table_page="1", site_page="1")  # noqa: E731
    plot(drawn.figure, "ranks", f"Shared ranks, vendor by KPI. {drawn.words}", compare)
    st.markdown(f":small[{text(drawn.words)}]  \n:small[:gray[{FILLS} · 1-3: may be any of these, cannot be told apart · -: not ranked]]")


@dataclass(frozen=True, slots=True)
class Sites:
    """The sites in a funnel, or their intervals with the reason; without a figure only the reason."""

    figure: Any
    title: str
    words: str
    pages: int = 1
    by_site: bool = True


def draw_sites(store: Reader, scope: Scope, request: CompareRequest, mode: Mode, page: int) -> Sites:
    """The sites of the first KPI of a request, as measured; vendors where the KPI is not known by site and there are enough of them."""
    kpi = find_kpi(request.kpis[0])
    rows = with_compared_words(compared_sites(store, scope, request), {})
    sites = not rows.empty and bool(rows["value"].notna().any())
    if not sites:
        rows = with_compared_words(compared(store, scope, request).of(kpi.id), {}).assign(site=None)
    found = funnel(rows)
    noun = "Sites" if sites else "Vendors"
    if not found.remark:
        return Sites(_funnel_figure(found, kpi, mode), f"{noun} by size", _funnel_words(found, noun.lower()), by_site=sites)
    if not sites:
        return Sites(None, "Sites by size", f"{kpi.label} is not known by site for these months and filters.")
    page = min(page, page_count_of(rows))
    many = f"; there are {len(found.members)}" if found.remark == TOO_FEW else ""
    words = f"{found.remark[0].upper()}{found.remark[1:]}{many}. {FEW_SITES} As measured, whatever work a site does."
    return Sites(interval_chart(rows, kpi.id, mode, page), "Sites side by side", words, page_count_of(rows))


def _funnel_figure(found: Funnel, kpi: Kpi, mode: Mode) -> Any:
    inner, outer = (partial(limits_at, found.centre, found.overdispersion, z=z) for z in (INNER, OUTER))
    return funnel_chart(found.members, found.centre, lambda size: inner(size=size), lambda size: outer(size=size), kpi.id, mode)


def _funnel_words(found: Funnel, noun: str) -> str:
    """How many lie outside, and how wide the limits are."""
    outside = int((found.members["funnel_signal"] != "none").sum())
    be = "lies" if outside == 1 else "lie"
    wider = f"{found.overdispersion**0.5:,.1f} times as wide as chance, as they usually differ"
    spread = "no wider than chance" if found.overdispersion == 1 else wider
    lead = f"{number_word(outside).capitalize()} of {len(found.members)} {noun} {be} outside the limits of their size"
    return f"{lead} (solid 99.8 %, dotted 95 %), {spread}. As measured, whatever work they do."


def sites(view: View) -> None:
    """The funnel of the sites, or their intervals; a click leads to the trend of the site."""
    kpi, asked = view.one("kpi"), view.one("site_page")
    drawn = data.ask(draw_sites, request_of(view, kpi, mixed=False), data.mode(), page_number(asked))
    leads = "" if drawn.figure is None else f" · click one for its {'trend' if drawn.by_site else 'profile'}"
    section(drawn.title, f":gray[:small[{text(find_kpi(kpi).label)}{leads}]]")
    if drawn.figure is not None:
        pager("site_page", asked, drawn.pages, ("Previous sites", "Next sites"), "best first")
        plot(
            drawn.figure, "sites", f"{drawn.title}. {drawn.words}", partial(_lead_to_site, kpi, drawn.by_site, drawn.title.endswith("size"))
        )
    st.markdown(f":small[:gray[{text(drawn.words)}]]")


def _lead_to_site(kpi: str, by_site: bool, has_vendor: bool, told: list) -> None:
    """Callback: the trend of one site (or vendor) with everything else kept."""
    if not by_site:
        lead_to(told[0])
    elif has_vendor:
        go_to("trends", kpi=kpi, vendor=[told[0]], site=[told[1]], show="total")
    else:
        site, _, vendor = str(told[0]).partition(", ")
        go_to("trends", kpi=kpi, site=[site], show="total", **({"vendor": [vendor]} if vendor else {}))


@dataclass(frozen=True, slots=True)
class Pair:
    """Vendors by two KPIs: the figure, None where no two have both, and the verdict in words."""

    figure: Any
    words: str


def draw_pair(store: Reader, scope: Scope, request: CompareRequest, mode: Mode) -> Pair:
    """The quadrant of the two KPIs of a request, as measured."""
    first, second = request.kpis
    found = compared(store, scope, request)
    sides = [with_compared_words(found.of(kpi), {}).set_index("member") for kpi in (first, second)]
    members = quadrants(found.rows, "vendor", first, second) if len(found.rows) else pd.DataFrame()
    names = f"{label_in_sentence(first)} and {label_in_sentence(second)}"
    if members.empty:
        return Pair(None, f"No two vendors can be compared on both {names} over these months.")
    rows = members.rename(columns={"vendor": "member"})
    for name, kpi, side in zip(("first", "second"), (first, second), sides, strict=True):
        own = side.loc[rows["member"]]
        counts = [counts_text(find_kpi(kpi), *pair) for pair in zip(own["numerator"], own["denominator"], strict=True)]
        rows = rows.assign(
            **{f"{name}_text": own["value_text"].to_numpy(object), f"{name}_counts": counts, "coverage": own["coverage"].to_numpy(object)}
        )
    return Pair(quadrant_chart(rows, first, second, mode), _pair_words(rows, len(sides[0])))


def _pair_words(rows: pd.DataFrame, all_members: int) -> str:
    """'Northline is better on both, nobody is worse on both; 4 of 5 vendors have both.'"""
    said = [_who(rows, verdict) for verdict in (Quadrant.BOTH_BETTER, Quadrant.BOTH_WORSE)]
    small = int(rows["small"].sum())
    tail = (
        f" {number_word(small).capitalize()} small sample{'' if small == 1 else 's'}, open, pass{'es' if small == 1 else ''} no verdict."
        if small
        else ""
    )
    joined = f"{said[0][0].upper()}{said[0][1:]}, {said[1]}"
    return f"{joined}; the lines are all together. {len(rows)} of {all_members} vendors have both, as measured.{tail}"


def _who(rows: pd.DataFrame, verdict: Quadrant) -> str:
    names = rows.loc[(rows["quadrant"] == verdict) & ~rows["small"], "member"].tolist()
    if not names:
        return f"nobody is {verdict}"
    who = " and ".join(names) if len(names) <= 2 else f"{number_word(len(names))} vendors"
    return f"{who} {'is' if len(names) == 1 else 'are'} {verdict}"


def pair(view: View) -> None:
    """The quadrant with its two choices; a click leads to the vendor."""
    first, second = view.one("first"), view.one("second")
    section("Two KPIs at once", ":gray[:small[Click a vendor for its profile.]]")
    with st.container(horizontal=True, gap="small"):
        for key, words in (("first", "Across"), ("second", "Up")):
            st.selectbox(words, list(rankable()), format_func=lambda name: find_kpi(name).label, key=key, width=230)
    if first == second:
        st.markdown(":gray[Choose two different KPIs.]")
        return
    drawn = data.ask(draw_pair, request_of(view, first, second, mixed=False), data.mode())
    if drawn.figure is not None:
        plot(drawn.figure, "pair", f"Vendors by two KPIs. {drawn.words}", lambda told: lead_to(told[0]))
    st.markdown(f":small[:gray[{text(drawn.words)}]]")
