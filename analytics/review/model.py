"""The quarterly review as one frozen value: what the page shows, the packs print and an edition keeps.

Every number stands here twice, as it was computed (base units: ratios as fractions, durations in seconds, money in its currency) and as
it is printed; whoever shows it prints the text and computes nothing. A missing number is None, never 0 and never NaN. All parts are
plain values (texts, numbers, dates, tuples and further parts), so that a review can be written down, hashed and compared cell by cell.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from analytics.periods import day_text


class Audience(StrEnum):
    """Whom a review is made for. A vendor's is built from that vendor's rows alone."""

    EXECUTIVE = "executive"
    OPERATIONS = "operations"
    VENDOR = "vendor"


@dataclass(frozen=True, slots=True)
class Origin:
    """The cell a sentence speaks of: the frame ('results', 'drivers', 'risks' ...), its row ('Cobalt Bay · service_level'), its column."""

    frame: str
    row: str
    column: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words at a place of the review that stays the same from quarter to quarter ('headline', 'movement/Cobalt Bay/service_level').

    Words made by rule name the cells they came from. Those of a person name their `author` and the day; `computed` then keeps what
    the rule had said ('' where it said nothing).
    """

    place: str
    text: str
    origins: tuple[Origin, ...] = ()
    author: str = ""
    written_on: date | None = None
    computed: str = ""

    @property
    def signature(self) -> str:
        """'words of Ana Reyes, 3 Oct 2026', as it stands beside them everywhere; '' of words made by rule."""
        day = f", {day_text(self.written_on)}" if self.written_on else ""
        return f"words of {self.author}{day}" if self.author else ""


@dataclass(frozen=True, slots=True)
class Way:
    """Where a click leads: a page by its address and the choices of its link, as (name, value)."""

    page: str
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """One month of a KPI with the target and the limits valid in it."""

    start: date
    label: str
    value: float | None
    text: str
    target: float | None
    lower: float | None
    upper: float | None
    centre_line: float | None
    lower_limit: float | None
    upper_limit: float | None
    signal: str
    complete: bool


@dataclass(frozen=True, slots=True)
class Result:
    """One KPI of the quarter, of all vendors together (`vendor` '', where they are several) or of one, with everything needed to read it.

    `status` is one of the six words of a verdict, `status_text` what is printed ('mixed: 3 of 5 met'). `better_sign`: +1 higher is
    better, -1 lower, 0 neither. `signal`, `rule` (in words) and `assurance` are of the newest whole month ('' without one). `history`:
    the last 13 months, oldest first.
    """

    vendor: str
    kpi: str
    label: str
    unit: str
    currency: str
    better_sign: int
    value: float | None
    value_text: str
    comparator: str
    target: float | None
    lower: float | None
    upper: float | None
    target_text: str
    basis: str
    target_change: str
    variance: float | None
    variance_text: str
    status: str
    status_text: str
    months_met: str
    previous: float | None
    previous_text: str
    change: float | None
    change_text: str
    compared_text: str
    numerator: float | None
    denominator: float | None
    coverage: str
    complete: bool
    source_kind: str
    remark: str
    signal: str
    rule: str
    assurance: str
    trial_limits: bool
    history: tuple[Point, ...]

    @property
    def measured(self) -> bool:
        """Whether there is a number."""
        return self.value is not None

    @property
    def is_reported(self) -> bool:
        """Whether the vendor reports the result without its counts: it is in no total."""
        return self.source_kind == "reported"

    @property
    def vendors_covered(self) -> str:
        """'4 of 5 vendors': the first part of the coverage."""
        return self.coverage.partition(",")[0]

    @property
    def row(self) -> str:
        """Its name in an `Origin`."""
        return f"{self.vendor or 'All vendors'} · {self.kpi}"


@dataclass(frozen=True, slots=True)
class Driver:
    """One member's part of a change, in the KPI's base unit."""

    member: str
    effect: float
    effect_text: str
    before_text: str
    after_text: str

    def verdict(self, better_sign: int) -> float:
        """Above 0 for a part that is good, below for bad; 0 for one without direction or printed as nothing."""
        return self.effect * better_sign if self.effect_text[:1] in "+-" else 0.0


@dataclass(frozen=True, slots=True)
class Movement:
    """A KPI of a vendor that moved, in one line, and where the change is.

    `drivers` by `dimension` ('site') add up exactly as printed to the change of `result`; empty with the reason in `where`
    when the change cannot be split.
    """

    result: Result
    lead: Sentence
    where: Sentence
    dimension: str
    drivers: tuple[Driver, ...]
    way: Way


@dataclass(frozen=True, slots=True)
class Risk:
    """A risk of the register at the end of the quarter and where it stood at the end of the one compared with."""

    number: int
    title: str
    category: str
    vendor: str
    owner: str
    likelihood: int
    impact: int
    score: int
    band: str
    previous_likelihood: int | None
    previous_impact: int | None
    previous_score: int | None
    movement_text: str
    reason: str
    mitigation: str
    next_review: date | None
    days_overdue: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list. `mark`: the status whose mark stands before it ('missed', 'below expected', 'met', 'not measured', '')."""

    mark: str
    sentence: Sentence
    detail: str = ""
    way: Way | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: as printed, and where it is a number or a day that value with its unit."""

    text: str
    value: float | date | None = None
    unit: str = ""
    currency: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class Cards:
    """The KPIs everybody looks at first."""

    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """KPIs (rows) by all and each vendor (columns), as ids and names; `results` in any order, at most one per pair."""

    kpis: tuple[str, ...]
    vendors: tuple[str, ...]
    results: tuple[Result, ...]

    def at(self, kpi: str, vendor: str) -> Result | None:
        """The result of a KPI and a vendor ('' all)."""
        return next((result for result in self.results if (result.kpi, result.vendor) == (kpi, vendor)), None)


@dataclass(frozen=True, slots=True)
class Movements:
    """What moved, the most important first."""

    movements: tuple[Movement, ...]


@dataclass(frozen=True, slots=True)
class RiskMap:
    """The matrix of likelihood and impact with its risks, the highest first; `bands` as (name, highest score)."""

    risks: tuple[Risk, ...]
    bands: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """A list of lines; `empty` is what is said without any."""

    lines: tuple[Line, ...]
    empty: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table by the name of its frame; `numeric` says which columns are aligned right. `empty` is what is said without rows."""

    name: str
    columns: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str


@dataclass(frozen=True, slots=True)
class Trends:
    """Control charts, one per result, worst signal first."""

    results: tuple[Result, ...]


Block = Cards | Grid | Movements | RiskMap | Lines | Table | Trends


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the review: its heading as a statement where it can be one, a sentence, and what proves it."""

    id: str
    title: str
    sentence: Sentence | None
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """How a KPI of the review is computed: in words, as a formula, and after which source."""

    kpi: str
    label: str
    formula: str
    words: str
    unit: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """One accepted file behind the numbers."""

    batch: str
    file: str
    source: str
    sha256: str
    loaded_on: date | None
    first_day: date | None
    last_day: date | None
    rows: int


@dataclass(frozen=True, slots=True)
class QuarterlyReview:
    """The quarter. `quarter` is its id ('2026-Q3'), `label` 'Q3 2026', `months` 'July to September'.

    `compared`: 'compared with Q2 2026' or why it is not. `scope`: vendors and filters in words ('5 of 5 vendors'). `coverage`: what is
    missing ('data to 14 Aug 2026', '' when nothing is). `data_until`: the newest day of the data.
    """

    audience: Audience
    quarter: str
    label: str
    months: str
    first_day: date
    last_day: date
    compared: str
    scope: str
    coverage: str
    data_until: date | None
    vendors: tuple[str, ...]
    headline: Sentence
    sections: tuple[Section, ...]
    definitions: tuple[Definition, ...]
    deliveries: tuple[Delivery, ...]

    @property
    def measured(self) -> bool:
        """Whether the quarter has any number."""
        return any(result.measured for result in self.results)

    @property
    def results(self) -> tuple[Result, ...]:
        """Every result shown anywhere, each once."""
        found = {(result.vendor, result.kpi): result for block in self.blocks for result in _results_of(block)}
        return tuple(found.values())

    @property
    def blocks(self) -> Iterator[Block]:
        """The blocks of all sections in order."""
        return (block for section in self.sections for block in section.blocks)

    def section(self, name: str) -> Section | None:
        """The section with this id; None when this audience has none."""
        return next((section for section in self.sections if section.id == name), None)


def _results_of(block: Block) -> tuple[Result, ...]:
    match block:
        case Cards(results) | Trends(results) | Grid(results=results):
            return results
        case Movements(movements):
            return tuple(movement.result for movement in movements)
        case _:
            return ()
