"""What of an issued review reads differently today: numbers, targets, statuses and all else, the most important first.

    differences = restated(open_edition(...).review, quarterly_review(...))
    restated_sentence(differences)      # 'Restated since issue: 3 numbers differ; the largest: ... Besides 1 target differs.'

What only follows the calendar (days overdue, what is late) is no restatement and is told apart.

Two values differ when they are printed differently with up to six decimals: then both are printed with as many as it takes to tell them
apart ('81.14 %' and '81.11 %'). What differs further behind is the rounding of floating point, and no difference.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from math import inf, isclose
from typing import TypeVar

from analytics.catalogue import KPIS
from analytics.catalogue.units import MOST_DECIMALS, Unit, decimals_apart, number_text, value_text, variance_text
from analytics.performance.verdict import label_in_sentence
from analytics.review.commentary import OWN, places
from analytics.review.frames import unit_of
from analytics.review.model import Definition, QuarterlyReview, Result, Risk, RiskMap, Table
from analytics.wording import counted, listed

_Name = TypeVar("_Name", str, int)
_ROUNDING = 1e-9
_NOTHING = "-"
_ZERO = ("0", "0:00")
_NO_DEFINITION = "cannot be computed any more: no definition in the catalogue"
_OVERDUE = "overdue"
_OF_THE_DAY = ("attention/actions", "attention/reviews", "attention/late/", "decisions/risk/")
_CALENDAR_COLUMNS = ("Days overdue", "Data to", "Newest day", "Late sources")
_DAYS = re.compile(r"(\b\w+ )?overdue( on \d+ \w+ \d{4})?|\d+ days?")
_PLACES = {
    "headline": "The headline",
    "attention": "A point that needs attention",
    "wins": "A win",
    "decisions": "A sentence on decisions and actions",
    "risks": "The sentence on risks",
    "movements": "The sentence on what moved",
    "mandatory": "The sentence on the mandatory lines",
    "targets_met": "The sentence on targets met",
    "trends": "The sentence on trends",
}
_UNCHANGED = "Nothing has changed since issue."


class Kind(StrEnum):
    """What differs, in the order of importance. The value is what one is called."""

    STATUS = "status"
    VENDOR = "vendor"
    KPI = "KPI"
    NUMBER = "number"
    TARGET = "target"
    DEFINITION = "definition"
    RISK = "risk"
    EARLIER = "earlier number"
    DATA = "statement about the data"
    FILE = "file"
    TEXT = "text"
    LIST = "table"
    CALENDAR = "text or table of the calendar"

    def counted(self, count: int) -> str:
        """'1 status', '2 statuses'."""
        many = _PLURALS.get(self, "")
        return counted(count, self.value, many)


_PLURALS = {
    Kind.STATUS: "statuses",
    Kind.DATA: "statements about the data",
    Kind.CALENDAR: "texts or tables of the calendar",
}
_WHY = {
    Kind.STATUS: "another status",
    Kind.TARGET: "another target",
    Kind.DEFINITION: "another formula",
    Kind.RISK: "another score",
    Kind.CALENDAR: "follows the calendar",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing as it was issued and as it is now, both as printed ('-' where there was or is none).

    `what`: 'Service level of Cobalt Bay'. `change`: in words, '-0.3 pp', 'new', 'another status'. `vendor` and `kpi` are
    ids ('' all, '' none). `size` orders differences of one kind: that of a number is its change against what it was.
    """

    kind: Kind
    what: str
    then_text: str
    now_text: str
    change: str = ""
    vendor: str = ""
    kpi: str = ""
    size: float = 0.0

    @property
    def words(self) -> str:
        """'Service level of Cobalt Bay is 74.8 % instead of 75.1 %'; of what came or went '... is new: 74.8 %'."""
        if self.then_text == _NOTHING:
            return f"{self.what} is new: {self.now_text}"
        if self.now_text == _NOTHING:
            return f"{self.what} is gone: {self.then_text}{f'; {self.change}' if self.kind is Kind.KPI else ''}"
        if self.kind is Kind.LIST:
            return f"{self.what} differs: {self.change}"
        return f"{self.what} is {self.now_text} instead of {self.then_text}"


def restated(issued: QuarterlyReview, now: QuarterlyReview) -> tuple[Difference, ...]:
    """Everything that differs, statuses first, within a kind the largest first; empty when nothing does."""
    found = [*_of_results(issued, now)]
    for part in (_of_vendors, _of_kpis, _of_definitions, _of_risks, _of_data, _of_files, _of_texts, _of_lists):
        found += part(issued, now)
    order = list(Kind)
    named = (replace(one, change=one.change or _why(one)) for one in found)
    return tuple(sorted(named, key=lambda difference: (order.index(difference.kind), -difference.size)))


def _why(found: Difference) -> str:
    """What stands for a change that is no number: 'new', 'gone', 'another status'."""
    if _NOTHING in (found.then_text, found.now_text) and found.kind is not Kind.CALENDAR:
        return "new" if found.then_text == _NOTHING else "gone"
    return _WHY.get(found.kind, "other words")


def restated_sentence(differences: Iterable[Difference]) -> str:
    """How many numbers differ and the largest, then what else does, then what only follows the calendar; or that nothing has changed."""
    found = list(differences)
    if not found:
        return _UNCHANGED
    counts = {kind: sum(difference.kind is kind for difference in found) for kind in Kind}
    besides = [kind.counted(count) for kind, count in counts.items() if count and kind not in (Kind.NUMBER, Kind.CALENDAR)]
    others = sum(counts.values()) - counts[Kind.NUMBER] - counts[Kind.CALENDAR]
    said = [_number_words(found)]
    said += [f"Besides {listed(besides)} {'differs' if others == 1 else 'differ'}."] if besides else []
    said += [_calendar_words(counts[Kind.CALENDAR])] if counts[Kind.CALENDAR] else []
    return " ".join(said) + _gone_words(found)


def _number_words(found: list[Difference]) -> str:
    """'Restated since issue: 3 numbers differ; the largest: ...', 'No number was restated since issue.'"""
    numbers = [difference for difference in found if difference.kind is Kind.NUMBER]
    if not numbers:
        return "No number was restated since issue."
    largest = next((number for number in numbers if number.size < inf), numbers[0])
    verb = "differs" if len(numbers) == 1 else "differ; the largest"
    return f"Restated since issue: {Kind.NUMBER.counted(len(numbers))} {verb}: {largest.words}."


def _calendar_words(count: int) -> str:
    """'5 texts or tables only follow the calendar (days overdue, lateness).'"""
    what = counted(count, "text or table", "texts or tables")
    return f"{what} only {'follows' if count == 1 else 'follow'} the calendar (days overdue, lateness)."


def _gone_words(found: Iterable[Difference]) -> str:
    """' Upsell rate cannot be computed any more: ...', with the blank before it; '' while everything can be."""
    gone = [difference.what for difference in found if difference.kind is Kind.KPI]
    return f" {listed(gone)} {_NO_DEFINITION}." if gone else ""


def _of_results(issued: QuarterlyReview, now: QuarterlyReview) -> Iterator[Difference]:
    """Of each KPI and vendor that both have, and of those that one of them lacks though it has the vendor."""
    before, after = (_by_place(review) for review in (issued, now))
    shared = {"", *issued.vendors} & {"", *now.vendors}
    comparable, gone = issued.compared == now.compared, {one.kpi for one in _undefined(issued, now)}
    for vendor, kpi in dict.fromkeys((*before, *after)):
        if vendor in shared and kpi not in gone:
            yield from _of_result(before.get((vendor, kpi)), after.get((vendor, kpi)), comparable)


def _by_place(review: QuarterlyReview) -> dict[tuple[str, str], Result]:
    """The results by vendor and KPI; a total beside its only vendor, as earlier editions have it, says nothing of its own."""
    return {(result.vendor, result.kpi): result for result in review.results if result.vendor or len(review.vendors) != 1}


def _of_result(then: Result | None, now: Result | None, comparable: bool) -> Iterator[Difference]:
    known = now or then
    assert known is not None
    what = f"{known.label} of {known.vendor or 'all vendors'}"
    value = _of_values(Kind.NUMBER, what, known, (then.value if then else None, now.value if now else None))
    size = value.size if value else 0.0
    if value:
        yield value
    if then and now and then.status_text != now.status_text:
        yield Difference(Kind.STATUS, f"The status of {what}", then.status_text, now.status_text, "", known.vendor, known.kpi, size)
    if then and now and then.target_text != now.target_text:
        texts = (then.target_text or _NOTHING, now.target_text or _NOTHING)
        yield Difference(Kind.TARGET, f"The target for {what}", *texts, vendor=known.vendor, kpi=known.kpi)
    if then and now and comparable and (earlier := _of_values(Kind.EARLIER, what, known, (then.previous, now.previous))):
        yield earlier


def _of_values(kind: Kind, what: str, known: Result, values: tuple[float | None, float | None]) -> Difference | None:
    """The difference of two values of a result; None where they are the same number."""
    then, now = values
    if kind is Kind.EARLIER:
        what = f"{what} in {known.compared_text or 'the period compared with'}"
    unit = unit_of(known.unit)
    if then is None or now is None:
        texts = [value_text(value, unit, known.currency) for value in values]
        return None if then is now else Difference(kind, what, *texts, vendor=known.vendor, kpi=known.kpi, size=inf)
    places = decimals_apart(then, now, unit)
    if isclose(then, now, rel_tol=_ROUNDING, abs_tol=_ROUNDING**2) or number_text(then, unit, places) == number_text(now, unit, places):
        return None
    before, after = (value_text(value, unit, known.currency, places) for value in (then, now))
    change = _change_text(now - then, known, unit, places)
    size = abs(now - then) / abs(then) if then else inf
    return Difference(kind, what, before, after, change, known.vendor, known.kpi, size)


def _change_text(change: float, known: Result, unit: Unit, places: int) -> str:
    """The change with at least these decimals, and as many more as it takes not to be 0."""
    enough = next((more for more in range(places, MOST_DECIMALS) if number_text(change, unit, more) not in _ZERO), MOST_DECIMALS)
    return variance_text(change, unit, known.better_sign, known.currency, enough)


def _of_vendors(issued: QuarterlyReview, now: QuarterlyReview) -> Iterator[Difference]:
    for vendor in _either(issued.vendors, now.vendors):
        if (vendor in issued.vendors) != (vendor in now.vendors):
            before, after = (_kpis_of(review, vendor) for review in (issued, now))
            yield Difference(Kind.VENDOR, vendor, before, after, vendor=vendor)


def _kpis_of(review: QuarterlyReview, vendor: str) -> str:
    """'8 KPIs'; '-' of a vendor it does not have."""
    measured = sum(result.vendor == vendor and result.measured for result in review.results)
    return counted(measured, "KPI") if vendor in review.vendors else _NOTHING


def _undefined(issued: QuarterlyReview, now: QuarterlyReview) -> list[Definition]:
    """The KPIs of the edition that nothing defines any more."""
    there = {definition.kpi for definition in now.definitions}
    return [one for one in issued.definitions if one.kpi not in KPIS and one.kpi not in there]


def _of_kpis(issued: QuarterlyReview, now: QuarterlyReview) -> Iterator[Difference]:
    """One difference for each KPI that cannot be computed any more, however many numbers it had."""
    for one in _undefined(issued, now):
        numbers = counted(sum(result.kpi == one.kpi and result.measured for result in issued.results), "number")
        yield Difference(Kind.KPI, one.label, numbers, _NOTHING, _NO_DEFINITION, kpi=one.kpi)


def _of_definitions(issued: QuarterlyReview, now: QuarterlyReview) -> Iterator[Difference]:
    after = {definition.kpi: definition for definition in now.definitions}
    for then in issued.definitions:
        if then.kpi in after and after[then.kpi].formula != then.formula:
            yield Difference(Kind.DEFINITION, f"The formula of {then.label}", then.formula, after[then.kpi].formula, kpi=then.kpi)


def _of_risks(issued: QuarterlyReview, now: QuarterlyReview) -> Iterator[Difference]:
    before, after = _risks(issued), _risks(now)
    for number in _either(before, after):
        then, present = before.get(number), after.get(number)
        known = present or then
        texts = (_risk_text(then), _risk_text(present))
        if known and texts[0] != texts[1]:
            size = abs((present.score if present else 0) - (then.score if then else 0))
            yield Difference(Kind.RISK, f"Risk {number}, {known.title},", *texts, vendor=known.vendor, size=size)


def _risks(review: QuarterlyReview) -> dict[int, Risk]:
    return {risk.number: risk for block in review.blocks if isinstance(block, RiskMap) for risk in block.risks}


def _risk_text(risk: Risk | None) -> str:
    return f"{risk.score} ({risk.likelihood} x {risk.impact})" if risk else _NOTHING


def _of_data(issued: QuarterlyReview, now: QuarterlyReview) -> Iterator[Difference]:
    """What is said of the whole review: what it covers, what is missing, what it is compared with."""
    said: tuple[tuple[str, Callable[[QuarterlyReview], str]], ...] = (
        ("The scope", lambda review: review.scope),
        ("The coverage", lambda review: review.coverage),
        ("The review", lambda review: review.compared),
    )
    for what, of in said:
        if of(issued) != of(now):
            yield Difference(Kind.DATA, what, of(issued) or "whole", of(now) or "whole")


def _of_files(issued: QuarterlyReview, now: QuarterlyReview) -> Iterator[Difference]:
    before, after = ({one.sha256 or one.file: one for one in review.deliveries} for review in (issued, now))
    for sha in _either(before, after):
        if (sha in before) != (sha in after):
            then, present = (counted(side[sha].rows, "row") if sha in side else _NOTHING for side in (before, after))
            yield Difference(Kind.FILE, (before.get(sha) or after[sha]).file, then, present)


def _of_texts(issued: QuarterlyReview, now: QuarterlyReview) -> Iterator[Difference]:
    """Sentences at places both have, and words of people that came or went; rules speak differently of another comparison."""
    before, after = places(issued), places(now)
    for place in _either(before, after):
        then, present = before.get(place), after.get(place)
        by_people = bool((then and then.author) or (present and present.author))
        texts = (then.text if then else _NOTHING, present.text if present else _NOTHING)
        if texts[0] != texts[1] and (by_people or (then and present and issued.compared == now.compared)):
            kind = Kind.CALENDAR if not by_people and _is_of_the_day(place, *texts) else Kind.TEXT
            yield Difference(kind, _where(place), *texts)


def _is_of_the_day(place: str, then: str, now: str) -> bool:
    """Whether a sentence made by rule differs only in what the passing of days changes."""
    return place.startswith(_OF_THE_DAY) or (_OVERDUE in now and _DAYS.sub("", then) == _DAYS.sub("", now))


def _of_lists(issued: QuarterlyReview, now: QuarterlyReview) -> Iterator[Difference]:
    """Tables of the same name that read differently: in more than the columns that follow the calendar, or in these alone."""
    after = dict(_tables(now))
    for name, then in _tables(issued):
        if name in after and _printed(then) != _printed(after[name]):
            before, present = (_printed(table, lasting=True) for table in (then, after[name]))
            kind = Kind.CALENDAR if sorted(before) == sorted(present) else Kind.LIST
            then_rows, now_rows = (counted(len(side), "row") for side in (before, present))
            changed, gone = (sum(row not in other for row in rows) for rows, other in ((present, before), (before, present)))
            words = f"{counted(changed, 'row')} new or changed" if changed else f"{counted(gone, 'row')} gone"
            what = f"The table '{then.name.replace('_', ' ')}'"
            yield Difference(kind, what, then_rows, now_rows, words if kind is Kind.LIST else "")


def _printed(table: Table, *, lasting: bool = False) -> list[tuple[str, ...]]:
    """The rows as printed; if only what is `lasting`, without the columns that follow the calendar."""
    kept = [at for at, name in enumerate(table.columns) if not (lasting and name.startswith(_CALENDAR_COLUMNS))]
    return [tuple(row[at].text for at in kept) for row in table.rows]


def _where(place: str) -> str:
    """The place of a sentence in words a reader knows it by."""
    if place.startswith(OWN):
        return "A comment"
    part, _, rest = place.partition("/")
    if part == "movement":
        vendor, _, kpi = rest.removesuffix("/where").rpartition("/")
        return f"What is said of {label_in_sentence(kpi) if kpi in KPIS else 'a KPI'} of {vendor}"
    return _PLACES.get(part, f"A sentence of '{part.replace('_', ' ')}'")


def _tables(review: QuarterlyReview) -> Iterator[tuple[str, Table]]:
    for section in review.sections:
        yield from ((f"{section.id}/{block.name}", block) for block in section.blocks if isinstance(block, Table))


def _either(before: Iterable[_Name], after: Iterable[_Name]) -> list[_Name]:
    """What is in one or both, each once, in order."""
    return list(dict.fromkeys((*before, *after)))
