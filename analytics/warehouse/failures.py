"""What a database or a file system says when it fails, as one sentence with a way out."""

import errno
from pathlib import Path

import duckdb

from analytics.errors import WarehouseError

_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) if hasattr(errno, "EDQUOT") else (errno.ENOSPC, errno.EFBIG)
_NO_SPACE_WORDS = ("no space left", "file too large", "quota exceeded", "not enough space", "disk full", "disk is full")

NOTHING_LOST = "Nothing was stored, and what was published is unchanged. Free some space, then try again."


def first_line(problem: Exception) -> str:
    """What a database message says, without its SQL excerpt."""
    return str(problem).strip().splitlines()[0].rstrip(".!") if str(problem).strip() else type(problem).__name__


def is_full(problem: Exception) -> bool:
    """Whether there was no space left, as the file system says it or as the database repeats it."""
    if isinstance(problem, OSError):
        return problem.errno in _NO_SPACE
    return any(words in str(problem).lower() for words in _NO_SPACE_WORDS)


def damaged(path: Path, problem: Exception) -> WarehouseError:
    """The error for a version file that cannot be read."""
    return WarehouseError(
        f"The warehouse file {path} cannot be read: {first_line(problem)}.",
        "Make it again with `python -m analytics rebuild`, or delete that one file to go back to the version before it.",
    )


def unwritable(folder: Path, problem: Exception) -> WarehouseError:
    """The error for a folder in which nothing can be written, for want of space or permission."""
    if is_full(problem):
        return WarehouseError(f"There is no space left for the warehouse in {folder}.", NOTHING_LOST)
    reason = problem.strerror if isinstance(problem, OSError) and problem.strerror else first_line(problem)
    return WarehouseError(
        f"The warehouse folder {folder} cannot be written: {reason}.", "Check its permissions, or choose another folder with --warehouse."
    )


def unchanged(folder: Path, problem: duckdb.Error) -> WarehouseError:
    """The error for a change that the database did not take."""
    if is_full(problem):
        return unwritable(folder, problem)
    return WarehouseError(f"The warehouse could not be changed: {first_line(problem)}.", "Nothing was stored.")
