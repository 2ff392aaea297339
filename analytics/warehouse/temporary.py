"""Folders for copies that are thrown away: gone with their user, and at the next start where a process was killed."""

import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from filelock import FileLock, Timeout

from analytics.errors import WarehouseError
from analytics.warehouse.failures import is_full

_PREFIX = "bpo-copy-"
_LOCK = ".lock"


@contextmanager
def temporary_folder() -> Generator[Path]:
    """A new folder in the system's place for temporary files, removed when the block is left; no space for it: `WarehouseError`.

    It is locked by a file beside it, which is there before the folder: folders a killed process left behind are told from
    those in use, and removed.
    """
    remove_leftovers()
    folder = Path(tempfile.gettempdir()) / f"{_PREFIX}{uuid4().hex}"
    lock = _lock_of(folder)
    try:
        _make(folder, lock)
        yield folder
    finally:
        _remove(folder, lock)


def remove_leftovers() -> None:
    """Remove the folders nobody uses any more."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        if not folder.is_dir():
            continue
        lock = _lock_of(folder)
        with suppress(Timeout, OSError):
            lock.acquire(timeout=0)
            _remove(folder, lock)


def _make(folder: Path, lock: FileLock) -> None:
    try:
        lock.acquire()
        folder.mkdir(mode=0o700)
    except OSError as problem:
        reason = "there is no space left for temporary files" if is_full(problem) else problem.strerror or str(problem)
        raise WarehouseError(f"A temporary copy could not be made: {reason}.", "Free some space, then try again.") from problem


def _lock_of(folder: Path) -> FileLock:
    """Its lock; a session may end in another thread than it began in."""
    return FileLock(folder.with_name(folder.name + _LOCK), thread_local=False)


def _remove(folder: Path, lock: FileLock) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    lock.release()
    with suppress(OSError):
        Path(lock.lock_file).unlink()
