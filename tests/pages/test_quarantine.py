"""Refused rows on Batches and quality: seen, corrected in place, read again, and said which batch stands for which."""

import json
from pathlib import Path

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from analytics.intake import load_file, parse_recipe
from analytics.undoing import undo
from analytics.warehouse import Scope, Warehouse
from pages.components.quarantine_view import LEFT_OUT
from tests.pages.screen import open_page, page_text, plain, press

PAGE = "data/batches_and_quality"
RECIPE = """shape = "aggregates"
source = "acd"
[dimensions]
period_start = {column = "Date", grain = "day"}
vendor = {column = "Vendor"}
[measures]
contacts_offered = {column = "Calls"}
"""
ROWS = "Date,Vendor,Calls,Note\n2026-01-05,Acme,1,ok\n2026-01-06,Acme,x,write to jane@acme.com\n2026-01-07,Acme,-3,ok\n"


@pytest.fixture
def warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Warehouse:
    warehouse = Warehouse(tmp_path / "warehouse")
    path = tmp_path / "calls.csv"
    path.write_text(ROWS, encoding="utf-8")
    load_file(warehouse, path, parse_recipe(RECIPE, "calls"))
    monkeypatch.setenv("BPO_WAREHOUSE", str(warehouse.folder))
    return warehouse


def edit(session: AppTest, edited: dict[int, dict[str, object]]) -> AppTest:
    """Press 'Store the corrected rows' with these cells changed; AppTest knows no editor, so its state is sent as the browser does."""
    (editor,) = [element for element in session.main if element.type == "dataframe" and element.proto.id]
    (button,) = [button for button in session.main.button if plain(button.label) == "Store the corrected rows"]
    button.click()
    states = session._tree.get_widget_states()
    changes = {"edited_rows": {str(row): cells for row, cells in edited.items()}, "added_rows": [], "deleted_rows": []}
    states.widgets.append(WidgetState(id=editor.proto.id, string_value=json.dumps(changes)))
    return session._run(states)


def offered(warehouse: Warehouse) -> list[int]:
    found = warehouse.open().select(Scope.everything(), "SELECT contacts_offered FROM performance ORDER BY period_start")
    return [int(value) for value in found["contacts_offered"]]


@pytest.mark.slow
def test_a_refused_row_is_corrected_and_the_batch_says_so(warehouse: Warehouse) -> None:
    session = press(open_page(PAGE, batch="b0001"), "Correct these rows ...")
    assert "Then the file is read again by its recipe" in page_text(session) and "jane@acme.com" not in page_text(session)
    edit(session, {0: {"Calls": "2"}})
    assert "b0002 stands for b0001 now: 1 row more counts; 1 row is still refused." in page_text(session)
    assert offered(warehouse) == [1, 2]
    assert "Fixed by b0002, which stands for this batch now." in page_text(open_page(PAGE, batch="b0001"))
    undo(warehouse, "b0002")
    assert offered(warehouse) == [1]


@pytest.mark.slow
def test_what_is_still_wrong_is_said_and_nothing_is_stored(warehouse: Warehouse) -> None:
    session = press(open_page(PAGE, batch="b0001"), "Correct these rows ...")
    edit(session, {0: {"Calls": "many"}})
    assert "None of the corrected rows can be read." in page_text(session) and offered(warehouse) == [1]
    edit(session, {0: {LEFT_OUT: True}, 1: {"Calls": "3"}})
    assert "b0002 stands for b0001 now: 1 row more counts." in page_text(session) and offered(warehouse) == [1, 3]
