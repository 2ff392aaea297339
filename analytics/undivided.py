"""Why a view by site, line of business or channel has no number: the vendor reports it without them.

A row without a dimension never matches a filter on it, and its counts are not shared out. The view then says that the
number is reported per vendor, instead of leaving a reader to think that nothing was reported.
"""

import pandas as pd

from analytics.asking import KpiQuery, Reader
from analytics.catalogue import DIMENSIONS, MEASURES
from analytics.filters import Filters, where_sql
from analytics.periods import anchor_sql, start_sql
from analytics.warehouse.scope import Scope


def with_undivided(store: Reader, scope: Scope, query: KpiQuery, frame: pd.DataFrame) -> pd.DataFrame:
    """The KPI frame in which rows that are not measured for this reason say 'reported per vendor, not by site'."""
    silent = frame["value"].isna() & frame["remark"].isna()
    if not query.cell_dimensions or not silent.any():
        return frame
    undivided = _undivided(store, scope, query)
    keys = ["period", *(name for name in query.by if name == "vendor")]
    words = f"reported per vendor, not by {' and '.join(DIMENSIONS[name].label.lower() for name in query.cell_dimensions)}"
    found = [
        silent_row and any((*key, measure) in undivided for measure in measures)
        for silent_row, measures, key in zip(
            silent, frame["kpi"].map(_columns(query)), frame[keys].itertuples(index=False, name=None), strict=True
        )
    ]
    return frame.assign(remark=frame["remark"].where(~pd.Series(found, index=frame.index), words))


def _columns(query: KpiQuery) -> dict[str, tuple[str, ...]]:
    """KPI -> its measures."""
    return {kpi.id: kpi.measures for kpi in query.definitions}


def _undivided(store: Reader, scope: Scope, query: KpiQuery) -> set[tuple]:
    """(period, vendor where it is shown, measure) of the measures that are reported then, but never with all dimensions asked for."""
    measures = tuple(dict.fromkeys(measure for kpi in query.definitions for measure in kpi.measures))
    present = {measure: " OR ".join(f"{name} IS NOT NULL" for name in (measure, *_one_part(measure))) for measure in measures}
    divided = " AND ".join(f"{name} IS NOT NULL" for name in query.cell_dimensions)
    only = ", ".join(f"bool_or({there}) AND NOT bool_or(({there}) AND {divided}) AS {measure}" for measure, there in present.items())
    vendor = ", vendor" if "vendor" in query.by else ""
    where, parameters = where_sql(Filters(vendor=query.filters.vendor))
    rows = store.select(
        scope,
        f"""SELECT {start_sql(query.grain, anchor_sql("period_start"), query.fiscal_start)} AS period{vendor}, {only}
        FROM performance WHERE period_start BETWEEN $first AND $last{where} GROUP BY ALL""",
        parameters | {"first": query.start, "last": query.end},
    )
    long = rows.melt(["period", *(["vendor"] if vendor else [])], var_name="measure")
    return set(long[long["value"].astype(bool)].drop(columns="value").itertuples(index=False, name=None))


def _one_part(measure: str) -> tuple[str, ...]:
    """A part of a measure stands for all of them: a row that has one is a row that speaks of the measure."""
    return MEASURES[measure].parts[:1]
