"""The benchmark's contacts are what their recipe reads, and cover the same cells at every size."""

import tomllib
from datetime import date
from pathlib import Path

import duckdb
import pytest

from bench.contacts import CELLS_PER_DAY, DAYS, FIRST_DAY, LAST_DAY, LINES, RECIPE, TEAMS, write_contacts


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "contacts.csv"


def rows(file: Path, what: str) -> list[tuple]:
    return duckdb.execute(f"SELECT {what} FROM read_csv('{file}', all_varchar = true)").fetchall()


def test_two_years_in_the_order_of_their_time(file: Path) -> None:
    write_contacts(file, 1_000)
    days = [day for (day,) in rows(file, """strptime("Date" || ' ' || "Time", '%d/%m/%Y %H:%M:%S')""")]
    assert days == sorted(days)
    assert (days[0].date(), days[-1].date()) == (FIRST_DAY, LAST_DAY) == (date(2024, 11, 1), date(2026, 10, 31))
    assert len(days) == 1_000


def test_one_contact_in_5000_is_refused_for_its_wait_or_its_handle_time_in_turn(file: Path) -> None:
    assert write_contacts(file, 20_000) == 4
    wrong = rows(
        file, """list("Contact ID" ORDER BY "Contact ID") FILTER ("Wait"[1] = '-'), count(*) FILTER ("Handle time" LIKE '%minutes')"""
    )
    assert wrong == [(["100002500", "100012500"], 2)]


def test_without_refusals_every_wait_and_handle_time_can_be_read(file: Path) -> None:
    assert write_contacts(file, 20_000, refusals=False) == 0
    assert rows(file, """min("Wait"::INTEGER), max("Wait"::INTEGER), max("Handle time"::TIME)::VARCHAR""") == [(0, 89, "00:09:59")]


def test_100_000_contacts_fill_every_cell_of_every_day(file: Path) -> None:
    write_contacts(file, 100_000)
    line = f"""split_part("Team", ' ', 2)::INTEGER % {len(LINES)}"""
    assert rows(file, f"""count(DISTINCT ("Date", "Provider", "Site", {line}))""") == [(DAYS * CELLS_PER_DAY,)]


def test_the_same_size_is_the_same_file(file: Path) -> None:
    write_contacts(file, 5_000)
    first = file.read_bytes()
    write_contacts(file, 5_000)
    assert file.read_bytes() == first


def test_every_team_has_a_line_of_business(file: Path) -> None:
    write_contacts(file, 1_000)
    assert {team for (team,) in rows(file, '"Team"')} == set(tomllib.loads(RECIPE)["dimensions"]["lob"]["map"])
    assert len(tomllib.loads(RECIPE)["dimensions"]["lob"]["map"]) == TEAMS
