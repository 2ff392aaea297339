"""What can be asked of the warehouse: the KPI query and the reader it is put to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

import pandas as pd

from analytics.catalogue import Kpi, find_dimension, find_kpi
from analytics.errors import UsageError
from analytics.filters import Filters
from analytics.periods import Grain
from analytics.warehouse.scope import Scope


class Reader(Protocol):
    """What reads the warehouse: `analytics.warehouse.Store`."""

    def select(self, scope: Scope, sql: str, parameters: Mapping[str, object] | None = None) -> pd.DataFrame:
        """Rows of `sql` that exist for `scope`."""
        ...


@dataclass(frozen=True, slots=True)
class KpiQuery:
    """What is asked: KPI ids, grain, first and last day, dimensions to show (`by`) and to filter. Repeated names count once.

    With a `reporting_currency`, totals over several currencies are converted into it at dated rates; without, there are none.
    `one_currency`: so are those in one other currency, for rows that are to be added up later.
    `own_periods`: every period by itself, also of KPIs that show the months that end with it: for rows that are to be added up or
    charted against each other.
    """

    kpis: tuple[str, ...]
    grain: Grain
    start: date
    end: date
    by: tuple[str, ...] = ()
    filters: Filters = field(default_factory=Filters)
    fiscal_start: int = 1
    reporting_currency: str = ""
    one_currency: bool = False
    own_periods: bool = False

    def __post_init__(self) -> None:
        for name in ("kpis", "by"):
            object.__setattr__(self, name, tuple(dict.fromkeys(getattr(self, name))))
        for kpi in self.kpis:
            find_kpi(kpi)
        for dimension in self.by:
            find_dimension(dimension)
        if not self.kpis:
            raise UsageError("No KPI was asked for.", "Name at least one KPI id, such as service_level.")
        if self.start > self.end:
            raise UsageError(f"The range {self.start} to {self.end} ends before it starts.", "Swap the two dates.")

    @property
    def definitions(self) -> tuple[Kpi, ...]:
        """The catalogue entries asked for."""
        return tuple(find_kpi(kpi) for kpi in self.kpis)

    def window_of(self, kpi: Kpi) -> int:
        """How many months that end with a period its number of this KPI is made of; 0: the period itself."""
        return 0 if self.own_periods else kpi.window_months

    @property
    def window_months(self) -> int:
        """The window all KPIs of one of `by_window` have."""
        return self.window_of(self.definitions[0])

    @property
    def by_window(self) -> tuple["KpiQuery", ...]:
        """The same question once for every length of window, so that each part reads no more days than its KPIs need."""
        lengths = {kpi.id: self.window_of(kpi) for kpi in self.definitions}
        found = [tuple(kpi for kpi, months in lengths.items() if months == length) for length in dict.fromkeys(lengths.values())]
        return (self,) if len(found) == 1 else tuple(replace(self, kpis=kpis) for kpis in found)

    @property
    def cell_dimensions(self) -> tuple[str, ...]:
        """Dimensions shown or filtered, without the vendor that every cell has."""
        return tuple(dict.fromkeys(d for d in (*self.by, *self.filters.dimensions) if d != "vendor"))


def row_key(row: Mapping[str, object], names: Sequence[str]) -> tuple:
    """The cells of a row of a KPI frame that tell it from the others; a missing member is None, whatever stands for it."""
    return tuple(None if row[name] != row[name] else row[name] for name in names)
