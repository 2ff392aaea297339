"""One definition on screen, generated from the catalogue."""

from collections.abc import Sequence

import streamlit as st

from analytics.catalogue import KPIS, MEASURES, OWN_PREFIX, Direction, Kpi, find_kpi, formula, variants_of
from analytics.catalogue.units import target_text
from pages.components.state import go_to
from pages.components.text import target_words, text

_DIRECTIONS = {
    Direction.HIGHER: "higher is better",
    Direction.LOWER: "lower is better",
    Direction.BAND: "best inside a band",
    Direction.NEUTRAL: "context, no direction is good",
}


def shown_kpis(only: str, search: str) -> Sequence[Kpi]:
    """The KPIs a search finds in names, synonyms, words and measures; `only`: that KPI with its variants."""
    if only:
        chosen = find_kpi(only)
        base = chosen.variant_of or chosen.id
        return (find_kpi(base), *variants_of(base))
    wanted = search.casefold().split()
    return [kpi for kpi in KPIS.values() if all(word in _searched(kpi) for word in wanted)]


def _searched(kpi: Kpi) -> str:
    measures = [part for measure in kpi.measures for part in (measure, MEASURES[measure].label)]
    return " ".join((kpi.id, kpi.label, kpi.definition, *kpi.synonyms, *measures)).casefold()


def definition(kpi: Kpi) -> None:
    """One entry: name, definition, formula, direction, target, note, source, variants."""
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"**{text(kpi.label)}** :gray[:small[{text(kpi.id)}]]", width="content")
            st.button("Trend", key=f"trend-{kpi.id}", type="tertiary", on_click=go_to, args=("trends",), kwargs={"kpi": kpi.id})
        st.markdown(text(kpi.definition))
        st.markdown("  \n".join(_facts(kpi)))


def _facts(kpi: Kpi) -> list[str]:
    """The lines beneath a definition."""
    facts = [f":gray[Formula] {text(formula(kpi))}", f":gray[Direction] {_DIRECTIONS[kpi.direction]} · :gray[unit] {text(_unit(kpi))}"]
    facts.append(f":gray[Default target] {_target(kpi)}")
    if kpi.note:
        facts.append(f":gray[Note] {text(kpi.note)}")
    if kpi.synonyms:
        facts.append(f":gray[Also called] {text(', '.join(kpi.synonyms))}")
    if kpi.variant_of:
        facts.append(f":gray[Variant of] {text(find_kpi(kpi.variant_of).label)}")
    variants = ", ".join(variant.label for variant in variants_of(kpi.id))
    if variants:
        facts.append(f":gray[Variants] {text(variants)}")
    own = [MEASURES[measure] for measure in kpi.measures if measure.startswith(OWN_PREFIX)]
    facts += [f":gray[Own measure] {text(measure.id)}, {text(measure.label)}: {text(measure.definition)}" for measure in own]
    facts.append(f":gray[Source] {text(kpi.source)}")
    return [f":small[{fact}]" for fact in facts]


def _unit(kpi: Kpi) -> str:
    return (
        kpi.unit.suffix.strip()
        or {"count": "count", "points": "points, -100 to 100", "score": "mean rating", "money": "currency"}[kpi.unit]
    )


def _target(kpi: Kpi) -> str:
    default = kpi.target
    if default is None:
        return "none: set by the contract"
    return target_words(target_text(default.comparator, default.expected, kpi.unit, lower=default.lower, upper=default.upper))
