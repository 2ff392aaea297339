"""Numbers and days that are possible and hardly true: a handle time of hours or of an instant, days of one date in many months."""

from collections.abc import Iterable, Sequence

import pandas as pd

from analytics.catalogue import KPIS, MEASURES
from analytics.catalogue.units import value_text
from analytics.intake.checks.rows import Rows, listed
from analytics.intake.problems import Issue, Level

HANDLE_TIME, HANDLED = "average_handle_time", "contacts_handled"
LONGEST, SHORTEST = 2 * 3600.0, 5.0  # seconds a contact, over a whole file
LEAST_MONTHS = 3
MOST_MONTHS = 12
DENSE = 0.6  # of the days from the first to the last, where day and month are read the other way round
_PER_UNIT = (60, 1000)


def handle_time_issues(rows: Rows) -> Iterable[Issue]:
    """Counted contacts: handle seconds, or the parts of them, over contacts handled, of all rows that have both."""
    own = "handle_seconds" if "handle_seconds" in rows.measures else None
    parts = [own] if own else [part for part in MEASURES["handle_seconds"].parts if part in rows.measures]
    if parts and HANDLED in rows.measures:
        seconds = rows.frame[parts].sum(axis="columns", min_count=1)
        both = seconds.notna() & rows.frame[HANDLED].notna()
        handled = rows.frame.loc[both, HANDLED].sum()
        yield from _judged(rows, both, seconds[both].sum() / handled if handled else 0.0)


def reported_handle_time_issues(rows: Rows) -> Iterable[Issue]:
    """Reported results: their median."""
    hit = (rows.frame["kpi"] == HANDLE_TIME) & rows.frame["actual"].notna()
    yield from _judged(rows, hit, rows.frame.loc[hit, "actual"].median() if hit.any() else 0.0)


def _judged(rows: Rows, hit: pd.Series, seconds: float) -> Iterable[Issue]:
    if seconds == 0 or SHORTEST <= seconds <= LONGEST:
        return
    kpi, is_long = KPIS[HANDLE_TIME], seconds > LONGEST
    others = [seconds / factor if is_long else seconds * factor for factor in _PER_UNIT]
    long = ("seconds instead of minutes (mm:ss instead of h:mm)", "milliseconds instead of seconds")
    words = long if is_long else ("minutes instead of seconds", "seconds instead of milliseconds")
    message = f"{kpi.label} comes to {value_text(float(seconds), kpi.unit)} over the whole file, which is hardly true: is the unit right?"
    shown = "; ".join(f"{how}, it is {value_text(float(other), kpi.unit)}" for how, other in zip(words, others, strict=True))
    yield rows.finding(Level.WARNING, "handle_time", hit, message, f"If the column is in {shown}. Correct the unit in the recipe.")


def swapped_days(rows: Rows) -> Iterable[Issue]:
    """Contacts on one same day of many months, which would be days in a row with day and month the other way round."""
    if rows.grain != "day":
        return
    starts = pd.Series(rows.frame["period_start"].unique())
    days, months, years = starts.dt.day.unique(), sorted(starts.dt.month.unique()), starts.dt.year.unique()
    if len(days) > 1 or len(years) > 1 or days[0] > MOST_MONTHS or len(months) < LEAST_MONTHS or not _is_dense(months):
        return
    read = listed([f"{day:%Y-%m-%d}" for day in sorted(starts)])
    other = f"{years[0]}-{days[0]:02d}-{months[0]:02d} to {years[0]}-{days[0]:02d}-{months[-1]:02d}"
    message = f"All contacts are on day {days[0]} of {len(months)} months ({read}): day and month may be swapped."
    remedy = f"The other way round they are from {other}. Check the date format in the recipe: %d/%m or %m/%d."
    yield rows.finding(Level.WARNING, "swapped_days", rows.frame["period_start"].notna(), message, remedy)


def _is_dense(months: Sequence[int]) -> bool:
    return len(months) >= DENSE * (months[-1] - months[0] + 1)
