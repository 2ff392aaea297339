"""The harness: ratios are one side over another, and the results name them."""

from bench.__main__ import load_results
from bench.loading import Cost, Loading

LOAD = Loading(
    contacts=1_000,
    refused=1,
    file_mb=0.07,
    costs={"copy": Cost(4.0, 8.0, 400), "pandas": Cost(2.0, 4.0, 2_000), "load": Cost(5.0, 7.0, 300), "again": Cost(0.02, 0.02, 100)},
    command_seconds=0.8,
)


def test_ratios_are_to_the_bare_copy_and_to_pandas() -> None:
    results = load_results(LOAD)
    assert results["load_to_copy"] == {"time": 1.25, "memory": 0.75}
    assert results["load_to_pandas"] == {"time": 2.5, "memory": 0.15}
    assert results["again_to_copy"] == {"time": 0.005, "memory": 0.25}
    assert results["command_to_copy"] == 0.2


def test_a_side_that_was_not_measured_has_no_ratio() -> None:
    without = Loading(50_000_000, 1, 3_500, {"copy": Cost(25, 50, 500), "load": Cost(25, 50, 250), "again": Cost(0, 0, 100)}, 1)
    assert load_results(without)["load_to_pandas"] == {"time": None, "memory": None}
    assert load_results(without)["load_to_copy"] == {"time": 1.0, "memory": 0.5}
