"""Column names as words: one spelling for 'CallsOffered', 'calls_offered' and 'Calls offered (#)', and the unit a name gives away."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from analytics.intake.cells import clean_text
from analytics.intake.recipe import CellUnit

_UNIT_WORDS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), CellUnit.SECONDS),
    **dict.fromkeys(("ms", "msec", "millisecond", "milliseconds"), CellUnit.MILLISECONDS),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), CellUnit.MINUTES),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), CellUnit.HOURS),
    **dict.fromkeys(("%", "pct", "percent", "percentage", "perc"), CellUnit.PERCENT),
    **dict.fromkeys(("hh:mm:ss", "h:mm:ss", "hhmmss"), CellUnit.H_MM_SS),
    **dict.fromkeys(("mm:ss", "m:ss", "mmss"), CellUnit.MM_SS),
    **dict.fromkeys(("hh:mm", "h:mm"), CellUnit.H_MM),
}  # fmt: skip
_CLOCK_WORDS = re.compile(r"\b(hh?:mm:ss|mm?:ss|hh?:mm)\b", re.IGNORECASE)
_AVERAGE_SIGN = re.compile(r"(?<!\w)[ø∅⌀](?!\w)")  # 'Ø AHT', as German and Dutch tools write it
_FILLERS = frozenset(
    ("total", "number", "no", "nr", "num", "nbr", "count", "sum", "of", "the", "#", "cnt", "qty", "in", "for", "to", "a", "per", "nb")
)
_CURRENCY = re.compile(r"\b(usd|eur|gbp|chf|cad|aud|pln|inr|php|jpy)\b")
_SCALE = re.compile(r"\(\s*[0-9]+\s*(?:-|to)\s*[0-9]+\s*\)")
_SHARED = 0.5
_TELLING = frozenset(("average", "avg", "mean", "ave", "rate", "time", "max", "min", "responses"))
_WITHIN = re.compile(
    r"\b(?P<what>answer|ans\b|aband|handled|accept|lost|sl\b|sla\b|service level|tsf).*?"
    r"(?:[0-9]{2} ?/ ?(?P<pair>[0-9]{1,4})\b|(?P<near>\bin|within|under|<=?|up to)?(?:\b|\s)\s*(?P<number>[0-9]{1,4})\s*"
    r"(?P<unit>s|secs?|seconds?|mins?|minutes?|h|hours?)?\b)"
)
_NO_COUNTS = frozenset(("rank", "per", "ratio", "index", "forecast", "budget", "plan", "target", "goal"))


@dataclass(frozen=True, slots=True)
class Header:
    """A column name: its words; those without the unit, sorted (`plain`); those without fillers (`core`); unit and threshold it names."""

    name: str
    words: str
    plain: str
    core: str
    unit: CellUnit | None = None
    within: tuple[str, int] | None = None


def read_headers(names: Sequence[str]) -> list[Header]:
    """Every name as words; a first or last word that most names share ('Nhs1 ... SUM') says nothing and is left out."""
    split = [_split(name) for name in names]
    shared = {_shared(split, 0), _shared(split, -1)} - {""}
    return [_header(name, [word for word in words if word not in shared] or words) for name, words in zip(names, split, strict=True)]


def _shared(split: Sequence[Sequence[str]], end: int) -> str:
    ends = Counter(words[end] for words in split if len(words) > 1)
    if not ends or len(split) < 6:
        return ""
    word, count = ends.most_common(1)[0]
    return word if count >= _SHARED * len(split) and word not in _UNIT_WORDS and word not in _TELLING else ""


def _split(name: str) -> list[str]:
    """'CallsOffered (#)' -> ['calls', 'offered', '#']."""
    text = _SCALE.sub(" ", clean_text(name))
    text = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})", " ", text)
    text = _AVERAGE_SIGN.sub("avg", text.casefold()).replace("%", " % ")
    text = re.sub(r"[^\w%#:<>/&=]+|_", " ", text)
    text = _CURRENCY.sub(" ", text) if _CURRENCY.sub("", text).strip() else text
    return re.sub(r"(?<![0-9])/(?![0-9])", " ", text).split()


def _header(name: str, words: Sequence[str]) -> Header:
    text = " ".join(words)
    unit, kept = _unit(list(words))
    return Header(name, text, " ".join(sorted(kept)), _core_of(kept), unit, _within(text))


def _unit(words: list[str]) -> tuple[CellUnit | None, list[str]]:
    """The unit a name ends or begins with, and the words without it."""
    if found := next((word for word in words if _CLOCK_WORDS.fullmatch(word)), None):
        return _UNIT_WORDS[found], [word for word in words if word != found]
    if len(words) < 2:
        return None, words
    if said := next((place for place in range(1, len(words) - 1) if words[place] == "in" and words[place + 1] in _UNIT_WORDS), 0):
        return _UNIT_WORDS[words[said + 1]], [*words[:said], *words[said + 2 :]]
    if words[-2:] == ["business", "hours"]:
        return None, words
    if words[-1] in _UNIT_WORDS and not (len(words) > 2 and words[-2].isdigit()):
        return _UNIT_WORDS[words[-1]], words[:-1]
    if words[0] in ("%", "pct", "percent", "percentage", "hours", "minutes", "seconds"):
        return _UNIT_WORDS[words[0]], words[1:]
    inner = next((word for word in words[1:-1] if word in ("%", "pct", "percent")), None)
    return (CellUnit.PERCENT, [word for word in words if word != inner]) if inner else (None, words)


def _core_of(words: Sequence[str]) -> str:
    """Words without fillers, in the order of the alphabet: 'number of calls offered' and 'offered calls' are the same."""
    kept = [word for word in words if word not in _FILLERS]
    return " ".join(sorted(kept or words))


def _within(text: str) -> tuple[str, int] | None:
    """('answer', 20) of 'Answered in 20 s' and of 'SL 80/20'."""
    found = _WITHIN.search(text)
    if not found or _NO_COUNTS & set(text.split()):
        return None
    if found["pair"]:
        return found["what"], int(found["pair"])
    if not found["unit"] and not found["near"]:
        return None
    factor = {"m": 60, "h": 3600}.get((found["unit"] or "s")[0], 1)
    return found["what"], int(found["number"]) * factor


def phrase_forms(phrase: str) -> tuple[str, str]:
    """A synonym as it is written and with its words sorted; its fillers count, for 'csat total' is not 'csat'."""
    words = _split(phrase)
    return " ".join(words), " ".join(sorted(words))
