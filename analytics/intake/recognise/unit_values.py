"""In which unit numbers are written: percent or fraction, seconds or minutes, mm:ss or h:mm. Settled by name and values, else asked."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from statistics import median

from analytics.catalogue import KPIS, Direction
from analytics.errors import IntakeError
from analytics.intake.durations import NOTATIONS
from analytics.intake.problems import Choice
from analytics.intake.recipe import DURATION_UNITS, CellUnit
from analytics.intake.recognise.columns import Column
from analytics.intake.recognise.findings import Findings, shown
from analytics.intake.recognise.headers import Header
from analytics.intake.recognise.mapping import Mapped
from analytics.intake.recognise.number_values import NumberStyle, numbers_of
from analytics.intake.recognise.patterns import Kind

_FEW = 0.25
_FAR_APART = 10
_MANY = 30
_HIGH_FOR_LOWER = Decimal("0.3")
_SHORT_HANDLING = 15
_LONG_MINUTES = 90
_USUAL_SECONDS = (30, 5000)
_LONG = ("mean_resolution_time", "resolution_seconds")
_LONGEST_EACH = 4 * 3600  # of one contact
_LONGEST_CASE = 366 * 86_400
_HALF = 0.5
_CLOCK_UNITS = (CellUnit.MM_SS, CellUnit.H_MM)
_FACTORS = {CellUnit.SECONDS: 1, CellUnit.MILLISECONDS: Decimal("0.001"), CellUnit.MINUTES: 60, CellUnit.HOURS: 3600}
_SHORT_KPIS = ("average_speed_of_answer", "queue_seconds", "hold_seconds")


def settle_share(column: Column, kpi_id: str, header: Header, style: NumberStyle, findings: Findings) -> CellUnit:
    """Percent or fraction; both in one column: `IntakeError`."""
    if column.kinds[Kind.PERCENT]:
        return _with_signs(column, style)
    numbers = numbers_of(column, style)
    low = {cell: number for cell, number in numbers.items() if 0 < abs(number) <= 1}
    high = {cell: number for cell, number in numbers.items() if abs(number) > 1}
    if low and high and min(map(abs, high.values())) >= _FAR_APART * max(map(abs, low.values())):
        if len(high) >= _FEW * len(numbers) and len(low) >= _FEW * len(numbers):
            raise _mixed_shares(column, next(iter(low)), next(iter(high)))
        return CellUnit.FRACTION if len(high) < len(low) else _asked_share(column, kpi_id, [*low, *high], style, findings)
    lower_is_better = KPIS[kpi_id].direction is Direction.LOWER
    if header.unit is CellUnit.PERCENT:
        doubtful = not high and low and not lower_is_better
        return _asked_share(column, kpi_id, list(low), style, findings, first=CellUnit.FRACTION) if doubtful else CellUnit.PERCENT
    if len(high) >= max(_FEW * len(numbers), 1):
        return _asked_share(column, kpi_id, list(high), style, findings)
    if lower_is_better and low and max(low.values()) > _HIGH_FOR_LOWER:
        return _asked_share(column, kpi_id, list(low), style, findings)
    if ones := [cell for cell in low if cell in ("1", "+1")]:
        return _asked_one(column, kpi_id, ones, low, style, findings)
    return CellUnit.FRACTION


def _with_signs(column: Column, style: NumberStyle) -> CellUnit:
    """Cells with a percent sign; a number without one beside them is another unit."""
    if column.kinds[Kind.NUMBER]:
        plain = next((value for value in column.values if "%" not in value and style.read(value) not in (None, 0)), None)
        if plain is not None:
            raise _mixed_shares(column, plain, next(value for value in column.values if "%" in value))
    return CellUnit.PERCENT


def _mixed_shares(column: Column, low: str, high: str) -> IntakeError:
    lines = column.lines
    return IntakeError(
        f"Column {column.name} mixes fractions and percentages: '{low}' (line {lines[low]}) and '{high}' (line {lines[high]}).",
        "Export the column in one unit.",
    )


def _asked_share(
    column: Column, kpi_id: str, cells: Sequence[str], style: NumberStyle, findings: Findings, first: CellUnit = CellUnit.PERCENT
) -> CellUnit:
    return _asked(column, kpi_id, cells, (first, CellUnit.FRACTION if first is CellUnit.PERCENT else CellUnit.PERCENT), style, findings)


def _asked_one(
    column: Column, kpi_id: str, ones: Sequence[str], low: Mapping[str, Decimal], style: NumberStyle, findings: Findings
) -> CellUnit:
    """A bare 1 among fractions is 100 % or 1 %; among many fractions it is 100 %."""
    others = [cell for cell in low if cell not in ones]
    if len(others) >= _MANY:
        findings.note(column.name, f"'{ones[0]}' (line {column.lines[ones[0]]}) is read as 100 %, like the fractions around it.")
        return CellUnit.FRACTION
    return _asked(column, kpi_id, [*ones, *others], (CellUnit.FRACTION, CellUnit.PERCENT), style, findings)


def _asked(column: Column, field: str, cells: Sequence[str], units: Sequence[CellUnit], style: NumberStyle, findings: Findings) -> CellUnit:
    """Which unit, showing what each makes of three cells."""
    values = list(cells)[:3]
    choices = [Choice(unit.value, shown(values, [_meaning(value, unit, style) for value in values])) for unit in units]
    text = f"In which unit is {column.name} written?"
    return CellUnit(findings.ask(f"unit.{field}", text, choices))


def _meaning(cell: str, unit: CellUnit, style: NumberStyle) -> str:
    if unit in _CLOCK_UNITS:
        large, small = (int(part) for part in cell.partition(".")[0].split(":"))
        return f"{large} min {small} s" if unit is CellUnit.MM_SS else f"{large} h {small} min"
    number = style.read(cell)
    if number is None:
        return "refused"
    if unit in (CellUnit.PERCENT, CellUnit.FRACTION):
        return f"{_short(number * (100 if unit is CellUnit.FRACTION else 1))} %"
    seconds = number * _FACTORS[unit]
    return f"{_short(seconds)} s" if seconds < 120 else f"{_short(seconds / 60)} min" if seconds < 7200 else f"{_short(seconds / 3600)} h"


def _short(number: Decimal) -> str:
    return f"{round(float(number), 2):g}"


def settle_duration(
    column: Column, field: str, header: Header, style: NumberStyle, findings: Findings, contacts: Column | None = None
) -> CellUnit:
    """The notation of durations; `contacts` is the column of their number where the column is a total of them."""
    if column.share(Kind.CLOCK) >= 0.5:
        return _notation(column, field, header, findings, style)
    numbers = numbers_of(column, style)
    usual = _usual(list(numbers.values()))
    if contacts is not None and (each := _usual(list(numbers_of(contacts, style).values()))):
        usual /= each
    if header.unit in _FACTORS:
        return _checked_unit(column, field, header.unit, usual, style, findings, is_total=contacts is not None)
    low, high = _USUAL_SECONDS
    is_handling = field not in _LONG
    is_each = field in KPIS or contacts is not None
    if is_handling and is_each and low <= usual <= high:
        findings.note(column.name, f"No unit is named; {_short(usual)} is usual for seconds.")
        return CellUnit.SECONDS
    units = (CellUnit.SECONDS, CellUnit.MINUTES, CellUnit.HOURS) if is_handling else (CellUnit.HOURS, CellUnit.MINUTES, CellUnit.SECONDS)
    likely = units if usual >= _SHORT_HANDLING or field in _SHORT_KPIS or not is_handling else (CellUnit.MINUTES, CellUnit.SECONDS)
    return _asked(column, field, list(numbers), _plausible_first(likely, usual, is_handling=is_handling), style, findings)


def _plausible_first(units: Sequence[CellUnit], usual: Decimal, *, is_handling: bool) -> list[CellUnit]:
    """Units in which the usual number lasts longer than anything does come last; large numbers may be milliseconds."""
    longest = _LONGEST_EACH if is_handling else _LONGEST_CASE
    offered = [*units, CellUnit.MILLISECONDS] if usual * _FACTORS[CellUnit.MILLISECONDS] >= 1 else [*units]
    return sorted(offered, key=lambda unit: usual * _FACTORS[unit] > longest)


def are_milliseconds(entries: Sequence[Mapped], style: NumberStyle) -> bool:
    """Whether times of single contacts without a unit can only be milliseconds: as seconds a usual one would take hours."""
    longest = max([_usual(list(numbers_of(entry.column, style).values())) for entry in entries if is_bare(entry)], default=Decimal(0))
    return longest > _LONGEST_EACH >= longest * _FACTORS[CellUnit.MILLISECONDS]


def is_bare(entry: Mapped) -> bool:
    """Whether a column holds bare numbers and its name no unit."""
    return entry.header.unit not in DURATION_UNITS and entry.column.share(Kind.CLOCK) < _HALF and entry.id not in _LONG


def _usual(numbers: Sequence[Decimal]) -> Decimal:
    """The median of the numbers above zero, 0 when there are none."""
    return Decimal(median([number for number in numbers if number > 0] or [Decimal(0)]))


def _checked_unit(
    column: Column, field: str, unit: CellUnit, usual: Decimal, style: NumberStyle, findings: Findings, *, is_total: bool
) -> CellUnit:
    """The unit the name says, unless the values speak against it."""
    cells = list(numbers_of(column, style))
    if unit is CellUnit.SECONDS and not is_total and field == "average_handle_time" and 0 < usual < _SHORT_HANDLING:
        return _asked(column, field, cells, (CellUnit.MINUTES, CellUnit.SECONDS), style, findings)
    if unit is CellUnit.MINUTES and not is_total and field == "average_handle_time" and usual > _LONG_MINUTES:
        return _asked(column, field, cells, (CellUnit.SECONDS, CellUnit.MINUTES), style, findings)
    return unit


def _notation(column: Column, field: str, header: Header, findings: Findings, style: NumberStyle) -> CellUnit:
    """Cells with colons, words or ISO designators; two parts with one colon are asked unless the name says which."""
    values = [value for value in column.values if not value.isdigit()]
    fitting = {unit: [value for value in values if re.fullmatch(notation.pattern, value)] for unit, notation in NOTATIONS.items()}
    best = max(fitting, key=lambda unit: len(fitting[unit]))
    other = next((unit for unit in fitting if len(fitting[unit]) and not set(fitting[unit]) & set(fitting[best])), None)
    if other is not None:
        first, second = fitting[best][0], fitting[other][0]
        raise IntakeError(
            f"Column {column.name} mixes two notations of durations: '{first}' (line {column.lines[first]}) and '{second}' "
            f"(line {column.lines[second]}).",
            "Export the durations in one notation, best as seconds or h:mm:ss.",
        )
    if best not in _CLOCK_UNITS:
        return best
    if header.unit in _CLOCK_UNITS:
        return header.unit
    cells = fitting[best]
    possible = [unit for unit in _CLOCK_UNITS if set(fitting[unit]) >= set(cells[:50])]
    return _asked(column, field, cells, possible or [best], style, findings)
