"""Watermelons on screen: one attention line on the report, the finding with its evidence on a vendor's profile."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from analytics.asking import Reader
from analytics.catalogue import find_kpi
from analytics.charts.images import mark_image, status_image, variation_image
from analytics.charts.theme import Mode
from analytics.performance.report_request import ReportRequest
from analytics.performance.verdict import number_word
from analytics.performance.watermelon import RULE_TEXT, Watermelon, WatermelonCheck, find_watermelons
from analytics.settings import Settings
from analytics.warehouse import Scope
from pages.components import data
from pages.components.state import View, go_to
from pages.components.text import text

NAME = "Watermelon"
MOST_LINKS = 3
MOST_EVIDENCE = 2
TEXT_WIDTH = 850  # px; leaves room for the button beside it on a desk, on a phone the button goes beneath


@dataclass(frozen=True, slots=True)
class AttentionLine:
    """The line as Markdown, and the vendors whose profiles it leads to."""

    words: str
    vendors: tuple[str, ...]


def draw_attention(store: Reader, scope: Scope, request: ReportRequest, mode: Mode) -> AttentionLine | None:
    """The attention line of a report; None when no vendor is a watermelon."""
    return attention_line(find_watermelons(store, scope, request), mode)


def attention_line(check: WatermelonCheck, mode: Mode) -> AttentionLine | None:
    """The finding and, in grey, its evidence; of several vendors that of the first."""
    if not check.found:
        return None
    vendors = tuple(one.vendor for one in check.found)
    lead = f"{variation_image('concern', 1, mode)} **{NAME}{'' if len(vendors) == 1 else 's'}:**"
    whose = f"{vendors[0]}: " if len(vendors) > 1 else ""
    return AttentionLine(f"{lead} {_said(check)}  \n:gray[:small[{text(whose + _evidence(check.found[0]))}]]", vendors[:MOST_LINKS])


def _said(check: WatermelonCheck) -> str:
    """The finding about one vendor; of several the worst, and how many more there are."""
    first, *others = check.found
    if not others:
        return text(first.sentence)
    named = ", ".join(one.vendor for one in others[: MOST_LINKS - 1])
    end = " and others." if len(others) >= MOST_LINKS else "."
    return text(f"{first.sentence} {number_word(len(others)).capitalize()} more: {named}{end}")


def _evidence(one: Watermelon) -> str:
    """'Met: service level 83.1 %, target >= 80 %; ... Concern: first contact resolution 77 % in Sep 2026, below expected; ...'."""
    concerns = [evidences[0].text.partition(": ")[0] for evidences in one.outcomes]
    return f"Met: {_few([evidence.text for evidence in one.green])}. Concern: {_few(concerns)}."


def _few(texts: Sequence[str]) -> str:
    more = len(texts) - MOST_EVIDENCE
    return "; ".join([*texts[:MOST_EVIDENCE], *([f"{number_word(more)} more"] if more > 0 else [])])


def attention(view: View, settings: Settings) -> None:
    """The attention line of the report, with the way to each vendor's profile; nothing when there is nothing to say."""
    money = settings.reporting_currency
    request = ReportRequest(view.period, settings.heatmap_kpis, filters=view.filters, reporting_currency=money)
    line = data.ask(draw_attention, request, data.mode())
    if line is None:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", gap="small"):
        st.markdown(line.words, width=TEXT_WIDTH)
        with st.container(width="content", gap=None):
            for vendor in line.vendors:
                st.button(
                    text(f"Profile of {vendor}"), key=f"watermelon-{vendor}", type="tertiary", on_click=go_to,
                    args=("vendor_profile",), kwargs={"profile": vendor},
                )  # fmt: skip


def finding_words(check: WatermelonCheck, vendor: str, mode: Mode) -> tuple[str, ...]:
    """The finding on the profile: sentence, what is green, what is red; without one a muted line that says what was checked."""
    one = check.of(vendor)
    if one is None:
        return (f":gray[:small[{mark_image(*_cleared(check), mode)} {text(_cleared_words(check))}]]",)
    lead = f"{variation_image('concern', 1, mode)} **{NAME}: green outside, red inside.** {text(one.sentence)}"
    blank = [f"{status_image('not measured', mode)} :gray[{text(find_kpi(kpi).label)} not measured]" for kpi in one.not_measured]
    green = _lines([evidence.text for evidence in one.green], status_image("met", mode)) + blank
    inside = ["; ".join(evidence.text for evidence in evidences) for evidences in one.outcomes]
    red = _lines(inside, variation_image("concern", 1, mode))
    return (lead, _small(["**Outside: every target on speed**", *green]), _small(["**Inside: what customers get**", *red]))


def _lines(evidence: Sequence[str], mark: str) -> list[str]:
    return [f"{mark} {text(words[0].upper() + words[1:])}" for words in evidence]


def _small(lines: Sequence[str]) -> str:
    return "  \n".join(f":small[{line}]" for line in lines)


def _cleared(check: WatermelonCheck) -> tuple[str, str]:
    """The mark of a vendor that is not flagged, and its words: grey unless it was really cleared."""
    return ("met", "cleared") if check.cleared else ("not measured", "not checked") if not check.not_green else ("no target", "not green")


def _cleared_words(check: WatermelonCheck) -> str:
    if check.cleared:
        return "Watermelon check: every target on speed was met, and no outcome signals concern."
    if check.not_green:
        return "Watermelon check: not green outside, a target on speed was not met."
    if check.unchecked:
        return "Watermelon check: every target on speed was met, but no outcome is measured in a whole month, so it is not cleared."
    return "Watermelon check: no verdict on speed, so there is nothing to check."


def finding(words: Sequence[str]) -> None:
    """Draw `finding_words`."""
    if len(words) == 1:
        st.markdown(words[0])
        return
    lead, *evidence = words
    with st.container(border=True, gap="small"):
        st.markdown(lead, help=text(RULE_TEXT))
        for place, lines in zip(st.columns(2), evidence, strict=True):
            place.markdown(lines)
