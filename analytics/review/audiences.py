"""The review for whom it is meant: a vendor's own is made from what exists for that vendor alone."""

from dataclasses import replace

from analytics.asking import Reader
from analytics.errors import UsageError, unknown
from analytics.options import filter_options
from analytics.review.facts import ReviewRequest
from analytics.review.model import Audience, QuarterlyReview
from analytics.review.quarterly import quarterly_review
from analytics.warehouse.scope import Scope


def scope_for(store: Reader, scope: Scope, audience: Audience, vendor: str) -> Scope:
    """Who a review of this audience is made for: everybody in `scope`, or the one vendor, for whom nobody else exists.

    A vendor's review without its vendor, or of one that does not exist for `scope`: `UsageError`.
    """
    if audience is not Audience.VENDOR:
        return scope
    if not vendor:
        raise UsageError("A vendor's review needs its vendor.", "Name one vendor.")
    known = filter_options(store, scope)["vendor"]
    if vendor not in known:
        raise unknown("vendor", vendor, known)
    return Scope.of(scope.user, [vendor])


def review_for(store: Reader, scope: Scope, request: ReviewRequest, vendor: str = "") -> QuarterlyReview:
    """The review of a request; for a vendor nothing outside its scope is in any number, rank, count or sentence."""
    within = scope_for(store, scope, request.audience, vendor)
    if request.audience is Audience.VENDOR:
        request = replace(request, filters=replace(request.filters, vendor=()))
    return quarterly_review(store, within, request)
