"""Chance that repeats itself: the same bytes on every machine.

Only uniform draws and plain arithmetic are used. numpy's other distributions and its exp, log and sin may differ in
the last digit between builds, which would end in a different integer here and there.
"""

from zlib import crc32

import numpy as np

from analytics.sample.story import SEED

UNIFORMS_PER_BELL = 4
BELL_SCALE = 3.0**0.5  # makes the variance of a sum of four uniforms 1


def generator(*key: str) -> np.random.Generator:
    """The random numbers of one series; adding a series leaves all others as they are."""
    return np.random.Generator(np.random.PCG64([SEED, *(crc32(part.encode()) for part in key)]))


def bell(rng: np.random.Generator, size: int) -> np.ndarray:
    """Draws with mean 0 and standard deviation 1, at most 3.5 from 0."""
    return (rng.random((size, UNIFORMS_PER_BELL)).sum(axis=1) - UNIFORMS_PER_BELL / 2) * BELL_SCALE


def drift(rng: np.random.Generator, size: int, spread: float, persistence: float = 0.8) -> np.ndarray:
    """A wandering deviation around 0 with standard deviation `spread`: each day remembers the one before (AR(1))."""
    steps = bell(rng, size) * (1 - persistence**2) ** 0.5
    level, levels = float(bell(rng, 1)[0]), np.empty(size)
    for i, step in enumerate(steps):
        level = persistence * level + step
        levels[i] = level
    return levels * spread


def whole(values: np.ndarray) -> np.ndarray:
    """Rounded to counts, never negative."""
    return np.maximum(np.rint(values), 0).astype(np.int64)


def part_of(rng: np.random.Generator, counts: np.ndarray, share: np.ndarray | float) -> np.ndarray:
    """How many of `counts` have a property that holds with probability `share`: small counts scatter more."""
    share = np.clip(share, 0.0, 1.0)
    scatter = np.sqrt(counts * share * (1 - share)) * bell(rng, len(counts))
    return np.minimum(whole(counts * share + scatter), counts)
