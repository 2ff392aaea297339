"""Upload of files nobody has described: how each is read, what is asked, columns corrected, the recipe stored; several files at once."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Selectbox

from analytics.intake.recipe_store import store_recipe
from analytics.warehouse import Warehouse
from tests.pages.screen import ROOT, line_above, open_page, page_text, plain, press, title, words

pytestmark = pytest.mark.slow

NHS = (ROOT / "data" / "sample" / "nhs111_providers_2015-16.csv").read_bytes()
HEADER = "Call Start;Outsourcer;Team;Wait Time;Talk Time;Disposition"
CALLS = HEADER + "\n" + "".join(f"{day}/03/2026 09:00:00;Acme;Blue;0:00:12;0:04:00;Answered\n" for day in range(10, 30))
OPEN_DATES = CALLS.split("\n")[0] + "\n" + "".join(f"0{day}/03/2026 09:00:00;Acme;Blue;0:00:12;0:04:00;Answered\n" for day in range(1, 9))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A warehouse folder of the test's own, empty at first."""
    folder = tmp_path / "warehouse"
    monkeypatch.setenv("BPO_WAREHOUSE", str(folder))
    return folder


def dropped(**files: str | bytes) -> AppTest:
    """The page after these files were dropped: name without .csv -> content."""
    session = open_page("data/upload")
    contents = [(f"{name}.csv", text if isinstance(text, bytes) else text.encode(), "text/csv") for name, text in files.items()]
    return session.main.file_uploader[0].set_value(contents).run()


def box(session: AppTest, label: str) -> Selectbox:
    return next(box for box in session.main.selectbox if plain(box.label) == label)


def test_how_an_unknown_file_is_read_stands_below_what_can_be_done(folder: Path) -> None:
    session = dropped(calls=CALLS)
    assert title(session) == "Contacts of Acme, 10 Mar 2026 to 29 Mar 2026: all 20 rows can be kept."
    assert line_above(session) == "Upload · calls.csv · read by a proposed recipe · 20 rows read, 0 refused"
    assert "One row is one contact · 20 rows · UTF-8 · semicolon between cells · column names on line 1" in page_text(session)
    shown = words(session)
    assert shown[shown.index("Outsourcer") : shown.index("Outsourcer") + 3] == ["Outsourcer", "Acme", "certain 100 % a known word for it"]
    assert box(session, "Outsourcer").value == "vendor"


def test_a_corrected_column_is_read_anew_and_can_be_left_out(folder: Path) -> None:
    session = box(dropped(calls=CALLS), "Team").set_value("vendor").run()
    assert title(session).startswith("Contacts of Blue, ")
    session = box(session, "Team").set_value("").run()
    assert title(session).startswith("Contacts of Acme, ")
    session = box(session, "Wait Time").set_value("").run()
    assert box(session, "Wait Time").value == ""


def test_an_open_question_comes_before_everything_and_its_answer_can_be_taken_back(folder: Path) -> None:
    session = dropped(calls=OPEN_DATES)
    assert title(session) == "One question is open before this file can be kept."
    assert "See its scorecard" not in words(session)
    assert session.main.radio[0].options == ["Day first", "Month first"]
    session = session.main.radio[0].set_value("mdy").run()
    assert title(session) == "Contacts of Acme, 3 Jan 2026 to 3 Aug 2026: all 8 rows can be kept."
    session = press(session, "Change")
    assert title(session) == "One question is open before this file can be kept."


def test_a_totals_row_is_left_out_by_a_click_and_declining_can_be_taken_back(folder: Path) -> None:
    """13 Nov 1,100 and 14 Nov 2,200 of 3,300 offered; the share is computed from both counts."""
    days = '2026-11-13,Acme,1100,100,"9.1 %"\n2026-11-14,Acme,2200,50,"2.3 %"\n'
    session = dropped(calls=f"Date,Vendor,Calls offered,Abandoned,Abandon %\n{days}Gesamt,,3300,150,\n")
    assert title(session) == "One question is open before this file can be kept."
    assert session.main.radio[0].options == ["Leave out", "Keep nothing of the file"]
    session = session.main.radio[0].set_value("refuse_file").run()
    assert title(session).startswith("Nothing of this file can be kept: Line 4 is a totals row ('Gesamt' without a date)")
    session = press(session, "Change").main.radio[0].set_value("leave_out").run()
    assert title(session) == "Totals of Acme, 13 Nov 2026 to 14 Nov 2026: all 2 rows can be kept."
    assert line_above(session).endswith("2 rows read, 0 refused, 1 left out")
    assert "left out: a share cannot be added up; abandonment rate is computed from Abandoned and Calls offered" in words(session)
    session = press(session, "Keep 2 rows")
    batches = open_page("data/batches_and_quality", batch="b0001")
    assert "1 row left out: totals, as the recipe says under exclude (Date is 'Gesamt')." in page_text(batches)


def test_for_a_vendor_no_column_names_those_known_here_are_offered(folder: Path) -> None:
    press(dropped(nhs=NHS), "Keep 534 rows")
    session = dropped(calls=CALLS.replace("Outsourcer", "Desk"))
    assert title(session) == "One question is open before this file can be kept."
    another = box(session, "Another answer: choose or type it")
    assert "111AA1" in another.options
    session = another.set_value("111AA1").run()
    assert title(session).startswith("Contacts of 111AA1, ")


def test_the_seconds_of_the_contract_are_one_number(folder: Path) -> None:
    session = dropped(calls=CALLS)
    assert [plain(number.label) for number in session.main.number_input] == ["Answered in time within, seconds (assumed)"]
    session = session.main.number_input[0].set_value(10).run()
    assert [plain(number.label) for number in session.main.number_input] == ["Answered in time within, seconds"]
    assert title(session).endswith("all 20 rows can be kept.")


def test_a_stored_recipe_makes_the_next_file_known_and_keeps_what_is_kept(folder: Path) -> None:
    session = press(dropped(calls=CALLS), "Keep 20 rows")
    assert title(session) == "Stored as b0001: 20 rows accepted."
    (name,) = session.main.text_input
    session = press(name.set_value("Acme telephony").run(), "Store the recipe")
    assert title(session) == "Stored as b0001: 20 rows accepted."
    assert (folder / "recipes" / "Acme telephony.toml").exists()
    again = dropped(april=CALLS.replace("/03/", "/04/"))
    assert "read by the recipe Acme telephony" in line_above(again)
    assert "Read as" not in words(again)
    assert Warehouse(folder).newest == 1


def test_another_recipe_of_the_name_is_replaced_only_on_a_second_word(folder: Path) -> None:
    first = (ROOT / "data" / "recipes" / "nhs111.toml").read_text(encoding="utf-8")
    first = store_recipe(folder, "Acme", first).text
    session = press(dropped(calls=CALLS), "Keep 20 rows")
    session = press(session.main.text_input[0].set_value("acme").run(), "Store the recipe")
    assert any(text.startswith("There is another recipe called 'Acme'") for text in words(session))
    assert (folder / "recipes" / "Acme.toml").read_text(encoding="utf-8") == first
    session = press(session, "Replace it")
    assert "read by the recipe acme" in line_above(session)
    assert [path.name for path in (folder / "recipes").iterdir()] == ["acme.toml"]


def test_several_files_stand_in_one_list_and_those_that_are_known_are_kept_together(folder: Path) -> None:
    session = dropped(nhs=NHS, calls=CALLS, dates=OPEN_DATES, logo=b"\x89PNG\r\n\x1a\n" + bytes(50))
    assert title(session) == "One is known and ready, one is to be confirmed, one has a question, one is refused."
    shown = words(session)
    for status in ("(known) known", "(to confirm) to confirm", "(question) question", "(refused) refused"):
        assert status in shown
    assert any("The file is a picture (PNG)" in text and "export the table itself" in text for text in shown)
    assert "dates.csv One question is open before this file can be kept." in shown
    session = press(session, "Keep the one file that is known")
    assert title(session) == "One is stored, one is to be confirmed, one has a question, one is refused."
    session = press(session, "Open", 1)
    assert "calls.csv Contacts of Acme, 10 Mar 2026 to 29 Mar 2026: all 20 rows can be kept." in words(session)
    session = press(session, "Keep 20 rows")
    assert title(session) == "Two are stored, one has a question, one is refused."
    assert Warehouse(folder).newest == 2


def test_recognition_runs_once_per_file_and_answer(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = dropped(calls=CALLS)
    entries = session.session_state["_dropped"]
    (before,) = [dict(entry.found) for entry in entries.values()]
    session = session.run()
    (after,) = [entry.found for entry in session.session_state["_dropped"].values()]
    assert {name: found[1] is before[name][1] for name, found in after.items()} == dict.fromkeys(before, True)
    session.main.file_uploader[0].set_value([]).run()
    assert title(session).startswith("Drop an export")


@pytest.mark.parametrize(
    "evil", ["**bold**", "[x](http://example.com)", ":red[x]", "<b>x</b>", "![](http://example.com/x.png)", "$x$", "`x`"]
)
def test_names_and_cells_are_text_in_the_table_of_columns(folder: Path, evil: str) -> None:
    session = dropped(calls=CALLS.replace("Team", evil.replace(";", "")).replace("Blue", evil))
    shown = words(session)
    assert shown.count(evil) == 2
    assert evil in [plain(box.label) for box in session.main.selectbox]
