"""The change of a period that is not over: against as much of the period it is compared with, KPI by KPI.

A KPI of daily measures is compared by elapsed days. One with a measure that comes by weeks or months is compared by whole
weeks or months, on both sides: otherwise a cost of three months would be set against one of four.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from analytics.asking import Reader
from analytics.catalogue import MEASURES, find_kpi
from analytics.catalogue.units import variance_text
from analytics.fair_periods import FairPair, Stretch, fair_pair
from analytics.filters import Filters, where_sql
from analytics.options import data_span
from analytics.performance.report import ReportRequest
from analytics.periods import Grain, Period
from analytics.query import kpi_frame
from analytics.warehouse.scope import Scope

Values = dict[tuple[str | None, str], tuple[float, bool]]


def coarsest_grains(store: Reader, scope: Scope, kpis: Sequence[str], filters: Filters, days: Stretch) -> dict[str, Grain]:
    """KPI -> the coarsest grain any vendor of the filters reports one of its measures in; a day where nothing is reported."""
    where, parameters = where_sql(Filters(vendor=filters.vendor))
    sql = f"SELECT DISTINCT measure, grain FROM reporting WHERE month BETWEEN date_trunc('month', $first) AND $last{where}"
    found = store.select(scope, sql, parameters | {"first": days.first, "last": days.last})
    grains: dict[str, Grain] = {}
    for measure, grain in zip(found["measure"], found["grain"], strict=True):
        grains[measure] = max(grains.get(measure, Grain.DAY), Grain(grain), key=lambda one: one.rank)
    return {kpi: max((grains.get(name, Grain.DAY) for name in _measures(kpi)), key=lambda one: one.rank) for kpi in kpis}


def _measures(kpi: str) -> list[str]:
    """The measures of a KPI and those that may stand in for them."""
    own = find_kpi(kpi).measures
    return [*own, *(part for measure in own for part in MEASURES[measure].parts)]


def with_change_to_date(store: Reader, scope: Scope, request: ReportRequest, report: pd.DataFrame) -> pd.DataFrame:
    """The report frame with the change of a period to date; a whole period keeps the one it has.

    Replaces previous_value, change and change_text, and adds `compared_text`: what is compared with what, or why nothing is.
    """
    span = data_span(store, scope)
    if span is None or report.empty:
        return report.assign(compared_text=pd.Series([""] * len(report), index=report.index, dtype=object))
    data, period = Stretch(span.first_day, span.last_day), request.period
    kpis = tuple(dict.fromkeys(report["kpi"]))
    asked = Stretch(request.compared_with.start, period.end)
    reported = coarsest_grains(store, scope, kpis, request.filters, asked)
    grains = {kpi: min(grain, period.grain, key=lambda one: one.rank) for kpi, grain in reported.items()}
    pairs = {grain: fair_pair(period, request.comparison, data, grain) for grain in set(grains.values())}
    whole = span.covers(period)
    by_days = fair_pair(period, request.comparison, data)
    texts = [_text(by_days if whole else pairs[grains[kpi]]) for kpi in report["kpi"]]
    worded = report.assign(compared_text=pd.Series(texts, index=report.index, dtype=object))
    if whole:
        return worded
    return _changed(worded, *_both(store, scope, request, _groups(grains, pairs), worded, span.last_day))


def _groups(grains: Mapping[str, Grain], pairs: Mapping[Grain, FairPair]) -> dict[tuple[date, date], list[str]]:
    """(last day shown, last day compared) -> the KPIs compared so: those of days and of months are often the same."""
    groups: dict[tuple[date, date], list[str]] = {}
    for kpi, grain in grains.items():
        shown, compared = pairs[grain].shown, pairs[grain].compared
        if shown is not None and compared is not None:
            groups.setdefault((shown.last, compared.last), []).append(kpi)
    return groups


def _text(pair: FairPair) -> str:
    """The words, and the note where there is one."""
    return f"{pair.words}. {pair.note}" if pair.note else pair.words


def _both(
    store: Reader, scope: Scope, request: ReportRequest, groups: Mapping[tuple[date, date], list[str]], report: pd.DataFrame, last_day: date
) -> tuple[Values, Values]:
    """Values to date, and of as much of the earlier period with whether the member was there for all of it."""
    then, now, before = request.compared_with, _by_key(report), {}
    for (shown, compared), kpis in groups.items():
        if shown != last_day:
            now |= _values(store, scope, request, kpis, request.period, shown)
        before |= _values(store, scope, request, kpis, then, compared)
    whole = _values(store, scope, request, list(dict.fromkeys(kpi for _, kpi in before)), then, then.end) if before else {}
    return now, {key: (value, whole.get(key, (np.nan, False))[1]) for key, (value, _) in before.items()}


def _values(store: Reader, scope: Scope, request: ReportRequest, kpis: Sequence[str], period: Period, last: date) -> Values:
    """The values of a period up to a day."""
    query = replace(request.query(period.grain, period.start, last, ()), kpis=tuple(kpis))
    frames = [kpi_frame(store, scope, query).assign(vendor=None)]
    frames += [kpi_frame(store, scope, replace(query, by=("vendor",)))] if request.by_vendor else []
    return {key: known for frame in frames for key, known in _by_key(frame).items()}


def _by_key(frame: pd.DataFrame) -> Values:
    """(vendor, kpi) -> value, and whether the row is complete."""
    rows = frame[["vendor", "kpi", "value", "complete"]].itertuples(index=False, name=None)
    return {(vendor if isinstance(vendor, str) else None, kpi): (value, bool(complete)) for vendor, kpi, value, complete in rows}


def _changed(report: pd.DataFrame, now: Values, before: Values) -> pd.DataFrame:
    """A vendor that was not there for all of the earlier period has no change: as with whole periods."""
    keys = [(vendor if isinstance(vendor, str) else None, kpi) for vendor, kpi in zip(report["vendor"], report["kpi"], strict=True)]
    previous = np.array([before.get(key, (np.nan, False))[0] for key in keys], dtype=float)
    current = np.array([now.get(key, (np.nan, False))[0] for key in keys], dtype=float)
    fair = np.array([before.get(key, (np.nan, False))[1] for key in keys], dtype=bool)
    change = np.where(fair, current - previous, np.nan)
    entries = [find_kpi(kpi) for kpi in report["kpi"]]
    rows = zip(entries, change, report["currency"], strict=True)
    words = [variance_text(delta, kpi.unit, kpi.better_sign, money or "") for kpi, delta, money in rows]
    return report.assign(previous_value=previous, change=change, change_text=pd.Series(words, index=report.index, dtype=object))
