"""Targets over the sample, over nothing, over 200 vendors: the verdict, the lists, one target up close, adding and uploading."""

import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from analytics.intake.entering import entered
from analytics.performance.targets import target_table
from analytics.warehouse import Warehouse, list_batches
from tests.pages.screen import dialog, link, open_page, page_text, press, title, words
from tests.rows import EVERYTHING, empty_warehouse, store_of

PAGE = "data/targets"
CSAT = {"kpi": "csat", "comparator": ">=", "expected": 0.9, "valid_from": date(2026, 1, 1), "basis": "MSA"}
MONTHS = [
    {"grain": "month", "period_start": date(2026, month, 1), "csat_satisfied": 93, "csat_responses": 100} for month in (7, 8, 9)
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A warehouse folder of the test's own, empty at first."""
    monkeypatch.setenv("BPO_WAREHOUSE", str(tmp_path))
    return tmp_path


def table(session: AppTest) -> pd.DataFrame:
    """The list on the page."""
    return next(element.value for element in session.main.dataframe)


def click_row(session: AppTest, row: int) -> AppTest:
    """Run the page as the browser does after a cell of the list was clicked."""
    listed = session.main.dataframe[0]
    states = session._tree.get_widget_states()
    selected = {"selection": {"rows": [], "columns": [], "cells": [[row, "KPI"]]}}
    states.widgets.append(WidgetState(id=listed.proto.id, string_value=json.dumps(selected)))
    return session._run(states)


def fill_in(session: AppTest, **fields: str) -> AppTest:
    """Type into the form."""
    for name, typed in fields.items():
        session.main.text_input(key=f"tf_{name}").set_value(typed)
    return session.run()


class TestSample:
    @pytest.fixture(autouse=True)
    def sample(self, demo_warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("BPO_WAREHOUSE", str(demo_warehouse))

    def test_the_verdict_and_who_is_held_to_what(self) -> None:
        session = open_page(PAGE)
        assert title(session) == "25 targets hold in Q3 2026, for 21 of 21 KPIs. No target of cost per contact fits Tallgrass."
        rows = table(session).set_index(["KPI", "for"])
        assert rows.loc[("Average handle time", "Asterion"), "target"] == "<= 5:10 min"
        assert rows.loc[("Average handle time", "Asterion"), "why this one"] == "names Asterion: more than <= 5:00 min for all vendors"
        assert len(rows) == 25
        assert "1 of 2, KPI by KPI" in page_text(session)
        assert len(table(press(session, "Next rows"))) == 1

    def test_nothing_is_cut_and_amounts_have_their_currency(self) -> None:
        """A letter takes about 6.5 px: every column is as wide as its longest text."""
        session = open_page(PAGE)
        rows, columns = table(session), json.loads(session.main.dataframe[0].proto.columns)
        for name in rows:
            longest = max(len(str(words)) for words in (name, *rows[name]))
            assert columns[name]["width"] >= 6.5 * longest + 16, name
        costs = rows[rows["KPI"] == "Cost per contact"].set_index("for")
        assert costs.loc["Asterion", ["target", "minimum", "stretch"]].tolist() == ["<= 2.70 USD", "2.80 USD", "2.45 USD"]

    def test_one_up_close_leads_to_trend_definition_and_batch(self) -> None:
        session = click_row(open_page(PAGE), 2)
        said = dialog(session)
        assert said[0] == "Average handle time, Asterion: <= 5:10 min"
        assert "Basis Asterion statement of work" in said[1]
        assert said[2:] == ["Change it", "Trend", "Definition of this KPI", "Batch b0011"]

    def test_what_has_ended_and_the_history_from_a_link(self) -> None:
        ended = open_page(PAGE, list="lapsed", period="2026-Q3")
        assert table(ended)["when"].tolist() == ["ended 31 Dec 2025, then >= 80 % since 1 Jan 2026"]
        history = open_page(PAGE, list="history")
        shown = table(history)
        followed = shown[(shown["KPI"] == "Service level") & (shown["what it did"] != "new")]
        assert shown.set_index("KPI").loc["Occupancy", "target"] == "75 to 88 %"
        assert followed["what it did"].tolist() == ["follows >= 78 % of 1 Jan 2024"]
        assert link(history)["list"] == ["history"]


class TestNothingAndOne:
    def test_without_a_warehouse_the_first_target_can_be_added(self, folder: Path) -> None:
        session = open_page(PAGE)
        assert title(session).startswith("No target is stored: ")
        press(session, "Add a target")
        session.main.selectbox(key="tf_kpi").set_value("csat").run()
        assert "Fill in a level" in page_text(session)
        fill_in(session, expected="90 %", basis="MSA")
        press(session, "Store this target")
        stored = target_table(Warehouse(folder).open(), EVERYTHING)
        assert stored[["kpi", "comparator", "expected"]].to_numpy().tolist() == [["csat", ">=", 0.9]]
        (batch,) = list_batches(Warehouse(folder).open(), EVERYTHING)
        assert batch.file_name.startswith("entered: targets ")
        assert f"Stored as {batch.batch_id}: 1 target. The batch can be undone." in page_text(session)

    def test_all_problems_are_told_and_nothing_is_stored(self, folder: Path) -> None:
        warehouse = empty_warehouse(folder)
        session = press(open_page(PAGE), "Add a target")
        session.main.selectbox(key="tf_kpi").set_value("csat").run()
        session.main.selectbox(key="tf_comparator").set_value("<=")
        session.main.date_input(key="tf_valid_from").set_value(date(2026, 1, 1))
        fill_in(session, expected="90")
        said = page_text(session)
        assert "Customer satisfaction is better when higher; '<=' asks for the opposite" in said
        assert session.main.button(key="tf_store").disabled
        assert list_batches(warehouse.open(), EVERYTHING) == []

    def test_a_backdated_change_shows_the_verdicts_it_would_change(self, folder: Path) -> None:
        store_of(folder, MONTHS)
        entered(Warehouse(folder), "targets", [CSAT])
        session = press(open_page(PAGE), "Add a target")
        session.main.selectbox(key="tf_kpi").set_value("csat").run()
        session.main.date_input(key="tf_valid_from").set_value(date(2026, 8, 1))
        fill_in(session, expected="95 %", basis="Amendment 1")
        assert "2 monthly verdicts already given would change (Aug 2026 to Sep 2026):" in words(session)
        press(session, "Store this target")
        assert title(session).startswith("1 target holds in Q3 2026")
        assert "Customer satisfaction changes inside it, from 1 Aug 2026 >= 95 %." in title(session)
        assert page_text(open_page()).count("from 1 Aug 2026 >= 95 %") >= 3  # the card, the row, and what is said beneath
        trend = page_text(open_page("performance/trends", kpi="csat", grain="quarter"))
        assert "Inside a period the target changed, from 1 Aug 2026 >= 95 %" in trend

    def test_a_dated_target_is_ended_where_the_next_begins(self, folder: Path) -> None:
        store_of(folder, MONTHS)
        entered(Warehouse(folder), "targets", [{**CSAT, "valid_to": date(2027, 12, 31)}])
        session = press(open_page(PAGE), "Add a target")
        session.main.selectbox(key="tf_kpi").set_value("csat").run()
        session.main.date_input(key="tf_valid_from").set_value(date(2027, 1, 1))
        fill_in(session, expected="95 %")
        press(session, "Store these 2 rows")
        stored = target_table(Warehouse(folder).open(), EVERYTHING)
        assert [str(day)[:10] for day in stored["valid_to"]] == ["2026-12-31", "NaT"]


def test_two_hundred_vendors_are_paged_and_a_tie_is_told(folder: Path) -> None:
    vendors = [f"Vendor {number:03d}" for number in range(200)]
    targets = [{**CSAT, "vendor": vendor, "expected": 0.7 + place / 1000} for place, vendor in enumerate(vendors)]
    store_of(folder, [{**MONTHS[0], "vendor": vendor} for vendor in vendors], targets=[*targets, {**CSAT, "site": "Pune"}])
    session = open_page(PAGE, period="2026-Q3")
    assert "200 contradictions must be mended" in title(session)
    assert len(table(session)) == 25
    assert "1 of 9, KPI by KPI" in page_text(session)
    assert "192 more" in [expander.label for expander in session.main.expander]


def test_a_table_is_uploaded_through_the_same_checks(folder: Path) -> None:
    store_of(folder, MONTHS)
    session = open_page(PAGE)
    session.main.file_uploader(key="targets_file").upload(
        "targets.csv", b"kpi,comparator,expected,valid_from,basis\ncsat,<=,0.9,2027-01-01,x\n", "text/csv"
    ).run()
    assert "asks for the opposite" in page_text(session)
    session.main.file_uploader(key="targets_file").upload(
        "targets.csv", b"kpi,comparator,expected,valid_from,basis\ncsat,>=,0.9,2027-01-01,x\n", "text/csv"
    ).run()
    press(session, "Store 1 row")
    assert target_table(Warehouse(folder).open(), EVERYTHING)["expected"].tolist() == [0.9]
