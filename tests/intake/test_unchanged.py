"""A file that was not written since it was stored is recognised without being read."""

import os
import time
from pathlib import Path

import pytest

from analytics.intake import Original, Status, load_file, parse_recipe
from analytics.warehouse import Warehouse
from tests.recipes import CALLS_BY_DAY

RECIPE = parse_recipe(CALLS_BY_DAY, "calls")
TEXT = "Date,Vendor,Calls\n2026-01-05,Acme,10\n2026-01-06,Acme,many\n"


def aged(path: Path, text: str, seconds: float = 60) -> Path:
    """A file that was last written some time ago."""
    path.write_text(text, encoding="utf-8")
    then = time.time() - seconds
    os.utime(path, (then, then))
    return path


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are opened to be read from now on."""
    opened: list[str] = []
    original_open = Original.open

    def noted(self: Original) -> object:
        opened.append(self.name)
        return original_open(self)

    monkeypatch.setattr(Original, "open", noted)
    return opened


def test_it_is_not_read_again(tmp_path: Path, unread: list[str]) -> None:
    warehouse, path = Warehouse(tmp_path / "warehouse"), aged(tmp_path / "calls.csv", TEXT)
    first = load_file(warehouse, path, RECIPE)
    assert (first.status, first.rows_read, first.rows_accepted, first.rows_rejected) == (Status.STORED, 2, 1, 1)
    unread.clear()
    again = load_file(warehouse, path, RECIPE)
    assert (again.status, again.batch, again.rows_read, again.rows_accepted, again.rows_rejected) == (
        Status.UNCHANGED,
        first.batch,
        2,
        1,
        1,
    )
    assert unread == []
    assert warehouse.newest == 1


def test_whatever_may_have_changed_is_read(tmp_path: Path, unread: list[str]) -> None:
    warehouse, path = Warehouse(tmp_path / "warehouse"), aged(tmp_path / "calls.csv", TEXT)
    load_file(warehouse, path, RECIPE)
    unread.clear()
    other = parse_recipe(CALLS_BY_DAY + "# another recipe\n", "calls")
    assert load_file(warehouse, path, other, dry_run=True).status is Status.DRY_RUN
    assert unread
    unread.clear()
    aged(path, TEXT, seconds=30)
    assert load_file(warehouse, path, RECIPE).status is Status.UNCHANGED
    assert unread
    aged(path, TEXT.replace("10", "99"), seconds=60)
    assert load_file(warehouse, path, RECIPE).status is Status.STORED


def test_a_file_written_just_before_it_was_loaded_is_read_to_be_sure(tmp_path: Path, unread: list[str]) -> None:
    warehouse, path = Warehouse(tmp_path / "warehouse"), tmp_path / "calls.csv"
    path.write_text(TEXT, encoding="utf-8")
    load_file(warehouse, path, RECIPE)
    unread.clear()
    assert load_file(warehouse, path, RECIPE).status is Status.UNCHANGED
    assert unread
