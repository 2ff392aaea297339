"""What must be known of a grid to read it: how many vendors its totals cover, and which values are only reported."""

from collections import Counter
from collections.abc import Iterable

from analytics.review.model import Grid, Result

REPORTED_MARK = "*"
REPORTED_WORDS = f"{REPORTED_MARK} as the vendor reports it, in no total"


def shared_coverage(results: Iterable[Result]) -> str:
    """'4 of 5 vendors', as most of the totals have it; '' without any."""
    found = Counter(result.vendors_covered for result in results if not result.vendor and result.measured)
    return found.most_common(1)[0][0] if found else ""


def grid_words(grid: Grid) -> tuple[str, ...]:
    """What a legend says beside the marks: 'All: totals of 4 of 5 vendors', and of a star where one stands."""
    covered = shared_coverage(grid.results)
    reported = any(result.is_reported for result in grid.results)
    return (*((f"All: totals of {covered}",) if covered and len(grid.vendors) > 1 else ()), *((REPORTED_WORDS,) if reported else ()))


def starred(result: Result, words: str) -> str:
    """The value of a cell, with a star when it is only reported."""
    return f"{words}{REPORTED_MARK}" if result.is_reported and result.measured else words
