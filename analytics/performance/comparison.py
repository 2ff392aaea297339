"""Vendors (sites, lines, channels) side by side: values with intervals, shared ranks, and each against all the others.

Common mix. With `strata` (line of business and channel are the default of the page) every member is compared on the same
work: the stratum with the largest denominators, and every other that all members serving it serve (a member with fewer
than 30 cases there has no say in it). A member's value is its ratio in each of them, weighted by the share all members
together have there (direct standardisation). A member that does not serve all of them has no value. Without strata the
value is sum / sum over the member's own mix.

Rank. Members whose intervals overlap cannot be told apart and share a rank: a member may stand anywhere from 1 + the
members whose whole interval is better (`worse_than`) to all less those whose whole interval is worse (`better_than`). Two
that overlap always have a rank in common; of two that do not, the better one has the better first and the better last rank.
Small samples (fewer than 30 cases where cases are counted, or fewer than 3 whole periods) are marked
and never ranked; nor are totals, KPIs without a good direction, and money in different currencies. Periods that are not
whole and results reported without counts take no part.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.catalogue import MEASURES, Kpi, MeasureKind, find_kpi
from analytics.performance.intervals import period_reach, wilson

FEWEST_CASES = 30
FEWEST_PERIODS = 3
BY_PERIODS = "period to period"
BY_CHANCE = "Wilson"
NOT_SERVED = "does not do the work compared"
NOT_COUNTED = "no counts in a whole period"
CURRENCIES_DIFFER = "currencies differ"
A_TOTAL = "a total: larger members have more"
NO_DIRECTION = "no good direction"
UNNAMED = "not named"
COLUMNS = (
    "value", "lower", "upper", "method", "numerator", "denominator", "periods", "covered", "small", "remark", "rank", "tied", "rank_text",
    "better_than", "worse_than", "others", "against_others",
)  # fmt: skip


@dataclass(frozen=True)
class _Cells:
    """Sums of one KPI: numerator and denominator by member x stratum x period, 0 where there is nothing."""

    above: np.ndarray
    below: np.ndarray
    strata: tuple[str, ...]

    @property
    def served(self) -> np.ndarray:
        """Which member serves which stratum."""
        return self.below.sum(axis=2) > 0


def side_by_side(frame: pd.DataFrame, by: str = "vendor", strata: Sequence[str] = ()) -> pd.DataFrame:
    """One row per KPI and member of a KPI frame by period, `by` and `strata`.

    Columns: kpi, <by>, value, lower, upper (95 % interval, base units), method of the interval, numerator, denominator,
    periods (whole ones with counts), covered (share of the member's denominator in the strata compared), small, remark (why
    it is not ranked, else ''), rank (the best possible), tied (members it cannot be told apart from, with itself), rank_text
    ('2-4'), better_than, worse_than, others (all members but this one, the same strata), against_others (value - others).
    """
    blocks = [_of_kpi(find_kpi(str(kpi)), rows, by, strata) for kpi, rows in frame.groupby("kpi", sort=False, observed=True)]
    return pd.concat(blocks, ignore_index=True) if blocks else pd.DataFrame(columns=["kpi", by, *COLUMNS])


def common_strata(frame: pd.DataFrame, by: str, strata: Sequence[str]) -> tuple[str, ...]:
    """The strata of one KPI's frame that are compared, in words, largest first: 'Support, phone'."""
    members = pd.factorize(frame[by])
    cells = _cells(frame, members[0], len(members[1]), strata)
    chosen = _chosen(cells, len(frame) > 0 and _counts_cases(find_kpi(str(frame["kpi"].iat[0]))))[1]
    return tuple(cells.strata[place] for place in np.argsort(-cells.below.sum(axis=(0, 2)), kind="stable") if chosen[place])


def _of_kpi(kpi: Kpi, rows: pd.DataFrame, by: str, strata: Sequence[str]) -> pd.DataFrame:
    codes, names = pd.factorize(rows[by])
    cells = _cells(rows, codes, len(names), strata)
    columns = _compared(kpi, cells)
    columns["remark"] = _remarks(kpi, columns, cells.below.sum(axis=(1, 2)) > 0, _several_currencies(rows))
    columns |= _ranks(columns["lower"], columns["upper"], columns["remark"] == "", kpi.better_sign)
    if _several_currencies(rows):
        columns |= {name: np.full(len(names), np.nan) for name in ("others", "against_others")}
    ordered = {name: columns[name] for name in COLUMNS}
    return pd.DataFrame({"kpi": kpi.id, by: pd.Series(list(names), dtype=object), **ordered})


def _cells(rows: pd.DataFrame, members: np.ndarray, count: int, strata: Sequence[str]) -> _Cells:
    """The counts of whole periods, laid out member x stratum x period."""
    above, below = rows["numerator"].to_numpy(float), rows["denominator"].to_numpy(float)
    ratio = bool(len(rows)) and bool(find_kpi(rows["kpi"].iat[0]).denominator)
    counted = rows["complete"].to_numpy(bool) & ~np.isnan(above) & (~np.isnan(below) if ratio else True) & (members >= 0)
    periods, starts = pd.factorize(rows["period"])
    stratum, words = _strata(rows, strata)
    places = (members[counted], stratum[counted], periods[counted])
    shape = (count, max(len(words), 1), max(len(starts), 1))
    flat = np.ravel_multi_index(places, shape)
    columns = above, below if ratio else np.ones(len(rows))
    sums = [np.bincount(flat, column[counted], int(np.prod(shape))).reshape(shape) for column in columns]
    return _Cells(sums[0], sums[1], words)


def _strata(rows: pd.DataFrame, strata: Sequence[str]) -> tuple[np.ndarray, tuple[str, ...]]:
    """The stratum of each row, and the strata in words; one for all without strata."""
    if not strata:
        return np.zeros(len(rows), dtype=int), ("all",)
    together = np.zeros(len(rows), dtype=int)
    for name in strata:
        own, values = pd.factorize(rows[name])
        together = together * (len(values) + 1) + own + 1
    codes, kinds = pd.factorize(together)
    firsts = rows[list(strata)].iloc[[int(np.argmax(together == kind)) for kind in kinds]]
    named = firsts.astype(object).where(firsts.notna(), UNNAMED).itertuples(index=False, name=None)
    return codes, tuple(", ".join(map(str, names)) for names in named)


def _chosen(cells: _Cells, counts: bool) -> tuple[np.ndarray, np.ndarray]:
    """Which members are compared, and on which strata; `counts`: denominators are cases."""
    if not cells.served.any():
        return np.zeros(len(cells.above), dtype=bool), np.zeros(len(cells.strata), dtype=bool)
    largest = int(np.argmax(cells.below.sum(axis=(0, 2))))
    members = cells.served[:, largest]
    large = members & (cells.below[:, largest].sum(axis=1) >= FEWEST_CASES) if counts else members
    strata = cells.served[large if large.any() else members].all(axis=0)
    return members & cells.served[:, strata].all(axis=1), strata


def _counts_cases(kpi: Kpi) -> bool:
    """Whether what stands below the line is a number of cases."""
    return all(MEASURES[term.measure].kind is MeasureKind.COUNT for term in kpi.denominator_terms)


def _compared(kpi: Kpi, cells: _Cells) -> dict[str, np.ndarray]:
    """Values, intervals and benchmark of every member of one KPI; NaN for members that are not compared."""
    counts = _counts_cases(kpi)
    members, strata = _chosen(cells, counts)
    if not kpi.denominator:
        return _totals(cells)
    by_period = cells.above[:, strata], cells.below[:, strata]
    above, below = (sums.sum(axis=2) for sums in by_period)
    together, all_of = above[members].sum(axis=0), below[members].sum(axis=0)
    weight = all_of / all_of.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = above / below
        value = np.where(members, rate @ weight, np.nan)
        others = np.where(members, ((together - above) / (all_of - below)) @ weight, np.nan)
        covered = np.where(members, below.sum(axis=1) / cells.below.sum(axis=(1, 2)), np.nan)
        pull = (by_period[0] - rate[:, :, None] * by_period[1]) / below[:, :, None]
        size = 1 / (weight**2 / below).sum(axis=1)
    periods = (by_period[1].sum(axis=1) != 0).sum(axis=1)
    reach = period_reach((np.einsum("msp,s->mp", pull, weight) ** 2).sum(axis=1), np.ones(len(members)), periods)
    lower, upper, method = _interval(kpi, value, np.where(members, reach, np.nan), size)
    small = members & ((periods < FEWEST_PERIODS) | (counts & (below.sum(axis=1) < FEWEST_CASES)))
    return {
        "value": value * kpi.scale, "lower": lower * kpi.scale, "upper": upper * kpi.scale, "method": method,
        "numerator": above.sum(axis=1), "denominator": below.sum(axis=1), "periods": periods, "covered": covered, "small": small,
        "others": others * kpi.scale, "against_others": (value - others) * kpi.scale,
    }  # fmt: skip


def _totals(cells: _Cells) -> dict[str, np.ndarray]:
    """Totals are shown beside each other and never judged."""
    periods = (cells.below.sum(axis=1) > 0).sum(axis=1)
    blank, there = np.full(len(periods), np.nan), periods > 0
    value = np.where(there, cells.above.sum(axis=(1, 2)), np.nan)
    return {
        "value": value, "lower": blank, "upper": blank, "method": np.full(len(periods), "", dtype=object), "numerator": value,
        "denominator": blank, "periods": periods, "covered": np.where(there, 1.0, np.nan), "small": np.zeros(len(periods), dtype=bool),
        "others": blank, "against_others": blank,
    }  # fmt: skip


def _interval(kpi: Kpi, value: np.ndarray, reach: np.ndarray, size: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The interval of the period-to-period variation; for a proportion kept inside 0 to 1 and never narrower than chance."""
    lower, upper = value - reach, value + reach
    method = np.where(np.isnan(lower), "", BY_PERIODS).astype(object)
    if not kpi.is_proportion:
        return lower, upper, method
    least, most = wilson(value, size)
    chance = ~np.isnan(least) & ~(upper - lower > most - least)
    lower, upper = np.where(chance, least, np.fmin(lower, least)), np.where(chance, most, np.fmax(upper, most))
    within = (value >= 0) & (value <= 1)
    return np.where(within, np.maximum(lower, 0), lower), np.where(within, np.minimum(upper, 1), upper), np.where(chance, BY_CHANCE, method)


def _several_currencies(rows: pd.DataFrame) -> bool:
    return "currency" in rows and rows.loc[rows["numerator"].notna(), "currency"].nunique() > 1


def _remarks(kpi: Kpi, columns: dict[str, np.ndarray], counted: np.ndarray, several_currencies: bool) -> np.ndarray:
    """Why a member is not ranked; '' for those that are."""
    general = A_TOTAL if not kpi.denominator else CURRENCIES_DIFFER if several_currencies else "" if kpi.better_sign else NO_DIRECTION
    missing = np.where(counted, NOT_SERVED, NOT_COUNTED)
    words = [
        general or (_small_text(*row) if small else "")
        for small, *row in zip(columns["small"], columns["denominator"], columns["periods"], strict=True)
    ]
    return np.where(np.isnan(columns["value"]), missing, words).astype(object)


def _small_text(cases: float, periods: int) -> str:
    """'small sample: 12 cases', 'small sample: 2 whole periods'."""
    few = f"{periods} whole period{'' if periods == 1 else 's'}" if periods < FEWEST_PERIODS else f"{cases:,.0f} cases"
    return f"small sample: {few}"


def _ranks(lower: np.ndarray, upper: np.ndarray, ranked: np.ndarray, better_sign: int) -> dict[str, np.ndarray]:
    """Best rank possible, how many it is shared among, both in words, and how many lie wholly beyond; NaN and '-' where not ranked."""
    rank, tied, better, worse = (np.full(len(lower), np.nan) for _ in range(4))
    text = np.full(len(lower), "-", dtype=object)
    best, worst = (-upper, -lower) if better_sign > 0 else (lower, upper)
    count = int(ranked.sum())
    better[ranked] = count - np.searchsorted(np.sort(best[ranked]), worst[ranked], side="right")
    worse[ranked] = np.searchsorted(np.sort(worst[ranked]), best[ranked], side="left")
    rank[ranked], tied[ranked] = 1 + worse[ranked], count - better[ranked] - worse[ranked]
    text[ranked] = [
        f"{first:.0f}" if shared == 1 else f"{first:.0f}-{first + shared - 1:.0f}"
        for first, shared in zip(rank[ranked], tied[ranked], strict=True)
    ]
    return {"rank": rank, "tied": tied, "rank_text": text, "better_than": better, "worse_than": worse}
