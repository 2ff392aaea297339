"""Exports as real tools make them: a report in pages, tickets with letters in their cells, a scorecard with merged cells."""

from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from analytics.errors import IntakeError
from analytics.intake import parse_recipe, preview
from tests.intake.recognise.files import recognised

PAGE = """"Split/Skill Interval Report",,,,,"Page {page}"
"Date:","3/2/2026",,,,
"Split/Skill:","{skill}",,,,

Date,Split/Skill,Time,ACD Calls,Avg ACD Time,Aban Calls
3/2/2026,{skill},8:00,20,4:10,1
3/2/2026,{skill},8:30,21,5:11,0
Totals,{skill},,41,4:41,1

"""
REPORT = "".join(PAGE.format(page=page, skill=skill) for page, skill in enumerate(("Billing", "Sales"), 1))
LEFT_OUT = '["Date", "Date:", "Totals", "Split/Skill:", "Split/Skill Interval Report"]'
BY_PAGE = f"""shape = "aggregates"
source = "acd"
header_row = 5
[rows]
duplicates = "sum"
exclude = [{{column = "Date", equals = {LEFT_OUT}}}]
[dimensions]
period_start = {{column = "Date", grain = "day", format = "%m/%d/%Y"}}
vendor = {{constant = "Acme"}}
lob = {{column = "Split/Skill"}}
[measures]
contacts_handled = {{column = "ACD Calls"}}
contacts_abandoned = {{column = "Aban Calls"}}
"""
LETTER = 'Hello,\n\nmy order is late; "again".\n\n> On Mon you wrote:\n> today, 5 pm\n'
BY_SITE = """shape = "aggregates"
source = "deck"
header_row = 4
[rows]
exclude = [{column = "Month", present = false}]
[dimensions]
period_start = {column = "Month", grain = "month"}
vendor = {constant = "Meridian"}
site = {column = "Site"}
[measures]
contacts_offered = {column = "Calls Offered"}
"""


def test_a_report_in_pages_is_refused_with_the_recipe_lines_that_read_it() -> None:
    with pytest.raises(IntakeError, match=r"Line 14 repeats the column names: .* every page of the report has them") as caught:
        recognised(REPORT)
    assert 'header_row = 5 at its top and exclude = [{column = "Date", equals = ["Date"]}]' in caught.value.remedy
    read = preview(REPORT.encode(), "report.csv", parse_recipe(BY_PAGE, "pages"))
    rows = read.accepted_frame().sort_values("lob")
    assert (read.rows_rejected, rows["lob"].tolist(), rows["contacts_handled"].tolist()) == (0, ["Billing", "Sales"], [41, 41])


def test_letters_in_cells_are_cells_and_personal_data_is_named_by_the_line_it_starts_on() -> None:
    quoted = LETTER.replace('"', '""')
    rows = "".join(f'{n},2026-03-0{n} 08:00:11,Closed,"{quoted}",kim@example.com,2026-03-0{n + 1} 08:00:11\n' for n in range(1, 6))
    text = f"ID,Created at,Status,Description,Requester,Solved at\n{rows}"
    found = recognised(text, vendor="Acme")
    read = preview(text.encode(), "tickets.csv", found.recipe)
    assert (read.rows_accepted, read.rows_rejected) == (5, 0)
    (personal,) = [issue for issue in read.issues if issue.code == "personal_data"]
    assert (personal.column, personal.line, personal.count) == ("Requester", 2, 5)


def scorecard(path: Path) -> Path:
    """Names over two rows, units below, every site merged over its months, a total."""
    book = xlsxwriter.Workbook(str(path))
    sheet, month, plain = book.add_worksheet(), book.add_format({"num_format": "mmm-yy"}), book.add_format()
    for place, text in (("A1:D1", "Scorecard FY26"), ("A3:A4", "Site"), ("B3:B4", "Month"), ("C3:D3", "Voice")):
        sheet.merge_range(place, text, plain)
    sheet.write_row(3, 2, ["Calls Offered", "Calls Answered"])
    sheet.write_row(4, 2, ["#", "#"])
    for number, site in enumerate(("Leeds", "York")):
        first = 5 + 2 * number
        sheet.merge_range(first, 0, first + 1, 0, site, plain)
        sheet.merge_range(first, 3, first + 1, 3, 90, plain)
        for row in (first, first + 1):
            sheet.write(row, 1, date(2026, row - first + 1, 1), month)
            sheet.write(row, 2, 100 + row)
    sheet.write_row(9, 0, ["Total", None, 426])
    book.close()
    return path


def test_merged_texts_stand_in_every_row_and_merged_numbers_once(tmp_path: Path) -> None:
    path = scorecard(tmp_path / "deck.xlsx")
    read = preview(path, path.name, parse_recipe(BY_SITE, "deck"))
    rows = read.accepted_frame()
    assert (read.rows_rejected, rows["site"].tolist()) == (0, ["Leeds", "Leeds", "York", "York"])
    assert rows["contacts_offered"].tolist() == [105, 106, 107, 108]
    counted = BY_SITE + 'contacts_handled = {column = "Calls Answered"}\n'
    handled = preview(path, path.name, parse_recipe(counted, "deck")).accepted_frame()["contacts_handled"]
    assert [value for value in handled if value == value] == [90, 90]


def wfm_export(total: str = "31:00:00") -> bytes:
    """A workforce tool's adherence by agent: Polish names in Windows-1250, times above 24 hours, a subtotal per team and a total."""
    rows = [
        ("Kraków Voice", "Nowak", "7:30:00", "7:00:00"), ("Kraków Voice", "Wiśniewska", "7:30:00", "6:30:00"),
        ("", "Subtotal Kraków Voice", "15:00:00", "13:30:00"),
        ("Gdańsk Chat", "Lewandowski", "8:00:00", "7:30:00"), ("Gdańsk Chat", "Zieliński", "8:00:00", "7:00:00"),
        ("", "Subtotal Gdańsk Chat", "16:00:00", "14:30:00"), ("", "Grand Total", total, "28:00:00"),
    ]  # fmt: skip
    lines = ["Schedule Adherence Report,,,,", "", "Date,Team,Agent,Scheduled Time,In Adherence"]
    lines += [f"{'11/14/2026' if team else ''},{team},{agent},{scheduled},{adherent}" for team, agent, scheduled, adherent in rows]
    return ("\r\n".join(lines) + "\r\n").encode("cp1250")


def test_a_workforce_export_with_subtotals_and_times_above_a_day_is_asked_and_read(tmp_path: Path) -> None:
    answers = {"header_row": "3", "totals_row": "leave_out", "duplicates": "sum", "vendor": "Vantor", "encoding": "cp1250"}
    found = recognised(wfm_export(), **answers)
    (totals,) = [question for question in found.asked if question.key == "totals_row"]
    assert "It agrees with the 4 other rows: Scheduled Time, In Adherence add up to it." in totals.text
    read = preview(wfm_export(), "wfm.csv", found.recipe, {"encoding": "cp1250"})
    assert (read.rows_accepted, read.rows_rejected, read.rows_left_out) == (4, 0, 3)
    rows = read.accepted_frame()
    assert (rows["scheduled_seconds"].sum(), rows["adherent_seconds"].sum()) == (31 * 3600, 28 * 3600)
    wrong = recognised(wfm_export("32:00:00"), **answers)
    said = "line 10 says Scheduled Time 32:00:00, the rows come to 31:00:00"
    assert any(said in note.text for note in wrong.notes), wrong.notes


def test_the_line_that_shows_how_an_encoding_was_taken_is_the_one_with_most_odd_letters() -> None:
    (note,) = [note for note in recognised(wfm_export(), header_row="3").notes if note.about == "encoding"]
    assert "line 5 reads" in note.text and "Wiœniewska" in note.text
