"""Files tried before they are kept: a store of their own, made by the very code that keeps files, in a copy that is thrown away."""

from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import duckdb

from analytics.catalogue import using
from analytics.errors import IntakeError
from analytics.intake.keeping import Waiting, Writer, decided, early_report
from analytics.intake.preview import Preview
from analytics.intake.problems import Issue
from analytics.intake.recipe import Shape
from analytics.intake.report import FileReport, Status, report_of
from analytics.warehouse import Store, Warehouse, rehearsal
from analytics.warehouse.batches import ACTIVE, UNDONE
from analytics.warehouse.temporary import temporary_folder

# Everything that counts for vendors. Registers (targets, events, rates, ...) stay: the tried files are judged by them.
_COUNTING = ("performance_rows", "performance", "performance_added", "reporting", "scorecard_rows", "scorecard", "weighted_measures")
_OF_BATCHES = ("rejects", "restatements")


@dataclass(frozen=True, slots=True)
class TriedFile:
    """A file that was read, with the answers given to its questions as (key, value)."""

    read: Preview
    answers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, eq=False)
class Trial:
    """What pages would show with the files kept. `batches`: what became of the files in the copy; `originals`: where their bytes are."""

    store: Store
    reports: tuple[FileReport, ...]
    originals: Path
    _copies: ExitStack

    @property
    def batches(self) -> tuple[str, ...]:
        """The batches of the tried files; a file that is stored already has none."""
        return tuple(report.batch for report in self.reports if report.status is Status.STORED and report.batch)

    def close(self) -> None:
        """Throw the copy away; reading from it afterwards is an error."""
        with suppress(duckdb.Error):  # a question still under way ends by itself; its copy is gone from the disk all the same
            self._copies.close()


def open_trial(warehouse: Warehouse, files: Sequence[TriedFile], who: str = "local", alone: bool = False) -> Trial:
    """The warehouse with the files kept, or (`alone`) only their rows, judged by the registers stored; the caller closes it.

    A file that cannot be kept as it is, for a refusal or an open question, raises `IntakeError` saying why.
    """
    with using(warehouse.catalogue), ExitStack() as stack:
        waiting = [_waiting(warehouse, file, alone) for file in files]
        originals = stack.enter_context(temporary_folder())
        reports: list[FileReport] = []
        before = warehouse.open() if warehouse.exists and not alone else None
        change = partial(_keep, files=waiting, writer=Writer(originals, who), before=before, alone=alone, reports=reports)
        store = stack.enter_context(rehearsal(warehouse, change))
        return Trial(store, tuple(reports), originals, stack.pop_all())


def _waiting(warehouse: Warehouse, file: TriedFile, alone: bool) -> Waiting:
    """The file as one to be kept; alone it has the names it would be stored under, but is not held against the numbers stored."""
    answers = dict(file.answers)
    if not alone:
        early = early_report(warehouse, file.read, answers)
        if early:
            _check(early)
        return Waiting(file.read, answers, early)
    if file.read.refusal or file.read.reading is None:
        _check(report_of(file.read, Status.QUESTIONS if file.read.questions else Status.REFUSED))
    return Waiting(*decided(warehouse, file.read, answers))


def _keep(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[Waiting],
    writer: Writer,
    before: Store | None,
    alone: bool,
    reports: list[FileReport],
) -> None:
    """Keep the files in the copy; nothing less than all of them."""
    if alone:
        _clear(connection)
    reports += writer.keep_all(connection, files, before)
    for report in reports:
        _check(report)
    if alone:
        _forget(connection)


def _clear(connection: duckdb.DuckDBPyConnection) -> None:
    """Take out every stored row of vendors. The batches stay until the files have got their own numbers."""
    for table in _COUNTING:
        connection.execute(f"DELETE FROM {table}")
    connection.execute("UPDATE batches SET status = ? WHERE status = ? AND shape <> ?", [UNDONE, ACTIVE, Shape.REGISTER.value])


def _forget(connection: duckdb.DuckDBPyConnection) -> None:
    """Take out the stored batches that brought those rows, and what was said of them."""
    connection.execute("DELETE FROM batches WHERE status <> ? AND shape <> ?", [ACTIVE, Shape.REGISTER.value])
    for table in _OF_BATCHES:
        connection.execute(f"DELETE FROM {table} WHERE batch_id NOT IN (SELECT batch_id FROM batches)")


def _check(report: FileReport) -> None:
    if report.status not in (Status.QUESTIONS, Status.REFUSED):
        return
    if report.questions:
        raise IntakeError(f"{report.file} cannot be reviewed yet: {report.questions[0].text}", "Answer the question first.")
    why = _reason(report)
    raise IntakeError(f"{report.file} cannot be reviewed: {why.message}", why.remedy)


def _reason(report: FileReport) -> Issue:
    """Why the file as a whole is refused: found on reading (then it comes first), or against what is stored (then it comes last)."""
    return report.issues[0] if report.rows_accepted == 0 else report.issues[-1]
