"""Whatever is loaded, corrected and undone in whatever order: what counts equals a plain replay of the active batches.

The model below is written from the rules, with dictionaries and loops, and shares no code with the SQL.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.warehouse import settle
from analytics.warehouse.batches import take_out
from analytics.warehouse.schema import migrate

MEASURES = ("contacts_offered", "contacts_handled")
PERIODS = {
    "day": (date(2026, 1, 5), date(2026, 2, 2)),
    "week": (date(2025, 12, 29), date(2026, 1, 26)),  # their Thursdays: 1 January, 29 January
    "month": (date(2026, 1, 1), date(2026, 2, 1)),
    "quarter": (date(2026, 1, 1),),
}
FINENESS = list(PERIODS)
KEY = ("source", "grain", "period_start", "vendor")


@dataclass(frozen=True)
class Load:
    """One batch: its rows by key, and perhaps an answer saying which source counts for vendor A."""

    source: str
    rows: dict[tuple[str, str, date, str], tuple[int | None, int | None]]
    chosen: str | None


def months_of(grain: str, start: date) -> list[date]:
    if grain == "week":
        thursday = start + timedelta(days=3)
        return [thursday.replace(day=1)]
    if grain == "quarter":
        return [date(start.year, start.month + step, 1) for step in range(3)]
    return [start.replace(day=1)]


def replay(active: list[tuple[int, Load]]) -> tuple[dict, set]:
    """Rules 1 to 3 over (sequence, load) of the active batches: rows that count, and (vendor, month, measure, source, grain)."""
    latest: dict[tuple, tuple] = {}
    first: dict[tuple[str, str], int] = {}
    ranks: dict[str, int] = {}
    for sequence, load in active:
        for key, values in load.rows.items():
            latest[key] = values
            first.setdefault((key[3], key[0]), sequence)
        if load.chosen:
            ranks = {source: int(source != load.chosen) for source in ("acd", "wfm")}
    claims = defaultdict(set)
    for (source, grain, start, vendor), values in latest.items():
        for month in months_of(grain, start):
            for measure, value in zip(MEASURES, values, strict=True):
                if value is not None:
                    claims[vendor, measure, month].add((source, grain))

    def order(vendor: str, claim: tuple[str, str]) -> tuple:
        rank = ranks.get(claim[0], 99) if vendor == "A" else 99
        return rank, first[vendor, claim[0]], claim[0], FINENESS.index(claim[1])

    wins = {place: min(found, key=lambda claim: order(place[0], claim)) for place, found in claims.items()}
    counting, reporting = {}, set()
    for key, values in latest.items():
        source, grain, start, vendor = key
        months = months_of(grain, start)
        kept = tuple(
            value if value is not None and all(wins[vendor, measure, month] == (source, grain) for month in months) else None
            for measure, value in zip(MEASURES, values, strict=True)
        )
        if any(value is not None for value in kept):
            counting[key] = kept
        for measure, value in zip(MEASURES, kept, strict=True):
            reporting |= {(vendor, month, measure, source, grain) for month in months if value is not None}
    return counting, reporting


def store(connection: duckdb.DuckDBPyConnection, sequence: int, load: Load) -> None:
    batch = f"b{sequence}"
    connection.execute(
        """INSERT INTO batches (batch_id, sequence, file_name, sha256, shape, source, recipe_name, recipe_text, rows_read, rows_accepted,
            rows_rejected, loaded_at, loaded_by, status)
        VALUES (?, ?, 'f', 's', 'aggregates', ?, 'r', '', 1, 1, 0, now()::TIMESTAMP, 'test', 'active')""",
        [batch, sequence, load.source],
    )
    for key, values in load.rows.items():
        connection.execute(
            f"INSERT INTO performance_rows ({', '.join((*KEY, *MEASURES))}, batch_id) VALUES (?, ?, ?, ?, ?, ?, ?)", [*key, *values, batch]
        )
    if load.chosen:
        for source in ("acd", "wfm"):
            connection.execute("INSERT INTO precedence VALUES ('A', NULL, ?, ?, ?)", [source, int(source != load.chosen), batch])
    touched = {key[3] for key in load.rows} | ({"A"} if load.chosen else set())
    settle(connection, touched)


def stored(connection: duckdb.DuckDBPyConnection) -> tuple[dict, set]:
    rows = connection.execute(f"SELECT {', '.join((*KEY, *MEASURES))} FROM performance").fetchall()
    reporting = connection.execute("SELECT vendor, month, measure, source, grain FROM reporting").fetchall()
    assert len(reporting) == len(set(reporting)) and len(rows) == len({row[:4] for row in rows})
    return {row[:4]: row[4:] for row in rows}, set(reporting)


@st.composite
def loads(draw: st.DrawFn) -> Load:
    source = draw(st.sampled_from(("acd", "wfm")))
    grain = draw(st.sampled_from(FINENESS))
    keys = st.tuples(st.just(source), st.just(grain), st.sampled_from(PERIODS[grain]), st.sampled_from(("A", "B")))
    values = st.tuples(*[st.one_of(st.none(), st.integers(1, 9))] * 2)
    chosen = draw(st.sampled_from((None, None, None, "acd", "wfm")))
    rows = draw(st.dictionaries(keys, values, min_size=1, max_size=4))
    return Load(source, rows, chosen if any(key[3] == "A" for key in rows) else None)


STEPS = st.lists(st.one_of(loads(), st.integers(0, 5)), min_size=2, max_size=7)


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(STEPS)
def test_loads_corrections_and_undos_equal_a_replay(steps: list[Load | int]) -> None:
    follow(steps)


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(STEPS)
def test_many_more_sequences_equal_a_replay(steps: list[Load | int]) -> None:
    follow(steps)


def follow(steps: list[Load | int]) -> None:
    """A load is stored, a number undoes one of the active batches; after every step what counts is compared."""
    with duckdb.connect() as connection:
        migrate(connection)
        active: list[tuple[int, Load]] = []
        for sequence, step in enumerate(steps, start=1):
            if isinstance(step, Load):
                store(connection, sequence, step)
                active.append((sequence, step))
            elif active:
                undone, _ = active.pop(step % len(active))
                take_out(connection, f"b{undone}")
            assert stored(connection) == replay(active)
