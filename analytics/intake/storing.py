"""Writing what was read into a writer's copy: the batch, its rows, its refused rows."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from analytics.intake.checks import is_decision
from analytics.intake.occupied import Select
from analytics.intake.preview import Preview
from analytics.intake.reading import LEFT_OUT, Reading
from analytics.warehouse import How, Scope, Store
from analytics.warehouse.batches import ACTIVE, VENDOR_ROWS, replace_batch
from analytics.warehouse.schema import UTC_NOW

READ_AGAIN = ("counts", "encoding", "occupied", "sheet", "zeros")  # answers without which the original would be read or stored differently


# From the batches of these bytes (or the one that is corrected) to the batch that stands for each now.
_EARLIER = f"""
    WITH RECURSIVE standing AS (
        SELECT batch_id, status, replaced_by, answers AS first_answers FROM batches
        WHERE CASE WHEN $replaces = '' THEN sha256 = $sha256 ELSE batch_id = $replaces END
        UNION SELECT batches.batch_id, batches.status, batches.replaced_by, first_answers
        FROM batches JOIN standing ON batches.batch_id = standing.replaced_by WHERE standing.status <> '{ACTIVE}')
    SELECT batch_id, sequence, recipe_text, answers, first_answers FROM standing JOIN batches USING (batch_id)
    WHERE standing.status = '{ACTIVE}'"""


@dataclass(frozen=True, slots=True)
class Earlier:
    """The active batch of the same bytes."""

    batch_id: str
    sequence: int
    recipe_text: str
    answers: Mapping[str, str]


def earlier_reading(read: Preview, select: Select) -> Earlier | None:
    """The active batch of the file's very bytes (of a workbook: of the same sheet) or of their correction, None when there is none."""
    found = select(_EARLIER, {"sha256": read.sha256, "replaces": read.replaces})
    for batch, sequence, text, answers, first_answers in found.itertuples(index=False):
        if read.replaces or _answers(first_answers).get("sheet", "") == read.sheet:
            return Earlier(batch, int(sequence), text, _answers(answers))
    return None


def _answers(text: object) -> dict[str, str]:
    return json.loads(text) if isinstance(text, str) else {}


def new_batch(
    connection: duckdb.DuckDBPyConnection, read: Preview, earlier: Earlier | None, how: How, answers: Mapping[str, str], who: str
) -> tuple[str, set[str]]:
    """Record the batch and return its id; an earlier reading of the same bytes hands over its place, its vendors are returned."""
    batch = f"b{_one(connection, 'SELECT count(*) + 1 FROM batches'):04d}"
    sequence = earlier.sequence if earlier else _one(connection, "SELECT coalesce(max(sequence), 0) + 1 FROM batches")
    recipe, original = read.recipe, read.original
    values = {
        "batch_id": batch, "sequence": sequence, "file_name": read.file_name, "sha256": read.sha256, "shape": recipe.shape.value,
        "source": recipe.source, "recipe_name": recipe.name, "recipe_text": recipe.text, "rows_read": read.rows_read,
        "rows_accepted": read.rows_accepted, "rows_rejected": read.rows_rejected, "loaded_by": who, "status": ACTIVE, "how": how.value,
        "answers": json.dumps(_read_again(read, answers)), "suffix": original.suffix,
        "file_path": str(original.path) if original.path else None, "file_bytes": original.size, "file_modified_ns": original.modified_ns,
    }  # fmt: skip
    marks = ", ".join(f"${name}" for name in values)
    connection.execute(f"INSERT INTO batches ({', '.join(values)}, loaded_at) VALUES ({marks}, {UTC_NOW})", values)
    return batch, replace_batch(connection, earlier.batch_id, batch) if earlier else set()


def _read_again(read: Preview, answers: Mapping[str, str]) -> dict[str, str]:
    """The answers to be kept; the sheet also where nobody had to be asked, and which rows the recipe left out."""
    given = {key: value for key, value in answers.items() if key != "sheet" and (key in READ_AGAIN or is_decision(key))}
    left_out = next((issue.message for issue in read.issues if issue.code == LEFT_OUT), "")
    return given | {key: value for key, value in (("sheet", read.sheet), (LEFT_OUT, left_out)) if value}


def left_out_of(store: Store, scope: Scope, batch_id: str) -> str:
    """'1 row left out: totals, as the recipe says under exclude (Datum is 'Gesamt').', '' where the recipe left none out."""
    found = store.select(scope, "SELECT answers FROM batches WHERE batch_id = $batch", {"batch": batch_id})
    return _answers(found["answers"].iloc[0]).get(LEFT_OUT, "") if len(found) else ""


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    ((number,),) = connection.execute(sql).fetchall()
    return int(number)


def store_rows(connection: duckdb.DuckDBPyConnection, reading: Reading, batch: str) -> set[str]:
    """Write everything that was read of a file under its batch; returns the vendors whose rows must be settled."""
    touched: set[str] = set()
    for name, table in reading.tables.items():
        _insert(connection, name, table, batch)
        if name in VENDOR_ROWS:
            touched |= set(table.column("vendor").unique().to_pylist())
    if reading.weighted:
        _insert(connection, "weighted_measures", pa.table({"measure": list(reading.weighted)}), batch)
    if len(reading.rejects):
        _insert(connection, "rejects", reading.rejects.rows(), batch)
    return touched


def _insert(connection: duckdb.DuckDBPyConnection, name: str, rows: pa.Table | pa.RecordBatchReader, batch: str) -> None:
    connection.register("incoming", rows)
    connection.execute(f"INSERT INTO {name} BY NAME SELECT *, $batch AS batch_id FROM incoming", {"batch": batch})
    connection.unregister("incoming")
