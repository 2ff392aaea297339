"""What a file does to rows of its own source that are there already: warnings, since each can be meant."""

import duckdb
import pyarrow as pa

from analytics.catalogue import MEASURES
from analytics.intake.problems import Issue, Level
from analytics.warehouse import How
from analytics.warehouse.counting import PERFORMANCE_KEY, mixed_error, mixed_sql, same_key_sql, standing_sql
from analytics.warehouse.settle import touch
from analytics.wording import counted

_LEVELS = ("site", "lob", "channel")
_KEY = ", ".join(PERFORMANCE_KEY)
_QUALIFIED = ", ".join(f"stored.{name}" for name in (*PERFORMANCE_KEY, "threshold_seconds", "currency"))
_SAME_PERIOD = " AND ".join(f"incoming.{name} = performance.{name}" for name in ("source", "grain", "period_start", "vendor"))


def overlap_issues(connection: duckdb.DuckDBPyConnection, table: pa.Table, how: How) -> list[Issue]:
    """Measures that stop counting because their row is replaced, and totals stored beside their parts."""
    connection.register("incoming", table)
    dropped = _dropped(connection, table) if how in (How.CORRECT, How.REPLACE) else None
    levels = _two_levels(connection, table) if how in (How.CORRECT, How.ADD) else None
    connection.unregister("incoming")
    return [issue for issue in (dropped, levels) if issue]


def mixed_issue(connection: duckdb.DuckDBPyConnection, table: pa.Table, how: How) -> Issue | None:
    """Why the rows cannot be added to those of their keys: another threshold or currency."""
    if how is not How.ADD:
        return None
    touch(connection, table.column("vendor").unique().to_pylist())
    connection.register("incoming", table)
    qualifiers = ", ".join(name if name in table.column_names else f"NULL AS {name}" for name in ("threshold_seconds", "currency"))
    both = f"""(SELECT {_QUALIFIED} FROM ({standing_sql()}) AS stored JOIN (SELECT DISTINCT {_KEY} FROM incoming) AS new
        ON {same_key_sql("stored", "new")} UNION ALL SELECT {_KEY}, {qualifiers} FROM incoming)"""
    found = connection.execute(mixed_sql(both)).fetchall()
    connection.unregister("incoming")
    if not found:
        return None
    problem = mixed_error(*found[0])
    return Issue(Level.ERROR, "mixed", problem.message, problem.remedy)


def _dropped(connection: duckdb.DuckDBPyConnection, table: pa.Table) -> Issue | None:
    """A row replaces the whole row with its key: what only the older one has no longer counts."""
    absent = [name for name in MEASURES if name not in table.column_names]
    flags = ", ".join(f"count(performance.{name})" for name in absent)
    (row,) = connection.execute(f"SELECT {flags} FROM incoming JOIN performance ON {same_key_sql('incoming', 'performance')}").fetchall()
    dropped = {name: count for name, count in zip(absent, row, strict=True) if count}
    if not dropped:
        return None
    names = ", ".join(MEASURES[name].label for name in dropped)
    remedy = "Give this file its own source name in the recipe, or load all measures of the source in one file."
    return Issue(
        Level.WARNING,
        "measures_dropped",
        f"Rows this file replaces also held {names}: no longer counted.",
        remedy,
        count=max(dropped.values()),
    )


def _two_levels(connection: duckdb.DuckDBPyConnection, table: pa.Table) -> Issue | None:
    """The same measure of one vendor and period with and without a dimension would be added up."""
    shared = [name for name in table.column_names if name in MEASURES]
    other_level = " OR ".join(f"(incoming.{name} IS NULL) <> (performance.{name} IS NULL)" for name in _LEVELS)
    both = " OR ".join(f"(incoming.{name} IS NOT NULL AND performance.{name} IS NOT NULL)" for name in shared)
    sql = f"SELECT count(DISTINCT (incoming.vendor, incoming.period_start)) FROM incoming JOIN performance ON {_SAME_PERIOD}"
    ((periods,),) = connection.execute(f"{sql} AND ({other_level}) AND ({both})").fetchall()
    if not periods:
        return None
    message = (
        f"For {counted(periods, 'period')} this source already reports the same measures with other dimensions filled: they are added up."
    )
    return Issue(Level.WARNING, "levels", message, "If one is the total of the other, undo one of the two files.", count=periods)
