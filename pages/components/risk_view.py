"""The risk register on screen: the clicked cell's risks, the largest movements, the table."""

from collections.abc import Sequence
from datetime import date

import pandas as pd
import streamlit as st

from analytics.catalogue import DIMENSIONS
from analytics.charts.images import band_image, status_image, variation_image
from analytics.performance.verdict import number_word
from analytics.periods import day_text
from analytics.risk.register import ScoreKind, band_scores, count_words, overdue_words, register_frame, with_overdue
from analytics.settings import RISK_BAND_NAMES, RiskBand
from analytics.wording import counted
from pages.components import data
from pages.components.choices import choose_many
from pages.components.parts import Column, row_table, section
from pages.components.state import View
from pages.components.text import text

REGISTER_FILTERS = {"category": "Category", "owner": "Owner", "status": "Status"}
LARGEST_MOVEMENTS = 4
SCALE = tuple("12345")


def register_of(view: View) -> pd.DataFrame:
    """The register on the last day of the period; its reviews are held against the newest day of the data, as actions are."""
    kind, bands = ScoreKind(view.one("scores")), data.settings().risk_bands
    register = data.ask(register_frame, view.period.end, view.compared_with.end, bands, kind)
    return with_overdue(register, _review_day(view))


def _review_day(view: View) -> date:
    """The day reviews are held against."""
    return data.span().last_day if data.has_rows() else view.period.end


def register_sentence(risks: pd.DataFrame, view: View) -> str:
    """The headline: the highest band, what moved, and how many reviews are overdue on which day."""
    return f"{count_words(risks)} {overdue_words(risks, _review_day(view))}".strip()


def register_filters(register: pd.DataFrame, view: View) -> None:
    """Category, owner, status and kind of score, behind one button so that the matrix keeps the first screen."""
    active = sum(bool(view.many(name)) for name in REGISTER_FILTERS)
    unknown = []
    with st.popover(f"Filter risks ({active})" if active else "Filter risks", type="tertiary"):
        for name, label in REGISTER_FILTERS.items():
            options = sorted(register[name].dropna().unique())
            missing = choose_many(label, name, options, placeholder="open" if name == "status" else f"Every {label.lower()}")
            unknown += [f"The link names the {label.lower()} {value}, which no risk has." for value in missing]
        st.segmented_control("Scores", list(ScoreKind), key="scores")
    for problem in unknown:
        st.warning(text(problem))


def filtered(register: pd.DataFrame, view: View) -> pd.DataFrame:
    """The risks of the chosen vendors (and of none), categories, owners and statuses; open ones unless a status is chosen."""
    vendors = view.filters.vendor
    rows = register[register["vendor"].isin(vendors) | register["vendor"].isna()] if vendors else register
    for name in REGISTER_FILTERS:
        chosen = view.many(name) or (("open",) if name == "status" else ())
        rows = rows[rows[name].isin(chosen)] if chosen else rows
    return rows.reset_index(drop=True)


def shown_words(risks: pd.DataFrame, register: pd.DataFrame, view: View) -> str:
    """'7 of 8 risks', and which filters say nothing about risks: the register knows vendors only."""
    unused = [DIMENSIONS[name].label.lower() for name in view.filters.dimensions if name != "vendor"]
    words = f"{len(risks)} of {counted(len(register), 'risk')} shown"
    return f"{words}, whatever {' and '.join(unused)}" if unused else words


def shown_cell(asked: str, risks: pd.DataFrame) -> tuple[int, int]:
    """(likelihood, impact) of the link, else the highest risk's."""
    likelihood, _, impact = asked.partition("x")
    if likelihood in SCALE and impact in SCALE:
        return int(likelihood), int(impact)
    return int(risks["likelihood"].iat[0]), int(risks["impact"].iat[0])


def cell_title(cell: tuple[int, int], count: int) -> str:
    """'Cell 4 x 5: one risk'."""
    return f"Cell {cell[0]} x {cell[1]}: {'no' if count == 0 else number_word(count)} risk{'' if count == 1 else 's'}"


def matrix_legend(bands: Sequence[RiskBand]) -> None:
    """What the marks of the matrix mean, and the bands as they are set."""
    swatches = " ".join(
        f"{band_image(level, data.mode())} {band.name} {low} to {high}"
        for level, (band, (low, high)) in enumerate(zip(bands, band_scores(bands), strict=True))
    )
    marks = "Number: risk in the register. Ring and arrow: its place on the earlier day. Small figure: likelihood x impact."
    st.markdown(f":gray[:small[{marks}]]  \n:small[{swatches}]")


def _band(risk: dict) -> str:
    return band_image(RISK_BAND_NAMES.index(risk["band"]), data.mode())


def risk_card(risk: dict, earlier: date) -> None:
    """One risk of the clicked cell: score, what it is, who owns it, why it moved, what is done about it."""
    with st.container(border=True, gap="xsmall"):
        moved = (
            risk["movement_text"] if risk["movement_text"] in ("new", "unchanged") else f"{risk['movement_text']} on {day_text(earlier)}"
        )
        st.markdown(f"{_band(risk)} **{int(risk['score'])} {risk['band']}** :gray[{text(moved)}]")
        st.markdown(f"**{risk['number']} · {text(risk['title'])}**  \n{text(_owned(risk))}{overdue_mark(risk, '  ')}")
        for label, words in (("What", risk["description"]), ("Why it stands there", risk["reason"]), ("Mitigation", risk["mitigation"])):
            if isinstance(words, str):
                st.markdown(f":small[:gray[{label}] {text(words)}]")


def overdue_mark(risk: dict, before: str = "") -> str:
    """'(mark) review overdue by 16 days on 31 Oct 2026' in the colour of what is missed, after `before`; '' when it is not."""
    words = risk["overdue_text"]
    return f"{before}\n{status_image('missed', data.mode())} :orange[**{text(words)}**]" if words else ""


def _owned(risk: dict) -> str:
    parts = [risk["vendor"], risk["category"], f"owner {risk['owner']}" if isinstance(risk["owner"], str) else None]
    review = None if pd.isna(risk["next_review"]) else f"next review {day_text(risk['next_review'].date())}"
    return ", ".join(part for part in (*parts, review) if isinstance(part, str)) + "."


def movements(risks: pd.DataFrame) -> None:
    """The risks that moved most, worsening before easing."""
    moved = risks[risks["movement"].abs() > 0]
    ordered = moved.sort_values("movement", key=lambda movement: movement.abs() + (movement > 0) * 0.5, ascending=False)
    section("Largest movements", "" if len(moved) else ":gray[:small[No risk moved between the two days.]]")
    for risk in ordered.head(LARGEST_MOVEMENTS).to_dict("records"):
        st.markdown(f"{_movement_icon(risk)} {_movement_words(risk)}")


def _movement_icon(risk: dict) -> str:
    signal = "concern" if risk["movement"] > 0 else "improvement"
    return variation_image(signal, -1, data.mode())


def _movement_words(risk: dict) -> str:
    verb = "grew" if risk["movement"] > 0 else "eased"
    place = f" · {text(risk['vendor'])}" if isinstance(risk["vendor"], str) else ""
    return f"{verb} **{text(risk['title'])}**{place} · {int(risk['previous_score'])} to {int(risk['score'])}"


def register_rows(risks: pd.DataFrame, earlier: date) -> None:
    """The register as rows that become cards on a phone; more than 25 risks as a scrolling table."""
    if len(risks) > 25:
        _register_table(risks)
        return
    labels = ("No · Risk", "Vendor", "Category", "Score (L x I)", "Band", f"Since {_short(earlier)}", "Owner and next review")
    columns = [Column(label, width) for label, width in zip(labels, (232, 92, 150, 96, 92, 108, 204), strict=True)]
    row_table(columns, (_cells(risk) for risk in risks.to_dict("records")))


def _short(day: date) -> str:
    return day_text(day).rpartition(" ")[0]


def _cells(risk: dict) -> Sequence[str]:
    review = "" if pd.isna(risk["next_review"]) else f" :gray[· review {text(_short(risk['next_review'].date()))}]"
    return (
        f"{risk['number']} · **{text(risk['title'])}**",
        text(risk["vendor"]) if isinstance(risk["vendor"], str) else ":gray[all]",
        f":gray[{text(risk['category'])}]",
        f"**{int(risk['score'])}** :gray[({int(risk['likelihood'])} x {int(risk['impact'])})]",
        f"{_band(risk)} {risk['band']}",
        text(risk["movement_text"]),
        (text(risk["owner"]) if isinstance(risk["owner"], str) else ":gray[no owner]") + review + overdue_mark(risk, "  "),
    )


def _register_table(risks: pd.DataFrame) -> None:
    names = {"number": "No", "title": "Risk", "vendor": "Vendor", "category": "Category", "score": "Score", "band": "Band"}
    names |= {"movement_text": "Moved", "owner": "Owner", "next_review": "Next review", "overdue_text": "Overdue"}
    day = st.column_config.DateColumn(format="D MMM YYYY")
    shown = risks[list(names)].rename(columns=names)
    st.dataframe(shown, hide_index=True, row_height=34, column_config={"Next review": day}, alt="The register")
