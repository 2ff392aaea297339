"""One real public file, a year of NHS 111 contact centres, by its shipped recipe: totals published by plain pandas."""

from pathlib import Path

import pytest

from analytics.intake import Status, load_file
from analytics.warehouse import Scope, Store, Warehouse

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "data" / "sample" / "nhs111_providers_2015-16.csv"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    warehouse = Warehouse(tmp_path_factory.mktemp("nhs111"))
    report = load_file(warehouse, FILE)
    assert (report.status, report.recipe, report.rows_read, report.rows_rejected) == (Status.STORED, "nhs111", 534, 0)
    return warehouse.open()


def test_the_year(store: Store) -> None:
    sql = """SELECT sum(contacts_offered) AS offered, sum(contacts_handled) AS answered,
        100 * sum(contacts_abandoned) / sum(contacts_offered) AS abandoned,
        100 * sum(answered_within_threshold) / sum(contacts_handled) AS answered_in_60 FROM performance"""
    year = store.select(Scope.everything(), sql).iloc[0]
    assert (year["offered"], year["answered"]) == (14_039_579, 13_009_408)
    assert (round(year["abandoned"], 3), round(year["answered_in_60"], 3)) == (3.141, 87.812)


def test_months_are_sorted_by_time_and_a_renamed_provider_stays_one(store: Store) -> None:
    sql = "SELECT DISTINCT period_start, threshold_seconds FROM performance ORDER BY period_start"
    months = store.select(Scope.everything(), sql)
    assert f"{months['period_start'].iloc[0]:%Y-%m}" == "2015-04" and f"{months['period_start'].iloc[-1]:%Y-%m}" == "2016-03"
    assert set(months["threshold_seconds"]) == {60.0} and len(months) == 12
    assert len(store.select(Scope.everything(), "SELECT DISTINCT vendor FROM performance")) == 46
