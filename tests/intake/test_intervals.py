"""Calls in 5-minute rows, open from Friday morning to Tuesday noon: intervals add up to days, and what is absent is missing, not zero."""

from datetime import date, datetime, timedelta

import pandas as pd
import pytest

from analytics.intake import Status, load_file, parse_recipe
from analytics.periods import Grain
from analytics.warehouse import Warehouse
from tests.query.questions import ask

RECIPE = """shape = "aggregates"
source = "switchboard"
[rows]
duplicates = "sum"
[dimensions]
period_start = {column = "DateTime", grain = "day", format = "%Y-%m-%d %H:%M:%S"}
vendor = {constant = "Bank"}
[measures]
contacts_offered = {column = "Calls"}
contacts_handled = {column = "Calls"}
"""
OPENS, CLOSES = timedelta(hours=7), timedelta(hours=9)
# Friday, Monday and Tuesday; no rows at night, none at the weekend. 24 intervals a day.
CALLS = {date(2026, 3, 6): 10, date(2026, 3, 9): 20, date(2026, 3, 10): 15}


def interval_rows() -> str:
    """DateTime,Calls: every five minutes from 7 to 9, the same number of calls in each interval of a day."""
    lines = ["DateTime,Calls"]
    for day, calls in CALLS.items():
        start = datetime(day.year, day.month, day.day)
        lines += [f"{start + OPENS + timedelta(minutes=5 * step)},{calls}" for step in range((CLOSES - OPENS) // timedelta(minutes=5))]
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> dict[date, float | None]:
    """Day -> calls, as the dashboard asks for them."""
    folder = tmp_path_factory.mktemp("intervals")
    file = folder / "calls.csv"
    file.write_text(interval_rows(), encoding="utf-8")
    warehouse = Warehouse(folder / "warehouse")
    report = load_file(warehouse, file, parse_recipe(RECIPE, "intervals"))
    assert (report.status, report.rows_read, report.rows_accepted) == (Status.STORED, 72, 72)
    frame = ask(warehouse.open(), "contacts_handled", grain=Grain.DAY, days=(min(CALLS), max(CALLS)))
    return {day.date(): None if pd.isna(value) else value for day, value in zip(frame["period"], frame["value"], strict=True)}


def test_intervals_add_up_to_days(days: dict[date, float | None]) -> None:
    assert {day: value for day, value in days.items() if value is not None} == {day: 24 * calls for day, calls in CALLS.items()}


def test_days_without_rows_are_missing_and_not_zero(days: dict[date, float | None]) -> None:
    assert (days[date(2026, 3, 7)], days[date(2026, 3, 8)]) == (None, None)
    assert 0 not in days.values()
