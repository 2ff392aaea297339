"""Rows typed by hand: a file, a batch and a history like any other; problems all at once; nothing edited."""

from datetime import date
from pathlib import Path

import pytest

from analytics.errors import DashboardError
from analytics.exports import csv_bytes
from analytics.intake import Level, Original, Status
from analytics.intake.entering import brought, entered, typed_rows
from analytics.intake.rebuilding import rebuild
from analytics.performance.target_changes import target_history
from analytics.performance.targets import target_table
from analytics.undoing import undo
from analytics.warehouse import Scope, Warehouse, list_batches
from tests.rows import EVERYTHING, empty_warehouse

FROM_2024 = {"kpi": "service_level", "comparator": ">=", "expected": 0.78, "valid_from": date(2024, 1, 1), "basis": "MSA 2024"}
NOTE = {"written_on": date(2026, 10, 3), "author": "S. Okafor", "kpi": "csat", "vendor": "Acme", "period": "2026-Q3"}


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return empty_warehouse(tmp_path)


def expected_levels(warehouse: Warehouse) -> list[float]:
    return target_table(warehouse.open(), EVERYTHING)["expected"].tolist()


class TestABatchLikeAnyOther:
    def test_what_is_typed_is_stored_with_who_and_when(self, warehouse: Warehouse) -> None:
        report = entered(warehouse, "targets", [FROM_2024, {**FROM_2024, "vendor": "Acme", "expected": "80 %"}], "h.brandt")
        assert (report.status, report.rows_accepted, report.issues) == (Status.STORED, 2, ())
        (batch,) = list_batches(warehouse.open(), EVERYTHING)
        assert batch.file_name == f"entered: targets {batch.loaded_at:%Y-%m-%d}"
        assert (batch.batch_id, batch.loaded_by, batch.source) == (report.batch, "h.brandt", "targets")
        assert expected_levels(warehouse) == [0.80, 0.78]

    def test_a_change_is_a_row_on_top_and_undo_brings_the_one_before_back(self, warehouse: Warehouse) -> None:
        entered(warehouse, "targets", [FROM_2024], "a")
        changed = entered(warehouse, "targets", [{**FROM_2024, "expected": 0.81}], "b")
        assert expected_levels(warehouse) == [0.81]
        history = target_history(warehouse.open(), EVERYTHING)
        assert history[["expected", "state", "loaded_by"]].to_numpy().tolist() == [[0.81, "counts", "b"], [0.78, "replaced", "a"]]
        undo(warehouse, str(changed.batch), "b")
        assert expected_levels(warehouse) == [0.78]

    def test_back_to_what_it_was_counts_again(self, warehouse: Warehouse) -> None:
        for expected in (0.78, 0.81, 0.78):
            assert entered(warehouse, "targets", [{**FROM_2024, "expected": expected}]).status is Status.STORED
        assert expected_levels(warehouse) == [0.78]
        assert entered(warehouse, "targets", [FROM_2024]).status is Status.UNCHANGED
        assert len(list_batches(warehouse.open(), EVERYTHING)) == 3

    def test_rebuild_makes_it_again(self, warehouse: Warehouse) -> None:
        entered(warehouse, "targets", [FROM_2024, {**FROM_2024, "vendor": "Acme", "expected": 0.8}])
        before = target_table(warehouse.open(), EVERYTHING)
        assert rebuild(warehouse).read_differently == ()
        assert target_table(warehouse.open(), EVERYTHING).equals(before)

    def test_into_a_folder_without_a_warehouse(self, tmp_path: Path) -> None:
        assert entered(Warehouse(tmp_path / "new"), "targets", [FROM_2024]).status is Status.STORED
        assert expected_levels(Warehouse(tmp_path / "new")) == [0.78]

    def test_a_dry_run_stores_nothing(self, warehouse: Warehouse) -> None:
        assert entered(warehouse, "targets", [FROM_2024], dry_run=True).status is Status.DRY_RUN
        assert list_batches(warehouse.open(), EVERYTHING) == []


class TestTexts:
    def test_notes_come_back_as_they_were_written(self, warehouse: Warehouse) -> None:
        bodies = ['She said "no", twice; then left', "=1+1", "-", "n/a", "a;b | c", "Überlauf in Łódź 🙂", "# no comment", "'quoted'"]
        assert entered(warehouse, "notes", [{**NOTE, "body": body} for body in bodies]).status is Status.STORED
        stored = warehouse.open().select(EVERYTHING, "SELECT body, period, author FROM notes")
        assert sorted(stored["body"]) == sorted(bodies)
        assert set(stored["period"]) == {"2026-Q3"}

    def test_lines_become_one(self, warehouse: Warehouse) -> None:
        entered(warehouse, "notes", [{**NOTE, "body": "First line\nsecond line"}])
        assert warehouse.open().select(EVERYTHING, "SELECT body FROM notes")["body"].tolist() == ["First line second line"]

    @pytest.mark.parametrize(
        ("register", "row"),
        [
            ("events", {"happened_on": date(2026, 8, 14), "title": "Outage", "vendor": "Acme"}),
            ("actions", {"action_id": "A-7", "title": "Hire", "owner": "P. Rao", "due_on": date(2026, 12, 1), "status": "open"}),
            ("rates", {"currency": "USD", "reporting_currency": "EUR", "rate": 0.92, "valid_from": date(2026, 1, 1)}),
        ],
    )
    def test_other_registers(self, warehouse: Warehouse, register: str, row: dict) -> None:
        assert entered(warehouse, register, [row]).status is Status.STORED
        assert entered(warehouse, register, [row]).status is Status.UNCHANGED
        assert len(warehouse.open().select(EVERYTHING, f"SELECT * FROM {register}")) == 1


class TestLevels:
    @pytest.mark.parametrize(
        ("kpi", "typed", "stored"),
        [
            ("average_handle_time", "5:10", 310), ("average_handle_time", "5:10 min", 310), ("average_handle_time", "5 min", 300),
            ("average_handle_time", "310", 310), ("mean_resolution_time", "24 h", 86400), ("error_rate", "0.5 %", 0.005),
            ("error_rate", "0.005", 0.005), ("cost_per_contact", "2.70", 2.7),
        ],
    )  # fmt: skip
    def test_are_typed_as_people_write_them(self, kpi: str, typed: str, stored: float) -> None:
        rows = typed_rows("targets", [{**FROM_2024, "kpi": kpi, "comparator": "<=", "expected": typed}])
        assert rows["expected"].tolist() == [stored]


class TestProblems:
    def test_all_at_once_and_nothing_is_stored(self, warehouse: Warehouse) -> None:
        rows = [
            FROM_2024,
            {**FROM_2024, "kpi": "servce_level"},
            {**FROM_2024, "kpi": "csat", "comparator": "<="},
            {**FROM_2024, "kpi": "nps", "expected": 30, "valid_to": date(2023, 1, 1)},
            {**FROM_2024, "kpi": "abandonment_rate", "comparator": "<=", "expected": 80},
        ]
        report = entered(warehouse, "targets", rows)
        assert report.status is Status.REFUSED
        assert [(issue.code, issue.line) for issue in report.issues if issue.level is Level.ERROR] == [
            ("unknown_kpi", 3), ("wrong_direction", 4), ("dates", 5), ("unit", 6),
        ]  # fmt: skip
        assert all(issue.remedy for issue in report.issues)
        assert list_batches(warehouse.open(), EVERYTHING) == []

    def test_an_overlap_and_a_tie_with_what_is_stored(self, warehouse: Warehouse) -> None:
        old = {**FROM_2024, "vendor": "Acme", "valid_to": date(2026, 12, 31)}
        entered(warehouse, "targets", [old])
        overlap = {**old, "valid_from": date(2026, 7, 1), "valid_to": None}
        tie = {**FROM_2024, "site": "Pune"}
        report = entered(warehouse, "targets", [overlap])
        assert (report.status, [(issue.code, issue.line) for issue in report.issues]) == (Status.REFUSED, [("overlap", 2)])
        assert report.issues[0].message.startswith("Two targets for Service level of Acme are valid from 1 Jul 2026 to 31 Dec 2026")
        report = entered(warehouse, "targets", [{**FROM_2024, "kpi": "csat", "expected": 0.9}, tie])
        assert (report.status, [(issue.code, issue.line) for issue in report.issues]) == (Status.REFUSED, [("tie", 3)])
        ended = {**old, "valid_to": date(2026, 6, 30)}
        assert entered(warehouse, "targets", [ended, overlap]).status is Status.STORED

    def test_a_past_is_not_changed_without_a_reason(self, warehouse: Warehouse) -> None:
        report = entered(warehouse, "targets", [{**FROM_2024, "basis": ""}])
        assert [issue.code for issue in report.issues] == ["backdated"]

    def test_a_note_without_words(self, warehouse: Warehouse) -> None:
        report = entered(warehouse, "notes", [{**NOTE, "body": "  "}])
        assert [(issue.code, issue.message) for issue in report.issues] == [("missing", "Row refused: body is missing.")]

    @pytest.mark.parametrize(("register", "rows"), [("targets", []), ("goals", [FROM_2024]), ("targets", [{"vendro": "A"}])])
    def test_what_is_no_row_of_a_register(self, warehouse: Warehouse, register: str, rows: list) -> None:
        with pytest.raises(DashboardError):
            entered(warehouse, register, rows)


class TestAFileOfARegister:
    def test_the_table_goes_out_and_comes_back(self, warehouse: Warehouse) -> None:
        entered(warehouse, "targets", [FROM_2024, {**FROM_2024, "vendor": "Acme", "expected": 0.8}])
        table = target_table(warehouse.open(), EVERYTHING)
        same = Original.of(csv_bytes(table), "targets.csv")
        assert brought(warehouse, "targets", same).status is Status.UNCHANGED
        changed = Original.of(csv_bytes(table.assign(expected=0.82)), "targets.csv")
        assert brought(warehouse, "targets", changed, "h.brandt").status is Status.STORED
        assert expected_levels(warehouse) == [0.82, 0.82]

    def test_a_file_whose_rows_were_replaced_says_so(self, warehouse: Warehouse) -> None:
        file = Original.of(b"kpi,comparator,expected,valid_from,basis\ncsat,>=,0.9,2024-01-01,MSA\n", "targets.csv")
        brought(warehouse, "targets", file)
        entered(warehouse, "targets", [{"kpi": "csat", "comparator": ">=", "expected": 0.92, "valid_from": "2024-01-01", "basis": "new"}])
        again = brought(warehouse, "targets", file)
        assert (again.status, [issue.code for issue in again.issues]) == (Status.UNCHANGED, ["overtaken"])

    def test_one_wrong_row_keeps_the_file_out(self, warehouse: Warehouse) -> None:
        file = Original.of(b"kpi,comparator,expected,valid_from\ncsat,>=,0.9,2027-01-01\ncsat,>=,ninety,2028-01-01\n", "targets.csv")
        report = brought(warehouse, "targets", file)
        assert (report.status, [issue.line for issue in report.issues]) == (Status.REFUSED, [3])
        assert list_batches(warehouse.open(), Scope.everything()) == []

    def test_a_file_of_something_else(self, warehouse: Warehouse) -> None:
        report = brought(warehouse, "targets", Original.of(b"a,b\n1,2\n", "x.csv"))
        assert report.status is Status.REFUSED
        assert "has no column" in report.issues[0].message
