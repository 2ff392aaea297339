"""How a text file separates its cells: the `sep=` line of Excel, the delimiter, the kind of quote."""

import re
from collections import Counter
from collections.abc import Sequence

from analytics.errors import IntakeError
from analytics.intake.problems import Choice
from analytics.intake.recognise.encodings import TextCode
from analytics.intake.recognise.findings import Findings
from analytics.intake.recognise.records import Dialect, head_records, is_blank

DELIMITERS = (",", ";", "\t", "|")
DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_SEPARATOR_LINE = re.compile(r"sep=(.)[\r\n]*", re.IGNORECASE)
_MOSTLY = 0.8
_NEARLY = 0.95


def find_dialect(lines: Sequence[str], code: TextCode, findings: Findings) -> Dialect:
    """Delimiter and quote of a text by its first lines; no delimiter at all: `IntakeError`."""
    if not any(line.strip("\ufeff \t\r\n,;|") for line in lines):
        raise IntakeError("The file is empty.", "Export it again; the first line must hold the column names.")
    directive = _SEPARATOR_LINE.fullmatch(lines[0])
    table = list(lines[1:] if directive else lines)
    first_line = 2 if directive else 1
    delimiter = directive[1] if directive else _delimiter(table, findings)
    return Dialect(code, delimiter, _quote(table, delimiter, findings), first_line)


def _delimiter(lines: list[str], findings: Findings) -> str:
    scores = {delimiter: _score(head_records(lines, delimiter)) for delimiter in DELIMITERS}
    ranked = sorted(DELIMITERS, key=lambda one: -scores[one])
    best, second = ranked[:2]
    if scores[best] == 0:
        names = ", ".join(DELIMITER_NAMES.values())
        raise IntakeError(
            f"The file has one column only: none of {names} separates cells in it.", "Export it as CSV with one of these between the cells."
        )
    if scores[second] < scores[best] * _NEARLY:
        return best
    choices = [Choice(DELIMITER_NAMES[one], _cells_text(head_records(lines, one))) for one in (best, second)]
    answer = findings.ask("delimiter", "Two delimiters fit the lines equally well. Which one separates the cells?", choices)
    return next(one for one in DELIMITERS if DELIMITER_NAMES[one] == answer)


def _score(records: list[list[str]]) -> float:
    """How many records have the usual number of cells, a little more for more cells; 0 for one column."""
    widths = Counter(len(cells) for cells in records if not is_blank(cells))
    wide = {width: count for width, count in widths.items() if width > 1}
    if not wide:
        return 0
    width = max(wide, key=lambda one: (wide[one], one))
    return wide[width] / sum(widths.values()) * (1 - 1 / width)


def _cells_text(records: list[list[str]]) -> str:
    cells = next((cells for cells in records if len(cells) > 1), [])
    return "cells: " + ", ".join(repr(cell.strip()) for cell in cells[:3])


def _quote(lines: list[str], delimiter: str, findings: Findings) -> str:
    """The double quote, unless nearly every cell stands in single ones: then it is asked."""
    cells = [cell.strip() for record in head_records(lines, delimiter) for cell in record if cell.strip()]
    quoted = [cell for cell in cells if len(cell) > 1 and cell[0] == cell[-1] == "'"]
    if not cells or len(quoted) < _MOSTLY * len(cells):
        return '"'
    shown = quoted[-3:]
    choices = [
        Choice("single", "quotes around the cells: " + ", ".join(f"{cell} is {cell[1:-1]}" for cell in shown)),
        Choice("double", "part of the text: " + ", ".join(f"{cell} stays {cell}" for cell in shown)),
    ]
    return "'" if findings.ask("quote", "Every cell stands in single quotes. What are they?", choices) == "single" else '"'
