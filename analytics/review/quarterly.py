"""The quarterly review: the facts of a quarter made into one frozen value, for the page, the packs and the editions alike."""

from dataclasses import replace

from analytics.asking import Reader
from analytics.catalogue import Kpi, Unit, find_kpi, formula
from analytics.performance.change import compared_words
from analytics.periods import MONTH_NAMES_IN_FULL, Period, day_text
from analytics.review.commentary import commentary, with_commentary
from analytics.review.deliveries import deliveries_of
from analytics.review.facts import Facts, ReviewRequest
from analytics.review.model import Definition, QuarterlyReview
from analytics.review.narrative import headline
from analytics.review.sections import SECTIONS
from analytics.warehouse.scope import Scope
from analytics.wording import counted

_UNITS = {Unit.SECONDS: "minutes and seconds"}  # as its values are printed


def quarterly_review(store: Reader, scope: Scope, request: ReviewRequest) -> QuarterlyReview:
    """The review of a quarter as it exists for `scope`, with what people wrote in it.

    For a vendor give the scope of that vendor alone: what is not in its scope is in no number, rank, count or sentence.
    """
    facts, quarter = Facts(store, scope, request), request.quarter
    sections = [declared.build(facts) for declared in SECTIONS if request.audience in declared.audiences]
    review = QuarterlyReview(
        audience=request.audience,
        quarter=quarter.id,
        label=quarter.label,
        months=_months(quarter),
        first_day=quarter.start,
        last_day=quarter.end,
        compared=compared_words(facts.pair),
        scope=_scope_words(facts),
        coverage=_coverage_words(facts),
        data_until=facts.span.last_day if facts.span else None,
        vendors=facts.vendors,
        headline=headline(facts),
        sections=tuple(section for section in sections if section is not None),
        definitions=(),
        deliveries=deliveries_of(facts),
    )
    kpis = dict.fromkeys(result.kpi for result in review.results)
    defined = replace(review, definitions=tuple(_definition(find_kpi(kpi)) for kpi in kpis))
    return with_commentary(defined, commentary(store, scope, defined, request.filters))


def _months(quarter: Period) -> str:
    """'July to September'."""
    return f"{MONTH_NAMES_IN_FULL[quarter.start.month - 1]} to {MONTH_NAMES_IN_FULL[quarter.end.month - 1]}"


def _scope_words(facts: Facts) -> str:
    """'5 of 5 vendors', and what else the filters leave."""
    there = {result.vendor for result in facts.results if result.vendor and result.measured}
    vendors = f"{len(there)} of {counted(len(facts.vendors), 'vendor')}" if len(facts.vendors) > 1 else "".join(facts.vendors)
    others = [", ".join(values) for dimension, values in facts.request.filters.chosen() if dimension != "vendor"]
    return " · ".join(part for part in (vendors or "no vendor", *others) if part)


def _coverage_words(facts: Facts) -> str:
    """'data to 14 Aug 2026' of a quarter that is not over; '' when all of it is there."""
    if facts.span is None or facts.span.covers(facts.quarter):
        return ""
    if facts.span.first_day > facts.quarter.start:
        return f"data from {day_text(facts.span.first_day)}"
    return f"data to {day_text(facts.span.last_day)}"


def _definition(kpi: Kpi) -> Definition:
    return Definition(kpi.id, kpi.label, formula(kpi), kpi.definition, _UNITS.get(kpi.unit, kpi.unit.value), kpi.source, kpi.note)
