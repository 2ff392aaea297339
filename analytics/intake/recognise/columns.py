"""What a whole column holds, gathered batch by batch: distinct values up to a limit, and tallies over all of them."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from analytics.intake.recipe import DEFAULT_MISSING
from analytics.intake.recognise.patterns import MONEY_SIGNS, OTHER_MISSING, DateLook, Kind, date_look, kind_of

_ONE_DIGIT = str.maketrans("123456789", "999999999")
_DAY_PART = 12
_LONG_DAY_PART = 24  # a date that begins with a weekday or the name of a month
_REMEMBERED = 20_000
Place = tuple[str, int]  # a cell and its line


@dataclass(slots=True)
class DateTally:
    """Dates of one form: how many, the first, the first whose first, second or third open number exceeds 12, their zones."""

    count: int = 0
    first: Place = ("", 0)
    grain: str = "day"
    above_12: dict[int, Place] = field(default_factory=dict)
    above_31: dict[int, Place] = field(default_factory=dict)
    zones: Counter[str] = field(default_factory=Counter)
    longest_month: int = 0

    def add(self, look: DateLook, count: int, place: Place) -> None:
        """`count` cells like the one at `place`."""
        if not self.count:
            self.first, self.grain = place, look.grain
        self.count += count
        self.longest_month = max(self.longest_month, len(look.month))
        if look.zone:
            self.zones[look.zone] += count
        for position, number in enumerate(look.parts):
            if number > 12:
                self.above_12.setdefault(position, place)
            if number > 31:
                self.above_31.setdefault(position, place)


class _Batch:
    """Some rows of one column; where a cell stands is looked up only when it is new."""

    def __init__(self, cells: Sequence[str], lines: Sequence[int]) -> None:
        self._cells, self._lines = cells, lines
        self._first: dict[str, int] = {}

    def line_of(self, cell: str) -> int:
        """The line of the first such cell."""
        if not self._first:
            self._first = dict(zip(reversed(self._cells), reversed(self._lines), strict=True))
        return self._first[cell]


@dataclass(slots=True)
class Column:
    """One column of the file."""

    name: str
    position: int
    most_kept: int
    lines: dict[str, int] = field(default_factory=dict)
    overflow: bool = False
    seen_when_full: int = 0
    kinds: Counter[Kind] = field(default_factory=Counter)
    firsts: dict[str, Place] = field(default_factory=dict)
    dates: dict[str, DateTally] = field(default_factory=dict)
    separators: dict[str, Place] = field(default_factory=dict)
    missing_words: dict[str, int] = field(default_factory=dict)
    _shapes: dict[str, Kind] = field(default_factory=dict)
    _days: dict[tuple[str, str], DateTally] = field(default_factory=dict)

    def add(self, cells: Sequence[str], lines: Sequence[int]) -> None:
        """The cells of some rows and the lines they stand on."""
        if self.overflow and not any(tally.zones for tally in self.dates.values()):
            self._add_by_shape([cell.strip() for cell in cells], lines)
            return
        batch = _Batch(cells, lines)
        for cell, count in Counter(cells).items():
            value = cell.strip()
            if value not in self.lines:
                if len(self.lines) < self.most_kept:
                    self.lines[value] = batch.line_of(cell)
                elif not self.overflow:
                    self.overflow, self.seen_when_full = True, max(self.kinds.total(), 1)
            self._tally(value, count, batch, cell)

    def _add_by_shape(self, values: Sequence[str], lines: Sequence[int]) -> None:
        """Many different cells: what they look like is counted, and only a new look or a new day is looked at."""
        shapes = [value.translate(_ONE_DIGIT) for value in values]
        dated = set()
        for shape, count in Counter(shapes).items():
            kind = self._shapes.get(shape)
            if kind is None:
                first = shapes.index(shape)
                kind = self._new_shape(shape, values[first], lines[first])
            if kind is Kind.DATE:
                dated.add(shape)
            else:
                self.kinds[kind] += count
        if dated:
            batch = _Batch(values, lines)
            part = _day_part(next(iter(dated)))
            days = Counter((shape, value[:part]) for shape, value in zip(shapes, values, strict=True) if shape in dated)
            examples = dict(zip(((shape, value[:part]) for shape, value in zip(shapes, values, strict=True)), values, strict=True))
            for (shape, day), count in days.items():
                value = examples[shape, day]
                self._tally_date(shape, value, count, batch, value)

    def _tally(self, value: str, count: int, batch: "_Batch", cell: str) -> None:
        shape = value.translate(_ONE_DIGIT)
        kind = self._shapes.get(shape)
        if kind is None:
            kind = self._new_shape(shape, value, batch.line_of(cell))
        if kind is Kind.DATE:
            self._tally_date(shape, value, count, batch, cell)
        else:
            self.kinds[kind] += count

    def _new_shape(self, shape: str, value: str, line: int) -> Kind:
        """The kind of cells that look like this one, and what they say about separators and missing values."""
        kind = kind_of(value)
        if len(self._shapes) < _REMEMBERED:
            self._shapes[shape] = kind
        self.firsts.setdefault(kind, (value, line))
        if kind in (Kind.NUMBER, Kind.PERCENT):
            for evidence in separator_evidence(value):
                self.separators.setdefault(evidence, (value, line))
        if kind is Kind.MISSING and value.casefold() in OTHER_MISSING and value not in DEFAULT_MISSING:
            self.missing_words.setdefault(value, line)
        return kind

    def _tally_date(self, shape: str, value: str, count: int, batch: "_Batch", cell: str) -> None:
        """A day that was seen in this form says nothing new, whatever its time."""
        day = (shape, value[: _day_part(shape)])
        if known := self._days.get(day):
            known.count += count
            self.kinds[Kind.DATE] += count
            return
        place = (value, batch.line_of(cell))
        look = date_look(value)
        if look is None:  # the shape of a date, but no such month
            self.kinds[Kind.TEXT] += count
            self.firsts.setdefault(Kind.TEXT, place)
            return
        self.kinds[Kind.DATE] += count
        tally = self.dates.setdefault(look.form, DateTally())
        tally.add(look, count, place)
        if not look.zone and len(self._days) < _REMEMBERED:
            self._days[day] = tally

    @property
    def size(self) -> int:
        """Cells that hold something."""
        return self.kinds.total() - self.kinds[Kind.MISSING]

    @property
    def values(self) -> list[str]:
        """The distinct values that are there, in the order of the file."""
        return [value for value in self.lines if value not in DEFAULT_MISSING and value.casefold() not in OTHER_MISSING]

    def share(self, *kinds: Kind) -> float:
        """Which part of the filled cells is of these kinds."""
        return sum(self.kinds[kind] for kind in kinds) / self.size if self.size else 0.0

    @property
    def is_numeric(self) -> bool:
        """Mostly numbers, percentages or durations."""
        return self.share(Kind.NUMBER, Kind.PERCENT, Kind.CLOCK) >= 0.6

    @property
    def is_date(self) -> bool:
        """Mostly dates."""
        return self.share(Kind.DATE) >= 0.6

    @property
    def is_text(self) -> bool:
        """Neither."""
        return self.size > 0 and not self.is_numeric and not self.is_date


def _day_part(shape: str) -> int:
    """How many characters of a date tell its day."""
    return _DAY_PART if shape[:1].isdigit() else _LONG_DAY_PART


_GROUPS = re.compile(r"[0-9]{1,3}(?:([.,'’ \u00a0\u202f])[0-9]{3})+(?:([.,])([0-9]+))?")
_PLAIN = re.compile(r"[0-9]*([.,])([0-9]*)")


def separator_evidence(text: str) -> tuple[str, ...]:
    """What one number says about the separators: 'decimal ,', 'thousands .', 'either .' (1.200), nothing (845)."""
    body = re.sub(r"[eE][+-]?[0-9]+$", "", text.strip(f"{MONEY_SIGNS}%+- \u00a0"))
    grouped = _GROUPS.fullmatch(body)
    if grouped and grouped[1]:
        sign, decimal = grouped[1], grouped[2]
        if decimal:
            return (f"thousands {sign}", f"decimal {decimal}") if decimal != sign else (f"odd {sign}",)
        if body.count(sign) > 1 or sign not in ".,":
            return (f"thousands {sign}",)
        return (f"decimal {sign}",) if body.startswith("0") else (f"either {sign}",)
    plain = _PLAIN.fullmatch(body)
    return (f"decimal {plain[1]}",) if plain else ((f"odd {body}",) if not body.isdigit() else ())
