"""What one cell looks like: a number, a percentage, a duration, a date in one of many forms, or text."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from analytics.intake.dates import MONTHS, WEEKDAYS
from analytics.intake.durations import NOTATIONS
from analytics.intake.recipe import DEFAULT_MISSING

MONEY_SIGNS = "$€£¥"
OTHER_MISSING = frozenset(("?", "none", "nil", "n.a.", "--", "---", ".", "(blank)", "(null)", "(none)", "missing", "k.a.", "#"))
_NUMBER = re.compile(r"[+-]?(?:[0-9][0-9.,'’ \u00a0\u202f]*|[.,][0-9]+)(?:[eE][+-]?[0-9]{1,2})?")
_DURATION = re.compile("|".join(f"(?:{notation.pattern})" for notation in NOTATIONS.values()))
_ZONE = r"(?P<zone> ?Z| ?UTC| ?GMT| ?[+-][0-9]{2}:?[0-9]{2}| [A-Z][A-Za-z]+/[A-Z][A-Za-z_/]+)?"
_TIME = rf"(?:(?P<gap>T| |, )(?P<hour>[0-9]{{1,2}}):[0-9]{{2}}(?P<second>:[0-9]{{2}}(?:\.[0-9]+)?)?(?P<half> ?[AaPp]\.?[Mm]\.?)?{_ZONE})?"
_MONTH = r"(?P<month>[A-Za-z]{3,9})(?P<dot>\.?)"
_GAP = r"(?P<{}>[-/. ]|, ?| ?'|)"
_NUMERIC = re.compile(r"(?P<a>[0-9]{1,4})(?P<s>[-/.])(?P<b>[0-9]{1,2})(?P=s)(?P<c>[0-9]{1,4})" + _TIME)
_DAY_MONTH = re.compile(r"(?P<d>[0-9]{1,2})" + _GAP.format("s") + _MONTH + _GAP.format("t") + r"(?P<y>[0-9]{4}|[0-9]{2})" + _TIME)
_MONTH_DAY = re.compile(_MONTH + r"(?P<s>[-/. ])(?P<d>[0-9]{1,2})(?P<t>, ?|[-/ ])(?P<y>[0-9]{4})" + _TIME)
_MONTH_YEAR = re.compile(_MONTH + _GAP.format("s") + r"(?P<y>[0-9]{4}|[0-9]{2})")
_WEEKDAY = re.compile(r"(?P<name>[A-Za-z]{3,9})(?P<dot>\.?)(?P<gap>, ?| )(?=[0-9A-Za-z])")
_YEAR_MONTH_NAME = re.compile(r"(?P<y>[0-9]{4})(?P<s>[-/ ])" + _MONTH)
_SHORT_WEEKDAY = 4  # 'Thur', as %a reads it
_SIMPLE = (
    (re.compile(r"(?P<a>[0-9]{4})(?P<s>[-/])(?P<b>0[1-9]|1[0-2]|[1-9])"), "%Y{s}%m", "month"),
    (re.compile(r"(?P<a>0[1-9]|1[0-2]|[1-9])(?P<s>[-/])(?P<b>[0-9]{4})"), "%m{s}%Y", "month"),
    (re.compile(r"(?P<a>[0-9]{4})(?P<s>[- /]?)(?P<p>W|KW|CW|Wk |Week )(?P<b>[0-9]{1,2})"), "%G{s}{p}%V", "week"),
    (re.compile(r"(?P<p>W|KW|CW|Wk|Week)(?P<g> ?)(?P<a>[0-9]{1,2})(?P<s>[- /])(?P<b>[0-9]{4})"), "{p}{g}%V{s}%G", "week"),
    (re.compile(r"(?P<a>[0-9]{4})(?P<s>[- /]?)(?P<p>Q)(?P<b>[1-4])"), "%Y{s}{p}%q", "quarter"),
    (re.compile(r"(?P<p>Q)(?P<a>[1-4])(?P<s>[- /])(?P<b>[0-9]{4})"), "{p}%q{s}%Y", "quarter"),
    (re.compile(r"(?P<p>Q)(?P<a>[1-4])(?P<s>[- /]'?)(?P<b>[0-9]{2})"), "{p}%q{s}%y", "quarter"),
)  # fmt: skip


class Kind(StrEnum):
    """What a cell holds."""

    MISSING = "missing"
    NUMBER = "number"
    PERCENT = "percent"
    CLOCK = "duration"
    DATE = "date"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class DateLook:
    """How a cell writes a date: `form` is a date format in which ? stands for a number of open order; `parts` are those numbers."""

    form: str
    grain: str = "day"
    parts: tuple[int, ...] = ()
    zone: str = ""
    month: str = ""


def kind_of(text: str) -> Kind:
    """The kind of a cell without surrounding blanks."""
    if text in DEFAULT_MISSING:
        return Kind.MISSING
    if not any(character.isdigit() for character in text):
        return Kind.MISSING if text.casefold() in OTHER_MISSING else Kind.TEXT
    if _DURATION.fullmatch(text):
        return Kind.CLOCK
    if date_look(text):
        return Kind.DATE
    if text.endswith("%") and _NUMBER.fullmatch(text[:-1].strip()):
        return Kind.PERCENT
    return Kind.NUMBER if _NUMBER.fullmatch(text.strip(f"{MONEY_SIGNS} ")) else Kind.TEXT


def is_value(text: str) -> bool:
    """Whether a cell holds a value rather than a name."""
    return kind_of(text) not in (Kind.TEXT, Kind.MISSING)


@lru_cache(maxsize=4096)
def date_look(text: str) -> DateLook | None:
    """The form of a date, or of a month, week or quarter; None when the text is none of them."""
    if len(text) > 60:
        return None
    return _numeric(text) or _named(text) or _simple(text) or _with_weekday(text)


def _with_weekday(text: str) -> DateLook | None:
    """A date behind its weekday: 'Mon, 02 Mar 2026 08:00:00'."""
    found = _WEEKDAY.match(text)
    if not found or not any(day.startswith(found["name"].lower()) for day in WEEKDAYS):
        return None
    rest = text[found.end() :]
    look = _numeric(rest) or _named(rest)
    if look is None or look.grain != "day":
        return None
    token = "%a" if len(found["name"]) <= _SHORT_WEEKDAY else "%A"
    dot = "" if token == "%a" else found["dot"]
    return replace(look, form=f"{token}{dot}{found['gap']}{look.form}")


def _numeric(text: str) -> DateLook | None:
    found = _NUMERIC.fullmatch(text)
    if not found:
        return None
    first, gap, last = found["a"], found["s"], found["c"]
    numbers = (int(first), int(found["b"]), int(last))
    if len(first) == 4 and len(last) <= 2:
        date_form, parts = f"%Y{gap}%m{gap}%d", ()
    elif len(first) <= 2 and len(last) == 4:
        date_form, parts = f"?{gap}?{gap}%Y", numbers[:2]
    elif len(first) <= 2 and len(last) == 2:
        date_form, parts = f"?{gap}?{gap}?", numbers
    else:
        return None
    return DateLook(date_form + _time_form(found), "day", parts, _zone(found))


def _time_form(found: re.Match[str]) -> str:
    """The format of the time of day behind a date, '' when there is none."""
    if found["hour"] is None:
        return ""
    seconds = ":%S" if found["second"] else ""
    half = found["half"] or ""
    clock = f"%I:%M{seconds}{half[: len(half) - len(half.lstrip())]}%p" if half else f"%H:%M{seconds}"
    return f"{found['gap']}{clock}{'{zone}' if found['zone'] else ''}"


def _zone(found: re.Match[str]) -> str:
    return found["zone"] or ""


def _is_month(name: str) -> bool:
    return sum(month.startswith(name.lower()) for month in MONTHS) == 1


def _named(text: str) -> DateLook | None:
    """A date or month written with an English month name."""
    if (found := _MONTH_YEAR.fullmatch(text) or _YEAR_MONTH_NAME.fullmatch(text)) and _is_month(found["month"]):
        year = "%Y" if len(found["y"]) == 4 else "%y"
        month_first = text[0].isalpha()
        form = f"%B{found['dot']}{found['s']}{year}" if month_first else f"{year}{found['s']}%B{found['dot']}"
        return DateLook(form.replace("%B.", "%b"), "month", month=found["month"])
    found = _DAY_MONTH.fullmatch(text) or _MONTH_DAY.fullmatch(text)
    if not found or not _is_month(found["month"]):
        return None
    year = "%Y" if len(found["y"]) == 4 else "%y"
    day_first = text[0].isdigit()
    form = f"%d{found['s']}%B{found['dot']}{found['t']}{year}" if day_first else f"%B{found['dot']}{found['s']}%d{found['t']}{year}"
    return DateLook(form.replace("%B.", "%b") + _time_form(found), "day", (), _zone(found), found["month"])


def _simple(text: str) -> DateLook | None:
    """A month, week or quarter in numbers."""
    for pattern, form, grain in _SIMPLE:
        if found := pattern.fullmatch(text):
            return DateLook(form.format(**{"p": "", "g": "", **{k: v for k, v in found.groupdict().items() if v is not None}}), grain)
    return None
