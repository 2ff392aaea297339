"""A rehearsal shows what a change would do, changes nothing, and leaves nothing behind."""

import tempfile
from pathlib import Path

import pytest

from analytics.errors import WarehouseError
from analytics.warehouse import Store, Warehouse, counting_rows_sql, rehearsal, without_batch
from tests.rows import EVERYTHING, insert, store_of

OFFERED = "SELECT sum(contacts_offered)::INTEGER AS offered FROM performance"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    for name in ("temporary", "warehouse"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    return store_of(tmp_path / "warehouse", [{"contacts_offered": 10}, {"vendor": "Bolt", "contacts_offered": 5, "batch_id": "b2"}])


def test_without_a_batch(store: Store, tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    with without_batch(warehouse, "b2") as after:
        assert after.select(EVERYTHING, OFFERED)["offered"].tolist() == [10]
        assert after.path.parent.parent == tmp_path / "temporary"
    assert list((tmp_path / "temporary").iterdir()) == []
    assert warehouse.open() is store and store.select(EVERYTHING, OFFERED)["offered"].tolist() == [15]


def test_nothing_is_left_behind_after_an_error(store: Store, tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    with pytest.raises(KeyError), without_batch(warehouse, "b1"):
        raise KeyError
    with pytest.raises(WarehouseError), rehearsal(warehouse, lambda connection: connection.execute("SELECT wrong")):
        pass
    assert list((tmp_path / "temporary").iterdir()) == []


def test_counting_rows_are_those_behind_a_number(tmp_path: Path) -> None:
    """
    source  batch  offered  handled
    acd     b1          10        9   corrected by b2: does not count
    acd     b2          12        -   the first source of offered
    wfm     b3         300       11   offered does not count, handled does
    """
    store_of(tmp_path, [{"contacts_offered": 10, "contacts_handled": 9, "line": 2}])
    warehouse = Warehouse(tmp_path)
    with warehouse.write("test", "test", "batches") as connection:
        for sequence, source in enumerate(("acd", "acd", "wfm"), start=1):
            batch = {"batch_id": f"b{sequence}", "sequence": sequence, "file_name": "f", "sha256": "", "shape": "aggregates"}
            recipe = {"source": source, "recipe_name": "", "recipe_text": "", "rows_read": 1, "rows_accepted": 1, "rows_rejected": 0}
            insert(connection, "batches", [{**batch, **recipe, "loaded_at": "2026-01-01", "loaded_by": "x", "status": "active"}])
    store = store_of(
        tmp_path,
        [
            {"contacts_offered": 12, "batch_id": "b2", "line": 7, "file_rows": 3},
            {"source": "wfm", "contacts_offered": 300, "contacts_handled": 11, "batch_id": "b3"},
        ],
    )
    sql = f"SELECT batch_id, line, file_rows, contacts_offered, contacts_handled FROM ({counting_rows_sql()}) ORDER BY batch_id"
    found = store.select(EVERYTHING, sql).astype(object)
    assert found.where(found.notna(), None).to_numpy().tolist() == [["b2", 7, 3, 12, None], ["b3", None, None, None, 11]]
