"""Files come, come again, are corrected, read by another recipe, undone and rebuilt, in any sequence: what counts equals the replay.

Everything goes the way of the product: files, recipes, questions, published versions. BPO_SEQUENCES=200 tries more.
"""

import os
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from analytics.intake import FileReport, Recipe, Status, keep, parse_recipe, preview
from analytics.intake.rebuilding import rebuild
from analytics.undoing import undo
from analytics.warehouse import Warehouse, counting_rows_sql
from analytics.warehouse.store import READ_CONFIG
from tests.intake.test_rebuilding import tables
from tests.warehouse.replay_model import Key, Loaded, Model, Number

SEQUENCES = int(os.environ.get("BPO_SEQUENCES", "2"))
STEPS = 8
MEASURES = ("contacts_offered", "contacts_handled", "csat_responses", "csat_score_sum")
KEYS = "source, grain, period_start, vendor"
VENDORS = st.sampled_from(("A", "B"))
DAYS = st.sampled_from((date(2026, 1, 5), date(2026, 1, 6), date(2026, 2, 2)))
MONTHS = st.sampled_from((date(2026, 1, 1), date(2026, 2, 1)))
COUNTS = st.one_of(st.none(), st.integers(0, 9))
RATINGS = st.sampled_from(tuple(map(Decimal, ("1", "2.5", "3.333333", "4", "5"))))


@dataclass(frozen=True)
class File:
    """A file as it came: its kind and its rows; equal rows are equal bytes."""

    kind: str
    rows: tuple[tuple, ...]

    @property
    def content(self) -> bytes:
        lines = [self.kind + ",Vendor,One,Two", *(",".join("" if cell is None else str(cell) for cell in row) for row in self.rows)]
        return "\n".join([*lines, ""]).encode()


TOTALS = """shape = "aggregates"
source = "{source}"
[dimensions]
period_start = {{column = "{kind}", grain = "{grain}"}}
vendor = {{column = "Vendor"}}
[measures]
{first} = {{column = "One"}}
"""
CONTACTS = TOTALS.replace("aggregates", "interactions").replace('{column = "One"}', "{count = true}")
SECOND = '{second} = {{column = "Two"}}\n'
RESULTS = TOTALS.partition("[measures]")[0].replace("aggregates", "scorecard") + '[kpis]\nnps = {{column = "One", unit = "count"}}\n'
# kind -> recipe without its second measure, source, grain, measures
KINDS: dict[str, tuple[str, str, str, tuple[str, str]]] = {
    "acd": (TOTALS, "acd", "day", ("contacts_offered", "contacts_handled")),
    "wfm": (TOTALS, "wfm", "month", ("contacts_offered", "contacts_handled")),
    "calls": (CONTACTS, "calls", "day", ("csat_responses", "csat_score_sum")),
    "totals": (TOTALS, "calls", "day", ("csat_responses", "csat_score_sum")),
    "deck": (RESULTS, "deck", "month", ("nps", "")),
    "slides": (RESULTS, "slides", "month", ("nps", "")),
}


@cache
def recipe_of(kind: str, variant: int) -> Recipe:
    """Variant 0 reads both measures, 1 only the first."""
    text, source, grain, (first, second) = KINDS[kind]
    more = SECOND if second and variant == 0 else f"# {variant}\n"
    return parse_recipe((text + more).format(kind=kind, source=source, grain=grain, first=first, second=second), kind)


def loaded_of(file: File, variant: int) -> Loaded:
    """What the file brings, by the rules of its kind."""
    _, source, grain, names = KINDS[file.kind]
    load = Loaded("", 0, source, content=file.content, recipe=recipe_of(file.kind, variant).text)
    if file.kind in ("deck", "slides"):
        load.results = {(source, grain, start, vendor, "nps"): float(value) for start, vendor, value, _ in file.rows}
        return load
    rows: dict[Key, dict[str, Number]] = {}
    for start, vendor, *cells in file.rows:
        values = (1, cells[1]) if file.kind == "calls" else tuple(cells)
        row = rows.setdefault((source, grain, start, vendor), {})
        for name, value in zip(names if variant == 0 else names[:1], values, strict=False):
            if value is not None:
                row[name] = row.get(name, 0) + value
    load.rows = rows
    return load


def stored(warehouse: Warehouse, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(warehouse.path_of(warehouse.newest or 0)), read_only=True, config=READ_CONFIG) as connection:
        return connection.execute(sql).fetchall()


def rows_of(warehouse: Warehouse, table: str = "performance") -> dict[Key, dict[str, Number]]:
    """Key -> the measures that have a value; a key that occurs twice fails."""
    sums = ", ".join(f"sum({name})" for name in MEASURES)
    found = stored(warehouse, f"SELECT {KEYS}, count(*), {sums} FROM {table} GROUP BY ALL")
    assert table != "performance" or all(row[4] == 1 for row in found)
    return {row[:4]: {name: value for name, value in zip(MEASURES, row[5:], strict=True) if value is not None} for row in found}


def distinct(*columns: st.SearchStrategy) -> st.SearchStrategy[tuple[tuple, ...]]:
    """Rows with period and vendor only once, in an order of its own."""
    return st.lists(st.tuples(*columns), min_size=1, max_size=4, unique_by=lambda row: row[:2]).map(tuple)


FILES = st.one_of(
    st.builds(File, st.just("acd"), distinct(DAYS, VENDORS, COUNTS, COUNTS)),
    st.builds(File, st.just("wfm"), distinct(MONTHS, VENDORS, COUNTS, COUNTS)),
    st.builds(File, st.just("calls"), st.lists(st.tuples(DAYS, VENDORS, st.none(), RATINGS), min_size=1, max_size=6).map(tuple)),
    st.builds(File, st.just("totals"), distinct(DAYS, VENDORS, COUNTS, RATINGS)),
    st.builds(File, st.sampled_from(("deck", "slides")), distinct(MONTHS, VENDORS, st.integers(-9, 9), st.none())),
)


class Sequence(RuleBasedStateMachine):
    """One warehouse and its model, side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.warehouse = Warehouse(Path(self.folder.name))
        self.model = Model()
        self.files: list[File] = []

    def teardown(self) -> None:
        self.folder.cleanup()

    @rule(file=FILES, variant=st.integers(0, 1), pick=st.integers(0, 5))
    def a_file_comes(self, file: File, variant: int, pick: int) -> None:
        self.files.append(file)
        self.load(file, variant, pick)

    @precondition(lambda self: self.files)
    @rule(place=st.integers(0, 9), variant=st.integers(0, 1), pick=st.integers(0, 5))
    def a_file_comes_again(self, place: int, variant: int, pick: int) -> None:
        self.load(self.files[place % len(self.files)], variant, pick)

    @precondition(lambda self: self.model.active)
    @rule(place=st.integers(0, 9))
    def a_file_is_undone(self, place: int) -> None:
        load = self.model.active[place % len(self.model.active)]
        undo(self.warehouse, load.batch)
        self.model.undo(load)
        self.compare()

    @precondition(lambda self: self.model.loaded)
    @rule()
    def everything_is_made_again(self) -> None:
        before = tables(self.warehouse)
        rebuild(self.warehouse)
        assert tables(self.warehouse) == before

    def load(self, file: File, variant: int, pick: int) -> None:
        """Load it as a user would: without answers first, then with an answer to every question asked."""
        load, version = loaded_of(file, variant), self.warehouse.newest
        earlier = self.model.same_bytes(load.content)
        if earlier and earlier.recipe == load.recipe:
            assert self.keep(file, variant, {}).status is Status.UNCHANGED and self.warehouse.newest == version
            return
        before = dict(earlier.answers) if earlier else {}
        conflicts = self.model.conflicts(load)
        sources = sorted({load.source for _ in conflicts} | {source for others in conflicts.values() for source in others})
        choices = {"counts": sources, "occupied": ["replace", "add", "skip"] if file.kind == "calls" and self.model.occupied(load) else []}
        kept = {key: value for key, value in before.items() if key == "occupied" or value in choices[key]}
        asked = {key for key, values in choices.items() if values and key not in kept}
        report = self.keep(file, variant, {})
        if asked:
            assert report.status is Status.QUESTIONS and self.warehouse.newest == version
            assert {question.key: [choice.value for choice in question.choices] for question in report.questions} == {
                key: choices[key] for key in asked
            }
            kept |= {key: choices[key][pick % len(choices[key])] for key in asked}
            report = self.keep(file, variant, {key: kept[key] for key in asked})
        assert report.status is Status.STORED and report.batch
        self.remember(load, report.batch, earlier, conflicts, kept, file.kind)
        self.compare()

    def keep(self, file: File, variant: int, answers: dict[str, str]) -> FileReport:
        return keep(self.warehouse, preview(file.content, f"{file.kind}.csv", recipe_of(file.kind, variant)), "test", answers)

    def remember(
        self, load: Loaded, batch: str, earlier: Loaded | None, conflicts: dict[tuple[str, str], set[str]], kept: dict[str, str], kind: str
    ) -> None:
        load.batch, load.answers = batch, kept
        load.sequence = earlier.sequence if earlier else 1 + max((one.sequence for one in self.model.loaded), default=0)
        load.how = kept.get("occupied", "replace") if kind == "calls" else "correct"
        load.ranks = tuple(
            (vendor, measure, source, int(source != kept["counts"]))
            for (vendor, measure), others in conflicts.items()
            for source in (load.source, *others)
        )
        self.model.store(load)

    def compare(self) -> None:
        """Rows, the sources they are read from, reported results, and the accepted rows behind them: equal to the last digit."""
        counting, reporting = self.model.counting()
        assert rows_of(self.warehouse) == counting
        assert rows_of(self.warehouse, f"({counting_rows_sql()})") == counting
        found = stored(self.warehouse, "SELECT vendor, month, measure, source, grain FROM reporting")
        assert Counter(found) == Counter(reporting)
        assert {row[:5]: row[5] for row in stored(self.warehouse, f"SELECT {KEYS}, kpi, actual FROM scorecard")} == self.model.results()


@pytest.mark.slow
def test_any_sequence_equals_the_replay() -> None:
    limits = settings(max_examples=SEQUENCES, stateful_step_count=STEPS, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Sequence, settings=limits)


def day(number: int, *cells: object) -> tuple:
    return (date(2026, 1, number), *cells)


# No two of them speak of the same source, vendor and day, no two sources of the same vendor, measure and month.
DISJOINT = (
    File("acd", (day(5, "A", 1, 2), day(6, "A", 3, None))),
    File("acd", (day(7, "A", 4, 5), day(5, "B", 6, 7))),
    File("calls", (day(5, "A", None, Decimal("2.5")), day(5, "A", None, Decimal("3.333333")))),
    File("wfm", ((date(2026, 2, 1), "A", 8, 9),)),
)


@pytest.mark.slow
def test_the_order_of_files_that_do_not_meet_does_not_matter(tmp_path: Path) -> None:
    def outcome(number: int, files: tuple[File, ...], load: Callable[[Warehouse, File], FileReport]) -> tuple:
        warehouse = Warehouse(tmp_path / str(number))
        assert {load(warehouse, file).status for file in files} == {Status.STORED}
        return rows_of(warehouse), set(stored(warehouse, "SELECT vendor, month, measure, source, grain, kind FROM reporting"))

    def load(warehouse: Warehouse, file: File) -> FileReport:
        return keep(warehouse, preview(file.content, f"{file.kind}.csv", recipe_of(file.kind, 0)))

    orders = list(permutations(DISJOINT))[:: 1 if SEQUENCES > 100 else 8]
    first, *others = (outcome(number, files, load) for number, files in enumerate(orders))
    assert len(first[0]) == 6 and all(other == first for other in others)
