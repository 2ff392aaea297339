"""Editions: byte for byte as issued, numbered, never overwritten; altered ones are found; none is seen from outside its scope."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from analytics.errors import UsageError, WarehouseError
from analytics.filters import Filters
from analytics.review.editions import Edition, editions, issue, newest_edition, open_edition
from analytics.review.frozen import digest, to_json
from analytics.review.model import Audience
from analytics.warehouse import Scope, Warehouse
from analytics.warehouse.backups import backup, restore
from tests.packs.reviews import hostile_review, ordinary_review, review_of
from tests.rows import EVERYTHING, empty_warehouse

REVIEW = ordinary_review()
OF_COBALT = review_of(("Cobalt Bay",), audience=Audience.VENDOR)
COBALT = Scope.of("cobalt user", ["Cobalt Bay"])
BOTH = Scope.of("two", ["Cobalt Bay", "Northline"])
PACKS = {"pdf": b"%PDF-1.7\x00\xff", "pptx": b"PK\x03\x04" * 500, "xlsx": b""}
NOON = datetime(2026, 10, 14, 12, 0, tzinfo=UTC)


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "warehouse")


def issued(warehouse: Warehouse, scope: Scope = EVERYTHING, review=REVIEW, **choices) -> Edition:
    return issue(warehouse, scope, review, PACKS, "a.reyes", version=7, issued_on=NOON, **choices)


def file_of(warehouse: Warehouse, edition: Edition) -> Path:
    return warehouse.folder / "editions" / f"{edition.name}.zip"


class TestIssue:
    def test_keeps_review_and_packs_byte_for_byte(self, warehouse: Warehouse) -> None:
        edition = issued(warehouse)
        found = open_edition(warehouse, EVERYTHING, edition.name)
        assert (found.review, found.review_json, found.packs) == (REVIEW, to_json(REVIEW), PACKS)
        assert found.edition == edition == editions(warehouse, EVERYTHING)[0]
        assert (edition.number, edition.issued_on, edition.issued_by, edition.digest) == (1, NOON, "a.reyes", digest(REVIEW))
        assert (edition.label, edition.title, edition.warehouse_version) == ("Q3 2026", "Quarterly review", 7)
        assert edition.packs == (("pdf", 10), ("pptx", 2000), ("xlsx", 0))

    def test_counts_per_quarter_audience_and_vendors(self, warehouse: Warehouse) -> None:
        earlier = replace(REVIEW, quarter="2026-Q2")
        made = [issued(warehouse), issued(warehouse), issued(warehouse, review=earlier), issued(warehouse, COBALT, OF_COBALT)]
        assert [edition.name.rpartition("_")[0] for edition in made] == [
            "2026-Q3_executive_all_1", "2026-Q3_executive_all_2", "2026-Q2_executive_all_1", "2026-Q3_vendor_cobalt-bay-9a1be8ea_1",
        ]  # fmt: skip
        assert [edition.number for edition in editions(warehouse, EVERYTHING, "2026-Q3", "executive")] == [2, 1]

    def test_names_who_issued_it_on_one_line_that_can_be_printed(self, warehouse: Warehouse) -> None:
        issue(warehouse, EVERYTHING, REVIEW, {}, "Ana\n\x1b[31m  Reyes\udcff", version=1)
        assert [edition.issued_by for edition in editions(warehouse, EVERYTHING)] == ["Ana [31m Reyes?"]
        with pytest.raises(UsageError, match="The name is empty"):
            issue(warehouse, EVERYTHING, REVIEW, {}, " ", version=1)

    def test_never_touches_what_was_issued(self, warehouse: Warehouse) -> None:
        first = file_of(warehouse, issued(warehouse))
        before = first.read_bytes()
        issued(warehouse, review=hostile_review())
        assert first.read_bytes() == before and not first.stat().st_mode & 0o222

    def test_two_at_once_get_two_numbers(self, warehouse: Warehouse) -> None:
        with ThreadPoolExecutor(4) as several:
            made = list(several.map(lambda _: issued(Warehouse(warehouse.folder)), range(4)))
        assert sorted(edition.number for edition in made) == [1, 2, 3, 4]

    def test_that_breaks_off_before_its_file_has_its_name_leaves_nothing_half(
        self, warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as broken, pytest.raises(WarehouseError, match="cannot be written"):
            broken.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(5, "Input/output error")))
            issued(warehouse)
        (warehouse.folder / "editions" / "2026-Q3_executive_all_1_0123456789abcdef.part").write_bytes(b"of a killed process")
        assert editions(warehouse, EVERYTHING) == ()
        assert issued(warehouse).number == 1
        assert [path.suffix for path in (warehouse.folder / "editions").iterdir()] == [".zip"]


class TestOpening:
    @pytest.mark.parametrize(
        "alter",
        [
            lambda content: content.replace(b"pdf", b"pdg"),
            lambda content: content[:-1],
            lambda content: content[:200] + bytes([content[200] ^ 1]) + content[201:],
            lambda _: b"",
        ],
    )
    def test_finds_what_was_altered(self, warehouse: Warehouse, alter) -> None:
        edition = issued(warehouse)
        path = file_of(warehouse, edition)
        path.chmod(0o644)
        path.write_bytes(alter(path.read_bytes()))
        (listed,) = editions(warehouse, EVERYTHING)
        assert (listed.is_whole, listed.number, listed.issued_by) == (False, 1, "")
        assert editions(warehouse, COBALT) == () and newest_edition(warehouse, EVERYTHING, REVIEW) is None
        with pytest.raises(WarehouseError, match=r"cannot be opened: it is not as it was issued: its hash is another. .* from a backup"):
            open_edition(warehouse, EVERYTHING, edition.name)
        assert issued(warehouse).number == 2

    def test_says_what_is_there_instead_of_an_unknown_one(self, warehouse: Warehouse) -> None:
        edition = issued(warehouse)
        assert open_edition(warehouse, EVERYTHING, "2026-Q3_executive_all_1").edition == edition
        with pytest.raises(UsageError, match=r"Unknown edition '2026-Q3_executive_all_2'. Did you mean: 2026-Q3_executive_all_1_"):
            open_edition(warehouse, EVERYTHING, "2026-Q3_executive_all_2")


class TestScope:
    def test_what_holds_other_vendors_does_not_exist(self, warehouse: Warehouse) -> None:
        of_all, of_cobalt, of_both = issued(warehouse), issued(warehouse, COBALT, OF_COBALT), issued(warehouse, BOTH)
        assert editions(warehouse, COBALT) == (of_cobalt,)
        assert set(editions(warehouse, BOTH)) == {of_cobalt, of_both}
        assert set(editions(warehouse, EVERYTHING)) == {of_all, of_cobalt, of_both}
        assert of_cobalt.warehouse_version == 0
        with pytest.raises(UsageError, match=f"Unknown edition '{of_all.name}'. Known: {of_cobalt.name}.$"):
            open_edition(warehouse, COBALT, of_all.name)

    def test_a_damaged_one_exists_for_whom_it_was_made(self, warehouse: Warehouse) -> None:
        for edition in (issued(warehouse, COBALT, OF_COBALT), issued(warehouse, BOTH)):
            file_of(warehouse, edition).chmod(0o644)
            file_of(warehouse, edition).write_bytes(b"")
        assert [edition.audience for edition in editions(warehouse, COBALT)] == ["vendor"]
        assert len(editions(warehouse, EVERYTHING)) == 2

    def test_the_newest_is_that_of_the_same_view(self, warehouse: Warehouse) -> None:
        pune = Filters(site=("Pune",))
        whole, part = issued(warehouse), issued(warehouse, filters=pune)
        issued(warehouse, BOTH)
        assert newest_edition(warehouse, EVERYTHING, REVIEW) == whole
        assert newest_edition(warehouse, EVERYTHING, REVIEW, pune) == part
        assert newest_edition(warehouse, COBALT, OF_COBALT) is None


def test_a_backup_carries_them(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    warehouse, fresh = empty_warehouse(tmp_path / "old"), Warehouse(tmp_path / "fresh")
    lost, damaged = issued(warehouse), issued(warehouse, COBALT, OF_COBALT)
    saved = backup(warehouse, tmp_path / "saved.zip").path
    restore(fresh, saved)
    assert editions(fresh, EVERYTHING) == editions(warehouse, EVERYTHING) and len(editions(fresh, EVERYTHING)) == 2
    file_of(warehouse, lost).unlink()
    file_of(warehouse, damaged).chmod(0o644)
    file_of(warehouse, damaged).write_bytes(b"")
    restore(warehouse, saved)
    assert all(edition.is_whole for edition in editions(warehouse, EVERYTHING))
    assert open_edition(warehouse, COBALT, damaged.name).packs == PACKS
