"""Keeping files: everything of a file, or nothing of it, in one write of the warehouse."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path

import duckdb
import pandas as pd

from analytics.errors import UsageError
from analytics.intake.checks import Checked, History, checked, is_decision
from analytics.intake.checks.decisions import carried_out
from analytics.intake.checks.spelling import folded
from analytics.intake.checks.zeros import KEY as ZEROS
from analytics.intake.conflicts import ANSWER_KEY, Conflict, claims_of, find_conflicts, precedence_rows, question_of, reported_claims
from analytics.intake.occupied import NEWEST, OCCUPIED_KEY, Select, check_answer, how_of, occupied_question
from analytics.intake.originals import keep_original
from analytics.intake.overlaps import mixed_issue, overlap_issues
from analytics.intake.preview import Preview
from analytics.intake.problems import Issue, Level, Question
from analytics.intake.progress import Tell, untold
from analytics.intake.report import FileReport, Status, report_of
from analytics.intake.storing import Earlier, earlier_reading, new_batch, store_rows
from analytics.restatements import record
from analytics.warehouse import Scope, Store, Warehouse, settle
from analytics.warehouse.store import Draft

Answers = Mapping[str, str]
KNOWN_ANSWERS = (ANSWER_KEY, "encoding", OCCUPIED_KEY, "recipe", "sheet", "zeros")


def is_known_answer(key: str) -> bool:
    """Whether an answer is about how a file is stored: one of the known keys, or 'vendor.<name as written>'."""
    return key in KNOWN_ANSWERS or is_decision(key)


def keep(warehouse: Warehouse, read: Preview, who: str = "local", answers: Answers | None = None, tell: Tell = untold) -> FileReport:
    """Store one file that was read; the report says stored, unchanged, refused or which question is open."""
    return keep_all(warehouse, [read], who, answers, tell)[0]


def keep_all(
    warehouse: Warehouse,
    reads: Sequence[Preview],
    who: str = "local",
    answers: Answers | Sequence[Answers] | None = None,
    tell: Tell = untold,
    scope: Scope | None = None,
) -> list[FileReport]:
    """Store several files in one write: one published version, or none when no file changes anything.

    `answers`: the same for all files, or those of each file. `scope`: whose names may be told to whoever brings them.
    """
    given = [dict(one) for one in answers] if isinstance(answers, Sequence) else [dict(answers or {}) for _ in reads]
    files = [Waiting(read, own, early_report(warehouse, read, own, scope)) for read, own in zip(reads, given, strict=True)]
    if all(file.early for file in files):
        return [file.early for file in files if file.early]
    names = ", ".join(file.read.file_name for file in files if file.early is None)
    writer = Writer(warehouse.originals, who, tell, scope)
    with warehouse.write(who, "load", names, writer.forget) as connection:
        return writer.keep_all(connection, files, warehouse.open() if warehouse.exists else None)


def rehearse(warehouse: Warehouse, read: Preview, answers: Answers | None = None, scope: Scope | None = None) -> FileReport:
    """What keeping the file would say, without storing it; `scope`: whose names may be told to whoever brings it."""
    return _rehearsed(warehouse, read, dict(answers or {}), scope)[0]


def early_report(warehouse: Warehouse, read: Preview, answers: Answers, scope: Scope | None = None) -> FileReport | None:
    """The report of a file that needs no write: refused, unchanged, or with a question open against what is published."""
    report, is_final = _rehearsed(warehouse, read, answers, scope)
    return report if is_final else None


def decided(warehouse: Warehouse, read: Preview, answers: Answers) -> tuple[Preview, dict[str, str]]:
    """The file less the zeros that are left out, and the answers with every name it is stored under: as keeping it decides both."""
    if not warehouse.exists or read.reading is None:
        return read, dict(answers)
    decisions = _Check(read, answers, partial(warehouse.open().select, Scope.everything()), None).checked.decisions or {}
    zeros = {key: value for key, value in decisions.items() if key.startswith(f"{ZEROS}.")}
    names = {key: value for key, value in decisions.items() if key not in zeros}
    return replace(read, reading=carried_out(read.reading, read.recipe, zeros)), {**answers, **names}


def _rehearsed(warehouse: Warehouse, read: Preview, answers: Answers, scope: Scope | None) -> tuple[FileReport, bool]:
    """What keeping the file would say, and whether nothing is to be written for it."""
    if unknown := sorted(key for key in answers if not is_known_answer(key)):
        raise UsageError(f"Unknown answer '{unknown[0]}'.", f"Known: {', '.join(KNOWN_ANSWERS)}.")
    check_answer(answers)
    if read.refusal or read.reading is None:
        return report_of(read, Status.QUESTIONS if read.questions else Status.REFUSED), True
    check = _Check(read, answers, partial(warehouse.open().select, Scope.everything()) if warehouse.exists else None, scope)
    found = check.report()
    return (found, True) if found else (report_of(check.as_stored, Status.DRY_RUN), False)


class _Check:
    """One file held against what is stored: is it there already, and what must a person decide?"""

    def __init__(
        self, read: Preview, answers: Answers, select: Select | None, scope: Scope | None, waiting: Sequence[pd.DataFrame] = ()
    ) -> None:
        self._read = read
        self._own = None if scope is None or scope.vendors is None else frozenset(map(folded, scope.vendors))
        self._select = select
        self._waiting = waiting
        self.earlier: Earlier | None = earlier_reading(read, select) if select else None
        self._given = answers

    def report(self) -> FileReport | None:
        """Unchanged or with open questions; None for a file that is to be stored. An answer that is no choice: `UsageError`."""
        if self.earlier and self.earlier.recipe_text == self._read.recipe.text and not self._read.replaces:
            return report_of(self.as_stored, Status.UNCHANGED, self.earlier.batch_id)
        which, occupied = None, None
        if self._select:
            which = self._which if ANSWER_KEY not in self.answers else None
            place = self.earlier.sequence if self.earlier else NEWEST
            occupied = occupied_question(self.as_stored, self.answers, self._select, place)
        if questions := tuple(question for question in (*self.checked.questions, which, occupied) if question):
            return report_of(self.as_stored, Status.QUESTIONS, questions=questions)
        self.precedence()
        return None

    @cached_property
    def checked(self) -> Checked:
        """What the rows say, of themselves and against what is stored."""
        assert self._read.reading is not None
        history = History(self._select, self.earlier.batch_id if self.earlier else "", self._own)
        return checked(self._read.reading, self._read.recipe, history, self._given_before)

    @cached_property
    def as_stored(self) -> Preview:
        """The file with its rows as they would be stored, and everything found."""
        reading = self.checked.reading
        return replace(self._read, reading=replace(reading, issues=(*reading.issues, *self.checked.issues)))

    @cached_property
    def answers(self) -> dict[str, str]:
        """The answers given, on top of those given when the same file was read before; which source counts only where it still is one."""
        choices = {choice.value for choice in self._which.choices} if self._which else set()
        kept = {key: value for key, value in self._given_before.items() if key != ANSWER_KEY or value in choices}
        return kept | dict(self._given) | dict(self.checked.decisions or {})

    @property
    def _given_before(self) -> dict[str, str]:
        """The answers of the earlier reading of the file, and those given now."""
        earlier = self.earlier.answers if self.earlier else {}
        kept = {key: value for key, value in earlier.items() if key in (ANSWER_KEY, OCCUPIED_KEY, "zeros") or is_decision(key)}
        return kept | dict(self._given)

    @cached_property
    def _which(self) -> Question | None:
        return question_of(self.conflicts) if self._select and self.conflicts else None

    @cached_property
    def claims(self) -> pd.DataFrame:
        """The values the file brings, for the files that come after it in the same write."""
        return claims_of(self.checked.reading, self._read.recipe.source)

    @cached_property
    def conflicts(self) -> list[Conflict]:
        """What another source reports as well, the files waiting in the same write included."""
        assert self._select is not None
        replaced = self.earlier.batch_id if self.earlier else None
        reported = reported_claims(self._select, replaced)
        return find_conflicts(self.claims, pd.concat([reported, *self._waiting]), self._select, replaced)

    def precedence(self) -> list[tuple[str, str, str, int]]:
        """The rows of `precedence` that the answer given means."""
        return precedence_rows(self.conflicts, self._which, self.answers) if self._which else []


@dataclass(frozen=True, slots=True)
class Waiting:
    """One file that was read, the answers given to its questions, and its report where it needs no write."""

    read: Preview
    answers: Answers
    early: FileReport | None = None


class Writer:
    """One write in progress; it remembers what was stored and which vendors must be settled at the end."""

    def __init__(self, originals: Path, who: str, tell: Tell = untold, scope: Scope | None = None) -> None:
        self._tell = tell
        self._scope = scope
        self.touched: set[str] = set()
        self.stored: list[str] = []
        self._originals = originals
        self._who = who
        self._kept: list[Path] = []
        self._claims: list[pd.DataFrame] = []  # of the files of this write so far, which are not settled yet

    def keep_all(self, connection: duckdb.DuckDBPyConnection, files: Sequence[Waiting], before: Store | None) -> list[FileReport]:
        """Store the files that wait, settle, and write down what they change of the numbers of `before`."""
        reports = [file.early or self._keep(connection, file.read, file.answers) for file in files]
        settle(connection, self.touched)
        changed = record(connection, before, "load", self.stored, sorted(self.touched)) if before else pd.DataFrame()
        return [_with_restatements(report, changed) for report in reports]

    def _keep(self, connection: duckdb.DuckDBPyConnection, read: Preview, answers: Answers) -> FileReport:
        """Store one file, unless it is there already or a question against an earlier file of this write is open."""
        check = _Check(read, answers, partial(Draft(connection).select, Scope.everything()), self._scope, self._claims)
        if report := check.report():
            return report
        read = check.as_stored
        assert read.reading is not None
        table, how = read.reading.tables.get("performance_rows"), how_of(read, check.answers)
        if table is not None and not check.earlier and (mixed := mixed_issue(connection, table, how)):
            return report_of(read, Status.REFUSED, issues=(mixed,))
        overlaps = tuple(overlap_issues(connection, table, how)) if table is not None and not check.earlier else ()
        self._keep_original(read)
        batch, touched = new_batch(connection, read, check.earlier, how, check.answers, self._who)
        if ranks := check.precedence():
            connection.executemany("INSERT INTO precedence VALUES (?, ?, ?, ?, ?)", [(*row, batch) for row in ranks])
        self.touched |= touched | store_rows(connection, read.reading, batch)
        self.stored.append(batch)
        self._claims.append(check.claims)
        return report_of(read, Status.STORED, batch, issues=overlaps)

    def _keep_original(self, read: Preview) -> None:
        there = set(self._originals.glob(f"{read.sha256}*"))
        kept = keep_original(self._originals, read.original, lambda part: self._tell(part, "Keeping"))
        if kept not in there:
            self._kept.append(kept)

    def forget(self) -> None:
        """Remove the originals this write brought: it has failed, and the next attempt brings them again."""
        for kept in self._kept:
            kept.unlink(missing_ok=True)


def _with_restatements(report: FileReport, changed: pd.DataFrame) -> FileReport:
    """The report with one more line when the file changed numbers that were published."""
    if report.status is not Status.STORED or changed.empty or report.batch not in set(changed["batch_id"]):
        return report
    own = changed[changed["batch_id"] == report.batch]
    vendors, first, last = sorted(set(own["vendor"])), own["period_start"].min(), own["period_start"].max()
    months = f"{first:%Y-%m}" if first == last else f"{first:%Y-%m} to {last:%Y-%m}"
    values = f"{len(own):,} published values of" if len(own) > 1 else "A published value of"
    message = f"{values} {', '.join(vendors)} ({months}) read differently now."
    remedy = f"See old and new with: python -m analytics history {report.batch}"
    return replace(report, issues=(*report.issues, Issue(Level.INFO, "restated", message, remedy, count=len(own))))
