"""The quarters before: each KPI of each vendor since the data began, by the report's own rules and the targets of that time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from analytics.asking import Reader
from analytics.performance.report import judged_frame
from analytics.performance.report_request import ReportRequest
from analytics.performance.targets import load_targets
from analytics.performance.variance import Status
from analytics.periods import Grain, Period
from analytics.warehouse.scope import Scope

Key = tuple[str, str]
NOT_MET = (Status.MISSED, Status.BELOW_EXPECTED)


@dataclass(frozen=True, slots=True)
class PastQuarter:
    """One quarter of a KPI. `complete`: its days all lie in the data; `value` None when it was not measured."""

    period: Period
    value: float | None
    value_text: str
    status: str
    complete: bool


def past_quarters(store: Reader, scope: Scope, request: ReportRequest, first_day: date) -> Mapping[Key, tuple[PastQuarter, ...]]:
    """(vendor, KPI) -> its quarters from the one of `first_day` to the request's own, oldest first; vendor '' for all.

    Like the report's own period each is held against the target valid on its first day.
    """
    own = request.period
    first = Period.of(Grain.QUARTER, min(first_day, own.start), own.fiscal_start)
    query = request.query(Grain.QUARTER, first.start, own.end, ())
    frame = judged_frame(store, scope, query, load_targets(store, scope), request.by_vendor)
    found: dict[Key, list[PastQuarter]] = {}
    names = ("vendor", "kpi", "period", "value", "value_text", "status", "complete")
    for vendor, kpi, start, value, text, status, complete in zip(*(frame[name] for name in names), strict=True):
        period = Period.of(Grain.QUARTER, start.date(), own.fiscal_start)
        past = PastQuarter(period, None if value != value else float(value), text, str(status), bool(complete))
        found.setdefault((vendor if isinstance(vendor, str) else "", kpi), []).append(past)
    return {key: tuple(sorted(quarters, key=lambda quarter: quarter.period)) for key, quarters in found.items()}


def run_of(quarters: Sequence[PastQuarter], statuses: Collection[str]) -> int:
    """How many whole quarters in a row, the last one included, had one of these statuses; 0 when the last had not or is not whole."""
    count, expected = 0, quarters[-1].period if quarters else None
    for quarter in reversed(quarters):
        if quarter.period != expected or quarter.status not in statuses or not quarter.complete:
            break
        count, expected = count + 1, quarter.period.previous()
    return count


def measured_whole(quarters: Sequence[PastQuarter]) -> list[PastQuarter]:
    """The quarters that are whole and have a value."""
    return [quarter for quarter in quarters if quarter.complete and quarter.value is not None]
