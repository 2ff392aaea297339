"""The change of a report's rows: whole period against whole period, a period to date against as much of the other one.

To date a KPI of daily measures is compared by elapsed days. One with a measure that comes by weeks or months is compared by
whole weeks or months, on both sides: otherwise a cost of three months would be set against one of four.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pandas as pd

from analytics.asking import Reader
from analytics.catalogue import MEASURES, find_kpi
from analytics.catalogue.units import value_text, variance_text
from analytics.fair_periods import Choice, FairPair, Stretch, fair_pair, held_against
from analytics.filters import Filters, where_sql
from analytics.options import data_span
from analytics.performance.report_request import ReportRequest
from analytics.periods import Grain, Period
from analytics.query import kpi_frame
from analytics.reach import reach_of
from analytics.warehouse.scope import Scope

Key = tuple[str | None, str]
Values = dict[Key, tuple[float, str]]  # value, and its currency ('' when it is no money)
NOTHING = (np.nan, "")


def with_change(store: Reader, scope: Scope, request: ReportRequest, report: pd.DataFrame) -> pd.DataFrame:
    """The report frame plus previous_value, previous_text, change, change_text, compared and compared_text.

    `change` is value - previous_value, both over the same number of days where the period is not over; NaN where nothing is fair,
    for a vendor that was not there from the start, and between two currencies. `compared` names what it is held against ('Q2 2026'),
    `compared_text` says what is compared with what, or why nothing is.
    """
    span = data_span(store, scope)
    if span is None or report.empty:
        return _worded(report, [], [], [], [])
    keys = _keys(report)
    pairs = _pairs(store, scope, request, keys)
    now, before = _values_now(store, scope, request, report, pairs, span.last_day), _values_before(store, scope, request, pairs)
    shown = _pooled(report)
    sides = [(now.get(key, NOTHING), before.get(key, NOTHING) if _adds_up(key, shown, now) else NOTHING) for key in keys]
    same = [then if money == currency else NOTHING for (_, currency), then in sides for money in (then[1],)]
    change = [value - then for ((value, _), _), (then, _) in zip(sides, same, strict=True)]
    return _worded(report, same, change, [pairs[key].against for key in keys], [pairs[key].text for key in keys])


def _adds_up(key: Key, shown: Values, now: Values) -> bool:
    """Whether the value shown less the one before can be the change: not of a total that holds days beyond those compared."""
    held, compared = shown[key][0], now.get(key, NOTHING)[0]
    return bool(find_kpi(key[1]).denominator) or held == compared or held != held


def period_pair(store: Reader, scope: Scope, request: ReportRequest) -> FairPair | None:
    """What the report as a whole compares, by days; None without data."""
    span = data_span(store, scope)
    return None if span is None else fair_pair(request.period, request.comparison, Stretch(span.first_day, span.last_day))


def compared_words(pair: FairPair | None, lead: str = "compared with") -> str:
    """'compared with Q2 2026', 'compared with the first 31 days of Q3 2026, 1 Jul 2026 to 31 Jul 2026', or why there is nothing fair."""
    if pair is None:
        return ""
    return f"{lead} {pair.against}" if pair.against else f"not compared: {pair.note[:1].lower()}{pair.note[1:].removesuffix('.')}"


def coarsest_grains(store: Reader, scope: Scope, kpis: Sequence[str], filters: Filters, days: Stretch) -> dict[str, Grain]:
    """KPI -> the coarsest grain any vendor of the filters reports one of its measures in; a day where nothing is reported."""
    where, parameters = where_sql(Filters(vendor=filters.vendor))
    sql = f"SELECT DISTINCT measure, grain FROM reporting WHERE month BETWEEN date_trunc('month', $first) AND $last{where}"
    found = store.select(scope, sql, parameters | {"first": days.start, "last": days.end})
    grains: dict[str, Grain] = {}
    for measure, grain in zip(found["measure"], found["grain"], strict=True):
        grains[measure] = max(grains.get(measure, Grain.DAY), Grain(grain), key=lambda one: one.rank)
    return {kpi: max((grains.get(name, Grain.DAY) for name in _measures(kpi)), key=lambda one: one.rank) for kpi in kpis}


def _measures(kpi: str) -> list[str]:
    """The measures of a KPI and those that may stand in for them."""
    own = find_kpi(kpi).measures
    return [*own, *(part for measure in own for part in MEASURES[measure].parts)]


def _pairs(store: Reader, scope: Scope, request: ReportRequest, keys: Sequence[Key]) -> dict[Key, FairPair]:
    """(vendor, KPI) -> what is compared with what, as far as its own data reaches."""
    period, other, reach = request.period, request.compared_with, reach_of(store, scope)
    asked = Stretch(min(other.start, period.start), max(other.end, period.end))
    kpis = tuple(dict.fromkeys(kpi for _, kpi in keys))
    reported = coarsest_grains(store, scope, kpis, request.filters, asked)
    everybody = request.filters.vendor or None
    pair = cache(lambda data, grain: fair_pair_by(period, request.comparison, data, grain))
    days = {(vendor, kpi): reach.of(kpi, (vendor,) if vendor else everybody) for vendor, kpi in keys} if reach else {}
    return {key: pair(days[key], min(reported[key[1]], period.grain, key=lambda one: one.rank)) for key in days}


def fair_pair_by(period: Period, choice: Choice, data: Stretch, grain: Grain) -> FairPair:
    """A fair pair of data that comes by `grain`. Two whole periods hold whatever it comes by; parts of them do not."""
    whole = data.start <= period.start and period.end <= data.end and not isinstance(held_against(period, choice), Stretch)
    return fair_pair(period, choice, data, Grain.DAY, grain) if whole else fair_pair(period, choice, data, grain)


def _groups(pairs: Mapping[Key, FairPair]) -> dict[tuple[Stretch, Stretch], list[Key]]:
    """Days shown and compared -> what is compared so: the KPIs of days and of months are often the same."""
    groups: dict[tuple[Stretch, Stretch], list[Key]] = {}
    for key, pair in pairs.items():
        if pair.shown is not None and pair.compared is not None:
            groups.setdefault((pair.shown, pair.compared), []).append(key)
    return groups


def _of(keys: Sequence[Key], values: Values) -> Values:
    """The values of these rows."""
    wanted = set(keys)
    return {key: value for key, value in values.items() if key in wanted}


def _kpis(keys: Sequence[Key]) -> list[str]:
    return list(dict.fromkeys(kpi for _, kpi in keys))


def _values_now(
    store: Reader, scope: Scope, request: ReportRequest, report: pd.DataFrame, pairs: Mapping[Key, FairPair], last_day: date
) -> Values:
    """The values the report shows, except where a KPI has later rows without a counterpart."""
    period = request.period
    now = _pooled(report)
    for (shown, _), keys in _groups(pairs).items():
        if shown.end < min(last_day, period.end):
            now |= _of(keys, _values(store, scope, request, _kpis(keys), period.grain, period.start, shown.end))
    return now


def _values_before(store: Reader, scope: Scope, request: ReportRequest, pairs: Mapping[Key, FairPair]) -> Values:
    """The values of the other side, for members that were there from its start; a window of months ends with the days chosen."""
    other, before = request.compared_with, Values()
    for (_, compared), keys in _groups(pairs).items():
        kpis = _kpis(keys)
        if isinstance(other, Period) and other.end <= compared.end:
            before |= _of(keys, _values(store, scope, request, kpis, other.grain, other.start, other.end, complete=True))
            continue
        grain, start = (other.grain, other.start) if isinstance(other, Period) else (Grain.YEAR, compared.start)
        month = Period.of(Grain.MONTH, start)
        there = _values(store, scope, request, kpis, Grain.MONTH, month.start, month.end)
        values = _values(store, scope, request, kpis, grain, start, compared.end)
        if windowed := [kpi for kpi in kpis if isinstance(other, Stretch) and find_kpi(kpi).window_months]:
            last = Period.of(Grain.MONTH, compared.end)
            values = {key: value for key, value in values.items() if key[1] not in windowed}
            values |= _values(store, scope, request, windowed, Grain.MONTH, last.start, compared.end)
        before |= _of(keys, {key: value for key, value in values.items() if key in there})
    return before


def _values(
    store: Reader,
    scope: Scope,
    request: ReportRequest,
    kpis: Sequence[str],
    grain: Grain,
    first: date,
    last: date,
    *,
    complete: bool = False,
) -> Values:
    """The values of a range of days, each as one number; `complete`: only of members that were there from its start."""
    query = replace(request.query(grain, first, last, ()), kpis=tuple(kpis))
    frames = [kpi_frame(store, scope, query).assign(vendor=None)]
    frames += [kpi_frame(store, scope, replace(query, by=("vendor",)))] if request.by_vendor else []
    rows = [frame[frame["complete"].to_numpy(bool)] if complete else frame for frame in frames]
    return {key: known for frame in rows for key, known in _pooled(frame).items()}


def _pooled(frame: pd.DataFrame) -> Values:
    """(vendor, KPI) -> its value; of several rows the ratio of their sums."""
    groups: dict[Key, list[tuple]] = {}
    columns = ("value", "currency", "numerator", "denominator")
    for key, *row in zip(_keys(frame), *(frame[name] for name in columns), strict=True):
        groups.setdefault(key, []).append(tuple(row))
    return {key: _as_one(key[1], rows) for key, rows in groups.items()}


def _as_one(kpi_id: str, rows: list[tuple]) -> tuple[float, str]:
    value, currency, *_ = rows[0]
    if len(rows) == 1:
        return value, currency or ""
    kpi, measured = find_kpi(kpi_id), [row for row in rows if row[0] == row[0] and row[2] == row[2]]
    currencies = {row[1] or "" for row in measured}
    if len(currencies) != 1:
        return NOTHING
    above = sum(row[2] for row in measured)
    return above / sum(row[3] for row in measured) * kpi.scale if kpi.denominator else above, currencies.pop()


def _keys(frame: pd.DataFrame) -> list[Key]:
    pairs = zip(frame["vendor"], frame["kpi"], strict=True)
    return [(vendor if isinstance(vendor, str) else None, kpi) for vendor, kpi in pairs]


def _worded(
    report: pd.DataFrame, before: Sequence[tuple[float, str]], change: Sequence[float], against: Sequence[str], texts: Sequence[str]
) -> pd.DataFrame:
    kpis = [find_kpi(kpi) for kpi in report["kpi"]] if before else []
    shown = [(then if delta == delta else np.nan, money) for (then, money), delta in zip(before, change, strict=True)]
    rows = list(zip(kpis, shown, change, strict=True))
    words: dict[str, Iterable[str]] = {
        "previous_text": [value_text(then, kpi.unit, money) for kpi, (then, money), _ in rows],
        "change_text": [variance_text(delta, kpi.unit, kpi.better_sign, money) for kpi, (_, money), delta in rows],
        "compared": against,
        "compared_text": texts,
    }
    columns = {name: pd.Series(values or [""] * len(report), index=report.index, dtype=object) for name, values in words.items()}
    numbers = {"previous_value": [then for then, _ in shown], "change": change}
    floats = {name: np.array(values or [np.nan] * len(report), dtype=float) for name, values in numbers.items()}
    return report.assign(**floats, **columns)
