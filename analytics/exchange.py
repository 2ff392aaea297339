"""Totals over several currencies: every row converted by the rate of its own day, or no total at all.

A total in one currency keeps it. Only where rows in several currencies would be added up, each row's money is multiplied
by the rate into the reporting currency that is valid on the first day of the row's period, and rounded to the six
decimals money is kept with (half away from zero). A rate that is missing refuses the total and is named.
"""

import pandas as pd

from analytics.asking import KpiQuery, row_key
from analytics.catalogue import MEASURES, Kpi

# What the query calls a KPI whose money is converted; no KPI's own id has this sign.
CONVERTED = "@"
# The `exchange` of a row is what one unit of its currency is worth in $reporting_currency, NULL when nobody said.
DATED_ROWS = """(
    SELECT performance.*, CASE WHEN currency = $reporting_currency THEN 1 ELSE rate END AS exchange
    FROM performance ASOF LEFT JOIN (
      SELECT currency AS foreign_currency, valid_from, rate FROM rates WHERE reporting_currency = $reporting_currency) AS dated
    ON performance.currency = dated.foreign_currency AND performance.period_start >= dated.valid_from)"""


def money_of(kpi: Kpi) -> tuple[str, ...]:
    """The measures of a KPI that are money."""
    return tuple(measure for measure in kpi.measures if MEASURES[measure].is_money)


def converts(query: KpiQuery, kpi: Kpi) -> bool:
    """Whether a total of this KPI may be converted: there is money in it and a currency to report in."""
    return bool(query.reporting_currency and money_of(kpi))


def converted_sql(measure: str) -> str:
    """A measure of one row in the reporting currency. Without a rate it is 0, so that its cell is there to refuse the total."""
    return f"({measure} * coalesce(exchange, 0))::DECIMAL(38,6)"


def missing_rate_sql(kpi: Kpi) -> str:
    """Of a cell: the first period and its currency that has money but no rate ('2026-07-01 USD'), NULL when all have one."""
    present = " OR ".join(f"{measure} IS NOT NULL" for measure in money_of(kpi))
    return f"min(period_start::VARCHAR || ' ' || currency) FILTER (WHERE exchange IS NULL AND ({present}))"


def currencies_sql(kpi: Kpi) -> str:
    """Of a cell: the currencies of its money, as a list."""
    present = " OR ".join(f"{measure} IS NOT NULL" for measure in money_of(kpi))
    return f"list(DISTINCT currency) FILTER (WHERE currency IS NOT NULL AND ({present}))"


def with_one_currency(counted: pd.DataFrame, query: KpiQuery) -> pd.DataFrame:
    """The counted sums with converted ones where currencies would be mixed; adds `currency_remark` (None for most rows).

    A row whose total is refused keeps its two currencies, least_currency and most_currency.
    """
    is_converted = counted["kpi"].str.endswith(CONVERTED)
    frame = counted[~is_converted].reset_index(drop=True)
    keys = ["period", *query.by, "kpi"]
    twins = {row_key(twin, keys): twin for twin in counted[is_converted].to_dict("records")}
    mixed = (frame["least_currency"] != frame["most_currency"]) & frame["most_currency"].notna()
    if query.one_currency:
        mixed |= frame["most_currency"].notna() & (frame["most_currency"] != query.reporting_currency)
    remarks: list[str | None] = [None] * len(frame)
    for row in mixed.to_numpy(bool).nonzero()[0]:
        plain = frame.loc[row].to_dict()
        twin = twins.get(row_key(plain | {"kpi": f"{plain['kpi']}{CONVERTED}"}, keys))
        remarks[row] = _words(plain, twin, query.reporting_currency)
        if twin and not isinstance(twin["missing_rate"], str):
            frame.loc[row, ["numerator", "denominator"]] = twin["numerator"], twin["denominator"]
            frame.loc[row, ["least_currency", "most_currency"]] = query.reporting_currency
    return frame.assign(currency_remark=pd.Series(remarks, index=frame.index, dtype=object))


def _words(plain: dict, twin: dict | None, reporting: str) -> str:
    """'USD converted to EUR at dated rates', or why there is no total."""
    mixed = f"mixed currencies, {plain['least_currency']} and {plain['most_currency']}"
    refused = f"{mixed if plain['least_currency'] != plain['most_currency'] else plain['most_currency']}: no"
    if twin is None:
        return f"{refused} total"
    if isinstance(twin["missing_rate"], str):
        day, _, currency = twin["missing_rate"].partition(" ")
        return f"{refused} rate from {currency} to {reporting} on {day}"
    foreign = sorted(set(twin["currencies"]) - {reporting})
    return f"{', '.join(foreign)} converted to {reporting} at dated rates"
