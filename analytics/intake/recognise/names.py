"""Names that are not what they look like: invisible characters, letters of two alphabets, totals among their parts."""

import unicodedata
from collections.abc import Sequence

from analytics.errors import IntakeError
from analytics.intake.problems import Choice
from analytics.intake.recognise.columns import Column
from analytics.intake.recognise.findings import Findings
from analytics.intake.recognise.patterns import Kind, kind_of
from analytics.intake.recognise.tables import Table
from analytics.intake.total_words import is_total_word

_ALPHABETS = frozenset(("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"))
_CLOSE = 0.005
_ENOUGH = 2


def refuse_disguised(column: Column) -> None:
    """A name with characters nobody sees, or with look-alike letters of another alphabet: `IntakeError` naming its line."""
    for value in column.values:
        hidden = next((character for character in value if unicodedata.category(character) == "Cf"), None)
        if hidden:
            what = f"U+{ord(hidden):04X}, {unicodedata.name(hidden, 'a format character').lower()}"
            raise IntakeError(
                f"Line {column.lines[value]}, {column.name}: a name holds an invisible character ({what}): {ascii(value)[1:-1]}.",
                "Replace it by the name as it is usually written: it would look the same and count as another one.",
            )
        if mixed := _mixed_word(value):
            raise IntakeError(
                f"Line {column.lines[value]}, {column.name}: '{value}' mixes {' and '.join(mixed)} letters: {ascii(value)[1:-1]}.",
                "Write the name in one alphabet: it looks like another name and is none.",
            )


def _mixed_word(value: str) -> list[str]:
    """The alphabets of a word that has several."""
    for word in value.split():
        found = {unicodedata.name(letter, "").split(" ")[0] for letter in word if letter.isalpha()} & _ALPHABETS
        if len(found) > 1:
            return sorted(name.capitalize() for name in found)
    return []


def ask_totals(table: Table, names: Sequence[Column], findings: Findings) -> list[tuple[str, list[str]]]:
    """(column, values) of rows that are totals of the others, when the answer is to leave them out."""
    left_out = []
    for column in names:
        words = [value for value in column.values if is_total_word(value)]
        suspected = words or _sums(table, column, [one for one in names if one is not column])
        if not suspected:
            continue
        others = [value for value in column.values if value not in suspected][:3]
        shown = ", ".join(f"'{value}'" for value in suspected[:3])
        why = "is the name of a total" if words else "is the sum of the other rows"
        choices = [
            Choice("exclude", f"rows with {shown} are left out, {', '.join(others) or 'nothing'} counted"),
            Choice("keep", f"{shown} counted beside {', '.join(others) or 'nothing'}"),
        ]
        key = f"totals.{column.name}"
        if (
            findings.ask(key, f"{shown} in {column.name} (line {column.lines[suspected[0]]}) {why}. Is it a row of its own?", choices)
            == "exclude"
        ):
            left_out.append((column.name, suspected))
    return left_out


def _sums(table: Table, column: Column, others: Sequence[Column]) -> list[str]:
    """Values whose numbers are, in every group of the first rows, the sum of all others of the group."""
    groups: dict[tuple[str, ...], list[list[str]]] = {}
    positions = [*table.layout.dates, *(other.position for other in others)]
    for row in table.head:
        groups.setdefault(tuple(row[position] for position in positions), []).append(row)
    totals = [
        row[column.position].strip() for rows in groups.values() if len(rows) > _ENOUGH for row in _total_of(rows, table.layout.numbers)
    ]
    value = totals[0] if totals else ""
    appears = sum(len(rows) > _ENOUGH and any(row[column.position].strip() == value for row in rows) for rows in groups.values())
    return [value] if len(totals) >= _ENOUGH and set(totals) == {value} and len(totals) == appears and value else []


def _total_of(rows: Sequence[list[str]], numbers: Sequence[int]) -> list[list[str]]:
    """The row that equals the sum of the others in all whole numbers (two columns at least)."""
    whole = [position for position in numbers if all(kind_of(row[position].strip()) is Kind.NUMBER for row in rows)]
    counts = {position: [_whole(row[position]) for row in rows] for position in whole}
    counts = {position: found for position, found in counts.items() if None not in found}
    if len(counts) < _ENOUGH:
        return []
    sums = {position: sum(number or 0 for number in found) for position, found in counts.items()}
    return [row for index, row in enumerate(rows) if all(_is_half(found[index], sums[position]) for position, found in counts.items())]


def _is_half(number: int | None, total: int) -> bool:
    """Whether a number is what all others add up to, but for rounding."""
    return bool(number) and abs(2 * (number or 0) - total) <= _CLOSE * total


def _whole(cell: str) -> int | None:
    return int(cell) if cell.strip().isdigit() else None
