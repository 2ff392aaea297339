"""Where a number comes from: the batches and the accepted rows behind it, whose sums add up to its numerator and denominator.

The same rules as the query (`analytics.query`), row by row: a row counts in a cell that has both sides; where rows of a
cell carry both sides only those count, elsewhere every row adds what it has. Sums stay exact decimals.
"""

from dataclasses import dataclass
from decimal import Decimal
from math import isclose

import pandas as pd

from analytics.asking import KpiQuery, Reader
from analytics.catalogue import MEASURES, Kpi, Term, find_kpi
from analytics.catalogue.units import value_text
from analytics.exchange import DATED_ROWS, converts, money_of
from analytics.filters import where_sql
from analytics.performance.report import judged_rows
from analytics.periods import THURSDAY_OFFSET, Grain, anchor_sql, start_sql
from analytics.query import cell_sql, days_counted, fitted_rank_sql, grains_sql, qualifiers, row_sum, row_value, rows_needed
from analytics.reach import cut_of, reach_of
from analytics.reported import REPORTED, reported_rows
from analytics.warehouse.counting import PERFORMANCE_KEY, counting_rows_sql, same_key_sql
from analytics.warehouse.scope import Scope

ROWS_LISTED = 200
ROUNDING = 1e-12  # of the floating-point number the exact sums are compared with
PLACE = ("vendor", "site", "lob", "channel")
_BATCH = "file_name, recipe_name, loaded_at, loaded_by, how, sha256"


@dataclass(frozen=True)
class Origin:
    """One number with what is behind it.

    `total`: the number as the report words it (value_text, target_text, status_text, coverage, basis, remark, source_kind, ...).
    `batches`: one row per batch: batch_id, file and recipe, rows, file_rows and the exact sums (Decimal) it adds as numerator and
    denominator. `rows`: the first ROWS_LISTED of `row_count` rows. A reported number has rows and batches, but no sums.
    """

    query: KpiQuery
    total: dict
    batches: pd.DataFrame
    rows: pd.DataFrame
    row_count: int

    @property
    def kpi(self) -> Kpi:
        """The KPI of the number."""
        return find_kpi(self.query.kpis[0])

    @property
    def is_reported(self) -> bool:
        """Whether the vendor reports the result and no counts are known."""
        return self.total["source_kind"] == REPORTED

    @property
    def numerator(self) -> Decimal:
        """What the batches add up to above the line."""
        return sum(self.batches["numerator"], Decimal(0))

    @property
    def denominator(self) -> Decimal:
        """What the batches add up to below the line; 0 for a total."""
        return sum(self.batches["denominator"], Decimal(0))

    @property
    def adds_up(self) -> bool:
        """Whether the batches' sums are the number's own numerator and denominator."""
        pairs = [(self.numerator, self.total["numerator"])]
        pairs += [(self.denominator, self.total["denominator"])] if self.kpi.denominator else []
        return all(known == known and isclose(summed, known, rel_tol=ROUNDING) for summed, known in pairs)


def origin(store: Reader, scope: Scope, query: KpiQuery) -> Origin:
    """What stands behind one KPI over the days of `query`: one period of its grain with its window, or several `own_periods` as one."""
    total = _total(judged_rows(store, scope, query), find_kpi(query.kpis[0]))
    if total["source_kind"] == REPORTED:
        rows = _results(store, scope, query)
        return Origin(query, total, _batches_of_results(store, scope, rows), rows.head(ROWS_LISTED), len(rows))
    batches = _batches(store, scope, query)
    count = int(batches["rows"].sum())
    return Origin(query, total, batches, origin_rows(store, scope, query, ROWS_LISTED) if count else pd.DataFrame(), count)


def origin_rows(store: Reader, scope: Scope, query: KpiQuery, most: int | None = None) -> pd.DataFrame:
    """The accepted rows behind a measured number in order of their day: key, batch and line, measures, what each adds."""
    sql, parameters = _contributed(store, scope, query)
    kpi = find_kpi(query.kpis[0])
    measures = ", ".join((*_measures(kpi), *_qualifiers(kpi)))
    first = f" LIMIT {most}" if most else ""
    return store.select(
        scope,
        f"""{sql} SELECT period_start, grain, {", ".join(PLACE)}, batch_id, line, file_rows, {measures},
            numerator::DOUBLE AS adds_to_numerator, denominator::DOUBLE AS adds_to_denominator
        FROM contributed ORDER BY period_start, {", ".join(PLACE)}, source, batch_id{first}""",
        parameters,
    )


def origin_keys(store: Reader, scope: Scope, found: Origin, batch_id: str) -> pd.DataFrame:
    """The periods and places of the rows of one batch behind a number: period_start, vendor, site, lob, channel."""
    if found.is_reported:
        return found.rows.loc[found.rows["batch_id"] == batch_id, ["period_start", *PLACE]].drop_duplicates()
    sql, parameters = _contributed(store, scope, found.query)
    keys = f"SELECT DISTINCT period_start, {', '.join(PLACE)} FROM contributed WHERE batch_id = $batch"
    return store.select(scope, f"{sql} {keys}", parameters | {"batch": batch_id})


def _total(frame: pd.DataFrame, kpi: Kpi) -> dict:
    """The one row of a single period; several periods become one ratio of sums, held against no target."""
    measured = frame[frame["value"].notna()]
    if len(frame) == 1:
        return frame.iloc[0].to_dict()
    if measured.empty:
        return {"source_kind": "measured", "value_text": "-", "numerator": float("nan"), "denominator": float("nan"), "coverage": ""}
    if (measured["source_kind"] == REPORTED).all():
        return measured.iloc[-1].to_dict()
    counted = measured[measured["source_kind"] != REPORTED]
    above, below = counted["numerator"].sum(), counted["denominator"].sum()
    value = above / below * kpi.scale if kpi.denominator and below else above if not kpi.denominator else float("nan")
    return {
        "source_kind": max(counted["source_kind"]),  # 'weighted' as soon as one period is
        "value_text": value_text(value, kpi.unit, counted["currency"].iloc[-1] or ""),
        "numerator": above,
        "denominator": below,
        "coverage": f"{len(counted)} of {len(frame)} periods measured",
        "remark": next((remark for remark in counted["remark"] if remark), None),
        "target_text": "-",
        "status_text": "",
        "status": "no target",
        "basis": "",
    }


def _batches(store: Reader, scope: Scope, query: KpiQuery) -> pd.DataFrame:
    """One row per batch with its file, its rows and its exact sums."""
    sql, parameters = _contributed(store, scope, query)
    found = store.select(
        scope,
        f"""{sql} SELECT batch_id, source, {_BATCH}, count(*) AS rows, sum(coalesce(file_rows, 1))::BIGINT AS file_rows,
            coalesce(sum(numerator), 0)::VARCHAR AS numerator, coalesce(sum(denominator), 0)::VARCHAR AS denominator
        FROM contributed LEFT JOIN (SELECT batch_id, {_BATCH} FROM batches) USING (batch_id)
        GROUP BY ALL ORDER BY source, batch_id""",
        parameters,
    )
    return found.assign(numerator=found["numerator"].map(Decimal), denominator=found["denominator"].map(Decimal))


def _contributed(store: Reader, scope: Scope, query: KpiQuery) -> tuple[str, dict[str, object]]:
    """WITH clause up to `contributed`: the accepted rows that count, and what each adds to numerator and denominator."""
    where, parameters = where_sql(query.filters)
    kpi = find_kpi(query.kpis[0])
    cut = cut_of(reach_of(store, scope), (kpi,))
    window = f"OVER (PARTITION BY {', '.join(('vendor', *query.cell_dimensions))}, rank, cell)"
    anchor = f"CASE WHEN rank = {Grain.WEEK.rank} THEN cell + {THURSDAY_OFFSET} ELSE cell END"
    first_row, last_row = rows_needed(query)
    converting = converts(query, kpi)
    bucket = "$last" if query.window_months else start_sql(query.grain, anchor, query.fiscal_start)
    sql = f"""WITH counted AS (
  SELECT *, {cell_sql()} AS cell, {_has_both_sides(kpi)} AS whole
  FROM (SELECT *, {anchor_sql("period_start")} AS anchor, date_trunc('month', anchor)::DATE AS month
        FROM {DATED_ROWS if converting else "performance"} WHERE period_start BETWEEN $first_row AND $last_row{where}) AS present
  JOIN (SELECT vendor, month, rank_0 AS rank FROM ({grains_sql((kpi,))})) AS ranks USING (vendor, month)
), judged AS (
  SELECT *, bool_or(whole) {window} AS paired, {_cell_has_both_sides(kpi, window)} AS measured, {bucket} AS bucket
  FROM counted WHERE {fitted_rank_sql(query)} <= {query.grain.rank} AND {cut.sql(f"'{kpi.id}'")} QUALIFY {anchor} BETWEEN $first AND $last
), contributed AS (
  SELECT accepted.{", accepted.".join((*PERFORMANCE_KEY, "batch_id", "line", "file_rows", *_qualifiers(kpi)))},
    accepted.{", accepted.".join(_measures(kpi))},
    {_adds(kpi.numerator_terms, converting)} AS numerator, {_adds(kpi.denominator_terms, converting)} AS denominator
  FROM ({_mixing(kpi) if converting else "FROM judged"}) AS counted
  JOIN ({counting_rows_sql(_measures(kpi))}) AS accepted ON {same_key_sql("counted", "accepted")}
  WHERE CASE WHEN counted.paired THEN counted.whole ELSE counted.measured END
    AND coalesce({", ".join(f"accepted.{name}::DECIMAL(38,6)" for name in _measures(kpi))}) IS NOT NULL
)"""
    if converting:
        parameters |= {"reporting_currency": query.reporting_currency}
    return sql, parameters | cut.parameters | {
        "first": days_counted(query)[0],
        "last": query.end,
        "first_row": first_row,
        "last_row": last_row,
    }


def _mixing(kpi: Kpi) -> str:
    """The judged rows, and what their money is multiplied by: 1, or its rate where the period's total would mix currencies."""
    has_money = " OR ".join(f"{measure} IS NOT NULL" for measure in money_of(kpi))
    counts = f"(paired OR measured) AND ({has_money}) AND currency IS NOT NULL"
    currency = f"CASE WHEN {counts} THEN currency END"
    mixed = f"min({currency}) OVER same <> max({currency}) OVER same"
    all_have_rates = f"bool_and(exchange IS NOT NULL OR NOT ({counts})) OVER same"
    return f"""SELECT *, CASE WHEN {mixed} AND {all_have_rates} THEN exchange ELSE 1 END AS worth
    FROM judged WINDOW same AS (PARTITION BY bucket)"""


def _measures(kpi: Kpi) -> tuple[str, ...]:
    """Every column the KPI can be read from: its measures and their parts."""
    return tuple(dict.fromkeys(name for measure in kpi.measures for name in (measure, *MEASURES[measure].parts)))


def _qualifiers(kpi: Kpi) -> tuple[str, ...]:
    """Threshold and currency, where the KPI depends on them."""
    return tuple(column for column, measures in qualifiers().items() if set(measures) & set(kpi.measures))


def _has_both_sides(kpi: Kpi) -> str:
    """Whether a row carries numerator and denominator; of a total no row does, each adds what it has."""
    sides = (row_sum(kpi.numerator_terms), row_sum(kpi.denominator_terms)) if kpi.denominator else ()
    return " AND ".join(f"{side} IS NOT NULL" for side in sides) or "false"


def _cell_has_both_sides(kpi: Kpi, window: str) -> str:
    """Whether the rows of a cell together have every measure."""
    return " AND ".join(f"count({row_value(measure)}) {window} > 0" for measure in kpi.measures)


def _adds(signed: tuple[Term, ...], converting: bool) -> str:
    """What an accepted row adds: its own share of what the row that counts has, converted where the total is."""
    worth = {term.measure: " * counted.worth" if converting and MEASURES[term.measure].is_money else "" for term in signed}
    parts = (f"{'-' if term.sign < 0 else '+'} ({_share(term.measure)}{worth[term.measure]})::DECIMAL(38,6)" for term in signed)
    return f"(0 {' '.join(parts)})::DECIMAL(38,6)"


def _share(measure: str) -> str:
    """A measure of an accepted row; its parts where the row that counts has only those."""
    parts = MEASURES[measure].parts
    own = f"WHEN counted.{measure} IS NOT NULL THEN coalesce(accepted.{measure}, 0)"
    if not parts:
        return f"CASE {own} ELSE 0 END"
    whole, added = (" + ".join(form.format(part) for part in parts) for form in ("counted.{}", "coalesce(accepted.{}, 0)"))
    return f"CASE {own} WHEN {whole} IS NOT NULL THEN {added} ELSE 0 END"


def _results(store: Reader, scope: Scope, query: KpiQuery) -> pd.DataFrame:
    """The scorecard rows of a reported number, oldest first."""
    rows = reported_rows(store, scope, query)
    return rows[["period_start", "grain", *PLACE, "source", "batch_id", "line", "kpi", "actual", "unit", "target", "comparator"]]


def _batches_of_results(store: Reader, scope: Scope, rows: pd.DataFrame) -> pd.DataFrame:
    """The batches of scorecard rows; they add nothing up."""
    counts = rows.groupby("batch_id", sort=True, as_index=False).agg(rows=("batch_id", "size"))
    known = store.select(scope, f"SELECT batch_id, source, {_BATCH} FROM batches")
    found = counts.merge(known, on="batch_id", how="left")
    return found.assign(file_rows=found["rows"], numerator=Decimal(0), denominator=Decimal(0))
