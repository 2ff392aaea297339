"""The monthly lists: back-office cases, security incidents, invoices, and a vendor's own scorecard."""

import numpy as np
import pandas as pd

from analytics.sample import story
from analytics.sample.noise import bell, generator, part_of, whole
from analytics.sample.story import Site
from analytics.sample.workforce import paid_hours_by_month

CASE_SHARE = 0.04  # of contacts become a back-office case
NORMAL_RESOLUTION = 0.85


def months() -> pd.PeriodIndex:
    """Every month of the sample."""
    return pd.period_range(story.FIRST_DAY, story.LAST_DAY, freq="M")


def tickets(queue_days: pd.DataFrame) -> pd.DataFrame:
    """One row per month and site: what came in, what was done, in which time, and what stayed open."""
    rows = queue_days.assign(month=queue_days["date"].dt.to_period("M"))
    keys = ["month", "vendor", "site"]
    monthly = rows.groupby(keys, as_index=False)[["handled", "resolved", "issues"]].sum()
    parts = [_site_cases(site, monthly[monthly["site"] == site.name]) for site in story.SITES]
    cases = pd.concat(parts).sort_values(["Month", "Vendor", "Site"], kind="stable", ignore_index=True)
    return cases.assign(Month=cases["Month"].astype(str))


def _site_cases(site: Site, monthly: pd.DataFrame) -> pd.DataFrame:
    """Cases are worked apart from the queues; where contacts stay unsolved they come back."""
    rng = generator("tickets", site.name)
    count = len(monthly)
    unsolved = NORMAL_RESOLUTION - (monthly["resolved"] / monthly["issues"]).to_numpy()
    opened = whole(monthly["handled"].to_numpy() * CASE_SHARE * (1 + 0.04 * bell(rng, count)))
    resolved = whole(opened * (0.995 + 0.012 * bell(rng, count)))
    hours = 21 + 0.8 * bell(rng, count)
    days = monthly["month"].dt.days_in_month.to_numpy()
    return pd.DataFrame(
        {
            "Month": monthly["month"],
            "Vendor": site.vendor,
            "Site": site.name,
            "Opened": opened,
            "Resolved": resolved,
            "Resolved in target": part_of(rng, resolved, 0.962 + 0.004 * bell(rng, count)),
            "Reopened": part_of(rng, resolved, 0.036 + 0.3 * unsolved),
            "Resolution time (h)": np.round(resolved * hours, 1),
            "Average open cases": np.round(resolved / days * (2.8 + 0.15 * bell(rng, count)), 1),
        }
    )


def security() -> pd.DataFrame:
    """One row per month and vendor, zero where nothing happened."""
    rows = [
        {"Month": str(month), "Vendor": vendor, "Security incidents": story.SECURITY_INCIDENTS.get(((month.year, month.month), vendor), 0)}
        for month in months()
        for vendor in sorted(story.VENDORS)
    ]
    return pd.DataFrame(rows)


def invoices(hours: pd.DataFrame) -> pd.DataFrame:
    """One invoice per month and vendor: paid hours at the site's rate, in US dollars."""
    paid = paid_hours_by_month(hours)
    rate = paid["Site"].map({site.name: site.hourly_rate for site in story.SITES})
    billed = paid.assign(amount=paid["Paid hours"] * rate).groupby(["month", "Vendor"], as_index=False)[["Paid hours", "amount"]].sum()
    number = billed["Vendor"].str[:2].str.upper() + "-" + billed["month"].dt.strftime("%Y%m")
    return pd.DataFrame(
        {
            "Invoice": number,
            "Month": billed["month"].astype(str),
            "Vendor": billed["Vendor"],
            "Billed hours": billed["Paid hours"].round(2),
            "Net amount (USD)": billed["amount"].round(2),
        }
    )


def scorecard() -> pd.DataFrame:
    """The results one vendor sends each month, without the counts behind them."""
    rng = generator("scorecard", story.MONTH_DRAW)
    middle = months().to_timestamp().to_numpy().astype("datetime64[D]") + np.timedelta64(14)
    levels = {kpi: curve.at(middle) for kpi, curve in story.SCORECARD.items()}
    results = {kpi: level * (1 + _SCORECARD_SPREAD[kpi] * bell(rng, len(middle))) for kpi, level in levels.items()}
    percent = {kpi: np.round(100 * result, 1) for kpi, result in results.items()}
    return pd.DataFrame(
        {
            "Month": months().astype(str),
            "Service level %": percent["service_level"],
            "Abandoned %": percent["abandonment_rate"],
            "AHT": [f"{second // 60}:{second % 60:02d}" for second in whole(results["average_handle_time"]).tolist()],
            "FCR %": percent["first_contact_resolution"],
            "CSAT %": percent["csat"],
            "Error rate %": np.round(100 * results["error_rate"], 2),
            "Attrition % (annualised)": percent["attrition"],
        }
    )


# Standard deviation of a month, as a share of the level.
_SCORECARD_SPREAD = {
    "service_level": 0.010,
    "abandonment_rate": 0.075,
    "average_handle_time": 0.012,
    "first_contact_resolution": 0.006,
    "csat": 0.005,
    "error_rate": 0.075,
    "attrition": 0.08,
}
