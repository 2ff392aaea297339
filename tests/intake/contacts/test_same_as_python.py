"""Cells read by SQL and cells read by the readers of every other shape are the same, to the last digit, whatever they hold."""

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from analytics.intake import Recipe
from tests.intake.contacts.staged import recipe_of, staged_by_python, staged_by_sql

NUMBERS = (
    "0", "12", "-5", "+7", "12.0", "1.5", "0.0000005", "0.00000051", "2.5000005", "1234567.123456789", "99999999999.9999999", "1e3",
    "1E-3", "999999999999", "1000000000000", "9" * 30, "1,5", "1.234", "1,234", "12,345.678", "1 234,5", "1\u202f234", "\u221212",
    ".5", "5.", "", "-", "NA", "n/a", " 12 ", "\t12", "\xa012\u3000", "12%", "50 %", "$12.50", "\u20ac 3", "0x12", "\u0661\u0662",
    "nan", "inf", "1_000", "12 s", "0.1234565", "0.1234575", "00012", "-0", "1.7976931348623157", "7.105427357601002e-15",
    "3.000000000000000000000001", "\u200b12",
)  # fmt: skip
DURATIONS = (
    "0:00:00", "1:02:03", "100:59:59", "999999:59:59", "1000000:00:00", "1:02:03.5", "1:02:03.123456", "1:02:03.1234567", "-0:00:05",
    "24:00:00", "1:2:3", "12:60:00", "3:05", "99:59", "100:00", "3:5", "0:59.999", "1.02:03:04", "1 day, 2:03:04", "2d 03:04:05",
    "1h 2m 3s", "90 sec", "5m", "PT1H2M3S", "P1DT2H", "PT0.5S", "P1W", "", "-", "abc", " 0:01:00 ", "0:01:00\xa0", "12", "7:30 PM",
)  # fmt: skip
DATES = (
    "2026-03-01", "2026-3-1", "2026-02-29", "2024-02-29", "1989-12-31", "1990-01-01", "2099-12-31", "2100-01-01", "0001-01-01",
    "9999-12-31", "01/03/2026", "1/3/2026", "31/12/26", "31/12/75", "01/01/00", "01-Mar-2026", "1-mar-2026", "1-Sept-2026",
    "1-September-2026", "3. Mar 2026", "March 3, 2026", "20260301", "2026031", "2026-03-01 23:59:59", "2026-03-01 23:59:59.9",
    "2026-03-01 24:00:00", "2026-03-01T10:00:00", "2026-W10", "2026-Q2", "46083", "3/1/2026 9:05 PM", "3/1/2026 12:05 AM",
    "03/01/2026 09:05:06 pm", "3/1/2026 13:05 PM", "", "-", "?", "2026-03-29 02:30:00", "2026-10-25 02:30:00", "2026-10-25 00:59:59",
    "2026-10-24 22:30:00", "2026-11-01 05:59:00", " 2026-03-01", "2026-03-01\u2003", " 1/03/2026", "01/ 3/2026", "\t1/03/2026",
    "01/03/202 ", "01/03/+026", "0\uff11/03/2026", "01/03/2026\x0b", "2026-03-1 ", "2026-03-+1", "2026-03-1\x1c",
    "-026-03-01", "202 -03-01",
)  # fmt: skip
NAMES = (
    "Acme", "ACME", "Acme GmbH", " Acme", "Ac\u200bme", "Acme\xa0GmbH", "Acme  GmbH", "M\xe1laga", "Ma\u0301laga", "\u212bngstr\xf6m",
    "Z\xfcrich \u20ac", "\u0410\u0441me", "\u30a2\u30af\u30e1", "\ud55c\uad6d", "\u110b\u116e", "\ufb01n", "O'Hara", '"quoted"',
    "a,b", "NA", "-", "", "\u3000", "NULL", "Total", "x" * 300, "\U0001f600 Corp", "tab\there", "line\nbreak", "{cell}",
    "'; DROP TABLE staged; --", "\u0660",
)  # fmt: skip
FORMATS = (
    "%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d-%b-%Y", "%d-%B-%Y", "%d. %b %Y", "%B %d, %Y", "%Y%m%d", "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S", "%m/%d/%Y %I:%M %p", "%m/%d/%Y %I:%M:%S %p", "%G-W%V", "%Y-Q%q", "%Y-%m", "%Y", "%n", "%d.%m.%Y %H:%M",
    "%H:%M %d-%m-%Y", "[%Y]^%m\\%d",
)  # fmt: skip
UNITS = ("seconds", "milliseconds", "minutes", "hours", "days", "h:mm:ss", "mm:ss", "h:mm", "d.hh:mm:ss", "1h 2m 3s", "PT1H2M3S")
ZONES = (("UTC", "Europe/Warsaw"), ("America/St_Johns", "UTC"), ("Asia/Manila", "America/New_York"), ("Europe/Warsaw", "UTC"))
ALPHABET = st.sampled_from("0123456789.,:-+eE% $'\u00a0\u202f\u2212\tabHMPTWSDhms")
NUMBER = st.one_of(st.sampled_from(NUMBERS), st.text(ALPHABET, max_size=14), st.decimals(allow_nan=False, allow_infinity=False).map(str))
CLOCK = st.integers(0, 10**7).map(lambda seconds: f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}")
DURATION = st.one_of(st.sampled_from(DURATIONS), st.text(ALPHABET, max_size=12), CLOCK)
NAME = st.one_of(st.sampled_from(NAMES), st.text(max_size=8).filter(lambda text: "\0" not in text and "\r" not in text))
MOMENTS = st.datetimes(datetime(1985, 1, 1), datetime(2105, 1, 1))
MOMENT = st.one_of(MOMENTS.map(str), st.sampled_from(DATES))
PAIRS = [
    ("2026-03-01 23:59:59.9999999", "2026-03-02 00:00:00.1"),
    ("", "2026-03-01 10:00:00"),
    ("?", ""),
    ("2026-03-02 10:00:00", "2026-03-01 10:00:00"),
]
TIMES = ("23:59:50", "00:00:10", "9:05:00", "24:00:00", "12:00:00 PM", "", "x", "00:00:10.25", "9:5:00")
pytestmark = pytest.mark.slow
MANY = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def assert_same(header: list[str], rows: list[list[str]], recipe: Recipe) -> None:
    """Every row is staged alike by SQL and by Python: the same first problem, and the same value in every field that can be read."""
    with TemporaryDirectory() as folder:
        by_sql = staged_by_sql(header, rows, recipe, Path(folder))
    by_python = staged_by_python(header, rows, recipe)
    for row, sql, python in zip(rows, by_sql, by_python, strict=True):
        assert sql == python, row


@MANY
@given(cells=st.lists(NUMBER, min_size=1, max_size=30), separators=st.sampled_from([".|", ",|", ".|,", ",|.", ",|\u202f", ".|'"]))
@example(cells=list(NUMBERS), separators=".|")
@example(cells=list(NUMBERS), separators=",|.")
def test_numbers(cells: list[str], separators: str) -> None:
    decimal, thousands = separators.split("|")
    top = f'currency = "EUR"\ndecimal = "{decimal}"' + (f'\nthousands = "{thousands}"' if thousands else "")
    measures = """contacts_offered = {column = "N"}
headcount_days = {column = "N"}
cost = {column = "N"}
contacts_handled = {column = "N", at_least = 12}
contacts_abandoned = {column = "N", less_than = 0.5, unit = "percent"}
contacts_transferred = {count = true, where = {column = "N", more_than = 1.5}}
queue_seconds = {column = "N", minus = "M"}
quality_points = {column = "N", minus = ["M", "M"], where = {column = "M", at_most = 1000000}}"""
    rows = [["2026-03-01", "Acme", cell, other] for cell, other in zip(cells, cells[::-1], strict=True)]
    assert_same(["Date", "Vendor", "N", "M"], rows, recipe_of(measures, top=top))


@MANY
@given(cells=st.lists(DURATION, min_size=1, max_size=30), unit=st.sampled_from(UNITS))
@example(cells=[*DURATIONS, *NUMBERS], unit="h:mm:ss")
@example(cells=[*DURATIONS, *NUMBERS], unit="mm:ss")
@example(cells=[*DURATIONS, *NUMBERS], unit="h:mm")
@example(cells=[*DURATIONS, *NUMBERS], unit="milliseconds")
@example(cells=[*DURATIONS, *NUMBERS], unit="minutes")
def test_durations(cells: list[str], unit: str) -> None:
    measures = f"""handle_seconds = {{column = "T", unit = "{unit}"}}
contacts_handled = {{column = "T", unit = "{unit}", at_most = 20.5}}
talk_seconds = {{column = "T", unit = "{unit}", where = {{column = "T", unit = "{unit}", at_least = 60}}}}"""
    assert_same(["Date", "Vendor", "T"], [["2026-03-01", "Acme", cell] for cell in cells], recipe_of(measures))


@MANY
@given(
    written=st.sampled_from(FORMATS),
    moments=st.lists(MOMENTS, max_size=10),
    odd=st.lists(st.sampled_from(DATES), min_size=1, max_size=10),
    grain=st.sampled_from(("day", "week", "month", "quarter")),
)
@example(written="%d/%m/%y", moments=[], odd=list(DATES), grain="day")
@example(written="%d/%m/%Y", moments=[], odd=list(DATES), grain="day")
@example(written="%Y-%m-%d", moments=[], odd=list(DATES), grain="day")
@example(
    written="%H:%M %d-%m-%Y", moments=[], odd=[" 9:00 01-03-2026", "09:0  01-03-2026", "09:00 01-03-202\t", "9 :00 01-03-2026"], grain="day"
)
@example(written="%Y-%m-%d %H:%M:%S", moments=[], odd=list(DATES), grain="week")
def test_dates(written: str, moments: list[datetime], odd: list[str], grain: str) -> None:
    escaped = written.replace("\\", "\\\\")
    recipe = recipe_of("contacts_offered = {count = true}", period=f'column = "Date", grain = "{grain}", format = "{escaped}"')
    cells = [*(moment.strftime(written) for moment in moments), *odd]
    assert_same(["Date", "Vendor"], [[cell, "Acme"] for cell in cells], recipe)


@MANY
@given(moments=st.lists(MOMENTS, max_size=20), zones=st.sampled_from(ZONES))
def test_days_of_another_zone(moments: list[datetime], zones: tuple[str, str]) -> None:
    cells = [f"{moment:%Y-%m-%d %H:%M:%S}" for moment in moments] + list(DATES)
    period = f'column = "Date", grain = "day", from_zone = "{zones[0]}", to_zone = "{zones[1]}"'
    assert_same(["Date", "Vendor"], [[cell, "Acme"] for cell in cells], recipe_of("contacts_offered = {count = true}", period=period))


@MANY
@given(names=st.lists(NAME, min_size=1, max_size=30), how=st.sampled_from(("", ', others = "Other"', ", refuse_others = true")))
@example(names=list(NAMES), how="")
@example(names=list(NAMES), how=", refuse_others = true")
def test_names(names: list[str], how: str) -> None:
    mapped = 'map = {"Acme" = "A", "M\u00e1laga" = "M", "Total" = "", "O\'Hara" = "O"}'
    for vendor, site in ((f'column = "N", {mapped}{how}', 'column = "N"'), ('column = "N"', f'column = "N", {mapped}{how}')):
        recipe = recipe_of("contacts_offered = {count = true}", vendor=vendor, dimensions=f"site = {{{site}}}")
        assert_same(["Date", "N"], [["2026-03-01", name] for name in names], recipe)


@MANY
@given(names=st.lists(NAME, min_size=1, max_size=30))
@example(names=list(NAMES))
def test_conditions_on_texts(names: list[str]) -> None:
    checks = (
        'equals = ["Acme", "O\'Hara", "", "M\u00e1laga"]',
        'not_equals = "Acme"',
        'starts_with = ["Ac", "\u30a2"]',
        "present = true",
        "present = false",
    )
    counts = ("contacts_offered", "contacts_handled", "contacts_abandoned", "contacts_transferred", "errors")
    passing = [f'{name} = {{column = "N", {check}}}' for name, check in zip(counts, checks, strict=True)]
    where = ", ".join(f'{{column = "N", {check}}}' for check in checks[1:4])
    recipe = recipe_of(
        "\n".join([*passing, f"evaluations = {{count = true, where = [{where}]}}"]),
        rows='exclude = [{column = "N", starts_with = "Tot"}, {column = "N", equals = "a,b"}]',
    )
    assert_same(["Date", "Vendor", "N"], [["2026-03-01", "Acme", name] for name in names], recipe)


@MANY
@given(pairs=st.lists(st.tuples(MOMENT, MOMENT), max_size=20))
@example(pairs=PAIRS)
def test_time_between_two_moments(pairs: list[tuple[str, str]]) -> None:
    measures = 'queue_seconds = {from = "A", to = "B"}\ncontacts_handled = {from = "A", to = "B", at_most = 20}'
    rows = [["2026-03-01", "Acme", "", ""], *(["2026-03-01", "Acme", *pair] for pair in pairs)]
    assert_same(["Date", "Vendor", "A", "B"], rows, recipe_of(measures))


@pytest.mark.parametrize("written", ["%H:%M:%S", "%H:%M", "%I:%M:%S %p"])
def test_time_between_two_clocks_may_pass_midnight(written: str) -> None:
    rows = [["2026-03-01", "Acme", start, end] for start in TIMES for end in TIMES]
    recipe = recipe_of(f'queue_seconds = {{from = "A", to = "B", format = "{written}"}}')
    assert_same(["Date", "Vendor", "A", "B"], rows, recipe)


@MANY
@given(
    keys=st.lists(st.tuples(NAME, NAME), min_size=1, max_size=20),
    orders=st.lists(st.one_of(NUMBER, st.sampled_from(DATES), NAME), min_size=20, max_size=20),
    kind=st.sampled_from(("integer", "number", "date", "datetime", "text")),
)
def test_keys_and_order_of_events(keys: list[tuple[str, str]], orders: list[str], kind: str) -> None:
    rows = f'fold_by = ["K", "L"]\norder_by = {{column = "O", type = "{kind}"}}'
    recipe = recipe_of("cases_opened = {count = true}", rows=rows, shape="events")
    cells = [["2026-03-01", "Acme", *key, order] for key, order in zip(keys, orders, strict=False)]
    assert_same(["Date", "Vendor", "K", "L", "O"], cells, recipe)


def test_texts_that_mean_nothing_are_missing_everywhere() -> None:
    recipe = recipe_of(
        """headcount_days = {column = "N"}
contacts_handled = {column = "N", at_most = 20}
contacts_offered = {column = "N", present = true}""",
        top='missing = ["999", "2026-09-09", "?"]',
        dimensions='site = {column = "S"}',
    )
    rows = [
        ["2026-09-09", "Acme", "", ""],
        ["2026-03-01", "?", "1", "x"],
        ["2026-03-01", "Acme", "999", "?"],
        ["2026-03-01", "999", " 999 ", "-"],
    ]
    assert_same(["Date", "Vendor", "N", "S"], rows, recipe)
