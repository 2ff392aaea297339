"""Units, directions and the one way numbers are written: screen, command line and exports all print through here.

Values are kept in base units (ratios as fractions, durations in seconds, money in its currency); only these
functions turn them into text. At most one decimal, trailing zeros dropped, ASCII minus, comparator kept.
"""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

NOT_MEASURED_TEXT = "-"
SECONDS_PER_MINUTE = 60
SECONDS_PER_HOUR = 3600
MOST_DECIMALS = 6
NOISE = 10  # digits behind the point that a float of this size still holds


class Unit(StrEnum):
    """What a value is measured in. The member's value is the `unit` of the machine-readable output."""

    PERCENT = "percent"
    SECONDS = "seconds"
    HOURS = "hours"
    COUNT = "count"
    POINTS = "points"
    SCORE = "score"
    MONEY = "money"
    PER_HOUR = "per_hour"
    DAYS = "days"

    @property
    def suffix(self) -> str:
        """The unit as it stands behind a number, with its space ('' for plain numbers)."""
        return _SUFFIX[self]

    @property
    def variance_suffix(self) -> str:
        """The unit of a difference: percentages differ by percentage points."""
        return " pp" if self is Unit.PERCENT else self.suffix

    @property
    def machine_name(self) -> str:
        """The unit of the raw value in machine output: hours are a way to print, the value stays in seconds."""
        return Unit.SECONDS.value if self is Unit.HOURS else self.value


_SUFFIX = {
    Unit.PERCENT: " %",
    Unit.SECONDS: " min",
    Unit.HOURS: " h",
    Unit.COUNT: "",
    Unit.POINTS: "",
    Unit.SCORE: "",
    Unit.MONEY: "",
    Unit.PER_HOUR: " per hour",
    Unit.DAYS: " days",
}


class Direction(StrEnum):
    """Which way is good."""

    HIGHER = "higher"
    LOWER = "lower"
    BAND = "band"
    NEUTRAL = "neutral"


class Comparator(StrEnum):
    """How an actual is held against its target."""

    AT_LEAST = ">="
    ABOVE = ">"
    AT_MOST = "<="
    BELOW = "<"
    BAND = "band"

    def met(self, actual: float, expected: float | None, lower: float | None = None, upper: float | None = None) -> bool:
        """Whether `actual` satisfies the target; BAND needs `lower` and `upper`, the others `expected`."""
        match self:
            case Comparator.BAND:
                return (lower is None or actual >= lower) and (upper is None or actual <= upper)
            case Comparator.AT_LEAST:
                return actual >= _given(expected)
            case Comparator.ABOVE:
                return actual > _given(expected)
            case Comparator.AT_MOST:
                return actual <= _given(expected)
            case Comparator.BELOW:
                return actual < _given(expected)

    @property
    def better_sign(self) -> int:
        """+1 when a larger actual is better, -1 when a smaller one is, 0 inside a band."""
        return {">=": 1, ">": 1, "<=": -1, "<": -1}.get(self.value, 0)


def _given(expected: float | None) -> float:
    if expected is None:
        raise ValueError("a one-sided comparator needs an expected value")
    return expected


def rounded(number: float, decimals: int) -> Decimal:
    """`number` as people round it (half away from zero), from its shortest decimal form, so 0.285 -> 0.29."""
    return Decimal(repr(float(number))).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def _plain(number: Decimal) -> str:
    """Thousands separated, trailing zeros dropped, no negative zero."""
    text = f"{number:,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _clock(value: float, decimals: int) -> str:
    """Seconds as m:ss (with decimals of a second only when asked for)."""
    seconds = rounded(abs(value), decimals)
    minutes, rest = divmod(seconds, SECONDS_PER_MINUTE)
    whole, _, fraction = _plain(rest).partition(".")
    sign = "-" if value < 0 and seconds else ""
    return f"{sign}{int(minutes)}:{int(whole):02d}{'.' + fraction if fraction else ''}"


def _shown(value: float, unit: Unit) -> float:
    """The value on the scale it is printed in; without what multiplying adds: 0.0055 is 0.55, not 0.5499999999999999."""
    if unit is Unit.PERCENT:
        return round(value * 100, NOISE)
    return round(value / SECONDS_PER_HOUR, NOISE) if unit is Unit.HOURS else value


def default_decimals(unit: Unit) -> int:
    """One decimal, except whole seconds and counts, and two for money (its smallest coin)."""
    return {Unit.SECONDS: 0, Unit.COUNT: 0, Unit.MONEY: 2}.get(unit, 1)


def number_text(value: float | None, unit: Unit, decimals: int | None = None) -> str:
    """The number without its unit (grids, axes): 85, 4:30, 1,200. None -> '-'."""
    if value is None or value != value:
        return NOT_MEASURED_TEXT
    places = default_decimals(unit) if decimals is None else decimals
    if unit is Unit.SECONDS:
        return _clock(value, places)
    text = _plain(rounded(_shown(value, unit), places))
    return _two_places(text) if unit is Unit.MONEY else text


def _two_places(text: str) -> str:
    """Money keeps its cents once it has any: 6.5 -> 6.50, 6 -> 6."""
    whole, dot, cents = text.partition(".")
    return f"{whole}.{cents.ljust(2, '0')}" if dot else whole


def value_text(value: float | None, unit: Unit, currency: str = "", decimals: int | None = None) -> str:
    """The number with its unit: '85 %', '4:30 min', '6.25 EUR'. None -> '-'."""
    text = number_text(value, unit, decimals)
    if text == NOT_MEASURED_TEXT:
        return text
    return f"{text} {currency}".rstrip() if unit is Unit.MONEY else text + unit.suffix


def honest_decimals(value: float, unit: Unit, verdict: Callable[[float], object]) -> int:
    """Fewest decimals at which the printed value gets the same verdict as the true one.

    79.96 % against >= 80 % is missed; printed with one decimal it would read '80 %' and contradict the verdict.
    """
    return next(
        (places for places in range(default_decimals(unit), MOST_DECIMALS) if verdict(_printed(value, unit, places)) == verdict(value)),
        MOST_DECIMALS,
    )


def told_apart(before: float, after: float, unit: Unit) -> tuple[str, str]:
    """Two different values with as many decimals as it takes to see that they differ: '5.78 %', '5.81 %'. NaN is '-'."""
    places = decimals_apart(before, after, unit)
    return value_text(before, unit, decimals=places), value_text(after, unit, decimals=places)


def decimals_apart(before: float, after: float, unit: Unit) -> int:
    """Fewest decimals at which two values are printed differently."""
    return next(
        (
            places
            for places in range(default_decimals(unit), MOST_DECIMALS)
            if number_text(before, unit, places) != number_text(after, unit, places)
        ),
        MOST_DECIMALS,
    )


def _printed(value: float, unit: Unit, places: int) -> float:
    """The value a reader would take from its printed form, in base units."""
    shown = float(rounded(_shown(value, unit), places))
    return shown / 100 if unit is Unit.PERCENT else shown * SECONDS_PER_HOUR if unit is Unit.HOURS else shown


def target_text(
    comparator: Comparator | None,
    expected: float | None,
    unit: Unit,
    *,
    lower: float | None = None,
    upper: float | None = None,
    currency: str = "",
) -> str:
    """'>= 80 %', '< 1 %', '<= 5:00 min', '85 to 95 %'; '-' when there is no target."""
    if comparator is None:
        return NOT_MEASURED_TEXT
    if comparator is Comparator.BAND:
        return f"{number_text(lower, unit)} to {value_text(upper, unit, currency)}"
    places = _own_decimals(expected, unit)
    return f"{comparator} {value_text(expected, unit, currency, places)}"


def _own_decimals(value: float | None, unit: Unit) -> int:
    """A target is printed as agreed (99.95 % stays 99.95 %), never rounded away."""
    if value is None:
        return default_decimals(unit)
    exact = rounded(_shown(value, unit), MOST_DECIMALS)
    for places in range(default_decimals(unit), MOST_DECIMALS):
        if rounded(_shown(value, unit), places) == exact:
            return places
    return MOST_DECIMALS


def variance_text(variance: float | None, unit: Unit, better_sign: int, currency: str = "", decimals: int | None = None) -> str:
    """Signed difference with unit, and a verdict word where the sign alone misleads: '-0:30 min (better)'.

    `better_sign` is +1 when larger is better: there '+5 pp' speaks for itself. 0 (a band) gets no word.
    """
    if variance is None or variance != variance:
        return NOT_MEASURED_TEXT
    number = number_text(variance, unit, decimals)
    if number in ("0", "0:00"):
        return number + unit.variance_suffix
    signed = number if number.startswith("-") else f"+{number}"
    unit_text = f" {currency}".rstrip() if unit is Unit.MONEY else unit.variance_suffix
    word = "" if better_sign >= 0 else " (better)" if variance < 0 else " (worse)"
    return f"{signed}{unit_text}{word}"
