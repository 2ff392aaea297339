"""The one generated SELECT: KPIs x grain x dimensions x filters x scope -> the KPI frame.

How a number is made. Rows are first added up into cells (vendor x reported period x the dimensions filtered or shown).
A cell counts for a KPI only when it has both numerator and denominator: where some rows of a cell carry both, only
those rows count; where none does (cost by month from the invoice, contacts by day from the switch), the cell's sums
are put together at the coarsest period either is reported in. Then numerators and denominators are added up over the
cells and divided once. A KPI with money has a second arm with its rows converted (`analytics.exchange`), used where
currencies would be mixed. Identifiers come from the catalogue; every value is bound.

A KPI with a window shows, for every period, the sums of the cells that start in the months that end with it. Cells, pairing
and division are the same; only the days that belong to a period are more.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import pandas as pd

from analytics.asking import KpiQuery, Reader
from analytics.catalogue import MEASURES, Catalogue, Kpi, current
from analytics.catalogue.kpi import Term
from analytics.coverage import GRAINS_OF_DAYS, with_coverage
from analytics.exchange import CONVERTED, DATED_ROWS, converted_sql, converts, currencies_sql, missing_rate_sql, with_one_currency
from analytics.filters import where_sql
from analytics.periods import CUT, DAYS_PER_WEEK, MONTHS_PER_QUARTER, THURSDAY_OFFSET, Grain, Period, anchor_sql, spans_sql, start_sql
from analytics.reach import NOTHING_CUT, Cut, cut_of, reach_of
from analytics.reported import with_reported
from analytics.undivided import with_undivided
from analytics.warehouse.scope import Scope

WITHIN_THRESHOLD = ("answered_within_threshold", "abandoned_within_threshold")
CELL_GRAINS = (Grain.DAY, Grain.WEEK, Grain.MONTH, Grain.QUARTER)
SIDES = ("above", "below")
EXTREMES = {"least": "min", "most": "max"}


def kpi_frame(store: Reader, scope: Scope, query: KpiQuery) -> pd.DataFrame:
    """The KPI frame: one row per period x shown dimensions x KPI, dense over the range, sorted.

    Columns: period, period_end, <by>, kpi, numerator, denominator, value (base units, NaN = not measured), coverage,
    source_kind, remark, currency, complete. Ratios are sum(numerator) / sum(denominator) x scale, never averages.
    """
    cut = cut_of(reach_of(store, scope), query.definitions)
    counted = [with_one_currency(store.select(scope, *kpi_sql(part, cut)), part) for part in query.by_window]
    found = [part for part in counted if len(part)] or counted[:1]
    frame = with_coverage(store, scope, query, pd.concat(found, ignore_index=True) if len(found) > 1 else found[0])
    return with_undivided(store, scope, query, with_reported(store, scope, query, frame))


def kpi_sql(query: KpiQuery, cut: Cut = NOTHING_CUT) -> tuple[str, dict[str, object]]:
    """The generated statement and its bound values, for KPIs of one window; without the cells that lie beyond a `cut`."""
    where, parameters = where_sql(query.filters)
    arms = "\n  UNION ALL ".join(_arm(arm, query) for arm in _arms(query))
    sql = f"""WITH cells AS MATERIALIZED (
{_cells(query, where)}
), grains AS (
{grains_sql(query.definitions)}
), keyed AS MATERIALIZED (
  SELECT cells.*, grains.* EXCLUDE (vendor, month) FROM cells JOIN grains ON grains.vendor = cells.vendor AND grains.month = cells.month
), long ({_long_columns(query)}) AS (
  {arms}
)
{_periods_of(query, cut)}"""
    first_row, last_row = rows_needed(query)
    if any(arm.converted for arm in _arms(query)):
        parameters |= {"reporting_currency": query.reporting_currency}
    return sql, parameters | cut.parameters | {"first": query.start, "last": query.end, "first_row": first_row, "last_row": last_row}


@dataclass(frozen=True, slots=True)
class _Arm:
    """One KPI of the statement; `place` is its number in the query. `converted`: with its money in the reporting currency."""

    place: int
    kpi: Kpi
    converted: bool = False

    @property
    def name(self) -> str:
        """What its own columns end with."""
        return f"{self.place}{'_converted' if self.converted else ''}"

    def column(self, measure: str) -> str:
        """The column of a cell that holds a measure."""
        return f"converted_{measure}" if self.converted and MEASURES[measure].is_money else measure

    def row_value(self, measure: str) -> str:
        """A measure of one row."""
        return converted_sql(measure) if self.converted and MEASURES[measure].is_money else row_value(measure)


def _arms(query: KpiQuery) -> list[_Arm]:
    """Every KPI asked for, and again with converted money where it may be needed."""
    plain = [_Arm(place, kpi) for place, kpi in enumerate(query.definitions)]
    return [*plain, *(_Arm(arm.place, arm.kpi, converted=True) for arm in plain if converts(query, arm.kpi))]


def rows_needed(query: KpiQuery) -> tuple[date, date]:
    """First and last start of a row in a cell that starts in the range (weeks by their Thursday): no cell is ever cut in two.

    Otherwise half a month of contacts would be set against the cost of the whole one.
    """
    quarter_end = Period.of(Grain.QUARTER, query.end).end
    offset = timedelta(days=THURSDAY_OFFSET)
    return days_counted(query)[0] - offset, max(quarter_end, query.end + offset)


def days_counted(query: KpiQuery) -> tuple[date, date]:
    """First and last day a cell that counts may start on: the days asked for, and those of the first period's window before them."""
    first, _ = Period.of(query.grain, query.start, query.fiscal_start).window(query.window_months)
    return first if query.window_months else query.start, query.end


def cell_sql() -> str:
    """The first day of the cell a row belongs to, by the `rank` of its KPI; rows that report quarters report calendar quarters."""
    cases = " ".join(f"WHEN {grain.rank} THEN {start_sql(grain, 'anchor')}" for grain in CELL_GRAINS[1:])
    return f"CASE rank {cases} ELSE period_start END"


def fitted_rank_sql(query: KpiQuery) -> str:
    """The rank of a `cell`, CUT where a fiscal year that begins inside a calendar quarter puts its months into two periods."""
    if query.fiscal_start % MONTHS_PER_QUARTER == 1:
        return "rank"
    first, last = (start_sql(query.grain, day, query.fiscal_start) for day in ("cell", "(cell + INTERVAL 2 MONTH)::DATE"))
    return f"CASE WHEN rank = {Grain.QUARTER.rank} AND {first} <> {last} THEN {CUT} ELSE rank END"


def qualifiers() -> dict[str, tuple[str, ...]]:
    """Columns of a row that its measures depend on -> those measures; they mean nothing for a row without one of them."""
    return {"threshold_seconds": WITHIN_THRESHOLD, "currency": _money(current())}


@lru_cache(maxsize=8)
def _money(catalogue: Catalogue) -> tuple[str, ...]:
    """The measures that are money; a statement asks a hundred times."""
    return tuple(name for name, measure in catalogue.measures.items() if measure.is_money)


def _cells(query: KpiQuery, where: str) -> str:
    """Rows added up to cells, with each KPI's own paired sums beside the plain sums of its measures."""
    arms = _arms(query)
    values = {arm.column(measure): arm.row_value(measure) for arm in arms for measure in arm.kpi.measures}
    sums = [f"{_exact(f'sum({value})')} AS {column}" for column, value in values.items()]
    own = [part for arm in arms for part in (*_paired_sums(arm), *_own_qualifiers(arm))]
    columns = ", ".join(("vendor", *query.cell_dimensions))
    rows = DATED_ROWS if any(arm.converted for arm in arms) else "performance"
    return f"""  SELECT {columns}, grain, period_start, {anchor_sql("period_start")} AS anchor, date_trunc('month', anchor)::DATE AS month,
    {", ".join((*sums, *own))}
  FROM {rows} WHERE period_start BETWEEN $first_row AND $last_row{where} GROUP BY ALL"""


def _qualifying(kpi: Kpi) -> dict[str, str]:
    """Threshold and currency, where the KPI depends on them -> the condition that a row has a measure they qualify."""
    needed = {column: [measure for measure in kpi.measures if measure in measures] for column, measures in qualifiers().items()}
    return {column: " OR ".join(f"{measure} IS NOT NULL" for measure in measures) for column, measures in needed.items() if measures}


def _own_qualifiers(arm: _Arm) -> list[str]:
    """Least and most threshold and currency of the rows that count; of a converted arm which currencies, and the first without a rate."""
    if arm.converted:
        return [f"{missing_rate_sql(arm.kpi)} AS missing_rate_{arm.place}", f"{currencies_sql(arm.kpi)} AS currencies_{arm.place}"]
    return [
        f"{function}({column}) FILTER (WHERE {present}) AS {name}_{column}_{arm.place}"
        for column, present in _qualifying(arm.kpi).items()
        for name, function in EXTREMES.items()
    ]


def row_value(measure: str) -> str:
    """A measure of one row; where the row reports only its parts, their sum."""
    parts = MEASURES[measure].parts
    return f"coalesce({measure}, {' + '.join(parts)})" if parts else measure


def row_sum(signed: Sequence[Term], value: Callable[[str], str] = row_value) -> str:
    """The signed sum of a row's measures; NULL as soon as one is."""
    text = " ".join(f"{'-' if term.sign < 0 else '+'} {value(term.measure)}" for term in signed).removeprefix("+ ")
    return f"({text})" if len(signed) > 1 else text


def _paired_sums(arm: _Arm) -> list[str]:
    """Sums over the rows that carry both sides; a total needs no pairing."""
    if not arm.kpi.denominator:
        return []
    above, below = (row_sum(signed, arm.row_value) for signed in (arm.kpi.numerator_terms, arm.kpi.denominator_terms))
    pairs = (("above", above, below), ("below", below, above))
    return [f"{_exact(f'sum({own}) FILTER (WHERE {other} IS NOT NULL)')} AS paired_{side}_{arm.name}" for side, own, other in pairs]


def grains_sql(kpis: Sequence[Kpi]) -> str:
    """Per vendor and month: the coarsest grain a KPI's measures are reported in, and whether any was weighted."""
    ranks = " ".join(f"WHEN '{grain}' THEN {grain.rank}" for grain in CELL_GRAINS)
    columns = []
    for index, kpi in enumerate(kpis):
        listed = ", ".join(f"'{name}'" for measure in kpi.measures for name in (measure, *MEASURES[measure].parts))
        columns.append(f"max(CASE grain {ranks} END) FILTER (WHERE measure IN ({listed})) AS rank_{index}")
        columns.append(f"bool_or(kind = 'weighted') FILTER (WHERE measure IN ({listed})) AS weighted_{index}")
    return f"  SELECT vendor, month, {', '.join(columns)} FROM reporting GROUP BY ALL"


def _long_columns(query: KpiQuery) -> str:
    """The columns of every arm: key, signed terms, paired sums, what qualifies them."""
    terms = [f"{side}_{place}" for side in SIDES for place in range(_most_terms(query))]
    paired = [f"paired_{side}" for side in SIDES]
    return ", ".join(
        ("kpi", "vendor", *query.cell_dimensions, "anchor", "period_start", "is_day", "rank", "weighted", *terms, *paired, *_merges(query))
    )


def _arm(arm: _Arm, query: KpiQuery) -> str:
    """One KPI's cells, in the columns above. Short on purpose: reading a long statement costs more than running it."""
    kpi = arm.kpi
    sides = (kpi.numerator_terms, kpi.denominator_terms)
    terms = [_term(signed, place, arm) for signed in sides for place in range(_most_terms(query))]
    paired = [f"paired_{side}_{arm.name}" if kpi.denominator else "NULL" for side in SIDES]
    is_day = f"grain = '{Grain.DAY}'"
    keys = ("vendor", *query.cell_dimensions, "anchor", "period_start", is_day, f"rank_{arm.place}", f"weighted_{arm.place}")
    qualified = [f"{column}_{arm.place}" if column in _own_merges(arm) else "NULL" for column in _merges(query)]
    name = f"{kpi.id}{CONVERTED if arm.converted else ''}"
    return f"SELECT '{name}', {', '.join((*keys, *terms, *paired, *qualified))} FROM keyed WHERE {_any_present(kpi)}"


def _most_terms(query: KpiQuery) -> int:
    """The most measures any side of the KPIs asked for adds up."""
    return max(len(signed) for kpi in query.definitions for signed in (kpi.numerator_terms, kpi.denominator_terms))


def _term(signed: Sequence[Term], place: int, arm: _Arm) -> str:
    """The signed measure at a place; a side with fewer terms adds 0 there, a total has 1 below the line."""
    if place < len(signed):
        return f"{'-' if signed[place].sign < 0 else ''}{arm.column(signed[place].measure)}"
    return "1" if not signed and place == 0 else "0"


def _exact(expression: str) -> str:
    """One exact type for every KPI's sums, so that putting them in one column never makes them floating point."""
    return f"({expression})::DECIMAL(38,6)"


def _periods_of(query: KpiQuery, cut: Cut) -> str:
    """Cells at the coarsest grain of their KPI -> vendor months -> the period and dimensions asked for."""
    shown = "".join(f", {dimension}" for dimension in query.by)
    keys = ", ".join(("kpi", "vendor", *query.cell_dimensions))
    cell_anchor = f"CASE WHEN rank = {Grain.WEEK.rank} THEN cell + {THURSDAY_OFFSET} ELSE cell END"
    above, below = (" + ".join(f"sum({side}_{place})" for place in range(_most_terms(query))) for side in SIDES)
    months = "".join(f", {dimension}" for dimension in query.by if dimension != "vendor")
    merged = ", ".join(f"{merge} AS {column}" for column, merge in _merges(query).items())
    fits, quarter = f"rank <= {query.grain.rank}", Grain.QUARTER.rank
    bucket, first, last, spans = start_sql(query.grain, cell_anchor, query.fiscal_start), "$first", "$last", ""
    if query.window_months:
        bucket, first, last = "bucket", "opens", "closes"
        spans = f", ({spans_sql(query.grain, query.window_months, query.fiscal_start)})"
    return f"""SELECT bucket AS period{shown}, kpi,
  sum(above) FILTER ({fits})::DOUBLE AS numerator, sum(below) FILTER ({fits})::DOUBLE AS denominator,
  count(DISTINCT vendor) FILTER ({fits}) AS vendors,
  count(DISTINCT (vendor, month)) FILTER ({fits} AND rank < {quarter})
    + {MONTHS_PER_QUARTER} * coalesce(sum(cells) FILTER ({fits} AND rank = {quarter}), 0)::BIGINT AS vendor_months,
  coalesce(sum(days) FILTER ({fits}), 0)::BIGINT AS vendor_days,
  count(DISTINCT (vendor, month)) FILTER ({fits} AND days > 0 AND rank < {quarter})
    + {MONTHS_PER_QUARTER} * coalesce(sum(cells) FILTER ({fits} AND days > 0 AND rank = {quarter}), 0)::BIGINT AS daily_vendor_months,
  max(rank) AS coarsest, bool_or(weighted) AS weighted, {_months_measured(query, fits)}, {merged}
FROM (
  SELECT {bucket} AS bucket, date_trunc('month', {cell_anchor})::DATE AS month,
    kpi, vendor{months}, {fitted_rank_sql(query)} AS rank, bool_or(weighted) AS weighted, sum(above) AS above, sum(below) AS below,
    count(DISTINCT cell) AS cells, coalesce(bit_count(bit_or(days)), 0) AS days, {merged}
  FROM (
    SELECT {keys}, {cell_sql()} AS cell, rank, {_day_bits(query)} AS days, bool_or(weighted) AS weighted,
      coalesce(sum(paired_above), {above}) AS above, coalesce(sum(paired_below), {below}) AS below, {merged}
    FROM long GROUP BY ALL
  ){spans} WHERE above IS NOT NULL AND below IS NOT NULL AND {cell_anchor} BETWEEN {first} AND {last}
    AND {cut.sql(f"replace(kpi, '{CONVERTED}', '')")}
  GROUP BY ALL
) GROUP BY ALL"""


def _months_measured(query: KpiQuery, fits: str) -> str:
    """How many different months of its window a row has numbers of; nobody asks that of a period itself."""
    if not query.window_months:
        return "NULL::BIGINT AS months_measured"
    months, quarter = f"count(DISTINCT month) FILTER ({fits} AND rank", Grain.QUARTER.rank
    return f"greatest({months} < {quarter}), {MONTHS_PER_QUARTER} * {months} = {quarter})) AS months_measured"


def _day_bits(query: KpiQuery) -> str:
    """The days a cell has rows of, each a bit of its quarter, so that those of several rows count once; 0 where nobody asks."""
    if query.grain not in GRAINS_OF_DAYS or query.window_months:
        return "0"
    bit = f"1::HUGEINT << (period_start - (date_trunc('quarter', anchor)::DATE - {DAYS_PER_WEEK}))::INT"
    return f"bit_or({bit}) FILTER (WHERE is_day)"


def _merges(query: KpiQuery) -> dict[str, str]:
    """Columns that qualify a cell -> how those of several cells become one."""
    extremes = {f"{name}_{column}": f"{function}({name}_{column})" for column in qualifiers() for name, function in EXTREMES.items()}
    if not any(arm.converted for arm in _arms(query)):
        return extremes
    all_currencies = "list_distinct(flatten(list(currencies) FILTER (WHERE currencies IS NOT NULL)))"
    return extremes | {"missing_rate": "min(missing_rate)", "currencies": all_currencies}


def _own_merges(arm: _Arm) -> tuple[str, ...]:
    """Which of those columns an arm has."""
    if arm.converted:
        return ("missing_rate", "currencies")
    return tuple(f"{name}_{column}" for column in _qualifying(arm.kpi) for name in EXTREMES)


def _any_present(kpi: Kpi) -> str:
    return "(" + " OR ".join(f"{measure} IS NOT NULL" for measure in kpi.measures) + ")"
