"""The telephone system's export: one row per day and queue, with the gaps and mistakes real exports have."""

from datetime import timedelta

import numpy as np
import pandas as pd

from analytics.sample import story
from analytics.sample.noise import whole

COLUMNS = {
    "date": "Date",
    "vendor": "Vendor",
    "site": "Site",
    "lob": "Line of business",
    "channel": "Channel",
    "offered": "Offered",
    "handled": "Answered",
    "abandoned": "Abandoned",
    "abandoned_short": "Abandoned in 6 s",
    "answered_in_threshold": "Answered in 20 s",
    "abandoned_in_threshold": "Abandoned in 20 s",
    "queue_seconds": "Queue time (s)",
    "talk_seconds": "Talk time (s)",
    "hold_seconds": "Hold time (s)",
    "wrap_seconds": "Wrap-up time (s)",
    "idle_seconds": "Idle time (s)",
    "transferred": "Transferred",
}


def acd(queue_days: pd.DataFrame) -> pd.DataFrame:
    """The export as it was sent: one month of one vendor is missing, one week of another is wrong."""
    reported = queue_days[~is_missing(queue_days)].copy()
    week = is_restated(reported)
    offered = whole(reported.loc[week, "offered"].to_numpy() * story.RESTATED_OFFERED_FACTOR)
    reported.loc[week, "offered"] = offered
    reported.loc[week, "abandoned"] = offered - reported.loc[week, "handled"]
    reported.loc[week, "wrap_seconds"] = whole(reported.loc[week, "wrap_seconds"].to_numpy() * story.RESTATED_WRAP_FACTOR)
    return _export(reported)


def acd_correction(queue_days: pd.DataFrame) -> pd.DataFrame:
    """The corrected rows of the restated week, nothing else."""
    return _export(queue_days[is_restated(queue_days)])


def is_missing(queue_days: pd.DataFrame) -> np.ndarray:
    """Rows of the month the vendor never sent."""
    year, month = story.MISSING_MONTH
    day = queue_days["date"].dt
    return ((queue_days["vendor"] == story.MISSING_MONTH_VENDOR) & (day.year == year) & (day.month == month)).to_numpy()


def is_restated(queue_days: pd.DataFrame) -> np.ndarray:
    """Rows of the week that was corrected later."""
    monday = story.RESTATED_MONDAY
    in_week = queue_days["date"].between(pd.Timestamp(monday), pd.Timestamp(monday + timedelta(days=6)))
    return ((queue_days["vendor"] == story.RESTATED_VENDOR) & in_week).to_numpy()


def _export(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[list(COLUMNS)].rename(columns=COLUMNS).assign(Date=rows["date"].dt.strftime("%Y-%m-%d"))
