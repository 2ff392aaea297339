"""How much of a number is there: dense frames, coverage in words, periods that are not complete.

Ten contacts a day. A: every day from 16 June to 20 September. B: every day from 1 August to 20 September but the 5th of August.
"""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.coverage import FRAME_COLUMNS
from analytics.filters import Filters
from analytics.periods import Grain, add_months
from analytics.warehouse import Store, Warehouse, settle
from tests.query.questions import QUARTER_3, ask, one
from tests.rows import insert, store_of

SUMMER = (date(2026, 6, 1), date(2026, 9, 30))
A_ONLY = Filters(vendor=("A",))


def every_day(vendor: str, first: date, last: date) -> list[dict[str, object]]:
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    missing = ("B", date(2026, 8, 5))
    return [{"vendor": vendor, "period_start": day, "contacts_handled": 10} for day in days if (vendor, day) != missing]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    last = date(2026, 9, 20)
    rows = [*every_day("A", date(2026, 6, 16), last), *every_day("B", date(2026, 8, 1), last)]
    return store_of(tmp_path_factory.mktemp("coverage"), rows)


def weighted_store(folder: Path, rows: list[dict[str, object]]) -> Store:
    """A warehouse in which the file 'ratio' gave its satisfied responses as a percentage."""
    store_of(folder, rows)
    with Warehouse(folder).write("test", "test", "weighted") as connection:
        insert(connection, "weighted_measures", [{"batch_id": "ratio", "measure": "csat_satisfied"}])
        settle(connection)
    return Warehouse(folder).open()


class TestWords:
    def test_a_month_of_one_vendor_counts_its_days(self, store: Store) -> None:
        months = ask(store, "contacts_handled", days=SUMMER, filters=A_ONLY)
        assert months["value"].tolist() == [150, 310, 310, 200]
        assert months["coverage"].tolist() == ["15 of 30 days", "31 of 31 days", "31 of 31 days", "20 of 30 days"]

    def test_a_month_of_several_counts_vendors_and_missing_days(self, store: Store) -> None:
        assert ask(store, "contacts_handled", days=SUMMER)["coverage"].tolist() == [
            "15 of 30 days",
            "31 of 31 days",
            "2 of 2 vendors, 61 of 62 vendor-days",
            "2 of 2 vendors, 40 of 60 vendor-days",
        ]

    def test_a_week_says_seven_of_seven(self, store: Store) -> None:
        week = (date(2026, 7, 6), date(2026, 7, 12))
        assert one(ask(store, "contacts_handled", grain=Grain.WEEK, days=week))["coverage"] == "7 of 7 days"

    def test_a_quarter_counts_months_and_the_days_that_lack(self, store: Store) -> None:
        quarter = ask(store, "contacts_handled", grain=Grain.QUARTER, days=QUARTER_3, by=("vendor",))
        assert one(quarter, vendor="A")["coverage"] == "3 of 3 months, 82 of 92 days"
        assert one(quarter, vendor="B")["coverage"].startswith("2 of 2 months")

    def test_a_total_of_vendors_that_began_apart_counts_vendor_months(self, store: Store) -> None:
        total = one(ask(store, "contacts_handled", grain=Grain.QUARTER, days=QUARTER_3))
        assert total["coverage"] == "2 of 2 vendors, 5 of 5 vendor-months"

    def test_a_vendor_that_began_in_the_last_month_does_not_shorten_the_quarter(self, tmp_path_factory: pytest.TempPathFactory) -> None:
        """A has three months, B one: four vendor-months of four, not '2 of 2 months'."""
        months = [("A", 7), ("A", 8), ("A", 9), ("B", 9)]
        rows = [
            {"vendor": vendor, "grain": "month", "period_start": date(2026, month, 1), "contacts_handled": 1} for vendor, month in months
        ]
        total = one(ask(store_of(tmp_path_factory.mktemp("late"), rows), "contacts_handled", grain=Grain.QUARTER, days=QUARTER_3))
        assert total["coverage"] == "2 of 2 vendors, 4 of 4 vendor-months"

    @pytest.mark.parametrize("grain", [Grain.DAY, Grain.QUARTER])
    def test_before_its_first_data_a_vendor_has_no_row_and_is_not_missed(self, store: Store, grain: Grain) -> None:
        june = (date(2026, 6, 1), date(2026, 6, 30))
        assert set(ask(store, "contacts_handled", grain=grain, days=june, by=("vendor",))["vendor"]) == {"A"}
        assert not ask(store, "contacts_handled", grain=grain, days=june)["coverage"].str.contains("vendor").any()

    def test_a_vendor_is_missed_for_a_year_after_its_last_data(self, tmp_path_factory: pytest.TempPathFactory) -> None:
        """B stops after June 2025: missing until June 2026, gone from July 2026."""
        a = [{"vendor": "A", "grain": "month", "period_start": add_months(date(2025, 6, 1), n), "contacts_handled": 1} for n in range(14)]
        gone = store_of(tmp_path_factory.mktemp("gone"), [*a, {**a[0], "vendor": "B"}])
        span = (date(2025, 6, 1), date(2026, 7, 31))
        assert ask(gone, "contacts_handled", days=span)["coverage"].tolist() == ["2 of 2 vendors", *["1 of 2 vendors"] * 12, "1 of 1 month"]
        assert (ask(gone, "contacts_handled", days=span, by=("vendor",))["vendor"] == "B").sum() == 13

    def test_a_vendor_missing_from_a_total_is_named_in_it(self, store: Store) -> None:
        """On 5 August only A reported."""
        fifth = date(2026, 8, 5)
        row = one(ask(store, "contacts_handled", grain=Grain.DAY, days=(fifth, fifth)))
        assert (row["value"], row["coverage"]) == (10, "1 of 2 vendors")

    def test_a_year_counts_the_months_that_are_there(self, store: Store) -> None:
        year = one(ask(store, "contacts_handled", grain=Grain.YEAR, days=(date(2026, 1, 1), date(2026, 12, 31)), filters=A_ONLY))
        assert (year["value"], year["coverage"]) == (970, "4 of 7 months")


class TestComplete:
    def test_neither_the_first_nor_the_last_month_is_whole(self, store: Store) -> None:
        assert ask(store, "contacts_handled", days=SUMMER)["complete"].tolist() == [False, True, True, False]

    def test_a_week_cut_by_the_range_is_not_whole(self, store: Store) -> None:
        """July 2026 begins on a Wednesday and ends on a Friday."""
        weeks = ask(store, "contacts_handled", grain=Grain.WEEK, filters=A_ONLY)
        assert weeks["complete"].tolist() == [False, True, True, True, False]
        assert weeks["value"].tolist() == [50, 70, 70, 70, 50]

    def test_a_quarter_that_still_runs_is_not_whole(self, store: Store) -> None:
        assert not one(ask(store, "contacts_handled", grain=Grain.QUARTER, days=QUARTER_3))["complete"]

    def test_the_month_a_monthly_row_speaks_of_is_whole(self, tmp_path_factory: pytest.TempPathFactory) -> None:
        row = {"grain": "month", "period_start": date(2026, 7, 1), "contacts_handled": 5}
        frame = ask(store_of(tmp_path_factory.mktemp("monthly"), [row]), "contacts_handled")
        assert one(frame)[["value", "coverage", "complete"]].tolist() == [5, "1 of 1 month", True]


class TestShape:
    def test_the_frame_has_its_columns_in_order(self, store: Store) -> None:
        frame = ask(store, "contacts_handled", by=("vendor", "site"))
        assert frame.columns.tolist() == [
            "period", "period_end", "vendor", "site", "kpi", *FRAME_COLUMNS, "reported_target", "reported_comparator",
        ]  # fmt: skip

    def test_dense_over_periods_members_and_kpis(self, store: Store) -> None:
        frame = ask(store, "contacts_handled", "csat", days=SUMMER, by=("vendor",))
        assert len(frame) == (4 + 2) * 2
        assert frame[frame["kpi"] == "csat"]["value"].isna().all()

    def test_periods_beyond_the_data_are_not_invented(self, store: Store) -> None:
        frame = ask(store, "contacts_handled", days=(date(2020, 1, 1), date(2030, 12, 31)))
        assert frame["period"].tolist() == list(pd.date_range("2026-06-01", "2026-09-01", freq="MS"))

    def test_a_range_without_data_has_no_rows(self, store: Store) -> None:
        assert ask(store, "contacts_handled", days=(date(2020, 1, 1), date(2020, 12, 31))).empty

    def test_an_empty_warehouse_has_no_rows_but_every_column(self, tmp_path_factory: pytest.TempPathFactory, store: Store) -> None:
        empty = ask(store_of(tmp_path_factory.mktemp("empty")), "csat", by=("vendor",))
        assert empty.empty and empty.columns.tolist() == ask(store, "csat", by=("vendor",)).columns.tolist()

    def test_a_row_without_a_site_has_its_own_line_by_site(self, tmp_path_factory: pytest.TempPathFactory) -> None:
        rows = [{"site": "x", "contacts_handled": 3}, {"site": None, "contacts_handled": 4}]
        frame = ask(store_of(tmp_path_factory.mktemp("site"), rows), "contacts_handled", by=("site",))
        assert one(frame, site="x")["value"] == 3
        assert frame[frame["site"].isna()]["value"].tolist() == [4]

    def test_a_kpi_named_twice_is_one_kpi(self, store: Store) -> None:
        assert one(ask(store, "contacts_handled", "contacts_handled", by=("vendor", "vendor"), filters=A_ONLY))["value"] == 310

    def test_a_weighted_measure_is_told_from_a_measured_one(self, tmp_path_factory: pytest.TempPathFactory) -> None:
        folder = tmp_path_factory.mktemp("weighted")
        measured: dict[str, object] = {"vendor": "B", "csat_responses": 10, "csat_satisfied": 8}
        frame = ask(weighted_store(folder, [{**measured, "vendor": "A", "batch_id": "ratio"}, measured]), "csat", "nps", by=("vendor",))
        assert frame[["vendor", "kpi", "source_kind"]].to_numpy().tolist() == [
            ["A", "csat", "weighted"], ["A", "nps", "measured"], ["B", "csat", "measured"], ["B", "nps", "measured"],
        ]  # fmt: skip
        assert np.isnan(one(frame, vendor="A", kpi="nps")["value"])
