"""Why a KPI moved: its two sides (two periods, target and actual, or before and after an event) and the split between them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

import pandas as pd

from analytics.asking import KpiQuery, Reader
from analytics.catalogue import DIMENSIONS, Comparator, find_kpi
from analytics.fair_periods import FairPair, Stretch, fair_pair
from analytics.filters import Filters
from analytics.options import data_span
from analytics.performance.around_event import around_event, around_words, before_and_after
from analytics.performance.change import coarsest_grains
from analytics.performance.drivers import MIXED_CURRENCIES, Split, split_change, split_gap
from analytics.performance.report import judged_rows
from analytics.performance.targets import MIXED_BASIS
from analytics.performance.trends import TrendRequest, trend_events
from analytics.performance.verdict import label_in_sentence
from analytics.periods import Grain, Period, day_text, month_name
from analytics.query import kpi_frame
from analytics.reach import reach_of
from analytics.reported import REPORTED
from analytics.warehouse.scope import Scope
from analytics.wording import counted

Periods = tuple[Period, ...]


class Against(StrEnum):
    """What the period is held against."""

    PERIOD = "period"
    TARGET = "target"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class WhyRequest:
    """One KPI by one dimension: `period` against `other`, against its target, or the months around the day of an event."""

    kpi: str
    by: str
    period: Period
    other: Period | Stretch
    against: Against = Against.PERIOD
    event_day: date | None = None
    event_title: str = ""
    filters: Filters = field(default_factory=Filters)
    reporting_currency: str = ""

    one_currency: bool = False

    def query(self, first: Period, last: Period, by: tuple[str, ...]) -> KpiQuery:
        """The KPI query from one period to another of the same grain; those that are put together are taken each by itself."""
        asked = (self.filters, first.fiscal_start, self.reporting_currency, self.one_currency)
        parts = isinstance(self.other, Stretch) or self.against is Against.EVENT or (first, first.grain) != (last, self.period.grain)
        return KpiQuery((self.kpi,), first.grain, first.start, last.end, by, *asked, own_periods=parts)


@dataclass(frozen=True, slots=True)
class Side:
    """One end of a change: the periods it pools, what its number covers and what else must be known about it."""

    periods: Periods
    coverage: str
    remark: str = ""
    complete: bool = True

    @property
    def name(self) -> str:
        """'Q2 2026', 'Jun to Jul 2026'."""
        first, last = self.periods[0], self.periods[-1]
        if first == last:
            return first.label
        year = f" {first.start.year}" if first.start.year != last.start.year else ""
        return f"{month_name(first.start)}{year} to {last.label}" if first.grain is Grain.MONTH else Stretch(first.start, last.end).label

    @property
    def when(self) -> str:
        """The name in a sentence: 'in Q2 2026', 'in Jun to Jul 2026', 'in the 15 days to 15 Oct 2026'."""
        first, last = self.periods[0], self.periods[-1]
        if first == last:
            return first.phrase
        many = f"the {counted(len(self.periods), first.grain)} to {day_text(last.end)}"
        return f"in {self.name if first.grain is Grain.MONTH else many}"

    @property
    def phrase(self) -> str:
        """When, and that it is not over: 'in Q3 2026 so far'."""
        return self.when if self.complete else f"{self.when} so far"


@dataclass(frozen=True, slots=True)
class Why:
    """The split, its ends (`before` None against a target) and what must be said beside it.

    Without a split `remark` says why there is none, as a sentence. `goal`: the target in words, and `basis` what it rests on.
    """

    split: Split | None = None
    before: Side | None = None
    after: Side | None = None
    remark: str = ""
    goal: str = ""
    basis: str = ""
    note: str = ""


def dated_events(store: Reader, scope: Scope, kpi: str, filters: Filters) -> list[tuple[date, str]]:
    """The dated events that touch this KPI and these vendors and sites, newest first: day and title."""
    span = data_span(store, scope)
    if span is None:
        return []
    found = trend_events(store, scope, TrendRequest(kpi, Grain.MONTH, span.first_day, span.last_day, filters))
    pairs = zip(found["happened_on"], found["title"], strict=True)
    return sorted(((day.date(), str(title)) for day, title in pairs), reverse=True)


def why_moved(store: Reader, scope: Scope, request: WhyRequest) -> Why:
    """The split of what is asked, or why there is none. Money in several currencies is converted where rates are known."""
    return _why(store, scope, request, None)


def why_moved_by(store: Reader, scope: Scope, request: WhyRequest, dimensions: Sequence[str]) -> dict[str, Why]:
    """Dimension -> `why_moved` between the two periods of the request by it; their ends are read once for all of them."""
    ends = _ends(store, scope, request)
    return {dimension: _why(store, scope, replace(request, by=dimension), ends) for dimension in dimensions}


def _why(store: Reader, scope: Scope, request: WhyRequest, ends: "_Ends | None") -> Why:
    found = _found(store, scope, request, ends)
    mixed = found.split is not None and found.split.remark == MIXED_CURRENCIES
    if mixed and request.reporting_currency:
        found = _found(store, scope, replace(request, one_currency=True), None)
    return _explained(request, found)


def _found(store: Reader, scope: Scope, request: WhyRequest, ends: "_Ends | None") -> Why:
    match request.against:
        case Against.PERIOD:
            return _between_periods(store, scope, request, ends or _ends(store, scope, request))
        case Against.TARGET:
            return _against_target(store, scope, request)
        case Against.EVENT:
            return _around_an_event(store, scope, request)


@dataclass(frozen=True)
class _Ends:
    """Both sides of a change without any dimension; `refused` where they cannot be compared."""

    then: Periods
    now: Periods
    totals: tuple[pd.DataFrame, ...]
    refused: Why | None
    sides: tuple[Side, ...] = ()
    note: str = ""


def _ends(store: Reader, scope: Scope, request: WhyRequest) -> _Ends:
    pair, then, now = _two_sides(store, scope, request)
    if not then:
        return _Ends(then, now, (), Why(remark=pair.note if pair else ""))
    totals = tuple(_asked(store, scope, request, periods, ()) for periods in (then, now))
    sides = tuple(_side(frame, periods) for frame, periods in zip(totals, (then, now), strict=True))
    remark = ""
    for frame, side in zip(totals, sides, strict=True):
        if _unmeasured(frame):
            remark = remark or _missing_words(store, scope, request, frame, side)
    unfinished = [side.periods[0] for side in sides if not side.complete]
    if unfinished and not remark:
        remark = _incomplete_words(store, scope, request, unfinished[0])
    refused = Why(before=sides[0], after=sides[1], remark=remark) if remark else None
    return _Ends(then, now, totals, refused, sides, f"{pair.text.removesuffix('.')}." if pair else "")


def _between_periods(store: Reader, scope: Scope, request: WhyRequest, ends: _Ends) -> Why:
    if ends.refused:
        return ends.refused
    before, after = (_asked(store, scope, request, periods, (request.by,)) for periods in (ends.then, ends.now))
    split = split_change(before, after, request.by, (ends.totals[0], ends.totals[1]))
    return Why(split, ends.sides[0], ends.sides[1], note=ends.note)


def _two_sides(store: Reader, scope: Scope, request: WhyRequest) -> tuple[FairPair | None, Periods, Periods]:
    """Two periods as they are, or what of them is fair, as the months or days it consists of; () where two dates are not."""
    period, other, data = request.period, request.other, _reached(store, scope, request)
    if data is None or (isinstance(other, Period) and data.start <= period.start and period.end <= data.end):
        return None, (other,) if isinstance(other, Period) else (), (period,)
    asked = Stretch(min(other.start, period.start), max(other.end, period.end))
    reported = coarsest_grains(store, scope, (request.kpi,), request.filters, asked)[request.kpi]
    grain = min(reported, period.grain, key=lambda one: one.rank)
    pair = fair_pair(period, other, data, grain)
    if pair.shown is None or pair.compared is None:
        return pair, (other,) if isinstance(other, Period) else (), (period,)
    return pair, _pieces(pair.compared, grain, period.fiscal_start), _pieces(pair.shown, grain, period.fiscal_start)


def _pieces(days: Stretch, grain: Grain, fiscal_start: int) -> Periods:
    """The periods of a grain a stretch consists of; of days the months, where they are whole ones."""
    if grain is Grain.DAY and days.start.day == 1 and (days.end + timedelta(days=1)).day == 1:
        grain = Grain.MONTH
    pieces = [Period.of(grain, days.start, fiscal_start)]
    while pieces[-1].end < days.end:
        pieces.append(pieces[-1].next())
    return tuple(pieces)


def _asked(store: Reader, scope: Scope, request: WhyRequest, periods: Periods, by: tuple[str, ...]) -> pd.DataFrame:
    return kpi_frame(store, scope, request.query(periods[0], periods[-1], by))


def _side(frame: pd.DataFrame, periods: Periods) -> Side:
    """What the total's rows cover, and what else they say."""
    if frame.empty:
        return Side(periods, "no data")
    words = list(dict.fromkeys(frame["coverage"]))
    remarks = dict.fromkeys(remark for remark in frame["remark"] if remark)
    return Side(periods, "; ".join(words), "; ".join(remarks), bool(frame["complete"].all()))


def _unmeasured(frame: pd.DataFrame) -> bool:
    """Whether there is no number, or no sums behind it."""
    return frame.empty or bool((frame["numerator"].isna() | frame["value"].isna()).all())


def _missing_words(store: Reader, scope: Scope, request: WhyRequest, frame: pd.DataFrame, side: Side) -> str:
    """Why there is nothing to split, in a sentence."""
    name, span, when = find_kpi(request.kpi).label, data_span(store, scope), side.when
    if len(frame) and (frame["source_kind"] == REPORTED).any():
        return f"{name} {when} is reported without the counts behind it, so it cannot be split."
    remark = next((remark for remark in frame["remark"] if remark), "") if len(frame) else ""
    if remark:
        return f"No {label_in_sentence(request.kpi)} {when}: {remark}."
    if len(frame) and frame["numerator"].notna().any():
        return f"{name} cannot be computed {when}: there is nothing to divide by."
    outside = span is not None and (side.periods[-1].end < span.first_day or side.periods[0].start > span.last_day)
    known = f"; the data covers {day_text(span.first_day)} to {day_text(span.last_day)}" if outside and span else ""
    return f"No {label_in_sentence(request.kpi)} was measured {when}{known}."


def _incomplete_words(store: Reader, scope: Scope, request: WhyRequest, period: Period) -> str:
    data = _reached(store, scope, request)
    if data is None:
        return f"{period.label} is not complete."
    until = f"to {day_text(data.end)}" if data.end < period.end else f"from {day_text(data.start)}"
    return f"{period.label} is not complete, there is data {until}: it is not compared with a whole period."


def _reached(store: Reader, scope: Scope, request: WhyRequest) -> Stretch | None:
    """The days the KPI has data of; None without any data."""
    reach = reach_of(store, scope)
    return reach.of(request.kpi, request.filters.vendor or None) if reach else None


def _explained(request: WhyRequest, why: Why) -> Why:
    """The same, with the reason when the numbers cannot be split after all."""
    split = why.split
    if split is None:
        return why
    if split.change is not None:
        nameless = all(part.member is None for part in split.parts)
        words = f"{find_kpi(request.kpi).label} is not reported by {DIMENSIONS[request.by].label.lower()} for these periods and filters."
        return replace(why, split=None, remark=words) if nameless else why
    words = "No rate can be computed: nothing to divide by."
    if split.remark == MIXED_CURRENCIES:
        words = "The money is in several currencies, so its parts cannot be added up. Choose members with one currency in the filters."
    return replace(why, split=None, remark=words)


def _against_target(store: Reader, scope: Scope, request: WhyRequest) -> Why:
    """The gap to the target valid on the period's first day; a period that is not complete is judged so far."""
    kpi, period = find_kpi(request.kpi), request.period
    total = judged_rows(store, scope, request.query(period, period, ()))
    side = _side(total, (period,))
    if not kpi.denominator:
        return Why(after=side, remark=f"{kpi.label} is a total: its distance from a target has no rates to split. Compare two periods.")
    if _unmeasured(total):
        return Why(after=side, remark=_missing_words(store, scope, request, total, side))
    row = total.iloc[0].to_dict()
    level = _level(row)
    if level is None:
        return Why(after=side, remark=_no_gap_words(kpi.id, period, row))
    split = split_gap(_asked(store, scope, request, (period,), (request.by,)), level, request.by, total)
    note = "" if row["complete"] else _so_far_words(store, scope, request)
    return Why(split, None, side, goal=row["target_text"], basis=row["basis"], note=note)


def _level(row: dict) -> float | None:
    """The one level the gap is measured from: the target, or the edge of a band the value lies beyond."""
    if row["comparator"] is None:
        return None
    if row["comparator"] != Comparator.BAND:
        return float(row["target"])
    if row["lower"] == row["lower"] and row["value"] < row["lower"]:
        return float(row["lower"])
    return float(row["upper"]) if row["upper"] == row["upper"] and row["value"] > row["upper"] else None


def _no_gap_words(kpi: str, period: Period, row: dict) -> str:
    name = find_kpi(kpi).label
    if row["comparator"] == Comparator.BAND:
        return f"{name} was {row['value_text']} {period.phrase}, inside its target of {row['target_text']}: there is no gap to split."
    if row["basis"] == MIXED_BASIS:
        return f"The vendors have different targets for {label_in_sentence(kpi)}: choose one vendor in the filters."
    return f"{name} has no target {period.phrase}."


def _so_far_words(store: Reader, scope: Scope, request: WhyRequest) -> str:
    data = _reached(store, scope, request)
    return f"{request.period.label} is not complete: these are its numbers so far, to {day_text(data.end)}." if data else ""


def _around_an_event(store: Reader, scope: Scope, request: WhyRequest) -> Why:
    """Whole months before against whole months after, equally many."""
    span, day = data_span(store, scope), request.event_day
    if span is None or day is None:
        return Why(remark="There is no event to look around.")
    first, last = (Period.of(Grain.MONTH, edge, request.period.fiscal_start) for edge in (span.first_day, span.last_day))
    total = kpi_frame(store, scope, request.query(first, last, ()))
    around = around_event(total[total["numerator"].notna() & total["value"].notna()], day)
    words = around_words(around, request.event_title, Grain.MONTH)
    if not around.periods:
        return Why(remark=f"{words[:-1]} with {label_in_sentence(request.kpi)} measured.")
    members = kpi_frame(store, scope, request.query(first, last, (request.by,)))
    rows = [members[members["period"].isin(side["period"])] for side in (around.before, around.after)]
    split = split_change(rows[0], rows[1], request.by, (around.before, around.after))
    sides = [_side(side, tuple(Period.of(Grain.MONTH, stamp.date(), first.fiscal_start) for stamp in side["period"]))
             for side in (around.before, around.after)]  # fmt: skip
    return Why(split, sides[0], sides[1], note=words)


def kpis_around(store: Reader, scope: Scope, request: WhyRequest, kpis: Sequence[str]) -> pd.DataFrame:
    """`before_and_after` of every KPI that has whole months on both sides of the request's event, with `months`: how many on each."""
    span, day = data_span(store, scope), request.event_day
    if span is None or day is None:
        return pd.DataFrame()
    first, last = (Period.of(Grain.MONTH, edge, request.period.fiscal_start) for edge in (span.first_day, span.last_day))
    frame = kpi_frame(store, scope, replace(request.query(first, last, ()), kpis=tuple(kpis)))
    measured = frame[frame["numerator"].notna() & frame["value"].notna()]
    sides = [around_event(measured[measured["kpi"] == kpi], day) for kpi in kpis]
    tables = [before_and_after(around).assign(months=around.periods) for around in sides if around.periods]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()
