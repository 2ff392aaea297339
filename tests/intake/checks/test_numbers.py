"""Numbers that cannot be together, dates that cannot be, scales, totals, gaps, zeros, units."""

from datetime import date, timedelta

import pandas as pd
import pytest

from analytics.catalogue import MEASURES
from analytics.intake import Status
from analytics.intake.checks.identities import orders
from analytics.intake.checks.ranges import range_issues
from analytics.intake.checks.rows import Rows
from analytics.intake.rebuilding import rebuild
from tests.intake.checks.files import Desk, days, found

HEADER = "Date,Vendor,Site,Offered"


def test_every_rule_is_about_measures_and_the_catalogue_gives_most_of_them() -> None:
    rules = orders()
    assert all({*rule.parts, rule.whole} <= set(MEASURES) for rule in rules)
    said = {(rule.parts, rule.whole) for rule in rules}
    assert (("csat_satisfied",), "csat_responses") in said and (("answered_within_threshold",), "contacts_handled") in said
    assert (("talk_seconds", "hold_seconds", "wrap_seconds"), "handle_seconds") in said
    assert not any(rule.parts == ("delivered_seconds",) for rule in rules)


def test_more_answered_and_lost_than_offered_is_named_with_lines_and_numbers(desk: Desk) -> None:
    rows = [
        "Date,Vendor,Site,Offered,Answered,Lost",
        "2026-06-01,Acme,Lund,10,9,2",
        "2026-06-02,Acme,Lund,10,9,1",
        "2026-06-03,Acme,Lund,10,11,",
    ]
    (issue,) = found(desk.load(rows), "impossible")
    assert (issue.line, issue.count, issue.example) == (2, 2, "Acme, 2026-06-01: 9 + 2 of 10")
    assert issue.message == "contacts_handled + contacts_abandoned is more than contacts_offered in 2 rows."
    assert issue.remedy.startswith("See lines 2, 4. ")


def test_a_mean_rating_beyond_five_is_another_scale(desk: Desk) -> None:
    (issue,) = found(desk.load(["Date,Vendor,Site,Ratings,Rated", "2026-06-01,Acme,Lund,10,45", "2026-06-02,Acme,Lund,10,87"]), "scale")
    assert (issue.line, issue.example) == (3, "Acme, 2026-06-02: 8.7")


def test_days_ahead_and_long_past_are_named(desk: Desk) -> None:
    ahead = date.today() + timedelta(days=40)
    report = desk.load([HEADER, *days("Acme", [1, 2, 3]), f"{ahead},Acme,Lund,4"])
    assert [(issue.line, issue.example) for issue in found(report, "future")] == [(5, f"Acme, {ahead}")]
    long_past = pd.DataFrame({"vendor": ["Acme"] * 3, "period_start": pd.to_datetime(["2026-06-01", "2026-06-02", "1906-06-03"])})
    (issue,) = range_issues(Rows(long_past.assign(line=[2.0, 3.0, 4.0])), date(2026, 7, 1))
    assert (issue.code, issue.line, issue.message) == ("long_past", 4, "1 row is dated long before the others, from 1906-06-03.")


def test_totals_rows_by_name_and_by_a_missing_part(desk: Desk) -> None:
    rows = [HEADER, "2026-06-01,Acme,Lund,10", "2026-06-01,Acme,Oslo,5", "2026-06-01,Acme,,15", "2026-06-01,Grand total,Lund,15"]
    report = desk.load(rows)
    assert [(issue.line, issue.column) for issue in found(report, "totals")] == [(4, "site")]
    assert [(issue.line, issue.column) for issue in found(report, "totals_row")] == [(5, "vendor")]


WEEKDAYS = [f"2026-06-{day:02d}" for day in range(1, 30) if date(2026, 6, day).weekday() < 5]


def test_a_weekday_that_is_missing_is_a_gap_and_a_weekend_is_none(desk: Desk) -> None:
    whole = [HEADER, *(f"{day},Acme,Lund,10" for day in WEEKDAYS)]
    assert not found(desk.load(whole, dry_run=True), "gaps")
    (issue,) = found(desk.load([row for row in whole if "06-10" not in row]), "gaps")
    assert (issue.count, issue.example) == (1, "Acme: 2026-06-10")


def test_days_between_what_is_stored_and_the_file_are_a_gap_unless_they_are_stored(desk: Desk) -> None:
    desk.load([HEADER, *(f"{day},Acme,Lund,10" for day in WEEKDAYS[:12])])
    (issue,) = found(desk.load([HEADER, *(f"{day},Acme,Lund,10" for day in WEEKDAYS[14:])], dry_run=True), "gaps")
    assert issue.count == 2
    assert not found(desk.load([HEADER, *(f"{day},Acme,Lund,10" for day in WEEKDAYS[12:])]), "gaps")


def test_a_month_that_is_missing_is_a_gap(desk: Desk) -> None:
    rows = [HEADER, *(f"2026-{month:02d}-01,Acme,Lund,10" for month in (1, 2, 3, 4, 6, 7))]
    assert [issue.example for issue in found(desk.load(rows, grain="month"), "gaps")] == ["Acme: 2026-05-01"]


class TestZeros:
    ROWS = (HEADER, *days("Acme", [10, 11, 12, 0, 0]), *days("Bolt", [1, 2, 3, 4, 5]))

    def test_they_are_asked_about(self, desk: Desk) -> None:
        report = desk.load(self.ROWS)
        (question,) = report.questions
        assert (question.key, [choice.value for choice in question.choices]) == ("zeros", ["drop", "keep"])
        assert "Acme from 2026-06-04" in question.text and found(report, "zero_filled")[0].count == 2

    def test_dropped_they_never_were_and_a_rebuild_agrees(self, desk: Desk) -> None:
        report = desk.load(self.ROWS, zeros="drop")
        assert (report.status, report.rows_accepted) == (Status.STORED, 8) and found(report, "zeros_left_out")[0].count == 2
        assert 0 not in desk.stored("contacts_offered")
        rebuild(desk.warehouse)
        assert 0 not in desk.stored("contacts_offered") and len(desk.stored("vendor")) == 8

    def test_kept_they_are_stored(self, desk: Desk) -> None:
        assert desk.load(self.ROWS, zeros="keep").rows_accepted == 10 and desk.stored("contacts_offered").count(0) == 2

    def test_a_file_of_nothing_but_zeros_is_held_against_what_is_stored(self, desk: Desk) -> None:
        desk.load([HEADER, *days("Acme", [10, 11, 12])])
        assert desk.load([HEADER, *days("Acme", [0], first=4)]).status is Status.QUESTIONS

    @pytest.mark.parametrize("values", [[0, 3, 0, 2, 0, 0], [5, 0], [0, 0, 0]])
    def test_where_zeros_are_usual_or_nothing_is_known_nobody_is_asked(self, desk: Desk, values: list[int]) -> None:
        assert desk.load([HEADER, *days("Acme", values)]).status is Status.STORED


class TestUnits:
    HEADER = "Date,Vendor,Site,Answered,Talk"

    def load(self, desk: Desk, seconds: float, first: int, calls: int = 10) -> list[str]:
        rows = [f"2026-06-{day:02d},Acme,Lund,{calls},{seconds * calls}" for day in range(first, first + 6)]
        return [issue.message for issue in found(desk.load([self.HEADER, *rows]), "unit_change")]

    def test_minutes_for_seconds_are_found_per_contact_whatever_the_volume(self, desk: Desk) -> None:
        assert self.load(desk, 240, 1) == [] and self.load(desk, 250, 7, calls=80) == []
        assert self.load(desk, 4, 13) == ["Acme: talk time is about 1/60 of what it was: minutes and seconds mixed up?"]

    def test_milliseconds_are_found(self, desk: Desk) -> None:
        self.load(desk, 240, 1)
        assert "about 1,000 times" in self.load(desk, 250_000, 7)[0]

    def test_a_busy_month_is_no_other_unit(self, desk: Desk) -> None:
        desk.load([HEADER, *days("Acme", [10] * 6)])
        assert not found(desk.load([HEADER, *days("Acme", [150] * 6, first=7)]), "unit_change")
