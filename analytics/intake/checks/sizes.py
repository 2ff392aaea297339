"""Numbers that are suddenly some 60, 100 or 1,000 times what they were: a unit that changed, in the file or in the recipe."""

from collections.abc import Iterable
from math import log

import pandas as pd

from analytics.catalogue import KPIS, MEASURES
from analytics.intake.checks.history import History
from analytics.intake.checks.rows import Rows
from analytics.intake.problems import Issue, Level

FACTORS = {
    60: "minutes and seconds", 3600: "hours and seconds", 1000: "thousands or milliseconds", 100: "percent or cents",
    86400: "days and seconds",
}  # fmt: skip
NEAR = 0.3  # in logarithms: a factor of 1.35 either way
LEAST_ROWS, LEAST_STORED = 2, 5
_REMEDY = "Check the unit in the recipe. The rows are stored as they are."


def size_issues(rows: Rows, history: History, source: str) -> Iterable[Issue]:
    """Per vendor and measure the median of the file against the one stored; durations and money per contact where both are known."""
    sizes = [(name, _per(name, rows.measures)) for name in rows.measures]
    before = history.typical(source, rows.grain, sizes)
    if before.empty:
        return
    now = pd.DataFrame({"vendor": rows.frame["vendor"]} | {name: _values(rows.frame, name, rows.measures) for name in rows.measures})
    medians, counts = now.groupby("vendor").median(), now.groupby("vendor").count()
    for old in before.to_dict("records"):
        vendor = old["vendor"]
        if vendor not in medians.index or old["rows"] < LEAST_STORED:
            continue
        for name in rows.measures:
            enough = counts.loc[vendor, name] >= LEAST_ROWS
            if enough and (factor := _factor(old[name], medians.loc[vendor, name])):
                hit = (rows.frame["vendor"] == vendor) & rows.frame[name].notna()
                yield _issue(rows, hit, str(vendor), MEASURES[name].label, factor)


def result_size_issues(rows: Rows, history: History, source: str) -> Iterable[Issue]:
    """The same for reported results."""
    before = history.results(source)
    now = rows.frame.dropna(subset="actual").groupby(["vendor", "kpi"])["actual"].median()
    for old in before.to_dict("records"):
        key = (old["vendor"], old["kpi"])
        if key in now.index and old["rows"] >= LEAST_STORED - LEAST_ROWS and (factor := _factor(old["median"], now[key])):
            hit = (rows.frame["vendor"] == key[0]) & (rows.frame["kpi"] == key[1])
            yield _issue(rows, hit, str(key[0]), KPIS[key[1]].label, factor)


def _issue(rows: Rows, hit: pd.Series, vendor: str, label: str, factor: float) -> Issue:
    times = f"about {factor:,.0f} times" if factor > 1 else f"about 1/{1 / factor:,.0f} of"
    words = FACTORS[round(max(factor, 1 / factor))]
    return rows.finding(Level.WARNING, "unit_change", hit, f"{vendor}: {label} is {times} what it was: {words} mixed up?", _REMEDY)


def _factor(old: float, new: float) -> float | None:
    """The factor the new number is near to: 60, 1/60, ..."""
    if not (old and new and old > 0 and new > 0) or old != old or new != new:
        return None
    ratio = log(new / old)
    nearest = min(FACTORS, key=lambda factor: abs(abs(ratio) - log(factor)))
    return None if abs(abs(ratio) - log(nearest)) > NEAR else float(nearest) if ratio > 0 else 1 / nearest


def _base(name: str, measures: list[str]) -> str | None:
    """What a duration or an amount of money is divided by in the catalogue, where the rows have it."""
    if not (MEASURES[name].is_duration or MEASURES[name].is_money):
        return None
    below = (kpi.denominator_terms[0].measure for kpi in KPIS.values() if kpi.numerator == name and len(kpi.denominator_terms) == 1)
    counts = [measure for measure in below if measure in measures and not MEASURES[measure].is_duration]
    usual = "contacts_handled" if "contacts_handled" in measures else None
    return counts[0] if counts else usual


def _per(name: str, measures: list[str]) -> str:
    base = _base(name, measures)
    return f"{name} / nullif({base}, 0)" if base else name


def _values(frame: pd.DataFrame, name: str, measures: list[str]) -> pd.Series:
    base = _base(name, measures)
    return frame[name] / frame[base].where(frame[base] > 0) if base else frame[name]
