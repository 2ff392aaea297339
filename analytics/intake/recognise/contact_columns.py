"""The columns of a file with one row per contact, ticket or survey answer: its number, its clocks, its outcome."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analytics.catalogue import MEASURES
from analytics.intake.recipe import DURATION_UNITS
from analytics.intake.recognise.columns import Column
from analytics.intake.recognise.corrections import CHOSEN, Corrections, misfit
from analytics.intake.recognise.headers import Header
from analytics.intake.recognise.mapping import Mapped, is_ringing
from analytics.intake.recognise.number_values import NumberStyle
from analytics.intake.recognise.patterns import Kind
from analytics.intake.recognise.synonyms import Guess, Meaning, guesses
from analytics.intake.recognise.words import Role

CLOCKS = ("opened", "answered", "ended", "resolved", "closed")
_SIGNS_OF_CONTACTS = (
    "outcome",
    "answered",
    "ended",
    "resolved",
    "closed",
    "in_target",
    "rating",
    "recommend",
    "first_contact",
    "abandoned",
)
_COUNTS = ("contacts_offered", "contacts_handled", "contacts_abandoned", "cases_opened", "cases_resolved", "csat_responses", "evaluations")
_DISCARDED = re.compile(r"^(deleted|spam|suspended|duplicate|merged)\b")
_HALF = 0.5
_MOST_OUTCOMES = 60
_UNIQUE = 0.97
_SURE = 0.92
_TRUE = frozenset(("true", "yes", "y", "1", "t", "ja", "met", "in sla", "achieved", "within sla", "within target", "resolved", "ok"))
_FALSE = frozenset(("false", "no", "n", "0", "f", "nein", "missed", "breached", "not met", "out of sla", "late", "failed", "not resolved"))
_NOT_ANSWERED = re.compile(
    r"aband|\blost\b|missed|hung ?up|hang ?up|no ?answer|unanswered|not answered|dropped|time ?out|left queue|short call|reject|refused"
)
_ANSWERED = re.compile(r"answered|handled|connected|completed|accepted|served|success|call ?back|transferred")
_CALL_SECONDS = frozenset(("talk_seconds", "queue_seconds", "wrap_seconds"))
_GOOD = re.compile(r"^(good|positive|satisfied|very satisfied|happy|thumbs up)\b")
_BAD = re.compile(r"^(bad|negative|neutral|unsatisfied|dissatisfied|very dissatisfied|unhappy|thumbs down)\b")
_NO_RATING = re.compile(r"^(not offered|unoffered|offered|not rated|unrated|no rating)$")
_RESOLVED = re.compile(r"^(resolved|closed|solved|done|completed?|fixed)\b")


@dataclass(frozen=True, slots=True)
class Contacts:
    """What was found: part of a contact -> column; measure of seconds -> column; whether rows of one contact repeat."""

    parts: Mapping[str, Mapped]
    seconds: Mapping[str, Mapped]
    repeats: bool

    @property
    def are_cases(self) -> bool:
        """Tickets that are opened and resolved, rather than calls that are answered: those have a talk or tell who left."""
        if "abandoned" in self.parts or _CALL_SECONDS & set(self.seconds):
            return bool({"resolved", "in_target"} & set(self.parts)) or "resolution_seconds" in self.seconds
        ends = {"resolved", "closed", "in_target", "reopened"} & set(self.parts)
        outcome = self.parts.get("outcome")
        return bool(ends) or (outcome is not None and bool(resolved_words(outcome.column)))


def find_contacts(
    columns: Sequence[Column], headers: Sequence[Header], mapped: Mapping[Meaning, Mapped], rows: int, corrections: Corrections
) -> Contacts | None:
    """The parts of a contact, None when rows are something else: they hold counts, or no contact has a number or an outcome."""
    counts = [
        entry for meaning, entry in mapped.items() if meaning.role is Role.MEASURE and meaning.id in _COUNTS and entry.confidence > _SURE
    ]
    if any(not is_flag(entry.column) for entry in counts):
        return None
    parts, seconds = contact_parts(columns, headers, corrections)
    dated = "opened" in parts or any(meaning.role is Role.PERIOD for meaning in mapped) or any(column.is_date for column in columns)
    if counts and ("id" not in parts or uniqueness(parts["id"].column, rows) < _UNIQUE):
        return None  # small counts look like yes and no; only beside numbers of single contacts are they
    signs = [name for name in _SIGNS_OF_CONTACTS if name in parts]
    if not dated or not (("id" in parts and (signs or seconds)) or ("outcome" in parts and seconds)):
        return None
    return Contacts(parts, seconds, "id" in parts and uniqueness(parts["id"].column, rows) < _UNIQUE)


def contact_parts(
    columns: Sequence[Column], headers: Sequence[Header], corrections: Corrections
) -> tuple[dict[str, Mapped], dict[str, Mapped]]:
    """Part of a contact -> column, and measure of seconds -> column, were the rows contacts."""
    parts: dict[str, Mapped] = {}
    seconds: dict[str, Mapped] = {}
    for column, header in sorted(zip(columns, headers, strict=True), key=_doubt):
        for guess in _corrected(column, corrections) if corrections.is_settled(column) else _guessed(column, header, corrections):
            place = parts if guess.meaning.role is Role.CONTACT else seconds
            if guess.meaning.id not in place:
                place[guess.meaning.id] = Mapped(column, header, guess.meaning, guess.reason, guess.confidence)
                break
    return parts, seconds


def _doubt(named: tuple[Column, Header]) -> tuple[bool, bool]:
    """Of two columns for one thing, ringing comes after waiting, and numbers without a unit after those with one."""
    column, header = named
    return is_ringing(header), not (header.unit in DURATION_UNITS or column.share(Kind.CLOCK) > _HALF)


def _guessed(column: Column, header: Header, corrections: Corrections) -> list[Guess]:
    """What the column may be by its name and its cells."""
    found = guesses(header, (Role.CONTACT, Role.MEASURE))
    return [guess for guess in found if corrections.leaves(guess.meaning) and is_part(guess.meaning, column)]


def _corrected(column: Column, corrections: Corrections) -> list[Guess]:
    """What a person said the column holds, where it is a matter of single contacts."""
    meaning = corrections.says_of(column)
    if meaning is None or meaning.role not in (Role.CONTACT, Role.MEASURE):
        return []
    if meaning.role is Role.CONTACT and not is_part(meaning, column):
        raise misfit(column, meaning)
    return [Guess(meaning, CHOSEN, 1.0)] if is_part(meaning, column) else []


def uniqueness(column: Column, rows: int) -> float:
    """Distinct values per row, judged by the first rows where the column has more than are kept."""
    return len(column.lines) / (column.seen_when_full if column.overflow else max(rows, 1))


def is_part(meaning: Meaning, column: Column) -> bool:
    """Whether the cells can be that part of a contact."""
    if meaning.role is Role.MEASURE:
        return meaning.id in MEASURES and MEASURES[meaning.id].is_duration and column.is_numeric
    if meaning.id in CLOCKS:
        return column.is_date
    if meaning.id in ("in_target", "first_contact", "abandoned"):
        return column.size > 0 and is_flag(column)
    if meaning.id == "rating" and column.is_text:
        return bool(satisfied_words(column))
    if meaning.id in ("rating", "recommend"):
        numbers = [NumberStyle().read(value) for value in column.values]
        return column.share(Kind.NUMBER) > 0.5 and all(number is None or 0 <= number <= 10 for number in numbers)
    if meaning.id == "outcome":
        return column.is_text and not column.overflow and len(column.values) <= _MOST_OUTCOMES and not is_flag(column)
    if meaning.id == "order":
        return column.is_date or column.share(Kind.NUMBER) > 0.9
    if meaning.id in ("reopened", "transferred"):
        return column.share(Kind.NUMBER) > 0.9 or is_flag(column)
    return column.size > 0 and not column.is_date


def is_flag(column: Column) -> bool:
    """Yes or no, in some language of computers."""
    words = {value.casefold() for value in column.values}
    return not column.overflow and bool(words & (_TRUE | _FALSE)) and words <= _TRUE | _FALSE and len(words) <= 4


def false_words(column: Column) -> list[str]:
    """The texts that mean no."""
    return [value for value in column.values if value.casefold() in _FALSE]


def true_words(column: Column) -> list[str]:
    """The texts that mean yes."""
    return [value for value in column.values if value.casefold() in _TRUE]


def answered_words(column: Column) -> list[str]:
    """Outcomes of answered contacts."""
    return [value for value in column.values if _ANSWERED.search(value.casefold()) and not _NOT_ANSWERED.search(value.casefold())]


def abandoned_words(column: Column) -> list[str]:
    """Outcomes of contacts that left or were lost."""
    return [value for value in column.values if _NOT_ANSWERED.search(value.casefold())]


def satisfied_words(column: Column) -> list[str]:
    """Answers of the satisfied, of a column with nothing but such answers, others and none."""
    words = {value: value.casefold() for value in column.values}
    if column.overflow or not all(_GOOD.search(word) or _BAD.search(word) or _NO_RATING.search(word) for word in words.values()):
        return []
    return [value for value, word in words.items() if _GOOD.search(word)]


def rated_words(column: Column) -> list[str]:
    """All answers that rate, good or bad."""
    return [value for value in column.values if not _NO_RATING.search(value.casefold())]


def discarded_words(column: Column) -> list[str]:
    """States of tickets that were thrown away."""
    return [value for value in column.values if _DISCARDED.search(value.casefold())]


def resolved_words(column: Column) -> list[str]:
    """States of finished cases."""
    return [value for value in column.values if _RESOLVED.search(value.casefold())]
