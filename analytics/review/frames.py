"""Blocks of a review as the frames that charts take: the same numbers and words, nothing computed."""

from dataclasses import asdict

import pandas as pd

from analytics.review.model import Grid, Risk

_OF_GRID = (
    "kpi",
    "value_text",
    "target_text",
    "variance_text",
    "status",
    "status_text",
    "previous_text",
    "change_text",
    "coverage",
    "numerator",
    "denominator",
    "source_kind",
    "remark",
)

_PLACES = ("number", "likelihood", "impact", "previous_likelihood", "previous_impact")


def grid_frame(grid: Grid, compared: str) -> pd.DataFrame:
    """One row per result for the status grid, vendor None for all; `compared` names what it was held against ('Q2 2026')."""
    rows = [
        {"vendor": result.vendor or None, "compared": compared} | {name: getattr(result, name) for name in _OF_GRID}
        for result in grid.results
    ]
    frame = pd.DataFrame(rows, columns=["vendor", "compared", *_OF_GRID])
    return frame.astype({"vendor": object, "numerator": float, "denominator": float})


def risk_frame(risks: tuple[Risk, ...]) -> pd.DataFrame:
    """One row per risk for the risk matrix; an earlier place that is not known is NaN."""
    frame = pd.DataFrame([asdict(risk) for risk in risks], columns=list(Risk.__dataclass_fields__))
    return frame.assign(**risk_places(risks))


def risk_places(risks: tuple[Risk, ...]) -> pd.DataFrame:
    """Where each risk stands and stood: number, likelihood, impact, and the earlier places, NaN where not known."""
    rows = [(risk.number, risk.likelihood, risk.impact, risk.previous_likelihood, risk.previous_impact) for risk in risks]
    return pd.DataFrame(rows, columns=list(_PLACES)).astype({"previous_likelihood": float, "previous_impact": float})
