"""What a recipe says: how one kind of file becomes measures, reported results or register entries."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Shape(StrEnum):
    """What one row of the file is."""

    AGGREGATES = "aggregates"
    SCORECARD = "scorecard"
    REGISTER = "register"


class CellUnit(StrEnum):
    """How the numbers of a column are written."""

    COUNT = "count"
    MONEY = "money"
    SECONDS = "seconds"
    MINUTES = "minutes"
    HOURS = "hours"
    H_MM_SS = "h:mm:ss"
    MM_SS = "mm:ss"
    PERCENT = "percent"
    FRACTION = "fraction"


DURATION_UNITS = (CellUnit.SECONDS, CellUnit.MINUTES, CellUnit.HOURS, CellUnit.H_MM_SS, CellUnit.MM_SS)
SHARE_UNITS = (CellUnit.PERCENT, CellUnit.FRACTION)
PLAIN_UNITS = (CellUnit.COUNT, CellUnit.MONEY)
GRAINS = ("day", "week", "month", "quarter")
DEFAULT_MISSING = ("", "-", "NA", "N/A", "n/a", "NULL", "null")
ISO_DATE = "%Y-%m-%d"


@dataclass(frozen=True, slots=True)
class TextField:
    """A text taken from a column or the same for every row; `map` renames what the file calls differently."""

    column: str | None = None
    constant: str | None = None
    map: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DateField:
    """The period a row is about. `any_day`: a week may be dated by any of its days, not only its Monday."""

    grain: str
    format: str = ISO_DATE
    column: str | None = None
    constant: str | None = None
    any_day: bool = False


@dataclass(frozen=True, slots=True)
class MeasureField:
    """One measure: a column (less other columns, times the days of the period) or a constant number."""

    measure: str
    unit: CellUnit
    column: str | None = None
    constant: str | None = None
    minus: tuple[str, ...] = ()
    times_days: bool = False


@dataclass(frozen=True, slots=True)
class KpiField:
    """One ratio in the file. With the KPI's own denominator as `weight` it becomes a measure, else a reported result."""

    kpi: str
    column: str
    unit: CellUnit
    weight: str | None = None
    target: str | None = None


@dataclass(frozen=True, slots=True)
class LongForm:
    """A scorecard with one KPI per row: which columns hold the KPI's name, its result, unit, target and comparator."""

    kpi: TextField
    actual: str
    unit: TextField | None = None
    target: str | None = None
    comparator: str | None = None


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Rows left out because a column has one of these texts: totals, for instance."""

    column: str
    equals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recipe:
    """One recipe, checked. `text` is the TOML it was read from; `columns` maps register fields to headers."""

    name: str
    shape: Shape
    source: str
    text: str
    description: str = ""
    register: str = ""
    decimal: str = "."
    thousands: str = ""
    encoding: str = ""
    delimiter: str = ""
    header_row: int = 1
    missing: tuple[str, ...] = DEFAULT_MISSING
    date_format: str = ISO_DATE
    match: tuple[str, ...] = ()
    exclude: tuple[Exclusion, ...] = ()
    sum_duplicates: bool = False
    period_start: DateField | None = None
    dimensions: Mapping[str, TextField] = field(default_factory=dict)
    threshold: TextField | None = None
    currency: TextField | None = None
    measures: tuple[MeasureField, ...] = ()
    kpis: tuple[KpiField, ...] = ()
    long_form: LongForm | None = None
    columns: Mapping[str, str] = field(default_factory=dict)

    @property
    def headers(self) -> dict[str, tuple[str, ...]]:
        """Every header the file must have -> where in the recipe it is named first."""
        found: dict[str, tuple[str, ...]] = {}
        for header, *where in self._named_headers():
            if header is not None:
                found.setdefault(header, tuple(part for part in where if part))
        return found

    def _named_headers(self) -> list[tuple[str | None, ...]]:
        long = self.long_form
        return [
            *((exclusion.column, "rows", "exclude") for exclusion in self.exclude),
            *([(self.period_start.column, "dimensions", "period_start")] if self.period_start else []),
            *((text.column, "dimensions", name) for name, text in self.dimensions.items()),
            *((text.column, key) for key, text in (("threshold_seconds", self.threshold), ("currency", self.currency)) if text),
            *((name, "measures", entry.measure) for entry in self.measures for name in (entry.column, *entry.minus)),
            *((name, "kpis", entry.kpi) for entry in self.kpis for name in (entry.column, entry.target)),
            *([(long.kpi.column, "scorecard", "kpi"), (long.actual, "scorecard", "actual")] if long else []),
            *([(long.unit.column, "scorecard", "unit")] if long and long.unit else []),
            *([(long.target, "scorecard", "target"), (long.comparator, "scorecard", "comparator")] if long else []),
            *((header, "columns", name) for name, header in self.columns.items()),
        ]
