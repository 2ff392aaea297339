"""Green outside, red inside: vendors that meet every target of speed while what customers experience signals concern.

Flagged is a vendor that met all its targets on demand and speed in the period (at least one has a verdict), and of which at
least one outcome KPI (resolution, satisfaction, coming back) is a concern at its newest whole month in the period: a signal
by the rules of the control chart, whatever its own target says. What is not measured is never green: a vendor without a verdict on
speed, or with green targets whose outcomes nobody measures, is not cleared but counted apart.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from analytics.asking import Reader
from analytics.catalogue import Direction, Topic, find_kpi
from analytics.catalogue.units import value_text
from analytics.performance.newest_signals import signals_of_report
from analytics.performance.report import SIGNAL_MONTHS, judged_rows, judged_values
from analytics.performance.report_request import ReportRequest
from analytics.performance.spc import Signal, rule_text, with_signals
from analytics.performance.variance import Status
from analytics.performance.verdict import JUDGED, label_in_sentence, number_word
from analytics.periods import Grain, Period
from analytics.warehouse.scope import Scope
from analytics.wording import listed

OUTCOME_KPIS = ("first_contact_resolution", "csat", "csat_mean", "nps", "resolved_in_target", "mean_resolution_time", "reopen_rate")
MOST_NAMED = 3
RULE_TEXT = (
    "Watermelon, green outside and red inside: every target on demand and speed was met, while the control chart of an outcome "
    "(resolution, satisfaction, coming back) signals concern in the newest whole month."
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One KPI of the finding, in words: 'service level 83.1 %, target >= 80 %'."""

    kpi: str
    text: str


@dataclass(frozen=True, slots=True)
class Watermelon:
    """One vendor: the targets it met, the outcomes that signal concern, and the KPIs of speed with a target but without a number."""

    vendor: str
    green: tuple[Evidence, ...]
    concerns: tuple[Evidence, ...]
    not_measured: tuple[str, ...] = ()

    @property
    def outcomes(self) -> tuple[tuple[Evidence, ...], ...]:
        """The concerns by outcome: a KPI and its mean speak of one. Whoever counts outcomes counts these."""
        groups: dict[str, list[Evidence]] = {}
        for evidence in self.concerns:
            groups.setdefault(label_in_sentence(evidence.kpi), []).append(evidence)
        return tuple(tuple(group) for group in groups.values())

    @property
    def short_sentence(self) -> str:
        """'Asterion is a watermelon: green on speed, concern on four outcomes.'"""
        count = len(self.outcomes)
        return f"{self.vendor} is a watermelon: green on speed, concern on {number_word(count)} outcome{'' if count == 1 else 's'}."

    @property
    def sentence(self) -> str:
        """'Asterion met all three targets on speed, but first contact resolution and customer satisfaction signal concern.'"""
        names = [label_in_sentence(evidences[0].kpi) for evidences in self.outcomes]
        verb = "signals" if len(names) == 1 else "signal"
        if len(names) > MOST_NAMED:
            names = [*names[: MOST_NAMED - 1], f"{number_word(len(names) - MOST_NAMED + 1)} more outcomes"]
        return f"{self.vendor} met {self._targets}, but {listed(names)} {verb} concern."

    @property
    def _targets(self) -> str:
        count, measured = len(self.green), "measured " if self.not_measured else ""
        if count == 1:
            return f"its one {measured}target on speed"
        return f"{'both' if count == 2 else f'all {number_word(count)}'} {measured}targets on speed"


@dataclass(frozen=True, slots=True)
class WatermelonCheck:
    """What became of every vendor of the period.

    `found`: flagged, most concerns first. `cleared`: green, and no outcome signals concern. `not_green`: a target on speed was not met.
    Counted apart: `unchecked`, green targets but no outcome in a whole month, and `not_measured`, no verdict on speed at all.
    """

    found: tuple[Watermelon, ...] = ()
    cleared: tuple[str, ...] = ()
    not_green: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()
    not_measured: tuple[str, ...] = ()

    def of(self, vendor: str) -> Watermelon | None:
        """The finding about a vendor; None when it is not flagged."""
        return next((one for one in self.found if one.vendor == vendor), None)


@dataclass
class _Sorted:
    """The vendors as they are sorted into the groups of a check."""

    found: list[Watermelon] = field(default_factory=list)
    cleared: list[str] = field(default_factory=list)
    not_green: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)
    not_measured: list[str] = field(default_factory=list)


def find_watermelons(store: Reader, scope: Scope, request: ReportRequest) -> WatermelonCheck:
    """The check for the period and filters of a report: of its KPIs those on demand and speed, against every outcome KPI."""
    speed = tuple(kpi for kpi in request.kpis if _is_speed(kpi))
    if not speed:
        return WatermelonCheck()
    last = Period.of(Grain.MONTH, request.period.end)
    first = last.shifted(1 - SIGNAL_MONTHS)
    report = judged_rows(store, scope, replace(request.now, kpis=speed, by=("vendor",)))
    query = replace(request.query(Grain.MONTH, first.start, last.end, ("vendor",)), kpis=OUTCOME_KPIS)
    return watermelon_check(report, with_signals(judged_values(store, scope, query)))


def watermelon_check(report: pd.DataFrame, months: pd.DataFrame, outcomes: Sequence[str] = OUTCOME_KPIS) -> WatermelonCheck:
    """The check on a report frame (one period, with verdicts and words) and its months with signals; vendor rows only."""
    rows = report[report["vendor"].notna()]
    speed = rows[np.array([_is_speed(kpi) for kpi in rows["kpi"]], dtype=bool)]
    newest = signals_of_report(report, months[months["kpi"].isin(outcomes)])
    groups = _Sorted()
    judged, signals = _by_vendor(speed), _by_vendor(newest)
    for vendor in sorted(judged):
        _sort(groups, vendor, judged[vendor], signals.get(vendor, []))
    found = sorted(groups.found, key=lambda one: -len(one.concerns))
    names = (groups.cleared, groups.not_green, groups.unchecked, groups.not_measured)
    return WatermelonCheck(tuple(found), *(tuple(group) for group in names))


def _is_speed(kpi: str) -> bool:
    entry = find_kpi(kpi)
    return entry.topic is Topic.SPEED and entry.direction is not Direction.NEUTRAL


def _by_vendor(rows: pd.DataFrame) -> dict[str, list[dict]]:
    """The rows of every vendor as plain values: many tiny frames cost more than all the rest."""
    found: dict[str, list[dict]] = {}
    for row in rows.to_dict("records"):
        found.setdefault(str(row["vendor"]), []).append(row)
    return found


def _sort(groups: _Sorted, vendor: str, targets: Sequence[dict], newest: Sequence[dict]) -> None:
    """Put one vendor into its group."""
    judged = [row for row in targets if row["status"] in JUDGED]
    concerns = [row for row in newest if row["signal"] == Signal.CONCERN]
    if not judged:
        groups.not_measured.append(vendor)
    elif any(row["status"] != Status.MET for row in judged):
        groups.not_green.append(vendor)
    elif not newest:
        groups.unchecked.append(vendor)
    elif not concerns:
        groups.cleared.append(vendor)
    else:
        missing = (row["kpi"] for row in targets if row["status"] == Status.NOT_MEASURED and row["target_text"] != "-")
        green = (Evidence(row["kpi"], _green_text(row)) for row in judged)
        groups.found.append(
            Watermelon(vendor, tuple(green), tuple(Evidence(row["kpi"], _concern_text(row)) for row in concerns), tuple(missing))
        )


def _green_text(row: dict) -> str:
    return f"{label_in_sentence(row['kpi'])} {row['value_text']}, target {row['target_text']}"


def _concern_text(row: dict) -> str:
    """'first contact resolution 77.9 % in Sep 2026, below expected: 7 or more points in a row getting worse'."""
    kpi = find_kpi(row["kpi"])
    month = Period.parse(f"{row['period']:%Y-%m}").label
    verdict = f", {row['status']}" if row["status"] in JUDGED else ""
    value = value_text(row["value"], kpi.unit, row["currency"] or "")
    trial = " (trial limits)" if row["trial_limits"] else ""
    return f"{kpi.label[0].lower()}{kpi.label[1:]} {value} in {month}{verdict}: {rule_text(row['rule'], row['signal'])}{trial}"


def counts_text(check: WatermelonCheck) -> str:
    """'Of 5 vendors 1 flagged, 3 cleared, 1 with a target not met. Not checked: none.' What is not measured is counted apart."""
    groups = {"flagged": check.found, "cleared": check.cleared, "with a target on speed not met": check.not_green}
    counts = ", ".join(f"{len(group)} {words}" for words, group in groups.items() if group)
    checked = sum(len(group) for group in groups.values())
    first = f"{checked} vendor{'' if checked == 1 else 's'} checked{f': {counts}' if counts else ''}."
    return " ".join(part for part in (first, *_apart(check)) if part)


def _apart(check: WatermelonCheck) -> Iterable[str]:
    """The vendors nothing can be said about, by name."""
    reasons = {"no verdict on speed": check.not_measured, "outcomes not measured": check.unchecked}
    return [f"Not checked, {reason}: {_few(vendors)}." for reason, vendors in reasons.items() if vendors]


def _few(vendors: Sequence[str], most: int = 5) -> str:
    more = f" and {len(vendors) - most} more" if len(vendors) > most else ""
    return f"{', '.join(vendors[:most])}{more}"
