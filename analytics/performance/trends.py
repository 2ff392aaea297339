"""One KPI over time: the series with targets, limits and signals, the events beside it, and what it says in a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import pandas as pd

from analytics.asking import KpiQuery, Reader
from analytics.catalogue import find_kpi
from analytics.filters import Filters
from analytics.performance.beside import Beside, with_beside
from analytics.performance.chosen_limits import SEGMENT, AppliedLimits, LimitChoice, applied_limits, with_chosen_limits
from analytics.performance.notes import with_vendors_left
from analytics.performance.report import judged_frame, judged_rows
from analytics.performance.spc import Rule, Signal, with_signals
from analytics.performance.targets import load_targets
from analytics.performance.variance import Status
from analytics.performance.verdict import LONGEST, label_in_sentence
from analytics.performance.words import nothing_to_divide
from analytics.periods import Grain, Period
from analytics.warehouse.scope import Scope

PERIODS_SHOWN: Mapping[Grain, int] = {Grain.DAY: 92, Grain.WEEK: 53, Grain.MONTH: 24, Grain.QUARTER: 12, Grain.YEAR: 5}


@dataclass(frozen=True, slots=True)
class TrendRequest:
    """One KPI, a grain, a range of days and the filters; how its limits are found and what stands beside its line."""

    kpi: str
    grain: Grain
    start: date
    end: date
    filters: Filters = field(default_factory=Filters)
    fiscal_start: int = 1
    reporting_currency: str = ""
    limits: LimitChoice = field(default_factory=LimitChoice)
    beside: Beside | None = None

    @property
    def query(self) -> KpiQuery:
        """The KPI query behind it: every period by itself, since windows that share months would look calmer than they are."""
        asked = (self.filters, self.fiscal_start, self.reporting_currency)
        return KpiQuery((self.kpi,), self.grain, self.start, self.end, (), *asked, own_periods=True)


def default_range(grain: Grain, period: Period) -> tuple[date, date]:
    """First and last day shown by default: the periods of this grain that end with the chosen period."""
    last = Period.of(grain, period.end, period.fiscal_start)
    return last.shifted(1 - PERIODS_SHOWN[grain]).start, last.end


@dataclass(frozen=True)
class Trend:
    """The one series of the filters with its limits as chosen and what stands beside it, and its events."""

    series: pd.DataFrame
    limits: AppliedLimits
    events: pd.DataFrame


def one_trend(store: Reader, scope: Scope, request: TrendRequest) -> Trend:
    """The KPI frame of the one series of the filters, with targets, status, words, limits and signals, and the events beside it."""
    judged = judged_frame(store, scope, request.query, load_targets(store, scope), by_vendor=False)
    events = trend_events(store, scope, request)
    applied = applied_limits(request.limits, judged, events, request.grain)
    return Trend(with_beside(store, scope, request.query, with_chosen_limits(judged, applied), request.beside), applied, events)


def vendor_trends(store: Reader, scope: Scope, request: TrendRequest) -> pd.DataFrame:
    """The same KPI for every vendor, whatever vendor is chosen: is it only this one?"""
    query = replace(request.query, by=("vendor",), filters=replace(request.filters, vendor=()))
    return with_signals(judged_rows(store, scope, query))


def trend_events(store: Reader, scope: Scope, request: TrendRequest) -> pd.DataFrame:
    """The dated events in the range that touch this KPI and the vendors and sites shown, oldest first."""
    events = store.select(
        scope,
        "SELECT happened_on, title, vendor, site, kpi, description FROM events "
        "WHERE happened_on BETWEEN $first AND $last AND (kpi IS NULL OR kpi = $kpi) ORDER BY happened_on, title",
        {"first": request.start, "last": request.end, "kpi": request.kpi},
    )
    left = with_vendors_left(store, scope, request.filters)
    for dimension in ("vendor", "site"):
        chosen = getattr(left, dimension)
        if chosen:
            events = events[events[dimension].isna() | events[dimension].isin(chosen)]
    return events.reset_index(drop=True)


def trend_verdict(series: pd.DataFrame, events: pd.DataFrame, grain: Grain, fiscal_start: int = 1) -> str:
    """What one series says, from its newest whole period: the signal first, then the target.

    'Concern: service level fell below its lower limit in Aug 2026, the month of "Pune outage", and had not recovered by Sep 2026.'
    What lasts is said to last until that period: newer ones may lie outside the range.
    """
    whole = series[series["complete"] & series["value"].notna()]
    if whole.empty:
        return _nothing_whole(series)
    newest = whole.iloc[-1]
    last = Period.of(grain, newest["period"].date(), fiscal_start)
    target = _target_clause(newest, last.phrase)
    name = find_kpi(newest["kpi"]).label
    if np.isnan(newest["lower_limit"]):
        return f"{name}: {target}"
    if newest["signal"] == Signal.NONE:
        return _calm_verdict(whole, events, target, grain, fiscal_start)
    start = _signal_start(whole, len(whole) - 1)
    first = Period.of(grain, whole.iloc[start]["period"].date(), fiscal_start)
    finding = _finding(whole, start, (first, last), _event_clause(events, first))
    return _fitting(f"{finding} {target}", finding)


def _nothing_whole(series: pd.DataFrame) -> str:
    remark = next((remark for remark in series["remark"] if remark), None)
    name = find_kpi(series["kpi"].iat[0]).label if len(series) else "This KPI"
    if not remark and nothing_to_divide(series):
        return f"{name} cannot be computed in this range: there is nothing to divide by."
    return f"{name} is {remark}: choose a coarser grain." if remark else f"{name} has no whole period in this range."


def _target_clause(row: pd.Series, when: str) -> str:
    value = f"{row['value_text']} {when}"
    if row["status"] not in (Status.MET, Status.BELOW_EXPECTED, Status.MISSED):
        return f"{value}."
    verdict = {"met": "met the target of", "below expected": "is below the expected", "missed": "missed the target of"}[row["status"]]
    return f"{value} {verdict} {row['target_text']}."


def _calm_verdict(whole: pd.DataFrame, events: pd.DataFrame, target: str, grain: Grain, fiscal_start: int) -> str:
    """Normal variation, and since when: the latest special cause among the points is named.

    'Service level shows normal variation since Mar 2019; a concern in Jan 2019: 71.2 %, below its lower limit.'
    """
    name, special = find_kpi(whole["kpi"].iat[-1]).label, np.flatnonzero(whole["signal"] != Signal.NONE)
    if _is_calm_anew(whole):
        calm = f"{name} shows normal variation within its new limits"
        return _fitting(f"{calm} {_quoted(whole[SEGMENT].iat[-1])}. {target}", f"{calm}. {target}", f"{calm}.")
    if not len(special):
        return _fitting(f"{name} shows normal variation only. {target}", f"{name} shows normal variation only.")
    last = int(special[-1])
    start = _signal_start(whole, last)
    first, end, calm = (Period.of(grain, whole["period"].iat[row].date(), fiscal_start) for row in (start, last, last + 1))
    since = f"{name} shows normal variation since {calm.label}"
    past = f"{since}; {_PAST[whole['signal'].iat[last]]} {end.phrase if start == last else f'until {end.label}'}"
    reason = f"{past}: {_past_reason(whole, start, last, first)}"
    event = f"{reason}{_event_clause(events, end) if start == last else ''}."
    return _fitting(f"{event} {target}", event, f"{reason}. {target}", f"{reason}.", f"{past}.", f"{since}.")


def _is_calm_anew(whole: pd.DataFrame) -> bool:
    """Whether the limits started anew and no point since is a signal."""
    if SEGMENT not in whole or whole[SEGMENT].nunique() == 1:
        return False
    return bool((whole.loc[whole[SEGMENT] == whole[SEGMENT].iat[-1], "signal"] == Signal.NONE).all())


def _quoted(segment: str) -> str:
    """'since "Pune outage"'."""
    word, _, title = segment.partition(" ")
    return f'{word} "{title}"'


_PAST = {
    Signal.CONCERN: "a concern",
    Signal.IMPROVEMENT: "an improvement",
    Signal.HIGH: "unusually high",
    Signal.LOW: "unusually low",
}


def _past_reason(whole: pd.DataFrame, start: int, last: int, first: Period) -> str:
    """Why the points from `start` to `last` were no normal variation, by the rule of the last: '71.2 %, below its lower limit'."""
    point = whole.iloc[last]
    under = point["value"] < point["centre_line"]
    match point["rule"]:
        case Rule.OUTSIDE_LIMITS:
            return f"{point['value_text']}, {'below its lower' if under else 'above its upper'} limit"
        case Rule.TREND:
            return f"{'rising' if point['value'] > whole['value'].iat[start] else 'falling'} since {first.label}"
        case Rule.TWO_IN_THREE:
            return f"{point['value_text']}, close to its {'lower' if under else 'upper'} limit"
        case _:
            return f"{'below' if under else 'above'} its average since {first.label}"


def _signal_start(whole: pd.DataFrame, last: int) -> int:
    """Row at which the unbroken run of the signal at row `last` begins."""
    alike = whole["signal"] == whole["signal"].iat[last]
    if SEGMENT in whole:
        alike &= whole[SEGMENT] == whole[SEGMENT].iat[last]
    others = np.flatnonzero(~alike.iloc[:last])
    return int(others[-1]) + 1 if len(others) else 0


_LEADS = {Signal.CONCERN: "Concern: ", Signal.IMPROVEMENT: "Improvement: ", Signal.HIGH: "Unusually high: ", Signal.LOW: "Unusually low: "}


def _finding(whole: pd.DataFrame, start: int, span: tuple[Period, Period], event: str) -> str:
    """The newest signal in words: from when to when, by which rule, and whether it lasts."""
    newest, beginning, (first, last) = whole.iloc[-1], whole.iloc[start], span
    label, lead = label_in_sentence(newest["kpi"]), _LEADS[Signal(newest["signal"])]
    if beginning["rule"] == Rule.OUTSIDE_LIMITS:
        below = beginning["value"] < beginning["lower_limit"]
        edge = "fell below its lower limit" if below else "rose above its upper limit"
        tail = f"{',' if event else ''} {_lasting_words(newest['signal'], last)}" if first != last else ""
        return f"{lead}{label} {edge} {first.phrase}{event}{tail}."
    return f"{lead}{label} {_lasting_reason(newest, beginning)} {_stretch_words(first, last, event)}."


def _lasting_reason(newest: pd.Series, beginning: pd.Series) -> str:
    """What the rule of the first point of a signal says of all of them."""
    match beginning["rule"]:
        case Rule.TREND:
            return "was rising" if newest["value"] > beginning["value"] else "was falling"
        case Rule.TWO_IN_THREE:
            return f"was close to its {'lower' if beginning['value'] < beginning['centre_line'] else 'upper'} limit"
        case _:
            return f"stayed {'below' if newest['value'] < newest['centre_line'] else 'above'} its average"


def _stretch_words(first: Period, last: Period, event: str) -> str:
    """'from Mar 2026, the month of "Go-live", to Sep 2026': the event is of the first period."""
    return f"{first.phrase}{event}" if first == last else f"from {first.label}{event}{',' if event else ''} to {last.label}"


def _lasting_words(signal: str, last: Period) -> str:
    return f"and had not recovered by {last.label}" if signal == Signal.CONCERN else f"and was still there {last.phrase}"


def _event_clause(events: pd.DataFrame, period: Period) -> str:
    """', the month of "Pune outage"' when one event fell into the period; never 'because'."""
    inside = events[(events["happened_on"] >= pd.Timestamp(period.start)) & (events["happened_on"] <= pd.Timestamp(period.end))]
    if inside.empty:
        return ""
    title = str(inside["title"].iat[0])
    return f', the {period.grain} of "{title}"' if len(inside) == 1 else ""


def _fitting(*choices: str) -> str:
    """The first that is short enough, else the last."""
    return next((choice for choice in choices if len(choice) <= LONGEST), choices[-1])


def of_vendor(frame: pd.DataFrame, vendor: str) -> pd.DataFrame:
    """One vendor's series of a frame by vendor."""
    return frame[frame["vendor"] == vendor].reset_index(drop=True)


def vendors_by_concern(frame: pd.DataFrame) -> list[str]:
    """The vendors, those whose newest whole point is a concern first, then improvements, then the rest by name."""
    return sorted(dict.fromkeys(frame["vendor"]), key=lambda vendor: (_concern(newest_whole(of_vendor(frame, vendor))), vendor))


def _concern(newest: pd.Series | None) -> int:
    """Place in the order of attention, 0 first."""
    order = {Signal.CONCERN: 0, Signal.HIGH: 1, Signal.LOW: 1, Signal.IMPROVEMENT: 2}
    return 4 if newest is None else order.get(newest["signal"], 3)


def newest_whole(series: pd.DataFrame) -> pd.Series | None:
    """The newest whole period with a value; None when there is none."""
    whole = series[series["complete"] & series["value"].notna()]
    return None if whole.empty else whole.iloc[-1]
