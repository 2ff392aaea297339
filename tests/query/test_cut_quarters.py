"""Rows that report calendar quarters, under fiscal years that begin inside one: never put into the quarter of their first day."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from analytics.asking import KpiQuery
from analytics.lineage import origin
from analytics.periods import Grain
from analytics.warehouse import Store
from tests.query.questions import ask, one
from tests.rows import EVERYTHING, store_of

YEARS = (date(2025, 2, 1), date(2027, 1, 31))
SAID = "reported by calendar quarters, which the fiscal year cuts"


def quarter(month: int, year: int = 2026, **measures: object) -> dict[str, object]:
    return {"source": "invoice", "grain": "quarter", "period_start": date(year, month, 1), **measures}


class TestFebruaryStart:
    """
    | reported | offered |   | fiscal quarters | FY2026 ends 31 January 2026       |
    | -------- | ------- |   | --------------- | --------------------------------- |
    | Q1 2026  | 100     |   | Nov-Jan Feb-Apr | Q1 is in two: not counted         |
    | Q2 2026  | 200     |   | Feb-Apr May-Jul | in one year, but in two quarters  |
    | Q3 2026  | 300     |   | May-Jul Aug-Oct |                                   |
    | Q4 2026  | 400     |   | Aug-Oct Nov-Jan |                                   |

    No fiscal quarter is a calendar quarter: none has a number. The fiscal year 2027 (February 2026 to January 2027) holds Q2, Q3 and Q4.
    """

    @pytest.fixture(scope="class")
    @classmethod
    def store(cls, tmp_path_factory: pytest.TempPathFactory) -> Store:
        rows = [quarter(month, contacts_handled=100 * number) for number, month in enumerate((1, 4, 7, 10), start=1)]
        return store_of(tmp_path_factory.mktemp("quarters"), rows)

    def test_no_quarter_has_a_number_and_each_says_why(self, store: Store) -> None:
        frame = ask(store, "contacts_handled", grain=Grain.QUARTER, days=YEARS, fiscal_start=2)
        assert frame["value"].isna().all() and set(frame["remark"]) == {SAID}

    def test_a_year_holds_the_quarters_that_lie_in_it(self, store: Store) -> None:
        row = one(ask(store, "contacts_handled", grain=Grain.YEAR, days=YEARS, fiscal_start=2), period="2026-02-01")
        assert (row["value"], row["coverage"]) == (900, "9 of 12 months")
        assert row["remark"] == f"some vendors are only {SAID}"

    @pytest.mark.parametrize("fiscal_start", [1, 4, 7, 10])
    def test_fiscal_years_of_whole_quarters_have_them_all(self, store: Store, fiscal_start: int) -> None:
        frame = ask(store, "contacts_handled", grain=Grain.QUARTER, days=(date(2026, 1, 1), date(2026, 12, 31)), fiscal_start=fiscal_start)
        assert frame["value"].tolist() == [100, 200, 300, 400] and frame["remark"].isna().all()

    def test_the_rows_behind_a_year_add_up_to_it(self, store: Store) -> None:
        query = KpiQuery(("contacts_handled",), Grain.YEAR, date(2026, 2, 1), date(2027, 1, 31), fiscal_start=2)
        found = origin(store, EVERYTHING, query)
        assert (found.row_count, found.numerator, found.adds_up) == (3, 900, True)


def test_a_quarterly_cost_is_set_against_the_contacts_of_its_own_months(tmp_path: Path) -> None:
    """Q2 costs 600; April to June have 100, 200 and 300 contacts: 1 per contact, though the fiscal year begins in February."""
    contacts = [{"grain": "month", "period_start": date(2026, month, 1), "contacts_handled": 100 * (month - 3)} for month in (4, 5, 6, 7)]
    store = store_of(tmp_path, [quarter(4, cost=600, currency="EUR"), *contacts])
    row = one(ask(store, "cost_per_contact", grain=Grain.YEAR, days=YEARS, fiscal_start=2), period="2026-02-01")
    assert (row["numerator"], row["denominator"], row["value"]) == (600, 600, 1)


def test_a_result_reported_for_a_cut_quarter_is_not_that_of_another(tmp_path: Path) -> None:
    result = {"source": "deck", "grain": "quarter", "period_start": date(2026, 1, 1), "kpi": "csat", "actual": 0.9}
    store = store_of(tmp_path, scorecard=[result])
    cut = ask(store, "csat", grain=Grain.QUARTER, days=YEARS, fiscal_start=2, by=("vendor",))
    assert np.isnan(cut["value"]).all() and SAID in set(cut["remark"])
    whole = ask(store, "csat", grain=Grain.QUARTER, days=YEARS, fiscal_start=4, by=("vendor",))
    assert whole["value"].dropna().tolist() == [0.9]
