"""What stands on a vendor's profile beside its KPIs: actions, risks, events, notes, and how complete its data is."""

from collections.abc import Iterator
from datetime import date

import pandas as pd
import streamlit as st

from analytics.catalogue import KPIS
from analytics.charts.images import band_image, mark_image, status_image
from analytics.performance.verdict import number_word
from analytics.periods import Grain, Period, day_text
from analytics.quality import GONE, LATE, share_text, worst_months
from analytics.review.vendor_profile import VendorProfile
from analytics.settings import RISK_BAND_NAMES
from analytics.wording import counted
from pages.components import data
from pages.components.parts import section
from pages.components.risk_view import overdue_mark
from pages.components.state import View, go_to
from pages.components.text import text

MOST_LISTED = 6
MOST_NOTES = 4


def actions(profile: VendorProfile) -> None:
    """Open actions, overdue first; overdue is held against the newest day of the data, as freshness is."""
    late = int((profile.actions["days_overdue"] > 0).sum())
    state = f"{late} overdue on {day_text(profile.newest_day)}" if late else f"none overdue on {day_text(profile.newest_day)}"
    count = len(profile.actions)
    section("Open actions", f":gray[:small[{text(f'{count} open, {state}' if count else 'No open action for this vendor.')}]]")
    for action in profile.actions.head(MOST_LISTED).to_dict("records"):
        st.markdown(_action_words(action))
    _more(count, MOST_LISTED, "due later")


def _action_words(action: dict) -> str:
    due = "no due date" if pd.isna(action["due_on"]) else f"due {day_text(action['due_on'].date())}"
    late = action["days_overdue"]
    when = f":orange[**overdue by {counted(late, 'day')}**]" if late else ""
    facts = " · ".join(text(part) for part in (due, _owner(action), _label(action["kpi"])) if part)
    mark = status_image("missed", data.mode()) if late else mark_image("no target", "open", data.mode())
    body = f"  \n:gray[:small[{text(action['body'])}]]" if isinstance(action["body"], str) else ""
    return f"{mark} **{text(action['title'])}** {when}  \n:small[{facts}]{body}"


def _owner(record: dict) -> str:
    return f"owner {record['owner']}" if isinstance(record["owner"], str) else "no owner"


def _label(kpi: object) -> str:
    """The KPI's label; one the catalogue does not know as it was written; '' for none."""
    if not isinstance(kpi, str):
        return ""
    return KPIS[kpi].label if kpi in KPIS else kpi


def _more(count: int, shown: int, what: str) -> None:
    if count > shown:
        st.markdown(f":gray[:small[{number_word(count - shown).capitalize()} more, {what}.]]")


def risks(profile: VendorProfile, view: View) -> None:
    """The open risks of the vendor, highest first, with their movement, and the way to the matrix."""
    earlier = view.compared_with.end
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        section("Risks", f":gray[:small[Open on {text(day_text(view.period.end))}, movement since {text(day_text(earlier))}.]]")
        st.button("Risk matrix", type="tertiary", on_click=go_to, args=("risk_matrix",), kwargs={"vendor": [profile.vendor]})
    if profile.risks.empty:
        st.markdown(":gray[No open risk names this vendor.]")
    for risk in profile.risks.head(MOST_LISTED).to_dict("records"):
        band = band_image(RISK_BAND_NAMES.index(risk["band"]), data.mode())
        product = f"{int(risk['likelihood'])} x {int(risk['impact'])}"
        score = f"**{int(risk['score'])} {risk['band']}** :gray[({product}) · {text(risk['movement_text'])}]"
        words = f"  \n:gray[:small[{text(risk['mitigation'])}]]" if isinstance(risk["mitigation"], str) else ""
        st.markdown(f"{band} {score} {text(risk['title'])}{overdue_mark(risk, '  ')}{words}")
    _more(len(profile.risks), MOST_LISTED, "lower")


def events(profile: VendorProfile) -> None:
    """The dated events of 24 months that name this vendor or everybody, newest first."""
    section("Events", ":gray[:small[24 months to the end of the period; these dates stand on its charts.]]")
    if not profile.events:
        st.markdown(":gray[No event in these months.]")
    for event in profile.events[:MOST_LISTED]:
        facts = [event.site, _label(event.kpi), "" if event.vendor else "all vendors", f"owner {event.owner}" if event.owner else ""]
        about = " · ".join(text(fact) for fact in facts if fact)
        body = f"  \n:gray[:small[{text(event.description)}]]" if event.description else ""
        st.markdown(f"**{day_text(event.happened_on)}** {text(event.title)}{f' :gray[:small[{about}]]' if about else ''}{body}")
    _more(len(profile.events), MOST_LISTED, "older")


def notes(profile: VendorProfile) -> None:
    """What was written about the vendor, newest first."""
    section("Notes", "" if profile.notes else ":gray[:small[No note about this vendor.]]")
    for note in profile.notes[:MOST_NOTES]:
        about = " · ".join(text(part) for part in (_label(note.kpi), note.period) if part) or "In general"
        who = f", {text(note.author)}" if note.author else ""
        st.markdown(f"**{about}** :gray[:small[{day_text(note.written_on)}{who}]]  \n:small[{text(note.body)}]")
    _more(len(profile.notes), MOST_NOTES, "older")


def data_state(profile: VendorProfile, view: View) -> None:
    """How much of what is expected came, how fresh every source is, and the way to the months."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        section("Its data", f":gray[:small[{text(_coverage_words(profile, view.period))}]]")
        st.button("Month by month", type="tertiary", on_click=go_to, args=("batches_and_quality",), kwargs={"vendor": [profile.vendor]})
    st.markdown("  \n".join(_source_lines(profile)) or ":gray[No source.]")


def _coverage_words(profile: VendorProfile, period: Period) -> str:
    """'Q3 2026: all of what is expected is there. The largest gap of all months: Nov 2025, 73 % there.'"""
    inside = profile.coverage[profile.coverage["month"].between(pd.Timestamp(period.start), pd.Timestamp(period.end))]
    gaps = worst_months(profile.coverage)
    there = f"{share_text(inside['share'].mean())} of what is expected is there" if len(inside) else "nothing is expected"
    first = f"{period.label}: {there}."
    if gaps.empty:
        return f"{first} No month has gaps."
    worst = gaps.iloc[0]
    month = Period.of(Grain.MONTH, worst["month"].date()).label
    return f"{first} {counted(len(gaps), 'month')} with gaps, the largest {month} ({share_text(worst['share'])} there)."


def _source_lines(profile: VendorProfile) -> Iterator[str]:
    """'acd, daily, to 31 Oct 2026: on time'."""
    for row in profile.freshness.to_dict("records"):
        mark = {LATE: "missed", GONE: "not measured"}.get(row["state"], "met")
        behind = f", {counted(row['days_behind'], 'day')} behind" if row["state"] != "on time" else ""
        kind = ", reported results" if row["kind"] == "reported" else ""
        words = (
            f"**{text(row['source'])}** {Grain(row['grain']).adverb}{kind}, to {day_text(_day(row['last_day']))}: {row['state']}{behind}"
        )
        yield f":small[{mark_image(mark, row['state'], data.mode())} {words}]"


def _day(day: date | pd.Timestamp) -> date:
    return day.date() if isinstance(day, pd.Timestamp) else day
