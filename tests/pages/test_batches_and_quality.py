"""Batches and quality over the sample: the verdict, the heatmap and its cells, freshness, batches, undo with preview."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from analytics.undoing import undo
from analytics.warehouse import Warehouse, settle
from tests.hovers import click_points
from tests.pages.screen import click_targets, dialog, figure, line_above, link, open_page, page_text, press, select, title, words

pytestmark = pytest.mark.slow

PAGE = "data/batches_and_quality"
TWO_HUNDRED_VENDORS = """
INSERT INTO performance_rows BY NAME
SELECT 'acd' AS source, 'month' AS grain, month::DATE AS period_start, printf('Vendor %03d', number) AS vendor, 100 AS contacts_offered,
  'b1' AS batch_id
FROM range(DATE '2026-04-01', DATE '2026-10-01', INTERVAL 1 MONTH) months(month), range(1, 201) vendors(number)
WHERE number <> 150 OR month <> DATE '2026-06-01'
"""


@pytest.fixture(autouse=True)
def sample(demo_warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The dashboard reads the sample warehouse."""
    monkeypatch.setenv("BPO_WAREHOUSE", str(demo_warehouse))


def table(session: AppTest, alt: str) -> pd.DataFrame:
    """The table with this alternative text."""
    (found,) = [element.value for element in session.main.dataframe if element.proto.alt == alt]
    return found


def batches(session: AppTest) -> pd.DataFrame:
    return table(session, "The loaded files, newest first")


def cells(session: AppTest) -> dict[tuple[Any, ...], str]:
    """(vendor, month) -> what the cell says on pointing at it."""
    return {place: hover for place, (_, _, hover) in click_points(figure(session, "coverage")).items()}


def test_it_opens_with_freshness_and_the_largest_gap() -> None:
    session = open_page(PAGE)
    assert line_above(session) == "Batches and quality · 16 batches · data to 31 Oct 2026 · all vendors, sites, lines, channels"
    assert (
        title(session) == "Five vendors report, all on time to 31 Oct 2026. One vendor-month has gaps: Meridiem in Nov 2025 (73 % there)."
    )


def test_every_vendor_and_month_is_a_cell() -> None:
    found = cells(open_page(PAGE))
    assert len(found) == 5 * 18
    assert "73 % of what is expected · in part" in found["Meridiem", "2025-11-01"]
    assert "100 % of what is expected · whole" in found["Asterion", "2026-10-01"]
    assert "reported only" in found["Tallgrass", "2026-10-01"]


def test_earlier_months_are_a_page_away() -> None:
    session = press(open_page(PAGE), "Earlier months")
    assert link(session)["months"] == ["2"]
    assert {month for _, month in click_targets(figure(session, "coverage"))} >= {"2024-08-01", "2025-04-01"}


def test_a_clicked_cell_lists_its_sources_and_batches() -> None:
    session = select(open_page(PAGE), "coverage", ["Meridiem", "2025-11-01"])
    assert (link(session)["cell_vendor"], link(session)["cell_month"]) == (["Meridiem"], ["2025-11"])
    said = words(session)
    assert "Meridiem, Nov 2025: 73 % there" in said
    assert any("acd 0 of 30 days, 0 measures · without " in text and "crm 30 of 30 days, 8 measures" in text for text in said)
    rows = table(session, "The batches with rows of this vendor and month")
    assert "crm_outcomes.csv" in set(rows["file"])
    assert "acd_daily.csv" not in set(rows["file"])


def test_the_largest_gaps_lead_to_their_cells() -> None:
    session = press(open_page(PAGE), "What is there")
    assert "Meridiem, Nov 2025: 73 % there" in words(session)


def test_freshness_has_every_vendor_and_source_and_states_its_rule() -> None:
    session = open_page(PAGE)
    rows = table(session, "Vendors and sources by their last day, late ones first")
    assert len(rows) == 33
    assert set(rows["state"]) == {"on time"}
    assert "Late: even the next period" in page_text(session)


def test_a_vendor_filter_narrows_coverage_and_freshness() -> None:
    session = open_page(PAGE, vendor="Tallgrass")
    assert title(session) == "One vendor reports, on time to 31 Oct 2026. No month has gaps."
    assert {vendor for vendor, _ in click_targets(figure(session, "coverage"))} == {"Tallgrass"}


def test_the_batches_are_listed_newest_first() -> None:
    rows = batches(open_page(PAGE))
    assert len(rows) == 16
    assert rows.iloc[-1][["batch", "file", "status", "source", "read", "accepted", "refused", "by"]].tolist() == [
        "b0001", "acd_daily.csv", "active", "acd", 24198, 24198, 0, "demo",
    ]  # fmt: skip


def test_a_batch_that_is_none_is_named() -> None:
    assert "The link names the batch b9999, which does not exist." in words(open_page(PAGE, batch="b9999"))


def test_undo_shows_what_changes_before_it_does_anything(demo_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BPO_WAREHOUSE", str(demo_copy))
    before = Warehouse(demo_copy).newest
    session = press(open_page(PAGE, batch="b0002"), "Undo this batch ...")
    said = "\n".join(dialog(session))
    assert "9 published numbers would change. 60 rows leave. 60 rows of other batches count again: acd_daily.csv (60)." in said
    changes = dialog(session, "dataframe")[0].value
    (row,) = changes[changes["kpi"] == "Service level"].to_dict("records")
    assert (row["vendor"], row["period"], row["before"], row["now"]) == ("Northline", "Mar 2026", "85.2 %", "83 %")
    assert Warehouse(demo_copy).newest == before


def test_an_undone_batch_stays_listed_and_its_changes_are_told(demo_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BPO_WAREHOUSE", str(demo_copy))
    undo(Warehouse(demo_copy), "b0002")
    session = open_page(PAGE, batch="b0002")
    assert batches(session).set_index("batch").loc["b0002", "status"] == "undone"
    assert table(session, "Changes of the warehouse, newest first").iloc[0]["action"] == "undo"
    assert "Numbers this batch changed" in words(session)
    assert "Undo this batch ..." not in words(session)


def test_two_hundred_vendors_fill_eight_pages_most_missing_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BPO_WAREHOUSE", str(tmp_path))
    with Warehouse(tmp_path).write("test", "seed", "rows") as connection:
        connection.execute(TWO_HUNDRED_VENDORS)
        settle(connection)
    session = open_page(PAGE)
    assert "1 of 8, most missing first" in words(session)
    vendors = list(dict.fromkeys(vendor for vendor, _ in click_targets(figure(session, "coverage"))))
    assert len(vendors) == 25
    assert "Vendor 150" in vendors
    rest = {vendor for vendor, _ in click_targets(figure(press(session, "Next vendors"), "coverage"))}
    assert len(rest) == 25
    assert not rest & set(vendors)
