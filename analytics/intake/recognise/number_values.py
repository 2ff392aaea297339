"""How the numbers of a file are written: decimal mark and thousands separator, settled by all mapped columns or asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from analytics.errors import IntakeError
from analytics.intake.cells import Reader, number_reader
from analytics.intake.problems import CellError, Choice
from analytics.intake.recipe import CellUnit, Recipe, Shape
from analytics.intake.recognise.columns import Column, Place
from analytics.intake.recognise.findings import Findings, shown
from analytics.intake.recognise.patterns import MONEY_SIGNS

SEPARATORS = "separators"
_OTHER = {".": ",", ",": "."}
_READ_AS_THOUSANDS = " \u00a0\u202f'.,"


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """Decimal mark and thousands separator ('' for none)."""

    decimal: str = "."
    thousands: str = ""

    def read(self, text: str) -> Decimal | None:
        """The number of a cell as a recipe with these separators reads it, None when it refuses it."""
        try:
            return _reader(self)(text.strip(f"{MONEY_SIGNS}% \u00a0"))
        except CellError:
            return None


@lru_cache(maxsize=16)
def _reader(style: NumberStyle) -> Reader:
    return number_reader(Recipe("style", Shape.AGGREGATES, "style", "", decimal=style.decimal, thousands=style.thousands), CellUnit.COUNT)


@dataclass(slots=True)
class _Evidence:
    """What the columns say together: sign -> the first cell that says so; open ones with their column."""

    decimal: dict[str, Place]
    thousands: dict[str, Place]
    either: dict[str, list[tuple[Column, Place]]]


def settle_numbers(columns: Sequence[Column], whole: Sequence[Column], delimiter: str, findings: Findings) -> NumberStyle:
    """The style of all number columns; `whole` are those that count things. Two styles: `IntakeError`; open: a question."""
    seen = _evidence(columns)
    if len(seen.decimal) > 1 or set(seen.decimal) & set(seen.thousands):
        raise _two_styles(seen)
    decimal = next(iter(seen.decimal), "")
    thousands = [sign for sign in seen.thousands if sign in _READ_AS_THOUSANDS]
    for sign, places in seen.either.items():
        if decimal == _OTHER[sign] or sign in thousands:
            thousands.append(sign)
        elif decimal == sign and all(column not in whole and f"decimal {sign}" in column.separators for column, _ in places):
            continue
        elif not decimal and _OTHER[sign] in thousands:
            decimal = sign
        elif not decimal and sign == delimiter == "," and all(column in whole for column, _ in places):
            thousands.append(sign)
        else:
            return _asked(sign, places, whole, seen, findings)
    if len(set(thousands)) > 1:
        findings.note("thousands", f"Several thousands separators are used; {thousands[0]!r} is read, rows with another one are refused.")
    separator = thousands[0] if thousands else ""
    return NumberStyle(decimal or _OTHER.get(separator, "."), separator)


def _evidence(columns: Sequence[Column]) -> _Evidence:
    seen = _Evidence({}, {}, {})
    for column in columns:
        for said, place in column.separators.items():
            what, _, sign = said.partition(" ")
            if what == "decimal":
                seen.decimal.setdefault(sign, place)
            elif what == "thousands":
                seen.thousands.setdefault(sign, place)
            elif what == "either":
                seen.either.setdefault(sign, []).append((column, place))
    return seen


def _two_styles(seen: _Evidence) -> IntakeError:
    places = [*seen.decimal.values(), *(seen.thousands[sign] for sign in seen.decimal if sign in seen.thousands)][:2]
    (one, line), (other, other_line) = places
    return IntakeError(
        f"Numbers are written in two styles: '{one}' (line {line}) and '{other}' (line {other_line}).",
        "Export them in one style; a point or comma cannot mean both decimals and thousands.",
    )


def _asked(sign: str, places: Sequence[tuple[Column, Place]], whole: Sequence[Column], seen: _Evidence, findings: Findings) -> NumberStyle:
    """1.200 is 1200 or 1.2: both readings of the user's own cells, that which fits the other cells first; a count is never 1.2."""
    beside = next((other for other in seen.thousands if other != sign and other in _READ_AS_THOUSANDS), "")
    styles = {"thousands": NumberStyle(_OTHER[sign], sign), "decimal": NumberStyle(sign, beside)}
    are_counts = any(column in whole for column, _ in places)
    order = ("decimal", "thousands") if sign in seen.decimal and not are_counts else ("thousands", "decimal")
    column, (cell, line) = places[0]
    examples = [cell for _, (cell, _) in places] + [cell for cell, _ in (*seen.decimal.values(), *seen.thousands.values())]
    values = list(dict.fromkeys(examples + [value for value in column.values if value not in examples]))[:3]
    counted = [value for column, _ in places if column in whole for value in column.values]
    choices = [Choice(name, shown(values, [_text(styles[name].read(value), value in counted) for value in values])) for name in order]
    text = f"'{cell}' in {column.name} (line {line}) can be read in two ways. What does the {'point' if sign == '.' else 'comma'} separate?"
    return styles[findings.ask(SEPARATORS, text, choices)]


def _text(number: Decimal | None, is_count: bool) -> str:
    if number is None:
        return "refused"
    refused = " (refused: a count is a whole number)" if is_count and number % 1 else ""
    return f"{number.normalize():f}{refused}"


def numbers_of(column: Column, style: NumberStyle) -> Mapping[str, Decimal]:
    """Distinct cell -> its number, of the cells that are numbers."""
    return {value: number for value in column.values if (number := style.read(value)) is not None}
