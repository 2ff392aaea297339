"""Values outside what they can be: days ahead or long past, ratings beyond their scale."""

from collections.abc import Iterable
from datetime import date

import pandas as pd

from analytics.intake.checks.rows import Rows
from analytics.intake.problems import Issue, Level
from analytics.wording import counted

HIGHEST_RATING = 5
MOST_POINTS = 100
EARLIEST = pd.Timestamp(2000, 1, 1)
FAR_YEARS = 10
_SWAPPED = "Check the date format in the recipe: day and month, or two digits of the year, may be swapped."


def range_issues(rows: Rows, today: date) -> Iterable[Issue]:
    """Warnings about rows whose period or rating cannot be."""
    starts = rows.frame["period_start"]
    ahead = starts > pd.Timestamp(today)
    middle = starts.median()
    past = (starts < EARLIEST) | (starts < middle - pd.DateOffset(years=FAR_YEARS))
    for hit, code, words in ((ahead, "future", "dated after today, up to"), (past, "long_past", "dated long before the others, from")):
        if hit.any():
            day = starts[hit].max() if code == "future" else starts[hit].min()
            contacts = int(rows.frame.loc[hit, "file_rows"].sum()) if "file_rows" in rows.frame else int(hit.sum())
            message = f"{counted(contacts, 'row is', 'rows are')} {words} {day:%Y-%m-%d}."
            yield rows.finding(Level.WARNING, code, hit, message, _SWAPPED)
    if {"csat_score_sum", "csat_responses"} <= set(rows.measures):
        mean = rows.frame["csat_score_sum"] / rows.frame["csat_responses"].where(rows.frame["csat_responses"] > 0)
        yield from _beyond(rows, mean, 1, HIGHEST_RATING, "a mean satisfaction rating")


def result_issues(rows: Rows, today: date) -> Iterable[Issue]:
    """The same for reported results."""
    yield from range_issues(rows, today)
    for kpi, low, high, what in (
        ("csat_mean", 1, HIGHEST_RATING, "a mean satisfaction rating"),
        ("nps", -MOST_POINTS, MOST_POINTS, "a net promoter score"),
    ):
        yield from _beyond(rows, rows.frame["actual"].where(rows.frame["kpi"] == kpi), low, high, what)


def _beyond(rows: Rows, values: pd.Series, low: float, high: float, what: str) -> Iterable[Issue]:
    hit = (values < low) | (values > high)
    if hit.any():
        message = f"{counted(int(hit.sum()), 'row has', 'rows have')} {what} outside {low} to {high}."
        remedy = "Check the column: its ratings may be on another scale."
        yield rows.finding(Level.WARNING, "scale", hit, message, remedy, shown=f"{values[hit].iloc[0]:g}")
