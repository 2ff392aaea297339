"""Refused rows, restated numbers, changes; and what undoing would change, without changing it."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest

from analytics.history import changes_made, preview_undo, refused_rows, restated_numbers
from analytics.undoing import undo
from analytics.warehouse import Scope, Warehouse, settle
from tests.rows import EVERYTHING, insert

JULY = {"source": "acd", "grain": "month", "period_start": date(2026, 7, 1), "vendor": "Acme"}
FIRST = {**JULY, "batch_id": "b1", "contacts_offered": 100, "answered_within_threshold": 80}
CORRECTED = {**JULY, "batch_id": "b2", "contacts_offered": 100, "answered_within_threshold": 85}


def batch(batch_id: str, sequence: int) -> Mapping[str, object]:
    named = {
        "file_name": f"{batch_id}.csv",
        "sha256": batch_id,
        "shape": "aggregates",
        "source": "acd",
        "recipe_name": "r",
        "recipe_text": "r",
    }
    counts = {"rows_read": 3, "rows_accepted": 1, "rows_rejected": 2}
    return {
        "batch_id": batch_id,
        "sequence": sequence,
        **named,
        **counts,
        "loaded_at": datetime(2026, 8, 1),
        "loaded_by": "ann",
        "status": "active",
    }


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    """Two batches of the same month: 80 of 100, corrected to 85 of 100."""
    found = Warehouse(tmp_path)
    with found.write("ann", "load", "b1.csv, b2.csv") as connection:
        insert(connection, "batches", [batch("b1", 1), batch("b2", 2)])
        insert(connection, "performance_rows", [FIRST, CORRECTED])
        refused = {"batch_id": "b1", "column_name": "Calls", "reason": "'x' is no number.", "remedy": "Correct it."}
        insert(connection, "rejects", [{**refused, "line": 9, "raw": "9,=x"}, {**refused, "line": 4, "raw": "4,x"}])
        settle(connection)
    return found


def service_level(changes: pd.DataFrame) -> dict[str, str]:
    (row,) = changes[changes["kpi"] == "Service level"].to_dict("records")
    return {str(name): row[name] for name in ("vendor", "period", "before", "now")}


def test_the_preview_tells_the_undo_and_changes_nothing(warehouse: Warehouse) -> None:
    found = preview_undo(warehouse, EVERYTHING, "b2")
    assert service_level(found.changes) == {"vendor": "Acme", "period": "Jul 2026", "before": "85 %", "now": "80 %"}
    assert found.leaving == 1
    assert found.returning.values.tolist() == [["b1", "b1.csv", 1]]
    assert warehouse.newest == 1


def test_undoing_the_only_batch_leaves_nothing_measured(warehouse: Warehouse) -> None:
    undo(warehouse, "b2")
    found = preview_undo(warehouse, EVERYTHING, "b1")
    assert service_level(found.changes)["now"] == "not measured"
    assert found.returning.empty


def test_what_an_undo_changed_is_told_afterwards(warehouse: Warehouse) -> None:
    undo(warehouse, "b2", "ben")
    store = warehouse.open()
    changes = restated_numbers(store, EVERYTHING)
    assert service_level(changes) == {"vendor": "Acme", "period": "Jul 2026", "before": "85 %", "now": "80 %"}
    assert set(changes["action"]) == {"undo"}
    assert set(changes["file_name"]) == {"b2.csv"}
    assert restated_numbers(store, EVERYTHING, "b1").empty
    assert changes_made(store, EVERYTHING)[["changed_by", "action"]].values.tolist() == [["ben", "undo"], ["ann", "load"]]


def test_refused_rows_come_by_line(warehouse: Warehouse) -> None:
    store = warehouse.open()
    rows = refused_rows(store, EVERYTHING, "b1")
    assert list(rows.columns) == ["line", "column", "reason", "remedy", "raw"]
    assert list(rows["line"]) == [4, 9]
    assert len(refused_rows(store, EVERYTHING, "b1", most=1)) == 1
    assert refused_rows(store, EVERYTHING, "b2").empty


def test_a_scope_sees_no_other_vendors_history(warehouse: Warehouse) -> None:
    undo(warehouse, "b2")
    store, asker = warehouse.open(), Scope.of("bolt", ["Bolt"])
    assert restated_numbers(store, asker).empty
    assert refused_rows(store, asker, "b1").empty
    assert changes_made(store, asker).empty
