"""Where the table is in the file: title lines above it, its header, a row of units, columns without a name."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from analytics.errors import IntakeError
from analytics.intake.cells import clean_text
from analytics.intake.limits import MOST_COLUMNS, many_columns
from analytics.intake.problems import Choice
from analytics.intake.recipe import DEFAULT_MISSING
from analytics.intake.recognise.across import Across
from analytics.intake.recognise.date_values import are_months
from analytics.intake.recognise.draft import toml
from analytics.intake.recognise.findings import Findings
from analytics.intake.recognise.patterns import Kind, date_look, is_value, kind_of
from analytics.intake.recognise.records import Record, is_blank
from analytics.intake.total_words import is_total_word
from analytics.wording import counted

_SEARCHED = 60
_MOSTLY = 0.6
_SHOWN = 4
_ENOUGH = 2
_FIRST_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-01(?:[ T]00:00(?::00)?)?")
_SIGNS_OF_TORN_NAMES = (";", ",", "|", "\t")


@dataclass(frozen=True, slots=True)
class Layout:
    """The table of a file. `dates` and `numbers` are the positions of columns that mostly hold such values."""

    header_line: int
    names: tuple[str, ...]
    raw_names: tuple[str, ...]
    dates: tuple[int, ...]
    numbers: tuple[int, ...]
    across: Across | None = None  # the columns of months, where the rows below are turned

    @property
    def width(self) -> int:
        """Cells of a row."""
        return len(self.names)

    @property
    def valued(self) -> tuple[int, ...]:
        """Columns that mostly hold dates or numbers."""
        return (*self.dates, *self.numbers)


def find_layout(records: Sequence[Record], findings: Findings) -> Layout:
    """The table of a file by its first records; no header, two headers or a name twice: `IntakeError`."""
    filled = [(line, cells) for line, cells in records if not is_blank(cells)]
    if not filled:
        raise IntakeError("The file is empty.", "Export it again; the first line must hold the column names.")
    for line, cells in filled[:1]:
        if len(cells) > MOST_COLUMNS:
            raise many_columns(len(cells), line)
    if found := _months_across(filled):
        return _turned_layout(filled, *found)
    position = _asked_header(filled, _header_position(filled), findings)
    line, cells = filled[position]
    names = tuple(clean_text(cell) for cell in cells)
    _check_names(names, line)
    body = filled[position + 1 :]
    if not body:
        raise IntakeError(f"The file has column names (line {line}) but no rows below them.", "Export it again with its rows.")
    dates, numbers = _valued_columns(body, len(names))
    layout = Layout(line, names, tuple(cell.strip() for cell in cells), dates, numbers)
    _refuse_units_row(layout, body[0])
    return layout


def _header_position(filled: Sequence[Record]) -> int:
    """The first record of the table's width that holds names only; of several in a row the one with most names."""
    width = _width(filled)
    found: list[tuple[int, int]] = []
    for position, (_, cells) in enumerate(filled[:_SEARCHED]):
        names = sum(bool(cell.strip()) for cell in cells)
        if len(cells) == width and names >= 2 and not any(is_value(cell.strip()) for cell in cells):
            found.append((position, names))
        elif found and max(names for _, names in found) > width // 2:
            break
    if not found:
        raise _no_header(filled, width)
    most = max(names for _, names in found)
    return next(position for position, names in found if names == most)


def _months_across(filled: Sequence[Record]) -> tuple[int, Across] | None:
    """The position of a header with a column per month over numbers, and which columns those are; None for any other table."""
    for position, (_, cells) in enumerate(filled[:_SEARCHED]):
        months = tuple(place for place, cell in enumerate(cells) if _is_month(cell.strip()))
        others = [cell.strip() for place, cell in enumerate(cells) if place not in months]
        below = [row for _, row in filled[position + 1 :] if len(row) == len(cells)]
        if len(months) < _ENOUGH or not below or not others or any(map(is_value, others)):
            continue
        inner = [kind for row in below for place in months if (kind := kind_of(row[place].strip())) is not Kind.MISSING]
        numbers = [kind for kind in inner if kind in (Kind.NUMBER, Kind.PERCENT, Kind.CLOCK)]
        if len({cells[place].strip() for place in months}) == len(months) and len(numbers) > _MOSTLY * len(inner):
            return position, Across(tuple(cell.strip() for cell in cells), months)
    return None


def _turned_layout(filled: Sequence[Record], position: int, across: Across) -> Layout:
    """The layout of the rows as they are turned; months without a year: `IntakeError` saying how the table is turned by hand."""
    line, _ = filled[position]
    if are_months([across.header[place] for place in across.months]):
        raise across.refused(line)
    names = tuple(clean_text(name) for name in across.names)
    _check_names(names, line)
    dates, numbers = _valued_columns(list(across.turned(filled[position + 1 :])), len(names))
    return Layout(line, names, across.names, dates, numbers, across)


def _is_month(text: str) -> bool:
    """'Jan-26', 'January', '2026-01', or the first day of a month as a spreadsheet writes it."""
    look = date_look(text)
    return look.grain == "month" if look and look.grain != "day" else are_months([text]) or bool(_FIRST_DAY.fullmatch(text))


def _width(filled: Sequence[Record]) -> int:
    """The usual number of cells of a row."""
    widths = Counter(len(cells) for _, cells in filled if len(cells) > 1)
    return max(widths, key=lambda width: (widths[width], width), default=1)


def _no_header(filled: Sequence[Record], width: int) -> IntakeError:
    first_line, first = filled[0]
    if 1 < len(first) != width and not any(is_value(cell.strip()) for cell in first):
        return IntakeError(
            f"Line {first_line} names {counted(len(first), 'column')}, but the rows have {counted(width, 'cell')}.",
            "Give every column a name, or export the file without the separator at the end of its rows.",
        )
    line, cells = next(((line, cells) for line, cells in filled if len(cells) == width), filled[0])
    values = ", ".join(f"'{cell.strip()[:40]}'" for cell in cells if is_value(cell.strip()))
    shown = f": line {line} holds values ({values})" if values else ""
    return IntakeError(
        f"The file has no line of column names{shown}.", "Add the column names as the first line, so that no row is taken for them."
    )


def _asked_header(filled: Sequence[Record], position: int, findings: Findings) -> int:
    """The header's position; lines with text above it are a question."""
    if position == 0:
        return 0
    above = [line for line, _ in filled[:position]]
    choices = [Choice(str(filled[position][0]), _header_text(filled, position, above)), Choice(str(above[0]), _header_text(filled, 0, []))]
    text = f"Line {above[0]} is no row of the table ('{_joined(filled[0][1])}'). Which line holds the column names?"
    answer = int(findings.ask("header_row", text, choices))
    return next(index for index, (line, _) in enumerate(filled) if line == answer)


def _header_text(filled: Sequence[Record], position: int, left_out: Sequence[int]) -> str:
    line, names = filled[position]
    values = filled[position + 1][1] if position + 1 < len(filled) else []
    pairs = ", ".join(f"{name.strip()} is {value.strip()}" for name, value in list(zip(names, values, strict=False))[:_SHOWN])
    lines = f"; left out: line {', '.join(map(str, left_out))}" if left_out else ""
    return f"line {line} holds the names: {pairs}{lines}"


def _joined(cells: Sequence[str]) -> str:
    return ", ".join(cell.strip() for cell in cells if cell.strip())[:80]


def _check_names(names: tuple[str, ...], line: int) -> None:
    """A name that is there twice (in any case, blanks apart), or that is torn."""
    seen: dict[str, int] = {}
    for position, name in enumerate(names, start=1):
        if not name:
            continue
        if (first := seen.setdefault(name.casefold(), position)) != position:
            raise IntakeError(
                f"Line {line}: columns {first} and {position} are both named '{name}'.", "Give each column its own name, or remove one."
            )
        if '"' in name and any(sign in name for sign in _SIGNS_OF_TORN_NAMES):
            raise IntakeError(
                f"Line {line}: the name of column {position} holds a quote and a separator: {name[:80]}",
                "That is no column name: correct it, or export the file with another delimiter.",
            )


def _valued_columns(body: Sequence[Record], width: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The columns of dates and those of numbers, by what most of their cells are; rows of totals have no say."""
    whole = [cells for _, cells in body if len(cells) == width]
    rows = [cells for cells in whole if not any(map(is_total_word, cells))] or whole
    dates, numbers = [], []
    for position in range(width):
        kinds = Counter(kind_of(cells[position].strip()) for cells in rows)
        filled = sum(kinds.values()) - kinds[Kind.MISSING]
        if filled and kinds[Kind.DATE] >= _MOSTLY * filled:
            dates.append(position)
        elif filled and kinds[Kind.NUMBER] + kinds[Kind.PERCENT] + kinds[Kind.CLOCK] >= _MOSTLY * filled:
            numbers.append(position)
    return tuple(dates), tuple(numbers)


def is_header_like(layout: Layout, cells: Sequence[str]) -> bool:
    """Whether a record has words where the other rows have values, and no value anywhere."""
    stripped = [cell.strip() for cell in cells]
    if any(is_value(cell) for cell in stripped) or sum(bool(cell) for cell in stripped) < 2:
        return False
    words = [position for position in layout.valued if position < len(stripped) and kind_of(stripped[position]) is Kind.TEXT]
    return len(words) >= 2 or (len(words) == 1 and len(layout.valued) == 1)


def untouched(layout: Layout, cells: Sequence[str]) -> str:
    """How a recipe reads the file as it is: the lines of TOML that name the header and leave this record out."""
    places = [place for place in (*layout.dates, *range(layout.width)) if layout.names[place] and place < len(cells)]
    place = next((place for place in layout.dates if place in places), next((place for place in places if cells[place].strip()), places[0]))
    text = cells[place].strip()
    rule = {"column": layout.names[place], "equals": [text]} if text else {"column": layout.names[place], "present": False}
    header = "" if layout.header_line == 1 else f"header_row = {layout.header_line} at its top and "
    return f"Or leave the file as it is: a recipe with {header}exclude = {toml([rule])} under [rows] reads it."


def _refuse_units_row(layout: Layout, record: Record) -> None:
    """A first row without any value where the others have some."""
    line, cells = record
    stripped = [cell.strip() for cell in cells]
    valued = [stripped[position] for position in layout.valued if position < len(stripped)]
    signs = [cell for cell in valued if cell not in DEFAULT_MISSING]
    if len(valued) < _ENOUGH or not signs or any(map(is_value, valued)):
        return
    shown = ", ".join(f"'{sign}'" for sign in signs[:_SHOWN])
    raise IntakeError(
        f"Line {line} is no row but a second header (units or notes: {shown}).",
        f"Remove that line; a unit can stand in the column name. {untouched(layout, stripped)}",
    )
