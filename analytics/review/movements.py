"""What moved most and where the change is: the changes of vendors against the period compared with, split by the members behind them.

Which come first is a rule, not taste. A movement is a change of a vendor's KPI that has a good direction and is printed as more than
nothing. Signals come before normal variation, KPIs of the grid before others, then the larger change counts, as a share of the target
(without one, of the value before). One movement per vendor is named before a second of the same vendor, so that one incident does not
fill the page.

Each is split by the dimension that places it best: of site, line of business and channel the one whose largest member has the
largest share of all effects, taken without their signs.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from analytics.catalogue import DIMENSIONS
from analytics.performance.drivers import Split
from analytics.performance.drivers_in_words import parts_clauses, split_table
from analytics.performance.notes import Event
from analytics.performance.spc import Signal
from analytics.performance.verdict import first_few, label_in_sentence, signed
from analytics.performance.why_moved import WhyRequest, why_moved_by
from analytics.periods import Period, day_text
from analytics.review.covering import valued
from analytics.review.facts import Facts
from analytics.review.model import Audience, Driver, Movement, Origin, Result, Sentence, Way

MOST = {Audience.EXECUTIVE: 3, Audience.OPERATIONS: 8, Audience.VENDOR: 5}
SPLIT_BY = tuple(dimension for dimension in DIMENSIONS if dimension != "vendor")
LONGEST = 200
MOST_ALSO = 1  # of more the page would lose its third movement
RANKED = "Signals first, then the largest share of the target"
RANKED_BY_VENDOR = f"{RANKED}; each vendor once before any twice"


def movements_of(facts: Facts) -> tuple[Movement, ...]:
    """The movements this audience is shown, the most important first."""
    ranked, most = ranked_movements(facts), MOST[facts.request.audience]
    first = {result.vendor: result for result in reversed(ranked[:most])}
    return tuple(
        _movement(facts, result, _also(result, ranked[most:]) if first[result.vendor] is result else "") for result in ranked[:most]
    )


def _also(result: Result, unlisted: Sequence[Result]) -> str:
    """'Also: service level -6 pp to 75.1 %.': what else of the vendor a control chart signals and no movement tells."""
    others = [other for other in unlisted if other.vendor == result.vendor and other.signal in (Signal.CONCERN, Signal.IMPROVEMENT)]
    named = [f"{label_in_sentence(other.kpi)} {signed(other.change_text)} to {valued(other)}" for other in others]
    return f"Also: {first_few(named, MOST_ALSO)}." if named else ""


def ranked_movements(facts: Facts) -> list[Result]:
    """Every result that moved, the most important first, before any is split."""
    shown = facts.grid_kpis
    ranked = sorted((result for result in facts.results if _moved(result)), key=lambda result: _importance(result, shown))
    return _one_vendor_after_another(ranked)


def _moved(result: Result) -> bool:
    """Whether it is a vendor's change that is good or bad and seen in print."""
    return bool(result.vendor and result.change and result.better_sign and result.change_text[:1] in "+-")


def _importance(result: Result, shown: Sequence[str]) -> tuple[bool, bool, float]:
    special = result.signal in (Signal.CONCERN, Signal.IMPROVEMENT)
    base = abs(result.target or result.previous or 0.0)
    return not special, result.kpi not in shown, -(abs(result.change or 0.0) / base if base else 0.0)


def _one_vendor_after_another(ranked: Sequence[Result]) -> list[Result]:
    """Each vendor's first movement, then the others, in their order."""
    first = {result.vendor: result for result in reversed(ranked)}
    return [result for result in ranked if first[result.vendor] is result] + [
        result for result in ranked if first[result.vendor] is not result
    ]


def worse(result: Result) -> bool:
    """Whether its change goes the wrong way."""
    return (result.change or 0.0) * result.better_sign < 0


def _movement(facts: Facts, result: Result, also: str) -> Movement:
    place = f"movement/{result.vendor}/{result.kpi}"
    lead = f"{result.vendor} {label_in_sentence(result.kpi)} {signed(result.change_text)} to {valued(result)}"
    cells = tuple(Origin("results", result.row, column) for column in ("change", "value"))
    dimension, split, reason = _best_split(facts, result)
    where = f"{_split_words(split) if split else reason} {_signal_words(result)} {_event_words(facts, result)} {also}"
    origins = (Origin("drivers", f"{result.row} · {dimension}", "effect"),) if split else ()
    choices = (("kpi", result.kpi), ("vendor", result.vendor), ("by", dimension))
    return Movement(
        result=result,
        lead=Sentence(place, lead, cells),
        where=Sentence(f"{place}/where", " ".join(where.split()), (*origins, Origin("results", result.row, "signal"))),
        dimension=dimension,
        drivers=_drivers(split) if split else (),
        way=Way("variance", choices if dimension else choices[:2]),
    )


def _best_split(facts: Facts, result: Result) -> tuple[str, Split | None, str]:
    """The dimension that places the change best with its split, or '' and why there is none."""
    whys = why_moved_by(facts.store, facts.scope, _why_request(facts, result), SPLIT_BY)
    found = [(name, why.split) for name, why in whys.items() if why.split and sum(part.member is not None for part in why.split.parts) > 1]
    if not found:
        return "", None, next((why.remark for why in whys.values() if why.remark), "")
    return (*max(found, key=lambda pair: _concentration(pair[1])), "")


def _why_request(facts: Facts, result: Result) -> WhyRequest:
    report = facts.request.report
    filters = replace(report.filters, vendor=(result.vendor,))
    money = report.reporting_currency
    return WhyRequest(result.kpi, SPLIT_BY[0], facts.quarter, report.compared_with, filters=filters, reporting_currency=money)


def _concentration(split: Split) -> float:
    """How much of all effects, signs aside, its largest named member has."""
    whole = sum(abs(part.effect) for part in split.parts)
    return float(max(abs(part.effect) for part in split.parts if part.member is not None) / whole) if whole else 0.0


def _split_words(split: Split) -> str:
    """'Pune's own rate accounts for -5.4 pp and mix for +0.1 pp.'"""
    clauses = parts_clauses(split)
    return next((clause for clause in clauses if len(clause) <= LONGEST), "")


def _signal_words(result: Result) -> str:
    """The rule that fired, in words; '' for normal variation."""
    return f"{result.rule[:1].upper()}{result.rule[1:]}." if result.rule else ""


def _event_words(facts: Facts, result: Result) -> str:
    """'Event in the quarter: Pune outage, 14 Aug 2026.': the newest event that touches the vendor and the KPI; never said to be a cause."""
    events = events_touching(facts, result)
    if not events:
        return ""
    more = f" and {len(events) - 1} more" if len(events) > 1 else ""
    return f"Event in the quarter: {events[0].title}, {day_text(events[0].happened_on)}{more}."


def events_touching(facts: Facts, result: Result) -> list[Event]:
    """Events of the vendor or of everybody, on this KPI or on all, inside the quarter; those of the vendor itself first."""
    inside = [event for event in facts.events if _inside(event.happened_on, facts.quarter) and event.kpi in ("", result.kpi)]
    return [event for vendor in (result.vendor, "") for event in inside if event.vendor == vendor]


def _inside(day: date, period: Period) -> bool:
    return period.start <= day <= period.end


def _drivers(split: Split) -> tuple[Driver, ...]:
    rows = split_table(split).to_dict("records")
    return tuple(Driver(row["name"], float(row["effect"]), row["effect_text"], row["before_text"], row["after_text"]) for row in rows)
