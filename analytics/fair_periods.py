"""What a period may fairly be compared with: whole with whole, and a period to date with as much of the earlier one.

A period is whole when the data covers all of it. One the data ends in is shown to date, up to its last whole part, and is
compared with the same number of parts of the earlier period: elapsed days, or weeks (by their Thursday) or months where the
data comes by weeks or months. It is never compared with a whole period: where the earlier one has no more parts than have
elapsed, there is no comparison. Nor is there one where the data begins inside either period. The note says why.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from analytics.errors import UsageError
from analytics.periods import Comparison, Grain, Period, day_text
from analytics.wording import counted


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """Days from `first` to `last`, both inclusive; an end before the start raises `UsageError`."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise UsageError(f"The range {self.first} to {self.last} ends before it starts.", "Swap the two dates.")

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.last - self.first).days + 1

    @property
    def label(self) -> str:
        """'1 Jul 2026 to 14 Aug 2026', '14 Aug 2026'."""
        return day_text(self.first) if self.first == self.last else f"{day_text(self.first)} to {day_text(self.last)}"

    def overlaps(self, other: "Stretch") -> bool:
        """Whether a day lies in both."""
        return self.first <= other.last and other.first <= self.last

    def within(self, other: "Stretch") -> bool:
        """Whether all of it lies in the other."""
        return other.first <= self.first and self.last <= other.last


@dataclass(frozen=True, slots=True)
class FairPair:
    """What is shown and what it is compared with; None where nothing is shown or nothing is fair.

    `whole`: the shown period is complete. `words`: what is shown, compared with what. `note`: why there is no comparison, or
    what the two do not have in common.
    """

    shown: Stretch | None
    compared: Stretch | None
    whole: bool
    words: str
    note: str = ""


def fair_pair(period: Period, comparison: Comparison, data: Stretch, part: Grain = Grain.DAY) -> FairPair:
    """A period and what the comparison makes of it, as far as `data` reaches; `part`: the grain the data comes in."""
    if part.rank > period.grain.rank:
        raise UsageError(f"Data by {part} has no {period.grain}.", f"Choose a period of a {part} or longer.")
    earlier, parts = comparison.of(period), _parts(period, part)
    there = [one for one in parts if data.first <= one.first and one.last <= data.last]
    if not there:
        return FairPair(None, None, False, period.label, f"There is no whole {part} of {period.label} in the data.")
    shown, whole = Stretch(there[0].first, there[-1].last), len(there) == len(parts)
    if parts[0] != there[0]:
        begins = f"The data begins on {day_text(data.first)}, inside {period.label}: it is not compared."
        return FairPair(shown, None, False, f"{period.label} in part, {shown.label}", begins)
    label = period.label if whole else _so_far(period, shown)
    before = _parts(earlier, part)
    if not whole and len(before) <= len(there):
        only = f"{earlier.label} has only {counted(len(before), part)}"
        return FairPair(shown, None, False, label, f"{only}: {counted(len(there), part)} have no counterpart in it.")
    compared = Stretch(before[0].first, before[-1 if whole else len(there) - 1].last)
    if compared.first < data.first:
        return FairPair(shown, None, whole, label, f"The data begins on {day_text(data.first)}: there is no whole {earlier.label}.")
    against = earlier.label if whole else f"{_first(len(there), part)} of {earlier.label}, {compared.label}"
    return FairPair(
        shown, compared, whole, f"{label} compared with {against}", _differences(period, earlier, whole, part, len(parts), len(before))
    )


def custom_pair(shown: Stretch, compared: Stretch, data: Stretch) -> FairPair:
    """Two ranges of the user's own choice; each must lie in the data, and they must not overlap."""
    label = f"{shown.label} compared with {compared.label}"
    outside = next((one for one in (shown, compared) if not one.within(data)), None)
    if outside is not None:
        where = f"The data is from {data.label}"
        return FairPair(
            shown if shown.overlaps(data) else None, None, shown.within(data), shown.label, f"{where}: {outside.label} is not all in it."
        )
    if shown.overlaps(compared):
        return FairPair(shown, None, True, shown.label, f"{shown.label} and {compared.label} overlap.")
    return FairPair(shown, compared, True, label, _lengths(shown.days, compared.days, Grain.DAY))


def weeks_in(period: Period) -> int:
    """ISO weeks that belong to a period by their Thursday: 52 or 53 of a year, 12 to 14 of a quarter."""
    return sum(1 for _ in period.within(Grain.WEEK))


def _parts(period: Period, part: Grain) -> list[Stretch]:
    """The parts of a period, in order."""
    if part is Grain.DAY:
        return [Stretch(day, day) for day in (period.start + timedelta(days=step) for step in range(period.days))]
    return [Stretch(one.start, one.end) for one in period.within(part)]


def _first(count: int, part: Grain) -> str:
    """'the first 15 days', 'the first month'."""
    return f"the first {part}" if count == 1 else f"the first {counted(count, part)}"


def _so_far(period: Period, shown: Stretch) -> str:
    return f"{period.label} so far, to {day_text(shown.last)}"


def _differences(period: Period, earlier: Period, whole: bool, part: Grain, parts: int, before: int) -> str:
    """What a reader must know: unequal lengths, and the week numbers of a comparison 52 weeks back across a week 53."""
    notes = [_lengths(parts, before, part)] if whole else []
    if period.grain is Grain.WEEK:
        weeks = [one.start.isocalendar().week for one in (period, earlier)]
        if earlier.shifted(52) == period and weeks[0] != weeks[1]:
            notes.append(f"52 weeks earlier is {earlier.label}, the same weekdays of the year before.")
    return " ".join(note for note in notes if note)


def _lengths(shown: int, compared: int, part: Grain) -> str:
    return "" if shown == compared else f"{counted(shown, part)} against {counted(compared, part)}: bear it in mind for totals."
