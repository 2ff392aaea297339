"""A vendor's profile as it is drawn: everything made once per warehouse version, vendor, filters and mode, then only shown."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import streamlit as st

from analytics.asking import Reader
from analytics.catalogue import DIMENSIONS, find_kpi
from analytics.charts.images import action_image, assurance_image, status_image, variation_image
from analytics.charts.theme import Mode
from analytics.charts.timeline import value_range
from analytics.charts.trend import small_multiple
from analytics.options import never_there
from analytics.performance.newest_signals import signals_of_report
from analytics.performance.report import download_frame
from analytics.performance.report_request import ReportRequest
from analytics.performance.spc import signal_text
from analytics.performance.target_overview import named_words
from analytics.performance.verdict import number_word
from analytics.performance.words import nothing_to_divide, with_words
from analytics.review.vendor_profile import VendorProfile, vendor_profile
from analytics.risk.heatmap import Part
from analytics.settings import Settings
from analytics.warehouse import Scope
from pages.components import data
from pages.components.origin_view import origin_button
from pages.components.parts import Card, cards, download_csv, empty_state, no_data, plot, row_table, section
from pages.components.report_view import REPORT_COLUMNS, ScopeTable, draw_vendor, icon_legend, report_kpis
from pages.components.row_menu import row_menus
from pages.components.state import View, choose, go_to
from pages.components.text import text
from pages.components.watermelon_view import finding_words

MOST_FINDINGS = 5
MOST_MULTIPLES = 10
MULTIPLES_ABREAST = 5
MOST_ROWS = 25
Finding = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Multiple:
    """One KPI among the small multiples: its newest month in words, its figure."""

    kpi: str
    words: str
    figure: Any


@dataclass(frozen=True)
class ProfileDrawing:
    """All the page shows of one vendor.

    `left_out_by`: the filter that leaves nothing of it, '' for none. `weaknesses` and `strengths`: the KPI and Markdown of each, ''
    for how many more there are.
    """

    profile: VendorProfile
    measured: bool
    sentence: str
    left_out_by: str
    watermelon: tuple[str, ...]
    cards: tuple[Card, ...]
    weaknesses: tuple[Finding, ...]
    strengths: tuple[Finding, ...]
    multiples: tuple[Multiple, ...]
    table: ScopeTable | None
    blanks: str
    icons: str
    download: pd.DataFrame


def draw_profile(
    store: Reader,
    scope: Scope,
    request: ReportRequest,
    vendor: str,
    settings: Settings,
    mode: Mode,
) -> ProfileDrawing:
    """The profile of a vendor in one mode. Its headline counts the KPIs the performance report counts."""
    counted_kpis = report_kpis(settings)
    asked = replace(request, kpis=tuple(dict.fromkeys((*request.kpis, *counted_kpis))))
    profile = vendor_profile(store, scope, asked, vendor, settings.contract_kpis, settings.risk_bands)
    shown = draw_vendor(profile.report, vendor, settings.contract_kpis, mode) if profile.measured else ((), None)
    left_out_by = "" if profile.measured else never_there(store, scope, vendor, replace(request.filters, vendor=()))
    return ProfileDrawing(
        profile=profile,
        measured=profile.measured,
        sentence=profile.verdict(request.period, counted_kpis) if profile.measured else _nothing_words(profile, request, left_out_by),
        left_out_by=left_out_by,
        watermelon=finding_words(profile.watermelon, vendor, mode),
        cards=shown[0],
        weaknesses=tuple(_findings(profile.weaknesses, mode)),
        strengths=tuple(_findings(profile.strengths, mode)),
        multiples=tuple(_multiples(profile, mode)),
        table=shown[1],
        blanks=_blanks(profile, request),
        icons=icon_legend(mode),
        download=download_frame(profile.report.frame),
    )


def _nothing_words(profile: VendorProfile, request: ReportRequest, left_out_by: str) -> str:
    """Why there is no number of the vendor: a filter that is not its own, nothing to divide by, or no data of the period."""
    if left_out_by:
        chosen = named_words(getattr(request.filters, left_out_by))
        return f"{profile.vendor} has no data for the chosen {DIMENSIONS[left_out_by].label.lower()} at any time: {chosen}."
    if nothing_to_divide(profile.report.frame):
        return f"No KPI of {profile.vendor} can be computed {request.period.phrase}: there is nothing to divide by."
    return f"No data of {profile.vendor} for {request.period.label} with these filters."


def nothing(drawn: ProfileDrawing, view: View) -> None:
    """The way out where the vendor has no number: without the filter that leaves it out, else as on every page."""
    name = drawn.left_out_by
    if not name:
        no_data(view)
        return
    plural = DIMENSIONS[name].plural
    reason = f"The other filters stay; what is written about {drawn.profile.vendor} stands beneath."
    empty_state(f"Nothing of it with this {DIMENSIONS[name].label.lower()}", reason, f"Show all {plural}", choose, **{name: ()})


def _blanks(profile: VendorProfile, request: ReportRequest) -> str:
    """'Not measured in Q3 2026, so neither good nor bad: quality score, ... (8).' in grey, '' when everything is."""
    blank = [*profile.report.unmeasured, *profile.rated.loc[profile.rated["status"] == "not measured", "kpi"]]
    labels = ", ".join(find_kpi(kpi).label for kpi in dict.fromkeys(blank))
    words = f"{len(dict.fromkeys(blank))} not measured {request.period.phrase}, so neither good nor bad: {labels}."
    return f":gray[:small[{text(words)}]]" if labels else ""


def _findings(rows: pd.DataFrame, mode: Mode) -> Iterator[Finding]:
    """Each finding: KPI and verdict, then the parts that speak for it, in words."""
    for row in rows.head(MOST_FINDINGS).to_dict("records"):
        gap, *others = row["parts"]
        spoken = [part.words[0].upper() + part.words[1:] for part in others if part.points or part.name == "Signal"]
        lead = f"{_mark(row, others, mode)} **{text(find_kpi(row['kpi']).label)}** {text(gap.words)}"
        yield row["kpi"], f"{lead}  \n:gray[:small[{text(' '.join(spoken))}]]"
    if len(rows) > MOST_FINDINGS:
        yield "", f":gray[:small[{number_word(len(rows) - MOST_FINDINGS).capitalize()} more; every KPI is in the table below.]]"


def _mark(row: dict, parts: Sequence[Part], mode: Mode) -> str:
    """The icon of the largest thing it says: a signal, else the assurance, else the verdict."""
    points = {part.name: part.points for part in parts}
    if points["Signal"]:
        return variation_image("concern" if points["Signal"] > 0 else "improvement", find_kpi(row["kpi"]).better_sign, mode)
    if points["Assurance"]:
        return assurance_image("fail" if points["Assurance"] > 0 else "pass", mode)
    return status_image(row["status"], mode)


def _multiples(profile: VendorProfile, mode: Mode) -> Iterator[Multiple]:
    """The KPIs that stand out, worst first, then the others, each on its own scale."""
    order = dict.fromkeys((*profile.weaknesses["kpi"], *profile.strengths["kpi"], *profile.rated["kpi"]))
    months = with_words(profile.report.months)
    newest = signals_of_report(profile.report.frame, months)
    said = {row["kpi"]: row for row in newest.to_dict("records")}
    for kpi in order:
        series = months[months["kpi"] == kpi].sort_values("period", kind="stable").reset_index(drop=True)
        if series["value"].notna().any():
            yield Multiple(kpi, _newest_words(said.get(kpi), mode), small_multiple(series, kpi, mode, value_range(series)))


def _newest_words(row: dict | None, mode: Mode) -> str:
    """Icon, newest whole month and its value; beneath it the signal in words."""
    if row is None:
        return ":gray[:small[no whole month with limits]]"
    trial = bool(row["trial_limits"])
    icon = variation_image(row["signal"], find_kpi(row["kpi"]).better_sign, mode, trial=trial)
    words = f"{signal_text(row['signal'])}{', trial limits' if trial else ''}"
    return f"{icon} :small[{text(row['value_text'])} in {row['period']:%b %Y}]  \n:gray[:small[{words}]]"


def offered(vendors: Sequence[str], view: View) -> list[str]:
    """The vendors to choose from: those the filter leaves."""
    chosen = view.filters.vendor
    return [vendor for vendor in vendors if vendor in chosen] if chosen else list(vendors)


def shown_vendor(vendors: Sequence[str], asked: str) -> str:
    """The vendor of the link, else the first there is; one that is not there is named."""
    if asked in vendors:
        return asked
    if asked:
        st.warning(text(f"The link asks for the profile of {asked}, which is not in the data or left out by the filter."))
    return vendors[0]


def vendor_control(vendors: Sequence[str], vendor: str) -> None:
    """Which vendor, and its neighbours by name."""
    place = vendors.index(vendor)
    before, after = vendors[max(place - 1, 0)], vendors[min(place + 1, len(vendors) - 1)]
    st.session_state["profile"] = vendor
    for name, action, other in (("Previous vendor", "previous", before), ("Next vendor", "next", after)):
        said = f"{name}: {other}"
        st.button(
            action_image(action, said, data.mode()), key=name, type="tertiary", help=text(said), disabled=other == vendor, on_click=choose,
            kwargs={"profile": other},
        )  # fmt: skip
    st.selectbox("Vendor", vendors, key="profile", label_visibility="collapsed", width=210)


def status_cards(drawn: ProfileDrawing, view: View) -> None:
    """The contract's KPIs as cards; what is not measured stands beneath, counted apart."""
    vendor = drawn.profile.vendor
    cards(drawn.cards, lambda kpi: origin_button("card", kpi, view.period, view.filters, vendor))
    if drawn.blanks:
        st.markdown(drawn.blanks)


def findings(drawn: ProfileDrawing, view: View) -> None:
    """Weaknesses and strengths side by side, the largest first, with their reasons and where each number comes from."""
    sides = (("Weaknesses", drawn.weaknesses, "bad"), ("Strengths", drawn.strengths, "good"))
    for place, (title, found, word) in zip(st.columns(2, gap="large"), sides, strict=True):
        with place:
            section(title, "" if found else f":gray[No KPI stands out as {word}.]")
            for kpi, words in found:
                with st.container(horizontal=True, vertical_alignment="top", wrap=False, gap="small"):
                    st.markdown(words, width="stretch")
                    if kpi:
                        origin_button("finding", kpi, view.period, view.filters, drawn.profile.vendor)


def multiples(drawn: ProfileDrawing) -> None:
    """The KPIs over 24 months; the name of each leads to its trend."""
    shown = drawn.multiples[:MOST_MULTIPLES]
    more = f" The first {len(shown)} of {len(drawn.multiples)}." if len(drawn.multiples) > len(shown) else ""
    legend = f"24 months, each on its own scale. Grey: normal variation, dashes: target. What stands out comes first.{more}"
    section("Its KPIs over time", f":gray[:small[{legend}]]")
    for first in range(0, len(shown), MULTIPLES_ABREAST):
        for place, one in zip(st.columns(MULTIPLES_ABREAST), shown[first : first + MULTIPLES_ABREAST], strict=False):
            with place:
                label, way = find_kpi(one.kpi).label, {"kpi": one.kpi, "vendor": [drawn.profile.vendor]}
                st.button(text(label), key=f"multiple-{one.kpi}", type="tertiary", on_click=go_to, args=("trends",), kwargs=way)
                st.markdown(one.words)
                plot(one.figure, f"small-{one.kpi}", f"{label} of {drawn.profile.vendor} over 24 months")


def kpi_table(drawn: ProfileDrawing, view: View) -> None:
    """Every KPI against its target with variance, trend and both icons, and what the numbers cover."""
    table, vendor = drawn.table, drawn.profile.vendor
    assert table is not None
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        section("Its KPIs against target")
        download_csv(drawn.download, f"vendor-profile-{view.period.id}.csv")
    row_table(REPORT_COLUMNS, table.rows[:MOST_ROWS], row_menus(table.kpis, view, vendor))
    more = len(table.rows) - MOST_ROWS
    rest = f":gray[:small[{number_word(more).capitalize()} more are in the download.]]" if more > 0 else ""
    for words in (rest, table.coverage, drawn.icons):
        if words:
            st.markdown(words)
