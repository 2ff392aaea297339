"""The additive measures: what a row of performance data can carry. One entry is one column of the warehouse."""

from dataclasses import dataclass
from enum import StrEnum

# Users' own measures are columns too. The prefix keeps them apart from every other name of a table or a statement, and from
# measures a later release may bring.
OWN_PREFIX = "own_"


class MeasureKind(StrEnum):
    """How a measure is stored: counts are whole numbers, amounts are exact decimals (never floating point)."""

    COUNT = "BIGINT"
    AMOUNT = "DECIMAL(18,6)"


class Quantity(StrEnum):
    """What a measure adds up. Only like is added to like, and the unit of a KPI follows from what it divides."""

    PLAIN = "plain numbers"
    SECONDS = "seconds"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class Measure:
    """One additive measure. `parts`: measures whose sum stands in when a row reports only those."""

    id: str
    label: str
    kind: MeasureKind
    definition: str
    synonyms: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    quantity: Quantity = Quantity.PLAIN

    @property
    def is_duration(self) -> bool:
        """Whether the amount is seconds."""
        return self.quantity is Quantity.SECONDS

    @property
    def is_money(self) -> bool:
        """Whether the amount is money, in the currency of its row."""
        return self.quantity is Quantity.MONEY


def _count(id: str, label: str, definition: str, *synonyms: str) -> Measure:
    return Measure(id, label, MeasureKind.COUNT, definition, synonyms)


def _amount(id: str, label: str, definition: str, *synonyms: str) -> Measure:
    return Measure(id, label, MeasureKind.AMOUNT, definition, synonyms)


def _seconds(id: str, label: str, definition: str, *synonyms: str, parts: tuple[str, ...] = ()) -> Measure:
    return Measure(id, label, MeasureKind.AMOUNT, definition, synonyms, parts, Quantity.SECONDS)


def _money(id: str, label: str, definition: str, *synonyms: str) -> Measure:
    return Measure(id, label, MeasureKind.AMOUNT, definition, synonyms, quantity=Quantity.MONEY)


_ALL = (
    _count(
        "contacts_offered", "contacts offered", "Contacts that reached the queue.", "offered", "calls offered", "calls", "inbound calls"
    ),
    _count("contacts_handled", "contacts handled", "Contacts an agent answered and handled.", "answered", "calls answered", "handled"),
    _count("contacts_abandoned", "contacts abandoned", "Contacts that left the queue before an answer.", "abandoned", "calls abandoned"),
    _count("contacts_abandoned_short", "short abandons", "Abandoned within the short-abandon threshold.", "short abandons"),
    _count("answered_within_threshold", "answered within threshold", "Answered within the row's threshold_seconds.", "answered in sl"),
    _count("abandoned_within_threshold", "abandoned within threshold", "Abandoned within the row's threshold_seconds."),
    _seconds("queue_seconds", "queue time of answered contacts", "Seconds answered contacts waited.", "wait time", "speed of answer"),
    _seconds("talk_seconds", "talk time", "Seconds in conversation.", "talk time"),
    _seconds("hold_seconds", "hold time", "Seconds on hold during conversations.", "hold time"),
    _seconds("wrap_seconds", "wrap-up time", "Seconds of after-contact work.", "acw", "after call work", "wrap up"),
    _seconds(
        "handle_seconds",
        "handle time",
        "Talk + hold + wrap-up; taken from the three where a row reports only those.",
        "handle time",
        "total handle time",
        parts=("talk_seconds", "hold_seconds", "wrap_seconds"),
    ),
    _seconds("available_seconds", "available time", "Seconds idle and ready for a contact.", "idle time", "available"),
    _count("contacts_transferred", "contacts transferred", "Contacts passed on to someone else.", "transfers"),
    _seconds("scheduled_seconds", "scheduled time", "Seconds agents were scheduled to work.", "scheduled time"),
    _seconds("adherent_seconds", "time in adherence", "Scheduled seconds in the scheduled activity.", "in adherence"),
    _seconds("paid_seconds", "paid time", "Seconds paid for.", "paid hours"),
    _seconds("productive_seconds", "productive time", "Paid seconds available for work.", "productive time"),
    _seconds("absent_seconds", "absent time", "Scheduled seconds lost to unplanned absence.", "absence"),
    _amount("headcount_days", "headcount days", "Headcount added up over the days of the period.", "headcount"),
    _count("leavers", "leavers", "People who left.", "terminations", "attrition count"),
    _seconds("committed_seconds", "committed time", "Seconds the vendor committed to deliver.", "committed hours"),
    _seconds("delivered_seconds", "delivered time", "Seconds the vendor delivered.", "delivered hours"),
    _count("resolved_first_contact", "resolved on first contact", "Contacts resolved without a second one.", "fcr count"),
    _count("resolution_opportunities", "contacts with an issue", "Contacts in which first-contact resolution was assessed."),
    _count("csat_satisfied", "satisfied responses", "Ratings of 4 or 5 of 5.", "satisfied"),
    _count("csat_responses", "satisfaction responses", "Satisfaction ratings received.", "survey responses"),
    _amount("csat_score_sum", "sum of satisfaction ratings", "Ratings added up."),
    _count("nps_promoters", "promoters", "Ratings of 9 or 10 of 10.", "promoters"),
    _count("nps_detractors", "detractors", "Ratings of 0 to 6 of 10.", "detractors"),
    _count("nps_responses", "recommendation responses", "Recommendation ratings received."),
    _amount("quality_points", "quality points earned", "Points earned in quality evaluations.", "points earned"),
    _amount("quality_points_possible", "quality points possible", "Points that could be earned.", "points possible"),
    _count("evaluations", "evaluations", "Quality evaluations made.", "audits"),
    _count("evaluations_without_critical_error", "evaluations without critical error", "Evaluations free of critical errors."),
    _count("errors", "errors", "Transactions found wrong.", "defects"),
    _count("transactions_checked", "transactions checked", "Transactions checked for errors.", "checked"),
    _count("cases_opened", "cases opened", "Cases or tickets opened.", "tickets opened", "created"),
    _count("cases_resolved", "cases resolved", "Cases or tickets resolved.", "tickets resolved", "closed"),
    _count("cases_resolved_in_target", "cases resolved in target time", "Resolved cases that met their target time.", "within sla"),
    _count("cases_reopened", "cases reopened", "Resolved cases opened again.", "reopened"),
    _seconds("resolution_seconds", "resolution time", "Seconds from opening to resolution, of resolved cases.", "time to resolve"),
    _amount("backlog_days", "backlog days", "Open cases added up over the days of the period.", "backlog", "open cases"),
    _count("security_incidents", "security incidents", "Security incidents reported.", "incidents"),
    _money("cost", "cost", "What the vendor charges, in the row's currency.", "charges", "amount", "fees"),
    _count("esat_favourable", "favourable employee responses", "Favourable employee survey answers."),
    _count("esat_responses", "employee survey responses", "Employee survey answers received."),
)

BUILT_IN_MEASURES: dict[str, Measure] = {measure.id: measure for measure in _ALL}
