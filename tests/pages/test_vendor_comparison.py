"""Vendor comparison over the sample and over blanks: the verdict first, clicks that lead on, what cannot be ranked and why."""

from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from analytics.warehouse import Warehouse, settle
from tests.pages.screen import charts, click_targets, dialog, figure, line_above, link, open_page, page_text, press, select, title, words

pytestmark = pytest.mark.slow

PAGE = "performance/vendor_comparison"
YEAR = """
INSERT INTO performance_rows BY NAME
SELECT 'acd' AS source, 'month' AS grain, month::DATE AS period_start, printf('Vendor %03d', number) AS vendor,
  printf('Site %03d', number) AS site, 'Billing' AS lob, 'voice' AS channel, {offered} AS contacts_offered,
  {answered} AS answered_within_threshold, 'b1' AS batch_id
FROM range(DATE '2025-10-01', DATE '2026-10-01', INTERVAL 1 MONTH) months(month), range(1, {count} + 1) vendors(number)
"""
STEPS = "500 + 2 * number + (number * month(month::DATE)) % 13"


@pytest.fixture
def sample(demo_warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The dashboard reads the sample warehouse."""
    monkeypatch.setenv("BPO_WAREHOUSE", str(demo_warehouse))


@pytest.fixture
def seeded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """`seeded(count, answered)`: vendors with a year of a thousand contacts a month."""

    def seed(count: int, answered: str, offered: str = "1000") -> None:
        monkeypatch.setenv("BPO_WAREHOUSE", str(tmp_path / "warehouse"))
        with Warehouse(tmp_path / "warehouse").write("test", "seed", "rows") as connection:
            connection.execute(YEAR.format(count=count, answered=answered, offered=offered))
            settle(connection)

    return seed


def table(session: AppTest) -> pd.DataFrame:
    """The numbers under the chart."""
    return session.main.dataframe[0].value.set_index("Vendor")


@pytest.mark.usefixtures("sample")
class TestSample:
    def test_the_verdict_the_chart_and_the_numbers_say_the_same(self) -> None:
        session = open_page(PAGE)
        assert title(session) == (
            "Northline and Meridiem share rank 1 on first contact resolution over 12 months; Asterion is last, 80.4 % against 85.4 %. "
            "Not ranked: one reporting no counts."
        )
        expected = "Vendor comparison · First contact resolution · 12 months to Sep 2026 · all vendors, sites, lines, channels"
        assert line_above(session) == expected
        assert [member for member, _ in click_targets(figure(session, "intervals"))][:4] == [
            "Northline",
            "Meridiem",
            "Cobalt Bay",
            "Asterion",
        ]
        shown = table(session)
        assert shown.loc["Asterion", ["rank", "value", "better than", "worse than", "months"]].tolist() == [
            "4",
            "80.4 %",
            "0",
            "3",
            "12 of 12",
        ]
        assert shown.loc["Tallgrass", ["rank", "value", "remark"]].tolist() == ["-", "-", "reports the result without its counts"]
        assert "Cobalt Bay is worse than most others on five of twelve KPIs." in page_text(session)
        assert "Meridiem is better on both, Asterion is worse on both" in page_text(session)
        assert "A funnel needs at least 10 members; there are 8. Their intervals instead." in page_text(session)

    def test_what_the_common_mix_changes_and_the_way_back_to_as_measured(self) -> None:
        session = open_page(PAGE, kpi="average_handle_time")
        assert "As measured Asterion would have 4:42 min and rank 3 instead of 4:30 min and rank 1-3." in page_text(session)
        assert table(session).loc["Asterion", ["value", "as measured", "of its work"]].tolist() == ["4:30 min", "4:42 min", "78 %"]
        plain = open_page(PAGE, kpi="average_handle_time", mix="measured", over="period")
        assert "Q3 2026" in line_above(plain)
        assert table(plain).loc["Asterion", "value"] == "4:35 min"
        assert "as measured" not in table(plain).columns

    def test_clicks_lead_to_the_vendor_the_kpi_and_the_site(self) -> None:
        session = open_page(PAGE, kpi="average_handle_time")
        vendor = select(session, "intervals", ["Cobalt Bay", "4"])
        assert line_above(vendor).startswith("Vendor profile · Cobalt Bay") and "vendor" not in link(vendor)
        kpi = select(open_page(PAGE), "ranks", ["Asterion", "error_rate"])
        assert line_above(kpi).startswith("Vendor comparison · Error rate")
        site = select(open_page(PAGE, kpi="average_handle_time"), "sites", ["Pune", "8"])
        assert line_above(site).startswith("Trends · Average handle time") and link(site)["site"] == ["Pune"]

    def test_where_the_numbers_come_from(self) -> None:
        asked = press(open_page(PAGE, kpi="csat"), "Where do these numbers come from?")
        assert any("1 Oct 2025 to 30 Sep 2026" in said for said in dialog(asked))

    def test_one_vendor_and_the_way_to_all(self) -> None:
        session = open_page(PAGE, vendor=["Asterion"])
        assert title(session).startswith("Only Asterion can be ranked on first contact resolution")
        assert "vendor" not in link(press(session, "Compare all vendors"))

    def test_what_cannot_be_ranked_is_shown(self) -> None:
        assert title(open_page(PAGE, kpi="occupancy")) == "Occupancy has no good direction: the vendors are shown, not ranked."
        total = open_page(PAGE, kpi="contacts_handled")
        assert title(total).startswith("Contacts handled is a total")
        assert table(total).loc["Northline", "value"] == "8,608,348"
        month = open_page(PAGE, period="2026-09", over="period")
        assert title(month).endswith("Not ranked: four small samples, one reporting no counts.")
        assert link(press(month, "Compare 12 months"))["over"] == ["year"]

    def test_other_two_kpis_are_kept_in_the_link(self) -> None:
        session = open_page(PAGE, first="average_handle_time", second="csat")
        axes = [note["text"] for note in figure(session, "pair")["layout"]["annotations"]]
        assert "Average handle time, min (less is better)" in axes and "Customer satisfaction, %" in axes
        assert "Choose two different KPIs." in words(open_page(PAGE, first="csat", second="csat"))


class TestBlanks:
    def test_all_equal_without_a_target(self, seeded) -> None:
        seeded(3, "800")
        session = open_page(PAGE, kpi="service_level")
        assert title(session).startswith("None of the three vendors can be told apart on service level over 12 months")
        assert "target" in table(session).columns

    def test_zero_denominators(self, seeded) -> None:
        seeded(3, "0", offered="0")
        session = open_page(PAGE, kpi="service_level")
        assert title(session) == "No vendor has service level with its counts in a whole month over 12 months."
        assert not charts(session) and "Nobody to compare" in words(session)
        assert line_above(press(session, "See its trend")).startswith("Trends · Service level")

    def test_no_target_and_no_measured_kpi(self, seeded) -> None:
        seeded(3, STEPS)
        assert not charts(open_page(PAGE, kpi="transfer_rate"))[1:]
        assert "nan" not in page_text(open_page(PAGE, kpi="transfer_rate")).split()

    def test_two_hundred_vendors_in_pages(self, seeded) -> None:
        seeded(200, STEPS)
        session = open_page(PAGE, kpi="service_level")
        assert title(session).startswith("Vendor 200 is better than 1") and len(title(session)) <= 160
        first = [member for member, _ in click_targets(figure(session, "intervals"))]
        assert len(first) == len(table(session)) == 25 and first[0] == "Vendor 200"
        assert "page 1 of 8, best first" in words(session)
        second = press(session, "Next vendors")
        assert link(second)["table_page"] == ["2"]
        assert not set(first) & {member for member, _ in click_targets(figure(second, "intervals"))}
        assert "of 200 sites" in page_text(session)
        assert open_page(PAGE, kpi="service_level", table_page="99").main.dataframe[0].value["Vendor"].iloc[-1] == "Vendor 001"


COSTS = """
INSERT INTO performance_rows BY NAME
SELECT 'invoice' AS source, 'month' AS grain, month::DATE AS period_start, vendor, 1000 AS cost, 200 AS contacts_handled, currency,
  'b1' AS batch_id
FROM range(DATE '2025-10-01', DATE '2026-10-01', INTERVAL 1 MONTH) months(month),
  (VALUES ('A', 'USD'), ('B', 'EUR')) vendors(vendor, currency)
"""


def test_several_currencies_are_printed_and_never_drawn_on_one_scale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BPO_WAREHOUSE", str(tmp_path / "warehouse"))
    with Warehouse(tmp_path / "warehouse").write("test", "seed", "rows") as connection:
        connection.execute(COSTS)
        settle(connection)
    session = open_page(PAGE, kpi="cost_per_contact")
    assert title(session).startswith("Cost per contact is in several currencies: the vendors are shown, not ranked.")
    assert set(table(session)["value"]) == {"5 USD", "5 EUR"}
    spec = figure(session, "intervals")
    assert not [
        trace for trace in spec["data"] if trace.get("mode") == "markers" and trace["marker"].get("opacity") == 1 and len(trace["x"])
    ]
