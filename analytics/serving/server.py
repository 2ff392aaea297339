"""Start the dashboard's server on 127.0.0.1, wait until any link works, stop it."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

from analytics.errors import DashboardError, UsageError
from analytics.serving.session import Session

HOST = "127.0.0.1"
APP = Path(__file__).resolve().parent.parent.parent / "app.py"
SECONDS_TO_START = 60
SECONDS_TO_STOP = 5
SECONDS_BETWEEN_LOOKS = 0.05
HIGHEST_PORT = 65_535


@dataclass(slots=True)
class Dashboard:
    """A running server: its address and its process."""

    address: str
    process: subprocess.Popen[str]
    _log: deque[str] = field(default_factory=lambda: deque(maxlen=100))
    _ready: bool = False

    @property
    def pid(self) -> int:
        """The process id of the server."""
        return self.process.pid

    def wait(self) -> int:
        """Block until the server ends by itself; its exit code."""
        return self.process.wait()

    def stop(self) -> None:
        """End the server; it gets a moment to finish what it is sending."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    @property
    def last_words(self) -> str:
        """The last line the server wrote: why it ended, when it ended early."""
        return next((line.strip() for line in reversed(self._log) if line.strip()), "")

    def follow_log(self) -> None:
        """Keep what the server writes while it starts; afterwards pass it on to stderr as it comes."""
        for line in self.process.stdout or ():
            self._log.append(line)
            if self._ready:
                print(line, end="", file=sys.stderr, flush=True)

    def until_ready(self) -> None:
        """Return once the frame has run: pages are registered, caches warm, a deep link finds its page."""
        deadline = time.monotonic() + SECONDS_TO_START
        while not _is_healthy(self.address):
            if self.process.poll() is not None:
                raise DashboardError(f"The dashboard ended while it started: {self.last_words or 'it gave no reason'}.")
            if time.monotonic() > deadline:
                raise DashboardError(f"The dashboard did not answer within {SECONDS_TO_START} s.", "Try again on a less busy machine.")
            time.sleep(SECONDS_BETWEEN_LOOKS)
        with Session(self.address) as session:
            if not session.run().compiled:
                raise DashboardError("The dashboard's start page cannot be read by Python.", "Restore app.py from the release.")
        self._ready = True


def start_dashboard(port: int, warehouse: Path, app: Path = APP) -> Dashboard:
    """A dashboard that is ready for any link.

    The port is checked before anything starts. Raises `UsageError` or `DashboardError` in one sentence; then nothing
    is left running.
    """
    _check_port(port)
    if not app.exists():
        raise DashboardError(f"{app} is missing.", "Start from a complete copy of the project.")
    dashboard = Dashboard(f"http://{HOST}:{port}", _launch(port, warehouse, app))
    Thread(target=dashboard.follow_log, daemon=True).start()
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
