"""The benchmark measures the product itself: what it loads is what it generated, and both KPIs are the same numbers."""

from pathlib import Path

import pandas as pd
import pytest

from analytics.intake import load_file
from analytics.query import kpi_frame
from analytics.warehouse import Warehouse
from bench import questions
from bench.contacts import CELLS_PER_DAY, DAYS, RECIPE, write_contacts
from bench.loading import measure_loading
from bench.questions import EVERYTHING, RAW_TREND, TREND, Forgetful, measure_asking
from bench.sides import DATABASE, RECIPE_FILE, WAREHOUSE, bare_copy


def loaded(folder: Path, count: int, refusals: bool) -> Warehouse:
    file = folder / "contacts.csv"
    write_contacts(file, count, refusals)
    (folder / RECIPE_FILE).write_text(RECIPE, encoding="utf-8")
    load_file(Warehouse(folder / WAREHOUSE), file, recipe=folder / RECIPE_FILE)
    bare_copy(file, folder)()
    return Warehouse(folder / WAREHOUSE)


@pytest.mark.slow
def test_the_kpi_of_the_warehouse_is_that_of_the_raw_contacts(tmp_path: Path) -> None:
    store = loaded(tmp_path, 6_000, refusals=False).open()
    ours = kpi_frame(store, EVERYTHING, TREND)
    raw = Forgetful(tmp_path / DATABASE).select(EVERYTHING, RAW_TREND)
    keys = ["period", "vendor"]
    both = ours.merge(raw.astype({"period": ours["period"].dtype}), on=keys, suffixes=("", "_raw"))
    assert len(both) == 24 * 4
    for side in ("numerator", "denominator"):
        pd.testing.assert_series_equal(both[side], both[f"{side}_raw"].astype(float), check_names=False)


@pytest.mark.slow
def test_the_rollup_has_a_row_per_cell_and_day(tmp_path: Path) -> None:
    store = loaded(tmp_path, 100_000, refusals=True).open()
    found = store.select(EVERYTHING, "SELECT count(*) AS cells, sum(contacts_offered) AS contacts FROM performance")
    assert found.to_dict("records") == [{"cells": DAYS * CELLS_PER_DAY, "contacts": 100_000 - 20}]


@pytest.mark.slow
def test_every_side_is_measured_in_a_process_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "REPETITIONS", 1)
    loading = measure_loading(tmp_path / "6000", 6_000, refusals=True, rounds=1)
    assert set(loading.costs) == {"copy", "pandas", "load", "again"}
    assert (loading.contacts, loading.refused) == (6_000, 1)
    assert all(cost.seconds > 0 and cost.peak_mb > 10 for cost in loading.costs.values())
    assert loading.costs["again"].seconds < loading.costs["load"].seconds < loading.command_seconds + loading.costs["load"].seconds
    (asked,) = measure_asking({6_000: tmp_path / "6000"})
    assert min(asked.trend_ms, asked.report_ms, asked.raw_trend_ms) > 0
