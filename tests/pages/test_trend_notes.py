"""Trends with options from the link, and notes and events as a reader writes and reads them."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analytics.filters import Filters
from analytics.performance.notes import Entered, Note
from analytics.periods import Grain, Period
from pages.components.noting import EventAsked, NotesAsked
from tests.pages.screen import dialog, figure, line_above, link, open_page, page_text, plain, press, title, words

pytestmark = pytest.mark.slow

PAGE = "performance/trends"
OUTAGE = "2026-08-14 Pune outage"
HOSTILE = '<b>late</b> **bold** $y$ :red[z] [a](javascript:x) "=1+1"'


@pytest.fixture
def sample(demo_warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The dashboard reads the sample warehouse."""
    monkeypatch.setenv("BPO_WAREHOUSE", str(demo_warehouse))


@pytest.fixture
def own(demo_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The dashboard reads and writes a copy."""
    monkeypatch.setenv("BPO_WAREHOUSE", str(demo_copy))


def notes_of(session: AppTest) -> list[str]:
    return [note["text"] for note in figure(session, "trend-")["layout"]["annotations"]]


@pytest.mark.usefixtures("sample")
class TestOptions:
    def test_a_link_with_all_of_them_is_restored_drawn_and_said(self) -> None:
        session = open_page(
            PAGE, kpi="service_level", vendor="Cobalt Bay", rebase="2025-03-03 New IVR menu", beside="last_year", screening="off"
        )
        assert {"before New IVR menu: mean 81.8", "since New IVR menu"} <= set(notes_of(session))
        assert any(words.startswith("last year ") for words in notes_of(session))
        said = page_text(session)
        assert line_above(session).endswith("Oct 2024 to Sep 2026 · limits anew since New IVR menu, unscreened")
        assert "The limits start anew with Apr 2025 (New IVR menu, 3 Mar 2025): no rule reaches across." in said
        assert "every range counted" in said and "Thin line: the same months last year, whole months only" in said
        assert (link(session)["rebase"], link(session)["beside"], link(session)["screening"]) == (
            ["2025-03-03 New IVR menu"],
            ["last_year"],
            ["off"],
        )

    def test_what_does_not_apply_is_said(self) -> None:
        session = open_page(PAGE, kpi="average_handle_time", limits="laney", rebase=HOSTILE)
        assert "Laney p' is for proportions, which average handle time is not: standard limits are shown." in page_text(session)
        assert f"'{HOSTILE}' is no event of this chart: nothing starts anew there." in page_text(session)

    def test_one_month_since_the_event_has_no_limits_yet(self) -> None:
        session = open_page(PAGE, kpi="service_level", vendor="Cobalt Bay", rebase=OUTAGE)
        assert "Too few whole periods since Pune outage for limits." in words(session)
        assert title(session).startswith("Service level: ")

    def test_days_follow_the_week(self) -> None:
        session = open_page(PAGE, kpi="contacts_handled", grain="day", limits="weekday", beside="previous")
        assert "around what is usual for each weekday" in page_text(session) and "the days 14 weeks earlier" in page_text(session)
        assert any(shape["type"] == "path" for shape in figure(session, "trend-")["layout"]["shapes"])


NOTE = NotesAsked("csat", Period(date(2026, 9, 1), Grain.MONTH), Filters(vendor=("Northline",)), "Northline")


def opened(asked: NotesAsked | EventAsked) -> AppTest:
    """The page with the dialog open."""
    session = open_page(PAGE, kpi="csat", vendor="Northline")
    session.session_state["_noted"] = asked
    return session.run()


def save(session: AppTest, asked: NotesAsked | EventAsked, label: str, **fields: str) -> AppTest:
    """Fill the fields of the open dialog whose labels begin so, and press a button; a browser keeps the dialog open meanwhile."""
    for field in (*dialog(session, "text_area"), *dialog(session, "text_input")):
        for name, value in fields.items():
            if field.label.startswith(name):
                field.set_value(value)
    next(button for button in dialog(session, "button") if plain(button.label) == label).click()
    session.session_state["_noted"] = asked
    return session.run()


@pytest.mark.usefixtures("own")
def test_a_note_is_written_shown_and_corrected() -> None:
    session = press(open_page(PAGE, kpi="csat", vendor="Northline"), "Add a note")
    assert "Sep 2026 · Customer satisfaction · Northline" in dialog(session)
    refused = save(opened(NOTE), NOTE, "Save the note", New="   ", Your="N. T.")
    assert any("The note is empty. Write up to 500 characters." in said for said in dialog(refused))
    session = save(opened(NOTE), NOTE, "Save the note", New=HOSTILE, Your="N. T.")
    assert any(line.startswith(f"1 · Sep 2026: {HOSTILE} N. T., ") for line in words(session))
    (rings,) = [trace for trace in figure(session, "trend-")["data"] if trace.get("mode") == "markers+text"]
    assert rings["text"] == ["1"]
    written = Note(date.today(), "N. T.", "csat", "Northline", "2026-09", HOSTILE, Entered())
    correcting = replace(NOTE, correcting=written)
    corrected = save(opened(correcting), correcting, "Save the note", Corrected="On time again.")
    assert any(line.startswith("1 · Sep 2026: On time again. N. T., ") and line.endswith("1 earlier version") for line in words(corrected))
    event = EventAsked("csat", date(2026, 9, 30), "Northline")
    session = save(opened(event), event, "Save the event", Title="Survey moved", Owner="N. T.", What="To e-mail")
    assert "30 Sep 2026 · event · all KPIs: Survey moved: To e-mail owner N. T." in words(session)
    assert "Survey moved" in notes_of(session)


@pytest.mark.usefixtures("sample")
def test_the_report_says_how_many_notes_a_number_has() -> None:
    session = open_page(scope="Cobalt Bay")
    menu = session.main.menu_button(key="ways-Cobalt Bay-service_level")
    assert menu.label.endswith(" 2") and menu.options[-1] == "Notes (2)"
    read = menu.click("Notes").run()
    assert any("D. Fernandes, 14 Oct 2026 · Service level · Cobalt Bay · 2026-Q3" in said for said in dialog(read))
