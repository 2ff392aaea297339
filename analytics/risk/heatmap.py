"""The risk the KPIs themselves show: vendor x KPI, from the gap to the target, the signal, the assurance and the trend.

The rule, in points that are added up:
* gap of the period: met 0, below expected 1, missed 2, missed by more than 10 % of the target 3;
* signal of the control chart in the newest whole month of the period: concern +1, improvement -1, else 0;
* assurance, the limits of that chart against the target: will consistently fail +1, will consistently meet -1, hit or miss 0;
* trend, against the comparison period in the direction that is good: worsening by more than 2 % of the target +1, improving by
  as much -1. A move the signal's way is counted with the signal, and a move without a signal inside firm limits (13 or more
  months) is normal variation: both 0;
* level: 0 or less low, 1 moderate, 2 high, 3 or more extreme. A missed target and a concern are at least moderate.

Without a target there is no gap and no assurance, and the reason says so. What is not measured has no level: its cell
says so and it is counted apart. A neutral KPI is context, not a risk.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.asking import Reader
from analytics.catalogue import KPIS, Comparator, Direction, find_kpi
from analytics.performance.newest_signals import limits_distance, signals_of_report
from analytics.performance.spc import Assurance, Signal, rule_text, signal_text
from analytics.performance.targets import load_targets
from analytics.performance.variance import Status, variance_of, yardstick
from analytics.performance.verdict import LONGEST, label_in_sentence, number_word
from analytics.periods import Grain, Period
from analytics.settings import RISK_BAND_NAMES
from analytics.warehouse.scope import Scope
from analytics.wording import counted, listed

FAR_SHARE = 0.10
MOVED_SHARE = 0.02
RULE_TEXT = (
    "Level = gap + signal + assurance + trend, in points. Gap: met 0, below expected 1, missed 2, missed by more than 10 % of the target "
    "3. Signal of the control chart in the newest whole month: concern +1, improvement -1. Assurance: will consistently fail the target "
    "+1, will consistently meet it -1. Trend against the comparison period: worsening by more than 2 % of the target +1, improving by as "
    "much -1, unless the signal says it already or it is normal variation. 0 or less low, 1 moderate, 2 high, 3 or more extreme; a missed "
    "target and a concern are at least moderate. A cell that is not measured has no level."
)
NOT_RATED = "not rated"
NO_COMPARISON, STEADY, WORSENING, IMPROVING = "no comparison", "steady", "worsening", "improving"
_GAP = {Status.MET: 0, Status.BELOW_EXPECTED: 1, Status.MISSED: 2}
_SIGNAL = {Signal.CONCERN: 1, Signal.IMPROVEMENT: -1}
_ASSURANCE = {Assurance.FAIL: 1, Assurance.PASS: -1}
_ASSURANCE_WORDS = {
    Assurance.PASS: "will consistently meet the target",
    Assurance.FAIL: "will consistently fail the target",
    Assurance.HIT_OR_MISS: "hit or miss",
}
_HEADING = {1: WORSENING, 0: STEADY, -1: IMPROVING}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a level: its name, its points and the words for it."""

    name: str
    points: int
    words: str

    @property
    def line(self) -> str:
        """'Signal +1 · concern in Sep 2026: beyond a limit, on the worse side.'"""
        return f"{self.name} {_signed(self.points)} · {self.words}"


@dataclass(frozen=True, slots=True)
class KpiRisk:
    """Level 0-3 (NaN: not rated), the points behind it, where it is heading, and the reason in words, a line for each part.

    `distance`: how far the newest month lies from the mean of its chart, as a share of the way to the limit.
    """

    level: float
    points: float
    trend: str
    reason: str
    distance: float = 0.0
    parts: tuple[Part, ...] = ()


def kpis_to_rate(store: Reader, scope: Scope, chosen: Sequence[str]) -> tuple[str, ...]:
    """The chosen KPIs, then every other one that a target is set for: a heatmap that leaves out a missed target would be calm."""
    book = load_targets(store, scope).by_kpi
    return tuple(dict.fromkeys((*chosen, *(kpi for kpi in KPIS if kpi in book))))


def risk_heatmap_frame(report: pd.DataFrame, months: pd.DataFrame) -> pd.DataFrame:
    """The vendor rows of a report frame plus level (0-3, NaN not rated), level_text, points, trend, reason (lines), distance, parts.

    `months`: the months of the same report with signals (`measured_report`).
    """
    rows = report[report["vendor"].notna()].reset_index(drop=True)
    newest = signals_of_report(report, months[months["vendor"].notna()]).to_dict("records")
    charts: dict[tuple[str, str], dict] = {(row["vendor"], row["kpi"]): row for row in newest}
    rated = [_rate(row, charts.get((row["vendor"], row["kpi"]))) for row in rows.to_dict("records")]
    words = {
        "level_text": [NOT_RATED if np.isnan(risk.level) else RISK_BAND_NAMES[int(risk.level)] for risk in rated],
        "trend": [risk.trend for risk in rated],
        "reason": [risk.reason for risk in rated],
        "parts": [risk.parts for risk in rated],
    }
    numbers = {name: [getattr(risk, name) for risk in rated] for name in ("level", "points", "distance")}
    return rows.assign(
        **{name: pd.Series(values, index=rows.index, dtype=float) for name, values in numbers.items()},
        **{name: pd.Series(values, index=rows.index, dtype=object) for name, values in words.items()},
    )


def of_rated_kpis(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame without the KPIs that no vendor in it has a level for: a column of dashes says nothing."""
    return frame[frame["kpi"].isin(frame.loc[frame["level"].notna(), "kpi"])].reset_index(drop=True)


def left_out_words(frame: pd.DataFrame) -> str:
    """'Left out, neither high nor low being good: shrinkage', of the measured KPIs that have no level by rule; '' for none."""
    labels = {find_kpi(kpi).label for kpi in frame.loc[frame["status"] != Status.NOT_MEASURED, "kpi"] if not _has_level(kpi)}
    return f"Left out, neither high nor low being good: {listed(sorted(labels))}" if labels else ""


def _has_level(kpi: str) -> bool:
    return find_kpi(kpi).direction is not Direction.NEUTRAL


def _rate(row: dict, chart: dict | None) -> KpiRisk:
    if row["status"] == Status.NOT_MEASURED:
        return KpiRisk(np.nan, np.nan, "", f"Not measured: {row['coverage']}.")
    if not _has_level(row["kpi"]):
        return KpiRisk(np.nan, np.nan, "", "A neutral KPI: context, not a risk.")
    signal = _signal(chart)
    parts = (_gap(row), signal, _assurance(row, chart), _trend(row, chart, signal.points))
    points = sum(part.points for part in parts)
    floor = "a missed target" if row["status"] == Status.MISSED else "a concern" if signal.points > 0 else ""
    level = min(max(points, 1 if floor else 0), len(RISK_BAND_NAMES) - 1)
    lifted = f", as {floor} is at least that" if level > max(points, 0) else ""
    lines = [*(part.line for part in parts), f"Together {_signed(points)}: {RISK_BAND_NAMES[level]}{lifted}."]
    heading = _heading(row, chart, signal.points + parts[-1].points)
    return KpiRisk(float(level), float(points), heading, "\n".join(lines), limits_distance(chart) if chart else 0.0, parts)


def _signed(points: int) -> str:
    return f"{points:+d}" if points else "0"


def _heading(row: dict, chart: dict | None, moved: int) -> str:
    """Where it is heading by signal and trend together; nothing can be said without a chart and a comparison."""
    if chart is None and np.isnan(row["change"]):
        return NO_COMPARISON
    return _HEADING[int(np.sign(moved))]


def _gap(row: dict) -> Part:
    """The distance to the target."""
    if row["status"] not in _GAP:
        return Part("Gap", 0, f"{row['value_text']}, no target to hold it against.")
    points = _GAP[row["status"]]
    far = points == _GAP[Status.MISSED] and abs(row["variance"]) > FAR_SHARE * _yardstick(row)
    between = row["comparator"] == Comparator.BAND and not np.isnan(row["upper"] - row["lower"])
    measure = "the band's width" if between else "the target"
    beyond = f", more than 10 % of {measure}" if _yardstick(row) else ", none is allowed"
    words = f"{row['value_text']} against {row['target_text']}: {row['status']}, {row['variance_text']}"
    return Part("Gap", points + far, f"{words}{beyond if far else ''}.")


def _signal(chart: dict | None) -> Part:
    """What the control chart says in its newest whole month."""
    if chart is None:
        return Part("Signal", 0, "no whole month with limits in the period.")
    rule, signal = rule_text(chart["rule"], chart["signal"]), Signal(chart["signal"])
    month = Period.of(Grain.MONTH, chart["period"].date()).label
    trial = " (trial limits: fewer than 13 months)" if chart["trial_limits"] else ""
    return Part("Signal", _SIGNAL.get(signal, 0), f"{signal_text(signal)} in {month}{f': {rule}' if rule else ''}{trial}.")


def _assurance(row: dict, chart: dict | None) -> Part:
    """Whether the target lies outside the limits."""
    if row["comparator"] == Comparator.BAND:
        return Part("Assurance", 0, "none for a band.")
    if chart is None or chart["assurance"] is None:
        return Part("Assurance", 0, "none without limits and a target.")
    return Part("Assurance", _ASSURANCE.get(chart["assurance"], 0), f"{_ASSURANCE_WORDS[chart['assurance']]}.")


def _yardstick(row: dict) -> float:
    """What shares are taken of: the target or band, else the earlier value."""
    size = yardstick(row)
    return abs(row["previous_value"]) if np.isnan(size) else size


def _trend(row: dict, chart: dict | None, signalled: int) -> Part:
    """The move since the comparison period, unless it is the signal's own or no more than normal variation."""
    if np.isnan(row["change"]):
        return Part("Trend", 0, "no whole period to compare with.")
    said = f"{row['change_text']} on {row['compared'] or 'the comparison period'}"
    worse = _worsening(row)
    if abs(worse) <= MOVED_SHARE * _yardstick(row):
        return Part("Trend", 0, f"steady, {said}.")
    way, name = (1, WORSENING) if worse > 0 else (-1, IMPROVING)
    if way == signalled:
        return Part("Trend", 0, f"{name}, {said}: counted with the signal.")
    if not signalled and _is_normal(chart):
        return Part("Trend", 0, f"{said}, inside the normal variation.")
    return Part("Trend", way, f"{name}, {said}.")


def _is_normal(chart: dict | None) -> bool:
    """Whether firm limits say that nothing special happened."""
    return chart is not None and chart["signal"] == Signal.NONE and not chart["trial_limits"]


def _worsening(row: dict) -> float:
    """How far the value moved the wrong way; for a band, how much farther outside it lies."""
    if row["comparator"] == Comparator.BAND:
        before = variance_of(row["previous_value"], row["comparator"], np.nan, row["lower"], row["upper"])
        return abs(row["variance"]) - abs(before)
    sign = row["comparator"].better_sign if isinstance(row["comparator"], Comparator) else find_kpi(row["kpi"]).better_sign
    return -sign * row["change"]


def not_rated_words(frame: pd.DataFrame) -> str:
    """'8 cells are not measured and have no level', '' when all are rated: they are counted apart."""
    blank = int(frame["level"].isna().sum())
    return f"{counted(blank, 'cell')} {'is not measured and has' if blank == 1 else 'are not measured and have'} no level" if blank else ""


def heatmap_verdict(frame: pd.DataFrame, period: Period) -> str:
    """'Four of 67 rated cells are extreme in Q3 2026, three of them at Cobalt Bay: service level, abandonment rate and attrition.'"""
    rated = frame.dropna(subset="level")
    if rated.empty:
        return f"No KPI of any vendor can be rated in {period.label}."
    top = rated[rated["level"] == rated["level"].max()]
    if top["level"].iat[0] == 0 and len(rated) == 1:
        return f"The only rated cell is low in {period.label}: {label_in_sentence(rated['kpi'].iat[0])} of {rated['vendor'].iat[0]}."
    if top["level"].iat[0] == 0:
        return f"All {len(rated)} rated cells are low in {period.label}: no KPI of any vendor shows risk."
    verb, name = "is" if len(top) == 1 else "are", RISK_BAND_NAMES[int(top["level"].iat[0])]
    counted = f"{number_word(len(top)).capitalize()} of {len(rated)} rated cells" if len(top) < len(rated) else "The only rated cell"
    counted = f"All {number_word(len(top))} rated cells" if len(top) == len(rated) > 1 else counted
    first = f"{counted} {verb} {name} in {period.label}"
    most = top["vendor"].value_counts()
    kpis = [label_in_sentence(kpi) for kpi in top.loc[top["vendor"] == most.index[0], "kpi"]]
    place = f"at {most.index[0]}" if len(most) == 1 else f"{number_word(int(most.iat[0]))} of them at {most.index[0]}"
    long = f"{first}, {place}: {listed(kpis)}."
    return long if len(long) <= LONGEST else f"{first}, {place}."
