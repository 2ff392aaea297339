"""Findings about contacts: a misspelt outcome that never occurs, days that cannot be, what folding made of the events."""

from collections.abc import Iterable
from datetime import date

import duckdb

from analytics.intake.checks import Order, exceeds, name_issues, orders_among
from analytics.intake.contacts.rollup import Rolled
from analytics.intake.contacts.sources import RecordFile, WholeText
from analytics.intake.contacts.sql import any_sql, text_sql
from analytics.intake.contacts.staging import Staging
from analytics.intake.problems import Issue, Level
from analytics.intake.recipe import Check, Recipe

_LOOKED_AT = 100_000  # rows in which most texts are found
_MOST_NAMED = 6


def contact_issues(connection: duckdb.DuckDBPyConnection, staging: Staging, source: WholeText | RecordFile, rolled: Rolled) -> list[Issue]:
    """Everything worth knowing about the accepted rows."""
    fields = rolled.table.to_pydict()
    rows = range(rolled.table.num_rows)
    return [
        *_folded(staging.recipe, rolled),
        *_never_there(connection, staging, source),
        *(issue for order in orders_among(fields) if (issue := _order_issue(fields, rows, order))),
        *_in_the_future(fields, rows),
        *name_issues(fields, rows, lambda index: None),
    ]


def _folded(recipe: Recipe, rolled: Rolled) -> Iterable[Issue]:
    if recipe.fold is not None:
        contacts = sum(rolled.table.column("file_rows").to_pylist())
        by = ", ".join(recipe.fold.keys)
        yield Issue(Level.INFO, "folded", f"{rolled.rows_accepted:,} rows folded into {contacts:,} contacts by {by}.")


def _order_issue(fields: dict[str, list], rows: range, order: Order) -> Issue | None:
    broken = [index for index in rows if exceeds([fields[name][index] for name in order.parts], fields[order.whole][index])]
    if not broken:
        return None
    first = f"{fields['vendor'][broken[0]]}, {fields['period_start'][broken[0]]}"
    message = f"{' + '.join(order.parts)} is more than {order.whole} in {len(broken):,} of {len(rows):,} rows (first: {first})."
    return Issue(
        Level.WARNING, "impossible", message, "Check what each measure counts; the rows are stored as they are.", count=len(broken)
    )


def _in_the_future(fields: dict[str, list], rows: range) -> Iterable[Issue]:
    today = date.today()
    ahead = [index for index in rows if fields["period_start"][index] > today]
    if ahead:
        contacts, last = sum(fields["file_rows"][index] for index in ahead), max(fields["period_start"])
        message = f"{contacts:,} contacts are dated after today, up to {last}."
        yield Issue(Level.WARNING, "future", message, "Check the date format in the recipe: day and month may be swapped.", count=contacts)


def _never_there(connection: duckdb.DuckDBPyConnection, staging: Staging, source: WholeText | RecordFile) -> Iterable[Issue]:
    """Texts the recipe counts by that no row has: a misspelt one would give zero without a word."""
    for column, texts in _texts_counted_by(staging.recipe).items():
        cell = staging.cells.trimmed_sql(column)
        first = f"(SELECT {cell} AS text FROM {source.sql} LIMIT {_LOOKED_AT})"
        seen = [text for (text,) in connection.execute(f"SELECT text FROM {first} GROUP BY text ORDER BY count(*) DESC, text").fetchall()]
        missing = {(check, text) for check, text in texts if not _is_there(check, text, seen)}
        if missing and len(seen) > 0:
            found = any_sql(_condition(check, text) for check, text in missing)
            more = connection.execute(f"SELECT DISTINCT text FROM (SELECT {cell} AS text FROM {source.sql}) WHERE {found}").fetchall()
            missing = {(check, text) for check, text in missing if not _is_there(check, text, [text for (text,) in more])}
        for check, text in sorted(missing):
            yield _never(column, check, text, seen)


def _never(column: str, check: Check, text: str, seen: list[str]) -> Issue:
    shown = ", ".join(f"'{other}'" for other in seen[:_MOST_NAMED]) + (" ..." if len(seen) > _MOST_NAMED else "")
    does = "is" if check is Check.EQUALS else "starts with"
    message = f"{column} never {does} '{text}'; the file has: {shown}."
    return Issue(Level.WARNING, "never_there", message, "Check the spelling in the recipe.", column=column)


def _texts_counted_by(recipe: Recipe) -> dict[str, set[tuple[Check, str]]]:
    """Column -> the texts its cells are looked for."""
    tests = [(one.column, one.test) for entry in recipe.measures for one in entry.where]
    tests += [(entry.column, entry.test) for entry in recipe.measures if entry.column and entry.test]
    found: dict[str, set[tuple[Check, str]]] = {}
    for column, test in tests:
        if test.check in (Check.EQUALS, Check.STARTS_WITH):
            found.setdefault(column, set()).update((test.check, text) for text in test.texts)
    return found


def _is_there(check: Check, text: str, seen: Iterable[str]) -> bool:
    return any(other == text if check is Check.EQUALS else other.startswith(text) for other in seen)


def _condition(check: Check, text: str) -> str:
    return f"text = {text_sql(text)}" if check is Check.EQUALS else f"starts_with(text, {text_sql(text)})"
