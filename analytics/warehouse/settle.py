"""What counts: `performance`, `reporting`, `scorecard` and the registers as pure functions of the accepted rows.

1. Per key (source, grain, period_start and the dimensions) one row: that of the latest batch, or the sum of the rows
   that batches added to it (`analytics.warehouse.counting`). A correction replaces only keys of its own source and grain.
2. Per vendor, measure and calendar month exactly one (source, grain) counts: the lowest recorded precedence, else the
   source whose first batch came first, else the finer grain. A week belongs to the month of its Thursday, a quarter to
   all three of its months, and counts only where it wins all three. Nothing is summed twice.
3. `reporting` lists the winners; a measure computed from a ratio in the file is of kind 'weighted'.

Because everything is derived from the rows of the active batches, undoing a batch is removing its rows and settling.
"""

from collections.abc import Iterable

import duckdb

from analytics.catalogue import MEASURES
from analytics.warehouse.counting import ACTIVE_ROWS, PERFORMANCE_KEY, SEQUENCE, latest_sql, settle_rows
from analytics.warehouse.registers import settle_registers
from analytics.warehouse.schema import measure_columns

SCORECARD_KEY = (*PERFORMANCE_KEY, "kpi")
UNRANKED = 1_000_000
_FINENESS = "CASE grain WHEN 'day' THEN 0 WHEN 'week' THEN 1 WHEN 'month' THEN 2 ELSE 3 END"
# The calendar months a row belongs to.
MONTHS = """CASE grain WHEN 'week' THEN [date_trunc('month', period_start + INTERVAL 3 DAY)::DATE]
    WHEN 'quarter' THEN [(date_trunc('month', period_start) + to_months(step))::DATE FOR step IN [0, 1, 2]]
    ELSE [date_trunc('month', period_start)::DATE] END"""
_COUNTING = f"vendor IN (FROM touched) AND {ACTIVE_ROWS}"


def settle(connection: duckdb.DuckDBPyConnection, vendors: Iterable[str] | None = None) -> None:
    """Derive what counts again for `vendors` (None: every vendor), and the registers as a whole."""
    touch(connection, vendors)
    _settle_performance(connection)
    _settle_scorecard(connection)
    settle_registers(connection)


def touch(connection: duckdb.DuckDBPyConnection, vendors: Iterable[str] | None) -> None:
    """The temporary table `touched`: the vendors to derive again."""
    connection.execute("CREATE OR REPLACE TEMP TABLE touched (vendor VARCHAR)")
    if vendors is not None:
        connection.execute("INSERT INTO touched SELECT DISTINCT unnest($vendors::VARCHAR[])", {"vendors": list(vendors)})
        return
    tables = ("performance_rows", "performance", "scorecard_rows", "scorecard")
    connection.execute("INSERT INTO touched " + " UNION ".join(f"SELECT vendor FROM {table}" for table in tables))


def _settle_performance(connection: duckdb.DuckDBPyConnection) -> None:
    measures = _measures_present(connection)
    columns = [*PERFORMANCE_KEY, "threshold_seconds", "currency", "batch_id", *measures]
    settle_rows(connection, columns)
    connection.execute("DELETE FROM performance WHERE vendor IN (FROM touched)")
    connection.execute("DELETE FROM reporting WHERE vendor IN (FROM touched)")
    if not measures:
        return
    connection.execute(f"CREATE OR REPLACE TEMP TABLE losing AS {_losing_sql(measures)}")
    connection.execute(f"INSERT INTO performance BY NAME {_winners_sql(columns, measures)}")
    connection.execute(f"INSERT INTO reporting BY NAME {_reporting_sql(measures)}")


def _measures_present(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The measures that any counting row has a value of; a file brings a few of them, and statements about few are planned fast."""
    measures = measure_columns(connection, "performance_rows")
    counts = ", ".join(f"count({measure})" for measure in measures)
    (found,) = connection.execute(f"SELECT {counts} FROM performance_rows WHERE {_COUNTING}").fetchall()
    return [measure for measure, count in zip(measures, found, strict=True) if count]


def present_sql(table: str, measures: Iterable[str] = MEASURES) -> str:
    """The subquery (vendor, source, grain, month, measure) for which `table` has a value."""
    flags = ", ".join(f"nullif(bool_or({measure} IS NOT NULL), false) AS {measure}" for measure in measures)
    return f"""(
        UNPIVOT (SELECT vendor, source, grain, month, {flags} FROM (SELECT *, unnest({MONTHS}) AS month FROM {table}) GROUP BY ALL)
        ON {", ".join(measures)} INTO NAME measure VALUE present)"""


def _losing_sql(measures: list[str]) -> str:
    """Rule 2: (vendor, source, grain, month, measure) that another source or grain of the same month beats."""
    return f"""
        WITH first_batches AS (
            SELECT vendor, source, min({SEQUENCE.format(rows="performance_rows")}) AS first_sequence
            FROM performance_rows WHERE {_COUNTING} GROUP BY ALL)
        SELECT claim.vendor, claim.source, claim.grain, claim.month, claim.measure
        FROM {present_sql("latest", measures)} AS claim JOIN first_batches USING (vendor, source)
        QUALIFY dense_rank() OVER (
            PARTITION BY claim.vendor, {_whole("claim.measure")}, claim.month
            ORDER BY {_rank("measure")}, first_sequence, claim.source, {_FINENESS}) > 1"""


def _rank(measure: str) -> str:
    """The recorded precedence of the `claim` row's source: the most specific entry, and of those the latest answer."""
    return f"""coalesce((
        SELECT first(chosen.rank ORDER BY chosen.vendor IS NULL, chosen.measure IS NULL,
                     coalesce(answered.sequence, {UNRANKED}) DESC, chosen.rank)
        FROM precedence AS chosen LEFT JOIN batches AS answered ON answered.batch_id = chosen.batch_id
        WHERE coalesce(answered.status, 'active') = 'active' AND chosen.source = claim.source
            AND coalesce(chosen.vendor, claim.vendor) = claim.vendor
            AND coalesce({_whole("chosen.measure")}, {_whole(f"claim.{measure}")}) = {_whole(f"claim.{measure}")}
    ), {UNRANKED})"""


def wholes() -> dict[str, str]:
    """Part -> the measure it is a part of. They say the same thing (handle time; talk, hold, wrap-up): one source counts for them all."""
    return {part: measure.id for measure in MEASURES.values() for part in measure.parts}


def _whole(measure: str) -> str:
    """The measure it is a part of, else itself."""
    whens = " ".join(f"WHEN '{part}' THEN '{whole}'" for part, whole in wholes().items())
    return f"CASE {measure} {whens} ELSE {measure} END"


def _winners_sql(columns: list[str], measures: list[str]) -> str:
    """The latest rows with every losing measure set to NULL; rows without any measure left are gone."""
    kept = ", ".join(
        f"CASE WHEN lost IS NULL OR NOT list_contains(lost, '{name}') THEN {name} END AS {name}" if name in measures else f"latest.{name}"
        for name in columns
    )
    return f"""
        WITH months AS (SELECT DISTINCT grain, period_start, unnest({MONTHS}) AS month FROM latest),
        lost_by_period AS (
            SELECT vendor, source, grain, period_start, list(DISTINCT measure) AS lost
            FROM losing JOIN months USING (grain, month) GROUP BY ALL)
        SELECT * FROM (
            SELECT {kept} FROM latest LEFT JOIN lost_by_period USING (vendor, source, grain, period_start))
        WHERE coalesce({", ".join(f"{measure}::DECIMAL(38,6)" for measure in measures)}) IS NOT NULL
        ORDER BY period_start, vendor"""


def _reporting_sql(measures: list[str]) -> str:
    """Rule 3: which source, grain and kind each of the touched vendors' measures is read from in a month."""
    named = "vendor, source, grain, period_start, batch_id"
    return f"""
        WITH settled AS (FROM performance WHERE vendor IN (FROM touched)),
        behind AS (
            SELECT {named} FROM settled UNION ALL SELECT {named} FROM performance_added WHERE vendor IN (FROM touched)),
        weighted AS (
            SELECT DISTINCT vendor, source, grain, unnest({MONTHS}) AS month, measure
            FROM behind JOIN weighted_measures USING (batch_id))
        SELECT vendor, month, measure, source, grain, CASE WHEN weighted.vendor IS NULL THEN 'measured' ELSE 'weighted' END AS kind
        FROM {present_sql("settled", measures)} LEFT JOIN weighted USING (vendor, source, grain, month, measure)"""


def _settle_scorecard(connection: duckdb.DuckDBPyConnection) -> None:
    """Rules 1 and 2 for reported values; they are never added up, so every grain keeps its own winner."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE latest_results AS {latest_sql('scorecard_rows', SCORECARD_KEY)}")
    connection.execute("DELETE FROM scorecard WHERE vendor IN (FROM touched)")
    connection.execute(f"""
        INSERT INTO scorecard BY NAME
        WITH first_batches AS (
            SELECT vendor, source, min({SEQUENCE.format(rows="scorecard_rows")}) AS first_sequence
            FROM scorecard_rows WHERE {_COUNTING} GROUP BY ALL)
        SELECT claim.* FROM latest_results AS claim JOIN first_batches USING (vendor, source)
        WHERE actual IS NOT NULL
        QUALIFY row_number() OVER (
            PARTITION BY grain, period_start, claim.vendor, site, lob, channel, kpi
            ORDER BY {_rank("kpi")}, first_sequence, claim.source) = 1
        ORDER BY period_start, claim.vendor""")
