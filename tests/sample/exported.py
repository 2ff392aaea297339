"""The sample's files read with the standard library only: what a person with a spreadsheet would see."""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample"
ACD_KEY = ("Date", "Vendor", "Site", "Line of business", "Channel")
DATE_FORMATS = {"Date": "%Y-%m-%d", "Contact date": "%Y-%m-%d", "Week starting": "%Y-%m-%d", "Day": "%d/%m/%Y", "Month": "%Y-%m"}
Row = dict[str, str]


@cache
def rows(name: str) -> list[Row]:
    """Every row of a file."""
    with (SAMPLE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def corrected_acd() -> list[Row]:
    """The telephone export with the corrected rows in the place of those they replace."""
    by_key = {tuple(row[column] for column in ACD_KEY): row for row in rows("acd_daily.csv")}
    by_key |= {tuple(row[column] for column in ACD_KEY): row for row in rows("acd_correction_northline.csv")}
    return list(by_key.values())


def day_of(row: Row) -> date:
    """The day that decides which month a row belongs to: of a week its Thursday."""
    column = next(column for column in DATE_FORMATS if column in row)
    day = datetime.strptime(row[column], DATE_FORMATS[column]).date()
    return day + timedelta(days=3) if column == "Week starting" else day


def in_report_quarter(found: Iterable[Row]) -> list[Row]:
    """The rows of July to September 2026."""
    return [row for row in found if date(2026, 7, 1) <= day_of(row) <= date(2026, 9, 30)]


def total(found: Iterable[Row], *columns: str) -> float:
    """The sum of one or more columns."""
    return sum(float(row[column]) for row in found for column in columns)


def handle_time(found: list[Row]) -> float:
    """Seconds per answered contact."""
    return total(found, "Talk time (s)", "Hold time (s)", "Wrap-up time (s)") / total(found, "Answered")


def share(above: str, below: str) -> Callable[[list[Row]], float]:
    """The function that divides the sums of two columns."""
    return lambda found: total(found, above) / total(found, below)


def monthly(found: Iterable[Row], measure: Callable[[list[Row]], float], **only: str) -> dict[str, float]:
    """Month -> measure, for rows whose columns have the given texts ('Partner' answers to Vendor)."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in found:
        named = row | {"Vendor": row.get("Vendor") or row.get("Partner", "")}
        if all(named[column] == text for column, text in only.items()):
            groups[f"{day_of(row):%Y-%m}"].append(row)
    return {month: measure(group) for month, group in sorted(groups.items())}
