"""Keeping files: everything of a file, or nothing of it, in one write of the warehouse."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import duckdb
import pandas as pd

from analytics.errors import UsageError
from analytics.intake.conflicts import ANSWER_KEY, Select, claims_of, find_conflicts, precedence_rows, question_of, reported_claims
from analytics.intake.originals import keep_original
from analytics.intake.overlaps import overlap_issues
from analytics.intake.preview import Preview
from analytics.intake.report import FileReport, Status, report_of
from analytics.warehouse import Scope, Warehouse, settle
from analytics.warehouse.batches import ACTIVE, replace_batch
from analytics.warehouse.schema import UTC_NOW

Answers = Mapping[str, str]
KNOWN_ANSWERS = (ANSWER_KEY, "encoding", "recipe")


def keep(warehouse: Warehouse, read: Preview, who: str = "local", answers: Answers | None = None) -> FileReport:
    """Store one file that was read; the report says stored, unchanged, refused or which question is open."""
    return keep_all(warehouse, [read], who, answers)[0]


def keep_all(warehouse: Warehouse, reads: Sequence[Preview], who: str = "local", answers: Answers | None = None) -> list[FileReport]:
    """Store several files in one write: one published version, or none when no file changes anything."""
    given = dict(answers or {})
    early = [_early(warehouse, read, given) for read in reads]
    if all(early):
        return [report for report in early if report]
    names = ", ".join(read.file_name for read, report in zip(reads, early, strict=True) if report is None)
    with warehouse.write(who, "load", names) as connection:
        writer = _Writer(connection, warehouse.originals, who, given)
        reports = [report or writer.keep(read) for read, report in zip(reads, early, strict=True)]
        settle(connection, writer.touched)
    return reports


def rehearse(warehouse: Warehouse, read: Preview, answers: Answers | None = None) -> FileReport:
    """What keeping the file would say, without storing it."""
    return _early(warehouse, read, dict(answers or {})) or report_of(read, Status.DRY_RUN)


def _early(warehouse: Warehouse, read: Preview, answers: Answers) -> FileReport | None:
    """The report of a file that needs no write: refused, unchanged, or with a question open against what is published."""
    if unknown := sorted(set(answers) - set(KNOWN_ANSWERS)):
        raise UsageError(f"Unknown answer '{unknown[0]}'.", f"Known: {', '.join(KNOWN_ANSWERS)}.")
    if read.refusal or read.reading is None:
        return report_of(read, Status.QUESTIONS if read.questions else Status.REFUSED)
    if not warehouse.exists:
        return None
    select = partial(warehouse.open().select, Scope.everything())
    same_bytes = _same_bytes(read, select)
    if batch := _same_recipe(read, same_bytes):
        return report_of(read, Status.UNCHANGED, batch)
    conflicts = find_conflicts(claims_of(read.reading, read.recipe.source), reported_claims(select, _first_id(same_bytes)), select)
    if conflicts and ANSWER_KEY not in answers:
        return report_of(read, Status.QUESTIONS, questions=(question_of(conflicts),))
    if conflicts:
        precedence_rows(conflicts, question_of(conflicts), answers)
    return None


def _same_bytes(read: Preview, select: Select) -> pd.DataFrame:
    """The active batches of the same bytes: batch_id, sequence, recipe_text (at most one row)."""
    batches = select(f"SELECT batch_id, sequence, recipe_text, sha256 FROM batches WHERE status = '{ACTIVE}'")
    return batches[batches["sha256"] == read.sha256]


def _same_recipe(read: Preview, same_bytes: pd.DataFrame) -> str | None:
    """The batch of the same bytes and the same recipe."""
    return _first_id(same_bytes[same_bytes["recipe_text"] == read.recipe.text])


def _first_id(batches: pd.DataFrame) -> str | None:
    return None if batches.empty else str(batches["batch_id"].iloc[0])


class _Writer:
    """One write in progress; it remembers which vendors must be settled at the end."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, originals: Path, who: str, answers: Answers) -> None:
        self.touched: set[str] = set()
        self._connection = connection
        self._originals = originals
        self._who = who
        self._answers = answers
        self._claims: list[pd.DataFrame] = []  # of the files of this write so far, which are not settled yet

    def keep(self, read: Preview) -> FileReport:
        """Store one file, unless it is there already or a question against an earlier file of this write is open."""
        assert read.reading is not None
        same_bytes = _same_bytes(read, self._select)
        if batch := _same_recipe(read, same_bytes):
            return report_of(read, Status.UNCHANGED, batch)
        claims = claims_of(read.reading, read.recipe.source)
        reported = pd.concat([reported_claims(self._select, _first_id(same_bytes)), *self._claims])
        conflicts = find_conflicts(claims, reported, self._select)
        if conflicts and ANSWER_KEY not in self._answers:
            return report_of(read, Status.QUESTIONS, questions=(question_of(conflicts),))
        self._claims.append(claims)
        batch = self._new_batch(read, same_bytes)
        if conflicts:
            rows = precedence_rows(conflicts, question_of(conflicts), self._answers)
            self._connection.executemany("INSERT INTO precedence VALUES (?, ?, ?, ?, ?)", [(*row, batch) for row in rows])
        table = read.reading.tables.get("performance_rows")
        overlaps = tuple(overlap_issues(self._connection, table)) if table is not None and not len(same_bytes) else ()
        self._store_rows(read, batch)
        keep_original(self._originals, read.original)
        return report_of(read, Status.STORED, batch, issues=overlaps)

    def _select(self, sql: str) -> pd.DataFrame:
        return self._connection.execute(sql).df()

    def _new_batch(self, read: Preview, same_bytes: pd.DataFrame) -> str:
        """Record the batch; one of the same bytes under another recipe is replaced and hands over its place."""
        batch = f"b{self._one('SELECT count(*) + 1 FROM batches'):04d}"
        earlier = _first_id(same_bytes)
        following = "SELECT coalesce(max(sequence), 0) + 1 FROM batches"
        sequence = int(same_bytes["sequence"].iloc[0]) if earlier else self._one(following)
        recipe, counts = read.recipe, (read.rows_read, read.rows_accepted, read.rows_rejected)
        self._connection.execute(
            f"""
            INSERT INTO batches (batch_id, sequence, file_name, sha256, shape, source, recipe_name, recipe_text,
                rows_read, rows_accepted, rows_rejected, loaded_at, loaded_by, status)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, {UTC_NOW}, ?, ?)""",
            [
                batch,
                sequence,
                read.file_name,
                read.sha256,
                recipe.shape.value,
                recipe.source,
                recipe.name,
                recipe.text,
                *counts,
                self._who,
                ACTIVE,
            ],
        )
        if earlier:
            self.touched |= replace_batch(self._connection, earlier, batch)
        return batch

    def _one(self, sql: str) -> int:
        ((number,),) = self._connection.execute(sql).fetchall()
        return int(number)

    def _store_rows(self, read: Preview, batch: str) -> None:
        assert read.reading is not None
        for name, table in read.reading.tables.items():
            self._connection.register("incoming", table)
            self._connection.execute(f"INSERT INTO {name} BY NAME SELECT *, $batch AS batch_id FROM incoming", {"batch": batch})
            self._connection.unregister("incoming")
            if name in ("performance_rows", "scorecard_rows"):
                self.touched |= set(table.column("vendor").unique().to_pylist())
        if read.reading.weighted:
            self._connection.executemany("INSERT INTO weighted_measures VALUES (?, ?)", [(batch, name) for name in read.reading.weighted])
        if read.reading.rejects:
            rows = [
                (batch, reject.line, reject.column, reject.code, reject.reason, reject.remedy, reject.raw)
                for reject in read.reading.rejects
            ]
            names = "batch_id, line, column_name, code, reason, remedy, raw"
            self._connection.executemany(f"INSERT INTO rejects ({names}) VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
