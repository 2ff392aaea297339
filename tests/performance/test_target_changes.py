"""Targets that change: inside a period, under verdicts already given, and the table as a file that loads back."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.exports import csv_bytes
from analytics.performance.target_changes import changed_inside_text, changed_verdicts, target_history, targets_inside
from analytics.performance.targets import Target, TargetBook, change_words, load_targets, target_table
from analytics.periods import Period
from analytics.target_checks import check_targets
from analytics.warehouse import Scope, Warehouse
from tests.conftest import run_command
from tests.rows import EVERYTHING, store_of

Q3 = Period.parse("2026-Q3")


def target(kpi: str, expected: float, since: date, **row: object) -> dict[str, object]:
    return {"kpi": kpi, "comparator": ">=", "expected": expected, "valid_from": since, **row}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> TargetBook:
    rows = [
        target("service_level", 0.78, date(2026, 1, 1), valid_to=date(2026, 8, 14)),
        target("service_level", 0.80, date(2026, 8, 15)),
        target("service_level", 0.85, date(2026, 10, 1)),
        target("csat", 0.90, date(2026, 1, 1)),
        target("csat", 0.90, date(2026, 8, 1), basis="renewed, unchanged"),
        target("nps", 30, date(2026, 1, 1), vendor="A", valid_to=date(2026, 7, 31)),
        target("nps", 40, date(2026, 1, 1), vendor="B"),
        {"kpi": "occupancy", "comparator": "band", "lower": 0.70, "upper": 0.90, "valid_from": date(2026, 9, 1)},
    ]
    return load_targets(store_of(tmp_path_factory.mktemp("changes"), targets=rows), EVERYTHING)


def told(kpi: str, inside: Sequence[tuple[date, Target]]) -> str:
    """What is said of Q3 with these targets inside it."""
    return changed_inside_text(inside[0][1].words(kpi), change_words(kpi, inside), Q3)


class TestInsideAPeriod:
    def test_a_change_is_said_and_the_first_counts(self, book: TargetBook) -> None:
        inside = targets_inside(book, "service_level", {}, Q3)
        assert [(day, change.target) for day, change in inside] == [(date(2026, 7, 1), 0.78), (date(2026, 8, 15), 0.80)]
        assert told("service_level", inside) == (
            "The target changed inside Q3 2026: >= 78 %, from 15 Aug 2026 >= 80 %. The period is held against the first."
        )

    def test_the_same_target_again_is_no_change(self, book: TargetBook) -> None:
        assert told("csat", targets_inside(book, "csat", {}, Q3)) == ""

    def test_one_that_ends_without_another(self, book: TargetBook) -> None:
        inside = targets_inside(book, "nps", {"vendor": "A"}, Q3)
        assert told("nps", inside) == (
            "The target changed inside Q3 2026: >= 30, from 1 Aug 2026 none. The period is held against the first."
        )

    def test_a_default_that_a_band_follows(self, book: TargetBook) -> None:
        text = told("occupancy", targets_inside(book, "occupancy", {}, Q3))
        assert text.endswith("from 1 Sep 2026 70 to 90 %. The period is held against the first.")

    def test_months_outside_know_nothing_of_it(self, book: TargetBook) -> None:
        assert len(targets_inside(book, "service_level", {}, Period.parse("2026-07"))) == 1
        assert len(targets_inside(book, "service_level", {}, Period.parse("2026"))) == 3


class TestVerdicts:
    def test_what_a_backdated_target_would_change(self, tmp_path: Path, book: TargetBook) -> None:
        later = load_targets(store_of(tmp_path, targets=[target("service_level", 0.83, date(2026, 2, 1))]), EVERYTHING)
        months = pd.DataFrame({
            "period": pd.date_range("2026-01-01", periods=3, freq="MS"), "vendor": "A", "kpi": "service_level", "value": [0.80, 0.80, 0.90],
        })  # fmt: skip
        found = changed_verdicts(months, book, later)
        assert found.to_dict("records") == [
            {"period": pd.Timestamp("2026-02-01"), "vendor": "A", "kpi": "service_level", "value": 0.8,
             "status_before": "met", "status_after": "missed", "target_before": ">= 78 %", "target_after": ">= 83 %"}
        ]  # fmt: skip
        assert changed_verdicts(months, book, book).empty
        assert changed_verdicts(months.assign(value=np.nan), book, later).empty


class TestFile:
    def test_the_table_loads_back_as_it_was(self, demo_warehouse: Path, tmp_path: Path) -> None:
        table = target_table(Warehouse(demo_warehouse).open(), EVERYTHING)
        file = tmp_path / "targets.csv"
        file.write_bytes(csv_bytes(table))
        done = run_command("load", file, "--warehouse", tmp_path / "again")
        assert done.returncode == 0, done.stdout + done.stderr
        pd.testing.assert_frame_equal(target_table(Warehouse(tmp_path / "again").open(), EVERYTHING), table)

    def test_the_targets_of_the_sample_have_no_error(self, demo_warehouse: Path) -> None:
        assert check_targets(target_table(Warehouse(demo_warehouse).open(), EVERYTHING)) == ()


class TestHistory:
    def test_what_was_replaced_stays_readable(self, tmp_path: Path) -> None:
        folder, file = tmp_path / "warehouse", tmp_path / "targets.csv"
        for expected in (0.80, 0.85):
            file.write_text(
                f"kpi,vendor,comparator,minimum,expected,valid_from,valid_to,basis,approved_by\nservice_level,A,>=,,{expected},2026-01-01,,,\n"
            )
            done = run_command("load", file, "--warehouse", folder)
            assert done.returncode == 0, done.stdout + done.stderr
        store = Warehouse(folder).open()
        history = target_history(store, EVERYTHING, "service_level")
        assert history[["expected", "state", "file_name", "before"]].to_numpy().tolist() == [
            [0.85, "counts", "targets.csv", "replaces >= 80 %"], [0.80, "replaced", "targets.csv", ""],
        ]  # fmt: skip
        assert target_history(store, EVERYTHING, "csat").empty
        assert target_history(store, Scope.of("b", ["B"])).empty
