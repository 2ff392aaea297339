"""Levels that change over time, written down as dated points."""

from dataclasses import dataclass
from datetime import date

import numpy as np

Days = np.ndarray  # datetime64[D]


@dataclass(frozen=True, slots=True)
class Curve:
    """A level over time: straight lines between dated points, constant before the first and after the last."""

    points: tuple[tuple[date, float], ...]

    def at(self, days: Days) -> np.ndarray:
        """The level on each of `days`."""
        known = np.array([day for day, _ in self.points], dtype="datetime64[D]").astype(np.int64)
        return np.interp(days.astype("datetime64[D]").astype(np.int64), known, [level for _, level in self.points])


def flat(level: float) -> Curve:
    """The same level for ever."""
    return Curve(((date(2024, 8, 1), level),))


def path(**levels: float) -> Curve:
    """A curve from points named by their day: path(d20260814=0.1, d20260817=0.45)."""
    return Curve(tuple((date.fromisoformat(name.removeprefix("d")), level) for name, level in levels.items()))
