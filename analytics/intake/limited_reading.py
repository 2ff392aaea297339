"""Files whose rows are totals, results or a list, read by a recipe: small ones here, others by a limited process."""

from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from analytics.intake.across import turned
from analytics.intake.aggregates import read_aggregates
from analytics.intake.handing import plain, rebuilt
from analytics.intake.limited import is_read_here, run_limited
from analytics.intake.limits import Limits
from analytics.intake.originals import Original
from analytics.intake.problems import Issue
from analytics.intake.progress import Tell, untold
from analytics.intake.reading import Reading, left_out_issue
from analytics.intake.recipe import Recipe, Shape
from analytics.intake.register import read_register
from analytics.intake.rejects import REFUSED, ListedRejects, StoredRejects, write_rejects
from analytics.intake.scorecard import read_scorecard
from analytics.intake.sheet import decode, read_sheet, split
from analytics.intake.workspace import Workspace

SHEET_READERS = {Shape.AGGREGATES: read_aggregates, Shape.SCORECARD: read_scorecard, Shape.REGISTER: read_register}
_ROWS_READ = 0.6  # the share of the work


@dataclass(frozen=True, slots=True)
class _Handed:
    """A `Reading` less its tables, which are files in the workspace."""

    tables: tuple[str, ...]
    rows_accepted: int
    refused: int
    refusals: tuple[Issue, ...]
    issues: tuple[Issue, ...]
    weighted: tuple[str, ...]


def read_table(file: Original, recipe: Recipe, limits: Limits, inside: Path | None, tell: Tell) -> Reading:
    """The rows of a file as warehouse rows; what exceeds a limit: `IntakeError`."""
    limits.check_size(file.size, recipe.shape)
    if is_read_here(file):
        return reading_of(file, recipe)
    workspace = Workspace(inside)
    try:
        with file.on_disk() as path:
            given = {"path": str(path), "recipe": recipe, "folder": str(workspace.folder)}
            handed = rebuilt(_Handed, run_limited("read", given, limits, tell))
        return _received(handed, workspace)
    except BaseException:
        workspace.close()
        raise


def reading_of(file: Original, recipe: Recipe, tell: Tell = untold) -> Reading:
    """The rows of a file, read in this process."""
    sheet = read_sheet(decode(file.read(), recipe.encoding), recipe, lambda part: tell(part * _ROWS_READ, "Reading rows"))
    tell(_ROWS_READ, "Checking values")
    sheet = turned(sheet, recipe)
    kept, dropped = split(sheet, recipe)
    reading = SHEET_READERS[recipe.shape](kept, recipe)
    rules = [rule for rule in recipe.exclude if rule in dropped.values()]
    line = min((sheet.rows[index].line for index in dropped), default=None)
    return replace(reading, issues=(*reading.issues, *left_out_issue(len(dropped), rules, line)))


def read_table_here(path: Path, recipe: Recipe, folder: Path, tell: Tell) -> object:
    """Read the file, leave its tables and refused rows in `folder`, and say what else there is to say."""
    reading = reading_of(Original.of(path, path.name), recipe, tell)
    tell(0.95, "Handing over")
    for name, table in reading.tables.items():
        with pa.OSFile(str(folder / _file_of(name)), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table)
    refused, refusals = write_rejects(reading.rejects.first(len(reading.rejects)), folder)
    return plain(_Handed(tuple(reading.tables), reading.rows_accepted, refused, refusals, reading.issues, reading.weighted))


def _received(handed: _Handed, workspace: Workspace) -> Reading:
    """What a limited process left: the tables stay on the disk and are brought into memory page by page, where they are used."""
    tables = {name: pa.ipc.open_file(pa.memory_map(str(workspace.folder / _file_of(name)))).read_all() for name in handed.tables}
    rejects = ListedRejects()
    if handed.refused:
        rejects = StoredRejects(workspace.folder / REFUSED, handed.refused, handed.refusals, workspace)
    return Reading(tables, handed.rows_accepted, rejects, handed.issues, handed.weighted, workspace)


def _file_of(table: str) -> str:
    return f"{table}.arrow"
