"""Blocks of a review as the frames that charts take: the same numbers and words, nothing computed."""

from dataclasses import asdict

import pandas as pd

from analytics.catalogue import KPIS, formula
from analytics.catalogue.units import Unit
from analytics.review.model import Definition, Grid, Result, Risk

_OF_GRID = (
    "kpi",
    "label",
    "value_text",
    "target_text",
    "variance_text",
    "status",
    "status_text",
    "previous_text",
    "change_text",
    "coverage",
    "source_kind",
    "remark",
)

_PLACES = ("number", "likelihood", "impact", "previous_likelihood", "previous_impact")


def unit_of(name: str) -> Unit:
    """The unit of this name; a plain number for one this program does not know."""
    return next((unit for unit in Unit if unit.value == name), Unit.SCORE)


def nameable(definitions: tuple[Definition, ...]) -> frozenset[str]:
    """The KPIs that are computed today as they were: only then the words for what is counted today are those of the counts."""
    return frozenset(one.kpi for one in definitions if one.kpi in KPIS and formula(KPIS[one.kpi]) == one.formula)


def grid_frame(grid: Grid, compared: str, definitions: tuple[Definition, ...]) -> pd.DataFrame:
    """One row per result for the status grid, vendor None for all; `compared` names what it was held against ('Q2 2026').

    A total beside its only vendor is left out. Labels and units are those of the review; counts that cannot be named any more are left out.
    """
    named = nameable(definitions)
    shown = [result for result in grid.results if result.vendor] if len(grid.vendors) == 1 else grid.results
    rows = [_grid_row(result, compared, named) for result in shown]
    frame = pd.DataFrame(rows, columns=["vendor", "compared", "suffix", *_OF_GRID, "numerator", "denominator"])
    return frame.astype({"vendor": object, "numerator": float, "denominator": float})


def _grid_row(result: Result, compared: str, named: frozenset[str]) -> dict[str, object]:
    counts = (result.numerator, result.denominator) if result.kpi in named else (None, None)
    words = {"vendor": result.vendor or None, "compared": compared, "suffix": unit_of(result.unit).suffix}
    return words | {name: getattr(result, name) for name in _OF_GRID} | dict(zip(("numerator", "denominator"), counts, strict=True))


def risk_frame(risks: tuple[Risk, ...]) -> pd.DataFrame:
    """One row per risk for the risk matrix; an earlier place that is not known is NaN."""
    frame = pd.DataFrame([asdict(risk) for risk in risks], columns=list(Risk.__dataclass_fields__))
    return frame.assign(**risk_places(risks))


def risk_places(risks: tuple[Risk, ...]) -> pd.DataFrame:
    """Where each risk stands and stood: number, likelihood, impact, and the earlier places, NaN where not known."""
    rows = [(risk.number, risk.likelihood, risk.impact, risk.previous_likelihood, risk.previous_impact) for risk in risks]
    return pd.DataFrame(rows, columns=list(_PLACES)).astype({"previous_likelihood": float, "previous_impact": float})
