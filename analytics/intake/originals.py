"""The files themselves: on disk or uploaded, hashed once without holding them in memory, kept durably under their hash."""

import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from analytics.errors import IntakeError
from analytics.intake.scanning import TextFacts, TextScan

_AT_ONCE = 1 << 20
_SENT_AT_ONCE = 1 << 24
Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What one pass over the bytes tells: their hash, and what they are as text."""

    sha256: str
    text: TextFacts


@dataclass(frozen=True)
class Original:
    """A file as it came: `path` on disk or uploaded `content`; `size` in bytes, `modified_ns` when it was last written.

    `sheet`: the sheet of a workbook that this text was; '' for a file that came as text. `as_shown`: its columns whose clocks of
    hours and minutes are read as minutes and seconds.
    """

    name: str
    size: int
    path: Path | None = None
    content: bytes | None = None
    modified_ns: int | None = None
    sheet: str = ""
    as_shown: tuple[str, ...] = ()

    @classmethod
    def of(cls, file: "Path | bytes | Original", name: str) -> "Original":
        """The file at a path, or uploaded bytes; a path that cannot be read: `IntakeError`."""
        if isinstance(file, Original):
            return file
        if isinstance(file, bytes):
            return cls(name, len(file), content=file)
        with _readable(file):
            found = file.stat()
            with file.open("rb"):
                return cls(name, found.st_size, path=file.absolute(), modified_ns=found.st_mtime_ns)

    def written_to(self, path: Path) -> "Original":
        """The same bytes in a new file; what is known of them stays known."""
        with self.open() as stream, path.open("wb") as target:
            shutil.copyfileobj(stream, target, _AT_ONCE)
        written = Original.of(path, self.name)
        written.__dict__.update({name: self.__dict__[name] for name in ("fingerprint",) if name in self.__dict__})
        return written

    def copy_ahead(self, path: Path) -> None:
        """Copy a file that will be kept while it is read; a copy that fails is made again when the file is kept."""
        with suppress(OSError):
            _copy(self, path, lambda part: None)
            self.__dict__["copied"] = path

    @property
    def suffix(self) -> str:
        """'.csv' of 'Calls.CSV'."""
        return Path(self.name).suffix.lower()

    @property
    def sha256(self) -> str:
        """The hash of the bytes, computed once."""
        return self.fingerprint.sha256

    @cached_property
    def fingerprint(self) -> Fingerprint:
        """Hash and facts of the text, from one pass over the bytes."""
        return self._scan(lambda fraction: None)

    def scan(self, progress: Progress) -> Fingerprint:
        """`fingerprint`, telling `progress` the share of the bytes read (0 to 1) where it is not known yet."""
        if "fingerprint" not in self.__dict__:
            self.__dict__["fingerprint"] = self._scan(progress)
        return self.fingerprint

    def open(self) -> BinaryIO:
        """The bytes from their start; a file that cannot be read any more: `IntakeError`."""
        if self.path is None:
            return BytesIO(self.content or b"")
        with _readable(self.path):
            return self.path.open("rb")

    def head(self, size: int) -> bytes:
        """The first `size` bytes."""
        with self.open() as stream:
            return stream.read(size)

    def read(self) -> bytes:
        """All bytes, for formats that are small by nature."""
        with self.open() as stream:
            return stream.read()

    def check_unchanged(self) -> None:
        """`IntakeError` when the file on disk is no longer the one that was read."""
        if self.path is None:
            return
        with _readable(self.path):
            found = self.path.stat()
        if (found.st_size, found.st_mtime_ns) != (self.size, self.modified_ns):
            raise IntakeError(f"{self.name} changed while it was being read.", "Load it again when it is complete.")

    @contextmanager
    def on_disk(self) -> Generator[Path, None, None]:
        """A path to the bytes; uploaded ones are written to a file that is gone afterwards."""
        if self.path is not None:
            yield self.path
            return
        with TemporaryDirectory(prefix="upload-") as folder:
            written = Path(folder) / f"upload{self.suffix}"
            written.write_bytes(self.content or b"")
            yield written

    def _scan(self, progress: Progress) -> Fingerprint:
        hashed, text, done = hashlib.sha256(), TextScan(), 0
        with self.open() as stream:
            while chunk := stream.read(_AT_ONCE):
                hashed.update(chunk)
                text.add(chunk)
                done += len(chunk)
                progress(min(done / max(self.size, 1), 1.0))
        self.check_unchanged()
        return Fingerprint(hashed.hexdigest(), text.facts())


def keep_original(folder: Path, original: Original, progress: Progress = lambda part: None) -> Path:
    """The file as it came, in `folder`, named by its hash: complete and on the disk when this returns, or not there at all.

    Copied piece by piece. A file that changed since it was hashed: `IntakeError`; no space: `OSError`.
    """
    kept = folder / f"{original.sha256}{original.suffix}"
    if kept.exists() and kept.stat().st_size == original.size:
        return kept
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = kept.with_name(f"{kept.name}.{os.getpid()}.part")
    try:
        if not _moved(original.__dict__.pop("copied", None), unfinished):
            _copy(original, unfinished, progress)
        original.check_unchanged()
        unfinished.replace(kept)
    finally:
        with suppress(FileNotFoundError):
            unfinished.unlink()
    _flush_names(folder)
    return kept


def _moved(copied: Path | None, target: Path) -> bool:
    """Whether a copy that was made before could be put in place."""
    if copied is None:
        return False
    try:
        copied.replace(target)
    except OSError:
        return False
    return True


def _copy(original: Original, target: Path, progress: Progress) -> None:
    with original.open() as stream, target.open("wb") as copy:
        if original.path is not None and sys.platform == "linux":
            _sent(stream.fileno(), copy.fileno(), original.size, progress)
        else:
            shutil.copyfileobj(stream, copy, _AT_ONCE)
        copy.flush()
        os.fsync(copy.fileno())


def _sent(source: int, target: int, size: int, progress: Progress) -> None:
    """Copy from one open file to another inside the system, without bringing the bytes here."""
    done = 0
    while sent := os.sendfile(target, source, done, _SENT_AT_ONCE):
        done += sent
        progress(min(done / max(size, 1), 1.0))


def _flush_names(folder: Path) -> None:
    """Wait until the names in a folder are on the disk (folders cannot be opened on Windows)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _readable(path: Path) -> Generator[None, None, None]:
    """An error of the file system as one sentence."""
    try:
        yield
    except OSError as problem:
        reason = "there is no such file" if isinstance(problem, FileNotFoundError) else (problem.strerror or str(problem)).lower()
        raise IntakeError(f"{path} cannot be read: {reason}.", "Check the path and its permissions.") from problem
