"""Two sources reporting the same number: found before storing, asked once, remembered."""

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import pandas as pd

from analytics.catalogue import KPIS, MEASURES
from analytics.errors import UsageError, did_you_mean
from analytics.intake.occupied import Select
from analytics.intake.problems import Choice, Question
from analytics.intake.reading import Reading
from analytics.warehouse.counting import ACTIVE_ROWS
from analytics.warehouse.settle import present_sql, wholes

ANSWER_KEY = "counts"
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Conflict:
    """One vendor's measure (or scorecard KPI) that these sources report for the same period; `new` is the file's own."""

    vendor: str
    measure: str
    new: str
    others: tuple[str, ...]


_REPORTED = "SELECT vendor, measure, month AS period, '' AS grain, source FROM reporting"
_RESULTS = "SELECT DISTINCT vendor, kpi AS measure, period_start AS period, grain, source FROM scorecard"


def reported_claims(select: Select, replaced: str | None = None) -> pd.DataFrame:
    """What the settled rows report already; where a batch is about to be replaced, what all other batches bring.

    What the batch to be replaced had outranked is not settled, and counts again unless it is outranked once more.
    """
    if replaced is None:
        return select(f"{_REPORTED} UNION ALL {_RESULTS}")
    others = f"{ACTIVE_ROWS} AND batch_id <> $replaced"
    return select(
        f"""
        SELECT DISTINCT vendor, measure, month AS period, '' AS grain, source FROM {present_sql(f"(FROM performance_rows WHERE {others})")}
        UNION ALL {_RESULTS.replace("scorecard", "scorecard_rows")} WHERE {others} AND actual IS NOT NULL""",
        {"replaced": replaced},
    )


def find_conflicts(claims: pd.DataFrame, reported: pd.DataFrame, select: Select, replaced: str | None = None) -> list[Conflict]:
    """The measures a file claims that another source reports, unless all of these sources are ranked by an answer in force.

    The answer of the batch the file is about to replace goes with it.

    A measure and its parts are one: talk, hold and wrap-up time of one source are in conflict with the handle time of another.
    """
    if claims.empty or reported.empty:
        return []
    source = str(claims["source"].iloc[0])
    claims, reported = (frame.replace({"measure": wholes()}).drop_duplicates() for frame in (claims, reported))
    both = claims.drop(columns="source").merge(reported[reported["source"] != source], on=["vendor", "measure", "period", "grain"])
    if both.empty:
        return []
    found: dict[tuple[str, str], set[str]] = {}
    for vendor, measure, other in both[["vendor", "measure", "source"]].drop_duplicates().itertuples(index=False):
        found.setdefault((vendor, measure), set()).add(other)
    ranked = _ranked(select, replaced)
    return [
        Conflict(vendor, measure, source, tuple(sorted(sources)))
        for (vendor, measure), sources in sorted(found.items())
        if not all(_settled(ranked, vendor, measure, one) for one in (source, *sources))
    ]


def claims_of(reading: Reading, source: str) -> pd.DataFrame:
    """vendor, measure (or KPI), period, grain ('' for measures: they compete by month), source of every value the file brings."""
    if not {"performance_rows", "scorecard_rows"} & set(reading.tables):
        return pd.DataFrame()
    parts = []
    with duckdb.connect(config={"python_enable_replacements": "false"}) as connection:
        for name, table in reading.tables.items():
            connection.register(name, table)
        if "performance_rows" in reading.tables:
            measures = [name for name in reading.tables["performance_rows"].column_names if name in MEASURES]
            sql = f"SELECT DISTINCT vendor, measure, month AS period, '' AS grain FROM {present_sql('performance_rows', measures)}"
            parts.append(connection.execute(sql).df())
        if "scorecard_rows" in reading.tables:
            sql = "SELECT DISTINCT vendor, kpi AS measure, period_start AS period, grain FROM scorecard_rows WHERE actual IS NOT NULL"
            parts.append(connection.execute(sql).df())
    return pd.concat(parts).assign(source=source)


def _ranked(select: Select, replaced: str | None) -> set[tuple[str | None, str | None, str]]:
    in_force = "batch_id NOT IN (SELECT batch_id FROM batches WHERE status <> 'active' OR batch_id = $replaced)"
    sql = f"SELECT DISTINCT vendor, measure, source FROM precedence WHERE batch_id IS NULL OR {in_force}"
    found = select(sql, {"replaced": replaced or ""})
    whole = wholes()
    return {(_text(vendor), whole.get(measure, _text(measure)), str(source)) for vendor, measure, source in found.itertuples(index=False)}


def _text(value: object) -> str | None:
    """A cell of a frame, None where it is empty."""
    return value if isinstance(value, str) else None


def _settled(ranked: set[tuple[str | None, str | None, str]], vendor: str, measure: str, source: str) -> bool:
    return any((one, other, source) in ranked for one in (vendor, None) for other in (measure, None))


def question_of(conflicts: list[Conflict]) -> Question:
    """Which source counts, with what the conflict is about."""
    vendors = sorted({conflict.vendor for conflict in conflicts})
    measures = sorted({_label(conflict.measure) for conflict in conflicts})
    sources = sorted({source for conflict in conflicts for source in (conflict.new, *conflict.others)})
    text = f"{_listed(vendors)}: {_listed(measures)} would be reported by {' and '.join(sources)} for the same period. Which source counts?"
    return Question(
        ANSWER_KEY, text, tuple(Choice(source, f"{source} counts; the other rows are kept but not added") for source in sources)
    )


def _label(measure: str) -> str:
    return MEASURES[measure].label if measure in MEASURES else KPIS[measure].label


def _listed(names: list[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def precedence_rows(conflicts: list[Conflict], question: Question, answers: Mapping[str, str]) -> list[tuple[str, str, str, int]]:
    """(vendor, measure, source, rank) for the answer given; an answer that is no choice: `UsageError`."""
    chosen, known = answers[ANSWER_KEY], [choice.value for choice in question.choices]
    if chosen not in known:
        raise UsageError(f"'{chosen}' is no answer to: {question.text}", did_you_mean(chosen, known))
    return [
        (conflict.vendor, conflict.measure, source, 0 if source == chosen else 1)
        for conflict in conflicts
        for source in (conflict.new, *conflict.others)
    ]
