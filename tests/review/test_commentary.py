"""People's words in a review: theirs and marked so, what the rule had said kept, taken back by undo or empty words, never across scopes."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from analytics.errors import UsageError
from analytics.filters import Filters
from analytics.intake.entering import entered
from analytics.intake.rebuilding import rebuild
from analytics.intake.report import Status
from analytics.performance.notes import Entered
from analytics.review.commentary import (
    EVERYBODY,
    OUR_OWN,
    Comment,
    comment_row,
    commentary,
    places,
    rows_for,
    sentence_row,
    standing,
    with_commentary,
)  # fmt: skip
from analytics.review.model import Audience, Lines, QuarterlyReview, Sentence
from analytics.undoing import undo
from analytics.warehouse import Scope, Warehouse, list_batches
from tests.packs.hostile import HOSTILE
from tests.packs.reviews import ordinary_review, review_of
from tests.rows import EVERYTHING, empty_warehouse

DAY = date(2026, 10, 3)
COBALT = Scope.of("cobalt user", ["Cobalt Bay"])
REVIEW = ordinary_review()
OPERATIONS = replace(REVIEW, audience=Audience.OPERATIONS)
OF_COBALT = review_of(("Cobalt Bay",), audience=Audience.VENDOR)
RULE = REVIEW.headline.text


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return empty_warehouse(tmp_path)


def keep(warehouse: Warehouse, row: dict) -> str:
    report = entered(warehouse, "commentary", [row], "a.reyes")
    assert report.status is Status.STORED, report.issues
    return report.batch or ""


def edit(warehouse: Warehouse, body: str, review: QuarterlyReview = REVIEW, place: str = "headline") -> str:
    return keep(warehouse, sentence_row(review, place, body, "Ana Reyes", DAY, scope=EVERYTHING))


def shown(warehouse: Warehouse, review: QuarterlyReview = REVIEW, scope: Scope = EVERYTHING, filters: Filters | None = None) -> Sentence:
    return with_commentary(review, commentary(warehouse.open(), scope, review, filters)).headline


class TestOtherWords:
    def test_are_marked_as_theirs_and_keep_what_the_rule_said(self, warehouse: Warehouse) -> None:
        edit(warehouse, "A good quarter.")
        assert shown(warehouse) == Sentence("headline", "A good quarter.", REVIEW.headline.origins, "Ana Reyes", DAY, RULE)

    def test_stand_wherever_the_sentence_stands_and_nowhere_else(self) -> None:
        place = next(place for place in places(REVIEW) if place.startswith("attention/"))
        words = Comment("2026-Q3", place, "", "", "Ana Reyes", DAY, "Agreed with them.", Entered())
        review = with_commentary(REVIEW, [words])
        assert places(review)[place].text == "Agreed with them."
        assert [name for name, sentence in places(review).items() if sentence != places(REVIEW)[name]] == [place]
        same = [section.id for section, before in zip(review.sections, REVIEW.sections, strict=True) if section is before]
        assert len(same) == len(REVIEW.sections) - 1
        assert with_commentary(review, [words]) == review

    def test_newer_ones_stand_in_place_and_undo_brings_the_older_back(self, warehouse: Warehouse) -> None:
        edit(warehouse, "First")
        second = edit(warehouse, "Second")
        (found,) = commentary(warehouse.open(), EVERYTHING, REVIEW)
        assert (found.body, [older.body for older in found.earlier], found.entered.by) == ("Second", ["First"], "a.reyes")
        undo(warehouse, second)
        rebuild(warehouse)
        assert shown(warehouse).text == "First"

    def test_empty_ones_take_them_back_and_the_history_stays(self, warehouse: Warehouse) -> None:
        edit(warehouse, "First")
        edit(warehouse, " ")
        assert shown(warehouse) == REVIEW.headline
        assert sentence_row(REVIEW, "headline", f" {RULE}", "Ana Reyes", DAY, scope=EVERYTHING)["body"] == ""
        assert [older.body for older in commentary(warehouse.open(), EVERYTHING, REVIEW)[0].earlier] == ["First"]

    def test_for_one_audience_go_before_those_for_all(self) -> None:
        for_executives = Comment("2026-Q3", "headline", "", "executive", "Ana Reyes", DAY, "For executives", Entered())
        for_all = replace(for_executives, audience="", body="For all")
        both = (for_executives, for_all)
        assert [with_commentary(review, both).headline.text for review in (REVIEW, OPERATIONS)] == ["For executives", "For all"]
        assert with_commentary(REVIEW, (replace(for_executives, body=""), for_all)).headline.text == "For all"

    def test_written_without_an_audience_stand_for_every_one(self, warehouse: Warehouse) -> None:
        edit(warehouse, "A good quarter.")
        assert [shown(warehouse, review).text for review in (REVIEW, OPERATIONS)] == ["A good quarter."] * 2

    def test_newer_ones_for_all_take_back_what_stood_for_one_audience(self, warehouse: Warehouse) -> None:
        row = sentence_row(REVIEW, "headline", "Older, for executives", "Ana Reyes", DAY, scope=EVERYTHING)
        keep(warehouse, row | {"audience": "executive"})
        everywhere = standing(warehouse.open(), EVERYTHING, OPERATIONS)
        rows = rows_for(row | {"body": "Newer, for all"}, EVERYBODY, everywhere)
        assert [(one["audience"], one["body"]) for one in rows] == [("", "Newer, for all"), ("executive", "")]
        assert entered(warehouse, "commentary", rows).status is Status.STORED
        assert [shown(warehouse, review).text for review in (REVIEW, OPERATIONS)] == ["Newer, for all"] * 2

    def test_belong_to_their_quarter(self) -> None:
        words = Comment("2026-Q2", "headline", "", "", "Ana Reyes", DAY, "A good quarter.", Entered())
        assert with_commentary(REVIEW, [words]) == REVIEW


def test_hostile_texts_are_stored_at_once(warehouse: Warehouse) -> None:
    names = list(places(REVIEW))
    rows = [
        sentence_row(REVIEW, place, text, "Ana Reyes", DAY, scope=EVERYTHING)
        for place, text in zip(names, (text for text in HOSTILE if text), strict=False)
    ]
    report = entered(warehouse, "commentary", rows)
    assert report.status is Status.STORED, report.issues
    assert "lone ? and ? surrogates" in {row["body"] for row in rows}
    assert len(commentary(warehouse.open(), EVERYTHING, REVIEW)) == len(rows)


class TestComments:
    def test_are_a_section_of_their_own_in_the_order_they_were_written(self, warehouse: Warehouse) -> None:
        rows = [comment_row(REVIEW, body, "Ana Reyes", DAY, scope=EVERYTHING) for body in ("One", "Two")]
        assert entered(warehouse, "commentary", rows).status is Status.STORED
        review = with_commentary(REVIEW, commentary(warehouse.open(), EVERYTHING, REVIEW))
        section = review.sections[-1]
        (block,) = section.blocks
        assert isinstance(block, Lines) and (section.id, section.title) == ("comments", "Comments")
        assert [(line.sentence.text, line.sentence.author, line.sentence.written_on) for line in block.lines] == [
            ("One", "Ana Reyes", DAY), ("Two", "Ana Reyes", DAY),
        ]  # fmt: skip

    def test_are_put_in_other_words_and_taken_back_by_their_place(self, warehouse: Warehouse) -> None:
        keep(warehouse, comment_row(REVIEW, "One", "Ana Reyes", DAY, scope=EVERYTHING))
        review = with_commentary(REVIEW, commentary(warehouse.open(), EVERYTHING, REVIEW))
        place = list(places(review))[-1]
        edit(warehouse, "", review, place)
        assert with_commentary(REVIEW, commentary(warehouse.open(), EVERYTHING, REVIEW)) == REVIEW


class TestWhoseTheyAre:
    def test_words_on_all_vendors_exist_only_for_who_sees_all(self, warehouse: Warehouse) -> None:
        edit(warehouse, "Northline shines.")
        edit(warehouse, "Ours.", OF_COBALT)
        assert shown(warehouse, scope=COBALT).text == RULE
        assert shown(warehouse, OF_COBALT, COBALT).text == "Ours."
        seen = warehouse.open().select(COBALT, "SELECT body FROM commentary_rows UNION ALL SELECT body FROM commentary")
        assert set(seen["body"]) == {"Ours."}
        assert len(list_batches(warehouse.open(), COBALT)) == 1

    def test_a_review_of_one_vendor_shows_the_words_on_it(self, warehouse: Warehouse) -> None:
        only = Filters(vendor=("Cobalt Bay",))
        keep(warehouse, sentence_row(REVIEW, "headline", "Of Cobalt Bay.", "Ana Reyes", DAY, scope=EVERYTHING, filters=only))
        assert shown(warehouse, filters=only).text == "Of Cobalt Bay."
        assert shown(warehouse).text == RULE

    def test_words_on_one_vendor_stand_in_its_own_pack_only_when_that_is_said(self, warehouse: Warehouse) -> None:
        only = Filters(vendor=("Cobalt Bay",))
        row = sentence_row(REVIEW, "headline", "Of Cobalt Bay.", "Ana Reyes", DAY, scope=EVERYTHING, filters=only)

        def read(audiences: tuple[str, ...]) -> list[str]:
            rows = rows_for(row, audiences, standing(warehouse.open(), EVERYTHING, REVIEW, only))
            assert entered(warehouse, "commentary", rows).status is Status.STORED
            return [shown(warehouse, review, filters=only).text for review in (REVIEW, OPERATIONS)] + [shown(warehouse, OF_COBALT).text]

        assert read(OUR_OWN) == ["Of Cobalt Bay.", "Of Cobalt Bay.", OF_COBALT.headline.text]
        assert read(EVERYBODY) == ["Of Cobalt Bay."] * 3
        assert read(OUR_OWN) == ["Of Cobalt Bay.", "Of Cobalt Bay.", OF_COBALT.headline.text]

    def test_newer_words_stand_for_a_vendor_though_their_file_speaks_of_others_too(self, warehouse: Warehouse) -> None:
        edit(warehouse, "Older.", OF_COBALT)
        row = sentence_row(OF_COBALT, "headline", "Newer.", "Ana Reyes", DAY, scope=EVERYTHING)
        assert entered(warehouse, "commentary", [row, row | {"vendor": "Asterion"}]).status is Status.STORED
        assert shown(warehouse, OF_COBALT, COBALT).text == "Newer."

    def test_another_filter_shows_none_and_takes_none(self, warehouse: Warehouse) -> None:
        edit(warehouse, "Of all.")
        for filters in (Filters(vendor=("A", "B")), Filters(site=("Pune",)), Filters(vendor=("A",), lob=("Claims",))):
            assert shown(warehouse, filters=filters).text == RULE
            with pytest.raises(UsageError, match="is filtered, and words for it cannot be kept"):
                sentence_row(REVIEW, "headline", "x", "Ana Reyes", DAY, scope=EVERYTHING, filters=filters)


class TestRefused:
    @pytest.mark.parametrize(
        ("place", "body", "author", "scope", "said"),
        [
            ("movement/Nobody/csat", "x", "Ana Reyes", EVERYTHING, "has no sentence 'movement/Nobody/csat'"),
            ("headline", "x" * 501, "Ana Reyes", EVERYTHING, "The text has 501 characters, more than 500"),
            ("headline", "x", " ", EVERYTHING, "The name is empty"),
            ("headline", "x", "Ana Reyes", COBALT, "Only who sees all vendors"),
        ],
    )
    def test_with_a_remedy(self, place: str, body: str, author: str, scope: Scope, said: str) -> None:
        with pytest.raises(UsageError, match=said):
            sentence_row(REVIEW, place, body, author, DAY, scope=scope)

    def test_a_comment_without_words(self) -> None:
        with pytest.raises(UsageError, match="The comment is empty"):
            comment_row(REVIEW, " ", "Ana Reyes", DAY, scope=EVERYTHING)
