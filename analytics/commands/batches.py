"""Commands about the files loaded: batches, undo, rejects, history."""

from dataclasses import asdict, replace
from pathlib import Path

import click
import pandas as pd

from analytics.commands.common import command, plain, print_json, print_table, read_answer, say
from analytics.commands.outcomes import finish
from analytics.errors import UsageError, WarehouseError, did_you_mean
from analytics.exports import csv_bytes
from analytics.history import changes_made, refused_rows, restated_numbers
from analytics.intake.quarantine import fix, read_corrections, refused_cells
from analytics.restatements import recorded
from analytics.undoing import undo as undo_batch
from analytics.warehouse import Batch, Scope, Store, Warehouse, list_batches, shown_statuses
from analytics.wording import counted

LOCAL = Scope.everything()
SHOWN_REJECTS = 20
SHOWN_RESTATEMENTS = 20


@command("batches")
def batches(warehouse: Warehouse, as_json: bool) -> None:
    """List the loaded files, those undone or replaced included."""
    store = warehouse.open()
    became = shown_statuses(store, LOCAL)
    listed = [replace(batch, status=became[batch.batch_id]) for batch in list_batches(store, LOCAL)]
    if as_json:
        print_json({"rows": [{**asdict(batch), "loaded_at": f"{batch.loaded_at:%Y-%m-%dT%H:%M:%SZ}"} for batch in listed]})
        return
    for batch in listed:
        click.echo(_batch_text(batch))


def _batch_text(batch: Batch) -> str:
    rows = counted(batch.rows_accepted, "row") + (f", {batch.rows_rejected:,} refused" if batch.rows_rejected else "")
    return f"{batch.batch_id}  {batch.loaded_at:%Y-%m-%d %H:%M}  {batch.status:8}  {batch.source:16}  {batch.file_name}  {rows}"


@command("undo")
@click.argument("batch")
def undo(warehouse: Warehouse, as_json: bool, batch: str) -> None:
    """Take a loaded file out again, as if it had never come."""
    undone = undo_batch(warehouse, batch)
    say(f"{undone.batch_id} ({undone.file_name}) is undone.")
    if as_json:
        print_json({"batch": undone.batch_id, "file": undone.file_name, "status": "undone"})


@command("rejects")
@click.argument("batch")
@click.option("--out", type=click.Path(path_type=Path), help="Write them as CSV for a spreadsheet: line, column, reason, remedy, text.")
@click.option("--csv", "cells", type=click.Path(path_type=Path), help="Write them under the file's own columns, to be corrected.")
@click.option("--fixed", type=click.Path(path_type=Path), help="Put the rows of such a file, corrected, in the places of the refused ones.")
@click.option("--set", "answers", multiple=True, metavar="KEY=VALUE", help="With --fixed: answer a question.")
def rejects(
    warehouse: Warehouse, as_json: bool, batch: str, out: Path | None, cells: Path | None, fixed: Path | None, answers: tuple[str, ...]
) -> None:
    """The refused rows of a loaded file: see them, take them away, bring them back corrected."""
    store = warehouse.open()
    found = _batch_named(store, batch)
    if fixed:
        report = fix(warehouse, found.batch_id, read_corrections(fixed), answers=dict(read_answer(text) for text in answers))
        finish([report], as_json)
        return
    if cells:
        refused = refused_cells(store, LOCAL, warehouse.originals, found.batch_id, found.rows_rejected)
        _write_csv(cells, refused.rows)
        say(f"{found.batch_id} ({found.file_name}): {counted(len(refused.rows), 'refused row')} written to {cells}.")
        return
    rows = refused_rows(store, LOCAL, found.batch_id)
    if out:
        _write_csv(out, rows)
    if as_json:
        print_json({"batch": found.batch_id, "file": found.file_name, "rows": _records(rows)})
    elif not out:
        _print_rejects(rows)
    say(f"{found.batch_id} ({found.file_name}): {len(rows):,} refused rows{f' written to {out}' if out else ''}.")


def _batch_named(store: Store, batch_id: str) -> Batch:
    known = {batch.batch_id: batch for batch in list_batches(store, LOCAL)}
    if batch_id not in known:
        raise UsageError(f"Unknown batch '{batch_id}'.", did_you_mean(batch_id, known) or "See `python -m analytics batches`.")
    return known[batch_id]


def _write_csv(out: Path, rows: pd.DataFrame) -> None:
    try:
        out.write_bytes(csv_bytes(rows))
    except OSError as problem:
        raise WarehouseError(f"{out} cannot be written: {problem.strerror or problem}.", "Choose another path with --out.") from problem


def _print_rejects(rows: pd.DataFrame) -> None:
    shown = rows.head(SHOWN_REJECTS)
    if len(shown):
        texts = [["" if value is None else str(value) for value in map(plain, row)] for row in shown.itertuples(index=False)]
        print_table([["Line", "Column", "Reason", "Remedy", "Raw"], *texts])
    if len(rows) > SHOWN_REJECTS:
        say(f"... and {len(rows) - SHOWN_REJECTS:,} more; --out FILE.csv writes all.")


@command("history")
@click.argument("batch", required=False)
def history(warehouse: Warehouse, as_json: bool, batch: str | None) -> None:
    """Who changed the warehouse when, and which published numbers a load or an undo changed; BATCH: only that file's numbers."""
    store = warehouse.open()
    found = _batch_named(store, batch) if batch else None
    changes = changes_made(store, LOCAL)
    chosen = found.batch_id if found else ""
    every = recorded(store, LOCAL, chosen)
    if as_json:
        print_json(({} if found else {"rows": _records(changes)}) | {"restatements": _records(every)})
        return
    restated = restated_numbers(store, LOCAL, chosen)
    if not found:
        print_table([["When (UTC)", "Who", "Action", "What"], *_texts(changes, "changed_at")])
    if len(restated):
        click.echo("" if found else "\nPublished numbers that changed")
        names = ["restated_at", "action", "batch_id", "vendor", "period", "kpi", "before", "now"]
        shown = _texts(restated[names].head(SHOWN_RESTATEMENTS), "restated_at")
        print_table([["When (UTC)", "By", "Batch", "Vendor", "Period", "KPI", "Before", "Now"], *shown])
        if len(every) > SHOWN_RESTATEMENTS:
            say(f"... and {len(every) - SHOWN_RESTATEMENTS:,} more; --json lists all.")
    elif found:
        say(f"{found.batch_id} ({found.file_name}) changed no published number.")


def _texts(rows: pd.DataFrame, moment: str) -> list[list[str]]:
    """The cells as text, the moment to the minute."""
    shown = rows.assign(**{moment: [f"{value:%Y-%m-%d %H:%M}" for value in rows[moment]]})
    return [[str(value) for value in row] for row in shown.itertuples(index=False)]


def _records(rows: pd.DataFrame) -> list[dict[str, object]]:
    """Rows as JSON values, moments with their zone."""
    return [{str(name): _json(str(name), value) for name, value in row.items()} for row in rows.to_dict("records")]


def _json(name: str, value: object) -> object:
    return f"{value:%Y-%m-%dT%H:%M:%SZ}" if name.endswith("_at") else plain(value)


COMMANDS: list[click.Command] = [batches, undo, rejects, history]
