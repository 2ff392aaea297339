"""Vendors that are known already, written differently: matched, asked, or said, and never silently another vendor."""

import pytest

from analytics.errors import UsageError
from analytics.intake import Status
from analytics.intake.rebuilding import rebuild
from tests.intake.checks.files import Desk, days, found

HEADER = "Date,Vendor,Site,Offered"
CYRILLIC = "\u0410cme BPO"


@pytest.fixture
def known(desk: Desk) -> Desk:
    assert desk.load([HEADER, *days("Acme BPO", [10, 11, 12])]).status is Status.STORED
    return desk


@pytest.mark.parametrize("written", ["acme bpo", " ACME  BPO ", "AcmeBPO", "Ac\u200bme BPO", "\uff21cme BPO"])
def test_what_differs_in_case_blanks_and_form_only_is_stored_under_the_known_name(known: Desk, written: str) -> None:
    report = known.load([HEADER, *days(written, [13], first=4)])
    assert report.status is Status.STORED and set(known.stored("vendor")) == {"Acme BPO"}
    renamed = found(report, "same_name")
    assert len(renamed) == (written != "Ac\u200bme BPO") and all("is stored as 'Acme BPO'" in issue.message for issue in renamed)


@pytest.mark.parametrize("written", [CYRILLIC, "Acmé BPO", "Acme Вро"])
def test_what_looks_the_same_is_asked_and_nothing_is_stored_before(known: Desk, written: str) -> None:
    rows = [HEADER, *days(written, [13], first=4)]
    report = known.load(rows)
    (question,) = report.questions
    assert report.status is Status.QUESTIONS and question.key == f"vendor.{written}"
    assert [choice.value for choice in question.choices] == ["Acme BPO", "new"] and len(known.stored("vendor")) == 3
    assert (found(report, "look_alike")[0].line, found(report, "look_alike")[0].level) == (2, "warning")
    assert known.answer(rows, {question.key: "Acme BPO"}).status is Status.STORED
    assert set(known.stored("vendor")) == {"Acme BPO"} and known.stored("contacts_offered") == [10, 11, 12, 13]


def test_a_vendor_of_its_own_is_stored_when_that_is_the_answer(known: Desk) -> None:
    known.answer([HEADER, *days(CYRILLIC, [13], first=4)], {f"vendor.{CYRILLIC}": "new"})
    assert set(known.stored("vendor")) == {"Acme BPO", CYRILLIC}


def test_letters_of_two_alphabets_are_asked_about_where_no_such_name_is_known(desk: Desk) -> None:
    report = desk.load([HEADER, *days(CYRILLIC, [1])])
    assert [choice.value for choice in report.questions[0].choices] == ["Acme BPO", "new"]


def test_a_typo_that_is_nearly_sure_is_asked_and_a_likely_one_said(known: Desk) -> None:
    desk = known
    desk.load([HEADER, *days("Tallgrass", [1, 2, 3]), *days("Northline", [1, 2, 3])])
    asked = desk.load([HEADER, *days("Talgrass", [4], first=4)])
    assert [question.key for question in asked.questions] == ["vendor.Talgrass"]
    said = desk.load([HEADER, *days("Northlien", [4], first=4)])
    assert (
        said.status is Status.STORED and found(said, "new_name")[0].message == "The vendor 'Northlien' is new and looks like 'Northline'."
    )


def test_a_vendor_that_is_new_in_a_known_source_is_said(known: Desk) -> None:
    report = known.load([HEADER, *days("Globex CX", [1])])
    assert [issue.message for issue in found(report, "new_vendor")] == ["A vendor is new in this source: Globex CX."]


def test_rows_that_become_the_same_under_one_name_are_refused_with_their_lines(known: Desk) -> None:
    report = known.load([HEADER, *days("acme bpo", [5], first=4), *days("ACME BPO", [6], first=4), *days("Acme BPO", [7], first=5)])
    assert (report.rows_accepted, report.rows_rejected) == (1, 2)
    assert "lines 2, 3 are about the same thing under one name" in found(report, "duplicate")[0].message


def test_names_inside_one_file_are_one_and_sites_too(desk: Desk) -> None:
    rows = [HEADER, *days("Acme", [1, 2, 3]), *days("ACME", [4], first=4, site="lund")]
    assert desk.load(rows).status is Status.STORED
    assert set(desk.stored("vendor")) == {"Acme"} and set(desk.stored("site")) == {"Lund"}


def test_a_rebuild_and_a_reload_keep_what_was_decided(known: Desk) -> None:
    rows = [HEADER, *days(CYRILLIC, [13], first=4), *days("ACME BPO", [14], first=5)]
    known.answer(rows, {f"vendor.{CYRILLIC}": "Acme BPO"})
    assert known.load(rows).status is Status.UNCHANGED
    rebuild(known.warehouse)
    assert set(known.stored("vendor")) == {"Acme BPO"} and known.stored("contacts_offered") == [10, 11, 12, 13, 14]


def test_an_answer_to_nothing_is_refused(known: Desk) -> None:
    with pytest.raises(UsageError):
        known.answer([HEADER, *days("Acme BPO", [1], first=9)], {"vender.Acme": "Acme BPO"})
