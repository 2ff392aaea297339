"""The proposal for files whose rows hold totals or ratios of a period: aggregates and scorecards with one KPI per column."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analytics.catalogue import DIMENSIONS, KPIS, MEASURES, MeasureKind, Unit
from analytics.errors import IntakeError
from analytics.intake.recipe import CellUnit, Shape
from analytics.intake.recognise.columns import Column, separator_evidence
from analytics.intake.recognise.corrections import named_threshold
from analytics.intake.recognise.date_values import DateFormat
from analytics.intake.recognise.draft import Draft, Value
from analytics.intake.recognise.findings import Findings
from analytics.intake.recognise.mapping import Mapped, note_ringing
from analytics.intake.recognise.money import settle_currency
from analytics.intake.recognise.number_values import NumberStyle, settle_numbers
from analytics.intake.recognise.patterns import Kind, kind_of
from analytics.intake.recognise.synonyms import Meaning
from analytics.intake.recognise.unit_values import settle_duration, settle_share
from analytics.intake.recognise.words import BREACHES, Role

_MOSTLY = 0.5
_COUNT_COLUMNS = "calls, contacts, offered or handled"


@dataclass(frozen=True, slots=True)
class Totals:
    """The mapped columns of such a file, and how its numbers are written."""

    mapped: Mapping[Meaning, Mapped]
    delimiter: str

    def of(self, role: Role) -> dict[str, Mapped]:
        """id -> column, of one role."""
        return {meaning.id: entry for meaning, entry in self.mapped.items() if meaning.role is role}

    @property
    def shape(self) -> Shape:
        """Aggregates as soon as one column counts something."""
        return Shape.AGGREGATES if self.of(Role.MEASURE) else Shape.SCORECARD


def check_has_counts(totals: Totals, period: DateFormat) -> None:
    """Ratios per day and site need the counts behind them: `IntakeError` where there are none."""
    finer = [name for name in totals.of(Role.DIMENSION) if name != "vendor"]
    if totals.shape is Shape.SCORECARD and period.grain == "day" and finer:
        ratios = ", ".join(entry.column.name for entry in totals.of(Role.KPI).values())
        raise IntakeError(
            f"No column says how many contacts there were ({_COUNT_COLUMNS}): {ratios} per day and {finer[0]} cannot be added up without.",
            "Add that column to the export, or load results of a whole month and vendor as a scorecard.",
        )


def is_added(name: str, column: Column) -> bool:
    """Whether a total of the file adds this measure up: contacts or times as clocks, not days, or people on an average day."""
    if name != BREACHES and MEASURES[name].is_duration:
        return column.share(Kind.CLOCK) > _MOSTLY
    return name == BREACHES or (MEASURES[name].kind is MeasureKind.COUNT and not name.endswith("_days"))


def settle_style(totals: Totals, findings: Findings) -> NumberStyle:
    """How all mapped numbers are written; beside counts, results in another style do not decide it."""
    measures = totals.of(Role.MEASURE)
    whole = [entry.column for name, entry in measures.items() if name == BREACHES or MEASURES[name].kind is MeasureKind.COUNT]
    counts = [entry.column for entry in measures.values()]
    try:
        return settle_numbers([*counts, *(entry.column for entry in totals.of(Role.KPI).values())], whole, totals.delimiter, findings)
    except IntakeError:
        if not counts:
            raise
        return settle_numbers(counts, whole, totals.delimiter, findings)


def _is_unreadable(entry: Mapped, shape: Shape, style: NumberStyle, findings: Findings) -> bool:
    """Whether a result beside counts is written in another style than they are, which is noted: then it is left out, not they."""
    column = entry.column
    numbers = [value for value in column.values if kind_of(value) in (Kind.NUMBER, Kind.PERCENT)]
    odd = next((value for value in numbers if style.read(value) is None), "")
    if shape is not Shape.AGGREGATES or not odd or any(style.read(value) is not None for value in numbers if "decimal" in _signs(value)):
        return False
    where = f"'{odd}' (line {column.lines[odd]})"
    findings.note(column.name, f"Left out: {where} is written in another style than the counts. Export both in one style to have it read.")
    return True


def _signs(value: str) -> str:
    """What the separators of a number say."""
    return " ".join(separator_evidence(value))


def write_totals(draft: Draft, totals: Totals, style: NumberStyle, findings: Findings, *, are_parts: bool) -> None:
    """Threshold, currency, measures and KPIs; of parts of a total a ratio without its weight cannot be kept."""
    measures = totals.of(Role.MEASURE)
    threshold = _threshold(totals, findings)
    if isinstance(threshold, int):
        draft.set("threshold_seconds", threshold, "named in the column names")
    elif threshold:
        draft.set("threshold_seconds", {"column": threshold})
    if any(name in MEASURES and MEASURES[name].is_money for name in measures):
        money = next(entry for name, entry in measures.items() if name in MEASURES and MEASURES[name].is_money)
        draft.set("currency", settle_currency(money.column, money.header, totals.of(Role.OTHER).get("currency"), findings))
    for name, entry in measures.items():
        _write_measure(draft, name, entry, totals, style, findings)
    for name, entry in totals.of(Role.KPI).items():
        if _is_unreadable(entry, totals.shape, style, findings):
            continue
        ratio = _ratio(name, entry, measures, totals.shape, style, findings)
        if totals.shape is Shape.SCORECARD or "weight" in ratio:
            draft.add("kpis", name, ratio, entry.reason)
            continue
        needed = " and ".join(MEASURES[term.measure].label for term in KPIS[name].denominator_terms) or "its counts"
        lost = "Not read, for parts cannot be added up without it" if are_parts else "Kept as reported, never in totals"
        findings.note(entry.column.name, f"{lost}: there is no column of {needed.lower()}. Add it to the export, and there are totals.")
        if not are_parts:
            draft.add("kpis", name, ratio, entry.reason)


def _threshold(totals: Totals, findings: Findings) -> int | str | None:
    """The seconds the column names tell, or the column that holds them."""
    if column := totals.of(Role.OTHER).get("threshold"):
        return column.column.name
    named = [totals.mapped[meaning] for meaning in totals.mapped if meaning.id in ("answered_within_threshold", "service_level")]
    for entry in named:
        if entry.header.within:
            return entry.header.within[1]
    if named and (given := named_threshold(findings)):
        return given
    if named and totals.shape is Shape.AGGREGATES:
        findings.note(
            named[0].column.name, "The file does not say within how many seconds; 20 s is assumed unless threshold_seconds says otherwise."
        )
    return None


def _write_measure(draft: Draft, name: str, entry: Mapped, totals: Totals, style: NumberStyle, findings: Findings) -> None:
    measures = totals.of(Role.MEASURE)
    if name == BREACHES:
        _write_breaches(draft, entry, measures, findings)
        return
    value: dict[str, Value] = {"column": entry.column.name}
    if name == "queue_seconds":
        note_ringing(entry, findings)
    if MEASURES[name].is_duration:
        value["unit"] = settle_duration(entry.column, name, entry.header, style, findings, _contacts(measures)).value
    elif MEASURES[name].is_money:
        value["unit"] = CellUnit.MONEY.value
    if name.endswith("_days") and "days" not in entry.header.words.split():
        value["times_days"] = True
    draft.add("measures", name, value, entry.reason)


def _contacts(measures: Mapping[str, Mapped]) -> Column | None:
    """The column of the contacts a total of seconds belongs to."""
    found = measures.get("contacts_handled") or measures.get("contacts_offered")
    return found.column if found else None


def _write_breaches(draft: Draft, entry: Mapped, measures: Mapping[str, Mapped], findings: Findings) -> None:
    """Those that missed their target, taken off all of them."""
    whole = measures.get("cases_resolved")
    if whole is None or "cases_resolved_in_target" in measures:
        findings.note(entry.column.name, "Not read: there is no column of all resolved cases to take it from.")
        return
    value: dict[str, Value] = {"column": whole.column.name, "minus": entry.column.name}
    draft.add("measures", "cases_resolved_in_target", value, f"{entry.reason}: all less those that missed their target")


def _ratio(
    name: str, entry: Mapped, measures: Mapping[str, Mapped], shape: Shape, style: NumberStyle, findings: Findings
) -> dict[str, Value]:
    kpi = KPIS[name]
    value: dict[str, Value] = {"column": entry.column.name}
    if kpi.unit is Unit.PERCENT:
        value["unit"] = settle_share(entry.column, name, entry.header, style, findings).value
    elif kpi.unit in (Unit.SECONDS, Unit.HOURS):
        value["unit"] = settle_duration(entry.column, name, entry.header, style, findings).value
    if shape is not Shape.AGGREGATES:
        return value
    below, above = kpi.denominator_terms, kpi.numerator_terms
    if len(below) == 1 and len(above) == 1 and below[0].measure in measures:
        value["weight"] = below[0].measure
    return value


def dimension_entries(totals: Totals) -> list[tuple[str, Mapped]]:
    """The dimensions in the catalogue's order."""
    found = totals.of(Role.DIMENSION)
    return [(name, found[name]) for name in DIMENSIONS if name in found]


def source_of(ids: Sequence[str]) -> str:
    """A short name for the kind of system that measures these things."""
    systems = (
        ("acd", ("contacts_", "answered_", "service_level", "average_", "abandonment", "queue_", "talk_", "handle_")),
        ("wfm", ("scheduled_", "adherent_", "paid_", "productive_", "schedule_adherence", "shrinkage", "committed_", "delivered_")),
        ("tickets", ("cases_", "resolution_seconds", "backlog", "mean_resolution", "resolved_in")),
        ("survey", ("csat", "nps")),
        ("crm", ("resolved_first", "resolution_opp", "first_contact")),
        ("quality", ("quality", "evaluations", "errors", "error_rate", "transactions", "critical")),
        ("hr", ("headcount", "leavers", "attrition", "esat", "absent")),
        ("invoice", ("cost",)),
        ("security", ("security",)),
    )
    score = {system: sum(id.startswith(starts) for id in ids) for system, starts in systems}
    return max(score, key=lambda system: score[system])
