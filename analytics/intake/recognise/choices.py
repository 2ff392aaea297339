"""What a column may be instead: everything its cells can hold, for select boxes."""

from collections.abc import Sequence

from analytics.catalogue import DIMENSIONS, KPIS, MEASURES
from analytics.intake.problems import Choice
from analytics.intake.recipe import CONTACT_SHAPES, Shape
from analytics.intake.recognise.columns import Column
from analytics.intake.recognise.contact_columns import is_part
from analytics.intake.recognise.headers import Header, read_headers
from analytics.intake.recognise.mapping import can_be
from analytics.intake.recognise.synonyms import Meaning
from analytics.intake.recognise.words import BREACHES, Role, own_words

_PERIODS = {"date": "Date of the row", "week": "Week", "month": "Month", "quarter": "Quarter"}
_OTHERS = {
    "threshold": "Threshold in seconds", "currency": "Currency", "time": "Time of the interval", "year": "Year", BREACHES: "Missed targets",
}  # fmt: skip
_PARTS = {
    "id": "Number of the contact", "order": "Order of its events", "opened": "Time it came or was opened", "answered": "Time of answer",
    "ended": "Time it ended", "resolved": "Time it was resolved", "closed": "Time it was closed", "outcome": "Outcome or state",
    "agent": "Agent", "rating": "Satisfaction rating", "recommend": "Likelihood to recommend", "first_contact": "Resolved on first contact",
    "abandoned": "Left before it was answered", "transferred": "Transferred", "in_target": "Within its target", "reopened": "Reopened",
}  # fmt: skip


def choices_of(columns: Sequence[Column], shape: Shape) -> dict[str, tuple[Choice, ...]]:
    """Column -> what its cells can be in a file of this shape, as id and words; fields of registers are not chosen."""
    if shape is Shape.REGISTER:
        return {column.name: () for column in columns}
    headers = read_headers([column.name for column in columns])
    known = _contact_meanings() if shape in CONTACT_SHAPES else _total_meanings()
    return {
        column.name: tuple(Choice(meaning.id, words_of(meaning.id)) for meaning in known if _fits(meaning, column, header))
        for column, header in zip(columns, headers, strict=True)
    }


def any_choices_of(columns: Sequence[Column]) -> dict[str, tuple[Choice, ...]]:
    """Column -> what its cells can be in a file of any shape."""
    found = [choices_of(columns, shape) for shape in (Shape.INTERACTIONS, Shape.AGGREGATES)]
    return {column.name: tuple(dict.fromkeys(choice for one in found for choice in one[column.name])) for column in columns}


def _fits(meaning: Meaning, column: Column, header: Header) -> bool:
    if meaning.role is Role.CONTACT:
        return is_part(meaning, column)
    if meaning.role is Role.OTHER and (column.is_text != (meaning.id == "currency")):
        return False
    return can_be(meaning, column, header)


def words_of(id: str) -> str:
    """A meaning in words: 'Contacts offered', 'Date of the row'; its own id where the catalogue does not know it."""
    for entries in (MEASURES, KPIS, DIMENSIONS):
        if id in entries:
            label = entries[id].label
            return f"{label[:1].upper()}{label[1:]}"
    return (_PERIODS | _OTHERS | _PARTS).get(id, id.replace("_", " "))


def _total_meanings() -> list[Meaning]:
    ratios = [Meaning(Role.KPI, kpi.id) for kpi in KPIS.values() if kpi.denominator]
    measures = [Meaning(Role.MEASURE, id) for id in (*MEASURES, BREACHES)]
    return [*_named(Role.PERIOD), *_named(Role.DIMENSION), *measures, *ratios, *_named(Role.OTHER)]


def _contact_meanings() -> list[Meaning]:
    durations = [Meaning(Role.MEASURE, measure.id) for measure in MEASURES.values() if measure.is_duration]
    return [*_named(Role.CONTACT), *_named(Role.DIMENSION), *durations]


def _named(role: Role) -> list[Meaning]:
    return [Meaning(role, id) for id in own_words()[role]]
