"""Rule 1 of settling: which accepted rows stand, and how those of one key become one row.

Batches are replayed in their sequence. `correct`: a row replaces the row of its key. `replace`: a vendor's period of a
source and grain is emptied first. `add`: a row is added to the row of its key, measure by measure. `skip`: rows count
only where no earlier batch has a row of that vendor's period. As no batch looks at anything but the earlier ones, the
replay is the same as three questions to every row: is there a later `replace` of its period, is it a `skip` with an
earlier row, is there a later row of its key that is not added.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum

import duckdb

from analytics.catalogue import MEASURES
from analytics.errors import WarehouseError
from analytics.warehouse.schema import measure_columns

PERFORMANCE_KEY = ("source", "grain", "period_start", "vendor", "site", "lob", "channel")
SAME_PERIOD = ("source", "grain", "period_start", "vendor")
ACTIVE_ROWS = "batch_id NOT IN (SELECT batch_id FROM batches WHERE status <> 'active')"
SEQUENCE = "coalesce((SELECT sequence FROM batches WHERE batches.batch_id = {rows}.batch_id), 0)"
_KEY = ", ".join(PERFORMANCE_KEY)


class How(StrEnum):
    """What the rows of a batch do to what is there already."""

    CORRECT = "correct"
    REPLACE = "replace"
    ADD = "add"
    SKIP = "skip"


def same_key_sql(one: str, other: str) -> str:
    """The condition that rows of two tables have the same key, empty dimensions included."""
    return " AND ".join(f"{one}.{name} IS NOT DISTINCT FROM {other}.{name}" for name in PERFORMANCE_KEY)


def latest_sql(rows: str, key: Iterable[str]) -> str:
    """Where batches only correct: of the touched vendors' rows with the same key, the one of the latest batch."""
    return f"""
        SELECT * FROM {rows} WHERE vendor IN (FROM touched) AND {ACTIVE_ROWS}
        QUALIFY row_number() OVER (PARTITION BY {", ".join(key)} ORDER BY {SEQUENCE.format(rows=rows)} DESC) = 1"""


def standing_sql(which: str = "vendor IN (FROM touched) AND coalesce(status, 'active') = 'active'") -> str:
    """Of the rows `which` (the touched vendors' that count) those that stand after the replay, with `how` and sequence of their batch.

    One row per key, or several to add up.
    """
    return f"""
        WITH known AS (
            SELECT performance_rows.*, coalesce(sequence, 0) AS sequence, coalesce(how, '{How.CORRECT}') AS how
            FROM performance_rows LEFT JOIN batches ON batches.batch_id = performance_rows.batch_id
            WHERE {which}),
        allowed AS (
            SELECT * FROM known WINDOW same_period AS (PARTITION BY {", ".join(SAME_PERIOD)})
            QUALIFY sequence >= coalesce(max(sequence) FILTER (how = '{How.REPLACE}') OVER same_period, 0)
                AND (how <> '{How.SKIP}' OR sequence = min(sequence) OVER same_period))
        FROM allowed QUALIFY sequence >= coalesce(max(sequence) FILTER (how <> '{How.ADD}') OVER (PARTITION BY {_KEY}), 0)"""


def corrected_sql(columns: Sequence[str]) -> str:
    """`latest_sql` of `performance_rows`: a batch has a key once, so only periods that several batches have need to be ordered.

    Millions of rows are not ordered at all where every file brings periods of its own.
    """
    counting = f"vendor IN (FROM touched) AND {ACTIVE_ROWS}"
    period, named = ", ".join(SAME_PERIOD), ", ".join(columns)
    return f"""
        WITH contested AS (
            SELECT {period} FROM performance_rows WHERE {counting} GROUP BY ALL HAVING min(batch_id) <> max(batch_id)),
        corrected AS (SELECT {named} FROM performance_rows SEMI JOIN contested USING ({period}) WHERE {counting})
        SELECT {named} FROM performance_rows ANTI JOIN contested USING ({period}) WHERE {counting}
        UNION ALL (FROM corrected QUALIFY row_number() OVER (PARTITION BY {_KEY} ORDER BY {SEQUENCE.format(rows="corrected")} DESC) = 1)"""


def settle_rows(connection: duckdb.DuckDBPyConnection, columns: Sequence[str]) -> None:
    """The temporary table `latest` with these columns, one row per key of the touched vendors, and `performance_added` for added rows."""
    connection.execute("DELETE FROM performance_added WHERE vendor IN (FROM touched)")
    ways = {how for (how,) in connection.execute("SELECT DISTINCT how FROM batches WHERE status = 'active'").fetchall()}
    if ways <= {How.CORRECT, None}:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE latest AS {corrected_sql(columns)}")
        return
    connection.execute(f"CREATE OR REPLACE TEMP TABLE latest AS {standing_sql()}")
    if How.ADD in ways:
        _refuse_mixed(connection)
        connection.execute(f"""
            INSERT INTO performance_added BY NAME
            SELECT {_KEY}, batch_id FROM latest QUALIFY sequence < max(sequence) OVER (PARTITION BY {_KEY})""")
        connection.execute(f"CREATE OR REPLACE TEMP TABLE latest AS {_added_up_sql(connection)}")


def _added_up_sql(connection: duckdb.DuckDBPyConnection) -> str:
    """The standing rows of each key as one; a measure none of them has stays NULL, the latest batch is named."""
    columns = measure_columns(connection, "performance_rows")
    sums = ", ".join(f"sum({name})::{stored} AS {name}" for name, stored in columns.items())
    return f"""
        SELECT {_KEY}, any_value(threshold_seconds) AS threshold_seconds, any_value(currency) AS currency,
            arg_max(batch_id, sequence) AS batch_id, {sums}
        FROM latest GROUP BY {_KEY}"""


def mixed_sql(rows: str) -> str:
    """The keys of `rows` whose rows differ in threshold or currency: source, vendor, period_start, and both sides of the difference."""
    return f"""
        SELECT source, vendor, period_start, list(DISTINCT coalesce(threshold_seconds::VARCHAR, 'none')) AS thresholds,
            list(DISTINCT coalesce(currency, 'none')) AS currencies
        FROM {rows} GROUP BY {_KEY} HAVING len(thresholds) > 1 OR len(currencies) > 1 ORDER BY period_start, vendor LIMIT 1"""


def _refuse_mixed(connection: duckdb.DuckDBPyConnection) -> None:
    found = connection.execute(mixed_sql("latest")).fetchall()
    if found:
        raise mixed_error(*found[0])


def mixed_error(source: str, vendor: str, period: object, thresholds: list[str], currencies: list[str]) -> WarehouseError:
    """The error for rows that cannot be added up, since they count by different thresholds or in different currencies."""
    seconds = sorted(text.rstrip("0").rstrip(".") if "." in text else text for text in thresholds)
    what = f"thresholds ({' and '.join(seconds)} seconds)" if len(seconds) > 1 else f"currencies ({' and '.join(sorted(currencies))})"
    return WarehouseError(
        f"{vendor}, {period}: rows of {source} with different {what} would be added up.",
        "Nothing was stored. Give both recipes the same value, use another source name, or undo the batch that was added.",
    )


def counting_rows_sql(measures: Iterable[str] = MEASURES) -> str:
    """The accepted rows behind `performance`: key, threshold_seconds, currency, batch_id, line, file_rows and `measures`.

    A measure is NULL where it does not count (another source is read for it), so that the sums of a key are exactly its
    row of `performance`. For any reader of the warehouse: `store.select(scope, f"SELECT ... FROM ({counting_rows_sql()})")`.
    """
    kept = ", ".join(f"CASE WHEN settled.{name} IS NOT NULL THEN accepted.{name} END AS {name}" for name in measures)
    named = ", ".join(f"accepted.{name}" for name in (*PERFORMANCE_KEY, "threshold_seconds", "currency", "batch_id", "line", "file_rows"))
    return f"""
        SELECT {named}, {kept}
        FROM performance AS settled JOIN performance_rows AS accepted ON {same_key_sql("settled", "accepted")}
        LEFT JOIN performance_added AS added ON {same_key_sql("added", "accepted")} AND added.batch_id = accepted.batch_id
        WHERE accepted.batch_id = settled.batch_id OR added.batch_id IS NOT NULL"""
