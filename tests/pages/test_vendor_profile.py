"""The vendor profile: the sample's stories on one page each, the choice in the link, and data that is odd or missing."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analytics.warehouse import Warehouse, settle
from tests.pages.screen import charts, dialog, line_above, link, open_page, page_text, press, title, words

pytestmark = pytest.mark.slow

PAGE = "review/vendor_profile"
MANY = """
INSERT INTO performance_rows BY NAME
SELECT 'acd' AS source, 'month' AS grain, month::DATE AS period_start, printf('Vendor %03d', number) AS vendor, 'Here' AS site,
  'Billing' AS lob, 'voice' AS channel, 100 AS contacts_offered, 70 AS answered_within_threshold, 'b1' AS batch_id
FROM range(DATE '2026-07-01', DATE '2026-10-01', INTERVAL 1 MONTH) months(month), range(1, 201) vendors(number)
"""
# Acme: nobody called in September, service level is the same in all other months, its target rises in August, cost has no target.
ODD = """
INSERT INTO performance_rows BY NAME
SELECT 'acd' AS source, 'month' AS grain, month::DATE AS period_start, 'Acme' AS vendor, 'Here' AS site, 'Billing' AS lob,
  'voice' AS channel,
  CASE WHEN month < DATE '2026-09-01' THEN 100 ELSE 0 END AS contacts_offered,
  CASE WHEN month < DATE '2026-09-01' THEN 80 ELSE 0 END AS answered_within_threshold,
  100 AS contacts_handled, 250 AS cost, 'EUR' AS currency, 'b1' AS batch_id
FROM range(DATE '2024-10-01', DATE '2026-10-01', INTERVAL 1 MONTH) months(month)
"""
TARGETS = """
INSERT INTO target_rows BY NAME
SELECT 'service_level' AS kpi, '>=' AS comparator, expected, valid_from::DATE AS valid_from, 'b1' AS batch_id
FROM (VALUES (0.80, '2024-01-01'), (0.85, '2026-08-01')) targets(expected, valid_from)
"""
OVERDUE = """
INSERT INTO action_rows BY NAME
SELECT 'A1' AS action_id, 'Call the site' AS title, 'Acme' AS vendor, DATE '2026-09-20' AS due_on, 'open' AS status, 'b1' AS batch_id
"""


@pytest.fixture
def sample(demo_warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The dashboard reads the sample warehouse."""
    monkeypatch.setenv("BPO_WAREHOUSE", str(demo_warehouse))


def fill(folder: Path, monkeypatch: pytest.MonkeyPatch, *statements: str) -> None:
    """The dashboard reads a warehouse of these rows."""
    monkeypatch.setenv("BPO_WAREHOUSE", str(folder))
    with Warehouse(folder).write("test", "seed", "rows") as connection:
        for statement in statements:
            connection.execute(statement)
        settle(connection)


def button_of(session: AppTest, key: str) -> AppTest:
    """Click the button with this key."""
    return session.main.button(key=key).click().run()


@pytest.mark.usefixtures("sample")
class TestSample:
    def test_the_watermelon_is_said_with_its_evidence(self) -> None:
        session = open_page(PAGE, profile="Asterion")
        shown = page_text(session)
        assert line_above(session).startswith("Vendor profile · Asterion · Q3 2026 · compared with Q2 2026")
        assert title(session).startswith("Seven of ten KPIs met their target in Q3 2026.")
        assert "Watermelon: green outside, red inside. Asterion met all four targets on speed, but" in shown
        assert "Service level 83.1 %, target >= 80 %" in shown
        assert "First contact resolution 77 % in Sep 2026, below expected: beyond a limit, on the worse side" in shown
        headings = ("Weaknesses", "Strengths", "Its KPIs over time", "Open actions", "Risks", "Events", "Notes", "Its KPIs against target")
        assert all(any(text.startswith(heading) for text in words(session)) for heading in headings)
        assert "Data Breach" in shown and "grew from 16" in shown and "review overdue by 16 days on 31 Oct 2026" in shown
        assert len([name for name in charts(session) if name.startswith("small-")]) == 10

    def test_from_a_number_to_its_rows_trend_and_definition_in_two_clicks(self) -> None:
        session = open_page(PAGE, profile="Asterion")
        asked = session.main.menu_button(key="ways-Asterion-csat").click("Where does this number come from?").run()
        assert any("Customer satisfaction" in text and "Asterion" in text for text in dialog(asked))
        assert {"Trend", "Definition"} <= {element.label.split(" ")[0] for element in dialog(asked, "button")}
        trend = button_of(open_page(PAGE, profile="Asterion"), "multiple-csat")
        assert line_above(trend).startswith("Trends · Customer satisfaction, Asterion · ")

    def test_the_choice_is_kept_in_the_link_and_has_neighbours(self) -> None:
        session = open_page(PAGE)
        assert line_above(session).startswith("Vendor profile · Asterion · ")
        second = button_of(session, "Next vendor")
        assert link(second)["profile"] == ["Cobalt Bay"]
        assert line_above(second).startswith("Vendor profile · Cobalt Bay · ")
        third = second.main.selectbox(key="profile").select("Meridiem").run()
        assert link(third)["profile"] == ["Meridiem"]
        assert "Durban go-live" in page_text(third) and "Watermelon check: every target on speed was met" in page_text(third)

    def test_what_is_not_measured_is_counted_apart(self) -> None:
        shown = page_text(open_page(PAGE, profile="Tallgrass"))
        assert "not measured in Q3 2026, so neither good nor bad: " in shown and "quality score" in shown.lower()

    def test_a_vendor_that_is_not_there_is_named(self) -> None:
        session = open_page(PAGE, profile="Asterion", vendor=["Cobalt Bay"])
        assert "The link asks for the profile of Asterion, which is not in the data or left out by the filter." in words(session)
        assert line_above(session).startswith("Vendor profile · Cobalt Bay · ")

    def test_without_numbers_what_people_wrote_is_still_there(self) -> None:
        session = open_page(PAGE, profile="Asterion", period="2031-Q1")
        assert title(session) == "No data of Asterion for Q1 2031 with these filters."
        assert "Open actions" in page_text(session) and not charts(session)

    def test_a_filter_of_another_vendor_is_said_and_can_be_dropped_alone(self) -> None:
        session = open_page(PAGE, profile="Asterion", site=["Durban"], channel=["voice"])
        assert title(session) == "Asterion has no data for the chosen site at any time: Durban."
        found = press(session, "Show all sites")
        assert link(found)["channel"] == ["voice"] and "site" not in link(found)
        assert line_above(found).startswith("Vendor profile · Asterion · ") and charts(found)

    def test_no_vendor_left_is_said(self) -> None:
        assert title(open_page(PAGE, vendor=["Acme"])) == "No data for Q3 2026 with these filters."


class TestOddData:
    def test_zero_denominators_equal_values_missing_and_changing_targets(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        fill(tmp_path / "warehouse", monkeypatch, ODD, TARGETS, OVERDUE)
        session = open_page(PAGE)
        assert line_above(session).startswith("Vendor profile · Acme · Q3 2026")
        shown = page_text(session)
        assert "nan" not in shown.lower().split()
        assert "1 open, 1 overdue on 30 Sep 2026" in shown and "overdue by 10 days" in shown
        assert "No open risk names this vendor." in shown and "No event in these months." in shown

    def test_two_hundred_vendors_are_a_list_to_choose_from(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        fill(tmp_path / "warehouse", monkeypatch, MANY)
        session = open_page(PAGE, profile="Vendor 200")
        assert len(session.main.selectbox(key="profile").options) == 200
        assert session.main.button(key="Next vendor").disabled
        assert link(button_of(session, "Previous vendor"))["profile"] == ["Vendor 199"]


def test_the_report_leads_to_the_watermelon(demo_warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BPO_WAREHOUSE", str(demo_warehouse))
    session = open_page()
    assert any("Watermelon: Asterion met all four targets on speed, but" in text for text in words(session))
    assert "Concern: first contact resolution 77 % in Sep 2026, below expected" in page_text(session)
    found = press(session, "Profile of Asterion")
    assert line_above(found).startswith("Vendor profile · Asterion · Q3 2026")


def test_a_report_without_a_watermelon_says_nothing_of_one(demo_warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BPO_WAREHOUSE", str(demo_warehouse))
    assert "Watermelon" not in page_text(open_page(vendor=["Cobalt Bay"]))
