"""Published versions are never changed; whatever happens to a writer, readers keep what was published."""

import threading
from pathlib import Path

import duckdb
import pytest
from filelock import FileLock

from analytics.catalogue import MEASURES
from analytics.errors import WarehouseError
from analytics.warehouse import Scope, Warehouse
from analytics.warehouse.versions import KEPT_VERSIONS
from tests.rows import insert

EVERYTHING = Scope.everything()


def add_event(warehouse: Warehouse, title: str) -> None:
    with warehouse.write("ada", "test", title) as connection:
        insert(connection, "events", [{"happened_on": "2026-08-14", "title": title}])


def titles(warehouse: Warehouse) -> list[str]:
    return warehouse.open().select(EVERYTHING, "SELECT title FROM events ORDER BY title")["title"].tolist()


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "warehouse", lock_seconds=0.2)


def test_a_folder_without_a_warehouse_says_how_to_start(warehouse: Warehouse) -> None:
    assert not warehouse.exists and warehouse.newest is None
    with pytest.raises(WarehouseError, match=r"no warehouse in .* Run `python -m analytics demo`"):
        warehouse.open()


def test_each_write_publishes_the_next_version_with_an_audit_row(warehouse: Warehouse) -> None:
    add_event(warehouse, "outage")
    add_event(warehouse, "ramp-up")
    assert warehouse.newest == 2
    assert titles(warehouse) == ["outage", "ramp-up"]
    audit = warehouse.open().select(EVERYTHING, "SELECT changed_by, action, detail FROM audit ORDER BY changed_at")
    assert audit.to_numpy().tolist() == [["ada", "test", "outage"], ["ada", "test", "ramp-up"]]


def test_an_open_store_keeps_its_version_while_a_writer_publishes(warehouse: Warehouse) -> None:
    add_event(warehouse, "outage")
    before = warehouse.open()
    add_event(warehouse, "ramp-up")
    assert len(before.select(EVERYTHING, "SELECT title FROM events")) == 1
    assert (before.version, warehouse.open().version) == (1, 2)


def test_a_version_is_opened_once_per_process(warehouse: Warehouse) -> None:
    add_event(warehouse, "outage")
    assert warehouse.open() is Warehouse(warehouse.folder).open()


def test_an_error_inside_a_write_changes_nothing(warehouse: Warehouse) -> None:
    add_event(warehouse, "outage")
    with pytest.raises(RuntimeError), warehouse.write("ada", "test", "broken") as connection:
        insert(connection, "events", [{"happened_on": "2026-08-15", "title": "never"}])
        raise RuntimeError
    with pytest.raises(WarehouseError, match="could not be changed"), warehouse.write("ada", "test", "wrong SQL") as connection:
        connection.execute("INSERT INTO events VALUES (1)")
    assert (warehouse.newest, titles(warehouse)) == (1, ["outage"])
    assert sorted(path.name for path in warehouse.folder.iterdir()) == ["originals", "warehouse.1.duckdb", "warehouse.lock"]


def test_what_a_killed_writer_left_behind_is_removed_by_the_next(warehouse: Warehouse) -> None:
    add_event(warehouse, "outage")
    for leftover in ("writing.999.duckdb", "writing.999.duckdb.wal"):
        (warehouse.folder / leftover).write_bytes(b"half")
    add_event(warehouse, "ramp-up")
    assert not list(warehouse.folder.glob("writing.*"))
    assert titles(warehouse) == ["outage", "ramp-up"]


def test_only_the_last_versions_are_kept(warehouse: Warehouse) -> None:
    for number in range(KEPT_VERSIONS + 2):
        add_event(warehouse, str(number))
    kept = sorted(int(path.name.split(".")[1]) for path in warehouse.folder.glob("warehouse.*.duckdb"))
    assert kept == list(range(3, KEPT_VERSIONS + 3))


def test_a_locked_warehouse_is_still_read_and_says_what_to_do_on_write(warehouse: Warehouse) -> None:
    add_event(warehouse, "outage")
    with FileLock(warehouse.folder / "warehouse.lock"):
        assert titles(warehouse) == ["outage"]
        with pytest.raises(WarehouseError, match=r"Another process is changing the warehouse. Wait"):
            add_event(warehouse, "ramp-up")


@pytest.mark.parametrize("content", [b"", b"not a database" * 500])
def test_a_damaged_version_names_the_file_and_the_way_back(warehouse: Warehouse, content: bytes) -> None:
    add_event(warehouse, "outage")
    warehouse.path_of(2).write_bytes(content)
    with pytest.raises(WarehouseError, match=r"warehouse\.2\.duckdb.*go back to the version before"):
        warehouse.open()
    with pytest.raises(WarehouseError, match=r"warehouse\.2\.duckdb.*go back to the version before"):
        add_event(warehouse, "ramp-up")
    warehouse.path_of(2).unlink()
    assert titles(warehouse) == ["outage"]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    with pytest.raises(WarehouseError, match=r"taken cannot be written.*--warehouse"):
        add_event(Warehouse(tmp_path / "taken"), "outage")


def test_measures_new_in_the_catalogue_become_columns(warehouse: Warehouse) -> None:
    with warehouse.write("ada", "test", "older schema") as connection:
        for table in ("performance", "performance_rows"):
            connection.execute(f"ALTER TABLE {table} DROP COLUMN backlog_days")
    columns = warehouse.open().select(EVERYTHING, "SELECT * FROM performance").columns
    assert set(MEASURES) <= set(columns)
    assert warehouse.newest == 2


def test_a_warehouse_of_a_newer_program_is_not_touched(warehouse: Warehouse) -> None:
    with warehouse.write("ada", "test", "from the future") as connection:
        connection.execute("INSERT INTO migrations VALUES (900, '900_later.sql', now()::TIMESTAMP)")
    with pytest.raises(WarehouseError, match=r"newer version of the dashboard. Update"):
        warehouse.open()


def test_a_store_reaches_nothing_outside_its_file(warehouse: Warehouse) -> None:
    add_event(warehouse, "outage")
    secret = warehouse.folder / "secret.csv"
    secret.write_text("a\n1\n")
    with pytest.raises(WarehouseError, match="cannot answer"):
        warehouse.open().select(EVERYTHING, f"SELECT * FROM read_csv('{secret}')")
    with pytest.raises(WarehouseError, match="cannot answer"):
        warehouse.open().select(EVERYTHING, "INSERT INTO events (happened_on, title) VALUES ('2026-01-01', 'x')")
    with pytest.raises(duckdb.Error):
        duckdb.connect(str(warehouse.path_of(1)), read_only=True).execute("CREATE TABLE t (a INTEGER)")


def test_threads_share_a_store_and_get_their_own_rows(warehouse: Warehouse) -> None:
    with warehouse.write("ada", "test", "rows") as connection:
        insert(connection, "events", ({"happened_on": "2026-01-01", "title": f"t{number}", "vendor": f"V{number}"} for number in range(8)))
    store = warehouse.open()
    wrong: list[str] = []

    def ask(number: int) -> None:
        for _ in range(20):
            found = store.select(Scope.of("u", [f"V{number}"]), "SELECT title FROM events WHERE title LIKE $like", {"like": "t%"})
            if found["title"].tolist() != [f"t{number}"]:
                wrong.append(str(found))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
