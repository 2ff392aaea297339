"""Funnel plot of a proportion over many members, sites say: who lies beyond what chance and the usual spread would give.

    limits = p +/- z x sqrt(f x p (1 - p) / n)      p = sum / sum over all members, n = the member's denominator
    z = 1.96 (95 %) and 3.09 (99.8 %)               f = over-dispersion

f = mean of the squared z-scores (r - p) / sqrt(p (1 - p) / n), of which the lowest and highest 10 % are first moved in to the
10th and 90th percentile (winsorised); it is applied only where f > 1 + 2 x sqrt(2 / members), else it is 1. After
Spiegelhalter 2005, Funnel plots for comparing institutional performance, with multiplicative over-dispersion. Limits are
cut at 0 and 1. Only for proportions and from 10 members on: fewer say too little about how much members usually differ.
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import pandas as pd

from analytics.catalogue import find_kpi
from analytics.performance.spc import Signal

FEWEST_MEMBERS = 10
WINSORISED = 0.1
INNER, OUTER = (NormalDist().inv_cdf(0.5 + confidence / 2) for confidence in (0.95, 0.998))
NO_PROPORTION = "a funnel is for proportions"
TOO_FEW = f"a funnel needs at least {FEWEST_MEMBERS} members"
NO_SPREAD = "all members together are at 0 or 100 %"


@dataclass(frozen=True)
class Funnel:
    """`members`: the rows given plus funnel_lower, funnel_upper (99.8 %), warning_lower, warning_upper (95 %), funnel_signal.

    `centre`: the value of all together; `overdispersion`: f. A remark instead of limits where there is no funnel.
    """

    members: pd.DataFrame
    centre: float = np.nan
    overdispersion: float = 1.0
    remark: str = ""


def funnel(members: pd.DataFrame) -> Funnel:
    """The funnel of one KPI; needs kpi, numerator, denominator, one row per member. Rows without cases are left out."""
    counted = members[(members["denominator"] > 0) & members["numerator"].notna()].reset_index(drop=True)
    if len(counted) and not find_kpi(str(counted["kpi"].iat[0])).is_proportion:
        return Funnel(counted, remark=NO_PROPORTION)
    if len(counted) < FEWEST_MEMBERS:
        return Funnel(counted, remark=TOO_FEW)
    size = counted["denominator"].to_numpy(float)
    share = counted["numerator"].to_numpy(float) / size
    centre = float(counted["numerator"].sum() / size.sum())
    if not 0 < centre < 1:
        return Funnel(counted, centre, remark=NO_SPREAD)
    spread = np.sqrt(centre * (1 - centre) / size)
    factor = overdispersion((share - centre) / spread)
    lower, upper = limits_at(centre, factor, size, OUTER)
    warning_lower, warning_upper = limits_at(centre, factor, size, INNER)
    sign = find_kpi(str(counted["kpi"].iat[0])).better_sign
    return Funnel(
        counted.assign(
            funnel_lower=lower, funnel_upper=upper, warning_lower=warning_lower, warning_upper=warning_upper,
            funnel_signal=_signals(share, lower, upper, sign),
        ),
        centre,
        factor,
    )  # fmt: skip


def limits_at(centre: float, factor: float, size: np.ndarray, z: float) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper limit for members of these sizes: the lines of the plot, too."""
    reach = z * np.sqrt(factor * centre * (1 - centre) / size)
    return np.maximum(centre - reach, 0.0), np.minimum(centre + reach, 1.0)


def overdispersion(scores: np.ndarray) -> float:
    """f from the z-scores of all members; 1 where they differ no more than chance."""
    low, high = np.quantile(scores, [WINSORISED, 1 - WINSORISED])
    factor = float(np.mean(np.clip(scores, low, high) ** 2))
    return factor if factor > 1 + 2 * np.sqrt(2 / len(scores)) else 1.0


def _signals(share: np.ndarray, lower: np.ndarray, upper: np.ndarray, better_sign: int) -> pd.Series:
    """improvement or concern beyond the outer limits; high or low where no direction is good."""
    side = np.where(share > upper, 1, np.where(share < lower, -1, 0))
    words = {1: (Signal.CONCERN, Signal.NONE, Signal.IMPROVEMENT), -1: (Signal.IMPROVEMENT, Signal.NONE, Signal.CONCERN)}
    named = np.array(words.get(better_sign, (Signal.LOW, Signal.NONE, Signal.HIGH)), dtype=object)
    return pd.Series(named[side + 1], dtype=object)
