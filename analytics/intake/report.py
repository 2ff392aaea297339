"""What became of a file: the `load` shape of the command line."""

from dataclasses import asdict, dataclass
from enum import StrEnum

from analytics.intake.preview import Preview
from analytics.intake.problems import Issue, Question


class Status(StrEnum):
    """What became of a file."""

    STORED = "stored"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    QUESTIONS = "questions"
    DRY_RUN = "dry_run"


@dataclass(frozen=True, slots=True)
class FileReport:
    """One file's outcome; `batch` names what was stored (or was there already)."""

    file: str
    shape: str
    source: str
    recipe: str
    status: Status
    batch: str | None = None
    rows_read: int = 0
    rows_accepted: int = 0
    rows_rejected: int = 0
    issues: tuple[Issue, ...] = ()
    questions: tuple[Question, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The stable machine-readable form."""
        return asdict(self)


def report_of(
    read: Preview, status: Status, batch: str | None = None, questions: tuple[Question, ...] = (), issues: tuple[Issue, ...] = ()
) -> FileReport:
    """The report of a file that was read."""
    return FileReport(
        read.file_name,
        read.recipe.shape.value,
        read.recipe.source,
        read.recipe.name,
        status,
        batch,
        read.rows_read,
        read.rows_accepted,
        read.rows_rejected,
        (*read.issues, *issues),
        (*read.questions, *questions),
    )
