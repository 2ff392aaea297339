"""How targets change: inside a period, what a new table does to verdicts given, and who agreed what when."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pandas as pd

from analytics.asking import Reader
from analytics.catalogue import DIMENSIONS, find_kpi
from analytics.catalogue.units import target_text
from analytics.performance.targets import Target, TargetBook, with_targets
from analytics.performance.variance import with_status
from analytics.periods import Period, day_text
from analytics.warehouse.scope import Scope

COLUMNS = (
    "kpi", "vendor", "site", "lob", "channel", "comparator", "minimum", "expected", "stretch", "lower", "upper",
    "valid_from", "valid_to", "basis", "approved_by",
)  # fmt: skip


def targets_inside(book: TargetBook, kpi: str, dimensions: Mapping[str, str], period: Period) -> tuple[tuple[date, Target], ...]:
    """The targets of one row in force during a period: (first day of it, target), the one of the period's first day first."""
    stored = book.by_kpi.get(kpi, ())
    ends = (target.valid_to + timedelta(days=1) for target in stored if target.valid_to)
    steps = sorted({day for day in (*(target.valid_from for target in stored), *ends) if period.start < day <= period.end})
    found: list[tuple[date, Target]] = []
    for day in (period.start, *steps):
        target = book.find(kpi, dimensions, day)
        if not found or target.asked != found[-1][1].asked:
            found.append((day, target))
    return tuple(found)


def changed_inside_text(kpi: str, period: Period, inside: Sequence[tuple[date, Target]]) -> str:
    """What to say beside a period whose target changed; '' without a change.

    'The target changed inside Q3 2026: >= 78 %, from 15 Aug 2026 >= 80 %. The period is held against the first.'
    """
    if len(inside) < 2:
        return ""
    asked = [_asked(kpi, target) for _, target in inside]
    steps = ", ".join(f"from {day_text(day)} {words}" for (day, _), words in zip(inside[1:], asked[1:], strict=True))
    return f"The target changed inside {period.label}: {asked[0]}, {steps}. The period is held against the first."


def _asked(kpi: str, target: Target) -> str:
    if target.comparator is None:
        return "none"
    levels = {
        name: None if getattr(target, name) != getattr(target, name) else getattr(target, name) for name in ("target", "lower", "upper")
    }
    return target_text(target.comparator, levels["target"], find_kpi(kpi).unit, lower=levels["lower"], upper=levels["upper"])


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


def _target_words(frame: pd.DataFrame) -> list[str]:
    rows = zip(frame["kpi"], frame["comparator"], frame["target"], frame["lower"], frame["upper"], strict=True)
    return [_asked(kpi, Target(comparator, target, lower=lower, upper=upper)) for kpi, comparator, target, lower, upper in rows]


def target_table(store: Reader, scope: Scope) -> pd.DataFrame:
    """The targets in force or once in force, as the register file has them: the CSV that loads back as the same table."""
    return store.select(scope, f"SELECT {', '.join(COLUMNS)} FROM targets ORDER BY kpi, vendor, site, lob, channel, valid_from")


def target_history(store: Reader, scope: Scope, kpi: str = "") -> pd.DataFrame:
    """Every target accepted, newest first, of one KPI or all: the register's columns plus state, loaded_at, loaded_by, file_name.

    state: 'counts' or 'replaced' (a later row, or a later reading of the file, has its place). Rows of no file have no loaded_at.
    """
    key = ("kpi", "vendor", "site", "lob", "channel", "valid_from")
    newest = f"row_number() OVER (PARTITION BY {', '.join(key)}, live ORDER BY sequence DESC NULLS FIRST) = 1"
    sql = f"""
        WITH entries AS (
            SELECT entry.*, loaded_at, loaded_by, file_name, sequence, coalesce(batches.status, 'active') = 'active' AS live
            FROM (SELECT * FROM target_rows UNION ALL BY NAME SELECT * FROM targets WHERE batch_id IS NULL) AS entry
            LEFT JOIN batches USING (batch_id))
        SELECT {", ".join(COLUMNS)}, CASE WHEN live AND {newest} THEN 'counts' ELSE 'replaced' END AS state, loaded_at, loaded_by, file_name
        FROM (SELECT * FROM entries WHERE $kpi = '' OR kpi = $kpi) ORDER BY sequence DESC NULLS FIRST, kpi, valid_from DESC, vendor"""
    return store.select(scope, sql, {"kpi": kpi})
