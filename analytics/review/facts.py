"""What a quarterly review is asked for, and everything it is made of, read once: the functions the pages use, no second computation."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from analytics.asking import Reader
from analytics.catalogue import KPIS
from analytics.coverage import MONTHS_MISSING
from analytics.fair_periods import Choice, FairPair
from analytics.filters import Filters
from analytics.options import Span, data_span
from analytics.performance.change import period_pair
from analytics.performance.notes import Event, all_events
from analytics.performance.report import Report, measured_report
from analytics.performance.report_request import ReportRequest
from analytics.performance.targets import TargetBook, book_of, target_table
from analytics.performance.watermelon import OUTCOME_KPIS, WatermelonCheck, find_watermelons
from analytics.periods import Comparison, Grain, Period, add_months
from analytics.quality import GONE, LATE, ON_TIME, coverage_frame, freshness_frame
from analytics.query import kpi_frame
from analytics.review.model import Audience, Result
from analytics.review.past import Key, PastQuarter, past_quarters
from analytics.review.registers import every_open_action
from analytics.review.results import results_of
from analytics.risk.heatmap import risk_heatmap_frame
from analytics.risk.register import register_frame
from analytics.settings import Settings
from analytics.warehouse.scope import Scope

MANDATORY_KPIS = ("service_level", "staffing_delivered", "attrition", "security_incidents")


@dataclass(frozen=True, slots=True)
class ReviewRequest:
    """The quarter, what it is compared with, for whom, and the choices of the installation."""

    quarter: Period
    settings: Settings
    comparison: Choice = Comparison.PREVIOUS
    filters: Filters = field(default_factory=Filters)
    audience: Audience = Audience.EXECUTIVE

    @property
    def report(self) -> ReportRequest:
        """The report of every KPI the review speaks of."""
        kpis = tuple(dict.fromkeys((*self.settings.heatmap_kpis, *MANDATORY_KPIS, *OUTCOME_KPIS)))
        return ReportRequest(self.quarter, kpis, self.comparison, self.filters, reporting_currency=self.settings.reporting_currency)

    @property
    def shown(self) -> ReportRequest:
        """The report of the KPIs of the grid, as the performance report shows it."""
        return replace(self.report, kpis=self.settings.shown_kpis)


@dataclass(frozen=True)
class Facts:
    """The frames and results behind a review, each read when a section first needs it and then kept."""

    store: Reader
    scope: Scope
    request: ReviewRequest

    @property
    def quarter(self) -> Period:
        """The quarter."""
        return self.request.quarter

    @property
    def grid_kpis(self) -> tuple[str, ...]:
        """The KPIs of the grid: those of the report and the mandatory lines."""
        return tuple(dict.fromkeys((*self.request.settings.shown_kpis, *MANDATORY_KPIS)))

    @cached_property
    def span(self) -> Span | None:
        """The days the data spans; None without any."""
        return data_span(self.store, self.scope)

    @cached_property
    def pair(self) -> FairPair | None:
        """What is compared with what, as a whole."""
        return period_pair(self.store, self.scope, self.request.report)

    @cached_property
    def report(self) -> Report:
        """The report of every KPI the review speaks of; `months` with limits and signals."""
        return measured_report(self.store, self.scope, self.request.report, self.request.settings.contract_kpis)

    @cached_property
    def results(self) -> tuple[Result, ...]:
        """Every row of the report, the portfolio's first; a single vendor is the portfolio, held to its own targets: its rows are all."""
        found = results_of(self.report)
        return found if len({result.vendor for result in found} - {""}) != 1 else tuple(result for result in found if result.vendor)

    @cached_property
    def by_place(self) -> Mapping[tuple[str, str], Result]:
        """(vendor, KPI) -> its result; vendor '' for all."""
        return {(result.vendor, result.kpi): result for result in self.results}

    @cached_property
    def beyond(self) -> tuple[Result, ...]:
        """The results of KPIs with a stored target that no section shows: missed ones need attention all the same."""
        report = self.request.report
        kpis = tuple(kpi for kpi in self.targets.by_kpi if kpi in KPIS and kpi not in report.kpis)
        if not kpis or not self.results:
            return ()
        found = results_of(measured_report(self.store, self.scope, replace(report, kpis=kpis), kpis))
        return tuple(result for result in found if result.kpi in kpis and result.vendor in ("", *self.vendors)[bool(self.whole) :])

    @cached_property
    def vendors(self) -> tuple[str, ...]:
        """The vendors with any row, measured or missing, in the order of the report."""
        return tuple(dict.fromkeys(result.vendor for result in self.results if result.vendor))

    @property
    def whole(self) -> str:
        """Whose results stand for all: the only vendor's, else those of the portfolio ('')."""
        return self.vendors[0] if len(self.vendors) == 1 else ""

    @property
    def total(self) -> pd.DataFrame:
        """The rows of the report that stand for all."""
        frame = self.report.frame
        return frame[frame["vendor"] == self.whole if self.whole else frame["vendor"].isna()]

    @cached_property
    def rated(self) -> pd.DataFrame:
        """The vendor rows as the risk heatmap rates them."""
        return risk_heatmap_frame(self.report.frame, self.report.months)

    @cached_property
    def watermelons(self) -> WatermelonCheck:
        """Who is green outside and red inside."""
        return find_watermelons(self.store, self.scope, self.request.report)

    @cached_property
    def earlier_day(self) -> date:
        """The day risks are compared with: the end of the period compared with."""
        return self.request.report.compared_with.end

    @cached_property
    def risks(self) -> pd.DataFrame:
        """The open risks at the end of the quarter, of the shown vendors and of all, highest first."""
        bands = self.request.settings.risk_bands
        frame = register_frame(self.store, self.scope, self.quarter.end, self.earlier_day, bands)
        return frame[(frame["status"] == "open") & self._is_shown(frame)].reset_index(drop=True)

    @property
    def is_past(self) -> bool:
        """Whether a newer quarter is whole: then what is late today is no news of this one."""
        return self.span is not None and self.span.last_day >= self.quarter.next().end

    @property
    def due_day(self) -> date:
        """The day on which something is overdue or not: the newest of the data, as on every page; of a past quarter its last day."""
        return self.quarter.end if self.span is None or self.is_past else self.span.last_day

    @cached_property
    def past(self) -> Mapping[Key, tuple[PastQuarter, ...]]:
        """(vendor, KPI) -> its quarters since the data began up to this one, oldest first."""
        kpis = tuple(dict.fromkeys(result.kpi for result in (*self.results, *self.beyond)))
        if self.span is None or not kpis:
            return {}
        return past_quarters(self.store, self.scope, replace(self.request.report, kpis=kpis), self.span.first_day)

    @cached_property
    def actions(self) -> pd.DataFrame:
        """The open actions of the shown vendors and of all, overdue on `due_day` first."""
        found = every_open_action(self.store, self.scope, self.due_day)
        return found[self._is_shown(found)].sort_values("days_overdue", ascending=False, kind="stable").reset_index(drop=True)

    def _is_shown(self, register: pd.DataFrame) -> pd.Series:
        """Which rows of a register are of a vendor the filters leave, or of all; with the site Pune those of who works there.

        A vendor is shown its own alone: what is written of all may name the others.
        """
        if self.request.audience is Audience.VENDOR:
            return register["vendor"].isin(self.vendors)
        if not self.request.filters.dimensions:
            return pd.Series(True, index=register.index)
        return register["vendor"].isna() | register["vendor"].isin(self.request.filters.vendor or self.vendors)

    @cached_property
    def target_table(self) -> pd.DataFrame:
        """Every stored target, as the register has them."""
        return target_table(self.store, self.scope)

    @cached_property
    def targets(self) -> TargetBook:
        """The book of `target_table`: which of them applies to whom when."""
        return book_of(self.target_table)

    @cached_property
    def coverage(self) -> pd.DataFrame:
        """How much of what is due came from each shown vendor in each month of the quarter."""
        found = coverage_frame(self.store, self.scope, self.request.filters.vendor)
        inside = found["month"].between(pd.Timestamp(self.quarter.start), pd.Timestamp(self.quarter.end))
        return found[inside].reset_index(drop=True)

    @cached_property
    def freshness(self) -> pd.DataFrame:
        """How far each source of each shown vendor reaches into the quarter, and whether that is late.

        Judged on the last day of the quarter (on the newest of the data before that comes): what came or did not come later says nothing.
        """
        found = freshness_frame(self.store, self.scope, self.request.filters.vendor)
        return _within(found, min(self.quarter.end, self.span.last_day)) if self.span else found

    @cached_property
    def events(self) -> list[Event]:
        """Every dated event that exists for the scope, the newest first."""
        return all_events(self.store, self.scope)

    @cached_property
    def undivided(self) -> frozenset[str]:
        """The KPIs of the grid without a value that were sent all the same: all there is to divide by is 0."""
        kpis = tuple(kpi for kpi in self.report.unmeasured if kpi in self.grid_kpis)
        if not kpis:
            return frozenset()
        counts = kpi_frame(self.store, self.scope, replace(self.request.report, kpis=kpis).now)
        return frozenset(counts.loc[counts["numerator"].notna() | counts["denominator"].notna(), "kpi"])


def _within(freshness: pd.DataFrame, day: date) -> pd.DataFrame:
    """The same as of `day`: what reaches it is on time, and so is what had no other period to deliver by then."""
    known = [_as_of(row, day) for row in freshness.to_dict("records")]
    columns = {name: [facts[at] for facts in known] for at, name in enumerate(("last_day", "days_behind", "state"))}
    return freshness.assign(**columns)


def _as_of(row: dict[str, Any], day: date) -> tuple[date, int, str]:
    """Last day, days behind and state of one source as of a day; only what is late or gone today can have been so then."""
    last = min(row["last_day"], day)
    if row["state"] == ON_TIME or Period.of(Grain(row["grain"]), last).next().end >= day:
        return last, (day - last).days, ON_TIME
    return last, (day - last).days, GONE if day >= add_months(last, MONTHS_MISSING + 1) else LATE
