"""kill -9 of a load at any moment: what was acknowledged is there, nothing is there by halves, every version opens.

`make test` kills 50 writers; BPO_KILLS=500 kills more.
"""

import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest

from analytics.intake.rebuilding import rebuild
from analytics.warehouse import Scope, Warehouse
from tests.conftest import ROOT
from tests.rows import insert

KILLS = int(os.environ.get("BPO_KILLS", "50"))
LANES = 2  # warehouses with writers of their own, side by side
PATIENCE = 10  # every tenth writer may store a file first, however slow the machine; it says how long a load takes
LONGEST = 1.5  # loads a writer lives at most
BATCHES = """
    SELECT sha256, rows_accepted, sum(coalesce(contacts_offered, 0) + coalesce(csat_responses, 0))::BIGINT AS rows_stored
    FROM batches LEFT JOIN performance_rows USING (batch_id) GROUP BY ALL"""
COUNTING = "SELECT coalesce(sum(coalesce(contacts_offered, 0) + coalesce(csat_responses, 0)), 0)::BIGINT AS counted FROM performance"


class Lane:
    """One warehouse, its nursery, and what its writers have acknowledged."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.warehouse = Warehouse(folder)
        self.acknowledged: set[str] = set()
        self.published = 0
        self._load_seconds = 0.0
        self._moments = random.Random(seed)

    def run(self, kills: int) -> None:
        command = [sys.executable, "-m", "tests.warehouse.nursery", str(self.warehouse.folder)]
        with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as nursery:
            for kill in range(kills):
                self._raise_and_kill(nursery, patient=kill % PATIENCE == 0)
                self.check()
            assert nursery.stdin is not None
            nursery.stdin.close()

    def _raise_and_kill(self, nursery: subprocess.Popen[str], patient: bool) -> None:
        """Let a writer load for a moment and kill it."""
        assert nursery.stdin is not None and nursery.stdout is not None
        print("next", file=nursery.stdin, flush=True)
        word, number = nursery.stdout.readline().split()
        assert word == "writer"
        if patient:
            began = time.monotonic()
            self._note(nursery.stdout.readline())
            self._load_seconds = time.monotonic() - began
        time.sleep(self._moments.uniform(0.0, LONGEST * self._load_seconds))
        os.kill(int(number), signal.SIGKILL)
        while (line := nursery.stdout.readline()) != "gone\n":
            self._note(line)

    def _note(self, line: str) -> None:
        word, content_hash = line.split()
        assert word == "stored"
        self.acknowledged.add(content_hash)

    def check(self) -> None:
        """Nothing acknowledged is missing, every batch is whole and its original kept; asked of the newest version as any reader would."""
        newest = self.warehouse.newest or 0
        assert newest >= self.published
        self.published = newest
        if not newest:
            assert not self.acknowledged
            return
        store = self.warehouse.open()
        batches = store.select(Scope.everything(), BATCHES)
        assert self.acknowledged <= set(batches["sha256"])
        assert (batches["rows_accepted"] == batches["rows_stored"]).all()
        assert store.select(Scope.everything(), COUNTING)["counted"].item() == batches["rows_accepted"].sum()
        assert all((self.warehouse.originals / f"{content_hash}.csv").exists() for content_hash in batches["sha256"])

    def finish(self) -> int:
        """The next writer clears up and works, and the originals are what was loaded; returns how many batches there are."""
        with self.warehouse.write("test", "test", "after") as connection:
            insert(connection, "events", [{"happened_on": "2026-01-02", "title": "after"}])
        self.check()
        left = [*self.warehouse.folder.glob("writing.*"), *self.warehouse.originals.glob("*.part")]
        assert not left
        kept = self.warehouse.originals.glob("*.csv")
        assert all(sha256(path.read_bytes()).hexdigest() == path.stem for path in kept)
        made = rebuild(self.warehouse)
        self.check()
        return made.files


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is a POSIX signal")
def test_killed_at_random_moments(tmp_path: Path) -> None:
    lanes = [Lane(tmp_path / f"lane{seed}", seed) for seed in range(LANES)]
    for lane in lanes:
        lane.warehouse.folder.mkdir()
    with ThreadPoolExecutor(LANES) as pool:
        list(pool.map(lambda lane: lane.run(KILLS // LANES), lanes))
    stored = sum(lane.finish() for lane in lanes)
    acknowledged = sum(len(lane.acknowledged) for lane in lanes)
    print(f"{KILLS} writers killed, {acknowledged} loads acknowledged, {stored} stored")
    assert stored >= acknowledged >= KILLS // PATIENCE  # the patient ones had stored a file before they were killed
