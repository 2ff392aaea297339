"""Pages over very little and over many: no warehouse, no rows, one row, thirty vendors."""

from pathlib import Path

import pytest

from analytics.warehouse import Warehouse, settle
from tests.pages.screen import charts, click_targets, figure, line_above, link, open_page, page_text, press, title, words

pytestmark = pytest.mark.slow

PAGES = (
    "",
    "performance/trends",
    "performance/variance",
    "performance/vendor_comparison",
    "risk/risk_matrix",
    "risk/risk_heatmap",
    "review/vendor_profile",
    "data/upload",
    "data/definitions",
    "data/batches_and_quality",
    "data/targets",
)
NEED_DATA = PAGES[:7]
ONE_ROW = """
INSERT INTO performance_rows BY NAME
SELECT 'acd' AS source, 'month' AS grain, DATE '2026-09-01' AS period_start, 'Acme' AS vendor, 'Here' AS site, 'Billing' AS lob,
  'voice' AS channel, 100 AS contacts_offered, 90 AS contacts_handled, 85 AS answered_within_threshold, 'b1' AS batch_id
"""
THIRTY_VENDORS = """
INSERT INTO performance_rows BY NAME
SELECT 'acd' AS source, 'month' AS grain, month::DATE AS period_start, printf('Vendor %02d', number) AS vendor, 'Here' AS site,
  'Billing' AS lob, 'voice' AS channel, 100 AS contacts_offered, 60 + number AS answered_within_threshold, 'b1' AS batch_id
FROM range(DATE '2026-04-01', DATE '2026-10-01', INTERVAL 1 MONTH) months(month), range(1, 31) vendors(number)
"""
TARGET = """
INSERT INTO targets BY NAME
SELECT 'service_level' AS kpi, '>=' AS comparator, 0.70 AS minimum, 0.80 AS expected, DATE '2026-01-01' AS valid_from, 'b1' AS batch_id
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A warehouse folder of the test's own, empty at first."""
    folder = tmp_path / "warehouse"
    monkeypatch.setenv("BPO_WAREHOUSE", str(folder))
    return folder


def fill(folder: Path, *statements: str) -> None:
    with Warehouse(folder).write("test", "seed", "rows") as connection:
        for statement in statements:
            connection.execute(statement)
        settle(connection)


@pytest.mark.parametrize("place", NEED_DATA)
@pytest.mark.parametrize("published", [False, True], ids=["no warehouse", "empty warehouse"])
def test_without_rows_a_page_says_how_to_get_some(folder: Path, place: str, published: bool) -> None:
    if published:
        fill(folder)
    session = open_page(place)
    assert "There is no data yet" in words(session)
    assert "python -m analytics demo" in page_text(session)
    assert line_above(press(session, "Upload a file")).startswith("Upload")


@pytest.mark.parametrize("place", PAGES[len(NEED_DATA) :])
def test_one_row_of_one_vendor_is_enough_for_pages_about_data(folder: Path, place: str) -> None:
    fill(folder, ONE_ROW)
    session = open_page(place)
    assert not session.error
    assert "nan" not in page_text(session).lower().split()


def test_the_report_of_one_row_says_what_it_knows_and_nothing_else(folder: Path) -> None:
    fill(folder, ONE_ROW, TARGET)
    session = open_page()
    assert line_above(session).startswith("Performance report · Sep 2026 · ")
    assert "measured KPI" in title(session)
    assert "85 %" in page_text(session)
    grid = figure(session, "grid")
    texts = [text for trace in grid["data"] if trace.get("mode") == "text" for text in trace["text"]]
    assert sum(text in ("85", "<b>85</b>", "<i>85</i>") for text in texts) == 2
    assert {vendor for vendor, _ in click_targets(grid)} == {None, "Acme"}


def test_the_trend_of_one_row_is_one_point_without_limits(folder: Path) -> None:
    fill(folder, ONE_ROW)
    session = open_page("performance/trends", kpi="service_level")
    assert "Too few whole periods for limits." in words(session)
    (point,) = session.main.dataframe[0].value.to_dict("records")
    assert (point["value"], point["numerator"], point["denominator"]) == ("85 %", 85, 100)
    assert charts(session) == ["trend-0-point"]


def test_a_register_without_risks_is_an_empty_state(folder: Path) -> None:
    fill(folder, ONE_ROW)
    session = open_page("risk/risk_matrix")
    assert "The register has 0 risks on 30 Sep 2026." in words(session)
    assert not charts(session)


@pytest.mark.slow
def test_thirty_vendors_fill_two_pages_of_the_grid_worst_first(folder: Path) -> None:
    fill(folder, THIRTY_VENDORS, TARGET)
    session = open_page()
    vendors = list(dict.fromkeys(vendor for vendor, _ in click_targets(figure(session, "grid"))))
    assert "page 1 of 2, worst first" in words(session)
    assert len(vendors) == 26
    assert set(vendors[1:10]) == {f"Vendor {number:02}" for number in range(1, 10)}
    second = press(session, "Next vendors")
    assert link(second)["grid_page"] == ["2"]
    rest = {vendor for vendor, _ in click_targets(figure(second, "grid"))} - {None}
    assert len(rest) == 5
    assert not rest & set(vendors)


@pytest.mark.slow
def test_a_grid_page_beyond_the_last_is_the_last(folder: Path) -> None:
    fill(folder, THIRTY_VENDORS, TARGET)
    assert "page 2 of 2, worst first" in words(open_page(grid_page="9"))


@pytest.mark.slow
def test_thirty_vendors_in_the_other_views(folder: Path) -> None:
    fill(folder, THIRTY_VENDORS, TARGET)
    heatmap = click_targets(figure(open_page("risk/risk_heatmap"), "heatmap"))
    assert 25 <= len({vendor for vendor, _ in heatmap}) <= 30
    trends = open_page("performance/trends", kpi="service_level", show="vendors")
    assert len([name for name in charts(trends) if name.startswith("small-")]) == 10
    assert "The first 10 of 30." in page_text(trends)
    assert len(open_page(scope="Vendor 30").main.get("selectbox")) >= 1


@pytest.mark.slow
def test_the_risk_heatmap_reaches_every_vendor(folder: Path) -> None:
    fill(folder, THIRTY_VENDORS, TARGET)
    session = open_page("risk/risk_heatmap")
    first = {vendor for vendor, _ in click_targets(figure(session, "heatmap"))}
    rest = {vendor for vendor, _ in click_targets(figure(press(session, "Next vendors"), "heatmap"))}
    assert len(first | rest) == 30
