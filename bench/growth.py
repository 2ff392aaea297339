"""What grows with the number of contacts, and what does not: loads, questions and pages from 100,000 contacts upwards."""

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.loading import Loading, measure_loading
from bench.messages import Page
from bench.questions import Asking, measure_asking
from bench.reruns import measure_page
from bench.sides import WAREHOUSE

SIZES, FULL_SIZES = (100_000, 1_000_000, 10_000_000), (50_000_000,)
ROUNDS_OF_SMALL, ROUNDS_OF_LARGE, SMALL = 3, 2, 1_000_000
PAGES = (Page("", "Performance report"), Page("trends", "Trends"))
DISK_PER_CONTACT = 200  # bytes: the file (72), its kept original, the bare database and a copy of it being written


@dataclass(frozen=True, slots=True)
class Growth:
    """Loads of files with refused rows, the same without any, questions and CPU per rerun of pages, from small to large."""

    loads: Sequence[Loading]
    clean_loads: Sequence[Loading]
    questions: Sequence[Asking]
    page_cpu_ms: Mapping[str, Sequence[float]]


def sizes_asked() -> tuple[int, ...]:
    """How many contacts are loaded; `BENCH=full` adds the largest."""
    return SIZES + FULL_SIZES if os.environ.get("BENCH") == "full" else SIZES


def check_disk(folder: Path, sizes: Sequence[int]) -> None:
    """Say how much disk is needed, and end here when there is less."""
    needed, free = DISK_PER_CONTACT * sum(sizes), shutil.disk_usage(folder).free
    print(f"Contacts need {needed / 1e9:.1f} GB of disk in {folder} for a while", flush=True)
    if free < needed:
        sys.exit(f"There are {free / 1e9:.1f} GB free. Make room, or name another folder with TMPDIR.")


def measure_growth(folder: Path, sizes: Sequence[int]) -> Growth:
    """Everything, in `folder`."""
    folders = {count: folder / f"{count}" for count in sizes}
    clean = [_load(count, folder / "clean", refusals=False) for count in sizes]
    shutil.rmtree(folder / "clean")
    loads = [_load(count, folders[count], refusals=True) for count in sizes]
    warehouses = [place / WAREHOUSE for place in folders.values()]
    pages = {page.title: [rerun.cpu_ms for rerun in measure_page(warehouses, page)] for page in PAGES}
    return Growth(loads, clean, measure_asking(folders), pages)


def _load(count: int, folder: Path, refusals: bool) -> Loading:
    return measure_loading(folder, count, refusals, ROUNDS_OF_SMALL if count <= SMALL else ROUNDS_OF_LARGE)
