"""Counted words: one of a thing is never 'things'."""

import pytest

from analytics.wording import counted


@pytest.mark.parametrize(
    ("count", "words", "shown"),
    [
        (0, ("row",), "0 rows"),
        (1, ("row",), "1 row"),
        (1200, ("row",), "1,200 rows"),
        (1, ("batch", "batches"), "1 batch"),
        (2, ("batch", "batches"), "2 batches"),
    ],
)
def test_a_count_and_its_word(count: int, words: tuple[str, ...], shown: str) -> None:
    assert counted(count, *words) == shown
