"""How far the data of each KPI reaches: a late source or vendor makes a period incomplete for the numbers it is behind, not for all.

A measure reaches from the first to the last period a vendor reports it in: a week holds the days up to the next Thursday, a month
all its own. Days on which a vendor never works (weekends, say) are not waited for. A measure with rows on few days only, such as
incidents, cannot be late by itself: it reaches as far as anything of its vendor. A KPI reaches as far as all its measures do, and a
total as far as all vendors that are not gone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from analytics.asking import Reader
from analytics.catalogue import MEASURES, Kpi, find_kpi
from analytics.fair_periods import Stretch
from analytics.options import Span, data_span
from analytics.periods import DAYS_PER_WEEK, MONTHS_PER_QUARTER, THURSDAY_OFFSET, Grain, Period
from analytics.warehouse.scope import Scope
from analytics.warehouse.store import Store

RECENT_DAYS = 56
FEWEST_DAYS = 14
SPARSE = 0.5
DAY = timedelta(days=1)
WAITED_FOR = timedelta(weeks=4) - DAY
_KEPT: "WeakKeyDictionary[Store, dict[Scope, Reach | None]]" = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Reach:
    """(vendor, measure) and (vendor, KPI it reports a result of) -> the days it has data of; `span`: all data."""

    span: Span
    measures: Mapping[tuple[str, str], Stretch]
    results: Mapping[tuple[str, str], Stretch]

    def of(self, kpi: str, vendors: Iterable[str] | None = None) -> Stretch:
        """The days a KPI of these vendors (None: of all) has data of; all data where none of them has any.

        A total waits for a vendor that is late by less than four weeks; of who is gone for longer its coverage speaks.
        """
        known = list(self.span.vendor_last_day if vendors is None else vendors)
        counted = [one for vendor in known if (one := self._counted(kpi, vendor)) is not None]
        found = counted or [one for vendor in known if (one := self.results.get((vendor, kpi))) is not None]
        if len(known) == 1 and found:
            found = [_from_first_to_last([*found, *self._own_results(kpi, known[0])])]
        if not found:
            return Stretch(self.span.first_day, self.span.last_day)
        newest = max(one.end for one in found)
        return Stretch(min(one.start for one in found), min(one.end for one in found if one.end >= newest - WAITED_FOR))

    def _own_results(self, kpi: str, vendor: str) -> list[Stretch]:
        return [self.results[vendor, kpi]] if (vendor, kpi) in self.results else []

    def _counted(self, kpi: str, vendor: str) -> Stretch | None:
        """The days all measures of a KPI have data of; None where one is never reported."""
        own = [self.of_measure(vendor, measure) for measure in find_kpi(kpi).measures]
        there = [one for one in own if one is not None]
        return _in_all(there) if len(there) == len(own) else None

    def of_measure(self, vendor: str, measure: str) -> Stretch | None:
        """The days of a measure, or of its parts where it is reported in parts."""
        parts = [self.measures.get((vendor, part)) for part in MEASURES[measure].parts]
        whole = _in_all([part for part in parts if part is not None]) if None not in parts else None
        found = [one for one in (self.measures.get((vendor, measure)), whole) if one is not None]
        return _from_first_to_last(found) if found else None


@dataclass(frozen=True, slots=True)
class Cut:
    """(KPI, vendor) whose measures do not reach equally far: cells of weeks or longer beyond these days have only some of them.

    Half a month of contacts is never set against the cost of the whole one.
    """

    keys: tuple[tuple[str, str], ...]
    days: tuple[Stretch, ...]

    def sql(self, kpi: str) -> str:
        """A condition on a cell (`vendor`, `rank`, `cell`) of the KPI this SQL names; 'true' where nothing is cut."""
        if not self.keys:
            return "true"
        ends = f"""CASE rank WHEN {Grain.WEEK.rank} THEN cell + {DAYS_PER_WEEK - 1} WHEN {Grain.MONTH.rank} THEN last_day(cell)
            ELSE (cell + INTERVAL {MONTHS_PER_QUARTER} MONTH)::DATE - 1 END"""
        columns = ", ".join(f"unnest(${name}) AS {name}" for name in self.parameters)
        return f"""NOT EXISTS (FROM (SELECT {columns}) WHERE cut_kpi = {kpi} AND cut_vendor = vendor
            AND rank > {Grain.DAY.rank} AND (cell < cut_first OR {ends} > cut_last))"""

    @property
    def parameters(self) -> dict[str, object]:
        """The values it binds."""
        if not self.keys:
            return {}
        kpis, vendors = zip(*self.keys, strict=True)
        ends = {"cut_first": [one.start for one in self.days], "cut_last": [one.end for one in self.days]}
        return {"cut_kpi": list(kpis), "cut_vendor": list(vendors), **ends}


NOTHING_CUT = Cut((), ())


def cut_of(reach: Reach | None, kpis: Sequence[Kpi]) -> Cut:
    """What is cut of these KPIs."""
    found: dict[tuple[str, str], Stretch] = {}
    for vendor in reach.span.vendor_last_day if reach else ():
        for kpi in kpis:
            own = [reach.of_measure(vendor, measure) for measure in kpi.measures] if reach else []
            there = [one for one in own if one is not None]
            if len(set(there)) > 1 and len(there) == len(own) and (shared := _in_all(there)) is not None:
                found[kpi.id, vendor] = shared
    return Cut(tuple(found), tuple(found.values()))


def reach_of(store: Reader, scope: Scope) -> Reach | None:
    """How far everything that exists for `scope` reaches; None without data. A published version never changes, so it is kept."""
    if not isinstance(store, Store):
        return _reach(store, scope)
    kept = _KEPT.setdefault(store, {})
    if scope not in kept:
        kept[scope] = _reach(store, scope)
    return kept[scope]


def _reach(store: Reader, scope: Scope) -> Reach | None:
    span = data_span(store, scope)
    return None if span is None else Reach(span, _measures(store, scope, span), _results(store, scope))


def _from_first_to_last(found: Sequence[Stretch]) -> Stretch:
    """From the start of the first to the end of the last of some."""
    return Stretch(min(one.start for one in found), max(one.end for one in found))


def _in_all(found: Sequence[Stretch]) -> Stretch | None:
    """The days all of them have; None where they have none in common."""
    if not found:
        return None
    first, last = max(one.start for one in found), min(one.end for one in found)
    return Stretch(first, last) if first <= last else None


def _measures(store: Reader, scope: Scope, span: Span) -> dict[tuple[str, str], Stretch]:
    known = store.select(scope, "SELECT DISTINCT measure FROM reporting ORDER BY measure")["measure"]
    names = [name for name in known if name in MEASURES]
    found: dict[tuple[str, str], list[Stretch]] = {}
    for row in store.select(scope, _ends_sql(names)).to_dict("records") if names else []:
        found.setdefault((row["vendor"], row["measure"]), []).append(_days_of(row, span))
    return {key: _from_first_to_last(several) for key, several in found.items()}


def _ends_sql(names: Sequence[str]) -> str:
    """Per vendor, grain and measure: first and last period, the weekdays and the number of its latest days."""
    there = ", ".join(f"nullif(bool_or({name} IS NOT NULL), false) AS {name}" for name in names)
    days = f"SELECT vendor, grain, period_start, {there} FROM performance GROUP BY ALL"
    return f"""SELECT vendor, grain, measure, newest, min(period_start) AS first, max(period_start) AS last,
  coalesce(bit_or(1 << dayofweek(period_start)) FILTER (WHERE recent), 0) AS weekdays, count(*) FILTER (WHERE recent) AS days
FROM (
  SELECT *, max(period_start) OVER (PARTITION BY vendor, grain) AS newest, period_start > newest - {RECENT_DAYS} AS recent
  FROM (UNPIVOT ({days}) ON {", ".join(names)} INTO NAME measure VALUE present)
) GROUP BY ALL ORDER BY ALL"""


def _days_of(row: Mapping[str, Any], span: Span) -> Stretch:
    """The days one measure of a vendor reported in one grain has data of."""
    first, last, grain, weekdays = row["first"].date(), row["last"].date(), Grain(row["grain"]), int(row["weekdays"])
    if grain is Grain.WEEK:
        thursday, week = timedelta(days=THURSDAY_OFFSET), timedelta(days=DAYS_PER_WEEK)
        return Stretch(first + thursday - week + DAY, last + thursday + week - DAY)
    if grain is not Grain.DAY:
        return Stretch(first, Period(last, grain).end)
    recent = RECENT_DAYS - (row["newest"].date() - last).days
    if recent >= FEWEST_DAYS and row["days"] < SPARSE * recent:
        return Stretch(span.first_day, max(last, span.vendor_last_day[row["vendor"]]))
    return Stretch(_free_before(first, weekdays), _free_after(last, weekdays))


def _works(weekdays: int, day: date) -> bool:
    return bool(weekdays >> day.isoweekday() % DAYS_PER_WEEK & 1)


def _free_before(first: date, weekdays: int) -> date:
    """The first of the days before it that the vendor never works on."""
    while weekdays and not _works(weekdays, first - DAY):
        first -= DAY
    return first


def _free_after(last: date, weekdays: int) -> date:
    while weekdays and not _works(weekdays, last + DAY):
        last += DAY
    return last


def _results(store: Reader, scope: Scope) -> dict[tuple[str, str], Stretch]:
    """The results vendors report themselves."""
    sql = "SELECT vendor, kpi, grain, min(period_start) AS first, max(period_start) AS last FROM scorecard GROUP BY ALL ORDER BY ALL"
    found: dict[tuple[str, str], list[Stretch]] = {}
    for row in store.select(scope, sql).to_dict("records"):
        days = Stretch(row["first"].date(), Period(row["last"].date(), Grain(row["grain"])).end)
        found.setdefault((row["vendor"], row["kpi"]), []).append(days)
    return {key: _from_first_to_last(several) for key, several in found.items()}
