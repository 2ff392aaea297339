"""The quality team's export: one row per week, site and line of business, whole weeks only."""

from datetime import timedelta

import numpy as np
import pandas as pd

from analytics.sample import story
from analytics.sample.agreed_totals import in_report_quarter, moved_to
from analytics.sample.month_noise import month_effect
from analytics.sample.noise import bell, generator, part_of, whole
from analytics.sample.story import Site

EVALUATED_SHARE, CHECKED_SHARE = 0.009, 0.025
POINTS_PER_FORM = 25
SPREAD_OF_ONE_FORM = 0.12
THURSDAY = pd.Timedelta(days=3)  # a week belongs to the month and quarter of its Thursday


def quality(queue_days: pd.DataFrame) -> pd.DataFrame:
    """Evaluations with their points, and transactions checked for errors."""
    weeks = _handled_by_week(queue_days)
    desks = [(site, lob) for site in story.SITES for lob in dict.fromkeys(queue.lob for queue in site.queues)]
    parts = [_evaluated(site, lob, weeks[(weeks["site"] == site.name) & (weeks["lob"] == lob)]) for site, lob in desks]
    rows = pd.concat(parts).sort_values(["week", "vendor", "site", "lob"], kind="stable", ignore_index=True)
    rows = _with_agreed_errors(rows).assign(week=lambda frame: frame["week"].dt.strftime("%Y-%m-%d"))
    return rows.drop(columns="handled").rename(
        columns={
            "week": "Week starting",
            "vendor": "Vendor",
            "site": "Site",
            "lob": "LOB",
            "evaluations": "Evaluations",
            "points": "Points earned",
            "possible": "Points possible",
            "clean": "Evaluations without critical error",
            "checked": "Transactions checked",
            "errors": "Errors found",
        }
    )


def _handled_by_week(queue_days: pd.DataFrame) -> pd.DataFrame:
    monday = queue_days["date"] - pd.to_timedelta(queue_days["date"].dt.day_of_week, unit="D")
    whole_week = (monday >= pd.Timestamp(story.FIRST_DAY)) & (monday + timedelta(days=6) <= pd.Timestamp(story.LAST_DAY))
    keys = ["week", "vendor", "site", "lob"]
    return queue_days.assign(week=monday)[whole_week].groupby(keys, as_index=False)["handled"].sum()


def _evaluated(site: Site, lob: str, weeks: pd.DataFrame) -> pd.DataFrame:
    rng = generator("quality", site.name, lob)
    days = weeks["week"].to_numpy().astype("datetime64[D]") + np.timedelta64(3)
    handled, count = weeks["handled"].to_numpy(), len(weeks)
    evaluations = np.maximum(whole(handled * EVALUATED_SHARE * (1 + 0.08 * bell(rng, count))), 8)
    possible = evaluations * POINTS_PER_FORM
    level = site.quality.at(days) + month_effect(site, "quality", days) + SPREAD_OF_ONE_FORM / np.sqrt(evaluations) * bell(rng, count)
    checked = np.maximum(whole(handled * CHECKED_SHARE * (1 + 0.05 * bell(rng, count))), 20)
    return weeks.assign(
        evaluations=evaluations,
        points=np.minimum(whole(possible * level), possible),
        possible=possible,
        clean=evaluations - part_of(rng, evaluations, site.critical_errors.at(days)),
        checked=checked,
        errors=part_of(rng, checked, site.error_rate.at(days)),
    )


def _with_agreed_errors(rows: pd.DataFrame) -> pd.DataFrame:
    """The report quarter at exactly one error in so many transactions checked."""
    frame = rows.copy()
    quarter = in_report_quarter(frame["week"] + THURSDAY)
    errors, checked = frame.loc[quarter, "errors"].to_numpy(), frame.loc[quarter, "checked"].to_numpy()
    total = round(int(checked.sum()) / story.REPORT_ERRORS_ONE_IN)
    frame.loc[quarter, "errors"] = moved_to(errors, total, checked)
    frame.loc[quarter, "checked"] = moved_to(checked, total * story.REPORT_ERRORS_ONE_IN, 2 * checked)
    return frame
