"""Where staged rows are read from: the text itself, or its records written out one by one where that is not enough.

The text is read by DuckDB, several pieces at once. That is exact where lines end alike and quotes enclose whole cells, and
is checked by counting: lines of the text = header + rows read + torn rows. All other text is split by the reader of the
other shapes, record by record, into a file of columns: slower, but the same cells, and every record knows its lines.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from analytics.intake.contacts.sql import text_sql
from analytics.intake.contacts.staging import TORN
from analytics.intake.contacts.text import Text, opened_lines, path_of
from analytics.intake.progress import Tell
from analytics.intake.scanning import TextFacts, has_odd_cells
from analytics.intake.sheet import no_rows, records
from analytics.intake.workspace import Workspace

RECORD = "record"
AFTER = "after"
MOST_TORN = 10_000  # problems of cell counts that are remembered in memory
_IMPOSSIBLE = "\x01\x02\x03"  # an empty cell is a text like any other, no NULL
_AT_ONCE = 20_000
_WRONG_NUMBER = ("MISSING COLUMNS", "TOO MANY COLUMNS")


@dataclass(frozen=True, slots=True)
class WholeText:
    """The text as it lies on the disk."""

    text: Text
    places: tuple[str, ...] = (RECORD, AFTER)

    @property
    def sql(self) -> str:
        """Its rows, cells named by their place; rows with too many or too few cells are set aside by DuckDB."""
        columns = ", ".join(f"'cell_{place}': 'VARCHAR'" for place in range(len(self.text.top.header)))
        return f"""read_csv({text_sql(str(path_of(self.text)))}, auto_detect = false, header = true, skip = {self.text.top.line - 1},
            delim = {text_sql(self.text.top.delimiter)}, quote = '"', escape = '"', nullstr = {text_sql(_IMPOSSIBLE)},
            columns = {{{columns}}}, strict_mode = true, store_rejects = true, rejects_limit = {MOST_TORN},
            rejects_table = 'torn_rows', rejects_scan = 'torn_scans')"""

    @property
    def numbered_sql(self) -> str:
        """The same rows in the order of the file, with their number from 1 as `record`."""
        return f"(SELECT row_number() OVER () AS {RECORD}, NULL AS {AFTER}, * FROM {self.sql})"

    def torn_lines(self, connection: duckdb.DuckDBPyConnection) -> list[int] | None:
        """The lines of rows with a wrong number of cells, in order; None where something else was wrong with the text."""
        found = connection.execute("SELECT line, error_type FROM torn_rows ORDER BY line").fetchall()
        if len(found) >= MOST_TORN or any(kind not in _WRONG_NUMBER for _, kind in found):
            return None
        return list(dict.fromkeys(line for line, _ in found))

    def is_exact(self, facts: TextFacts, rows: int, torn: int) -> bool:
        """Whether every line of the text is accounted for, so that a row's place tells its line."""
        return self.is_regular(facts) and facts.lines == self.text.top.line + rows + torn

    def is_regular(self, facts: TextFacts) -> bool:
        """Whether DuckDB and the reader of records split the text alike; nothing is known about single quotes."""
        one_line = self.text.top.line == self.text.top.last_line
        return facts.is_uniform and not facts.loose_quotes and one_line and self.text.top.quote == '"'

    @property
    def has_odd_cells(self) -> bool:
        """Whether so many rows would be set aside that DuckDB takes long (40 us a row) and much memory (6 KB) to do it."""
        top = self.text.top
        with self.text.original.open() as stream:
            return len(top.delimiter.encode()) == 1 and has_odd_cells(stream, top.delimiter, len(top.header), MOST_TORN)


@dataclass(frozen=True, slots=True)
class RecordFile:
    """The records of a text, each with its first line, the line after its last, and whether its number of cells is wrong."""

    path: Path
    places: tuple[str, ...] = (RECORD, AFTER, TORN)

    @property
    def sql(self) -> str:
        """Its rows, cells named by their place."""
        return f"read_parquet({text_sql(str(self.path))})"

    @property
    def numbered_sql(self) -> str:
        """The same: `record` is the first line."""
        return self.sql


def write_records(text: Text, columns: list[int], workspace: Workspace, tell: Tell) -> RecordFile:
    """Split a text record by record; kept are the cells at these places. A torn quote or a table without rows: `IntakeError`."""
    names = [RECORD, AFTER, TORN, *(f"cell_{place}" for place in columns)]
    types = [pa.int64(), pa.int64(), pa.bool_(), *(pa.string() for _ in columns)]
    schema = pa.schema(list(zip(names, types, strict=True)))
    found, path = _records(text, columns, tell), workspace.folder / "records.parquet"
    some = False
    with pq.ParquetWriter(path, schema) as writer:
        while piece := list(islice(found, _AT_ONCE)):
            arrays = [pa.array(column, kind) for column, kind in zip(zip(*piece, strict=True), types, strict=True)]
            writer.write_batch(pa.record_batch(arrays, schema=schema))
            some = True
    if not some:
        raise no_rows()
    return RecordFile(path)


def _records(text: Text, columns: list[int], tell: Tell) -> Iterator[tuple]:
    """(line, line after, torn, cells...) of every record that is not blank."""
    width, size, blank = len(text.top.header), max(text.original.size, 1), [""] * len(columns)
    with opened_lines(text) as stream:
        lines = _told(islice(stream, text.top.line - 1, None), size, tell)
        for line, after, cells in islice(records(lines, text.top.line, text.top.delimiter, text.top.quote), 1, None):
            if not "".join(cells).strip():
                continue
            torn = len(cells) != width
            yield line, after, torn, *(blank if torn else [cells[place] for place in columns])


def _told(lines: Iterator[str], size: int, tell: Tell) -> Iterator[str]:
    done = 0
    for number, line in enumerate(lines):
        yield line
        done += len(line)
        if number % _AT_ONCE == 0:
            tell(min(done / size, 1.0), "Splitting")
