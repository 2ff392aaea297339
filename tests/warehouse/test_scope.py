"""What is outside a scope does not exist: in no table, no total, no option list."""

from datetime import date
from pathlib import Path

import pytest

from analytics.warehouse import Scope, Store, list_batches
from analytics.warehouse.scope import SCOPED_TABLES
from analytics.warehouse.versions import Warehouse
from tests.rows import insert, store_of

EVERYTHING, ACME = Scope.everything(), Scope.of("acme user", ["Acme"])


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return store_of(
        tmp_path,
        [{"vendor": "Acme", "contacts_offered": 10}, {"vendor": "Bolt", "contacts_offered": 100}],
        scorecard=[{"vendor": "Acme", "kpi": "csat", "actual": 0.9}, {"vendor": "Bolt", "kpi": "csat", "actual": 0.5}],
        targets=[
            {"kpi": "csat", "vendor": vendor, "comparator": ">=", "expected": 0.9, "valid_from": date(2026, 1, 1)}
            for vendor in ("Acme", "Bolt", None)
        ],
        risks=[
            {"risk_id": f"r{number}", "number": number, "title": "t", "category": "c", "vendor": vendor, "status": "open"}
            for number, vendor in enumerate(("Acme", "Bolt", None), start=1)
        ],
        risk_scores=[
            {"risk_id": f"r{number}", "scored_on": date(2026, 1, 1), "kind": "residual", "likelihood": 3, "impact": number}
            for number in (1, 2, 3)
        ],
    )


def test_totals_hold_only_visible_vendors(store: Store) -> None:
    total = "SELECT sum(contacts_offered) AS offered FROM performance"
    assert store.select(EVERYTHING, total)["offered"].item() == 110
    assert store.select(ACME, total)["offered"].item() == 10
    assert store.select(Scope.nobody(), "SELECT * FROM performance").empty


@pytest.mark.parametrize("table", ["performance", "performance_rows", "reporting", "scorecard", "scorecard_rows"])
def test_numbers_are_strictly_per_vendor(store: Store, table: str) -> None:
    assert set(store.select(ACME, f"SELECT vendor FROM {table}")["vendor"]) == {"Acme"}
    assert set(store.select(EVERYTHING, f"SELECT vendor FROM {table}")["vendor"]) == {"Acme", "Bolt"}


def test_entries_of_no_vendor_are_shared(store: Store) -> None:
    for table in ("targets", "risks"):
        assert len(store.select(ACME, f"SELECT * FROM {table} WHERE coalesce(vendor, 'Acme') = 'Acme'")) == 2
        assert len(store.select(ACME, f"SELECT * FROM {table}")) == 2
    assert store.select(ACME, "SELECT impact FROM risk_scores ORDER BY impact")["impact"].tolist() == [1, 3]


def test_a_query_with_its_own_ctes_is_scoped_too(store: Store) -> None:
    sql = "WITH total AS (SELECT sum(contacts_offered) AS offered FROM performance) SELECT offered + $more AS offered FROM total"
    assert store.select(ACME, sql, {"more": 1})["offered"].item() == 11
    recursive = "with recursive n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT count(*) AS c FROM n, performance"
    assert store.select(ACME, recursive)["c"].item() == 3


def test_every_table_has_a_rule(store: Store) -> None:
    tables = set(store.select(EVERYTHING, "SELECT table_name FROM duckdb_tables()")["table_name"])
    assert tables - set(SCOPED_TABLES) == {"migrations"}


def test_a_batch_shows_only_to_those_who_may_see_all_its_rows(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path)
    with warehouse.write("test", "test", "two files") as connection:
        for batch in ("own", "shared"):
            values = {"batch_id": batch, "sequence": 1, "file_name": f"{batch}.csv", "sha256": "", "shape": "aggregates", "source": "acd"}
            counts = {"recipe_name": "", "recipe_text": "", "rows_read": 1, "rows_accepted": 1, "rows_rejected": 1}
            stamp = {"loaded_at": "2026-01-01", "loaded_by": "x", "status": "active"}
            insert(connection, "batches", [{**values, **counts, **stamp}])
            insert(connection, "rejects", [{"batch_id": batch, "reason": "r", "raw": "text"}])
        key = {"source": "acd", "grain": "day", "period_start": "2026-01-01"}
        insert(connection, "performance_rows", [{**key, "vendor": "Acme", "batch_id": batch} for batch in ("own", "shared")])
        insert(connection, "performance_rows", [{**key, "vendor": "Bolt", "batch_id": "shared"}])
    store = warehouse.open()
    assert [batch.batch_id for batch in list_batches(store, ACME)] == ["own"]
    assert store.select(ACME, "SELECT batch_id FROM rejects")["batch_id"].tolist() == ["own"]
    assert store.select(ACME, "SELECT * FROM audit").empty
    assert len(list_batches(store, EVERYTHING)) == 2
