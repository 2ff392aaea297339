"""The frames of an XLSX pack: every field of every result, the months behind each chart, definitions and sources."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from analytics.packs.xlsx_book import THEME, Book, Column, Sheet, Shown
from analytics.packs.xlsx_numbers import MONTH_FORMAT, Number, base_number, difference_of, number_of
from analytics.review.deliveries import deliveries_words
from analytics.review.model import Definition, Delivery, Point, QuarterlyReview, Result

ALL_VENDORS = "All vendors"
RESULTS, CHART_DATA, DEFINITIONS, SOURCES = "Results", "Chart data", "Definitions", "Sources"
FIRST_CHART_ROW = 4  # of the frame's rows on its sheet, counted from 0
VALUE_COLUMN, TARGET_COLUMN, LOWER_COLUMN, UPPER_COLUMN, MEAN_COLUMN, LOW_LIMIT_COLUMN, HIGH_LIMIT_COLUMN = range(4, 11)
MONTH_COLUMN = 3
SIGNAL_COLUMNS = {"improvement": 12, "concern": 13, "high": 14, "low": 14}


@dataclass(frozen=True, slots=True)
class Rows:
    """Where the months of a result stand on the sheet of the charts' data, both rows counted from 0."""

    first: int
    last: int

    def area(self, column: int) -> list[str | int]:
        """One column of them, as charts refer to it."""
        return [CHART_DATA, self.first, column, self.last, column]


def number_shown(value: float | None, text: str, result: Result) -> Shown:
    """A value of a result that the review prints as `text`."""
    return shown(text, None if value is None else number_of(value, text, result.unit, result.currency))


def difference_shown(value: float | None, text: str, result: Result) -> Shown:
    """A difference of a result that the review prints as `text`."""
    found = None if value is None else difference_of(value, text, result.unit, result.better_sign, result.currency)
    return shown(text, found)


def base_shown(value: float | None, result: Result, like: str) -> Shown:
    """A number of a result that is not printed by itself."""
    return shown("", None if value is None else base_number(value, result.unit, result.currency, like))


def shown(text: str, number: Number | None) -> Shown:
    """The number with its format, else the text."""
    return Shown(text) if number is None else Shown(text, number.value, number.format)


def status_shown(words: str, status: str) -> Shown:
    """A status in the colour of its meaning."""
    return Shown(words).styled(font_color=THEME.status(status).text, bold=status in THEME.statuses and status != "no target")


def counted_shown(value: float | None) -> Shown:
    """A count, or a sum of amounts."""
    return Shown("") if value is None else Shown(f"{value:,.10g}", value, "#,##0" if value == int(value) else "#,##0.00")


_Field = Callable[[Result], Shown]
_YES = {True: "yes", False: "no"}
_BETTER = {1: "higher", -1: "lower", 0: "neither"}
_RESULT_FIELDS: tuple[tuple[Column, _Field], ...] = (
    (Column("Vendor"), lambda r: Shown(r.vendor or ALL_VENDORS)),
    (Column("KPI"), lambda r: Shown(r.label)),
    (Column("Value", True), lambda r: number_shown(r.value, r.value_text, r)),
    (Column("Target as agreed"), lambda r: Shown(r.target_text)),
    (Column("Variance (pp, s, unit)", True), lambda r: difference_shown(r.variance, r.variance_text, r)),
    (Column("Status"), lambda r: status_shown(r.status_text, r.status)),
    (Column("Months met"), lambda r: Shown(r.months_met)),
    (Column("Before", True), lambda r: number_shown(r.previous, r.previous_text, r)),
    (Column("Change (pp, s, unit)", True), lambda r: difference_shown(r.change, r.change_text, r)),
    (Column("Numerator", True), lambda r: counted_shown(r.numerator)),
    (Column("Denominator", True), lambda r: counted_shown(r.denominator)),
    (Column("Coverage"), lambda r: Shown(r.coverage)),
    (Column("Complete"), lambda r: Shown(_YES[r.complete])),
    (Column("Comparator"), lambda r: Shown(r.comparator)),
    (Column("Target", True), lambda r: base_shown(r.target, r, r.target_text)),
    (Column("From", True), lambda r: base_shown(r.lower, r, r.target_text)),
    (Column("To", True), lambda r: base_shown(r.upper, r, r.target_text)),
    (Column("Compared"), lambda r: Shown(r.compared_text)),
    (Column("Basis of the target"), lambda r: Shown(r.basis)),
    (Column("Target changed"), lambda r: Shown(r.target_change)),
    (Column("Better is"), lambda r: Shown(_BETTER.get(r.better_sign, ""))),
    (Column("Signal"), lambda r: Shown(r.signal)),
    (Column("Rule"), lambda r: Shown(r.rule)),
    (Column("Assurance"), lambda r: Shown(r.assurance.replace("_", " "))),
    (Column("Trial limits"), lambda r: Shown(_YES[r.trial_limits])),
    (Column("Kind"), lambda r: Shown(r.source_kind)),
    (Column("Remark"), lambda r: Shown(r.remark)),
    (Column("Unit"), lambda r: Shown(r.unit)),
    (Column("Currency"), lambda r: Shown(r.currency)),
    (Column("KPI id"), lambda r: Shown(r.kpi)),
    (Column("Value as printed"), lambda r: Shown(r.value_text)),
    (Column("Variance as printed"), lambda r: Shown(r.variance_text)),
    (Column("Before as printed"), lambda r: Shown(r.previous_text)),
    (Column("Change as printed"), lambda r: Shown(r.change_text)),
)


def write_results(book: Book, review: QuarterlyReview) -> None:
    """One row per KPI and vendor with everything known about it."""
    rows = [[field(result) for _, field in _RESULT_FIELDS] for result in review.results]
    _frame(book, RESULTS, "Every number of the review with its counts, target and coverage. " + UNITS, [c for c, _ in _RESULT_FIELDS], rows)


UNITS = (
    "Ratios are fractions shown as percent, durations times shown as m:ss; differences of percentages are percentage points, "
    "differences of durations seconds."
)
_CHART_COLUMNS = (
    Column("Vendor"),
    Column("KPI"),
    Column("Month", True),
    Column("Value", True),
    Column("Target", True),
    Column("From", True),
    Column("To", True),
    Column("Mean", True),
    Column("Lower limit", True),
    Column("Upper limit", True),
    Column("Signal"),
    Column("Signal: better", True),
    Column("Signal: worse", True),
    Column("Signal: high or low", True),
    Column("Whole month"),
    Column("Value as printed"),
)


def chart_rows(results: Sequence[Result]) -> dict[tuple[str, str], Rows]:
    """Where the months of each vendor and KPI will stand."""
    places, row = {}, FIRST_CHART_ROW
    for result in results:
        if result.history:
            places[(result.vendor, result.kpi)] = Rows(row, row + len(result.history) - 1)
            row += len(result.history)
    return places


def write_chart_data(book: Book, review: QuarterlyReview) -> None:
    """The months behind sparklines and charts, one row each."""
    rows = [_chart_row(result, point) for result in review.results for point in result.history]
    _frame(book, CHART_DATA, "The months behind every sparkline and chart. " + UNITS, _CHART_COLUMNS, rows)


def _chart_row(result: Result, point: Point) -> list[Shown]:
    numbers = (point.target, point.lower, point.upper, point.centre_line, point.lower_limit, point.upper_limit)
    value = number_shown(point.value, point.text, result)
    if point.value is not None and value.value is None:  # a chart needs a number, whatever it is printed as
        value = base_shown(point.value, result, point.text)
    return [
        Shown(result.vendor or ALL_VENDORS),
        Shown(result.label),
        Shown(point.label, point.start, MONTH_FORMAT),
        value if point.value is not None else Shown(""),
        *(base_shown(number, result, point.text) for number in numbers),
        Shown("" if point.signal == "none" else point.signal),
        *(value if SIGNAL_COLUMNS.get(point.signal) == column else Shown("") for column in range(12, 15)),
        Shown(_YES[point.complete]),
        Shown(point.text),
    ]


def write_definitions(book: Book, review: QuarterlyReview) -> None:
    """How every KPI is computed."""
    columns = [
        Column("KPI"),
        Column("In words", most=60),
        Column("Formula", most=60),
        Column("Unit"),
        Column("Source"),
        Column("Note"),
        Column("KPI id"),
    ]
    rows = [[Shown(text) for text in _definition(one)] for one in review.definitions]
    _frame(book, DEFINITIONS, "How every KPI of the review is computed.", columns, rows, compact=False)


def _definition(one: Definition) -> tuple[str, ...]:
    return one.label, one.words, one.formula, one.unit, one.source, one.note, one.kpi


def write_sources(book: Book, review: QuarterlyReview) -> None:
    """The files behind the numbers."""
    columns = [
        Column("File"), Column("Source"), Column("Loaded on", True), Column("First day", True), Column("Last day", True),
        Column("Rows", True), Column("Batch"), Column("SHA-256", most=70),
    ]  # fmt: skip
    _frame(book, SOURCES, deliveries_words(review), columns, [_delivery(one) for one in review.deliveries])


def _delivery(one: Delivery) -> list[Shown]:
    days = (one.loaded_on, one.first_day, one.last_day)
    rows = Shown(f"{one.rows:,}", one.rows, "#,##0")
    return [Shown(one.file), Shown(one.source), *map(day_shown, days), rows, Shown(one.batch), Shown(one.sha256)]


def day_shown(day: date | None) -> Shown:
    """A day, or nothing."""
    return Shown("") if day is None else Shown(f"{day:%d %b %Y}", day)


def _frame(book: Book, name: str, words: str, columns: Sequence[Column], rows: Sequence[Sequence[Shown]], *, compact: bool = True) -> None:
    """A sheet with one table, which filters, stays headed and prints its head on every page."""
    with book.sheet(name) as sheet:
        _head(sheet, name, words)
        sheet.table(columns, rows, alone=True, compact=compact)
        if not rows:
            sheet.paragraph("Nothing here.", "muted")


def _head(sheet: Sheet, name: str, words: str) -> None:
    sheet.put(0, 1, Shown(name), "title")
    sheet.put(1, 1, Shown(words), "eyebrow")
    sheet.row = FIRST_CHART_ROW - 1
