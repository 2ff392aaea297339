"""The CRM's export: what became of the contacts, and what customers said in the survey after them."""

import pandas as pd

from analytics.sample.noise import generator, part_of

COLUMNS = {
    "date": "Contact date",
    "vendor": "Partner",
    "site": "Site",
    "lob": "Queue group",
    "channel": "Channel",
    "issues": "Contacts with issue",
    "resolved": "Resolved first contact",
    "responses": "Survey responses",
    "satisfied": "Ratings 4-5",
    "score_sum": "Rating total",
    "nps_responses": "NPS responses",
    "promoters": "NPS 9-10",
    "detractors": "NPS 0-6",
}


def crm(queue_days: pd.DataFrame) -> pd.DataFrame:
    """One row per day and queue; ratings run from 1 to 5."""
    rng = generator("crm")
    satisfied, responses = queue_days["satisfied"].to_numpy(), queue_days["responses"].to_numpy()
    fives = part_of(rng, satisfied, 0.64)
    unhappy = responses - satisfied
    threes = part_of(rng, unhappy, 0.58)
    twos = part_of(rng, unhappy - threes, 0.5)
    score_sum = 4 * satisfied + fives + unhappy + 2 * threes + twos
    rows = queue_days.assign(score_sum=score_sum, date=queue_days["date"].dt.strftime("%Y-%m-%d"))
    return rows[list(COLUMNS)].rename(columns=COLUMNS)
