"""Files tried: with the stored rows exactly the warehouse after keeping, alone only their own rows; nothing is changed or left behind."""

import tempfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from threading import Thread
from time import sleep

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.errors import IntakeError
from analytics.intake import Preview, Status, keep_all, parse_recipe, preview
from analytics.intake.difference import Difference, difference
from analytics.intake.trial import TriedFile, open_trial
from analytics.warehouse import Scope, Store, Warehouse

pytestmark = pytest.mark.slow

EVERYTHING = Scope.everything()
RECIPE = """shape = "aggregates"
source = "{source}"
[dimensions]
period_start = {{column = "Date", grain = "day"}}
vendor = {{column = "Vendor"}}
[measures]
contacts_offered = {{column = "Calls"}}
"""
CONTACTS = """shape = "interactions"
source = "tickets"
[dimensions]
period_start = {column = "Date", grain = "day"}
vendor = {column = "Vendor"}
[measures]
contacts_handled = {count = true}
"""
TARGETS = 'shape = "register"\nregister = "targets"\nname = "targets"\n'
COUNTING = ("performance", "scorecard", "reporting", "performance_added", "targets")
OFFERED = "SELECT vendor, period_start::VARCHAR AS day, contacts_offered::INTEGER AS offered FROM performance ORDER BY ALL"


def read(rows: str, source: str = "acd", name: str = "calls.csv") -> Preview:
    return preview(f"Date,Vendor,Calls\n{rows}\n".encode(), name, parse_recipe(RECIPE.format(source=source), source))


def contacts(rows: str) -> Preview:
    return preview(f"Date,Vendor\n{rows}\n".encode(), "tickets.csv", parse_recipe(CONTACTS, "tickets"))


def tried(found: Preview, **answers: str) -> TriedFile:
    return TriedFile(found, tuple(answers.items()))


def offered(store: Store) -> list[list[object]]:
    return store.select(EVERYTHING, OFFERED).to_numpy().tolist()


def counting(store: Store) -> dict[str, pd.DataFrame]:
    """Every table that pages read, in one order."""
    return {table: store.select(EVERYTHING, f"SELECT * FROM {table} ORDER BY ALL") for table in COUNTING}


@pytest.fixture
def warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Warehouse:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    return Warehouse(tmp_path / "warehouse")


@pytest.mark.parametrize("alone", [True, False])
def test_without_a_warehouse_the_file_is_all_there_is(warehouse: Warehouse, alone: bool) -> None:
    with closing(open_trial(warehouse, [tried(read("2026-01-05,Acme,10"))], alone=alone)) as trial:
        assert offered(trial.store) == [["Acme", "2026-01-05", 10]]
        assert trial.batches == ("b0001",)
    assert not warehouse.exists


def test_both_and_alone(warehouse: Warehouse, tmp_path: Path) -> None:
    """
    stored: Acme 5 Jan 10, 6 Jan 20. The file: 6 Jan 20 (identical), 7 Jan 5 (new); corrected: 5 Jan 11 (restated).
    """
    keep_all(warehouse, [read("2026-01-05,Acme,10\n2026-01-06,Acme,20")])
    file = tried(read("2026-01-05,Acme,11\n2026-01-06,Acme,20\n2026-01-07,Acme,5"))
    with closing(open_trial(warehouse, [file])) as both, closing(open_trial(warehouse, [file], alone=True)) as alone:
        assert [value for _, _, value in offered(both.store)] == [value for _, _, value in offered(alone.store)] == [11, 20, 5]
        assert difference(both, EVERYTHING) == Difference(new=1, identical=1, restated=1)
        assert (both.batches, alone.batches) == (("b0002",), ("b0002",))
        named = "SELECT file_name FROM batches ORDER BY ALL"
        assert (len(both.store.select(EVERYTHING, named)), len(alone.store.select(EVERYTHING, named))) == (2, 1)
    assert offered(warehouse.open()) == [["Acme", "2026-01-05", 10], ["Acme", "2026-01-06", 20]]
    assert list((tmp_path / "temporary").iterdir()) == []


def test_alone_keeps_the_targets_to_judge_by(warehouse: Warehouse) -> None:
    targets = preview(b"kpi,comparator,expected,valid_from\nservice_level,>=,80 %,2026-01-01\n", "targets.csv", parse_recipe(TARGETS, "t"))
    keep_all(warehouse, [targets, read("2026-01-05,Acme,10", name="other.csv")])
    with closing(open_trial(warehouse, [tried(read("2026-01-05,Bolt,3"))], alone=True)) as trial:
        assert offered(trial.store) == [["Bolt", "2026-01-05", 3]]
        assert len(trial.store.select(EVERYTHING, "FROM targets")) == 1


def test_alone_has_the_names_and_zeros_that_keeping_stores(warehouse: Warehouse) -> None:
    """Stored: Asterion 20 on four days. The file: 'asterion' 5, one with a Cyrillic o is answered 6, then 4 days of zeros."""
    keep_all(warehouse, [read("\n".join(f"2026-01-0{day},Asterion,20" for day in range(5, 9)))])
    rows = "2026-01-12,asterion,5\n2026-01-13,Asteri\u043en,6\n" + "\n".join(f"2026-01-1{day},Asterion,0" for day in range(4, 8))
    file = tried(read(rows, name="next.csv"), **{"vendor.Asteri\u043en": "Asterion", "zeros": "drop"})
    with closing(open_trial(warehouse, [file], alone=True)) as alone, closing(open_trial(warehouse, [file])) as both:
        own = [["Asterion", "2026-01-12", 5], ["Asterion", "2026-01-13", 6]]
        assert offered(alone.store) == own
        assert offered(both.store)[4:] == own
        decided = "SELECT answers FROM batches WHERE file_name = 'next.csv'"
        for trial in (alone, both):
            assert '"vendor.asterion": "Asterion"' in trial.store.select(EVERYTHING, decided)["answers"].iloc[0]


def test_a_stored_file_can_be_looked_at_alone_and_changes_nothing(warehouse: Warehouse) -> None:
    file = read("2026-01-05,Acme,10")
    keep_all(warehouse, [file, read("2026-01-05,Bolt,3", name="other.csv")])
    with closing(open_trial(warehouse, [tried(file)], alone=True)) as alone, closing(open_trial(warehouse, [tried(file)])) as both:
        assert offered(alone.store) == [["Acme", "2026-01-05", 10]]
        assert [report.status for report in both.reports] == [Status.UNCHANGED]
        assert difference(both, EVERYTHING) == Difference(identical=1)


def test_a_refusal_or_an_open_question_is_said(warehouse: Warehouse, tmp_path: Path) -> None:
    keep_all(warehouse, [read("2026-01-05,Acme,10")])
    with pytest.raises(IntakeError, match="No row could be accepted"):
        open_trial(warehouse, [tried(read("2026-01-05,Acme,many"))])
    other = read("2026-01-05,Acme,12", source="wfm")
    with pytest.raises(IntakeError, match="Which source counts"):
        open_trial(warehouse, [tried(other)])
    with closing(open_trial(warehouse, [tried(other, counts="wfm")])) as answered:
        assert offered(answered.store) == [["Acme", "2026-01-05", 12]]
    with closing(open_trial(warehouse, [tried(other)], alone=True)) as alone:
        assert offered(alone.store) == [["Acme", "2026-01-05", 12]]
    assert list((tmp_path / "temporary").iterdir()) == []


def test_files_tried_together_may_ask_about_each_other(warehouse: Warehouse, tmp_path: Path) -> None:
    files = [read("2026-01-05,Acme,10"), read("2026-01-05,Acme,12", source="wfm", name="wfm.csv")]
    with pytest.raises(IntakeError, match=r"wfm.csv cannot be reviewed yet: .*Which source counts"):
        open_trial(warehouse, [tried(file) for file in files])
    assert list((tmp_path / "temporary").iterdir()) == []
    with closing(open_trial(warehouse, [tried(files[0]), tried(files[1], counts="wfm")])) as trial:
        assert offered(trial.store) == [["Acme", "2026-01-05", 12]]


@pytest.mark.parametrize(("how", "handled"), [("replace", 1), ("add", 3), ("skip", 2)])
def test_contacts_on_occupied_days_follow_the_answer(warehouse: Warehouse, how: str, handled: int) -> None:
    keep_all(warehouse, [contacts("2026-01-05,Acme\n2026-01-05,Acme")])
    with closing(open_trial(warehouse, [tried(contacts("2026-01-05,Acme"), occupied=how)])) as trial:
        assert trial.store.select(EVERYTHING, "SELECT contacts_handled::INTEGER AS n FROM performance")["n"].tolist() == [handled]


def test_rows_that_are_skipped_are_not_new(warehouse: Warehouse) -> None:
    """
    stored: Acme 5 Jan. The file, which skips occupied days: Acme 5 Jan (another site, so another key), Acme 6 Jan (new).
    """
    sites = parse_recipe(CONTACTS.replace("[measures]", 'site = {column = "Site"}\n[measures]'), "tickets")
    keep_all(warehouse, [preview(b"Date,Vendor,Site\n2026-01-05,Acme,Leeds\n", "a.csv", sites)])
    file = preview(b"Date,Vendor,Site\n2026-01-05,Acme,Cebu\n2026-01-05,Acme,Leeds\n2026-01-06,Acme,Cebu\n", "b.csv", sites)
    with closing(open_trial(warehouse, [tried(file, occupied="skip")])) as trial:
        assert difference(trial, EVERYTHING) == Difference(new=1, skipped=2)


def test_the_restated_numbers_are_written_in_the_copy(warehouse: Warehouse) -> None:
    keep_all(warehouse, [read("2026-01-05,Acme,10")])
    with closing(open_trial(warehouse, [tried(read("2026-01-05,Acme,12"))])) as trial:
        changed = trial.store.select(EVERYTHING, "SELECT batch_id, old_value, new_value FROM restatements WHERE kpi = 'contacts_offered'")
        assert changed.to_numpy().tolist() in ([], [["b0002", 10.0, 12.0]])
    assert warehouse.open().select(EVERYTHING, "FROM restatements").empty


ROW = st.tuples(st.sampled_from(["2026-01-05", "2026-01-06", "2026-02-01"]), st.sampled_from(["Acme", "Bolt"]), st.integers(0, 9))
FILE = st.tuples(st.sampled_from(["acd", "wfm"]), st.lists(ROW, min_size=1, max_size=4, unique_by=lambda row: row[:2]))


def _reads(files: list[tuple[str, list[tuple[str, str, int]]]], prefix: str) -> list[Preview]:
    texts = ["\n".join(",".join(map(str, row)) for row in rows) for _, rows in files]
    return [read(text, source, f"{prefix}{index}.csv") for index, ((source, _), text) in enumerate(zip(files, texts, strict=True))]


@given(stored=st.lists(FILE, max_size=2), new=st.lists(FILE, min_size=1, max_size=2), counts=st.sampled_from(["acd", "wfm"]))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_both_is_the_warehouse_after_keeping(tmp_path_factory: pytest.TempPathFactory, stored: list, new: list, counts: str) -> None:
    """Whatever is stored and whatever comes: the frames of the trial equal those after really keeping the same files."""
    warehouse = Warehouse(tmp_path_factory.mktemp("w"))
    answers: Mapping[str, str] = {"counts": counts}
    if stored:
        keep_all(warehouse, _reads(stored, "stored"), answers=answers)
    reads = _reads(new, "new")
    try:
        trial = open_trial(warehouse, [tried(file, **answers) for file in reads])
    except IntakeError as problem:
        assert "cannot be reviewed" in str(problem)
        return
    with closing(trial):
        shown = counting(trial.store)
        reports = keep_all(warehouse, reads, answers=answers)
        assert [report.status for report in reports] == [report.status for report in trial.reports]
        for table, frame in counting(warehouse.open()).items():
            pd.testing.assert_frame_equal(shown[table], frame)


def test_a_visit_that_ends_during_a_question_leaves_nothing_behind(warehouse: Warehouse, tmp_path: Path) -> None:
    trial = open_trial(warehouse, [tried(read("2026-01-05,Acme,10"))], alone=True)
    slow = "SELECT sum(a.range * b.range) FROM range(30000) AS a, range(20000) AS b"
    asking = Thread(target=lambda: trial.store.select(EVERYTHING, slow))
    asking.start()
    sleep(0.2)
    trial.close()
    assert list((tmp_path / "temporary").iterdir()) == []
    asking.join()
