"""Recognition of a file of any size: a small text here, everything else by a limited process."""

from collections.abc import Mapping
from pathlib import Path

from analytics.intake.handing import rebuilt
from analytics.intake.limited import is_read_here, run_limited
from analytics.intake.limits import limits_of
from analytics.intake.originals import Original
from analytics.intake.progress import Tell, untold
from analytics.intake.recognise import recognition
from analytics.intake.recognise.recognition import Recognition
from analytics.intake.workbook import is_workbook


def recognise(original: Original, answers: Mapping[str, str] | None = None, tell: Tell = untold, inside: Path | None = None) -> Recognition:
    """What a file is and the recipe that reads it. What is no table: `IntakeError` naming what and where; `answers` by question.

    `tell` is told how far it is. `inside`: the warehouse folder, whose settings say what reading a file may cost.
    """
    if is_read_here(original) and not is_workbook(original):
        return recognition.recognise(original, answers)
    with original.on_disk() as path:
        given = {"path": str(path), "name": original.name, "sheet": original.sheet, "answers": dict(answers or {})}
        return rebuilt(Recognition, run_limited("recognise", given, limits_of(inside), tell))
