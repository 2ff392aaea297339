"""Rows of totals without a date: asked, held against the other rows, left out and named, or the file is refused."""

import tomllib
from pathlib import Path

import pytest

from analytics.errors import IntakeError
from analytics.intake import Status, load_file, preview
from analytics.intake.quarantine import fix
from analytics.intake.recognise.totals_rows import KEY
from analytics.intake.storing import left_out_of
from analytics.warehouse import Scope, Warehouse
from tests.intake.recognise.files import open_keys, recipe_of, recognised

HEADER = "Datum;Dienstleister;Offered;Answered;Abandon %\n"
DAYS = '13.11.2026;Acme;1.100;1.000;"9,1 %"\n14.11.2026;Acme;2.200;2.100;"4,5 %"\n'
EXPORT = HEADER + DAYS + "Gesamt;;3.300;3.100;\n"


def asked(text: str) -> str:
    (question,) = [question for question in recognised(text).questions if question.key == "totals_row"]
    return question.text


def test_a_totals_row_is_asked_with_its_line_and_agrees_with_the_others() -> None:
    (question,) = recognised(EXPORT).questions
    said = "Line 4 is a totals row ('Gesamt' without a date): it would count everything twice. It agrees with the 2 other rows: "
    assert (question.key, question.text) == ("totals_row", f"{said}Offered, Answered add up to it.")
    assert question.choices[0].means == "leave this row out (line 4: Gesamt); the other 2 rows are read"


def test_leaving_it_out_reads_exactly_the_others_and_says_what_was_left_out() -> None:
    recipe = recognised(EXPORT, totals_row="leave_out").recipe
    assert tomllib.loads(recipe.text)["rows"] == {"exclude": [{"column": "Datum", "equals": ["Gesamt"]}]}
    read = preview(EXPORT.encode(), "export.csv", recipe)
    assert (read.rows_read, read.rows_rejected, read.accepted_frame()["contacts_offered"].tolist()) == (2, 0, [1100, 2200])
    (issue,) = [issue for issue in read.issues if issue.code == "left_out"]
    assert (issue.line, issue.message) == (4, "1 row left out: totals, as the recipe says under exclude (Datum is 'Gesamt').")


def test_declining_refuses_the_file() -> None:
    with pytest.raises(IntakeError, match=r"Line 4 is a totals row \('Gesamt' without a date\)"):
        recognised(EXPORT, totals_row="refuse_file")


def test_a_total_that_is_no_sum_says_by_how_much_and_keeps_saying_it() -> None:
    wrong = EXPORT.replace("3.300", "3.400")
    said = (
        "It does not agree with the other rows: line 4 says Offered 3,400, the rows come to 3,300: rows may be missing, or counted twice."
    )
    assert asked(wrong).endswith(said)
    notes = recognised(wrong, totals_row="leave_out").notes
    assert any(note.text.startswith("Totals that differ from their rows: line 4 says Offered 3,400") for note in notes)


def test_nothing_is_said_against_a_total_before_its_numbers_can_be_read() -> None:
    """4.23 beside 1.100: thousands are the first reading of a count, and CSAT does not make 1.100 + 2.200 one and two."""
    text = "Datum;Partner;Offered;Answered;CSAT\n13.11.2026;Acme;1.100;900;4.23\n14.11.2026;Acme;2.200;800;4.25\nGesamt;;3.300;1.700;\n"
    found = recognised(text)
    separators, totals = found.questions
    assert [choice.value for choice in separators.choices] == ["thousands", "decimal"]
    assert "It agrees with the 2 other rows" in totals.text
    wrong = recognised(text.replace("3.300", "3.400"))
    assert "agree" not in wrong.questions[1].text and KEY not in [note.about for note in wrong.notes]


def test_subtotals_are_the_sums_since_the_last_one_and_a_grand_total_that_of_all() -> None:
    """| Total Mon | 3,300 | Total Tue | 4,400 | Grand total | 7,700 |"""
    later = DAYS.replace("13.11", "15.11").replace("14.11", "16.11").replace("1.100;", "2.200;")
    text = f"{HEADER}{DAYS}Total Mon;;3.300;3.100;\n{later}Total Tue;;4.400;3.100;\nGrand total;;7.700;6.200;\n"
    assert "It agrees with the 4 other rows: Offered, Answered add up to it." in asked(text)
    assert "Lines 4, 7 and 8" not in asked(text) and "Lines 4, 7, 8 are totals rows" in asked(text)
    rule = recipe_of(text, totals_row="leave_out")["rows"]["exclude"]
    assert rule == [{"column": "Datum", "equals": ["Total Mon", "Total Tue", "Grand total"]}]


@pytest.mark.parametrize("word", ["Total", "Sum", "Summe", "Gesamtsumme:", "Suma", "Totaal", "Итого", "合計"])
def test_totals_are_known_in_many_languages(word: str) -> None:
    assert "totals_row" in open_keys(EXPORT.replace("Gesamt", word))


def test_a_total_named_where_dated_rows_have_the_same_name_is_told_by_its_missing_date() -> None:
    text = "Date,Vendor,Site,Calls\n2026-03-13,Acme,All sites,10\n2026-03-14,Acme,All sites,20\n,,All sites,30\n"
    recipe = recipe_of(text, totals_row="leave_out", totals__Site="keep")
    assert recipe["rows"] == {"exclude": [{"column": "Date", "present": False}]}


def test_a_row_of_numbers_without_a_date_and_names_is_asked_unless_other_rows_have_no_date_either() -> None:
    text = "Date,Vendor,Calls\n2026-03-13,Acme,10\n2026-03-14,Acme,20\n,,30\n"
    assert open_keys(text) == ["totals_row"]
    assert recipe_of(text, totals_row="leave_out")["rows"] == {"exclude": [{"column": "Date", "present": False}]}
    with pytest.raises(IntakeError, match="Line 6 is a totals row"):
        recognised(text.replace(",,30\n", ",Acme,5\n2026-03-15,Acme,1\n,,36\n"))


def test_a_total_below_single_contacts_is_left_out_too() -> None:
    contacts = "".join(f"{n},2026-03-1{n} 08:00:0{n},Acme,answered,6{n},{n}\n" for n in range(1, 6))
    text = f"Call ID,Call Start,Vendor,Outcome,Talk Time (s),Rating\n{contacts}Total,,,,315,\n"
    assert "totals_row" in open_keys(text)
    recipe = recognised(text, totals_row="leave_out").recipe
    assert recipe.shape.value == "interactions"
    read = preview(text.encode(), "calls.csv", recipe)
    assert (read.rows_accepted, read.rows_rejected) == (5, 0)
    assert "1 row left out: totals, as the recipe says under exclude (Call ID is 'Total')." in [issue.message for issue in read.issues]


def test_what_was_left_out_stays_with_the_batch_and_its_corrected_rows(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(EXPORT.replace("Gesamt", "15.11.2026;Acme;many;900;\nGesamt"), encoding="utf-8")
    warehouse = Warehouse(tmp_path / "warehouse")
    report = load_file(warehouse, path)
    assert report.status is Status.QUESTIONS and "totals_row" in [question.key for question in report.questions]
    assert load_file(warehouse, path, answers={"totals_row": "refuse_file"}).status is Status.REFUSED
    kept = load_file(warehouse, path, answers={"totals_row": "leave_out", "refused_rows": "keep"})
    assert (kept.status, kept.rows_accepted, kept.rows_rejected) == (Status.STORED, 2, 1)
    said = "1 row left out: totals, as the recipe says under exclude (Datum is 'Gesamt')."
    assert left_out_of(warehouse.open(), Scope.everything(), kept.batch or "") == said
    fixed = fix(warehouse, kept.batch or "", {4: {"Offered": "1.000"}})
    assert (fixed.status, fixed.rows_accepted) == (Status.STORED, 3)
    assert left_out_of(warehouse.open(), Scope.everything(), fixed.batch or "") == said
