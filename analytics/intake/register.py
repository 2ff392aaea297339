"""The shape `register`: targets, risks and their scores, events, notes, actions, exchange rates, with the fields of their tables."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

import pandas as pd
import pyarrow as pa

from analytics.catalogue import Kpi, Unit
from analytics.errors import IntakeError
from analytics.intake.cells import clean_text, number_reader
from analytics.intake.dates import parse_date
from analytics.intake.problems import CellError, Issue, Level
from analytics.intake.reading import Columns, Reading, arrow_table, refuse_duplicates
from analytics.intake.recipe import CellUnit, Recipe
from analytics.intake.register_fields import REGISTER_FIELDS, REQUIRED_FIELDS, WORDS, FieldKind
from analytics.intake.scorecard import named_kpi, read_comparator, read_result
from analytics.intake.sheet import Sheet
from analytics.target_checks import Weight, check_targets
from analytics.warehouse.registers import REGISTERS

_TYPES = {
    FieldKind.LEVEL: pa.float64(), FieldKind.SCORE: pa.int32(), FieldKind.NUMBER: pa.int32(), FieldKind.DATE: pa.date32(),
    FieldKind.RATE: pa.decimal128(18, 9),
}  # fmt: skip
_HIGHEST_SCORE = 5
_RATE_DECIMALS = 9
_HIGHEST_RATE = Decimal(10) ** 9


def read_register(sheet: Sheet, recipe: Recipe) -> Reading:
    """The entries of one register; a missing required column: `IntakeError`."""
    kinds = REGISTER_FIELDS[recipe.register]
    headers = {name: recipe.columns.get(name, name) for name in kinds}
    present = {name: header for name, header in headers.items() if header in sheet.header}
    for name in REQUIRED_FIELDS[recipe.register]:
        if name not in present:
            raise IntakeError(f"The file has no column '{headers[name]}'.", f'Name it in the recipe: [columns] {name} = "Header".')
    columns = Columns(sheet, recipe.missing)
    fields = {name: _field(columns, kinds[name], present.get(name), recipe) for name in kinds if kinds[name] is not FieldKind.LEVEL}
    kpis = {text: named_kpi(text) for text in set(fields.get("kpi", ())) if text}
    for name in (name for name in kinds if kinds[name] is FieldKind.LEVEL):
        fields[name] = _levels(columns, present.get(name), [kpis.get(kpi) for kpi in fields["kpi"]], recipe)
    _check_required(columns, fields, recipe.register, headers)
    odd = _check_targets(columns, fields) if recipe.register == "targets" else []
    if recipe.register == "rates":
        _check_rates(columns, fields)
    key = REGISTERS[recipe.register].key
    refuse_duplicates(
        columns, list(zip(*(fields[name] for name in key), strict=True)), f"An entry is told apart by {', '.join(key)}: keep one."
    )
    rows = columns.accepted
    table = arrow_table(fields, {name: _TYPES[kind] for name, kind in kinds.items() if kind in _TYPES}, rows)
    return Reading({REGISTERS[recipe.register].rows: table}, len(rows), columns.rejects, (*odd, *_unused(sheet, present)))


def _unused(sheet: Sheet, present: Mapping[str, str]) -> tuple[Issue, ...]:
    unused = [name for name in sheet.header if name and name not in present.values()]
    if not unused:
        return ()
    return (Issue(Level.INFO, "columns_unused", f"Columns not used: {', '.join(unused)}.", "Map them under [columns] if they matter."),)


def _field(columns: Columns, kind: FieldKind, header: str | None, recipe: Recipe) -> list:
    """One field of every row; a field the file does not have is empty."""
    if header is None:
        return [None] * columns.size
    readers = {
        FieldKind.TEXT: clean_text,
        FieldKind.KPI: lambda cell: named_kpi(cell).id,
        FieldKind.COMPARATOR: read_comparator,
        FieldKind.DATE: lambda cell: parse_date(cell, recipe.date_format),
        FieldKind.SCORE: lambda cell: _whole(cell, recipe, _HIGHEST_SCORE),
        FieldKind.NUMBER: lambda cell: _whole(cell, recipe, None),
        FieldKind.CURRENCY: _currency,
        FieldKind.RATE: lambda cell: _rate(cell, recipe),
    }
    return columns.read(header, readers.get(kind) or (lambda cell: _word(cell, WORDS[kind])))


def _whole(cell: str, recipe: Recipe, highest: int | None) -> int:
    number = number_reader(recipe, CellUnit.COUNT)(cell)
    if number != int(number) or number < 1 or (highest and number > highest):
        limit = f"from 1 to {highest}" if highest else "of at least 1"
        raise CellError("range", f"'{cell}' is not a whole number {limit}", "Correct the cell.")
    return int(number)


def _currency(cell: str) -> str:
    if not re.fullmatch("[A-Za-z]{3}", cell):
        raise CellError("currency", f"'{cell}' is not a currency", "Write its three letters: EUR.")
    return cell.upper()


def _rate(cell: str, recipe: Recipe) -> Decimal:
    number = number_reader(recipe, CellUnit.COUNT)(cell)
    if not 0 < number < _HIGHEST_RATE:
        raise CellError("range", f"'{cell}' is not a rate above 0", "Write what one unit of the currency is worth: 0.92.")
    if number != round(number, _RATE_DECIMALS):
        raise CellError("decimals", f"'{cell}' has more than {_RATE_DECIMALS} decimals", f"Round the rate to {_RATE_DECIMALS} decimals.")
    return number


def _word(cell: str, words: Sequence[str]) -> str:
    if cell.casefold() not in words:
        raise CellError("word", f"'{cell}' is not known", f"Use one of: {', '.join(words)}.")
    return cell.casefold()


def _levels(columns: Columns, header: str | None, kpis: Sequence[Kpi | None], recipe: Recipe) -> list[float | None]:
    """Target levels in base units: 0.8 or '80 %', 300, '5:00' or '5 min', 86400 or '24 h'."""
    if header is None:
        return [None] * columns.size
    found: list[float | None] = []
    for index, (cell, kpi) in enumerate(zip(columns.sheet.column(header), kpis, strict=True)):
        try:
            found.append(None if kpi is None or cell in columns.missing else float(_level(cell, kpi, recipe)))
        except CellError as problem:
            columns.refuse(index, header, problem)
            found.append(None)
    return found


def _level(cell: str, kpi: Kpi, recipe: Recipe) -> Decimal:
    if kpi.unit in (Unit.SECONDS, Unit.HOURS) and ":" not in cell and re.search("[A-Za-z]", cell):
        return number_reader(recipe, CellUnit.WORDS)(cell)
    marked = cell.endswith("%") or ":" in cell
    return read_result(cell.removesuffix(" min"), kpi, None, recipe) if marked else number_reader(recipe, CellUnit.COUNT)(cell)


def _check_required(columns: Columns, fields: Mapping[str, Sequence], register: str, headers: Mapping[str, str]) -> None:
    for name in REQUIRED_FIELDS[register]:
        for index, value in enumerate(fields[name]):
            if value is None:
                columns.refuse(index, headers[name], CellError("missing", f"{headers[name]} is missing", "Fill the cell."))


def _check_rates(columns: Columns, fields: Mapping[str, Sequence]) -> None:
    for index, (currency, reporting) in enumerate(zip(fields["currency"], fields["reporting_currency"], strict=True)):
        if currency is not None and currency == reporting:
            columns.refuse(index, None, CellError("same", f"a rate from {currency} to itself", "Name two currencies."))


def _check_targets(columns: Columns, fields: Mapping[str, Sequence]) -> list[Issue]:
    """Refuse what no table of targets may hold, of two rows that contradict each other the later one; returns what else is odd."""
    whole = [place for place in columns.accepted if fields["kpi"][place] and fields["comparator"][place]]
    table = pd.DataFrame({name: [values[place] for place in whole] for name, values in fields.items()}, dtype=object)
    issues = []
    for problem in check_targets(table):
        *others, last = (whole[row] for row in problem.rows)
        beside = f" (with line {columns.lines[others[0]]})" if others else ""
        if problem.weight is Weight.ERROR:
            columns.refuse(last, None, CellError(problem.code, f"{problem.message.rstrip('.')}{beside}", problem.remedy))
        else:
            issues.append(Issue(Level.WARNING, problem.code, f"{problem.message}{beside}", problem.remedy, columns.lines[last]))
    return issues
