"""How targets change: inside a period, what a new table does to verdicts given, and who entered what when."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import pandas as pd

from analytics.asking import KpiQuery, Reader
from analytics.catalogue import DIMENSIONS, Comparator
from analytics.filters import Filters
from analytics.performance.targets import (
    TABLE_COLUMNS,
    Target,
    TargetBook,
    book_of,
    changes_on,
    with_currency,
    with_targets,
)
from analytics.performance.variance import with_status
from analytics.periods import Grain, Period, day_text
from analytics.target_checks import joined_targets
from analytics.warehouse.scope import Scope

COUNTS, REPLACED = "counts", "replaced"


def targets_inside(book: TargetBook, kpi: str, dimensions: Mapping[str, str], period: Period) -> tuple[tuple[date, Target], ...]:
    """The targets of one row in force during a period: (first day of it, target), the one of the period's first day first."""
    return changes_on(partial(book.find, kpi, dimensions), period.start, book.steps_inside(kpi, period.start, period.end))


def changed_inside_text(asked: str, change: str, period: Period) -> str:
    """What to say of a period whose target changed, of what its first day asks and what comes (`change_words`); '' without a change.

    'The target changed inside Q3 2026: >= 78 %, from 15 Aug 2026 >= 80 %. The period is held against the first.'
    """
    return f"The target changed inside {period.label}: {asked}, {change}. The period is held against the first." if change else ""


def changed_verdicts(
    frame: pd.DataFrame, before: TargetBook, after: TargetBook, fixed: Mapping[str, str] | None = None, members: Sequence[str] = ()
) -> pd.DataFrame:
    """The rows of a KPI frame whose verdict another table of targets would change.

    Columns: period, the dimensions shown, kpi, value, status_before, status_after, target_before, target_after (words). Never
    applied silently: this is what is shown before a backdated target is kept.
    """
    judged = [with_status(with_targets(frame, book, fixed or {}, members)) for book in (before, after)]
    changed = (judged[0]["status"] != judged[1]["status"]).to_numpy(bool)
    shown = ["period", *(dimension for dimension in DIMENSIONS if dimension in frame), "kpi", "value"]
    words = {f"status_{when}": one["status"] for when, one in zip(("before", "after"), judged, strict=True)}
    words |= {
        f"target_{when}": pd.Series(_target_words(one), index=frame.index, dtype=object)
        for when, one in zip(("before", "after"), judged, strict=True)
    }
    return frame[shown].assign(**words)[changed].reset_index(drop=True)


@dataclass(frozen=True, slots=True)
class EffectRequest:
    """Targets about to be stored, each as (field, value) pairs, and the last day of the data."""

    rows: tuple[tuple[tuple[str, object], ...], ...]
    last_day: date
    fiscal_start: int = 1


def verdicts_changed(stored: pd.DataFrame, request: EffectRequest, measured: Callable[[KpiQuery], pd.DataFrame]) -> pd.DataFrame:
    """The monthly verdicts already given that new targets would change, of each vendor, as `changed_verdicts` has them.

    `measured` answers a KPI query: the months stay the same while a level is typed.
    """
    new = pd.DataFrame([dict(row) for row in request.rows], columns=list(TABLE_COLUMNS), dtype=object)
    before = stored[stored["kpi"].isin(new["kpi"])].reset_index(drop=True)
    after, places = joined_targets(before, new)
    old, now = (
        book_of(table.assign(**{day: pd.to_datetime(table[day]) for day in ("valid_from", "valid_to")})) for table in (before, after)
    )
    queries = _months_judged([after.iloc[place] for place in places], request)
    found = [changed_verdicts(measured(query), old, now) for query in queries]
    return pd.concat(found, ignore_index=True).drop_duplicates() if found else pd.DataFrame()


def _months_judged(rows: Sequence[pd.Series], request: EffectRequest) -> list[KpiQuery]:
    """The months that new targets speak of: those of one KPI and the same members asked for once, from the earliest on."""
    firsts: dict[tuple[str, tuple[tuple[str, str], ...]], date] = {}
    for row in rows:
        if row["valid_from"] <= request.last_day:
            key = row["kpi"], tuple((name, row[name]) for name in DIMENSIONS if isinstance(row[name], str))
            first = Period.of(Grain.MONTH, row["valid_from"]).start
            firsts[key] = min(first, firsts.get(key, first))
    found = []
    for (kpi, named), first in firsts.items():
        by = tuple(dict.fromkeys(("vendor", *(name for name, _ in named))))
        filters = Filters(**{name: (member,) for name, member in named})
        found.append(KpiQuery((kpi,), Grain.MONTH, first, request.last_day, by, filters, request.fiscal_start))
    return found


def _target_words(frame: pd.DataFrame) -> list[str]:
    names = ("kpi", "comparator", "target", "lower", "upper")
    money = frame["currency"].where(frame["currency"].notna(), "") if "currency" in frame else [""] * len(frame)
    rows = zip(*(frame[name] for name in names), money, strict=True)
    return [
        Target(how, target, lower=lower, upper=upper, currency=currency).words(kpi) for kpi, how, target, lower, upper, currency in rows
    ]


def target_history(store: Reader, scope: Scope, kpi: str = "") -> pd.DataFrame:
    """Every target ever accepted and not undone, newest first, of one KPI or all. Nothing in it is ever edited.

    The register's columns plus currency, state ('counts', or 'replaced': a later row has its place), asked ('>= 80 %'), before ('replaces
    >= 78 %', 'follows >= 78 % of 1 Jan 2024', ''), batch_id, file_name, loaded_at, loaded_by. Rows of no file have none of these four.
    """
    key = ("kpi", "vendor", "site", "lob", "channel", "valid_from")
    newest = f"row_number() OVER (PARTITION BY {', '.join(key)}, live ORDER BY sequence DESC NULLS FIRST) = 1"
    batch = "batch_id, file_name, loaded_at, loaded_by"
    sql = f"""
        WITH entries AS (
            SELECT entry.*, loaded_at, loaded_by, file_name, sequence, coalesce(batches.status, 'active') = 'active' AS live
            FROM (SELECT * FROM target_rows UNION ALL BY NAME SELECT * FROM targets WHERE batch_id IS NULL) AS entry
            LEFT JOIN batches USING (batch_id))
        SELECT {", ".join(TABLE_COLUMNS)}, CASE WHEN live AND {newest} THEN '{COUNTS}' ELSE '{REPLACED}' END AS state, {batch}
        FROM (SELECT * FROM entries WHERE $kpi = '' OR kpi = $kpi) ORDER BY sequence DESC NULLS FIRST, kpi, valid_from DESC, vendor"""
    return _with_words(with_currency(store, scope, store.select(scope, sql, {"kpi": kpi})))


def _with_words(history: pd.DataFrame) -> pd.DataFrame:
    """What each row asks, and what it stands in place of or follows."""
    levels = zip(*(history[name] for name in ("kpi", "comparator", "expected", "lower", "upper", "currency")), strict=True)
    asked = [
        Target(Comparator(how), target, lower=lower, upper=upper, currency=money).words(kpi)
        for kpi, how, target, lower, upper, money in levels
    ]
    members = list(zip(*(history[name].where(history[name].notna(), "") for name in ("kpi", *DIMENSIONS)), strict=True))
    starts, ends = history["valid_from"].tolist(), history["valid_to"].tolist()
    known: dict[tuple, dict[pd.Timestamp, int]] = {}
    before = [""] * len(asked)
    for place in reversed(range(len(asked))):
        earlier, start = known.setdefault(members[place], {}), starts[place]
        if start in earlier:
            ended = ends[earlier[start]]
            before[place] = f"replaces {asked[earlier[start]]}" + ("" if pd.isna(ended) else f" to {day_text(ended.date())}")
        elif followed := [day for day in earlier if day < start]:
            before[place] = f"follows {asked[earlier[max(followed)]]} of {day_text(max(followed).date())}"
        earlier[start] = place
    words = {name: pd.Series(values, index=history.index, dtype=object) for name, values in (("asked", asked), ("before", before))}
    return history.assign(**words)


def changes_in_words(changes: Sequence[str]) -> str:
    """What a series says of targets that changed inside its periods, with a blank before it; '' without any."""
    found = "; ".join(dict.fromkeys(change for change in changes if change))
    return f" Inside a period the target changed, {found}: such a period is held against the target of its first day." if found else ""
