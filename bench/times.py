"""How long a user waits: building the sample warehouse, and starting the dashboard."""

import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from bench.ports import free_port

ROOT = Path(__file__).resolve().parent.parent
STARTS = 3


def demo_seconds(folder: Path) -> float:
    """Wall time of `demo` into an empty folder."""
    begun = time.perf_counter()
    subprocess.run([*_command("demo"), "--warehouse", str(folder)], cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - begun


def start_seconds(folder: Path) -> float:
    """Median wall time from the command `serve` until its address is printed."""
    return median(_one_start(folder) for _ in range(STARTS))


def _one_start(folder: Path) -> float:
    begun = time.perf_counter()
    command = [*_command("serve"), "--port", str(free_port()), "--warehouse", str(folder), "--json"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        if process.stdout and not process.stdout.readline():
            raise RuntimeError("The dashboard did not start.")
        waited = time.perf_counter() - begun
        process.terminate()
    return waited


def _command(name: str) -> list[str]:
    return [sys.executable, "-m", "analytics", name]
