"""The report quarter prints round totals: a last adjustment by whole contacts and seconds, spread over all its rows."""

import numpy as np
import pandas as pd

from analytics.sample import story


def spread(total: int, room: np.ndarray) -> np.ndarray:
    """Whole numbers that add up to `total`, in proportion to `room` and nowhere above it (largest remainder)."""
    if not 0 <= total <= room.sum():
        raise ValueError(f"{total} does not fit into {room.sum()}")
    if total == 0:
        return np.zeros_like(room)
    exact = room * (total / room.sum())
    shares = np.floor(exact).astype(np.int64)
    largest_first = np.argsort(shares - exact, kind="stable")
    shares[largest_first[: total - shares.sum()]] += 1
    return shares


def moved_to(counts: np.ndarray, total: int, ceiling: np.ndarray) -> np.ndarray:
    """`counts` with the sum `total`, changed as evenly as whole numbers allow, between 0 and `ceiling`."""
    change = total - int(counts.sum())
    return counts + spread(change, ceiling - counts) if change >= 0 else counts - spread(-change, counts)


def at_ratio(part: np.ndarray, whole: np.ndarray, most: np.ndarray, ratio: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """`part` and `whole` with sum(part) / sum(whole) exactly `ratio`; `whole` grows a little where `most` allows it."""
    above, below = ratio
    total = -(-int(whole.sum()) // below) * below
    whole = moved_to(whole, total, most)
    return moved_to(part, total // below * above, whole), whole


def in_report_quarter(days: pd.Series) -> np.ndarray:
    """Which of `days` lie in the quarter with the agreed totals."""
    return days.between(pd.Timestamp(story.REPORT_FIRST_DAY), pd.Timestamp(story.REPORT_LAST_DAY)).to_numpy()


def with_agreed_totals(queue_days: pd.DataFrame) -> pd.DataFrame:
    """Resolution, satisfaction and handle time of the report quarter at exactly the agreed totals."""
    frame = queue_days.copy()
    rows = in_report_quarter(frame["date"])
    quarter = {name: frame.loc[rows, name].to_numpy() for name in frame.columns}
    handled = quarter["handled"]
    resolved, issues = at_ratio(quarter["resolved"], quarter["issues"], handled, story.REPORT_RESOLUTION)
    satisfied, responses = at_ratio(quarter["satisfied"], quarter["responses"], handled, story.REPORT_SATISFACTION)
    wrap = quarter["wrap_seconds"]
    wrap_total = story.REPORT_HANDLE_SECONDS * int(handled.sum()) - int((quarter["talk_seconds"] + quarter["hold_seconds"]).sum())
    frame.loc[rows, ["resolved", "issues"]] = np.column_stack([resolved, issues])
    frame.loc[rows, ["satisfied", "responses"]] = np.column_stack([satisfied, responses])
    frame.loc[rows, "wrap_seconds"] = moved_to(wrap, wrap_total, 2 * wrap)
    return frame
