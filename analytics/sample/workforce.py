"""Workforce management and HR: the hours behind the contacts, the people behind the hours."""

import numpy as np
import pandas as pd

from analytics.sample import story
from analytics.sample.noise import bell, drift, generator, part_of, whole
from analytics.sample.operation import NORMAL_OCCUPANCY
from analytics.sample.story import Site

SECONDS_PER_HOUR = 3600
NORMAL_STAFFING = 0.98  # of the committed hours; a little always falls out
SCHEDULED_SHARE = 0.94  # the rest of paid time is planned leave
PAID_HOURS_PER_HEAD = 5.3  # per calendar day, weekends and part-time included
DAYS_PER_YEAR = 365
HOURS = ["Scheduled hours", "In adherence hours", "Paid hours", "Productive hours", "Unplanned absence hours"]


def wfm(queue_days: pd.DataFrame) -> pd.DataFrame:
    """One row per day and site, hours with two decimals."""
    parts = [_site_hours(site, queue_days[queue_days["site"] == site.name]) for site in story.SITES]
    rows = pd.concat(parts).sort_values(["date", "Vendor", "Site"], kind="stable", ignore_index=True)
    return rows.assign(date=rows["date"].dt.strftime("%d/%m/%Y")).rename(columns={"date": "Day"})


def _site_hours(site: Site, queue_days: pd.DataFrame) -> pd.DataFrame:
    rng = generator("wfm", site.name)
    seconds = ["planned_seconds", "talk_seconds", "hold_seconds", "wrap_seconds", "idle_seconds"]
    daily = queue_days.groupby("date", as_index=False)[seconds].sum()
    days, count = daily["date"].to_numpy().astype("datetime64[D]"), len(daily)
    at_work = daily[seconds[1:]].sum(axis=1).to_numpy() * 1.02  # contacts, waiting for them, and a little offline work
    agreed = daily["planned_seconds"].to_numpy() / (NORMAL_OCCUPANCY * (1 - site.shrinkage)) * (1.02 + 0.012 * bell(rng, count))
    scheduled = agreed * SCHEDULED_SHARE
    staffing = site.staffing.at(days)
    paid = agreed * np.minimum(1, staffing / NORMAL_STAFFING)  # hours a site cannot work are not billed
    absence = np.clip(0.025 + 0.085 * site.attrition.at(days) + drift(rng, count, 0.006, 0.9), 0.01, 0.2)
    adherence = np.clip(0.965 - 0.6 * absence + drift(rng, count, 0.008, 0.7), 0.5, 0.97)
    hours = {
        "Scheduled hours": scheduled,
        "In adherence hours": scheduled * adherence,
        "Paid hours": paid,
        "Productive hours": np.minimum(at_work, 0.93 * paid),
        "Unplanned absence hours": scheduled * absence,
        "Committed hours": scheduled,
        "Delivered hours": scheduled * staffing * (1 + drift(rng, count, 0.012, 0.9)),
    }
    table = {name: np.round(values / SECONDS_PER_HOUR, 2) for name, values in hours.items()}
    return pd.DataFrame({"date": daily["date"], "Vendor": site.vendor, "Site": site.name, **table})


def paid_hours_by_month(hours: pd.DataFrame) -> pd.DataFrame:
    """Vendor, site, month and the paid hours of the WFM export."""
    month = pd.to_datetime(hours["Day"], format="%d/%m/%Y").dt.to_period("M")
    return hours.assign(month=month).groupby(["month", "Vendor", "Site"], as_index=False)["Paid hours"].sum()


def hr(hours: pd.DataFrame) -> pd.DataFrame:
    """One row per month and site: average headcount, leavers, and the monthly pulse survey."""
    paid = paid_hours_by_month(hours)
    parts = [_site_people(site, paid[paid["Site"] == site.name]) for site in story.SITES]
    rows = pd.concat(parts).sort_values(["Month", "Vendor", "Site"], kind="stable", ignore_index=True)
    return rows.assign(Month=rows["Month"].astype(str))


def _site_people(site: Site, paid: pd.DataFrame) -> pd.DataFrame:
    rng = generator(story.PEOPLE_DRAW, site.name)
    month = paid["month"]
    middle = month.dt.to_timestamp().to_numpy().astype("datetime64[D]") + np.timedelta64(14)
    days = month.dt.days_in_month.to_numpy()
    needed = paid["Paid hours"].to_numpy() / (days * PAID_HOURS_PER_HEAD)
    headcount = whole(0.3 * needed + 0.7 * _year_round(needed))
    expected = headcount * days / DAYS_PER_YEAR * site.attrition.at(middle)
    # Half the scatter of pure chance: notice periods even the months out.
    leavers = whole(expected + 0.5 * np.sqrt(expected) * bell(rng, len(paid)))
    responses = part_of(rng, headcount, 0.55)
    return pd.DataFrame(
        {
            "Month": month,
            "Vendor": site.vendor,
            "Site": site.name,
            "Average headcount": headcount,
            "Leavers": leavers,
            "Pulse responses": responses,
            "Pulse favourable": part_of(rng, responses, site.employee_satisfaction.at(middle)),
        }
    )


def _year_round(needed: np.ndarray) -> np.ndarray:
    """The level over the seven months around: the peak is worked with overtime, not with new people."""
    return pd.Series(needed).rolling(7, center=True, min_periods=1).mean().to_numpy()
