"""The risk register on a day: scores, bands, movement, and the register in one sentence."""

from collections import Counter
from datetime import date

import pandas as pd
import pytest

from analytics.risk.register import ScoreKind, band_of, count_words, last_scored_day, overdue_words, register_frame, with_overdue
from analytics.settings import load_settings
from analytics.warehouse import Scope, Store
from tests.rows import EVERYTHING, store_of

BANDS = load_settings().risk_bands
END_OF_Q2, END_OF_Q3 = date(2026, 6, 30), date(2026, 9, 30)


def risk(number: int, title: str, vendor: str | None = None, **row: object) -> dict[str, object]:
    return {"risk_id": f"R{number}", "number": number, "title": title, "category": "operational", "vendor": vendor, "status": "open", **row}


def score(number: int, day: date, likelihood: int, impact: int, **row: object) -> dict[str, object]:
    return {"risk_id": f"R{number}", "scored_on": day, "kind": "residual", "likelihood": likelihood, "impact": impact, **row}


RISKS = [
    risk(1, "Data Breach", "A"),
    risk(2, "Vendor Underperformance", "B"),
    risk(3, "Compliance Failure"),
    risk(4, "Service Disruption", "B"),
    risk(5, "SLA penalty dispute", "A", status="closed", opened_on=date(2026, 9, 20)),
]
SCORES = [
    score(1, date(2026, 2, 1), 3, 5),
    score(1, date(2026, 5, 1), 4, 4),
    score(1, date(2026, 8, 10), 4, 5, reason="phishing test failed"),
    score(1, date(2026, 10, 5), 2, 5),
    score(1, date(2026, 2, 1), 5, 5, kind="inherent"),
    score(2, date(2026, 3, 1), 3, 3),
    score(2, date(2026, 8, 1), 3, 3),
    score(3, date(2026, 3, 1), 3, 4),
    score(3, date(2026, 9, 30), 2, 4),
    score(4, date(2026, 7, 15), 3, 4),
    score(5, date(2026, 3, 1), 1, 1),
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return store_of(tmp_path_factory.mktemp("risks"), risks=RISKS, risk_scores=SCORES)


def register(store: Store, day: date = END_OF_Q3, earlier: date = END_OF_Q2, scope: Scope = EVERYTHING) -> pd.DataFrame:
    return register_frame(store, scope, day, earlier, BANDS)


class TestScores:
    def test_the_four_risks_of_the_guide(self, store: Store) -> None:
        """
        | risk                    | likelihood x impact | band    |
        | ----------------------- | ------------------- | ------- |
        | Data Breach             | 4 x 5 = 20          | extreme |
        | Service Disruption      | 3 x 4 = 12          | high    |
        | Vendor Underperformance | 3 x 3 = 9           | high    |
        | Compliance Failure      | 2 x 4 = 8           | high    |
        """
        columns = ["title", "likelihood", "impact", "score", "band"]
        assert register(store)[columns].to_numpy().tolist()[:4] == [
            ["Data Breach", 4, 5, 20, "extreme"],
            ["Service Disruption", 3, 4, 12, "high"],
            ["Vendor Underperformance", 3, 3, 9, "high"],
            ["Compliance Failure", 2, 4, 8, "high"],
        ]

    def test_bands_over_the_25_cells(self) -> None:
        cells = Counter(band_of(likelihood * impact, BANDS) for likelihood in range(1, 6) for impact in range(1, 6))
        assert cells == {"low": 5, "moderate": 7, "high": 7, "extreme": 6}

    @pytest.mark.parametrize(
        ("points", "band"),
        [(1, "low"), (3, "low"), (4, "moderate"), (6, "moderate"), (8, "high"), (12, "high"), (15, "extreme"), (25, "extreme")],
    )
    def test_band_edges(self, points: int, band: str) -> None:
        assert band_of(points, BANDS) == band

    def test_before_controls_has_its_own_scores(self, store: Store) -> None:
        inherent = register_frame(store, EVERYTHING, END_OF_Q3, END_OF_Q2, BANDS, ScoreKind.INHERENT)
        assert inherent[["title", "score", "movement_text"]].to_numpy().tolist() == [["Data Breach", 25, "unchanged"]]


class TestMovement:
    def test_against_the_last_score_on_or_before_the_earlier_day(self, store: Store) -> None:
        moved = register(store).set_index("number")
        assert moved["movement_text"].to_dict() == {1: "grew from 16", 4: "new", 2: "unchanged", 3: "eased from 12", 5: "unchanged"}
        assert moved.loc[[1, 2, 3], "movement"].tolist() == [4, 0, -4] and pd.isna(moved.loc[4, "movement"])
        assert moved.loc[1, "reason"] == "phishing test failed"

    def test_the_register_stands_as_it_did_on_its_day(self, store: Store) -> None:
        """On 30 June the disruption was not scored and the dispute not opened; the breach stood at 16, up from 15."""
        june = register(store, END_OF_Q2, date(2026, 3, 31)).set_index("number")
        assert june["score"].to_dict() == {1: 16, 3: 12, 2: 9}
        assert june.loc[1, "movement_text"] == "grew from 15"

    def test_a_score_of_the_day_itself_counts(self, store: Store) -> None:
        eve = date(2026, 9, 29)
        assert register(store, eve).set_index("number").loc[3, "score"] == 12
        assert register(store).set_index("number").loc[3, "score"] == 8

    def test_before_any_earlier_score_all_are_new(self, store: Store) -> None:
        first = register(store, date(2026, 3, 1), date(2025, 12, 31))
        assert set(first["movement_text"]) == {"new"}
        assert first[["previous_likelihood", "previous_impact", "previous_score", "movement"]].dtypes.tolist() == [float] * 4

    def test_the_newest_score_gives_the_day_without_performance_data(self, store: Store) -> None:
        assert last_scored_day(store, EVERYTHING) == date(2026, 10, 5)
        assert last_scored_day(store, Scope.of("B", ["B"])) == date(2026, 9, 30)


def test_a_vendor_sees_its_own_risks_and_those_of_nobody(store: Store) -> None:
    assert register(store, scope=Scope.of("B", ["B"]))["number"].tolist() == [4, 2, 3]


def test_an_empty_register(store: Store, tmp_path_factory: pytest.TempPathFactory) -> None:
    nothing = store_of(tmp_path_factory.mktemp("none"))
    empty = register(nothing)
    assert empty.empty and {"band", "movement", "movement_text"} <= set(empty.columns)
    assert count_words(empty) == "No risk matches these filters."
    assert last_scored_day(nothing, EVERYTHING) is None


class TestSentence:
    def test_the_highest_band_by_name(self, store: Store) -> None:
        assert count_words(register(store)) == "One risk is extreme: data breach at A. One grew, one eased."

    def test_two_are_both_named_and_three_are_counted(self, store: Store) -> None:
        high = register(store).query("band == 'high'")
        assert count_words(high.head(2)) == (
            "Two risks are high: service disruption at B and vendor underperformance at B. None moved since the last comparison."
        )
        assert count_words(high) == "Three risks are high. None grew, one eased."

    def test_an_abbreviation_stays_one(self, store: Store) -> None:
        assert count_words(register(store).tail(1)).startswith("One risk is low: SLA penalty dispute at A.")


def test_a_review_is_overdue_from_the_day_after_and_only_of_an_open_risk() -> None:
    """On 31 October: due on 15 October is 16 days late, on the day itself and later not yet, closed and undated never."""
    due = [date(2026, 10, 15), date(2026, 10, 30), date(2026, 10, 31), date(2026, 11, 6), date(2026, 10, 1), None]
    frame = pd.DataFrame({"next_review": pd.to_datetime(due), "status": ["open"] * 4 + ["closed", "open"]})
    found = with_overdue(frame, date(2026, 10, 31))
    assert found["days_overdue"].tolist() == [16, 1, 0, 0, 0, 0]
    late = ["review overdue by 16 days on 31 Oct 2026", "review overdue by 1 day on 31 Oct 2026"]
    assert found["overdue_text"].tolist() == [*late, "", "", "", ""]
    assert overdue_words(found, date(2026, 10, 31)) == "Two reviews are overdue on 31 Oct 2026."
    assert overdue_words(found[1:], date(2026, 11, 1)) == "One review is overdue on 1 Nov 2026."
    assert overdue_words(found[2:], date(2026, 10, 31)) == ""
    assert with_overdue(frame[:0], date(2026, 10, 31)).empty
