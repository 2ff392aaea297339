"""Words that depend on a number."""


def counted(count: int, one: str, many: str = "") -> str:
    """'1 row', '1,200 rows', '2 batches'; `many` where it is not `one` with an s."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"
