"""kill -9 of a writer at any moment: the published version stays as it was, and the next write works."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analytics.warehouse import Scope, Warehouse
from tests.rows import insert

# Imports once, then forks a fresh writer for every line it reads; no database is open before the fork.
NURSERY = """
import os, sys
from pathlib import Path
from analytics.warehouse import Warehouse, settle

def write_for_ever(folder):
    while True:
        with Warehouse(folder).write("writer", "load", "rows") as connection:
            connection.execute('''INSERT INTO performance_rows BY NAME SELECT 'acd' AS source, 'day' AS grain,
                DATE '2026-01-01' + (i % 90)::INTEGER AS period_start, 'V' || (i % 4) AS vendor, 'S' || (i // 180) AS site,
                1 AS contacts_offered, 'b' || uuid() AS batch_id FROM range(3600) AS t(i)''')
            settle(connection)

for _ in sys.stdin:
    writer = os.fork()
    if writer == 0:
        write_for_ever(Path(sys.argv[1]))
    print(writer, flush=True)
    os.waitpid(writer, 0)
    print("gone", flush=True)
"""
SUM = "SELECT sum(contacts_offered) AS offered, count(*) AS rows FROM performance"


def wait_for(warehouse: Warehouse, version: int) -> None:
    """Until the version is published, a minute at most."""
    deadline = time.monotonic() + 60
    while (warehouse.newest or 0) < version and time.monotonic() < deadline:
        time.sleep(0.01)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is a POSIX signal")
def test_fifty_kills_at_random_moments(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path)
    with warehouse.write("test", "load", "first") as connection:
        insert(connection, "events", [{"happened_on": "2026-01-01", "title": "before"}])
    moments = random.Random(2026)
    seen = 1
    with subprocess.Popen(
        [sys.executable, "-c", NURSERY, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as nursery:
        assert nursery.stdin is not None and nursery.stdout is not None
        for kill in range(50):
            print("next", file=nursery.stdin, flush=True)
            writer = int(nursery.stdout.readline())
            if kill % 10 == 9:  # let every tenth publish first, however slow the machine
                wait_for(warehouse, seen + 1)
            time.sleep(moments.uniform(0.0, 0.5))
            os.kill(writer, signal.SIGKILL)
            assert nursery.stdout.readline() == "gone\n"
            newest = warehouse.newest or 0
            assert newest >= seen
            seen = newest
            found = warehouse.open().select(Scope.everything(), SUM)
            assert newest == 1 or found["offered"].item() == found["rows"].item() == 3600
    with warehouse.write("test", "load", "after") as connection:
        insert(connection, "events", [{"happened_on": "2026-01-02", "title": "after"}])
    assert len(warehouse.open().select(Scope.everything(), "SELECT * FROM events")) == 2
    assert not list(tmp_path.glob("writing.*"))
    assert seen >= 6  # five writers had published before they were killed
