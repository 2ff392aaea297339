"""What holds for any data: a total lies between its parts and is what plain Python adds up."""

from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.filters import Filters
from analytics.periods import Grain, start_of
from analytics.warehouse import Store
from tests.query.questions import ask
from tests.rows import store_of

FIRST, DAYS = date(2025, 12, 1), 120
COUNTS = {"error_rate": ("errors", "transactions_checked"), "average_handle_time": ("handle_seconds", "contacts_handled")}

Row = dict[str, Any]


def random_rows(generator: np.random.Generator, count: int) -> list[Row]:
    """Rows with holes: vendors, sites, channels, weeks beside days in their own sources, zeros and missing measures."""
    rows: dict[tuple, Row] = {}
    for _ in range(count):
        day = FIRST + timedelta(days=int(generator.integers(0, DAYS)))
        vendor, site, channel = (str(generator.choice(list(names))) for names in ("ABC", "xy", "pq"))
        weekly = vendor == "C"
        start = start_of(Grain.WEEK, day) if weekly else day
        row: Row = {"vendor": vendor, "site": site, "channel": channel, "grain": "week" if weekly else "day", "period_start": start}
        for measures in COUNTS.values():
            above, below = sorted(generator.integers(0, 60, 2).tolist())
            known = generator.choice(["both", "both", "above", "below", "neither"])
            row |= {measures[0]: above if known in ("both", "above") else None, measures[1]: below if known in ("both", "below") else None}
        rows[vendor, site, channel, start] = row
    return list(rows.values())


def expected(
    rows: list[Row], kpi: str, grain: Grain, by: tuple[str, ...], filters: Filters, first: date, last: date, fiscal_start: int
) -> dict:
    """Sums of the rows that have both sides, or of a cell's sides where no row has both, in plain Python."""
    above, below = COUNTS[kpi]
    chosen = dict(filters.chosen())
    cells: dict[tuple, list[Row]] = defaultdict(list)
    shown = tuple(dict.fromkeys(("vendor", *by, *chosen)))
    for row in rows:
        if all(row[name] in values for name, values in chosen.items()):
            cells[(*(row[name] for name in shown), row["grain"], row["period_start"])].append(row)
    sums: dict[tuple, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for cell in cells.values():
        anchor = cell[0]["period_start"] + timedelta(days=3 if cell[0]["grain"] == "week" else 0)
        counted = [row for row in cell if row[above] is not None and row[below] is not None] or cell
        sides = [[row[side] for row in counted if row[side] is not None] for side in (above, below)]
        if all(sides) and first <= anchor <= last:
            total = sums[(start_of(grain, anchor, fiscal_start), *(cell[0][name] for name in by))]
            total[0] += sum(sides[0])
            total[1] += sum(sides[1])
    return {key: tuple(total) for key, total in sums.items()}


def asked(store: Store, kpi: str, grain: Grain, by: tuple[str, ...], filters: Filters, first: date, last: date, fiscal_start: int) -> dict:
    frame = ask(store, kpi, grain=grain, days=(first, last), by=by, filters=filters, fiscal_start=fiscal_start)
    counted = frame[frame["numerator"].notna()]
    assert (counted["value"].isna() == (counted["denominator"] == 0)).all()
    return {(row[0].date(), *row[1:-2]): row[-2:] for row in counted[["period", *by, "numerator", "denominator"]].itertuples(index=False)}


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return random_rows(np.random.default_rng(11), 400)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, rows: list[Row]) -> Store:
    return store_of(tmp_path_factory.mktemp("random"), rows)


FEW = settings(max_examples=16, deadline=None, derandomize=True)
SPANS = st.tuples(st.integers(-10, DAYS + 10), st.integers(-10, DAYS + 10)).map(
    lambda pair: tuple(FIRST + timedelta(d) for d in sorted(pair))
)


@FEW
@given(
    kpi=st.sampled_from(list(COUNTS)),
    grain=st.sampled_from([Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR]),
    by=st.sampled_from([(), ("vendor",), ("site",), ("vendor", "channel")]),
    filters=st.builds(
        Filters,
        vendor=st.sampled_from([(), (), ("A",), ("A", "C")]),
        site=st.sampled_from([(), (), ("x",), ("x", "y")]),
        channel=st.sampled_from([(), (), ("p",)]),
    ),
    span=SPANS,
    fiscal_start=st.sampled_from([1, 4, 11]),
)
def test_every_answer_equals_plain_python(
    store: Store, rows: list[Row], kpi: str, grain: Grain, by: tuple[str, ...], filters: Filters, span: tuple[date, date], fiscal_start: int
) -> None:
    question = (kpi, grain, by, filters, *span, fiscal_start)
    assert asked(store, *question) == expected(rows, *question)


@settings(FEW, max_examples=6)
@given(kpi=st.sampled_from(list(COUNTS)), grain=st.sampled_from([Grain.WEEK, Grain.MONTH, Grain.QUARTER]), span=SPANS)
def test_a_total_lies_between_its_smallest_and_largest_vendor(store: Store, kpi: str, grain: Grain, span: tuple[date, date]) -> None:
    total = ask(store, kpi, grain=grain, days=span).dropna(subset="value").set_index("period")["value"]
    vendors = ask(store, kpi, grain=grain, days=span, by=("vendor",)).groupby("period")["value"]
    assert (vendors.min().reindex(total.index) - 1e-12 <= total).all()
    assert (vendors.max().reindex(total.index) + 1e-12 >= total).all()


@settings(max_examples=3, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from("xy"), st.integers(0, 40), st.integers(0, 1000), st.integers(0, 1000))))
def test_any_rows_add_up(counts: list[tuple[str, str, int, int, int]]) -> None:
    found: dict[tuple, Row] = {
        (vendor, site, day): {"vendor": vendor, "site": site, "channel": "p", "grain": "day", "period_start": FIRST + timedelta(days=day),
                              "errors": min(pair), "transactions_checked": max(pair)}
        for vendor, site, day, *pair in counts
    }  # fmt: skip
    question = ("error_rate", Grain.MONTH, ("vendor",), Filters(), FIRST, FIRST + timedelta(days=DAYS), 1)
    with TemporaryDirectory() as folder:
        own = store_of(Path(folder), found.values())
        assert asked(own, *question) == expected(list(found.values()), *question)
        own.close()
