"""What a review and its packs cost, and what pages of others cost while packs are made."""

import resource
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from threading import Event, Thread

from analytics.packs.files import PackFormat
from analytics.packs.making import make_pack
from analytics.periods import Grain, latest_complete
from analytics.review.facts import Facts, ReviewRequest
from analytics.review.model import Audience, QuarterlyReview
from analytics.review.quarterly import quarterly_review
from analytics.serving import Session, open_session
from analytics.settings import load_settings
from analytics.warehouse import Scope, Warehouse
from bench.messages import Page, pages_of, run_without_error
from bench.reruns import SECONDS_TO_COME_TO_REST, cpu_seconds, running_dashboard

BUILT_ON = datetime(2026, 10, 14, 9, 30, tzinfo=UTC)
TURNS, RERUNS = 3, 20
REPORT = "Performance report"


@dataclass(frozen=True, slots=True)
class PackCost:
    """One audience and format: seconds by the clock and CPU of the process that makes it, its start included; bytes."""

    audience: str
    made_as: str
    seconds: float
    cpu_ms: float
    size: int


@dataclass(frozen=True, slots=True)
class PackCosts:
    """`review_ms`: CPU of the review itself, first and again. `alone` and `beside`: milliseconds of a page's rerun, CPU and clock."""

    review_ms: tuple[float, float]
    packs: tuple[PackCost, ...]
    alone: tuple[float, float]
    beside: tuple[float, float]
    made_meanwhile: int


def measure_packs(warehouse: Path) -> PackCosts:
    """The newest whole quarter for executives and operations, then a page of another session while packs are made one after the other."""
    reviews, review_ms = _reviews(warehouse)
    packs = tuple(_cost(review, made_as) for review in reviews for made_as in PackFormat)
    with running_dashboard(warehouse) as server, open_session(server.address) as session:
        page = next(page for page in pages_of(server.address) if page.title == REPORT)
        run_without_error(session, page)
        alone = _reruns(session, page, server.process.pid)
        with _making(reviews[0]) as made:
            beside = _reruns(session, page, server.process.pid)
        return PackCosts(review_ms, packs, alone, beside, len(made))


def _reviews(folder: Path) -> tuple[list[QuarterlyReview], tuple[float, float]]:
    """The review for two audiences, and the CPU milliseconds of the first, twice."""
    warehouse, settings = Warehouse(folder), load_settings(folder)
    store, scope = warehouse.open(), Scope.everything()
    span = Facts(store, scope, ReviewRequest(latest_complete(Grain.QUARTER, BUILT_ON.date()), settings)).span
    assert span is not None
    quarter = latest_complete(Grain.QUARTER, span.last_day, settings.fiscal_year_start_month)
    took = []
    for _ in range(2):
        begun = time.process_time()
        first = quarterly_review(store, scope, ReviewRequest(quarter, settings))
        took.append(1000 * (time.process_time() - begun))
    other = quarterly_review(store, scope, ReviewRequest(quarter, settings, audience=Audience.OPERATIONS))
    return [first, other], (took[0], took[1])


def _cost(review: QuarterlyReview, made_as: PackFormat) -> PackCost:
    seconds, cpu, content = [], [], b""
    for _ in range(TURNS):
        before, begun = _cpu_of_children(), time.perf_counter()
        content = make_pack(review, made_as, BUILT_ON)
        seconds.append(time.perf_counter() - begun)
        cpu.append(1000 * (_cpu_of_children() - before))
    return PackCost(review.audience, made_as, median(seconds), median(cpu), len(content))


def _cpu_of_children() -> float:
    """CPU seconds of the processes that were started and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _reruns(session: Session, page: Page, pid: int) -> tuple[float, float]:
    """Median CPU and clock milliseconds of a rerun of a page."""
    cpu, clock = [], []
    for _ in range(RERUNS):
        before, begun = cpu_seconds(pid), time.perf_counter()
        session.run(page.path)
        clock.append(1000 * (time.perf_counter() - begun))
        time.sleep(SECONDS_TO_COME_TO_REST)
        cpu.append(1000 * (cpu_seconds(pid) - before))
    return median(cpu), median(clock)


@contextmanager
def _making(review: QuarterlyReview) -> Generator[list[PackFormat]]:
    """Packs of all formats are made again and again until the block ends; the list grows with each."""
    made: list[PackFormat] = []
    enough = Event()

    def make() -> None:
        while not enough.is_set():
            for made_as in PackFormat:
                make_pack(review, made_as, BUILT_ON)
                made.append(made_as)

    maker = Thread(target=make)
    maker.start()
    try:
        yield made
    finally:
        enough.set()
        maker.join()


def print_packs(costs: PackCosts) -> None:
    """Times and sizes beside each other, each as a multiple of the workbook's; then the page of another session."""
    first, again = costs.review_ms
    print(f"\nQuarterly review computed: {first:.0f} ms of CPU, again {again:.0f} ms")
    print(f"{'A pack':24}{'seconds':>9}{'x XLSX':>8}{'CPU ms':>9}{'x XLSX':>8}{'KB':>8}")
    base = {pack.audience: pack for pack in costs.packs if pack.made_as == PackFormat.XLSX}
    for pack in costs.packs:
        other = base[pack.audience]
        times = f"{pack.seconds:9.2f}{pack.seconds / other.seconds:8.1f}{pack.cpu_ms:9.0f}{pack.cpu_ms / other.cpu_ms:8.1f}"
        print(f"{pack.made_as.upper() + ', ' + pack.audience:24}{times}{pack.size / 1000:8.0f}")
    names = zip(("CPU", "clock"), costs.alone, costs.beside, strict=True)
    words = ", ".join(f"{name} {beside / alone:.2f} x ({alone:.0f} to {beside:.0f} ms)" for name, alone, beside in names)
    print(f"{REPORT} of another session while {costs.made_meanwhile} packs are made: {words}")
