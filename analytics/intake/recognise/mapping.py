"""Which column is what: the meaning of its name, held against what the column holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from statistics import median

from analytics.catalogue import KPIS, MEASURES, Kpi, MeasureKind, Unit
from analytics.intake.problems import Choice
from analytics.intake.recipe import DURATION_UNITS, CellUnit
from analytics.intake.recognise.columns import Column
from analytics.intake.recognise.corrections import CHOSEN, Corrections, misfit
from analytics.intake.recognise.date_values import are_months
from analytics.intake.recognise.findings import Findings
from analytics.intake.recognise.headers import Header
from analytics.intake.recognise.number_values import NumberStyle
from analytics.intake.recognise.patterns import Kind
from analytics.intake.recognise.synonyms import Guess, Meaning, guesses
from analytics.intake.recognise.words import BREACHES, Role

TOTAL_ROLES = (Role.PERIOD, Role.DIMENSION, Role.MEASURE, Role.KPI, Role.OTHER)
PER_CONTACT = {"handle_seconds": "average_handle_time", "queue_seconds": "average_speed_of_answer"}
SHORT_ABANDONS = "contacts_abandoned_short"
_AVERAGE = frozenset(("avg", "average", "mean", "ave"))
_AVERAGES_KEPT = ("headcount_days", "backlog_days")
_SHARE_OF_VALUES = 0.75
_MOST_CODES = 500
_PLAUSIBLE_EACH = 10
_LARGEST_PERCENTAGE = 100
_PLAUSIBLE_AVERAGE = (10, 5000)
_UNSURE = 0.8
_RINGING = frozenset(("ring", "ringing"))
_INBOUND = frozenset(("inbound", "incoming", "in"))
_OTHER_WAYS = frozenset(
    ("outbound", "outgoing", "out", "internal", "manual", "preview", "agent", "3rd party transfer", "internal voicemail")
)


@dataclass(frozen=True, slots=True)
class Mapped:
    """A column with its meaning, why, and how sure that is."""

    column: Column
    header: Header
    meaning: Meaning
    reason: str
    confidence: float

    @property
    def id(self) -> str:
        """The id of what the column is."""
        return self.meaning.id


def is_ringing(header: Header) -> bool:
    """Whether a time is that of ringing, which is only the last part of waiting."""
    return bool(_RINGING & set(header.words.split()))


def note_ringing(entry: Mapped, findings: Findings) -> None:
    """Ringing taken for waiting, where no column holds that, is uncertain."""
    if is_ringing(entry.header):
        findings.note(entry.column.name, "Taken as the time in the queue, which no column holds: ringing is only the last part of waiting.")


def other_ways(column: Column) -> list[str]:
    """The directions of contacts that are not inbound, of a column that holds nothing but directions."""
    words = {value: value.casefold() for value in column.values}
    if column.overflow or not set(words.values()) & _INBOUND or not set(words.values()) <= _INBOUND | _OTHER_WAYS:
        return []
    return [value for value, word in words.items() if word not in _INBOUND]


def map_columns(
    columns: Sequence[Column], headers: Sequence[Header], findings: Findings, corrections: Corrections
) -> dict[Meaning, Mapped]:
    """Every column with a meaning; of two columns with the same meaning the surer one, else it is asked."""
    claims: dict[Meaning, list[Mapped]] = {}
    for column, header in zip(columns, headers, strict=True):
        if found := _corrected(column, header, corrections) if corrections.is_settled(column) else _best(column, header, corrections):
            claims.setdefault(found.meaning, []).append(found)
    _tell_short_abandons(claims)
    chosen = {meaning: _one_of(meaning, mapped, findings) for meaning, mapped in claims.items()}
    return _without_repeated(_per_contact(chosen, findings), findings)


def _tell_short_abandons(claims: dict[Meaning, list[Mapped]]) -> None:
    """'Abandoned in 6 s' beside 'Answered in 20 s' are short abandons, not those within the threshold."""
    answered, lost, short = (
        Meaning(Role.MEASURE, id) for id in ("answered_within_threshold", "abandoned_within_threshold", SHORT_ABANDONS)
    )
    thresholds = {entry.header.within[1] for entry in claims.get(answered, []) if entry.header.within}
    for entry in claims.pop(lost, []):
        is_short = bool(thresholds) and entry.header.within is not None and entry.header.within[1] not in thresholds
        meaning = short if is_short else lost
        claims.setdefault(meaning, []).append(replace(entry, meaning=meaning))


def _corrected(column: Column, header: Header, corrections: Corrections) -> Mapped | None:
    """What a person said the column holds, where it is a matter of periods, names and totals."""
    meaning = corrections.says_of(column)
    if meaning is None or meaning.role not in TOTAL_ROLES:
        return None
    if not can_be(meaning, column, header):
        raise misfit(column, meaning)
    return Mapped(column, header, meaning, CHOSEN, 1.0)


def can_be(meaning: Meaning, column: Column, header: Header) -> bool:
    """Whether the cells can hold this very thing."""
    return column.size > 0 and _fitted(meaning, column, header) == meaning


def _best(column: Column, header: Header, corrections: Corrections) -> Mapped | None:
    if not column.size:
        return None
    for guess in _within(header) or guesses(header, TOTAL_ROLES) or _averaged(header):
        meaning = _fitted(guess.meaning, column, header)
        if meaning and corrections.leaves(meaning):
            sure = min(guess.confidence, _UNSURE) if meaning.id == "queue_seconds" and is_ringing(header) else guess.confidence
            return Mapped(column, header, meaning, guess.reason, sure)
    return None


def _averaged(header: Header) -> list[Guess]:
    """'CSAT avg' is a result, whatever its name without the word for an average is."""
    words = [word for word in header.plain.split() if word not in _AVERAGE]
    if not words or len(words) == len(header.plain.split()):
        return []
    return guesses(replace(header, words=" ".join(words), plain=" ".join(words), core=" ".join(words)), (Role.KPI,))


def _within(header: Header) -> list[Guess]:
    """'Answered in 20 s' and 'SL 80/20' name their threshold."""
    if header.within is None:
        return []
    what, seconds = header.within
    if what in ("sl", "sla", "service level", "tsf") or "rate" in header.words or header.unit is CellUnit.PERCENT:
        meaning = Meaning(Role.KPI, "service_level")
    else:
        lost = what in ("aband", "lost")
        meaning = Meaning(Role.MEASURE, "abandoned_within_threshold" if lost else "answered_within_threshold")
    return [Guess(meaning, f"'{header.name}' counts within {seconds} s", 0.9)]


def _fitted(meaning: Meaning, column: Column, header: Header) -> Meaning | None:
    """The meaning the values allow, None when they speak against it."""
    match meaning.role:
        case Role.PERIOD:
            return _fitted_period(meaning, column)
        case Role.DIMENSION:
            codes = column.is_numeric and not column.overflow and len(column.values) <= _MOST_CODES
            is_way = meaning.id != "channel" and bool(other_ways(column))
            return meaning if (column.is_text or codes) and not is_way else None
        case Role.MEASURE:
            return _fitted_measure(meaning, column, header)
        case Role.KPI:
            return _fitted_kpi(meaning, column, header)
        case _:
            return meaning


def _fitted_period(meaning: Meaning, column: Column) -> Meaning | None:
    """A date; a clock alone is the time of an interval, and the name of a month needs a year beside it."""
    if column.share(Kind.CLOCK) > 0.5:
        return Meaning(Role.OTHER, "time")
    if column.is_date or column.is_numeric or (meaning.id == "month" and are_months(column.values)):
        return meaning
    return None


def _fitted_measure(meaning: Meaning, column: Column, header: Header) -> Meaning | None:
    if not column.is_numeric:
        return None
    is_count = meaning.id == BREACHES or MEASURES[meaning.id].kind is MeasureKind.COUNT
    if header.unit is CellUnit.PERCENT or column.kinds[Kind.PERCENT] or (is_count and _is_share(column)):
        share = _share_of(meaning.id)
        return Meaning(Role.KPI, share) if share else None
    averaged = _AVERAGE & set(header.words.split())
    if averaged and meaning.id not in _AVERAGES_KEPT:
        return Meaning(Role.KPI, PER_CONTACT[meaning.id]) if meaning.id in PER_CONTACT else None
    if is_count and (column.share(Kind.CLOCK) > 0.5 or header.unit in DURATION_UNITS):
        return None
    return meaning


def _is_share(column: Column) -> bool:
    """Fractions of one, none of them whole."""
    numbers = _plain_numbers(column)
    return bool(numbers) and all(0 <= number <= 1 for number in numbers) and any(number % 1 for number in numbers)


def _plain_numbers(column: Column) -> list[Decimal]:
    """The numbers, read with a point or with a comma, whichever reads more."""
    styles = (NumberStyle("."), NumberStyle(","))
    return max(([number for value in column.values if (number := style.read(value)) is not None] for style in styles), key=len)


def _share_of(measure: str) -> str:
    """The KPI a count becomes when it is given as a share: abandoned -> abandonment_rate."""
    found = (kpi.id for kpi in KPIS.values() if kpi.numerator == measure and kpi.unit is Unit.PERCENT and "." not in kpi.id)
    return next(found, "")


def _fitted_kpi(meaning: Meaning, column: Column, header: Header) -> Meaning | None:
    if not column.is_numeric:
        return None
    kpi = KPIS[meaning.id]
    is_clock = column.share(Kind.CLOCK) > 0.5 or header.unit in DURATION_UNITS
    if is_clock and kpi.unit not in (Unit.SECONDS, Unit.HOURS):
        return None
    if meaning.id in ("csat", "csat_mean"):
        return _satisfaction(column, header)
    if kpi.unit is Unit.PERCENT and header.unit is not CellUnit.PERCENT and _is_count_of(kpi, column):
        return Meaning(Role.MEASURE, kpi.numerator)
    return meaning


def _is_count_of(kpi: Kpi, column: Column) -> bool:
    """Whether a proportion's column holds the counts above its line: whole numbers, the usual one larger than any percentage."""
    numbers = _plain_numbers(column)
    is_counted = kpi.numerator in MEASURES and MEASURES[kpi.numerator].kind is MeasureKind.COUNT and not column.kinds[Kind.PERCENT]
    return is_counted and bool(numbers) and all(number % 1 == 0 for number in numbers) and median(numbers) > _LARGEST_PERCENTAGE


def _satisfaction(column: Column, header: Header) -> Meaning:
    """Ratings of 1 to 5 (or 10) are a mean; fractions and percentages are the share of satisfied answers."""
    numbers = _plain_numbers(column)
    ratings = [number for number in numbers if 1 <= number <= 10]
    is_mean = header.unit is not CellUnit.PERCENT and not column.kinds[Kind.PERCENT] and len(ratings) >= _SHARE_OF_VALUES * len(numbers)
    return Meaning(Role.KPI, "csat_mean" if is_mean and any(number > 1 for number in numbers) else "csat")


def _one_of(meaning: Meaning, mapped: Sequence[Mapped], findings: Findings) -> Mapped:
    """The column for a meaning that several columns claim."""
    best = max(entry.confidence for entry in mapped)
    sure = [entry for entry in mapped if entry.confidence == best]
    if len(sure) > 1 and meaning.role is Role.DIMENSION:
        return _one_name(meaning, sure, findings)
    if len(sure) > 1 and meaning.role in (Role.MEASURE, Role.KPI):
        choices = [Choice(entry.column.name, f"values: {', '.join(entry.column.values[:3])}") for entry in sure]
        answer = findings.ask(f"column.{meaning.id}", f"Several columns may hold {meaning.id}. Which one does?", choices)
        return next(entry for entry in sure if entry.column.name == answer)
    return sure[0]


def _one_name(meaning: Meaning, mapped: Sequence[Mapped], findings: Findings) -> Mapped:
    """Of a code and a name: the name where there are as many names as codes, else the one that changes less."""
    counts = {entry.column.name: len(entry.column.values) for entry in mapped}
    fewest = min(counts.values())
    steady = [entry for entry in mapped if counts[entry.column.name] == fewest]
    chosen = next((entry for entry in steady if "name" in entry.header.words), steady[0])
    others = ", ".join(f"{name} ({count} different)" for name, count in counts.items() if name != chosen.column.name)
    findings.note(chosen.column.name, f"Taken as {meaning.id} ({counts[chosen.column.name]} different); it could also be {others}.")
    return chosen


def _per_contact(chosen: Mapping[Meaning, Mapped], findings: Findings) -> dict[Meaning, Mapped]:
    """'Handle time' is a total or an average: held against the number of contacts."""
    found = dict(chosen)
    contacts = next(
        (found[Meaning(Role.MEASURE, id)] for id in ("contacts_handled", "contacts_offered") if Meaning(Role.MEASURE, id) in found), None
    )
    for measure, kpi in PER_CONTACT.items():
        entry = found.get(Meaning(Role.MEASURE, measure))
        average = Meaning(Role.KPI, kpi)
        if entry is None or contacts is None or average in found or entry.column.share(Kind.CLOCK) > 0.5:
            continue
        usual, each = _median(entry.column), _median(contacts.column)
        factor = {CellUnit.MINUTES: 60, CellUnit.HOURS: 3600}.get(entry.header.unit or CellUnit.SECONDS, 1)
        low, high = _PLAUSIBLE_AVERAGE
        if each and usual * factor / each < _PLAUSIBLE_EACH and low <= usual * factor <= high:
            findings.note(entry.column.name, f"Read as an average per contact: {usual:g} for {each:g} contacts is too little for a total.")
            del found[entry.meaning]
            found[average] = replace(entry, meaning=average, confidence=_UNSURE)
    return found


def _median(column: Column) -> float:
    return median([float(number) for number in _plain_numbers(column) if number > 0] or [0.0])


def _without_repeated(chosen: Mapping[Meaning, Mapped], findings: Findings) -> dict[Meaning, Mapped]:
    """Ratios whose counts are in the file say nothing new."""
    counts = {meaning.id: entry.column.name for meaning, entry in chosen.items() if meaning.role is Role.MEASURE}
    found = dict(chosen)
    for meaning, entry in chosen.items():
        if meaning.role is not Role.KPI:
            continue
        needed = KPIS[meaning.id].measures
        if set(needed) <= set(counts) or KPIS[meaning.id].numerator in counts:
            findings.note(entry.column.name, f"Left out: {_computed(KPIS[meaning.id], counts)}")
            del found[meaning]
    return found


def _computed(kpi: Kpi, counts: Mapping[str, str]) -> str:
    """'a share cannot be added up; abandonment rate is computed from Abandoned and Offered.'"""
    what = "a share" if kpi.unit is Unit.PERCENT else "an average"
    columns = " and ".join(dict.fromkeys(counts[id] for id in kpi.measures if id in counts))
    missing = " and ".join(MEASURES[id].label.lower() for id in kpi.measures if id not in counts)
    until = f", once there is a column of {missing} too" if missing else ""
    return f"{what} cannot be added up; {kpi.label.lower()} is computed from {columns}{until}."
