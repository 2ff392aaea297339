"""What must be known of a grid to read it: how many vendors its totals cover, and which values are only reported."""

from collections import Counter
from collections.abc import Iterable

from analytics.catalogue import KPIS
from analytics.catalogue.units import NOT_MEASURED_TEXT
from analytics.performance.verdict import label_in_sentence
from analytics.review.model import Grid, Result
from analytics.wording import listed

REPORTED_MARK = "*"
_ONLY = " only"
_NOTHING = ("", NOT_MEASURED_TEXT)


def shared_coverage(results: Iterable[Result]) -> str:
    """'4 of 5 vendors', as most of the totals have it, of one vendor '3 of 3 months'; '' without any."""
    measured = [result for result in results if result.measured]
    totals = [result for result in measured if not result.vendor]
    found = Counter(result.vendors_covered for result in totals or measured)
    return found.most_common(1)[0][0] if found else ""


def grid_words(grid: Grid, mark: str = REPORTED_MARK) -> tuple[str, ...]:
    """What a legend says beside the marks: 'All: totals of 4 of 5 vendors', and of a star (or other `mark`) where one stands."""
    covered = shared_coverage(grid.results) if len(grid.vendors) > 1 else ""
    reported = reported_words(grid.results, mark)
    return (*((f"All: totals of {covered}",) if covered else ()), *((reported,) if reported else ()))


def reported_words(results: Iterable[Result], mark: str = REPORTED_MARK) -> str:
    """'* as the vendor reports it: Sep 2026 only'; '' where nothing is only reported."""
    found = [result for result in results if result.is_reported and result.measured]
    parts = dict.fromkeys(part for result in found if (part := reported_part(result)))
    when = f": {listed([f'{part}{_ONLY}' for part in parts])}" if parts else ""
    return f"{mark} as the vendor reports it{when}" if found else ""


def reported_part(result: Result) -> str:
    """'Sep 2026', the part of the quarter that a vendor reports a result for; '' where it stands for all of it."""
    first = result.coverage.partition(",")[0]
    return first.removesuffix(_ONLY) if result.is_reported and first.endswith(_ONLY) else ""


def valued(result: Result, text: str = "") -> str:
    """'80.6 %' (or another `text` of the value), of a part of the quarter '80.6 % (reported for Sep 2026)'."""
    part, words = reported_part(result), text or result.value_text
    return f"{words} (reported for {part})" if part else words


def months_words(result: Result) -> str:
    """'each month by itself', where a month of the line is not what the value counts: a KPI over 12 months; else ''."""
    return "each month by itself" if result.kpi in KPIS and KPIS[result.kpi].window_months else ""


def line_words(results: Iterable[Result]) -> str:
    """'Line of attrition: each month by itself', of those results whose value is made of more months; '' without any."""
    found = dict.fromkeys(label_in_sentence(result.kpi) for result in results if months_words(result) and result.measured)
    return f"Line of {listed(list(found))}: each month by itself" if found else ""


def starred(result: Result, words: str) -> str:
    """The value of a cell, with a star when it is only reported."""
    return f"{words}{REPORTED_MARK}" if result.is_reported and result.measured else words


def grid_target(grid: Grid, kpi: str) -> str:
    """The target of a KPI: the one all share; else that of all together 'or own', for some vendors have another; '' without any."""
    texts = {result.vendor: result.target_text for result in grid.results if result.kpi == kpi and result.target_text not in _NOTHING}
    if len(set(texts.values())) < 2:
        return next(iter(texts.values()), "")
    return f"{texts['']} or own" if "" in texts else "own targets"
