"""The rows of a report as results: each number with its words, its newest signal and its last 13 months."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analytics.catalogue import find_kpi
from analytics.catalogue.units import value_text
from analytics.performance.newest_signals import PLACE, signals_of_report
from analytics.performance.report import SPARKLINE_MONTHS, Report
from analytics.performance.spc import rule_text
from analytics.periods import Grain, Period
from analytics.review.model import Point, Result

Key = tuple[str, str]
ALL = ""


def results_of(report: Report) -> tuple[Result, ...]:
    """One result per row of the report, in its order: of all vendors together first."""
    frame, months = (_named(part) for part in (report.frame, report.months))
    histories = _histories(months)
    signals = {(row["vendor"], row["kpi"]): row for row in signals_of_report(frame, months).to_dict("records")}
    return tuple(_result(row, histories, signals) for row in frame.to_dict("records"))


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    """The portfolio's rows under the name ALL: rows can then be found by name."""
    return frame.assign(vendor=frame["vendor"].astype(object).where(frame["vendor"].notna(), ALL))


def _histories(months: pd.DataFrame) -> dict[Key, tuple[Point, ...]]:
    """(vendor, KPI) -> its last 13 months, oldest first."""
    newest = months.sort_values("period", kind="stable").groupby(PLACE, sort=False).tail(SPARKLINE_MONTHS)
    found: dict[Key, list[Point]] = {}
    for row in newest.to_dict("records"):
        found.setdefault((row["vendor"], row["kpi"]), []).append(_point(row))
    return {key: tuple(points) for key, points in found.items()}


def _point(row: Mapping[str, Any]) -> Point:
    names = ("target", "lower", "upper", "centre_line", "lower_limit", "upper_limit")
    start, value = row["period"].date(), number(row["value"])
    text = value_text(value, find_kpi(row["kpi"]).unit, word(row["currency"]))
    levels = {name: number(row[name]) for name in names}
    label = Period.of(Grain.MONTH, start).label
    return Point(start, label, value, text, **levels, signal=word(row["signal"]), complete=bool(row["complete"]))


def _result(row: Mapping[str, Any], histories: Mapping[Key, tuple[Point, ...]], signals: Mapping[Key, Mapping[str, Any]]) -> Result:
    kpi, key = find_kpi(row["kpi"]), (row["vendor"], row["kpi"])
    newest = signals.get(key, {})
    numbers = ("value", "target", "lower", "upper", "variance", "change", "numerator", "denominator")
    texts = ("value_text", "target_text", "basis", "target_change", "variance_text", "status_text", "months_met", "previous_text")
    more = ("change_text", "compared_text", "coverage", "source_kind", "remark", "comparator", "currency")
    return Result(
        vendor=row["vendor"],
        kpi=kpi.id,
        label=kpi.label,
        unit=kpi.unit.value,
        better_sign=kpi.better_sign,
        status=str(row["status"]),
        previous=number(row["previous_value"]),
        complete=bool(row["complete"]),
        signal=word(newest.get("signal")),
        rule=rule_text(newest["rule"], newest["signal"]) if newest else "",
        assurance=word(newest.get("assurance")),
        trial_limits=bool(newest.get("trial_limits", False)),
        history=histories.get(key, ()),
        **{name: number(row[name]) for name in numbers},
        **{name: word(row[name]) for name in (*texts, *more)},
    )


def number(value: object) -> float | None:
    """A plain float, or None where there is none."""
    return None if value is None or value != value else float(value)  # ty: ignore[invalid-argument-type]


def word(value: object) -> str:
    """A plain text, '' where there is none."""
    return str(value) if isinstance(value, str) else ""
