"""Fractions where percent is declared: 0.805 would be 0.8 %."""

import pytest

from analytics.intake import Level, parse_recipe, preview
from analytics.intake.preview import Preview

TOP = 'shape = "{shape}"\nsource = "deck"\n[dimensions]\nperiod_start = {{column = "Day", grain = "day"}}\nvendor = {{constant = "Acme"}}\n'
TOTALS = TOP.format(shape="aggregates") + '[measures]\ncontacts_offered = {column = "Calls"}\n[kpis]\n'
LONG = TOP.format(shape="scorecard") + (
    '[scorecard]\nkpi = {column = "KPI"}\nactual = {column = "Result"}\nunit = {column = "Unit"}\ntarget = {column = "Target"}\n'
)


def read(recipe: str, *rows: str) -> Preview:
    return preview("\n".join(rows).encode(), "file.csv", parse_recipe(recipe, "file"))


def totals(kpi: str, *cells: str, unit: str = "percent") -> Preview:
    recipe = TOTALS + f'{kpi} = {{column = "Share", unit = "{unit}", weight = "contacts_offered"}}\n'
    return read(recipe, "Day,Calls,Share", *(f"2026-03-{day:02d},200,{cell}" for day, cell in enumerate(cells, 1)))


def test_a_service_level_of_at_most_one_percent_in_a_whole_column_is_refused() -> None:
    found = totals("service_level", "0.805", "0.9", "0")
    assert (found.rows_accepted, found.rows_rejected) == (0, 3)
    issue = found.issues[1]
    assert (issue.code, issue.line, issue.column) == ("percent_or_fraction", 2, "Share")
    assert "'0.805' in percent would be 0.805 % of service level" in issue.message and 'unit = "fraction"' in issue.remedy


@pytest.mark.parametrize("cells", [("80.5", "0.9"), ("0.8 %", "0.9%"), ("0", "0"), ("1.1",)])
def test_one_cell_above_one_a_percent_sign_or_nothing_but_zeros_leave_no_doubt(cells: tuple[str, ...]) -> None:
    assert totals("service_level", *cells).rows_rejected == 0


def test_fractions_that_are_declared_are_no_matter() -> None:
    assert totals("service_level", "0.805", "0.9", unit="fraction").rows_rejected == 0


def test_a_low_abandonment_rate_is_stored_with_a_warning() -> None:
    found = totals("abandonment_rate", "0.04", "0.05")
    assert found.rows_accepted == 2
    (issue,) = found.issues
    assert (issue.level, issue.code, issue.line, issue.count) == (Level.WARNING, "percent_or_fraction", 2, 2)
    assert issue.message == "No abandonment rate is above 1 %: '0.04' in percent would be 0.04 % of abandonment rate."


def test_a_target_of_a_fraction_beside_actuals_in_percent_is_refused() -> None:
    found = read(LONG, "Day,KPI,Result,Unit,Target", "2026-03-01,FCR,81,%,0.8", "2026-03-01,CSAT,91,%,90")
    assert found.rows_accepted == 1
    issue = found.issues[0]
    assert (issue.line, issue.column) == (2, "Target") and "'0.8' in percent" in issue.message


def test_a_cell_with_its_own_sign_is_percent_whatever_the_unit_column_says() -> None:
    found = read(LONG, "Day,KPI,Result,Unit,Target", "2026-03-01,FCR,81 %,fraction,0.8")
    assert found.rows_rejected == 0
    assert found.accepted_frame()[["actual", "target"]].to_numpy().tolist() == [[0.81, 0.8]]
