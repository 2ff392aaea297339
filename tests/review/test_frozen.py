"""A review written down and read back: nothing is lost, nothing is added, and what was altered is refused."""

import json
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from math import inf, nan

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.errors import WarehouseError
from analytics.review import model
from analytics.review.frozen import FORMAT, digest, from_json, to_json
from analytics.review.model import (
    Audience,
    Cards,
    Cell,
    Grid,
    Line,
    Lines,
    Movements,
    Origin,
    QuarterlyReview,
    RiskMap,
    Section,
    Sentence,
    Table,
    Trends,
    Way,
)
from tests.packs.reviews import REVIEWS

EMPTY = QuarterlyReview(
    Audience.EXECUTIVE, "2026-Q3", "Q3 2026", "July to September", date(2026, 7, 1), date(2026, 9, 30), "compared with Q2 2026",
    "5 of 5 vendors", "", date(2026, 9, 30), ("Cobalt Bay",), Sentence("headline", "3 of 5 targets met."), (), (), (),
)  # fmt: skip
texts = st.text(st.characters(), max_size=8) | st.sampled_from(["=cmd|'/c'!A1", "\ud800 half", "\x00\x1f", "<b>", "שלום", "🙂", "\\u0041"])
numbers = st.floats(allow_nan=False, allow_infinity=False)
days = st.dates()
sentences = st.builds(
    Sentence, texts, texts, st.lists(st.builds(Origin, texts, texts, texts), max_size=2).map(tuple), texts, st.none() | days, texts
)
ways = st.none() | st.builds(Way, texts, st.lists(st.tuples(texts, texts), max_size=2).map(tuple))
cells = st.builds(Cell, texts, st.none() | numbers | days, texts, texts, texts)
blocks = (
    st.builds(Lines, st.lists(st.builds(Line, texts, sentences, texts, ways), max_size=2).map(tuple), texts)
    | st.builds(Table, texts, st.just(("a", "b")), st.just((False, True)), st.lists(st.tuples(cells, cells), max_size=2).map(tuple), texts)
    | st.sampled_from([Cards(()), Trends(()), Movements(()), Grid(("aht",), ("",), ()), RiskMap((), (("low", 4),))])
)
sections = st.builds(Section, texts, texts, st.none() | sentences, st.lists(blocks, max_size=3).map(tuple))


def with_cell(value: float | date | None) -> QuarterlyReview:
    table = Table("results", ("Value",), (True,), ((Cell("1", value),),), "")
    return replace(EMPTY, sections=(Section("results", "Results", None, (table,)),))


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(sections, sentences)
def test_what_is_written_is_read_back(section: Section, headline: Sentence) -> None:
    review = replace(EMPTY, headline=headline, sections=(section,))
    content = to_json(review)
    assert from_json(content) == review
    assert to_json(from_json(content)) == content
    assert content.decode("utf-8")


@pytest.mark.parametrize("name", ["ordinary", "one vendor", "empty quarter", "hostile"])
def test_whole_reviews_are_read_back(name: str) -> None:
    review = REVIEWS[name]()
    content = to_json(review)
    assert from_json(content) == review
    assert digest(from_json(content)) == digest(review) == sha256(content).hexdigest()


class TestValues:
    @pytest.mark.parametrize("value", [0.1 + 0.2, 1e-320, -0.0, 1e308, 86400.0, date(2026, 9, 30), None])
    def test_are_exact(self, value: float | date | None) -> None:
        assert str(from_json(to_json(with_cell(value))).sections[0].blocks[0]) == str(with_cell(value).sections[0].blocks[0])

    def test_that_are_equal_give_equal_bytes(self) -> None:
        assert to_json(with_cell(3)) == to_json(with_cell(3.0)) != to_json(with_cell(3.0000000000000004))
        assert to_json(with_cell(datetime(2026, 9, 30, 12))) == to_json(with_cell(date(2026, 9, 30)))

    @pytest.mark.parametrize("value", [nan, inf, "3", True])
    def test_that_are_no_numbers_are_refused_by_their_place(self, value: float) -> None:
        with pytest.raises(WarehouseError, match="review/sections/1/blocks/1/rows/1/1/value is"):
            to_json(with_cell(value))

    def test_two_halves_of_a_character_become_it(self) -> None:
        content = to_json(replace(EMPTY, scope="\ud83d\ude42 \ude42"))
        assert from_json(content).scope == "🙂 \ude42"
        assert to_json(from_json(content)) == content


class TestDigest:
    def test_is_equal_exactly_when_nothing_differs(self) -> None:
        assert digest(EMPTY) == digest(replace(EMPTY)) == digest(from_json(to_json(EMPTY)))
        assert digest(EMPTY) != digest(replace(EMPTY, coverage="data to 14 Aug 2026"))


def test_the_parts_of_this_format() -> None:
    """Fails when the model gained or lost a field: issued editions lack it. Give it a new FORMAT, and read the old one too."""
    parts = sorted(
        f"{part.__name__}: {', '.join(field.name for field in fields(part))}" for part in vars(model).values() if is_dataclass(part)
    )
    assert (FORMAT, sha256("\n".join(parts).encode()).hexdigest()[:8]) == (1, "da98c005")


class TestStrict:
    def altered(self, change: dict, format_: int = 1) -> bytes:
        tree = json.loads(to_json(EMPTY))
        return json.dumps({"format": format_, "review": {**tree["review"], **change}}).encode()

    def test_a_field_too_many_or_too_few(self) -> None:
        with pytest.raises(WarehouseError, match="format 1 is not as it was written: review/mood is unknown"):
            from_json(self.altered({"mood": "good"}))
        with pytest.raises(WarehouseError, match="review/label is missing"):
            from_json(to_json(EMPTY).replace(b'"label":"Q3 2026",', b""))

    @pytest.mark.parametrize(
        ("change", "odd"),
        [
            ({"label": 3}, "review/label is 3"),
            ({"audience": "all"}, 'review/audience is "all"'),
            ({"first_day": "July"}, 'review/first_day is "July"'),
            ({"first_day": None}, "review/first_day is null"),
            ({"vendors": "x"}, "review/vendors is"),
            ({"headline": []}, "review/headline is"),
            ({"sections": [{"id": "a", "title": "b", "sentence": None, "blocks": [{"kind": "Pie"}]}]}, r"unknown kind \(Pie\)"),
        ],
    )
    def test_a_value_that_is_none(self, change: dict, odd: str) -> None:
        with pytest.raises(WarehouseError, match=odd):
            from_json(self.altered(change))

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b'{"format":2,"review":{}}', "written in format 2; .* reads format 1. Open it with .* a newer one"),
            (b'{"review":{}}', "written in no known format"),
            (b"[]", "written in no known format"),
            (b"\xff", "it is not JSON"),
            (b"[" * 100_000, "it is not JSON"),
            (b'{"format":1,"review":NaN}', "it is not JSON"),
        ],
    )
    def test_what_is_no_review_of_this_format(self, content: bytes, said: str) -> None:
        with pytest.raises(WarehouseError, match=said):
            from_json(content)
