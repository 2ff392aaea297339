"""Events folded into contacts: the last by its typed order stands for its contact."""

from collections.abc import Sequence

import pytest

from analytics.intake.problems import Level
from tests.intake.contacts.staged import csv_text, read, recipe_of, rows_of

MEASURES = """cases_opened = {count = true}
cases_resolved_in_target = {column = "In target", equals = ["true"]}"""


def folded(rows: Sequence[tuple[str, str, str]], kind: str, written: str = "", keys: str = '"Ticket"') -> list[dict]:
    order = f'order_by = {{column = "Revision", type = "{kind}"{written}}}'
    recipe = recipe_of(MEASURES, vendor='constant = "Acme"', rows=f"fold_by = {keys}\n{order}", shape="events")
    return rows_of(read(csv_text(["Date", "Ticket", "Revision", "In target"], [("2026-03-01", *row) for row in rows]), recipe))


class TestOrderIsTyped:
    """
    Ticket  Revision  In target
    T1      9         true
    T1      10        false      <- the last; as text '10' comes before '9'
    """

    ROWS = (("T1", "9", "true"), ("T1", "10", "false"))

    def test_ten_comes_after_nine(self) -> None:
        (row,) = folded(self.ROWS, "integer")
        assert (row["cases_opened"], row["cases_resolved_in_target"], row["file_rows"]) == (1, 0, 1)
        assert folded(self.ROWS, "number")[0]["cases_resolved_in_target"] == 0

    def test_unless_the_recipe_says_that_it_is_text(self) -> None:
        assert folded(self.ROWS, "text")[0]["cases_resolved_in_target"] == 1

    def test_the_order_of_the_file_does_not_matter(self) -> None:
        assert folded(self.ROWS[::-1], "integer")[0]["cases_resolved_in_target"] == 0

    def test_dates_are_read_in_their_format(self) -> None:
        rows = [("T1", "02/11/2026 10:00", "false"), ("T1", "10/03/2026 09:00", "true")]
        (row,) = folded(rows, "datetime", ', format = "%d/%m/%Y %H:%M"')
        assert row["cases_resolved_in_target"] == 0


def test_of_equal_last_events_the_later_in_the_file_stands() -> None:
    rows = [("T1", "1", "true"), ("T1", "2", "false"), ("T1", "2", "true"), ("T1", "1", "false")]
    assert folded(rows, "integer")[0]["cases_resolved_in_target"] == 1
    assert folded([rows[0], rows[2], rows[1], rows[3]], "integer")[0]["cases_resolved_in_target"] == 0


def test_several_columns_make_a_key_and_invisible_characters_do_not() -> None:
    rows = [("T1", "1", "true"), ("T\u200b1", "2", "false"), (" T1 ", "3", "true"), ("T2", "1", "true")]
    (row,) = folded(rows, "integer")
    assert (row["cases_opened"], row["cases_resolved_in_target"]) == (2, 2)
    (row,) = folded(rows, "integer", keys='["Ticket", "Revision"]')
    assert row["cases_opened"] == 4


def test_rows_are_counted_before_folding_and_the_folding_is_said() -> None:
    recipe = recipe_of(
        MEASURES, vendor='constant = "Acme"', rows='fold_by = "Ticket"\norder_by = {column = "Revision", type = "integer"}', shape="events"
    )
    rows = [
        ("2026-03-01", "T1", "1", "true"),
        ("2026-03-01", "T1", "2", "true"),
        ("2026-03-01", "", "1", "true"),
        ("2026-03-01", "T2", "x", ""),
    ]
    reading = read(csv_text(["Date", "Ticket", "Revision", "In target"], rows), recipe)
    assert (reading.rows_accepted, len(reading.rejects)) == (2, 2)
    assert [(reject.line, reject.column, reject.code) for reject in reading.rejects.first(9)] == [
        (4, "Ticket", "no_key"), (5, "Revision", "not_a_number"),
    ]  # fmt: skip
    (issue,) = [issue for issue in reading.issues if issue.code == "folded"]
    assert (issue.level, issue.message) == (Level.INFO, "2 rows folded into 1 contact by Ticket.")


@pytest.mark.parametrize("number", ["99999999999999999999", "1.5"])
def test_numbers_that_cannot_order_events_refuse_their_row(number: str) -> None:
    recipe = recipe_of(
        MEASURES, vendor='constant = "Acme"', rows='fold_by = "Ticket"\norder_by = {column = "Revision", type = "integer"}', shape="events"
    )
    rows = [("2026-03-01", "T1", "1", "true"), ("2026-03-01", "T1", number, "true")]
    assert len(read(csv_text(["Date", "Ticket", "Revision", "In target"], rows), recipe).rejects) == 1
