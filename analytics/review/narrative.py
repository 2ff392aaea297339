"""The headline of a review, by rule from the numbers: how many KPIs met their target, then the largest exception.

The exception is, of those there are, the KPI of the portfolio farthest from its target (missed before below expected, those of the
grid before others) with its run of quarters, then the worst movement: the first change to the worse that the control chart signals.
Without the one the vendors that missed most come in its place. Of the sentences made so the longest that a phone can show is taken:
what has a number stays longest. Nothing is said to be the cause of anything: an event is named beside the change it lies beside.
"""

from collections.abc import Iterable, Iterator, Sequence

from analytics.performance.notes import Event
from analytics.performance.spc import Signal
from analytics.performance.variance import Status
from analytics.performance.verdict import (
    LONGEST,
    label_in_sentence,
    met_clause,
    nothing_sentence,
    nothing_wrong,
    signed,
    vendor_clauses,
)
from analytics.periods import MONTH_NAMES_IN_FULL, day_text
from analytics.review.covering import reported_part, valued
from analytics.review.facts import Facts
from analytics.review.model import Origin, Result, Sentence
from analytics.review.movements import events_touching, ranked_movements, worse
from analytics.review.standing import gap_of, of_status, quarters_not_met, running_words

PLACE = "headline"


def headline(facts: Facts) -> Sentence:
    """The sentence on top of the review, at most LONGEST characters where names leave room for that."""
    if not any(result.measured for result in facts.results):
        return Sentence(PLACE, _nothing(facts), (Origin("results", "All vendors", "value"),))
    total = facts.total
    short = _farthest(facts)
    moved = _worst_movement(facts, short)
    shown = facts.grid_kpis
    count = _over(facts, met_clause(total, facts.quarter, shown, "KPI"))
    text = _fitting(_leads(facts, count), _exceptions(facts, short, moved))
    return Sentence(PLACE, text, (*_counted_cells(facts), *_exception_cells(short, moved)))


def _nothing(facts: Facts) -> str:
    """'No data for Q4 2026 yet; the newest is October 2026.', or why there is nothing else."""
    span, quarter = facts.span, facts.quarter
    if span is None:
        return "There is no data yet."
    if span.last_day < quarter.start:
        return f"No data for {quarter.label} yet; the newest is {MONTH_NAMES_IN_FULL[span.last_day.month - 1]} {span.last_day.year}."
    if quarter.end < span.first_day:
        return f"No data for {quarter.label}; the oldest is {MONTH_NAMES_IN_FULL[span.first_day.month - 1]} {span.first_day.year}."
    return nothing_sentence(facts.report.frame, quarter)


def _over(facts: Facts, count: str) -> str:
    """The count of a quarter that is over and yet not whole does not say 'so far': no more is to come."""
    is_over = facts.span is not None and facts.span.last_day >= facts.quarter.end
    return count.replace(f"{facts.quarter.phrase} so far", f"{facts.quarter.phrase}, as far as there is data") if is_over else count


def _leads(facts: Facts, count: str) -> tuple[str, ...]:
    """The count with the quarter and, where it is whole, without: the review says on top which quarter it is of."""
    when = f" {facts.quarter.phrase}."
    return (count, f"{count.removesuffix(when)}.") if count.endswith(when) and not count.startswith("No KPI") else (count,)


def _fitting(leads: tuple[str, ...], exceptions: Iterable[str]) -> str:
    """The first exception that fits with the longest lead it leaves room for; a lead alone when none does."""
    sentences = (f"{lead} {exception}" for exception in exceptions for lead in leads)
    return next((sentence for sentence in sentences if len(sentence) <= LONGEST), leads[0])


def _farthest(facts: Facts) -> Result | None:
    """The KPI of the portfolio that is farthest from its target: of the grid missed, below expected, then of the others."""
    shown = facts.grid_kpis
    found = [result for status in (Status.MISSED, Status.BELOW_EXPECTED) for result in of_status(facts, facts.whole, (status,))]
    return next(iter(sorted(found, key=lambda result: result.kpi not in shown)), None)


def _worst_movement(facts: Facts, short: Result | None) -> Result | None:
    """The first movement to the worse that is a signal (a change inside the normal variation is no news); of one vendor on another KPI."""
    said = short.kpi if short and len(facts.vendors) < 2 else ""
    signalled = (result for result in ranked_movements(facts) if worse(result) and result.signal == Signal.CONCERN)
    return next((result for result in signalled if result.kpi != said), None)


def _exceptions(facts: Facts, short: Result | None, moved: Result | None) -> Iterator[str]:
    """Sentences to choose from, the fullest first."""
    firsts = _short_words(facts, short) if short else []
    seconds = _movement_words(facts, moved) if moved else []
    yield from (_joined(first, second) for first in firsts for second in seconds)
    if len(facts.vendors) > 1 and not firsts:
        yield from (_joined(second, clause.removesuffix(".")) for second in seconds for clause in _others(facts, moved))
    yield from (_joined(words) for words in (*firsts, *seconds))
    yield from _remaining(facts)


def _joined(first: str, second: str = "") -> str:
    text = f"{first}, and {second}" if second else first
    return f"{text[:1].upper()}{text[1:]}."


def _short_words(facts: Facts, result: Result) -> list[str]:
    """'attrition missed target (+1.8 pp) for the second quarter running', then with a comma in place of 'for the'."""
    verb = "missed target" if result.status == Status.MISSED else "is below expected"
    words = f"{label_in_sentence(result.kpi)} {verb} ({gap_of(result)})"
    running = running_words(quarters_not_met(facts, result))
    return [f"{words} {running}", f"{words}, {running.removeprefix('for the ')}"] if running else [words]


def _movement_words(facts: Facts, result: Result) -> list[str]:
    """'abandonment rate at Cobalt Bay rose 2.2 pp (event: Pune outage, 14 Aug 2026)', then the same without the event."""
    verb, amount = "rose" if (result.change or 0.0) > 0 else "fell", signed(result.change_text).lstrip("+-")
    whom = f" at {result.vendor}" if len(facts.vendors) > 1 else ""
    words = f"{label_in_sentence(result.kpi)}{whom} {verb} {amount}"
    events = events_touching(facts, result)
    beside = [f"{words} to {valued(result)} (event: {event}, {day})" for event, day in _named(events)]
    beside += [f"{words} (event: {event}, {day.rpartition(' ')[0]})" for event, day in _named(events)]
    return [*beside, f"{words} to {valued(result)}", *(() if reported_part(result) else (words,))]


def _named(events: Sequence[Event]) -> list[tuple[str, str]]:
    return [(event.title, day_text(event.happened_on)) for event in events[:1]]


def _others(facts: Facts, moved: Result | None) -> list[str]:
    """Clauses on the vendors that stand out, without the one whose movement is named."""
    frame = facts.report.frame
    return vendor_clauses(frame[frame["vendor"] != moved.vendor]) if moved else []


def _remaining(facts: Facts) -> list[str]:
    """The vendors that stand out, green outside and red inside, or that nothing is wrong."""
    frame = facts.report.frame
    melons = [one.short_sentence for one in facts.watermelons.found[:1]]
    return vendor_clauses(frame) or melons or [nothing_wrong(frame, facts.total)]


def _counted_cells(facts: Facts) -> tuple[Origin, ...]:
    shown = facts.grid_kpis
    return tuple(Origin("results", f"{facts.whole or 'All vendors'} · {kpi}", "status") for kpi in facts.total["kpi"] if kpi in shown)


def _exception_cells(short: Result | None, moved: Result | None) -> tuple[Origin, ...]:
    """The cells of both exceptions, whichever of them the sentence has room for."""
    cells = [Origin(frame, short.row, column) for frame, column in (("results", "variance"), ("quarters", "status"))] if short else []
    return (*cells, *(Origin("results", moved.row, column) for column in ("change", "value") if moved))
