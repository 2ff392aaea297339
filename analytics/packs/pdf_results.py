"""Results, movements and risks as the template of the PDF is given them: texts to print and drawings, nothing to compute."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from analytics.catalogue import Unit
from analytics.charts.marks import (
    assurance_alt,
    assurance_icon,
    sparkline,
    sparkline_alt,
    status_alt,
    status_mark,
    variation_alt,
    variation_icon,
)
from analytics.charts.theme import theme_for
from analytics.packs.print_text import printable, shortened
from analytics.periods import day_text
from analytics.review.covering import line_words, starred
from analytics.review.model import Driver, Movement, Result, Risk, Sentence
from analytics.review.risks_section import overdue_words

Printed = dict[str, Any]

MODE = "light"
LONGEST_NAME = 64
LONGEST_TEXT = 300
LONGEST_NUMBER = 24
LONGEST_IN_CELL = 16
NARROW = 13
NOTHING = ("", "-")
PRINTED_AS_NOTHING = ("0", "0:00")


def image(svg: str, alt: str) -> Printed:
    """A drawing of our own with what it says to those who cannot see it."""
    return {"svg": svg, "alt": alt}


def status(words: str, printed: str | None = None) -> Printed:
    """A status as mark, word and colours; the mark of a cell stands in its corner."""
    tone = theme_for(MODE).status(words)
    mark = status_mark(words, MODE)
    return {
        "mark": image(mark, status_alt(words)),
        "corner": image(mark.replace(tone.mark, tone.corner), status_alt(words)),
        "words": shortened(words if printed is None else printed, LONGEST_NAME),
        "text": tone.text,
        "cell": tone.cell,
        "on_cell": tone.on_cell,
    }


def icons(result: Result) -> list[Printed]:
    """Variation and assurance, those that are known."""
    trial = result.trial_limits
    found = []
    if result.signal:
        icon = variation_icon(result.signal, result.better_sign, MODE, trial=trial)
        found.append(image(icon, variation_alt(result.signal, result.better_sign, trial=trial)))
    if result.assurance:
        found.append(image(assurance_icon(result.assurance, MODE, trial=trial), assurance_alt(result.assurance, trial=trial)))
    return found


def spark(result: Result, width: float, height: float) -> Printed | None:
    """The last 13 months as a line; None without any."""
    values = [point.value for point in result.history]
    if not any(value is not None for value in values):
        return None
    bands = [[getattr(point, column) for point in result.history] for column in ("target", "lower", "upper")]
    lines = [levels for levels in bands if any(level is not None for level in levels)]
    return image(sparkline(values, lines, result.status, MODE, width=width, height=height), sparkline_alt(values, result.status))


def number(text: str) -> str:
    """A printed number, '' where there is none to print."""
    return "" if text in NOTHING else shortened(text, LONGEST_NUMBER, NARROW)


def target(result: Result) -> str:
    """'target >= 80 %'; '' where its status says that there is none."""
    words = bare_target(result)
    return f"target {words}" if words else ""


def bare_target(result: Result) -> str:
    """'>= 80 %', '' without one."""
    return "" if result.target_text in NOTHING else shortened(result.target_text, LONGEST_NAME)


def card(result: Result) -> Printed:
    """A KPI everybody looks at first."""
    return {
        "label": shortened(result.label, LONGEST_NAME, NARROW),
        "value": starred(result, number(result.value_text)) or "-",
        "status": status(result.status, result.status_text),
        "variance": number(result.variance_text),
        "target": target(result),
        "spark": spark(result, 132, 36),
        "icons": icons(result),
    }


def bare(result: Result) -> str:
    """The value without the unit, which the name of its row has: '81.1', '4:30'."""
    return shortened(number(result.value_text.removesuffix(Unit(result.unit).suffix)), LONGEST_IN_CELL, 9) or "-"


def cell(result: Result | None) -> Printed:
    """A value in the colour of its status; what was not asked for is an empty cell."""
    if result is None:
        return {"words": "-", "status": status("not measured")}
    return {"words": starred(result, bare(result)), "status": status(result.status)}


def row(result: Result) -> Printed:
    """A result with everything that is printed of it."""
    return {
        "vendor": shortened(result.vendor, LONGEST_NAME) or "All vendors",
        "label": shortened(result.label, LONGEST_NAME),
        "value": starred(result, number(result.value_text)) or "-",
        "target": bare_target(result) or "-",
        "variance": number(result.variance_text) or "-",
        "status": status(result.status, result.status_text),
        "before": number(result.previous_text) or "-",
        "change": number(result.change_text) or "-",
        "months": shortened(result.months_met.removesuffix(" met"), LONGEST_NAME),
        "coverage": shortened(result.coverage, LONGEST_NAME),
    }


def sentence(found: Sentence | None) -> Printed | None:
    """Words, and whose they are where a person wrote them."""
    if found is None or not printable(found.text):
        return None
    author = replace(found, author=shortened(found.author, LONGEST_NAME)).signature
    return {"words": printable(found.text), "author": author}


def movement(found: Movement) -> Printed:
    """A movement with its split: bars to both sides of zero, as long as their share of the largest."""
    largest = max((abs(driver.effect) for driver in found.drivers), default=0.0) or 1.0
    return {
        "lead": sentence(found.lead),
        "where": sentence(found.where),
        "icons": icons(found.result)[:1],
        "spark": spark(found.result, 200, 34),
        "wide_spark": spark(found.result, 330, 44),
        "status": status(found.result.status, found.result.status_text),
        "target": " · ".join(filter(None, (target(found.result), line_words([found.result])))),
        "dimension": printable(found.dimension) or "member",
        "drivers": [_driver(driver, largest, found.result.better_sign) for driver in found.drivers],
    }


def _driver(driver: Driver, largest: float, better_sign: int) -> Printed:
    theme = theme_for(MODE)
    verdict = driver.verdict(better_sign)
    colour = theme.improvement.mark if verdict > 0 else theme.concern.mark if verdict < 0 else theme.normal
    return {
        "member": shortened(driver.member, LONGEST_NAME, NARROW),
        "effect": number(driver.effect_text),
        "before": number(driver.before_text) or "-",
        "after": number(driver.after_text) or "-",
        "share": 0.0 if driver.effect_text.partition(" ")[0] in PRINTED_AS_NOTHING else round(driver.effect / largest, 3),
        "colour": colour,
    }


def risk(found: Risk, bands: Sequence[tuple[str, int]], *, register: bool) -> Printed:
    """A risk: what it is, whose it is, where it went and why; beside a `register` without what that has a column for."""
    level = next((at for at, (band, _) in enumerate(bands) if band == found.band), len(bands) - 1)
    review = f"next review {day_text(found.next_review)}" if found.next_review else ""
    facts = (found.vendor, found.category, *(() if register else (f"owner {found.owner}" if found.owner else "", review)))
    return {
        "number": str(found.number),
        "title": shortened(found.title, LONGEST_TEXT),
        "score": str(found.score),
        "band": shortened(found.band, LONGEST_NUMBER),
        "colour": theme_for(MODE).risk_bands[min(level, 3)],
        "movement": shortened(found.movement_text, LONGEST_NAME),
        "facts": " · ".join(shortened(fact, LONGEST_NAME) for fact in facts if fact),
        "overdue": overdue_words(found),
        "reason": shortened(found.reason, LONGEST_TEXT),
        "mitigation": "" if register else shortened(found.mitigation, LONGEST_TEXT),
    }
