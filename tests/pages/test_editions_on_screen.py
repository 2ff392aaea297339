"""Editions on screen: they open for ever, are left when another quarter is chosen, and are not issued twice by mistake."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analytics.catalogue import using
from analytics.periods import Period
from analytics.review.editions import Edition, editions, issue
from analytics.review.facts import ReviewRequest
from analytics.review.quarterly import quarterly_review
from analytics.settings import load_settings
from analytics.warehouse import Scope, Warehouse
from tests.pages.screen import click_targets, dialog, figure, line_above, link, open_page, page_text, plain, press, select, words

PAGE = "review/quarterly_review"
OWN = """
[[kpis]]
id = "contacts_per_agent_day"
label = "Contacts per agent and day"
numerator = "contacts_handled"
denominator = "headcount_days"
unit = "score"
direction = "higher"
definition = "Contacts handled per agent and day of the period."
target = {comparator = ">=", value = 15}
"""
SETTINGS = """
report_kpis = ["contacts_per_agent_day"]
review_kpis = ["service_level", "contacts_per_agent_day"]
"""


@pytest.fixture
def folder(demo_copy: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The dashboard reads and writes a copy of the sample warehouse."""
    monkeypatch.setenv("BPO_WAREHOUSE", str(demo_copy))
    return demo_copy


def issued(folder: Path, quarter: str = "2026-Q3") -> Edition:
    """An edition of all vendors, without its files."""
    warehouse = Warehouse(folder)
    store, everything = warehouse.open(), Scope.everything()
    with using(warehouse.catalogue):
        review = quarterly_review(store, everything, ReviewRequest(Period.parse(quarter), load_settings(folder)))
        return issue(warehouse, everything, review, {}, "Ana Reyes", version=store.version)


def test_an_edition_opens_after_its_kpi_was_removed_from_the_catalogue(folder: Path) -> None:
    (folder / "catalogue.toml").write_text(OWN)
    (folder / "settings.toml").write_text(SETTINGS)
    edition = issued(folder)
    for name in ("catalogue.toml", "settings.toml"):
        (folder / name).unlink()

    session = open_page(PAGE, edition=edition.name)
    assert "Contacts per agent and day: 39.6" in words(session)
    grid = figure(session, "review-grid")
    assert [None, "contacts_per_agent_day"] in click_targets(grid)
    labels = [note["text"] for note in grid["layout"]["annotations"]]
    assert any(label.startswith("Contacts per agent") and "<br>" in label and ">= 15" in label.replace("&gt;", ">") for label in labels)
    session = select(session, "review-grid", [None, "contacts_per_agent_day"])
    assert not session.exception and "no longer defined" in session.toast[0].value

    session = open_page(PAGE)
    assert "Contacts per agent and day cannot be computed any more: no definition in the catalogue." in page_text(session)
    (differing,) = [frame.value for frame in session.main.dataframe if "as issued" in frame.value]
    row = differing[differing["what"] == "Contacts per agent and day"].to_dict("records")
    assert row == [
        {
            "what": "Contacts per agent and day",
            "as issued": "5 numbers",
            "now": "-",
            "change": "cannot be computed any more: no definition in the catalogue",
        }
    ]


def test_another_quarter_chosen_while_an_edition_is_open_is_shown(folder: Path) -> None:
    edition = issued(folder)
    session = open_page(PAGE, edition=edition.name, period="2026-Q1")
    assert (link(session)["period"], link(session)["edition"]) == (["2026-Q3"], [edition.name])
    session.selectbox(key="period").select("2026-Q2").run()
    assert "Q2 2026, April to June" in line_above(session)
    assert (link(session)["period"], "edition" in link(session)) == (["2026-Q2"], False)

    session = open_page(PAGE, edition=edition.name)
    session.selectbox(key="review-quarter").select("2026-Q1").run()
    assert "Q1 2026, January to March" in line_above(session)
    assert "edition" not in link(session)


def press_in_dialog(session: AppTest, button: str) -> AppTest:
    """Press a button of the open dialog; a browser keeps it open meanwhile."""
    for field in dialog(session, "text_input"):
        field.input("Ana Reyes")
    next(one for one in session.main.button if one.label == "Issue edition").click()
    next(one for one in dialog(session, "button") if one.label == button).click()
    return session.run()


def test_the_same_review_is_issued_again_only_when_that_is_asked_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.components.edition_view.made_pack", lambda *_: (b"", None))
    session = press(open_page(PAGE), "Issue edition")
    for _ in range(2):
        session = press_in_dialog(session, "Issue Q3 2026")
    assert [edition.number for edition in editions(Warehouse(folder), Scope.everything())] == [1]
    said = plain(dialog(session, "info")[0].value)
    assert said.startswith("Edition 1 of Q3 2026, issued") and "by Ana Reyes. Nothing has changed since" in said
    press_in_dialog(session, "Issue another all the same")
    assert [edition.number for edition in editions(Warehouse(folder), Scope.everything())] == [2, 1]
