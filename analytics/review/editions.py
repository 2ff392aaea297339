"""Editions: a review as it was issued, with its packs, in one file that never changes.

    edition = issue(warehouse, scope, review, {"pdf": ..., "pptx": ..., "xlsx": ...}, who, version=store.version)
    editions(warehouse, scope, "2026-Q3")            # what exists for the asker, the newest first
    found = open_edition(warehouse, scope, edition.name)
    found.review, found.packs["pdf"]                 # equal to what was issued, byte for byte

One edition is one zip file in the folder `editions` of the warehouse: the review as JSON, the packs, and a manifest. Its name says the
quarter, the audience, whose it is, its number and the hash of the whole file: `2026-Q3_executive_all_1_3f9c0a1b2d4e5f60.zip`. The hash is
compared whenever the file is listed or opened, so a file that was altered or cut off is called damaged and nothing is read from it. It
guards against accidents, not against somebody who may write in the folder and renames the file.

An edition of all vendors exists only for who sees all; one that was made for some, for whoever sees all of these.
"""

import hashlib
import json
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from analytics.errors import UsageError, WarehouseError, unknown
from analytics.filters import Filters
from analytics.review.commentary import name_of
from analytics.review.frozen import from_json, to_json
from analytics.review.model import QuarterlyReview
from analytics.warehouse.failures import unwritable
from analytics.warehouse.scope import Scope
from analytics.warehouse.versions import EDITIONS, Warehouse, flush

_FORMAT = 1
_MANIFEST, _REVIEW, _PACK = "edition.json", "review.json", "pack."
_ALL = "all"
_KEY = r"(?P<key>(?P<quarter>[A-Za-z0-9-]+)_(?P<audience>[a-z]+)_(?P<scope>[a-z0-9-]+))"
_NAME = re.compile(rf"{_KEY}_(?P<number>\d+)_(?P<sha>[0-9a-f]{{16}})\.zip")
_KEPT_IN_MIND = 256
_READ_ONLY = 0o444
_REMEDY = "Put the file back from a backup, or issue the review again."


@dataclass(frozen=True, slots=True)
class Edition:
    """What was issued: `number` counts per quarter, audience and vendors. `digest` is that of the review, `sha256` begins that of the file.

    `vendors` None: of all; `filters`: what of them was shown, as (dimension, values). `warehouse_version` 0: not told, in an edition of
    some vendors. `damaged`: why it cannot be opened ('' when it can); then only what the name says is known.
    """

    name: str
    quarter: str
    audience: str
    number: int
    sha256: str
    vendors: tuple[str, ...] | None = None
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    label: str = ""
    title: str = ""
    scope: str = ""
    issued_on: datetime | None = None
    issued_by: str = ""
    digest: str = ""
    warehouse_version: int = 0
    packs: tuple[tuple[str, int], ...] = ()
    damaged: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether it can be opened."""
        return not self.damaged


@dataclass(frozen=True, slots=True)
class OpenEdition:
    """An edition with what it holds: the very review, and the packs by format ('pdf')."""

    edition: Edition
    review: QuarterlyReview
    review_json: bytes
    packs: dict[str, bytes]


def issue(
    warehouse: Warehouse,
    scope: Scope,
    review: QuarterlyReview,
    packs: Mapping[str, bytes],
    who: str,
    *,
    version: int,
    filters: Filters | None = None,
    title: str = "Quarterly review",
    issued_on: datetime | None = None,
) -> Edition:
    """Keep a review that was made within `scope` as the next edition of its quarter, audience and vendors.

    `version`: that of the warehouse it was made from. Two at once get two numbers. Nobody's name, or too long a one: `UsageError`.
    No space, no permission, somebody else writing for long: `WarehouseError`, and nothing is left behind.
    """
    content = to_json(review)
    key = f"{review.quarter}_{review.audience.value}_{_scope_word(scope)}"
    if not re.fullmatch(_KEY, key):
        raise UsageError(f"'{review.quarter}' is no quarter.", "Name it like 2026-Q3.")
    edition = Edition(
        name="", quarter=review.quarter, audience=review.audience.value, number=0, sha256="", vendors=scope.vendors,
        filters=_chosen(filters), label=review.label, title=title, scope=review.scope,
        issued_on=issued_on or datetime.now(UTC).replace(microsecond=0), issued_by=name_of(who), digest=hashlib.sha256(content).hexdigest(),
        warehouse_version=version if scope.vendors is None else 0, packs=tuple((name, len(packs[name])) for name in sorted(packs)),
    )  # fmt: skip
    folder = warehouse.folder / EDITIONS
    with warehouse.locked():
        try:
            folder.mkdir(exist_ok=True)
            _remove_leftovers(folder)
            numbered = replace(edition, number=1 + max((number for number, _ in _numbered(folder, key)), default=0))
            return _written(folder, key, numbered, _zipped(numbered, content, packs))
        except OSError as problem:
            raise unwritable(folder, problem) from problem


def _chosen(filters: Filters | None) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((dimension, tuple(sorted(values))) for dimension, values in filters.chosen()) if filters else ()


def _scope_word(scope: Scope) -> str:
    """'all', or the vendors in letters a file name may have and the start of a hash that tells them apart."""
    if scope.vendors is None:
        return _ALL
    plain = unicodedata.normalize("NFKD", " ".join(scope.vendors)).encode("ascii", "ignore").decode().lower()
    sha = hashlib.sha256(json.dumps(sorted(scope.vendors)).encode()).hexdigest()
    return "-".join(part for part in (re.sub("[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-"), sha[:8]) if part)


def _numbered(folder: Path, key: str) -> list[tuple[int, Path]]:
    """Number and file of the editions of one quarter, audience and scope, whole or not."""
    found = ((match, path) for path in folder.glob("*.zip") if (match := _NAME.fullmatch(path.name)))
    return [(int(match["number"]), path) for match, path in found if match["key"] == key]


def _zipped(edition: Edition, content: bytes, packs: Mapping[str, bytes]) -> bytes:
    files = {_REVIEW: content} | {f"{_PACK}{name}": packs[name] for name in sorted(packs)}
    manifest = asdict(edition) | {"format": _FORMAT, "issued_on": f"{edition.issued_on:%Y-%m-%dT%H:%M:%SZ}"}
    for told_by_the_name in ("name", "sha256", "damaged"):
        del manifest[told_by_the_name]
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_MANIFEST, json.dumps(manifest, indent=1))
        for name, pack in files.items():
            archive.writestr(name, pack)
    return written.getvalue()


def _written(folder: Path, key: str, edition: Edition, content: bytes) -> Edition:
    """Write beside, wait for the disk, rename: a crash leaves the whole edition or none. Only ever called while holding the lock."""
    sha = hashlib.sha256(content).hexdigest()[:16]
    name = f"{key}_{edition.number}_{sha}"
    target, unfinished = folder / f"{name}.zip", folder / f"{name}.part"
    try:
        unfinished.write_bytes(content)
        flush(unfinished)
        unfinished.chmod(_READ_ONLY)
        unfinished.rename(target)
        flush(folder)
    finally:
        unfinished.unlink(missing_ok=True)
    return replace(edition, name=name, sha256=sha)


def _remove_leftovers(folder: Path) -> None:
    for leftover in folder.glob("*.part"):
        leftover.unlink(missing_ok=True)


def editions(warehouse: Warehouse, scope: Scope, quarter: str = "", audience: str = "") -> tuple[Edition, ...]:
    """The editions that exist for `scope` (of a quarter, for an audience), the newest quarter and number first; damaged ones say so."""
    found = (_listed(path, match) for path in (warehouse.folder / EDITIONS).glob("*.zip") if (match := _NAME.fullmatch(path.name)))
    wanted = (one for one in found if quarter in ("", one.quarter) and audience in ("", one.audience) and _exists_for(one, scope))
    newest = sorted(wanted, key=lambda one: (one.quarter, one.number, one.name), reverse=True)
    return tuple(newest)


def newest_edition(warehouse: Warehouse, scope: Scope, review: QuarterlyReview, filters: Filters | None = None) -> Edition | None:
    """The last whole edition that was issued of this quarter for the same audience, vendors and filters; None when there is none."""
    wanted = (scope.vendors, _chosen(filters))
    found = editions(warehouse, scope, review.quarter, review.audience.value)
    return next((edition for edition in found if edition.is_whole and (edition.vendors, edition.filters) == wanted), None)


def _exists_for(edition: Edition, scope: Scope) -> bool:
    if scope.vendors is None:
        return True
    if edition.damaged:  # only its name can still be believed: it was issued for exactly these vendors
        return edition.name.split("_")[2] == _scope_word(scope)
    return edition.vendors is not None and set(edition.vendors) <= set(scope.vendors)


def _listed(path: Path, match: re.Match[str]) -> Edition:
    by_name = Edition(path.stem, match["quarter"], match["audience"], int(match["number"]), match["sha"])
    try:
        at = path.stat()
        return _checked(path, by_name, at.st_mtime_ns, at.st_size)
    except OSError as problem:
        return replace(by_name, damaged=f"it cannot be read ({problem.strerror or problem})")


@lru_cache(maxsize=_KEPT_IN_MIND)
def _checked(path: Path, by_name: Edition, _changed_at: int, _size: int) -> Edition:
    """The edition by its manifest once the whole file has the hash of its name; a file that did not change is read once per process."""
    return _opened(path, by_name)[0]


def _opened(path: Path, by_name: Edition) -> tuple[Edition, dict[str, bytes]]:
    """The edition and its files; without files when it is damaged."""
    content = path.read_bytes()
    if not hashlib.sha256(content).hexdigest().startswith(by_name.sha256):
        return replace(by_name, damaged="it is not as it was issued: its hash is another"), {}
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        return _described(by_name, json.loads(files[_MANIFEST])), files
    except (zipfile.BadZipFile, zlib.error, EOFError, LookupError, NotImplementedError, RuntimeError, TypeError, ValueError):
        return replace(by_name, damaged="it is no edition of this program"), {}


def _described(by_name: Edition, manifest: dict[str, Any]) -> Edition:
    if manifest["format"] != _FORMAT:
        return replace(by_name, damaged=f"it has format {manifest['format']}, and this version of the dashboard reads format {_FORMAT}")
    told = {name: value for name, value in manifest.items() if name != "format"}
    told["issued_on"] = datetime.strptime(manifest["issued_on"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    told["vendors"] = None if manifest["vendors"] is None else tuple(manifest["vendors"])
    told["filters"] = tuple((dimension, tuple(values)) for dimension, values in manifest["filters"])
    told["packs"] = tuple((str(name), int(size)) for name, size in manifest["packs"])
    described = replace(by_name, **told)
    if (described.quarter, described.audience, described.number) != (by_name.quarter, by_name.audience, by_name.number):
        raise ValueError(by_name.name)
    return described


def open_edition(warehouse: Warehouse, scope: Scope, name: str) -> OpenEdition:
    """The edition of this name (the hash at its end may be left out), exactly as it was issued.

    Unknown, or outside the scope: `UsageError`. Altered, cut off, of another format: `WarehouseError` saying which.
    """
    known = editions(warehouse, scope)
    found = [edition for edition in known if name in (edition.name, edition.name.rpartition("_")[0])]
    if len(found) > 1:
        names = ", ".join(edition.name for edition in found)
        raise UsageError(f"There are {len(found)} editions {name}.", f"Add the hash: {names}.")
    if not found:
        raise unknown("edition", name, [edition.name for edition in known])
    edition = found[0]
    path = warehouse.folder / EDITIONS / f"{edition.name}.zip"
    try:
        edition, files = (edition, {}) if edition.damaged else _opened(path, edition)
    except OSError as problem:
        edition, files = replace(edition, damaged=f"it cannot be read ({problem.strerror or problem})"), {}
    if edition.damaged or _REVIEW not in files:
        reason = edition.damaged or "it holds no review"
        raise WarehouseError(f"The edition {edition.name} cannot be opened: {reason}.", _REMEDY)
    packs = {name.removeprefix(_PACK): content for name, content in files.items() if name.startswith(_PACK)}
    return OpenEdition(edition, from_json(files[_REVIEW]), files[_REVIEW], packs)
