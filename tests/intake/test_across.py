"""A column per month: turned, refused cells named by line and month, found again from a number, corrected."""

from pathlib import Path

import pandas as pd
import pytest

from analytics.errors import IntakeError
from analytics.intake import parse_recipe, preview
from analytics.intake.keeping import keep
from analytics.intake.proposal import recipe_for
from analytics.intake.quarantine import fix, refused_cells
from analytics.intake.rows_behind import LINE, rows_behind
from analytics.warehouse import Warehouse
from tests.rows import EVERYTHING

RECIPE = """shape = "scorecard"
source = "deck"
[rows]
months_across = "Result"
[dimensions]
period_start = {column = "Month", grain = "month", format = "%b-%y"}
vendor = {column = "Vendor"}
[scorecard]
kpi = {column = "KPI"}
unit = {column = "Unit"}
actual = {column = "Result"}
"""
DECK = b"""Vendor,KPI,Unit,Jan-26,Feb-26,Owner,Mar-26
Beta,FCR,%,81.5,oops,Kim,
Beta,AHT,sec,310,305,Lee,n/a
Beta,CSAT,%,1,900,Lee,90
"""


def test_cells_are_rows_and_what_is_refused_is_named_by_line_and_month() -> None:
    read = preview(DECK, "deck.csv", parse_recipe(RECIPE, "deck"))
    assert (read.rows_accepted, read.rows_rejected) == (5, 2)
    assert read.rejects_frame(9)[["line", "column"]].values.tolist() == [[2, "Feb-26"], [4, "Feb-26"]]
    kept = read.accepted_frame()
    assert [f"{day:%b}" for day in pd.to_datetime(kept[kept["kpi"] == "average_handle_time"]["period_start"])] == ["Jan", "Feb"]


def test_two_rows_about_the_same_month_are_refused_month_by_month() -> None:
    read = preview(b"Vendor,KPI,Unit,Jan-26,Feb-26\nBeta,FCR,%,81,82\nBeta,FCR,%,80,\n", "deck.csv", parse_recipe(RECIPE, "deck"))
    assert read.rows_accepted == 1
    assert read.rejects_frame(9)[["line", "column"]].values.tolist() == [[2, "Jan-26"], [3, "Jan-26"]]


def test_rows_of_the_file_and_corrections_know_the_month(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path)
    batch = str(keep(warehouse, preview(DECK, "deck.csv", parse_recipe(RECIPE, "deck"))).batch)
    keys = pd.DataFrame([{"period_start": pd.Timestamp(2026, 2, 1), "vendor": "Beta", "site": None, "lob": None, "channel": None}])
    found = rows_behind(warehouse.open(), EVERYTHING, warehouse.originals, batch, keys)
    assert found.rows[[LINE, "KPI", "Month", "Result"]].to_dict("list") == {
        LINE: [3],
        "KPI": ["AHT"],
        "Month": ["Feb-26"],
        "Result": ["305"],
    }
    assert "Feb-26" in refused_cells(warehouse.open(), EVERYTHING, warehouse.originals, batch, 10).read
    report = fix(warehouse, batch, {2: {"Feb-26": "82"}})
    assert (report.rows_accepted, report.rows_rejected) == (6, 1)


def test_a_stored_recipe_fits_the_next_months_and_no_table_of_one_month_per_row() -> None:
    recipe = parse_recipe(RECIPE, "deck")
    assert recipe_for(["Vendor", "KPI", "Unit", "Apr-26", "May-26"], [recipe]) == [recipe]
    assert recipe_for(["Vendor", "KPI", "Unit", "Month", "Result"], [recipe]) == []
    read = preview(b"Vendor,KPI,Unit,April\nBeta,FCR,%,80\n", "deck.csv", recipe)
    assert read.refusal and "no column of the file is named like a period ('%b-%y')" in read.refusal.message


def test_months_need_a_column_to_go_into() -> None:
    with pytest.raises(IntakeError, match="months_across") as caught:
        parse_recipe(RECIPE.replace('{column = "Month", grain', '{constant = "Jan-26", grain'), "deck")
    assert "period_start = {column" in caught.value.remedy
    contacts = RECIPE.replace('shape = "scorecard"', 'shape = "interactions"').partition("[scorecard]")[0]
    with pytest.raises(IntakeError, match="months_across"):
        parse_recipe(contacts + "[measures]\ncontacts_handled = {count = true}\n", "deck")
