"""Every number is the sum of its batches: their exact sums add up to the frame's numerator and denominator."""

import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.asking import KpiQuery
from analytics.catalogue import KPIS
from analytics.filters import Filters
from analytics.lineage import Origin, origin, origin_rows
from analytics.options import filter_options
from analytics.periods import Grain, Period
from analytics.query import kpi_frame
from analytics.warehouse import How, Scope, Store, Warehouse, settle
from tests.rows import EVERYTHING, empty_warehouse, insert, store_of

JULY = KpiQuery(("service_level",), Grain.MONTH, date(2026, 7, 1), date(2026, 7, 31))
NO_FILTERS = Filters()
COUNTS = {"contacts_offered": 100, "answered_within_threshold": 80}


def asked(kpi: str, period: Period, filters: Filters = NO_FILTERS) -> KpiQuery:
    return KpiQuery((kpi,), period.grain, period.start, period.end, (), filters)


def assert_adds_up(found: Origin, store: Store) -> None:
    """The batches' exact sums, rounded once, are the numbers of the KPI frame; the listed rows add up as well."""
    (row,) = kpi_frame(store, EVERYTHING, found.query).to_dict("records") or [{}]
    if row.get("numerator") is None or row["numerator"] != row["numerator"]:
        assert found.row_count == 0 or found.is_reported
        return
    assert float(found.numerator) == row["numerator"]
    assert not found.kpi.denominator or float(found.denominator) == row["denominator"]
    assert found.adds_up
    rows = origin_rows(store, EVERYTHING, found.query)
    assert len(rows) == found.row_count == found.batches["rows"].sum()
    assert rows["adds_to_numerator"].sum() == pytest.approx(row["numerator"])


@pytest.fixture(scope="module")
def sample(demo_warehouse: Path) -> Iterator[Store]:
    yield Warehouse(demo_warehouse).open()


@st.composite
def questions(draw: st.DrawFn, options: dict[str, list[str]]) -> KpiQuery:
    """Any KPI, any period of the sample, any values of the filters."""
    chosen = {name: tuple(draw(st.lists(st.sampled_from(values), max_size=2, unique=True))) for name, values in options.items() if values}
    period = Period.of(draw(st.sampled_from(list(Grain))), draw(st.dates(date(2024, 7, 1), date(2026, 11, 30))))
    return asked(draw(st.sampled_from(list(KPIS))), period, Filters(**chosen))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
@pytest.mark.slow
def test_batches_add_up_to_any_number_of_the_sample(sample: Store, data: st.DataObject) -> None:
    query = data.draw(questions(filter_options(sample, EVERYTHING)))
    assert_adds_up(origin(sample, EVERYTHING, query), sample)


def batch(batch_id: str, sequence: int, how: str = "correct", source: str = "acd") -> dict[str, object]:
    counts = dict.fromkeys(("rows_read", "rows_accepted", "rows_rejected"), 0)
    named = {"file_name": f"{batch_id}.csv", "sha256": batch_id, "shape": "interactions", "recipe_name": "r", "recipe_text": "r"}
    stamped = {"loaded_at": datetime(2026, 8, 1), "loaded_by": "local", "status": "active"}
    return {"batch_id": batch_id, "sequence": sequence, "source": source, "how": how, **named, **counts, **stamped}


def with_batches(folder: Path, batches: list[dict], rows: list[dict]) -> Store:
    """A published warehouse of these batches and rows (day 1 July 2026 of Acme unless a row says otherwise)."""
    warehouse = empty_warehouse(folder)
    usual = {"source": "acd", "grain": "day", "period_start": date(2026, 7, 1), "vendor": "Acme"}
    with warehouse.write("test", "test", "rows") as connection:
        insert(connection, "batches", batches)
        insert(connection, "performance_rows", ({**usual, **row} for row in rows))
        settle(connection)
    return warehouse.open()


class TestSeveralBatchesBehindOneDay:
    """| batch | how | 1 July | 2 July |
    | --- | --- | --- | --- |
    | b1 | replace | 80 of 100 | |
    | b2 | add | 15 of 20 | 9 of 10 |
    | b3 | skip | (skipped) | |
    """

    @pytest.fixture
    def store(self, tmp_path: Path) -> Store:
        second = {"period_start": date(2026, 7, 2), "answered_within_threshold": 9, "contacts_offered": 10}
        rows = [
            {"batch_id": "b1", **COUNTS, "line": 2, "file_rows": 100},
            {"batch_id": "b2", "answered_within_threshold": 15, "contacts_offered": 20, "line": 2, "file_rows": 20},
            {"batch_id": "b2", **second, "line": 22, "file_rows": 10},
            {"batch_id": "b3", "answered_within_threshold": 1, "contacts_offered": 1, "line": 2, "file_rows": 1},
        ]
        return with_batches(tmp_path, [batch("b1", 1, "replace"), batch("b2", 2, "add"), batch("b3", 3, "skip")], rows)

    def test_each_batch_is_named_with_what_it_adds(self, store: Store) -> None:
        found = origin(store, EVERYTHING, JULY)
        assert found.batches[["batch_id", "file_name", "how", "rows", "file_rows"]].values.tolist() == [
            ["b1", "b1.csv", "replace", 1, 100],
            ["b2", "b2.csv", "add", 2, 30],
        ]
        assert list(found.batches["numerator"]) == [Decimal(80), Decimal(24)]
        assert list(found.batches["denominator"]) == [Decimal(100), Decimal(30)]
        assert found.total["value_text"] == "80 %"
        assert_adds_up(found, store)

    def test_rows_name_their_lines(self, store: Store) -> None:
        rows = origin_rows(store, EVERYTHING, JULY)
        assert rows[["batch_id", "line", "file_rows"]].values.tolist() == [["b1", 2, 100], ["b2", 2, 20], ["b2", 22, 10]]

    def test_several_periods_are_one_ratio_of_sums(self, store: Store) -> None:
        days = KpiQuery(("service_level",), Grain.DAY, date(2026, 7, 1), date(2026, 7, 2))
        found = origin(store, EVERYTHING, days)
        assert (found.numerator, found.denominator) == (Decimal(104), Decimal(130))
        assert (found.total["value_text"], found.total["coverage"]) == ("80 %", "2 of 2 periods measured")


MEASURES_DRAWN = (
    "contacts_offered",
    "answered_within_threshold",
    "contacts_handled",
    "talk_seconds",
    "hold_seconds",
    "wrap_seconds",
    "handle_seconds",
)
DRAWN_KPIS = ("service_level", "average_handle_time", "contacts_handled", "abandonment_rate", "occupancy")


@st.composite
def loads(draw: st.DrawFn) -> list[tuple[dict, list[dict]]]:
    """Up to four batches of two sources with rows of three days and two sites, each measure there or not, in any of the four ways."""
    found = []
    for sequence in range(1, draw(st.integers(1, 4)) + 1):
        name, source = f"b{sequence}", draw(st.sampled_from(["acd", "wfm"]))
        places = st.tuples(st.sampled_from(["Pune", None]), st.integers(1, 3))
        rows = [
            {"batch_id": name, "source": source, "site": site, "period_start": date(2026, 7, day)}
            | {measure: draw(st.none() | st.integers(0, 50)) for measure in MEASURES_DRAWN}
            for site, day in draw(st.lists(places, min_size=1, max_size=4, unique=True))
        ]
        found.append((batch(name, sequence, draw(st.sampled_from(list(How))), source), rows))
    return found


ASKED = list(product(DRAWN_KPIS, ((), ("Pune",)), (Grain.DAY, Grain.MONTH)))


@settings(max_examples=15, deadline=None)
@given(loaded=loads(), asks=st.lists(st.sampled_from(ASKED), min_size=2, max_size=2, unique=True))
@pytest.mark.slow
def test_batches_add_up_however_they_came(loaded: list, asks: list) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = with_batches(Path(folder), [load for load, _ in loaded], [row for _, rows in loaded for row in rows])
        for kpi, site, grain in asks:
            assert_adds_up(origin(store, EVERYTHING, asked(kpi, Period.of(grain, date(2026, 7, 2)), Filters(site=site))), store)
        store.close()


def test_an_added_row_may_bring_the_side_the_other_lacks(tmp_path: Path) -> None:
    rows = [{"batch_id": "b1", "contacts_offered": 100}, {"batch_id": "b2", "answered_within_threshold": 80}]
    store = with_batches(tmp_path, [batch("b1", 1, "replace"), batch("b2", 2, "add")], rows)
    found = origin(store, EVERYTHING, JULY)
    assert [str(amount) for amount in (*found.batches["numerator"], *found.batches["denominator"])] == [
        "0.000000", "80.000000", "100.000000", "0.000000",
    ]  # fmt: skip
    assert_adds_up(found, store)


def test_rows_of_the_source_that_does_not_count_are_not_named(tmp_path: Path) -> None:
    rows = [{"batch_id": "b1", **COUNTS}, {"batch_id": "b2", "source": "wfm", "contacts_offered": 999, "paid_seconds": 3600}]
    store = with_batches(tmp_path, [batch("b1", 1), batch("b2", 2, source="wfm")], rows)
    found = origin(store, EVERYTHING, JULY)
    assert list(found.batches["batch_id"]) == ["b1"]
    assert_adds_up(found, store)


def test_cost_and_contacts_come_from_two_sources(tmp_path: Path) -> None:
    invoice = {"batch_id": "b2", "source": "invoice", "grain": "month", "cost": 250, "currency": "EUR"}
    rows = [
        {"batch_id": "b1", "contacts_handled": 40},
        {"batch_id": "b1", "period_start": date(2026, 7, 2), "contacts_handled": 60},
        invoice,
    ]
    store = with_batches(tmp_path, [batch("b1", 1), batch("b2", 2, source="invoice")], rows)
    found = origin(store, EVERYTHING, asked("cost_per_contact", Period.of(Grain.MONTH, date(2026, 7, 1))))
    assert list(found.batches["source"]) == ["acd", "invoice"]
    assert (found.numerator, found.denominator) == (Decimal(250), Decimal(100))
    assert_adds_up(found, store)


def test_a_row_with_one_side_only_is_left_out_beside_whole_rows(tmp_path: Path) -> None:
    rows = [{"batch_id": "b1", **COUNTS}, {"batch_id": "b1", "site": "Pune", "contacts_offered": 50}]
    store = with_batches(tmp_path, [batch("b1", 1)], rows)
    found = origin(store, EVERYTHING, JULY)
    assert (found.row_count, found.denominator) == (1, Decimal(100))
    assert_adds_up(found, store)


def test_handle_time_is_taken_from_its_parts(tmp_path: Path) -> None:
    parts = {"talk_seconds": 200, "hold_seconds": 30, "wrap_seconds": 20, "contacts_handled": 1}
    store = with_batches(tmp_path, [batch("b1", 1)], [{"batch_id": "b1", **parts}])
    found = origin(store, EVERYTHING, asked("average_handle_time", Period.of(Grain.MONTH, date(2026, 7, 1))))
    assert found.numerator == Decimal(250)
    assert_adds_up(found, store)


def test_a_reported_number_has_rows_and_no_sums(tmp_path: Path) -> None:
    store = store_of(tmp_path, scorecard=[{"kpi": "csat", "actual": 0.9, "period_start": date(2026, 7, 1)}])
    found = origin(store, EVERYTHING, asked("csat", Period.of(Grain.MONTH, date(2026, 7, 1))))
    assert found.is_reported
    assert found.total["value_text"] == "90 %"
    assert (found.row_count, found.rows["actual"].iloc[0]) == (1, 0.9)
    assert not found.adds_up


def test_nothing_is_behind_a_number_nobody_measured(tmp_path: Path) -> None:
    store = store_of(tmp_path, [{"contacts_offered": 100}])
    found = origin(store, EVERYTHING, JULY)
    assert (found.row_count, len(found.batches), found.adds_up) == (0, 0, False)


def test_rows_of_other_vendors_do_not_exist_for_a_scope(tmp_path: Path) -> None:
    rows = [{"batch_id": "b1", **COUNTS}, {"batch_id": "b2", "vendor": "Bolt", **COUNTS}]
    store = with_batches(tmp_path, [batch("b1", 1), batch("b2", 2)], rows)
    found = origin(store, Scope.of("bolt", ["Bolt"]), JULY)
    assert list(found.batches["file_name"]) == ["b2.csv"]
    assert set(found.rows["vendor"]) == {"Bolt"}
