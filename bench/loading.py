"""What loading contacts costs beside a bare COPY and beside pandas: the same file, in turns, each in a process of its own."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from statistics import median

from bench.contacts import RECIPE, write_contacts
from bench.sides import DATABASE, RECIPE_FILE, WAREHOUSE

ROOT = Path(__file__).resolve().parent.parent
MOST_FOR_PANDAS = 10_000_000  # it needs about 230 bytes of memory for each


@dataclass(frozen=True, slots=True)
class Cost:
    """One side: seconds a user waits, CPU seconds of all threads, the most memory held at once in MB, its imports included."""

    seconds: float
    cpu_seconds: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Loading:
    """A file of contacts and what it costs by side (medians).

    copy: typed COPY and CHECKPOINT into a new DuckDB file; pandas: read_csv; load: the product into a new warehouse; again: loading
    the same file a second time from a running program. `command_seconds`: the same as a command, starting Python included.
    """

    contacts: int
    refused: int
    file_mb: float
    costs: Mapping[str, Cost]
    command_seconds: float

    def time_ratio(self, side: str, other: str) -> float | None:
        """Seconds of one side / seconds of another; None where one was not measured."""
        return self.costs[side].seconds / self.costs[other].seconds if {side, other} <= self.costs.keys() else None

    def memory_ratio(self, side: str, other: str) -> float | None:
        """Peak memory of one side / that of another; None where one was not measured."""
        return self.costs[side].peak_mb / self.costs[other].peak_mb if {side, other} <= self.costs.keys() else None


def measure_loading(folder: Path, count: int, refusals: bool, rounds: int) -> Loading:
    """Load `count` contacts `rounds` times into `folder`, where the warehouse and the bare database of the last round stay."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "contacts.csv"
    (folder / RECIPE_FILE).write_text(RECIPE, encoding="utf-8")
    refused = write_contacts(file, count, refusals)
    sides = ("copy", "load") if count > MOST_FOR_PANDAS else ("copy", "pandas", "load")
    turns, commands = [], []
    for turn in range(rounds):
        turns.append(_one_turn(file, sides[:: -1 if turn % 2 else 1], count - refused))
        commands.append(_command_seconds(file))
    size = file.stat().st_size / 1e6
    file.unlink()
    return Loading(count, refused, size, {side: _median([turn[side] for turn in turns]) for side in turns[0]}, median(commands))


def _one_turn(file: Path, sides: Sequence[str], accepted: int) -> dict[str, Cost]:
    """Every side once from nothing, in this order, then the file that is stored already."""
    (file.parent / DATABASE).unlink(missing_ok=True)
    shutil.rmtree(file.parent / WAREHOUSE, ignore_errors=True)
    return {side: _run(side, file, accepted) for side in sides} | {"again": _run("load", file, accepted)}


def _run(side: str, file: Path, accepted: int) -> Cost:
    """One side in a process of its own; a load that accepts another number of rows is not worth measuring."""
    command = [sys.executable, "-m", "bench.sides", side, str(file), str(file.parent)]
    outcome = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if outcome.returncode:
        raise RuntimeError(f"{side} of {file.name} failed: {outcome.stderr.strip()}")
    found = json.loads(outcome.stdout)
    if side == "load" and found["rows"] != accepted:
        raise RuntimeError(f"The load accepted {found['rows']} rows of {file.name} instead of {accepted}.")
    return Cost(found["seconds"], found["cpu_seconds"], found["peak_mb"])


def _command_seconds(file: Path) -> float:
    """Seconds of `load` as a command on a file that is stored already."""
    options = ["--recipe", str(file.parent / RECIPE_FILE), "--warehouse", str(file.parent / WAREHOUSE)]
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-m", "analytics", "load", str(file), *options], cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - begun


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(*(median(column) for column in zip(*map(astuple, costs), strict=True)))
