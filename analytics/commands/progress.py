"""A bar on the terminal while a large file is read; nothing where nobody is watching."""

import sys
from contextlib import ExitStack
from typing import Any

import click

from analytics.intake import Tell, untold

_STEPS = 1000


class ProgressBars:
    """The bar of the file and step being worked on; leaving the block finishes the last one."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._label = ""
        self._bar: Any = None

    def __enter__(self) -> "ProgressBars":
        return self

    def __exit__(self, *_problem: object) -> None:
        self._open.close()

    def begin(self, name: str) -> Tell:
        """What moves the bars of a file; the first appears with the first news, so small files show none."""
        return (lambda done, what: self._move(f"{name}: {what}", done)) if sys.stderr.isatty() else untold

    def _move(self, label: str, done: float) -> None:
        if label != self._label:
            self._open.close()
            self._label = label
            self._bar = self._open.enter_context(click.progressbar(length=_STEPS, label=label, file=sys.stderr, show_eta=False))
        self._bar.update(max(0, round(done * _STEPS) - self._bar.pos))
