"""Columns corrected by hand: the answers `column.MEANING=NAME` (that column holds it) and `read.NAME=no` (the column is left out).

Also the answer `threshold_seconds=30`, where a file does not say within how many seconds contacts should be answered.
"""

from collections.abc import Mapping, Sequence

from analytics.catalogue import KPIS, MEASURES
from analytics.errors import UsageError, did_you_mean, unknown
from analytics.intake.recognise.columns import Column
from analytics.intake.recognise.findings import Findings
from analytics.intake.recognise.synonyms import Meaning
from analytics.intake.recognise.words import BREACHES, Role, own_words

COLUMN, READ, NOT_READ = "column.", "read.", "no"
THRESHOLD = "threshold_seconds"
_LONGEST_WAIT = 86_400
CHOSEN = "chosen by hand"
_NAMED_ROLES = (Role.PERIOD, Role.DIMENSION, Role.OTHER, Role.CONTACT)


class Corrections:
    """What a person said of the columns. A meaning or a column that does not exist: `UsageError` naming the nearest."""

    def __init__(self, answers: Mapping[str, str], columns: Sequence[Column]) -> None:
        names = [column.name for column in columns]
        self._meanings = {_known(name, names): meaning_of(id) for id, name in _after(COLUMN, answers).items()}
        unread = {_known(name, names) for name, answer in _after(READ, answers).items() if _is_no(name, answer)}
        self._unread = unread - set(self._meanings)
        self._taken = {meaning.id for meaning in self._meanings.values()}

    def says_of(self, column: Column) -> Meaning | None:
        """What the column was said to hold."""
        return self._meanings.get(column.name)

    def is_settled(self, column: Column) -> bool:
        """Whether nothing is left to guess about the column."""
        return column.name in self._meanings or column.name in self._unread

    def leaves(self, meaning: Meaning) -> bool:
        """Whether the meaning was given to no column by hand, so that it can be guessed."""
        return meaning.id not in self._taken


def is_correction(key: str) -> bool:
    """Whether an answer's key corrects what was recognised."""
    return key.startswith((COLUMN, READ)) or key == THRESHOLD


def named_threshold(findings: Findings) -> int:
    """The seconds within which a contact counts as answered in time, as answered; 0 where nobody has said it. No number: `UsageError`."""
    given = findings.answers.get(THRESHOLD, "")
    if given and not (given.isascii() and given.isdigit() and 0 < int(given) <= _LONGEST_WAIT):
        raise UsageError(f"'{given}' is no number of seconds.", f"Write {THRESHOLD}=20, or another whole number up to {_LONGEST_WAIT}.")
    return int(given or 0)


def meaning_of(id: str) -> Meaning:
    """The meaning with this id; ids are unique over all roles."""
    found = {Role.MEASURE: {*MEASURES, BREACHES}, Role.KPI: {kpi.id for kpi in KPIS.values() if kpi.denominator}}
    found |= {role: set(own_words()[role]) for role in _NAMED_ROLES}
    for role, ids in found.items():
        if id in ids:
            return Meaning(role, id)
    raise unknown("meaning of a column", id, sorted(set().union(*found.values())))


def misfit(column: Column, meaning: Meaning) -> UsageError:
    """The error of a column that cannot hold what it was said to hold."""
    examples = ", ".join(column.values[:3])
    return UsageError(f"Column {column.name} cannot hold {meaning.id}: {examples or 'it is empty'}.", "Choose another column for it.")


def _after(prefix: str, answers: Mapping[str, str]) -> dict[str, str]:
    return {key.removeprefix(prefix): value for key, value in answers.items() if key.startswith(prefix)}


def _known(name: str, names: Sequence[str]) -> str:
    if name not in names:
        raise UsageError(f"The file has no column '{name}'.", did_you_mean(name, names) or f"It has: {', '.join(names[:12])}.")
    return name


def _is_no(name: str, answer: str) -> bool:
    if answer != NOT_READ:
        raise UsageError(f"'{answer}' is no answer for {READ}{name}.", f"Write {READ}{name}={NOT_READ} to leave the column out.")
    return True
