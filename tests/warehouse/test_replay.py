"""Rows of every grain, corrected, replaced, added, skipped and undone in whatever order: settling equals the plain replay.

Straight into the tables of one database in memory; `test_state_machine` does the same the way users do, with files.
"""

from dataclasses import replace
from datetime import date

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.warehouse import settle
from analytics.warehouse.batches import take_out
from analytics.warehouse.schema import migrate
from tests.rows import insert
from tests.warehouse.replay_model import FINENESS, Loaded, Model

MEASURES = ("contacts_offered", "contacts_handled")
PERIODS = {
    "day": (date(2026, 1, 5), date(2026, 2, 2)),
    "week": (date(2025, 12, 29), date(2026, 1, 26)),  # their Thursdays: 1 January, 29 January
    "month": (date(2026, 1, 1), date(2026, 2, 1)),
    "quarter": (date(2026, 1, 1),),
}
KEY = ("source", "grain", "period_start", "vendor")
FILLED = ("batches", "performance_rows", "performance", "performance_added", "reporting", "precedence")


def store(connection: duckdb.DuckDBPyConnection, load: Loaded) -> None:
    """The rows and answers of one batch, settled."""
    known = {"batch_id": load.batch, "sequence": load.sequence, "source": load.source, "how": load.how, "status": "active"}
    rest = {"file_name": "f", "sha256": "s", "shape": "", "recipe_name": "", "recipe_text": "", "loaded_at": "2026-01-01", "loaded_by": "t"}
    insert(connection, "batches", [known | rest | {"rows_read": 1, "rows_accepted": 1, "rows_rejected": 0}])
    rows = ({**dict(zip(KEY, key, strict=True)), **row, "batch_id": load.batch} for key, row in load.rows.items())
    insert(connection, "performance_rows", rows)
    names = ("vendor", "measure", "source", "rank")
    insert(connection, "precedence", (dict(zip(names, rank, strict=True)) | {"batch_id": load.batch} for rank in load.ranks))
    settle(connection, {key[3] for key in load.rows})


def stored(connection: duckdb.DuckDBPyConnection) -> tuple[dict, set]:
    """The rows that count, and what `reporting` says of them; nothing is there twice."""
    found = connection.execute(f"SELECT {', '.join((*KEY, *MEASURES))} FROM performance").fetchall()
    reporting = connection.execute("SELECT vendor, month, measure, source, grain FROM reporting").fetchall()
    assert len(reporting) == len(set(reporting)) and len(found) == len({row[:4] for row in found})
    rows = {row[:4]: {name: value for name, value in zip(MEASURES, row[4:], strict=True) if value is not None} for row in found}
    return rows, set(reporting)


@st.composite
def loads(draw: st.DrawFn) -> Loaded:
    """A batch of one source and grain, and perhaps an answer saying which source counts for vendor A."""
    source, grain = draw(st.sampled_from(("acd", "wfm"))), draw(st.sampled_from(FINENESS))
    keys = st.tuples(st.just(source), st.just(grain), st.sampled_from(PERIODS[grain]), st.sampled_from(("A", "B")))
    rows = draw(st.dictionaries(keys, st.dictionaries(st.sampled_from(MEASURES), st.integers(1, 9)), min_size=1, max_size=4))
    chosen = draw(st.sampled_from((None, None, "acd", "wfm"))) if any(key[3] == "A" for key in rows) else None
    ranks = tuple(("A", measure, name, int(name != chosen)) for measure in MEASURES for name in ("acd", "wfm") if chosen)
    return Loaded("", 0, source, draw(st.sampled_from(("correct", "replace", "add", "skip"))), rows, ranks=ranks)


STEPS = st.lists(st.one_of(loads(), loads(), st.integers(0, 5)), min_size=2, max_size=8)


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    """One database for all examples: making its tables costs more than filling them."""
    made = duckdb.connect()
    migrate(made)
    return made


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_settling_equals_a_replay(connection: duckdb.DuckDBPyConnection, steps: list[Loaded | int]) -> None:
    follow(connection, steps)


@pytest.mark.slow
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_many_more_sequences_equal_a_replay(connection: duckdb.DuckDBPyConnection, steps: list[Loaded | int]) -> None:
    follow(connection, steps)


def follow(connection: duckdb.DuckDBPyConnection, steps: list[Loaded | int]) -> None:
    """A load is stored, a number undoes one of the active batches; after every step what counts is compared."""
    for table in FILLED:
        connection.execute(f"DELETE FROM {table}")
    model = Model()
    for sequence, step in enumerate(steps, start=1):
        if isinstance(step, Loaded):
            load = replace(step, batch=f"b{sequence}", sequence=sequence, content=bytes([sequence]))
            store(connection, load)
            model.store(load)
        elif model.active:
            undone = model.active[step % len(model.active)]
            take_out(connection, undone.batch)
            model.undo(undone)
        assert stored(connection) == model.counting()
