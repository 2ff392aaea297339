"""What came of what is expected: gaps, rhythms, late sources and the sentence about them, over rows one can count."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from analytics.quality import (
    GONE,
    LATE,
    ON_TIME,
    cell_contents,
    coverage_frame,
    freshness_frame,
    quality_verdict,
    share_text,
    worst_months,
)
from analytics.warehouse import Scope, Store
from tests.rows import EVERYTHING, store_of


def days(first: date, last: date, **row: object) -> Iterator[dict]:
    """A row for every day from first to last: 10 contacts offered unless said otherwise."""
    for offset in range((last - first).days + 1):
        yield {"period_start": first + timedelta(days=offset), "contacts_offered": 10, **row}


def months(first: date, count: int, **row: object) -> Iterator[dict]:
    for step in range(count):
        index = first.year * 12 + first.month - 1 + step
        yield {"period_start": date(index // 12, index % 12 + 1, 1), "grain": "month", "source": "invoice", "cost": 5, **row}


def shares(store: Store, **asked: tuple[str, ...]) -> dict[tuple[str, str], float]:
    frame = coverage_frame(store, EVERYTHING, **asked)
    return {(row["vendor"], f"{row['month']:%Y-%m}"): row["share"] for row in frame.to_dict("records")}


class TestDaysOfAMonth:
    """July: all 31 days. August: 1 to 21 only. September: all 30 days."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> Store:
        spans = ((date(2026, 7, 1), date(2026, 8, 21)), (date(2026, 9, 1), date(2026, 9, 30)))
        return store_of(tmp_path, [row for first, last in spans for row in days(first, last)])

    def test_the_share_is_the_days_that_came(self, store: Store) -> None:
        found = shares(store)
        assert found[("Acme", "2026-07")] == 1
        assert found[("Acme", "2026-08")] == pytest.approx(21 / 31)
        assert found[("Acme", "2026-09")] == 1

    def test_the_sentence_names_the_gap(self, store: Store) -> None:
        said = quality_verdict(coverage_frame(store, EVERYTHING), freshness_frame(store, EVERYTHING))
        assert said == "One vendor reports, on time to 30 Sep 2026. One vendor-month has gaps: Acme in Aug 2026 (67 % there)."

    def test_the_cell_lists_days_measures_and_batches(self, store: Store) -> None:
        contents = cell_contents(store, EVERYTHING, "Acme", date(2026, 8, 1))
        (source,) = contents.sources.to_dict("records")
        assert (source["source"], source["grain"], source["came"], source["due"]) == ("acd", "day", 21, 31)
        assert (source["there"], source["missing"]) == (("contacts_offered",), ())
        (batch,) = contents.batches.to_dict("records")
        assert (batch["batch_id"], batch["rows"], batch["last_day"]) == ("b1", 21, pd.Timestamp("2026-08-21"))


def test_a_source_that_never_delivers_at_weekends_is_whole_without_them(tmp_path: Path) -> None:
    weekdays = [row for row in days(date(2026, 7, 1), date(2026, 8, 31)) if row["period_start"].weekday() < 5]
    assert set(shares(store_of(tmp_path, weekdays)).values()) == {1.0}


def test_a_month_without_a_row_between_two_others_is_missing(tmp_path: Path) -> None:
    rows = [*days(date(2026, 7, 1), date(2026, 7, 31)), *days(date(2026, 9, 1), date(2026, 9, 30))]
    store = store_of(tmp_path, rows)
    assert shares(store)[("Acme", "2026-08")] == 0
    said = quality_verdict(coverage_frame(store, EVERYTHING), freshness_frame(store, EVERYTHING))
    assert said.endswith("One vendor-month is missing: Acme in Aug 2026.")


def test_a_measure_that_stays_away_lowers_the_share(tmp_path: Path) -> None:
    whole = {"contacts_handled": 9}
    rows = [*days(date(2026, 7, 1), date(2026, 7, 31), **whole), *days(date(2026, 8, 1), date(2026, 8, 31))]
    store = store_of(tmp_path, rows)
    assert shares(store)[("Acme", "2026-08")] == 0.5
    (source,) = cell_contents(store, EVERYTHING, "Acme", date(2026, 8, 1)).sources.to_dict("records")
    assert source["missing"] == ("contacts_handled",)


def test_a_monthly_file_is_not_missed_before_its_month_has_ended(tmp_path: Path) -> None:
    rows = [*days(date(2026, 7, 1), date(2026, 9, 10)), *months(date(2026, 7, 1), 2)]
    assert shares(store_of(tmp_path, rows))[("Acme", "2026-09")] == 1


def test_a_vendor_that_left_is_missed_for_twelve_months_and_then_gone(tmp_path: Path) -> None:
    gone = months(date(2025, 1, 1), 1, vendor="Left", source="acd")
    store = store_of(tmp_path, [*gone, *months(date(2025, 1, 1), 24, source="acd")])
    found = shares(store)
    assert found[("Left", "2026-01")] == 0
    assert ("Left", "2026-02") not in found
    assert dict(zip(*(freshness_frame(store, EVERYTHING)[name] for name in ("vendor", "state")), strict=True)) == {
        "Acme": ON_TIME, "Left": GONE,
    }  # fmt: skip


def test_results_without_counts_are_of_their_own_kind(tmp_path: Path) -> None:
    scorecard = [{"kpi": "csat", "actual": 0.9, "period_start": date(2026, month, 1), "vendor": "Tall"} for month in (7, 9)]
    store = store_of(tmp_path, days(date(2026, 7, 1), date(2026, 9, 30)), scorecard=scorecard)
    frame = coverage_frame(store, EVERYTHING)
    tall = frame[frame["vendor"] == "Tall"]
    assert list(tall["kind"].unique()) == ["reported"]
    assert list(tall["share"]) == [1, 0, 1]
    assert cell_contents(store, EVERYTHING, "Tall", date(2026, 8, 1)).sources["missing"].tolist() == [("csat",)]


class TestFreshness:
    """The newest day is 30 September. acd: to 30 September. wfm, daily too: to 27 September. invoice: to August."""

    @pytest.fixture
    def frame(self, tmp_path: Path) -> pd.DataFrame:
        rows = [
            *days(date(2026, 7, 1), date(2026, 9, 30)),
            *days(date(2026, 7, 1), date(2026, 9, 27), source="wfm", contacts_offered=None, paid_seconds=60),
            *months(date(2026, 7, 1), 2),
        ]
        return freshness_frame(store_of(tmp_path, rows), EVERYTHING).set_index("source")

    def test_the_days_behind_and_whether_that_is_late(self, frame: pd.DataFrame) -> None:
        assert list(frame.index) == ["wfm", "invoice", "acd"]
        assert frame["days_behind"].to_dict() == {"wfm": 3, "acd": 0, "invoice": 30}
        assert frame["state"].to_dict() == {"wfm": LATE, "acd": ON_TIME, "invoice": ON_TIME}

    def test_the_sentence_names_what_is_late(self, frame: pd.DataFrame) -> None:
        whole = pd.DataFrame({"vendor": ["Acme"], "month": [pd.Timestamp("2026-09-01")], "share": [1.0]})
        said = quality_verdict(whole, frame.reset_index())
        assert said == "One vendor reports to 30 Sep 2026; wfm of Acme is 3 days behind. No month has gaps."


def test_weekdays_only_are_not_late_over_a_weekend(tmp_path: Path) -> None:
    weekdays = [row for row in days(date(2026, 7, 1), date(2026, 9, 25)) if row["period_start"].weekday() < 5]
    other = days(date(2026, 7, 1), date(2026, 9, 27), vendor="Bolt")
    assert list(freshness_frame(store_of(tmp_path, [*weekdays, *other]), EVERYTHING)["state"]) == [ON_TIME, ON_TIME]


def test_shares_are_rounded_down() -> None:
    assert [share_text(share) for share in (1.0, 0.999, 0.29, 0.0)] == ["100 %", "99 %", "29 %", "0 %"]


def test_the_largest_gap_comes_first_and_of_equal_ones_the_newest() -> None:
    frame = pd.DataFrame({"vendor": list("abcd"), "month": pd.to_datetime(["2026-01-01"] * 3 + ["2026-02-01"]), "share": [1, 0.5, 0, 0]})
    assert list(worst_months(frame)["vendor"]) == ["d", "c", "b"]


def test_a_scope_and_a_filter_see_their_vendor_only(tmp_path: Path) -> None:
    store = store_of(tmp_path, [*days(date(2026, 7, 1), date(2026, 7, 31)), *days(date(2026, 7, 1), date(2026, 7, 31), vendor="Bolt")])
    assert {vendor for vendor, _ in shares(store, vendors=("Bolt",))} == {"Bolt"}
    asker = Scope.of("bolt", ["Bolt"])
    assert set(coverage_frame(store, asker)["vendor"]) == set(freshness_frame(store, asker)["vendor"]) == {"Bolt"}
    assert cell_contents(store, asker, "Acme", date(2026, 7, 1)).batches.empty


def test_an_empty_warehouse_expects_nothing(tmp_path: Path) -> None:
    store = store_of(tmp_path)
    assert coverage_frame(store, EVERYTHING).empty
    assert freshness_frame(store, EVERYTHING).empty
    assert cell_contents(store, EVERYTHING, "Acme", date(2026, 7, 1)).sources.empty
