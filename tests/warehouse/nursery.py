"""Writers to be killed: `python -m tests.warehouse.nursery FOLDER` imports once, then forks a fresh one for every line it reads.

A writer loads small files without end, totals and contacts in turn, and prints the hash of each one once it is stored. No database is
open before the fork.
"""

import os
import sys
import uuid
from datetime import date, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path

from analytics.intake import Status, keep, parse_recipe, preview
from analytics.warehouse import Warehouse

TOTALS = """shape = "aggregates"
source = "acd"
[dimensions]
period_start = {column = "Date", grain = "day"}
vendor = {column = "Vendor"}
[measures]
contacts_offered = {column = "Calls"}
"""
CONTACTS = (
    TOTALS.replace("aggregates", "interactions")
    .replace('"acd"', '"calls"')
    .replace('contacts_offered = {column = "Calls"}', "csat_responses = {count = true}")
)
ROWS = 30


def file(number: int) -> bytes:
    """Thirty rows, each counting 1, of a vendor that no other file has."""
    vendor = uuid.uuid4()
    days = (date(2026, 1, 1) + timedelta(days=row // (1 + number % 2)) for row in range(ROWS))
    return "\n".join(["Date,Vendor,Calls", *(f"{day},{vendor},1" for day in days), ""]).encode()


def load_for_ever(warehouse: Warehouse) -> None:
    recipes = parse_recipe(TOTALS, "totals"), parse_recipe(CONTACTS, "contacts")
    for number in count():
        content = file(number)
        report = keep(warehouse, preview(content, f"{number}.csv", recipes[number % 2]))
        assert report.status is Status.STORED, report
        print("stored", sha256(content).hexdigest(), flush=True)


if __name__ == "__main__":
    for _ in sys.stdin:
        writer = os.fork()
        if writer == 0:
            load_for_ever(Warehouse(Path(sys.argv[1])))
        print("writer", writer, flush=True)
        os.waitpid(writer, 0)
        print("gone", flush=True)
