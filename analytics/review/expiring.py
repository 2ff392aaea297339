"""Targets that end and nothing follows: from the day after them nobody is held to anything."""

from dataclasses import dataclass
from datetime import date, timedelta

from analytics.catalogue import KPIS
from analytics.performance.target_overview import member_words
from analytics.performance.targets import DatedTarget
from analytics.performance.verdict import label_in_sentence
from analytics.periods import day_text
from analytics.review.facts import Facts
from analytics.review.model import Origin


@dataclass(frozen=True, slots=True)
class EndingTarget:
    """A stored target without a successor."""

    kpi: str
    stored: DatedTarget
    last_day: date

    @property
    def whom(self) -> str:
        """'Asterion, Krakow'; 'all vendors'."""
        return member_words(self.stored)

    @property
    def sentence(self) -> str:
        """'The target for service level of Asterion (>= 80 %) ends on 30 Sep 2026 and nothing follows.'"""
        asked = self.stored.target.words(self.kpi)
        return (
            f"The target for {label_in_sentence(self.kpi)} of {self.whom} ({asked}) ends on {day_text(self.last_day)} and nothing follows."
        )

    @property
    def origins(self) -> tuple[Origin, ...]:
        """The row of the register it comes from."""
        return (Origin("targets", f"{self.whom} · {self.kpi} · {self.stored.valid_from}", "valid_to"),)


def ending_targets(facts: Facts, first: date, last: date) -> list[EndingTarget]:
    """Targets of the shown vendors that end between two days, nothing applying to the same members on the day after; first to end first."""
    found = []
    for kpi, book in facts.targets.by_kpi.items():
        for stored in book:
            end = stored.valid_to
            if (
                kpi in KPIS
                and end is not None
                and first <= end <= last
                and _is_shown(facts, stored)
                and not _follows(facts, kpi, stored, end)
            ):
                found.append(EndingTarget(kpi, stored, end))
    return sorted(found, key=lambda target: (target.last_day, target.whom, target.kpi))


def _is_shown(facts: Facts, stored: DatedTarget) -> bool:
    vendor = dict(stored.dimensions).get("vendor")
    return vendor is None or vendor in facts.vendors


def _follows(facts: Facts, kpi: str, stored: DatedTarget, end: date) -> bool:
    """Whether on the day after its end anything applies to the same members, be it a target they share with others."""
    return bool(facts.targets.applying(kpi, dict(stored.dimensions), end + timedelta(days=1)))
