"""Refused rows are found again by their cells, whether those were remembered or are read once more."""

import pytest

from analytics.intake.contacts import staging
from tests.intake.contacts.staged import csv_text, read, recipe_of

RECIPE = recipe_of(
    'contacts_offered = {count = true}\nqueue_seconds = {column = "Wait"}\nhandle_seconds = {column = "Handled", unit = "h:mm:ss"}'
)
ROWS = [
    ("2026-03-02", "Acme", "5", "0:04:10"),
    ("2026-03-02", "Acme", "-5", "0:04:10"),
    ("2026-03-02", "Acme", " -5", "0:03:00"),
    ("2026-03-02", "Acme", "7", "soon"),
    ("2026-03-02", "", "-5", "soon"),
    ("2026-03-02", "Acme", "-5", "0:00:20"),
    ("2026-03-02", "Acme", "-6", "0:00:20"),
]


@pytest.mark.parametrize("most_remembered", [10_000, 1])
def test_every_refused_row_has_its_line_and_its_first_problem(most_remembered: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "_MOST_REFUSED", most_remembered)
    reading = read(csv_text(("Date", "Vendor", "Wait", "Handled"), ROWS), RECIPE)
    assert reading.rows_accepted == 1
    assert [(reject.line, reject.column, reject.code, reject.raw) for reject in reading.rejects.first(9)] == [
        (3, "Wait", "negative", "2026-03-02,Acme,-5,0:04:10"),
        (4, "Wait", "negative", "2026-03-02,Acme, -5,0:03:00"),
        (5, "Handled", "unit", "2026-03-02,Acme,7,soon"),
        (6, "Vendor", "no_vendor", "2026-03-02,,-5,soon"),
        (7, "Wait", "negative", "2026-03-02,Acme,-5,0:00:20"),
        (8, "Wait", "negative", "2026-03-02,Acme,-6,0:00:20"),
    ]
