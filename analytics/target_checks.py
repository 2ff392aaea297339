"""What is wrong with a table of targets, told all at once: unknown KPIs, wrong directions, overlaps, ties, gaps.

A row is one entry of the register `targets`: kpi, the dimensions it names, comparator, levels in base units, valid_from,
valid_to, basis. An error must be mended before the table is kept; a warning says what the table will do.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import combinations, pairwise, product

import pandas as pd

from analytics.catalogue import DIMENSIONS, KPIS, Comparator, Direction, Unit, kpi_label
from analytics.catalogue.units import target_text, value_text
from analytics.errors import did_you_mean
from analytics.periods import day_text

HIGHEST_SHARE = 1.5
HIGHEST_POINTS = 100.0
SHORTEST = 10.0  # seconds; a shorter level is probably minutes without their colon
LAST_DAY = date.max
LEVELS = ("minimum", "expected", "stretch", "lower", "upper")


class Weight(StrEnum):
    """Whether a problem stops the table from being kept."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class TargetProblem:
    """One problem. `rows`: positions in the table, from 0."""

    weight: Weight
    code: str
    rows: tuple[int, ...]
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One row of the table; a level that is not set is None."""

    place: int
    kpi: str
    dimensions: tuple[tuple[str, str], ...]
    comparator: str | None
    minimum: float | None
    expected: float | None
    stretch: float | None
    lower: float | None
    upper: float | None
    valid_from: date | None
    valid_to: date | None
    basis: str | None

    @property
    def start(self) -> date:
        """First valid day; without one the row is wrong already and never begins."""
        return self.valid_from or LAST_DAY

    @property
    def end(self) -> date:
        """Last valid day."""
        return self.valid_to or LAST_DAY

    @property
    def whom(self) -> str:
        """'service level of Acme, Pune'."""
        label = kpi_label(self.kpi)
        return f"{label} of {', '.join(value for _, value in self.dimensions)}" if self.dimensions else label


def check_targets(table: pd.DataFrame, new_rows: Sequence[int] = (), today: date | None = None) -> tuple[TargetProblem, ...]:
    """All problems of a table, errors first, in the order of its rows.

    `new_rows`: positions of rows about to be added; one of them that begins before `today` is backdated and needs a basis.
    """
    rows = target_rows(table)
    found = [problem for row in rows for check in _ROW_CHECKS for problem in check(row)]
    sound = [row for row in rows if row.kpi in KPIS and row.valid_from and row.start <= row.end]
    by_kpi: dict[str, list[TargetRow]] = defaultdict(list)
    for row in sound:
        by_kpi[row.kpi].append(row)
    found += [problem for own in by_kpi.values() for problem in (*_successions(own), *_ties(own))]
    found += _backdated((rows[place] for place in new_rows), today) if today else []
    return tuple(sorted(found, key=lambda problem: (problem.weight is Weight.WARNING, problem.rows)))


def joined_targets(stored: pd.DataFrame, new: pd.DataFrame) -> tuple[pd.DataFrame, list[int]]:
    """The table as it will be with the new rows, and their positions in it: a row with the key of a stored one stands in its place."""
    names = [name for name in new.columns if name in stored]
    replaced = set(map(_key, target_rows(new)))
    rows = zip(stored[names].to_dict("records"), target_rows(stored), strict=True)
    kept = [record for record, row in rows if _key(row) not in replaced]
    records = [*kept, *new[names].to_dict("records")]
    return pd.DataFrame(records, columns=names, dtype=object), list(range(len(kept), len(records)))


def _key(row: TargetRow) -> tuple[object, ...]:
    return row.kpi, row.dimensions, row.valid_from


def target_rows(table: pd.DataFrame) -> list[TargetRow]:
    """The rows of a register table; a column that is absent is empty."""
    return [_row(place, entry) for place, entry in enumerate(table.to_dict("records"))]


def _row(place: int, entry: dict) -> TargetRow:
    named = tuple((name, str(entry[name])) for name in DIMENSIONS if _given(entry.get(name)))
    levels = (float(entry[name]) if _given(entry.get(name)) else None for name in LEVELS)
    comparator, basis = (str(entry[name]) if _given(entry.get(name)) else None for name in ("comparator", "basis"))
    return TargetRow(
        place, str(entry.get("kpi") or ""), named, comparator, *levels, _day(entry.get("valid_from")), _day(entry.get("valid_to")), basis
    )


def _given(cell: object) -> bool:
    return cell is not None and cell == cell and cell != ""


def _day(cell: object) -> date | None:
    """A day from a date, a timestamp or '2026-07-01'."""
    return date.fromisoformat(str(cell)[:10]) if _given(cell) else None


def _error(code: str, rows: Iterable[TargetRow], message: str, remedy: str) -> TargetProblem:
    return TargetProblem(Weight.ERROR, code, tuple(row.place for row in rows), message, remedy)


def _warning(code: str, rows: Iterable[TargetRow], message: str, remedy: str) -> TargetProblem:
    return TargetProblem(Weight.WARNING, code, tuple(row.place for row in rows), message, remedy)


def _names(row: TargetRow) -> Iterator[TargetProblem]:
    """KPI and comparator are known."""
    if row.kpi not in KPIS:
        yield _error("unknown_kpi", [row], f"Unknown KPI '{row.kpi}'.", did_you_mean(row.kpi, KPIS) or "See the Definitions page.")
    if row.comparator not in tuple(Comparator):
        yield _error("comparator", [row], f"Unknown comparator '{row.comparator or ''}'.", f"Use one of {', '.join(Comparator)}.")


def _days(row: TargetRow) -> Iterator[TargetProblem]:
    if row.valid_from is None:
        yield _error("valid_from", [row], f"The target for {row.whom} has no first day.", "Fill valid_from.")
    elif row.start > row.end:
        yield _error("dates", [row], f"The target for {row.whom} ends on {day_text(row.end)}, before it begins.", "Correct valid_to.")


def _direction(row: TargetRow) -> Iterator[TargetProblem]:
    """The comparator asks for what is good."""
    if row.kpi not in KPIS or row.comparator not in tuple(Comparator):
        return
    kpi, asked = KPIS[row.kpi], Comparator(row.comparator).better_sign
    if asked and kpi.better_sign == -asked:
        good = "higher" if kpi.better_sign > 0 else "lower"
        fitting = Comparator.AT_LEAST if kpi.better_sign > 0 else Comparator.AT_MOST
        yield _error(
            "wrong_direction", [row], f"{kpi.label} is better when {good}; '{row.comparator}' asks for the opposite.", f"Use {fitting}."
        )
    if asked and kpi.direction is Direction.BAND:
        yield _warning(
            "one_sided",
            [row],
            f"{kpi.label} is good inside a band; '{row.comparator}' looks at one side only.",
            "Use band, with lower and upper.",
        )


def _levels(row: TargetRow) -> Iterator[TargetProblem]:
    """Levels are there and in order: minimum, expected, stretch each ask for more; a band is not upside down."""
    if row.comparator not in tuple(Comparator):
        return
    if row.comparator == Comparator.BAND:
        if row.lower is None or row.upper is None or row.lower > row.upper:
            yield _error("band", [row], f"The band for {row.whom} needs a lower and a higher upper limit.", "Fill lower and upper.")
        return
    if row.expected is None:
        yield _error("expected", [row], f"The target for {row.whom} has no expected level.", "Fill expected.")
        return
    sign = Comparator(row.comparator).better_sign
    for easier, harder, code in ((row.minimum, row.expected, "minimum"), (row.expected, row.stretch, "stretch")):
        if easier is not None and harder is not None and (harder - easier) * sign < 0:
            order = "asks for more than the expected level" if code == "minimum" else "asks for less than the expected level"
            yield _error(code, [row], f"The {code} for {row.whom} {order}.", "Put minimum, expected and stretch in order.")


def _units(row: TargetRow) -> Iterator[TargetProblem]:
    """Levels are in base units: a share of 80 is meant as 0.8."""
    if row.kpi not in KPIS:
        return
    kpi = KPIS[row.kpi]
    levels = [level for level in (row.minimum, row.expected, row.stretch, row.lower, row.upper) if level is not None]
    highest = HIGHEST_SHARE if kpi.is_proportion else HIGHEST_POINTS if kpi.unit is Unit.POINTS else None
    wrong = next((level for level in levels if highest is not None and abs(level) > highest), None)
    if wrong is not None:
        shown = value_text(wrong, kpi.unit)
        yield _error("unit", [row], f"{shown} is no level for {kpi.label}.", "Write shares with their sign (80 %) or as fractions (0.8).")
    short = next((level for level in levels if 0 < level < SHORTEST), None) if kpi.unit is Unit.SECONDS else None
    if short is not None:
        said = f"The target for {row.whom} is {short:g} seconds."
        yield _warning("seconds", [row], said, f"If minutes are meant, write {short:g}:00 or '{short:g} min'.")


_ROW_CHECKS: tuple[Callable[[TargetRow], Iterator[TargetProblem]], ...] = (_names, _days, _direction, _levels, _units)


def _successions(rows: Sequence[TargetRow]) -> Iterator[TargetProblem]:
    """Rows for the same KPI and members, one after another: the same start, overlaps, an older one that returns, gaps."""
    for own in _grouped(rows, lambda row: row.dimensions).values():
        for earlier, later in pairwise(sorted(own, key=lambda row: row.start)):
            pair = (earlier, later)
            if earlier.start == later.start:
                yield _error("duplicate", pair, f"Two targets for {later.whom} begin on {day_text(later.start)}.", "Keep one.")
            elif earlier.valid_to and earlier.end >= later.start:
                until = day_text(min(earlier.end, later.end))
                overlap = f"Two targets for {later.whom} are valid from {day_text(later.start)} to {until}."
                yield _error("overlap", pair, overlap, f"End the first on {day_text(later.start - timedelta(days=1))}.")
            elif not earlier.valid_to and later.valid_to:
                again = f"After {day_text(later.end)} the target for {later.whom} of {day_text(earlier.start)} applies again."
                yield _warning("returns", pair, again, "If it should not, give it a last day, or add the target that follows.")
            elif earlier.valid_to and earlier.end + timedelta(days=1) < later.start:
                missing = f"{day_text(earlier.end + timedelta(days=1))} to {day_text(later.start - timedelta(days=1))}"
                yield _warning("gap", pair, f"{later.whom} has no target of its own from {missing}.", "Close the gap if it is not meant.")


def _ties(rows: Sequence[TargetRow]) -> Iterator[TargetProblem]:
    """Rows that name equally many but different dimensions: for members both speak of, neither is more specific."""
    by_names = _grouped(rows, lambda row: tuple(name for name, _ in row.dimensions))
    for names, others in combinations(by_names, 2):
        if len(names) == len(others):
            pairs = product(by_names[names], by_names[others])
            yield from (_tie(one, other) for one, other in pairs if _meet(one, other) and not _settled(one, other, rows))


def _tie(one: TargetRow, other: TargetRow) -> TargetProblem:
    since = day_text(max(one.start, other.start))
    both = ", ".join(dict.fromkeys(value for row in (one, other) for _, value in row.dimensions))
    asked = " and ".join(_asked(row) for row in (one, other))
    message = f"From {since} two targets apply to {KPIS[one.kpi].label} of {both}, {asked}; neither is more specific."
    return _error("tie", (one, other), message, f"Add a target that names {both}, or end one of the two.")


def _asked(row: TargetRow) -> str:
    comparator = Comparator(row.comparator) if row.comparator in tuple(Comparator) else None
    incomplete = row.expected is None if comparator is not Comparator.BAND else row.lower is None or row.upper is None
    return target_text(None if incomplete else comparator, row.expected, KPIS[row.kpi].unit, lower=row.lower, upper=row.upper)


def _meet(one: TargetRow, other: TargetRow) -> bool:
    """Whether some member has both, on some day."""
    mine, theirs = dict(one.dimensions), dict(other.dimensions)
    same = all(theirs.get(name, value) == value for name, value in mine.items())
    return same and one.start <= other.end and other.start <= one.end


def _settled(one: TargetRow, other: TargetRow, rows: Sequence[TargetRow]) -> bool:
    """Whether a third row names all that the two name, for all the days they share."""
    both = {*one.dimensions, *other.dimensions}
    start, end = max(one.start, other.start), min(one.end, other.end)
    return any({*row.dimensions} >= both and len(row.dimensions) == len(both) and row.start <= start and end <= row.end for row in rows)


def _backdated(rows: Iterable[TargetRow], today: date) -> list[TargetProblem]:
    late = [row for row in rows if row.valid_from and row.start < today and not row.basis]
    return [
        _error(
            "backdated", [row], f"The target for {row.whom} begins on {day_text(row.start)}, in the past, without a reason.", "Fill basis."
        )
        for row in late
    ]


def _grouped(rows: Sequence[TargetRow], key: Callable[[TargetRow], tuple]) -> dict[tuple, list[TargetRow]]:
    groups: dict[tuple, list[TargetRow]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups
