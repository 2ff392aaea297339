"""What is compared, each in a process of its own: `python -m bench.sides SIDE FILE FOLDER` does it once and prints its cost as JSON.

A side imports only what it needs, before its clock starts: what a side does not use must not count as its memory.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

DATABASE, WAREHOUSE, RECIPE_FILE = "bare.duckdb", "warehouse", "contacts.toml"
Work = Callable[[], int]


def bare_copy(file: Path, folder: Path) -> Work:
    """COPY into typed columns of a new DuckDB file, then CHECKPOINT: nothing is checked but the types, nothing is added up."""
    import duckdb

    columns = (
        '"Contact ID" BIGINT, "Date" DATE, "Time" TIME, "Provider" VARCHAR, "Site" VARCHAR, "Team" VARCHAR, "Outcome" VARCHAR, '
        '"Wait" INTEGER, "Handle time" TIME, "Rating" INTEGER'
    )

    def work() -> int:
        with duckdb.connect(folder / DATABASE) as connection:
            connection.execute(f"CREATE TABLE contacts ({columns})")
            connection.execute(f"COPY contacts FROM '{file}' (HEADER, DATEFORMAT '%d/%m/%Y', STORE_REJECTS)")
            connection.execute("CHECKPOINT")
            return connection.execute("SELECT count(*) FROM contacts").fetchall()[0][0]

    return work


def pandas_read(file: Path, folder: Path) -> Work:
    """`pandas.read_csv` as it is: types are guessed, dates and times stay text, nothing is kept."""
    import pandas as pd

    return lambda: len(pd.read_csv(file))


def checked_load(file: Path, folder: Path) -> Work:
    """The product: every cell checked, rolled up, published durably, the original kept. Refuses nothing silently."""
    from analytics.intake import load_file
    from analytics.warehouse import Warehouse

    def work() -> int:
        report = load_file(Warehouse(folder / WAREHOUSE), file, recipe=folder / RECIPE_FILE)
        if report.status not in ("stored", "unchanged"):
            raise RuntimeError(f"{file.name} was not stored: {report}")
        return report.rows_accepted

    return work


SIDES: dict[str, Callable[[Path, Path], Work]] = {"copy": bare_copy, "pandas": pandas_read, "load": checked_load}


def peak_megabytes() -> float:
    """The most memory this process ever held. Not `ru_maxrss`: that one begins with the memory of the process that started it."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("VmHWM"))


def main(side: str, file: str, folder: str) -> None:
    """One side, once."""
    work = SIDES[side](Path(file), Path(folder))
    begun, begun_cpu = time.perf_counter(), time.process_time()
    rows = work()
    cost = {"seconds": time.perf_counter() - begun, "cpu_seconds": time.process_time() - begun_cpu, "peak_mb": peak_megabytes()}
    print(json.dumps(cost | {"rows": rows}))


if __name__ == "__main__":
    main(*sys.argv[1:])
