"""Files of contacts for tests: read by the product, and once more row by row with the Python readers alone."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from analytics.intake import Recipe, parse_recipe
from analytics.intake.contacts import read_contacts
from analytics.intake.contacts.field import UnreadableError
from analytics.intake.contacts.reading import connected
from analytics.intake.contacts.sources import write_records
from analytics.intake.contacts.staging import Staging
from analytics.intake.contacts.text import open_text
from analytics.intake.originals import Original
from analytics.intake.progress import untold
from analytics.intake.reading import Reading
from analytics.intake.workspace import Workspace

HEAD = """shape = "interactions"
source = "acd"
{top}
[dimensions]
period_start = {{{period}}}
vendor = {{{vendor}}}
{dimensions}
[measures]
{measures}
"""


def recipe_of(
    measures: str,
    *,
    top: str = "",
    period: str = 'column = "Date", grain = "day"',
    vendor: str = 'column = "Vendor"',
    dimensions: str = "",
    rows: str = "",
    shape: str = "interactions",
) -> Recipe:
    """A recipe for contacts with these parts."""
    text = HEAD.format(top=top, period=period, vendor=vendor, dimensions=dimensions, measures=measures)
    return parse_recipe(text.replace('"interactions"', f'"{shape}"', 1) + (f"[rows]\n{rows}\n" if rows else ""), "test")


def csv_text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The rows as comma-separated UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode()


def read(content: bytes, recipe: Recipe, name: str = "contacts.csv") -> Reading:
    """What the product makes of a file."""
    return read_contacts(Original.of(content, name), recipe, Workspace(), untold)


def rows_of(reading: Reading) -> list[dict]:
    """The rolled-up rows without the columns that are empty throughout and those every row has."""
    rows = reading.tables["performance_rows"].to_pylist()
    names = [name for name in (rows[0] if rows else {}) if name not in ("source", "grain") and any(row[name] is not None for row in rows)]
    return [{name: row[name] for name in names} for row in rows]


def staged_by_sql(header: Sequence[str], rows: Sequence[Sequence[str]], recipe: Recipe, folder: Path) -> list[dict]:
    """Every row as the generated SELECT stages it: `problem` and the fields by name."""
    path = folder / "rows.csv"
    path.write_bytes(csv_text(header, rows))
    workspace = Workspace(folder)
    text = open_text(Original.of(path, "rows.csv"), recipe, workspace, untold)
    staging = Staging.of(recipe, text.top.header, text.examples)
    with connected(workspace) as connection:
        staging.prepare(connection)
        source = write_records(text, list(range(len(header))), workspace, untold)
        found = connection.execute(f"SELECT * FROM ({staging.select(source.sql, ('record',))}) ORDER BY record")
        names = [name for name, *_ in found.description or ()]
        staged = [dict(zip(names[1:], row[1:], strict=True)) for row in found.fetchall()]
    workspace.close()
    return staged


def staged_by_python(header: Sequence[str], rows: Sequence[Sequence[str]], recipe: Recipe) -> list[dict]:
    """The same by the Python readers alone; a field that cannot be read is None."""
    staging = Staging.of(recipe, tuple(header), {})
    return [_staged(staging, dict(zip(header, (cell.strip() for cell in row), strict=True))) for row in rows]


def _staged(staging: Staging, row: dict[str, str]) -> dict:
    values: dict = {"problem": None}
    for number, field in enumerate(staging.fields, start=1):
        try:
            value = field.read({column: row[column] for column in field.columns})
        except UnreadableError:
            values["problem"] = number if values["problem"] is None else values["problem"]
            value = None
        if field.name == "left_out":
            values["problem"] = 0 if value else values["problem"]
        else:
            values[field.name] = value
    return values
