"""What a recipe says: how one kind of file becomes measures, reported results or register entries."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class Shape(StrEnum):
    """What one row of the file is."""

    AGGREGATES = "aggregates"
    INTERACTIONS = "interactions"
    EVENTS = "events"
    SCORECARD = "scorecard"
    REGISTER = "register"


class CellUnit(StrEnum):
    """How the numbers of a column are written."""

    COUNT = "count"
    MONEY = "money"
    SECONDS = "seconds"
    MILLISECONDS = "milliseconds"
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    H_MM_SS = "h:mm:ss"
    MM_SS = "mm:ss"
    H_MM = "h:mm"
    D_HH_MM_SS = "d.hh:mm:ss"
    WORDS = "1h 2m 3s"
    ISO_8601 = "PT1H2M3S"
    PERCENT = "percent"
    FRACTION = "fraction"


class Check(StrEnum):
    """What a cell is held against."""

    EQUALS = "equals"
    NOT_EQUALS = "not_equals"
    STARTS_WITH = "starts_with"
    AT_MOST = "at_most"
    AT_LEAST = "at_least"
    LESS_THAN = "less_than"
    MORE_THAN = "more_than"
    PRESENT = "present"


class OrderType(StrEnum):
    """How the column that orders events is read."""

    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    DATETIME = "datetime"
    TEXT = "text"


CONTACT_SHAPES = (Shape.INTERACTIONS, Shape.EVENTS)
TEXT_CHECKS = (Check.EQUALS, Check.NOT_EQUALS, Check.STARTS_WITH)
LIMIT_CHECKS = (Check.AT_MOST, Check.AT_LEAST, Check.LESS_THAN, Check.MORE_THAN)
ISO_TIME = "%Y-%m-%d %H:%M:%S"
DURATION_UNITS = (
    CellUnit.SECONDS, CellUnit.MILLISECONDS, CellUnit.MINUTES, CellUnit.HOURS, CellUnit.DAYS, CellUnit.H_MM_SS, CellUnit.MM_SS,
    CellUnit.H_MM, CellUnit.D_HH_MM_SS, CellUnit.WORDS, CellUnit.ISO_8601,
)  # fmt: skip
SHARE_UNITS = (CellUnit.PERCENT, CellUnit.FRACTION)
PLAIN_UNITS = (CellUnit.COUNT, CellUnit.MONEY)
GRAINS = ("day", "week", "month", "quarter")
DEFAULT_MISSING = ("", "-", "NA", "N/A", "n/a", "NULL", "null")
ISO_DATE = "%Y-%m-%d"


@dataclass(frozen=True, slots=True)
class CellTest:
    """One check of a cell: its text against `texts` (any of them), its number against `limit` (base units), or whether it is there.

    Texts are compared as they are written, less surrounding blanks, missing cells too: an empty cell is not equal to "Total".
    A missing cell is within no limit; a cell that is no number where one is held against a limit refuses its row.
    """

    check: Check
    texts: tuple[str, ...] = ()
    limit: Decimal | None = None
    expected: bool = True


@dataclass(frozen=True, slots=True)
class Condition:
    """A row counts where the cell of `column`, written in `unit`, passes the test."""

    column: str
    test: CellTest
    unit: CellUnit = CellUnit.COUNT


@dataclass(frozen=True, slots=True)
class Clock:
    """A point in time from one column, or from several (date and time) joined by a blank; without a date it is a time of day."""

    columns: tuple[str, ...]
    format: str = ISO_TIME


@dataclass(frozen=True, slots=True)
class Elapsed:
    """Seconds between two points in time; between two times of day the later may be past midnight."""

    start: Clock
    end: Clock


@dataclass(frozen=True, slots=True)
class Fold:
    """Events: rows with equal keys are one contact, the last by `order_by` stands for it."""

    keys: tuple[str, ...]
    order_by: str
    order_type: OrderType
    order_format: str = ISO_TIME


@dataclass(frozen=True, slots=True)
class TextField:
    """A text taken from a column or the same for every row; `map` renames what the file calls differently.

    What the map does not name stays as it is, becomes `others`, or refuses its row (`refuse_others`).
    """

    column: str | None = None
    constant: str | None = None
    map: Mapping[str, str] = field(default_factory=dict)
    others: str | None = None
    refuse_others: bool = False


@dataclass(frozen=True, slots=True)
class DateField:
    """The period a row is about: a constant, one column, or several (date and time) joined by a blank.

    `any_day`: a week may be dated by any of its days, not only its Monday. `from_zone`, `to_zone`: the file's clock is
    converted before the day is taken; without them the day is the file's own.
    """

    grain: str
    format: str = ISO_DATE
    columns: tuple[str, ...] = ()
    constant: str | None = None
    any_day: bool = False
    from_zone: str = ""
    to_zone: str = ""

    @property
    def column(self) -> str | None:
        """The column a problem with the period is reported under."""
        return self.columns[0] if self.columns else None


@dataclass(frozen=True, slots=True)
class MeasureField:
    """One measure: a column (less other columns, times the days of the period), a constant number, or the time between two clocks.

    Of contacts also their number: each one (`count`), or those whose value passes `test`. `where`: all must hold for a row to count;
    in the other rows the measure's own cells are not read. A row of totals that does not count has no value (NULL, never 0).
    """

    measure: str
    unit: CellUnit
    column: str | None = None
    constant: str | None = None
    minus: tuple[str, ...] = ()
    times_days: bool = False
    count: bool = False
    elapsed: Elapsed | None = None
    test: CellTest | None = None
    where: tuple[Condition, ...] = ()


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
    quote: str = '"'
    header_row: int = 1
    sheet: str = ""
    missing: tuple[str, ...] = DEFAULT_MISSING
    date_format: str = ISO_DATE
    match: tuple[str, ...] = ()
    exclude: tuple[Condition, ...] = ()
    fold: Fold | None = None
    sum_duplicates: bool = False
    months_across: str = ""  # what the recipe calls the cells under columns that are named by a period
    period_start: DateField | None = None
    dimensions: Mapping[str, TextField] = field(default_factory=dict)
    threshold: TextField | None = None
    currency: TextField | None = None
    measures: tuple[MeasureField, ...] = ()
    kpis: tuple[KpiField, ...] = ()
    long_form: LongForm | None = None
    columns: Mapping[str, str] = field(default_factory=dict)

    @property
    def made_columns(self) -> tuple[str, ...]:
        """The columns that the file gets where its months lie across."""
        return (*(self.period_start.columns if self.period_start else ()), self.months_across) if self.months_across else ()

    @property
    def headers(self) -> dict[str, tuple[str, ...]]:
        """Every header the file must have -> where in the recipe it is named first."""
        found: dict[str, tuple[str, ...]] = {}
        for header, *where in self._named_headers():
            if header is not None and header not in self.made_columns:
                found.setdefault(header, tuple(part for part in where if part))
        return found

    def _named_headers(self) -> list[tuple[str | None, ...]]:
        long = self.long_form
        return [
            *((exclusion.column, "rows", "exclude") for exclusion in self.exclude),
            *((name, "dimensions", "period_start") for name in (self.period_start.columns if self.period_start else ())),
            *((name, "rows", "fold_by") for name in (self.fold.keys if self.fold else ())),
            *([(self.fold.order_by, "rows", "order_by")] if self.fold else []),
            *((text.column, "dimensions", name) for name, text in self.dimensions.items()),
            *((text.column, key) for key, text in (("threshold_seconds", self.threshold), ("currency", self.currency)) if text),
            *((name, "measures", entry.measure) for entry in self.measures for name in _headers_of(entry)),
            *((name, "kpis", entry.kpi) for entry in self.kpis for name in (entry.column, entry.target)),
            *([(long.kpi.column, "scorecard", "kpi"), (long.actual, "scorecard", "actual")] if long else []),
            *([(long.unit.column, "scorecard", "unit")] if long and long.unit else []),
            *([(long.target, "scorecard", "target"), (long.comparator, "scorecard", "comparator")] if long else []),
            *((header, "columns", name) for name, header in self.columns.items()),
        ]


def _headers_of(entry: MeasureField) -> tuple[str | None, ...]:
    """Every column a measure reads."""
    clocks = (*entry.elapsed.start.columns, *entry.elapsed.end.columns) if entry.elapsed else ()
    return (entry.column, *entry.minus, *clocks, *(condition.column for condition in entry.where))
