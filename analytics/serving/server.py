"""Start the dashboard's server on 127.0.0.1, wait until any link works, stop it."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import deque
from contextlib import suppress
from pathlib import Path
from threading import Thread

from websockets.exceptions import WebSocketException

from analytics.errors import DashboardError, UsageError
from analytics.serving.session import open_session

HOST = "127.0.0.1"
APP = Path(__file__).resolve().parent.parent.parent / "app.py"
SECONDS_TO_START = 60
SECONDS_TO_STOP = 5
SECONDS_TO_NOTICE_AN_END = 1
LINES_KEPT = 100
LIGHT_PAGE = "upload"  # of the dashboard; another app shows its only page
FAREWELL = "Stopping..."
SECONDS_BETWEEN_LOOKS = 0.05
HIGHEST_PORT = 65_535


class Dashboard:
    """A running server: its address and its process. What it writes while starting is kept, later passed on to stderr."""

    def __init__(self, address: str, process: subprocess.Popen[str]) -> None:
        self.address = address
        self.process = process
        self._log: deque[str] = deque(maxlen=LINES_KEPT)
        self._ready = False
        self._reader = Thread(target=self._follow_log, daemon=True)
        self._reader.start()

    def wait(self) -> None:
        """Block until the server ends; raises `DashboardError` with its last words unless it ended in order."""
        if self.process.wait():
            raise self._end("ended")

    def stop(self) -> None:
        """End the server; it gets a moment to finish what it is sending, its farewell is not passed on."""
        self._ready = False
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def until_ready(self) -> None:
        """Return once the frame has run: pages are registered and a deep link finds its page.

        The page it runs is a light one; `warm_up` then makes the front page ready for its first visitor.
        """
        try:
            self._until_healthy()
            with open_session(self.address) as session:
                failed = session.run(LIGHT_PAGE).failed
        except (DashboardError, OSError, WebSocketException) as problem:
            if self._has_ended():
                raise self._end("ended while it started") from None
            raise DashboardError(f"The dashboard started but shows no page: {problem}") from problem
        if failed:
            self.stop()
            raise self._end("cannot show its first page")
        self._ready = True

    def warm_up(self) -> None:
        """Make the front page once, beside whatever else is done; a visitor who comes meanwhile waits for the same answer."""
        Thread(target=self._make_front_page, daemon=True).start()

    def _make_front_page(self) -> None:
        with suppress(DashboardError, OSError, WebSocketException), open_session(self.address) as session:  # it only saves time
            session.run()

    def _until_healthy(self) -> None:
        deadline = time.monotonic() + SECONDS_TO_START
        while self.process.poll() is None and not _is_healthy(self.address):
            if time.monotonic() > deadline:
                raise DashboardError(f"The dashboard did not answer within {SECONDS_TO_START} s.", "Try again on a less busy machine.")
            time.sleep(SECONDS_BETWEEN_LOOKS)

    def _has_ended(self) -> bool:
        """Whether the server is gone; a lost connection is noticed a moment before the end of its process."""
        try:
            self.process.wait(SECONDS_TO_NOTICE_AN_END)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _end(self, what: str) -> DashboardError:
        """The error for a server that is gone, in its own last words."""
        self._reader.join(SECONDS_TO_STOP)
        words = (line.strip() for line in reversed(self._log))
        reason = next((line for line in words if line not in ("", FAREWELL)), f"exit code {self.process.returncode}")
        return DashboardError(f"The dashboard {what}: {reason.rstrip('.')}.", "Mend that and start it again.")

    def _follow_log(self) -> None:
        for line in self.process.stdout or ():
            self._log.append(line)
            if self._ready:
                print(line, end="", file=sys.stderr, flush=True)


def start_dashboard(port: int, warehouse: Path, app: Path = APP) -> Dashboard:
    """A dashboard that is ready for any link.

    The port is checked before anything starts. Raises `UsageError` or `DashboardError` in one sentence; then nothing
    is left running.
    """
    _check_port(port)
    if not app.exists():
        raise DashboardError(f"{app} is missing.", "Start from a complete copy of the project.")
    dashboard = Dashboard(f"http://{HOST}:{port}", _launch(port, warehouse, app))
    try:
        dashboard.until_ready()
    except BaseException:
        dashboard.stop()
        raise
    return dashboard


def _launch(port: int, warehouse: Path, app: Path) -> subprocess.Popen[str]:
    """The server process. Its own process group keeps Ctrl+C for the starter, which then stops it once."""
    options = {"server.port": port, "server.address": HOST, "server.headless": "true", "logger.hideWelcomeMessage": "true"}
    command = [sys.executable, "-m", "streamlit", "run", str(app), *(f"--{name}={value}" for name, value in options.items())]
    environment = os.environ | {"BPO_WAREHOUSE": str(warehouse.resolve()), "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        command,
        cwd=app.parent,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )


def _check_port(port: int) -> None:
    if not 0 < port <= HIGHEST_PORT:
        raise UsageError(f"{port} is not a port.", f"Give --port a number from 1 to {HIGHEST_PORT}.")
    with socket.socket() as probe:
        # A port whose last connection closed a moment ago is free for the server, so it must look free here.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError as problem:
            raise DashboardError(f"Port {port} needs more rights than you have.", "Choose one above 1023 with --port.") from problem
        except OSError as problem:
            raise DashboardError(f"Port {port} is in use.", f"Choose another with --port, for example --port {port + 1}.") from problem


def _is_healthy(address: str) -> bool:
    """Whether the server answers; proxies configured on the machine are not asked."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{address}/_stcore/health", timeout=1) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False
