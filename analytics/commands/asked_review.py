"""Which review a command is asked for: the options that `review` and `issue` share, and the review they lead to."""

from dataclasses import dataclass, replace

import click

from analytics.catalogue import DIMENSIONS
from analytics.commands.reports import FILTER_OPTIONS
from analytics.errors import UsageError, WarehouseError, unknown
from analytics.fair_periods import parse_choice
from analytics.filters import Filters
from analytics.options import Span, data_span, filter_options
from analytics.periods import Comparison, Grain, Period, latest_complete
from analytics.review.audiences import review_for, scope_for
from analytics.review.facts import ReviewRequest
from analytics.review.model import Audience, QuarterlyReview
from analytics.settings import load_settings
from analytics.warehouse import Scope, Store, Warehouse


@dataclass(frozen=True, slots=True)
class AskedReview:
    """The review with what it was made from: for whom, of what, from which version of the warehouse."""

    review: QuarterlyReview
    scope: Scope
    filters: Filters
    version: int


def review_options(function: click.decorators.FC) -> click.decorators.FC:
    """The options that choose a review: quarter, audience, comparison, and the vendors, sites, lines and channels in it."""
    shared = (
        click.option("--quarter", help="2026-Q3; default: the newest whole quarter."),
        click.option("--audience", type=click.Choice([one.value for one in Audience]), default=Audience.EXECUTIVE.value, show_default=True),
        click.option("--compare", default=Comparison.PREVIOUS.value, show_default=True, help="previous, last_year, 2026-Q1 or two dates."),
        *FILTER_OPTIONS,
    )
    for option in reversed(shared):
        function = option(function)
    return function


def asked_review(warehouse: Warehouse, quarter: str | None, audience: str, compare: str, **asked: tuple[str, ...]) -> AskedReview:
    """The review that the options choose. A vendor's is read as that vendor alone: nothing of the others is there to enter it."""
    store, settings = warehouse.open(), load_settings(warehouse.folder)
    filters, vendor, everybody = _known(store, asked), "", Scope.everything()
    if audience == Audience.VENDOR:
        if len(filters.vendor) != 1:
            raise UsageError("The review for a vendor is of exactly one.", 'Name it: --audience vendor --vendor "Cobalt Bay".')
        (vendor,), filters = filters.vendor, replace(filters, vendor=())
    scope, fiscal = scope_for(store, everybody, Audience(audience), vendor), settings.fiscal_year_start_month
    shown = _quarter(data_span(store, scope), quarter, fiscal)
    request = ReviewRequest(shown, settings, parse_choice(compare, fiscal), filters, Audience(audience))
    return AskedReview(review_for(store, everybody, request, vendor), scope, filters, store.version)


def _known(store: Store, asked: dict[str, tuple[str, ...]]) -> Filters:
    """The filters; a name the data does not have is refused: nobody looks at what a scheduler sends."""
    options = filter_options(store, Scope.everything())
    for name, values in asked.items():
        for value in values:
            if value not in options[name]:
                raise unknown(DIMENSIONS[name].label.lower(), value, options[name])
    return Filters(**asked)


def _quarter(span: Span | None, text: str | None, fiscal: int) -> Period:
    """The quarter asked for, else the newest whole one."""
    if span is None:
        raise WarehouseError("There is no performance data for this review.", "Load a file first: python -m analytics load FILE")
    if not text:
        newest = latest_complete(Grain.QUARTER, span.last_day, fiscal)
        return newest if newest.end >= span.first_day else newest.next()
    chosen, there = Period.parse(text, fiscal), span.periods(Grain.QUARTER, fiscal)
    if chosen.grain is not Grain.QUARTER:
        raise UsageError(f"'{text}' is not a quarter.", f"Write it like {there[0].id}.")
    if chosen not in there:
        raise UsageError(f"There is no data of {chosen.label}.", f"The data has {there[-1].id} to {there[0].id}.")
    return chosen
