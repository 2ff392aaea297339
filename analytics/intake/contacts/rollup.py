"""Staged rows added up by the SQL texts in data/rollup, exactly as they are written there."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from analytics.catalogue import BUILT_IN, DIMENSIONS, MEASURES, MeasureKind
from analytics.errors import IntakeError
from analytics.intake.contacts.field import Field
from analytics.intake.contacts.sources import RecordFile, WholeText
from analytics.intake.contacts.staging import PROBLEM, PROBLEM_LEFT_OUT, Staging
from analytics.intake.contacts.watching import run
from analytics.intake.progress import Tell
from analytics.intake.reading import AMOUNT, COLUMN_TYPES
from analytics.intake.recipe import Recipe, Shape
from analytics.warehouse.settle import PERFORMANCE_KEY

ROLLUPS = Path(__file__).resolve().parents[3] / "data" / "rollup"
OWN_MEASURES = 12
_MEASURE_LINE = re.compile(r"^    CASE WHEN count\((?P<name>\w+)\) .* END AS (?P=name)", re.MULTILINE)
_COUNTED_ROWS, _ADDED_ROWS = "count(*) AS file_rows", "CAST(sum(file_rows) AS BIGINT) AS file_rows"
_READ_TOGETHER = "Split the file, or map the column that tells them apart."


@dataclass(frozen=True, slots=True)
class Rolled:
    """What staged rows added up to. `rows`: rows of the file that were read; `refused`: problem -> how many rows have it."""

    table: pa.Table
    rows: int
    left_out: int
    refused: dict[int, int]

    @property
    def rows_accepted(self) -> int:
        """Rows of the file that are kept."""
        return self.rows - self.left_out - sum(self.refused.values())


def roll_up(connection: duckdb.DuckDBPyConnection, staging: Staging, source: WholeText | RecordFile, tell: Tell) -> Rolled:
    """Stage the rows of a source and add them up; sums beyond what is stored: `IntakeError`."""
    if staging.recipe.shape is Shape.EVENTS:
        return _fold(connection, staging, source, tell)
    text, coarse = _filled(rollup_text(Shape.INTERACTIONS), staging.recipe), staging.coarse
    stage(connection, staging, source, coarse)
    if coarse:
        # Days and names are read once per different cell instead of once per row: sums of sums are the same sums.
        run(connection, f"CREATE OR REPLACE TEMP TABLE added_up AS {text}", tell, "Adding up")
        connection.execute(f"CREATE OR REPLACE TEMP VIEW staged AS {staging.select_again('added_up', coarse)}")
        text = text.replace(_COUNTED_ROWS, _ADDED_ROWS)
    found = run(connection, text, tell, "Adding up")
    counts = dict.fromkeys(found.column(PROBLEM).unique().to_pylist(), 0)
    for problem, rows in zip(found.column(PROBLEM).to_pylist(), found.column("file_rows").to_pylist(), strict=True):
        counts[problem] += rows
    accepted = found.filter(found.column(PROBLEM).is_null()).drop_columns([PROBLEM])
    return _rolled(accepted, counts, staging.recipe)


def stage(connection: duckdb.DuckDBPyConnection, staging: Staging, source: WholeText | RecordFile, unread: Collection[Field] = ()) -> None:
    """The view `staged` of a source's rows, as the texts expect it; of fields `unread` it has the cells as they came."""
    extra = source.places if isinstance(source, RecordFile) else ()
    staged = _with_all_measures(staging, staging.select(source.sql, extra, unread=unread))
    connection.execute(f"CREATE OR REPLACE TEMP VIEW staged AS {staged}")


def _fold(connection: duckdb.DuckDBPyConnection, staging: Staging, source: WholeText | RecordFile, tell: Tell) -> Rolled:
    """Events: the staged rows are needed several times, so they are kept."""
    staged = _with_all_measures(staging, staging.select(source.numbered_sql, source.places))
    run(connection, f"CREATE OR REPLACE TABLE staged AS {staged}", tell, "Reading")
    counts = dict(connection.execute(f"SELECT {PROBLEM}, count(*) FROM staged GROUP BY ALL").fetchall())
    return _rolled(run(connection, rollup_text(Shape.EVENTS), tell, "Folding"), counts, staging.recipe)


def rollup_text(shape: Shape) -> str:
    """The SQL text of a shape."""
    return (ROLLUPS / f"{shape.value}.sql").read_text(encoding="utf-8")


def _filled(text: str, recipe: Recipe) -> str:
    """The text with NULL for the measures a recipe does not fill, which is what they add up to."""
    filled = {own_columns(recipe).get(entry.measure, entry.measure) for entry in recipe.measures}
    return _MEASURE_LINE.sub(lambda line: line[0] if line["name"] in filled else f"    NULL AS {line['name']}", text)


def own_columns(recipe: Recipe) -> dict[str, str]:
    """The users' own measures a recipe fills -> the column of the rollup that carries each."""
    own = [entry.measure for entry in recipe.measures if entry.measure not in BUILT_IN.measures]
    if len(own) > OWN_MEASURES:
        message = f"The recipe fills {len(own)} measures of your own from contacts."
        raise IntakeError(message, f"At most {OWN_MEASURES} are added up at once: load the file with two recipes.")
    return {name: f"own_measure_{place}" for place, name in enumerate(own, start=1)}


def _with_all_measures(staging: Staging, staged: str) -> str:
    """The staged rows with every measure the rollup names: NULL where the recipe does not fill it."""
    own = own_columns(staging.recipe)
    filled = {entry.measure for entry in staging.recipe.measures}
    renamed = [f"{name} AS {column}" for name, column in own.items()]
    absent = [f"CAST(NULL AS {measure.kind.value}) AS {name}" for name, measure in BUILT_IN.measures.items() if name not in filled]
    absent += [f"CAST(NULL AS BIGINT) AS own_measure_{place}" for place in range(len(own) + 1, OWN_MEASURES + 1)]
    return f"SELECT *, {', '.join([*renamed, *absent])} FROM ({staged})"


def _rolled(found: pa.Table, counts: dict[int | None, int], recipe: Recipe) -> Rolled:
    refused = {problem: rows for problem, rows in counts.items() if problem is not None and problem != PROBLEM_LEFT_OUT}
    return Rolled(_stored_columns(found, recipe), sum(counts.values()), counts.get(PROBLEM_LEFT_OUT, 0), refused)


def _stored_columns(found: pa.Table, recipe: Recipe) -> pa.Table:
    """The rows as the warehouse keeps them, in the order of period and dimensions."""
    assert recipe.period_start is not None
    own = own_columns(recipe)
    size = found.num_rows
    columns = {"source": pa.array([recipe.source] * size, pa.string()), "grain": pa.array([recipe.period_start.grain] * size, pa.string())}
    for name in ("period_start", *DIMENSIONS, "threshold_seconds", "currency", "file_rows"):
        columns[name] = found.column(name).cast(COLUMN_TYPES.get(name, pa.string()))
    for entry in recipe.measures:
        columns[entry.measure] = _sums(found.column(own.get(entry.measure, entry.measure)), entry.measure)
    table = pa.table(columns).sort_by([(name, "ascending") for name in ("period_start", *DIMENSIONS)])
    if table.group_by(list(PERFORMANCE_KEY)).aggregate([]).num_rows != table.num_rows:
        raise IntakeError("Contacts to be added up have different thresholds or currencies.", _READ_TOGETHER)
    return table


def _sums(column: pa.ChunkedArray, measure: str) -> pa.ChunkedArray:
    """Sums in the type of their measure."""
    try:
        return column.cast(AMOUNT if MEASURES[measure].kind is MeasureKind.AMOUNT else pa.int64())
    except pa.ArrowInvalid as problem:
        raise IntakeError(f"The sum of {measure} is too large.", "Check the unit and the separators in the recipe.") from problem
