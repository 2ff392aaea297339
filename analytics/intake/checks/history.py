"""What is stored already, as far as the checks of a file need it: names, periods and usual sizes, added up by the database."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import pandas as pd

from analytics.catalogue import DIMENSIONS, MEASURES
from analytics.intake.checks.spelling import folded

_ACTIVE = "batch_id IN (SELECT batch_id FROM batches WHERE status = 'active' AND batch_id <> $replaced)"
_NAMED_IN = ("performance_rows", "scorecard_rows")
Select = Callable[..., pd.DataFrame]


@dataclass(frozen=True)
class History:
    """The warehouse less the batch a file is about to replace; `select` None: nothing is stored.

    `own`: the only vendors (folded) whose names whoever brings the file may learn of, None for everybody.
    """

    select: Select | None = None
    replaced: str = ""
    own: frozenset[str] | None = None

    def names(self, dimension: str) -> list[str]:
        """Every stored name of a dimension that may be told."""
        assert dimension in DIMENSIONS
        union = " UNION ".join(f"SELECT vendor, {dimension} AS name FROM {table} WHERE {_ACTIVE}" for table in _NAMED_IN)
        found = self._asked(f"SELECT vendor, name FROM ({union}) WHERE name IS NOT NULL ORDER BY name", ["vendor", "name"])
        told = zip(found["vendor"], found["name"], strict=True)
        return list(dict.fromkeys(str(name) for vendor, name in told if self.own is None or folded(str(vendor)) in self.own))

    def periods(self, source: str, grain: str) -> pd.DataFrame:
        """vendor, period_start, is_zero (whether every count of it is 0) of what a source reported in a grain."""
        values = ", ".join(MEASURES)
        sql = f"""
            SELECT vendor, period_start, max(greatest({values})) = 0 AS is_zero FROM performance_rows
            WHERE source = $source AND grain = $grain AND {_ACTIVE} GROUP BY ALL"""
        return self._asked(sql, ["vendor", "period_start", "is_zero"], source=source, grain=grain).astype({"period_start": "datetime64[s]"})

    def typical(self, source: str, grain: str, sizes: Sequence[tuple[str, str]]) -> pd.DataFrame:
        """vendor, rows, and for every (name, SQL) of `sizes` the median over the rows of a source."""
        medians = ", ".join(f"median({sql})::DOUBLE AS {name}" for name, sql in sizes)
        sql = f"""
            SELECT vendor, count(*) AS rows, {medians} FROM performance_rows
            WHERE source = $source AND grain = $grain AND {_ACTIVE} GROUP BY ALL"""
        return self._asked(sql, ["vendor", "rows", *(name for name, _ in sizes)], source=source, grain=grain)

    def results(self, source: str) -> pd.DataFrame:
        """vendor, kpi, rows, median of what a source reported as results."""
        sql = f"""
            SELECT vendor, kpi, count(*) AS rows, median(actual) AS median FROM scorecard_rows
            WHERE source = $source AND actual IS NOT NULL AND {_ACTIVE} GROUP BY ALL"""
        return self._asked(sql, ["vendor", "kpi", "rows", "median"], source=source)

    def vendors(self, source: str) -> Collection[str]:
        """The vendors a source has brought so far."""
        union = " UNION ".join(f"SELECT vendor FROM {table} WHERE source = $source AND {_ACTIVE}" for table in _NAMED_IN)
        return set(self._asked(union, ["vendor"], source=source)["vendor"])

    def _asked(self, sql: str, columns: Sequence[str], **parameters: object) -> pd.DataFrame:
        if self.select is None:
            return pd.DataFrame({name: pd.Series(dtype="object") for name in columns})
        return self.select(sql, {**parameters, "replaced": self.replaced})
