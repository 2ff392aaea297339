"""Refused rows put right: shown with their cells as they came, corrected, and read again by the same recipe.

A corrected file is the original with the corrected rows in their places, kept as an original of its own. It takes the place of the
batch whose rows were refused, as a file that had been right from the start would have: whole days, folded contacts and sums come
out the same, and undoing it brings the batch before back.
"""

import csv
import io
import json
import re
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from analytics.catalogue import using
from analytics.errors import IntakeError, UsageError, did_you_mean
from analytics.intake.across import month_places
from analytics.intake.keeping import keep
from analytics.intake.limits import HEAD_LINES
from analytics.intake.line_ends import newline_of, without_inner_returns
from analytics.intake.originals import Original
from analytics.intake.personal import masked
from analytics.intake.preview import preview
from analytics.intake.reading import LEFT_OUT
from analytics.intake.recipe import Recipe, Shape
from analytics.intake.report import FileReport
from analytics.intake.rows_behind import original_of
from analytics.intake.sheet import HEAD, Top, decode, marked_encoding, read_top, records, wide_encoding
from analytics.intake.workbook import as_text, is_workbook
from analytics.warehouse import Scope, Store, Warehouse
from analytics.warehouse.batches import ACTIVE

LINE, WHY = "refused_line", "refused_because"
CORRECTED = " (corrected)"
Corrections = Mapping[int, Mapping[str, str] | None]


@dataclass(frozen=True)
class RefusedCells:
    """Refused rows as cells: `rows` has their line, why, and every column as text; `read`: the columns the recipe reads,
    those at fault first.

    Cells of other columns have personal data masked. `count`: refused rows in all.
    """

    rows: pd.DataFrame
    read: tuple[str, ...]
    count: int


def refused_cells(store: Store, scope: Scope, originals: Path, batch_id: str, most: int) -> RefusedCells:
    """The first refused rows of a batch with their cells, read from its original; one that is missing: `WarehouseError`."""
    sql = "SELECT line, reason, column_name FROM rejects WHERE batch_id = $batch ORDER BY line NULLS FIRST"
    refused = store.select(scope, sql, {"batch": batch_id})
    why = {int(line): str(reason) for line, reason in refused[["line", "reason"]].head(most).itertuples(index=False)}
    original, recipe, sheet = original_of(store, scope, originals, batch_id)
    found: dict[int, list[str]] = {}
    with _records(original, recipe, sheet) as (top, rows):
        for line, cells, _ in rows:
            if line in why:
                found[line] = _fitted(cells, len(top.header))
            if len(found) == len(why):
                break
    read = _read_columns(top, recipe)
    table = [
        (line, why[line], *(cell if name in read else masked(cell) for name, cell in zip(top.header, found[line], strict=True)))
        for line in why
        if line in found
    ]
    faulty = set(refused["column_name"].head(most))
    first = tuple(sorted(read, key=lambda name: name not in faulty))
    return RefusedCells(pd.DataFrame(table, columns=[LINE, WHY, *top.header]), first, len(refused))


def _read_columns(top: Top, recipe: Recipe) -> tuple[str, ...]:
    """The columns a recipe reads, in the order of the file; of a list all that have a name of their own."""
    named = (name for name in top.header if name and top.header.count(name) == 1 and name not in (LINE, WHY))
    months = month_places(top.header, recipe.period_start.format) if recipe.months_across and recipe.period_start else ()
    read = {*recipe.headers, *(top.header[place] for place in months)}
    return tuple(name for name in named if recipe.shape is Shape.REGISTER or name in read)


def fix(
    warehouse: Warehouse, batch_id: str, corrections: Corrections, who: str = "local", answers: Mapping[str, str] | None = None
) -> FileReport:
    """Store a batch anew with refused rows corrected: line -> column -> cell, or None to leave the row out.

    Rows that are not named stay as they are. The report says stored, which question is open, or why nothing was stored.
    A batch that does not count, a line that was not refused, or corrections of which none can be read: an error, nothing changed.
    """
    with using(warehouse.catalogue):
        store, everything = warehouse.open(), Scope.everything()
        batch = _fixable(store, batch_id, corrections)
        original, recipe, sheet = original_of(store, everything, warehouse.originals, batch_id)
        with TemporaryDirectory(prefix="fix-", dir=warehouse.folder) as folder:
            path = Path(folder) / f"{Path(str(batch['file_name'])).stem.removesuffix(CORRECTED)}{CORRECTED}.csv"
            _write_corrected(original, recipe, sheet, corrections, path)
            read = preview(path, path.name, recipe, inside=warehouse.folder)
            if read.rows_accepted <= batch["rows_accepted"] and None not in corrections.values():
                first = read.issues[0].message if read.issues else ""
                raise IntakeError("None of the corrected rows can be read.", f"{first} Nothing was changed.".strip())
            return keep(warehouse, replace(read, replaces=batch_id), who, _given(batch, answers))


def read_corrections(path: Path) -> dict[int, dict[str, str]]:
    """Corrected rows as `refused_cells` gave them away: a CSV with the column 'refused_line'; rows that are missing stay refused.

    A spreadsheet's own marks are taken off (the apostrophe before a formula). No such file or column: `IntakeError`.
    """
    original = Original.of(path, path.name)
    rows = list(csv.DictReader(io.StringIO(decode(original.read()), newline=""), restval=""))
    if not rows or LINE not in rows[0] or not all((row[LINE] or "").strip().isdigit() for row in rows):
        remedy = "Take it from `python -m analytics rejects BATCH --csv FILE` and leave that column as it is."
        raise IntakeError(f"{path.name} has no column '{LINE}' with a line number in every row.", remedy)
    return {int(row[LINE]): {str(name): _plain(cell) for name, cell in row.items() if name and name not in (LINE, WHY)} for row in rows}


def _plain(cell: object) -> str:
    """The cell as text, as it was before it was made safe for spreadsheets."""
    text = str(cell or "")
    return text[1:] if re.match(r"' *[=+\-@\t\r\n]", text) else text


def _fixable(store: Store, batch_id: str, corrections: Corrections) -> dict[str, Any]:
    """The batch, which must count and have refused these lines."""
    sql = "SELECT batch_id, file_name, rows_accepted, answers, status FROM batches"
    known = {row["batch_id"]: row for row in store.select(Scope.everything(), sql).to_dict("records")}
    if batch_id not in known:
        raise UsageError(f"Unknown batch '{batch_id}'.", did_you_mean(batch_id, known) or "See `python -m analytics batches`.")
    if known[batch_id]["status"] != ACTIVE:
        raise UsageError(f"Batch {batch_id} is {known[batch_id]['status']}: it does not count.", "Correct the batch that stands for it.")
    refused = store.select(Scope.everything(), "SELECT line FROM rejects WHERE batch_id = $batch", {"batch": batch_id})
    if odd := sorted(set(corrections) - {int(line) for line in refused["line"].dropna()}):
        raise UsageError(f"Line {odd[0]} of {batch_id} was not refused.", "Correct refused lines only.")
    if not corrections:
        raise UsageError("Nothing is corrected.", "Change a cell, or leave a row out.")
    return known[batch_id]


def _given(batch: Mapping[str, Any], answers: Mapping[str, str] | None) -> dict[str, str]:
    """What was answered when the file was loaded, less what the corrected file no longer asks, and what is answered now."""
    before = json.loads(batch["answers"]) if isinstance(batch["answers"], str) else {}
    return {key: value for key, value in before.items() if key not in ("encoding", "sheet", LEFT_OUT)} | dict(answers or {})


def _write_corrected(original: Original, recipe: Recipe, sheet: str, corrections: Corrections, target: Path) -> None:
    """The original as UTF-8 text, byte for byte but for the corrected rows; of a workbook the sheet that was read."""
    with _records(original, recipe, sheet) as (top, rows), target.open("w", encoding="utf-8-sig", newline="") as out:
        delimiter = recipe.delimiter or top.delimiter
        for line, cells, raw in rows:
            if line in corrections:
                cells = _corrected(cells, top, _read_columns(top, recipe), corrections[line])
            elif not is_workbook(original) or delimiter == top.delimiter:
                out.write(raw)
                continue
            if cells:
                end = raw[len(raw.rstrip("\r\n")) :] or "\n"
                csv.writer(out, delimiter=delimiter, quotechar=recipe.quote, lineterminator=end).writerow(cells)


def _corrected(cells: Sequence[str], top: Top, read: Sequence[str], correction: Mapping[str, str] | None) -> list[str]:
    """The row with as many cells as the header has, the corrected ones of the columns `read` in place; none when it is left out."""
    if correction is None:
        return []
    if unknown := sorted(set(correction) - set(top.header)):
        raise UsageError(f"The file has no column '{unknown[0]}'.", did_you_mean(unknown[0], top.header))
    fitted = zip(top.header, _fitted(cells, len(top.header)), strict=True)
    return [correction.get(name, cell) if name in read else cell for name, cell in fitted]


def _fitted(cells: Sequence[str], width: int) -> list[str]:
    """As many cells as there are columns."""
    return [*cells[:width], *[""] * (width - len(cells))]


Record = tuple[int, Sequence[str], str]


@contextmanager
def _records(original: Original, recipe: Recipe, sheet: str) -> Generator[tuple[Top, Iterator[Record]]]:
    """Where the table begins, and everything of the file as (line, cells, text as it came), the lines above the rows as one record each."""
    with as_text(original, recipe, sheet) as (text, by), text.open() as stream:
        lines = io.TextIOWrapper(stream, _encoding_of(text, by), newline=newline_of(text.head(HEAD)))
        first = list(islice(lines, by.header_row + HEAD_LINES))
        top = read_top([without_inner_returns(line) for line in first], by)
        yield top, _all_records(chain(first, lines), top)


def _encoding_of(text: Original, recipe: Recipe) -> str:
    """How the text is decoded: by its mark, as UTF-8 where it is, else as the recipe says."""
    head = text.head(HEAD)
    if wide := marked_encoding(head) or wide_encoding(recipe.encoding):
        return wide
    return recipe.encoding if recipe.encoding and text.fingerprint.text.odd_line is not None else "utf-8"


def _all_records(lines: Iterable[str], top: Top) -> Iterator[Record]:
    every = iter(lines)
    for number, line in enumerate(islice(every, top.line - 1), start=1):
        yield number, [], line
    kept = _Kept(every)
    for line, _, cells in records(kept, top.line, top.delimiter, top.quote):
        yield line, cells, kept.taken()


class _Kept:
    """Lines on their way to a reader, remembered as they came until they are taken."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self._taken.append(line)
        return without_inner_returns(line)

    def taken(self) -> str:
        """What was read since the last time."""
        text = "".join(self._taken)
        self._taken.clear()
        return text
