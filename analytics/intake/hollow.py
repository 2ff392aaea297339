"""Large files that are mostly empty rows: told by a few looks into them, before anybody reads on for minutes."""

from analytics.errors import IntakeError
from analytics.intake.limits import MEGABYTE
from analytics.intake.originals import Original

LOOKED_INTO = 64 * MEGABYTE  # a smaller file is read to its end: a spreadsheet's formatted empty rows are at most about this
_PLACES, _AT_ONCE = 16, 1 << 16
_NO_VALUE = b",;|\t \r\n\"'\0"


def refuse_hollow(original: Original) -> None:
    """`IntakeError` for a large text in which more than half of the places looked at hold nothing but separators."""
    if original.size < LOOKED_INTO:
        return
    step, empty = original.size // _PLACES, 0
    with original.open() as stream:
        for place in range(_PLACES):
            stream.seek(place * step)
            part = stream.read(_AT_ONCE)
            empty += b"\n" in part and not part.strip(_NO_VALUE)
    if empty > _PLACES // 2:
        raise IntakeError(
            f"Most of the file is empty rows: {empty} of {_PLACES} places looked at hold separators and no value.",
            "Delete the empty rows below the table (in a spreadsheet with their formats), or export the file again.",
        )
