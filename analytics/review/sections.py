"""The sections of the review, each one declaration: its id, whom it is for, and the function that makes it from the facts.

To add a section, write a function from `Facts` to `Section` (None when it has nothing to say and silence is no news) and declare it
here; page, packs, editions and the list of differences show it without knowing it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from analytics.review.attention import attention
from analytics.review.data_state import data_state
from analytics.review.decisions import decisions
from analytics.review.facts import Facts
from analytics.review.mandatory import mandatory
from analytics.review.model import Audience, Cards, Grid, Movements, Origin, Section, Sentence
from analytics.review.movements import RANKED, RANKED_BY_VENDOR, movements_of
from analytics.review.risks_section import risks
from analytics.review.targets_met import targets_met
from analytics.review.trends import trends
from analytics.review.wins import wins
from analytics.review.written import notes_and_events

MOST_CARDS = 6
EVERYBODY = frozenset(Audience)


@dataclass(frozen=True, slots=True)
class Declaration:
    """One section: who is shown it and what makes it."""

    id: str
    build: Callable[[Facts], Section | None]
    audiences: frozenset[Audience] = EVERYBODY


def standings(facts: Facts) -> Section:
    """The cards, and every vendor against target."""
    shown = [kpi for kpi in facts.grid_kpis if any(result.kpi == kpi and result.measured for result in facts.results)]
    cards = [facts.by_place[facts.whole, kpi] for kpi in _card_kpis(facts)]
    kpis = tuple(shown) or tuple(dict.fromkeys(result.kpi for result in facts.results if result.measured))
    grid = tuple(result for result in facts.results if result.kpi in kpis)
    title = f"Where {facts.vendors[0]} stands" if len(facts.vendors) == 1 else "Where each vendor stands"
    return Section("standings", title, None, (Cards(tuple(cards)), Grid(kpis, facts.vendors, grid)))


def _card_kpis(facts: Facts) -> list[str]:
    """Those of the settings that are measured, filled up with other measured ones of the grid."""
    wanted = dict.fromkeys((*facts.request.settings.review_kpis, *facts.grid_kpis, *(r.kpi for r in facts.results)))
    measured = [kpi for kpi in wanted if (found := facts.by_place.get((facts.whole, kpi))) is not None and found.measured]
    return measured[:MOST_CARDS]


def movements(facts: Facts) -> Section:
    """What moved most, and where."""
    moved = movements_of(facts)
    words = f"{RANKED if facts.whole else RANKED_BY_VENDOR}."
    ranked = Sentence("movements", words, tuple(Origin("results", one.result.row, "change") for one in moved)) if moved else None
    return Section("movements", "What moved most, and where", ranked, (Movements(moved),))


SECTIONS = (
    Declaration("standings", standings),
    Declaration("movements", movements),
    Declaration("risks", risks),
    Declaration("attention", attention),
    Declaration("wins", wins),
    Declaration("decisions", decisions),
    Declaration("mandatory", mandatory),
    Declaration("targets_met", targets_met),
    Declaration("trends", trends),
    Declaration("data", data_state),
    Declaration("notes", notes_and_events),
)
