"""One vendor on one page: its report, what stands out both ways, what was written about it, and how complete its data is.

Every number is the report's, the heatmap's, the watermelon check's or the register's own: nothing is computed here a second time.

Strengths and weaknesses are the largest and smallest sums of points of the risk heatmap (gap + signal + assurance + trend): above 0
a weakness, below 0 a strength; of equal ones the one whose newest month lies farthest from the mean of its chart comes first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from analytics.asking import Reader
from analytics.catalogue import find_kpi
from analytics.options import data_span
from analytics.performance.notes import Event, Note
from analytics.performance.report import Report, measured_report
from analytics.performance.report_request import ReportRequest
from analytics.performance.variance import Status
from analytics.performance.verdict import (
    LONGEST,
    gap_words,
    label_in_sentence,
    met_clause,
    number_word,
    relative_distance,
    report_verdict,
)
from analytics.performance.watermelon import OUTCOME_KPIS, WatermelonCheck, find_watermelons
from analytics.periods import Grain, Period
from analytics.quality import coverage_frame, freshness_frame
from analytics.review.registers import open_actions, vendor_events, vendor_notes
from analytics.risk.heatmap import risk_heatmap_frame
from analytics.risk.register import register_frame, with_overdue
from analytics.settings import RiskBand
from analytics.warehouse.scope import Scope
from analytics.wording import listed

MONTHS_OF_EVENTS = 24
MOST_MISSED = 3


@dataclass(frozen=True)
class VendorProfile:
    """Everything about one vendor in one period.

    `report`: the vendor's rows and months. `rated`: the same rows as `risk_heatmap_frame` rates them. `watermelon`: the check of
    this vendor. `risks`: its open risks at the end of the period, their reviews held against
    `newest_day`. `coverage` and `freshness`: as on Batches and quality.
    """

    vendor: str
    report: Report
    rated: pd.DataFrame
    watermelon: WatermelonCheck
    events: list[Event]
    notes: list[Note]
    actions: pd.DataFrame
    risks: pd.DataFrame
    coverage: pd.DataFrame
    freshness: pd.DataFrame
    newest_day: date

    @property
    def measured(self) -> bool:
        """Whether the vendor has any number in the period."""
        return bool(self.report.frame["value"].notna().any())

    @property
    def weaknesses(self) -> pd.DataFrame:
        """The rated rows that stand out as bad, worst first."""
        bad = self.rated[(self.rated["points"] > 0) | (self.rated["level"] > 0)]
        return bad.sort_values(["level", "points", "distance"], ascending=False, kind="stable")

    @property
    def strengths(self) -> pd.DataFrame:
        """The rated rows that stand out as good, best first."""
        good = self.rated[(self.rated["points"] < 0) & (self.rated["level"] == 0)]
        return good.sort_values(["points", "distance"], ascending=[True, False], kind="stable")

    def verdict(self, period: Period, counted_kpis: Sequence[str]) -> str:
        """How many of the counted KPIs met their target, then the gravest: a watermelon and all it missed.

        Without either it is the report's own sentence about this vendor alone. The longest that fits; who is left out is counted.
        """
        rows, melon = self.report.frame, self.watermelon.of(self.vendor)
        missed = self._missed(counted_kpis)
        if not melon and not missed:
            return report_verdict(pd.concat([rows.assign(vendor=None), rows]).astype({"vendor": object}), period, counted_kpis)
        lead = [met_clause(rows, period, counted_kpis), *([melon.short_sentence] if melon else [])]
        subject = "It" if melon else self.vendor
        named = [_first(missed, count) for count in range(min(len(missed), MOST_MISSED), 0, -1)]
        choices = [*named, f"{number_word(len(missed))} target{'' if len(missed) == 1 else 's'}"] if missed else []
        sentences = [" ".join([*lead, f"{subject} missed {choice}."]) for choice in choices]
        return next((sentence for sentence in sentences if len(sentence) <= LONGEST), " ".join(lead))

    def _missed(self, counted_kpis: Sequence[str]) -> list[str]:
        """'service level (-4.9 pp)' of every missed KPI, those that are counted first, then the farthest from its target first."""
        rows = self.rated[self.rated["status"] == Status.MISSED].to_dict("records")
        rows.sort(key=lambda row: (row["kpi"] not in counted_kpis, -relative_distance(row)))
        return [f"{label_in_sentence(row['kpi'])} ({_gap(row)})" for row in rows]


def _gap(row: Mapping[str, Any]) -> str:
    return gap_words(find_kpi(row["kpi"]).unit, row["value_text"], row["target_text"], row["variance_text"])


def _first(names: Sequence[str], most: int) -> str:
    """'a', 'a and b', 'a, b and two more': the first and how many more there are."""
    more = len(names) - most
    return listed([*names[:most], *([f"{number_word(more)} more"] if more else [])])


def profile_request(request: ReportRequest, vendor: str) -> ReportRequest:
    """A report's request for one vendor, with the outcome KPIs beside those asked for."""
    kpis = tuple(dict.fromkeys((*request.kpis, *OUTCOME_KPIS)))
    return replace(request, kpis=kpis, filters=replace(request.filters, vendor=(vendor,)))


def vendor_profile(
    store: Reader, scope: Scope, request: ReportRequest, vendor: str, contract_kpis: tuple[str, ...], bands: tuple[RiskBand, ...]
) -> VendorProfile:
    """The profile of a vendor for the period, comparison and filters of a report."""
    asked = profile_request(request, vendor)
    report = _of_vendor(measured_report(store, scope, asked, contract_kpis), vendor)
    span, period = data_span(store, scope), asked.period
    newest = span.last_day if span else period.end
    first = Period.of(Grain.MONTH, period.end).shifted(1 - MONTHS_OF_EVENTS).start
    risks = with_overdue(register_frame(store, scope, period.end, asked.compared_with.end, bands), newest)
    return VendorProfile(
        vendor=vendor,
        report=report,
        rated=risk_heatmap_frame(report.frame, report.months),
        watermelon=find_watermelons(store, scope, replace(request, filters=asked.filters)),
        events=vendor_events(store, scope, vendor, first, period.end),
        notes=vendor_notes(store, scope, vendor),
        actions=open_actions(store, scope, vendor, newest),
        risks=risks[(risks["vendor"] == vendor) & (risks["status"] == "open")].reset_index(drop=True),
        coverage=coverage_frame(store, scope, (vendor,)),
        freshness=freshness_frame(store, scope, (vendor,)),
        newest_day=newest,
    )


def _of_vendor(report: Report, vendor: str) -> Report:
    """The vendor's own rows: what it only reports is in no total."""
    rows = (part[part["vendor"] == vendor].reset_index(drop=True) for part in (report.frame, report.months))
    return Report(*rows, report.unmeasured)
