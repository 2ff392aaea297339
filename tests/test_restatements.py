"""A restatement is a published number that reads differently now: found to the last digit, in both directions."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from analytics.restatements import restated
from analytics.warehouse import Store, Warehouse, rehearsal, settle
from tests.rows import DEFAULTS, EVERYTHING, insert, store_of

JUNE, JULY, AUGUST = (date(2026, month, 1) for month in (6, 7, 8))
ROWS = [
    {"period_start": JULY, "contacts_offered": 100, "contacts_abandoned": 4},
    {"period_start": AUGUST, "contacts_offered": 200, "contacts_abandoned": 10},
    {"vendor": "Bolt", "period_start": JULY, "contacts_offered": 50, "contacts_abandoned": 1},
]
SHOWN = ["kpi", "vendor", "period_start", "old_numerator", "old_denominator", "new_numerator", "new_denominator"]


@pytest.fixture
def before(tmp_path: Path) -> Store:
    return store_of(tmp_path, ROWS, scorecard=[{"kpi": "csat", "actual": 0.9, "period_start": JULY}])


def after(store: Store, *statements: str, rows: tuple = (), scorecard: tuple = ()) -> pd.DataFrame:
    def change(connection) -> None:
        for statement in statements:
            connection.execute(statement)
        insert(connection, "performance_rows", ({**DEFAULTS, **row} for row in rows))
        insert(connection, "scorecard_rows", ({**DEFAULTS, "grain": "month", "unit": "fraction", **row} for row in scorecard))
        settle(connection)

    with rehearsal(Warehouse(store.path.parent), change) as changed:
        return restated(store, changed, EVERYTHING)


def test_nothing_changed(before: Store) -> None:
    assert after(before).empty


def test_a_corrected_count_restates_its_kpis_of_its_vendor_and_month_only(before: Store) -> None:
    found = after(before, "UPDATE performance_rows SET contacts_abandoned = 5 WHERE vendor = 'Acme' AND period_start = '2026-07-01'")
    assert found[SHOWN].to_numpy().tolist() == [
        ["abandonment_rate", "Acme", pd.Timestamp(JULY), 4.0, 100.0, 5.0, 100.0],
    ]
    assert found[["old_value", "new_value", "grain"]].to_numpy().tolist() == [[0.04, 0.05, "month"]]


def test_equal_ratios_of_other_counts_are_restated(before: Store) -> None:
    found = after(before, "UPDATE performance_rows SET contacts_offered = 50, contacts_abandoned = 2 WHERE contacts_offered = 100")
    assert found[["old_value", "new_value", "new_denominator"]].to_numpy().tolist() == [[0.04, 0.04, 50.0]]


def test_new_months_vendors_and_kpis_are_no_restatements(before: Store) -> None:
    assert after(before, rows=({"period_start": JUNE, "contacts_offered": 9, "contacts_abandoned": 1}, {"vendor": "New"})).empty
    assert after(before, "UPDATE performance_rows SET contacts_handled = 96, queue_seconds = 960").empty


def test_a_number_that_is_gone_is_restated(before: Store) -> None:
    found = after(before, "DELETE FROM performance_rows WHERE vendor = 'Bolt'")
    assert found["vendor"].tolist() == ["Bolt"] and found["new_value"].isna().all()


def test_another_batch_with_the_same_numbers_restates_nothing(before: Store) -> None:
    assert after(before, "UPDATE performance_rows SET batch_id = 'b9', line = 7").empty


def test_a_corrected_reported_result_is_restated(before: Store) -> None:
    found = after(before, "UPDATE scorecard_rows SET actual = 0.8")
    assert found[["kpi", "old_value", "new_value"]].to_numpy().tolist() == [["csat", 0.9, 0.8]]
    assert found["old_numerator"].isna().all()


def test_a_quarter_is_told_where_only_quarters_are_reported(tmp_path: Path) -> None:
    rows = [{"grain": "quarter", "contacts_offered": 1000, "contacts_abandoned": 40}]
    found = after(store_of(tmp_path, rows), "UPDATE performance_rows SET contacts_abandoned = 50")
    assert found[["kpi", "grain", "old_value", "new_value"]].to_numpy().tolist() == [["abandonment_rate", "quarter", 0.04, 0.05]]


def test_only_the_named_vendors_are_looked_at(before: Store) -> None:
    change = "UPDATE performance_rows SET contacts_abandoned = 7"
    with rehearsal(Warehouse(before.path.parent), lambda connection: (connection.execute(change), settle(connection))) as changed:
        assert set(restated(before, changed, EVERYTHING, ["Bolt"])["vendor"]) == {"Bolt"}
        assert restated(before, changed, EVERYTHING, []).empty
