"""Files as they came: hashed once, their odd bytes found, kept durably and only when they are still the same."""

import hashlib
from pathlib import Path

import pytest

from analytics.errors import IntakeError
from analytics.intake.originals import Original, keep_original
from analytics.intake.scanning import TextScan

MANY = b"".join(b"%d,Acme\n" % number for number in range(200_000))  # more than one chunk


def test_hash_and_progress_come_from_one_pass(tmp_path: Path) -> None:
    (tmp_path / "Calls.CSV").write_bytes(MANY)
    original = Original.of(tmp_path / "Calls.CSV", "Calls.CSV")
    seen: list[float] = []
    assert original.scan(seen.append).sha256 == hashlib.sha256(MANY).hexdigest() == original.sha256
    assert seen == sorted(seen) and seen[-1] == 1.0 and len(seen) > 1
    original.scan(seen.append)
    assert seen.count(1.0) == 1
    assert (original.suffix, original.size) == (".csv", len(MANY))


@pytest.mark.parametrize("before", [0, 1, 2, 3, (1 << 20) - 9, (1 << 20) - 8, (1 << 20) - 7])
def test_utf8_is_checked_across_chunks(before: int) -> None:
    good = b"x" * before + "Málaga €\U0001f600\n".encode() * 3
    assert Original.of(good, "a.csv").fingerprint.text.odd_line is None
    bad = Original.of(good + b"one\ntwo caf\xe9 au lait\nthree", "a.csv").fingerprint.text
    assert (bad.odd_line, bad.odd_bytes) == (5, b"two caf\xe9 au lait")
    assert Original.of(good + "€".encode()[:2], "a.csv").fingerprint.text.odd_line == 4


def test_a_file_is_kept_under_its_hash_once(tmp_path: Path) -> None:
    original = Original.of(MANY, "calls.csv")
    kept = keep_original(tmp_path / "originals", original)
    assert kept.name == f"{original.sha256}.csv" and kept.read_bytes() == MANY
    before = kept.stat().st_mtime_ns
    assert keep_original(tmp_path / "originals", original) == kept and kept.stat().st_mtime_ns == before
    kept.write_bytes(b"cut")
    assert keep_original(tmp_path / "originals", original).read_bytes() == MANY
    assert [path.name for path in (tmp_path / "originals").iterdir()] == [kept.name]


def test_a_file_that_changes_between_reading_and_keeping_is_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_bytes(MANY)
    original = Original.of(path, "calls.csv")
    assert original.sha256
    path.write_bytes(MANY + b"1,late\n")
    with pytest.raises(IntakeError, match=r"calls\.csv changed while it was being read"):
        keep_original(tmp_path / "originals", original)
    assert list((tmp_path / "originals").iterdir()) == []


def test_a_copy_made_ahead_is_kept_unless_the_file_changed_or_the_copy_is_gone(tmp_path: Path) -> None:
    path, ahead = tmp_path / "calls.csv", tmp_path / "ahead"
    path.write_bytes(MANY)
    original = Original.of(path, "calls.csv")
    original.copy_ahead(ahead)
    assert ahead.read_bytes() == MANY
    assert keep_original(tmp_path / "originals", original).read_bytes() == MANY and not ahead.exists()

    path.write_bytes(MANY + b"2,more\n")
    original = Original.of(path, "calls.csv")
    original.copy_ahead(ahead)
    ahead.unlink()
    assert keep_original(tmp_path / "originals", original).read_bytes() == MANY + b"2,more\n"

    original = Original.of(path, "calls.csv")
    original.copy_ahead(ahead)
    assert original.sha256
    path.write_bytes(MANY + b"2,less\nand more\n")
    with pytest.raises(IntakeError, match="changed while it was being read"):
        keep_original(tmp_path / "others", original)
    assert list((tmp_path / "others").iterdir()) == []


def test_a_copy_that_cannot_be_made_ahead_is_made_when_the_file_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_bytes(MANY)
    original = Original.of(path, "calls.csv")
    original.copy_ahead(tmp_path / "no such folder" / "ahead")
    assert keep_original(tmp_path / "originals", original).read_bytes() == MANY


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match=r"no\.csv cannot be read: there is no such file"):
        Original.of(tmp_path / "no.csv", "no.csv")


def test_uploaded_bytes_have_a_path_while_it_is_needed() -> None:
    with Original.of(b"a,b\n", "x.CSV").on_disk() as path:
        assert path.read_bytes() == b"a,b\n" and path.suffix == ".csv"
    assert not path.exists()


@pytest.mark.parametrize(
    ("content", "lines", "returns", "uniform"),
    [
        (b"a\nb\n", 2, 0, True),
        (b"a\nb", 2, 0, True),
        (b"a\r\nb\r\n\r\n\r\n", 2, 4, True),
        (b"a\r\nb\n", 2, 1, False),
        (b"a\rb\n", 2, 0, False),
        (b"a\r\nb\r", 2, 1, False),
    ],
)
def test_line_ends_are_counted_and_told_apart(content: bytes, lines: int, returns: int, uniform: bool) -> None:
    expected = (lines - 1 if content.startswith(b"a\rb") else lines, returns, uniform)
    for cut in range(len(content)):
        scan = TextScan()
        scan.add(content[:cut])
        scan.add(content[cut:])
        facts = scan.facts()
        assert (facts.lines, facts.returns, facts.is_uniform) == expected, cut


@pytest.mark.parametrize(
    ("content", "quotes", "loose"), [(b'a,"b"', True, False), (b'a, "b"', True, True), (b'"a" ,b', True, True), (b"a", False, False)]
)
def test_quotes_beside_blanks_are_noticed(content: bytes, quotes: bool, loose: bool) -> None:
    for cut in range(len(content)):
        scan = TextScan()
        scan.add(content[:cut])
        scan.add(content[cut:])
        assert (scan.facts().quotes, scan.facts().loose_quotes) == (quotes, loose)
