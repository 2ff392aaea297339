"""The KPI frame in words: value, target, variance as they stand on screen, in exports and on the command line."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from analytics.catalogue import Comparator, Kpi, Unit, find_kpi
from analytics.catalogue.units import NOT_MEASURED_TEXT, default_decimals, honest_decimals, target_text, value_text, variance_text
from analytics.performance.variance import status_of

TARGETS_KEPT = 1000


def with_words(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame plus value_text, target_text, variance_text.

    Decimals grow only where the rounded number would contradict the verdict (79.96 % missed against >= 80 %).
    """
    names = ("kpi", "value", "comparator", "target", "minimum", "lower", "upper", "variance", "currency")
    texts = [_words(*row) for row in zip(*(frame[name] for name in names), strict=True)]
    columns = list(zip(*texts, strict=True)) or [(), (), ()]
    named = zip(("value_text", "target_text", "variance_text"), columns, strict=True)
    return frame.assign(**{name: pd.Series(values, index=frame.index, dtype=object) for name, values in named})


def _words(
    kpi_id: str,
    value: float,
    comparator: Comparator | None,
    target: float,
    minimum: float,
    lower: float,
    upper: float,
    variance: float,
    currency: str | None,
) -> tuple[str, str, str]:
    kpi, money = find_kpi(kpi_id), currency or ""
    asked = _target_words(comparator, _level(target), kpi.unit, _level(lower), _level(upper), money)
    if np.isnan(value):
        return NOT_MEASURED_TEXT, asked, NOT_MEASURED_TEXT
    places = honest_decimals(value, kpi.unit, lambda printed: status_of(printed, comparator, target, minimum, lower, upper))
    return value_text(value, kpi.unit, money, places), asked, variance_words(variance, kpi, comparator, money, places)


@lru_cache(maxsize=TARGETS_KEPT)
def _target_words(
    comparator: Comparator | None, target: float | None, unit: Unit, lower: float | None, upper: float | None, currency: str
) -> str:
    """Most rows of a KPI have the same target."""
    return target_text(comparator, target, unit, lower=lower, upper=upper, currency=currency)


def variance_words(variance: float, kpi: Kpi, comparator: Comparator | None, currency: str = "", places: int | None = None) -> str:
    """A difference with unit and verdict word; a band says on which side of it the value lies."""
    if comparator is Comparator.BAND and not np.isnan(variance):
        return _band_words(variance, kpi.unit, currency, places)
    better = comparator.better_sign if comparator else kpi.better_sign
    return variance_text(variance, kpi.unit, better, currency, _enough(variance, kpi.unit, places))


def _band_words(variance: float, unit: Unit, currency: str, places: int | None) -> str:
    if variance == 0:
        return "inside the band"
    text = variance_text(variance, unit, 0, currency, _enough(variance, unit, places))
    return f"{text} ({'above' if variance > 0 else 'below'} the band)"


def _enough(variance: float, unit: Unit, places: int | None) -> int:
    """A difference that is there is never printed as 0."""
    least = default_decimals(unit) if places is None else places
    if not variance or np.isnan(variance):
        return least
    return max(least, honest_decimals(variance, unit, lambda printed: printed != 0)) if abs(variance) > _VISIBLE else least


_VISIBLE = 1e-6


def _level(level: float) -> float | None:
    return None if np.isnan(level) else level


def nothing_to_divide(frame: pd.DataFrame) -> bool:
    """Whether nothing has a value although there are counts: all there is to divide by is 0."""
    zeros = frame["numerator"].notna() & (frame["denominator"] == 0)
    return bool(zeros.any() and frame["value"].isna().all())


_PLAIN = {"vendor-months": "monthly figures", "vendor-days": "daily figures"}


def coverage_words(rows: Sequence[Mapping[str, Any]]) -> str:
    """'4 of 5 vendors, 3 of 3 months. Quality score: no data from the 2 vendors': the common one first, then who differs.

    One monthly figure is what one vendor owes for one month.
    """
    labels: dict[str, list[str]] = {}
    for row in rows:
        labels.setdefault(_plain_coverage(row["coverage"]), []).append(find_kpi(row["kpi"]).label)
    common = max(labels, key=lambda coverage: len(labels[coverage]))
    return ". ".join([common, *(f"{', '.join(names)}: {words}" for words, names in labels.items() if words != common)])


def _plain_coverage(coverage: str) -> str:
    """The coverage of a row for people who do not count in vendor-months."""
    if coverage.startswith("0 of "):
        whom = coverage.removeprefix("0 of ").partition(",")[0]
        return f"no data from the {whom}" if whom.endswith("vendors") else f"no data, 0 of {whom}"
    for counted, plain in _PLAIN.items():
        coverage = coverage.replace(counted, plain)
    return coverage
