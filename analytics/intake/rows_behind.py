"""The file's own rows behind a number: the kept original read again by its recipe, the rows of a selection found in it."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from analytics.intake.contacts.behind import contacts_behind
from analytics.intake.originals import Original
from analytics.intake.preview import SHEET_READERS
from analytics.intake.progress import Tell, untold
from analytics.intake.reading import Columns, read_keys
from analytics.intake.recipe import CONTACT_SHAPES, Recipe
from analytics.intake.selection import FileRow, RowsBehind, Selection
from analytics.intake.sheet import decode, read_sheet, without
from analytics.intake.workbook import as_text
from analytics.intake.workspace import Workspace

ROWS_SHOWN = 200


def rows_behind(
    path: Path,
    name: str,
    recipe: Recipe,
    answers: Mapping[str, str],
    selection: Selection,
    limit: int = ROWS_SHOWN,
    tell: Tell = untold,
) -> RowsBehind:
    """The first `limit` accepted rows of a kept file that lie in the selection, in the order of the file, and how many there are.

    `answers`: those given when the file was loaded. A file that can no longer be read: `IntakeError`.
    """
    read_as = replace(recipe, encoding=answers.get("encoding", recipe.encoding))
    with as_text(Original.of(path, name), read_as, answers.get("sheet", "")) as (file_of_text, by):
        if by.shape not in CONTACT_SHAPES:
            return _rows_of_sheet(file_of_text, by, selection, limit)
        workspace = Workspace()
        try:
            return contacts_behind(file_of_text, by, selection, limit, workspace, tell)
        finally:
            workspace.close()


def _rows_of_sheet(file: Original, recipe: Recipe, selection: Selection, limit: int) -> RowsBehind:
    """The rows of totals or reported results; `measures` is not looked at, since every row carries them all."""
    sheet = without(read_sheet(decode(file.read(), recipe.encoding), recipe), recipe)
    refused = {reject.line for reject in SHEET_READERS[recipe.shape](sheet, recipe).rejects.first(len(sheet.rows))}
    keys = read_keys(Columns(sheet, recipe.missing), recipe)
    found = [
        FileRow(row.line, tuple(row.cells))
        for index, row in enumerate(sheet.rows)
        if row.line not in refused and _is_chosen({key: values[index] for key, values in keys.items()}, selection)
    ]
    return RowsBehind(sheet.header, tuple(found[:limit]), len(found))


def _is_chosen(keys: Mapping[str, object], selection: Selection) -> bool:
    start = keys["period_start"]
    after = selection.first is None or start >= selection.first  # ty: ignore[unsupported-operator]
    before = selection.last is None or start <= selection.last  # ty: ignore[unsupported-operator]
    return after and before and all(keys[name] in values for name, values in selection.dimensions.items())
