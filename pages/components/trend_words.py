"""What a trend says beside its chart: whose series it is, the two answers of the control chart, how the chart is to be read."""

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd

from analytics.asking import Reader
from analytics.catalogue import Kpi, find_kpi
from analytics.charts.events import Event
from analytics.charts.images import assurance_image, variation_image
from analytics.charts.theme import Mode
from analytics.filters import Filters
from analytics.performance.beside import beside_words
from analytics.performance.chosen_limits import SEGMENT, limits_words
from analytics.performance.notes import vendors_left
from analytics.performance.target_changes import changes_in_words
from analytics.performance.trends import Trend, TrendRequest, newest_whole
from analytics.performance.two_questions import CHANGED, RELIABLE, Answer, change_answer, target_answer, together
from analytics.periods import Period, day_text, month_name
from analytics.warehouse import Scope
from pages.components.text import text

MOST_NAMED, MOST_EXPLAINED = 3, 10
HOW_TO = "Dashes: target valid on that day. Click a point for its origin and its notes; on a touch screen tap it twice."


def series_title(store: Reader, scope: Scope, kpi: Kpi, filters: Filters) -> str:
    """'Service level, Cobalt Bay · Pune': the vendors the filters leave, then the other filters."""
    left = filters.vendor or vendors_left(store, scope, filters)
    others = [
        f"{len(values)} chosen" if len(values) > MOST_NAMED else ", ".join(values) for name, values in filters.chosen() if name != "vendor"
    ]
    some = f"{len(left)} vendors" if len(left) > MOST_NAMED else ", ".join(left)
    narrowed = filters.vendor or (others and left != vendors_left(store, scope, Filters()))
    return f"{kpi.label}, {' · '.join([some if narrowed and some else 'all vendors', *others])}"


def range_words(series: pd.DataFrame, start: date, end: date) -> str:
    """'Oct 2024 to Sep 2026' of the periods there are; the range asked for when there is none."""
    first, last = (series["period"].min().date(), series["period_end"].max().date()) if len(series) else (start, end)
    whole_months = first.day == 1 and (last + timedelta(days=1)).day == 1
    if whole_months:
        return f"{month_name(first)} {first.year} to {month_name(last)} {last.year}"
    return f"{day_text(first)} to {day_text(last)}"


def signal_words(series: pd.DataFrame, request: TrendRequest, mode: Mode) -> str:
    """Variation and assurance of the newest whole point as the answers to two questions, each with its icon; then both together."""
    newest = newest_whole(series)
    if newest is None or newest["lower_limit"] != newest["lower_limit"]:
        since = f"{newest[SEGMENT]} " if newest is not None and SEGMENT in newest else ""
        return f":gray[{text(f'Too few whole periods {since}for limits.')}]"
    point = newest.to_dict()
    period = Period.of(request.grain, point["period"].date(), request.fiscal_start)
    trial, changed, reliable = bool(point["trial_limits"]), change_answer(point, period.label), target_answer(point)
    lines = [_answered(CHANGED, variation_image(point["signal"], find_kpi(point["kpi"]).better_sign, mode, trial=trial), changed)]
    if reliable:
        lines.append(_answered(RELIABLE, assurance_image(point["assurance"], mode, trial=trial), reliable))
    tail = [together(point, period.phrase), "Trial limits: fewer than 13 points." if trial else ""]
    return "  \n".join([*lines, *([f":gray[{text(said)}]"] if (said := " ".join(filter(None, tail))) else [])])


def _answered(question: str, icon: str, answer: Answer) -> str:
    return f"{icon} :gray[{text(question)}] **{text(answer.verdict)}**: {text(answer.why)}."


def method_words(kpi: Kpi, found: Trend, request: TrendRequest) -> str:
    """Unit, definition and what band, dashes and thin line mean, in one muted block; then what the numbers cover."""
    limits = limits_words(found.limits, found.series, request.grain, request.fiscal_start) if len(found.series) else ""
    beside = beside_words(found.series, request.beside, request.query)
    return _muted(" ".join(filter(None, (_definition_words(kpi), limits, beside, f"{HOW_TO}{_covered(found.series)}"))))


def method_by_vendor_words(kpi: Kpi, series: pd.DataFrame) -> str:
    """The same under the chart by vendor, which has no limits."""
    return _muted(f"{_definition_words(kpi)} {HOW_TO}{_covered(series)}")


def letters_words(events: Sequence[Event]) -> str:
    """'A New IVR menu (3 Mar 2025), B Knowledge base (2 Jun 2026)': the events whose names have no room on the chart; '' for none."""
    lettered = [event for event in events if event.letter]
    told = [f"{event.letter} {event.title} ({day_text(event.day)})" for event in lettered[:MOST_EXPLAINED]]
    more = f", {len(lettered) - MOST_EXPLAINED} more in the list below" if len(lettered) > MOST_EXPLAINED else ""
    return _muted(f"Events: {', '.join(told)}{more}.") if told else ""


def _muted(words: str) -> str:
    return f":gray[:small[{text(words)}]]"


def _definition_words(kpi: Kpi) -> str:
    """'Service level in %: contacts answered ...'"""
    unit = f" in {kpi.unit.suffix.strip()}" if kpi.unit.suffix else ""
    alone = f" On charts every period stands alone: windows of {kpi.window_months} months share most of them." if kpi.window_months else ""
    return f"{kpi.label}{unit}: {kpi.definition[0].lower()}{kpi.definition[1:]}{alone}"


def _covered(series: pd.DataFrame) -> str:
    """What the newest whole point covers, and remarks of any."""
    newest = newest_whole(series)
    coverage = f" Coverage of the newest: {newest['coverage']}." if newest is not None else ""
    remarks = "".join(f" {remark[0].upper()}{remark[1:]}." for remark in dict.fromkeys(series["remark"]) if remark)
    return coverage + remarks + changes_in_words(series["target_change"])
