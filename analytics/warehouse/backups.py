"""One file that holds everything: the newest version, originals, editions, recipes, settings; checked when written and when read."""

import hashlib
import json
import tempfile
import zipfile
import zlib
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from analytics.catalogue import BUILT_IN
from analytics.errors import UsageError, WarehouseError
from analytics.warehouse.failures import is_full
from analytics.warehouse.scope import Scope
from analytics.warehouse.snapshot import SNAPSHOT, Snapshot
from analytics.warehouse.store import Store
from analytics.warehouse.versions import EDITIONS, Warehouse

MANIFEST = "backup.json"
DATABASE = "warehouse.duckdb"
ORIGINALS, RECIPES = "originals", "recipes"
OWN_FILES = ("settings.toml", "catalogue.toml")
_FORMAT = 2
_READABLE = (1, _FORMAT)  # the first held no editions
_AT_ONCE = 1 << 20
_HASH_IN_A_NAME = 16  # digits at least
_FASTEST = 1  # compression: exports shrink to a quarter even so
_NEVER_MIND = "Nothing was changed."


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds: of which version, how many originals (None: left out), its size in bytes."""

    path: Path
    version: int
    originals: int | None
    size: int


def backup(warehouse: Warehouse, target: Path, originals: bool = True, force: bool = False) -> Backup:
    """Write everything into one file, read it back and compare; an existing file is only replaced with `force`.

    No space or no permission: `WarehouseError`, and no half backup is left behind.
    """
    if target.exists() and not force:
        raise UsageError(f"{target} exists already.", "Choose another name, or replace it with --force.")
    store = warehouse.open()
    unfinished = target.with_name(f"{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        manifest = _write(warehouse, store.version, originals, unfinished)
        _check(unfinished, manifest)
        unfinished.replace(target)
    except OSError as problem:
        reason = "there is no space left" if is_full(problem) else problem.strerror or str(problem)
        raise WarehouseError(f"The backup {target} cannot be written: {reason}.", "Choose another place, or free some space.") from problem
    finally:
        with suppress(OSError):
            unfinished.unlink()
    kept = sum(name.startswith(f"{ORIGINALS}/") for name in manifest["files"]) - 1 if originals else None
    return Backup(target, store.version, kept, target.stat().st_size)


def _write(warehouse: Warehouse, version: int, originals: bool, target: Path) -> dict:
    snapshot = warehouse.snapshot_of(version).text.encode("utf-8")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=_FASTEST) as archive:
        files = {name: _add(archive, name, path) for name, path in _listed(warehouse, version, originals).items()}
        name = f"{ORIGINALS}/{SNAPSHOT}"
        archive.writestr(name, snapshot)
        files[name] = hashlib.sha256(snapshot).hexdigest()
        manifest = {"format": _FORMAT, "version": version, "originals": originals, "files": files}
        archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
    return manifest


def _listed(warehouse: Warehouse, version: int, originals: bool) -> dict[str, Path]:
    """Name in the archive -> file."""
    found = {DATABASE: warehouse.path_of(version)}
    if originals:
        kept = (path for path in sorted(warehouse.originals.glob("*")) if path.suffix != ".part" and path.name != SNAPSHOT)
        found |= {f"{ORIGINALS}/{path.name}": path for path in kept if path.is_file()}
    found |= {f"{EDITIONS}/{path.name}": path for path in sorted((warehouse.folder / EDITIONS).glob("*.zip"))}
    found |= {f"{RECIPES}/{path.name}": path for path in sorted((warehouse.folder / RECIPES).glob("*.toml"))}
    return found | {name: warehouse.folder / name for name in OWN_FILES if (warehouse.folder / name).is_file()}


def _add(archive: zipfile.ZipFile, name: str, path: Path) -> str:
    """Copy a file into the archive piece by piece; returns its hash."""
    hashed = hashlib.sha256()
    with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as copy:
        while chunk := source.read(_AT_ONCE):
            hashed.update(chunk)
            copy.write(chunk)
    return hashed.hexdigest()


def _check(path: Path, manifest: dict) -> None:
    """Read every file of an archive and compare its hash; a difference: `WarehouseError`."""
    with _opened(path) as archive:
        wrong = [name for name, sha256 in manifest["files"].items() if _hash_of(archive, name) != sha256]
    if wrong:
        raise WarehouseError(f"The backup {path} is damaged: {wrong[0]} is not what was written.", f"Use another backup. {_NEVER_MIND}")


def _hash_of(archive: zipfile.ZipFile, name: str) -> str:
    hashed = hashlib.sha256()
    with archive.open(name) as entry:
        while chunk := entry.read(_AT_ONCE):
            hashed.update(chunk)
    return hashed.hexdigest()


@contextmanager
def _opened(path: Path) -> Generator[zipfile.ZipFile]:
    """An archive; what cannot be read of it: `WarehouseError`."""
    if not path.is_file():
        raise WarehouseError(f"There is no backup {path}.", "Check the path.")
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, TypeError, ValueError) as problem:
        raise WarehouseError(f"{path} is no backup of this program, or it is damaged.", f"Use another backup. {_NEVER_MIND}") from problem


def restore(warehouse: Warehouse, source: Path, who: str = "local") -> Backup:
    """Publish the version in a backup as the next one, with its originals, editions, recipes and settings; works into an empty folder too.

    Everything is checked first: a damaged file, or one of a newer program, raises `WarehouseError` and nothing is changed.
    The version that was the newest stays among those kept; a recipe or setting that differs is kept as NAME.before-restore.
    """
    manifest = _manifest(source)
    _check(source, manifest)
    originals = [name for name in manifest["files"] if name.startswith(f"{ORIGINALS}/") and not name.endswith(SNAPSHOT)]
    issued = [name for name in manifest["files"] if name.startswith(f"{EDITIONS}/")]
    own = [name for name in manifest["files"] if name in OWN_FILES or name.startswith(f"{RECIPES}/")]
    try:
        with tempfile.TemporaryDirectory(prefix="bpo-restore-", ignore_cleanup_errors=True) as folder, _opened(source) as archive:
            database = Path(folder) / DATABASE
            _extract(archive, DATABASE, database)
            _check_schema(database, source)
            with warehouse.write_from(database, who, "restore", source.name):
                for name in (*originals, *issued):
                    _extract_once(archive, name, warehouse.folder, manifest["files"][name])
            for name in own:
                _extract_beside(archive, name, warehouse.folder / name)
    except OSError as problem:
        reason = "there is no space left" if is_full(problem) else problem.strerror or str(problem)
        remedy = "Check permissions and free space, then try again; the published version is unchanged."
        raise WarehouseError(f"The backup {source} cannot be restored: {reason}.", remedy) from problem
    return Backup(source, warehouse.newest or 0, len(originals) if manifest["originals"] else None, source.stat().st_size)


def _check_schema(database: Path, source: Path) -> None:
    """Whether the version can be read by this program; one of a newer program: `WarehouseError`."""
    store = Store(database, 0)
    try:
        store.is_current(BUILT_IN)
        store.select(Scope.everything(), "SELECT 1 FROM batches, performance, performance_rows LIMIT 0")
    except WarehouseError as problem:
        raise WarehouseError(f"The backup {source} cannot be restored: {problem.message}", f"{problem.remedy} {_NEVER_MIND}") from problem
    finally:
        store.close()


def _manifest(source: Path) -> dict:
    """What the backup says it holds; every name in it is one this program writes."""
    with _opened(source) as archive:
        manifest = json.loads(archive.read(MANIFEST))
        if manifest["format"] not in _READABLE:
            raise WarehouseError(f"{source} was written by a newer version of the dashboard.", "Update the dashboard.")
        names = set(manifest["files"])
        if DATABASE not in names or not all(_is_ours(PurePosixPath(name)) for name in names) or not names <= set(archive.namelist()):
            raise ValueError(source)
        Snapshot.parse(archive.read(f"{ORIGINALS}/{SNAPSHOT}").decode("utf-8"))
        return manifest


def _is_ours(name: PurePosixPath) -> bool:
    """A file of the folder itself or of one of its three folders; never a path that leads elsewhere."""
    if name.is_absolute() or ".." in name.parts or "\\" in str(name):
        return False
    return str(name) in (DATABASE, *OWN_FILES) or (len(name.parts) == 2 and name.parts[0] in (ORIGINALS, RECIPES, EDITIONS))


def _extract(archive: zipfile.ZipFile, name: str, target: Path) -> None:
    with archive.open(name) as entry, target.open("wb") as copy:
        _pour(entry, copy)


def _pour(source: IO[bytes], target: IO[bytes]) -> None:
    while chunk := source.read(_AT_ONCE):
        target.write(chunk)
    target.flush()


def _extract_once(archive: zipfile.ZipFile, name: str, folder: Path, sha256: str) -> None:
    """Put an original or an edition back, unless the very same file is there, or the one whose hash is its name."""
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_file() and ((present := _sha256(target)) == sha256 or present[:_HASH_IN_A_NAME] in target.name):
        return
    unfinished = target.with_name(f"{target.name}.part")
    try:
        _extract(archive, name, unfinished)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _extract_beside(archive: zipfile.ZipFile, name: str, target: Path) -> None:
    """Put a recipe or setting back; one that says something else is kept beside it."""
    content = archive.read(name)
    if target.is_file() and target.read_bytes() != content:
        target.replace(target.with_name(f"{target.name}.before-restore"))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
