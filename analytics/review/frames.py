"""Blocks of a review as the frames that charts take: the same numbers and words, nothing computed."""

from dataclasses import asdict

import numpy as np
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
    earlier = {name: frame[name].to_numpy(float, na_value=np.nan) for name in ("previous_likelihood", "previous_impact")}
    return frame.assign(**earlier)
