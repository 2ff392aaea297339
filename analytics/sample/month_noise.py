"""Good and weak months: how a rate of a site differs from its level for a whole month, without any reason."""

import numpy as np

from analytics.sample import story
from analytics.sample.noise import bell, generator
from analytics.sample.story import Site

VENDOR_PART, SITE_PART = 0.8, 0.6  # squares add up to 1: most of a month is shared by the sites of a vendor


def month_effect(site: Site, measure: str, days: np.ndarray) -> np.ndarray:
    """Deviation from the level on each of `days`, the same within a month; standard deviation `story.MONTH_SPREAD[measure]`."""
    first = np.datetime64(story.FIRST_DAY, "M")
    count = int((np.datetime64(story.LAST_DAY, "M") - first).astype(np.int64)) + 1
    by_month = VENDOR_PART * _series(count, measure, site.vendor) + SITE_PART * _series(count, measure, site.vendor, site.name)
    return story.MONTH_SPREAD[measure] * by_month[(days.astype("datetime64[M]") - first).astype(np.int64)]


def _series(count: int, *key: str) -> np.ndarray:
    """One deviation per month of the sample, each independent of the others."""
    return bell(generator(story.MONTH_DRAW, *key), count)
