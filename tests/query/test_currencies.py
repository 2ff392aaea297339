"""Totals over several currencies: converted by dated rates, or refused; a total in one currency keeps it."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.asking import KpiQuery
from analytics.catalogue import catalogue_of, using
from analytics.intake import Status, load_files
from analytics.lineage import origin
from analytics.periods import Grain
from analytics.query import kpi_frame
from analytics.warehouse import Store, Warehouse
from tests.rows import EVERYTHING, store_of

FIRST, LAST = date(2026, 7, 1), date(2026, 8, 31)


def asked(store: Store, *kpis: str, grain: Grain = Grain.MONTH, by: tuple[str, ...] = (), currency: str = "EUR") -> pd.DataFrame:
    """The frame of July and August."""
    return kpi_frame(store, EVERYTHING, KpiQuery(kpis, grain, FIRST, LAST, by, reporting_currency=currency))


def rate(currency: str, rate: str, valid_from: date, reporting: str = "EUR") -> dict[str, object]:
    return {"currency": currency, "reporting_currency": reporting, "rate": Decimal(rate), "valid_from": valid_from}


def invoice(vendor: str, month: int, currency: str, cost: str, contacts: int = 100) -> dict[str, object]:
    row = {"vendor": vendor, "source": "invoice", "grain": "month", "period_start": date(2026, month, 1)}
    return row | {"currency": currency, "cost": Decimal(cost), "contacts_handled": contacts}


class TestDatedRates:
    """
    | month | vendor | cost    | contacts |   | 1 USD from | is      |
    | ----- | ------ | ------- | -------- |   | ---------- | ------- |
    | Jul   | A      | 500 EUR | 100      |   | 1 Jan      | 0.9 EUR |
    | Jul   | B      | 700 USD | 100      |   | 15 Jul     | 0.5 EUR |
    | Aug   | A      | 500 EUR | 100      |
    | Aug   | B      | 700 USD | 100      |

    July takes the rate of 1 July: (500 + 700 x 0.9) / 200 = 5.65 EUR. August: (500 + 700 x 0.5) / 200 = 4.25 EUR.
    The quarter converts each month by its own rate: (1000 + 630 + 350) / 400 = 4.95 EUR.
    """

    @pytest.fixture(scope="class")
    @classmethod
    def store(cls, tmp_path_factory: pytest.TempPathFactory) -> Store:
        rows = [invoice("A", 7, "EUR", "500"), invoice("B", 7, "USD", "700"), invoice("A", 8, "EUR", "500"), invoice("B", 8, "USD", "700")]
        rates = [rate("USD", "0.9", date(2026, 1, 1)), rate("USD", "0.5", date(2026, 7, 15)), rate("USD", "9", date(2026, 1, 1), "GBP")]
        return store_of(tmp_path_factory.mktemp("rates"), rows, rates=rates)

    def test_each_month_at_its_own_rate(self, store: Store) -> None:
        frame = asked(store, "cost_per_contact")
        assert frame["value"].tolist() == [5.65, 4.25]
        assert set(frame["currency"]) == {"EUR"}
        assert set(frame["remark"]) == {"USD converted to EUR at dated rates"}
        assert frame["numerator"].tolist() == [1130, 850]

    def test_a_quarter_adds_up_its_converted_months(self, store: Store) -> None:
        assert asked(store, "cost_per_contact", grain=Grain.QUARTER)["value"].tolist() == [4.95]

    def test_a_row_in_one_currency_keeps_it(self, store: Store) -> None:
        frame = asked(store, "cost_per_contact", by=("vendor",))
        assert frame[["vendor", "value", "currency", "remark"]].to_numpy().tolist() == [
            ["A", 5, "EUR", None], ["B", 7, "USD", None], ["A", 5, "EUR", None], ["B", 7, "USD", None],
        ]  # fmt: skip

    def test_into_another_currency(self, store: Store) -> None:
        frame = asked(store, "cost_per_contact", currency="GBP")
        assert frame["value"].isna().all()
        assert frame["remark"].tolist()[0] == "mixed currencies, EUR and USD: no rate from EUR to GBP on 2026-07-01"

    def test_without_a_reporting_currency_there_is_no_total(self, store: Store) -> None:
        frame = asked(store, "cost_per_contact", currency="")
        assert frame["value"].isna().all()
        assert set(frame["remark"]) == {"mixed currencies, EUR and USD: no total"}

    def test_kpis_without_money_are_left_alone(self, store: Store) -> None:
        frame = asked(store, "contacts_handled", "cost_per_contact")
        assert frame.loc[frame["kpi"] == "contacts_handled", ["value", "remark"]].to_numpy().tolist() == [[200, None], [200, None]]


def test_a_missing_rate_refuses_the_total_and_is_named(tmp_path: Path) -> None:
    rows = [invoice("A", 7, "EUR", "500"), invoice("B", 7, "USD", "700"), invoice("C", 8, "USD", "9"), invoice("A", 8, "EUR", "1")]
    store = store_of(tmp_path, rows, rates=[rate("USD", "0.9", date(2026, 7, 2))])
    july, august = asked(store, "cost_per_contact").to_dict("records")
    assert np.isnan(july["value"]) and july["currency"] is None
    assert july["remark"] == "mixed currencies, EUR and USD: no rate from USD to EUR on 2026-07-01"
    assert august["remark"] == "USD converted to EUR at dated rates"
    assert august["numerator"] == 9.1  # 9 x 0.9 + 1


def test_three_currencies_are_all_named(tmp_path: Path) -> None:
    """100 EUR + 100 USD x 0.9 + 100 GBP x 1.2 = 310 EUR."""
    rows = [invoice("A", 7, "EUR", "100"), invoice("B", 7, "USD", "100"), invoice("C", 7, "GBP", "100")]
    store = store_of(tmp_path, rows, rates=[rate("USD", "0.9", FIRST), rate("GBP", "1.2", FIRST)])
    (row,) = asked(store, "cost_per_contact").to_dict("records")[:1]
    assert (row["numerator"], row["remark"]) == (310, "GBP, USD converted to EUR at dated rates")


def test_currencies_that_are_all_foreign_are_converted_too(tmp_path: Path) -> None:
    rows = [invoice("B", 7, "USD", "100"), invoice("C", 7, "GBP", "100")]
    store = store_of(tmp_path, rows, rates=[rate("USD", "0.9", FIRST), rate("GBP", "1.2", FIRST)])
    (row,) = asked(store, "cost_per_contact").to_dict("records")[:1]
    assert (row["numerator"], row["currency"]) == (210, "EUR")


def test_each_row_is_rounded_to_six_decimals(tmp_path: Path) -> None:
    """Two rows of 0.000001 USD at 0.5 are half a millionth each, which is rounded up to one millionth: 2 millionths, not 1."""
    tiny = [invoice("B", 7, "USD", "0.000001") | {"site": site, "contacts_handled": 1} for site in ("x", "y")]
    store = store_of(tmp_path, [*tiny, invoice("A", 7, "EUR", "0", 2)], rates=[rate("USD", "0.5", FIRST)])
    (row,) = asked(store, "cost_per_contact").to_dict("records")[:1]
    assert row["numerator"] == 0.000002


def test_cost_by_month_and_contacts_by_day_are_paired_after_conversion(tmp_path: Path) -> None:
    """B's invoice of 700 USD stands for the month, its contacts come by day: (500 + 630) / (100 + 60 + 40) = 5.65 EUR."""
    days = [{"vendor": "B", "period_start": date(2026, 7, day), "contacts_handled": count} for day, count in ((1, 60), (2, 40))]
    bill = {**invoice("B", 7, "USD", "700"), "contacts_handled": None}
    store = store_of(tmp_path, [invoice("A", 7, "EUR", "500"), bill, *days], rates=[rate("USD", "0.9", FIRST)])
    (row,) = asked(store, "cost_per_contact").to_dict("records")[:1]
    assert (row["value"], row["denominator"]) == (5.65, 200)


def test_own_money_measures_are_converted_and_do_not_mix_with_cost(tmp_path: Path) -> None:
    """Licences are billed in USD by another source; cost per contact stays in EUR, both together are converted."""
    (tmp_path / "catalogue.toml").write_text(
        '[[measures]]\nid = "own_licences"\nlabel = "licences"\nkind = "money"\ndefinition = "Licences."\n'
        '[[kpis]]\nid = "all_costs"\nlabel = "All costs"\nnumerator = "own_licences"\ndenominator = "cost"\nunit = "percent"\n'
        'direction = "neutral"\ndefinition = "Licences of cost."\n'
    )
    with using(catalogue_of(tmp_path)):
        licences = {"source": "it", "grain": "month", "period_start": FIRST, "vendor": "A", "currency": "USD", "own_licences": 100}
        store = store_of(tmp_path, [invoice("A", 7, "EUR", "450"), licences], rates=[rate("USD", "0.9", FIRST)])
        rows = {row["kpi"]: row for row in asked(store, "cost_per_contact", "all_costs").to_dict("records") if row["period"].month == 7}
    assert (rows["cost_per_contact"]["value"], rows["cost_per_contact"]["currency"]) == (4.5, "EUR")
    assert (rows["all_costs"]["value"], rows["all_costs"]["remark"]) == (0.2, "USD converted to EUR at dated rates")


RATES = "currency,reporting_currency,rate,valid_from\nUSD,EUR,0.92,2026-01-01\nusd,EUR,0.950000001,2026-07-01\n"


class TestTheFile:
    def load(self, folder: Path, text: str) -> list:
        (folder / "rates.csv").write_text(text)
        return load_files(Warehouse(folder / "warehouse"), [(folder / "rates.csv", None)])

    def test_its_recipe_is_found_and_rates_are_kept_exactly(self, tmp_path: Path) -> None:
        (report,) = self.load(tmp_path, RATES)
        assert (report.status, report.rows_accepted) == (Status.STORED, 2)
        found = (
            Warehouse(tmp_path / "warehouse").open().select(EVERYTHING, "SELECT currency, rate::VARCHAR AS rate FROM rates ORDER BY ALL")
        )
        assert found.to_numpy().tolist() == [["USD", "0.920000000"], ["USD", "0.950000001"]]

    @pytest.mark.parametrize(
        ("row", "reason"),
        [
            ("Dollar,EUR,0.9,2026-01-01", "'Dollar' is not a currency"),
            ("USD,EUR,0,2026-01-01", "'0' is not a rate above 0"),
            ("USD,EUR,-1,2026-01-01", "'-1' is not a rate above 0"),
            ("USD,EUR,0.1234567891,2026-01-01", "'0.1234567891' has more than 9 decimals"),
            ("EUR,EUR,1,2026-01-01", "a rate from EUR to itself"),
            ("USD,EUR,,2026-01-01", "rate is missing"),
        ],
    )
    def test_a_wrong_row_is_refused_with_its_reason(self, row: str, reason: str, tmp_path: Path) -> None:
        (report,) = self.load(tmp_path, f"{RATES}{row}\n")
        assert (report.rows_accepted, report.rows_rejected) == (2, 1)
        assert reason in report.issues[0].message

    def test_a_later_file_corrects_a_rate_of_the_same_day(self, tmp_path: Path) -> None:
        self.load(tmp_path, RATES)
        self.load(tmp_path, RATES.replace("0.92", "0.5"))
        found = Warehouse(tmp_path / "warehouse").open().select(EVERYTHING, "SELECT rate FROM rates ORDER BY valid_from")
        assert found["rate"].tolist() == [0.5, 0.950000001]


COSTS = st.lists(
    st.tuples(st.sampled_from("ABC"), st.sampled_from([7, 8]), st.integers(0, 10**6), st.integers(1, 500)), min_size=1, max_size=8
)


@given(rows=COSTS)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_with_all_rates_1_nothing_changes(rows: list[tuple[str, int, int, int]], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Vendor B bills in USD at a rate of 1: every total is what it would be if all bills were in EUR."""
    keyed = {(vendor, month): (cents, contacts) for vendor, month, cents, contacts in rows}
    both = []
    for foreign in ("USD", "EUR"):
        bills = [
            invoice(vendor, month, foreign if vendor == "B" else "EUR", f"{cents / 100:.2f}", contacts)
            for (vendor, month), (cents, contacts) in keyed.items()
        ]
        store = store_of(tmp_path_factory.mktemp("ones"), bills, rates=[rate("USD", "1", date(2026, 1, 1))])
        both.append(
            asked(store, "cost_per_contact", "contacts_handled")[["period", "kpi", "numerator", "denominator", "value", "coverage"]]
        )
    pd.testing.assert_frame_equal(*both, check_exact=True)


def test_the_rows_behind_a_converted_total_add_up_to_it(tmp_path: Path) -> None:
    """July mixes EUR and USD and is converted, August is in USD alone and stays: 500 + 700 x 0.9 = 1130 EUR and 300 USD."""
    rows = [invoice("A", 7, "EUR", "500"), invoice("B", 7, "USD", "700"), invoice("B", 8, "USD", "300")]
    store = store_of(tmp_path, rows, rates=[rate("USD", "0.9", date(2026, 1, 1))])
    for month, numerator, adds in ((7, 1130, [500, 630]), (8, 300, [300])):
        first = date(2026, month, 1)
        query = KpiQuery(("cost_per_contact",), Grain.MONTH, first, date(2026, month, 31), reporting_currency="EUR")
        found = origin(store, EVERYTHING, query)
        assert found.adds_up and found.numerator == numerator
        assert found.rows["adds_to_numerator"].tolist() == adds


def test_the_rows_behind_a_refused_total_stay_in_their_currencies(tmp_path: Path) -> None:
    store = store_of(tmp_path, [invoice("A", 7, "EUR", "500"), invoice("B", 7, "USD", "700")])
    found = origin(store, EVERYTHING, KpiQuery(("cost_per_contact",), Grain.MONTH, FIRST, date(2026, 7, 31), reporting_currency="EUR"))
    assert found.rows["adds_to_numerator"].tolist() == [500, 700]
    assert found.total["value_text"] == "-" and found.adds_up
