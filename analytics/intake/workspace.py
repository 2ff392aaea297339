"""A folder for the temporary files of one reading: gone when nobody needs it any more, also after a process was killed."""

import shutil
import weakref
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp

from filelock import FileLock, Timeout

from analytics.errors import IntakeError

_PREFIX = "reading-"
_LOCK = "in-use"


class Workspace:
    """A new folder inside `inside` (where it is not there: in the system's place), removed with the object or by `close`.

    Locked while it is in use, so that folders a killed process left behind are told from those of a running one.
    """

    def __init__(self, inside: Path | None = None) -> None:
        inside = inside if inside is not None and inside.is_dir() else None
        if inside is not None:
            _remove_leftovers(inside)
        try:
            self.folder = Path(mkdtemp(prefix=_PREFIX, dir=inside))
        except OSError as problem:
            place = f"in {inside}" if inside else "for temporary files"
            raise IntakeError(f"No folder can be made {place}: {problem.strerror}.", "Check its permissions and free space.") from problem
        self._lock = FileLock(self.folder / _LOCK)
        self._lock.acquire()
        self._remove = weakref.finalize(self, _remove, self.folder, self._lock)

    def keep_only(self, *names: str) -> None:
        """Remove every file but these."""
        for path in self.folder.iterdir():
            if path.name not in (*names, _LOCK):
                path.unlink() if path.is_file() else shutil.rmtree(path, ignore_errors=True)

    def close(self) -> None:
        """Remove the folder now."""
        self._remove()


def _remove_leftovers(inside: Path) -> None:
    for folder in inside.glob(f"{_PREFIX}*"):
        lock = FileLock(folder / _LOCK, timeout=0)
        with suppress(Timeout, OSError):
            lock.acquire()
            _remove(folder, lock)


def _remove(folder: Path, lock: FileLock) -> None:
    lock.release()
    shutil.rmtree(folder, ignore_errors=True)
