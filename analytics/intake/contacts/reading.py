"""A file of contacts read by a recipe, as a stream: memory does not grow with its rows."""

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace

import duckdb

from analytics.errors import IntakeError
from analytics.intake.contacts.checks import contact_issues
from analytics.intake.contacts.places import places_of
from analytics.intake.contacts.refused import refused_records, refused_rows
from analytics.intake.contacts.rollup import Rolled, roll_up
from analytics.intake.contacts.sources import RecordFile, WholeText, write_records
from analytics.intake.contacts.staging import Staging
from analytics.intake.contacts.text import Text, open_text
from analytics.intake.originals import Original
from analytics.intake.progress import Tell
from analytics.intake.reading import Reading, left_out_issue
from analytics.intake.recipe import Recipe, Shape
from analytics.intake.rejects import REFUSED, store_rejects
from analytics.intake.sheet import no_rows
from analytics.intake.workspace import Workspace
from analytics.warehouse.failures import first_line
from analytics.warehouse.store import SAFE_CONFIG

MEMORY = "1GB"
LARGE = 1 << 26
COPY = "original"
_NO_SPACE = "Free some space for temporary files, or load the file in parts."


@dataclass(frozen=True, slots=True)
class _Read:
    """What a source came to: its sums, and the lines of rows with a wrong number of cells that DuckDB set aside."""

    source: WholeText | RecordFile
    rolled: Rolled
    torn: list[int]


def read_contacts(original: Original, recipe: Recipe, workspace: Workspace, tell: Tell, keeping: bool = False) -> Reading:
    """Contacts or events as rolled-up rows of `performance_rows`; the workspace is left with nothing but the refused rows.

    `keeping`: a large file is copied into the workspace meanwhile, to be moved to the originals.
    """
    try:
        with ThreadPoolExecutor(1) as pool:
            if keeping and original.path is not None and original.size >= LARGE:
                pool.submit(original.copy_ahead, workspace.folder / COPY)
            reading = _reading(original, recipe, workspace, tell)
    except OSError as problem:
        workspace.close()
        raise IntakeError(f"The file could not be read to its end: {first_line(problem)}.", _NO_SPACE) from problem
    except BaseException:
        workspace.close()
        raise
    if not len(reading.rejects) and not keeping:
        workspace.close()
    return replace(reading, workspace=workspace)


def _reading(original: Original, recipe: Recipe, workspace: Workspace, tell: Tell) -> Reading:
    text = open_text(original, recipe, workspace, tell)
    staging = Staging.of(recipe, text.top.header, text.examples)
    with connected(workspace) as connection:
        staging.prepare(connection)
        read = _read(connection, staging, text, workspace, tell)
        places = places_of(refused_records(connection, staging, read.source, read.rolled), read.source, read.torn)
        rejects = store_rejects(refused_rows(places, text, staging, isinstance(read.source, WholeText)), workspace)
        if not len(rejects) and not read.rolled.rows_accepted:
            raise no_rows(read.rolled.left_out)
        issues = [*contact_issues(connection, staging, read.source, read.rolled), *left_out_issue(read.rolled.left_out, recipe.exclude)]
    workspace.keep_only(REFUSED, COPY)
    return Reading({"performance_rows": read.rolled.table}, read.rolled.rows_accepted, rejects, tuple(issues))


@contextmanager
def connected(workspace: Workspace) -> Generator[duckdb.DuckDBPyConnection, None, None]:
    """A database of its own for one reading, that puts what does not fit into memory into the workspace."""
    connection = duckdb.connect(str(workspace.folder / "staged.duckdb"), config=SAFE_CONFIG)
    try:
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        connection.execute("SET enable_progress_bar = true")
        connection.execute("SET enable_progress_bar_print = false")
        # Lists of a few texts are compared one by one, and only where a CASE asks: a join per list would cost every row a third more.
        connection.execute("SET disabled_optimizers = 'in_clause'")
        yield connection
    except (duckdb.OutOfMemoryException, duckdb.IOException) as problem:
        raise IntakeError(f"The file could not be read to its end: {first_line(problem)}.", _NO_SPACE) from problem
    except duckdb.OutOfRangeException as problem:
        raise IntakeError(f"A sum is too large: {first_line(problem)}.", "Check the units and the separators in the recipe.") from problem
    finally:
        connection.close()


def _read(connection: duckdb.DuckDBPyConnection, staging: Staging, text: Text, workspace: Workspace, tell: Tell) -> _Read:
    """The text as a whole while its bytes are checked beside it, or its records one by one where that is not exact."""
    with ThreadPoolExecutor(1) as pool:
        scanning = pool.submit(lambda: text.original.fingerprint)
        whole = _read_whole(connection, staging, text, tell) if _has_required_column(staging) else None
        facts = scanning.result().text
    text.check(facts)
    if whole and isinstance(whole.source, WholeText) and whole.source.is_exact(facts, whole.rolled.rows, len(whole.torn)):
        return whole
    records = _records_of(staging, text, workspace, tell)
    return _Read(records, roll_up(connection, staging, records, tell), [])


def exact_source(
    connection: duckdb.DuckDBPyConnection, staging: Staging, text: Text, workspace: Workspace, tell: Tell
) -> tuple[WholeText | RecordFile, list[int]]:
    """Where the rows of a text are read from so that each knows its line, and the lines of torn rows that are not among them."""
    facts, whole = text.original.fingerprint.text, WholeText(text)
    text.check(facts)
    if _has_required_column(staging) and whole.is_regular(facts) and not whole.has_odd_cells:
        try:
            ((rows,),) = connection.execute(f"SELECT count(*) FROM {whole.sql}").fetchall()
        except (duckdb.InvalidInputException, duckdb.ConversionException):
            rows = -1
        torn = whole.torn_lines(connection) if rows >= 0 else None
        if torn is not None and whole.is_exact(facts, rows, len(torn)):
            return whole, torn
    return _records_of(staging, text, workspace, tell), []


def _records_of(staging: Staging, text: Text, workspace: Workspace, tell: Tell) -> RecordFile:
    places = [staging.cells.names.index(name) for name in staging.columns]
    return write_records(text, places, workspace, tell)


def _has_required_column(staging: Staging) -> bool:
    """Whether a row of nothing but delimiters is told by a missing period or vendor; one column alone cannot be split."""
    recipe = staging.recipe
    assert recipe.period_start is not None
    required = recipe.period_start.columns or recipe.dimensions["vendor"].column or recipe.shape is Shape.EVENTS
    return bool(required) and len(staging.cells.names) > 1


def _read_whole(connection: duckdb.DuckDBPyConnection, staging: Staging, text: Text, tell: Tell) -> _Read | None:
    """The text read by DuckDB; None where it gives up, which then the reader of records explains."""
    source = WholeText(text)
    if source.has_odd_cells:
        return None
    try:
        rolled = roll_up(connection, staging, source, tell)
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        return None
    torn = source.torn_lines(connection)
    return None if torn is None else _Read(source, rolled, torn)
