"""Intervals of a ratio: from its own period-to-period variation, and Wilson's for a proportion. All of 95 %.

    period variation  e_t = n_t - R x d_t;   variance of R = k / (k - 1) x sum(e_t^2) / (sum d)^2 over k periods
                      R +/- t x square root, t of k - 1 degrees of freedom (the ratio estimator: Cochran, Sampling Techniques, 6.4)
    Wilson            (p + z^2 / 2n +/- z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n)   (Wilson 1927; Newcombe 1998, method 3)

Chance alone (Wilson) is far too little at tens of thousands of contacts, where every vendor would differ from every other;
handle time and cost have no stored variance at all. So the variation from period to period speaks, and for a proportion
the interval is never narrower than chance.
"""

from statistics import NormalDist

import numpy as np

CONFIDENCE = 0.95
Z = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2)
# Two-sided 95 % quantiles of Student's t for 1 to 30 degrees of freedom; above, the expansion of Abramowitz and Stegun 26.7.5.
STUDENT = (
    12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281,
    2.2010, 2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860,
    2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423,
)  # fmt: skip


def student_quantile(degrees: np.ndarray) -> np.ndarray:
    """t with 2.5 % above it; NaN below 1 degree of freedom."""
    freedom = np.asarray(degrees, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        beyond = Z + (Z**3 + Z) / (4 * freedom) + (5 * Z**5 + 16 * Z**3 + 3 * Z) / (96 * freedom**2)
    table = np.array((np.nan, *STUDENT))[np.clip(freedom, 0, len(STUDENT)).astype(int)]
    return np.where(freedom > len(STUDENT), beyond, table)


def wilson(share: np.ndarray, size: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper limit of a proportion seen in `size` cases; NaN for no case or a share outside 0 to 1."""
    p, n = np.asarray(share, dtype=float), np.asarray(size, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = np.where((p >= 0) & (p <= 1) & (n > 0), p, np.nan)
        middle = (p + Z**2 / (2 * n)) / (1 + Z**2 / n)
        reach = Z / (1 + Z**2 / n) * np.sqrt(p * (1 - p) / n + Z**2 / (4 * n**2))
    return np.where(p == 0, 0.0, middle - reach), np.where(p == 1, 1.0, middle + reach)


def period_reach(squares: np.ndarray, denominator: np.ndarray, periods: np.ndarray) -> np.ndarray:
    """Half the interval of a ratio from its periods: `squares` = sum(e_t^2). NaN below 2 periods or without a denominator."""
    with np.errstate(divide="ignore", invalid="ignore"):
        deviation = np.sqrt(periods / (periods - 1.0) * squares) / np.abs(denominator)
        reach = student_quantile(periods - 1) * deviation
    return np.where((periods >= 2) & (denominator != 0), reach, np.nan)
