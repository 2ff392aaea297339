"""What really happened in every queue on every day; the exports are views of this."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from analytics.sample import story
from analytics.sample.month_noise import month_effect
from analytics.sample.noise import bell, drift, generator, part_of, whole
from analytics.sample.story import Queue, Site

QUEUE_KEY = ["date", "vendor", "site", "lob", "channel"]
NORMAL_OCCUPANCY = 0.82
SURGE_COST, SEASON_COST = 0.28, 0.02  # service level lost when a day, or a season, doubles the demand: seasons are staffed for
LEAST_OCCUPANCY, MOST_OCCUPANCY = 0.45, 0.90
SECONDS_SPLIT = {"voice": (0.76, 0.08), "chat": (0.84, 0.03), "email": (0.70, 0.0)}  # talk, hold; the rest is wrap-up
DAY_MEMORY = 0.3  # how much of a rate's deviation is left a day later
ISSUE_SHARE = 0.92
RESPONSE_SHARE = {"voice": 0.05, "chat": 0.08, "email": 0.04}


def is_holiday(day: date) -> bool:
    """Whether nearly everybody is off."""
    return (day.month, day.day) in story.PUBLIC_HOLIDAYS


def open_days(site: Site) -> np.ndarray:
    """The days the site worked, as datetime64[D]."""
    count = (story.LAST_DAY - site.opens).days + 1
    days = [site.opens + timedelta(days=n) for n in range(count)]
    closed_on = {day for day in days if day.weekday() in site.closed_on or (site.closed_on and is_holiday(day))}
    return np.array([day for day in days if day not in closed_on], dtype="datetime64[D]")


def season(days: np.ndarray, strength: float) -> np.ndarray:
    """The yearly rhythm around 1: straight lines between the middles of the months."""
    months = days.astype("datetime64[M]")
    position = (days - months.astype("datetime64[D]")).astype(np.int64) / 30.4 - 0.5
    load = np.array(story.MONTH_LOAD)
    month = months.astype(np.int64) % 12
    neighbour = load[(month + np.where(position < 0, -1, 1)) % 12]
    level = load[month] + np.abs(position) * (neighbour - load[month])
    return 1 + (level - 1) * strength


def calendar_load(queue: Queue, days: np.ndarray) -> np.ndarray:
    """Weekday, season, billing run and sales weekends together, around 1 on an ordinary weekday."""
    weekday = (days.astype(np.int64) + 3) % 7  # 1970-01-01 was a Thursday
    load = np.array(story.WEEKDAY_LOAD)[weekday] * season(days, story.SEASON_STRENGTH[queue.lob])
    day_of_month = (days - days.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64) + 1
    load = np.where([is_holiday(day) for day in days.tolist()], load * story.HOLIDAY_LOAD, load)
    if queue.lob == "Billing":
        load = np.where(day_of_month <= story.BILLING_RUN_DAYS, load * story.BILLING_RUN_LOAD, load)
    if queue.lob == "Orders":
        for friday in story.SALES_WEEKENDS:
            since = (days - np.datetime64(friday)).astype(np.int64)
            load = np.where((since >= 0) & (since <= 3), load * story.SALES_LOAD, load)
    return load


def abandoned_share(service_level: np.ndarray) -> np.ndarray:
    """The longer the queue, the more leave it; steeper once most wait beyond the threshold."""
    late = 1 - service_level
    return np.maximum(0.36 * late - 0.0245, 0.004) + 0.2 * np.maximum(late - 0.4, 0)


def average_wait(service_level: np.ndarray) -> np.ndarray:
    """Seconds an answered contact waited on average: about 19 at 85 %, 35 at 75 %."""
    late = 1 - service_level
    return 6 + 40 * late + 300 * late * late


def deviation(site: Site, measure: str, days: np.ndarray, spread: float, rng: np.random.Generator) -> np.ndarray:
    """How far a rate is from its level by chance: the month's part, and the day's with standard deviation `spread`."""
    return month_effect(site, measure, days) + drift(rng, len(days), spread, DAY_MEMORY)


def queue_days(site: Site, queue: Queue) -> pd.DataFrame:
    """One row per open day of one queue: demand, speed, time and outcome."""
    days = open_days(site)
    rng = generator("operation", site.name, queue.lob, queue.channel)
    restless = min(1.6 / queue.offered**0.5, 0.08)  # small queues swing more
    planned = queue.offered * calendar_load(queue, days) * site.demand.at(days)
    surge = drift(rng, len(days), 0.03 + restless, 0.6)
    frame = pd.DataFrame({"date": days, "vendor": site.vendor, "site": site.name, "lob": queue.lob, "channel": queue.channel})
    frame["offered"] = whole(planned * site.reachable.at(days) * (1 + surge))
    frame = _add_speed(frame, site, queue, days, surge, rng)
    frame = _add_time(frame, site, queue, days, planned, rng)
    return _add_outcome(frame, site, queue, days, restless, rng)


def _add_speed(
    frame: pd.DataFrame, site: Site, queue: Queue, days: np.ndarray, surge: np.ndarray, rng: np.random.Generator
) -> pd.DataFrame:
    """Answered and abandoned within which time: busy days cost service level, the peak season a little."""
    pressure = SURGE_COST * surge + SEASON_COST * (season(days, story.SEASON_STRENGTH[queue.lob]) - 1)
    level = site.service_level.at(days) + story.SERVICE_LEVEL_OFFSET[queue.channel] - pressure
    level = np.clip(level + deviation(site, "service_level", days, 0.014, rng), 0.03, 0.97)
    offered = frame["offered"].to_numpy()
    leaves = 0.0 if queue.channel == "email" else abandoned_share(level)
    abandoned = part_of(rng, offered, leaves)
    handled = offered - abandoned
    return frame.assign(
        handled=handled,
        abandoned=abandoned,
        abandoned_in_threshold=(in_threshold := part_of(rng, abandoned, 0.34 * np.sqrt(level))),
        abandoned_short=part_of(rng, in_threshold, 0.38),
        answered_in_threshold=np.minimum(part_of(rng, offered, level), handled),
        queue_seconds=whole(handled * average_wait(level) * (1 + 0.05 * bell(rng, len(days)))),
    )


def _add_time(
    frame: pd.DataFrame, site: Site, queue: Queue, days: np.ndarray, planned: np.ndarray, rng: np.random.Generator
) -> pd.DataFrame:
    """Handle time in its three parts, idle time, and the handle time the site was staffed for."""
    average = story.HANDLE_SECONDS[queue.lob] * story.HANDLE_FACTOR[queue.channel] * site.handle_factor.at(days)
    handled = frame["handled"].to_numpy()
    handle = handled * average * (1 + deviation(site, "handle_time", days, 0.016, rng))
    talk_share, hold_share = SECONDS_SPLIT[queue.channel]
    planned_seconds = planned * average * 0.965
    busy = NORMAL_OCCUPANCY * np.sqrt(handle / planned_seconds) + drift(rng, len(days), 0.012)
    occupancy = np.clip(busy, LEAST_OCCUPANCY, MOST_OCCUPANCY)
    talk, hold = whole(handle * talk_share), whole(handle * hold_share * (1 + 0.06 * bell(rng, len(days))))
    return frame.assign(
        talk_seconds=talk,
        hold_seconds=hold,
        wrap_seconds=whole(handle) - talk - hold,
        idle_seconds=whole(handle * (1 - occupancy) / occupancy),
        transferred=part_of(rng, handled, site.transfers.at(days)),
        planned_seconds=planned_seconds,
    )


def _add_outcome(
    frame: pd.DataFrame, site: Site, queue: Queue, days: np.ndarray, restless: float, rng: np.random.Generator
) -> pd.DataFrame:
    """What the CRM and its survey recorded about the contacts handled."""
    handled = frame["handled"].to_numpy()
    issues = part_of(rng, handled, ISSUE_SHARE)
    solved = site.resolution.at(days) + deviation(site, "resolution", days, 0.007 + restless / 4, rng)
    pleased = site.satisfaction.at(days) + deviation(site, "satisfaction", days, 0.005 + restless / 4, rng)
    responses = part_of(rng, handled, RESPONSE_SHARE[queue.channel] * (1 + drift(rng, len(days), 0.08)))
    asked = part_of(rng, responses, 0.62)
    promoters = part_of(rng, asked, 0.50 + 2.2 * (pleased - 0.92))
    return frame.assign(
        issues=issues,
        resolved=part_of(rng, issues, solved),
        responses=responses,
        satisfied=part_of(rng, responses, pleased),
        nps_responses=asked,
        promoters=promoters,
        detractors=part_of(rng, asked - promoters, 0.27 - 2.0 * (pleased - 0.92)),
    )


def operation() -> pd.DataFrame:
    """Every queue-day of every site, by date, vendor, site, line of business and channel."""
    parts = [queue_days(site, queue) for site in story.SITES for queue in site.queues]
    return pd.concat(parts, ignore_index=True).sort_values(QUEUE_KEY, kind="stable", ignore_index=True)
