"""What needs attention, worst first, each point with the way to the page that shows it.

The order is a rule: whom targets were missed by (one point for the portfolio and one for each vendor: who missed most comes first,
of equal ones the one farthest from a target), watermelons, who is only below an expected level, targets that end without a successor,
KPIs without a target, what was not delivered, overdue actions, overdue reviews of risks.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from analytics.performance.variance import Status
from analytics.performance.verdict import first_few, label_in_sentence, number_word
from analytics.performance.watermelon import Watermelon
from analytics.periods import day_text
from analytics.review.covering import valued
from analytics.review.data_state import delivery_lines
from analytics.review.expiring import ending_targets
from analytics.review.facts import Facts
from analytics.review.model import Audience, Line, Lines, Origin, Result, Risk, Section, Sentence, Way
from analytics.review.risks_section import overdue_risks, risk_name
from analytics.review.standing import (
    PORTFOLIO,
    capped,
    distance,
    members,
    of_status,
    origins,
    quarters_not_met,
    running_words,
    with_variance,
)
from analytics.wording import counted

MOST_LINES = {Audience.EXECUTIVE: 8}
MOST_NAMED = 3


def attention(facts: Facts) -> Section:
    """Everything that needs attention; executives are shown the first points and told how many more there are."""
    lines = [line for find in FINDERS for line in find(facts)]
    most = MOST_LINES.get(facts.request.audience, len(lines))
    shown = lines if len(lines) <= most else [*lines[: most - 1], _rest(len(lines) - most + 1)]
    title = f"Needs attention: {number_word(len(lines))} point{'' if len(lines) == 1 else 's'}" if lines else "Nothing needs attention"
    if not lines and not facts.results:
        return Section("attention", "Needs attention: no data", None, (Lines((), f"There is no data {facts.quarter.phrase}."),))
    empty = f"No target was missed {facts.quarter.phrase}, nothing was overdue on {day_text(facts.due_day)}, and all that is due came."
    return Section("attention", title, None, (Lines(tuple(shown), empty),))


def _rest(count: int) -> Line:
    return Line(
        "",
        Sentence("attention/more", f"And {number_word(count)} more.", (Origin("attention", "all", "points"),)),
        "",
        Way("performance_report"),
    )


def _missed(facts: Facts) -> Iterator[Line]:
    """Who missed a target."""
    found = [(member, of_status(facts, member, (Status.MISSED,))) for member in members(facts)]
    ranked = sorted(((member, results) for member, results in found if results), key=_gravity)
    lines = [_shortfall(facts, member, results) for member, results in ranked]
    yield from capped(facts, lines, [member for member, _ in ranked], "attention/more missed", "missed a target")


def _gravity(pair: tuple[str, Sequence[Result]]) -> tuple[bool, int, float]:
    member, results = pair
    return bool(member), -len(results), -max(distance(result) for result in results)


def _shortfall(facts: Facts, member: str, results: Sequence[Result]) -> Line:
    """'Cobalt Bay missed abandonment rate (+1.4 pp) and service level (-4.9 pp).', values and runs beneath, the longest run first."""
    names = [with_variance(result) for result in results]
    missed = results[0].status == Status.MISSED
    verb = "missed" if missed else "is below expected on"
    below = of_status(facts, member, (Status.BELOW_EXPECTED,)) if missed else []
    more = with_variance(below[0]) if len(below) == 1 else f"{number_word(len(below))} more"
    text = f"{member or PORTFOLIO} {verb} {first_few(names, MOST_NAMED)}{f', and is below expected on {more}' if below else ''}."
    way = Way("vendor_profile", (("profile", member),)) if member else Way("trends", (("kpi", results[0].kpi),))
    longest = sorted(results, key=lambda result: -quarters_not_met(facts, result))
    detail = "; ".join(_values(facts, result) for result in longest[: _most_details(facts)])
    place = f"attention/{'missed' if missed else 'below'}/{member or 'all'}"
    return Line(str(results[0].status), Sentence(place, text, origins([*results, *below], "variance")), detail, way)


def _most_details(facts: Facts) -> int:
    """How much is told beneath a line: executives open the page behind it for more."""
    return 1 if facts.request.audience is Audience.EXECUTIVE else MOST_NAMED


def _values(facts: Facts, result: Result) -> str:
    """'attrition 35.4 % against <= 30 %, for the eighth quarter running'."""
    running = running_words(quarters_not_met(facts, result))
    return f"{label_in_sentence(result.kpi)} {valued(result)} against {result.target_text}{f', {running}' if running else ''}"


def _watermelons(facts: Facts) -> Iterator[Line]:
    found = facts.watermelons.found
    yield from capped(
        facts, [_watermelon(facts, one) for one in found], [one.vendor for one in found], "attention/more watermelons", "are watermelons"
    )


def _watermelon(facts: Facts, one: Watermelon) -> Line:
    cells = tuple(Origin("results", f"{one.vendor} · {evidence.kpi}", "signal") for evidence in one.concerns)
    sentence = Sentence(f"attention/watermelon/{one.vendor}", one.sentence, cells)
    detail = "; ".join(evidence.text for evidence, *_ in one.outcomes[: _most_details(facts)])
    return Line(str(Status.BELOW_EXPECTED), sentence, detail, Way("vendor_profile", (("profile", one.vendor),)))


def _below(facts: Facts) -> Iterator[Line]:
    """Who missed nothing but is below an expected level; of a watermelon what its line has not named."""
    found = []
    for member in members(facts):
        melon = facts.watermelons.of(member)
        named = {evidence.kpi for evidence in melon.concerns} if melon else set()
        results = [result for result in of_status(facts, member, (Status.BELOW_EXPECTED,)) if result.kpi not in named]
        if results and not of_status(facts, member, (Status.MISSED,)):
            found.append((member, results))
    ranked = sorted(found, key=_gravity)
    lines = [_shortfall(facts, member, results) for member, results in ranked]
    yield from capped(facts, lines, [member for member, _ in ranked], "attention/more below", "are below an expected level")


def _ending(facts: Facts) -> Iterator[Line]:
    """Targets that end in the quarter, or with it, and nothing follows."""
    for target in ending_targets(facts, facts.quarter.start, facts.quarter.end):
        yield Line("", Sentence(f"attention/ends/{target.kpi}/{target.whom}", target.sentence, target.origins), "", Way("targets"))


def _without_target(facts: Facts) -> Iterator[Line]:
    """Vendors with a value of a KPI of the grid but nothing to hold it against."""
    shown = facts.grid_kpis
    for vendor in facts.vendors:
        free = [result for result in of_status(facts, vendor, (Status.NO_TARGET,)) if result.kpi in shown and result.better_sign]
        if free:
            names = first_few([label_in_sentence(result.kpi) for result in free], MOST_NAMED)
            sentence = Sentence(f"attention/no target/{vendor}", f"{vendor} has no target for {names}.", origins(free, "target"))
            yield Line("", sentence, "", Way("targets"))


def _overdue_actions(facts: Facts) -> Iterator[Line]:
    late = facts.actions[facts.actions["days_overdue"] > 0].to_dict("records")
    if late:
        named = [f"{row['title']} ({row['days_overdue']} days)" if row["days_overdue"] > 1 else f"{row['title']} (1 day)" for row in late]
        verb = "action is" if len(late) == 1 else "actions are"
        text = f"{number_word(len(late)).capitalize()} {verb} overdue on {day_text(facts.due_day)}: {first_few(named, MOST_NAMED)}."
        cells = tuple(Origin("actions", str(row["action_id"]), "days_overdue") for row in late)
        vendor = next((row["vendor"] for row in late if isinstance(row["vendor"], str)), "")
        way = Way("vendor_profile", (("profile", vendor),)) if vendor else None
        yield Line(str(Status.MISSED), Sentence("attention/actions", text, cells), "", way)


def _overdue_reviews(facts: Facts) -> Iterator[Line]:
    late = overdue_risks(facts)
    if late:
        named = [f"{risk_name(risk)} ({counted(risk.days_overdue, 'day')})" for risk in late]
        verb = "risk review is" if len(late) == 1 else "risk reviews are"
        text = f"{number_word(len(late)).capitalize()} {verb} overdue on {day_text(facts.due_day)}: {first_few(named, MOST_NAMED)}."
        cells = tuple(Origin("risks", str(risk.number), "days_overdue") for risk in late)
        yield Line(str(Status.BELOW_EXPECTED), Sentence("attention/reviews", text, cells), "", risk_way(late[0]))


def risk_way(risk: Risk) -> Way:
    """To the cell of the risk matrix in which this risk is."""
    return Way("risk_matrix", (("cell", f"{risk.likelihood}x{risk.impact}"),))


FINDERS: tuple[Callable[[Facts], Iterable[Line]], ...] = (
    _missed, _watermelons, _below, _ending, _without_target, delivery_lines, _overdue_actions, _overdue_reviews,
)  # fmt: skip
