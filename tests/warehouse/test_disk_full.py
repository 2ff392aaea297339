"""No space at whatever stage of a load: a clear message, nothing lost, nothing left behind, and the pages show what was published.

The limit on the size of a file (RLIMIT_FSIZE) stops writing as a full disk does, for everybody and on any POSIX system. Where tests run
as root on Linux a small file system of its own is filled up for real.
"""

import os
import random
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from analytics.errors import WarehouseError
from analytics.intake import Preview, Recipe, Status, keep, parse_recipe, preview
from analytics.undoing import undo
from analytics.warehouse import Warehouse
from analytics.warehouse.backups import backup
from tests.pages.screen import open_page, words
from tests.recipes import CALLS_BY_DAY
from tests.rows import EVERYTHING

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="limits are set the POSIX way")]

MEGABYTE = 1_000_000
HANDLED = CALLS_BY_DAY.replace("contacts_offered", "contacts_handled").replace("[measures]", 'site = {column = "Site"}\n[measures]')
SUM = "SELECT sum(contacts_handled)::BIGINT AS handled FROM performance"


def recipe() -> Recipe:
    return parse_recipe(HANDLED, "acd")


def rows(count: int, ballast: int = 0) -> Preview:
    """A file of that many rows and one, each of a site of its own and counting 1; `ballast`: bytes of a column that nobody reads."""
    numbers = random.Random(count)
    note = "x" * (ballast // (count + 1))
    lines = (f"2026-01-{1 + number % 28:02d},Acme,{numbers.getrandbits(200):x},1,{note}" for number in range(count + 1))
    content = "\n".join(["Date,Vendor,Site,Calls,Note", *lines, ""])
    return preview(content.encode(), "rows.csv", recipe())


@contextmanager
def no_file_larger_than(size: int) -> Generator[None, None, None]:
    """Writing beyond `size` bytes of any file fails, as writing to a full disk does."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def everything_in(folder: Path) -> dict[str, int]:
    """Every file and its size."""
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in sorted(folder.rglob("*")) if path.is_file()}


def handled(warehouse: Warehouse) -> int:
    return warehouse.open().select(EVERYTHING, SUM)["handled"].item()


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    """200 rows."""
    return filled(Warehouse(tmp_path / "warehouse"))


def filled(warehouse: Warehouse) -> Warehouse:
    assert keep(warehouse, rows(199)).status is Status.STORED
    return warehouse


def fails_clearly(warehouse: Warehouse, read: Preview) -> None:
    """Try to load it: one clear message, and everything is as before."""
    before = everything_in(warehouse.folder)
    with pytest.raises(WarehouseError) as problem:
        keep(warehouse, read)
    assert problem.value.message == f"There is no space left for the warehouse in {warehouse.folder}."
    assert problem.value.remedy == "Nothing was stored, and what was published is unchanged. Free some space, then try again."
    assert everything_in(warehouse.folder) == before and handled(warehouse) == 200


def with_long_history(warehouse: Warehouse) -> None:
    """60,000 lines of audit: 1 MB in the database, 7 MB in the list of batches."""
    with warehouse.write("test", "test", "history") as connection:
        sql = "INSERT INTO audit SELECT now()::TIMESTAMP, 'ada', 'load', repeat('a file ', 10) FROM range(60_000)"
        connection.execute(sql)


class TestEachStage:
    """The copy of the newest version, its growth, the original, the list of batches: each is what does not fit."""

    def test_the_copy(self, warehouse: Warehouse) -> None:
        with no_file_larger_than(MEGABYTE // 2):
            fails_clearly(warehouse, rows(10))

    def test_its_growth(self, warehouse: Warehouse) -> None:
        read = rows(60_000)
        room = read.original.size + MEGABYTE // 2
        assert warehouse.path_of(1).stat().st_size < room
        with no_file_larger_than(room):
            fails_clearly(warehouse, read)

    def test_the_original(self, warehouse: Warehouse) -> None:
        read = rows(99, ballast=9 * MEGABYTE)
        with no_file_larger_than(8 * MEGABYTE):
            fails_clearly(warehouse, read)

    def test_the_list_of_batches(self, warehouse: Warehouse) -> None:
        with_long_history(warehouse)
        kept = (warehouse.originals / "batches.json").stat().st_size
        size = warehouse.path_of(2).stat().st_size
        assert size + MEGABYTE < kept
        with no_file_larger_than(kept - 1000):
            fails_clearly(warehouse, rows(10))

    def test_an_undo(self, warehouse: Warehouse) -> None:
        before = everything_in(warehouse.folder)
        with no_file_larger_than(MEGABYTE // 2), pytest.raises(WarehouseError, match="no space left"):
            undo(warehouse, "b0001")
        assert everything_in(warehouse.folder) == before and handled(warehouse) == 200

    def test_a_backup(self, warehouse: Warehouse, tmp_path: Path) -> None:
        with (
            no_file_larger_than(MEGABYTE // 100),
            pytest.raises(WarehouseError, match=r"backup.*cannot be written: there is no space left"),
        ):
            backup(warehouse, tmp_path / "saved" / "b.zip")
        assert not list((tmp_path / "saved").iterdir())

    def test_the_first_load(self, tmp_path: Path) -> None:
        fresh = Warehouse(tmp_path / "fresh")
        with no_file_larger_than(MEGABYTE // 10), pytest.raises(WarehouseError, match="no space left"):
            keep(fresh, rows(10))
        assert not fresh.exists and set(everything_in(fresh.folder)) <= {"warehouse.lock"}
        assert keep(fresh, rows(10)).status is Status.STORED

    def test_it_works_again_with_space(self, warehouse: Warehouse) -> None:
        with no_file_larger_than(MEGABYTE // 2):
            fails_clearly(warehouse, rows(10))
        assert keep(warehouse, rows(10)).status is Status.STORED and handled(warehouse) == 200 + 11


def test_pages_show_what_was_published(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BPO_WAREHOUSE", str(warehouse.folder))
    with no_file_larger_than(MEGABYTE // 2):
        fails_clearly(warehouse, rows(10))
    shown = words(open_page("performance/performance_report", period="2026-Q1"))
    assert any("200" in text for text in shown), shown
    assert not any("0 of 1" in text or "no performance data" in text for text in shown)


@pytest.fixture
def small_disk(tmp_path: Path) -> Generator[Path, None, None]:
    """A file system of 24 MB; skipped where it cannot be made."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=24M", "tmpfs", str(place)]
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a file system can be made by root on Linux only")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_a_disk_that_is_full_at_every_level(small_disk: Path) -> None:
    """From no space at all upwards: every load fails clearly, until one has space enough."""
    warehouse, filler = filled(Warehouse(small_disk / "warehouse")), small_disk / "filler"
    read, failed = rows(20_000), 0
    for free in range(0, 20 * MEGABYTE, MEGABYTE):
        filler.unlink(missing_ok=True)
        filler.write_bytes(b"\0" * max(0, space_left(small_disk) - free))
        try:
            report = keep(warehouse, read)
        except WarehouseError as problem:
            failed += 1
            assert "no space left" in problem.message and handled(warehouse) == 200
            assert not [name for name in everything_in(warehouse.folder) if "writing" in name or ".part" in name]
            assert len(list(warehouse.originals.glob("*.csv"))) == 1
        else:
            assert report.status is Status.STORED and handled(warehouse) == 200 + 20_001
            break
    assert failed >= 5 and warehouse.newest == 2


def space_left(folder: Path) -> int:
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize
