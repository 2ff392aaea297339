"""The front page: headline, cards, grid, movements, risks, attention and wins, and what one can do with them."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analytics.periods import Period
from analytics.review.editions import editions, issue, open_edition
from analytics.review.facts import ReviewRequest
from analytics.review.quarterly import quarterly_review
from analytics.settings import load_settings
from analytics.warehouse import Scope, Warehouse
from tests.pages.screen import click_targets, dialog, figure, line_above, link, open_page, page_text, press, select, title, words

PAGE = "review/quarterly_review"
MINE = "A quarter of two halves: the outage, and everything else."


@pytest.fixture(autouse=True)
def sample(demo_warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The dashboard reads the sample warehouse."""
    monkeypatch.setenv("BPO_WAREHOUSE", str(demo_warehouse))


def fill(session: AppTest, opener: str, button: str, **fields: str) -> AppTest:
    """Fill the fields of the open dialog whose labels have a word and press a button; a browser keeps it open meanwhile."""
    for field in (*dialog(session, "text_area"), *dialog(session, "text_input")):
        field.input(next(said for word, said in fields.items() if word in field.label))
    next(one for one in session.main.button if one.label == opener).click()
    next(one for one in dialog(session, "button") if one.label == button).click()
    return session.run()


def test_the_headline_counts_and_names_the_largest_exception() -> None:
    session = open_page(PAGE)
    assert line_above(session) == "Quarterly review · Q3 2026, July to September · compared with Q2 2026 · 5 of 5 vendors"
    assert title(session).startswith("Eight of ten KPIs met their target. Security incidents missed target (3 against 0)")
    assert len(title(session)) <= 160


def test_the_cards_print_the_sample_report() -> None:
    shown = words(open_page(PAGE))
    for card in ("First contact resolution: 85 %", "Average handle time: 4:30 min", "Customer satisfaction: 92 %", "Error rate: 0.5 %"):
        assert card in shown
    assert sum(1 for text in shown if text.startswith("(met)")) >= 5


def test_what_moved_says_where_it_is_and_leads_to_its_split() -> None:
    session = open_page(PAGE)
    assert "Cobalt Bay abandonment rate +2.2 pp to 6.4 %" in page_text(session)
    assert "Pune's own rate accounts for +1.6 pp" in page_text(session)
    press(session, "Why")
    assert line_above(session).startswith("Variance · ")
    assert link(session)["kpi"] == ["abandonment_rate"]
    assert link(session)["vendor"] == ["Cobalt Bay"]
    assert link(session)["by"] == ["site"]


def test_a_cell_leads_to_its_trend() -> None:
    session = open_page(PAGE, channel=["voice"])
    assert [None, "csat"] in click_targets(figure(session, "review-grid"))
    select(session, "review-grid", ["Cobalt Bay", "service_level"])
    assert line_above(session).startswith("Trends · Service level, Cobalt Bay")
    assert link(session)["channel"] == ["voice"]


def test_a_year_is_shown_as_its_last_quarter() -> None:
    assert "Q4 2025, October to December" in line_above(open_page(PAGE, period="2025"))


def test_the_quarter_is_chosen_on_the_page_itself() -> None:
    session = open_page(PAGE)
    session.selectbox(key="review-quarter").select("2026-Q2").run()
    assert "Q2 2026, April to June · compared with Q1 2026" in line_above(session)
    assert link(session)["period"] == ["2026-Q2"]
    session.multiselect(key="review-vendor").select("Cobalt Bay").run()
    assert line_above(session).endswith("Cobalt Bay")
    assert link(session)["vendor"] == ["Cobalt Bay"]


def test_a_quarter_without_data_says_so() -> None:
    session = open_page(PAGE, period="2030-Q1")
    assert "No data for Q1 2030" in title(session)
    assert not session.exception


def test_words_of_a_person_stand_on_the_page_marked_as_theirs(demo_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BPO_WAREHOUSE", str(demo_copy))
    session = press(open_page(PAGE), "Edit text")
    session = fill(session, "Edit text", "Save the words", words=MINE, name="Ana Reyes")
    assert title(session) == MINE
    assert "words of Ana Reyes" in page_text(session)
    assert title(open_page(PAGE)) == MINE
    assert audiences(demo_copy, "") == {"": MINE}


def audiences(folder: Path, vendor: str) -> dict[str, str]:
    """For whom which words stand on a vendor, '' all."""
    found = Warehouse(folder).open().select(Scope.everything(), "SELECT vendor, audience, body FROM commentary").fillna("")
    found = found[(found["vendor"] == vendor) & (found["body"] == MINE)]
    return dict(zip(found["audience"], found["body"], strict=True))


def test_words_on_one_vendor_leave_the_house_only_when_that_is_said(demo_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BPO_WAREHOUSE", str(demo_copy))
    session = press(open_page(PAGE, vendor="Cobalt Bay"), "Edit text")
    assert any("in the packs for executives and for operations" in text for text in dialog(session))
    (box,) = dialog(session, "checkbox")
    assert (box.label, box.value) == ("Also in Cobalt Bay's own pack, which leaves the house", False)
    fill(session, "Edit text", "Save the words", words=MINE, name="Ana Reyes")
    assert audiences(demo_copy, "Cobalt Bay") == {"executive": MINE, "operations": MINE}


def test_an_issued_edition_can_be_opened_and_says_what_was_restated(demo_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BPO_WAREHOUSE", str(demo_copy))
    session = press(open_page(PAGE, vendor="Northline"), "Issue edition")
    fill(session, "Issue edition", "Issue Q3 2026", name="Ana Reyes")
    (edition,) = editions(Warehouse(demo_copy), Scope.everything())
    assert edition.warehouse_version == Warehouse(demo_copy).newest
    packs = open_edition(Warehouse(demo_copy), Scope.everything(), edition.name).packs
    assert {name: content[:4] for name, content in packs.items()} == {"pdf": b"%PDF", "pptx": b"PK\3\4", "xlsx": b"PK\3\4"}
    assert packs["pptx"] != packs["xlsx"]

    session = open_page(PAGE, vendor="Northline")
    assert "Edition 1 of Q3 2026" in page_text(session)
    assert "Nothing has changed since issue." in page_text(session)
    before = title(session)
    session = press(session, "As issued")
    assert link(session)["edition"] == [edition.name]
    assert title(session) == before
    assert "Every number, target, definition and word is as it was then." in page_text(session)


def test_a_link_to_an_edition_shows_its_quarter_and_one_that_cannot_be_read_leaves_a_way_back(
    demo_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BPO_WAREHOUSE", str(demo_copy))
    warehouse = Warehouse(demo_copy)
    request = ReviewRequest(Period.parse("2026-Q3"), load_settings(demo_copy))
    review = quarterly_review(warehouse.open(), Scope.everything(), request)
    edition = issue(warehouse, Scope.everything(), review, {}, "Ana Reyes", version=1)

    session = open_page(PAGE, edition=edition.name, period="2026-Q1", vendor="Asterion")
    assert title(session) == review.headline.text
    assert (link(session)["period"], "vendor" in link(session)) == (["2026-Q3"], False)

    path = demo_copy / "editions" / f"{edition.name}.zip"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-5])
    session = open_page(PAGE, edition=edition.name)
    assert "cannot be opened: it is not as it was issued" in page_text(session)
    session = press(session, "Show it as it is now")
    assert (title(session), "edition" in link(session)) == (review.headline.text, False)
