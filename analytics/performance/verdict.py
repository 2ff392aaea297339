"""The sentence a page opens with, made from the numbers: first the count, then the largest exception."""

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analytics.catalogue import Comparator, Unit, find_kpi
from analytics.performance.variance import Status, yardstick
from analytics.performance.words import nothing_to_divide
from analytics.periods import Period
from analytics.wording import listed

LONGEST = 160
MOST_NAMED = 3
JUDGED = (Status.MET, Status.BELOW_EXPECTED, Status.MISSED)
_SEVERITY = {Status.MISSED: 2, Status.BELOW_EXPECTED: 1}
_NUMBER_WORDS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def number_word(count: int) -> str:
    """Small counts as words: 'two'; larger ones as figures."""
    return _NUMBER_WORDS[count] if count < len(_NUMBER_WORDS) else str(count)


def first_few(names: Sequence[str], most: int) -> str:
    """'a', 'a and b', 'a, b and two more': the first and how many more there are."""
    more = len(names) - most
    return listed([*names[:most], *([f"{number_word(more)} more"] if more > 0 else [])])


def report_verdict(report: pd.DataFrame, period: Period, counted_kpis: Sequence[str]) -> str:
    """'Nine of ten KPIs met their target in Q3 2026. The portfolio missed attrition (+1.8 pp); Cobalt Bay missed three KPIs.'"""
    total = report[report["vendor"].isna()]
    judged, _ = _judged(total, counted_kpis, "KPI")
    first = met_clause(total, period, counted_kpis)
    return first if judged.empty else _joined(first, change_clause(judged), _exceptions(report, total, judged))


def met_clause(total: pd.DataFrame, period: Period, counted_kpis: Sequence[str], name: str = "KPI") -> str:
    """'Nine of ten KPIs met their target in Q3 2026.', of the rows of one vendor or of all together.

    `name`: what the listed KPIs are called; without any of them all that have a verdict are counted.
    """
    judged, noun = _judged(total, counted_kpis, name)
    if judged.empty:
        return f"No KPI has both a value and a target {period.phrase}."
    when = period.phrase if judged["complete"].all() else f"{period.phrase} so far"
    of_measured = "" if set(judged["kpi"]) == set(counted_kpis) else " measured"
    return _count_clause(judged, of_measured, when, noun)


def _judged(total: pd.DataFrame, counted_kpis: Sequence[str], name: str) -> tuple[pd.DataFrame, str]:
    """The rows with a verdict that are counted, and what they are: those listed, else all."""
    judged = total[total["status"].isin(JUDGED)]
    counted = judged[judged["kpi"].isin(counted_kpis)]
    return (judged, "KPI") if counted.empty else (counted, name)


def _count_clause(judged: pd.DataFrame, of_measured: str, when: str, noun: str) -> str:
    met, count = int((judged["status"] == Status.MET).sum()), len(judged)
    if count == 2 and met == 0:
        return f"Neither of the two{of_measured} {noun}s met its target {when}."
    noun = noun if count == 1 else f"{noun}s"
    if count == 1:
        return f"The only{of_measured} {noun} {'met' if met else 'did not meet'} its target {when}."
    if met == count:
        lead = "Both" if count == 2 else f"All {number_word(count)}"
        return f"{lead}{of_measured} {noun} met their target {when}."
    if met == 0:
        return f"None of the {number_word(count)}{of_measured} {noun} met their target {when}."
    return f"{number_word(met).capitalize()} of {number_word(count)}{of_measured} {noun} met their target {when}."


def nothing_sentence(report: pd.DataFrame, period: Period) -> str:
    """Why a report without any value shows nothing."""
    if nothing_to_divide(report):
        return f"No KPI can be computed {period.phrase}: there is nothing to divide by."
    return f"No data for {period.label} with these filters."


def change_clause(judged: pd.DataFrame) -> str:
    """'Against Q2 2026 three are better, one worse.': the KPIs that have a fair change; '' when none has."""
    rows = judged[judged["change"].notna()]
    if rows.empty:
        return ""
    signs = [np.sign(row["change"]) * _good(row) if row["change_text"][:1] in "+-" else 0 for row in rows.to_dict("records")]
    better, worse = signs.count(1), signs.count(-1)
    against = f"Against {re.sub('^the first (?=[0-9])', '', rows['compared'].iat[0].partition(',')[0])}"
    if len(signs) == 1:
        return f"{against} it is {'better' if better else 'worse' if worse else 'unchanged'}."
    if not better and not worse:
        return f"{against} none changed."
    (most, word), (least, other) = sorted(((better, "better"), (worse, "worse")), reverse=True)
    return f"{against} {number_word(most)} {'is' if most == 1 else 'are'} {word}, {number_word(least)} {other}."


def _good(row: dict) -> int:
    """Which way is good: 1 up, -1 down, 0 neither (a band)."""
    comparator = row["comparator"]
    return Comparator(comparator).better_sign if isinstance(comparator, str) else find_kpi(row["kpi"]).better_sign


def _exceptions(report: pd.DataFrame, total: pd.DataFrame, judged: pd.DataFrame) -> list[str]:
    """Clauses to choose from, fullest first: what was missed, of the whole and of vendors, always comes before what is below expected."""
    missed = _of_status(total, Status.MISSED)
    if len(missed):
        own = _clauses(_subject(report), missed)
        return [*_with_vendor(own, report, missed), *own, _nameless(missed)]
    vendors = _of_status(report[report["vendor"].notna()], Status.MISSED)
    if len(vendors):
        return [*vendor_clauses(report), _nameless(vendors)]
    below = _of_status(judged, Status.BELOW_EXPECTED)
    return _clauses(_subject(report), below) if len(below) else vendor_clauses(report) or [nothing_wrong(report, total)]


def _of_status(rows: pd.DataFrame, status: Status) -> pd.DataFrame:
    return _worst_first(rows[rows["status"] == status])


def _with_vendor(own: Sequence[str], report: pd.DataFrame, whole: pd.DataFrame) -> list[str]:
    """'The portfolio missed attrition (+1.8 pp); Cobalt Bay missed three KPIs.': beside the whole the vendor that missed most.

    What a vendor missed by as much as the whole is not said twice.
    """
    missed = _of_status(report[report["vendor"].notna()], Status.MISSED)
    said = set(zip(whole["kpi"], whole["variance_text"], strict=True))
    count_of = missed["vendor"].value_counts()
    missed = missed[[pair not in said for pair in zip(missed["kpi"], missed["variance_text"], strict=True)]]
    if missed.empty or report["vendor"].dropna().nunique() == 1:
        return []
    rows = missed[missed["vendor"] == missed["vendor"].value_counts(sort=False).idxmax()]
    vendor = str(rows["vendor"].iat[0])
    count = int(count_of[vendor])
    tails = [*_clauses(vendor, rows), *([f"{vendor} missed {number_word(count)} KPIs."] if count > 1 else [])]
    return [f"{clause.removesuffix('.')}; {tail}" for clause in own for tail in tails]


def _nameless(missed: pd.DataFrame) -> str:
    """What was missed most, where a long name leaves no room for whose it is."""
    return f"Missed most: {_measures(missed.head(1), 1)}."


def vendor_clauses(report: pd.DataFrame) -> list[str]:
    """Clauses on the vendors that stand out to choose from, longest first; none when every vendor is on target."""
    vendors = report[report["vendor"].notna() & report["status"].isin(list(_SEVERITY))]
    if vendors.empty:
        return []
    ranked = _worst_first(vendors)
    worst = _of_first(ranked)
    second = _of_first(ranked[ranked["vendor"] != worst["vendor"].iat[0]]) if ranked["vendor"].nunique() > 1 else worst.head(0)
    one = _clauses(str(worst["vendor"].iat[0]), worst)
    if second.empty:
        return one
    others = _clauses(str(second["vendor"].iat[0]), second)
    return [f"{clause.removesuffix('.')}; {other}" for clause in one for other in others] + one


def _subject(report: pd.DataFrame) -> str:
    """Whom the total row is about: the one vendor the filters leave, else the portfolio."""
    vendors = report["vendor"].dropna().unique()
    return str(vendors[0]) if len(vendors) == 1 else "The portfolio"


def nothing_wrong(report: pd.DataFrame, total: pd.DataFrame) -> str:
    """'No vendor is below its target on any of them.'"""
    others = total[total["status"].isin(list(_SEVERITY))]
    if len(others):
        return _clause(_subject(report), others, len(others))
    alone = report["vendor"].dropna().nunique() == 1
    return f"{_subject(report)} is below its target on no KPI." if alone else "No vendor is below its target on any of them."


def _worst_first(rows: pd.DataFrame) -> pd.DataFrame:
    """The exceptions, missed before below expected, then by distance from the target."""
    ranked = rows.assign(severity=rows["status"].map(_SEVERITY), distance=[relative_distance(row) for row in rows.to_dict("records")])
    return ranked.sort_values(["severity", "distance"], ascending=False, kind="stable")


def _of_first(ranked: pd.DataFrame) -> pd.DataFrame:
    """The exceptions of the first row's vendor that have its status."""
    first = ranked.iloc[0]
    return ranked[(ranked["vendor"] == first["vendor"]) & (ranked["status"] == first["status"])]


def relative_distance(row: dict) -> float:
    """|variance| as a share of the target (of a band's width), to compare exceptions of different units."""
    base = yardstick(row)
    return abs(row["variance"]) / base if base else np.inf


def _clauses(subject: str, rows: pd.DataFrame) -> list[str]:
    """The clause with three, two and one of the rows named, the others counted."""
    return [_clause(subject, rows, most) for most in range(min(len(rows), MOST_NAMED), 0, -1)]


def _clause(subject: str, rows: pd.DataFrame, most: int) -> str:
    """'Asterion is below expected on customer satisfaction (-2.1 pp), first contact resolution (-1.6 pp) and one more.'"""
    verb = "missed" if rows["status"].iat[0] == Status.MISSED else "is below expected on"
    return f"{subject} {verb} {_measures(rows, most)}."


def _measures(rows: pd.DataFrame, most: int) -> str:
    texts = (rows[name] for name in ("kpi", "value_text", "target_text", "variance_text"))
    return first_few(
        [f"{label_in_sentence(kpi)} ({gap_words(find_kpi(kpi).unit, *words)})" for kpi, *words in zip(*texts, strict=True)], most
    )


def gap_words(unit: Unit | str, value_text: str, target_text: str, variance_text: str) -> str:
    """'-4.9 pp'; of a count, where a difference says less than the two numbers, '3 against 0'."""
    return f"{value_text} against {target_text.lstrip('<>= ')}" if unit == Unit.COUNT else signed(variance_text)


def signed(variance_text: str) -> str:
    """The variance without its verdict word: inside a sentence the verb has said it."""
    return variance_text.removesuffix(" (better)").removesuffix(" (worse)")


def label_in_sentence(kpi: str) -> str:
    """'customer satisfaction': the label as it reads inside a sentence."""
    label = find_kpi(kpi).label.split(",")[0]
    return label[0].lower() + label[1:]


def _joined(first: str, change: str, choices: Sequence[str]) -> str:
    """All clauses within the length a phone can show: exceptions, which have names, before the change, which is only counted."""
    leads = [f"{first} {change}", first] if change else [first]
    fitting = [f"{lead} {choice}" for choice in choices for lead in leads if len(lead) + 1 + len(choice) <= LONGEST]
    return next(iter(fitting), leads[0])
