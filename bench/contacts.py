"""Invented contacts of any number: the export of a contact centre, one line per contact, and the recipe that reads it.

Every size covers the same 24 months, the same vendors, sites and lines of business, so that its rollup has the same
number of rows. Chance is a hash of the contact's number: with one version of DuckDB the same size is always the same file.
"""

import os
from datetime import date
from pathlib import Path

import duckdb

FIRST_DAY, LAST_DAY = date(2024, 11, 1), date(2026, 10, 31)
DAYS = (LAST_DAY - FIRST_DAY).days + 1
VENDORS = ("Acme", "Borealis", "Cobalt Bay", "Delphi")
SITES = ("Leeds", "Pune", "Omaha", "Lodz", "Cebu", "Gdansk", "Tunis", "Cork")  # two of each vendor
LINES = ("Billing", "Orders", "Repairs", "Sales")
TEAMS = 20
CELLS_PER_DAY = len(SITES) * len(LINES)  # fewer contacts than this a day leave cells empty
ROWS_PER_REFUSAL = 5_000
MICROSECONDS_PER_DAY = 86_400_000_000

RECIPE = f"""name = "Contacts of the benchmark"
shape = "interactions"
source = "acd"
threshold_seconds = 20

[dimensions]
period_start = {{column = "Date", grain = "day", format = "%d/%m/%Y"}}
vendor = {{column = "Provider"}}
site = {{column = "Site"}}
lob = {{column = "Team", refuse_others = true, map = {{{", ".join(f'"Team {n}" = "{LINES[n % len(LINES)]}"' for n in range(TEAMS))}}}}}
channel = {{constant = "voice"}}

[measures]
contacts_offered = {{count = true}}
contacts_handled = {{column = "Outcome", equals = ["answered", "callback"]}}
contacts_abandoned = {{column = "Outcome", equals = ["abandoned"]}}
queue_seconds = {{column = "Wait", unit = "seconds", where = {{column = "Outcome", equals = ["answered"]}}}}
answered_within_threshold = {{column = "Wait", unit = "seconds", at_most = 20, where = {{column = "Outcome", equals = ["answered"]}}}}
handle_seconds = {{column = "Handle time", unit = "h:mm:ss"}}
csat_satisfied = {{column = "Rating", at_least = 4}}
csat_responses = {{column = "Rating", present = true}}
"""


def write_contacts(path: Path, count: int, refusals: bool = True) -> int:
    """Write `count` contacts in the order of their time; returns how many of them a load must refuse (0 without `refusals`).

    Refused are waits below zero (of answered contacts) and handle times nobody can read, in turn. It is on the disk when this returns.
    """
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({contacts_sql(count, refusals)}) TO '{path}' (HEADER)")
    with path.open("rb+") as file:
        os.fsync(file)
    return len(range(ROWS_PER_REFUSAL // 2, count, ROWS_PER_REFUSAL)) if refusals else 0


def contacts_sql(count: int, refusals: bool) -> str:
    """The SELECT of the contacts: number i at the i-th of `count` equal steps, `dice` being what chance decides."""
    odd = f"i % {2 * ROWS_PER_REFUSAL} - {ROWS_PER_REFUSAL // 2}"
    wait, outcome = "dice % 90", "CASE dice // 65536 % 8 WHEN 0 THEN 'abandoned' WHEN 1 THEN 'callback' ELSE 'answered' END"
    handled = "CASE WHEN dice // 65536 % 8 > 0 THEN format('0:{:02d}:{:02d}', dice // 128 % 10, dice // 2048 % 60) END"
    if refusals:
        wait, outcome = f"CASE {odd} WHEN 0 THEN -5 ELSE {wait} END", f"CASE {odd} WHEN 0 THEN 'answered' ELSE {outcome} END"
        handled = f"CASE {odd} WHEN {ROWS_PER_REFUSAL} THEN 'seven minutes' ELSE {handled} END"
    return f"""
        SELECT 100000000 + i AS "Contact ID", strftime(moment, '%d/%m/%Y') AS "Date", strftime(moment, '%H:%M:%S') AS "Time",
            {list(VENDORS)}[1 + i % {len(VENDORS)}] AS "Provider", {list(SITES)}[1 + i % {len(SITES)}] AS "Site",
            'Team ' || i // {len(SITES)} % {TEAMS} AS "Team",
            {outcome} AS "Outcome",
            {wait} AS "Wait", {handled} AS "Handle time",
            CASE dice // 1048576 % 5 WHEN 0 THEN 1 + dice // 33554432 % 5 END AS "Rating"
        FROM (
            SELECT i, TIMESTAMP '{FIRST_DAY}' + to_microseconds(i * {DAYS * MICROSECONDS_PER_DAY // count}) AS moment,
                (hash(i) >> 2)::BIGINT AS dice
            FROM range({count}) numbers(i))"""
