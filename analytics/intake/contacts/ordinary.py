"""Cells written in the ordinary way, read by SQL; NULL wherever a cell is anything else, which is left to the Python readers.

So a pattern here may be too strict, which costs time, but never too wide: what it accepts must mean the same to both.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from analytics.intake.cells import FACTORS
from analytics.intake.contacts.moments import moment_patterns, moment_sql, padded_like
from analytics.intake.contacts.sql import text_sql
from analytics.intake.recipe import CellUnit, Recipe

STORED = "DECIMAL(18,6)"
# Letters and signs that are their own composed form, whatever stands beside them: Latin, Greek, Cyrillic, Hebrew, Arabic letters,
# kana, Chinese characters, Korean syllables.
PLAIN_LETTERS = (
    "!-~\u00a1-\u00ac\u00ae-\u024f\u0391-\u03a1\u03a3-\u03a9\u03ac-\u03ce\u0400-\u0482\u048a-\u052f\u05d0-\u05ea\u0621-\u064a"
    "\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fa5\uac00-\ud7a3"
)
CLEAN_TEXT = f"[{PLAIN_LETTERS}]+(?: [{PLAIN_LETTERS}]+)*"
_BLANKS = "".join(character for character in map(chr, range(0x3001)) if character.isspace())
_EDGE = f"^[{_BLANKS}]|[{_BLANKS}]$"
_DIGITS = MappingProxyType({CellUnit.MINUTES: 10, CellUnit.HOURS: 8, CellUnit.DAYS: 7})  # so that a number stays below what is stored
_MOST_DIGITS = 11
_PLAIN_NUMBERS = (*FACTORS, CellUnit.COUNT, CellUnit.MONEY, CellUnit.FRACTION)
_SECONDS = "[0-5][0-9](?:[.][0-9]{1,6})?"
# Notations with colons, as an interval is written: hours, minutes and seconds.
_CLOCKS = MappingProxyType(
    {
        CellUnit.H_MM_SS: (f"[0-9]{{1,6}}:[0-5][0-9]:{_SECONDS}", "{cell}"),
        CellUnit.MM_SS: (f"[0-9]{{1,2}}:{_SECONDS}", "'0:' || {cell}"),
        CellUnit.H_MM: ("[0-9]{1,6}:[0-5][0-9]", "{cell} || ':00'"),
    }
)


@dataclass
class OrdinaryCells:
    """The cells of one file as SQL sees them: as they came, without blanks around them, and what is read from them.

    Everything read once is a column of the staging SELECT, whatever number of measures and conditions use it.
    """

    names: tuple[str, ...]
    recipe: Recipe
    examples: Mapping[str, Collection[str]]  # texts that are frequent in a column: compared with first, since that is cheap
    values: dict[str, str] = field(default_factory=dict)  # column of the SELECT -> its SQL
    _expected: dict[str, set[str]] = field(default_factory=dict)  # column of the file -> texts its cells are compared with
    _whole: dict[str, str] = field(default_factory=dict)  # column of the SELECT -> the cell it is the whole number of

    def raw(self, column: str) -> str:
        """The cell as it came."""
        return f"cell_{self.names.index(column)}"

    def text(self, column: str, expected: Iterable[str]) -> str:
        """The cell without blanks around it, which most cells that are compared with texts have not."""
        self._expected.setdefault(column, set()).update(expected)
        return f"text_{self.names.index(column)}"

    @property
    def first(self) -> dict[str, str]:
        """Column of the SELECT -> its SQL, for what the values are made from: cells without blanks around them, whole numbers."""
        texts = {f"text_{self.names.index(column)}": self.trimmed_sql(column) for column in self._expected}
        return texts | {whole: f"CASE WHEN {cell} <> '' THEN TRY_CAST({cell} AS INTEGER) END" for whole, cell in self._whole.items()}

    def trimmed_sql(self, column: str) -> str:
        """A cell without blanks around it."""
        frequent = {text for text in self.examples.get(column, ()) if text == text.strip(_BLANKS)}
        cell, expected = self.raw(column), among_sql(self.raw(column), self._expected[column] | frequent)
        blanks = f"WHEN regexp_matches({cell}, {text_sql(_EDGE)}) THEN trim({cell}, {text_sql(_BLANKS)})"
        return f"CASE WHEN {expected} THEN {cell} {blanks} ELSE {cell} END"

    def flag(self, condition: str) -> str:
        """A condition that is looked at once, whatever number of measures ask for it."""
        name = next((name for name, sql in self.values.items() if sql == condition), f"flag_{len(self.values)}")
        self.values[name] = condition
        return name

    def missing(self, cell: str) -> str:
        """Whether a cell says that there is nothing; one with blanks around it is not recognised."""
        return among_sql(cell, self.recipe.missing)

    def name(self, column: str) -> str:
        """A name that needs no cleaning."""
        name, cell = f"name_{self.names.index(column)}", self.raw(column)
        clean = [text for text in self.examples.get(column, ()) if re.fullmatch(CLEAN_TEXT, text) and text not in self.recipe.missing]
        if clean and name not in self.values:
            self.values[name] = f"CASE WHEN {cell} IN ({', '.join(map(text_sql, sorted(clean)))}) THEN {cell} END"
        return self._value(name, cell, CLEAN_TEXT, "{cell}")

    def number(self, column: str, unit: CellUnit) -> str | None:
        """A number of this unit with at most six decimals, in base units; None: SQL does not read this unit."""
        pattern, value = _number(unit, self.recipe)
        if not pattern:
            return None
        same = next(one for one in CellUnit if _number(one, self.recipe) == (pattern, value))  # so that no cell is read twice
        name, cell = f"number_{self.names.index(column)}_{list(CellUnit).index(same)}", self.raw(column)
        if name not in self.values:
            known = self._frequent_numbers(column, pattern, value) or self._whole_number(column, pattern, unit)
            self.values[name] = f"CASE WHEN {cell} = '' THEN NULL {known} END"
        return self._value(name, cell, pattern, value)

    def _frequent_numbers(self, column: str, pattern: str, value: str) -> str:
        """The branch of a CASE for the numbers a column has often, which are told by comparing alone; '' where it has too many."""
        often = [text for text in self.examples.get(column, ()) if re.fullmatch(pattern, text) and text not in self.recipe.missing]
        cell = self.raw(column)
        return f"WHEN {cell} IN ({', '.join(map(text_sql, sorted(often)))}) THEN {value.format(cell=cell)}" if often else ""

    def _whole_number(self, column: str, pattern: str, unit: CellUnit) -> str:
        """The branch of a CASE for whole numbers: a cell that is written as its number is written needs no pattern."""
        if FACTORS.get(unit, 1) != 1 or unit in _CLOCKS or any(re.fullmatch(pattern, text) for text in self.recipe.missing):
            return ""
        whole, cell = f"whole_{self.names.index(column)}", self.raw(column)
        self._whole[whole] = cell
        return f"WHEN CAST({whole} AS VARCHAR) = {cell} THEN CAST({whole} AS {STORED})"

    def moment(self, columns: Sequence[str], written: str) -> str | None:
        """A point in time; None: SQL does not read this format."""
        patterns = moment_patterns(written)
        if not patterns:
            return None
        cell = " || ' ' || ".join(map(self.raw, columns))
        cell = cell if len(columns) == 1 else f"({cell})"
        name = f"moment_{'_'.join(str(self.names.index(column)) for column in columns)}"
        padded = padded_like(written)
        if padded and name not in self.values and not any(re.fullmatch(patterns[0], text) for text in self.recipe.missing):
            self.values[name] = f"CASE WHEN {cell} LIKE {text_sql(padded)} THEN {moment_sql(written, patterns[0]).format(cell=cell)} END"
        for pattern in patterns:
            self._value(name, cell, pattern, moment_sql(written, pattern))
        return name

    def _value(self, name: str, cell: str, pattern: str, value: str) -> str:
        """`value` where the cell matches `pattern` and is not missing."""
        gone = [text for text in self.recipe.missing if re.fullmatch(pattern, text)]
        known = [f"WHEN {cell} IN ({', '.join(map(text_sql, gone))}) THEN NULL"] if gone else []
        known.append(f"WHEN {matches_sql(cell, pattern)} THEN {value.format(cell=cell)}")
        before = self.values.get(name, "CASE END")
        if known[-1] not in before:
            self.values[name] = f"{before.removesuffix(' END')} {' '.join(known)} END"
        return name


def matches_sql(cell: str, pattern: str) -> str:
    """Whether the whole cell matches."""
    return f"regexp_full_match({cell}, {text_sql(pattern)})"


def among_sql(cell: str, texts: Iterable[str]) -> str:
    """Whether a cell is one of these texts. Most cells are told by being empty or by their length, so that few are compared with all."""
    named = sorted({text for text in texts if text})
    longest = max((len(text.encode()) for text in named), default=0)
    empty = f"WHEN {cell} = '' THEN true " if "" in texts else ""
    if not named:
        return f"({cell} = '')" if empty else "false"
    listed = ", ".join(map(text_sql, named))
    return f"(CASE {empty}WHEN strlen({cell}) > {longest} THEN false ELSE {cell} IN ({listed}) END)"


def _number(unit: CellUnit, recipe: Recipe) -> tuple[str, str]:
    """The pattern of a number and its value, a template for {cell}; '' for units that SQL does not read."""
    if unit in _CLOCKS:
        pattern, interval = _CLOCKS[unit]
        return pattern, f"CAST(CAST(epoch_us(TRY_CAST({interval} AS INTERVAL)) AS DECIMAL(18,0)) * 0.000001 AS {STORED})"
    if unit not in _PLAIN_NUMBERS:
        return "", ""
    written = "{cell}" if not recipe.thousands else f"replace({{cell}}, {text_sql(recipe.thousands)}, '')"
    written = written if recipe.decimal == "." else f"replace({written}, ',', '.')"
    pattern = f"-?{_whole(unit, recipe)}(?:[{recipe.decimal}][0-9]{{0,{3 if unit is CellUnit.MILLISECONDS else 6}}})?"
    if unit is CellUnit.MILLISECONDS:
        return pattern, f"CAST(TRY_CAST({written} AS DECIMAL(15,3)) * 0.001 AS {STORED})"
    factor = FACTORS.get(unit, 1)
    number = f"TRY_CAST({written} AS {STORED})"
    return pattern, number if factor == 1 else f"CAST({number} * {factor} AS {STORED})"


def _whole(unit: CellUnit, recipe: Recipe) -> str:
    digits = _DIGITS.get(unit, _MOST_DIGITS)
    plain = f"[0-9]{{1,{digits}}}"
    if not recipe.thousands:
        return plain
    return f"(?:{plain}|[0-9]{{1,3}}(?:[{recipe.thousands}][0-9]{{3}}){{1,{(digits - 3) // 3}}})"
