"""The risks at the end of the quarter: how they moved, the matrix, and the register with its reviews."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd

from analytics.performance.verdict import number_word
from analytics.periods import day_text
from analytics.review.cells import count_cell, day_cell, text_cell
from analytics.review.facts import Facts
from analytics.review.model import Cell, Origin, Risk, RiskMap, Section, Sentence, Table
from analytics.review.results import number, word
from analytics.risk.register import top_words
from analytics.wording import counted

COLUMNS = ("No.", "Risk", "Vendor", "Owner", "Score", "Band", "Movement", "Mitigation", "Next review")
NUMERIC = (True, False, False, False, True, False, False, False, True, True)
EVERYBODY = "all vendors"
NO_BREAK = "\u00a0"


def risks(facts: Facts) -> Section:
    """'Risks: four grew, two eased', the matrix and the register, the highest score first."""
    found = risks_of(facts)
    bands = tuple((band.name, band.to) for band in facts.request.settings.risk_bands)
    empty = f"No risk is open at the end of {facts.quarter.label}."
    table = Table("risks", (*COLUMNS, overdue_column(facts)), NUMERIC, tuple(_row(risk) for risk in found), empty)
    return Section("risks", _title(facts.risks), _sentence(facts), (RiskMap(found, bands), table))


def risks_of(facts: Facts) -> tuple[Risk, ...]:
    """The open risks, the highest score first."""
    return tuple(_risk(row, facts.due_day) for row in facts.risks.to_dict("records"))


def overdue_risks(facts: Facts) -> list[Risk]:
    """The open risks whose review is overdue, the longest overdue first."""
    return sorted((risk for risk in risks_of(facts) if risk.days_overdue), key=lambda risk: -risk.days_overdue)


def _risk(row: Mapping[str, Any], day: date) -> Risk:
    review = None if pd.isna(row["next_review"]) else row["next_review"].date()
    return Risk(
        number=int(row["number"]),
        title=row["title"],
        category=row["category"],
        vendor=word(row["vendor"]),
        owner=word(row["owner"]),
        likelihood=int(row["likelihood"]),
        impact=int(row["impact"]),
        score=int(row["score"]),
        band=row["band"],
        previous_likelihood=_whole(row["previous_likelihood"]),
        previous_impact=_whole(row["previous_impact"]),
        previous_score=_whole(row["previous_score"]),
        movement_text=row["movement_text"],
        reason=word(row["reason"]),
        mitigation=word(row["mitigation"]),
        next_review=review,
        days_overdue=max((day - review).days, 0) if review else 0,
    )


def _whole(level: object) -> int | None:
    known = number(level)
    return None if known is None else int(known)


def risk_name(risk: Risk) -> str:
    """'Data Breach at Asterion'."""
    return f"{risk.title} at {risk.vendor}" if risk.vendor else risk.title


def overdue_column(facts: Facts) -> str:
    """'Days overdue on 31 Oct 2026', the day on one line: a narrow column is as wide as its longest word."""
    return f"Days overdue on {day_text(facts.due_day).replace(' ', NO_BREAK)}"


def overdue_words(risk: Risk) -> str:
    """'5 days overdue on 31 Oct 2026'; '' of a review that is not."""
    if risk.next_review is None or risk.days_overdue <= 0:
        return ""
    return f"{counted(risk.days_overdue, 'day')} overdue on {day_text(risk.next_review + timedelta(days=risk.days_overdue))}"


def _row(risk: Risk) -> tuple[Cell, ...]:
    words = (risk.band, risk.movement_text, risk.mitigation or "none")
    return (
        count_cell(risk.number),
        text_cell(risk.title),
        text_cell(risk.vendor or EVERYBODY),
        text_cell(risk.owner),
        count_cell(risk.score),
        *(text_cell(said) for said in words),
        day_cell(risk.next_review),
        count_cell(risk.days_overdue, zero="-"),
    )


def _title(register: pd.DataFrame) -> str:
    """'Risks: four grew, two eased, one is new'."""
    if register.empty:
        return "Risks: none is open"
    movement = register["movement"]
    counts = ((int((movement > 0).sum()), "grew"), (int((movement < 0).sum()), "eased"))
    new = int(movement.isna().sum())
    said = [f"{number_word(count)} {verb}" for count, verb in counts if count]
    said += [f"{number_word(new)} {'is' if new == 1 else 'are'} new"] if new else []
    return f"Risks: {', '.join(said) or 'none moved'}"


def _sentence(facts: Facts) -> Sentence | None:
    """The highest band by name, and since when the movement is counted."""
    if facts.risks.empty:
        return None
    first = facts.risks.iloc[0]
    text = f"{top_words(facts.risks)} Movement since {day_text(facts.earlier_day)}."
    return Sentence("risks", text, (Origin("risks", str(first["number"]), "band"), Origin("risks", "all", "movement_text")))
