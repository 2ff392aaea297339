"""What must count after any sequence of files, said once more in plain Python: dictionaries and loops, no SQL.

Batches are replayed in their sequence. It shares no code with the product and knows nothing of versions, files on disk
or settling; tests compare the two after every step.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

Number = Decimal | int
Key = tuple[str, str, date, str]  # source, grain, period_start, vendor
ResultKey = tuple[str, str, date, str, str]  # ..., KPI
Rank = tuple[str, str, str, int]  # vendor, measure, source, rank

FINENESS = ("day", "week", "month", "quarter")
UNRANKED = 1_000_000


@dataclass
class Loaded:
    """One stored file: what it brought, what its rows do to what is there, what was answered."""

    batch: str
    sequence: int
    source: str
    how: str = "correct"
    rows: Mapping[Key, Mapping[str, Number]] = field(default_factory=dict)
    results: Mapping[ResultKey, float] = field(default_factory=dict)
    ranks: tuple[Rank, ...] = ()
    content: bytes = b""
    recipe: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    status: str = "active"
    replaced_by: str | None = None


def months_of(grain: str, start: date) -> list[date]:
    """The calendar months a period belongs to: a week that of its Thursday, a quarter all three."""
    if grain == "week":
        return [(start + timedelta(days=3)).replace(day=1)]
    if grain == "quarter":
        return [date(start.year, start.month + step, 1) for step in range(3)]
    return [start.replace(day=1)]


@dataclass
class Model:
    """All files ever stored, in the order they came."""

    loaded: list[Loaded] = field(default_factory=list)

    @property
    def active(self) -> list[Loaded]:
        """The files that count, in the order they are replayed."""
        return sorted((load for load in self.loaded if load.status == "active"), key=lambda load: load.sequence)

    def same_bytes(self, content: bytes) -> Loaded | None:
        """The active file of these bytes."""
        return next((load for load in self.active if load.content == content), None)

    def store(self, load: Loaded) -> None:
        """Add a file; one of the same bytes makes way for it."""
        earlier = self.same_bytes(load.content)
        if earlier:
            earlier.status, earlier.replaced_by = "replaced", load.batch
        self.loaded.append(load)

    def undo(self, load: Loaded) -> None:
        """As if the file had never come; what it had replaced counts again."""
        load.status, load.ranks = "undone", ()
        for earlier in self.loaded:
            if earlier.replaced_by == load.batch:
                earlier.status, earlier.replaced_by = "active", None

    def state(self) -> dict[Key, dict[str, Number]]:
        """One row per key: corrected, replaced by whole periods, added up or skipped, file after file."""
        state: dict[Key, dict[str, Number]] = {}
        occupied: set[Key] = set()
        for load in self.active:
            days = set(load.rows)  # the test's rows have no further dimensions: a key is a vendor's period
            if load.how == "replace":
                state = {key: row for key, row in state.items() if key not in days}
            for key, row in load.rows.items():
                if load.how == "skip" and key in occupied:
                    continue
                state[key] = added(state.get(key, {}), row) if load.how == "add" else dict(row)
            occupied |= days
        return state

    def counting(self) -> tuple[dict[Key, dict[str, Number]], set[tuple]]:
        """The rows that count, and (vendor, month, measure, source, grain) of the one source read per vendor, month and measure."""
        state = self.state()
        claims = defaultdict(set)
        for (source, grain, start, vendor), row in state.items():
            for month in months_of(grain, start):
                for measure in row:
                    claims[vendor, measure, month].add((source, grain))
        wins = {
            (vendor, measure, month): min(found, key=lambda claim: self._order(vendor, measure, *claim))
            for (vendor, measure, month), found in claims.items()
        }
        counting, reporting = {}, set()
        for (source, grain, start, vendor), row in state.items():
            months = months_of(grain, start)
            kept = {name: value for name, value in row.items() if all(wins[vendor, name, month] == (source, grain) for month in months)}
            if kept:
                counting[source, grain, start, vendor] = kept
                reporting |= {(vendor, month, measure, source, grain) for month in months for measure in kept}
        return counting, reporting

    def _order(self, vendor: str, measure: str, source: str, grain: str) -> tuple:
        first = min(load.sequence for load in self.active if load.source == source and any(key[3] == vendor for key in load.rows))
        return self.rank(vendor, measure, source), first, source, FINENESS.index(grain)

    def rank(self, vendor: str, measure: str, source: str) -> int:
        """What was answered last about this source, in the order of replay."""
        said = [rank for load in self.active for who, what, whose, rank in load.ranks if (who, what, whose) == (vendor, measure, source)]
        return said[-1] if said else UNRANKED

    def results(self) -> dict[ResultKey, float]:
        """The reported results that count: per vendor, period and KPI those of one source."""
        state: dict[ResultKey, float] = {}
        first: dict[tuple[str, str], int] = {}
        for load in self.active:
            for key, value in load.results.items():
                state[key] = value
                first.setdefault((key[3], key[0]), load.sequence)
        best: dict[tuple, ResultKey] = {}
        for key in sorted(state, key=lambda key: (self.rank(key[3], key[4], key[0]), first[key[3], key[0]], key[0]), reverse=True):
            best[key[1:]] = key
        return {key: state[key] for key in best.values()}

    def conflicts(self, load: Loaded) -> dict[tuple[str, str], set[str]]:
        """(vendor, measure or KPI) -> the other sources that report it for the same time, where nobody has said yet which counts."""
        earlier = self.same_bytes(load.content)
        others = set(self._raw_claims(earlier)) if earlier else set(self._settled_claims())
        found = defaultdict(set)
        for vendor, measure, period, source in claims_of(load):
            found[vendor, measure] |= {other[3] for other in others if other[:3] == (vendor, measure, period) and other[3] != source}
        ranked = {rank[:3] for one in self.active if one is not earlier for rank in one.ranks}
        return {
            (vendor, measure): sources
            for (vendor, measure), sources in found.items()
            if sources and not all((vendor, measure, source) in ranked for source in (load.source, *sources))
        }

    def _settled_claims(self) -> Iterator[tuple]:
        yield from ((vendor, measure, month, source) for vendor, month, measure, source, _ in self.counting()[1])
        yield from ((vendor, kpi, (grain, start), source) for source, grain, start, vendor, kpi in self.results())

    def _raw_claims(self, replaced: Loaded) -> Iterator[tuple]:
        for load in self.active:
            if load is not replaced:
                yield from claims_of(load)

    def occupied(self, load: Loaded) -> bool:
        """Whether an earlier file of the source has rows of a vendor's period that this one brings."""
        earlier = self.same_bytes(load.content)
        return any(
            set(one.rows) & set(load.rows) for one in self.active if one is not earlier and (not earlier or one.sequence < earlier.sequence)
        )


def claims_of(load: Loaded) -> Iterator[tuple]:
    """(vendor, measure or KPI, time, source) of everything a file brings; measures compete by month, results by their period."""
    for (source, grain, start, vendor), row in load.rows.items():
        yield from ((vendor, measure, month, source) for month in months_of(grain, start) for measure in row)
    for source, grain, start, vendor, kpi in load.results:
        yield vendor, kpi, (grain, start), source


def added(one: Mapping[str, Number], other: Mapping[str, Number]) -> dict[str, Number]:
    """Measure by measure; what only one of them has stays as it is."""
    return {name: one.get(name, 0) + other.get(name, 0) for name in (*one, *(name for name in other if name not in one))}
