"""The one generated SELECT: KPIs x grain x dimensions x filters x scope -> the KPI frame.

How a number is made. Rows are first added up into cells (vendor x reported period x the dimensions filtered or shown).
A cell counts for a KPI only when it has both numerator and denominator: where some rows of a cell carry both, only
those rows count; where none does (cost by month from the invoice, contacts by day from the switch), the cell's sums
are put together at the coarsest period either is reported in. Then numerators and denominators are added up over the
cells and divided once. Identifiers come from the catalogue; every value is bound.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd

from analytics.asking import KpiQuery, Reader
from analytics.catalogue import MEASURES, Kpi
from analytics.catalogue.kpis import Term
from analytics.coverage import with_coverage
from analytics.filters import where_sql
from analytics.periods import MONTHS_PER_QUARTER, THURSDAY_OFFSET, Grain, Period, anchor_sql, start_sql
from analytics.reported import with_reported
from analytics.warehouse.scope import Scope

# What a measure means depends on these columns of its row, and only of a row that has the measure.
QUALIFIERS = {"threshold_seconds": ("answered_within_threshold", "abandoned_within_threshold"), "currency": ("cost",)}
CELL_GRAINS = (Grain.DAY, Grain.WEEK, Grain.MONTH, Grain.QUARTER)


def kpi_frame(store: Reader, scope: Scope, query: KpiQuery) -> pd.DataFrame:
    """The KPI frame: one row per period x shown dimensions x KPI, dense over the range, sorted.

    Columns: period, period_end, <by>, kpi, numerator, denominator, value (base units, NaN = not measured), coverage,
    source_kind, remark, currency, complete. Ratios are sum(numerator) / sum(denominator) x scale, never averages.
    """
    sql, parameters = kpi_sql(query)
    counted = store.select(scope, sql, parameters)
    frame = with_coverage(store, scope, query, counted)
    return with_reported(store, scope, query, frame)


def kpi_sql(query: KpiQuery) -> tuple[str, dict[str, object]]:
    """The generated statement and its bound values."""
    where, parameters = where_sql(query.filters)
    arms = [_arm(index, kpi, query) for index, kpi in enumerate(query.definitions)]
    sql = f"""WITH cells AS MATERIALIZED (
{_cells(query, where)}
), grains AS (
{_grains(query.definitions)}
), keyed AS MATERIALIZED (
  SELECT cells.*, grains.* EXCLUDE (vendor, month) FROM cells JOIN grains ON grains.vendor = cells.vendor AND grains.month = cells.month
)
{" UNION ALL ".join(arms)}"""
    first_row, last_row = _rows_needed(query)
    return sql, parameters | {"first": query.start, "last": query.end, "first_row": first_row, "last_row": last_row}


def _rows_needed(query: KpiQuery) -> tuple[date, date]:
    """First and last start of a row in a cell that starts in the range (weeks by their Thursday): no cell is ever cut in two.

    Otherwise half a month of contacts would be set against the cost of the whole one.
    """
    quarter_end = Period.of(Grain.QUARTER, query.end, query.fiscal_start).end
    offset = timedelta(days=THURSDAY_OFFSET)
    return query.start - offset, max(quarter_end, query.end + offset)


def _cells(query: KpiQuery, where: str) -> str:
    """Rows added up to cells, with each KPI's own paired sums beside the plain sums of its measures."""
    measures = dict.fromkeys(measure for kpi in query.definitions for measure in kpi.measures)
    sums = [f"sum({_row_value(measure)}) AS {measure}" for measure in measures]
    paired = [part for index, kpi in enumerate(query.definitions) for part in _paired_sums(index, kpi)]
    columns = ", ".join(("vendor", *query.cell_dimensions))
    return f"""  SELECT {columns}, grain, period_start, {anchor_sql("period_start")} AS anchor, date_trunc('month', anchor)::DATE AS month,
    {", ".join((*sums, *paired, *_qualifier_extremes()))}
  FROM performance WHERE period_start BETWEEN $first_row AND $last_row{where} GROUP BY ALL"""


def _qualifier_extremes() -> list[str]:
    """Least and most threshold and currency of the rows that have a measure they qualify."""
    filters = {column: " OR ".join(f"{measure} IS NOT NULL" for measure in measures) for column, measures in QUALIFIERS.items()}
    return [
        f"{function}({column}) FILTER (WHERE {present}) AS {name}_{column}"
        for column, present in filters.items()
        for function, name in (("min", "least"), ("max", "most"))
    ]


def _row_value(measure: str) -> str:
    """A measure of one row; where the row reports only its parts, their sum."""
    parts = MEASURES[measure].parts
    return f"coalesce({measure}, {' + '.join(parts)})" if parts else measure


def _expression(signed: Sequence[Term], row: bool) -> str:
    """The signed sum of measures: of one row, or of columns already added up."""
    text = " ".join(f"{'-' if term.sign < 0 else '+'} {_row_value(term.measure) if row else term.measure}" for term in signed)
    return text.removeprefix("+ ")


def _paired_sums(index: int, kpi: Kpi) -> list[str]:
    """Sums over the rows that carry both sides; a total needs no pairing."""
    if not kpi.denominator:
        return []
    above, below = _expression(kpi.numerator_terms, row=True), _expression(kpi.denominator_terms, row=True)
    both = f"FILTER (WHERE ({above}) IS NOT NULL AND ({below}) IS NOT NULL)"
    return [f"sum({above}) {both} AS paired_above_{index}", f"sum({below}) {both} AS paired_below_{index}"]


def _grains(kpis: Sequence[Kpi]) -> str:
    """Per vendor and month: the coarsest grain a KPI's measures are reported in, and whether any was weighted."""
    ranks = " ".join(f"WHEN '{grain}' THEN {grain.rank}" for grain in CELL_GRAINS)
    columns = []
    for index, kpi in enumerate(kpis):
        listed = ", ".join(f"'{name}'" for measure in kpi.measures for name in (measure, *MEASURES[measure].parts))
        columns.append(f"max(CASE grain {ranks} END) FILTER (WHERE measure IN ({listed})) AS rank_{index}")
        columns.append(f"bool_or(kind = 'weighted') FILTER (WHERE measure IN ({listed})) AS weighted_{index}")
    return f"  SELECT vendor, month, {', '.join(columns)} FROM reporting GROUP BY ALL"


def _arm(index: int, kpi: Kpi, query: KpiQuery) -> str:
    """One KPI: cells at the coarsest grain -> vendor months -> the period and dimensions asked for."""
    shown = "".join(f", {dimension}" for dimension in query.by)
    cell = " ".join(f"WHEN {grain.rank} THEN {start_sql(grain, 'anchor', query.fiscal_start)}" for grain in CELL_GRAINS[1:])
    cell_sql = f"CASE rank_{index} {cell} ELSE period_start END"
    cell_anchor = f"CASE WHEN rank = {Grain.WEEK.rank} THEN cell + {THURSDAY_OFFSET} ELSE cell END"
    bucket = start_sql(query.grain, cell_anchor, query.fiscal_start)
    keys = "".join(f", {dimension}" for dimension in query.cell_dimensions)
    above, below = _sides(index, kpi)
    fits = f"rank <= {query.grain.rank}"
    return f"""SELECT bucket AS period{shown}, '{kpi.id}' AS kpi,
  sum(above) FILTER ({fits})::DOUBLE AS numerator, sum(below) FILTER ({fits})::DOUBLE AS denominator,
  count(DISTINCT vendor) FILTER ({fits}) AS vendors, {_vendor_months(fits)} AS vendor_months,
  count(DISTINCT (vendor, cell)) FILTER ({fits} AND rank = {Grain.DAY.rank}) AS vendor_days,
  count(DISTINCT (vendor, month)) FILTER ({fits} AND rank = {Grain.DAY.rank}) AS daily_vendor_months,
  max(rank) AS coarsest, bool_or(weighted) AS weighted,
  min(least_threshold_seconds)::DOUBLE AS least_threshold, max(most_threshold_seconds)::DOUBLE AS most_threshold,
  min(least_currency) AS least_currency, max(most_currency) AS most_currency
FROM (
  SELECT {bucket} AS bucket, date_trunc('month', {cell_anchor})::DATE AS month, *
  FROM (
    SELECT vendor{keys}, {cell_sql} AS cell, rank_{index} AS rank, bool_or(weighted_{index}) AS weighted,
      {above} AS above, {below} AS below, {_extremes(kpi)}
    FROM keyed WHERE {_any_present(kpi)} GROUP BY ALL
  ) WHERE above IS NOT NULL AND below IS NOT NULL AND {cell_anchor} BETWEEN $first AND $last
) GROUP BY ALL"""


def _vendor_months(fits: str) -> str:
    """Months counted once per vendor; a quarter's cell stands for its three months."""
    quarter = Grain.QUARTER.rank
    return (
        f"count(DISTINCT (vendor, month)) FILTER ({fits} AND rank < {quarter})"
        f" + {MONTHS_PER_QUARTER} * count(DISTINCT (vendor, cell)) FILTER ({fits} AND rank = {quarter})"
    )


def _sides(index: int, kpi: Kpi) -> tuple[str, str]:
    """Numerator and denominator of a cell: its paired rows, else the sums put together. A total divides by 1."""
    above = " ".join(f"{'-' if term.sign < 0 else '+'} sum({term.measure})" for term in kpi.numerator_terms).removeprefix("+ ")
    if not kpi.denominator:
        return above, "1"
    below = " ".join(f"{'-' if term.sign < 0 else '+'} sum({term.measure})" for term in kpi.denominator_terms).removeprefix("+ ")
    return f"coalesce(sum(paired_above_{index}), {above})", f"coalesce(sum(paired_below_{index}), {below})"


def _extremes(kpi: Kpi) -> str:
    """Least and most threshold and currency, only where the KPI depends on them."""
    columns = {column: bool(set(measures) & set(kpi.measures)) for column, measures in QUALIFIERS.items()}
    return ", ".join(
        f"{function}({name + '_' + column if qualifies else 'NULL'}) AS {name}_{column}"
        for column, qualifies in columns.items()
        for function, name in (("min", "least"), ("max", "most"))
    )


def _any_present(kpi: Kpi) -> str:
    return "(" + " OR ".join(f"{measure} IS NOT NULL" for measure in kpi.measures) + ")"
