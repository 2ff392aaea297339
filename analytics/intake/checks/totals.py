"""Totals among their parts: they would count everything twice."""

from collections.abc import Iterable

from analytics.intake.checks.rows import Rows, listed
from analytics.intake.problems import Issue, Level
from analytics.intake.total_words import TOTAL_WORDS
from analytics.wording import counted

LEVELS = ("site", "lob", "channel")
_LEAVE_OUT = "Leave totals out with [rows] exclude."


def total_issues(rows: Rows) -> Iterable[Issue]:
    """Rows named like a total, and rows without a dimension beside rows with it for the same vendor and period."""
    frame = rows.frame
    for dimension in ("vendor", *LEVELS):
        words = [name for name in frame[dimension].dropna().unique() if str(name).strip(": ").casefold() in TOTAL_WORDS]
        named = frame[dimension].isin(words)
        if named.any() and not named.all():
            written = listed(sorted(set(frame.loc[named, dimension])))
            message = f"{counted(int(named.sum()), 'row')} of the {dimension} '{written}': a total would count everything twice."
            yield rows.finding(Level.WARNING, "totals_row", named, message, _LEAVE_OUT, dimension)
    for dimension in LEVELS:
        has = frame[dimension].notna()
        whole = ~has & (has.groupby([frame["vendor"], frame["period_start"]], sort=False).transform("any"))
        if whole.any():
            message = f"{counted(int(whole.sum()), 'row')} without {dimension} beside rows with one for the same vendor and period: "
            yield rows.finding(Level.WARNING, "totals", whole, f"{message}totals would count twice.", _LEAVE_OUT, dimension)
