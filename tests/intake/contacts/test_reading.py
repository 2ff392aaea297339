"""Files of contacts as they come: lines, quotes, encodings, blank rows, refused rows; every line accounted for."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.errors import IntakeError
from analytics.intake import Recipe, parse_recipe
from analytics.intake.contacts import sources
from analytics.intake.rejects import Rejects
from analytics.intake.sheet import EncodingError, read_sheet
from tests.intake.contacts.staged import csv_text, read, recipe_of, rows_of

HEADER = ("Date", "Vendor", "Outcome", "Wait")
RECIPE = recipe_of(
    """contacts_offered = {count = true}
contacts_handled = {column = "Outcome", equals = ["answered"]}
queue_seconds = {column = "Wait", where = {column = "Outcome", equals = ["answered"]}}
answered_within_threshold = {column = "Wait", at_most = 20, where = {column = "Outcome", equals = ["answered"]}}""",
    top="threshold_seconds = 20",
)
ROWS = (
    ("2026-03-01", "Acme", "answered", "12"),
    ("2026-03-01", "Acme", "abandoned", "99"),
    ("2026-03-01", "Acme", "answered", "30"),
    ("2026-03-02", "Acme", "abandoned", "7"),
    ("2026-03-02", "Bolt", "answered", "1.5"),
)
TEXT = csv_text(HEADER, ROWS)


def test_contacts_become_additive_measures() -> None:
    reading = read(TEXT, RECIPE)
    first, second, third = rows_of(reading)
    assert (first["period_start"], first["vendor"], first["file_rows"]) == (date(2026, 3, 1), "Acme", 3)
    assert (first["contacts_offered"], first["contacts_handled"], first["answered_within_threshold"]) == (3, 2, 1)
    assert first["queue_seconds"] == Decimal("42.000000")
    assert (second["contacts_handled"], second["queue_seconds"]) == (0, Decimal("0.000000"))
    assert third["queue_seconds"] == Decimal("1.500000")
    assert (reading.rows_accepted, len(reading.rejects)) == (5, 0)


def test_a_sum_of_which_nothing_is_known_is_not_zero() -> None:
    (row,) = rows_of(read(csv_text(HEADER, [("2026-03-01", "Acme", "answered", ""), ("2026-03-01", "Acme", "abandoned", "5")]), RECIPE))
    assert (row["contacts_handled"], row["answered_within_threshold"]) == (1, 0)
    assert "queue_seconds" not in row


def lines(rejects: Rejects) -> list[tuple[int, str | None, str]]:
    return [(reject.line, reject.column, reject.raw) for reject in rejects.first(100)]


REFUSED = b"""Date,Vendor,Outcome,Wait
2026-03-01,Acme,answered,12
2026-03-01,Acme,answered,-5
2026-03-01,Acme
2026-13-01,Acme,answered,5
,,,
2026-03-01,,answered,x
2026-03-01,Acme,answered,5,6
2026-03-01,Acme,abandoned,y
"""
WHERE_REFUSED = [
    (3, "Wait", "2026-03-01,Acme,answered,-5"),
    (4, None, "2026-03-01,Acme"),
    (5, "Date", "2026-13-01,Acme,answered,5"),
    (7, "Vendor", "2026-03-01,,answered,x"),
    (8, None, "2026-03-01,Acme,answered,5,6"),
]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("title", ["", "A title, with a comma\n\n"])
def test_refused_rows_know_their_line_whatever_ends_lines(end: str, title: str) -> None:
    recipe = parse_recipe("header_row = 3\n" + RECIPE.text, "titled") if title else RECIPE
    content = (title + REFUSED.decode()).replace("\n", end).encode()
    reading = read(content, recipe)
    shift = 2 if title else 0
    assert lines(reading.rejects) == [(line + shift, column, raw) for line, column, raw in WHERE_REFUSED]
    assert reading.rows_accepted == 2  # the wait of a contact that does not count is not read
    assert [(issue.code, issue.count) for issue in reading.rejects.issues] == [
        ("negative", 1), ("cells", 1), ("no_such_date", 1), ("no_vendor", 1), ("more_cells", 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(b"Acme,answered,12", b'Acme,answered,"12\n"'),
        lambda text: text.replace(b"2026-03-01,Acme,answered,12", b"\n\n2026-03-01,Acme,answered,12", 1),
        lambda text: text.replace(b"Acme,answered,12", b'Acme,answered,12 ,"x"', 1).replace(b"Wait\n", b'Wait,"No\nte"\n'),
        lambda text: text.replace(b"\n", b"\r\n", 3),
    ],
    ids=["cell over two lines", "blank lines", "header over two lines", "mixed line ends"],
)
def test_lines_are_true_where_rows_and_lines_differ(change: Callable[[bytes], bytes]) -> None:
    content = change(REFUSED)
    whole = content.decode().split("\n")
    rejects = read(content, RECIPE).rejects.first(100)
    assert rejects
    for reject in rejects:
        assert whole[reject.line - 1].rstrip("\r") == reject.raw.split("\n")[0]


def test_a_torn_quote_refuses_the_file_and_names_the_line() -> None:
    with pytest.raises(IntakeError, match=r"Line 3 cannot be read.*quote that is not closed"):
        read(TEXT.replace(b"Acme,abandoned,99", b'"Acme,abandoned,99', 1), RECIPE)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "The file is empty"),
        (b"Date,Vendor,Outcome,Wait\n", "no rows"),
        (b"Date,Vendor,Outcome\n2026-03-01,Acme,x\n", "no column 'Wait'"),
        (b"PK\x03\x04", "workbook or another zip archive"),
        (b"\x1f\x8b", "compressed"),
        (TEXT.replace(b"Bolt", b"Bo\0lt"), "zero bytes"),
        (b"\xef\xbb\xbf" + TEXT.replace(b"Bolt", b"Bo\xe9lt"), "cannot be read as UTF-8: line 6"),
    ],
)
def test_files_that_cannot_be_read_say_why(content: bytes, message: str) -> None:
    with pytest.raises(IntakeError, match=message):
        read(content, RECIPE)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_marked_and_plain_unicode_is_recognised(encoding: str) -> None:
    content = TEXT.decode().replace("Bolt", "Málaga").encode(encoding)
    assert rows_of(read(content, RECIPE))[-1]["vendor"] == "Málaga"


def test_another_encoding_is_asked_for_and_then_read() -> None:
    content = TEXT.decode().replace("Bolt", "Málaga").encode("cp1252")
    with pytest.raises(EncodingError, match="Line 6 is not UTF-8") as refused:
        read(content, RECIPE)
    assert "Málaga" in refused.value.question.choices[0].means
    named = parse_recipe('encoding = "cp1252"\n' + RECIPE.text, "named")
    assert rows_of(read(content, named))[-1]["vendor"] == "Málaga"
    header = content.replace(b"Outcome", b"Ausg\xe4nge")
    with pytest.raises(EncodingError, match="Line 1 is not UTF-8"):
        read(header, RECIPE)


def test_excels_separator_line_and_other_delimiters() -> None:
    assert rows_of(read(b"sep=;\n" + TEXT.replace(b",", b";"), RECIPE)) == rows_of(read(TEXT, RECIPE))
    assert rows_of(read(TEXT.replace(b",", b"\t"), RECIPE)) == rows_of(read(TEXT, RECIPE))


def test_rows_left_out_are_neither_accepted_nor_refused() -> None:
    recipe = recipe_of("contacts_offered = {count = true}", rows='exclude = [{column = "Vendor", equals = ["Total"]}]')
    reading = read(csv_text(HEADER, [*ROWS, ("not a date", "Total", "", "")]), recipe)
    assert (reading.rows_accepted, len(reading.rejects)) == (5, 0)


def test_blank_rows_are_no_contacts_even_where_nothing_is_required() -> None:
    recipe = recipe_of("contacts_offered = {count = true}", vendor='constant = "Acme"', period='constant = "2026-03-01", grain = "month"')
    (row,) = rows_of(read(b"A,B\n1,2\n,\n  ,\n3,\n", recipe))
    assert row["contacts_offered"] == 2


def test_different_thresholds_in_one_cell_are_refused() -> None:
    recipe = recipe_of("contacts_offered = {count = true}", top='threshold_seconds = {column = "Wait"}')
    with pytest.raises(IntakeError, match="different thresholds or currencies"):
        read(TEXT, recipe)


def test_many_torn_rows_are_all_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MOST_TORN", 4)
    content = TEXT + b"".join(b"torn,%d\n" % number for number in range(20))
    reading = read(content, RECIPE)
    assert (reading.rows_accepted, len(reading.rejects)) == (5, 20)
    assert lines(reading.rejects)[-1] == (26, None, "torn,19")


def test_names_in_a_header_are_never_sql() -> None:
    odd = "x\"'; DROP TABLE staged; --{}%"
    recipe = recipe_of(
        f"contacts_offered = {{column = '''{odd}''', equals = [\"y' OR '1'='1\"]}}", dimensions='site = {constant = "O\'Hara"}'
    )
    content = csv_text(["Date", "Vendor", odd], [("2026-03-01", "Acme", "y' OR '1'='1"), ("2026-03-01", "Acme", "z")])
    (row,) = rows_of(read(content, recipe))
    assert (row["contacts_offered"], row["site"]) == (1, "O'Hara")


PIECES = st.sampled_from(
    ["a", "b", ",", ",", '"', '"', '""', " ", "\t", "é", "\n", "\n", "\r\n", "\r", '","', '\n"', ',"', '",', '"\n', "2026-03-01,Acme,"]
)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(pieces=st.lists(PIECES, max_size=14))
def test_text_is_split_as_every_other_shape_splits_it(pieces: list[str]) -> None:
    recipe = recipe_of('contacts_offered = {column = "N", present = true}', vendor='constant = "V"', dimensions='site = {column = "S"}')
    recipe = parse_recipe(recipe.text.replace('column = "Date"', 'constant = "2026-03-01"'), "any")
    for wanted in (recipe, parse_recipe(recipe.text.replace('constant = "V"', 'column = "S"'), "required")):
        content = "S,N\nfirst,1\n" + "".join(pieces)
        assert _split(content, wanted) == _read(content, wanted)


def _split(content: str, recipe: Recipe) -> object:
    """What the reader of sheets makes of the text: how many rows with a site, how many torn."""
    try:
        sheet = read_sheet(content, recipe)
    except IntakeError as problem:
        return problem.message
    required = recipe.dimensions["vendor"].column is not None
    named = [row for row in sheet.rows if not required or row.cells[0].strip()]
    return (len(named), len(sheet.rejects) + len(sheet.rows) - len(named), sum(row.cells[1].strip() != "" for row in named))


def _read(content: str, recipe: Recipe) -> object:
    try:
        reading = read(content.encode(), recipe)
    except IntakeError as problem:
        return problem.message
    return (reading.rows_accepted, len(reading.rejects), sum(row["contacts_offered"] for row in rows_of(reading)))


def test_the_last_row_looks_cut_off_where_cells_are_missing() -> None:
    first, last = read(b"Date,Vendor,Outcome,Wait\n2026-03-01,Acme\n2026-03-01,Acme,answered,5\n2026-03-0\n\n", RECIPE).rejects.first(9)
    assert (first.code, first.reason) == ("cells", "the row has 2 of 4 cells")
    assert (last.code, last.line) == ("cut_off", 4) and "looks cut off" in last.remedy
