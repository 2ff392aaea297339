"""Reading cells exactly: numbers as decimals (never floating point), durations as seconds, texts without invisible characters."""

import re
import unicodedata
from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Decimal
from functools import partial

from analytics.intake.durations import NOTATIONS
from analytics.intake.problems import CellError
from analytics.intake.recipe import CellUnit, Recipe

STORED_DECIMALS = Decimal("0.000001")
LARGEST = Decimal(10) ** 12
# Plain numbers of a unit -> seconds.
FACTORS = {
    CellUnit.SECONDS: Decimal(1), CellUnit.MILLISECONDS: Decimal("0.001"), CellUnit.MINUTES: Decimal(60), CellUnit.HOURS: Decimal(3600),
    CellUnit.DAYS: Decimal(86400),
}  # fmt: skip
_LOOKS_LIKE_CLOCK = re.compile(r"[0-9]+(:[0-9]+)+(\.[0-9]+)?")
_SAY_NOTATION = 'Say unit = "h:mm:ss", "mm:ss" or "h:mm" in the recipe.'
SAVE_IN_EXCEL = "Open the workbook in Excel, which works out its formulas, save it and load it again."
_FORMULA = " is a formula without a value"
MONEY_SIGNS = "$€£¥ \u00a0"
Reader = Callable[[str], Decimal]


def clean_text(text: str) -> str:
    """Composed, without control or zero-width characters, one space between words: the same name is the same text."""
    composed = unicodedata.normalize("NFC", text)
    visible = "".join(" " if character.isspace() else character for character in composed if not _is_invisible(character))
    return " ".join(visible.split())


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Co", "Cn") and not character.isspace()


def number_reader(recipe: Recipe, unit: CellUnit) -> Reader:
    """The function that reads one cell of this unit into base units (seconds, fractions, plain numbers)."""
    plain = partial(_number, pattern=re.compile(number_pattern(recipe)), decimal=recipe.decimal, thousands=recipe.thousands)
    if unit in NOTATIONS:
        return partial(_duration, unit=unit)
    if unit in FACTORS:
        return lambda text: _no_clock(text, unit) or plain(text) * FACTORS[unit]
    if unit is CellUnit.PERCENT:
        return lambda text: plain(text.removesuffix("%").rstrip()) / 100
    return (lambda text: plain(text.strip(MONEY_SIGNS))) if unit is CellUnit.MONEY else plain


def count_of(number: Decimal, text: str) -> Decimal:
    """A count: whole and not negative ('12.0' is 12)."""
    if number != number.to_integral_value():
        remedy = "Counts are whole numbers; if the point or comma separates thousands, say so in the recipe (thousands, decimal)."
        raise CellError("not_whole", f"'{text}' is not a whole number", remedy)
    return not_negative(number, text)


def not_negative(number: Decimal, text: str) -> Decimal:
    """An amount that can be added up."""
    if number < 0:
        raise CellError("negative", f"'{text}' is negative", "Correct the cell; a correction is loaded as a corrected file.")
    return number


def stored(number: Decimal) -> Decimal:
    """The number with the six decimals the warehouse keeps."""
    if abs(number) >= LARGEST:
        raise CellError("too_large", f"{number:f} is too large", "Check the unit and the separators in the recipe.")
    return number.quantize(STORED_DECIMALS, rounding=ROUND_HALF_EVEN)


def number_pattern(recipe: Recipe) -> str:
    """The full-match pattern of a plain number with the recipe's separators."""
    decimal, thousands = re.escape(recipe.decimal), re.escape(recipe.thousands)
    whole = rf"(?:[0-9]+|[0-9]{{1,3}}(?:{thousands}[0-9]{{3}})+)" if recipe.thousands else "[0-9]+"
    return rf"[+-]?(?:{whole}(?:{decimal}[0-9]*)?|{decimal}[0-9]+)(?:[eE][+-]?[0-9]{{1,2}})?"


def _number(text: str, pattern: re.Pattern[str], decimal: str, thousands: str) -> Decimal:
    written = text.replace("\u2212", "-")
    if not pattern.fullmatch(written):
        raise _not_a_number(text, decimal, thousands)
    if thousands:
        written = written.replace(thousands, "")
    return Decimal(written.replace(",", ".") if decimal == "," else written)


def _not_a_number(text: str, decimal: str, thousands: str) -> CellError:
    _without_value(text)
    if _LOOKS_LIKE_CLOCK.fullmatch(text):
        return CellError("unit", f"'{text}' is a duration written with colons", _SAY_NOTATION)
    if text.endswith("%"):
        return CellError("unit", f"'{text}' is a percentage", 'Ratios belong under [kpis] with unit = "percent".')
    grouped = re.fullmatch(r"[+-]?[0-9]{1,3}(?:([., '\u00a0\u202f])[0-9]{3})+(?:[.,][0-9]+)?", text)
    if grouped and not thousands:
        remedy = f'If {grouped[1]!r} separates thousands, write thousands = "{grouped[1]}" in the recipe.'
        return CellError("separators", f"'{text}' is not a plain number", remedy)
    if re.fullmatch(r"[+-]?[0-9]+[.,][0-9]+", text):
        other = "," if decimal == "." else "."
        return CellError(
            "separators", f"'{text}' is not a plain number", f'If {other!r} marks decimals, write decimal = "{other}" in the recipe.'
        )
    return CellError("not_a_number", f"'{text}' is not a number", "Correct the cell, or list the text under missing in the recipe.")


def _without_value(text: str) -> None:
    """A formula of a workbook that no program has worked out refuses its row."""
    if text.endswith(_FORMULA):
        raise CellError("formula", text, SAVE_IN_EXCEL)


def _no_clock(text: str, unit: CellUnit) -> None:
    """A cell with colons under a plain unit is refused rather than guessed at."""
    if ":" in text:
        raise CellError("unit", f"'{text}' is written with colons, not as plain {unit}", _SAY_NOTATION)


def _duration(text: str, unit: CellUnit) -> Decimal:
    notation = NOTATIONS[unit]
    found = re.fullmatch(notation.pattern, text)
    if found:
        return sum((Decimal(part) * factor for part, factor in zip(found.groups(), notation.factors, strict=True) if part), Decimal(0))
    if re.fullmatch(notation.pattern, text.lstrip("-\u2212")):
        raise CellError("negative", f"'{text}' is negative", "Correct the cell; a correction is loaded as a corrected file.")
    _without_value(text)
    fitting = [f'"{other}"' for other, known in NOTATIONS.items() if re.fullmatch(known.pattern, text)]
    hint = (
        f"It reads as {' or '.join(fitting)}: correct the unit in the recipe." if fitting else "Correct the cell or the unit in the recipe."
    )
    raise CellError("unit", f"'{text}' is not a duration written {unit}", hint)
