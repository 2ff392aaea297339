"""The control charts of the review: what signals first; for executives the charts of what moved most."""

from collections.abc import Sequence

from analytics.performance.spc import Signal
from analytics.performance.verdict import number_word
from analytics.review.facts import Facts
from analytics.review.model import Audience, Origin, Result, Section, Sentence, Trends
from analytics.review.movements import MOST, ranked_movements

MOST_CHARTS = 24
FEWEST_MONTHS = 2
_ORDER = {Signal.CONCERN: 0, Signal.IMPROVEMENT: 1, Signal.HIGH: 2, Signal.LOW: 2}


def trends(facts: Facts) -> Section:
    """KPIs of the grid with a history, concerns first, then improvements; at most MOST_CHARTS, so that 40 vendors stay readable."""
    audience = facts.request.audience
    if audience is Audience.EXECUTIVE:
        found = ranked_movements(facts)[: MOST[audience]]
    else:
        shown = facts.grid_kpis
        found = [result for result in facts.results if result.kpi in shown and (result.vendor or len(facts.vendors) > 1)]
    charts = sorted((result for result in found if _has_history(result)), key=lambda result: _ORDER.get(_signal(result), 3))
    cells = tuple(Origin("results", result.row, "signal") for result in charts[:MOST_CHARTS])
    text = f"{MOST_CHARTS} of {len(charts)} charts are shown, signals first." if len(charts) > MOST_CHARTS else ""
    empty = f"No KPI has {FEWEST_MONTHS} months to draw." if not charts else ""
    sentence = Sentence("trends", text or empty, cells) if text or empty else None
    return Section("trends", _title(charts[:MOST_CHARTS]), sentence, (Trends(tuple(charts[:MOST_CHARTS])),))


def _has_history(result: Result) -> bool:
    return sum(point.value is not None for point in result.history) >= FEWEST_MONTHS


def _signal(result: Result) -> Signal:
    return Signal(result.signal) if result.signal else Signal.NONE


def _title(charts: Sequence[Result]) -> str:
    """'Trends: seven concerns, five improvements'."""
    concerns, better = (sum(result.signal == signal for result in charts) for signal in (Signal.CONCERN, Signal.IMPROVEMENT))
    said = [
        f"{number_word(count)} {word}{'' if count == 1 else 's'}"
        for count, word in ((concerns, "concern"), (better, "improvement"))
        if count
    ]
    return f"Trends: {', '.join(said)}" if said else "Trends: no signal"
