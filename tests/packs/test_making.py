"""Packs made by a process of their own: progress, refusals, time limits; and what their files are called."""

from datetime import UTC, datetime
from threading import active_count

import pytest

from analytics.errors import DashboardError
from analytics.packs.files import PackFormat, pack_name, word_of
from analytics.packs.making import make_pack
from analytics.packs.xlsx import xlsx_pack
from tests.packs.hostile import HOSTILE
from tests.packs.reviews import REVIEWS, one_vendor

BUILT = datetime(2026, 10, 14, 9, 30, tzinfo=UTC)


def test_a_pack_of_a_process_is_that_made_here_and_tells_how_far_it_is() -> None:
    told: list[tuple[str, float]] = []
    content = make_pack(REVIEWS["hostile"](), PackFormat.XLSX, BUILT, lambda what, done: told.append((what, done)))
    assert content == xlsx_pack(REVIEWS["hostile"](), BUILT)
    assert list(dict.fromkeys(what for what, _ in told)) == ["Starting", "Reading the review", "Building the XLSX", "Done"]
    assert [done for _, done in told] == sorted(done for _, done in told) and told[-1][1] == 1.0


def test_one_that_takes_too_long_is_ended_with_a_remedy() -> None:
    with pytest.raises(DashboardError, match=r"Making the PDF took too long and was ended\. Choose fewer vendors"):
        make_pack(one_vendor(), PackFormat.PDF, BUILT, seconds=0.01)


def test_who_stops_waiting_ends_the_process() -> None:
    before = active_count()

    def stop(_what: str, done: float) -> None:
        if done > 0.05:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_pack(one_vendor(), PackFormat.XLSX, BUILT, stop)
    assert active_count() <= before + 3  # what listened ends with the pipes
    assert make_pack(one_vendor(), PackFormat.XLSX, BUILT)  # its turn was given back


class TestNames:
    def test_say_whom_what_and_when(self) -> None:
        assert pack_name(one_vendor(), PackFormat.PDF, BUILT) == "quarterly-review-2026-Q3-cobalt-bay-2026-10-14.pdf"
        assert pack_name(REVIEWS["ordinary"](), PackFormat.XLSX, BUILT) == (
            "quarterly-review-2026-Q3-executive-5-of-5-vendors-2026-10-14.xlsx"
        )

    @pytest.mark.parametrize("name", HOSTILE)
    def test_are_letters_digits_and_hyphens_whatever_a_vendor_is_called(self, name: str) -> None:
        word = word_of(name)
        assert word.replace("-", "").isalnum() and word.isascii() and word == word.lower() and len(word) <= 69

    def test_of_two_vendors_are_two(self) -> None:
        names = ["Cobalt Bay", "Łódź", "Łódz", "שירות", "خدمة", "W" * 300, "W" * 299]
        assert len({word_of(name) for name in names}) == len(names)

    def test_every_format_has_its_media_type(self) -> None:
        assert [made_as.media_type.rpartition(".")[2] for made_as in PackFormat] == ["application/pdf", "presentation", "sheet"]
