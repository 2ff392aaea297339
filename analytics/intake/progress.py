"""Telling how far a long piece of work is."""

from collections.abc import Callable

# How much is done (0 to 1), and what is being done; called from the thread that asked for the work.
Tell = Callable[[float, str], None]


def untold(done: float, what: str) -> None:
    """Nobody wants to know."""
