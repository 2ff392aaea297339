"""What a workbook's cells show and their values do not say: percentages, hours and minutes, formulas nobody worked out."""

from datetime import time
from pathlib import Path

import pytest
import xlsxwriter

from analytics.intake import Preview, parse_recipe, preview

RECIPE = """shape = "aggregates"
source = "deck"
[dimensions]
period_start = {{column = "Day", grain = "day"}}
vendor = {{constant = "Acme"}}
[measures]
contacts_handled = {{column = "Answered"}}
[kpis]
{kpi} = {{column = "Result", unit = "{unit}", weight = "contacts_handled"}}
"""


def read(folder: Path, cells: list, shown: str, kpi: str = "average_handle_time", unit: str = "mm:ss", answered: object = 100) -> Preview:
    book = xlsxwriter.Workbook(str(folder / "deck.xlsx"))
    sheet, how = book.add_worksheet(), book.add_format({"num_format": shown})
    sheet.write_row(0, 0, ["Day", "Answered", "Result"])
    for row, cell in enumerate(cells, 1):
        sheet.write(row, 0, f"2026-03-{row:02d}")
        sheet.write(row, 1, answered, None, *([""] if isinstance(answered, str) else []))
        sheet.write(row, 2, cell, how)
    book.close()
    return preview(folder / "deck.xlsx", "deck.xlsx", parse_recipe(RECIPE.format(kpi=kpi, unit=unit), "deck"))


def shares(found: Preview) -> list[float]:
    assert found.reading is not None
    return found.reading.tables["scorecard_rows"].column("actual").to_pylist()


@pytest.mark.parametrize("shown", ["h:mm", "hh:mm", "[h]:mm"])
def test_five_ten_shown_as_hours_is_read_as_five_minutes_ten_where_the_recipe_says_so(tmp_path: Path, shown: str) -> None:
    found = read(tmp_path, [time(5, 10), time(4, 30)], shown)
    assert found.accepted_frame()["handle_seconds"].astype(int).tolist() == [31_000, 27_000]
    (issue,) = found.issues
    assert (issue.code, issue.column) == ("as_shown", "Result") and 'unit = "h:mm"' in issue.remedy


@pytest.mark.parametrize(
    ("cells", "shown", "unit"),
    [
        ([time(5, 10), time(0, 30)], "h:mm", "mm:ss"),  # half an hour is no 30 s
        ([time(5, 10, 20)], "h:mm", "mm:ss"),
        ([time(5, 10)], "[mm]:ss", "mm:ss"),
        ([time(5, 10)], "h:mm", "h:mm"),
    ],
)
def test_other_clocks_are_what_the_workbook_holds(tmp_path: Path, cells: list[time], shown: str, unit: str) -> None:
    found = read(tmp_path, cells, shown, unit=unit)
    first = cells[0].hour * 3600 + cells[0].minute * 60 + cells[0].second
    assert int(found.accepted_frame()["handle_seconds"].iloc[0]) == first * 100
    assert not [issue for issue in found.issues if issue.code == "as_shown"]


@pytest.mark.parametrize("shown", ["0%", "0.00%", '0.0 "of"%'])
def test_a_cell_shown_in_percent_is_percent(tmp_path: Path, shown: str) -> None:
    assert shares(read(tmp_path, [0.9, 0.805], shown, "csat", "percent")) == [0.9, 0.805]


def test_a_number_without_a_percent_format_is_judged_as_in_any_file(tmp_path: Path) -> None:
    assert read(tmp_path, [0.9, 0.805], "0.00", "csat", "percent").issues[1].code == "percent_or_fraction"
    assert shares(read(tmp_path, [90, 80.5], "0.00", "csat", "percent")) == [0.9, 0.805]


def test_a_formula_nobody_worked_out_refuses_its_row(tmp_path: Path) -> None:
    found = read(tmp_path, [time(0, 5)], "[mm]:ss", answered="=90+10")
    issue = found.issues[1]
    assert (issue.line, issue.column, issue.code) == (2, "Answered", "formula")
    assert "B2 is a formula without a value" in issue.message and "save it" in issue.remedy
