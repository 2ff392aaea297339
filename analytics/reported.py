"""Results a vendor reports without the counts behind them: shown in their own rows, never part of a total.

A ratio cannot be averaged without its denominators. Asked for a quarter of a vendor that reports months, the frame
therefore carries the last month reported in it and says so; counts, which do add up, are added.
"""

from datetime import date

import numpy as np
import pandas as pd

from analytics.asking import KpiQuery, Reader
from analytics.catalogue import DIMENSIONS, KPIS
from analytics.filters import where_sql
from analytics.periods import CUT, CUT_QUARTERS, MONTHS_PER_QUARTER, Grain, Period, add_months, anchor_sql
from analytics.warehouse.scope import Scope

REPORTED = "reported"


def with_reported(store: Reader, scope: Scope, query: KpiQuery, frame: pd.DataFrame) -> pd.DataFrame:
    """Fill the rows of single vendors that nothing was measured for from their scorecards; adds reported_target, reported_comparator."""
    frame["reported_target"] = np.nan
    frame["reported_comparator"] = None
    if frame.empty or not _one_vendor_per_row(store, scope, query):
        return frame
    rows = reported_rows(store, scope, query)
    if rows.empty:
        return frame
    groups: dict[tuple, list[dict]] = {}
    for row in rows.to_dict("records"):  # plain values: a few hundred tiny groups cost ten times as much as frames
        groups.setdefault(tuple(row[name] for name in ("bucket", *query.by, "kpi")), []).append(row)
    filled = {key: _as_one(group, query, key) for key, group in groups.items()}
    return _fill(frame, query, filled, _coarser(rows, query))


def _one_vendor_per_row(store: Reader, scope: Scope, query: KpiQuery) -> bool:
    """A row is one vendor when vendors are shown, or when only one exists or is chosen."""
    if "vendor" in query.by or len(query.filters.vendor) == 1:
        return True
    return len(store.select(scope, "SELECT vendor FROM performance UNION SELECT vendor FROM scorecard")) == 1


def reported_rows(store: Reader, scope: Scope, query: KpiQuery) -> pd.DataFrame:
    """Scorecard rows at exactly the dimensions shown or filtered, with the period of the query they fall in."""
    where, parameters = where_sql(query.filters)
    kept = {"vendor", *query.by, *query.filters.dimensions}
    unsplit = "".join(f" AND {dimension} IS NULL" for dimension in DIMENSIONS if dimension not in kept)
    rows = store.select(
        scope,
        f"SELECT *, {anchor_sql('period_start')} AS anchor FROM scorecard "
        f"WHERE kpi IN (SELECT unnest($kpis)) AND anchor BETWEEN $first AND $last{where}{unsplit} ORDER BY period_start",
        parameters | {"kpis": list(query.kpis), "first": query.start, "last": query.end},
    )
    rows["bucket"] = [pd.Timestamp(Period.of(query.grain, anchor.date(), query.fiscal_start).start) for anchor in rows["anchor"]]
    starts = zip(rows["grain"], rows["period_start"], strict=True)
    rows["rank"] = [CUT if _is_cut(query, Grain(grain), start.date()) else Grain(grain).rank for grain, start in starts]
    return rows


def _is_cut(query: KpiQuery, grain: Grain, start: date) -> bool:
    """Whether a calendar quarter lies in two periods of the query: its fiscal year begins inside."""
    last_month = add_months(start, MONTHS_PER_QUARTER - 1)
    first, last = (Period.of(query.grain, day, query.fiscal_start) for day in (start, last_month))
    return grain is Grain.QUARTER and first != last and query.grain.rank >= grain.rank


def _coarser(rows: pd.DataFrame, query: KpiQuery) -> dict[tuple, str]:
    """Series that are only reported coarser than asked -> 'reported monthly'."""
    coarse = rows[rows["rank"] > query.grain.rank]
    keys = coarse[[*query.by, "kpi"]].itertuples(index=False, name=None)
    how = [CUT_QUARTERS if rank == CUT else Grain(grain).adverb for rank, grain in zip(coarse["rank"], coarse["grain"], strict=True)]
    return {key: f"reported {words}" for key, words in zip(keys, how, strict=True)}


def _as_one(rows: list[dict], query: KpiQuery, key: tuple) -> dict[str, object] | None:
    """One value for a period: its own result, else of its longest parts the sum of counts or the last ratio."""
    fitting = [row for row in rows if row["rank"] <= query.grain.rank and row["actual"] == row["actual"]]
    if not fitting:
        return None
    longest = max(row["rank"] for row in fitting)
    parts = [row for row in fitting if row["rank"] == longest]
    last, grain = parts[-1], Grain(parts[-1]["grain"])
    adds_up, whole = not KPIS[key[-1]].denominator, grain is query.grain
    return {
        "value": float(sum(row["actual"] for row in parts) if adds_up else last["actual"]),
        "coverage": "reported by the vendor" if whole else _part_words(parts, adds_up, key[0].date(), query),
        "remark": None if whole else f"reported {grain.adverb}",
        "source_kind": REPORTED,
        "reported_target": last["target"],
        "reported_comparator": last["comparator"],
    }


def _part_words(parts: list[dict], adds_up: bool, bucket: date, query: KpiQuery) -> str:
    """'Sep 2026 only, 3 of 3 months reported'."""
    grain = Grain(parts[-1]["grain"])
    expected = len(list(Period(bucket, query.grain, query.fiscal_start).within(grain)))
    reported = f"{len({row['period_start'] for row in parts})} of {expected} {grain}s reported"
    last = Period(parts[-1]["period_start"].date(), grain, query.fiscal_start)
    return reported if adds_up else f"{last.label} only, {reported}"


def _fill(frame: pd.DataFrame, query: KpiQuery, filled: dict[tuple, dict | None], coarser: dict[tuple, str]) -> pd.DataFrame:
    columns = {name: frame[name].astype(object).to_numpy(copy=True) for name in ("value", "coverage", "remark", "source_kind", *_TARGET)}
    keys = frame[["period", *query.by, "kpi"]].itertuples(index=False, name=None)
    for row, key in enumerate(keys):
        if columns["value"][row] == columns["value"][row]:
            continue
        found = filled.get(key)
        for name, value in (found or {}).items():
            columns[name][row] = value
        if not found and key[1:] in coarser:
            columns["remark"][row] = coarser[key[1:]]
    types = {"value": float, "reported_target": float}
    return frame.assign(**{name: pd.Series(values, index=frame.index, dtype=types.get(name, object)) for name, values in columns.items()})


_TARGET = ("reported_target", "reported_comparator")
