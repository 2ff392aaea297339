"""kill -9 of a writer at any moment: the published version stays as it was, and the next write works."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analytics.warehouse import Scope, Warehouse
from tests.rows import insert

WRITER = """
import sys
from pathlib import Path
from analytics.warehouse import Warehouse, settle
warehouse = Warehouse(Path(sys.argv[1]))
print("ready", flush=True)
while True:
    with warehouse.write("writer", "load", "rows") as connection:
        connection.execute('''INSERT INTO performance_rows BY NAME SELECT 'acd' AS source, 'day' AS grain,
            DATE '2026-01-01' + (i % 90)::INTEGER AS period_start, 'V' || (i % 4) AS vendor, 'S' || (i // 180) AS site,
            1 AS contacts_offered, 'b' || uuid() AS batch_id FROM range(3600) AS t(i)''')
        settle(connection)
"""
SUM = "SELECT sum(contacts_offered) AS offered, count(*) AS rows FROM performance"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is a POSIX signal")
def test_fifty_kills_at_random_moments(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path)
    with warehouse.write("test", "load", "first") as connection:
        insert(connection, "events", [{"happened_on": "2026-01-01", "title": "before"}])
    moments = random.Random(2026)
    seen = 0
    for _ in range(50):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE)
        assert writer.stdout is not None and writer.stdout.readline() == b"ready\n"
        time.sleep(moments.uniform(0.0, 0.5))
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        newest = warehouse.newest or 0
        assert newest >= max(seen, 1)
        seen = newest
        found = warehouse.open().select(Scope.everything(), SUM)
        assert newest == 1 or found["offered"].item() == found["rows"].item() == 3600
    with warehouse.write("test", "load", "after") as connection:
        insert(connection, "events", [{"happened_on": "2026-01-02", "title": "after"}])
    assert len(warehouse.open().select(Scope.everything(), "SELECT * FROM events")) == 2
    assert not list(tmp_path.glob("writing.*"))
    print(f"{seen} versions published by writers that were killed")
