"""Folders for copies: gone with their user, and after a kill at the next start; never those of a running process."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from analytics.warehouse.temporary import remove_leftovers, temporary_folder

HOLD = """
import sys, time
from analytics.warehouse.temporary import temporary_folder
with temporary_folder() as folder:
    (folder / "copy").write_text("rows")
    print(folder, flush=True)
    time.sleep(60)
"""
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_folder_is_gone_after_its_block_also_with_an_error(place: Path) -> None:
    with temporary_folder() as folder:
        (folder / "copy").write_text("rows")
    with pytest.raises(KeyError), temporary_folder():
        raise KeyError
    assert list(place.iterdir()) == []


def test_a_killed_process_leaves_nothing_for_long_and_a_running_one_keeps_its_own(place: Path) -> None:
    environment = os.environ | {"TMPDIR": str(place)}
    with subprocess.Popen([sys.executable, "-c", HOLD], stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment) as process:
        assert process.stdout
        folder = Path(process.stdout.readline().strip())
        remove_leftovers()
        with temporary_folder() as own:
            assert own.is_dir() and (folder / "copy").exists()
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert folder.is_dir()
    remove_leftovers()
    assert list(place.iterdir()) == []


def test_no_room_for_a_folder_is_one_sentence(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(place / "nowhere"))
    (place / "nowhere").write_text("a file, no folder")
    with pytest.raises(Exception, match="temporary copy could not be made"), temporary_folder():
        pass
