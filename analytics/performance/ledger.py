"""The definition ledger: the same data under each published formula of a KPI, side by side."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analytics.asking import row_key
from analytics.catalogue import DIMENSIONS, Unit, find_kpi, formula, variants_of
from analytics.catalogue.units import NOT_MEASURED_TEXT, decimals_apart, value_text, variance_text


def ledger_kpis(kpi_id: str) -> tuple[str, ...]:
    """The KPI and its variants, to be asked for in one query; for a variant those of the KPI it belongs to."""
    base = find_kpi(kpi_id).variant_of or kpi_id
    return (base, *(kpi.id for kpi in variants_of(base)))


def with_formulas(frame: pd.DataFrame) -> pd.DataFrame:
    """The KPI frame of `ledger_kpis` plus label, formula, source, value_text, counts_text, difference, difference_text.

    `difference` is to the KPI itself in the same period and for the same member, in base units; NaN where one is missing.
    """
    keys = ["period", *(dimension for dimension in DIMENSIONS if dimension in frame)]
    base = {row_key(row, keys): row["value"] for row in frame.to_dict("records") if find_kpi(row["kpi"]).variant_of is None}
    rows = frame.to_dict("records")
    entries = [find_kpi(row["kpi"]) for row in rows]
    difference = [row["value"] - base.get(row_key(row, keys), np.nan) for row in rows]
    pairs = list(zip(rows, entries, difference, strict=True))
    texts = {
        "label": [kpi.label for kpi in entries],
        "formula": [formula(kpi) for kpi in entries],
        "source": [kpi.source for kpi in entries],
        "value_text": [value_text(row["value"], kpi.unit, row["currency"] or "") for row, kpi, _ in pairs],
        "counts_text": [_counts(row["numerator"], row["denominator"]) for row in rows],
        "difference_text": ["" if kpi.variant_of is None else _difference(gap, kpi.unit, row["currency"] or "") for row, kpi, gap in pairs],
    }
    columns = {name: pd.Series(words, index=frame.index, dtype=object) for name, words in texts.items()}
    return frame.assign(difference=np.array(difference, dtype=float), **columns)


def _difference(gap: float, unit: Unit, currency: str) -> str:
    """The difference with as many decimals as it takes to see that there is one."""
    return variance_text(gap, unit, 1, currency, decimals_apart(0.0, gap, unit) if gap == gap else None)


def ledger_sentence(rows: pd.DataFrame) -> str:
    """One period and member of `with_formulas` in words, lowest first after the KPI itself.

    'Service level is 81.1 %. By other published formulas: 82.1 % (short abandons count as met), 86 % (of answered).'
    """
    own = [row for row in rows.to_dict("records") if find_kpi(row["kpi"]).variant_of is None]
    others = [row for row in rows.to_dict("records") if find_kpi(row["kpi"]).variant_of is not None]
    if not own:
        return ""
    lead = f"{own[0]['label']} is {_shown(own[0])}."
    measured = sorted((row for row in others if row["value"] == row["value"]), key=lambda row: row["value"])
    missing = [_name(row) for row in others if row["value"] != row["value"]]
    listed = f" By other published formulas: {', '.join(f'{_shown(row)} ({_name(row)})' for row in measured)}." if measured else ""
    return f"{lead}{listed}{f' Not measured: {_joined(missing)}.' if missing else ''}"


def _shown(row: dict) -> str:
    return "not measured" if row["value_text"] == NOT_MEASURED_TEXT else row["value_text"]


def _name(row: dict) -> str:
    """What is different about a variant: the label behind its comma."""
    head, comma, tail = row["label"].partition(", ")
    return tail if comma else head


def _joined(names: Sequence[str]) -> str:
    return "; ".join(names)


def _counts(numerator: float, denominator: float) -> str:
    """'860 of 1,060', '860', '-'."""
    if np.isnan(numerator):
        return NOT_MEASURED_TEXT
    return f"{numerator:,.0f}" if np.isnan(denominator) else f"{numerator:,.0f} of {denominator:,.0f}"
