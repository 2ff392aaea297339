"""Reviews of tiny warehouses: months written out by quarter, with 100 contacts, 100 survey answers and 100 possible points in each."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from analytics.asking import Reader
from analytics.filters import Filters
from analytics.periods import Grain, Period
from analytics.review.facts import Facts, ReviewRequest
from analytics.review.model import Audience, Line, Lines, QuarterlyReview, Section, Table
from analytics.review.quarterly import quarterly_review
from analytics.settings import load_settings
from analytics.warehouse import Scope
from tests.rows import EVERYTHING

SETTINGS = replace(load_settings(), contract_kpis=("service_level", "csat"), report_kpis=("quality_score",), risk_kpis=())
Row = dict[str, object]


def target(kpi: str, expected: float, since: date = date(2020, 1, 1), **others: Any) -> Row:
    """A target of everybody."""
    return {"kpi": kpi, "comparator": ">=", "expected": expected, "valid_from": since, **others}


def levels(vendor: str, answered: Iterable[int], satisfied: int = 92, last: str = "2026-Q3", **others: Any) -> Iterator[Row]:
    """A row per month of the quarters up to `last`: how many of 100 contacts were answered in time and of 100 survey answers satisfied."""
    counts = list(answered)
    for step, count in enumerate(counts, start=1 - len(counts)):
        for month in Period.parse(last).shifted(step).within(Grain.MONTH):
            place = {"grain": "month", "vendor": vendor, "period_start": month.start}
            speed = {"contacts_offered": 100, "answered_within_threshold": count, "threshold_seconds": 20}
            yield {**place, **speed, "csat_responses": 100, "csat_satisfied": satisfied, **others}


def request(quarter: str = "2026-Q3", audience: Audience = Audience.EXECUTIVE, **filters: tuple[str, ...]) -> ReviewRequest:
    """The review of a quarter with three KPIs in the grid."""
    return ReviewRequest(Period.parse(quarter), SETTINGS, filters=Filters(**filters), audience=audience)


def facts(store: Reader, quarter: str = "2026-Q3", audience: Audience = Audience.EXECUTIVE, **filters: tuple[str, ...]) -> Facts:
    """What a section is made from."""
    return Facts(store, EVERYTHING, request(quarter, audience, **filters))


def review(store: Reader, quarter: str = "2026-Q3", audience: Audience = Audience.EXECUTIVE, scope: Scope = EVERYTHING) -> QuarterlyReview:
    """The whole review."""
    return quarterly_review(store, scope, request(quarter, audience))


def lines(section: Section) -> list[Line]:
    """The lines of its lists."""
    return [line for block in section.blocks if isinstance(block, Lines) for line in block.lines]


def said(section: Section) -> list[str]:
    """What its lists say."""
    return [line.sentence.text for line in lines(section)]


def tables(section: Section) -> dict[str, list[list[str]]]:
    """Name -> the printed cells of each of its tables."""
    return {block.name: [[cell.text for cell in row] for row in block.rows] for block in section.blocks if isinstance(block, Table)}
