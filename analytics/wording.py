"""Words that depend on a number."""

from collections.abc import Sequence


def counted(count: int, one: str, many: str = "") -> str:
    """'1 row', '1,200 rows', '2 batches'; `many` where it is not `one` with an s."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def listed(words: Sequence[str]) -> str:
    """'a', 'a and b', 'a, b and c'; '' of none."""
    return " and ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)
