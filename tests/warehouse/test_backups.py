"""A backup holds everything, is checked when written and when read, and replaces nothing that is there."""

import json
import zipfile
from pathlib import Path

import pytest

from analytics.errors import UsageError, WarehouseError
from analytics.intake import Status, load_file, parse_recipe
from analytics.intake.rebuilding import rebuild
from analytics.warehouse import Scope, Warehouse
from analytics.warehouse.backups import backup, restore
from tests.recipes import CALLS_BY_DAY

pytestmark = pytest.mark.slow
OFFERED = "SELECT sum(contacts_offered)::INTEGER AS offered FROM performance"


def load(warehouse: Warehouse, name: str, row: str) -> None:
    path = warehouse.folder.parent / name
    path.write_text(f"Date,Vendor,Calls\n{row}\n", encoding="utf-8")
    assert load_file(warehouse, path, parse_recipe(CALLS_BY_DAY, "acd")).status is Status.STORED


def offered(warehouse: Warehouse) -> int:
    return warehouse.open().select(Scope.everything(), OFFERED)["offered"].item()


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    warehouse = Warehouse(tmp_path / "warehouse")
    load(warehouse, "first.csv", "2026-01-05,Acme,10")
    (warehouse.folder / "recipes").mkdir()
    (warehouse.folder / "recipes" / "own.toml").write_text(CALLS_BY_DAY)
    (warehouse.folder / "settings.toml").write_text("fiscal_year_start_month = 4\n")
    return warehouse


@pytest.fixture
def saved(warehouse: Warehouse, tmp_path: Path) -> Path:
    made = backup(warehouse, tmp_path / "saved" / "monday.zip")
    assert (made.version, made.originals) == (1, 1) and made.size == made.path.stat().st_size
    return made.path


def test_into_an_empty_folder(saved: Path, tmp_path: Path) -> None:
    fresh = Warehouse(tmp_path / "fresh")
    made = restore(fresh, saved, "ada")
    assert (made.version, made.originals, offered(fresh)) == (1, 1, 10)
    assert (fresh.folder / "settings.toml").read_text() == "fiscal_year_start_month = 4\n"
    assert [path.name for path in (fresh.folder / "recipes").iterdir()] == ["own.toml"]
    assert rebuild(fresh).files == 1 and offered(fresh) == 10
    audit = fresh.open().select(Scope.everything(), "SELECT changed_by, action, detail FROM audit ORDER BY changed_at")
    assert audit.to_numpy().tolist()[1] == ["ada", "restore", "monday.zip"]


def test_the_present_version_stays_among_those_kept(warehouse: Warehouse, saved: Path) -> None:
    load(warehouse, "second.csv", "2026-01-06,Acme,5")
    (warehouse.folder / "settings.toml").write_text("fiscal_year_start_month = 7\n")
    restore(warehouse, saved)
    assert offered(warehouse) == 10 and warehouse.versions == [3, 2, 1]
    assert len(list(warehouse.originals.glob("*.csv"))) == 2
    assert (warehouse.folder / "settings.toml.before-restore").read_text() == "fiscal_year_start_month = 7\n"
    warehouse.path_of(3).unlink()
    assert offered(warehouse) == 15


def test_an_original_that_was_lost_or_changed_comes_back(warehouse: Warehouse, saved: Path) -> None:
    (original,) = warehouse.originals.glob("*.csv")
    content = original.read_bytes()
    original.write_bytes(b"changed")
    restore(warehouse, saved)
    assert original.read_bytes() == content


def test_without_originals_it_is_smaller_and_says_so(warehouse: Warehouse, tmp_path: Path) -> None:
    made = backup(warehouse, tmp_path / "small.zip", originals=False)
    assert made.originals is None
    fresh = Warehouse(tmp_path / "fresh")
    assert restore(fresh, made.path).originals is None and offered(fresh) == 10
    with pytest.raises(WarehouseError, match=r"first.csv, b0001\) is missing"):
        rebuild(fresh)


def test_an_existing_file_is_replaced_only_by_force(warehouse: Warehouse, saved: Path) -> None:
    with pytest.raises(UsageError, match=r"monday.zip exists already.*--force"):
        backup(warehouse, saved)
    assert backup(warehouse, saved, force=True).version == 1


def test_a_place_that_cannot_be_written_is_named(warehouse: Warehouse, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(WarehouseError, match=r"taken.*cannot be written"):
        backup(warehouse, tmp_path / "taken" / "b.zip")


def changed(saved: Path, name: str, content: bytes) -> Path:
    """The same archive with one file changed."""
    other = saved.with_name("other.zip")
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(other, "w") as target:
        for entry in source.namelist():
            target.writestr(entry, content if entry == name else source.read(entry))
    return other


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("warehouse.duckdb", b"other", "damaged: warehouse.duckdb is not what was written"),
        ("settings.toml", b"x = 1", "damaged: settings.toml"),
        ("backup.json", b"{}", "no backup of this program"),
        ("backup.json", b"[]", "no backup of this program"),
        ("backup.json", b'{"format": 9}', "newer version of the dashboard"),
    ],
)
def test_a_damaged_backup_is_refused_and_nothing_changed(
    warehouse: Warehouse, saved: Path, name: str, content: bytes, message: str
) -> None:
    with pytest.raises(WarehouseError, match=message):
        restore(warehouse, changed(saved, name, content))
    assert warehouse.versions == [1] and offered(warehouse) == 10


def test_other_files_are_no_backups(warehouse: Warehouse, saved: Path, tmp_path: Path) -> None:
    (tmp_path / "text.zip").write_text("text")
    (tmp_path / "cut.zip").write_bytes(saved.read_bytes()[:2000])
    for name in ("text.zip", "cut.zip"):
        with pytest.raises(WarehouseError, match=f"{name} is no backup"):
            restore(warehouse, tmp_path / name)
    with pytest.raises(WarehouseError, match="There is no backup"):
        restore(warehouse, tmp_path / "none.zip")


def test_a_name_that_leads_out_of_the_folder_is_refused(warehouse: Warehouse, saved: Path, tmp_path: Path) -> None:
    manifest = json.loads(zipfile.ZipFile(saved).read("backup.json"))
    evil = tmp_path / "evil.zip"
    for name in ("../escaped.toml", "/escaped.toml", "originals/../../escaped.toml", "recipes\\escaped.toml"):
        with zipfile.ZipFile(saved) as source, zipfile.ZipFile(evil, "w") as target:
            for entry in set(source.namelist()) - {"backup.json"}:
                target.writestr(entry, source.read(entry))
            target.writestr(name, "x")
            listed = manifest["files"] | {name: "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"}
            target.writestr("backup.json", json.dumps(manifest | {"files": listed}))
        with pytest.raises(WarehouseError, match="no backup of this program"):
            restore(warehouse, evil)
    assert not list(tmp_path.rglob("escaped*"))


def test_a_backup_of_a_newer_program_is_refused(warehouse: Warehouse, tmp_path: Path) -> None:
    with warehouse.write("test", "test", "from the future") as connection:
        connection.execute("INSERT INTO migrations VALUES (900, '900_later.sql', now()::TIMESTAMP)")
    with pytest.raises(WarehouseError, match="newer version"):
        warehouse.open()
