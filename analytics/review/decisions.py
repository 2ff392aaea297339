"""Decisions the numbers ask for, by rule, and the actions that are open.

A decision is asked for where a KPI was missed LONG_ENOUGH quarters in a row and no open action is on it, where a vendor is green outside
and red inside and no open action is on its outcomes, where a risk of the highest band has no mitigation or an overdue review, and where
a target ends by the end of the next quarter and nothing follows. An action is on a KPI of a vendor when it names both, or names
one of them and leaves the other open.
"""

from collections.abc import Callable, Collection, Iterator, Sequence

import pandas as pd

from analytics.catalogue import kpi_label
from analytics.performance.variance import Status
from analytics.performance.verdict import first_few, label_in_sentence, number_word
from analytics.performance.watermelon import Watermelon
from analytics.periods import day_text
from analytics.review.attention import risk_way
from analytics.review.cells import count_cell, day_cell, text_cell
from analytics.review.expiring import ending_targets
from analytics.review.facts import Facts
from analytics.review.model import Audience, Cell, Line, Lines, Origin, Result, Section, Sentence, Table, Way
from analytics.review.past import run_of
from analytics.review.results import word
from analytics.review.risks_section import overdue_column, overdue_words, risk_name, risks_of
from analytics.review.standing import PORTFOLIO, capped, members, of_status, ordinal

LONG_ENOUGH = 2
MOST_LINES = {Audience.EXECUTIVE: 8}
MOST_NAMED = 3
COLUMNS = ("Action", "Vendor", "KPI", "Owner", "Due")
NUMERIC = (False, False, False, False, True, True)


def decisions(facts: Facts) -> Section:
    """The decisions needed, and the open actions, overdue first."""
    lines = [line for find in FINDERS for line in find(facts)]
    most = MOST_LINES.get(facts.request.audience, len(lines))
    more = len(lines) - most
    rest = (
        [Line("", Sentence("decisions/more", f"And {number_word(more)} more.", (Origin("decisions", "all", "points"),)))]
        if more > 0
        else []
    )
    title = f"Decisions needed: {number_word(len(lines))}" if lines else "No decision is asked for"
    empty = "By the rules no decision is asked for: no repeated miss, risk, watermelon or ending target is without an answer."
    return Section("decisions", title, _sentence(facts), (Lines((*lines[:most], *rest), empty), _actions(facts)))


def _sentence(facts: Facts) -> Sentence | None:
    """'Seven actions are open, two overdue on 31 Oct 2026.'"""
    if facts.actions.empty:
        return None
    late = int((facts.actions["days_overdue"] > 0).sum())
    count = len(facts.actions)
    are_open = f"{number_word(count).capitalize()} {'action is' if count == 1 else 'actions are'} open"
    text = f"{are_open}, {number_word(late)} overdue on {day_text(facts.due_day)}."
    return Sentence("decisions", text, (Origin("actions", "all", "days_overdue"),))


def _is_answered(facts: Facts, vendor: str, kpis: Collection[str]) -> bool:
    """Whether an open action is on one of the KPIs of the vendor; of the portfolio an action on the KPI of any vendor."""
    for owner, kpi in zip(facts.actions["vendor"], facts.actions["kpi"], strict=True):
        whose, what = word(owner), word(kpi)
        if (what in kpis and (not vendor or whose in ("", vendor))) or (not what and vendor and whose == vendor):
            return True
    return False


def _repeated(facts: Facts) -> Iterator[Line]:
    """What was missed again and again and nobody works on: the portfolio first, then who missed the longest."""
    found = [(member, runs) for member in members(facts) if (runs := _unanswered(facts, member))]
    ranked = sorted(found, key=lambda pair: (bool(pair[0]), -max(run for _, run in pair[1])))
    names = [member for member, _ in ranked]
    lines = [_missed_again(member, runs) for member, runs in ranked]
    yield from capped(facts, lines, names, "decisions/more missed", "missed a target again without an open action")


def _unanswered(facts: Facts, member: str) -> list[tuple[Result, int]]:
    """The KPIs a member missed for long enough without an open action on them, and for how many quarters."""
    missed = of_status(facts, member, (Status.MISSED,))
    runs = [(result, run_of(facts.past.get((member, result.kpi), ()), (Status.MISSED,))) for result in missed]
    return [(result, run) for result, run in runs if run >= LONG_ENOUGH and not _is_answered(facts, member, (result.kpi,))]


def _missed_again(member: str, runs: Sequence[tuple[Result, int]]) -> Line:
    """'Cobalt Bay missed attrition (eighth quarter running): no action is open on it.'"""
    names = first_few([f"{label_in_sentence(result.kpi)} ({ordinal(run)} quarter running)" for result, run in runs], MOST_NAMED)
    text = f"{member or PORTFOLIO} missed {names}: no action is open on {'it' if len(runs) == 1 else 'them'}."
    cells = tuple(Origin("quarters", result.row, "status") for result, _ in runs)
    way = Way("vendor_profile", (("profile", member),)) if member else Way("trends", (("kpi", runs[0][0].kpi),))
    return Line(str(Status.MISSED), Sentence(f"decisions/missed/{member or 'all'}", text, cells), "", way)


def _watermelons(facts: Facts) -> Iterator[Line]:
    """Who is green outside and red inside while nobody works on the outcomes."""
    found = [one for one in facts.watermelons.found if not _is_answered(facts, one.vendor, [evidence.kpi for evidence in one.concerns])]
    what = "are watermelons without an open action"
    yield from capped(facts, list(map(_watermelon, found)), [one.vendor for one in found], "decisions/more watermelons", what)


def _watermelon(one: Watermelon) -> Line:
    text = f"{one.sentence.removesuffix('.')}: no action is open on {'it' if len(one.outcomes) == 1 else 'them'}."
    cells = tuple(Origin("results", f"{one.vendor} · {evidence.kpi}", "signal") for evidence in one.concerns)
    sentence = Sentence(f"decisions/watermelon/{one.vendor}", text, cells)
    return Line(str(Status.BELOW_EXPECTED), sentence, "", Way("vendor_profile", (("profile", one.vendor),)))


def _risks(facts: Facts) -> Iterator[Line]:
    """Risks of the highest band without mitigation or with an overdue review."""
    highest = facts.request.settings.risk_bands[-1].name
    for risk in risks_of(facts):
        lacks = [] if risk.mitigation else ["it has no mitigation"]
        lacks += [f"its review is {overdue_words(risk)}"] if risk.days_overdue else []
        if risk.band == highest and lacks:
            text = f"{risk_name(risk)} is {risk.band} ({risk.score}) and {' and '.join(lacks)}."
            cells = tuple(Origin("risks", str(risk.number), column) for column in ("score", "mitigation", "days_overdue"))
            detail = f"Owner: {risk.owner}" if risk.owner else "No owner"
            yield Line(str(Status.MISSED), Sentence(f"decisions/risk/{risk.number}", text, cells), detail, risk_way(risk))


def _ending(facts: Facts) -> Iterator[Line]:
    for target in ending_targets(facts, facts.quarter.start, facts.quarter.next().end):
        yield Line("", Sentence(f"decisions/ends/{target.kpi}/{target.whom}", target.sentence, target.origins), "", Way("targets"))


FINDERS: tuple[Callable[[Facts], Iterator[Line]], ...] = (_repeated, _risks, _watermelons, _ending)


def _actions(facts: Facts) -> Table:
    rows = tuple(_row(action) for action in facts.actions.to_dict("records"))
    return Table("actions", (*COLUMNS, overdue_column(facts)), NUMERIC, rows, "No action is open.")


def _row(action: dict) -> tuple[Cell, ...]:
    kpi = word(action["kpi"])
    due = None if pd.isna(action["due_on"]) else action["due_on"].date()
    return (
        text_cell(action["title"]),
        text_cell(word(action["vendor"]) or "all vendors"),
        text_cell(kpi_label(kpi)),
        text_cell(word(action["owner"])),
        day_cell(due),
        count_cell(int(action["days_overdue"]), zero="-"),
    )
