"""Numbers that can be right one by one but not together: parts that are more than their whole."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from analytics.catalogue import KPIS, MEASURES, Unit
from analytics.intake.checks.rows import Rows
from analytics.intake.problems import Issue, Level
from analytics.intake.scorecard import CAN_EXCEED_ONE
from analytics.wording import counted

_ROUNDING = 1.0  # seconds a row, where the parts of a duration were rounded each by itself


@dataclass(frozen=True, slots=True)
class Order:
    """The sum of `parts` cannot exceed `whole` by more than `slack`."""

    parts: tuple[str, ...]
    whole: str
    slack: float = 1e-6


# What no ratio and no declared part says.
FURTHER = (
    Order(("contacts_handled", "contacts_abandoned"), "contacts_offered"),
    Order(("contacts_abandoned_short",), "contacts_abandoned"),
    Order(("abandoned_within_threshold",), "contacts_abandoned"),
    Order(("nps_promoters", "nps_detractors"), "nps_responses"),
    Order(("productive_seconds",), "paid_seconds"),
)


def orders() -> list[Order]:
    """Every share of a whole and every declared part of the catalogue in force, own definitions included."""
    shares = [
        Order((above[0].measure,), below[0].measure)
        for kpi in KPIS.values()
        if kpi.unit is Unit.PERCENT and kpi.id not in CAN_EXCEED_ONE and kpi.variant_of not in CAN_EXCEED_ONE
        for above, below in [(kpi.numerator_terms, kpi.denominator_terms)]
        if len(above) == len(below) == 1 and kpi.scale == 1 and above[0].sign > 0 and not _spans_teams(above[0].measure)
    ]
    parts = [Order(measure.parts, measure.id, _ROUNDING) for measure in MEASURES.values() if measure.parts]
    return list(dict.fromkeys((*FURTHER, *shares, *parts)))


def _spans_teams(measure: str) -> bool:
    """Handle time is that of contacts, which several people may hold at once: it can be more than the time they are paid for."""
    return measure == "handle_seconds"


def identity_issues(rows: Rows) -> Iterable[Issue]:
    """One warning per rule that rows break; a part a row does not have counts as nothing."""
    for order in among(rows.measures):
        present = [part for part in order.parts if part in rows.measures]
        parts = rows.frame[present]
        broken = parts.sum(axis="columns", min_count=1) - rows.frame[order.whole] > order.slack
        if broken.any():
            first = rows.frame[broken].iloc[0]
            written = " + ".join(f"{first[part]:,g}" for part in present if first[part] == first[part])
            message = f"{' + '.join(present)} is more than {order.whole} in {counted(int(broken.sum()), 'row')}."
            yield rows.finding(Level.WARNING, "impossible", broken, message, _REMEDY, shown=f"{written} of {first[order.whole]:,g}")


_REMEDY = "The rows are stored as they are: check that the columns are mapped to the right measures."


def among(measures: Collection[str]) -> list[Order]:
    """The rules whose whole is there, and at least one of its parts."""
    return [order for order in orders() if order.whole in measures and set(order.parts) & set(measures)]
