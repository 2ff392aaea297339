"""The performance report: KPIs of one period against target and comparison, for the portfolio and each vendor."""

from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from analytics.asking import KpiQuery, Reader
from analytics.catalogue import KPIS, find_kpi
from analytics.performance.change import with_change
from analytics.performance.report_request import ReportRequest
from analytics.performance.spc import with_signals
from analytics.performance.targets import TargetBook, load_targets, with_targets
from analytics.performance.variance import Status, with_status
from analytics.performance.words import with_words
from analytics.periods import Grain, Period
from analytics.query import kpi_frame
from analytics.warehouse.scope import Scope
from analytics.wording import counted

SPARKLINE_MONTHS = 13
SIGNAL_MONTHS = 24
KEY = ["vendor", "kpi"]


def report_frame(store: Reader, scope: Scope, request: ReportRequest) -> pd.DataFrame:
    """The KPI frame of the period with targets, status and words, portfolio rows (vendor None) first.

    Adds the change (`analytics.performance.change`) and months_met ('2 of 3 months met', None for a month or shorter).
    """
    book, first = load_targets(store, scope), Period.of(Grain.MONTH, request.period.start)
    months = _months(store, scope, request, book, first.start)
    return _period_rows(store, scope, request, book, _counted(store, scope, request.now, request.by_vendor), months)


@dataclass(frozen=True)
class Report:
    """The report frame and its months without the KPIs nobody measured; `unmeasured` names those of the request.

    `months`: the 24 months that end in the period with verdicts, control limits and signals.
    """

    frame: pd.DataFrame
    months: pd.DataFrame
    unmeasured: tuple[str, ...]


def measured_report(store: Reader, scope: Scope, request: ReportRequest, contract_kpis: tuple[str, ...]) -> Report:
    """The report over what is measured. Data without any contract KPI (an export of a queue, say) shows every KPI it has.

    Which KPIs are measured is seen in the period itself, before targets, months and words are made for the others.
    """
    asked, counted = request, _counted(store, scope, request.now, request.by_vendor)
    found = _measured(counted)
    if counted.rows and not found & set(contract_kpis):
        asked = replace(request, kpis=tuple(dict.fromkeys((*request.kpis, *KPIS))))
        counted = _counted(store, scope, asked.now, asked.by_vendor)
        found = _measured(counted)
    if found:
        asked, counted = replace(asked, kpis=tuple(kpi for kpi in asked.kpis if kpi in found)), counted.of(found)
    book, last = load_targets(store, scope), Period.of(Grain.MONTH, request.period.end)
    months = _months(store, scope, asked, book, last.shifted(1 - SIGNAL_MONTHS).start)
    frame = _period_rows(store, scope, asked, book, counted, months)
    unmeasured = tuple(kpi for kpi in request.kpis if kpi not in found)
    if not found:
        return Report(frame, with_signals(months), () if frame.empty else unmeasured)
    kept = (part[part["kpi"].isin(found)].reset_index(drop=True) for part in (frame, with_signals(months)))
    return Report(*kept, unmeasured)


@dataclass(frozen=True)
class _Counted:
    """KPI frames of one query before any verdict: the total's, and with `by_vendor` those of each vendor."""

    total: pd.DataFrame
    vendors: pd.DataFrame
    by_vendor: bool

    @property
    def shown(self) -> tuple[pd.DataFrame, ...]:
        """The frames a report shows."""
        return (self.total, self.vendors) if self.by_vendor else (self.total,)

    @property
    def rows(self) -> int:
        """How many rows a report shows."""
        return sum(len(frame) for frame in self.shown)

    def of(self, kpis: set[str]) -> "_Counted":
        """Only these KPIs."""
        total, vendors = (frame[frame["kpi"].isin(kpis)].reset_index(drop=True) for frame in (self.total, self.vendors))
        return _Counted(total, vendors, self.by_vendor)


def _counted(store: Reader, scope: Scope, query: KpiQuery, by_vendor: bool) -> _Counted:
    vendors = kpi_frame(store, scope, replace(query, by=("vendor",)))
    return _Counted(kpi_frame(store, scope, query), vendors, by_vendor)


def _measured(counted: _Counted) -> set[str]:
    """The KPIs at least one row has a value for."""
    return {kpi for frame in counted.shown for kpi in frame.loc[frame["value"].notna(), "kpi"]}


def _months(store: Reader, scope: Scope, request: ReportRequest, book: TargetBook, first: date) -> pd.DataFrame:
    """The months from `first` to the one the period ends in, each by itself, with verdicts."""
    last = Period.of(Grain.MONTH, request.period.end)
    query = replace(request.query(Grain.MONTH, first, last.end, ()), own_periods=True)
    return _judged(_counted(store, scope, query, request.by_vendor), query, book)


def _period_rows(
    store: Reader, scope: Scope, request: ReportRequest, book: TargetBook, counted: _Counted, months: pd.DataFrame
) -> pd.DataFrame:
    """The rows of the period itself, against what it is compared with and the months inside it."""
    now = with_words(_judged(counted, request.now, book))
    return _with_months_met(with_change(store, scope, request, now), months, request.period)


def judged_frame(store: Reader, scope: Scope, query: KpiQuery, book: TargetBook, by_vendor: bool) -> pd.DataFrame:
    """Total rows (vendor None), then vendor rows when asked for, with targets, variance, status and words."""
    return with_words(_judged(_counted(store, scope, query, by_vendor), query, book))


def _judged(counted: _Counted, query: KpiQuery, book: TargetBook) -> pd.DataFrame:
    """The shown rows with targets, variance and status."""
    vendors = _verdicts(counted.vendors, query, book)
    total = _verdicts(counted.total, query, book, vendors)
    total.insert(2, "vendor", pd.Series([None] * len(total), index=total.index, dtype=object))
    parts = [total, vendors.astype({"vendor": object})] if counted.by_vendor else [total]
    return pd.concat(parts, ignore_index=True)


def judged_rows(store: Reader, scope: Scope, query: KpiQuery) -> pd.DataFrame:
    """The KPI frame at exactly the dimensions of the query, with targets, variance, status and words."""
    return with_words(judged_values(store, scope, query))


def judged_values(store: Reader, scope: Scope, query: KpiQuery) -> pd.DataFrame:
    """The same without the words: those of many rows of which few are shown cost more than the rest."""
    book = load_targets(store, scope)
    if not query.by:
        return _judged(_counted(store, scope, query, by_vendor=False), query, book).drop(columns="vendor")
    return _verdicts(kpi_frame(store, scope, query), query, book)


def _verdicts(frame: pd.DataFrame, query: KpiQuery, book: TargetBook, members: pd.DataFrame | None = None) -> pd.DataFrame:
    """Targets and status; `members` are the judged vendor rows behind rows that show no vendor."""
    fixed = {dimension: values[0] for dimension, values in query.filters.chosen() if len(values) == 1}
    names = () if members is None else tuple(dict.fromkeys(members["vendor"]))
    return with_status(with_targets(frame, book, fixed, names), members)


def _with_months_met(frame: pd.DataFrame, months: pd.DataFrame, period: Period) -> pd.DataFrame:
    if period.grain not in (Grain.QUARTER, Grain.YEAR):
        return frame.assign(months_met=None)
    inside = months["period"].between(pd.Timestamp(period.start), pd.Timestamp(period.end))
    judged = months[inside & ~months["kpi"].isin(_windowed()) & months["status"].isin([Status.MET, Status.BELOW_EXPECTED, Status.MISSED])]
    counts: dict[tuple, list[bool]] = {}
    for vendor, kpi, status in judged[[*KEY, "status"]].itertuples(index=False, name=None):
        counts.setdefault(_key(vendor, kpi), []).append(status == Status.MET)
    words = [_months_words(counts.get(_key(vendor, kpi))) for vendor, kpi in zip(frame["vendor"], frame["kpi"], strict=True)]
    return frame.assign(months_met=pd.Series(words, index=frame.index, dtype=object))


def _windowed() -> list[str]:
    """The KPIs a month by itself is no verdict on: their number is made of more months than the period has."""
    return [kpi.id for kpi in KPIS.values() if kpi.window_months]


def _months_words(met: list[bool] | None) -> str | None:
    return f"{sum(met)} of {counted(len(met), 'month')} met" if met else None


def _key(vendor: object, kpi: str) -> tuple[str | None, str]:
    return (vendor if isinstance(vendor, str) else None, kpi)


def download_frame(report: pd.DataFrame) -> pd.DataFrame:
    """The report as people download it: words as on screen, then the numbers and counts behind them."""
    kpis = [find_kpi(kpi) for kpi in report["kpi"]]
    return pd.DataFrame(
        {
            "vendor": report["vendor"].fillna("All vendors"),
            "kpi": [kpi.label for kpi in kpis],
            "target": report["target_text"],
            "actual": report["value_text"],
            "variance": report["variance_text"],
            "status": report["status_text"],
            "months_met": report["months_met"],
            "before": report["previous_text"],
            "change": report["change_text"],
            "compared": report["compared_text"],
            "coverage": report["coverage"],
            "remark": report["remark"],
            "kpi_id": report["kpi"],
            "value": report["value"],
            "unit": [kpi.unit.machine_name for kpi in kpis],
            "numerator": report["numerator"],
            "denominator": report["denominator"],
            "period_start": report["period"],
            "period_end": report["period_end"],
        }
    )
