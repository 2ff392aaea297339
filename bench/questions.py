"""What a question costs after loads of different size: KPIs of the warehouse and the same KPI counted from the raw contacts."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

import duckdb
import pandas as pd

from analytics.asking import KpiQuery, Reader
from analytics.options import data_span
from analytics.performance.report import Report, ReportRequest, measured_report
from analytics.periods import Grain
from analytics.query import kpi_frame
from analytics.settings import load_settings
from analytics.warehouse import Scope, Warehouse
from bench.contacts import FIRST_DAY, LAST_DAY
from bench.sides import DATABASE, WAREHOUSE

ROOT = Path(__file__).resolve().parent.parent
REPETITIONS, RAW_REPETITIONS = 25, 5
EVERYTHING = Scope.everything()
TREND = KpiQuery(("service_level",), Grain.MONTH, FIRST_DAY, LAST_DAY, ("vendor",))
RAW_TREND = """
    SELECT date_trunc('month', "Date") AS period, "Provider" AS vendor,
        count(*) FILTER ("Outcome" = 'answered' AND "Wait" <= 20) AS numerator, count(*) AS denominator
    FROM contacts GROUP BY ALL ORDER BY ALL"""


@dataclass(frozen=True, slots=True)
class Asking:
    """Median milliseconds of questions to a warehouse with this many contacts, nothing kept from one to the next.

    trend: a KPI by vendor over 24 months; report: everything the performance report computes; raw_trend: the trend's sums over one
    row per contact in a DuckDB file.
    """

    contacts: int
    trend_ms: float
    report_ms: float
    raw_trend_ms: float


class Forgetful:
    """Reads a version as `Store` does for somebody who sees everything, but keeps no answers."""

    def __init__(self, path: Path) -> None:
        self._connection = duckdb.connect(path, read_only=True)

    def select(self, scope: Scope, sql: str, parameters: Mapping[str, object] | None = None) -> pd.DataFrame:
        """The rows of `sql`."""
        return self._connection.cursor().execute(sql, dict(parameters or {}) or None).df()


def measure_asking(folders: Mapping[int, Path]) -> list[Asking]:
    """The same questions to each warehouse in turn; `folders` says where the contacts of each size were loaded."""
    readers = [Forgetful(_newest(Warehouse(folder / WAREHOUSE))) for folder in folders.values()]
    bare = [Forgetful(folder / DATABASE) for folder in folders.values()]
    trends = _medians([partial(kpi_frame, reader, EVERYTHING, TREND) for reader in readers], REPETITIONS)
    reports = _medians([partial(report, reader) for reader in readers], REPETITIONS)
    raw = _medians([partial(reader.select, EVERYTHING, RAW_TREND) for reader in bare], RAW_REPETITIONS)
    return [Asking(*row) for row in zip(folders, trends, reports, raw, strict=True)]


def _newest(warehouse: Warehouse) -> Path:
    """The file of the newest version, which no `Store` of this process may hold: DuckDB opens a file once."""
    return warehouse.path_of(warehouse.newest or 0)


def report(reader: Reader) -> Report:
    """The performance report in its default view."""
    settings, span = load_settings(ROOT), data_span(reader, EVERYTHING)
    if span is None:
        raise RuntimeError("The warehouse holds nothing to report.")
    return measured_report(reader, EVERYTHING, ReportRequest(span.default_period(), settings.shown_kpis), settings.contract_kpis)


def _medians(questions: Sequence[Callable[[], object]], repetitions: int) -> list[float]:
    """Milliseconds of each question, which take turns after one round that does not count."""
    rounds = [[_milliseconds(question) for question in questions] for _ in range(repetitions + 1)][1:]
    return [median(turn) for turn in zip(*rounds, strict=True)]


def _milliseconds(question: Callable[[], object]) -> float:
    begun = time.perf_counter()
    question()
    return 1000 * (time.perf_counter() - begun)
