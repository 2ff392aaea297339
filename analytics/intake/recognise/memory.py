"""What whole passes over a large file found, kept for when it is recognised again with another answer.

It is written and read by limited processes only: what is in it was made from the file.
"""

import pickle
from collections.abc import Callable, Hashable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")


class Memory:
    """Results by what they depend on, in a file beside the one that is recognised; without a path nothing is kept."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._known: dict[Hashable, Any] = {}
        if path is not None:
            with suppress(OSError, EOFError, pickle.UnpicklingError):
                self._known = pickle.loads(path.read_bytes())

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What was made for this key before, else what `make` makes now."""
        if key not in self._known:
            self._known[key] = make()
            if self._path is not None:
                with suppress(OSError):  # then it is made again the next time
                    self._path.write_bytes(pickle.dumps(self._known))
        return self._known[key]
