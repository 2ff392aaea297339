"""Upload: what a file holds is seen first, kept on confirm, and kept once."""

import csv
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analytics.warehouse import Warehouse
from tests.intake.workbooks import write_workbook
from tests.pages.screen import ROOT, click_targets, figure, line_above, link, open_page, page_text, press, title, words

pytestmark = pytest.mark.slow

PAGE = "data/upload"
NHS = ROOT / "data" / "sample" / "nhs111_providers_2015-16.csv"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A warehouse folder of the test's own, empty at first."""
    folder = tmp_path / "warehouse"
    monkeypatch.setenv("BPO_WAREHOUSE", str(folder))
    return folder


def upload(content: bytes, name: str = "nhs111.csv") -> AppTest:
    """The page after this file was dropped on it."""
    session = open_page(PAGE)
    return session.main.file_uploader[0].upload(name, content, "text/csv").run()


def nhs_with(old: str, new: str) -> bytes:
    """The first 40 rows of the public file with one text replaced once."""
    head = "\n".join(NHS.read_text(encoding="utf-8").splitlines()[:41])
    assert old in head
    return head.replace(old, new, 1).encode()


def test_before_a_file_comes_the_page_says_what_to_do(folder: Path) -> None:
    session = open_page(PAGE)
    assert title(session) == "Drop an export, see its scorecard, then keep it or leave it."
    assert session.main.file_uploader[0].allowed_type == [".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"]


def test_a_public_file_is_recognised_read_and_not_stored_before_the_confirmation(folder: Path) -> None:
    session = upload(NHS.read_bytes())
    assert title(session) == "Totals of 46 vendors, Apr 2015 to Mar 2016: all 534 rows can be kept."
    assert line_above(session).endswith("read by the recipe nhs111 · 534 rows read, 0 refused")
    assert "Read as" not in words(session)
    assert not Warehouse(folder).exists


def test_keeping_it_stores_it_once_and_leads_to_its_kpis(folder: Path) -> None:
    session = press(upload(NHS.read_bytes()), "Keep 534 rows")
    assert title(session) == "Stored as b0001: 534 rows accepted."
    assert Warehouse(folder).newest == 1
    report = press(session, "See its KPIs")
    assert line_above(report).startswith("Performance report · Q1 2016 · ")
    assert link(report)["period"] == ["2016-Q1"]
    assert [None, "service_level"] in click_targets(figure(report, "grid"))
    again = upload(NHS.read_bytes(), "the same under another name.csv")
    assert title(again) == "This file is stored already, as b0001; keeping it again changes nothing."
    assert not any(word.startswith("Keep") for word in words(again))
    assert Warehouse(folder).newest == 1


@pytest.mark.slow
def test_it_is_kept_beside_the_sample(demo_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BPO_WAREHOUSE", str(demo_copy))
    before = Warehouse(demo_copy).newest or 0
    session = press(upload(NHS.read_bytes()), "Keep 534 rows")
    assert any("534 rows accepted" in text for text in words(session))
    assert Warehouse(demo_copy).newest == before + 1
    assert open_page().main.metric[2].value == "92\u00a0\\%"


def test_a_row_that_cannot_be_read_is_refused_with_line_column_and_reason(folder: Path) -> None:
    session = upload(nhs_with(",67491,", ",many,"))
    assert title(session).endswith("39 of 40 rows can be kept; 1 is refused, with reasons.")
    assert line_above(session).endswith("40 rows read, 1 refused")
    refused = session.main.dataframe[0].value.iloc[0]
    assert (refused["line"], refused["column"], refused["reason"]) == (2, "Nhs1 Number Calls Offered SUM", "'many' is not a number")
    assert "67491" not in refused["raw"]
    assert "many" in refused["raw"]
    assert "Download refused rows" in words(session)
    kept = press(session, "Keep 39 rows, 1 refused")
    assert title(kept) == "Stored as b0001: 39 rows accepted, 1 refused."


def test_a_picture_is_named_as_what_it_is_and_another_recipe_does_not_help(folder: Path) -> None:
    session = upload(b"\x89PNG\r\n\x1a\n" + bytes(100), "calls.csv")
    assert title(session).startswith("Nothing of this file can be kept: The file is a picture (PNG)")
    assert "export the table itself" in page_text(session)
    recipe = session.main.selectbox[0]
    recipe.set_value(next(option for option in recipe.options if option.startswith("nhs111")).split(":")[0]).run()
    assert title(session).startswith("Nothing of this file can be kept: ")
    assert not any(word.startswith("Keep") for word in words(session))


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "The file is empty."), (NHS.read_bytes()[:1500].replace(b"Apr-15,", b'"Apr-15,', 1), "cannot be read")],
    ids=["empty", "open quote"],
)
def test_a_broken_file_is_one_sentence_and_nothing_is_stored(folder: Path, content: bytes, said: str) -> None:
    session = upload(content, "broken.csv")
    assert title(session).startswith("Nothing of this file can be kept: ")
    assert said in page_text(session)
    assert not any(word.startswith("Keep") for word in words(session))
    assert not Warehouse(folder).exists


def test_names_in_a_file_are_shown_as_they_are(folder: Path) -> None:
    session = upload(NHS.read_bytes(), "**bold** [x](http://example.com) :red[x].csv")
    assert "**bold** [x](http://example.com) :red[x].csv" in line_above(session)


def test_a_workbook_asks_for_its_sheet_and_remembers_the_answer(folder: Path, tmp_path: Path) -> None:
    with NHS.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    book = write_workbook(tmp_path / "a.xlsx", {"First half": rows[:21], "Second half": [rows[0], *rows[21:31]]})
    session = upload(book.read_bytes(), "nhs111.xlsx")
    assert title(session) == "One question is open before this file can be kept."
    assert session.main.radio[0].options == ["First half", "Second half"]
    session = session.main.radio[0].set_value("Second half").run()
    assert title(session).endswith("all 10 rows can be kept.")
    session = press(session.run(), "Keep 10 rows")
    assert title(session) == "Stored as b0001: 10 rows accepted."
