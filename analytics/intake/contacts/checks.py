"""Findings about contacts that only their file can tell: a misspelt outcome that never occurs, what folding made of the events."""

from collections.abc import Iterable

import duckdb

from analytics.catalogue import MEASURES, MeasureKind
from analytics.intake.contacts.rollup import Rolled
from analytics.intake.contacts.sources import RECORD, RecordFile, WholeText
from analytics.intake.contacts.sql import any_sql, text_sql
from analytics.intake.contacts.staging import Staging
from analytics.intake.problems import Issue, Level
from analytics.intake.recipe import CellTest, Check, Recipe
from analytics.wording import counted

_LOOKED_AT = 100_000  # rows in which most texts are found
_MOST_NAMED = 6
_COMPARED = 200_000  # rows that are compared with each other at next to no cost
_LEAST_NUMBER = 100_000  # of one thing in one contact


def contact_issues(connection: duckdb.DuckDBPyConnection, staging: Staging, source: WholeText | RecordFile, rolled: Rolled) -> list[Issue]:
    """Everything worth knowing about the accepted rows."""
    twice = _twice(connection, staging, source, rolled) if isinstance(source, WholeText) else []
    return [*_folded(staging.recipe, rolled), *_never_there(connection, staging, source), *_numbers_of_contacts(staging, rolled), *twice]


def _twice(connection: duckdb.DuckDBPyConnection, staging: Staging, source: WholeText, rolled: Rolled) -> Iterable[Issue]:
    """Rows of a small file that are the same as another in every cell, where a column tells all the others apart."""
    if staging.recipe.fold is not None or not 1 < rolled.rows <= _COMPARED:
        return
    cells = [f"cell_{place}" for place in range(len(staging.cells.names))]
    same = f"(SELECT {', '.join(cells)} FROM {source.sql} GROUP BY ALL)"
    ((different,),) = connection.execute(f"SELECT count(*) FROM {same}").fetchall()
    if different == rolled.rows:
        return
    (distinct,) = connection.execute(f"SELECT {', '.join(f'count(DISTINCT {cell})' for cell in cells)} FROM {same}").fetchall()
    telling = [name for name, count in zip(staging.cells.names, distinct, strict=True) if count == different]
    if not telling or different == 1:
        return
    nth = f"SELECT {RECORD}, row_number() OVER (PARTITION BY {', '.join(cells)} ORDER BY {RECORD}) AS nth FROM {source.numbered_sql}"
    ((record,),) = connection.execute(f"SELECT min({RECORD}) FROM ({nth}) WHERE nth > 1").fetchall()
    line = None if source.torn_lines(connection) else source.text.top.last_line + record
    message = f"{counted(rolled.rows - different, 'row is', 'rows are')} the same as another row of the file, {telling[0]} included."
    remedy = f'Each of them is counted. shape = "events" with fold_by = "{telling[0]}" and order_by counts a contact once.'
    yield Issue(Level.WARNING, "twice", message, remedy, line, telling[0], rolled.rows - different)


def _numbers_of_contacts(staging: Staging, rolled: Rolled) -> Iterable[Issue]:
    """Counts of a column that on average is a number of six digits or more: the contacts' own numbers were added up."""
    contacts = sum(rolled.table.column("file_rows").to_pylist())
    for entry in staging.recipe.measures:
        if entry.column and not entry.test and MEASURES[entry.measure].kind is MeasureKind.COUNT and contacts:
            total = sum(value or 0 for value in rolled.table.column(entry.measure).to_pylist())
            if total / contacts >= _LEAST_NUMBER:
                message = f"{entry.measure} adds up {entry.column}, which looks like an id: {total / contacts:,.0f} on average."
                remedy = f"Write {entry.measure} = {{count = true}} in the recipe to count contacts."
                yield Issue(Level.WARNING, "adds_numbers", message, remedy, None, entry.column, contacts)


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
