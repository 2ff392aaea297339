"""The performance report over the sample: cards, grid, table, link, and what it says when there is little to say."""

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from analytics.performance.variance import Status
from tests.hovers import click_points
from tests.pages.screen import charts, click_targets, figure, line_above, link, open_page, page_text, press, select, title, words

CARDS = {
    "First contact resolution": ("85 %", "met +5 pp", "target >= 80 %", "84.8 %", "+0.2 pp"),
    "Average handle time": ("4:30 min", "met -0:30 min (better)", "target <= 5:00 min", "4:37 min", "-0:07 min (better)"),
    "Customer satisfaction": ("92 %", "met +2 pp", "target >= 90 %", "92.2 %", "-0.2 pp"),
    "Error rate": ("0.5 %", "met -0.5 pp (better)", "target < 1 %", "0.5 %", "0 pp"),
}
SHADES = (Status.MET, Status.BELOW_EXPECTED, Status.MISSED, Status.NOT_MEASURED)


@pytest.fixture(autouse=True)
def sample(demo_warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The dashboard reads the sample warehouse."""
    monkeypatch.setenv("BPO_WAREHOUSE", str(demo_warehouse))


def status_in_grid(session: AppTest, vendor: str | None, kpi: str) -> Status:
    """The status whose colour the cell of the grid has."""
    chart = figure(session, "grid")
    fills, (x, y, _) = chart["data"][0], click_points(chart)[vendor, kpi]
    column = sum(edge <= x for edge in fills["x"]) - 1
    return SHADES[int(fills["z"][int(y)][column])]


def cell_words(session: AppTest) -> list[str]:
    """Value and, behind a stroke, variance of every cell."""
    traces = [trace for trace in figure(session, "grid")["data"] if trace.get("mode") == "text"]
    lines = [(trace["text"], trace.get("hovertext", [""] * len(trace["text"]))) for trace in traces]
    return [f"{value}/{variance}" for values, variances in lines for value, variance in zip(values, variances, strict=True)]


def table(session: AppTest) -> dict[str, list[str]]:
    """KPI -> target, actual, variance, status of the report table."""
    shown = words(session)
    cells = shown[shown.index("13 months, and signal") + 1 :]
    rows = [cells[start : start + 6] for start in range(0, len(cells) - 5, 6)]
    return {row[0]: row[1:5] for row in rows}


def test_the_title_is_the_verdict_and_the_line_above_says_what_is_shown() -> None:
    session = open_page()
    assert title(session).startswith(
        "Eight of ten KPIs met their target in Q3 2026. The portfolio missed security incidents (3 against 0); Cobalt Bay missed "
    )
    assert line_above(session) == "Performance report · Q3 2026 · compared with Q2 2026 · all vendors, sites, lines, channels"


@pytest.mark.parametrize("kpi", CARDS)
def test_a_card_has_value_verdict_target_coverage_and_the_value_before(kpi: str) -> None:
    shown = words(open_page())
    value, verdict, target, before, change = CARDS[kpi]
    card = shown.index(f"{kpi}: {value}")
    assert shown[card + 1] == f"(status: met) {verdict} {target} · 4 of 5 vendors before {before}, {change}"
    assert shown[card + 2].startswith("(variation: ")


def test_the_grid_has_every_kpi_of_the_portfolio_and_of_five_vendors() -> None:
    session = open_page()
    chart = figure(session, "grid")
    assert [trace["type"] for trace in chart["data"]].count("heatmap") == 1
    targets = click_targets(chart)
    vendors = [None, "Asterion", "Cobalt Bay", "Meridiem", "Northline", "Tallgrass"]
    assert list(dict.fromkeys(vendor for vendor, _ in targets)) == vendors
    kpis = list(dict.fromkeys(kpi for _, kpi in targets))
    assert kpis[:5] == ["first_contact_resolution", "average_handle_time", "csat", "error_rate", "service_level"]
    assert len(targets) == 6 * len(kpis)
    for value, variance in (("<b>85</b>", "+5"), ("<b>4:30</b>", "-0:30"), ("<b>92</b>", "+2"), ("<b>0.5</b>", "-0.5")):
        assert f"{value}/{variance}" in cell_words(session)


def test_the_grid_is_loud_where_a_vendor_missed() -> None:
    session = open_page()
    assert status_in_grid(session, None, "csat") is Status.MET
    assert status_in_grid(session, "Asterion", "csat") is Status.BELOW_EXPECTED
    assert status_in_grid(session, "Asterion", "first_contact_resolution") is Status.BELOW_EXPECTED
    assert status_in_grid(session, "Asterion", "service_level") is Status.MET
    assert status_in_grid(session, "Cobalt Bay", "service_level") is Status.MISSED
    assert status_in_grid(session, "Tallgrass", "quality_score") is Status.NOT_MEASURED


def test_a_cell_tells_its_counts_on_hover() -> None:
    chart = figure(open_page(), "grid")
    *_, hover = click_points(chart)[None, "first_contact_resolution"]
    for part in ("All vendors", "85 % against &gt;= 80 %", "+5 pp", "4 of 5 vendors", "resolved on first contact"):
        assert part in hover


def test_what_a_vendor_only_reports_is_slanted_in_the_grid() -> None:
    session = open_page()
    slanted = [cell for cell in cell_words(session) if "<i>" in cell]
    unreported = ("quality_score", "staffing_delivered", "security_incidents")
    reported = [kpi for vendor, kpi in click_targets(figure(session, "grid")) if vendor == "Tallgrass" and kpi not in unreported]
    assert len(slanted) == len(reported)


def test_the_table_says_what_the_sample_report_says() -> None:
    rows = table(open_page())
    for kpi, (value, verdict, target, before, change) in CARDS.items():
        held = target.removeprefix("target "), f"{value} {before}", f"{verdict.removeprefix('met ')} {change}"
        assert rows[kpi] == [*held, "(status: met) met 3 of 3 months met"]
    assert "Coverage: 4 of 5 vendors, 3 of 3 months" in page_text(open_page())


def test_the_table_shows_the_vendor_of_the_link() -> None:
    session = open_page(scope="Cobalt Bay")
    target, _, _, status = table(session)["Service level"]
    assert target == ">= 80 %"
    assert status.startswith("(status: missed) missed")
    session.segmented_control(key="scope").set_value("Asterion").run()
    assert table(session)["Customer satisfaction"][3].startswith("(status: below expected) below expected")
    assert link(session)["scope"] == ["Asterion"]


def test_an_unknown_scope_is_named_and_shows_the_portfolio() -> None:
    session = open_page(scope="Nobody")
    assert "The link asks for the vendor Nobody, which is not shown here." in words(session)
    assert table(session)["Customer satisfaction"][1] == "92 % 92.2 %"


def test_the_report_can_be_taken_away() -> None:
    assert [button.proto.label for button in open_page().main.get("download_button")] == ["Download CSV"]


@pytest.mark.parametrize(
    ("cell", "where"),
    [
        (["Cobalt Bay", "service_level"], {"vendor": ["Cobalt Bay"], "kpi": ["service_level"]}),
        ([None, "csat"], {"kpi": ["csat"]}),
    ],
)
def test_a_click_on_a_cell_opens_its_trend_with_the_filters_kept(cell: list[Any], where: dict[str, list[str]]) -> None:
    session = select(open_page(channel=["voice"]), "grid", cell)
    assert line_above(session).startswith("Trends · ")
    assert link(session) == {"period": ["2026-Q3"], "compare": ["previous"], "channel": ["voice"]} | where


@pytest.mark.slow
def test_a_vendor_filter_changes_the_numbers() -> None:
    session = open_page()
    session.sidebar.multiselect[0].select("Cobalt Bay").run()
    assert line_above(session).endswith("· Cobalt Bay · all sites, lines, channels")
    assert session.main.metric[2].value != r"92 \%"
    assert table(session)["Service level"][3].startswith("(status: missed)")


@pytest.mark.slow
def test_a_vendor_that_only_reports_is_shown_as_reported() -> None:
    session = open_page(vendor=["Tallgrass"])
    assert "First contact resolution: reported monthly" in page_text(session)
    assert "Quality score" not in table(session)
    assert "Not measured by anyone in this period: Quality score, Staffing delivered, Security incidents." in page_text(session)
    assert all("<i>" in cell or cell.startswith(("<b>-</b>", "-/")) for cell in cell_words(session))


@pytest.mark.slow
def test_a_period_that_is_not_complete_says_so_and_is_compared_with_as_much_of_the_other() -> None:
    session = open_page(period="2026-Q4")
    assert title(session) == (
        "Nine of ten KPIs met their target in Q4 2026 so far. "
        "The portfolio missed attrition (+2.9 pp); Meridiem missed attrition (+15.1 pp)."
    )
    assert "compared with the first 31 days of Q3 2026, 1 Jul 2026 to 31 Jul 2026 ·" in line_above(session)
    assert line_above(session).endswith("incomplete, data to 31 Oct 2026")
    assert "Coverage: 4 of 5 vendors, 4 of 15 monthly figures" in page_text(session)
    assert table(session)["Customer satisfaction"][1:3] == ["91.8 % 92.3 %", "+1.8 pp -0.6 pp"]
    *_, hover = click_points(figure(session, "grid"))[None, "csat"]
    assert "<br>the first 31 days of Q3 2026: 92.3 %, -0.6 pp<br>" in hover


@pytest.mark.slow
@pytest.mark.parametrize(
    ("period", "compare", "said"),
    [
        ("2026-09", "last_year", "Sep 2026 · compared with Sep 2025 ·"),
        ("2026-Q3", "2026-Q1", "Q3 2026 · compared with Q1 2026 ·"),
        ("2026-Q3", "2026-01-10..2026-02-12", "Q3 2026 · compared with 10 Jan 2026 to 12 Feb 2026 ·"),
        ("2026-Q3", "2026-09-01..2026-10-12", "· not compared: 1 Jul 2026 to 30 Sep 2026 and 1 Sep 2026 to 12 Oct 2026 overlap ·"),
    ],
)
def test_what_it_is_compared_with_is_printed(period: str, compare: str, said: str) -> None:
    session = open_page(period=period, compare=compare)
    assert said in line_above(session)
    assert ("not compared" in table(session)["Customer satisfaction"][2]) == ("not compared" in said)


@pytest.mark.slow
def test_a_kpi_that_is_compared_otherwise_says_so_under_the_table() -> None:
    """Attrition is measured by months: of these days no month is whole."""
    shown = page_text(open_page(compare="2026-01-10..2026-02-12"))
    assert "Attrition, annualised: Q3 2026. There is no whole month in 10 Jan 2026 to 12 Feb 2026." in shown


def test_a_row_leads_to_the_definition_of_its_kpi() -> None:
    session = open_page(scope="Cobalt Bay")
    session.main.menu_button(key="ways-Cobalt Bay-service_level").click("Definition").run()
    assert line_above(session).startswith("Definitions · ")
    assert (link(session)["kpi"], link(session)["vendor"]) == (["service_level"], ["Cobalt Bay"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("link_to_nothing", "button", "arrives_at"),
    [
        ({"vendor": ["Acme"]}, "Clear the filters", "Performance report"),
        ({"vendor": ["Tallgrass"], "channel": ["chat"]}, "Clear the filters", "Performance report"),
        ({"period": "2031-Q1"}, "Upload a file", "Upload"),
    ],
)
def test_nothing_to_show_is_said_with_a_way_out(link_to_nothing: dict, button: str, arrives_at: str) -> None:
    session = open_page(**link_to_nothing)
    assert title(session).startswith("No data for ")
    assert "newest data is of 31 Oct 2026" in page_text(session)
    assert not charts(session)
    assert not session.main.metric
    found = press(session, button)
    assert line_above(found).startswith(arrives_at)
    assert arrives_at == "Upload" or not title(found).startswith("No data for ")


@pytest.mark.slow
def test_an_unknown_vendor_beside_a_known_one_is_named() -> None:
    session = open_page(vendor=["Acme", "Asterion"])
    assert "The link names the vendor Acme, which is not in the data." in words(session)
    assert {vendor for vendor, _ in click_targets(figure(session, "grid"))} == {None, "Asterion"}
