"""Results against their targets, as several sections need them: who is short of one, by how much, and for how long."""

from collections.abc import Collection, Sequence
from math import inf

from analytics.performance.variance import Status
from analytics.performance.verdict import JUDGED, first_few, gap_words, label_in_sentence, number_word, relative_distance
from analytics.review.facts import Facts
from analytics.review.model import Audience, Line, Origin, Result, Sentence, Way
from analytics.review.past import NOT_MET, run_of

PORTFOLIO = "The portfolio"
MOST_OF_ONE_KIND = {Audience.EXECUTIVE: 4}
MOST_ANYWHERE = 12
MOST_NAMED = 3
_ORDINALS = (
    "zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth",
)  # fmt: skip


def members(facts: Facts) -> tuple[str, ...]:
    """The portfolio (''), where it is more than one vendor, and the vendors."""
    return ("", *facts.vendors) if len(facts.vendors) > 1 else facts.vendors


def capped(facts: Facts, lines: Sequence[Line], names: Sequence[str], place: str, what: str) -> Sequence[Line]:
    """The lines of one kind, one per name; those beyond the most as one: 'Eight more vendors missed a target: A, B, C and five more.'"""
    most = MOST_OF_ONE_KIND.get(facts.request.audience, MOST_ANYWHERE)
    if len(lines) <= most + 1:
        return lines
    others = names[most:]
    text = f"{number_word(len(others)).capitalize()} more vendors {what}: {first_few(others, MOST_NAMED)}."
    cells = tuple(origin for line in lines[most:] for origin in line.sentence.origins)
    return [*lines[:most], Line(lines[most].mark, Sentence(place, text, cells), "", Way("performance_report"))]


def of_status(facts: Facts, vendor: str, statuses: Collection[str]) -> list[Result]:
    """The results of a vendor ('' all) with one of these statuses, those of the grid first, then the farthest from its target."""
    shown = facts.grid_kpis
    found = [result for result in (*facts.results, *facts.beyond) if result.vendor == vendor and result.status in statuses]
    return sorted(found, key=lambda result: (result.kpi not in shown, -distance(result)))


def judged(results: Sequence[Result]) -> list[Result]:
    """The results with a verdict."""
    return [result for result in results if result.status in JUDGED]


def distance(result: Result) -> float:
    """|variance| as a share of the target (of a band's width); infinite where the target is 0."""
    levels = {name: inf * 0 if level is None else level for name, level in _levels(result).items()}
    return float(relative_distance(levels | {"comparator": result.comparator}))


def _levels(result: Result) -> dict[str, float | None]:
    return {"variance": result.variance, "target": result.target, "lower": result.lower, "upper": result.upper}


def with_variance(result: Result) -> str:
    """'service level (-4.9 pp)', of a count 'security incidents (3 against 0)'."""
    return f"{label_in_sentence(result.kpi)} ({gap_of(result)})"


def gap_of(result: Result) -> str:
    """'-4.9 pp'; of a count '3 against 0'."""
    return gap_words(result.unit, result.value_text, result.target_text, result.variance_text)


def quarters_not_met(facts: Facts, result: Result) -> int:
    """How many quarters in a row it was missed, or, when it is only below the expected level, not met; 0 while the quarter is not whole."""
    statuses = (Status.MISSED,) if result.status == Status.MISSED else NOT_MET
    return run_of(facts.past.get((result.vendor, result.kpi), ()), statuses)


def running_words(count: int) -> str:
    """'for the third quarter running'; '' for the first."""
    if count < 2:
        return ""
    return f"for the {ordinal(count)} quarter running"


def ordinal(count: int) -> str:
    """'third', '13th'."""
    if count < len(_ORDINALS):
        return _ORDINALS[count]
    endings = {1: "st", 2: "nd", 3: "rd"}
    return f"{count}{'th' if count % 100 in (11, 12, 13) else endings.get(count % 10, 'th')}"


def origins(results: Sequence[Result], column: str = "status") -> tuple[Origin, ...]:
    """The cells of the results in one column."""
    return tuple(Origin("results", result.row, column) for result in results)


def on_before(result: Result) -> str:
    """'-0:07 min (better) on Q2 2026'."""
    against = result.compared_text.partition(" compared with ")[2].partition(". ")[0]
    return f"{result.change_text} on {against}" if against else result.change_text
