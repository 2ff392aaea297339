"""Recognition of a file of any size: a small text here, everything else by a limited process."""

import codecs
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from analytics.intake.handing import rebuilt
from analytics.intake.hollow import refuse_hollow
from analytics.intake.limited import is_read_here, run_limited
from analytics.intake.limits import READ_HERE, Limits, limits_of
from analytics.intake.originals import Original
from analytics.intake.progress import Tell, untold
from analytics.intake.recognise import recognition
from analytics.intake.recognise.recognition import Recognition
from analytics.intake.recognise.records import TornQuoteError
from analytics.intake.workbook import is_workbook
from analytics.intake.workspace import Workspace

_LOOKED = "looked.pickle"


def recognise(
    original: Original,
    answers: Mapping[str, str] | None = None,
    tell: Tell = untold,
    inside: Path | None = None,
    memory: Workspace | None = None,
) -> Recognition:
    """What a file is and the recipe that reads it. What is no table: `IntakeError` naming what and where; `answers` by question.

    `tell` is told how far it is. `inside`: the warehouse folder, whose settings say what reading a file may cost. `memory`: a
    folder of this file's own, so that it is not read anew for every answer.
    """
    if is_read_here(original) and not is_workbook(original):
        return recognition.recognise(original, answers)
    if not is_workbook(original):
        refuse_hollow(original)
    limits = limits_of(inside)
    if original.size > limits.largest_table and not is_workbook(original):
        _refuse_large_tables(original, answers, limits)
    with original.on_disk() as path:
        kept = str(memory.folder / _LOOKED) if memory else ""
        given = {"path": str(path), "name": original.name, "sheet": original.sheet, "answers": dict(answers or {}), "memory": kept}
        return rebuilt(Recognition, run_limited("recognise", given, limits, tell))


def _refuse_large_tables(original: Original, answers: Mapping[str, str] | None, limits: Limits) -> None:
    """Told by its first lines, so that nobody waits for the rest: `IntakeError` for what is too large unless its rows are contacts."""
    head = original.head(READ_HERE - 2)
    if not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        head = head[: head.rfind(b"\n") + 1] or head
    with suppress(TornQuoteError):  # the cut may be inside a cell: then the whole file tells
        limits.check_size(original.size, recognition.recognise(Original.of(head, original.name), answers).shape)
