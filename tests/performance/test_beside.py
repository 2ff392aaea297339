"""The earlier line: whole with whole, days with the same weekday, and what has no counterpart."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from analytics.asking import KpiQuery
from analytics.performance.beside import Beside, beside_words, shown_periods, with_beside
from analytics.periods import Grain, Period
from analytics.query import kpi_frame
from tests.rows import EVERYTHING, store_of


@pytest.mark.parametrize(
    ("beside", "grain", "day", "periods", "then", "words"),
    [
        (Beside.LAST_YEAR, Grain.MONTH, date(2026, 9, 1), 24, "2025-09", "the same months last year"),
        (Beside.PREVIOUS, Grain.MONTH, date(2026, 9, 1), 24, "2024-09", "the 24 months before"),
        (Beside.PREVIOUS, Grain.QUARTER, date(2026, 7, 1), 1, "2026-Q2", "the quarter before"),
        (Beside.LAST_YEAR, Grain.WEEK, date(2021, 1, 4), 53, "2020-W02", "the same weeks last year"),
        (Beside.LAST_YEAR, Grain.DAY, date(2024, 2, 29), 92, "2023-03-02", "the same weekdays 52 weeks earlier"),
        (Beside.PREVIOUS, Grain.DAY, date(2026, 9, 30), 92, "2026-06-24", "the days 14 weeks earlier"),
        (Beside.PREVIOUS, Grain.DAY, date(2026, 9, 30), 7, "2026-09-23", "the days 1 week earlier"),
    ],
)
def test_what_is_set_beside(beside: Beside, grain: Grain, day: date, periods: int, then: str, words: str) -> None:
    assert beside.of(Period.of(grain, day), periods).id == then
    assert beside.words(grain, periods) == words
    if grain is Grain.DAY:
        assert beside.of(Period.of(grain, day), periods).start.weekday() == day.weekday()


def test_periods_of_a_range() -> None:
    assert shown_periods(Grain.MONTH, date(2025, 1, 1), date(2026, 3, 31)) == 15
    assert shown_periods(Grain.DAY, date(2026, 7, 1), date(2026, 7, 1)) == 1


def test_only_whole_months_are_compared(tmp_path: Path) -> None:
    """Days from 10 January 2025 to 14 March 2026, 10 contacts a day: January 2025 and March 2026 are not whole."""
    days = [date.fromordinal(day) for day in range(date(2025, 1, 10).toordinal(), date(2026, 3, 15).toordinal())]
    store = store_of(tmp_path, [{"period_start": day, "contacts_handled": 10} for day in days])
    query = KpiQuery(("contacts_handled",), Grain.MONTH, date(2026, 1, 1), date(2026, 3, 31))
    series = with_beside(store, EVERYTHING, query, kpi_frame(store, EVERYTHING, query), Beside.LAST_YEAR)
    assert series["value"].tolist() == [310, 280, 140]
    assert np.isnan(series["beside"].iat[0]) and series["beside"].iat[1] == 280 and np.isnan(series["beside"].iat[2])
    assert series["beside_text"].tolist() == ["", "Feb 2025: 280, 28 of 28 days", ""]
    assert beside_words(series, Beside.LAST_YEAR, query) == (
        "Thin line: the same months last year, whole months only; 1 month without counterpart."
    )


def test_nothing_earlier_is_said_and_without_a_choice_nothing_changes(tmp_path: Path) -> None:
    store = store_of(tmp_path, [{"period_start": date(2026, 7, day), "contacts_handled": 10} for day in range(1, 32)])
    query = KpiQuery(("contacts_handled",), Grain.DAY, date(2026, 7, 1), date(2026, 7, 31))
    frame = kpi_frame(store, EVERYTHING, query)
    assert with_beside(store, EVERYTHING, query, frame, None) is frame
    assert with_beside(store, EVERYTHING, query, frame[:0], Beside.PREVIOUS).empty
    beside = with_beside(store, EVERYTHING, query, frame, Beside.PREVIOUS)
    assert beside_words(beside, Beside.PREVIOUS, query) == "Nothing whole is known of the days 5 weeks earlier, so no line stands beside."
