"""The warehouse made again: every row of every batch from its original, its recipe and its answers."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from analytics.errors import DashboardError, IntakeError, WarehouseError
from analytics.intake.checks import carried_out
from analytics.intake.originals import Original
from analytics.intake.preview import Preview, preview
from analytics.intake.recipe_text import parse_recipe
from analytics.intake.storing import store_rows
from analytics.warehouse import Warehouse, settle
from analytics.warehouse.batches import UNDONE
from analytics.warehouse.snapshot import Snapshot

MOST_NAMED = 5
Record = dict[str, object]
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What was made again: from which list of batches, how many files, and the batches that a file is read differently for now."""

    version: int
    based_on: str
    files: int
    read_differently: tuple[str, ...]


def rebuild(warehouse: Warehouse, who: str = "local", progress: Progress | None = None) -> Rebuilt:
    """Make every row of every batch again, in order, and settle; published as the next version.

    The batches are those of the newest version, or of the list beside the originals when that version cannot be read.
    Originals that are missing, changed or refused by their recipe: `WarehouseError` naming them, nothing changed.
    """
    known, based_on = _known(warehouse)
    batches = sorted((batch for batch in known.records("batches") if batch["status"] != UNDONE), key=lambda batch: str(batch["batch_id"]))
    _stop_at([problem for batch in batches if (problem := _original_problem(warehouse.originals, batch))])
    different = []
    with warehouse.write_from(None, who, "rebuild", based_on) as connection:
        known.put_into(connection)
        for batch in batches:
            if progress:
                progress(str(batch["file_name"]))
            if _read_again(connection, warehouse.originals, batch):
                different.append(str(batch["batch_id"]))
        settle(connection)
    return Rebuilt(warehouse.newest or 0, based_on, len(batches), tuple(different))


def _known(warehouse: Warehouse) -> tuple[Snapshot, str]:
    """The list of batches to go by, and where it is from: the newest version, the list beside the originals, an older version."""
    problems: list[DashboardError] = []
    sources = [lambda version=version: (warehouse.snapshot_of(version), f"version {version}") for version in warehouse.versions]
    for source in (*sources[:1], lambda: (Snapshot.read(warehouse.originals), "the list of batches"), *sources[1:]):
        try:
            return source()
        except DashboardError as problem:
            problems.append(problem)
    raise problems[0]


def _path_of(originals: Path, batch: Record) -> Path:
    """Where the batch's original is kept."""
    return originals / f"{batch['sha256']}{batch['suffix'] or Path(str(batch['file_name'])).suffix.lower()}"


def _original_problem(originals: Path, batch: Record) -> str | None:
    """What is wrong with the original of a batch."""
    path = _path_of(originals, batch)
    named = f"{path.name} ({batch['file_name']}, {batch['batch_id']})"
    if not path.is_file():
        return f"{named} is missing"
    return None if Original.of(path, path.name).sha256 == batch["sha256"] else f"{named} was changed"


def _stop_at(found: list[str]) -> None:
    if found:
        more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
        remedy = "Put them back from a backup (python -m analytics restore FILE), or undo those batches; nothing was changed."
        raise WarehouseError(f"Originals cannot be read again: {'; '.join(found[:MOST_NAMED])}{more}.", remedy)


def _read_again(connection: duckdb.DuckDBPyConnection, originals: Path, batch: Record) -> bool:
    """Store the rows of one batch; returns whether the file is read differently now than when it was loaded."""
    read = _preview(originals, batch)
    if read.refusal or read.reading is None:
        reason = read.refusal.message if read.refusal else "a question is open"
        remedy = "Load the file again with a corrected recipe first, or undo the batch; nothing was changed."
        raise WarehouseError(f"{batch['file_name']} ({batch['batch_id']}) cannot be read again: {reason}", remedy)
    read = replace(read, reading=carried_out(read.reading, read.recipe, _answers_of(batch)))
    assert read.reading is not None
    store_rows(connection, read.reading, str(batch["batch_id"]))
    counts = (read.rows_read, read.rows_accepted, read.rows_rejected)
    same = counts == (batch["rows_read"], batch["rows_accepted"], batch["rows_rejected"])
    if not same:
        connection.execute(
            "UPDATE batches SET rows_read = ?, rows_accepted = ?, rows_rejected = ? WHERE batch_id = ?", [*counts, batch["batch_id"]]
        )
    return not same


def _preview(originals: Path, batch: Record) -> Preview:
    name = str(batch["file_name"])
    try:
        recipe = parse_recipe(str(batch["recipe_text"]), str(batch["recipe_name"]))
    except IntakeError as problem:
        raise WarehouseError(f"The recipe of {name} ({batch['batch_id']}): {problem.message}", problem.remedy) from problem
    return preview(_path_of(originals, batch), name, recipe, _answers_of(batch))


def _answers_of(batch: Record) -> dict[str, str]:
    """What was answered and decided when the file was loaded."""
    return json.loads(str(batch["answers"] or "{}"))
