"""The recipe proposed for a table: its shape first, then period, dimensions and what is measured."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from analytics.errors import IntakeError
from analytics.intake.originals import Original
from analytics.intake.problems import Choice, UnmappedError
from analytics.intake.recipe import DEFAULT_MISSING, Shape
from analytics.intake.recognise.columns import Column
from analytics.intake.recognise.contact_columns import Contacts, contact_parts, find_contacts
from analytics.intake.recognise.contacts import ContactWriter
from analytics.intake.recognise.corrections import Corrections
from analytics.intake.recognise.date_values import DateFormat, month_and_year, plain_number_format, settle_format, settle_grain
from analytics.intake.recognise.draft import Draft, Value
from analytics.intake.recognise.findings import Findings
from analytics.intake.recognise.headers import Header, read_headers
from analytics.intake.recognise.layout import Layout
from analytics.intake.recognise.lists import find_long_form, find_register, write_long_form, write_register
from analytics.intake.recognise.mapping import Mapped, map_columns, other_ways
from analytics.intake.recognise.names import ask_totals, refuse_disguised
from analytics.intake.recognise.number_values import NumberStyle
from analytics.intake.recognise.records import Dialect
from analytics.intake.recognise.repeats import ask_parts, repeated_keys, several_a_day
from analytics.intake.recognise.synonyms import Meaning, guesses
from analytics.intake.recognise.tables import Table
from analytics.intake.recognise.totals import (
    Totals,
    check_has_counts,
    dimension_entries,
    is_added,
    settle_style,
    source_of,
    write_totals,
)
from analytics.intake.recognise.totals_rows import POINT, Counts, settle_totals_rows
from analytics.intake.recognise.vendors import is_customer, vendor_columns
from analytics.intake.recognise.words import Role, own_words

_SHOWN = 12
_EXAMPLES = 3


@dataclass(slots=True)
class Proposal:
    """A draft, and what every column was taken for: name -> (meaning, reason, confidence)."""

    name: str = ""
    draft: Draft = field(default_factory=Draft)
    meanings: dict[str, tuple[str, str, float]] = field(default_factory=dict)

    def mean(self, entries: Sequence[Mapped]) -> None:
        """Remember what columns were taken for."""
        for entry in entries:
            self.meanings[entry.column.name] = (entry.id, entry.reason, entry.confidence)


def propose(proposal: Proposal, original: Original, table: Table, dialect: Dialect, name: str, findings: Findings) -> None:
    """The recipe of a table; no date or nothing that is measured: `IntakeError`."""
    columns = [column for column in table.columns if column.name]
    headers = read_headers([column.name for column in columns])
    proposal.name = name
    register, fields = find_register(columns, headers)
    if register:
        _start(proposal.draft, Shape.REGISTER, "register", table.layout, dialect, columns, findings)
        write_register(proposal.draft, register, fields, findings)
        _leave_out(proposal.draft, settle_totals_rows(original, dialect, table, Counts(), findings), "totals of the other rows")
        proposal.meanings |= {column.name: (id, f"field of {register}", 1.0) for id, column in fields.items()}
        return
    corrections = Corrections(findings.answers, columns)
    mapped = map_columns(columns, headers, findings, corrections)
    contacts = find_contacts(columns, headers, mapped, table.rows, corrections)
    writer = _Measured(original, proposal, table, columns, headers, mapped, contacts, dialect, findings)
    if table.layout.across:
        if not writer.long:
            raise table.layout.across.refused(table.layout.header_line)
        findings.note(columns[-1].name, table.layout.across.words)
        proposal.draft.add(
            "rows", "months_across", columns[-1].name, "a column per month: each becomes a row, and this is what its cell is called"
        )
    try:
        writer.write()
    except UnmappedError:
        parts, seconds = contact_parts(columns, headers, corrections)
        proposal.mean([*parts.values(), *seconds.values(), *mapped.values()])
        raise
    _note_unread(proposal, columns, findings)


def _start(
    draft: Draft, shape: Shape, source: str, layout: Layout, dialect: Dialect, columns: Sequence[Column], findings: Findings
) -> None:
    """The lines every recipe has: shape, source, and how the text is written where that cannot be seen again."""
    draft.set("shape", shape.value)
    if shape is not Shape.REGISTER:
        draft.set("source", source, "where the numbers come from: a correction replaces rows of its own source")
    if dialect.encoding not in ("utf-8", "utf-8-sig", "utf-16"):
        draft.set("encoding", dialect.encoding)
    if "delimiter" in findings.asked:
        draft.set("delimiter", dialect.delimiter)
    if dialect.quote != '"':
        draft.set("quote", dialect.quote)
    if layout.header_line != dialect.first_line:
        draft.set("header_row", layout.header_line)
    more = list(dict.fromkeys(word for column in columns for word in column.missing_words))
    if more:
        draft.set("missing", [*(word for word in DEFAULT_MISSING if word), *more], "texts that mean: no value")


def _leave_out(draft: Draft, rules: list[Value], why: str) -> None:
    """The rules of `exclude`, where there are any."""
    if rules:
        draft.add("rows", "exclude", rules, why)


class _Measured:
    """Writes the recipe of a file with a period, a vendor and numbers."""

    def __init__(
        self, original: Original, proposal: Proposal, table: Table, columns: Sequence[Column], headers: Sequence[Header],
        mapped: Mapping[Meaning, Mapped], contacts: Contacts | None, dialect: Dialect, findings: Findings,
    ) -> None:  # fmt: skip
        self.original = original
        self.proposal, self.draft, self.table, self.findings = proposal, proposal.draft, table, findings
        self.columns, self.headers, self.dialect = columns, headers, dialect
        self.mapped = dict(mapped)
        self.totals = Totals(self.mapped, dialect.delimiter)
        self.contacts = contacts
        self.long = {} if self.contacts else find_long_form(columns, headers)

    def write(self) -> None:
        """All of it."""
        if self.long:
            used = {column.name for column in self.long.values()}
            self._forget(used)
        elif self.contacts:
            self._forget({entry.column.name for entry in (*self.contacts.parts.values(), *self.contacts.seconds.values())})
        elif not (self.totals.of(Role.MEASURE) or self.totals.of(Role.KPI)):
            names = ", ".join(column.name for column in self.columns)
            raise UnmappedError(f"No column is known to measure anything: {names}.", "Say what the columns mean, or write a recipe.")
        dimensions = dimension_entries(self.totals)
        if self.contacts:
            dimensions = [(name, entry) for name, entry in dimensions if name != "vendor" or not is_customer(entry.header)]
        for _, entry in dimensions:
            refuse_disguised(entry.column)
        period, found = self._period()
        if self.contacts:
            self._write_contacts(period, found, dimensions)
        elif self.long:
            self._write_long(period, found, dimensions)
        else:
            self._write_totals(period, found, dimensions)

    def _forget(self, names: set[str]) -> None:
        """Columns with another meaning in this shape."""
        kept = {meaning: entry for meaning, entry in self.mapped.items() if entry.column.name not in names}
        self.mapped.clear()
        self.mapped.update(kept)

    # --- period

    def _period(self) -> tuple[Sequence[Column], DateFormat]:
        """The columns of the period and how it is read."""
        named = self.totals.of(Role.PERIOD) | self.totals.of(Role.OTHER)
        if "year" in named and "month" in named and not self.contacts:
            month, year = named["month"], named["year"]
            if found := month_and_year(month.column, year.column):
                self.proposal.mean([month, year])
                return [month.column, year.column], found
        entry = self._opened() or self._named_period() or self._only_date()
        if entry is None:
            raise self._no_date()
        self.proposal.mean([entry])
        column = entry.column
        if column.is_date:
            dates = [other for other in self.columns if other is not column and other.is_date]
            found = settle_format(column, dates, self.findings)
            return [column], found if self.contacts else settle_grain(column, found, entry.header.words, self.findings)
        plain = plain_number_format(column, self.findings)
        if plain is None:
            example = ", ".join(column.values[:3])
            raise IntakeError(
                f"{column.name} holds no dates that can be read: {example}.", 'Export them in one form, best as "2026-03-02".'
            )
        return [column], plain

    def _no_date(self) -> UnmappedError:
        """A column that is named like a date is shown with its cells; else all columns are."""
        periods = set(own_words()[Role.PERIOD])
        named = [
            column for column, header in zip(self.columns, self.headers, strict=True)
            if column.size and any(guess.meaning.id in periods for guess in guesses(header, (Role.PERIOD,)))
        ]  # fmt: skip
        if not named:
            names = ", ".join(column.name for column in self.columns)
            return UnmappedError(f"No column holds the date of the rows: {names}.", "Say which one does, or add the date to the export.")
        column = named[0]
        examples = ", ".join(f"'{value}'" for value in column.values[:_EXAMPLES])
        return UnmappedError(
            f"No column holds the date of the rows: {column.name} is named like one, but its cells are no known dates: {examples}.",
            'Write a recipe with the format of these dates, or export them as "2026-03-02".',
        )

    def _opened(self) -> Mapped | None:
        return self.contacts.parts.get("opened") if self.contacts else None

    def _named_period(self) -> Mapped | None:
        named = self.totals.of(Role.PERIOD)
        entries = [named[name] for name in ("date", "week", "month", "quarter") if name in named]
        return next((entry for entry in entries if entry.column.is_date), entries[0] if entries else None)

    def _only_date(self) -> Mapped | None:
        dated = [(column, header) for column, header in zip(self.columns, self.headers, strict=True) if column.is_date]
        if not dated:
            return None
        column, header = dated[0]
        self.findings.note(column.name, "Taken as the date of the rows: it is the first column of dates.")
        return Mapped(column, header, Meaning(Role.PERIOD, "date"), "the first column of dates", 0.6)

    def _write_period(self, columns: Sequence[Column], found: DateFormat) -> None:
        names = [column.name for column in columns]
        value: dict[str, Value] = {"column": names if len(names) > 1 else names[0], "grain": found.grain, "format": found.written}
        if found.any_day:
            value["any_day"] = True
        if found.zones[0]:
            value |= {"from_zone": found.zones[0], "to_zone": found.zones[1]}
        self.draft.add("dimensions", "period_start", value)

    # --- dimensions

    def _write_dimensions(self, dimensions: Sequence[tuple[str, Mapped]]) -> None:
        named = dict(dimensions)
        if "vendor" not in named:
            self._ask_vendor(named)
        for name, entry in dimensions:
            self.draft.add("dimensions", name, {"column": entry.column.name}, entry.reason)
            self.proposal.mean([entry])

    def _ask_vendor(self, named: Mapping[str, Mapped]) -> None:
        """A file of one vendor rarely names it."""
        taken = [entry for name, entry in named.items() if name != "lob" or not self.contacts]  # a campaign may name the vendor too
        used = {entry.column.name for entry in (*taken, *(self.contacts.parts.values() if self.contacts else ()))}
        pairs = [(column, header) for column, header in zip(self.columns, self.headers, strict=True) if column.name not in used]
        offered, possible = vendor_columns(pairs)
        choices = [Choice(f"column:{column.name}", f"the vendors are {', '.join(column.values[:3])}") for column in offered]
        shown = self.proposal.name
        constant = Choice(shown, f"every row belongs to the vendor '{shown}'; any other name may be given")
        answer = self.findings.ask("vendor", "No column names the vendor. Whose numbers are these?", [constant, *choices])
        column = answer.removeprefix("column:")
        is_column = answer.startswith("column:") and column in possible
        self.draft.add("dimensions", "vendor", {"column": column} if is_column else {"constant": answer})

    def _totals_rows(self, style: NumberStyle | None = None) -> list[Value]:
        """The rules that leave rows of totals out; what they count is held against the other rows where its style is known."""
        counted = [entry.column for name, entry in self.totals.of(Role.MEASURE).items() if is_added(name, entry.column)] if style else []
        return settle_totals_rows(self.original, self.dialect, self.table, Counts(counted, style or POINT), self.findings)

    def _write_exclusions(self, dimensions: Sequence[tuple[str, Mapped]], style: NumberStyle) -> None:
        rules = self._totals_rows(style)
        named = ask_totals(self.table, [entry.column for _, entry in dimensions], self.findings)
        rules += [{"column": name, "equals": values} for name, values in named]
        _leave_out(self.draft, rules, "totals of the other rows")

    # --- the three shapes

    def _write_totals(self, period: Sequence[Column], found: DateFormat, dimensions: Sequence[tuple[str, Mapped]]) -> None:
        check_has_counts(self.totals, found)
        ids = [meaning.id for meaning in self.mapped if meaning.role in (Role.MEASURE, Role.KPI)]
        shape = self.totals.shape
        source = source_of(ids) if shape is Shape.AGGREGATES else "scorecard"
        _start(self.draft, shape, source, self.table.layout, self.dialect, self.columns, self.findings)
        style = settle_style(self.totals, self.findings)
        if style.decimal != ".":
            self.draft.set("decimal", style.decimal)
        if style.thousands:
            self.draft.set("thousands", style.thousands)
        self._write_exclusions(dimensions, style)
        if summed := self._parts_of_totals(period, found, dimensions):
            self.draft.add("rows", "duplicates", "sum", summed)
        self._write_period(period, found)
        self._write_dimensions(dimensions)
        write_totals(self.draft, self.totals, style, self.findings, are_parts=bool(summed))
        self.proposal.mean([entry for meaning, entry in self.mapped.items() if meaning.role not in (Role.PERIOD, Role.DIMENSION)])

    def _parts_of_totals(self, period: Sequence[Column], found: DateFormat, dimensions: Sequence[tuple[str, Mapped]]) -> str:
        """Why rows of one key are added up, '' where every key has one row."""
        time = self.totals.of(Role.OTHER).get("time")
        keys = [*period, *([time.column] if time else []), *(entry.column for _, entry in dimensions)]
        numbers = [entry.column for meaning, entry in self.mapped.items() if meaning.role in (Role.MEASURE, Role.KPI)]
        key = ("repeated", self.dialect, self.table.layout, *(column.name for column in (*keys, *numbers)))
        told_apart = self.findings.memory.once(key, lambda: repeated_keys(self.original, self.dialect, self.table, keys, numbers))
        if self.totals.shape is not Shape.AGGREGATES or not told_apart:
            is_interval = time is not None or (found.has_clock and several_a_day(period[0], found))
            return "intervals of a day are parts of one total" if is_interval and self.totals.shape is Shape.AGGREGATES else ""
        return ask_parts(told_apart, self.findings)

    def _write_contacts(self, period: Sequence[Column], found: DateFormat, dimensions: Sequence[tuple[str, Mapped]]) -> None:
        assert self.contacts is not None
        writer = ContactWriter(self.draft, self.contacts, self.findings, self.dialect.delimiter)
        source = "tickets" if self.contacts.are_cases else "acd" if self.contacts.seconds or "outcome" in self.contacts.parts else "survey"
        _start(self.draft, writer.shape, source, self.table.layout, self.dialect, self.columns, self.findings)
        if writer.style.decimal != ".":
            self.draft.set("decimal", writer.style.decimal)
        if writer.style.thousands:
            self.draft.set("thousands", writer.style.thousands)
        totals, directions = self._totals_rows(), self._directions()
        reasons = ("totals of the other rows" if totals else "", "not offered by anybody who called" if directions else "")
        _leave_out(self.draft, [*totals, *directions], "; ".join(filter(None, reasons)))
        self._write_period(period, found)
        self._write_dimensions(dimensions)
        writer.write()
        self.proposal.mean([*self.contacts.parts.values(), *self.contacts.seconds.values()])

    def _directions(self) -> list[Value]:
        """Calls that were made, not received, are no contacts offered: asked where a column tells them apart."""
        for column in self.columns:
            ways = other_ways(column)
            if not ways:
                continue
            shown = ", ".join(ways)
            inbound = ", ".join(value for value in column.values if value not in ways)
            choices = [
                Choice("exclude", f"rows with {shown} are left out, {inbound} counted"),
                Choice("keep", f"rows with {shown} count as offered, like {inbound}"),
            ]
            if self.findings.ask("direction", f"{column.name} tells {shown} from {inbound}. Are these rows counted?", choices) == "exclude":
                return [{"column": column.name, "equals": list(ways)}]
            return []
        return []

    def _write_long(self, period: Sequence[Column], found: DateFormat, dimensions: Sequence[tuple[str, Mapped]]) -> None:
        _start(self.draft, Shape.SCORECARD, "scorecard", self.table.layout, self.dialect, self.columns, self.findings)
        write_long_form(self.draft, self.long, self.dialect.delimiter, self.findings)
        _leave_out(self.draft, self._totals_rows(), "totals of the other rows")
        self._write_period(period, found)
        self._write_dimensions(dimensions)
        self.proposal.meanings |= {column.name: (id, "one KPI per row", 0.9) for id, column in self.long.items()}


def _note_unread(proposal: Proposal, columns: Sequence[Column], findings: Findings) -> None:
    """Columns without a meaning are left out, and said where nothing else was said of them."""
    known = {*proposal.meanings, *(note.about for note in findings.notes)}
    unread = [column.name for column in columns if column.size and column.name not in known]
    if unread:
        more = f" and {len(unread) - _SHOWN} more" if len(unread) > _SHOWN else ""
        findings.note("columns", f"Not read, no known meaning: {', '.join(unread[:_SHOWN])}{more}.")
