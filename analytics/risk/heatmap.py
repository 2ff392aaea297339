"""The risk the KPIs themselves show: vendor x KPI, from variance, direction and trend.

The rule, in points:
* gap: met 0, below expected 1, missed 2, missed by more than 10 % of the target 3;
* trend, against the comparison period in the direction that is good: worsening by more than 2 % of the target +1,
  improving by as much -1, else 0; a missed target never falls below moderate;
* level: 0 low, 1 moderate, 2 high, 3 or more extreme. Without a target only the trend counts, and the reason says so.
  What is not measured has no level, and a neutral KPI is context, not a risk.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.catalogue import Comparator, Direction, find_kpi
from analytics.performance.variance import Status, variance_of, yardstick
from analytics.performance.verdict import LONGEST, label_in_sentence, number_word
from analytics.periods import Period
from analytics.settings import RISK_BAND_NAMES

FAR_SHARE = 0.10
MOVED_SHARE = 0.02
RULE_TEXT = (
    "Level = gap + trend. Gap: met 0, below expected 1, missed 2, missed by more than 10 % of the target 3. "
    "Trend against the comparison period: worsening by more than 2 % of the target +1, improving by as much -1. "
    "0 low, 1 moderate, 2 high, 3 extreme; a missed target is at least moderate."
)
_GAP = {Status.MET: 0, Status.BELOW_EXPECTED: 1, Status.MISSED: 2}


@dataclass(frozen=True, slots=True)
class KpiRisk:
    """Level 0-3 (NaN: not rated), the trend word and the reason in words."""

    level: float
    trend: str
    reason: str


def risk_heatmap_frame(report: pd.DataFrame) -> pd.DataFrame:
    """The vendor rows of a report frame plus level (0-3, NaN not rated), level_text, trend, reason."""
    rows = report[report["vendor"].notna()].reset_index(drop=True)
    rated = [_rate(row) for row in rows.to_dict("records")]
    texts = ["not rated" if np.isnan(risk.level) else RISK_BAND_NAMES[int(risk.level)] for risk in rated]
    columns = {"level_text": texts, "trend": [risk.trend for risk in rated], "reason": [risk.reason for risk in rated]}
    levels = pd.Series([risk.level for risk in rated], index=rows.index, dtype=float)
    return rows.assign(level=levels, **{name: pd.Series(values, index=rows.index, dtype=object) for name, values in columns.items()})


def of_measured_kpis(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame without the KPIs that no vendor in it measures: a column of dashes says nothing."""
    return frame[frame["kpi"].isin(frame.loc[frame["status"] != Status.NOT_MEASURED, "kpi"])].reset_index(drop=True)


def _rate(row: dict) -> KpiRisk:
    kpi = find_kpi(row["kpi"])
    if row["status"] == Status.NOT_MEASURED:
        return KpiRisk(np.nan, "", f"Not measured: {row['coverage']}.")
    if kpi.direction is Direction.NEUTRAL:
        return KpiRisk(np.nan, "", "A neutral KPI: context, not a risk.")
    gap, gap_words = _gap(row)
    step, trend = _trend(row)
    floor = 1 if row["status"] == Status.MISSED else 0
    level = min(max(gap + step, floor), len(RISK_BAND_NAMES) - 1)
    return KpiRisk(float(level), trend, f"{gap_words} {_trend_words(row, trend)} Points: gap {gap}, trend {f'{step:+d}' if step else 0}.")


def _gap(row: dict) -> tuple[int, str]:
    """Points for the distance to the target, and the words for it."""
    if row["status"] not in _GAP:
        return 0, f"{row['value_text']}, no target to hold it against."
    points = _GAP[row["status"]]
    far = points == _GAP[Status.MISSED] and abs(row["variance"]) > FAR_SHARE * _yardstick(row)
    between = row["comparator"] == Comparator.BAND and not np.isnan(row["upper"] - row["lower"])
    measure = "the band's width" if between else "the target"
    words = f"{row['value_text']} against {row['target_text']}: {row['status']}, {row['variance_text']}"
    return points + far, f"{words}{f', more than 10 % of {measure}' if far else ''}."


def _yardstick(row: dict) -> float:
    """What shares are taken of: the target or band, else the earlier value."""
    size = yardstick(row)
    return abs(row["previous_value"]) if np.isnan(size) else size


def _trend(row: dict) -> tuple[int, str]:
    """+1 worsening, -1 improving, 0 steady or not comparable."""
    if np.isnan(row["change"]):
        return 0, "no comparison"
    worse, moved = _worsening(row), MOVED_SHARE * _yardstick(row)
    if abs(worse) <= moved:
        return 0, "steady"
    return (1, "worsening") if worse > 0 else (-1, "improving")


def _worsening(row: dict) -> float:
    """How far the value moved the wrong way; for a band, how much farther outside it lies."""
    if row["comparator"] == Comparator.BAND:
        before = variance_of(row["previous_value"], row["comparator"], np.nan, row["lower"], row["upper"])
        return abs(row["variance"]) - abs(before)
    sign = row["comparator"].better_sign if isinstance(row["comparator"], Comparator) else find_kpi(row["kpi"]).better_sign
    return -sign * row["change"]


def _trend_words(row: dict, trend: str) -> str:
    if trend == "no comparison":
        return "No whole period to compare with."
    return f"{trend.capitalize()}: {row['change_text']} on the comparison period."


def heatmap_verdict(frame: pd.DataFrame, period: Period) -> str:
    """'Four of 67 rated cells are extreme in Q3 2026, three of them at Cobalt Bay: service level, abandonment rate and attrition.'"""
    rated = frame.dropna(subset="level")
    if rated.empty:
        return f"No KPI of any vendor can be rated in {period.label}."
    top = rated[rated["level"] == rated["level"].max()]
    if top["level"].iat[0] == 0:
        return f"All {len(rated)} rated cells are low in {period.label}: no KPI of any vendor shows risk."
    verb, name = "is" if len(top) == 1 else "are", RISK_BAND_NAMES[int(top["level"].iat[0])]
    first = f"{number_word(len(top)).capitalize()} of {len(rated)} rated cells {verb} {name} in {period.label}"
    most = top["vendor"].value_counts()
    kpis = [label_in_sentence(kpi) for kpi in top.loc[top["vendor"] == most.index[0], "kpi"]]
    place = f"at {most.index[0]}" if len(most) == 1 else f"{number_word(int(most.iat[0]))} of them at {most.index[0]}"
    long = f"{first}, {place}: {_listed(kpis)}."
    return long if len(long) <= LONGEST else f"{first}, {place}."


def _listed(words: list[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    return " and ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)
