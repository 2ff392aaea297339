"""Run all measurements, print them beside their budgets, keep them in bench-results.json."""

import json
import os
import platform
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.figures import PageBytes, measure_bytes
from bench.growth import Growth, check_disk, measure_growth, sizes_asked
from bench.loading import Loading
from bench.packs import PackCosts, measure_packs, print_packs
from bench.reruns import Rerun, measure_reruns
from bench.tables import print_bytes, print_growth, print_reruns, print_times
from bench.times import demo_seconds, start_seconds

RESULTS = Path(__file__).resolve().parent.parent / "bench-results.json"
PACKAGES = ("duckdb", "pandas", "plotly", "streamlit")


def main() -> None:
    """Everything over one freshly built sample warehouse, then loads of contacts."""
    if sys.platform != "linux":
        sys.exit("The measurements need Linux: they read another process' CPU clock.")
    sizes = sizes_asked()
    with TemporaryDirectory() as folder:
        check_disk(Path(folder), sizes)
        warehouse = Path(folder) / "warehouse"
        seconds = {"demo": demo_seconds(warehouse), "start": start_seconds(warehouse)}
        print_times(seconds)
        reruns = measure_reruns(warehouse)
        print_reruns(reruns)
        pages = measure_bytes(warehouse)
        print_bytes(pages)
        packs = measure_packs(warehouse)
        print_packs(packs)
        growth = measure_growth(Path(folder) / "contacts", sizes)
        print_growth(growth)
    RESULTS.write_text(json.dumps(results_of(seconds, reruns, pages, packs, growth), indent=2) + "\n", encoding="utf-8")
    print(f"\nKept in {RESULTS.name}")


def results_of(
    seconds: dict[str, float], reruns: list[Rerun], pages: list[PageBytes], packs: PackCosts, growth: Growth
) -> dict[str, object]:
    """The numbers with what they were measured on."""
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "versions": {package: version(package) for package in PACKAGES},
        "seconds": seconds,
        "rerun_cpu_ms": {rerun.page.title: rerun.cpu_ms for rerun in reruns},
        "page_bytes": {page.title: _page_results(page) for page in pages},
        "packs": asdict(packs),
        "loads": [load_results(load) for load in growth.loads],
        "loads_without_refused_rows": [load_results(load) for load in growth.clean_loads],
        "questions": [asdict(asked) for asked in growth.questions],
        "page_cpu_ms_by_contacts": growth.page_cpu_ms,
    }


def _page_results(page: PageBytes) -> dict[str, float | None]:
    sizes = {
        "drawn": page.drawn_size,
        "drawn_everyday": page.everyday_size,
        "page": page.page_size,
        "page_everyday": page.everyday_page_size,
    }
    return {**sizes, "drawn_ratio": page.drawn_ratio, "page_ratio": page.page_ratio}


def load_results(load: Loading) -> dict[str, object]:
    """A load's costs and its ratios to a bare COPY and to pandas."""
    ratios = {
        f"{side}_to_{other}": {"time": load.time_ratio(side, other), "memory": load.memory_ratio(side, other)}
        for side, other in (("load", "copy"), ("load", "pandas"), ("again", "copy"))
    }
    return {**asdict(load), "command_to_copy": load.command_seconds / load.costs["copy"].seconds, **ratios}


if __name__ == "__main__":
    main()
