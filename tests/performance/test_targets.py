"""Which target applies: dated, most specific first, ties refused, shared by members, else the catalogue's default."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd
import pytest

from analytics.catalogue import Comparator
from analytics.performance.targets import (
    DEFAULT_BASIS,
    MIXED_BASIS,
    REPORTED_BASIS,
    SHARED_BASIS,
    TIE_BASIS,
    TargetBook,
    load_targets,
    with_targets,
)
from analytics.performance.variance import Status, with_status
from analytics.warehouse import Scope, Store
from tests.rows import EVERYTHING, store_of

START = date(2026, 1, 1)


def target(kpi: str, expected: float, **row: object) -> dict[str, object]:
    return {"kpi": kpi, "comparator": ">=", "expected": expected, "valid_from": START, **row}


# Each KPI is one case. A row without a dimension is for everybody.
STORED = [
    target("service_level", 0.80, basis="contract 4.1", valid_to=date(2026, 7, 31)),
    target("service_level", 0.85, basis="amendment 2", valid_from=date(2026, 8, 1)),
    target("csat", 0.90),
    target("csat", 0.85, vendor="A"),
    target("csat", 0.80, vendor="A", site="Pune"),
    target("csat", 0.75, vendor="A", channel="chat"),
    target("quality_score", 0.90, vendor="A", basis="contract A"),
    target("quality_score", 0.90, vendor="B", basis="contract B"),
    target("schedule_adherence", 0.92, vendor="A"),
    target("schedule_adherence", 0.90, vendor="B"),
    target("esat", 0.70, vendor="A"),
    target("abandonment_rate", 0.05, comparator="<="),
    target("abandonment_rate", 0.03, comparator="<=", valid_from=date(2026, 7, 1)),
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return store_of(tmp_path_factory.mktemp("targets"), targets=STORED)


@pytest.fixture(scope="module")
def book(store: Store) -> TargetBook:
    return load_targets(store, EVERYTHING)


def frame_of(kpi: str, value: float = 0.5, month: int = 7, **dimensions: object) -> pd.DataFrame:
    return pd.DataFrame([{"period": pd.Timestamp(2026, month, 1), "kpi": kpi, "value": value, **dimensions}])


def applied(
    book: TargetBook, frame: pd.DataFrame, fixed: Mapping[str, str] | None = None, members: tuple[str, ...] = ()
) -> tuple[float, str]:
    row = with_targets(frame, book, fixed or {}, members).iloc[0]
    return row["target"], row["basis"]


class TestDates:
    def test_a_target_changed_inside_the_window_steps_on_its_day(self, book: TargetBook) -> None:
        months = pd.concat([frame_of("service_level", month=month) for month in (6, 7, 8, 9)], ignore_index=True)
        found = with_targets(months, book, {})
        assert found["target"].tolist() == [0.80, 0.80, 0.85, 0.85]
        assert found["basis"].tolist() == ["contract 4.1", "contract 4.1", "amendment 2", "amendment 2"]

    def test_a_quarter_keeps_the_target_of_its_first_day(self, book: TargetBook) -> None:
        assert applied(book, frame_of("service_level", month=7)) == (0.80, "contract 4.1")

    def test_a_newer_open_target_follows_an_older_open_one(self, book: TargetBook) -> None:
        assert [applied(book, frame_of("abandonment_rate", month=month))[0] for month in (6, 7)] == [0.05, 0.03]

    def test_before_any_is_valid_the_default_applies_and_says_so(self, book: TargetBook) -> None:
        early = frame_of("csat").assign(period=pd.Timestamp(2025, 12, 31))
        found = with_targets(early, book, {}).iloc[0]
        assert (found["comparator"], found["target"], found["basis"]) == (">=", 0.90, "default target")


class TestMostSpecific:
    def test_the_one_naming_most_dimensions_wins(self, book: TargetBook) -> None:
        assert applied(book, frame_of("csat", vendor="B"))[0] == 0.90
        assert applied(book, frame_of("csat", vendor="A"))[0] == 0.85
        assert applied(book, frame_of("csat", vendor="A", site="Pune"))[0] == 0.80

    def test_a_filter_that_leaves_one_value_counts_as_named(self, book: TargetBook) -> None:
        assert applied(book, frame_of("csat"), {"vendor": "A", "site": "Pune"})[0] == 0.80

    def test_a_tie_applies_to_nobody_and_says_so(self, book: TargetBook) -> None:
        """A at Pune asks 80 %, A on chat 75 %: for A at Pune on chat neither is more specific."""
        found = with_targets(frame_of("csat", vendor="A", site="Pune", channel="chat"), book, {}).iloc[0]
        assert np.isnan(found["target"]) and found["comparator"] is None and found["basis"] == TIE_BASIS


class TestAboveMembers:
    def test_its_own_target_comes_first(self, book: TargetBook) -> None:
        assert applied(book, frame_of("csat"), members=("A", "B"))[0] == 0.90

    def test_the_level_all_members_share(self, book: TargetBook) -> None:
        """A and B have separate contracts that ask the same 90 %."""
        assert applied(book, frame_of("quality_score"), members=("A", "B")) == (0.90, SHARED_BASIS)

    def test_members_with_different_targets_are_mixed(self, book: TargetBook) -> None:
        level, basis = applied(book, frame_of("schedule_adherence"), members=("A", "B"))
        assert np.isnan(level) and basis == MIXED_BASIS

    def test_a_target_of_one_member_is_not_everybodys(self, book: TargetBook) -> None:
        assert applied(book, frame_of("esat"), members=("A", "B"))[1] == MIXED_BASIS
        assert applied(book, frame_of("esat", vendor="B"))[1] == ""

    def test_mixed_counts_the_members_that_met_their_own(self) -> None:
        """Three of five met; the sixth was not measured and is not counted."""
        verdicts = [Status.MET, Status.MET, Status.MISSED, Status.MET, Status.BELOW_EXPECTED, Status.NOT_MEASURED]
        members = pd.DataFrame({"period": pd.Timestamp(2026, 7, 1), "kpi": "csat", "status": [str(verdict) for verdict in verdicts]})
        total = frame_of("csat", basis=MIXED_BASIS, comparator=None, target=np.nan, minimum=np.nan, lower=np.nan, upper=np.nan)
        row = with_status(total, members).iloc[0]
        assert (row["status"], row["status_text"]) == (Status.NO_TARGET, "mixed: 3 of 5 met")


class TestWithoutAStoredTarget:
    def test_the_catalogues_default_says_that_it_is_one(self, book: TargetBook) -> None:
        found = with_targets(frame_of("error_rate"), book, {}).iloc[0]
        assert (found["comparator"], found["target"], found["basis"]) == (Comparator.BELOW, 0.01, DEFAULT_BASIS)

    def test_a_default_band(self, book: TargetBook) -> None:
        found = with_targets(frame_of("occupancy"), book, {}).iloc[0]
        assert (found["comparator"], found["lower"], found["upper"]) == (Comparator.BAND, 0.75, 0.88)

    def test_some_kpis_have_none(self, book: TargetBook) -> None:
        assert with_targets(frame_of("contacts_handled"), book, {}).iloc[0]["comparator"] is None

    @pytest.mark.parametrize(("kpi", "level", "basis"), [("transfer_rate", 0.2, REPORTED_BASIS), ("service_level", 0.8, "contract 4.1")])
    def test_the_vendors_own_target_counts_only_where_none_is_stored(self, book: TargetBook, kpi: str, level: float, basis: str) -> None:
        frame = frame_of(kpi, vendor="S", reported_target=0.2, reported_comparator="<=")
        assert applied(book, frame) == (level, basis)
        assert not {"reported_target", "reported_comparator"} & set(with_targets(frame, book, {}).columns)


def test_a_scope_sees_its_own_targets_and_those_for_everybody(store: Store) -> None:
    theirs = load_targets(store, Scope.of("B", ["B"]))
    assert theirs.vendors["quality_score"] == {"B"}
    assert applied(theirs, frame_of("csat", vendor="A"))[0] == 0.90


def test_an_empty_frame_gets_the_columns(book: TargetBook) -> None:
    found = with_status(with_targets(frame_of("csat").iloc[:0], book, {}))
    assert found.empty and {"target", "basis", "variance", "status", "status_text"} <= set(found.columns)


def test_each_row_of_a_large_frame_gets_what_it_gets_alone(book: TargetBook) -> None:
    rows = [
        frame_of(kpi, month=month, vendor=vendor, site=site)
        for kpi in ("csat", "service_level", "quality_score", "esat", "occupancy")
        for month in (7, 8)
        for vendor, site in (("A", "Pune"), ("A", "Lodz"), ("B", None), ("C", "Pune"), (None, "Pune"), (None, None), ("D", None))
    ]
    together = with_targets(pd.concat(rows, ignore_index=True), book, {}, ("A", "B"))
    alone = pd.concat([with_targets(row, book, {}, ("A", "B")) for row in rows], ignore_index=True)
    pd.testing.assert_frame_equal(together, alone)
    assert together[(together["kpi"] == "csat") & (together["vendor"] == "A")]["target"].tolist() == [0.80, 0.85, 0.80, 0.85]
