"""Which target applies to a row of the KPI frame: dated, most specific first, never guessed.

Rule. A stored target applies when it is valid on the period's first day and every dimension it names is the row's.
The one naming most dimensions wins; of two rows with the same names and start the later one counts. Two that name
different dimensions, equally many, are a tie and apply to nobody: the row says so. A row above members (all vendors)
uses its own target, else one that all members share, else its status is 'mixed: 3 of 5 met'. A KPI without any
stored target in force that day falls back to the catalogue's default and says so in `basis`. A target that changes inside
a period is held to its first day all the same, and `target_change` says what comes when.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property, partial

import numpy as np
import pandas as pd

from analytics.asking import Reader
from analytics.catalogue import DIMENSIONS, KPIS, Comparator, Unit, find_kpi
from analytics.catalogue.units import target_text
from analytics.periods import day_text
from analytics.warehouse.scope import Scope

DEFAULT_BASIS = "default target"
REPORTED_BASIS = "target reported by the vendor"
SHARED_BASIS = "shared by all members"
MIXED_BASIS = "mixed"
OWN_CURRENCY = "in own currency"
TIE_BASIS = "two targets apply, neither is more specific"
TARGET_COLUMNS = ("comparator", "target", "minimum", "lower", "upper", "basis")
LEVELS = ("target", "minimum", "lower", "upper")
TABLE_COLUMNS = (
    "kpi", "vendor", "site", "lob", "channel", "comparator", "minimum", "expected", "stretch", "lower", "upper",
    "valid_from", "valid_to", "basis", "approved_by",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """One target in base units. `target` is the expected level, `minimum` the worst that is not yet missed.

    `currency`: what an amount of money is printed in, where that is known.
    """

    comparator: Comparator | None
    target: float = np.nan
    minimum: float = np.nan
    lower: float = np.nan
    upper: float = np.nan
    basis: str = ""
    currency: str = ""

    def words(self, kpi: str) -> str:
        """'>= 80 %'; 'none' where nothing is asked. A KPI whose definition is gone has no unit."""
        if self.comparator is None:
            return "none"
        target, lower, upper = (None if np.isnan(level) else level for level in (self.target, self.lower, self.upper))
        unit = KPIS[kpi].unit if kpi in KPIS else Unit.COUNT
        return target_text(self.comparator, target, unit, lower=lower, upper=upper, currency=self.currency)

    @property
    def asked(self) -> tuple[object, ...]:
        """What it asks, whichever contract it stands in; a level it does not set is None, which NaN would not equal."""
        levels = (self.target, self.minimum, self.lower, self.upper)
        return self.comparator, *(None if np.isnan(level) else level for level in levels)


NO_TARGET = Target(None)


@dataclass(frozen=True, slots=True)
class DatedTarget:
    """A stored target: whom it is for, when it is valid, what it asks; `place`: its row in `target_table`."""

    dimensions: tuple[tuple[str, str], ...]
    valid_from: date
    valid_to: date | None
    target: Target
    place: int = 0

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

    @cached_property
    def _by_vendor(self) -> Mapping[tuple[str, str | None], Sequence[DatedTarget]]:
        """(KPI, vendor or None) -> the targets that name this vendor, or none, oldest first."""
        found: dict[tuple[str, str | None], list[DatedTarget]] = defaultdict(list)
        for kpi, book in self.by_kpi.items():
            for target in book:
                found[kpi, dict(target.dimensions).get("vendor")].append(target)
        return dict(found)

    @cached_property
    def steps(self) -> Mapping[str, Sequence[date]]:
        """KPI -> the days on which one of its targets begins, or has ended the day before."""
        return {
            kpi: sorted({day for target in book for day in (target.valid_from, _day_after(target.valid_to)) if day})
            for kpi, book in self.by_kpi.items()
        }

    def steps_inside(self, kpi: str, first: date, last: date) -> Sequence[date]:
        """The steps of a KPI after the first day and up to the last."""
        steps = self.steps.get(kpi, ())
        return steps[bisect_right(steps, first) : bisect_right(steps, last)]

    def applying(self, kpi: str, dimensions: Mapping[str, str], day: date) -> list[DatedTarget]:
        """The stored targets that apply to a row, those naming most dimensions last, of equally many the oldest first."""
        vendor = dimensions.get("vendor")
        stored = (*self._by_vendor.get((kpi, None), ()), *(self._by_vendor.get((kpi, vendor), ()) if vendor else ()))
        found = [target for target in stored if target.valid_on(day) and target.applies(dimensions)]
        return sorted(found, key=lambda target: len(target.dimensions))

    def find(self, kpi: str, dimensions: Mapping[str, str], day: date) -> Target:
        """The target of one row; NO_TARGET when the KPI has targets that day but none for this row."""
        candidates = self.applying(kpi, dimensions, day)
        if not candidates:
            return NO_TARGET if any(target.valid_on(day) for target in self.by_kpi.get(kpi, ())) else default_target(kpi)
        return replace(NO_TARGET, basis=TIE_BASIS) if is_tie(candidates) else candidates[-1].target


def is_tie(applying: Sequence[DatedTarget]) -> bool:
    """Whether two of the targets that apply name different dimensions, equally many, and none names more."""
    best = (target for target in applying if len(target.dimensions) == len(applying[-1].dimensions))
    return len({tuple(name for name, _ in target.dimensions) for target in best}) > 1


def _day_after(day: date | None) -> date | None:
    return day + timedelta(days=1) if day and day < date.max else None


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
    return book_of(target_table(store, scope))


def target_table(store: Reader, scope: Scope) -> pd.DataFrame:
    """The targets in force or once in force, as the register file has them: the CSV that loads back as the same table."""
    return store.select(scope, f"SELECT {', '.join(TABLE_COLUMNS)} FROM targets ORDER BY kpi, vendor, site, lob, channel, valid_from")


def with_currency(store: Reader, scope: Scope, table: pd.DataFrame) -> pd.DataFrame:
    """A table of targets plus `currency`, what its amounts are printed in; '' for other KPIs and where no amount is known."""
    known = _currencies(store, scope)
    shown = [_currency(known, kpi, vendor) for kpi, vendor in zip(table["kpi"], table["vendor"], strict=True)]
    return table.assign(currency=pd.Series(shown, index=table.index, dtype=object))


def currency_of(store: Reader, scope: Scope, kpi: str, vendor: str | None) -> str:
    """The currency of a target: the vendor's for a KPI of money, 'in own currency' where there are several.

    A target that names no vendor is asked of all of them.
    """
    return _currency(_currencies(store, scope), kpi, vendor)


def _currencies(store: Reader, scope: Scope) -> Mapping[str | None, frozenset[str]]:
    """Vendor -> the currencies of its amounts, and those of all under None."""
    found: dict[str | None, set[str]] = defaultdict(set)
    sql = "SELECT DISTINCT vendor, currency FROM performance WHERE currency IS NOT NULL"
    for vendor, currency in store.select(scope, sql).itertuples(index=False):
        found[vendor].add(currency)
        found[None].add(currency)
    return {vendor: frozenset(known) for vendor, known in found.items()}


def _currency(known: Mapping[str | None, frozenset[str]], kpi: str, vendor: object) -> str:
    if kpi not in KPIS or KPIS[kpi].unit is not Unit.MONEY:
        return ""
    found = known.get(vendor if isinstance(vendor, str) else None, frozenset())
    return OWN_CURRENCY if len(found) > 1 else next(iter(found), "")


def book_of(table: pd.DataFrame) -> TargetBook:
    """The book of a table with the columns of `target_table`, and where amounts are to be printed `currency` (`with_currency`)."""
    book: dict[str, list[DatedTarget]] = defaultdict(list)
    for place, row in enumerate(table.to_dict("records")):
        named = tuple((name, row[name]) for name in DIMENSIONS if isinstance(row[name], str))
        levels = {"target": row["expected"]} | {name: row[name] for name in ("minimum", "lower", "upper")}
        basis = row["basis"] if isinstance(row["basis"], str) else "stored target"
        asked = {name: _level(level) for name, level in levels.items()}
        target = Target(Comparator(row["comparator"]), **asked, basis=basis, currency=row.get("currency", ""))
        book[row["kpi"]].append(DatedTarget(named, row["valid_from"].date(), _date(row["valid_to"]), target, place))
    return TargetBook({kpi: sorted(targets, key=lambda target: target.valid_from) for kpi, targets in book.items()})


def _level(level: float | None) -> float:
    return np.nan if level is None else float(level)


def _date(stamp: pd.Timestamp) -> date | None:
    return None if pd.isna(stamp) else stamp.date()


def with_targets(frame: pd.DataFrame, book: TargetBook, fixed: Mapping[str, str], members: Sequence[str] = ()) -> pd.DataFrame:
    """The frame plus comparator, target, minimum, lower, upper, basis, target_change ('from 15 Aug 2026 >= 80 %', mostly '').

    `fixed`: dimensions every row shares because the filter leaves one value. `members`: the vendors behind a row that
    shows none, for targets they share.
    """
    shown = [dimension for dimension in DIMENSIONS if dimension in frame]
    alike, rows = _alike(frame, book, shown)
    ends = "period_end" if "period_end" in frame else "period"
    columns = [frame[name].iloc[rows] for name in ("kpi", "period", ends, *shown)]
    targets, changes = [], []
    for kpi, period, end, *values in zip(*columns, strict=True):
        own = {dimension: value for dimension, value in zip(shown, values, strict=True) if isinstance(value, str)}
        on = partial(_resolve, book, kpi, {**fixed, **own}, members)
        targets.append(on(period.date()))
        steps = book.steps_inside(kpi, period.date(), end.date())
        changes.append(change_words(kpi, changes_on(on, period.date(), steps)) if steps else "")
    added = {name: [getattr(target, name) for target in targets] for name in TARGET_COLUMNS} | {"target_change": changes}
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


def changes_on(on: Callable[[date], Target], first: date, steps: Sequence[date]) -> tuple[tuple[date, Target], ...]:
    """(day, target) on the first day and on each step on which another target begins."""
    found: list[tuple[date, Target]] = []
    for day in (first, *steps):
        target = on(day)
        if not found or target.asked != found[-1][1].asked:
            found.append((day, target))
    return tuple(found)


def change_words(kpi: str, changes: Sequence[tuple[date, Target]]) -> str:
    """'from 15 Aug 2026 >= 80 %', without the target of the first day; '' where it stays."""
    return ", ".join(f"from {day_text(day)} {target.words(kpi)}" for day, target in changes[1:])


def _resolve(book: TargetBook, kpi: str, dimensions: Mapping[str, str], members: Sequence[str], day: date) -> Target:
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
        frame.loc[index, ["basis", "target_change"]] = [REPORTED_BASIS, ""]
    return frame.drop(columns=["reported_target", "reported_comparator"])
