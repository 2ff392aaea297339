"""The contacts behind a number: rows of the file whose staged values lie in a selection; of events those that stand for their contact."""

from collections.abc import Iterator
from datetime import date

import duckdb

from analytics.intake.contacts.keys import FOLD_KEY, FOLD_ORDER
from analytics.intake.contacts.places import places_of, rows_at
from analytics.intake.contacts.reading import connected, exact_source
from analytics.intake.contacts.sources import AFTER, RECORD, WholeText
from analytics.intake.contacts.sql import TRUE, all_sql, any_sql, text_sql
from analytics.intake.contacts.staging import PROBLEM, PROBLEM_TORN, Staging
from analytics.intake.contacts.text import open_text
from analytics.intake.originals import Original
from analytics.intake.progress import Tell
from analytics.intake.recipe import Recipe
from analytics.intake.selection import FileRow, RowsBehind, Selection
from analytics.intake.workspace import Workspace

# Of rows with the same key the last one stands for the contact.
_STANDING = f"QUALIFY row_number() OVER (PARTITION BY {FOLD_KEY} ORDER BY {FOLD_ORDER} DESC, {RECORD} DESC) = 1"


def contacts_behind(original: Original, recipe: Recipe, selection: Selection, limit: int, workspace: Workspace, tell: Tell) -> RowsBehind:
    """The first `limit` rows of the selection and their whole number."""
    text = open_text(original, recipe, workspace, tell)
    staging = Staging.of(recipe, text.top.header, text.examples)
    with connected(workspace) as connection:
        staging.prepare(connection)
        source, torn = exact_source(connection, staging, text, workspace, tell)
        standing = _STANDING if recipe.fold else ""
        staged = f"(SELECT * FROM ({staging.select(source.numbered_sql, source.places)}) WHERE {PROBLEM} IS NULL {standing})"
        found, count = _found(connection, f"SELECT {RECORD}, {AFTER}, NULL FROM {staged} WHERE {_condition(selection, recipe)}", limit)
        places = (place for place in places_of(found, source, torn) if place.problem != PROBLEM_TORN)
        rows = tuple(FileRow(place.line, tuple(cells)) for place, _, cells in rows_at(places, text, isinstance(source, WholeText)))
    return RowsBehind(text.top.header, rows, count)


def _found(connection: duckdb.DuckDBPyConnection, sql: str, limit: int) -> tuple[Iterator[tuple], int]:
    """The first rows in the order of the file, and the number of all: one run of the statement."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE behind AS {sql}")
    ((count,),) = connection.execute("SELECT count(*) FROM behind").fetchall()
    return iter(connection.execute(f"SELECT * FROM behind ORDER BY {RECORD} LIMIT {limit:d}").fetchall()), count


def _condition(selection: Selection, recipe: Recipe) -> str:
    """The selection as a condition on staged rows."""
    limits = [f"period_start {sign} {_day(day)}" for sign, day in ((">=", selection.first), ("<=", selection.last)) if day]
    chosen = [any_sql(_is(name, value) for value in values) for name, values in selection.dimensions.items()]
    filled = [entry.measure for entry in recipe.measures if entry.measure in selection.measures]
    counting = [any_sql(f"coalesce({measure}, 0) <> 0" for measure in filled)] if selection.measures else []
    return all_sql((*limits, *chosen, *counting)) or TRUE


def _day(day: date) -> str:
    return f"DATE {text_sql(day.isoformat())}"


def _is(name: str, value: str | None) -> str:
    return f"{name} IS NULL" if value is None else f"{name} = {text_sql(value)}"
