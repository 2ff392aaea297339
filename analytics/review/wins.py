"""What went well, found by rule from the numbers: never chosen, never more than the data says.

A win is a KPI of a vendor (or of all together) that in this whole quarter is
- back on target after quarters that were not,
- the best of all whole quarters since the data began, of at least BEST_OF (of fewer, half of all values are a best one),
- at its stretch level or beyond,
- an improvement by the rules of its control chart, or
- on target for at least LONG_RUN quarters in a row (a year: every season was met once),
or a risk that eased. Each counts with its weight; a KPI with several is one line. Vendors and KPIs take turns.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from analytics.catalogue import Comparator, find_kpi
from analytics.catalogue.units import default_decimals, honest_decimals, target_text, value_text
from analytics.performance.spc import Signal
from analytics.performance.targets import is_tie
from analytics.performance.variance import Status
from analytics.performance.verdict import label_in_sentence, number_word
from analytics.review.covering import valued
from analytics.review.facts import Facts
from analytics.review.model import Audience, Line, Lines, Origin, Result, Risk, Section, Sentence, Way
from analytics.review.past import NOT_MET, measured_whole, run_of
from analytics.review.results import number
from analytics.review.risks_section import risk_name, risks_of
from analytics.review.standing import on_before, running_words

MOST = 6
BEST_OF = 4
LONG_RUN = 4
MOST_REASONS = 2


class Kind(StrEnum):
    """Why something is a win; the member's value counts it in the title."""

    BACK = "back on target"
    BEST = "best quarter"
    EASED = "risk eased"
    STRETCH = "at stretch level"
    SIGNAL = "improvement signalled"
    RUN = "long run on target"


WEIGHTS = {Kind.BACK: 5, Kind.BEST: 4, Kind.EASED: 4, Kind.STRETCH: 3, Kind.SIGNAL: 3, Kind.RUN: 1}


@dataclass(frozen=True, slots=True)
class Win:
    """One line: whose it is ('' all), of which KPI or risk, why it counts, and how it reads."""

    member: str
    subject: str
    kinds: tuple[Kind, ...]
    of_grid: bool
    line: Line

    @property
    def rank(self) -> tuple[int, bool]:
        """Its place among all: the most weight first, of equal ones a KPI of the grid."""
        return -sum(WEIGHTS[kind] for kind in self.kinds), not self.of_grid


def wins(facts: Facts) -> Section:
    """At most six wins, of different vendors and KPIs where there are any."""
    shown = _in_turn(sorted((*_of_results(facts), *_of_risks(facts)), key=lambda win: win.rank))
    return Section("wins", _title(shown), None, (Lines(tuple(win.line for win in shown), _empty(facts)),))


def _in_turn(ranked: Sequence[Win]) -> list[Win]:
    """The first of a vendor before the second, the first of a KPI before the second, then in their order."""
    shown, left = [], list(ranked)
    members: Counter[str] = Counter()
    subjects: Counter[str] = Counter()
    while left and len(shown) < MOST:
        win = min(left, key=lambda one: (members[one.member], subjects[one.subject]))
        left.remove(win)
        shown.append(win)
        members[win.member] += 1
        subjects[win.subject] += 1
    return shown


def _title(shown: list[Win]) -> str:
    """'Wins: four best quarters, one back on target'."""
    counts = Counter(kind for win in shown for kind in win.kinds)
    plural = {Kind.BEST: "best quarters", Kind.EASED: "risks eased", Kind.SIGNAL: "improvements signalled", Kind.RUN: "long runs on target"}
    said = [f"{number_word(counts[kind])} {kind if counts[kind] == 1 else plural.get(kind, kind)}" for kind in Kind if counts[kind]]
    return f"Wins: {', '.join(said[:2])}" if said else "Wins: none by the rules"


def _empty(facts: Facts) -> str:
    if facts.results and not any(result.complete for result in facts.results):
        return f"{facts.quarter.label} is not whole: wins are named when it is."
    return f"Nothing was best, back on target, at a stretch level or signalled as improvement {facts.quarter.phrase}."


def _of_results(facts: Facts) -> Iterator[Win]:
    """The KPIs of the whole quarter with at least one reason."""
    shown = facts.grid_kpis
    for result in facts.results:
        if not result.measured or not result.complete or (not result.vendor and len(facts.vendors) < 2):
            continue
        reasons = {kind: words for kind, find in REASONS.items() if (words := find(facts, result))}
        if reasons:
            yield Win(result.vendor, result.kpi, tuple(reasons), result.kpi in shown, _line(facts, result, list(reasons.values())))


def _line(facts: Facts, result: Result, reasons: list[str]) -> Line:
    """'Northline average handle time 4:09 min: the best of eight quarters, at its stretch level (<= 4:30 min).', the rest beneath."""
    whose = result.vendor or "Portfolio"
    text = f"{whose} {label_in_sentence(result.kpi)} {_value_words(facts, result)}: {', '.join(reasons[:MOST_REASONS])}"
    short = result.status in NOT_MET
    cells = tuple(
        Origin(frame, result.row, column) for frame, column in (("results", "value"), ("quarters", "value"), ("results", "signal"))
    )
    sentence = Sentence(f"wins/{result.vendor or 'all'}/{result.kpi}", f"{text}{', still short of its target' if short else ''}.", cells)
    told = [f"target {result.target_text}"] if result.comparator else []
    told += [on_before(result)] if result.change is not None else []
    told += reasons[MOST_REASONS:] if facts.request.audience is not Audience.EXECUTIVE else []
    detail = "; ".join(told)
    choices = (("kpi", result.kpi), *((("vendor", result.vendor),) if result.vendor else ()))
    return Line("" if short else str(Status.MET), sentence, detail[:1].upper() + detail[1:], Way("trends", choices))


def _back(facts: Facts, result: Result) -> str:
    """'back on target after two quarters'."""
    quarters = facts.past.get((result.vendor, result.kpi), ())
    if result.status != Status.MET or len(quarters) < 2 or quarters[-2].period != facts.quarter.previous():
        return ""
    count = run_of(quarters[:-1], NOT_MET)
    return f"back on target after {number_word(count)} quarter{'' if count == 1 else 's'}" if count else ""


def _best(facts: Facts, result: Result) -> str:
    """'the best of eight quarters', strictly better than every other, in print too."""
    quarters = measured_whole(facts.past.get((result.vendor, result.kpi), ()))
    if len(quarters) < BEST_OF or not result.better_sign or result.comparator == Comparator.BAND:
        return ""
    *others, last = quarters
    if last.period != facts.quarter or any(last.value_text == other.value_text for other in others):
        return ""
    best = max(others, key=lambda quarter: (quarter.value or 0.0) * result.better_sign)
    better = ((last.value or 0.0) - (best.value or 0.0)) * result.better_sign > 0
    return f"the best of {number_word(len(quarters))} quarters" if better else ""


def _stretch(facts: Facts, result: Result) -> str:
    """'at its stretch level (<= 4:30 min)' of the stored target that applies; reported and default targets have none."""
    reached = _stretch_reached(facts, result)
    return f"at its stretch level ({target_text(*reached, find_kpi(result.kpi).unit, currency=result.currency)})" if reached else ""


def _stretch_reached(facts: Facts, result: Result) -> tuple[Comparator, float] | None:
    """The comparator and the stretch level of a result that is there or beyond."""
    if result.status != Status.MET or result.value is None:
        return None
    fixed = {dimension: values[0] for dimension, values in facts.request.filters.chosen() if len(values) == 1}
    own = {"vendor": result.vendor} if result.vendor else {}
    applying = facts.targets.applying(result.kpi, fixed | own, facts.quarter.start)
    if not applying or is_tie(applying):
        return None
    level, comparator = number(facts.target_table["stretch"].iat[applying[-1].place]), applying[-1].target.comparator
    if level is None or comparator is None or comparator is Comparator.BAND or not comparator.met(result.value, level):
        return None
    return comparator, level


def _value_words(facts: Facts, result: Result) -> str:
    """The value with the decimals that keep its stretch level honest: 0.462 % is below 0.5 %, and '0.5 %' is not."""
    reached, unit = _stretch_reached(facts, result), find_kpi(result.kpi).unit
    if reached is None or result.value is None:
        return valued(result)
    comparator, level = reached
    places = honest_decimals(result.value, unit, lambda value: comparator.met(value, level))
    is_finer = places > default_decimals(unit)
    return valued(result, value_text(result.value, unit, result.currency, places) if is_finer else "")


def _signal(_: Facts, result: Result) -> str:
    """'an improvement: beyond a limit, on the better side'."""
    return f"improving by its control chart ({result.rule})" if result.signal == Signal.IMPROVEMENT else ""


def _run(facts: Facts, result: Result) -> str:
    """'on target for the fifth quarter running'."""
    count = run_of(facts.past.get((result.vendor, result.kpi), ()), (Status.MET,))
    return f"on target {running_words(count)}" if count >= LONG_RUN else ""


REASONS: dict[Kind, Callable[[Facts, Result], str]] = {
    Kind.BACK: _back,
    Kind.BEST: _best,
    Kind.STRETCH: _stretch,
    Kind.SIGNAL: _signal,
    Kind.RUN: _run,
}


def _of_risks(facts: Facts) -> Iterable[Win]:
    """The risks that eased."""
    eased = [risk for risk in risks_of(facts) if risk.previous_score is not None and risk.score < risk.previous_score]
    return [Win(risk.vendor, risk.title, (Kind.EASED,), False, _eased(risk)) for risk in eased]


def _eased(risk: Risk) -> Line:
    text = f"The risk {risk_name(risk)} eased from {risk.previous_score} to {risk.score}."
    sentence = Sentence(f"wins/risk/{risk.number}", text, (Origin("risks", str(risk.number), "score"),))
    return Line(str(Status.MET), sentence, risk.reason, Way("risk_matrix"))
