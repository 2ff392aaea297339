"""Rebuild makes every row again from originals, recipes and answers: equal to the last digit, or nothing is changed."""

import shutil
from pathlib import Path

import duckdb
import pytest

from analytics.errors import WarehouseError
from analytics.intake import Status, load_file, parse_recipe
from analytics.intake.rebuilding import rebuild
from analytics.undoing import undo
from analytics.warehouse import Warehouse
from analytics.warehouse.store import READ_CONFIG
from tests.recipes import CALLS_BY_DAY

pytestmark = pytest.mark.slow

NEVER_MADE_AGAIN = {"migrations", "audit"}  # when the tables were made; what was done, which rebuild adds a line to


def tables(warehouse: Warehouse) -> dict[str, list]:
    """Every table of the newest version, its rows in a fixed order."""
    with duckdb.connect(str(warehouse.path_of(warehouse.newest or 0)), read_only=True, config=READ_CONFIG) as connection:
        names = [name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        return {name: connection.execute(f"FROM {name} ORDER BY ALL").fetchall() for name in names if name not in NEVER_MADE_AGAIN}


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    """Three files: the second corrects the first and has a refused row, the third is of another source, which counts; one is undone."""
    warehouse = Warehouse(tmp_path / "warehouse")
    for name, rows, source, answers in (
        ("first.csv", "2026-01-05,Acme,10\n2026-01-06,Acme,20", "acd", {}),
        ("second.csv", "2026-01-06,Acme,21\n2026-01-07,Acme,x", "acd", {}),
        ("wfm.csv", "2026-01-05,Acme,300", "wfm", {"counts": "wfm"}),
        ("malaga.csv", "2026-01-05,Málaga,7", "acd", {"encoding": "cp1252"}),
        ("undone.csv", "2026-01-09,Acme,9", "acd", {}),
    ):
        path = tmp_path / name
        path.write_bytes(f"Date,Vendor,Calls\n{rows}\n".encode("cp1252"))
        recipe = parse_recipe(CALLS_BY_DAY.replace('"acd"', f'"{source}"'), source)
        assert load_file(warehouse, path, recipe, answers).status is Status.STORED
    undo(warehouse, "b0005")
    return warehouse


def test_every_table_is_equal_to_the_last_digit(warehouse: Warehouse) -> None:
    before = tables(warehouse)
    made = rebuild(warehouse, "ada")
    assert (made.version, made.based_on, made.files, made.read_differently) == (7, "version 6", 4, ())
    assert tables(warehouse) == before and before["rejects"] and before["precedence"] and len(before["performance"]) == 2
    assert warehouse.snapshot_of(7).records("audit")[-1]["action"] == "rebuild"


@pytest.mark.parametrize("damage", ["lost", "damaged"])
def test_originals_and_the_list_of_batches_are_enough(warehouse: Warehouse, damage: str) -> None:
    before, history = tables(warehouse), warehouse.snapshot_of(6).records("audit")
    for version in warehouse.versions:
        path = warehouse.path_of(version)
        path.unlink() if damage == "lost" else path.write_bytes(b"damaged" * 1000)
    made = rebuild(warehouse)
    assert (made.based_on, made.version) == ("the list of batches", 7) and tables(warehouse) == before
    assert warehouse.snapshot_of(made.version).records("audit")[:-1] == history


def test_without_that_list_an_older_version_is_gone_by(warehouse: Warehouse) -> None:
    warehouse.path_of(6).write_bytes(b"damaged" * 1000)
    (warehouse.originals / "batches.json").write_text("{}")
    assert rebuild(warehouse).based_on == "version 5"


def test_nothing_to_go_by_is_said(warehouse: Warehouse) -> None:
    for version in warehouse.versions:
        warehouse.path_of(version).unlink()
    (warehouse.originals / "batches.json").write_text('{"format": 99}')
    with pytest.raises(WarehouseError, match=r"batches.json cannot be read: it is damaged. Restore a backup"):
        rebuild(warehouse)


def test_missing_and_changed_originals_are_named_and_nothing_is_changed(warehouse: Warehouse) -> None:
    first, second, *_ = (warehouse.originals / f"{batch['sha256']}.csv" for batch in warehouse.snapshot_of(6).records("batches"))
    first.unlink()
    second.write_bytes(second.read_bytes() + b"2026-01-08,Acme,1\n")
    with pytest.raises(WarehouseError) as problem:
        rebuild(warehouse)
    assert f"{first.name} (first.csv, b0001) is missing; {second.name} (second.csv, b0002) was changed" in problem.value.message
    assert warehouse.newest == 6 and "restore" in problem.value.remedy


def test_the_original_of_an_undone_file_is_not_needed(warehouse: Warehouse) -> None:
    (undone,) = (batch for batch in warehouse.snapshot_of(6).records("batches") if batch["status"] == "undone")
    (warehouse.originals / f"{undone['sha256']}.csv").unlink()
    before = tables(warehouse)
    rebuild(warehouse)
    assert tables(warehouse) == before


def test_a_recipe_this_program_does_not_understand_is_named(warehouse: Warehouse) -> None:
    with warehouse.write("test", "test", "a recipe of the past") as connection:
        connection.execute("UPDATE batches SET recipe_text = 'shape = 7' WHERE batch_id = 'b0002'")
    with pytest.raises(WarehouseError, match=r"The recipe of second.csv \(b0002\)"):
        rebuild(warehouse)
    assert warehouse.newest == 7


def test_the_sample_is_made_again(demo_copy: Path) -> None:
    warehouse = Warehouse(demo_copy)
    before = tables(warehouse)
    rebuild(warehouse)
    assert tables(warehouse) == before
    shutil.rmtree(warehouse.originals)
    with pytest.raises(WarehouseError, match=r"and 1\d more"):
        rebuild(warehouse)
