"""Which targets hold in a period: whom each is for and why it wins, what begins later, what has ended, and all of it in a sentence."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

import pandas as pd

from analytics.asking import Reader
from analytics.catalogue import KPIS, Comparator, find_kpi
from analytics.catalogue.units import value_text
from analytics.performance.target_changes import targets_inside
from analytics.performance.targets import (
    DatedTarget,
    Target,
    TargetBook,
    book_of,
    change_words,
    default_target,
    is_tie,
    target_table,
    with_currency,
)
from analytics.performance.verdict import LONGEST, label_in_sentence
from analytics.periods import Period, day_text
from analytics.target_checks import TargetProblem, Weight, check_targets
from analytics.warehouse.scope import Scope
from analytics.wording import counted

MOST_NAMED = 3
ALL = "all vendors"


# Who entered what `target_table` lists, row by row.
_ENTERED = """
    SELECT batch_id, file_name, loaded_at, loaded_by FROM targets LEFT JOIN batches USING (batch_id)
    ORDER BY kpi, vendor, site, lob, channel, valid_from"""


class Kind(StrEnum):
    """What members are held to."""

    STORED = "stored"
    DEFAULT = "default"
    NONE = "none"
    TIE = "tie"


class Time(StrEnum):
    """Where a stored target stands, seen from the first day of a period."""

    VALID = "valid"
    UPCOMING = "upcoming"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class OverviewRequest:
    """What is asked: a period, the KPIs shown beside those with targets, the vendors, and dimensions the filters leave one value of."""

    period: Period
    kpis: tuple[str, ...]
    vendors: tuple[str, ...] = ()
    fixed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Holding:
    """Members of one KPI that are held to the same. `place`: the row of the winning target in the table, None where none is stored.

    `vendors`: who they are, empty for a target that names places and for a warehouse without vendors. `change`: what comes
    inside the period, 'from 15 Aug 2026 >= 80 %'; `left_out`: others have a target of this KPI, these have none.
    """

    kpi: str
    kind: Kind
    whom: str
    vendors: tuple[str, ...]
    place: int | None
    target: Target
    why: str
    change: str
    left_out: bool = False


@dataclass(frozen=True)
class Overview:
    """Everything there is to say about the targets of a period.

    `table`: every stored target, with currency, batch_id, file_name, loaded_at and loaded_by; `times`: (Time, when in words) of each row.
    """

    request: OverviewRequest
    table: pd.DataFrame
    holdings: tuple[Holding, ...]
    times: tuple[tuple[Time, str], ...]
    problems: tuple[TargetProblem, ...]
    kpis: tuple[str, ...] = field(default=())

    @cached_property
    def records(self) -> list[dict[str, Any]]:
        """The table, row by row."""
        return self.table.to_dict("records")

    @property
    def errors(self) -> int:
        """Problems that must be mended."""
        return sum(problem.weight is Weight.ERROR for problem in self.problems)

    def places(self, time: Time) -> list[int]:
        """The rows of the table that are valid, begin later or have ended."""
        return [place for place, (when, _) in enumerate(self.times) if when is time]

    @property
    def sentence(self) -> str:
        """How many hold, who has none, what is wrong."""
        count = _count_clause(self)
        choices = [f"{count} {said}" for said in _exceptions(self)]
        return next((choice for choice in choices if len(choice) <= LONGEST), count)


def target_overview(store: Reader, scope: Scope, request: OverviewRequest) -> Overview:
    """The targets of a period."""
    table = with_currency(store, scope, target_table(store, scope))
    return overview_of(pd.concat([table, store.select(scope, _ENTERED)], axis=1), request)


def overview_of(table: pd.DataFrame, request: OverviewRequest) -> Overview:
    """The same of a table that was read already."""
    book = book_of(table)
    kpis = tuple(
        kpi for kpi in dict.fromkeys((*request.kpis, *book.by_kpi)) if kpi in KPIS and (kpi in book.by_kpi or KPIS[kpi].better_sign)
    )
    holdings = [holding for kpi in kpis for holding in (*_by_vendor(book, kpi, request), *_by_place(book, kpi, request))]
    return Overview(request, table, tuple(holdings), _times(book, request.period), check_targets(table), kpis)


def _by_vendor(book: TargetBook, kpi: str, request: OverviewRequest) -> list[Holding]:
    """The vendors of a KPI by what they are held to, most of them first."""
    fixed, found = dict(request.fixed), {}
    for vendor in request.vendors or (None,):
        dimensions = fixed | ({"vendor": vendor} if vendor else {})
        applying = book.applying(kpi, dimensions, request.period.start)
        change = change_words(kpi, targets_inside(book, kpi, dimensions, request.period))
        best = tuple(target.place for target in applying if len(target.dimensions) == len(applying[-1].dimensions))
        found.setdefault((best if is_tie(applying) else best[-1:], change), (applying, []))[1].append(vendor)
    groups = sorted(found.items(), key=lambda item: -len(item[1][1]))
    return [
        _holding(book, kpi, applying, tuple(vendor for vendor in vendors if vendor), change, request)
        for (_, change), (applying, vendors) in groups
    ]


def _by_place(book: TargetBook, kpi: str, request: OverviewRequest) -> list[Holding]:
    """Targets of sites, lines of business and channels, which no row of a vendor as a whole is held to."""
    fixed, shown, holdings = dict(request.fixed), set(request.vendors), []
    valid = [target for target in book.by_kpi.get(kpi, ()) if target.valid_on(request.period.start)]
    members = dict.fromkeys(target.dimensions for target in valid if {name for name, _ in target.dimensions} - {"vendor", *fixed})
    for member in members:
        dimensions = fixed | dict(member)
        if dimensions == dict(member) and dimensions.get("vendor") not in {None, *shown}:
            continue
        change = change_words(kpi, targets_inside(book, kpi, dimensions, request.period))
        applying = book.applying(kpi, dimensions, request.period.start)
        if applying:
            holdings.append(_holding(book, kpi, applying, (), change, request, ", ".join(value for _, value in member)))
    return holdings


def _holding(
    book: TargetBook,
    kpi: str,
    applying: Sequence[DatedTarget],
    vendors: tuple[str, ...],
    change: str,
    request: OverviewRequest,
    place_words: str = "",
) -> Holding:
    whom = place_words or whom_words(vendors, request.vendors)
    if not applying:
        named = {value for target in book.by_kpi.get(kpi, ()) if target.valid_on(request.period.start) for _, value in target.dimensions}
        default = default_target(kpi)
        if named or default.comparator is None:
            why = f"stored for others only: {named_words(sorted(named))}" if named else "none is stored, the catalogue has none"
            return Holding(kpi, Kind.NONE, whom, vendors, None, Target(None), why, change, left_out=bool(named))
        return Holding(kpi, Kind.DEFAULT, whom, vendors, None, default, "none is stored: the catalogue's default", change)
    if is_tie(applying):
        tied = " and ".join(f"{target.target.words(kpi)} for {member_words(target)}" for target in applying[-2:])
        return Holding(kpi, Kind.TIE, whom, vendors, None, Target(None), f"a tie: {tied}; neither names more", change)
    winner = applying[-1]
    return Holding(kpi, Kind.STORED, whom, vendors, winner.place, winner.target, _why(kpi, applying), change)


def _why(kpi: str, applying: Sequence[DatedTarget]) -> str:
    *others, winner = applying
    if not others:
        return "the only one"
    beaten = others[-1]
    if beaten.dimensions == winner.dimensions:
        return f"begins later than {beaten.target.words(kpi)} of {day_text(beaten.valid_from)}"
    return f"names {member_words(winner)}: more than {beaten.target.words(kpi)} for {member_words(beaten)}"


def member_words(target: DatedTarget) -> str:
    """'Acme, Pune'; 'all vendors' for a target that names nobody."""
    return ", ".join(value for _, value in target.dimensions) or ALL


def named_words(names: Sequence[str]) -> str:
    """'Acme, Boreal and 4 more'."""
    return ", ".join(names[:MOST_NAMED]) + (f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else "")


def whom_words(vendors: Sequence[str], everybody: Sequence[str]) -> str:
    """'all 5 vendors', 'Acme', 'Acme, Boreal', 'the other 197 vendors'."""
    if len(vendors) == len(everybody):
        return f"all {len(vendors)} vendors" if len(vendors) > 1 else next(iter(vendors), ALL)
    if len(vendors) > max(MOST_NAMED, len(everybody) // 2):
        return f"the other {counted(len(vendors), 'vendor')}"
    return named_words(vendors)


def _times(book: TargetBook, period: Period) -> tuple[tuple[Time, str], ...]:
    """Of every row of the table whether it is valid on the first day, begins later or has ended, in words."""
    found: dict[int, tuple[Time, str]] = {}
    for kpi, targets in book.by_kpi.items():
        begun: dict[tuple, DatedTarget] = {target.dimensions: target for target in targets if target.valid_on(period.start)}
        for target in targets:
            found[target.place] = _time(kpi, target, begun.get(target.dimensions), period)
    return tuple(time for _, time in sorted(found.items()))


def _time(kpi: str, target: DatedTarget, valid: DatedTarget | None, period: Period) -> tuple[Time, str]:
    since = f"since {day_text(target.valid_from)}"
    if target.valid_from > period.start:
        inside = f", inside {period.label}" if target.valid_from <= period.end else ""
        return Time.UPCOMING, f"begins {day_text(target.valid_from)}{inside}"
    follows = f"then {valid.target.words(kpi)} since {day_text(valid.valid_from)}" if valid else "nothing of its own follows"
    if target.valid_to and target.valid_to < period.start:
        return Time.LAPSED, f"ended {day_text(target.valid_to)}, {follows}"
    if valid and valid.place != target.place:
        return Time.LAPSED, follows
    return Time.VALID, f"{day_text(target.valid_from)} to {day_text(target.valid_to)}" if target.valid_to else since


def level_text(row: Mapping[str, object], name: str) -> str:
    """'77 %': the minimum or stretch of a row of the table; '' without one, and for a band."""
    level, kpi = row[name], str(row["kpi"])
    if not isinstance(level, float) or level != level or row["comparator"] == Comparator.BAND:
        return ""
    return value_text(level, KPIS[kpi].unit, str(row.get("currency", ""))) if kpi in KPIS else str(level)


def _count_clause(overview: Overview) -> str:
    """'26 targets hold in Q3 2026, for 24 of 26 KPIs; one KPI uses the default, one has none.'"""
    kinds = _kinds(overview)
    stored = {holding.place for holding in overview.holdings if holding.place is not None}
    rest = [
        part
        for part in (
            _of_kpis(kinds[Kind.DEFAULT], "uses the default", "use the default"),
            _of_kpis(kinds[Kind.NONE], "has none", "have none"),
        )
        if part
    ]
    if not stored:
        lead = "No target is stored" if overview.table.empty else f"No stored target is valid {overview.request.period.phrase}"
        return f"{lead}: {', '.join(rest)}." if rest else f"{lead}."
    verb = "holds" if len(stored) == 1 else "hold"
    lead = (
        f"{counted(len(stored), 'target')} {verb} {overview.request.period.phrase}, for {kinds[Kind.STORED]} of {len(overview.kpis)} KPIs"
    )
    return f"{lead}; {', '.join(rest)}." if rest else f"{lead}."


def _of_kpis(count: int, one: str, several: str) -> str:
    return "" if not count else f"{counted(count, 'KPI')} {one if count == 1 else several}"


def _kinds(overview: Overview) -> Counter[Kind]:
    """How many KPIs have a stored target for somebody, else use the default, else have none."""
    best: dict[str, Kind] = {}
    order = (Kind.STORED, Kind.TIE, Kind.DEFAULT, Kind.NONE)
    for holding in overview.holdings:
        best[holding.kpi] = min(best.get(holding.kpi, Kind.NONE), holding.kind, key=order.index)
    return Counter(Kind.STORED if kind is Kind.TIE else kind for kind in best.values())


def _exceptions(overview: Overview) -> tuple[str, ...]:
    """The first that is so, at length and in short: what must be mended, a change inside, who is left out, the next to begin."""
    if overview.errors:
        first = next(problem for problem in overview.problems if problem.weight is Weight.ERROR)
        must = "One contradiction must" if overview.errors == 1 else f"{overview.errors} contradictions must"
        return f"{must} be mended: {first.message}", f"{must} be mended."
    if changing := next((holding for holding in overview.holdings if holding.change), None):
        label = find_kpi(changing.kpi).label
        return f"{label} changes inside it, {changing.change.split(',')[0]}.", f"{label} changes inside it."
    left = [holding for holding in overview.holdings if holding.kind is Kind.NONE and holding.left_out]
    if left:
        return (f"No target of {label_in_sentence(left[0].kpi)} fits {left[0].whom}.",)
    if coming := overview.places(Time.UPCOMING):
        first_day: date = overview.table["valid_from"].iloc[coming].min().date()
        return (f"The next one begins on {day_text(first_day)}.",)
    return () if overview.table.empty else ("Nothing contradicts.",)
