"""A file read by a recipe, before anything is stored: what was accepted, what was refused and why."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from analytics.errors import IntakeError
from analytics.intake.checks.personal import personal_issues
from analytics.intake.contacts import read_contacts
from analytics.intake.hollow import refuse_hollow
from analytics.intake.limited_reading import read_table
from analytics.intake.limits import limits_of
from analytics.intake.originals import Original
from analytics.intake.problems import AskedError, Issue, Level, Question
from analytics.intake.progress import Tell, untold
from analytics.intake.reading import LEFT_OUT, Reading
from analytics.intake.recipe import CONTACT_SHAPES, Recipe
from analytics.intake.workbook import as_text
from analytics.intake.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Preview:
    """One file read by one recipe. `refusal` says why the file as a whole cannot be kept, None when it can.

    `replaces`: the batch whose corrected rows it holds, '' for a file of its own.
    """

    original: Original
    recipe: Recipe
    reading: Reading | None
    refusal: Issue | None = None
    questions: tuple[Question, ...] = ()
    sheet: str = ""
    replaces: str = ""

    @property
    def file_name(self) -> str:
        """The file's own name."""
        return self.original.name

    @property
    def sha256(self) -> str:
        """The hash of the file's bytes."""
        return self.original.sha256

    @property
    def rows_accepted(self) -> int:
        """Rows that would be kept."""
        return self.reading.rows_accepted if self.reading else 0

    @property
    def rows_rejected(self) -> int:
        """Rows refused."""
        return len(self.reading.rejects) if self.reading else 0

    @property
    def rows_read(self) -> int:
        """Rows in the file, less those the recipe leaves out."""
        return self.rows_accepted + self.rows_rejected

    @property
    def rows_left_out(self) -> int:
        """Rows the recipe leaves out."""
        return sum(issue.count for issue in self.reading.issues if issue.code == LEFT_OUT) if self.reading else 0

    @property
    def issues(self) -> tuple[Issue, ...]:
        """Everything found, the refusal first, then refused rows by kind and column, then warnings."""
        if self.reading is None:
            return (self.refusal,) if self.refusal else ()
        found = (*self.reading.rejects.issues, *self.reading.issues)
        return (self.refusal, *found) if self.refusal else found

    def rejects_frame(self, limit: int) -> pd.DataFrame:
        """The first refused rows as a table: line, column, reason, remedy, raw."""
        rejects = self.reading.rejects.first(limit) if self.reading else ()
        rows = [(reject.line, reject.column, reject.reason, reject.remedy, reject.raw) for reject in rejects]
        return pd.DataFrame(rows, columns=["line", "column", "reason", "remedy", "raw"])

    def accepted_frame(self, limit: int = 200) -> pd.DataFrame:
        """The first accepted rows as they would be stored, columns that are empty throughout left out."""
        tables = [] if self.reading is None else [table for table in self.reading.tables.values() if table.num_rows]
        return tables[0].slice(0, limit).to_pandas().dropna(axis="columns", how="all") if tables else pd.DataFrame()


def preview(
    file: Path | bytes | Original,
    file_name: str,
    recipe: Recipe,
    answers: Mapping[str, str] | None = None,
    tell: Tell = untold,
    inside: Path | None = None,
    keeping: bool = False,
) -> Preview:
    """Read a file by a recipe; nothing is stored and a file that cannot be read is a `refusal`, not an error.

    `answers` may name the file's `encoding` or its `sheet`, the questions that stand before reading. `tell` is told how much of
    a file of contacts is done (0 to 1) and what is being done. `inside`: the folder for its temporary files. `keeping`: it will be
    kept if it can be.
    """
    given = answers or {}
    read_as = replace(recipe, encoding=given.get("encoding", recipe.encoding))
    original = Original(file_name, 0)
    try:
        original = Original.of(file, file_name)
        with as_text(original, read_as, given.get("sheet", "")) as (file_of_text, by):
            sheet = file_of_text.sheet
            refuse_hollow(file_of_text)
            reading = _read(file_of_text, by, tell, inside, keeping and file_of_text is original)
            reading = replace(reading, issues=(*reading.issues, *_as_shown(file_of_text), *personal_issues(file_of_text, by)))
    except AskedError as problem:
        return Preview(original, recipe, None, refusal_of(problem, problem.question.key), (problem.question,))
    except IntakeError as problem:
        return Preview(original, recipe, None, refusal_of(problem, "unreadable"))
    if reading.rows_accepted == 0:
        nothing = IntakeError("No row could be accepted.", "See the reasons below; often the recipe belongs to another kind of file.")
        return Preview(original, recipe, reading, refusal_of(nothing, "no_rows"), sheet=sheet)
    return Preview(original, recipe, reading, sheet=sheet)


def _read(file: Original, recipe: Recipe, tell: Tell, inside: Path | None, keeping: bool) -> Reading:
    if recipe.shape in CONTACT_SHAPES:
        if keeping and inside is not None:
            with suppress(OSError):  # then it is said when the file is kept
                inside.mkdir(parents=True, exist_ok=True)
        return read_contacts(file, recipe, Workspace(inside), tell, keeping)
    return read_table(file, recipe, limits_of(inside), inside, tell)


def _as_shown(file: Original) -> tuple[Issue, ...]:
    """What was made of clocks that Excel takes for hours and minutes."""
    message = "The workbook shows {0} as hours and minutes; the recipe says mm:ss, so 5:10 is read as 5 min 10 s."
    remedy = 'If hours are meant, say unit = "h:mm" in the recipe.'
    return tuple(Issue(Level.INFO, "as_shown", message.format(column), remedy, column=column) for column in file.as_shown)


def refusal_of(problem: IntakeError, code: str) -> Issue:
    """An error about the whole file as an issue."""
    return Issue(Level.ERROR, code, problem.message, problem.remedy)
