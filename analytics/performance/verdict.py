"""The sentence a page opens with, made from the numbers: first the count, then the largest exception."""

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analytics.catalogue import Comparator, find_kpi
from analytics.performance.variance import Status, yardstick
from analytics.performance.words import nothing_to_divide
from analytics.periods import Period
from analytics.wording import listed

LONGEST = 160
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


def report_verdict(report: pd.DataFrame, period: Period, contract_kpis: Sequence[str]) -> str:
    """'All four contract KPIs met their target in Q3 2026. Cobalt Bay missed service level (-5.2 pp).'"""
    total = report[report["vendor"].isna()]
    judged, _ = _judged(total, contract_kpis, "contract KPI")
    first = met_clause(total, period, contract_kpis)
    return first if judged.empty else _joined(first, change_clause(judged), _exceptions(report, total, judged))


def met_clause(total: pd.DataFrame, period: Period, contract_kpis: Sequence[str], name: str = "contract KPI") -> str:
    """'Three of four contract KPIs met their target in Q3 2026.', of the rows of one vendor or of all together.

    `name`: what the listed KPIs are called; without any of them all that have a verdict are counted.
    """
    judged, noun = _judged(total, contract_kpis, name)
    if judged.empty:
        return f"No KPI has both a value and a target {period.phrase}."
    when = period.phrase if judged["complete"].all() else f"{period.phrase} so far"
    of_measured = "" if set(judged["kpi"]) == set(contract_kpis) else " measured"
    return _count_clause(judged, of_measured, when, noun)


def _judged(total: pd.DataFrame, contract_kpis: Sequence[str], name: str) -> tuple[pd.DataFrame, str]:
    """The rows with a verdict that are counted, and what they are: those listed, else all."""
    judged = total[total["status"].isin(JUDGED)]
    contract = judged[judged["kpi"].isin(contract_kpis)]
    return (judged, "KPI") if contract.empty else (contract, name)


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
    """Clauses to choose from, longest first: the portfolio's own (missed before below expected), else the vendors that stand out."""
    for status in _SEVERITY:
        own = judged[judged["status"] == status]
        if not own.empty:
            return [_clause(_subject(report), own.head(count)) for count in (2, 1)]
    return vendor_clauses(report) or [nothing_wrong(report, total)]


def vendor_clauses(report: pd.DataFrame) -> list[str]:
    """Clauses on the vendors that stand out to choose from, longest first; none when every vendor is on target."""
    vendors = report[report["vendor"].notna() & report["status"].isin(list(_SEVERITY))]
    if vendors.empty:
        return []
    ranked = _worst_first(vendors)
    worst = _of_first(ranked)
    second = _of_first(ranked[ranked["vendor"] != worst["vendor"].iat[0]]) if ranked["vendor"].nunique() > 1 else worst.head(0)
    one = [_clause(str(worst["vendor"].iat[0]), worst.head(count)) for count in (2, 1)]
    if second.empty:
        return one
    return [
        f"{clause.removesuffix('.')}; {_clause(str(second['vendor'].iat[0]), second.head(count))}"
        for clause, count in zip((one[0], one[0], one[1]), (2, 1, 1), strict=True)
    ] + one


def _subject(report: pd.DataFrame) -> str:
    """Whom the total row is about: the one vendor the filters leave, else the portfolio."""
    vendors = report["vendor"].dropna().unique()
    return str(vendors[0]) if len(vendors) == 1 else "The portfolio"


def nothing_wrong(report: pd.DataFrame, total: pd.DataFrame) -> str:
    """'No vendor is below its target on any of them.'"""
    others = total[total["status"].isin(list(_SEVERITY))]
    if len(others):
        return _clause(_subject(report), others.head(1))
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


def _clause(subject: str, rows: pd.DataFrame) -> str:
    """'Asterion is below expected on customer satisfaction (-2.1 pp) and first contact resolution (-1.6 pp).'"""
    named = [f"{label_in_sentence(kpi)} ({signed(variance)})" for kpi, variance in zip(rows["kpi"], rows["variance_text"], strict=True)]
    verb = "missed" if rows["status"].iat[0] == Status.MISSED else "is below expected on"
    return f"{subject} {verb} {' and '.join(named)}."


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
