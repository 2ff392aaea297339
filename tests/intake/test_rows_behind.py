"""From a number to the rows of its file: contacts, events, totals, results, a workbook; and an original that was changed."""

from datetime import date
from pathlib import Path

import pytest

from analytics.asking import KpiQuery
from analytics.errors import WarehouseError
from analytics.filters import Filters
from analytics.intake import keep, preview
from analytics.intake.recipe_text import parse_recipe
from analytics.intake.rows_behind import FileRows, rows_behind
from analytics.lineage import origin, origin_keys
from analytics.periods import Grain
from analytics.warehouse import Scope, Warehouse
from tests.rows import EVERYTHING

TOTALS = """shape = "aggregates"
source = "acd"
[dimensions]
period_start = {column = "Date", grain = "day"}
vendor = {column = "Vendor"}
[measures]
contacts_handled = {column = "Calls"}
"""
CONTACTS = """shape = "interactions"
source = "acd"
[rows]
exclude = [{column = "Vendor", equals = ["Test"]}]
[dimensions]
period_start = {column = "Date", grain = "day"}
vendor = {column = "Vendor"}
[measures]
contacts_handled = {count = true}
"""
EVENTS = """shape = "events"
source = "desk"
[rows]
fold_by = "Ticket"
order_by = {column = "Revision", type = "integer"}
[dimensions]
period_start = {column = "Date", grain = "day"}
vendor = {column = "Vendor"}
[measures]
contacts_handled = {count = true}
"""
CALLS = """Date,Vendor,Note
2026-07-01,Acme,first
2026-07-01,Test,left out
2026-07-01,Acme,"two
lines"
2026-07-02,Acme,another day
2026-07-01,Bolt,another vendor
oops,Acme,refused
2026-07-01,Acme,=last
"""
TICKETS = """Ticket,Revision,Date,Vendor
T1,9,2026-07-01,Acme
T1,10,2026-07-01,Acme
T2,1,2026-07-01,Acme
T2,2,2026-07-02,Acme
"""


def behind(folder: Path, recipe: str, content: str, name: str = "calls.csv") -> FileRows:
    """The rows behind the contacts Acme handled on 1 July, of a file stored by this recipe."""
    warehouse = Warehouse(folder)
    stored = keep(warehouse, preview(content.encode(), name, parse_recipe(recipe, "test")))
    assert stored.batch
    return again(warehouse, stored.batch)


def again(warehouse: Warehouse, batch: str) -> FileRows:
    store, day = warehouse.open(), date(2026, 7, 1)
    found = origin(store, EVERYTHING, KpiQuery(("contacts_handled",), Grain.DAY, day, day, (), Filters(vendor=("Acme",))))
    return rows_behind(store, EVERYTHING, warehouse.originals, batch, origin_keys(store, EVERYTHING, found, batch))


def test_contacts_are_found_with_their_lines_and_cells_as_they_came(tmp_path: Path) -> None:
    found = behind(tmp_path, CONTACTS, CALLS)
    assert found.count == 3
    assert found.rows.values.tolist() == [
        [2, "2026-07-01", "Acme", "first"], [4, "2026-07-01", "Acme", "two\nlines"], [9, "2026-07-01", "Acme", "=last"],
    ]  # fmt: skip


def test_contacts_of_a_plain_text_are_found_where_it_lies(tmp_path: Path) -> None:
    found = behind(tmp_path, CONTACTS, "Date,Vendor\n2026-07-02,Acme\n2026-07-01,Acme\nx,Acme\n2026-07-01,Acme\n")
    assert list(found.rows["line of the file"]) == [3, 5]


def test_of_events_the_one_that_stands_for_its_contact(tmp_path: Path) -> None:
    assert behind(tmp_path, EVENTS, TICKETS).rows.values.tolist() == [[3, "T1", "10", "2026-07-01", "Acme"]]


def test_a_row_of_totals_is_its_line(tmp_path: Path) -> None:
    found = behind(tmp_path, TOTALS, "Date,Vendor,Calls\n2026-07-02,Acme,7\n2026-07-01,Acme,5\n2026-07-03,Acme,many\n")
    assert (found.count, found.rows.values.tolist()) == (1, [[3, "2026-07-01", "Acme", "5"]])


def test_columns_of_one_name_are_told_apart(tmp_path: Path) -> None:
    found = behind(tmp_path, TOTALS, "Date,Vendor,Calls,Note,Note\n2026-07-01,Acme,5,a,b\n")
    assert list(found.rows.columns) == ["line of the file", "Date", "Vendor", "Calls", "Note", "Note (2)"]


def test_an_original_that_is_gone_or_was_changed_is_named(tmp_path: Path) -> None:
    behind(tmp_path, TOTALS, "Date,Vendor,Calls\n2026-07-01,Acme,5\n")
    (kept,) = [path for path in Warehouse(tmp_path).originals.iterdir() if path.suffix == ".csv"]
    kept.chmod(0o600)
    kept.write_text("Date,Vendor,Calls\n2026-07-01,Acme,500\n", encoding="utf-8")
    with pytest.raises(WarehouseError, match=r"The original of calls.csv \(b0001\) is not in"):
        again(Warehouse(tmp_path), "b0001")


def test_a_batch_of_another_vendor_does_not_exist_for_a_scope(tmp_path: Path) -> None:
    behind(tmp_path, TOTALS, "Date,Vendor,Calls\n2026-07-01,Acme,5\n")
    warehouse = Warehouse(tmp_path)
    store, day = warehouse.open(), date(2026, 7, 1)
    keys = origin_keys(store, EVERYTHING, origin(store, EVERYTHING, KpiQuery(("contacts_handled",), Grain.DAY, day, day)), "b0001")
    with pytest.raises(WarehouseError, match="not known"):
        rows_behind(store, Scope.of("bolt", ["Bolt"]), warehouse.originals, "b0001", keys)
