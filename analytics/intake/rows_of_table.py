"""Rows of a file of totals or results with some keys, found piece by piece: in small files here, in others by a limited process."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from analytics.catalogue import DIMENSIONS
from analytics.intake.across import turned
from analytics.intake.handing import rebuilt
from analytics.intake.limited import is_read_here, run_limited
from analytics.intake.limits import Limits
from analytics.intake.originals import Original
from analytics.intake.progress import untold
from analytics.intake.reading import Columns, read_keys
from analytics.intake.recipe import Recipe
from analytics.intake.sheet import Row, Sheet, decode, read_pieces, without

KEY = ("period_start", *DIMENSIONS)
MOST_ROWS = 10_000
_PIECE = 20_000
Key = tuple[object, ...]  # values of KEY, None for a dimension that is not there
Refused = Collection[tuple[int, str | None]]


@dataclass(frozen=True, slots=True)
class Found:
    """The column names, the first MOST_ROWS rows as (line, cells), and how many there are."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    count: int


def rows_of_table(original: Original, recipe: Recipe, keys: Sequence[Key], refused: Refused, limits: Limits) -> Found:
    """The rows with one of the keys; `refused`: (line, column) of those that were refused."""
    if is_read_here(original):
        return found_in(original, recipe, keys, refused)
    with original.on_disk() as path:
        given = {"path": str(path), "recipe": recipe, "keys": list(keys), "refused": list(refused)}
        return rebuilt(Found, run_limited("rows", given, limits, untold))


def found_in(original: Original, recipe: Recipe, keys: Sequence[Key], refused: Refused) -> Found:
    """The same, read in this process."""
    wanted = frozenset(keys)
    gone = frozenset((line, column if recipe.months_across else None) for line, column in refused)
    header: tuple[str, ...] = ()
    rows: list[tuple[int, tuple[str, ...]]] = []
    count = 0
    for piece in read_pieces(decode(original.read(), recipe.encoding), recipe, _PIECE):
        sheet = turned(piece, recipe)
        header = sheet.header
        for row in _matching(without(sheet, recipe), recipe, wanted):
            if (row.line, row.under or None) not in gone:
                count += 1
                if len(rows) < MOST_ROWS:
                    rows.append((row.line, tuple(row.cells)))
    return Found(header, tuple(rows), count)


def _matching(sheet: Sheet, recipe: Recipe, wanted: frozenset[Key]) -> Iterator[Row]:
    found = read_keys(Columns(sheet, recipe.missing), recipe)
    for key, row in zip(zip(*(found[name] for name in KEY), strict=True), sheet.rows, strict=True):
        if key in wanted:
            yield row


def rows_here(path: Path, recipe: Recipe, keys: Sequence[Key], refused: Refused) -> Found:
    """What the limited process does."""
    return found_in(Original.of(path, path.name), recipe, keys, refused)
