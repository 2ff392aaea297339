"""Contacts on days that their source has rows of already: asked once, then replaced, added or skipped; undone to the last digit."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from analytics.errors import UsageError, WarehouseError
from analytics.intake import FileReport, Preview, Recipe, Shape, Status, keep, keep_all, rehearse
from analytics.intake.originals import Original
from analytics.intake.reading import AMOUNT, Reading
from analytics.intake.rejects import ListedRejects
from analytics.undoing import undo
from analytics.warehouse import Scope, Warehouse, active_batches

MONDAY, TUESDAY = date(2026, 1, 5), date(2026, 1, 6)
EVERYTHING = Scope.everything()
Rows = dict[tuple[date, str, str], int]


def contacts(rows: Rows, text: str = "recipe", shape: Shape = Shape.INTERACTIONS, threshold: int = 20, name: str = "calls.csv") -> Preview:
    """What a file of contacts was read as: (day, vendor, site) -> contacts offered."""
    keys = list(rows)
    table = pa.table(
        {
            "source": pa.array(["acd"] * len(rows)),
            "grain": pa.array(["day"] * len(rows)),
            "period_start": pa.array([key[0] for key in keys], pa.date32()),
            "vendor": pa.array([key[1] for key in keys]),
            "site": pa.array([key[2] for key in keys]),
            "lob": pa.nulls(len(rows), pa.string()),
            "channel": pa.nulls(len(rows), pa.string()),
            "threshold_seconds": pa.array([Decimal(threshold)] * len(rows), AMOUNT),
            "contacts_offered": pa.array(list(rows.values()), pa.int64()),
            "file_rows": pa.array(list(rows.values()), pa.int64()),
        }
    )
    content = repr((sorted(rows.items()), name)).encode()
    recipe = Recipe(name="calls", shape=shape, source="acd", text=text)
    return Preview(Original.of(content, name), recipe, Reading({"performance_rows": table}, len(rows), ListedRejects()))


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    warehouse = Warehouse(tmp_path)
    assert keep(warehouse, contacts({(MONDAY, "Acme", "Lund"): 10, (MONDAY, "Acme", "Oslo"): 5})).status is Status.STORED
    return warehouse


def counted(warehouse: Warehouse) -> dict[tuple[str, str, str], int]:
    rows = warehouse.open().select(EVERYTHING, "SELECT period_start, vendor, site, contacts_offered FROM performance")
    return {(f"{start:%a}", vendor, site): int(offered) for start, vendor, site, offered in rows.itertuples(index=False)}


MORE = {(MONDAY, "Acme", "Lund"): 3, (MONDAY, "Bolt", "Lund"): 1, (TUESDAY, "Acme", "Lund"): 7}
BOLT_AND_TUESDAY = {("Mon", "Bolt", "Lund"): 1, ("Tue", "Acme", "Lund"): 7}


def test_nothing_is_stored_until_it_is_answered(warehouse: Warehouse) -> None:
    report = keep(warehouse, contacts(MORE))
    assert report.status is Status.QUESTIONS and warehouse.newest == 1
    (question,) = report.questions
    assert question.key == "occupied" and [choice.value for choice in question.choices] == ["replace", "add", "skip"]
    assert question.text.startswith("acd already has 15 rows of Acme on 1 day of this file (2026-01-05); this file brings 3 rows for them.")
    assert rehearse(warehouse, contacts(MORE)).questions == (question,)
    assert rehearse(warehouse, contacts(MORE), {"occupied": "add"}).status is Status.DRY_RUN


@pytest.mark.parametrize(
    ("answer", "monday"),
    [
        ("replace", {("Mon", "Acme", "Lund"): 3}),
        ("add", {("Mon", "Acme", "Lund"): 13, ("Mon", "Acme", "Oslo"): 5}),
        ("skip", {("Mon", "Acme", "Lund"): 10, ("Mon", "Acme", "Oslo"): 5}),
    ],
)
def test_every_answer_counts_as_it_says_and_is_undone(warehouse: Warehouse, answer: str, monday: dict) -> None:
    """Oslo is not in the second file: replaced as a whole, the day has no Oslo any more."""
    before = counted(warehouse)
    report = keep(warehouse, contacts(MORE), answers={"occupied": answer})
    assert report.status is Status.STORED and counted(warehouse) == monday | BOLT_AND_TUESDAY
    batches = warehouse.open().select(EVERYTHING, "SELECT how, answers, suffix, file_bytes FROM batches ORDER BY sequence")
    assert batches["how"].tolist() == ["replace", answer] and batches["answers"].tolist() == ["{}", f'{{"occupied": "{answer}"}}']
    assert batches["suffix"].tolist() == [".csv", ".csv"] and batches["file_bytes"].notna().all()
    undo(warehouse, report.batch or "")
    assert counted(warehouse) == before


def test_other_days_vendors_and_shapes_ask_nothing(warehouse: Warehouse) -> None:
    assert keep(warehouse, contacts({(TUESDAY, "Acme", "Lund"): 7})).status is Status.STORED
    assert keep(warehouse, contacts({(MONDAY, "Bolt", "Lund"): 7})).status is Status.STORED
    corrected = keep(warehouse, contacts({(MONDAY, "Acme", "Lund"): 11}, shape=Shape.AGGREGATES))
    assert corrected.status is Status.STORED
    assert counted(warehouse)["Mon", "Acme", "Lund"] == 11 and counted(warehouse)["Mon", "Acme", "Oslo"] == 5


def test_another_file_of_the_same_write_occupies_days_too(tmp_path: Path) -> None:
    reads = [contacts({(MONDAY, "Acme", "Lund"): count}) for count in (1, 2)]
    assert [report.status for report in keep_all(Warehouse(tmp_path), reads)] == [Status.STORED, Status.QUESTIONS]


def test_a_changed_recipe_keeps_place_and_answer(warehouse: Warehouse) -> None:
    """First 10 + 5, then 3 added, then 20 in place of the first file: 20 + 3, not 20."""
    keep(warehouse, contacts(MORE, name="more.csv"), answers={"occupied": "add"})
    first = contacts({(MONDAY, "Acme", "Lund"): 10, (MONDAY, "Acme", "Oslo"): 5}, text="another recipe")
    assert keep(warehouse, first).status is Status.STORED
    assert counted(warehouse)["Mon", "Acme", "Lund"] == 13
    again = keep(warehouse, contacts(MORE, text="another recipe", name="more.csv"))
    assert again.status is Status.STORED and counted(warehouse)["Mon", "Acme", "Lund"] == 13
    assert [(batch.sequence, batch.how) for batch in active_batches(warehouse.open(), EVERYTHING)] == [(1, "replace"), (2, "add")]


def refused_for_its_threshold(report: FileReport) -> bool:
    (issue,) = report.issues
    return (
        report.status is Status.REFUSED and "Acme, 2026-01-05: rows of acd with different thresholds (20 and 30 seconds)" in issue.message
    )


def test_contacts_counted_by_another_threshold_are_not_added(warehouse: Warehouse) -> None:
    read = contacts({(MONDAY, "Acme", "Lund"): 3}, threshold=30)
    assert refused_for_its_threshold(keep(warehouse, read, answers={"occupied": "add"}))
    assert counted(warehouse)["Mon", "Acme", "Lund"] == 10
    assert keep(warehouse, read, answers={"occupied": "replace"}).status is Status.STORED


def test_a_refused_file_does_not_hold_up_another(warehouse: Warehouse) -> None:
    reads = [contacts({(MONDAY, "Acme", "Lund"): 3}, threshold=30), contacts({(TUESDAY, "Acme", "Lund"): 4})]
    refused, stored = keep_all(warehouse, reads, answers={"occupied": "add"})
    assert refused_for_its_threshold(refused) and stored.status is Status.STORED


def test_an_undo_that_would_mix_thresholds_is_refused(warehouse: Warehouse) -> None:
    """20 s, then replaced by 30 s, then added to with 30 s: without the second file 20 and 30 s would be added."""
    second = keep(warehouse, contacts({(MONDAY, "Acme", "Lund"): 1}, threshold=30), answers={"occupied": "replace"})
    keep(warehouse, contacts({(MONDAY, "Acme", "Lund"): 2}, threshold=30), answers={"occupied": "add"})
    with pytest.raises(WarehouseError, match="undo the batch that was added"):
        undo(warehouse, second.batch or "")
    assert counted(warehouse)["Mon", "Acme", "Lund"] == 3 and warehouse.newest == 3


def test_an_answer_that_is_no_choice_is_refused(warehouse: Warehouse) -> None:
    with pytest.raises(UsageError, match="Did you mean: replace"):
        keep(warehouse, contacts(MORE), answers={"occupied": "replce"})
    with pytest.raises(UsageError, match="Unknown answer 'occupy'"):
        keep(warehouse, contacts(MORE), answers={"occupy": "replace"})


def test_a_load_that_changes_published_numbers_says_so(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path)

    def file(offered: int) -> Preview:
        read = contacts({(MONDAY, "Acme", "Lund"): offered})
        assert read.reading is not None
        table = read.reading.tables["performance_rows"].append_column("contacts_handled", pa.array([9], pa.int64()))
        return Preview(read.original, read.recipe, Reading({"performance_rows": table}, 1, read.reading.rejects))

    keep(warehouse, file(10))
    report = keep(warehouse, file(12), answers={"occupied": "replace"})
    assert [issue.code for issue in report.issues] == []  # nothing offered or handled is a KPI of its own but contacts_handled, which stays
    added = keep(warehouse, file(13), answers={"occupied": "add"})
    assert [(issue.code, issue.count) for issue in added.issues] == [("restated", 1)]
    assert "A published value of Acme (2026-01) read" in added.issues[0].message
    found = warehouse.open().select(EVERYTHING, "SELECT batch_id, action, kpi, old_value, new_value FROM restatements")
    assert found.to_numpy().tolist() == [[added.batch, "load", "contacts_handled", 9.0, 18.0]]
    undo(warehouse, added.batch or "")
    found = warehouse.open().select(EVERYTHING, "SELECT action, old_value, new_value FROM restatements ORDER BY restated_at")
    assert found.to_numpy().tolist() == [["load", 9.0, 18.0], ["undo", 18.0, 9.0]]
