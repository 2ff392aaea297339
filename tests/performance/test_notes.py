"""Notes and events: which stand, what they stand for, at which point of a chart, and what may be written."""

from datetime import date
from pathlib import Path

import pytest

from analytics.errors import UsageError
from analytics.filters import Filters
from analytics.intake.entering import Row, entered
from analytics.intake.report import Status
from analytics.performance.notes import (
    LONGEST_NOTE,
    Entered,
    Note,
    all_events,
    all_notes,
    event_row,
    events_on,
    note_row,
    notes_of_row,
    notes_on,
    point_of,
    vendors_left,
)
from analytics.performance.trend_notes import trend_notes
from analytics.performance.trends import TrendRequest, one_trend, trend_events
from analytics.periods import Grain, Period
from analytics.undoing import undo
from analytics.warehouse import Scope, Warehouse
from tests.rows import EVERYTHING, empty_warehouse, store_of

HOSTILE = '=HYPERLINK("http://a.b") <script>x</script> **bold** $y$ :red[z] \u202e "quoted", \'single\''


def note(period: str, vendor: str = "Acme", kpi: str = "csat") -> Note:
    return Note(date(2026, 10, 1), "M. L.", kpi, vendor, period, "Words", Entered())


def write(warehouse: Warehouse, register: str, row: Row) -> str:
    report = entered(warehouse, register, [row])
    assert report.status is Status.STORED, report.issues
    return report.batch or ""


class TestPlaces:
    MONTHS = tuple(Period(date(2026, month, 1), Grain.MONTH) for month in (5, 6, 7, 8, 9))

    @pytest.mark.parametrize(
        ("period", "place"),
        [
            ("2026-08", 3),
            ("2026-Q3", 4),
            ("2026-Q2", 1),
            ("2026", 4),
            ("2026-W31", 2),
            ("2026-08-14", 3),
            ("2025-Q3", None),
            ("Q3", None),
            ("", None),
        ],
    )
    def test_at_its_period_or_the_last_inside_it(self, period: str, place: int | None) -> None:
        assert point_of(note(period), self.MONTHS) == place
        assert point_of(note(period), ()) is None

    def test_a_row_has_the_notes_on_its_period_and_parts_of_it(self) -> None:
        notes = [note("2026-Q3"), note("2026-08"), note("2026-08", "Beta"), note("2026-08", ""), note("2026"), note("Q3")]
        quarter = Period.parse("2026-Q3")
        assert len(notes_of_row(notes, quarter, "Acme")) == 3
        assert len(notes_of_row(notes, quarter, "")) == 4


class TestHistory:
    def test_a_newer_note_of_the_same_author_stands_in_place_of_the_older(self, tmp_path: Path) -> None:
        warehouse, day = empty_warehouse(tmp_path), date(2026, 11, 20)
        write(warehouse, "notes", note_row("First", "A. B.", day, kpi="csat", vendor="Acme", period="2026-Q3"))
        second = write(warehouse, "notes", note_row("Second", "A. B.", day, kpi="csat", vendor="Acme", period="2026-Q3"))
        write(warehouse, "notes", note_row("Beside", "C. D.", day, kpi="csat", vendor="Acme", period="2026-Q3"))
        beside, newest = all_notes(warehouse.open(), EVERYTHING)
        assert (beside.body, newest.body, [older.body for older in newest.earlier]) == ("Beside", "Second", ["First"])
        assert (newest.entered.batch, newest.entered.by, newest.entered.file[:14]) == (second, "local", "entered: notes")
        undo(warehouse, second, "local")
        assert [found.body for found in all_notes(warehouse.open(), EVERYTHING)] == ["Beside", "First"]

    def test_an_event_entered_again_has_new_words_and_owner(self, tmp_path: Path) -> None:
        warehouse, day = empty_warehouse(tmp_path), date(2026, 8, 14)
        write(warehouse, "events", event_row(day, "Outage", "A. B.", "Power", vendor="Acme"))
        write(warehouse, "events", event_row(day, "Outage", "C. D.", "Power and network", vendor="Acme"))
        (event,) = all_events(warehouse.open(), EVERYTHING)
        assert (event.owner, event.description) == ("C. D.", "Power and network")
        assert [(older.owner, older.description) for older in event.earlier] == [("A. B.", "Power")]

    def test_words_stay_words(self, tmp_path: Path) -> None:
        warehouse = empty_warehouse(tmp_path)
        rows = [note_row(HOSTILE, "<b>A</b>", date(2026, 11, 19)), note_row("x" * LONGEST_NOTE, "A", date(2026, 11, 20))]
        assert entered(warehouse, "notes", rows).status is Status.STORED
        longest, hostile = all_notes(warehouse.open(), EVERYTHING)
        assert hostile.body.startswith('=HYPERLINK("http://a.b") <script>x</script> **bold** $y$') and hostile.author == "<b>A</b>"
        assert len(longest.body) == LONGEST_NOTE

    def test_of_other_vendors_nothing_exists(self, tmp_path: Path) -> None:
        written = [{"written_on": date(2026, 10, 1), "vendor": vendor, "body": f"on {vendor}"} for vendor in ("Acme", "Beta", None)]
        store = store_of(tmp_path, notes=written)
        assert {found.body for found in all_notes(store, Scope.of("acme", ["Acme"]))} == {"on Acme", "on None"}
        assert {found.body for found in notes_on(store, EVERYTHING, "csat", Filters(vendor=("Beta",)))} == {"on Beta", "on None"}

    def test_a_site_leaves_the_notes_and_events_of_the_vendors_that_work_there(self, tmp_path: Path) -> None:
        places = {"Acme": "Pune", "Beta": "Halifax"}
        rows = [{"vendor": vendor, "site": site, "channel": "voice", "contacts_offered": 1} for vendor, site in places.items()]
        named: list[str | None] = ["Acme", "Beta", None]
        notes = [{"written_on": date(2026, 10, 1), "vendor": vendor, "body": f"on {vendor}"} for vendor in named]
        events = [{"happened_on": date(2026, 7, 1), "vendor": vendor, "title": f"at {vendor}"} for vendor in named]
        store = store_of(tmp_path, rows, notes=notes, events=events)
        pune, voice = Filters(site=("Pune",)), Filters(channel=("voice",))
        assert {found.body for found in notes_on(store, EVERYTHING, "csat", pune)} == {"on Acme", "on None"}
        assert {found.title for found in events_on(store, EVERYTHING, "csat", pune)} == {"at Acme", "at None"}
        request = TrendRequest("csat", Grain.MONTH, date(2026, 7, 1), date(2026, 7, 31), pune)
        assert set(trend_events(store, EVERYTHING, request)["title"]) == {"at Acme", "at None"}
        assert len(notes_on(store, EVERYTHING, "csat", voice)) == 3
        assert vendors_left(store, EVERYTHING, Filters(vendor=("Beta",), channel=("voice",))) == ("Beta",)


@pytest.mark.parametrize(
    ("body", "author", "period", "said"),
    [
        ("  ", "A", "", "The note is empty."),
        ("x" * 501, "A", "", "The note has 501 characters, more than 500."),
        ("x", "", "", "The name is empty."),
        ("x", "A", "Q3", "'Q3' is not a period."),
    ],
)
def test_what_cannot_be_written_is_said(body: str, author: str, period: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        note_row(body, author, date(2026, 11, 20), period=period)


def test_under_a_trend_the_newest_come_first_with_their_numbers(tmp_path: Path) -> None:
    """Notes on September (2), on the third quarter (at September) and on July; one event inside the range, one outside."""
    rows = [{"period_start": date(2026, month, 1), "grain": "month", "contacts_handled": 10} for month in range(5, 10)]
    texts = {"2026-07": "July", "2026-Q3": "Quarter", "2026-09": "September", "Q3": "Somewhen", "2025-07": "Old"}
    notes = [{"written_on": date(2026, 10, 1), "kpi": "contacts_handled", "period": period, "body": body} for period, body in texts.items()]
    events = [{"happened_on": date(2026, 8, 14), "title": "Outage"}, {"happened_on": date(2025, 8, 14), "title": "Long ago"}]
    store = store_of(tmp_path, rows, notes=notes, events=events)
    request = TrendRequest("contacts_handled", Grain.MONTH, date(2026, 5, 1), date(2026, 9, 30))
    found = trend_notes(store, EVERYTHING, request, one_trend(store, EVERYTHING, request).series)
    assert sorted((entry.body or entry.title) for entry in found.entries[:2]) == ["Quarter", "September"]
    assert [entry.number for entry in found.entries] == [1, 2, 0, 3, 0]
    assert [(entry.body or entry.title) for entry in found.entries[2:]] == ["Outage", "July", "Somewhen"]
    assert found.on_chart["period"].dt.month.tolist() == [9, 9, 7]
