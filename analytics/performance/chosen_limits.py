"""Control limits as a reader chooses them: the method, screening, new limits from dated events on; and in words what is applied.

What is asked for and does not apply is not an error: the standard limits are shown, and `refused` says why.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

import numpy as np
import pandas as pd

from analytics.catalogue import find_kpi
from analytics.performance.spc import FEWEST_POINTS, Rebase, with_signals
from analytics.performance.spc_limits import FEWEST_OF_A_WEEKDAY
from analytics.performance.verdict import label_in_sentence
from analytics.periods import Grain, Period, day_text
from analytics.wording import counted

SEGMENT = "segment"


class Method(StrEnum):
    """How limits are found beside the standard, XmR."""

    LANEY = "laney"
    WEEKDAY = "weekday"


@dataclass(frozen=True, slots=True)
class LimitChoice:
    """What a reader asks for. `method` None: XmR; `rebased`: names of events (`event_name`) at which the limits start anew."""

    method: Method | None = None
    screening: bool = True
    rebased: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AppliedLimits:
    """What of it applies to a series. `events`: (day, title) with whole points after it, oldest first; `refused`: sentences."""

    method: Method | None
    screening: bool
    events: tuple[tuple[date, str], ...] = ()
    refused: tuple[str, ...] = ()


def event_name(day: date, title: str) -> str:
    """An event as a link names it: '2026-08-14 Pune outage'."""
    return f"{day} {title}"


def applied_limits(choice: LimitChoice, frame: pd.DataFrame, events: pd.DataFrame, grain: Grain) -> AppliedLimits:
    """What of a choice applies to one series of the KPI frame, with its events (happened_on, title)."""
    if frame.empty:
        return AppliedLimits(None, choice.screening)
    reason = _method_refused(choice.method, frame, grain)
    known = {event_name(day.date(), title): (day.date(), title) for day, title in zip(events["happened_on"], events["title"], strict=True)}
    chosen = sorted({known[name] for name in choice.rebased if name in known})
    reasons = [reason, *(_unknown(name) for name in choice.rebased if name not in known)]
    reasons += [_event_refused(title, day, frame, grain) for day, title in chosen]
    used = tuple((day, title) for day, title in chosen if not _event_refused(title, day, frame, grain))
    return AppliedLimits(None if reason else choice.method, choice.screening, used, tuple(filter(None, reasons)))


def _method_refused(method: Method | None, frame: pd.DataFrame, grain: Grain) -> str:
    """Why the standard limits are shown instead; '' where the method applies."""
    measured = frame[frame["complete"].to_numpy(bool) & frame["value"].notna().to_numpy()]
    if method is Method.LANEY:
        kpi = find_kpi(frame["kpi"].iat[0])
        if not kpi.is_proportion:
            return f"Laney p' is for proportions, which {label_in_sentence(kpi.id)} is not: standard limits are shown."
        if measured[["numerator", "denominator"]].isna().any(axis=None):
            return "Laney p' needs the counts behind every point, and some are not known: standard limits are shown."
    if method is Method.WEEKDAY:
        if grain is not Grain.DAY:
            return f"Only days have weekdays, and this is by {grain}: standard limits are shown."
        if measured["period"].dt.day_of_week.value_counts().max() < FEWEST_OF_A_WEEKDAY or measured.empty:
            return f"No weekday has {FEWEST_OF_A_WEEKDAY} measured days yet: standard limits are shown."
    return ""


def _unknown(name: str) -> str:
    return f"'{name}' is no event of this chart: nothing starts anew there."


def _event_refused(title: str, day: date, frame: pd.DataFrame, grain: Grain) -> str:
    """Why the limits cannot start anew at an event: there must be a period before and one from its day on."""
    after = frame["period"] >= pd.Timestamp(day)
    if after.any() and not after.all():
        return ""
    there = f"No {grain} of this chart {'ends before' if after.any() else 'begins after'}"
    return f"{there} {title} ({day_text(day)}): the limits do not start anew there."


def with_chosen_limits(frame: pd.DataFrame, applied: AppliedLimits) -> pd.DataFrame:
    """`with_signals` as chosen; with new limits also `segment`: 'before Pune outage', 'since Pune outage'."""
    rebased = [Rebase(day) for day, _ in applied.events]
    limited = with_signals(
        frame,
        screening=applied.screening,
        rebased=rebased,
        laney=applied.method is Method.LANEY,
        weekday_adjusted=applied.method is Method.WEEKDAY,
    )
    if not applied.events:
        return limited
    names = segment_names(applied.events)
    places = np.sum([rebase.concerns(frame) for rebase in rebased], axis=0)
    return limited.assign(**{SEGMENT: pd.Series([names[place] for place in places], index=frame.index, dtype=object)})


def segment_names(events: Sequence[tuple[date, str]]) -> list[str]:
    """'before A', 'from A to B', 'since B'."""
    titles = [title for _, title in events]
    between = [f"from {first} to {last}" for first, last in pairwise(titles)]
    return [f"before {titles[0]}", *between, f"since {titles[-1]}"]


def limits_words(applied: AppliedLimits, series: pd.DataFrame, grain: Grain, fiscal_start: int = 1) -> str:
    """What band and limits are on this chart, where they start anew, and what does not apply."""
    words = [f"Grey band: {_band_words(applied)}."]
    if applied.events:
        starts = [_start(day, series, grain, fiscal_start) for day, _ in applied.events]
        named = " and ".join(f"{period.label} ({title}, {day_text(day)})" for period, (day, title) in _paired(starts, applied))
        words.append(f"The limits start anew with {named}: no rule reaches across.")
        points = int((series["complete"] & series["value"].notna() & (series[SEGMENT] == series[SEGMENT].iat[-1])).sum())
        if points < FEWEST_POINTS:
            words.append(f"{counted(points, 'whole point')} since then: {'trial limits' if points > 1 else 'too few for limits'}.")
    return " ".join([*words, *applied.refused])


def departure_words(applied: AppliedLimits) -> str:
    """How the limits differ from the standard ones, for the line over a chart: 'limits anew since Pune outage, unscreened'; '' if not."""
    method = {None: "", Method.LANEY: "by Laney p'", Method.WEEKDAY: "by weekday"}[applied.method]
    anew = f"anew {segment_names(applied.events)[-1]}" if applied.events else ""
    screening = "" if applied.screening or applied.method is Method.LANEY else "unscreened"
    parts = [part for part in (anew, method, screening) if part]
    return f"limits {', '.join(parts)}" if parts else ""


def _paired(starts: Sequence[Period], applied: AppliedLimits) -> list[tuple[Period, tuple[date, str]]]:
    """Each new beginning once, with the first event it follows."""
    first: dict[Period, tuple[date, str]] = {}
    for period, event in zip(starts, applied.events, strict=True):
        first.setdefault(period, event)
    return list(first.items())


def _start(day: date, series: pd.DataFrame, grain: Grain, fiscal_start: int) -> Period:
    """The first period that begins on or after a day."""
    begun = series.loc[series["period"] >= pd.Timestamp(day), "period"].min()
    return Period.of(grain, begun.date(), fiscal_start)


def _band_words(applied: AppliedLimits) -> str:
    """'normal variation (mean +/- 2.66 x average moving range, outlying ranges left out)'."""
    if applied.method is Method.LANEY:
        return "normal variation by Laney p' (as many contacts as each point has; nothing is screened)"
    screened = "outlying ranges left out" if applied.screening else "every range counted"
    follows = ", around what is usual for each weekday" if applied.method is Method.WEEKDAY else ""
    return f"normal variation (mean ± 2.66 × average moving range, {screened}{follows})"
