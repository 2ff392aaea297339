"""Server CPU of one rerun of each page, beside a Streamlit page with nothing to compute."""

import shutil
import time
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from analytics.serving import Dashboard, Session, open_session, start_dashboard
from bench.messages import Page, pages_of, run_without_error
from bench.ports import free_port

ROOT = Path(__file__).resolve().parent.parent
REPETITIONS = 30
SECONDS_TO_COME_TO_REST = 0.1
BLANK_APP = "import streamlit as st\nst.title('Nothing to compute')\n"
SCHEDULER_CLOCK = 2


@dataclass(frozen=True, slots=True)
class Rerun:
    """Median CPU of a rerun of one page, in milliseconds; bytes it sends to a new session."""

    page: Page
    cpu_ms: float
    size: int


@dataclass(frozen=True, slots=True)
class Visit:
    """One page in one open session."""

    page: Page
    session: Session
    pid: int


def cpu_seconds(pid: int) -> float:
    """CPU another process has used so far, threads that ended included, in nanosecond steps.

    Linux builds the id of a process' clock from its pid; see clock_getcpuclockid(3).
    """
    return time.clock_gettime(~pid << 3 | SCHEDULER_CLOCK)


def measure_reruns(warehouse: Path) -> list[Rerun]:
    """The blank page first, then every page in the order of the navigation."""
    with ExitStack() as running:
        blank = running.enter_context(_running_blank())
        product = running.enter_context(running_dashboard(warehouse))
        visits = [_visit(running, blank, Page("", "Nothing to compute"))]
        return _in_turns(visits + [_visit(running, product, page) for page in pages_of(product.address)])


def measure_page(warehouses: Sequence[Path], page: Page) -> list[Rerun]:
    """The same page over each warehouse, each by a server of its own."""
    with ExitStack() as running:
        servers = [running.enter_context(running_dashboard(warehouse)) for warehouse in warehouses]
        return _in_turns([_visit(running, server, page) for server in servers])


def _visit(running: ExitStack, server: Dashboard, page: Page) -> Visit:
    return Visit(page, running.enter_context(open_session(server.address)), server.process.pid)


def _in_turns(visits: Sequence[Visit]) -> list[Rerun]:
    """The pages take turns, so that whatever else the machine does falls on all of them alike."""
    sizes = [run_without_error(visit.session, visit.page).size for visit in visits]
    rounds = [[_cpu_of_rerun(visit) for visit in visits] for _ in range(REPETITIONS)]
    medians = [1000 * median(turn) for turn in zip(*rounds, strict=True)]
    return [Rerun(visit.page, cpu, size) for visit, cpu, size in zip(visits, medians, sizes, strict=True)]


@contextmanager
def running_dashboard(warehouse: Path, app: Path | None = None) -> Generator[Dashboard]:
    """A server that ends with the block."""
    dashboard = start_dashboard(free_port(), warehouse, app) if app else start_dashboard(free_port(), warehouse)
    try:
        yield dashboard
    finally:
        dashboard.stop()


@contextmanager
def _running_blank() -> Generator[Dashboard]:
    """The blank page under the product's own server settings."""
    with TemporaryDirectory() as folder:
        app = Path(folder) / "app.py"
        app.write_text(BLANK_APP, encoding="utf-8")
        shutil.copytree(ROOT / ".streamlit", app.parent / ".streamlit")
        shutil.copytree(ROOT / "static", app.parent / "static")
        with running_dashboard(app.parent, app) as dashboard:
            yield dashboard


def _cpu_of_rerun(visit: Visit) -> float:
    """CPU seconds from the request until the server has come to rest after it."""
    before = cpu_seconds(visit.pid)
    visit.session.run(visit.page.path)
    time.sleep(SECONDS_TO_COME_TO_REST)
    return cpu_seconds(visit.pid) - before
