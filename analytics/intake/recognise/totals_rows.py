"""Rows of totals below or between the rows of a table: checked against what they add up, and left out where somebody says so."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce

from analytics.errors import IntakeError
from analytics.intake.originals import Original
from analytics.intake.problems import Choice
from analytics.intake.recognise.columns import Column
from analytics.intake.recognise.draft import Value
from analytics.intake.recognise.findings import Findings
from analytics.intake.recognise.number_values import SEPARATORS, NumberStyle
from analytics.intake.recognise.patterns import Kind
from analytics.intake.recognise.records import Dialect, read_records, text_lines
from analytics.intake.recognise.tables import Table, TotalsRow
from analytics.wording import counted

KEY, LEAVE_OUT, REFUSE = "totals_row", "leave_out", "refuse_file"
POINT = NumberStyle()
_CLOCK = re.compile(r"[0-9]+(?::[0-9]{2}){1,2}")
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Counts:
    """The columns of a file that count something or add up time, and how their numbers are written."""

    columns: Sequence[Column] = ()
    style: NumberStyle = POINT


def settle_totals_rows(original: Original, dialect: Dialect, table: Table, counts: Counts, findings: Findings) -> list[Value]:
    """The rules of `exclude` that leave the totals rows out, none where there are none; not to be left out: `IntakeError`."""
    if not table.totals:
        return []
    rules = _rules(table)
    said = f"{_these(table.totals)}: it would count everything twice." if len(table.totals) == 1 else f"{_these(table.totals)}."
    if rules is None:
        raise _refused(table.totals)
    agreed = _agreement(original, dialect, table, counts, findings) if counts.columns else ""
    choices = [
        Choice(LEAVE_OUT, f"{_places(table.totals)}; the other {counted(table.rows, 'row')} {'is' if table.rows == 1 else 'are'} read"),
        Choice(REFUSE, "nothing of the file is kept"),
    ]
    if findings.ask(KEY, f"{said} {agreed}".strip(), choices) == REFUSE:
        raise _refused(table.totals)
    return rules


def _these(totals: Sequence[TotalsRow]) -> str:
    """'Line 69 is a totals row ('Gesamt' without a date)'."""
    words = list(dict.fromkeys(row.word for row in totals))
    named = " and ".join(f"'{word}'" if word else "numbers without a name" for word in words[:_NAMED])
    lines = _lines([row.line for row in totals])
    what = "Line {} is a totals row" if len(totals) == 1 else "Lines {} are totals rows, which would count everything twice"
    return (
        f"{what.format(lines)} ({named} without a date)"
        if words != [""]
        else f"{what.format(lines)} (numbers, but neither a date nor names)"
    )


def _places(totals: Sequence[TotalsRow]) -> str:
    """'Leave this row out (line 69: Gesamt)'."""
    words = list(dict.fromkeys(row.word for row in totals if row.word))
    named = f": {', '.join(words[:_NAMED])}{' and others' if len(words) > _NAMED else ''}" if words else ""
    which = f"line {totals[0].line}" if len(totals) == 1 else f"lines {_lines([row.line for row in totals])}"
    return f"leave {'this row' if len(totals) == 1 else 'these rows'} out ({which}{named})"


def _lines(lines: Sequence[int]) -> str:
    shown = ", ".join(map(str, lines[:_NAMED]))
    return f"{shown} and {len(lines) - _NAMED} more" if len(lines) > _NAMED else shown


def _refused(totals: Sequence[TotalsRow]) -> IntakeError:
    said = f"{_these(totals)}: it would count everything twice." if len(totals) == 1 else f"{_these(totals)}."
    return IntakeError(said, f"Leave {'it' if len(totals) == 1 else 'them'} out, or remove such lines and load the file again.")


def _rules(table: Table) -> list[Value] | None:
    """What tells the totals rows from all others: their words, else that they have no date; None where neither does."""
    date = table.columns[table.layout.dates[0]]
    words: dict[str, list[str]] = {}
    no_date = False
    for row in table.totals:
        column = table.columns[row.position]
        if row.word and column.name and not column.overflow and row.word not in column.lines:
            words[column.name] = list(dict.fromkeys((*words.get(column.name, ()), row.word)))
        elif date.name and not row.date and not date.kinds[Kind.MISSING]:
            no_date = True
        else:
            return None
    rules: list[Value] = [{"column": name, "equals": list(found)} for name, found in words.items()]
    return [*rules, {"column": date.name, "present": False}] if no_date else rules


def _agreement(original: Original, dialect: Dialect, table: Table, counts: Counts, findings: Findings) -> str:
    """Whether the counts of the totals rows are the sums of the others, in words; a row that differs is noted too."""
    names = tuple(column.name for column in counts.columns)
    key = (KEY, dialect, table.layout, names, counts.style)
    agreeing, differing = findings.memory.once(key, lambda: _compared(original, dialect, table, counts))
    if differing and any(question.key == SEPARATORS for question in findings.open_questions):
        return ""  # how its numbers are read is not settled yet
    if differing:
        said = f"{'; '.join(differing[:_NAMED])}: rows may be missing, or counted twice."
        findings.note(KEY, f"Totals that differ from their rows: {said}")
        return f"It does not agree with the other rows: {said}"
    rows = counted(table.rows, "other row")
    return f"It agrees with the {rows}: {', '.join(agreeing)} {'adds' if len(agreeing) == 1 else 'add'} up to it." if agreeing else ""


def _compared(original: Original, dialect: Dialect, table: Table, counts: Counts) -> tuple[list[str], list[str]]:
    """The columns in which every total is the sum of all rows above or of those since the last total, and where one is not."""
    totals = {row.line for row in table.totals}
    each = [_Sums(column) for column in counts.columns]
    for line, cells in read_records(text_lines(original, dialect.code), dialect):
        if line <= table.layout.header_line or len(cells) != table.layout.width:
            continue
        for sums in each:
            number = _number(cells[sums.column.position].strip(), counts.style)
            if number is not None and line in totals:
                sums.hold(line, number)
            elif number is not None:
                sums.add(number)
        if line in totals:
            for sums in each:
                sums.part = Decimal(0)
    named = [sums.column.name for sums in each if sums.held and not sums.differing]
    return named, [said for sums in each for said in sums.differing]


def _number(cell: str, style: NumberStyle) -> Decimal | None:
    """A count, or a duration in the smallest unit it is written in: hours and minutes add up like minutes and seconds."""
    if not _CLOCK.fullmatch(cell):
        return style.read(cell)
    return Decimal(reduce(lambda whole, part: whole * 60 + int(part), cell.split(":"), 0))


class _Sums:
    """The running sums of one column: of all rows so far, and of those since the last total."""

    def __init__(self, column: Column) -> None:
        self.column = column
        self.whole = self.part = Decimal(0)
        self.held: list[tuple[int, Decimal, Decimal, Decimal]] = []

    def add(self, number: Decimal) -> None:
        self.whole += number
        self.part += number

    def hold(self, line: int, number: Decimal) -> None:
        """Remember a total beside both sums."""
        self.held.append((line, number, self.whole, self.part))

    @property
    def differing(self) -> list[str]:
        """The totals that are the sum of nothing: not of the rows above, of those since the last total, nor of all (a total on top)."""
        wrong = [one for one in self.held if one[1] not in (*one[2:], self.whole)]
        return [
            f"line {line} says {self.column.name} {self._written(number)}, the rows come to {self._written(part or self.whole)}"
            for line, number, _, part in wrong
        ]

    def _written(self, number: Decimal) -> str:
        """As the file writes it: a count, '7,200', or a duration, '227:30:58'."""
        parts = next((value.count(":") for value in self.column.values if _CLOCK.fullmatch(value)), 0)
        if not parts:
            return f"{number:,f}"
        rest, pieces = int(number), []
        for _ in range(parts):
            rest, piece = divmod(rest, 60)
            pieces.append(f"{piece:02d}")
        return ":".join([f"{rest}", *reversed(pieces)])
