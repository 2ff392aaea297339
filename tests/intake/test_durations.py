"""Every notation of a duration, read alike by Python and by the database."""

from decimal import Decimal

import duckdb
import pytest

from analytics.intake.cells import number_reader
from analytics.intake.durations import NOTATIONS
from analytics.intake.problems import CellError
from analytics.intake.recipe import DURATION_UNITS, CellUnit, Recipe, Shape

READ = [
    ("1500", "milliseconds", "1.5"),
    ("0.0625", "days", "5400"),
    ("4:30", "h:mm", "16200"),
    ("120:05", "h:mm", "432300"),
    ("1:02:03.25", "h:mm:ss", "3723.25"),
    ("62:03.5", "mm:ss", "3723.5"),
    ("1.02:03:04", "d.hh:mm:ss", "93784"),
    ("1d 02:03:04", "d.hh:mm:ss", "93784"),
    ("1 day, 2:03:04", "d.hh:mm:ss", "93784"),
    ("12 days 02:03:04", "d.hh:mm:ss", "1044184"),
    ("1:02:03:04", "d.hh:mm:ss", "93784"),
    ("02:03:04.5", "d.hh:mm:ss", "7384.5"),
    ("1h 2m 3s", "1h 2m 3s", "3723"),
    ("1h2m3s", "1h 2m 3s", "3723"),
    ("2 Days 3 Hours 5 Minutes", "1h 2m 3s", "183900"),
    ("3 min 20 sec", "1h 2m 3s", "200"),
    ("90s", "1h 2m 3s", "90"),
    ("1.5 hrs", "1h 2m 3s", "5400"),
    ("1 day, 30 minutes", "1h 2m 3s", "88200"),
    ("PT4M30S", "PT1H2M3S", "270"),
    ("PT0S", "PT1H2M3S", "0"),
    ("P1DT2H3M4.5S", "PT1H2M3S", "93784.5"),
    ("P2W", "PT1H2M3S", "1209600"),
    ("P3D", "PT1H2M3S", "259200"),
    ("PT36H", "PT1H2M3S", "129600"),
]
REFUSED = [
    ("-4:30", "mm:ss", "negative"),
    ("4:60", "h:mm", "unit"),
    ("1.25:03:04", "d.hh:mm:ss", "unit"),
    ("3s 2m", "1h 2m 3s", "unit"),
    ("5", "1h 2m 3s", "unit"),
    ("5ms", "1h 2m 3s", "unit"),
    ("PT", "PT1H2M3S", "unit"),
    ("P", "PT1H2M3S", "unit"),
    ("P1M", "PT1H2M3S", "unit"),
    ("-PT5S", "PT1H2M3S", "negative"),
    ("12:00", "days", "unit"),
]


def read(text: str, unit: str) -> Decimal:
    return number_reader(Recipe("r", Shape.INTERACTIONS, "acd", ""), CellUnit(unit))(text)


@pytest.mark.parametrize(("text", "unit", "seconds"), READ)
def test_seconds_of_every_notation(text: str, unit: str, seconds: str) -> None:
    assert read(text, unit) == Decimal(seconds)


@pytest.mark.parametrize(("text", "unit", "code"), REFUSED)
def test_what_is_written_otherwise_is_refused(text: str, unit: str, code: str) -> None:
    with pytest.raises(CellError) as refused:
        read(text, unit)
    assert refused.value.code == code and text in refused.value.message


def test_the_unit_a_cell_fits_is_proposed() -> None:
    with pytest.raises(CellError) as refused:
        read("PT4M30S", "h:mm:ss")
    assert 'reads as "PT1H2M3S"' in refused.value.remedy


def test_every_unit_is_tried_here_or_is_a_plain_number() -> None:
    tried = {CellUnit(unit) for _, unit, _ in READ}
    assert set(DURATION_UNITS) - tried == {CellUnit.SECONDS, CellUnit.MINUTES, CellUnit.HOURS}


@pytest.mark.parametrize("unit", NOTATIONS)
def test_the_database_reads_the_same_groups(unit: CellUnit) -> None:
    notation = NOTATIONS[unit]
    total = " + ".join(
        f"coalesce(try_cast(nullif(regexp_extract(cell, $pattern, {number}), '') AS DECIMAL(18, 6)), 0) * {factor}"
        for number, factor in enumerate(notation.factors, start=1)
    )
    whole = {"pattern": f"^(?:{notation.pattern})$"}
    for text in {text for text, *_ in (*READ, *REFUSED)}:
        ((fits, seconds),) = duckdb.execute(
            f"SELECT regexp_matches(cell, $pattern), {total} FROM (SELECT $cell AS cell)", whole | {"cell": text}
        ).fetchall()
        try:
            expected = read(text, unit)
        except CellError:
            expected = None
        assert (seconds if fits else None) == expected, (text, unit)
