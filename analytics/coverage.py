"""How much of what a number claims to cover is really there: made dense, counted, and said in words."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, partial

import numpy as np
import pandas as pd

from analytics.asking import KpiQuery, Reader, row_key
from analytics.fair_periods import Stretch
from analytics.filters import Filters, where_sql
from analytics.options import Span, data_span
from analytics.periods import CUT, CUT_QUARTERS, MONTHS_PER_YEAR, Grain, Period, add_months, day_text, month_name
from analytics.reach import Reach, cut_of, reach_of
from analytics.warehouse.scope import Scope

MEASURED, WEIGHTED = "measured", "weighted"
MONTHS_MISSING = 12
MONTHS_IN = {Grain.DAY: 0, Grain.WEEK: 0, Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}
GRAINS_OF_DAYS = (Grain.WEEK, Grain.MONTH, Grain.QUARTER)  # their coverage counts days
NOT_YET = "not reporting"
_COUNTS = ("vendors", "vendor_months", "vendor_days", "daily_vendor_months")
FRAME_COLUMNS = ("numerator", "denominator", "value", "coverage", "source_kind", "remark", "currency", "complete")


def with_coverage(store: Reader, scope: Scope, query: KpiQuery, counted: pd.DataFrame) -> pd.DataFrame:
    """The counted sums as a dense KPI frame: one row per period with data x combination that occurs x KPI."""
    span = data_span(store, scope)
    members = _members(store, scope, query)
    if span is None or members.empty:
        return _empty(query)
    frame = _dense(query, span, members).merge(counted, on=["period", *query.by, "kpi"], how="left")
    frame = _valued(frame, query)
    frame["coverage"] = _coverage(frame, query, members)
    reach, vendors = reach_of(store, scope), _vendors(members, query)
    frame["complete"] = _complete(reach, frame, query, vendors)
    frame["remark"] = _texts(_cut_short(reach, frame, query, vendors))
    return frame[["period", "period_end", *query.by, "kpi", *FRAME_COLUMNS]]


def _empty(query: KpiQuery) -> pd.DataFrame:
    frame = pd.DataFrame(columns=["period", "period_end", *query.by, "kpi", *FRAME_COLUMNS])
    return frame.astype(
        {"period": "datetime64[us]", "period_end": "datetime64[us]", "value": float, "numerator": float, "denominator": float}
    )


def _members(store: Reader, scope: Scope, query: KpiQuery) -> pd.DataFrame:
    """Which vendors stand behind each combination of the shown dimensions: `since` their first month `until` a year after their last.

    Until then a vendor without data is missing and the coverage says so; after that it is gone.
    """
    where, parameters = where_sql(query.filters)
    shown = "".join(f"{dimension}, " for dimension in query.by if dimension != "vendor")
    months = "date_trunc('month', period_start)::DATE AS month"
    sql = f"SELECT {shown}vendor, {months} FROM performance WHERE true{where}"
    if not query.cell_dimensions:
        only, more = where_sql(Filters(vendor=query.filters.vendor))
        sql, parameters = f"{sql} UNION ALL SELECT vendor, {months} FROM scorecard WHERE true{only}", parameters | more
    missing = f"(max(month) + INTERVAL {MONTHS_MISSING + 1} MONTH)::DATE - 1"
    return store.select(
        scope, f"SELECT {shown}vendor, min(month) AS since, {missing} AS until FROM ({sql}) GROUP BY ALL ORDER BY ALL", parameters
    )


def _dense(query: KpiQuery, span: Span, members: pd.DataFrame) -> pd.DataFrame:
    """Every period x combination that is expected in it x KPI."""
    periods = _periods(query, span)
    days = pd.DataFrame({"period": [period.start for period in periods], "period_end": [period.end for period in periods]})
    days = days.astype("datetime64[us]")
    kpis = pd.DataFrame({"kpi": list(query.kpis)})
    frame = days
    if query.by:
        spans = members.groupby(list(query.by), dropna=False, sort=False).agg(since=("since", "min"), until=("until", "max")).reset_index()
        spans = spans.astype(dict.fromkeys(query.by, object))  # else a dimension nobody has becomes a number column
        frame = days.merge(spans, how="cross")
        frame = frame[(frame["since"] <= frame["period_end"]) & (frame["until"] >= frame["period"])].drop(columns="until")
    return frame.merge(kpis, how="cross")


def _periods(query: KpiQuery, span: Span) -> list[Period]:
    """The periods asked for that touch the data, oldest first."""
    first, last = max(query.start, span.first_day), min(query.end, span.last_day)
    period, found = Period.of(query.grain, first, query.fiscal_start), []
    while period.start <= last:
        found.append(period)
        period = period.next()
    return found


def _valued(frame: pd.DataFrame, query: KpiQuery) -> pd.DataFrame:
    """value = numerator / denominator x scale; a zero or missing denominator is 'not measured', never 0."""
    definitions = {kpi.id: kpi for kpi in query.definitions}
    numerator, denominator = frame["numerator"].to_numpy(float), frame["denominator"].to_numpy(float)
    scale = frame["kpi"].map({kpi: definition.scale for kpi, definition in definitions.items()}).to_numpy(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(denominator == 0, np.nan, numerator / denominator * scale)
    total = frame["kpi"].map({kpi: not definition.denominator for kpi, definition in definitions.items()}).to_numpy(bool)
    mixed = (frame["least_currency"] != frame["most_currency"]) & frame["most_currency"].notna()
    frame["value"] = np.where(mixed, np.nan, np.where(total, numerator, value))
    frame["denominator"] = np.where(total, np.nan, denominator)
    frame["currency"] = _texts(frame["least_currency"].where(~mixed, None))
    frame["source_kind"] = np.where(frame["weighted"].astype("boolean").fillna(False).to_numpy(bool), WEIGHTED, MEASURED)
    frame["remark"] = _texts(_remarks(frame, query))
    return frame


def _texts(values: Iterable[object]) -> pd.Series:
    """A column of text in which a missing value is None."""
    return pd.Series([None if value is None or value != value else value for value in values], dtype=object)


def _remarks(frame: pd.DataFrame, query: KpiQuery) -> list[str | None]:
    """What a reader must know beside the number; None for most rows."""
    remark = np.full(len(frame), None, dtype=object)
    differs = (frame["least_threshold_seconds"] < frame["most_threshold_seconds"]).to_numpy(bool)
    for row in np.flatnonzero(differs):
        low, high = frame["least_threshold_seconds"].iat[row], frame["most_threshold_seconds"].iat[row]
        remark[row] = f"each by its own threshold, {low:g} to {high:g} s"
    for row in np.flatnonzero(frame["currency_remark"].notna().to_numpy(bool)):
        remark[row] = frame["currency_remark"].iat[row]
    coarser = frame.groupby([*query.by, "kpi"], dropna=False, sort=False)["coarsest"].transform("max").to_numpy(float)
    grains = tuple(Grain)
    for row in np.flatnonzero((coarser > query.grain.rank) & (remark == None)):  # noqa: E711 (elementwise)
        who = "" if np.isnan(frame["value"].iat[row]) else "some vendors are only "
        how = grains[int(coarser[row]) - 1].adverb if coarser[row] < CUT else CUT_QUARTERS
        remark[row] = f"{who}reported {how}"
    for kpi in (kpi for kpi in query.definitions if kpi.steady_months):
        months = frame["months_measured"] if query.window_of(kpi) else MONTHS_IN[query.grain]
        own = (frame["kpi"] == kpi.id) & frame["value"].notna() & (months < kpi.steady_months)
        for row in np.flatnonzero(own & (remark == None)):  # noqa: E711 (elementwise)
            remark[row] = f"trial value, under {kpi.steady_months} months"
    return list(remark)


@dataclass(frozen=True, slots=True)
class _Expected:
    """Vendors that should have reported a period, the months they should have together, and the most of one of them."""

    vendors: int
    vendor_months: int
    months: int


def _coverage(frame: pd.DataFrame, query: KpiQuery, members: pd.DataFrame) -> list[str]:
    spans: dict[tuple, list[tuple[date, date]]] = {}
    for combo, since, until in zip(_combos(members, query), members["since"].dt.date, members["until"].dt.date, strict=True):
        spans.setdefault(combo, []).append((since, until))
    active = {combo: tuple(found) for combo, found in spans.items()}
    windows = {kpi.id: query.window_of(kpi) for kpi in query.definitions}
    expected = cache(lambda whom, start, end, months: _words_of(query, whom, start.date(), end.date(), months))
    words = cache(lambda expected_words, *counts: expected_words(*counts))  # most rows are alike: 200 vendors that miss nothing, say
    days = (frame[name].to_numpy("datetime64[us]").tolist() for name in ("period", "period_end"))
    counts = zip(*(frame[name].fillna(0).astype(int).tolist() for name in _COUNTS), strict=True)
    rows = zip(_combos(frame, query), *days, frame["kpi"].tolist(), counts, strict=True)
    return [words(expected(active[combo], start, end, windows[kpi]), *counted) for combo, start, end, kpi, counted in rows]


def _combos(rows: pd.DataFrame, query: KpiQuery) -> list[tuple]:
    """The shown dimensions of every row; a missing one is None."""
    columns = [rows[name].astype(object).where(rows[name].notna(), None).tolist() for name in query.by]
    return list(zip(*columns, strict=True)) if columns else [()] * len(rows)


def _words_of(query: KpiQuery, active: tuple[tuple[date, date], ...], start: date, end: date, months: int) -> Callable[..., str]:
    """What says the coverage of a place by its counts; of a window with the months it is from and to."""
    first, last = Period.of(query.grain, start, query.fiscal_start).window(months)
    expected = _expected(active, start, end, first)
    if not months:
        return partial(coverage_text, query.grain, (end - start).days + 1, expected)
    if not expected.vendors:
        return lambda *counts: NOT_YET
    begins = add_months(last, 1 - expected.months)
    since = f"{month_name(begins)} {begins.year} to " if expected.months > 1 else ""
    return lambda *counts: f"{coverage_text(Grain.YEAR, 0, expected, *counts)}, {since}{month_name(last)} {last.year}"


def _expected(active: tuple[tuple[date, date], ...], start: date, end: date, first: date) -> _Expected:
    """Who is expected in the period, and how many of the months that begin on `first` each should have."""
    inside = [max(since, first) for since, until in active if since <= end and until >= start]
    months = [(end.year - day.year) * MONTHS_PER_YEAR + end.month - day.month + 1 for day in inside]
    return _Expected(len(inside), sum(months), max(months, default=0))


def coverage_text(
    grain: Grain, days: int, expected: _Expected, vendors: int, vendor_months: int, vendor_days: int, daily_vendor_months: int
) -> str:
    """'3 of 3 months', '4 of 5 vendors, 3 of 3 months', '5 of 5 vendors, 14 of 15 vendor-months', '30 of 31 days'."""
    if not expected.vendors:
        return NOT_YET
    several, months = expected.vendors > 1, expected.months
    parts = [f"{vendors} of {expected.vendors} vendors"] if several else []
    whole = vendors > 0 and vendor_months == vendors * months
    if grain in (Grain.QUARTER, Grain.YEAR):
        if whole or not several:
            parts.append(f"{months if whole else vendor_months} of {months} months")
        else:
            parts.append(f"{vendor_months} of {expected.vendor_months} vendor-months")
    daily = daily_vendor_months > 0 and (grain is not Grain.QUARTER or daily_vendor_months == vendors * months)
    short = daily and grain in GRAINS_OF_DAYS and vendor_days < vendors * days
    if short:
        parts.append(f"{vendor_days} of {vendors * days} {'vendor-days' if several else 'days'}")
    return ", ".join(parts) or _single(grain, days, vendors, vendor_days if daily else 0)


def _single(grain: Grain, days: int, vendors: int, vendor_days: int) -> str:
    """One vendor in one period no longer than a month, nothing missing inside."""
    if grain in (Grain.MONTH, Grain.WEEK) and vendor_days:
        return f"{vendor_days} of {days} days"
    return f"{min(vendors, 1)} of 1 {grain}"


def _vendors(members: pd.DataFrame, query: KpiQuery) -> dict[tuple, tuple[str, ...]]:
    """The shown dimensions -> the vendors behind them."""
    found: dict[tuple, set[str]] = {}
    for combo, vendor in zip(_combos(members, query), members["vendor"], strict=True):
        found.setdefault(combo, set()).add(vendor)
    return {combo: tuple(sorted(vendors)) for combo, vendors in found.items()}


def _complete(reach: Reach | None, frame: pd.DataFrame, query: KpiQuery, vendors: dict[tuple, tuple[str, ...]]) -> np.ndarray:
    """Whole periods only: inside the data each number is made of, and inside the range asked for."""
    if reach is None:
        return np.zeros(len(frame), dtype=bool)
    ends = cache(lambda combo, kpi: _from_to(reach.of(kpi, vendors[combo]), query))
    days = np.array([ends(*key) for key in zip(_combos(frame, query), frame["kpi"].tolist(), strict=True)], dtype="datetime64[us]")
    days = days.reshape(-1, 2)
    return (frame["period"].to_numpy() >= days[:, 0]) & (frame["period_end"].to_numpy() <= days[:, 1])


def _cut_short(reach: Reach | None, frame: pd.DataFrame, query: KpiQuery, vendors: dict[tuple, tuple[str, ...]]) -> list[str | None]:
    """The remarks, with those of rows that are not measured because one of their measures ends inside the period."""
    remarks, cut = list(frame["remark"]), cut_of(reach, query.definitions)
    ends = dict(zip(cut.keys, (days.end for days in cut.days), strict=True))
    for row in np.flatnonzero(frame["value"].isna() & frame["remark"].isna()) if ends else ():
        combo, kpi = tuple(row_key(frame.iloc[row], query.by)), frame["kpi"].iat[row]
        known = [end for vendor in vendors.get(combo, ()) if (end := ends.get((kpi, vendor))) is not None]
        if known and frame["period"].iat[row].date() <= max(known) < frame["period_end"].iat[row].date():
            remarks[row] = f"not all of its data is there: some ends on {day_text(max(known))}"
    return remarks


def _from_to(there: Stretch, query: KpiQuery) -> tuple[date, date]:
    return max(there.start, query.start), min(there.end, query.end)
