"""Numbers as spreadsheets hold them: a value to calculate with, and the number format that prints it as the review does.

Ratios stay fractions, durations become spreadsheet times (parts of a day), hours are hours, money keeps its unit. Differences of
percentages are percentage points and differences of durations seconds, because a spreadsheet cannot show a negative time.
"""

import re
from dataclasses import dataclass
from datetime import date

from analytics.catalogue.units import SECONDS_PER_HOUR, Unit, default_decimals, number_text, rounded, value_text, variance_text
from analytics.settings import CURRENCY

DAY_FORMAT = "d mmm yyyy"
MONTH_FORMAT = "mmm yyyy"
_SECONDS_PER_DAY = 86_400
_NUMBER = re.compile(r"([+-]?)(\d[\d,]*)(?:\.(\d+))?")
_AMOUNT = re.compile(r"([+-]?)(?:(\d[\d,]*):)?(\d[\d,]*(?:\.\d+)?)")
_IN_WORDS = re.compile(r"([+-]?\d[\d,]*(?:\.\d+)?)( [A-Za-z][A-Za-z ]{0,19})?")
_BETTER, _WORSE = " (better)", " (worse)"


@dataclass(frozen=True, slots=True)
class Number:
    """What stands in a cell and how it is shown."""

    value: float
    format: str


def _is_money(currency: str) -> bool:
    """Whether it may stand in a number format: three capitals, or none."""
    return not currency or CURRENCY.fullmatch(currency) is not None


def unit_of(name: str) -> Unit | None:
    """The unit of this name; None for none."""
    return Unit(name) if name in tuple(Unit) else None


def number_of(value: float, text: str, unit: str, currency: str = "") -> Number | None:
    """The number that prints exactly `text`; None when no number format does, then the text itself is the honest cell."""
    known, places = unit_of(unit), _places(text)
    if known is None or not _is_money(currency):
        return _counted(value, text)
    if text in (value_text(value, known, currency, places), number_text(value, known, places)):
        return _value(value, known, currency if text.endswith(currency) else "", places, bare=text == number_text(value, known, places))
    signs = () if known is Unit.SECONDS else (1, -1)  # seconds would not print as the text does
    sign = next((sign for sign in signs if text == variance_text(value, known, sign, currency, places)), None)
    return _counted(value, text) if sign is None else _difference(value, known, sign, currency, places)


def difference_of(value: float, text: str, unit: str, better_sign: int, currency: str = "") -> Number | None:
    """As `number_of`, for a difference whose direction is known, under a heading that says that durations differ by seconds."""
    known, places = unit_of(unit), _places(text)
    if known is None or not _is_money(currency) or text != variance_text(value, known, better_sign, currency, places):
        return number_of(value, text, unit, currency)
    return _difference(value, known, better_sign, currency, places)


def printed_difference(value: float, text: str, unit: str, better_sign: int, currency: str) -> Number | None:
    """A part of a change as it is printed: parts are rounded so that they add up to their whole, and so do the numbers of the cells."""
    known, printed = unit_of(unit), _amount(text)
    if known is None or printed is None or not _is_money(currency):
        return number_of(value, text, unit, currency)
    scale = {Unit.PERCENT: 1 / 100, Unit.HOURS: SECONDS_PER_HOUR}.get(known, 1)
    return Number(printed, _difference(printed * scale, known, better_sign, currency, _places(text)).format)


def _amount(text: str) -> float | None:
    """The number a reader takes from a printed difference: -3 of '-0:03 min (better)', 0.1 of '+0.1 pp'."""
    found = _AMOUNT.match(text)
    if found is None:
        return None
    minutes = 60 * float(found[2].replace(",", "")) if found[2] else 0.0
    return (-1 if found[1] == "-" else 1) * (minutes + float(found[3].replace(",", "")))


def serial(day: date) -> int:
    """A day as spreadsheets count them."""
    return (day - date(1899, 12, 30)).days


def base_number(value: float, unit: str, currency: str, like: str) -> Number:
    """A number that is not printed by itself (a limit, a target's bound), in the unit and with the decimals of a printed one."""
    known = unit_of(unit)
    if known is None or not _is_money(currency):
        return Number(value, "General")
    return _value(value, known, currency, max(_places(like), default_decimals(known)), bare=False)


def _places(text: str) -> int:
    """Digits behind the point of the first number in a text."""
    found = _NUMBER.search(text.rpartition(":")[2] if ":" in text else text)
    return len(found[3] or "") if found else 0


def _digits(places: int) -> str:
    return "#,##0" + ("." + "0" * places if places else "")


def _value(value: float, unit: Unit, currency: str, places: int, *, bare: bool) -> Number:
    suffix = "" if bare else _literal(unit.suffix)
    match unit:
        case Unit.PERCENT:
            return _signed(value, 100, places, "%" if bare else r"\ %")
        case Unit.SECONDS if value >= 0:
            return Number(value / _SECONDS_PER_DAY, "[m]:ss" + ("." + "0" * places if places else "") + suffix)
        case Unit.SECONDS:
            return _signed(value, 1, places, _literal(" s"))
        case Unit.HOURS:
            return _signed(value / SECONDS_PER_HOUR, 1, places, suffix)
        case Unit.MONEY:
            return _signed(value, 1, places, "" if bare else _literal(f" {currency}".rstrip()))
        case _:
            return _signed(value, 1, places, suffix)


def _signed(value: float, scale: int, places: int, suffix: str) -> Number:
    """Zero has no sign, also where rounding made it: a small loss must not print as -0."""
    digits = _digits(places) + suffix
    return Number(value, digits if value >= 0 or rounded(value * scale, places) else f"{digits};{digits}")


def _difference(value: float, unit: Unit, better_sign: int, currency: str, places: int) -> Number:
    shown = value * 100 if unit is Unit.PERCENT else value / SECONDS_PER_HOUR if unit is Unit.HOURS else value
    suffix = {Unit.SECONDS: " s", Unit.MONEY: f" {currency}".rstrip()}.get(unit, unit.variance_suffix)
    digits = _digits(places)
    if not rounded(shown, places):
        return Number(shown, ";".join([digits + _literal(suffix)] * 3))
    up, down = (_WORSE, _BETTER) if better_sign < 0 else ("", "")
    return Number(shown, f"+{digits}{_literal(suffix + up)};-{digits}{_literal(suffix + down)};{digits}{_literal(suffix)}")


def _counted(value: float, text: str) -> Number | None:
    """A plain number, with a few words behind it ('9 high'): None unless the digits are the value's own."""
    found, places = _IN_WORDS.fullmatch(text), _places(text)
    if found is None or found[1].removeprefix("+") != f"{rounded(value, places):,f}":
        return None
    digits = _digits(places) + _literal(found[2] or "")
    return Number(value, f"+{digits};-{digits}" if text.startswith("+") else digits)


def _literal(words: str) -> str:
    return f'"{words}"' if words else ""
