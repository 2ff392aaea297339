"""Keeping files: once, corrected by key, undone to the last digit, and asked about when two sources report the same."""

import gc
from pathlib import Path

import pandas as pd
import pytest

from analytics.errors import UsageError
from analytics.intake import FileReport, Status, keep_all, load_file, parse_recipe, preview, recipe_for, stored_recipes
from analytics.intake.contacts import reading
from analytics.intake.originals import Original
from analytics.undoing import undo
from analytics.warehouse import Scope, Warehouse, active_batches, list_batches

pytestmark = pytest.mark.slow

EVERYTHING = Scope.everything()
COUNTS = "SELECT source, grain, period_start, vendor, contacts_offered, contacts_handled, batch_id FROM performance ORDER BY ALL"
RECIPE = """shape = "aggregates"
source = "{source}"
[match]
columns = ["Date", "Vendor", "Calls"]
[dimensions]
period_start = {{column = "Date", grain = "{grain}"}}
vendor = {{column = "Vendor"}}
[measures]
{measure} = {{column = "Calls"}}
"""
TARGETS = 'shape = "register"\nregister = "targets"\nname = "targets"\n'


def recipe(source: str = "acd", grain: str = "day", measure: str = "contacts_offered"):
    return parse_recipe(RECIPE.format(source=source, grain=grain, measure=measure), source)


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "warehouse")


def load(warehouse: Warehouse, rows: str, by=None, header: str = "Date,Vendor,Calls", **settings) -> FileReport:
    path = warehouse.folder.parent / "export.csv"
    path.write_text(f"{header}\n{rows}\n", encoding="utf-8")
    return load_file(warehouse, path, by or recipe(), **settings)


def counts(warehouse: Warehouse, sql: str = COUNTS) -> pd.DataFrame:
    return warehouse.open().select(EVERYTHING, sql)


def offered(warehouse: Warehouse) -> dict[str, int]:
    found = counts(warehouse, "SELECT source, sum(contacts_offered)::INTEGER AS offered FROM performance GROUP BY source ORDER BY source")
    return dict(zip(found["source"], found["offered"], strict=True))


def test_loading_twice_changes_nothing(warehouse: Warehouse) -> None:
    first = load(warehouse, "2026-01-05,Acme,10")
    again = load(warehouse, "2026-01-05,Acme,10")
    assert (first.status, again.status, first.batch) == (Status.STORED, Status.UNCHANGED, again.batch)
    assert warehouse.newest == 1 and offered(warehouse) == {"acd": 10}


def test_a_corrected_file_replaces_only_its_keys_and_undo_restores_the_rest(warehouse: Warehouse) -> None:
    load(warehouse, "2026-01-05,Acme,10\n2026-01-06,Acme,20\n2026-01-05,Bolt,5")
    before = counts(warehouse)
    correction = load(warehouse, "2026-01-06,Acme,21\n2026-01-07,Acme,1")
    assert offered(warehouse) == {"acd": 37}
    undo(warehouse, correction.batch or "")
    pd.testing.assert_frame_equal(counts(warehouse), before)
    assert [batch.status for batch in list_batches(warehouse.open(), EVERYTHING)] == ["active", "undone"]
    assert load(warehouse, "2026-01-06,Acme,21\n2026-01-07,Acme,1").status is Status.STORED
    with pytest.raises(UsageError, match="already undone"):
        undo(warehouse, correction.batch or "")


def test_undoing_the_older_file_leaves_the_correction(warehouse: Warehouse) -> None:
    older = load(warehouse, "2026-01-05,Acme,10\n2026-01-06,Acme,20")
    load(warehouse, "2026-01-06,Acme,21")
    undo(warehouse, older.batch or "")
    assert offered(warehouse) == {"acd": 21}


def test_the_same_file_by_a_new_recipe_is_replaced_in_its_place(warehouse: Warehouse) -> None:
    """The first file, re-read, stays the older one: the correction of 6 January still wins."""
    rows = "2026-01-05,Acme,10\n2026-01-06,Acme,20"
    load(warehouse, rows)
    load(warehouse, "2026-01-06,Acme,21")
    before = counts(warehouse)
    other = parse_recipe(
        RECIPE.format(source="acd", grain="day", measure="contacts_offered").replace('"Vendor"}', '"Vendor"} # same'), "acd"
    )
    again = load(warehouse, rows, other)
    assert again.status is Status.STORED and offered(warehouse) == {"acd": 31}
    assert [batch.sequence for batch in active_batches(warehouse.open(), EVERYTHING)] == [2, 1]
    undo(warehouse, again.batch or "")
    pd.testing.assert_frame_equal(counts(warehouse), before)


def test_a_new_recipe_with_another_source_name_asks_nothing_of_its_former_self(warehouse: Warehouse) -> None:
    load(warehouse, "2026-01-05,Acme,10")
    assert load(warehouse, "2026-01-05,Acme,10", recipe("telephony")).status is Status.STORED
    assert offered(warehouse) == {"telephony": 10}


class TestTwoSources:
    """acd reports 10 for 5 January, wfm reports 300 for the whole of January: adding them would be 310."""

    @pytest.fixture(autouse=True)
    def acd(self, warehouse: Warehouse) -> None:
        load(warehouse, "2026-01-05,Acme,10")

    def monthly(self, warehouse: Warehouse, **settings) -> FileReport:
        return load(warehouse, "2026-01-01,Acme,300\n2026-02-01,Acme,400", recipe("wfm", "month"), **settings)

    def test_a_second_source_is_asked_about_and_nothing_is_stored_until_answered(self, warehouse: Warehouse) -> None:
        report = self.monthly(warehouse)
        assert report.status is Status.QUESTIONS and warehouse.newest == 1
        (question,) = report.questions
        assert question.key == "counts" and [choice.value for choice in question.choices] == ["acd", "wfm"]
        assert "Acme: contacts offered" in question.text

    @pytest.mark.parametrize(("chosen", "expected"), [("acd", {"acd": 10, "wfm": 400}), ("wfm", {"wfm": 700})])
    def test_the_answer_counts_month_by_month_and_is_remembered(self, warehouse: Warehouse, chosen: str, expected: dict) -> None:
        before = counts(warehouse)
        report = self.monthly(warehouse, answers={"counts": chosen})
        assert report.status is Status.STORED and offered(warehouse) == expected
        more = load(warehouse, "2026-01-06,Acme,1")
        assert more.status is Status.STORED
        undo(warehouse, more.batch or "")
        undo(warehouse, report.batch or "")
        pd.testing.assert_frame_equal(counts(warehouse), before)

    def test_an_answer_that_is_no_choice_is_refused(self, warehouse: Warehouse) -> None:
        with pytest.raises(UsageError, match="Did you mean: wfm"):
            self.monthly(warehouse, answers={"counts": "wfn"})
        with pytest.raises(UsageError, match="Unknown answer 'count'"):
            self.monthly(warehouse, answers={"count": "wfm"})
        assert warehouse.newest == 1

    def test_another_measure_or_vendor_or_month_is_no_conflict(self, warehouse: Warehouse) -> None:
        assert load(warehouse, "2026-01-01,Acme,9", recipe("wfm", "month", "contacts_handled")).status is Status.STORED
        assert load(warehouse, "2026-01-01,Bolt,9", recipe("crm", "month")).status is Status.STORED
        assert load(warehouse, "2026-02-01,Acme,9", recipe("bpm", "month")).status is Status.STORED

    def test_two_files_of_one_write_are_asked_about_too(self, tmp_path: Path) -> None:
        fresh = Warehouse(tmp_path / "fresh")
        content = b"Date,Vendor,Calls\n2026-01-01,Acme,10\n"
        reads = [preview(content, "a.csv", recipe()), preview(content + b"\n", "b.csv", recipe("wfm", "month"))]
        assert [report.status for report in keep_all(fresh, reads)] == [Status.STORED, Status.QUESTIONS]


def test_the_finer_grain_of_one_source_counts(warehouse: Warehouse) -> None:
    load(warehouse, "2026-01-01,Acme,300", recipe(grain="month"))
    assert load(warehouse, "2026-01-05,Acme,10").status is Status.STORED
    assert offered(warehouse) == {"acd": 10}
    reporting = counts(warehouse, "SELECT source, grain, kind FROM reporting")
    assert reporting.to_numpy().tolist() == [["acd", "day", "measured"]]


def test_a_measure_made_from_a_ratio_is_weighted(warehouse: Warehouse) -> None:
    ratio = parse_recipe(
        RECIPE.format(source="acd", grain="day", measure="contacts_offered")
        + '[kpis]\nservice_level = {column = "SL", unit = "percent", weight = "contacts_offered"}\n',
        "ratio",
    )
    load(warehouse, "2026-01-05,Acme,200,80", ratio, "Date,Vendor,Calls,SL")
    kinds = counts(warehouse, "SELECT measure, kind FROM reporting ORDER BY measure").to_numpy().tolist()
    assert kinds == [["answered_within_threshold", "weighted"], ["contacts_offered", "measured"]]


def test_a_scorecard_is_corrected_by_key_and_two_sources_are_asked_about(warehouse: Warehouse) -> None:
    text = RECIPE.format(source="{}", grain="month", measure="x").split("[measures]")[0].replace("aggregates", "scorecard")
    text += '[kpis]\ncsat = {{column = "Calls", unit = "percent"}}\n'.format()
    own, other = parse_recipe(text.replace("{}", "monthly"), "own"), parse_recipe(text.replace("{}", "deck"), "other")
    load(warehouse, "2026-01-01,Acme,90\n2026-02-01,Acme,91", own)
    load(warehouse, "2026-02-01,Acme,95", own)
    assert load(warehouse, "2026-02-01,Acme,96", other).status is Status.QUESTIONS
    load(warehouse, "2026-02-01,Acme,96", other, answers={"counts": "deck"})
    found = counts(warehouse, "SELECT source, actual FROM scorecard ORDER BY period_start").to_numpy().tolist()
    assert found == [["monthly", 0.9], ["deck", 0.96]]


def test_a_register_entry_is_superseded_by_key_and_comes_back_on_undo(warehouse: Warehouse) -> None:
    header = "kpi,comparator,expected,valid_from"
    targets = parse_recipe(TARGETS, "targets")
    load(warehouse, "csat,>=,0.8,2026-01-01\nfcr,>=,0.7,2026-01-01", targets, header)
    later = load(warehouse, "csat,>=,0.9,2026-01-01", targets, header)
    levels = "SELECT kpi, expected FROM targets ORDER BY kpi"
    assert counts(warehouse, levels).to_numpy().tolist() == [["csat", 0.9], ["first_contact_resolution", 0.7]]
    undo(warehouse, later.batch or "")
    assert counts(warehouse, levels).to_numpy().tolist() == [["csat", 0.8], ["first_contact_resolution", 0.7]]


def test_refused_rows_are_kept_with_the_batch(warehouse: Warehouse) -> None:
    report = load(warehouse, "2026-01-05,Acme,10\n2026-01-06,Acme,x")
    assert (report.status, report.rows_read, report.rows_accepted, report.rows_rejected) == (Status.STORED, 2, 1, 1)
    kept = counts(warehouse, "SELECT batch_id, line, column_name, raw FROM rejects").to_numpy().tolist()
    assert kept == [[report.batch, 3, "Calls", "2026-01-06,Acme,x"]]


def test_the_original_is_kept_under_its_hash(warehouse: Warehouse) -> None:
    load(warehouse, "2026-01-05,Acme,10")
    (batch,) = active_batches(warehouse.open(), EVERYTHING)
    assert (warehouse.originals / f"{batch.sha256}.csv").read_text(encoding="utf-8") == "Date,Vendor,Calls\n2026-01-05,Acme,10\n"


def test_a_dry_run_stores_nothing(warehouse: Warehouse) -> None:
    report = load(warehouse, "2026-01-05,Acme,10", dry_run=True)
    assert (report.status, report.rows_accepted, warehouse.exists) == (Status.DRY_RUN, 1, False)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"Date,Vendor,Cals\n2026-01-05,Acme,1\n", "no column 'Calls'"),
        (b"Date,Vendor,Calls\n5,Acme,1\n", "No row could be accepted"),
    ],
)
def test_a_file_that_cannot_be_kept_is_refused_and_nothing_stored(warehouse: Warehouse, content: bytes, message: str) -> None:
    path = warehouse.folder.parent / "bad.csv"
    path.write_bytes(content)
    report = load_file(warehouse, path, recipe())
    assert report.status is Status.REFUSED and message in report.issues[0].message and report.issues[0].remedy
    assert not warehouse.exists


def test_the_encoding_is_a_question_and_its_answer_is_enough(warehouse: Warehouse) -> None:
    path = warehouse.folder.parent / "latin.csv"
    path.write_bytes("Date,Vendor,Calls\n2026-01-05,Málaga,1\n".encode("cp1252"))
    assert load_file(warehouse, path, recipe()).questions[0].key == "encoding"
    assert load_file(warehouse, path, recipe(), {"encoding": "cp1252"}).status is Status.STORED
    assert counts(warehouse)["vendor"].tolist() == ["Málaga"]


def test_a_recipe_once_used_is_found_by_its_columns(warehouse: Warehouse) -> None:
    load(warehouse, "2026-01-05,Acme,10")
    assert [found.name for found in recipe_for(["vendor", "Calls", "Date", "More"], stored_recipes(warehouse))] == ["acd"]
    path = warehouse.folder.parent / "next.csv"
    path.write_text("Date,Vendor,Calls\n2026-01-06,Acme,11\n", encoding="utf-8")
    assert load_file(warehouse, path).status is Status.STORED
    path.write_text("Who,What\n1,2\n", encoding="utf-8")
    assert "No column is known to measure anything" in load_file(warehouse, path).issues[0].message


def test_several_fitting_recipes_are_a_question(warehouse: Warehouse) -> None:
    load(warehouse, "2026-01-05,Acme,10")
    load(warehouse, "2026-02-01,Bolt,10", recipe("wfm", "month"))
    path = warehouse.folder.parent / "next.csv"
    path.write_text("Date,Vendor,Calls\n2026-03-02,Acme,11\n", encoding="utf-8")
    report = load_file(warehouse, path)
    assert report.status is Status.QUESTIONS and {choice.value for choice in report.questions[0].choices} == {"acd", "wfm"}
    assert load_file(warehouse, path, answers={"recipe": "acd"}).source == "acd"


class TestOverlapsWithinOneSource:
    def test_measures_of_a_replaced_row_that_the_file_does_not_bring_are_named(self, warehouse: Warehouse) -> None:
        load(warehouse, "2026-01-05,Acme,10")
        report = load(warehouse, "2026-01-05,Acme,9", recipe(measure="contacts_handled"))
        assert [issue.code for issue in report.issues] == ["measures_dropped"]
        assert "also held contacts offered" in report.issues[0].message

    def test_totals_stored_beside_their_parts_are_named(self, warehouse: Warehouse) -> None:
        by_site = parse_recipe(
            RECIPE.format(source="acd", grain="day", measure="contacts_offered").replace(
                "[measures]", 'site = {column = "Site"}\n[measures]'
            ),
            "by_site",
        )
        load(warehouse, "2026-01-05,Acme,10")
        report = load(warehouse, "2026-01-05,Acme,4,Lund\n2026-01-05,Acme,6,Malmo", by_site, "Date,Vendor,Calls,Site")
        assert [(issue.code, issue.count) for issue in report.issues] == [("levels", 1)]


class TestAnswersOfAFileReadAgain:
    """wfm was answered to count; the same file by a changed recipe keeps that answer, in its place."""

    def test_the_answer_is_kept_with_the_file(self, warehouse: Warehouse) -> None:
        load(warehouse, "2026-01-05,Acme,10")
        monthly = "2026-01-01,Acme,300"
        load(warehouse, monthly, recipe("wfm", "month"), answers={"counts": "wfm"})
        again = load(
            warehouse, monthly, parse_recipe(RECIPE.format(source="wfm", grain="month", measure="contacts_offered") + "# v2\n", "wfm")
        )
        assert again.status is Status.STORED and offered(warehouse) == {"wfm": 300}
        undo(warehouse, again.batch or "")
        assert offered(warehouse) == {"wfm": 300}

    def test_an_answer_that_fits_no_longer_is_asked_again(self, warehouse: Warehouse) -> None:
        load(warehouse, "2026-01-05,Acme,10")
        load(warehouse, "2026-01-01,Acme,300", recipe("wfm", "month"), answers={"counts": "wfm"})
        again = load(warehouse, "2026-01-01,Acme,300", recipe("invoice", "month"))
        assert again.status is Status.QUESTIONS and {choice.value for choice in again.questions[0].choices} == {"acd", "invoice"}


class TestAMeasureAndItsParts:
    """Talk, hold and wrap-up time of acd and the handle time of wfm are the same seconds: asked about, and never both counted."""

    PARTS = RECIPE.format(source="acd", grain="day", measure="talk_seconds").replace(
        'talk_seconds = {column = "Calls"}',
        'talk_seconds = {column = "Calls", unit = "seconds"}\nhold_seconds = {constant = 0}\nwrap_seconds = {constant = 5}',
    )
    WHOLE = RECIPE.format(source="wfm", grain="day", measure="handle_seconds").replace('"Calls"}', '"Calls", unit = "seconds"}')

    @pytest.mark.parametrize(("chosen", "seconds"), [("acd", (100, None)), ("wfm", (None, 130))])
    def test_the_answer_holds_for_all_of_them(self, warehouse: Warehouse, chosen: str, seconds: tuple) -> None:
        load(warehouse, "2026-01-05,Acme,100", parse_recipe(self.PARTS, "acd"))
        whole = parse_recipe(self.WHOLE, "wfm")
        assert load(warehouse, "2026-01-05,Acme,130", whole).questions[0].key == "counts"
        load(warehouse, "2026-01-05,Acme,130", whole, answers={"counts": chosen})
        found = counts(warehouse, "SELECT sum(talk_seconds) AS talk, sum(handle_seconds) AS handle FROM performance")
        assert tuple(None if value != value else value for value in found.iloc[0]) == seconds
        assert load(warehouse, "2026-01-05,Acme,140", whole).status is Status.STORED


def test_a_large_file_of_contacts_is_copied_while_it_is_read_and_leaves_nothing_behind(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LARGE", 1)
    contacts, copied = (
        parse_recipe(RECIPE.format(source="acd", grain="day", measure="queue_seconds").replace("aggregates", "interactions"), "a"),
        [],
    )
    copy_ahead = Original.copy_ahead
    monkeypatch.setattr(Original, "copy_ahead", lambda self, path: (copied.append(path), copy_ahead(self, path)))
    report = load(warehouse, "2026-01-05,Acme,10\n2026-01-05,Acme,20\n2026-01-05,Acme,?", contacts)
    assert (report.status, report.rows_accepted, report.rows_rejected) == (Status.STORED, 2, 1)
    (kept,) = (warehouse.folder / "originals").glob("*.csv")
    assert kept.read_bytes() == (warehouse.folder.parent / "export.csv").read_bytes()
    gc.collect()
    assert len(copied) == 1 and not list(warehouse.folder.glob("reading-*"))

    load(warehouse, "2026-01-06,Acme,10", contacts, dry_run=True)
    gc.collect()
    assert len(copied) == 1 and not list(warehouse.folder.glob("reading-*"))
