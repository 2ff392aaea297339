"""Immutable published versions: a writer changes a copy and publishes it under the next number; readers never wait.

A DuckDB file held by a writer cannot be opened by a second process, not even read-only; a copy of the newest version
takes milliseconds. So nothing that was published is ever changed, and a killed writer leaves only an unpublished file.
"""

import os
import re
import shutil
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from analytics.catalogue import Catalogue, catalogue_of, using
from analytics.errors import WarehouseError
from analytics.warehouse.failures import NOTHING_LOST, damaged, unchanged, unwritable
from analytics.warehouse.schema import UTC_NOW, migrate
from analytics.warehouse.snapshot import Snapshot
from analytics.warehouse.store import READ_CONFIG, SAFE_CONFIG, Store

KEPT_VERSIONS = 10
LOCK_SECONDS = 30.0
WRITING_MEMORY = "2GB"  # beyond that DuckDB puts its tables into files beside the draft
OPEN_STORES = 4
_PUBLISHED = re.compile(r"warehouse\.(\d+)\.duckdb")
_UNPUBLISHED = "writing.*"
_UNFINISHED = "*.part"
EDITIONS = "editions"
_HOW_TO_START = "Run `python -m analytics demo` for the sample data, or load a file."


class Warehouse:
    """One folder of published versions. Cheap to make; nothing is opened until asked for."""

    def __init__(self, folder: Path, lock_seconds: float = LOCK_SECONDS) -> None:
        self.folder = Path(folder)
        self._lock_seconds = lock_seconds

    @property
    def newest(self) -> int | None:
        """The newest published version number, None when there is none."""
        return max(self._versions(), default=None)

    @property
    def exists(self) -> bool:
        """Whether anything was ever published here."""
        return self.newest is not None

    @property
    def originals(self) -> Path:
        """Where accepted files are kept, unchanged, named by their hash."""
        return self.folder / "originals"

    @property
    def catalogue(self) -> Catalogue:
        """The built-in definitions and those of this folder's catalogue.toml; a wrong one raises `UsageError` with its line."""
        return catalogue_of(self.folder)

    @property
    def versions(self) -> list[int]:
        """The published versions that are kept, the newest first."""
        return sorted(self._versions(), reverse=True)

    def snapshot_of(self, version: int) -> Snapshot:
        """The list of batches and what else no file can tell, from a published version; damaged: `WarehouseError`."""
        path = self.path_of(version)
        try:
            with duckdb.connect(str(path), read_only=True, config=READ_CONFIG) as connection:
                return Snapshot.of(connection, version)
        except duckdb.Error as problem:
            raise damaged(path, problem) from problem

    def path_of(self, version: int) -> Path:
        """The file of a published version."""
        return self.folder / f"warehouse.{version}.duckdb"

    def open(self) -> Store:
        """The newest version, read-only; a process opens each version once. None or damaged: `WarehouseError`."""
        version = self.newest
        if version is None:
            raise WarehouseError(f"There is no warehouse in {self.folder}.", _HOW_TO_START)
        store = self._store(version)
        if not store.is_current(self.catalogue):
            with self.write("system", "upgrade", "schema brought up to date"):
                pass
            store = self._store(self.newest or version)
        return store

    @contextmanager
    def write(
        self, who: str, action: str, detail: str, if_failed: Callable[[], None] | None = None
    ) -> Generator[duckdb.DuckDBPyConnection, None, None]:
        """A connection to a copy of the newest version, in one transaction; leaving the block publishes the next version.

        Inside the block the folder's own definitions are in force; a measure that is new gets its column.
        Any exception drops the copy and leaves the published version as it was; `if_failed` is called then, before
        another writer can begin. One audit row is added.
        """
        with using(self.catalogue), self.locked():
            newest = self.newest
            start = None if newest is None else self.path_of(newest)
            with self._written(start, (who, action, detail), if_failed or _nothing) as connection:
                yield connection

    @contextmanager
    def write_from(self, start: Path | None, who: str, action: str, detail: str) -> Generator[duckdb.DuckDBPyConnection, None, None]:
        """`write` into a copy of another file, or (None) into an empty one; the newest version stays among those kept."""
        with using(self.catalogue), self.locked(), self._written(start, (who, action, detail), _nothing) as connection:
            yield connection

    @contextmanager
    def _written(
        self, start: Path | None, audit: tuple[str, str, str], if_failed: Callable[[], None]
    ) -> Generator[duckdb.DuckDBPyConnection, None, None]:
        """A changed copy of `start`, published as the next version; only ever used while holding the lock."""
        self._remove_leftovers()
        version = self._next_version()
        draft = self.folder / f"writing.{os.getpid()}.duckdb"
        try:
            if start:
                shutil.copyfile(start, draft)
            with changing(draft, start) as connection:
                yield connection
                connection.execute(f"INSERT INTO audit VALUES ({UTC_NOW}, ?, ?, ?)", audit)
                snapshot = Snapshot.of(connection, version)
            self._publish(draft, version, snapshot)
        except OSError as problem:
            raise unwritable(self.folder, problem) from problem
        finally:
            if not self.path_of(version).exists():
                if_failed()
            self._remove_leftovers()

    def _next_version(self) -> int:
        """One more than any version published here, lost ones included: a running dashboard may still hold those open."""
        if self.newest is not None:
            return self.newest + 1
        try:
            return Snapshot.read(self.originals).version + 1
        except WarehouseError:
            return 1

    def _store(self, version: int) -> Store:
        path = self.path_of(version)
        try:
            return _open_store(path, version, path.stat().st_mtime_ns)
        except OSError as problem:
            raise damaged(path, problem) from problem

    def _versions(self) -> list[int]:
        """Published version numbers in no order."""
        try:
            names = [path.name for path in self.folder.iterdir()]
        except OSError:
            return []
        return [int(match[1]) for name in names if (match := _PUBLISHED.fullmatch(name))]

    @contextmanager
    def locked(self) -> Generator[None, None, None]:
        """One writer at a time, in any number of processes; the system frees the lock of a killed one."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.folder / "warehouse.lock", timeout=self._lock_seconds)
            lock.acquire()
        except Timeout as problem:
            raise WarehouseError("Another process is changing the warehouse.", "Wait until it has finished, then try again.") from problem
        except (OSError, NotImplementedError) as problem:
            raise unwritable(self.folder, problem) from problem
        try:
            yield
        finally:
            lock.release()

    def _publish(self, draft: Path, version: int, snapshot: Snapshot) -> None:
        """Make the finished copy the newest version, durably, and let go of versions beyond those kept."""
        target = self.path_of(version)
        if target.exists():
            raise WarehouseError(f"{target} appeared while it was being written.", "Try again.")
        if draft.with_name(f"{draft.name}.wal").exists():
            raise WarehouseError("The changes could not be completed on disk.", NOTHING_LOST)
        flush(draft)
        snapshot.write(self.originals)
        draft.rename(target)
        flush(self.folder)
        for old in sorted(self._versions())[:-KEPT_VERSIONS]:
            with suppress(OSError):  # a reader on Windows may still hold it; the next writer tries again
                self.path_of(old).unlink()

    def _remove_leftovers(self) -> None:
        """Drop unpublished files, ours or those of a killed writer; only ever called while holding the lock."""
        for leftover in (*self.folder.glob(_UNPUBLISHED), *self.originals.glob(_UNFINISHED)):
            with suppress(OSError):
                leftover.unlink()


@contextmanager
def changing(draft: Path, copied_from: Path | None = None) -> Generator[duckdb.DuckDBPyConnection, None, None]:
    """A copy of a version (or a new file), brought up to date, in one transaction that is committed and checkpointed at the end."""
    try:
        connection = duckdb.connect(str(draft), config={**SAFE_CONFIG, "memory_limit": WRITING_MEMORY})
    except duckdb.Error as problem:
        raise (damaged(copied_from, problem) if copied_from else unwritable(draft.parent, problem)) from problem
    try:
        connection.execute("BEGIN")
        migrate(connection)
        yield connection
        connection.execute("COMMIT")
        connection.execute("CHECKPOINT")
    except duckdb.Error as problem:
        raise unchanged(draft.parent, problem) from problem
    finally:
        with suppress(duckdb.Error):
            connection.close()


@lru_cache(maxsize=OPEN_STORES)
def _open_store(path: Path, version: int, _changed_at: int) -> Store:
    """Each version is opened once per process; a version pushed out is closed when its last reader lets go."""
    return Store(path, version)


def flush(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk (folders cannot be opened on Windows)."""
    if path.is_dir() and os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() or os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _nothing() -> None:
    """What most writers do when they fail."""
