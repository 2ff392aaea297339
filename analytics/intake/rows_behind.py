"""The rows of an original file behind a number, as they came: read again by the batch's own recipe and answers."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import duckdb
import pandas as pd

from analytics.catalogue import DIMENSIONS
from analytics.errors import WarehouseError
from analytics.intake.contacts.keys import FOLD_KEY, FOLD_ORDER
from analytics.intake.contacts.reading import connected, exact_source
from analytics.intake.contacts.sources import RECORD, RecordFile, WholeText, write_records
from analytics.intake.contacts.staging import PROBLEM, Staging
from analytics.intake.contacts.text import Text, open_text
from analytics.intake.limits import Limits, limits_of
from analytics.intake.originals import Original
from analytics.intake.personal import masked
from analytics.intake.progress import untold
from analytics.intake.recipe import CONTACT_SHAPES, Recipe, Shape
from analytics.intake.recipe_text import parse_recipe
from analytics.intake.rows_of_table import KEY, MOST_ROWS, Key, Refused, rows_of_table
from analytics.intake.workbook import as_text
from analytics.intake.workspace import Workspace
from analytics.warehouse import Scope, Store

LINE = "line of the file"


@dataclass(frozen=True)
class FileRows:
    """Rows of a file in its order: `rows` has their line and every cell under the file's own column names, at most MOST_ROWS of `count`."""

    rows: pd.DataFrame
    count: int


def rows_behind(store: Store, scope: Scope, originals: Path, batch_id: str, keys: pd.DataFrame) -> FileRows:
    """The accepted rows of a batch's original whose period and dimensions are among `keys` (columns KEY).

    Personal data in them is masked. Of events the one that stands for its contact. An original that is missing or was changed:
    `WarehouseError`.
    """
    original, recipe, sheet = original_of(store, scope, originals, batch_id)
    wanted = _as_written(keys, _decisions(store, scope, batch_id))
    with as_text(original, recipe, sheet) as (text, by):
        if by.shape in CONTACT_SHAPES:
            found = _contacts(text, by, wanted)
        else:
            found = _table(text, by, wanted, _refused(store, scope, batch_id), limits_of(originals.parent))
    return replace(found, rows=found.rows.map(lambda cell: masked(cell) if isinstance(cell, str) else cell))


def _decisions(store: Store, scope: Scope, batch_id: str) -> dict[str, str]:
    """What was answered and decided when the file was loaded."""
    (text,) = store.select(scope, "SELECT answers FROM batches WHERE batch_id = $batch", {"batch": batch_id})["answers"]
    return json.loads(text) if isinstance(text, str) else {}


def _as_written(keys: pd.DataFrame, decisions: Mapping[str, str]) -> pd.DataFrame:
    """The keys, and the same with every name as the file writes it."""
    for key, stored in decisions.items():
        dimension, _, written = key.partition(".")
        if dimension in DIMENSIONS and written != stored:
            keys = pd.concat([keys, keys[keys[dimension] == stored].assign(**{dimension: written})], ignore_index=True)
    return keys


def original_of(store: Store, scope: Scope, originals: Path, batch_id: str) -> tuple[Original, Recipe, str]:
    """The file of a batch, the recipe it was read by, and the sheet that was chosen ('' for none)."""
    sql = "SELECT file_name, sha256, suffix, recipe_text, recipe_name, answers FROM batches WHERE batch_id = $batch"
    found = store.select(scope, sql, {"batch": batch_id}).to_dict("records")
    if not found:
        raise WarehouseError(f"The batch {batch_id} is not known.", "Its file cannot be shown.")
    (batch,) = found
    suffix = batch["suffix"] if isinstance(batch["suffix"], str) else Path(batch["file_name"]).suffix.lower()
    path = originals / f"{batch['sha256']}{suffix}"
    if not path.is_file() or Original.of(path, batch["file_name"]).sha256 != batch["sha256"]:
        message = f"The original of {batch['file_name']} ({batch_id}) is not in {originals} as it was loaded."
        raise WarehouseError(message, "Put it back from a backup: python -m analytics restore FILE.")
    answers = json.loads(batch["answers"]) if isinstance(batch["answers"], str) else {}
    recipe = parse_recipe(batch["recipe_text"], batch["recipe_name"])
    return (
        Original.of(path, batch["file_name"]),
        replace(recipe, encoding=answers.get("encoding", recipe.encoding)),
        answers.get("sheet", ""),
    )


def _table(original: Original, recipe: Recipe, keys: pd.DataFrame, refused: Refused, limits: Limits) -> FileRows:
    """Rows of a table of totals or results."""
    found = rows_of_table(original, recipe, list(_plain(keys)), refused, limits)
    return FileRows(_named([(line, *cells) for line, cells in found.rows], found.header), found.count)


def _refused(store: Store, scope: Scope, batch_id: str) -> Refused:
    """(line, column) of the batch's rows that were refused."""
    sql = "SELECT line, column_name FROM rejects WHERE batch_id = $batch AND line IS NOT NULL"
    found = store.select(scope, sql, {"batch": batch_id})
    return [(int(line), column if isinstance(column, str) else None) for line, column in found.itertuples(index=False)]


def _plain(keys: pd.DataFrame) -> Iterator[Key]:
    """The keys as Python values, None for a dimension that is not there."""
    for start, *dimensions in keys[list(KEY)].itertuples(index=False, name=None):
        yield pd.Timestamp(start).date(), *(value if isinstance(value, str) else None for value in dimensions)


def _contacts(original: Original, recipe: Recipe, keys: pd.DataFrame) -> FileRows:
    """Rows of a file of contacts or events; memory does not grow with the file."""
    workspace = Workspace()
    try:
        text = open_text(original, recipe, workspace, untold)
        staging = Staging.of(recipe, text.top.header, text.examples)
        with connected(workspace) as connection:
            staging.prepare(connection)
            source = _source(connection, staging, text, workspace)
            connection.execute("CREATE TEMP TABLE wanted (period_start DATE, vendor VARCHAR, site VARCHAR, lob VARCHAR, channel VARCHAR)")
            connection.executemany("INSERT INTO wanted VALUES (?, ?, ?, ?, ?)", list(_plain(keys)))
            return _matching(connection, staging, source, text)
    finally:
        workspace.close()


def _source(connection: duckdb.DuckDBPyConnection, staging: Staging, text: Text, workspace: Workspace) -> WholeText | RecordFile:
    """The text as it lies on the disk where a row's place tells its line, else its records one by one with all their cells."""
    source, torn = exact_source(connection, staging, text, workspace, untold)
    if isinstance(source, WholeText) and not torn:
        return source
    return write_records(text, list(range(len(text.top.header))), workspace, untold)


def _matching(connection: duckdb.DuckDBPyConnection, staging: Staging, source: WholeText | RecordFile, text: Text) -> FileRows:
    """The staged rows with a wanted key, their cells as they came."""
    cells = [f"cell_{place}" for place in range(len(text.top.header))]
    staged = staging.select(source.numbered_sql, [*source.places, *cells])
    standing = f"QUALIFY row_number() OVER (PARTITION BY {FOLD_KEY} ORDER BY {FOLD_ORDER} DESC, {RECORD} DESC) = 1"
    accepted = f"SELECT * FROM ({staged}) WHERE {PROBLEM} IS NULL {standing if staging.recipe.shape is Shape.EVENTS else ''}"
    same = " AND ".join(f"accepted.{name} IS NOT DISTINCT FROM wanted.{name}" for name in KEY)
    matching = f"SELECT {', '.join([RECORD, *cells])} FROM ({accepted}) AS accepted SEMI JOIN wanted ON {same}"
    connection.execute(f"CREATE TEMP TABLE found AS {matching}")
    ((rows,),) = connection.execute("SELECT count(*) FROM found").fetchall()
    before = text.top.line if isinstance(source, WholeText) else 0
    shown = connection.execute(f"SELECT {before} + {RECORD}, {', '.join(cells)} FROM found ORDER BY {RECORD} LIMIT {MOST_ROWS}").fetchall()
    return FileRows(_named(shown, text.top.header), rows)


def _named(rows: Sequence[tuple], header: Sequence[str]) -> pd.DataFrame:
    """The rows under the file's column names; a name that stands there twice gets a number."""
    names: dict[str, None] = {LINE: None}
    for name in header:
        tries = (name if attempt == 1 else f"{name} ({attempt})" for attempt in count(1))
        names[next(one for one in tries if one not in names)] = None
    return pd.DataFrame(rows, columns=list(names))
