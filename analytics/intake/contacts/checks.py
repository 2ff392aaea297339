"""Findings about contacts that only their file can tell: a misspelt outcome that never occurs, what folding made of the events."""

from collections.abc import Iterable

import duckdb

from analytics.intake.contacts.rollup import Rolled
from analytics.intake.contacts.sources import RecordFile, WholeText
from analytics.intake.contacts.sql import any_sql, text_sql
from analytics.intake.contacts.staging import Staging
from analytics.intake.problems import Issue, Level
from analytics.intake.recipe import CellTest, Check, Recipe
from analytics.wording import counted

_LOOKED_AT = 100_000  # rows in which most texts are found
_MOST_NAMED = 6


def contact_issues(connection: duckdb.DuckDBPyConnection, staging: Staging, source: WholeText | RecordFile, rolled: Rolled) -> list[Issue]:
    """Everything worth knowing about the accepted rows."""
    return [*_folded(staging.recipe, rolled), *_never_there(connection, staging, source)]


def _folded(recipe: Recipe, rolled: Rolled) -> Iterable[Issue]:
    if recipe.fold is not None:
        contacts = sum(rolled.table.column("file_rows").to_pylist())
        by = ", ".join(recipe.fold.keys)
        yield Issue(Level.INFO, "folded", f"{counted(rolled.rows_accepted, 'row')} folded into {counted(contacts, 'contact')} by {by}.")


def _never_there(connection: duckdb.DuckDBPyConnection, staging: Staging, source: WholeText | RecordFile) -> Iterable[Issue]:
    """Texts the recipe counts by that no row has: a misspelt one would count nothing without a word."""
    tests = [*dict.fromkeys(_tests(staging.recipe))]
    for column in dict.fromkeys(column for column, _ in tests):
        own = [test for other, test in tests if other == column]
        seen, known = _texts_of(connection, staging.cells.trimmed_sql(column), source, own)
        for test in own:
            absent = [text for text in test.texts if not _is_there(test.check, text, known)]
            level = Level.WARNING if len(absent) == len(test.texts) else Level.INFO
            yield from (_never(level, column, test.check, text, seen) for text in absent)


def _tests(recipe: Recipe) -> Iterable[tuple[str, CellTest]]:
    """(column, test) of everything that counts contacts by a text."""
    for entry in recipe.measures:
        found = [(one.column, one.test) for one in entry.where]
        found += [(entry.column, entry.test)] if entry.column and entry.test else []
        yield from ((column, test) for column, test in found if test.check in (Check.EQUALS, Check.STARTS_WITH))


def _texts_of(
    connection: duckdb.DuckDBPyConnection, cell: str, source: WholeText | RecordFile, tests: list[CellTest]
) -> tuple[list[str], list[str]]:
    """The texts in the first rows of a column, the most frequent first; and with them those wanted that only later rows have."""
    first = f"(SELECT {cell} AS text FROM {source.sql} LIMIT {_LOOKED_AT})"
    seen = [text for (text,) in connection.execute(f"SELECT text FROM {first} GROUP BY text ORDER BY count(*) DESC, text").fetchall()]
    wanted = [(test.check, text) for test in tests for text in test.texts if not _is_there(test.check, text, seen)]
    if not wanted:
        return seen, seen
    found = any_sql(_has(check, text) for check, text in wanted)
    later = connection.execute(f"SELECT DISTINCT text FROM (SELECT {cell} AS text FROM {source.sql}) WHERE {found}").fetchall()
    return seen, [*seen, *(text for (text,) in later)]


def _is_there(check: Check, text: str, seen: Iterable[str]) -> bool:
    return any(other == text if check is Check.EQUALS else other.startswith(text) for other in seen)


def _has(check: Check, text: str) -> str:
    return f"text = {text_sql(text)}" if check is Check.EQUALS else f"starts_with(text, {text_sql(text)})"


def _never(level: Level, column: str, check: Check, text: str, seen: list[str]) -> Issue:
    named = [other for other in seen if other]
    shown = ", ".join(named[:_MOST_NAMED]) + (", ..." if len(named) > _MOST_NAMED else "")
    does = "is never" if check is Check.EQUALS else "never starts with"
    message = f"{column} {does} '{text}'; the file has: {shown or 'nothing'}."
    return Issue(level, "never_there", message, "Check the spelling in the recipe.")
