"""The recipe to read a file by: stored ones first, else a proposed one, corrected column by column."""

import pytest

from analytics.errors import UsageError
from analytics.intake import Original, Proposal, parse_recipe, proposed, with_mapping
from analytics.intake.workspace import Workspace

CALLS = "Date,Vendor,Calls,Mood,Answered\n2026-03-13,Acme,10,good,9\n2026-03-14,Acme,20,bad,19\n"
CONTACTS = "Ticket,Opened,Vendor,State,Note\n1,2026-03-13 10:00:00,Acme,Resolved,x\n2,2026-03-13 11:00:00,Acme,Open,y\n"
STORED = """
source = "acd"
shape = "aggregates"
header_row = 3
[dimensions]
period_start = {column = "Date", grain = "day"}
vendor = {column = "Vendor"}
[measures]
contacts_offered = {column = "Calls"}
"""


def of(text: str, **answers: str) -> Proposal:
    return proposed(Original.of(text.encode(), "calls 2026.csv"), (), answers)


def test_an_unknown_file_gets_a_recipe_with_reasons_and_choices() -> None:
    found = of(CALLS)
    assert found.recipe is not None and not found.is_stored and not found.questions
    assert found.recipe.name == "proposed: calls 2026" and parse_recipe(found.text, "calls").name == "calls"
    columns = {column.name: column for column in found.columns}
    assert {name: column.means for name, column in columns.items()} == {
        "Date": "date", "Vendor": "vendor", "Calls": "contacts_offered", "Mood": "", "Answered": "contacts_handled",
    }  # fmt: skip
    assert (columns["Calls"].words, columns["Calls"].confidence) == ("Contacts offered", 1.0)
    assert [choice.value for choice in columns["Mood"].choices] == ["vendor", "site", "lob", "channel", "currency"]
    assert {"contacts_offered", "cases_opened", "service_level"} <= {choice.value for choice in columns["Calls"].choices}
    assert [issue.code for issue in found.issues] == ["proposed", "recognised"]


def test_columns_are_corrected_one_by_one_and_the_last_word_counts() -> None:
    first = with_mapping(of(CALLS), {"Calls": "cases_opened", "Mood": "lob", "Answered": ""})
    assert first.recipe is not None and first.recipe.dimensions["lob"].column == "Mood"
    assert {entry.measure: entry.column for entry in first.recipe.measures} == {"cases_opened": "Calls"}
    second = with_mapping(first, {"Calls": "", "Answered": "contacts_offered"})
    assert second.recipe is not None
    assert {entry.measure: entry.column for entry in second.recipe.measures} == {"contacts_offered": "Answered"}
    assert second.answers == {"column.lob": "Mood", "read.Calls": "no", "column.contacts_offered": "Answered"}


def test_a_meaning_given_to_one_column_is_taken_from_another() -> None:
    found = with_mapping(of(CALLS), {"Answered": "contacts_offered"})
    assert {column.name: column.means for column in found.columns}["Calls"] == ""


def test_parts_of_contacts_are_corrected_too() -> None:
    found = of(CONTACTS)
    assert found.recipe is not None and {entry.measure for entry in found.recipe.measures} == {"cases_opened", "cases_resolved"}
    corrected = with_mapping(found, {"Note": "lob"})
    assert corrected.recipe is not None and corrected.recipe.dimensions["lob"].column == "Note"
    assert {entry.measure for entry in corrected.recipe.measures} == {"cases_opened", "cases_resolved"}
    assert {choice.value for choice in found.columns[3].choices} >= {"outcome", "lob"}


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({"Mood": "contacts_offered"}, "Column Mood cannot hold contacts_offered: good, bad"),
        ({"Calls": "contact_offered"}, "Did you mean: contacts_offered"),
        ({"Cals": "contacts_offered"}, "Did you mean: Calls"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(mapping: dict[str, str], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        with_mapping(of(CALLS), mapping)


def test_a_stored_recipe_is_found_where_it_expects_the_column_names() -> None:
    recipe = parse_recipe(STORED, "acd")
    text = f"Report\n\n{CALLS}"
    found = proposed(Original.of(text.encode(), "calls.csv"), (recipe,))
    assert found.is_stored and found.recipe is recipe and found.issues == ()
    assert [(column.name, column.means) for column in found.columns] == [
        ("Date", "date"),
        ("Vendor", "vendor"),
        ("Calls", "contacts_offered"),
    ]
    assert not proposed(Original.of(CALLS.encode(), "calls.csv"), (recipe,)).is_stored


def test_what_is_no_table_is_a_refusal_and_what_is_open_a_question() -> None:
    refused = of("")
    assert refused.recipe is None and refused.refusal is not None and refused.refusal.message == "The file is empty."
    dates = CALLS.replace("2026-03-13", "02/03/2026").replace("2026-03-14", "03/03/2026")
    asked = of(dates)
    assert [question.key for question in asked.questions] == ["date_order"] and asked.recipe is not None
    answered = of(dates, date_order="mdy")
    assert not answered.questions and [question.key for question in answered.asked] == ["date_order"]


OWN_WORDS = "Buddy;Rang;Paused;Chatted;Got\nAcme;13/03/2026;0:00:12;0:04:00;spoke\nAcme;14/03/2026;0:00:32;0:00:00;left\n"


def test_columns_nobody_knows_are_named_by_hand_one_after_the_other() -> None:
    found = of(OWN_WORDS)
    assert found.recipe is None and found.refusal is not None and found.refusal.code == "unmapped"
    assert [column.means for column in found.columns] == ["", "", "", "", ""]
    may = {column.name: {choice.value for choice in column.choices} for column in found.columns}
    assert "opened" in may["Rang"] and "outcome" in may["Got"] and "queue_seconds" in may["Paused"] and "vendor" in may["Buddy"]
    half = with_mapping(found, {"Got": "outcome", "Buddy": "vendor"})
    assert half.recipe is None and [column.means for column in half.columns] == ["vendor", "", "", "", "outcome"]
    done = with_mapping(half, {"Rang": "opened", "Paused": "queue_seconds", "Chatted": "handle_seconds"})
    assert done.recipe is not None and done.refusal is None and done.recipe.dimensions["vendor"].column == "Buddy"


def test_the_seconds_of_the_contract_are_said_by_hand() -> None:
    calls = "Date;Partner;Wait;Result\n13/03/2026;Acme;0:00:12;Answered\n14/03/2026;Acme;0:00:32;Lost\n"
    assert [note.about for note in of(calls).notes] == ["threshold_seconds"] and "at_most = 20" in of(calls).text
    said = of(calls, threshold_seconds="30")
    assert said.notes == () and "threshold_seconds = 30" in said.text and "at_most = 30" in said.text
    with pytest.raises(UsageError, match="'soon' is no number of seconds"):
        of(calls, threshold_seconds="soon")


def test_outcome_and_durations_make_contacts_of_whatever_the_date_is_called() -> None:
    rows = "".join(f"{day}/03/2026;Acme;0:00:12;0:04:00;Answered\n" for day in range(10, 20))
    found = of(f"Logged;Partner;Wait;Talk time;Outcome\n{rows}")
    assert found.recipe is not None and found.recipe.shape == "interactions"
    assert found.recipe.period_start is not None and found.recipe.period_start.columns == ("Logged",)


def test_a_large_file_is_looked_at_once_for_all_answers() -> None:
    rows = "".join(f"2026-03-{day:02},Acme,Site {site},{site},{'x' * 40}\n" for day in range(1, 29) for site in range(700))
    large = Original.of(f"Date,Vendor,Site,Calls,Note\n{rows}".encode(), "large.csv")
    memory = Workspace()
    first = proposed(large, (), {}, memory=memory)
    (looked,) = memory.folder.glob("*.pickle")
    written = looked.stat().st_mtime_ns
    again = proposed(large, (), {"read.Note": "no"}, memory=memory)
    assert looked.stat().st_mtime_ns == written, "the rows were looked at again"
    assert first.recipe and again.recipe and again.text == first.text
    memory.close()
