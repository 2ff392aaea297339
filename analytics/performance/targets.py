"""Which target applies to a row of the KPI frame: dated, most specific first, never guessed.

Rule. A stored target applies when it is valid on the period's first day and every dimension it names is the row's.
The one naming most dimensions wins; of two rows with the same names and start the later one counts. Two that name
different dimensions, equally many, are a tie and apply to nobody: the row says so. A row above members (all vendors)
uses its own target, else one that all members share, else its status is 'mixed: 3 of 5 met'. A KPI without any
stored target in force that day falls back to the catalogue's default and says so in `basis`.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from analytics.asking import Reader
from analytics.catalogue import DIMENSIONS, Comparator, find_kpi
from analytics.warehouse.scope import Scope

DEFAULT_BASIS = "default target"
REPORTED_BASIS = "target reported by the vendor"
SHARED_BASIS = "shared by all members"
MIXED_BASIS = "mixed"
TIE_BASIS = "two targets apply, neither is more specific"
TARGET_COLUMNS = ("comparator", "target", "minimum", "lower", "upper", "basis")
LEVELS = ("target", "minimum", "lower", "upper")


@dataclass(frozen=True, slots=True)
class Target:
    """One target in base units. `target` is the expected level, `minimum` the worst that is not yet missed."""

    comparator: Comparator | None
    target: float = np.nan
    minimum: float = np.nan
    lower: float = np.nan
    upper: float = np.nan
    basis: str = ""

    @property
    def asked(self) -> tuple[object, ...]:
        """What it asks, whichever contract it stands in; a level it does not set is None, which NaN would not equal."""
        levels = (self.target, self.minimum, self.lower, self.upper)
        return self.comparator, *(None if np.isnan(level) else level for level in levels)


NO_TARGET = Target(None)


@dataclass(frozen=True, slots=True)
class DatedTarget:
    """A stored target: whom it is for, when it is valid, what it asks."""

    dimensions: tuple[tuple[str, str], ...]
    valid_from: date
    valid_to: date | None
    target: Target

    def valid_on(self, day: date) -> bool:
        """Whether it is in force on this day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def applies(self, dimensions: Mapping[str, str]) -> bool:
        """Whether it speaks of these dimension values."""
        return all(dimensions.get(name) == value for name, value in self.dimensions)


@dataclass(frozen=True)
class TargetBook:
    """Every stored target a scope may see, by KPI, oldest first."""

    by_kpi: Mapping[str, Sequence[DatedTarget]]

    @cached_property
    def vendors(self) -> Mapping[str, frozenset[str]]:
        """KPI -> the vendors with targets of their own."""
        return {
            kpi: frozenset(dict(t.dimensions)["vendor"] for t in book if "vendor" in dict(t.dimensions))
            for kpi, book in self.by_kpi.items()
        }

    @cached_property
    def named(self) -> Mapping[str, frozenset[str]]:
        """Dimension -> its values that any target names."""
        pairs = {pair for book in self.by_kpi.values() for target in book for pair in target.dimensions}
        return {name: frozenset(value for other, value in pairs if other == name) for name, _ in pairs}

    def find(self, kpi: str, dimensions: Mapping[str, str], day: date) -> Target:
        """The target of one row; NO_TARGET when the KPI has targets that day but none for this row."""
        stored = [target for target in self.by_kpi.get(kpi, ()) if target.valid_on(day)]
        if not stored:
            return default_target(kpi)
        candidates = [target for target in stored if target.applies(dimensions)]
        if not candidates:
            return NO_TARGET
        most = max(len(candidate.dimensions) for candidate in candidates)
        best = [candidate for candidate in candidates if len(candidate.dimensions) == most]
        if len({tuple(name for name, _ in candidate.dimensions) for candidate in best}) > 1:
            return replace(NO_TARGET, basis=TIE_BASIS)
        return best[-1].target


def default_target(kpi: str) -> Target:
    """The catalogue's default target of a KPI, or NO_TARGET."""
    default = find_kpi(kpi).target
    if default is None:
        return NO_TARGET
    levels = (np.nan if level is None else level for level in (default.expected, default.lower, default.upper))
    expected, lower, upper = levels
    return Target(default.comparator, target=expected, lower=lower, upper=upper, basis=DEFAULT_BASIS)


def load_targets(store: Reader, scope: Scope) -> TargetBook:
    """The stored targets that exist for `scope`."""
    rows = store.select(scope, "SELECT * FROM targets ORDER BY kpi, valid_from")
    book: dict[str, list[DatedTarget]] = defaultdict(list)
    for row in rows.to_dict("records"):
        named = tuple((name, row[name]) for name in DIMENSIONS if isinstance(row[name], str))
        levels = {"target": row["expected"]} | {name: row[name] for name in ("minimum", "lower", "upper")}
        basis = row["basis"] if isinstance(row["basis"], str) else "stored target"
        target = Target(Comparator(row["comparator"]), **{name: _level(level) for name, level in levels.items()}, basis=basis)
        book[row["kpi"]].append(DatedTarget(named, row["valid_from"].date(), _date(row["valid_to"]), target))
    return TargetBook(dict(book))


def _level(level: float | None) -> float:
    return np.nan if level is None else float(level)


def _date(stamp: pd.Timestamp) -> date | None:
    return None if pd.isna(stamp) else stamp.date()


def with_targets(frame: pd.DataFrame, book: TargetBook, fixed: Mapping[str, str], members: Sequence[str] = ()) -> pd.DataFrame:
    """The frame plus comparator, target, minimum, lower, upper, basis.

    `fixed`: dimensions every row shares because the filter leaves one value. `members`: the vendors behind a row that
    shows none, for targets they share.
    """
    shown = [dimension for dimension in DIMENSIONS if dimension in frame]
    alike, rows = _alike(frame, book, shown)
    columns = [frame[name].iloc[rows] for name in ("kpi", "period", *shown)]
    targets = []
    for kpi, period, *values in zip(*columns, strict=True):
        own = {dimension: value for dimension, value in zip(shown, values, strict=True) if isinstance(value, str)}
        targets.append(_resolve(book, kpi, {**fixed, **own}, period.date(), members))
    added = {name: [getattr(target, name) for target in targets] for name in TARGET_COLUMNS}
    return _reported_targets(frame.assign(**{name: _spread(name, values, alike, frame.index) for name, values in added.items()}))


def _alike(frame: pd.DataFrame, book: TargetBook, shown: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Which rows no stored target can tell apart: per row the number of its group, per group its first row.

    A dimension's values that no target names are alike, but a value is never like a missing one.
    """
    number = np.zeros(len(frame), dtype=np.int64)
    for name in ("kpi", "period", *shown):
        codes, values = pd.factorize(frame[name], use_na_sentinel=False)
        if name in shown:
            named = book.named.get(name, frozenset())
            kinds = [value if value in named else isinstance(value, str) for value in values]
            codes, values = pd.factorize(np.array(kinds, dtype=object))[0][codes], kinds
        number = number * (len(values) + 1) + codes
    _, first, alike = np.unique(number, return_index=True, return_inverse=True)
    return alike, first


def _spread(name: str, values: Sequence[object], alike: np.ndarray, index: pd.Index) -> pd.Series:
    """The groups' values of one target column at the groups' rows."""
    kind = float if name in LEVELS else object
    column = np.empty(len(values), dtype=kind)
    column[:] = values
    return pd.Series(column[alike], index=index, dtype=kind)


def _resolve(book: TargetBook, kpi: str, dimensions: Mapping[str, str], day: date, members: Sequence[str]) -> Target:
    own = book.find(kpi, dimensions, day)
    if own is not NO_TARGET or "vendor" in dimensions or not members:
        return own
    theirs = [book.find(kpi, {**dimensions, "vendor": vendor}, day) for vendor in members]
    if len({target.asked for target in theirs}) > 1:
        return replace(NO_TARGET, basis=MIXED_BASIS)
    return theirs[0] if theirs[0].comparator is None else replace(theirs[0], basis=SHARED_BASIS)


def _reported_targets(frame: pd.DataFrame) -> pd.DataFrame:
    """Where no target is stored, the one the vendor put beside its own result."""
    if "reported_target" not in frame:
        return frame
    rows = frame["reported_target"].notna() & frame["basis"].isin(["", DEFAULT_BASIS]) & frame["reported_comparator"].notna()
    for row in np.flatnonzero(rows.to_numpy(bool)):
        index = frame.index[row]
        frame.loc[index, "comparator"] = Comparator(frame.at[index, "reported_comparator"])
        frame.loc[index, "target"] = frame.at[index, "reported_target"]
        frame.loc[index, "basis"] = REPORTED_BASIS
    return frame.drop(columns=["reported_target", "reported_comparator"])
