"""Variance over the sample: its stories told rightly, parts that add up as printed, one level down and back, blanks with a reason."""

from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from analytics.warehouse import Warehouse, settle
from tests.pages.screen import charts, dialog, figure, line_above, link, open_page, page_text, press, select, title, words

pytestmark = pytest.mark.slow

PAGE = "performance/variance"
SEASON = """
INSERT INTO performance_rows BY NAME
SELECT 'acd' AS source, 'month' AS grain, month::DATE AS period_start, printf('Vendor %03d', number) AS vendor, 'Billing' AS lob,
  1000 AS contacts_offered, 700 + number + (number * month(month::DATE)) % 13 AS answered_within_threshold, 'b1' AS batch_id
FROM range(DATE '2026-08-01', DATE '2026-10-01', INTERVAL 1 MONTH) months(month), range(1, {count}) vendors(number)
"""


@pytest.fixture
def sample(demo_warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The dashboard reads the sample warehouse."""
    monkeypatch.setenv("BPO_WAREHOUSE", str(demo_warehouse))


@pytest.fixture
def seeded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """`seeded(statement)`: the dashboard reads a warehouse with these rows."""

    def seed(*statements: str) -> None:
        monkeypatch.setenv("BPO_WAREHOUSE", str(tmp_path / "warehouse"))
        with Warehouse(tmp_path / "warehouse").write("test", "seed", "rows") as connection:
            for statement in statements:
                connection.execute(statement)
            settle(connection)

    return seed


def table(session: AppTest) -> pd.DataFrame:
    """The parts under the chart."""
    return session.main.dataframe[0].value


def number(printed: str) -> Decimal:
    return Decimal(printed.partition(" ")[0].replace(",", ""))


def drawn(session: AppTest) -> list[str]:
    """The numbers of the waterfall, from its start to its end."""
    notes = figure(session, "waterfall")["layout"]["annotations"][1::2]
    return [note["text"].partition("<br>")[0].replace("<b>", "").replace("</b>", "") for note in notes]


@pytest.mark.usefixtures("sample")
class TestStories:
    def test_the_outage_by_vendor_then_by_site(self) -> None:
        session = open_page(PAGE, kpi="service_level")
        top = title(session)
        assert top == (
            "Service level fell from 82.5 % in Q2 2026 to 81.3 % in Q3 2026 (-1.2 pp). "
            "Cobalt Bay's own rate accounts for -1.5 pp and Meridiem's for +0.2 pp."
        )
        assert line_above(session) == "Variance · Service level · Q3 2026 against Q2 2026 · all vendors, sites, lines, channels"
        assert link(press(session, "Pune outage, 14 Aug 2026"))["against"] == ["2026-08-14 Pune outage"]
        session = open_page(PAGE, kpi="service_level")
        inside = select(session, "waterfall", ["Cobalt Bay"])
        assert title(inside).startswith("Service level of Cobalt Bay fell from 81.1 % in Q2 2026 to 75.1 % in Q3 2026 (-6 pp). Pune's own")
        assert (link(inside)["within"], link(inside)["by"]) == (["vendor=Cobalt Bay"], ["site"])
        assert "Cobalt Bay's own rate accounts for -1.5 pp within the -1.2 pp of all vendors" in words(inside)
        assert title(press(inside, "All vendors")) == top

    def test_before_and_after_the_outage(self) -> None:
        session = open_page(PAGE, kpi="service_level", by="site", against="2026-08-14 Pune outage")
        assert title(session).startswith(
            "Service level fell from 82.9 % in Jun to Jul 2026 to 81 % in Sep to Oct 2026 (-1.9 pp). Pune's own"
        )
        assert 'before and 2 months after "Pune outage"' in page_text(session)
        every = session.dataframe[-1].value.set_index("KPI")
        assert every.loc["Service level"].tolist() == ["82.9 %", "81 %", "-1.9 pp", "-2.3 %", "2 months"]
        assert every.loc["First contact resolution", "before"] != "-" and len(every) == 8
        asked = press(session, "Where does 81 % come from?")
        assert any(said.startswith("81 % = ") for said in dialog(asked))

    def test_the_ramp_is_a_new_site(self) -> None:
        session = open_page(PAGE, kpi="average_handle_time", by="site", period="2025-Q4")
        assert title(session).endswith("(+0:02.2 min, worse). Durban (new) accounts for +0:01.8 min.")
        assert "Coverage differs, so who is counted is not the same: Q3 2025 4 of 5 vendors, 3 of 3 months; Q4 2025" in page_text(session)

    def test_the_watermelon_over_a_year(self) -> None:
        session = open_page(PAGE, kpi="first_contact_resolution", compare="last_year")
        assert "Asterion's own rate accounts for -0.7 pp" in title(session)

    def test_parts_add_up_as_printed(self) -> None:
        for kpi in ("service_level", "average_handle_time", "error_rate", "contacts_handled", "cost_per_contact", "attrition"):
            session = open_page(PAGE, kpi=kpi)
            shown = table(session)
            change = [text.replace("0:0", "") for text in shown["change"]]
            assert sum(map(number, change[1:])) == number(change[0]), kpi
            steps = [text.replace("+0:0", "").replace("-0:0", "-").replace("0:0", "0") for text in drawn(session)]
            if kpi != "average_handle_time":
                assert sum(map(number, steps[:-1])) == number(steps[-1]), kpi

    def test_the_target(self) -> None:
        session = open_page(PAGE, kpi="service_level", against="target")
        assert title(session).startswith(
            "Service level was 81.3 % in Q3 2026 against the target of 80 % (+1.3 pp). Northline accounts for +1.6 pp"
        )
        assert "Q3 2026 against its target of >= 80 %" in line_above(session)
        assert list(table(session).columns) == ["Vendor", "actual", "share", "part of the gap"]
        assert "Target: Amendment 3 of 15 November 2025, schedule 2." in page_text(session)

    def test_one_vendor_is_said_to_be_the_only_one(self) -> None:
        session = open_page(PAGE, kpi="csat", vendor=["Asterion"])
        assert "Only one vendor is behind this number" in page_text(session)
        assert len(table(session)) == 2


@pytest.mark.usefixtures("sample")
class TestWays:
    def test_trend_and_origin_in_one_click_with_the_path_as_filters(self) -> None:
        session = open_page(PAGE, kpi="service_level", within="vendor=Cobalt Bay", by="site")
        asked = press(session, "Where does 75.1 % come from?")
        assert any("Service level · Q3 2026 · Cobalt Bay" in said for said in dialog(asked))
        trend = press(open_page(PAGE, kpi="service_level", within="vendor=Cobalt Bay", by="site"), "Trend")
        assert line_above(trend).startswith("Trends · Service level, Cobalt Bay · ")

    def test_from_a_trend_with_one_vendor_one_looks_at_its_sites(self) -> None:
        session = press(open_page("performance/trends", kpi="csat", vendor=["Asterion"]), "Why did it move?")
        assert line_above(session).startswith("Variance · Customer satisfaction · Q3 2026 against Q2 2026 · Asterion")
        assert link(session)["by"] == ["site"]

    def test_two_levels_down_and_one_up(self) -> None:
        session = open_page(PAGE, kpi="service_level", within=["vendor=Cobalt Bay", "site=Pune"], by="lob")
        assert title(session).startswith("Service level of Pune fell from 80.9 % in Q2 2026 to 74 %")
        up = press(session, "Cobalt Bay")
        assert (link(up)["within"], link(up)["by"]) == (["vendor=Cobalt Bay"], ["site"])

    def test_a_member_the_filters_leave_out_ends_the_path(self) -> None:
        session = open_page(PAGE, kpi="service_level", within="vendor=Cobalt Bay", vendor=["Asterion"])
        assert title(session).startswith("Service level fell") or title(session).startswith("Service level rose")
        assert "all vendors" not in line_above(session)

    def test_mix_is_nothing_to_look_inside(self) -> None:
        session = select(open_page(PAGE, kpi="service_level"), "waterfall", [None])
        assert "within" not in link(session)


@pytest.mark.usefixtures("sample")
class TestBlanks:
    def test_an_unfinished_period_against_as_much_of_the_one_before(self) -> None:
        session = open_page(PAGE, kpi="service_level", period="2026-Q4")
        assert title(session).startswith("Service level fell from 82.8 % in Jul 2026 to 81.4 % in Oct 2026 (-1.4 pp).")
        assert "Variance · Service level · Oct 2026 against Jul 2026" in line_above(session)
        assert "Q4 2026 so far, to 31 Oct 2026 compared with the first 31 days of Q3 2026, 1 Jul 2026 to 31 Jul 2026." in page_text(session)

    def test_nothing_fair_to_compare_with(self) -> None:
        session = open_page(PAGE, kpi="service_level", period="2026-Q4", compare="2026-11-01..2026-12-01")
        assert title(session).endswith("1 Nov 2026 to 1 Dec 2026 is not all in it.")
        assert "No verdict for Q4 2026 yet" in words(session)
        assert not charts(session)
        assert link(press(session, "Show Q3 2026"))["period"] == ["2026-Q3"]

    def test_reported_without_counts(self) -> None:
        session = open_page(PAGE, kpi="service_level", vendor=["Tallgrass"])
        assert "is reported without the counts behind it" in title(session)
        assert "vendor" not in link(press(session, "Clear the filters"))

    def test_not_known_by_site(self) -> None:
        session = open_page(PAGE, kpi="cost_per_contact", by="site")
        assert title(session) == "Cost per contact is not reported by site for these periods and filters."
        assert title(press(session, "Look by vendor")).startswith("Cost per contact fell")

    def test_a_total_has_no_gap(self) -> None:
        session = open_page(PAGE, kpi="contacts_handled", against="target")
        assert title(session).startswith("Contacts handled is a total")
        assert charts(press(session, "Compare with Q2 2026"))

    def test_an_event_that_is_none(self) -> None:
        session = open_page(PAGE, against="2020-01-01 Nothing")
        assert "There is no event" in session.error[0].value


class TestSizes:
    def test_nothing_changed_draws_nothing(self, seeded) -> None:
        seeded(SEASON.format(count=3).replace("(number * month(month::DATE)) % 13", "0"))
        session = open_page(PAGE, kpi="service_level")
        assert title(session) == "Service level was 70.2 % in Sep 2026, the same as in Aug 2026."
        assert "No part of it moved, so there is nothing to draw." in page_text(session)
        assert not charts(session)

    def test_two_hundred_vendors(self, seeded) -> None:
        seeded(SEASON.format(count=201))
        session = open_page(PAGE, kpi="service_level")
        assert len(drawn(session)) == 14
        assert any("189 others" in note["text"] for note in figure(session, "waterfall")["layout"]["annotations"])
        assert sum(map(number, drawn(session)[:-1])) == number(drawn(session)[-1])
        assert len(table(session)) == 26
        assert "page 1 of 8, largest first" in words(session)
        first = set(table(session)["Vendor"])
        second = press(session, "Smaller parts")
        assert link(second)["table_page"] == ["2"]
        assert table(second)["Vendor"].iloc[0] == "All vendors"
        assert set(table(second)["Vendor"].iloc[1:]).isdisjoint(first)
