"""Green outside, red inside: vendors that meet every target of speed while what customers experience signals concern.

Flagged is a vendor that met all its targets on demand and speed in the period (at least one has a verdict), and of which at
least one outcome KPI (resolution, satisfaction, coming back) is a concern at its newest whole month in the period: a signal
by the rules of the control chart, whatever its own target says. A vendor with green targets whose outcomes nobody measures
is not cleared: it is listed as unchecked.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.catalogue import Topic, find_kpi
from analytics.catalogue.units import value_text
from analytics.performance.spc import Signal, rule_text
from analytics.performance.variance import Status
from analytics.performance.verdict import JUDGED, label_in_sentence
from analytics.periods import Period

OUTCOME_KPIS = ("first_contact_resolution", "csat", "csat_mean", "nps", "resolved_in_target", "mean_resolution_time", "reopen_rate")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One KPI of the finding, in words: 'service level 83.1 %, target >= 80 %'."""

    kpi: str
    text: str


@dataclass(frozen=True, slots=True)
class Watermelon:
    """One vendor: the targets it met and the outcomes that signal concern."""

    vendor: str
    green: tuple[Evidence, ...]
    concerns: tuple[Evidence, ...]

    @property
    def sentence(self) -> str:
        """'Asterion met all 3 targets on speed, but first contact resolution and customer satisfaction signal concern.'"""
        names = [label_in_sentence(evidence.kpi) for evidence in self.concerns]
        listed = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
        targets = "its one target" if len(self.green) == 1 else f"all {len(self.green)} targets"
        return f"{self.vendor} met {targets} on speed, but {listed} {'signals' if len(names) == 1 else 'signal'} concern."


@dataclass(frozen=True, slots=True)
class WatermelonCheck:
    """`found`: vendors flagged, most concerns first. `unchecked`: green targets, but no outcome in a whole month."""

    found: tuple[Watermelon, ...]
    unchecked: tuple[str, ...]


def watermelon_check(report: pd.DataFrame, months: pd.DataFrame, outcomes: Sequence[str] = OUTCOME_KPIS) -> WatermelonCheck:
    """The check on a report frame (one period, with verdicts and words) and its months with signals; vendor rows only."""
    judged = report[report["vendor"].notna() & report["status"].isin(JUDGED)]
    speed = judged[np.array([find_kpi(kpi).topic is Topic.SPEED for kpi in judged["kpi"]], dtype=bool)]
    newest = _newest(months[months["kpi"].isin(outcomes)], report)
    found, unchecked = [], []
    for vendor, targets in speed.groupby("vendor", sort=True):
        if (targets["status"] != Status.MET).any():
            continue
        theirs = newest[newest["vendor"] == vendor]
        concerns = theirs[theirs["signal"] == Signal.CONCERN]
        if theirs.empty:
            unchecked.append(str(vendor))
        elif len(concerns):
            green = tuple(Evidence(row["kpi"], _green_text(row)) for row in targets.to_dict("records"))
            found.append(
                Watermelon(str(vendor), green, tuple(Evidence(row["kpi"], _concern_text(row)) for row in concerns.to_dict("records")))
            )
    return WatermelonCheck(tuple(sorted(found, key=lambda one: -len(one.concerns))), tuple(unchecked))


def _newest(months: pd.DataFrame, report: pd.DataFrame) -> pd.DataFrame:
    """The newest whole measured month with limits of each vendor and KPI, inside the period of the report."""
    if report.empty:
        return months.head(0)
    inside = months["period"].between(report["period"].min(), report["period_end"].max())
    whole = months[inside & months["complete"].astype(bool) & months["value"].notna() & months["upper_limit"].notna()]
    return whole.sort_values("period", kind="stable").drop_duplicates(["vendor", "kpi"], keep="last")


def _green_text(row: dict) -> str:
    return f"{label_in_sentence(row['kpi'])} {row['value_text']}, target {row['target_text']}"


def _concern_text(row: dict) -> str:
    """'first contact resolution 77.9 % in Sep 2026, below expected: 7 or more points in a row getting worse'."""
    kpi = find_kpi(row["kpi"])
    month = Period.parse(f"{row['period']:%Y-%m}").label
    verdict = f", {row['status']}" if row["status"] in JUDGED else ""
    value = value_text(row["value"], kpi.unit, row["currency"] or "")
    trial = " (trial limits)" if row["trial_limits"] else ""
    return f"{label_in_sentence(row['kpi'])} {value} in {month}{verdict}: {rule_text(row['rule'], row['signal'])}{trial}"
