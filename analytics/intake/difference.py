"""What files that are tried change of the rows stored: how many are new, the same, or say something else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analytics.catalogue import MEASURES
from analytics.intake.report import Status
from analytics.intake.trial import Trial
from analytics.warehouse import How, Scope
from analytics.warehouse.counting import PERFORMANCE_KEY, SAME_PERIOD, standing_sql
from analytics.warehouse.registers import REGISTERS
from analytics.warehouse.settle import SCORECARD_KEY

_TRIED = "batch_id IN (SELECT unnest($batches))"
_BOOKKEEPING = ("batch_id", "line", "file_rows")
# An active batch before that of the row has rows of the same vendor and day.
_OCCUPIED = f"""
    FROM performance_rows AS other LEFT JOIN batches AS before ON before.batch_id = other.batch_id
    WHERE coalesce(before.status, 'active') = 'active' AND coalesce(before.sequence, 0) < batches.sequence
        AND {" AND ".join(f"other.{name} IS NOT DISTINCT FROM performance_rows.{name}" for name in SAME_PERIOD)}"""


@dataclass(frozen=True, slots=True)
class Difference:
    """Rows of the tried files against the rows stored under the same source, period and place (in a register: the same entry).

    `skipped`: rows of days that are occupied, which the answer leaves to what is stored.
    """

    new: int = 0
    identical: int = 0
    restated: int = 0
    skipped: int = 0

    @property
    def overlaps(self) -> bool:
        """Whether any row says anew what is stored."""
        return bool(self.identical or self.restated)

    def __add__(self, other: "Difference") -> "Difference":
        return Difference(
            self.new + other.new, self.identical + other.identical, self.restated + other.restated, self.skipped + other.skipped
        )


def difference(trial: Trial, scope: Scope) -> Difference:
    """Count the rows of all files of a trial that was opened with the stored rows; a file stored already is identical as a whole."""
    found = Difference(identical=sum(report.rows_accepted for report in trial.reports if report.status is Status.UNCHANGED))
    if not trial.batches:
        return found
    questions = [_performance_sql(), _latest_sql("scorecard_rows", SCORECARD_KEY, ("actual", "unit", "target", "comparator"))]
    for register in REGISTERS.values():
        columns = trial.store.select(scope, f"SELECT * FROM {register.rows} LIMIT 0").columns
        questions.append(_latest_sql(register.rows, register.key, [name for name in columns if name not in (*register.key, *_BOOKKEEPING)]))
    for sql in questions:
        found += Difference(*map(int, trial.store.select(scope, sql, {"batches": list(trial.batches)}).iloc[0]))
    return found


def _performance_sql() -> str:
    """Rows of measures against those that stand, added rows as one; a file whose rows are added changes every row it meets."""
    sums = ", ".join(f"sum({name}) AS {name}" for name in MEASURES)
    key = ", ".join(PERFORMANCE_KEY)
    earlier = f"""
        SELECT {key}, any_value(threshold_seconds) AS threshold_seconds, any_value(currency) AS currency, {sums}, true AS there
        FROM ({standing_sql(_stored("performance_rows"))}) GROUP BY {key}"""
    tried = f"""
        SELECT performance_rows.*, how, how = '{How.SKIP}' AND EXISTS ({_OCCUPIED}) AS skipped
        FROM performance_rows JOIN batches USING (batch_id) WHERE performance_rows.{_TRIED}"""
    same = f"how <> '{How.ADD}' AND {_same(('threshold_seconds', 'currency', *MEASURES))}"
    return _counted_sql(tried, earlier, PERFORMANCE_KEY, same)


def _latest_sql(rows: str, key: Sequence[str], values: Iterable[str]) -> str:
    """Rows of a table in which the latest row of a key stands."""
    own = ", ".join(f"{rows}.{name}" for name in key)
    earlier = f"""
        SELECT {rows}.*, true AS there FROM {rows} LEFT JOIN batches USING (batch_id) WHERE {_stored(rows)}
        QUALIFY row_number() OVER (PARTITION BY {own} ORDER BY sequence DESC) = 1"""
    return _counted_sql(f"SELECT *, false AS skipped FROM {rows} WHERE {_TRIED}", earlier, key, _same(values))


def _counted_sql(tried: str, earlier: str, key: Iterable[str], same: str) -> str:
    matched = " AND ".join(f"tried.{name} IS NOT DISTINCT FROM earlier.{name}" for name in key)
    return f"""
        SELECT count(*) FILTER (there IS NULL AND NOT skipped) AS new, count(*) FILTER (there AND same AND NOT skipped) AS identical,
            count(*) FILTER (there AND NOT same AND NOT skipped) AS restated, count(*) FILTER (skipped) AS skipped
        FROM (SELECT there, skipped, {same} AS same FROM ({tried}) AS tried LEFT JOIN ({earlier}) AS earlier ON {matched})"""


def _same(values: Iterable[str]) -> str:
    return " AND ".join(f"tried.{name} IS NOT DISTINCT FROM earlier.{name}" for name in values) or "true"


def _stored(rows: str) -> str:
    """What counted before, the readings that the tried files replace among it."""
    return f"NOT {rows}.{_TRIED} AND (coalesce(batches.status, 'active') = 'active' OR batches.replaced_by IN (SELECT unnest($batches)))"
