"""Rows typed by hand, for any register: they become a small CSV file and go the way of every file.

    entered(warehouse, "notes", [{"written_on": day, "author": "S. Okafor", "kpi": "csat", "body": "..."}], who) -> FileReport
    brought(warehouse, "targets", Original.of(content, "targets.csv"), who) -> FileReport

`entered` makes the file, named like 'entered: notes 2026-11-22'; `brought` takes one that somebody has. Both read it by the register's
recipe, check it, and keep it as a batch: it has an original, somebody who brought it, a place in the history, an undo, and `rebuild`
makes it again. Nothing is ever edited: a row with the key of an earlier one stands in its place, and the earlier one stays readable.
With `dry_run` everything is said and nothing is stored.

All rows are stored or none. The report is that of `load`: STORED with its batch, UNCHANGED when every row counts as it is already,
DRY_RUN, or REFUSED with all problems at once, each with its remedy; an issue about the row at position n has line n + 2.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial

import pandas as pd

from analytics.catalogue import using
from analytics.errors import IntakeError, unknown
from analytics.intake.checks.targets import beside_stored
from analytics.intake.keeping import keep, rehearse
from analytics.intake.load import SHIPPED_RECIPES
from analytics.intake.originals import Original
from analytics.intake.preview import Preview, preview
from analytics.intake.problems import Issue, Level
from analytics.intake.recipe import Recipe
from analytics.intake.recipe_text import parse_recipe, read_recipe
from analytics.intake.register_fields import REGISTER_FIELDS
from analytics.intake.report import FileReport, Status, report_of
from analytics.intake.storing import earlier_reading
from analytics.warehouse import Scope, Store, Warehouse
from analytics.warehouse.registers import REGISTERS

TARGETS = "targets"
ENTERED_AT = "entered_at"
Cell = str | float | Decimal | date | None
Row = Mapping[str, Cell]


def entered(warehouse: Warehouse, register: str, rows: Sequence[Row], who: str = "local", *, dry_run: bool = False) -> FileReport:
    """Store rows of a register that somebody typed: field name -> text, number, date or None (a field left out is empty).

    Cells are read as in a file: a level may be 0.8 or '80 %', 300 or '5:00'; blanks and line breaks in texts become one blank.
    No rows, an unknown register or field: `DashboardError`.
    """
    now = datetime.now(UTC)
    original = Original.of(_csv(register, rows, now), f"entered: {register.replace('_', ' ')} {now:%Y-%m-%d}")
    return _stored(warehouse, register, original, entry_recipe(register), who, dry_run)


def brought(warehouse: Warehouse, register: str, file: Original, who: str = "local", *, dry_run: bool = False) -> FileReport:
    """Store a file of a register, all of its rows or none; its columns are named like the fields. See the module's words.

    UNCHANGED with a warning: these very bytes are stored, and later rows stand in place of some.
    """
    return _stored(warehouse, register, file, read_recipe(SHIPPED_RECIPES / f"{register}.toml"), who, dry_run)


def typed_rows(register: str, rows: Sequence[Row]) -> pd.DataFrame:
    """The rows as they would be stored, levels in base units; those that cannot be read are left out."""
    read = preview(Original.of(_csv(register, rows, datetime.now(UTC)), register), register, entry_recipe(register))
    return read.reading.tables[REGISTERS[register].rows].to_pandas() if read.reading else pd.DataFrame()


def entry_recipe(register: str) -> Recipe:
    """The recipe of rows that were typed: every field under its own name, dates as 2026-07-01, only an empty cell is missing."""
    if register not in REGISTERS:
        raise unknown("register", register, REGISTERS)
    columns = ", ".join(f'"{name}"' for name in (*REGISTER_FIELDS[register], ENTERED_AT))
    settings = f'shape = "register"\nregister = "{register}"\nsource = "{register}"\ndelimiter = ","\nmissing = []\n'
    return parse_recipe(f"{settings}[match]\ncolumns = [{columns}]\n", f"entered {register}")


def _csv(register: str, rows: Sequence[Row], now: datetime) -> bytes:
    """The file; the moment it was made is in it, so that the same words entered again are a file of their own."""
    fields = REGISTER_FIELDS.get(register) or {}
    if not rows:
        raise IntakeError("There is no row to store.", "Fill in one row at least.")
    if odd := next((name for row in rows for name in row if name not in fields), None):
        raise unknown(f"field of {register}", odd, fields) if fields else unknown("register", register, REGISTERS)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow([*fields, ENTERED_AT])
    writer.writerows([*(_written(row.get(name)) for name in fields), now.isoformat()] for row in rows)
    return text.getvalue().encode()


def _written(cell: Cell) -> str:
    if cell is None or cell != cell:
        return ""
    if isinstance(cell, float):
        return f"{Decimal(str(cell)):f}"
    return cell.strftime("%Y-%m-%d") if isinstance(cell, date) else " ".join(str(cell).split())


def _stored(warehouse: Warehouse, register: str, file: Original, recipe: Recipe, who: str, dry_run: bool) -> FileReport:
    with using(warehouse.catalogue):
        store = warehouse.open() if warehouse.exists else None
        read = _with_findings(preview(file, file.name, recipe, inside=warehouse.folder), register, store)
        if read.reading is None or any(issue.level is Level.ERROR for issue in read.issues):
            return report_of(read, Status.QUESTIONS if read.questions else Status.REFUSED)
        if store and _counts_already(read, register, store):
            return report_of(read, Status.UNCHANGED)
        if store and (earlier := earlier_reading(read, partial(store.select, Scope.everything()))):
            return report_of(read, Status.UNCHANGED, earlier.batch_id, issues=(_overtaken(earlier.batch_id),))
        return rehearse(warehouse, read) if dry_run else keep(warehouse, read, who)


def _overtaken(batch: str) -> Issue:
    message = f"This very file is stored as {batch}, and later rows stand in place of some of its rows: it changes nothing."
    return Issue(Level.WARNING, "overtaken", message, "Enter those rows again, or undo the batch that replaced them.")


def _with_findings(read: Preview, register: str, store: Store | None) -> Preview:
    """The rows with what they contradict of what is stored. Where each is refused for a reason, that none is left goes without saying."""
    if read.reading is None:
        return read
    select = partial(store.select, Scope.everything()) if store else None
    beside = beside_stored(read.reading, select, date.today()) if register == TARGETS else ()
    issues = [issue for issue in read.reading.issues if ENTERED_AT not in issue.message]
    issues += [issue for issue in beside if issue.level is Level.ERROR]  # warnings are found when the rows are kept
    return replace(read, reading=replace(read.reading, issues=tuple(issues)), refusal=None if read.rows_rejected else read.refusal)


def _counts_already(read: Preview, register: str, store: Store) -> bool:
    """Whether every row is in the register as it is."""
    assert read.reading is not None
    names = list(REGISTER_FIELDS[register])
    current = store.select(Scope.everything(), f"SELECT {', '.join(names)} FROM {register}")
    counting = {tuple(map(_comparable, row)) for row in current.itertuples(index=False, name=None)}
    new = read.reading.tables[REGISTERS[register].rows].select(names).to_pylist()
    return all(tuple(_comparable(row[name]) for name in names) in counting for row in new)


def _comparable(cell: object) -> object:
    if cell is None or cell is pd.NaT or cell != cell:
        return None
    if isinstance(cell, Decimal):
        return float(cell)
    return cell.date() if isinstance(cell, datetime) else cell
