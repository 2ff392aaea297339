"""One vendor on one page: its report, what stands out both ways, what was written about it, and how complete its data is.

Every number is the report's, the heatmap's, the watermelon check's or the register's own: nothing is computed here a second time.

Strengths and weaknesses are the largest and smallest sums of points of the risk heatmap (gap + signal + assurance + trend): above 0
a weakness, below 0 a strength; of equal ones the one whose newest month lies farthest from the mean of its chart comes first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from analytics.asking import Reader
from analytics.options import data_span
from analytics.performance.notes import Event, Note
from analytics.performance.report import Report, measured_report
from analytics.performance.report_request import ReportRequest
from analytics.performance.variance import Status
from analytics.performance.verdict import LONGEST, label_in_sentence, report_verdict, signed
from analytics.performance.watermelon import OUTCOME_KPIS, WatermelonCheck, find_watermelons
from analytics.periods import Grain, Period
from analytics.quality import coverage_frame, freshness_frame
from analytics.review.registers import open_actions, vendor_events, vendor_notes
from analytics.risk.heatmap import risk_heatmap_frame
from analytics.risk.register import register_frame
from analytics.settings import RiskBand
from analytics.warehouse.scope import Scope

MONTHS_OF_EVENTS = 24


@dataclass(frozen=True)
class VendorProfile:
    """Everything about one vendor in one period.

    `report`: the vendor's rows and months. `rated`: the same rows as `risk_heatmap_frame` rates them. `watermelon`: the check of
    this vendor. `risks`: its open risks at the end of the period. `coverage` and `freshness`: as on Batches and quality.
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

    def verdict(self, period: Period, contract_kpis: Sequence[str]) -> str:
        """The report's own sentence about this vendor alone, and where there is room what it missed beside the contract's KPIs."""
        rows = self.report.frame
        first = report_verdict(pd.concat([rows.assign(vendor=None), rows]).astype({"vendor": object}), period, contract_kpis)
        missed = [row for row in self.weaknesses.to_dict("records") if row["status"] == Status.MISSED]
        unsaid = [row for row in missed if label_in_sentence(row["kpi"]) not in first]
        named = [f"{label_in_sentence(row['kpi'])} ({signed(row['variance_text'])})" for row in unsaid]
        lead = f"{first} It {'also missed' if ' missed ' in first else 'missed'}"
        longer = [f"{lead} {' and '.join(named[:count])}." for count in (2, 1) if len(named) >= count]
        return next((sentence for sentence in longer if len(sentence) <= LONGEST), first)


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
    risks = register_frame(store, scope, period.end, asked.compared_with.end, bands)
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
