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
    start, value = row["period"].date(), number(row["value"])
    return Point(
        start=start,
        label=Period.of(Grain.MONTH, start).label,
        value=value,
        text=value_text(value, find_kpi(row["kpi"]).unit, word(row["currency"])),
        target=number(row["target"]),
        lower=number(row["lower"]),
        upper=number(row["upper"]),
        centre_line=number(row["centre_line"]),
        lower_limit=number(row["lower_limit"]),
        upper_limit=number(row["upper_limit"]),
        signal=word(row["signal"]),
        complete=bool(row["complete"]),
    )


def _result(row: Mapping[str, Any], histories: Mapping[Key, tuple[Point, ...]], signals: Mapping[Key, Mapping[str, Any]]) -> Result:
    kpi, newest = find_kpi(row["kpi"]), signals.get((row["vendor"], row["kpi"]), {})
    return Result(
        vendor=row["vendor"],
        kpi=kpi.id,
        label=kpi.label,
        unit=kpi.unit.value,
        currency=word(row["currency"]),
        better_sign=kpi.better_sign,
        value=number(row["value"]),
        value_text=row["value_text"],
        comparator=word(row["comparator"]),
        target=number(row["target"]),
        lower=number(row["lower"]),
        upper=number(row["upper"]),
        target_text=row["target_text"],
        basis=word(row["basis"]),
        target_change=word(row["target_change"]),
        variance=number(row["variance"]),
        variance_text=row["variance_text"],
        status=str(row["status"]),
        status_text=row["status_text"],
        months_met=word(row["months_met"]),
        previous=number(row["previous_value"]),
        previous_text=row["previous_text"],
        change=number(row["change"]),
        change_text=row["change_text"],
        compared_text=row["compared_text"],
        numerator=number(row["numerator"]),
        denominator=number(row["denominator"]),
        coverage=word(row["coverage"]),
        complete=bool(row["complete"]),
        source_kind=word(row["source_kind"]),
        remark=word(row["remark"]),
        signal=word(newest.get("signal")),
        rule=rule_text(newest["rule"], newest["signal"]) if newest else "",
        assurance=word(newest.get("assurance")),
        trial_limits=bool(newest.get("trial_limits", False)),
        history=histories.get((row["vendor"], row["kpi"]), ()),
    )


def number(value: object) -> float | None:
    """A plain float, or None where there is none."""
    return None if value is None or value != value else float(value)  # ty: ignore[invalid-argument-type]


def word(value: object) -> str:
    """A plain text, '' where there is none."""
    return str(value) if isinstance(value, str) else ""
