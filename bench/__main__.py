"""Run all measurements, print them beside their budgets, keep them in bench-results.json."""

import json
import os
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.figures import PageBytes, measure_bytes
from bench.reruns import Rerun, measure_reruns
from bench.times import demo_seconds, start_seconds

RESULTS = Path(__file__).resolve().parent.parent / "bench-results.json"
PACKAGES = ("duckdb", "pandas", "plotly", "streamlit")
REPORT_CPU_MS, PAGE_CPU_MS, PAGE_RATIO, DEMO_SECONDS, START_SECONDS = 40, 120, 0.25, 30, 6


def main() -> None:
    """Everything over one freshly built sample warehouse."""
    if sys.platform != "linux":
        sys.exit("The measurements need Linux: they read another process' CPU clock.")
    with TemporaryDirectory() as folder:
        warehouse = Path(folder) / "warehouse"
        seconds = {"demo": demo_seconds(warehouse), "start": start_seconds(warehouse)}
        reruns = measure_reruns(warehouse)
        pages = measure_bytes(warehouse)
    print_times(seconds)
    print_reruns(reruns)
    print_bytes(pages)
    keep(seconds, reruns, pages)


def print_times(seconds: dict[str, float]) -> None:
    """Waiting times in seconds."""
    print(f"Sample warehouse built in {seconds['demo']:.1f} s (budget {DEMO_SECONDS} s with the first start)")
    print(f"Dashboard ready in {seconds['start']:.1f} s (budget {START_SECONDS} s)\n")


def print_reruns(reruns: list[Rerun]) -> None:
    """CPU per page, and how many times the blank page's."""
    blank = reruns[0].cpu_ms
    print(f"{'CPU of a rerun (median)':32}{'ms':>8}{'budget':>8}{'x blank':>9}{'KB sent':>9}")
    for position, rerun in enumerate(reruns):
        budget = {0: "", 1: f"{REPORT_CPU_MS}"}.get(position, f"{PAGE_CPU_MS}")
        print(f"{rerun.page.title:32}{rerun.cpu_ms:8.1f}{budget:>8}{rerun.cpu_ms / blank:9.1f}{rerun.size / 1000:9.1f}")


def print_bytes(pages: list[PageBytes]) -> None:
    """Bytes of what is drawn and of whole pages, and their share of the same drawn the everyday way."""
    print(f"\n{'':32}{'':26}drawn (budget {PAGE_RATIO} x){'':14}whole page")
    beside = f"{'everyday':>10}{'ratio':>7}"
    print(f"{'Bytes of a page':32}{'charts':>7}{'lines':>7}{'icons':>7}{'KB':>9}{beside}{'KB':>10}{beside}")
    for page in pages:
        counts = f"{page.charts:7}{page.sparklines:7}{page.icons:7}"
        drawn = f"{page.drawn_size / 1000:9.1f}" + _beside(page.everyday_size, page.drawn_ratio)
        whole = f"{page.page_size / 1000:10.1f}" + _beside(page.everyday_page_size, page.page_ratio)
        print(f"{page.title:32}{counts}{drawn}{whole}")


def _beside(size: int | None, ratio: float | None) -> str:
    return f"{'-':>10}{'-':>7}" if size is None or ratio is None else f"{size / 1000:10.1f}{ratio:7.2f}"


def keep(seconds: dict[str, float], reruns: list[Rerun], pages: list[PageBytes]) -> None:
    """The numbers with what they were measured on."""
    results = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "versions": {package: version(package) for package in PACKAGES},
        "seconds": seconds,
        "rerun_cpu_ms": {rerun.page.title: rerun.cpu_ms for rerun in reruns},
        "page_bytes": {page.title: _page_results(page) for page in pages},
    }
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    print(f"\nKept in {RESULTS.name}")


def _page_results(page: PageBytes) -> dict[str, float | None]:
    sizes = {
        "drawn": page.drawn_size,
        "drawn_everyday": page.everyday_size,
        "page": page.page_size,
        "page_everyday": page.everyday_page_size,
    }
    return {**sizes, "drawn_ratio": page.drawn_ratio, "page_ratio": page.page_ratio}


if __name__ == "__main__":
    main()
