"""What changed since issue: only what reads differently, statuses first, and the sentence that says it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from analytics.performance.notes import Entered
from analytics.review.commentary import Comment, with_commentary
from analytics.review.model import (
    Audience,
    Cards,
    Cell,
    Definition,
    Delivery,
    Line,
    Lines,
    QuarterlyReview,
    Result,
    RiskMap,
    Section,
    Sentence,
    Table,
)
from analytics.review.restated import Kind, restated, restated_sentence
from tests.packs.parts import KPIS, result, risk_table, risks
from tests.packs.reviews import REVIEWS

DAY = date(2026, 10, 3)


def measured(vendor: str, kpi: str, value: float | None, text: str = "", unit: str = "percent", **others: Any) -> Result:
    plain = replace(result(KPIS[0], vendor, 0.8), kpi=kpi, label=kpi.upper(), unit=unit, value=value, value_text=text, previous=0.78)
    return replace(plain, status="met", status_text="met", target_text=">= 80 %", **others)


ACME, BOLT = measured("Acme", "csat", 0.80), measured("Bolt", "csat", 0.90)
HANDLE = measured("Acme", "aht", 300.0, unit="seconds", better_sign=-1)
FOUND = tuple(risks(("Acme",)))[:2]


def review(*results: Result, **others: Any) -> QuarterlyReview:
    section = Section("standings", "Where each vendor stands", None, (Cards(results or (ACME, BOLT, HANDLE)), RiskMap(FOUND, ())))
    made = QuarterlyReview(
        Audience.EXECUTIVE, "2026-Q3", "Q3 2026", "July to September", date(2026, 7, 1), date(2026, 9, 30), "compared with Q2 2026",
        "2 of 2 vendors", "", date(2026, 9, 30), ("Acme", "Bolt"), Sentence("headline", "Three numbers."), (section,),
        (Definition("csat", "CSAT", "satisfied / responses", "", "percent", "", ""),),
        (Delivery("b1", "acme.csv", "crm", "11", DAY, None, None, 5),),
    )  # fmt: skip
    return replace(made, **others)


def told(now: QuarterlyReview, issued: QuarterlyReview | None = None) -> list[tuple[str, str]]:
    return [(difference.kind.name, difference.words) for difference in restated(issued or review(), now)]


class TestNothing:
    @pytest.mark.parametrize("name", ["ordinary", "empty quarter", "without targets", "hostile"])
    def test_differs_from_itself(self, name: str) -> None:
        assert restated(REVIEWS[name](), REVIEWS[name]()) == ()

    def test_is_said(self) -> None:
        assert restated_sentence(()) == "Nothing has changed since issue."

    def test_is_made_of_the_rounding_of_floating_point(self) -> None:
        assert told(review(replace(ACME, value=0.1 + 0.7), BOLT, HANDLE)) == []
        assert told(review(replace(ACME, value=0.8 + 4e-10), BOLT, HANDLE)) == []


class TestNumbers:
    def test_as_printed_with_the_largest_first(self) -> None:
        """0.80 -> 0.79 is 1 of 80; 0.90 -> 0.87 is 3 of 90; 300 -> 285 seconds is 15 of 300: 5 in 100, the largest."""
        found = restated(review(), review(replace(ACME, value=0.79), replace(BOLT, value=0.87), replace(HANDLE, value=285.0)))
        assert [(one.what, one.then_text, one.now_text, one.change) for one in found] == [
            ("AHT of Acme", "5:00 min", "4:45 min", "-0:15 min (better)"),
            ("CSAT of Bolt", "90 %", "87 %", "-3 pp"),
            ("CSAT of Acme", "80 %", "79 %", "-1 pp"),
        ]
        assert restated_sentence(found) == (
            "Restated since issue: 3 numbers differ; the largest: AHT of Acme is 4:45 min instead of 5:00 min."
        )

    def test_that_print_alike_are_told_apart_by_more_decimals(self) -> None:
        found = restated(review(), review(replace(ACME, value=0.80004), BOLT, HANDLE))
        assert [(one.then_text, one.now_text, one.change) for one in found] == [("80 %", "80.004 %", "+0.004 pp")]
        assert restated_sentence(found) == "Restated since issue: 1 number differs: CSAT of Acme is 80.004 % instead of 80 %."

    def test_that_came_and_went_are_the_largest(self) -> None:
        now = review(replace(ACME, value=None), replace(BOLT, value=0.1))
        assert told(now) == [
            ("NUMBER", "CSAT of Acme is gone: 80 %"),
            ("NUMBER", "AHT of Acme is gone: 5:00 min"),
            ("NUMBER", "CSAT of Bolt is 10 % instead of 90 %"),
        ]
        assert told(review(), now)[0] == ("NUMBER", "CSAT of Acme is new: 80 %")

    def test_whose_change_is_smaller_than_the_last_digit_printed(self) -> None:
        (found,) = restated(review(replace(ACME, value=0.80049), BOLT, HANDLE), review(replace(ACME, value=0.80051), BOLT, HANDLE))
        assert (found.then_text, found.now_text, found.change) == ("80 %", "80.1 %", "+0.002 pp")

    def test_of_the_period_compared_with(self) -> None:
        now = review(replace(ACME, previous=0.75), BOLT, HANDLE)
        assert told(now) == [("EARLIER", "CSAT of Acme in Q2 2026 is 75 % instead of 78 %")]
        assert [kind for kind, _ in told(replace(now, compared="compared with Q3 2025"))] == ["DATA"]


def test_statuses_come_first_and_everything_is_counted() -> None:
    lower = replace(ACME, value=0.79, status="missed", status_text="missed")
    other_target = replace(BOLT, target_text=">= 85 %")
    found = restated(review(), review(lower, other_target, HANDLE, headline=Sentence("headline", "Two numbers.")))
    assert [difference.words for difference in found] == [
        "The status of CSAT of Acme is missed instead of met",
        "CSAT of Acme is 79 % instead of 80 %",
        "The target for CSAT of Bolt is >= 85 % instead of >= 80 %",
        "The headline is Two numbers. instead of Three numbers.",
    ]
    assert restated_sentence(found) == (
        "Restated since issue: 1 number differs: CSAT of Acme is 79 % instead of 80 %. Besides 1 status, 1 target and 1 text differ."
    )


def test_a_vendor_that_vanished_is_one_difference_not_one_per_kpi() -> None:
    now = review(BOLT, vendors=("Bolt", "Crest"), scope="1 of 2 vendors")
    assert told(now) == [
        ("VENDOR", "Acme is gone: 2 KPIs"),
        ("VENDOR", "Crest is new: 0 KPIs"),
        ("DATA", "The scope is 1 of 2 vendors instead of 2 of 2 vendors"),
    ]


def test_a_kpi_nothing_defines_any_more_is_one_difference_not_one_per_number() -> None:
    defined = Definition("upsell_rate", "Upsell rate", "upsells / handled", "", "percent", "", "")
    own = [replace(one, kpi="upsell_rate", label="Upsell rate") for one in (ACME, BOLT)]
    then = review(ACME, BOLT, HANDLE, *own, definitions=(*review().definitions, defined))
    found = restated(then, review())
    said = "cannot be computed any more: no definition in the catalogue"
    assert [(one.kind.name, one.words) for one in found] == [("KPI", f"Upsell rate is gone: 2 numbers; {said}")]
    assert restated_sentence(found) == f"No number was restated since issue. Besides 1 KPI differs. Upsell rate {said}."
    assert restated(then, then) == ()


class TestTheRest:
    def test_definitions_risks_coverage_files(self) -> None:
        moved = replace(FOUND[0], likelihood=2, impact=5, score=10)
        section = replace(review().sections[0], blocks=(Cards((ACME, BOLT, HANDLE)), RiskMap((moved,), ())))
        now = review(
            sections=(section,),
            definitions=(Definition("csat", "CSAT", "satisfied / answered", "", "percent", "", ""),),
            deliveries=(Delivery("b2", "late.csv", "crm", "22", DAY, None, None, 5),),
            coverage="data to 14 Aug 2026",
        )
        assert told(now) == [
            ("DEFINITION", "The formula of CSAT is satisfied / answered instead of satisfied / responses"),
            ("RISK", f"Risk 2, {FOUND[1].title}, is gone: 20 (5 x 4)"),
            ("RISK", f"Risk 1, {FOUND[0].title}, is 10 (2 x 5) instead of 20 (4 x 5)"),
            ("DATA", "The coverage is data to 14 Aug 2026 instead of whole"),
            ("FILE", "acme.csv is gone: 5 rows"),
            ("FILE", "late.csv is new: 5 rows"),
        ]

    def test_words_of_people_and_lists(self) -> None:
        said = Comment("2026-Q3", "own/1", "", "", "Ana Reyes", DAY, "Agreed.", Entered())
        assert told(with_commentary(review(), [said])) == [("TEXT", "A comment is new: Agreed.")]
        table = Section("risks", "Risks", None, (risk_table(FOUND),))
        shorter = replace(table, blocks=(replace(risk_table(FOUND), rows=risk_table(FOUND).rows[:1]),))
        assert told(review(sections=(shorter,)), review(sections=(table,))) == [("LIST", "The table 'risks' differs: 1 row gone")]


class TestTheCalendar:
    """Nothing of the quarter changed, only days went by: that is told apart from what was restated."""

    THEN, LATER = (
        (
            Line("", Sentence("attention/reviews", f"Two risk reviews are overdue on {day} 2026: fire ({days} days).")),
            Line("", Sentence("attention/late/Acme", f"crm of Acme is late: {days} days behind the newest data.")),
            Line("", Sentence("decisions/risk/1", f"Fire is extreme (20) and its review is {days} days overdue.")),
        )
        for day, days in (("31 Oct", 5), ("21 Nov", 26))
    )

    @staticmethod
    def of(lines: tuple[Line, ...], overdue: str, day: str, owner: str = "O. Wn") -> QuarterlyReview:
        rows = ((Cell("Call plan"), Cell(owner), Cell(overdue)),)
        table = Table("actions", ("Action", "Owner", f"Days overdue on {day}"), (False, False, True), rows, "")
        said = Sentence("decisions", f"One action is open, {'one' if overdue else 'none'} overdue on {day}.")
        return review(sections=(*review().sections, Section("decisions", "Decisions", said, (Lines(lines, ""), table))))

    def test_is_no_restatement(self) -> None:
        issued, now = self.of(self.THEN, "", "31 Oct 2026"), self.of(self.LATER, "21", "21 Nov 2026")
        found = restated(issued, now)
        assert {one.kind for one in found} == {Kind.CALENDAR} and {one.change for one in found} == {"follows the calendar"}
        assert restated_sentence(found) == (
            "No number was restated since issue. 5 texts or tables only follow the calendar (days overdue, lateness)."
        )

    def test_hides_no_other_change(self) -> None:
        """An action changed its owner, and the sentence counts another action."""
        found = restated(self.of(self.THEN, "", "31 Oct 2026"), self.of(self.THEN, "21", "21 Nov 2026", "Another"))
        assert [(one.kind.name, one.words) for one in found if one.kind is not Kind.CALENDAR] == [
            ("LIST", "The table 'actions' differs: 1 row new or changed")
        ]

    def test_every_difference_is_named_in_words(self) -> None:
        lines = tuple(
            replace(line, sentence=replace(line.sentence, text="Other.", place=f"wins/{at}")) for at, line in enumerate(self.THEN)
        )
        before = tuple(replace(line, sentence=replace(line.sentence, text="Said.")) for line in lines)
        found = restated(self.of(before, "", "31 Oct 2026"), self.of(lines, "", "31 Oct 2026"))
        assert [(one.what, one.change) for one in found] == [("A win", "other words")] * 3


def test_every_kind_has_a_plural() -> None:
    assert [kind.counted(2) for kind in (Kind.STATUS, Kind.NUMBER, Kind.DATA)] == [
        "2 statuses", "2 numbers", "2 statements about the data",
    ]  # fmt: skip
