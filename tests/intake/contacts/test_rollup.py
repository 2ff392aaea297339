"""The SQL texts of data/rollup: plain SQL that another database runs unchanged, with the same result."""

import random
import re
import sqlite3
from decimal import Decimal
from pathlib import Path

import pytest

from analytics.catalogue import BUILT_IN, MeasureKind, catalogue_of, using
from analytics.errors import IntakeError
from analytics.intake import parse_recipe
from analytics.intake.contacts.reading import connected, exact_source
from analytics.intake.contacts.rollup import OWN_MEASURES, ROLLUPS, roll_up, rollup_text, stage
from analytics.intake.contacts.staging import Staging
from analytics.intake.contacts.text import open_text
from analytics.intake.originals import Original
from analytics.intake.progress import untold
from analytics.intake.recipe import Recipe, Shape
from analytics.intake.workspace import Workspace
from tests.intake.contacts.staged import csv_text, read, recipe_of, rows_of

ALLOWED_FUNCTIONS = {"sum", "count", "min", "max", "cast", "coalesce", "nullif"}
ALLOWED_WORDS = {
    "select", "from", "where", "group", "by", "as", "join", "on", "and", "or", "not", "null", "is", "case", "when", "then", "else", "end",
    "staged", "latest", "standing",
}  # fmt: skip
MEASURES = """contacts_offered = {count = true}
contacts_handled = {column = "Outcome", equals = "answered"}
queue_seconds = {column = "Wait", where = {column = "Outcome", equals = "answered"}}
csat_score_sum = {column = "Rating"}
csat_responses = {column = "Rating", present = true}"""
ROWS = [
    ("2026-03-01", "Acme", "T1", "9", "answered", "12.25", "5"),
    ("2026-03-01", "Acme", "T1", "10", "abandoned", "3", ""),
    ("2026-03-01", "Acme", "T2", "1", "answered", "-4", "4"),
    ("2026-03-01", "Acme", "T3", "1", "answered", "30.5", "3"),
    ("2026-03-02", "Bolt", "T4", "2", "answered", "", ""),
    ("2026-03-02", "Bolt", "T4", "2", "answered", "", "1"),
    ("2026-03-02", "Bolt", "T5", "1", "abandoned", "8", ""),
]
HEADER = ["Date", "Vendor", "Ticket", "Revision", "Outcome", "Wait", "Rating"]


def words_of(text: str) -> str:
    return re.sub(r"--.*", "", text).lower()


@pytest.mark.parametrize("shape", [Shape.INTERACTIONS, Shape.EVENTS])
def test_the_texts_keep_to_what_every_database_knows(shape: Shape) -> None:
    text = words_of(rollup_text(shape))
    assert set(re.findall(r"(\w+)\s*\(", text)) - {"join", "as", "from"} <= ALLOWED_FUNCTIONS
    assert not re.search(r"::|\bover\b|\bqualify\b|\bfilter\b|\busing\b|\bexcept\b|\*\s*,|select\s+\*|[\[\]{}$?]", text)
    names = set(re.findall(r"[a-z_][a-z_0-9]*", text)) - ALLOWED_WORDS - ALLOWED_FUNCTIONS
    known = {"problem", "period_start", "vendor", "site", "lob", "channel", "threshold_seconds", "currency", "file_rows", "fold_key"}
    known |= {"fold_order", "record", *BUILT_IN.measures, *(f"own_measure_{place}" for place in range(1, OWN_MEASURES + 1))}
    assert names <= known


@pytest.mark.parametrize("shape", [Shape.INTERACTIONS, Shape.EVENTS])
def test_every_built_in_measure_is_added_up(shape: Shape) -> None:
    summed = re.findall(r"else sum\((\w+)\) end as (\w+)", words_of(rollup_text(shape)))
    assert [name for name, alias in summed if name == alias] == [
        *BUILT_IN.measures,
        *(f"own_measure_{n}" for n in range(1, OWN_MEASURES + 1)),
    ]
    assert {path.name for path in ROLLUPS.iterdir()} == {"interactions.sql", "events.sql"}


def recipe(shape: Shape) -> Recipe:
    rows = 'fold_by = "Ticket"\norder_by = {column = "Revision", type = "integer"}' if shape is Shape.EVENTS else ""
    return recipe_of(MEASURES, rows=rows, shape=shape.value)


@pytest.mark.parametrize("shape", [Shape.INTERACTIONS, Shape.EVENTS])
def test_the_very_text_gives_the_same_in_another_database(shape: Shape) -> None:
    names, rows, rolled = staged(recipe(shape))
    database = sqlite3.connect(":memory:")
    types = ", ".join(f"{name} {'TEXT' if name in ('vendor', 'fold_key', 'period_start') else 'NUMERIC'}" for name in names)
    database.execute(f"CREATE TABLE staged ({types})")
    database.executemany(f"INSERT INTO staged VALUES ({', '.join('?' * len(names))})", [[plain(value) for value in row] for row in rows])
    cursor = database.execute(rollup_text(shape))
    columns = [name for name, *_ in cursor.description]
    found = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    wanted = ("file_rows", "contacts_offered", "contacts_handled", "queue_seconds", "csat_score_sum", "csat_responses", "cost")
    accepted = sorted(
        (row["period_start"], row["vendor"], *(exact(row[name]) for name in wanted)) for row in found if row.get("problem") is None
    )
    assert accepted == sorted((str(row["period_start"]), row["vendor"], *(exact(row.get(name)) for name in wanted)) for row in rolled)
    assert [row[5] for row in accepted] == ([42.75, None] if shape is Shape.INTERACTIONS else [30.5, None])


def staged(by: Recipe) -> tuple[list[str], list[tuple], list[dict]]:
    """The staged rows as the product makes them, and what it rolled them up to."""
    workspace = Workspace()
    text = open_text(Original.of(csv_text(HEADER, ROWS), "rows.csv"), by, workspace, untold)
    staging = Staging.of(by, text.top.header, {})
    with connected(workspace) as connection:
        staging.prepare(connection)
        source, _ = exact_source(connection, staging, text, workspace, untold)
        rolled = roll_up(connection, staging, source, untold).table.to_pylist()
        if by.shape is Shape.INTERACTIONS:
            stage(connection, staging, source)  # every field read row by row, which adds up to the same
        cursor = connection.execute("SELECT * FROM staged")
        return [name for name, *_ in cursor.description or ()], cursor.fetchall(), rolled


def plain(value: object) -> object:
    return value if value is None or isinstance(value, int | str) else float(value) if isinstance(value, Decimal) else str(value)


def exact(value: object) -> float | None:
    return None if value is None else float(str(value))


@pytest.mark.parametrize("many_vendors", [False, True])
def test_adding_up_before_days_and_names_are_read_changes_nothing(many_vendors: bool) -> None:
    chance = random.Random(7)
    vendors = [f"V{place}" for place in range(40)] if many_vendors else ["Acme", "Bolt"]
    cells = (["2026-03-01", "2026-03-02", "01.03.2026", "", " 2026-03-01"], [*vendors, " acme", "", "Ac\u200bme", "x" * 500],
             ["T1"], ["1"], ["answered", "abandoned", "left out"], ["5", "12.5", "-1", "many", ""], ["1", "5", "five", ""])  # fmt: skip
    rows = [[chance.choice(options) for options in cells] for _ in range(3000)]
    by = recipe_of(MEASURES, rows='exclude = [{column = "Outcome", equals = ["left out"]}]')
    workspace = Workspace()
    text = open_text(Original.of(csv_text(HEADER, rows), "rows.csv"), by, workspace, untold)
    staging = Staging.of(by, text.top.header, text.examples)
    assert [field.name for field in staging.coarse] == (["period_start"] if many_vendors else ["period_start", "vendor"])
    with connected(workspace) as connection:
        staging.prepare(connection)
        source, _ = exact_source(connection, staging, text, workspace, untold)
        rolled = roll_up(connection, staging, source, untold)
        stage(connection, staging, source)
        by_row = rollup_text(Shape.INTERACTIONS)
        problems = dict(connection.execute(f"SELECT problem, sum(file_rows)::BIGINT FROM ({by_row}) GROUP BY ALL").fetchall())
        names = ["period_start", "vendor", "file_rows", *(entry.measure for entry in by.measures)]
        sums = connection.execute(f"SELECT {', '.join(names)} FROM ({by_row}) WHERE problem IS NULL ORDER BY 1, 2")
        assert [tuple(row[name] for name in names) for row in rolled.table.to_pylist()] == sums.fetchall()
    assert rolled.rows == 3000 and isinstance(rolled.rows, int) and len(problems) > 4
    assert {None: rolled.rows_accepted, 0: rolled.left_out, **rolled.refused} == problems


def test_own_measures_are_added_up_too(tmp_path: Path) -> None:
    own = '[[measures]]\nid = "own_upsells"\nlabel = "upsells"\nkind = "count"\ndefinition = "Orders sold."\n'
    more = "".join(own.replace("own_upsells", f"own_upsells_{n}").replace('"upsells"', f'"upsells {n}"') for n in range(OWN_MEASURES))
    (tmp_path / "catalogue.toml").write_text(own + more, encoding="utf-8")
    with using(catalogue_of(tmp_path)) as catalogue:
        assert catalogue.measures["own_upsells"].kind is MeasureKind.COUNT
        found = recipe_of('own_upsells = {column = "Rating", at_least = 4}\ncontacts_offered = {count = true}')
        acme, bolt = rows_of(read(csv_text(HEADER, ROWS), found))
        assert (acme["own_upsells"], acme["contacts_offered"], bolt["own_upsells"]) == (2, 4, 0)
        many = "\n".join(f"own_upsells_{number} = {{count = true}}" for number in range(OWN_MEASURES))
        recipe = parse_recipe(found.text.replace("contacts_offered = {count = true}", many), "many")
        with pytest.raises(IntakeError, match="fills 13 measures of your own"):
            read(csv_text(HEADER, ROWS), recipe)


def test_a_sum_beyond_what_is_stored_is_refused() -> None:
    rows = [("2026-03-01", "Acme", "T", "1", "answered", "99999999999", "")] * 11
    with pytest.raises(IntakeError, match="The sum of queue_seconds is too large"):
        read(csv_text(HEADER, rows), recipe(Shape.INTERACTIONS))
