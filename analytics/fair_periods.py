"""What a period may fairly be compared with: whole with whole, and a period to date with as much of the earlier one.

A period is whole when the data covers all of it. One the data ends in is shown to date, up to its last whole part, and is
compared with the same number of parts of the other period: elapsed days, or weeks (by their Thursday) or months where the
data comes by weeks or months. It is never compared with a whole period: where the other one has no more parts than have
elapsed, there is no comparison. Nor is there one where the data begins inside either period. Two dates of the reader's own
choice are taken as they are; of a longer range a period to date takes as many parts as have elapsed. The note says why.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from analytics.errors import UsageError
from analytics.periods import Comparison, Grain, Period, day_text, days_between
from analytics.wording import counted

BETWEEN = ".."
HOW_TO_CHOOSE = "Use previous, last_year, a period such as 2026-Q1, or two dates such as 2026-01-01..2026-03-31."


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """Days from `start` to `end`, both inclusive; an end before the start raises `UsageError`."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise UsageError(f"The range {self.start} to {self.end} ends before it starts.", "Swap the two dates.")

    @property
    def days(self) -> int:
        """Number of days."""
        return days_between(self.start, self.end)

    @property
    def id(self) -> str:
        """The stable name used by links and the command line: '2026-07-01..2026-08-14'."""
        return f"{self.start}{BETWEEN}{self.end}"

    @property
    def label(self) -> str:
        """'1 Jul 2026 to 14 Aug 2026', '14 Aug 2026'."""
        return day_text(self.start) if self.start == self.end else f"{day_text(self.start)} to {day_text(self.end)}"

    def overlaps(self, other: "Stretch") -> bool:
        """Whether a day lies in both."""
        return self.start <= other.end and other.start <= self.end

    def within(self, other: "Stretch") -> bool:
        """Whether all of it lies in the other."""
        return other.start <= self.start and self.end <= other.end


Choice = Comparison | Period | Stretch


def parse_choice(text: str, fiscal_start: int = 1) -> Choice:
    """What to compare with, by its name: 'previous', 'last_year', '2026-Q1', '2026-01-01..2026-03-31'; else `UsageError`."""
    if text in tuple(Comparison):
        return Comparison(text)
    first, dots, last = text.partition(BETWEEN)
    try:
        return Stretch(date.fromisoformat(first), date.fromisoformat(last)) if dots else Period.parse(text, fiscal_start)
    except (ValueError, UsageError) as problem:
        if isinstance(problem, UsageError) and dots:
            raise
        raise UsageError(f"Unknown comparison '{text}'.", HOW_TO_CHOOSE) from None


def held_against(period: Period, choice: Choice) -> Period | Stretch:
    """The period or the days a choice means for a period."""
    return choice.of(period) if isinstance(choice, Comparison) else choice


@dataclass(frozen=True, slots=True)
class FairPair:
    """What is shown and what it is compared with; None where nothing is shown or nothing is fair.

    `whole`: the shown period is complete. `label` and `against`: the two in words, `against` '' where there is no comparison.
    `note`: why there is none, or what the two do not have in common.
    """

    shown: Stretch | None
    compared: Stretch | None
    whole: bool
    label: str
    against: str = ""
    note: str = ""

    @property
    def words(self) -> str:
        """What is shown, compared with what."""
        return f"{self.label} compared with {self.against}" if self.against else self.label

    @property
    def text(self) -> str:
        """The words, and the note where there is one."""
        return f"{self.words}. {self.note}" if self.note else self.words


def fair_pair(period: Period, choice: Choice, data: Stretch, part: Grain = Grain.DAY, counted_in: Grain | None = None) -> FairPair:
    """A period and what the choice makes of it, as far as `data` reaches; `part`: the grain the data comes in.

    `counted_in`: the parts two whole periods are said to have, where they are compared by days: 14 weeks hold more than 13.
    """
    if part.rank > period.grain.rank:
        raise UsageError(f"Data by {part} has no {period.grain}.", f"Choose a period of a {part} or longer.")
    parts = _parts(period, part)
    there = [one for one in parts if one.within(data)]
    if not there:
        return FairPair(None, None, False, period.label, note=f"There is no whole {part} of {period.label} in the data.")
    shown, whole = Stretch(there[0].start, there[-1].end), len(there) == len(parts)
    if parts[0] != there[0]:
        begins = f"The data begins on {day_text(data.start)}, inside {period.label}."
        return FairPair(shown, None, False, f"{period.label} in part, {shown.label}", note=begins)
    label = period.label if whole else f"{period.label} so far, to {day_text(shown.end)}"
    other = held_against(period, choice)
    before = _parts(other, part, period.fiscal_start)
    taken = before if whole else before[: len(there)]
    unfair = _unfair(other, shown, taken, before, data, part, 0 if whole else len(there))
    if unfair:
        return FairPair(shown, None, whole, label, note=unfair)
    compared = Stretch(taken[0].start, taken[-1].end)
    against = _against(other, compared, len(taken), len(before), part)
    said = counted_in or part
    lengths = [len(_parts(one, said, period.fiscal_start)) for one in (period, other)]
    return FairPair(shown, compared, whole, label, against, _differences(period, other, whole, said, *lengths))


def _unfair(
    other: Period | Stretch, shown: Stretch, taken: list[Stretch], before: list[Stretch], data: Stretch, part: Grain, elapsed: int
) -> str:
    """Why there is no comparison, '' where there is a fair one. `elapsed`: parts of a period to date, 0 for a whole one."""
    if not before:
        return f"There is no whole {part} in {other.label}."
    if elapsed and (len(before) < elapsed or (len(before) == elapsed and isinstance(other, Period))):
        only = f"{other.label} has only {counted(len(before), part)}"
        return f"{only}: {counted(elapsed, part)} have no counterpart in it."
    compared = Stretch(taken[0].start, taken[-1].end)
    if compared.overlaps(shown):
        return f"{shown.label} and {other.label} overlap."
    if isinstance(other, Stretch) and not compared.within(data):
        return f"The data is from {data.label}: {other.label} is not all in it."
    if compared.start < data.start:
        return f"The data begins on {day_text(data.start)}: there is no whole {other.label}."
    return f"The data ends on {day_text(data.end)}: there is no whole {other.label}." if data.end < compared.end else ""


def _parts(whole: Period | Stretch, part: Grain, fiscal_start: int = 1) -> list[Stretch]:
    """The parts of a period, in order; of a range of days those that lie all in it."""
    if part is Grain.DAY:
        return [Stretch(day, day) for day in (whole.start + timedelta(days=step) for step in range(whole.days))]
    if isinstance(whole, Period):
        return [Stretch(one.start, one.end) for one in whole.within(part)]
    one, found = Period.of(part, whole.start, fiscal_start), []
    while one.end <= whole.end:
        if one.start >= whole.start:
            found.append(Stretch(one.start, one.end))
        one = one.next()
    return found


def _against(other: Period | Stretch, compared: Stretch, taken: int, there: int, part: Grain) -> str:
    """'Q2 2026', 'the first 15 days of Q3 2026, 1 Jul 2026 to 15 Jul 2026', '1 Mar 2026 to 31 Mar 2026'."""
    if taken == there:
        return other.label if isinstance(other, Period) else compared.label
    first = f"the first {part}" if taken == 1 else f"the first {counted(taken, part)}"
    return f"{first} of {other.label}, {compared.label}"


def _differences(period: Period, other: Period | Stretch, whole: bool, part: Grain, parts: int, before: int) -> str:
    """What a reader must know: unequal lengths, and the week numbers of a comparison 52 weeks back across a week 53."""
    notes = [f"{counted(parts, part)} against {counted(before, part)}: bear it in mind for totals."] if whole and parts != before else []
    if period.grain is Grain.WEEK and isinstance(other, Period) and other.shifted(52) == period:
        weeks = [one.start.isocalendar().week for one in (period, other)]
        if weeks[0] != weeks[1]:
            notes.append(f"52 weeks earlier is {other.label}, the same weekdays of the year before.")
    return " ".join(notes)
