"""What intake finds: refused rows, issues collected per kind, and questions a person must answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from analytics.errors import IntakeError


class Level(StrEnum):
    """How much an issue matters: an error cost rows or the whole file, a warning did not, info is worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class CellError(ValueError):
    """One cell that cannot be read: a code for its kind, what is wrong, what to do."""

    def __init__(self, code: str, message: str, remedy: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Reject:
    """One refused row: where it stands in the file, the first column at fault, why, and its text as it came."""

    line: int
    column: str | None
    code: str
    reason: str
    remedy: str
    raw: str


@dataclass(frozen=True, slots=True)
class Issue:
    """One kind of finding; `count` says how many rows it concerns, `line` is the first of them, `example` what it looks like there."""

    level: Level
    code: str
    message: str
    remedy: str = ""
    line: int | None = None
    column: str | None = None
    count: int = 1
    example: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible answer and what it would mean."""

    value: str
    means: str


@dataclass(frozen=True, slots=True)
class Question:
    """Something the data leaves open; answered on the command line with --set key=value."""

    key: str
    text: str
    choices: tuple[Choice, ...]


class AskedError(IntakeError):
    """A file cannot be read before `question` is answered."""

    def __init__(self, message: str, remedy: str, question: Question) -> None:
        super().__init__(message, remedy)
        self.question = question


@dataclass(frozen=True, slots=True)
class ColumnReport:
    """What became of one column; `means` is None where it is not read, `choices` what it could be by its cells."""

    means: str | None
    reason: str
    confidence: float
    examples: tuple[str, ...]
    choices: tuple[Choice, ...] = ()

    def as_json(self) -> dict[str, object]:
        """All but the choices, which are many."""
        return {"means": self.means, "reason": self.reason, "confidence": self.confidence, "examples": self.examples}


class UnmappedError(IntakeError):
    """The table of a file is clear, but not what its columns mean: a person can say it, column by column."""

    def __init__(self, message: str, remedy: str, columns: Mapping[str, ColumnReport] | None = None) -> None:
        super().__init__(message, remedy)
        self.columns = dict(columns or {})
