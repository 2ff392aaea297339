"""What a performance report is asked for."""

from dataclasses import dataclass, field
from datetime import date

from analytics.asking import KpiQuery
from analytics.fair_periods import Choice, Stretch, held_against
from analytics.filters import Filters
from analytics.periods import Comparison, Grain, Period


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """KPIs of a period against what `comparison` makes of it. `by_vendor` adds a block of rows per vendor beneath the portfolio's."""

    period: Period
    kpis: tuple[str, ...]
    comparison: Choice = Comparison.PREVIOUS
    filters: Filters = field(default_factory=Filters)
    by_vendor: bool = True
    reporting_currency: str = ""

    @property
    def compared_with(self) -> Period | Stretch:
        """The period or the days it is compared with, all of them."""
        return held_against(self.period, self.comparison)

    @property
    def now(self) -> KpiQuery:
        """The KPI query of the period itself."""
        return self.query(self.period.grain, self.period.start, self.period.end, ())

    def query(self, grain: Grain, start: date, end: date, by: tuple[str, ...]) -> KpiQuery:
        """The KPI query of this report's KPIs and filters."""
        return KpiQuery(self.kpis, grain, start, end, by, self.filters, self.period.fiscal_start, self.reporting_currency)
