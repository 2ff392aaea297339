"""Vendors side by side in words: the verdict, what the common mix changes, and every number as it is printed."""

from collections.abc import Mapping, Sequence
from math import ceil, log10

import numpy as np
import pandas as pd

from analytics.catalogue import DIMENSIONS, Kpi, Unit, find_kpi
from analytics.catalogue.units import (
    NOT_MEASURED_TEXT,
    SECONDS_PER_HOUR,
    default_decimals,
    number_text,
    told_apart,
    value_text,
    variance_text,
)
from analytics.performance.compared import NOT_BY_MIX, ONLY_REPORTED, Goal
from analytics.performance.comparison import A_TOTAL, CURRENCIES_DIFFER, NO_DIRECTION, NOT_COUNTED, NOT_SERVED, UNNAMED
from analytics.performance.verdict import LONGEST, label_in_sentence, number_word

MORE_DECIMALS = 1
STRATA_NAMED = 2
MOST_NAMED = 2
_OF_KPI = {
    A_TOTAL: "is a total, and larger {plural} have more: they are shown, not ranked.",
    NO_DIRECTION: "has no good direction: the {plural} are shown, not ranked.",
    CURRENCIES_DIFFER: "is in several currencies: the {plural} are shown, not ranked. The setting reporting_currency converts them.",
}
_WHY_NOT = {
    NOT_COUNTED: "without counts",
    ONLY_REPORTED: "reporting no counts",
    NOT_SERVED: "doing other work",
    NOT_BY_MIX: "not known by line and channel",
}
SMALL = "small sample"


def with_compared_words(rows: pd.DataFrame, goals: Mapping[str, Goal]) -> pd.DataFrame:
    """The rows of one KPI as printed: value_text, interval_text, others_text, difference_text, measured_text, coverage, target_text.

    `target_levels`: where its target lies, one level or the two of a band.
    """
    if rows.empty:
        return rows.assign(**{name: [] for name in _TEXTS})
    kpi = find_kpi(str(rows["kpi"].iat[0]))
    places = _places(rows, kpi.unit)
    texts = [_texts(row, kpi, places, goals.get(row["member"])) for row in rows.to_dict("records")]
    return rows.assign(**{name: pd.Series([text[name] for text in texts], index=rows.index, dtype=object) for name in _TEXTS})


_TEXTS = (
    "value_text", "interval_text", "others_text", "difference_text", "measured_text", "coverage", "target_text", "target_levels",
)  # fmt: skip


def _texts(row: dict, kpi: Kpi, places: int, goal: Goal | None) -> dict[str, object]:
    unit, money = kpi.unit, row["currency"]
    lower, upper = number_text(row["lower"], unit, places), value_text(row["upper"], unit, money, places)
    return {
        "value_text": value_text(row["value"], unit, money, places),
        "interval_text": NOT_MEASURED_TEXT if lower == NOT_MEASURED_TEXT else f"{lower} to {upper}",
        "others_text": value_text(row["others"], unit, money, places),
        "difference_text": variance_text(row["against_others"], unit, kpi.better_sign, money, places),
        "measured_text": value_text(row["measured_value"], unit, money, places),
        "coverage": _coverage(row),
        "target_text": goal.text if goal else NOT_MEASURED_TEXT,
        "target_levels": goal.levels if goal else (),
    }


def _places(rows: pd.DataFrame, unit: Unit) -> int:
    """Decimals that show the middle interval's ends apart: one more than usual for an error rate of 0.32 %, say, never two."""
    width = float(np.nanmedian(rows["upper"] - rows["lower"])) if rows["upper"].notna().any() else 0.0
    shown = width * 100 if unit is Unit.PERCENT else width / SECONDS_PER_HOUR if unit is Unit.HOURS else width
    least = default_decimals(unit)
    return least if shown <= 0 else min(max(least, ceil(-log10(shown / 2))), least + MORE_DECIMALS)


def _coverage(row: dict) -> str:
    """'12 of 12 months', '11 of 12 months, 66 % of its work'."""
    months = f"{int(row['periods'])} of {int(row['months'])} {'month' if row['months'] == 1 else 'months'}"
    share = row["covered"]
    return months if share != share or share > 0.995 else f"{months}, {value_text(share, Unit.PERCENT, decimals=0)} of its work"


def comparison_sentence(rows: pd.DataFrame, phrase: str, by: str = "vendor") -> str:
    """The verdict on one KPI: who is first, who is last or that nobody can be told apart, and how many are not ranked.

    'Meridiem and Northline share rank 1 on first contact resolution over 12 months; Asterion is last, 80.4 % against 85.4 % of
    the others. Not ranked: one small sample.'
    """
    kpi, words = str(rows["kpi"].iat[0]), DIMENSIONS[by]
    measured, ranked = rows[rows["value"].notna()], rows[rows["rank"].notna()]
    name = label_in_sentence(kpi)
    if measured.empty:
        return f"No {words.label.lower()} has {name} with its counts in a whole month {phrase}."
    of_kpi = next((text for remark, text in _OF_KPI.items() if (measured["remark"] == remark).all()), "")
    if of_kpi:
        return f"{find_kpi(kpi).label} {of_kpi.format(plural=words.plural)}"
    tail = _not_ranked(rows[rows["rank"].isna()])
    if ranked.empty:
        return _fitting([f"No {words.label.lower()} can be ranked on {name} {phrase}."], tail)
    if len(ranked) == 1:
        only = f"Only {ranked['member'].iat[0]} can be ranked on {name} {phrase}, so there is nobody to compare with."
        return _fitting([only], tail)
    return _fitting(_told_apart(ranked, f"on {name} {phrase}", words.plural), tail)


def _told_apart(ranked: pd.DataFrame, where: str, plural: str) -> list[str]:
    """Clauses to choose from, longest first."""
    count, pairs = len(ranked), int(ranked["better_than"].sum())
    if not pairs:
        together = "Neither of the two" if count == 2 else f"None of the {number_word(count)}"
        return [f"{together} {plural} can be told apart {where}: their intervals overlap."]
    first, last = ranked[ranked["rank"] == 1], ranked[ranked["better_than"] == 0]
    if (first["better_than"] == count - len(first)).all():
        lead = _first(first, where, plural)
        worst = _last(last, plural) if (last["worse_than"] == count - len(last)).all() and len(first) < count - len(last) + 1 else []
        return [f"{lead}; {words}." for words in worst] + [f"{lead}."]
    best, worst = ranked.loc[ranked["better_than"].idxmax()], ranked.loc[ranked["worse_than"].idxmax()]
    lead = f"{best['member']} is better than {_names(_beyond(ranked, best, 1), plural)} {where}"
    if pairs == best["better_than"]:
        return [f"{lead}; nobody else is told apart.", f"{lead}."]
    losing = _beyond(ranked, worst, -1)
    said = f"{lead}; {worst['member']} is worse than"
    others = f"{number_word(len(losing))} other{'' if len(losing) == 1 else 's'}"
    return [f"{said} {_names(losing, plural)}.", f"{said} {others}.", f"{lead}."]


def _beyond(ranked: pd.DataFrame, row: pd.Series, side: int) -> list[str]:
    """The members whose whole interval is worse (side 1) or better (-1) than that of `row`."""
    above = find_kpi(str(row["kpi"])).better_sign * side < 0
    beyond = ranked["lower"] > row["upper"] if above else ranked["upper"] < row["lower"]
    return ranked.loc[beyond, "member"].tolist()


def _first(group: pd.DataFrame, where: str, plural: str) -> str:
    """'Northline is best on ...', 'Meridiem and Northline share rank 1 on ...'."""
    names = _names(group["member"].tolist(), plural)
    if len(group) == 1:
        return f"{names} is best {where}"
    return f"{names[0].upper()}{names[1:]} share rank 1 {where}"


def _last(group: pd.DataFrame, plural: str) -> list[str]:
    """What is said of the worst, longest first."""
    if len(group) > 1:
        return [f"{_names(group['member'].tolist(), plural)} share the last rank, {group['rank_text'].iat[0]}"]
    row = group.iloc[0]
    unit = find_kpi(str(row["kpi"])).unit
    own, others = told_apart(row["value"], row["others"], unit)
    money = f" {row['currency']}" if unit is Unit.MONEY and row["currency"] else ""
    told = f"{row['member']} is last, {own}{money} against {others}{money}"
    return [f"{told} of the others", told, f"{row['member']} is last"]


def _names(names: Sequence[str], plural: str) -> str:
    return " and ".join(names) if len(names) <= MOST_NAMED else f"{number_word(len(names))} {plural}"


def _not_ranked(rows: pd.DataFrame) -> str:
    """' Not ranked: two small samples, one without counts.'; '' where all are ranked."""
    small = int(rows["small"].sum())
    parts = [f"{number_word(small)} {SMALL}{'' if small == 1 else 's'}"] if small else []
    counts = rows["remark"].map(_WHY_NOT).value_counts(sort=False)
    parts += [f"{number_word(count)} {words}" for words, count in counts.items()]
    return f" Not ranked: {', '.join(parts)}." if parts else ""


def _fitting(clauses: Sequence[str], tail: str) -> str:
    """The longest clause that leaves room for who is not ranked."""
    return next((f"{clause}{tail}" for clause in clauses if len(clause) + len(tail) <= LONGEST), f"{clauses[-1]}{tail}")


def mix_words(rows: pd.DataFrame, strata: Sequence[str], *, asked: bool) -> str:
    """Which work is compared, and what that changes against the numbers as measured; `rows` with their words."""
    measured = rows[rows["value"].notna()]
    if measured.empty:
        return ""
    if not asked:
        return "As measured: each on all of its own work, easy or hard. The common mix compares them on the same work."
    if not bool(rows["common_mix"].any()):
        total = not find_kpi(str(rows["kpi"].iat[0])).denominator
        return "" if total else "Compared as measured: too little of it is known by line of business and channel for a common mix."
    named = "; ".join(name.removesuffix(f", {UNNAMED}") for name in strata[:STRATA_NAMED])
    rest = len(strata) - STRATA_NAMED
    more = f" and {number_word(rest)} more kind{'' if rest == 1 else 's'}" if rest > 0 else ""
    if len(strata) == 1 and (measured["covered"] > 0.995).all():
        return "All of them do one kind of work, so the common mix is what was measured."
    return f"Common mix: the work all of them do ({named}{more}), weighted alike. {_change_words(measured)}"


def _change_words(measured: pd.DataFrame) -> str:
    """'As measured Asterion would have 4:42 min and rank 3 instead of 4:30 min and rank 1-3.'"""
    reach = (measured["value"] - measured["measured_value"]).abs()
    moved = (
        (measured["measured_rank"] != measured["rank_text"])
        & (measured["measured_text"] != measured["value_text"])
        & measured["rank"].notna()
    )
    row = measured.loc[(reach[moved] if moved.any() else reach).idxmax()]
    if row["value_text"] == row["measured_text"]:
        return "As measured all numbers are nearly the same."
    if moved.any():
        ranks = f" and rank {row['measured_rank']} instead of {row['value_text']} and rank {row['rank_text']}"
        return f"As measured {row['member']} would have {row['measured_text']}{ranks}."
    return f"As measured the ranks are the same; {row['member']} differs most: {row['measured_text']} instead of {row['value_text']}."
