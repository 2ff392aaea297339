"""Personal data in the first rows of a file: said, with what becomes of it."""

import csv
from collections import Counter
from collections.abc import Collection, Iterable
from contextlib import suppress
from itertools import islice

from analytics.errors import IntakeError
from analytics.intake.originals import Original
from analytics.intake.personal import kinds_in
from analytics.intake.problems import Issue, Level
from analytics.intake.recipe import Recipe
from analytics.intake.sheet import HEAD, Top, lines_at_start, read_top
from analytics.wording import counted

ROWS_LOOKED_AT = 2_000


def personal_issues(text: Original, recipe: Recipe) -> list[Issue]:
    """One finding per column that holds personal data in its first rows; a text that cannot be read has none."""
    with suppress(IntakeError):
        lines = lines_at_start(text.head(HEAD))
        top = read_top(lines, recipe)
        return _found(lines[top.last_line :], top, set(recipe.headers))
    return []


def _found(lines: Iterable[str], top: Top, read: Collection[str]) -> list[Issue]:
    found: dict[str, Counter[str]] = {}
    where: dict[str, int] = {}
    reader = csv.reader(
        lines, delimiter=top.delimiter, quotechar=top.quote or None, quoting=csv.QUOTE_MINIMAL if top.quote else csv.QUOTE_NONE
    )
    rows, line = 0, top.last_line + 1
    with suppress(csv.Error):  # the reader of the rows says what is wrong
        for cells in islice(reader, ROWS_LOOKED_AT):
            rows += 1
            for name, cell in zip(top.header, cells, strict=False):
                if kinds := kinds_in(cell):
                    found.setdefault(name, Counter()).update(kinds)
                    where.setdefault(name, line)
            line = top.last_line + reader.line_num + 1
    return [_issue(name, kinds, where[name], rows, name in read) for name, kinds in found.items()]


def _issue(name: str, kinds: Counter[str], line: int, rows: int, is_read: bool) -> Issue:
    words = " and ".join(f"{kind}s" if kind != "e-mail" else "e-mail addresses" for kind in kinds)
    count = max(kinds.values())
    message = f"{name} holds {words} in {count:,} of {'the first ' if rows == ROWS_LOOKED_AT else ''}{counted(rows, 'row')}."
    remedy = "The column is not read: nothing of it is stored in a table, and it is masked in refused rows. The kept original holds it."
    level = Level.INFO
    if is_read:
        level, remedy = Level.WARNING, "The recipe reads this column: map its texts to names, or leave it out. Refused rows are masked."
    return Issue(level, "personal_data", message, remedy, line, name, count, f"[{next(iter(kinds))}]")
