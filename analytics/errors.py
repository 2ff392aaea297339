"""The one error family: every message says what, where and what to do instead."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches


class DashboardError(Exception):
    """Something the user can understand and mend. `exit_code` is what the command line returns."""

    exit_code = 1

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(f"{message} {remedy}".strip())
        self.message = message
        self.remedy = remedy


class UsageError(DashboardError):
    """The request itself is wrong: an unknown name, a date that is none, an impossible combination."""

    exit_code = 2


class WarehouseError(DashboardError):
    """The warehouse is missing, locked, damaged or not writable."""


class IntakeError(DashboardError):
    """A file or a recipe cannot be read as what it claims to be."""


def did_you_mean(name: str, choices: Iterable[str]) -> str:
    """' Did you mean: x?' for the nearest of `choices`, else the choices themselves when they are few."""
    known = sorted(set(choices))
    close = get_close_matches(name, known, n=3, cutoff=0.6)
    if close:
        return f"Did you mean: {', '.join(close)}?"
    return f"Known: {', '.join(known)}." if 0 < len(known) <= 12 else ""


def unknown(kind: str, name: str, choices: Iterable[str], meant: Sequence[str] = ()) -> UsageError:
    """The error for a name that is not in `choices`; `meant` are those known to be called so.

    "Unknown KPI 'servce_level'. Did you mean: service_level?"
    """
    return UsageError(f"Unknown {kind} '{name}'.", f"Did you mean: {', '.join(meant)}?" if meant else did_you_mean(name, choices))
