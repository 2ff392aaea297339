"""Cells of the tables of a review: as they are printed, and the number or day behind it."""

from datetime import date

from analytics.catalogue.units import Unit
from analytics.periods import day_text
from analytics.review.model import Cell, Result

NOTHING = Cell("")


def text_cell(words: str, status: str = "") -> Cell:
    """Plain words."""
    return Cell(words, status=status)


def count_cell(count: int, *, zero: str = "0") -> Cell:
    """A whole number; `zero` is what is printed for none."""
    return Cell(f"{count:,}" if count else zero, float(count), Unit.COUNT.value)


def day_cell(day: date | None) -> Cell:
    """'15 Oct 2026'."""
    return Cell(day_text(day), day) if day else NOTHING


def share_cell(text: str, share: float) -> Cell:
    """A share between 0 and 1 with its printed form."""
    return Cell(text, share, Unit.PERCENT.value)


def value_cell(result: Result) -> Cell:
    """The value of a result with its unit and status."""
    return Cell(result.value_text, result.value, result.unit, result.currency, result.status)


def previous_cell(result: Result) -> Cell:
    """The value it is compared with."""
    return Cell(result.previous_text, result.previous, result.unit, result.currency)


def level_cell(result: Result) -> Cell:
    """What it is held against, with its comparator."""
    return Cell(result.target_text, result.target, result.unit, result.currency)
