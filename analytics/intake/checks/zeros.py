"""The newest periods are nothing but zeros although the ones before never were: probably not reported yet, so it is asked."""

from collections.abc import Mapping
from datetime import date

import pandas as pd

from analytics.intake.checks.rows import Rows, listed
from analytics.intake.problems import Choice, Issue, Level, Question
from analytics.wording import counted

KEY = "zeros"
DROP, KEEP = "drop", "keep"
LEAST_BEFORE = 3  # periods with numbers that must have come before
USUAL_ZEROS = 0.1  # a vendor with more of them than this reports zeros as a matter of course


def unreported(rows: Rows, before: pd.DataFrame) -> dict[str, date]:
    """Vendor -> the first of its newest periods that are zero throughout; `before`: vendor, period_start, is_zero of what is stored."""
    measures = rows.measures
    if not measures:
        return {}
    highest = rows.frame[measures].max(axis="columns")
    own = rows.frame[["vendor", "period_start"]].assign(highest=highest)[highest.notna()]
    if not (own["highest"] == 0).any():
        return {}
    periods = (own.groupby(["vendor", "period_start"], sort=True)["highest"].max() == 0).rename("is_zero").reset_index()
    found = {}
    for vendor, mine in periods.groupby("vendor", sort=True):
        stored = before[(before["vendor"] == vendor) & ~before["period_start"].isin(mine["period_start"])]
        if since := _since(mine, stored):
            found[str(vendor)] = since
    return found


def _since(mine: pd.DataFrame, stored: pd.DataFrame) -> date | None:
    """The first period of the zeros a vendor's file ends with, None where it ends with numbers or zeros are usual."""
    numbers = mine.loc[~mine["is_zero"], "period_start"]
    trailing = mine[mine["period_start"] > numbers.max()] if len(numbers) else mine
    if trailing.empty:
        return None
    first = trailing["period_start"].iloc[0]
    earlier = pd.concat([mine[["period_start", "is_zero"]], stored[["period_start", "is_zero"]]])
    earlier = earlier[earlier["period_start"] < first]
    zero = earlier["is_zero"].astype(bool)
    if (~zero).sum() < LEAST_BEFORE or zero.mean() > USUAL_ZEROS:
        return None
    return first.date()


def zero_rows(rows: Rows, since: Mapping[str, date]) -> pd.Series:
    """Which rows are zero throughout, on or after the vendor's day."""
    zero = rows.frame[rows.measures].max(axis="columns") == 0
    return zero & (rows.frame["period_start"] >= pd.to_datetime(rows.frame["vendor"].astype(object).map(dict(since))))


def zero_question(since: Mapping[str, date]) -> Question:
    """What the zeros are."""
    named = listed([f"{vendor} from {day}" for vendor, day in since.items()])
    text = f"The newest rows are nothing but zeros ({named}), which was not so before. Are they not reported yet?"
    choices = (Choice(DROP, "not reported yet: these rows are left out"), Choice(KEEP, "they are real: zeros are stored"))
    return Question(KEY, text, choices)


def left_out_issue(rows: Rows, hit: pd.Series) -> Issue:
    """What was left out."""
    message = f"{counted(int(hit.sum()), 'row')} of zeros at the end left out as not reported yet."
    return rows.finding(Level.INFO, "zeros_left_out", hit, message, "Load the file again when its numbers are there.")


def kept_issue(rows: Rows, hit: pd.Series) -> Issue:
    """What is suspicious and was kept, or waits for an answer."""
    message = f"The newest {counted(int(hit.sum()), 'row is', 'rows are')} nothing but zeros, which was not so before."
    return rows.finding(Level.WARNING, "zero_filled", hit, message, f"Not reported yet? --set {KEY}={DROP} leaves them out.")
