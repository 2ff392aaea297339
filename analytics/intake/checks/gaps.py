"""Days missing inside a vendor's own calendar: between its first and its last, on weekdays on which it usually reports."""

from collections.abc import Iterable

import pandas as pd

from analytics.intake.checks.rows import Rows, listed
from analytics.intake.problems import Issue, Level
from analytics.wording import counted

USUAL = 0.75  # of the weeks (months, quarters) a vendor must have reported for one without to be a gap
LEAST_PERIODS = 4
_STEPS = {"week": pd.DateOffset(days=7), "month": pd.DateOffset(months=1), "quarter": pd.DateOffset(months=3)}


def gap_issues(rows: Rows, before: pd.DataFrame) -> Iterable[Issue]:
    """One warning naming the vendors and periods; `before`: vendor, period_start of what is stored already of this source and grain."""
    missing: dict[str, list[pd.Timestamp]] = {}
    for vendor, own in rows.frame.groupby("vendor", sort=True)["period_start"]:
        stored = before.loc[before["vendor"] == vendor, "period_start"]
        if found := _missing(pd.DatetimeIndex(own.unique()), pd.DatetimeIndex(stored.unique()), rows.grain):
            missing[str(vendor)] = found
    if missing:
        first, days = next(iter(missing.items()))
        count = sum(len(found) for found in missing.values())
        of = counted(len(missing), "vendor") if len(missing) > 1 else first
        message = f"{counted(count, f'{rows.grain} is', f'{rows.grain}s are')} missing of {of}, which usually"
        example = f"{first}: {listed([f'{day:%Y-%m-%d}' for day in days])}"
        remedy = "Nothing is filled in. If the vendor was open, ask for these and load them; a closed day needs nothing."
        yield Issue(Level.WARNING, "gaps", f"{message} report{'' if len(missing) > 1 else 's'}.", remedy, None, None, count, example)


def _missing(own: pd.DatetimeIndex, stored: pd.DatetimeIndex, grain: str) -> list[pd.Timestamp]:
    """The periods expected and found neither in the file nor in what is stored, from the first to be judged to the file's last."""
    there = own.union(stored).sort_values()
    last = own.max()
    older = stored[stored < own.min()]
    start = older.max() if len(older) else own.min()
    known = pd.DatetimeIndex([day for day in there if day <= last])
    every = pd.date_range(known.min(), last, freq=_STEPS.get(grain, "D"))
    if grain == "day":
        weekdays = {day for day in range(7) if _is_usual(every[every.day_of_week == day], known)}
        every = every[every.day_of_week.isin(list(weekdays))]
    elif not _is_usual(every, known):
        return []
    return [day for day in every[(every > start) & (every < last)] if day not in known]


def _is_usual(every: pd.DatetimeIndex, known: pd.DatetimeIndex) -> bool:
    """Whether the vendor reported nearly always."""
    return len(every) >= LEAST_PERIODS and every.isin(known).mean() >= USUAL
