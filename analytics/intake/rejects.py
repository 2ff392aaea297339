"""The refused rows of a file: a list where the file is read in memory, a file on disk where there may be millions."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from analytics.intake.personal import masked
from analytics.intake.problems import Issue, Level, Reject
from analytics.intake.workspace import Workspace

_AT_ONCE = 10_000
REFUSED = "refused.parquet"
SCHEMA = pa.schema(
    [("line", pa.int64()), *((name, pa.string()) for name in ("column_name", "code", "reason", "remedy", "raw"))],
)  # in the order of Reject's fields


class Rejects(Protocol):
    """Refused rows in the order of the file: their number (`len`), each kind as an issue with its count, and the rows themselves."""

    def __len__(self) -> int: ...

    @property
    def issues(self) -> tuple[Issue, ...]:
        """One issue per kind and column, with the first row as the example."""
        ...

    def first(self, limit: int) -> list[Reject]:
        """The first rows."""
        ...

    def rows(self) -> pa.RecordBatchReader:
        """All rows as columns of the table `rejects`, piece by piece."""
        ...


class _Kinds:
    """Counts rows by kind and column."""

    def __init__(self) -> None:
        self._first: dict[tuple[str, str | None], Reject] = {}
        self._counts: Counter[tuple[str, str | None]] = Counter()

    def add(self, rejects: Iterable[Reject]) -> None:
        for reject in rejects:
            self._first.setdefault((reject.code, reject.column), reject)
            self._counts[reject.code, reject.column] += 1

    @property
    def issues(self) -> tuple[Issue, ...]:
        return tuple(
            Issue(Level.ERROR, one.code, f"Row refused: {one.reason}.", one.remedy, one.line, one.column, self._counts[kind])
            for kind, one in self._first.items()
        )


@dataclass(frozen=True, slots=True)
class ListedRejects:
    """Refused rows in memory."""

    listed: tuple[Reject, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "listed", tuple(map(_without_personal_data, self.listed)))

    def __len__(self) -> int:
        return len(self.listed)

    @property
    def issues(self) -> tuple[Issue, ...]:
        """One issue per kind and column, with the first row as the example."""
        kinds = _Kinds()
        kinds.add(self.listed)
        return kinds.issues

    def first(self, limit: int) -> list[Reject]:
        """The first rows."""
        return list(self.listed[:limit])

    def rows(self) -> pa.RecordBatchReader:
        """All rows as columns of the table `rejects`."""
        return pa.RecordBatchReader.from_batches(SCHEMA, [_batch(self.listed)])


@dataclass(frozen=True, slots=True)
class StoredRejects:
    """Refused rows on disk, in a workspace that lives as long as they do."""

    path: Path
    count: int
    issues: tuple[Issue, ...]
    workspace: Workspace

    def __len__(self) -> int:
        return self.count

    def first(self, limit: int) -> list[Reject]:
        """The first rows."""
        rows = (row for batch in self.rows() for row in batch.to_pylist())
        return [Reject(*row.values()) for row in islice(rows, limit)]

    def rows(self) -> pa.RecordBatchReader:
        """All rows as columns of the table `rejects`, piece by piece."""
        return pa.RecordBatchReader.from_batches(SCHEMA, pq.ParquetFile(self.path).iter_batches(_AT_ONCE))


def store_rejects(rejects: Iterable[Reject], workspace: Workspace) -> Rejects:
    """Write refused rows to disk as they come, so that their number does not matter."""
    count, issues = write_rejects(rejects, workspace.folder)
    return StoredRejects(workspace.folder / REFUSED, count, issues, workspace) if count else ListedRejects()


def write_rejects(rejects: Iterable[Reject], folder: Path) -> tuple[int, tuple[Issue, ...]]:
    """Write refused rows into the file `REFUSED` of a folder; their number, and one issue per kind."""
    kinds, count = _Kinds(), 0
    with pq.ParquetWriter(folder / REFUSED, SCHEMA) as writer:
        for piece in _pieces(rejects):
            kinds.add(piece)
            writer.write_batch(_batch(piece))
            count += len(piece)
    return count, kinds.issues


def _pieces(rejects: Iterable[Reject]) -> Iterator[tuple[Reject, ...]]:
    rows = iter(rejects)
    while piece := tuple(map(_without_personal_data, islice(rows, _AT_ONCE))):
        yield piece


def _without_personal_data(reject: Reject) -> Reject:
    """The refused row with e-mail addresses, phone, card and account numbers masked."""
    raw, reason = masked(reject.raw), masked(reject.reason)
    return reject if (raw, reason) == (reject.raw, reject.reason) else replace(reject, raw=raw, reason=reason)


def _batch(rejects: Sequence[Reject]) -> pa.RecordBatch:
    columns = ([getattr(reject, name) for reject in rejects] for name in ("line", "column", "code", "reason", "remedy", "raw"))
    return pa.record_batch([pa.array(column, field.type) for column, field in zip(columns, SCHEMA, strict=True)], schema=SCHEMA)
